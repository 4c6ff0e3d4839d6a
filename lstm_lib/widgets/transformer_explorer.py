"""A head of attention set by hand: what counts, the letter or its place, and how far back."""

from __future__ import annotations

from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.experiments.hand_head import KEYS, hand_head
from lstm_lib.plots import transformer
from lstm_lib.widgets.explorer import TypedExplorer, slider

#: So many letters fit into the picture.
LONGEST = 28


class SelfAttentionExplorer(TypedExplorer):
    """Type a text and set a head: how much the letter counts, how much the place, and how far back it looks."""

    def __init__(self, text: str = "to be or not to be") -> None:
        """Begin with a head that looks for the query's own letter."""
        super().__init__(
            {
                "text": ipywidgets.Text(value=text, description="text"),
                "key": ipywidgets.Dropdown(options=list(KEYS), value=KEYS[0], description="compared with"),
                "content": slider("the letter counts", 4.0, 0.0, 20.0, 0.5),
                "place": slider("the place counts", 0.0, 0.0, 40.0, 1.0),
                "back": ipywidgets.IntSlider(value=0, min=0, max=8, description="steps back"),
                "causal": ipywidgets.Checkbox(value=True, description="hide what comes later"),
                "query": ipywidgets.IntSlider(value=len(text), min=1, max=_last(text), description="query"),
            }
        )
        self.controls["text"].observe(self._fit_query, names="value")

    def _fit_query(self, change: Any) -> None:
        """Let the query go as far as the text, and stay at its end if it stood there."""
        if not 0 < len(change["new"]) <= LONGEST:
            return  # it is told, and the last picture stays
        query = self.controls["query"]
        at_the_end = query.value == query.max
        query.max = _last(change["new"])
        if at_the_end:
            query.value = query.max

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the map of weights, and the row of one query.

        Raises:
            ValueError: the text is empty or too long to be drawn. A query beyond its end is taken as the last letter.
        """
        text = values["text"]
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"the text must have 1 to {LONGEST} letters to be drawn, it has {len(text)}")
        head = {name: values[name] for name in ("key", "content", "place", "back", "causal")}
        # The title tells the place and the steps back: where one of them is 0, the other changes no weight.
        title = "Letter {content:g}, place {place:g}, {back} back: where each looks".format(**head)
        row = min(values["query"], len(text)) - 1
        return transformer.explorer(hand_head(text, **head), list(text), row, title)


def _last(text: str) -> int:
    """Return the largest query of a text; a slider needs two values or more."""
    return max(len(text), 2)
