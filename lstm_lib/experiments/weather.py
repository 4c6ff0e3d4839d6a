"""The temperature of the next seven days: what the time of the year says, and what the last days add."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from lstm_lib.datasets.series import Series
from lstm_lib.experiments.forecasting import Problem, Recipe, at, standard, targets

Array = NDArray[Any]
HORIZON = 7
#: Days that the linear forecast looks back, and how strongly it is held near zero; chosen on the validation part.
LOOK_BACK, PENALTY = 10, 100.0
#: A small network: there are two years of days. Chosen on the validation part, seeds 100 to 102.
RECIPE = Recipe(
    hidden_size=16, length=120, warm_up=14, every=1, batch=8, steps=200, rate=0.01, weight_decay=0.1
)


def season_of_year(series: Series) -> Array:
    """Return (N, 4): the day of the year as two waves, one turn and two turns a year."""
    day = (series.times - series.times.astype("datetime64[Y]")).astype("timedelta64[D]").astype(int)
    turn = 2 * np.pi * day / 365.25
    return np.stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)], axis=1)


def climatology(series: Series) -> Array:
    """Return (N + 7,): what to expect at that time of the year, also 7 days after the end; from the training part."""
    waves = season_of_year(series)
    waves = np.concatenate(
        [waves, waves[-365 : -365 + HORIZON]]
    )  # the days after the end, as they were a year before
    columns = np.concatenate([np.ones((len(waves), 1)), waves], axis=1)
    train = slice(series.validation)
    weights = np.linalg.lstsq(columns[train], series.values[train], rcond=None)[0]
    expected: Array = columns @ weights
    return expected


def weather_problem(series: Series) -> Problem:
    """Return the problem of correcting the climatology of the next seven days.

    Known at each day: how far its maximum is from the climatology, its minimum, rain, wind, and the time of the year.
    Known about a target: how far it is, and the time of the year.
    """
    N, train, expected = len(series), series.validation, climatology(series)
    t, k = np.arange(N), np.arange(1, HORIZON + 1)
    waves = season_of_year(series)
    anomaly = (series.values - expected[:N]) / (series.values - expected[:N])[:train].std()
    others = [standard(series.others[name], train) for name in ("minimum", "wind")]
    rain = standard(np.log1p(series.others["precipitation"]), train)
    inputs = np.column_stack([anomaly, *others, rain, waves[:, :2]])
    far = np.broadcast_to(np.stack([k / HORIZON, 0.6**k], axis=1), (N, HORIZON, 2))
    ahead = np.concatenate([far, np.broadcast_to(waves[:, None, :2], (N, HORIZON, 2))], axis=2)
    return Problem(
        inputs.astype(np.float32),
        ahead.astype(np.float32),
        expected[t[:, None] + k],
        targets(series.values, HORIZON),
        LOOK_BACK,
        train,
        series.test,
    )


def ridge_forecast(problem: Problem, look_back: int = LOOK_BACK, penalty: float = PENALTY) -> Array:
    """Return (N, 7): the climatology with a linear correction from the inputs of the last days, one for each target."""
    t, train = np.arange(len(problem.inputs)), problem.origins("train")
    x = np.concatenate([at(problem.inputs, t - lag) for lag in range(look_back)], axis=1)
    model = Ridge(alpha=penalty).fit(x[train], problem.residual[train])
    forecast: Array = problem.base + model.predict(x)
    return forecast
