"""Two trained readers look for the ends of words in a line that a learner types."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from string import ascii_letters
from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.datasets.segmentation import words_of
from lstm_lib.datasets.task import whole_number
from lstm_lib.plots import directions
from lstm_lib.widgets.explorer import TypedExplorer


class WordReader(TypedExplorer):
    """Type a line; see, letter by letter, how likely each reader finds it that a word ends there.

    Spaces are not shown to the readers. If there are some, they are drawn as what is right.
    """

    def __init__(self, read: Callable[[str], Mapping[str, Any]], text: str, longest: int = 45) -> None:
        """Begin with a line already read.

        Args:
            read: T letters from a to z -> name of a reader -> (T,), its chances of a word end. At most two readers.
            text: the first line.
            longest: so many letters fit into the picture, 60 at most.

        Raises:
            TypeError: longest is no whole number.
            ValueError: it is not from 1 to 60, or the first line cannot be drawn.
        """
        if whole_number("longest", longest, 1) > directions.MOST_LETTERS:
            raise ValueError(f"longest must be at most {directions.MOST_LETTERS}, got {longest}")
        self.read, self.longest = read, longest
        super().__init__({"text": ipywidgets.Text(value=text, description="a line")})
        self.controls["text"].style.description_width = "4em"
        self.children = [
            *self.controls.values(),
            self.picture,
            self.summary,
        ]  # a line needs the whole width

    def figure(self, **values: Any) -> plots.Figure:
        """Draw what the readers make of the line.

        Raises:
            ValueError: there are no letters, too many, or letters other than a to z.
        """
        text = unicodedata.normalize("NFC", values["text"])
        for letter in text:
            if letter.isalnum() and letter not in ascii_letters:
                raise ValueError(f"the readers know the letters a to z alone, and the line has {letter!r}")
        words = words_of(text)
        letters = "".join(words)
        if not 1 <= len(letters) <= self.longest:
            raise ValueError(
                f"the line must have 1 to {self.longest} letters to be drawn, it has {len(letters)}"
            )
        ends = None
        if len(words) > 1:
            ends = np.zeros(len(letters), dtype=bool)
            ends[np.cumsum([len(word) for word in words]) - 1] = True
        return directions.word_ends(letters, self.read(letters), ends, "Where words end, letter by letter")
