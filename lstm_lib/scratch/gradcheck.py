"""Is a gradient right? Compare it with what a small nudge does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def numeric_gradient(loss: Callable[[], float], array: Array, step: float = 1e-5) -> Array:
    """Return d loss / d array, entry by entry, as (loss(a + step) - loss(a - step)) / (2 step).

    Args:
        loss: a function of no arguments which reads ``array`` and returns a number.
        array: float64, any shape. Each entry is nudged in place and put back, also when ``loss`` fails.
        step: the size of the nudge. The error is about step² from the curve and 1e-16 / step from rounding.

    Raises:
        TypeError: the array is not float64: in float32 the rounding alone would hide the answer.
        ValueError: step is not positive.
    """
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(
            f"array must be a float64 numpy array, got {kind}: build the net with dtype=np.float64"
        )
    if not step > 0:
        raise ValueError(f"step must be a positive number, got {step!r}")
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        try:
            array[index] = kept + step
            above = loss()
            array[index] = kept - step
            below = loss()
        finally:
            array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """Return max |a - b| / max(|a|, |b|) over two arrays of one shape: 0 is the same, 2 is the opposite sign.

    The largest entry sets the scale, so a tiny entry that is off by a rounding error does not raise an alarm.
    Two arrays of zeros have error 0. A NaN anywhere gives NaN, which fails every comparison.

    Raises:
        ValueError: the shapes differ. Broadcasting would compare the wrong entries and could hide a mistake.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one shape, got {a.shape} and {b.shape}")
    if a.size == 0:
        return 0.0
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()))
    difference = float(np.abs(a - b).max())
    return difference / scale if scale != 0 else difference
