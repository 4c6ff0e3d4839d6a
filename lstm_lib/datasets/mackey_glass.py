"""A chaotic series from one equation with a delay (Mackey and Glass 1977), the same to the last bit everywhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import whole_number

#: Steps of the solver in one unit of time.
STEPS = 10


def mackey_glass(length: int, *, delay: int = 17, start: float = 1.2, discard: int = 1000) -> NDArray[Any]:
    """Return x (length,) at t = 0, 1, 2, … of dx/dt = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x(t).

    Solved with the Runge-Kutta method of fourth order, ten steps a unit of time. A chaotic series blows up the smallest
    rounding, so only +, * and / are used, which every processor rounds alike, and no function such as pow.

    Args:
        length: how many values.
        delay: in units of time; from 17 on the series is chaotic.
        start: the constant value before the beginning.
        discard: so many units of time are passed over first, until the start is forgotten.

    Raises:
        TypeError, ValueError: length or delay is no whole number from 1 on, discard none from 0 on, or start is not a
            finite number above zero.
    """
    whole_number("length", length, 1)
    whole_number("delay", delay, 1)
    whole_number("discard", discard, 0)
    if isinstance(start, bool) or not isinstance(start, int | float):
        raise TypeError(f"start must be a number above zero, got {start!r}")
    if not 0 < start < math.inf:
        raise ValueError(f"start must be finite and above zero, got {start}")
    lag, dt = delay * STEPS, 1 / STEPS
    x = [float(start)] * (lag + 1)
    for _ in range((length - 1 + discard) * STEPS):
        old, new = _made(x[-lag - 1]), _made(x[-lag])  # at the beginning of the step and at its end
        middle, now = 0.5 * (old + new), x[-1]
        k1 = old - 0.1 * now
        k2 = middle - 0.1 * (now + 0.5 * dt * k1)
        k3 = middle - 0.1 * (now + 0.5 * dt * k2)
        k4 = new - 0.1 * (now + dt * k3)
        x.append(now + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(x[lag + discard * STEPS :: STEPS])


def _made(x: float) -> float:
    """Return 0.2 x / (1 + x^10), by products alone."""
    square = x * x
    fourth = square * square
    return 0.2 * x / (1 + fourth * fourth * square)
