"""What truncated backpropagation cuts off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.widgets.explorer import Explorer


class Truncation(Explorer):
    """Cut the way back into chunks, and see which part of the gradient is lost."""

    def __init__(self, contributions: Mapping[str, Any], chunk: int, net: str) -> None:
        """Begin with one chunk length and one of the nets.

        Args:
            contributions: name of a net -> (T, T, …), as ``plots.truncation_map`` takes it; the same T for all.
            chunk: the first chunk length, 1 to T.
            net: the name of the net shown first.
        """
        self.contributions = dict(contributions)
        steps = len(self.contributions[net])
        super().__init__(
            {
                "chunk": ipywidgets.IntSlider(value=chunk, min=1, max=steps, description="chunk length"),
                "net": ipywidgets.Dropdown(options=list(self.contributions), value=net, description="memory"),
            }
        )

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the contributions of the chosen net with what the chunks keep of them."""
        return plots.truncation_map(self.contributions[values["net"]], values["chunk"])
