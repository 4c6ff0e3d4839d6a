"""Electricity demand, 48 half hours ahead: smoothing, a linear correction for each hour, and what the LSTM learns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from lstm_lib.datasets.series import Series
from lstm_lib.experiments.double_seasonal import DAY, WEEK, Weights, forecasts, smooth
from lstm_lib.experiments.forecasting import Problem, at, standard, targets

Array = NDArray[Any]
#: Past errors of the smoothing that the linear correction reads, in half hours before the origin.
LAGS = (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 36, 40, 48, 96, 144, 336)
#: Lags of the autoregression: the last values, and a day and a week ago, each with a neighbour.
AR_LAGS = (1, 2, 48, 49, 336, 337)
#: How strongly the linear correction is held near zero; chosen from 10, 100, 1000 and 10000 on the validation part.
PENALTY = 1000.0


def smoothed_problem(series: Series, weights: Weights) -> Problem:
    """Return the problem of correcting the double-seasonal smoothing.

    Known at each step: the smoothing's last error, the demand, the hour, the weekday, whether this is a working day and
    whether tomorrow is; the temperature of now and its change since yesterday, if the series has one. Known about a
    target: its hour, how far it is, whether its day is a working day, the same for yesterday and a week ago, the
    smoothing's errors of then, and the forecasts of others. The weather of the future is not known.
    """
    N, train = len(series), series.validation
    base, error = forecasts(series.values, weights), smooth(series.values, weights).error
    t, k = np.arange(N), np.arange(1, DAY + 1)
    target = t[:, None] + k  # (N, K)
    errors, demand, forecast = error / error[:train].std(), standard(series.values, train), base
    size = series.train.std()
    weekday = _weekday(series)
    workday = series.others.get("workday", (weekday < 5).astype(float))
    inputs = [errors, demand, *_turns(t, DAY), *_turns(weekday, 7), workday, at(workday, t + DAY)]
    inputs.append(at(workday, t + DAY - WEEK))
    ahead = [
        *_turns(target, DAY),
        *_turns(2 * target, DAY),
        k / DAY + 0 * target,
        weights.error**k + 0 * target,
    ]
    ahead += [at(workday, target - lag) for lag in (0, DAY, WEEK)]
    ahead += [at(errors, target - lag) for lag in (DAY, WEEK)]
    ahead += [(forecast - series.train.mean()) / size]
    ahead += [(at(series.values, target - lag) - forecast) / size for lag in (DAY, WEEK)]
    if "temperature" in series.others:
        warm = standard(series.others["temperature"], train)
        inputs += [warm, warm - at(warm, t - DAY)]
        ahead += [at(warm, target - lag) for lag in (DAY, WEEK)]
    return Problem(
        np.stack(inputs, axis=1).astype(np.float32),
        np.stack(ahead, axis=2).astype(np.float32),
        base,
        targets(series.values, DAY),
        2 * WEEK,
        train,
        series.test,
    )


def ridge_problem(series: Series, problem: Problem, penalty: float = PENALTY) -> Problem:
    """Return the same problem with a linear correction added to its base, which the targets then know of as well.

    For each half hour of the day in which a forecast is made there is a ridge regression of its own, fitted on the
    residuals of the training part at that half hour and the two before and after it.
    """
    x = np.concatenate([problem.inputs, _past(series, problem)], axis=1)
    t, train = np.arange(len(x)), problem.origins("train")
    correction = np.zeros_like(problem.base)
    for slot in range(DAY):
        apart = (train - slot) % DAY
        near = train[np.minimum(apart, DAY - apart) <= 2]
        model = Ridge(alpha=penalty).fit(x[near], problem.residual[near])
        correction[t % DAY == slot] = model.predict(x[t % DAY == slot])
    scale = problem.residual[train].std(axis=0)
    known = (correction / scale).astype(np.float32)[..., None]
    ahead = np.concatenate([problem.ahead, known], axis=2)
    return replace(problem, ahead=ahead, base=problem.base + correction)


def _past(series: Series, problem: Problem) -> Array:
    """Return (N, ·): the errors before each step and, where there is a temperature, that of the last two days."""
    t = np.arange(len(problem.inputs))[:, None]
    past = [at(problem.inputs[:, 0], t - np.array(LAGS))]
    if "temperature" in series.others:
        past.append(
            at(standard(series.others["temperature"], problem.validation), t - np.array([6, 12, 24, 36, 48]))
        )
    return np.concatenate(past, axis=1)


def _turns(steps: Array, season: int) -> tuple[Array, Array]:
    """Return where a step is in its season, as a point on a circle: the end lies beside the beginning."""
    angle = 2 * np.pi * (steps % season) / season
    return np.sin(angle), np.cos(angle)


def _weekday(series: Series) -> Array:
    """Return (N,): 0 for Monday to 6 for Sunday. The first of January 1970 was a Thursday."""
    return (series.times.astype("datetime64[D]").astype(int) + 3) % 7
