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
    low, high = proportion_confint(int(right.sum()), len(right), method="wilson")
    return float(right.mean()), float(low), float(high)


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
        ValueError: there is no network, the shapes differ, or part is not from 0 to 1.
    """
    if not len(networks):
        raise ValueError("networks must hold at least one array of probabilities, got none")
    if not 0 <= part <= 1:
        raise ValueError(f"part must be from 0 to 1, got {part}")
    shapes = {np.shape(p) for p in (*networks, linear)}
    if len(shapes) != 1:
        raise ValueError(f"networks and linear must have one shape (N, C), got {sorted(shapes)}")
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
