"""Four one-unit cells read the same input: what an own input gate, or a look at the state, changes."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lstm_lib import plots
from lstm_lib.plots import cousins
from lstm_lib.scratch.layer import positive_int
from lstm_lib.widgets.explorer import Explorer, slider

STEPS = 40
Lines = dict[str, NDArray[Any]]


class CousinExplorer(Explorer):
    """Turn the bias of what keeps, and its weight on the state; see what four cells keep of a row of pulses.

    All have weights set by hand. With p_t = |x_t|, what keeps is σ(bias + weight h_{t-1} - 6 p_t) in the coupled
    LSTM and in the GRU; σ(bias - 6 p_t) in the minimal LSTM, whose gates do not see the state; and
    σ(bias + weight h_{t-1}) in the LSTM, which has an input gate of its own, σ(8 p_t - 4). The candidate is
    tanh(2 x_t), in the minimal LSTM g(x_t), which is above zero. Output and reset gates are open.
    """

    def __init__(self) -> None:
        """Begin with a gate that keeps most, and a pulse every ten steps."""
        super().__init__(
            {
                "bias": slider("bias of what keeps", 3.0, -2.0, 8.0, 0.25),
                "weight": slider("its weight on h", 0.0, -4.0, 4.0, 0.25),
                "size": slider("size of a pulse", 1.0, -1.0, 1.0, 0.1),
                "every": ipywidgets.IntSlider(value=10, min=1, max=20, description="steps between pulses"),
            }
        )

    @staticmethod
    def read(bias: float, weight: float, size: float, every: int) -> tuple[NDArray[Any], Lines, Lines]:
        """Return the input (T,), and the states and the parts that are kept, (T,) for each cell, by name.

        Raises:
            TypeError, ValueError: every is not a positive int; bias, weight or size is no finite number.
        """
        every = positive_int("every", every)
        for name, value in {"bias": bias, "weight": weight, "size": size}.items():
            if not isinstance(value, (int, float, np.number)):
                raise TypeError(f"{name} must be a number, got {value!r}")
            if not math.isfinite(value):
                raise ValueError(f"{name} must be finite, got {value}")
        x = np.where(np.arange(STEPS) % every == min(2, every - 1), size, 0.0)
        state = dict.fromkeys(("LSTM", "coupled gates", "GRU", "minimal LSTM"), 0.0)
        states: dict[str, list[float]] = {name: [] for name in state}
        kept: dict[str, list[float]] = {name: [] for name in state}
        for x_t in x.tolist():
            pulse, new = abs(x_t), math.tanh(2 * x_t)
            shown = {
                "LSTM": weight * math.tanh(state["LSTM"]),
                "coupled gates": weight * math.tanh(state["coupled gates"]) - 6 * pulse,
                "GRU": weight * state["GRU"] - 6 * pulse,
                "minimal LSTM": -6 * pulse,
            }
            for name, seen in shown.items():
                keep = _sigmoid(bias + seen)
                write = _sigmoid(8 * pulse - 4) if name == "LSTM" else 1 - keep
                positive = x_t + 0.5 if x_t >= 0 else _sigmoid(x_t)
                state[name] = keep * state[name] + write * (positive if name == "minimal LSTM" else new)
                kept[name].append(keep)
                states[name].append(state[name])
        shown_states, shown_kept = ({n: np.array(v) for n, v in lines.items()} for lines in (states, kept))
        return x, shown_states, shown_kept

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the input, what is kept, and the states."""
        x, states, kept = self.read(**values)
        return cousins.side_by_side(x, states, kept, values["bias"], values["weight"])


def _sigmoid(v: float) -> float:
    return 1 / (1 + math.exp(-max(v, -700.0)))  # further down, exp(-v) is too large for a float, and σ is 0
