"""A trained network adds two numbers: choose which, and where they stand, and watch one of its cells."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.convert import from_torch
from lstm_lib.nn.reader import Reader
from lstm_lib.plots import long_memory
from lstm_lib.scratch import LSTM
from lstm_lib.scratch.watch import watch
from lstm_lib.widgets.explorer import Explorer, slider


class AddingExplorer(Explorer):
    """Set two marked numbers among noise, and the length; see how a trained reader comes to its answer."""

    def __init__(self, reader: Reader, unit: int, slope: float = 1.0, shift: float = 0.0) -> None:
        """Begin with 0.6 and -0.2 in a sequence of 100.

        Args:
            reader: a network with an LSTM that has learnt the adding problem.
            unit: the cell that is shown first.
            slope: this times the state of that cell plus ``shift`` is about the sum of the marked numbers.
            shift: see ``slope``.

        Raises:
            TypeError: the reader's layer is no LSTM, or does not read pairs.
            ValueError: there is no such unit.
        """
        net = from_torch(reader.layer)
        if not isinstance(net, LSTM) or net.input_size != 2:
            raise TypeError(f"reader must have an LSTM that reads pairs of numbers, got {reader.layer}")
        if not 0 <= unit < net.hidden_size:
            raise ValueError(f"unit must be from 0 to {net.hidden_size - 1}, got {unit}")
        self.net, self.output = net, from_torch(reader.output)
        self.unit, self.slope, self.shift = unit, slope, shift
        super().__init__(
            {
                "first": ipywidgets.IntSlider(value=4, min=2, max=10, description="first mark at"),
                "X1": slider("number there", 0.6, -1.0, 1.0, 0.1),
                "second": ipywidgets.IntSlider(value=30, min=11, max=50, description="second mark at"),
                "X2": slider("number there", -0.2, -1.0, 1.0, 0.1),
                "steps": ipywidgets.IntSlider(value=100, min=60, max=400, step=10, description="length"),
                "cell": ipywidgets.IntSlider(value=unit, min=0, max=net.hidden_size - 1, description="cell"),
            }
        )

    @staticmethod
    def pairs(first: int, X1: float, second: int, X2: float, steps: int) -> Any:
        """Return the sequence (steps, 2): noise, and two marked numbers at the steps ``first`` and ``second``."""
        x = np.zeros((steps, 2), np.float32)
        x[:, 0] = np.random.default_rng(1).uniform(-1, 1, size=400)[:steps]
        x[[first - 1, second - 1]] = (X1, 1), (X2, 1)
        x[[0, -1], 1] = -1
        return x

    def read(self, x: Any) -> tuple[Any, Any, float]:
        """Let the network read pairs (T, 2): its input gates (T, H), its cell states (T, H), and its answer."""
        seen = watch(x, self.net.params)
        answer = seen["h"][-1] @ self.output.params["W_y"] + self.output.params["b_y"]
        return seen["i"], seen["c"], float(answer.item())

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the numbers, the input gate of the cell, and its state beside the true sum."""
        cell = values.pop("cell")
        x = self.pairs(**values)
        gates, cells, answer = self.read(x)
        state = cells[:, cell] * self.slope + self.shift if cell == self.unit else cells[:, cell]
        return long_memory.adding(x, gates[:, cell], state, answer, cell, scaled=cell == self.unit)
