"""Any series, such as a learner's own: the usual baselines, and an LSTM that corrects the best of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.series import Series
from lstm_lib.datasets.task import whole_number
from lstm_lib.experiments.baselines import autoregression, holt_winters, seasonal_naive
from lstm_lib.experiments.forecasting import (
    Corrector,
    Problem,
    Recipe,
    Scores,
    at,
    plain_forecast,
    score,
    standard,
    targets,
    train_corrector,
)

Array = NDArray[Any]


@dataclass
class Contest:
    """How some forecasts did on one series.

    Attributes:
        test: forecast -> its scores on the test part; MASE is scaled by the season.
        validation: the same on the validation part.
        best: the baseline with the lowest MAE on the validation part; the LSTM corrects it.
        corrector: the LSTM.
        origins: of the test part.
        quantiles: (n, K, Q) of the LSTM there. baseline: (n, K) of ``best`` there.
    """

    test: dict[str, Scores]
    validation: dict[str, Scores]
    best: str
    corrector: Corrector
    origins: Array
    quantiles: Array
    baseline: Array


def baselines(series: Series, season: int, horizon: int) -> dict[str, Array]:
    """Return the forecasts (N, horizon) of each baseline by name; those that need more training values are left out."""
    x, train = series.values, series.validation
    found = {"naive": seasonal_naive(x, 1, horizon)}
    if season > 1:
        found[f"seasonal naive ({season})"] = seasonal_naive(x, season, horizon)
    if train >= 2 * season + 8:
        found["Holt-Winters"] = holt_winters(x, train, season, horizon)
    lags = sorted({1, 2, 3, season, season + 1})
    if 2 * lags[-1] < train - 10:
        found["autoregression"] = autoregression(x, train, lags, horizon)
    return found


def correcting(series: Series, base: Array, season: int) -> Problem:
    """Return the problem of correcting a forecast (N, K) of any series.

    Known at each step: the value, its change since the step before and since a season ago, its place in the season.
    Known about a target: its place in the season, how far it is, the forecast, and the value a season before.
    """
    N, K = base.shape
    x, train, begin = series.values, series.validation, int(np.flatnonzero(np.isfinite(base).all(axis=1))[0])
    t, k = np.arange(N), np.arange(1, K + 1)
    target, size = t[:, None] + k, series.train.std()
    turn = 2 * np.pi / season
    inputs = [standard(x, train), (x - at(x, t - 1)) / size, (x - at(x, t - season)) / size]
    inputs += [np.sin(turn * t), np.cos(turn * t)]
    settled = np.nan_to_num(base, nan=float(series.train.mean()))
    last = at(x, target - season * -(-k // season))
    ahead = [np.sin(turn * target), np.cos(turn * target), k / K + 0 * target]
    ahead += [(settled - series.train.mean()) / size, (last - settled) / size]
    return Problem(
        np.stack(inputs, axis=1).astype(np.float32),
        np.stack(ahead, axis=2).astype(np.float32),
        settled,
        targets(x, K),
        max(begin, season),
        train,
        series.test,
    )


def contest(
    series: Series, season: int, horizon: int, seed: int = 0, steps: int = 60, progress: str | None = None
) -> Contest:
    """Let baselines and an LSTM forecast a series from a rolling origin.

    Args:
        series: with its three parts.
        season: in steps; 1 if there is none.
        horizon: steps ahead.
        seed: of the LSTM.
        steps: of its training; few, so that it takes seconds.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: the season or the horizon is no whole number from 1 on, or a part of the series is too
            short; the message says how many values are needed.
    """
    whole_number("season", season, 1)
    whole_number("horizon", horizon, 1)
    whole_number("steps", steps, 1)
    parts = {
        "training": (series.validation, 2 * season + 2 * horizon + 60),
        "validation": (series.test - series.validation, horizon + 10),
        "test": (len(series) - series.test, horizon + 10),
    }
    for name, (have, need) in parts.items():
        if have < need:
            raise ValueError(
                f"the {name} part has {have} values; season {season} and horizon {horizon} need at least {need}"
            )
    found = baselines(series, season, horizon)
    problems = {name: correcting(series, base, season) for name, base in found.items()}
    scores: dict[str, dict[str, Scores]] = {"validation": {}, "test": {}}
    for part, table in scores.items():
        for name, problem in problems.items():
            origins = problem.origins(part)
            table[name] = score(
                problem.wanted[origins], plain_forecast(problem, origins), series.train, season
            )
    best = min(scores["validation"], key=lambda name: scores["validation"][name].mae)
    problem = problems[best]
    available = len(problem.origins("train"))
    length = min(Recipe.length, max(20, available // 2))
    recipe = replace(Recipe(), steps=steps, length=length, warm_up=min(Recipe.warm_up, length // 4), every=3)
    corrector = train_corrector(problem, seed, recipe, progress)
    for part, table in scores.items():
        origins = problem.origins(part)
        quantiles = corrector.forecast(origins)
        table["LSTM on the best"] = score(problem.wanted[origins], quantiles, series.train, season)
    return Contest(
        scores["test"], scores["validation"], best, corrector, origins, quantiles, problem.base[origins]
    )
