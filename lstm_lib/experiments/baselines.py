"""Forecasts to be beaten, from a rolling origin: naive, seasonal naive, Holt and Winters', autoregression.

statsmodels chooses the parameters on the training part; what is forecast after each later value is worked out here, so
that ten thousand origins take no longer than one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from lstm_lib.datasets.task import whole_number
from lstm_lib.experiments.forecasting import at

Array = NDArray[Any]


def seasonal_naive(values: ArrayLike, season: int, horizon: int) -> Array:
    """Return (N, horizon): for each target the last known value at its place in the season; NaN where there is none.

    A season of 1 is the naive forecast, also called persistence: the last value for all steps.
    """
    x = _series(values, season, horizon)
    k = np.arange(1, horizon + 1)
    steps = np.arange(len(x))[:, None] + k - season * -(-k // season)  # so many seasons back that it is known
    return np.where(steps >= 0, at(x, steps), np.nan)


def holt_winters(values: ArrayLike, train: int, season: int, horizon: int) -> Array:
    """Return (N, horizon): exponential smoothing with a level and one season, added up (Holt 1957, Winters 1960).

    Args:
        values: (N,).
        train: so many first values choose the weights, by the error one step ahead.
        season: in steps; 1 is smoothing of the level alone.
        horizon: steps ahead.

    Raises:
        TypeError, ValueError: the values are not (N,) finite numbers, a number is no whole number above zero, or the
            training part has fewer than two seasons.
    """
    x = _series(values, season, horizon)
    whole_number("train", train, 1)
    if not 2 * season + 8 <= train <= len(x):
        raise ValueError(
            f"train must be from {2 * season + 8} to {len(x)} values, two seasons and more, got {train}"
        )
    shape: dict[str, Any] = {"trend": None, "initialization_method": "heuristic"}
    if season > 1:
        shape |= {"seasonal": "add", "seasonal_periods": season}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the search was not quite at its end
        chosen = ExponentialSmoothing(x[:train], **shape).fit().params
    alpha, gamma = float(chosen["smoothing_level"]), float(np.nan_to_num(chosen["smoothing_seasonal"]))
    level = float(chosen["initial_level"])
    seasons = [float(s) for s in chosen["initial_seasons"]] if season > 1 else [0.0]
    levels = np.empty(len(x))
    for n, (s, x_t) in enumerate(
        zip(seasons, x.tolist(), strict=False)
    ):  # seasons grows meanwhile, and zip sees it
        before, level = level, alpha * (x_t - s) + (1 - alpha) * level
        seasons.append(gamma * (x_t - before) + (1 - gamma) * s)
        levels[n] = level
    t, k = np.arange(len(x))[:, None], np.arange(horizon)
    forecast: Array = levels[:, None] + np.array(seasons)[t + 1 + k % season]
    return forecast


def autoregression(values: ArrayLike, train: int, lags: int | Sequence[int], horizon: int) -> Array:
    """Return (N, horizon): x_t = c + Σ φ_l x_{t-l}, used again on its own forecasts; before the longest lag NaN.

    Args:
        values: (N,).
        train: so many first values choose the coefficients, by least squares.
        lags: how many, or which ones.
        horizon: steps ahead.

    Raises:
        TypeError, ValueError: the values are not (N,) finite numbers, lags are no whole numbers above zero, each
            once, or the training part is not longer than twice the longest lag.
    """
    x = _series(values, 1, horizon)
    whole_number("train", train, 1)
    which = _lags(lags)
    if not which.size or which[0] < 1 or not 2 * which[-1] < train <= len(x):
        raise ValueError(
            f"lags must be from 1 to less than half of train, got {which.tolist()} with train {train}"
        )
    weights = np.asarray(AutoReg(x[:train], lags=which.tolist()).fit().params)
    longest = int(which[-1])
    known = np.full(
        (len(x), longest + horizon), np.nan
    )  # the last values before each origin, and room for what follows
    t = np.arange(len(x))[:, None] + np.arange(1 - longest, 1)
    known[:, :longest] = np.where(t >= 0, at(x, t), np.nan)
    for k in range(longest, longest + horizon):
        known[:, k] = weights[0] + known[:, k - which] @ weights[1:]
    return known[:, longest:]


def _lags(lags: int | Sequence[int]) -> NDArray[np.int64]:
    """Return the lags in order: 1 to so many, or those that are listed."""
    if isinstance(lags, str | float | np.floating) or not np.ndim(lags):
        return np.arange(1, whole_number("lags", lags, 1) + 1)
    listed = [whole_number("lags", lag, 1) for lag in lags]  # type: ignore[union-attr]
    if len(set(listed)) < len(listed):
        raise ValueError(f"lags must hold each lag once, got {listed}")
    return np.array(sorted(listed), dtype=np.int64)


def _series(values: ArrayLike, season: int, horizon: int) -> Array:
    try:
        x = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"values must be (N,) finite numbers, got {type(values).__name__} of others"
        ) from None
    whole_number("season", season, 1)
    whole_number("horizon", horizon, 1)
    if x.ndim != 1 or len(x) <= max(season, horizon) or not np.isfinite(x).all():
        raise ValueError(
            f"values must be (N,) finite numbers, more than the season and the horizon, got shape {x.shape}"
        )
    return x
