"""*Hamlet* without spaces: where does a word end? A tagging task whose answer often lies ahead.

The lines of the play are written in small letters with nothing between them, "tobeornottobethatisthequestion". For
every letter one has to say whether a word ends with it. Readers of Chinese and Japanese, which are written without
spaces, do this all the time. The play keeps its order and its split. One heading, "SCENE II. A hall in the castle.",
stands both in the training part and in the validation part; no line of the test part is learnt from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.datasets.source import Card

Array = NDArray[Any]
Line = tuple[str, ...]  # the words of a line

#: The symbol that stands after the end of a line; the letters a to z are 0 to 25.
END = 26
SYMBOLS = 27
#: Lines with fewer or more letters are left out: headings, names, cries; and what is no line but a paragraph.
SHORTEST, LONGEST = 20, 60


class Letters(NamedTuple):
    """Lines side by side. Those that are shorter than the longest are followed by padding.

    Attributes:
        x: (T, B) letters in int64, 0 to 25; ``END`` after the end of a line.
        lengths: (B,), the letters of each line.
        target: (T, B) in int64: 1 where a word ends, 0 where none does; -1, not asked, in the padding and at the last
            letter of a line, where a word always ends.
    """

    x: Array
    lengths: Array
    target: Array


class Score(NamedTuple):
    """How well words were found.

    Attributes:
        error: the part of the letters that are asked for whose tag is wrong.
        f1: of the words: the harmonic mean of precision (the part of the words found that stand there) and recall (the
            part of those that stand there that were found). A word is found if both its ends are, and none between.
        whole: the part of the lines without any mistake.
    """

    error: float
    f1: float
    whole: float


@dataclass(frozen=True, repr=False)
class Segmentation:
    """The lines of *Hamlet* with 20 to 60 letters, in the order of the play, each a tuple of its words.

    train: 2,941 lines. validation: 141. test: 325. card: of the text.
    """

    train: tuple[Line, ...]
    validation: tuple[Line, ...]
    test: tuple[Line, ...]
    card: Card

    def __repr__(self) -> str:  # the generated one would print the play
        sizes = f"train={len(self.train):,}, validation={len(self.validation):,}, test={len(self.test):,}"
        return f"Segmentation({sizes} lines)"


def words_of(line: str) -> Line:
    """Return the words of a line: runs of letters from a to z, made small. An apostrophe joins: "o'er" is "oer".

    The curly apostrophe (U+2019) joins, too. The line is brought to the Unicode form NFC first; a letter beyond a to z
    ends a run.

    Raises:
        TypeError: the line is no str.
    """
    if not isinstance(line, str):
        raise TypeError(f"line must be a str, got {type(line).__name__}")
    composed = unicodedata.normalize(
        "NFC", line
    )  # an accent written after its letter would leave a bare letter
    return tuple(re.findall("[a-z]+", re.sub("['\u2019]", "", composed.lower())))


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a text that have 20 to 60 letters, as words."""
    lines = (words_of(line) for line in text.split("\n"))
    return tuple(words for words in lines if SHORTEST <= len("".join(words)) <= LONGEST)


def load_segmentation() -> Segmentation:
    """Return the lines of *Hamlet* in the split of ``load_hamlet``.

    Raises:
        DataError: the text is not there and cannot be fetched; it says what to do.
    """
    play = load_hamlet()
    return Segmentation(lines_of(play.train), lines_of(play.validation), lines_of(play.test), play.card)


def encode(letters: str) -> Array:
    """Return the symbols (T,) of letters from a to z.

    Raises:
        TypeError: letters is no str.
        ValueError: there is none, or something else among them; it says what and where.
    """
    if not isinstance(letters, str):
        raise TypeError(f"letters must be a str, got {type(letters).__name__}")
    if not letters:
        raise ValueError("letters must hold at least one letter, got an empty text")
    for place, letter in enumerate(letters):
        if letter not in ascii_lowercase:
            raise ValueError(f"letters must be small letters from a to z, got {letter!r} at position {place}")
    return np.array([ascii_lowercase.index(letter) for letter in letters], dtype=np.int64)


def batch_of(lines: Sequence[Sequence[str]]) -> Letters:
    """Return lines, each a sequence of words, side by side as letters, with what is asked.

    Raises:
        ValueError: there is no line, a line has no word, or a word is empty or has something else than letters in it.
    """
    if not lines:
        raise ValueError("lines must hold at least one line, got none")
    for k, words in enumerate(lines):
        if isinstance(words, str) or not words or not all(words):
            raise ValueError(f"lines[{k}] must be a sequence of words, none of them empty, got {words!r}")
    symbols = [encode("".join(words)) for words in lines]
    lengths = np.array([len(line) for line in symbols])
    x = np.full((lengths.max(), len(lines)), END, dtype=np.int64)  # (T, B)
    target = np.full_like(x, -1)
    for b, (line, words) in enumerate(zip(symbols, lines, strict=True)):
        x[: len(line), b] = line
        target[: len(line), b] = 0
        target[np.cumsum([len(word) for word in words]) - 1, b] = 1
        target[len(line) - 1, b] = -1
    return Letters(x, lengths, target)


def judge(ends: Array, lines: Letters) -> Score:
    """Return the score of answers (T, B) in bool: does a word end here? What stands where none is asked is passed over.

    Raises:
        ValueError: another shape, or numbers that are not truth values (are they probabilities?).
    """
    ends = np.asarray(ends)
    if ends.shape != lines.x.shape or ends.dtype != np.bool_:
        raise ValueError(
            f"ends must be truth values of shape {lines.x.shape}, got {ends.dtype} of shape {ends.shape}"
        )
    asked = lines.target >= 0
    wrong = (ends != (lines.target == 1)) & asked
    found = true = both = 0
    for b, length in enumerate(lines.lengths):
        ours, theirs = (_spans(tags[: length - 1]) for tags in (ends[:, b], lines.target[:, b] == 1))
        found, true, both = found + len(ours), true + len(theirs), both + len(ours & theirs)
    return Score(
        error=float(wrong.sum() / max(asked.sum(), 1)),
        f1=2 * both / (found + true),
        whole=float((~wrong.any(axis=0)).mean()),
    )


def _spans(tags: Array) -> set[tuple[int, int]]:
    """Return the words of a line as pairs (first letter, one after the last), from all tags but the last."""
    cuts = [0, *(np.flatnonzero(tags) + 1).tolist(), len(tags) + 1]
    return set(pairwise(cuts))
