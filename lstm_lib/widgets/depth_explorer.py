"""How the number of layers decides what reaches the lowest one, and what a residual connection changes."""

from __future__ import annotations

from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.experiments.heights import heights
from lstm_lib.plots import depth
from lstm_lib.widgets.explorer import Explorer, slider


class DepthExplorer(Explorer):
    """Set the number of layers, their weights and their forget bias; see what goes up the stack and what comes down."""

    def __init__(self) -> None:
        """Begin with eight plain layers."""
        super().__init__(
            {
                "layers": ipywidgets.IntSlider(value=8, min=1, max=16, description="layers"),
                "weights": slider("weights, times usual", 1.0, 0.0, 4.0, 0.1),
                "bias": slider("forget bias", 1.0, -2.0, 6.0, 0.5),
                "residual": ipywidgets.Checkbox(value=False, description="residual", indent=False),
            }
        )

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the gradient and the signal at every height of the stack."""
        return depth.explorer(*heights(**values), values["residual"])
