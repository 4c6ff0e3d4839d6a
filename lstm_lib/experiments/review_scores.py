"""How well a model does on texts, how sure we can be of it, and whether another one does better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

Array = NDArray[Any]
#: The linear model's part in the blend, chosen on the validation part with networks of seed 100 and more.
LINEAR_PART = 0.4


def with_interval(answers: ArrayLike, labels: ArrayLike) -> tuple[float, float, float]:
    """Return the part that is right, and the ends of its 95 % interval (Wilson 1927, by statsmodels).

    Raises:
        ValueError: there is no text, or another number of labels.
    """
    right = _right(answers, labels)
    return interval(int(right.sum()), len(right))


def interval(right: float, total: int) -> tuple[float, float, float]:
    """Return right / total, and the ends of its 95 % interval (Wilson 1927, by statsmodels).

    Args:
        right: so many are right; the mean of several runs need not be whole.
        total: of so many.

    Raises:
        ValueError: total is below 1, or right is not from 0 to total.
    """
    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"right must be from 0 to total, and total at least 1, got {right} and {total}")
    low, high = proportion_confint(right, total, method="wilson")
    part = right / total  # its ends touch it where all or none is right, but for rounding
    return part, min(float(low), part), max(float(high), part)


def against(first: ArrayLike, second: ArrayLike, labels: ArrayLike) -> tuple[int, int, float]:
    """Return how many texts only the first answers rightly, how many only the second, and McNemar's exact p.

    Raises:
        ValueError: there is no text, or another number of labels.
    """
    a, b = _right(first, labels), _right(second, labels)
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    p = mcnemar([[int((a & b).sum()), only_a], [only_b, int((~a & ~b).sum())]], exact=True).pvalue
    return only_a, only_b, float(p)


def blend(networks: Sequence[Array], linear: Array, part: float = LINEAR_PART) -> Array:
    """Return (1 - part) times the mean of the networks' probabilities, plus part times the linear model's, (N, C).

    Raises:
        TypeError, ValueError: there is no network, the shapes differ, a probability is not from 0 to 1, or part is not.
    """
    if isinstance(part, bool) or not isinstance(part, int | float | np.floating):
        raise TypeError(f"part must be a number from 0 to 1, got {part!r}")
    if not len(networks):
        raise ValueError("networks must hold at least one array of probabilities, got none")
    if not 0 <= part <= 1:
        raise ValueError(f"part must be from 0 to 1, got {part}")
    shapes = {np.shape(p) for p in (*networks, linear)}
    if len(shapes) != 1:
        raise ValueError(f"networks and linear must have one shape (N, C), got {sorted(shapes)}")
    for p in (*networks, linear):
        if not ((np.asarray(p) >= 0) & (np.asarray(p) <= 1)).all():
            raise ValueError("networks and linear must be from 0 to 1, got another number or NaN among them")
    mixed: Array = (1 - part) * np.mean(networks, axis=0) + part * np.asarray(linear)
    return mixed


def _right(answers: ArrayLike, labels: ArrayLike) -> Array:
    a, y = np.asarray(answers), np.asarray(labels)
    if a.ndim != 1 or a.shape != y.shape or not a.size:
        raise ValueError(
            f"answers and labels must be (N,), as many and not none, got {a.shape} and {y.shape}"
        )
    right: Array = a == y
    return right
