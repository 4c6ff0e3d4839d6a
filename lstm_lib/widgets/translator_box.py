"""Type an English sentence: its French, where each word looked, and an honest word for what is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.plots import attention
from lstm_lib.widgets.explorer import TypedExplorer

MOST_WORDS = 40


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
            ValueError: there is no word, too many, or none that is known.
        """
        words = self.known(values["text"])
        if not any(any(c.isalpha() for c in word) for word, _ in words):
            raise ValueError("there is no word to translate: type an English sentence")
        if len(words) > MOST_WORDS:
            raise ValueError(f"{len(words)} words are too many: type at most {MOST_WORDS}")
        missing = [word for word, is_known in words if not is_known]
        if not any(is_known and any(c.isalpha() for c in word) for word, is_known in words):
            raise ValueError(
                f"no word of this is known ({', '.join(missing)}): try words of the lesson, such as cat"
            )
        sentence, target, weights = self.translate(values["text"])
        unknown = f" (never seen: {', '.join(missing)})" if missing else ""
        source = [word if is_known else f"{word} ?" for word, is_known in words]
        title = f"{sentence}{unknown}"
        return attention.alignment_map(weights, source, [*target, "end"], title=title, bar=False)
