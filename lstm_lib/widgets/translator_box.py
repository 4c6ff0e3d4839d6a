"""Type an English sentence: its French, where each word looked, and an honest word for what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike

from lstm_lib import plots
from lstm_lib.plots import attention
from lstm_lib.widgets.explorer import TypedExplorer

MOST_WORDS = 40
LONGEST_WORD = 30  # letters: a longer one leaves no room for the picture
TOLD = 12  # words of the alignment in the text for screen readers


class TranslatorBox(TypedExplorer):
    """Type a sentence; see its translation and the alignment."""

    def __init__(
        self, translate: Callable[[str], Any], known: Callable[[str], list[tuple[str, bool]]], text: str
    ) -> None:
        """Begin with a sentence already translated.

        Args:
            translate: text -> words and weights (words and end, source words), such as one of
                ``lstm_lib.experiments.translation.translate``, and the sentence as a text.
            known: text -> its words, and whether each is known.
            text: the first sentence.

        Raises:
            ValueError: the first sentence cannot be translated.
        """
        self.translate, self.known = translate, known
        super().__init__({"text": ipywidgets.Text(value=text, description="English")})
        self.controls["text"].style.description_width = "5em"
        self.children = [*self.controls.values(), self.picture, self.summary]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the alignment under the translation.

        Raises:
            ValueError: there is no word, too many, one that is too long, or none that is known.
        """
        words = self.known(values["text"])
        if not any(any(c.isalpha() for c in word) for word, _ in words):
            raise ValueError("there is no word to translate: type an English sentence")
        if len(words) > MOST_WORDS:
            raise ValueError(f"{len(words)} words are too many: type at most {MOST_WORDS}")
        if long := [word for word, _ in words if len(word) > LONGEST_WORD]:
            raise ValueError(
                f"{long[0][:12]}… has {len(long[0]):,} letters: type words of at most {LONGEST_WORD}"
            )
        missing = [word for word, is_known in words if not is_known]
        if not any(is_known and any(c.isalpha() for c in word) for word, is_known in words):
            raise ValueError(
                f"no word of this is known ({', '.join(missing)}): try words of the lesson, such as cat"
            )
        sentence, target, weights = self.translate(values["text"])
        unknown = f" (never seen: {', '.join(missing)})" if missing else ""
        source = [word if is_known else f"{word} ?" for word, is_known in words]
        title = f"{sentence}{unknown}"
        rows = [*target, "end"][: len(weights)]  # a translation that was cut off has no end
        figure = attention.alignment_map(weights, source, rows, title=title, bar=False)
        figure.alt = f"{title} {looks(target, [word for word, _ in words], weights)}"
        return figure


def looks(target: Sequence[str], source: Sequence[str], weights: ArrayLike) -> str:
    """Return as a sentence at which source word each target word looked most, the first TOLD of them; no marks.

    Args:
        target: the words written.
        source: S words that were read.
        weights: (T, S), a row for each target word; more rows are ignored.
    """
    places = np.asarray(weights).argmax(axis=1)[: len(target)]
    told = [
        f"{word} at {source[place]}"
        for word, place in zip(target, places, strict=True)
        if any(c.isalpha() for c in word)
    ]
    return f"Where each word looked most: {', '.join(told[:TOLD])}{', …' if len(told) > TOLD else '.'}"
