"""How far the probabilities of a classifier can be believed: bins, the expected error, and a temperature."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from lstm_lib.datasets.task import whole_number

Array = NDArray[Any]


class Bins(NamedTuple):
    """Texts sorted into bins by confidence: how many, their mean confidence, and the part that is right; (K,) each."""

    texts: Array
    confidence: Array
    right: Array


def bins_of(probabilities: ArrayLike, labels: ArrayLike, bins: int = 10) -> Bins:
    """Return bins of equal width over the confidence, the highest probability of a text; empty bins are left out.

    Args:
        probabilities: (N, C), rows that add up to 1.
        labels: (N,), from 0 to C - 1.
        bins: so many from 0 to 1.

    Raises:
        TypeError, ValueError: bins is no whole number above zero, or the arrays are not as above.
    """
    p, y = _checked(probabilities, labels)
    whole_number("bins", bins, 1)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(number, minlength=bins)
    there = count > 0
    sums = (np.bincount(number, weights=values, minlength=bins) for values in (confidence, right))
    mean_confidence, part = (total[there] / count[there] for total in sums)
    return Bins(count[there], mean_confidence, part)


def expected_error(probabilities: ArrayLike, labels: ArrayLike, bins: int = 10) -> float:
    """Return the expected calibration error: |part right - confidence| of each bin, weighted by its texts.

    Source: Guo et al. (2017), "On calibration of modern neural networks", equation 3.

    Raises:
        ValueError: see ``bins_of``.
    """
    found = bins_of(probabilities, labels, bins)
    return float(np.sum(found.texts * np.abs(found.right - found.confidence)) / found.texts.sum())


def cooled(probabilities: ArrayLike, temperature: float) -> Array:
    """Return softmax(log p / temperature): above 1 all rows become more even, below 1 more extreme.

    Raises:
        TypeError, ValueError: the temperature is no number above 0, or probabilities are not (N, C) from 0 to 1.
    """
    if isinstance(temperature, bool) or not isinstance(temperature, int | float | np.floating | np.integer):
        raise TypeError(f"temperature must be a number above 0, got {temperature!r}")
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be above 0 and finite, got {temperature}")
    p = np.asarray(probabilities, dtype=float)
    if p.ndim != 2:
        raise ValueError(f"probabilities must be (N, C), got shape {p.shape}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("probabilities must be from 0 to 1, got another number or NaN among them")
    log = np.log(np.maximum(p, 1e-30)) / temperature
    exp = np.exp(log - log.max(axis=1, keepdims=True))
    scaled: Array = exp / exp.sum(axis=1, keepdims=True)
    return scaled


def negative_log_likelihood(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean of -log p of the right class, in nats a text.

    Raises:
        ValueError: see ``bins_of``.
    """
    p, y = _checked(probabilities, labels)
    return float(-np.log(np.maximum(p[np.arange(len(y)), y], 1e-30)).mean())


def best_temperature(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Return the temperature from 0.1 to 10 with the lowest negative log-likelihood; to be asked on validation data.

    Source: Guo et al. (2017), section 4.2.

    Raises:
        ValueError: see ``bins_of``.
    """
    p, y = _checked(probabilities, labels)

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(cooled(p, float(np.exp(log_temperature))), y)

    return float(np.exp(minimize_scalar(loss, bounds=(-2.3, 2.3), method="bounded").x))


def _checked(probabilities: ArrayLike, labels: ArrayLike) -> tuple[Array, Array]:
    p, y = np.asarray(probabilities, dtype=float), np.asarray(labels)
    if p.ndim != 2 or not p.size:
        raise ValueError(f"probabilities must be (N, C), got shape {p.shape}")
    if not ((p >= 0) & (p <= 1)).all() or not np.allclose(p.sum(axis=1), 1, atol=1e-4):
        raise ValueError("probabilities must be from 0 to 1, in rows that add up to 1")
    if y.shape != p.shape[:1]:
        raise ValueError(f"labels must be ({len(p)},), one for each row, got shape {y.shape}")
    if not np.issubdtype(y.dtype, np.integer) or not ((y >= 0) & (y < p.shape[1])).all():
        raise ValueError(f"labels must be whole numbers from 0 to {p.shape[1] - 1}, got {np.unique(y)[:5]}")
    return p, y
