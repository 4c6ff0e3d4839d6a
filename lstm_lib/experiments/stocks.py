"""The stock index: returns, which nothing forecasts, and volatility, which much does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.datasets.series import Series
from lstm_lib.experiments.forecasting import Problem, Recipe, standard, targets

Array = NDArray[Any]
#: Trading days in a week and in a month.
WEEK, MONTH = 5, 22
#: Chosen on the validation part of the volatility, seeds 100 to 102.
RECIPE = Recipe(
    hidden_size=16, length=250, warm_up=22, every=1, batch=8, steps=150, rate=0.005, weight_decay=0.1
)


def log_returns(series: Series) -> Array:
    """Return (N,) in per cent: 100 log(close / close of the day before); 0 on the first day."""
    close = np.log(series.values)
    return np.asarray(100 * np.diff(close, prepend=close[0]))


def log_volatility(series: Series) -> Array:
    """Return (N,): the logarithm of the day's volatility in per cent, from its highest and lowest value.

    σ² = (log(high / low))² / (4 log 2), the variance of a random walk with that range. Source: Parkinson (1980), "The
    extreme value method for estimating the variance of the rate of return".
    """
    spread = np.log(series.others["high"] / series.others["low"])
    return np.asarray(np.log(100 * spread / np.sqrt(4 * np.log(2))))


def means(values: ArrayLike, steps: int) -> Array:
    """Return (N,): the mean of a value and those before it, ``steps`` in all; of fewer at the beginning."""
    x = np.asarray(values, dtype=float)
    total = np.concatenate([[0.0], np.cumsum(x)])
    end = np.arange(1, len(x) + 1)
    begin = np.maximum(end - steps, 0)
    return np.asarray((total[end] - total[begin]) / (end - begin))


def har(series: Series, leverage: bool = True) -> Array:
    """Return (N,): the forecast of the next day's log volatility that a linear model makes after each day.

    It reads the volatility of the day, the mean of the week and of the month (Corsi 2009, "A simple approximate
    long-memory model of realized volatility"). With ``leverage`` it reads the return of the day, its negative part, and
    the mean negative part of the week: falling prices are followed by more volatility than rising ones. Fitted by
    least squares on the training part.
    """
    v, r = log_volatility(series), log_returns(series)
    columns = [np.ones(len(v)), v, means(v, WEEK), means(v, MONTH)]
    if leverage:
        falling = np.minimum(r, 0)
        columns += [r, falling, means(falling, WEEK)]
    x = np.stack(columns, axis=1)
    train = slice(MONTH, series.validation - 1)
    weights = np.linalg.lstsq(x[train], v[MONTH + 1 : series.validation], rcond=None)[0]
    forecast: Array = x @ weights
    return forecast


def volatility_problem(series: Series, corrects_har: bool = True) -> Problem:
    """Return the problem of the next day's log volatility: to correct ``har`` with leverage, or the training mean."""
    v, r, train = log_volatility(series), log_returns(series), series.validation
    base = har(series) if corrects_har else np.full(len(v), v[:train].mean())
    inputs = [v, means(v, WEEK), means(v, MONTH), r, np.minimum(r, 0)]
    known = standard(har(series), train) if corrects_har else np.ones(len(v))
    return _next_day(inputs, known, base, v, series)


def return_problem(series: Series) -> Problem:
    """Return the problem of the next day's return, in per cent; the base is the random walk's forecast, no change."""
    v, r = log_volatility(series), log_returns(series)
    return _next_day(
        [v, means(v, WEEK), r, means(r, WEEK), means(r, MONTH)], np.ones(len(r)), np.zeros(len(r)), r, series
    )


def _next_day(inputs: list[Array], known: Array, base: Array, values: Array, series: Series) -> Problem:
    columns = np.stack([standard(column, series.validation) for column in inputs], axis=1)
    return Problem(
        columns.astype(np.float32),
        known.astype(np.float32)[:, None, None],
        base[:, None],
        targets(values, 1),
        MONTH,
        series.validation,
        series.test,
    )


def explained(truth: ArrayLike, forecast: ArrayLike) -> float:
    """Return R² = 1 - Σ (y - f)² / Σ (y - mean y)²: 1 for a perfect forecast, 0 for the mean of the truth itself."""
    y, f = np.asarray(truth, dtype=float), np.asarray(forecast, dtype=float)
    if y.shape != f.shape or y.ndim != 1 or len(y) < 2:
        raise ValueError(
            f"truth and forecast must be (N,), at least two numbers each, got {y.shape} and {f.shape}"
        )
    spread = np.square(y - y.mean()).sum()
    if spread == 0:
        raise ValueError("truth must vary, it is constant")
    return float(1 - np.square(y - f).sum() / spread)
