"""What a character model has learnt: cells that track something with a name, words that exist, what is copied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from lstm_lib import convert
from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.scratch.watch import watch

Array = NDArray[Any]
WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")


def cells(model: LanguageModel, ids: Array) -> Array:
    """Return the cell states after each symbol of a text (N,), read from a state of zero: (N, H), in float32.

    Raises:
        ValueError: the model has more than one layer.
    """
    if len(model.stack.layers) != 1:
        raise ValueError(f"model must have one layer, got {len(model.stack.layers)}")
    layer = model.stack.layers[0]
    assert isinstance(layer, nn.Module)
    embedded = model.table.weight.detach()[torch.from_numpy(ids)].numpy()
    answer: Array = watch(embedded, convert.from_torch(layer).params)["c"].astype(np.float32)
    return answer


def line_of(text: str) -> Array:
    """Return the number of the line in which each character stands; a line break still belongs to its line."""
    breaks = np.array([character == "\n" for character in text])
    answer: Array = breaks.cumsum() - breaks
    return answer


def features(text: str) -> dict[str, Array]:
    """Return things that a reader of plays could keep in mind after each character: name -> (N,) numbers.

    "name": 1 inside a line that is written in capitals alone, as the names of speakers are; its line break is not.
    "line": how many characters have come since the line began. "word": how many letters since the word began.
    "sentence": how many characters since the last . ? or !. "capital": 1 after a capital letter.
    "after a name": 1 in the first line of a speech.
    """
    lines = text.split("\n")
    number = line_of(text)
    breaks = np.array([c == "\n" for c in text])
    speaker = np.array([bool(re.fullmatch(r"[A-Z][A-Z .]+", line)) for line in lines])
    after = np.r_[False, speaker[:-1]]
    return {
        "name": (speaker[number] & ~breaks).astype(float),
        "line": _since(breaks),
        "word": _since(np.array([not (c.isalpha() or c == "'") for c in text])),
        "sentence": _since(np.array([c in ".?!" for c in text])),
        "capital": np.array([c.isupper() for c in text], dtype=float),
        "after a name": after[number].astype(float),
    }


def _since(marks: Array) -> Array:
    """Return how many places have passed since the last mark (N,), or since the beginning."""
    places = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, places, -1))
    answer: Array = (places - last).astype(float)
    return answer


def correlations(values: ArrayLike, feature: ArrayLike) -> Array:
    """Return the correlation of each column of values (N, H) with a feature (N,): (H,). Of a constant it is 0.

    Raises:
        ValueError: the shapes do not fit.
    """
    v, f = np.asarray(values, dtype=float), np.asarray(feature, dtype=float)
    if v.ndim != 2 or f.shape != v.shape[:1]:
        raise ValueError(f"values must be (N, H) and feature (N,), got shapes {v.shape} and {f.shape}")
    v, f = v - v.mean(axis=0), f - f.mean()
    size = np.sqrt((v**2).sum(axis=0) * (f**2).sum())
    answer: Array = np.divide(v.T @ f, size, out=np.zeros(v.shape[1]), where=size > 0)
    return answer


class Found(NamedTuple):
    """The cell that follows a feature best, and how well."""

    unit: int
    correlation: float


def best_cells(values: Array, features_of_text: Mapping[str, Array]) -> dict[str, Found]:
    """Return for each feature the cell with the largest correlation, above or below zero."""
    answer = {}
    for name, feature in features_of_text.items():
        r = correlations(values, feature)
        unit = int(np.abs(r).argmax())
        answer[name] = Found(unit, float(r[unit]))
    return answer


def words(text: str) -> list[str]:
    """Return the words of a text in small letters. An apostrophe inside belongs to a word."""
    return [word.lower() for word in WORD.findall(text)]


def whole_words(text: str) -> list[str]:
    """Return the words of a piece of a text but the first and the last, which may be cut."""
    return words(text)[1:-1]


def part_known(found: list[str], known: set[str]) -> float:
    """Return the part of the words that are among those known.

    Raises:
        ValueError: there is no word.
    """
    if not found:
        raise ValueError("found must hold at least one word, got none")
    return sum(word in known for word in found) / len(found)


def longest_copy(text: str, source: str) -> str:
    """Return the longest piece of a text that stands in the source, too; of several the first."""
    best = ""
    start, end = 0, 1
    while end <= len(text):
        if text[start:end] in source:
            if end - start > len(best):
                best = text[start:end]
            end += 1
        else:
            start += 1
            end = max(end, start + len(best) + 1)
    return best


def loop_length(text: str, longest: int = 400) -> int | None:
    """Return the period with which the end of a text repeats itself, at least twice; None if it does not."""
    for period in range(1, min(longest, len(text) // 2) + 1):
        if text[-period:] == text[-2 * period : -period]:
            return period
    return None


#: Kinds of characters, by what they are and where they stand.
KINDS = (
    "first letter of a word", "second letter", "later letter", "letter of a speaker's name", "space",
    "line break", "punctuation",
)  # fmt: skip


def kinds(text: str) -> Array:
    """Return the number in ``KINDS`` of each character of a text, (N,)."""
    at = {kind: k for k, kind in enumerate(KINDS)}
    place = features(text)["word"]
    name = features(text)["name"].astype(bool)
    answer = np.full(len(text), at["punctuation"])
    for n, (character, letter) in enumerate(zip(text, place, strict=True)):
        if character == "\n":
            answer[n] = at["line break"]
        elif character == " ":
            answer[n] = at["space"]
        elif letter > 0:
            answer[n] = min(int(letter), 3) - 1
    answer[name & np.array([c.isalpha() for c in text])] = at["letter of a speaker's name"]
    return answer


def changes(values: ArrayLike) -> int:
    """Return how often a sequence changes its value."""
    return sum(a != b for a, b in pairwise(np.asarray(values).tolist()))
