"""The baselines that a sceptic brings: linear models on counts of words and of pairs of words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline

from lstm_lib.datasets.review_words import tokens
from lstm_lib.experiments.sentiment import check_two_classes

Array = NDArray[Any]
#: C of the logistic regressions: the inverse of the pull of the weights towards 0, chosen by cross-validation over the
#: films of the training part.
TFIDF_C, WEIGHTED_C = 32.0, 0.3


class NaiveBayesWeights(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Turn counts of words into: there (1) or not (0), times how much more often in class 1 than in class 0.

    The weight of a word is log (p / |p|) / (q / |q|), where p is 1 + the number of texts of class 1 that have it, q
    the same of class 0. Source: Wang and Manning (2012), "Baselines and bigrams", section 2.

    Attributes:
        weights_: (V,).
    """

    def fit(self, counts: Any, labels: Array) -> NaiveBayesWeights:
        """Take the weights from counts (N, V), sparse, and labels (N,) of 0 and 1.

        Raises:
            ValueError: a class has no text, or there is a third.
        """
        y = np.asarray(labels)
        check_two_classes(y)
        if not np.isin(y, (0, 1)).all():
            raise ValueError(f"labels must be 0 or 1, got {np.unique(y).tolist()}")
        there = (counts > 0).astype(float)
        p, q = (1 + np.asarray(there[y == c].sum(axis=0)).ravel() for c in (1, 0))
        self.weights_ = np.log(p / p.sum()) - np.log(q / q.sum())
        return self

    def transform(self, counts: Any) -> Any:
        """Return the weighted features (N, V), sparse."""
        return (counts > 0).astype(float).multiply(self.weights_).tocsr()


def words_and_pairs(kind: type, longest: int = 2, **options: Any) -> Any:
    """Return a vectorizer of scikit-learn that counts n-grams of our words, from 1 to ``longest`` of them."""
    return kind(tokenizer=tokens, lowercase=False, token_pattern=None, ngram_range=(1, longest), **options)


def tfidf_model(longest: int = 2, *, balanced: bool = False) -> Pipeline:
    """Return TF-IDF of words and pairs, and a logistic regression; to be fitted on texts and labels.

    With ``balanced``, an error on a text counts the more, the rarer its class is, so that all classes count the same.
    """
    return make_pipeline(
        words_and_pairs(TfidfVectorizer, longest, sublinear_tf=True),
        LogisticRegression(C=TFIDF_C, max_iter=2000, class_weight="balanced" if balanced else None),
    )


def naive_bayes() -> Pipeline:
    """Return multinomial naive Bayes on counts of words and pairs; to be fitted on texts and labels."""
    return make_pipeline(words_and_pairs(CountVectorizer), MultinomialNB())


def weighted_model() -> Pipeline:
    """Return a logistic regression on words and pairs with naive Bayes weights; to be fitted on texts and labels."""
    return make_pipeline(
        words_and_pairs(CountVectorizer), NaiveBayesWeights(), LogisticRegression(C=WEIGHTED_C, max_iter=2000)
    )
