"""Exponential smoothing with two seasons, a day and a week (Taylor 2003), written from its equations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.datasets.task import whole_number

Array = NDArray[Any]
#: Half hours in a day and in a week.
DAY, WEEK = 48, 336


class Weights(NamedTuple):
    """What is to be chosen: how fast each part follows, and how long an error lasts. All between 0 and 1.

    Attributes:
        level: α. day: δ. week: ω.
        error: φ, the part of an error that is left in the next step.
    """

    level: float
    day: float
    week: float
    error: float


class Smoothed(NamedTuple):
    """The parts of a series after each value.

    Attributes:
        level: S (N,).
        day: D (N + 48,): D of step t stands at t + 48.
        week: W (N + 336,): W of step t stands at t + 336.
        error: (N,), a value minus what the parts before it made of it.
    """

    level: Array
    day: Array
    week: Array
    error: Array


def smooth(x: ArrayLike, weights: Weights) -> Smoothed:
    """Go through a series (N,) once, and return its parts after each value.

    S_t = α x_t / (D_{t-48} W_{t-336}) + (1 - α) S_{t-1}
    D_t = δ x_t / (S_t W_{t-336}) + (1 - δ) D_{t-48}
    W_t = ω x_t / (S_t D_{t-48}) + (1 - ω) W_{t-336}
    Source: Taylor (2003), "Short-term electricity demand forecasting using double seasonal exponential smoothing",
    equations 1 to 4, without the trend: over a day ahead there is none to speak of. The first two weeks give the first
    parts.

    Raises:
        ValueError: x is not (N,) numbers above zero with at least two weeks of them, or a weight is not from 0 to 1.
    """
    series = np.asarray(x, dtype=float)
    if series.ndim != 1 or len(series) < 2 * WEEK or not (series > 0).all() or not np.isfinite(series).all():
        raise ValueError(
            f"x must be (N,) numbers above zero, N at least {2 * WEEK}, got shape {series.shape}"
        )
    if not all(0 <= weight <= 1 for weight in weights):
        raise ValueError(f"weights must be from 0 to 1, got {tuple(weights)}")
    alpha, delta, omega, _ = weights
    first = series[: 2 * WEEK]
    of_day = first.reshape(-1, DAY).mean(axis=0)
    S = float(first.mean())
    D, W = (of_day / S).tolist(), (first.reshape(2, WEEK).mean(axis=0) / np.tile(of_day, 7)).tolist()
    level, error = [], []
    for d, w, x_t in zip(D, W, series.tolist(), strict=False):  # D and W grow meanwhile, and zip sees it
        error.append(x_t - S * d * w)
        S = alpha * x_t / (d * w) + (1 - alpha) * S
        D.append(delta * x_t / (S * w) + (1 - delta) * d)
        W.append(omega * x_t / (S * d) + (1 - omega) * w)
        level.append(S)
    return Smoothed(*map(np.array, (level, D, W, error)))


def forecasts(x: ArrayLike, weights: Weights, horizon: int = DAY) -> Array:
    """Return what is forecast after each value of x (N,), for 1 to ``horizon`` steps ahead: (N, horizon).

    x̂_t(k) = S_t D_{t-48+k} W_{t-336+k} + φ^k e_t, where e_t is the error of the parts before t at t.

    Raises:
        TypeError, ValueError: as ``smooth``, or the horizon is no whole number from 1 to 48.
    """
    _check_horizon(horizon)
    return _ahead(smooth(x, weights), weights, np.arange(len(np.asarray(x))), horizon)


def _check_horizon(horizon: int) -> None:
    if whole_number("horizon", horizon, 1) > DAY:
        raise ValueError(f"horizon must be from 1 to {DAY} steps, got {horizon}")


def _ahead(parts: Smoothed, weights: Weights, origins: Array, horizon: int) -> Array:
    k = np.arange(1, horizon + 1)
    t = origins[:, None]
    seasons = parts.day[t + k] * parts.week[t + k]
    ahead: Array = parts.level[t] * seasons + weights.error**k * parts.error[t]
    return ahead


def choose_weights(
    train: ArrayLike,
    horizon: int = DAY,
    start: Sequence[float] = (0.01, 0.3, 0.2, 0.95),
    tries: int = 120,
) -> Weights:
    """Return the weights with the smallest mean absolute error on a training part, over 1 to ``horizon`` steps ahead.

    Every fifth origin is looked at, from the third week on. Nelder and Mead's simplex searches, on the logits.

    Args:
        train: (N,), at least four weeks.
        horizon: 1 is what Taylor (2003) did; 48 judges the weights by what they are wanted for.
        start: where the search begins.
        tries: so many weights are tried, at the most.

    Raises:
        TypeError, ValueError: as ``forecasts``, there are fewer than four weeks, start is not four numbers between 0
            and 1, or tries no whole number above zero.
    """
    from scipy.optimize import minimize  # here: it takes a second to import, and only this needs it

    series = np.asarray(train, dtype=float)
    if series.ndim != 1 or len(series) < 4 * WEEK:
        raise ValueError(f"train must be (N,) with at least {4 * WEEK} values, got shape {series.shape}")
    _check_horizon(horizon)
    whole_number("tries", tries, 1)
    begin = np.asarray(start, dtype=float)
    if begin.shape != (len(Weights._fields),) or not ((begin > 0) & (begin < 1)).all():
        raise ValueError(
            f"start must be {len(Weights._fields)} numbers between 0 and 1, neither of them included, got {start!r}"
        )
    origins = np.arange(2 * WEEK, len(series) - horizon, 5)
    wanted = series[origins[:, None] + np.arange(1, horizon + 1)]

    def error(logits: Array) -> float:
        weights = Weights(*_sigmoid(logits))
        found = np.abs(_ahead(smooth(series, weights), weights, origins, horizon) - wanted).mean()
        return float(np.log(found)) if np.isfinite(found) else 100.0

    options = {"maxfev": tries, "xatol": 0.02, "fatol": 1e-4}
    found = minimize(error, np.log(begin / (1 - begin)), method="Nelder-Mead", options=options)
    return Weights(*(float(w) for w in _sigmoid(found.x)))


def _sigmoid(z: Array) -> Array:
    y: Array = 1 / (1 + np.exp(-z))
    return y
