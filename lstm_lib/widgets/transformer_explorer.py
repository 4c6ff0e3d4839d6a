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
                "content": slider("the letter counts", 4.0, 0.0, 10.0, 0.5),
                "place": slider("the place counts", 0.0, 0.0, 40.0, 1.0),
                "back": ipywidgets.IntSlider(value=0, min=0, max=8, description="steps back"),
                "causal": ipywidgets.Checkbox(value=True, description="hide what comes later"),
                "query": ipywidgets.IntSlider(value=len(text), min=1, max=LONGEST, description="query"),
            }
        )

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the map of weights, and the row of one query.

        Raises:
            ValueError: the text is empty or too long to be drawn. A query beyond its end is taken as the last letter.
        """
        text = values["text"]
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"the text must have 1 to {LONGEST} letters to be drawn, it has {len(text)}")
        head = {name: values[name] for name in ("key", "content", "place", "back", "causal")}
        return transformer.explorer(hand_head(text, **head), list(text), min(values["query"], len(text)) - 1)
