"""How well sequences that a network has written agree with what was asked for, and where it looked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


class Agreement(NamedTuple):
    """How well written sequences agree with their targets.

    Attributes:
        symbols: (B,), the part of the symbols of each target that stand at the same place in what was written.
        whole: (B,) in bool, whether nothing is wrong, too much or missing.
    """

    symbols: Array
    whole: Array


def agreement(
    written: ArrayLike, written_lengths: ArrayLike, target: ArrayLike, target_lengths: ArrayLike
) -> Agreement:
    """Compare written sequences (T', B) with targets (T, B), place by place, each up to its own length (B,).

    Raises:
        ValueError: a shape does not fit, or a length is outside 1 … T.
    """
    ours, theirs = _checked("written", written, written_lengths), _checked("target", target, target_lengths)
    if ours[0].shape[1] != theirs[0].shape[1]:
        raise ValueError(
            f"written and target must have one B, got {ours[0].shape[1]} and {theirs[0].shape[1]}"
        )
    (a, a_lengths), (b, b_lengths) = ours, theirs
    steps = min(len(a), len(b))
    t = np.arange(steps)[:, None]
    same = (a[:steps] == b[:steps]) & (t < np.minimum(a_lengths, b_lengths))
    right = same.sum(axis=0)
    return Agreement(right / b_lengths, (right == b_lengths) & (a_lengths == b_lengths))


def _checked(name: str, symbols: ArrayLike, lengths: ArrayLike) -> tuple[Array, Array]:
    array, steps = np.asarray(symbols), np.asarray(lengths)
    if array.ndim != 2 or steps.shape != array.shape[1:]:
        raise ValueError(f"{name} must be (T, B) with B lengths, got shapes {array.shape} and {steps.shape}")
    if not ((steps >= 1) & (steps <= len(array))).all():
        raise ValueError(f"{name}_lengths must be from 1 to {len(array)}, got {steps.tolist()}")
    return array, steps


def looks_right(weights: ArrayLike, alignment: ArrayLike) -> Array:
    """Return (T, B) in bool: whether the largest weight of a step lies where it should.

    Args:
        weights: (B, T, S), of attention.
        alignment: (T, B), the right place of each step; where there is none, a negative number, and False is returned.

    Raises:
        ValueError: the shapes do not fit, a weight is not finite, or a place is not below S.
    """
    w, places = np.asarray(weights), np.asarray(alignment)
    if w.ndim != 3 or places.shape != w.shape[1::-1]:
        raise ValueError(
            f"weights must be (B, T, S) and alignment (T, B), got shapes {w.shape} and {places.shape}"
        )
    if not np.isfinite(w).all():
        raise ValueError(f"weights must be finite, got {w[~np.isfinite(w)][0]} among them")
    if (places >= w.shape[2]).any():
        raise ValueError(f"alignment must be below S, which is {w.shape[2]}, got {places.max()}")
    right: Array = places == w.argmax(axis=2).T
    return right
