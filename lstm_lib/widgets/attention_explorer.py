"""Type dates in words, and see where a trained network looks while it writes them in figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.plots import attention
from lstm_lib.widgets.explorer import TypedExplorer

#: What a network made of a text: its S words, the T symbols it wrote, and its weights (T, S).
Reading = tuple[Sequence[str], Sequence[str], Any]


class AttentionExplorer(TypedExplorer):
    """Type a text, step through the answer, and forbid one word: the network writes anew without a look at it.

    Controls: ``text``; ``step``, the symbol whose weights are drawn as bars; ``hidden``, the number of the word that
    must not be looked at, 0 for none. Both sliders end where the text and the answer do.
    """

    #: So many symbols are drawn at the most: seven dates and the end.
    most_symbols = 63

    def __init__(
        self, read: Callable[[str, int | None], Reading], text: str, longest: int = 24, step: int = 1
    ) -> None:
        """Begin with a text already read.

        Args:
            read: text, the place of the hidden word or None -> ``Reading``. A ValueError of it is told to the learner.
            text: the first text.
            longest: so many words fit into the picture.
            step: the first step, from 1 on.
        """
        self.read, self.longest = lru_cache(maxsize=64)(read), longest
        step_slider = ipywidgets.IntSlider(
            value=step, min=1, max=self.most_symbols, description="symbol written"
        )
        super().__init__(
            {
                "text": ipywidgets.Text(value=text, description="dates", continuous_update=False),
                "step": step_slider,
                "hidden": ipywidgets.IntSlider(
                    value=0, min=0, max=longest, description="hide word (0: none)"
                ),
            }
        )
        self.controls["text"].style.description_width = "4em"
        self.children = [*self.controls.values(), self.picture, self.summary]  # a text needs the whole width

    def figure(self, **values: Any) -> plots.Figure:
        """Draw where the network looked. Sliders that point beyond the text are moved to its last word or symbol.

        Raises:
            ValueError: the text cannot be read, or has too many words or only a hidden one.
        """
        text = values["text"]
        self._fits(len(text.split()))  # before anything is read
        count = len(self.read(text, None)[0])  # eighty-four is two words
        self._fits(count)
        hidden = None if values["hidden"] == 0 else min(values["hidden"], count) - 1
        words, symbols, weights = self.read(text, hidden)
        drawn = min(len(symbols), self.most_symbols)
        self._end("hidden", count)
        self._end("step", drawn)
        step = min(values["step"], drawn) - 1
        return attention.explorer(weights[:drawn], words, symbols[:drawn], step, hidden, len(symbols) - drawn)

    def _end(self, name: str, last: int) -> None:
        """Let a slider end there, without a second picture for it."""
        slider, waited = self.controls[name], self._waits
        self._waits = True
        try:
            slider.max = last
        finally:
            self._waits = waited

    def _fits(self, count: int) -> None:
        if count > self.longest:
            raise ValueError(
                f"the text must have {self.longest} words at the most to be drawn, it has {count}"
            )
