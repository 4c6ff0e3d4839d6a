"""How the spectral radius of an RNN decides what becomes of its gradient and of its memory."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.plots import forgetting
from lstm_lib.scratch import RNN
from lstm_lib.scratch.jacobians import gradient_norms, orthogonal
from lstm_lib.widgets.explorer import Explorer, slider


class ForgettingExplorer(Explorer):
    """Turn the spectral radius of an RNN, and see what becomes of its gradient, and of its memory of the first input.

    The net has 16 units, W_h is the radius times an orthogonal matrix, and the inputs are noise. It runs twice, with
    the first input of the second run turned round.
    """

    def __init__(self) -> None:
        """Begin with a net that forgets within its 50 steps."""
        super().__init__(
            {
                "radius": slider("spectral radius", 0.9, 0.5, 1.6, 0.05),
                "activation": ipywidgets.Dropdown(
                    options=["tanh", "relu"], value="tanh", description="activation"
                ),
                "steps": ipywidgets.IntSlider(value=50, min=10, max=100, step=5, description="steps"),
            }
        )

    @staticmethod
    def measure(radius: float, activation: str, steps: int) -> tuple[Any, Any]:
        """Return the gradient norms (T,) of the first run, lag 0 first, and the states (T, 2, 16) of both runs."""
        rng = np.random.default_rng(3)
        net = RNN(4, 16, rng=rng, dtype=np.float64, activation=activation)
        net.params.update(W_h=radius * orthogonal(16, rng), b=np.zeros(16))
        x = np.repeat(rng.normal(size=(steps, 1, 4)), 2, axis=1)
        x[0, 1] *= -1
        h, _ = net.forward(x)
        return gradient_norms(h[:, 0], net.params["W_h"], activation), h

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the norm of the gradient against the lag, and one unit of both runs over time."""
        return forgetting.fading(*self.measure(**values), values["radius"], values["activation"])
