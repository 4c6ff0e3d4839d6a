"""An LSTM and counts of n-grams on the sentences of ``datasets.contrast``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from lstm_lib.datasets.contrast import BAD, GAP, GOOD, KINDS, Sentence, twins
from lstm_lib.datasets.task import whole_number
from lstm_lib.experiments.sentiment import CONTRAST, Corpus, corpus, learn, probabilities
from lstm_lib.nn.classifier import Classifier

PAIRS, HELD_OUT = 3000, 500  # twins to learn from, and in the validation and in the test part
#: Where few adjectives are negated: "turned" needs two of one list, and would come in with the second.
ONE_NEGATION = tuple(kind for kind in KINDS if kind != "turned")


def contrast_corpus(seed: int, negated: int = len(GOOD), kinds: Sequence[str] = KINDS) -> Corpus:
    """Return twins in three parts.

    Args:
        seed: of all that is drawn.
        negated: so many adjectives of each list ever stand after "not" in the training and validation parts; the test
            part negates all.
        kinds: of sentences, all equally frequent in each part.

    Raises:
        TypeError, ValueError: negated is no whole number from 1 to the length of the lists, or seed none from 0 on.
    """
    whole_number("seed", seed, 0)
    if whole_number("negated", negated, 1) > len(GOOD):
        raise ValueError(f"negated must be from 1 to {len(GOOD)} adjectives of each list, got {negated}")
    rng, never = np.random.default_rng(seed), GOOD[negated:] + BAD[negated:]
    parts = {
        "train": twins(PAIRS, rng, kinds, never_negated=never),
        "validation": twins(HELD_OUT, rng, kinds, never_negated=never),
        "test": twins(HELD_OUT, rng, kinds),
    }
    return corpus(
        {name: [s.words for s in part] for name, part in parts.items()},
        {name: [s.label for s in part] for name, part in parts.items()},
    )


def learn_contrast(
    seed: int,
    negated: int = len(GOOD),
    *,
    kinds: Sequence[str] = KINDS,
    chrono: bool = True,
    progress: str | None = None,
) -> tuple[Classifier, Corpus]:
    """Train a small LSTM on ``contrast_corpus``; return it with the corpus.

    Args:
        seed: of the sentences, of the weights and of the order.
        negated, kinds: see ``contrast_corpus``.
        chrono: begin with the chrono biases of lesson 06; False begins with a forget bias of 1.
        progress: the text beside the progress bar; None shows no bar.
    """
    data, settings = (
        contrast_corpus(seed, negated, kinds),
        CONTRAST if chrono else replace(CONTRAST, longest=0),
    )
    return learn(data, settings, seed, progress=progress)[0], data


def part_right(model: Classifier, data: Corpus, sentences: Sequence[Sentence]) -> float:
    """Return the part of the sentences that a model answers rightly."""
    p = probabilities(model, [data.vocabulary.encode(s.words) for s in sentences])
    return float((p.argmax(axis=1) == [s.label for s in sentences]).mean())


def hard_sentences(
    kind: str, *, negated: int = len(GOOD), gap: tuple[int, int] = GAP, pairs: int = 300
) -> list[Sentence]:
    """Return fresh twins of one kind, always the same ones; with ``negated`` below 8, about the adjectives that were
    never negated in training; with another ``gap``, of another length.

    Raises:
        ValueError: the kind is unknown.
    """
    never = GOOD[negated:] + BAD[negated:]
    return twins(pairs, np.random.default_rng(1414), (kind,), only_negated=never, gap=gap)


def ngram_scores(data: Corpus, longest: int) -> tuple[float, float]:
    """Return the part right on the training and on the test part of a logistic regression on counts of n-grams.

    Args:
        data: of ``contrast_corpus``.
        longest: n-grams of 1 to so many words.

    Raises:
        TypeError, ValueError: longest is no whole number above zero.
    """
    whole_number("longest", longest, 1)
    model = make_pipeline(
        CountVectorizer(analyzer=lambda words: ngrams(words, longest)), LogisticRegression(max_iter=500)
    )
    model.fit(data.sentences["train"], data.labels["train"])
    train, test = (float(model.score(data.sentences[part], data.labels[part])) for part in ("train", "test"))
    return train, test


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """Return all runs of 1 to ``longest`` words, each joined by spaces."""
    return [" ".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)]


def by_kind(model: Classifier, data: Corpus) -> dict[str, float]:
    """Return the part right on fresh sentences of each kind."""
    return {kind: part_right(model, data, hard_sentences(kind)) for kind in KINDS}
