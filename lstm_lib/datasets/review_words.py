"""The words of a sentence: a tokeniser for reviews, and a vocabulary with a place for padding and for unknown words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

PAD, UNKNOWN = "<pad>", "<unknown>"

# "don't" becomes do + n't, "it's" becomes it + 's: so every negation of that kind is one and the same word.
_WORD = re.compile(r"n't\b|'(?:s|re|ve|ll|d|m)\b|(?:(?!n't\b)\w)+|\.\.\.|--|[^\w\s]")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "…": "..."})


def tokens(text: str) -> list[str]:
    """Return the words and marks of a text in lower case: "It isn't bad." -> it, is, n't, bad, "." .

    Raises:
        TypeError: text is no str.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
    return _WORD.findall(text.translate(_STRAIGHT).lower())


class WordVocabulary:
    """Words as numbers: 0 is padding, 1 stands for every unknown word, then words from the most frequent on.

    Attributes:
        words: (V,), the word of each number.
    """

    def __init__(self, texts: Iterable[Sequence[str]], at_least: int = 1) -> None:
        """Take the words that occur at least so often.

        Args:
            texts: each a sequence of words, as ``tokens`` returns them; of the training part only.
            at_least: how often a word must occur, 1 or more.

        Raises:
            ValueError: at_least is below 1, or no word occurs that often.
        """
        if at_least < 1:
            raise ValueError(f"at_least must be 1 or more, got {at_least}")
        counts = Counter(word for text in texts for word in text)
        kept = sorted((word for word, n in counts.items() if n >= at_least), key=lambda w: (-counts[w], w))
        if not kept:
            raise ValueError(f"texts must hold a word that occurs at least {at_least} times, got none")
        self.words = [PAD, UNKNOWN, *kept]
        self._number = {word: n for n, word in enumerate(self.words)}

    @classmethod
    def of(cls, words: Sequence[str]) -> WordVocabulary:
        """Return the vocabulary that has these words, in their order, from number 2 on.

        Raises:
            ValueError: there is no word, or one is there twice.
        """
        if not words or len(set(words)) < len(words):
            raise ValueError(
                f"words must be different, at least one, got {len(words)} with {len(set(words))} different"
            )
        made = cls([words])
        made.words = [PAD, UNKNOWN, *words]
        made._number = {word: n for n, word in enumerate(made.words)}
        return made

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._number

    def __repr__(self) -> str:
        return f"WordVocabulary({len(self):,} words)"

    def encode(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the number of each word, (len(words),); 1 for those that are not known.

        Raises:
            TypeError: words is one text instead of a sequence of words.
            ValueError: there is no word.
        """
        if isinstance(words, str):
            raise TypeError(
                f"words must be a sequence of words, got one str, {words!r:.40}: use tokens(text)"
            )
        if not len(words):
            raise ValueError("words must hold at least one word, got none: an empty text has no class")
        return np.array([self._number.get(word, 1) for word in words], dtype=np.int64)

    def batch(
        self, sentences: Sequence[Sequence[str]]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return numbers x (T, B), padded with 0 at the end, and lengths (B,).

        Raises:
            TypeError, ValueError: there is no sentence, or one cannot be encoded.
        """
        if not len(sentences):
            raise ValueError("sentences must hold at least one sentence, got none")
        return pad([self.encode(words) for words in sentences])


def pad(
    rows: Sequence[npt.NDArray[np.int64]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return rows of numbers as one array (T, B), padded with 0 at the end, and their lengths (B,)."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    x = np.zeros((int(lengths.max()), len(rows)), dtype=np.int64)
    for b, row in enumerate(rows):
        x[: len(row), b] = row
    return x, lengths
