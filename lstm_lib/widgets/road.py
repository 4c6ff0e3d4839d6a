"""How the forget bias of an LSTM decides how much of a gradient arrives."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.plots import road
from lstm_lib.scratch import LSTM, RNN, sigmoid
from lstm_lib.scratch.jacobians import orthogonal, state_gradient_norms
from lstm_lib.scratch.layer import positive_int
from lstm_lib.widgets.explorer import Explorer, slider

#: Units of both nets. Few, so that the picture follows the slider.
UNITS = 8
#: Steps of noise that both have read before: near a state of zero tanh is steep, and more of a gradient arrives.
READ_BEFORE = 200


class RoadExplorer(Explorer):
    """Turn the forget bias of an LSTM and the size of both nets' recurrent weights; see how much gradient arrives.

    An LSTM and an RNN of 8 units read the same noise, and have read 200 steps of it before. Recurrent weights are an
    orthogonal matrix times their size, one such matrix for each gate; biases other than the forget bias are zero.
    """

    def __init__(self) -> None:
        """Begin with a gate that is open to three quarters."""
        super().__init__(
            {
                "bias": slider("forget bias", 1.0, -2.0, 8.0, 0.25),
                "recurrent": slider("recurrent weights", 1.0, 0.0, 1.5, 0.05),
                "inputs": slider("input weights", 0.5, 0.0, 3.0, 0.1),
                "steps": ipywidgets.IntSlider(value=60, min=10, max=100, step=5, description="steps"),
            }
        )

    @staticmethod
    def measure(bias: float, recurrent: float, inputs: float, steps: int) -> tuple[Any, Any, Any, Any]:
        """Return four arrays over ``steps`` steps T.

        The norms (T,) of ds_T/ds_t of the LSTM and of the RNN, lag 0 first; the largest product of forget gates (T,)
        over each lag; and the forget gates (T, 8).

        Raises:
            TypeError: steps is not an int.
            ValueError: steps is below 1.
        """
        steps = positive_int("steps", steps)
        rng = np.random.default_rng(5)
        lstm, rnn = (kind(4, UNITS, rng=rng, dtype=np.float64) for kind in (LSTM, RNN))
        turns = [orthogonal(UNITS, rng) for _ in range(4)]
        W_x, x = rng.normal(size=(4, 4 * UNITS)), rng.normal(size=(steps, 1, 4))
        noise_before = rng.normal(size=(READ_BEFORE, 1, 4))
        b = np.zeros(4 * UNITS)
        b[UNITS : 2 * UNITS] = bias
        lstm.params.update(W_x=inputs * W_x, W_h=recurrent * np.hstack(turns), b=b)
        rnn.params.update(W_x=inputs * W_x[:, :UNITS], W_h=recurrent * turns[0], b=np.zeros(UNITS))

        state: Any  # of the LSTM, (h, c)
        rnn_state: Any
        state, rnn_state = (net.forward(noise_before)[1] for net in (lstm, rnn))
        h, _ = lstm.forward(x, state)
        h_before = np.concatenate([state[0], h[:-1, 0]])
        f = slice(UNITS, 2 * UNITS)
        forget = sigmoid(x[:, 0] @ lstm.params["W_x"][:, f] + h_before @ lstm.params["W_h"][:, f] + bias)
        gates_back = np.concatenate([np.ones((1, UNITS)), forget[:0:-1]])  # lag 0 passes no gate
        direct = gates_back.cumprod(axis=0).max(axis=1)
        norms = state_gradient_norms(lstm, x, state), state_gradient_norms(rnn, x, rnn_state)
        return *norms, direct, forget

    def figure(self, **values: Any) -> plots.Figure:
        """Draw both gradients and the road alone against the lag, and the forget gates over time."""
        return road.explorer(*self.measure(**values), values["bias"])
