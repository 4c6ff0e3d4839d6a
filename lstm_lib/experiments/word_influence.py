"""Which words moved a classifier: attention, and what happens when a word is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from lstm_lib.datasets.review_words import WordVocabulary, tokens
from lstm_lib.experiments.sentiment import probabilities
from lstm_lib.nn.classifier import Classifier

Array = NDArray[Any]


def looks(model: Classifier, row: Array) -> Array:
    """Return how much attention each word of a sentence gets, (T,), adding up to 1."""
    training = model.training
    model.eval()
    with torch.no_grad():
        found: Array = model.read(torch.from_numpy(row)[:, None]).looks[0].numpy()
    model.train(training)
    return found


def log_odds(p: Array) -> Array:
    """Return log p / (1 - p) of the class 1 from probabilities (N, 2).

    Raises:
        ValueError: p is not (N, 2).
    """
    if p.ndim != 2 or p.shape[1] != 2:
        raise ValueError(f"p must be (N, 2), a probability for each of two classes, got shape {p.shape}")
    clipped = np.clip(p[:, 1].astype(float), 1e-6, 1 - 1e-6)
    odds: Array = np.log(clipped) - np.log1p(-clipped)
    return odds


def left_out(ask: Callable[[Sequence[Array]], Array], row: Array) -> Array:
    """Return, for each word, how much the log-odds of class 1 fall when that word is left out, (T,).

    A positive number: the word spoke for class 1. In a sentence of one word, an unknown word takes its place. Source of
    the idea: Li, Monroe and Jurafsky (2016), "Understanding neural networks through representation erasure".

    Args:
        ask: rows -> probabilities (N, 2).
        row: (T,), a sentence as numbers.

    Raises:
        ValueError: there is no word.
    """
    if not len(row):
        raise ValueError("row must hold at least one word, got none")
    if len(row) > 1:
        without = [np.delete(row, t) for t in range(len(row))]
    else:
        without = [np.ones(1, dtype=np.int64)]
    odds = log_odds(ask([row, *without]))
    change: Array = odds[0] - odds[1:]
    return change


class Reading(NamedTuple):
    """What a network makes of a text.

    words: T of them. known: (T,), false where a word is unknown. fresh: the probability of class 1. change: (T,), how
    much each word raises the log-odds of class 1. looks: (T,), the attention.
    """

    words: list[str]
    known: Array
    fresh: float
    change: Array
    looks: Array


def read_review(model: Classifier, vocabulary: WordVocabulary, text: str, most: int = 50) -> Reading:
    """Read a text that somebody has typed.

    Args:
        model: of two classes.
        vocabulary: its words.
        text: with at least one word that the vocabulary has.
        most: so many words and marks at the most.

    Raises:
        TypeError: text is no str.
        ValueError: the text is empty, has no known word, or is too long; the message says it to a learner.
    """
    words = tokens(text)
    if not any(word[-1].isalnum() for word in words):
        raise ValueError("there is no word to read: type a sentence about a film")
    if len(words) > most:
        raise ValueError(
            f"the text has {len(words)} words and marks, and at most {most} can be read: the network was trained on "
            "single sentences"
        )
    row = vocabulary.encode(words)
    known = row != 1
    if not any(k and word[-1].isalnum() for k, word in zip(known, words, strict=True)):
        raise ValueError(
            "the network knows none of these words: it never met them in training, so any answer would be a guess"
        )

    def ask(rows: Sequence[Array]) -> Array:
        return probabilities(model, rows)

    return Reading(words, known, float(ask([row])[0, 1]), left_out(ask, row), looks(model, row))
