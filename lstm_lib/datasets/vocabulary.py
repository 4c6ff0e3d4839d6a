"""Characters to integers and back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


class Vocabulary:
    """The different characters of a text, sorted by code point; a character's id is its place in that order.

    `characters` is the sorted string of them, `len(vocabulary)` is their number V, ids run from 0 to V - 1.
    Raises TypeError if `text` is not a str, and ValueError if it is empty.
    """

    def __init__(self, text: str) -> None:
        _require_str(text)
        if not text:
            raise ValueError("text must hold at least one character, got an empty string")
        self.characters = "".join(sorted(set(text)))
        self._id = {character: i for i, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def __contains__(self, character: object) -> bool:
        return character in self._id

    def __repr__(self) -> str:
        return f"Vocabulary({self.characters!r})"

    def encode(self, text: str) -> npt.NDArray[np.int64]:
        """The ids of the characters of `text`, shape (len(text),).

        Raises TypeError if `text` is not a str, and a ValueError that names the first unknown character and
        its position.
        """
        _require_str(text)
        try:
            return np.array([self._id[character] for character in text], dtype=np.int64)
        except KeyError:
            place = next(i for i, character in enumerate(text) if character not in self)
            raise ValueError(
                f"text has {text[place]!r} at position {place}, which is not one of the {len(self)} known "
                f"characters: {self.characters!r}. Replace it or leave it out before encoding."
            ) from None

    def decode(self, ids: Sequence[int] | npt.NDArray[np.integer[Any]]) -> str:
        """The text whose characters have these ids: the inverse of `encode`.

        `ids` is one-dimensional: a list, a NumPy array or a PyTorch tensor of integers. Raises ValueError if
        it has another shape, if its numbers are not integers, or if one of them is not from 0 to V - 1.
        """
        array = np.asarray(ids)
        if array.ndim != 1:
            raise ValueError(f"ids must be one-dimensional, got shape {array.shape}. For one id write [id].")
        if not array.size:
            return ""
        if not np.issubdtype(array.dtype, np.integer):
            raise ValueError(f"ids must be integers, got dtype {array.dtype}. Convert them first.")
        wrong = np.flatnonzero((array < 0) | (array >= len(self)))
        if wrong.size:
            place = wrong[0]
            raise ValueError(f"ids must be from 0 to {len(self) - 1}, got {array[place]} at position {place}")
        return "".join(self.characters[i] for i in array.tolist())


def _require_str(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
