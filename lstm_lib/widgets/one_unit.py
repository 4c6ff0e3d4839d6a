"""One hidden unit, with a slider for each of its three numbers."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.scratch import RNN
from lstm_lib.widgets.explorer import Explorer, slider


class OneUnit(Explorer):
    """A network of one hidden unit: turn its three numbers, and see how it answers to a single push at step 3."""

    def __init__(self) -> None:
        """Begin with a unit that remembers for a few steps."""
        super().__init__(
            {
                "w_x": slider("input weight W_x", 1.0, -3.0, 3.0, 0.1),
                "w_h": slider("memory weight W_h", 0.8, -1.5, 1.5, 0.05),
                "b": slider("bias b", 0.0, -1.0, 1.0, 0.05),
                "activation": ipywidgets.Dropdown(
                    options=["tanh", "relu"], value="tanh", description="activation"
                ),
            }
        )

    @staticmethod
    def response(w_x: float, w_h: float, b: float, activation: str, steps: int = 20, push: int = 3) -> Any:
        """Return h (steps,) of one unit whose input is 1 at step ``push`` and 0 at every other."""
        net = RNN(1, 1, rng=np.random.default_rng(0), dtype=np.float64, activation=activation)
        net.params.update(W_x=np.array([[w_x]]), W_h=np.array([[w_h]]), b=np.array([b]))
        x = np.zeros((steps, 1, 1))
        x[push - 1] = 1
        return net.forward(x)[0][:, 0, 0]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the input and the hidden state over 20 steps."""
        h = self.response(**values)
        return plots.curves(
            np.arange(1, h.size + 1),
            {"h": h},
            title=f"One push at step 3; after it, h is {plots.number(h[2])}; at step 20, {plots.number(h[-1])}",
            xlabel="step t",
            ylabel="hidden state h",
            width=6.5,
        )
