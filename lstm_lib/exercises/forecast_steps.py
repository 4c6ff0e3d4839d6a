"""Exercises 13.1, 13.2 and 13.5: the scaled error, the seasonal naive forecast, the pinball loss."""

import math
from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray

# 13.1


def mase(truth: Array, forecast: Array, train: Array, season: int) -> float:
    scale = np.abs(train[season:] - train[:-season]).mean()
    return float(np.abs(truth - forecast).mean() / scale)


def _mase_cases(rng: np.random.Generator) -> Cases:
    def series(n: int) -> Array:
        return 10 + np.cumsum(rng.normal(size=n)) + 5 * rng.random()

    return {
        "no season": (series(8), series(8), series(40), 1),
        "a season of 7": (series(7), series(7), series(60), 7),
        "a season of 12, a short forecast": (series(3), series(3), series(50), 12),
        "a forecast as long as the training part": (series(30), series(30), series(30), 4),
    }


def _scaled(error: Callable[..., float], scale: Callable[..., float]) -> Callable[..., float]:
    return lambda truth, forecast, train, season: float(error(truth, forecast) / scale(truth, train, season))


def _mae(truth: Array, forecast: Array) -> float:
    return float(np.abs(truth - forecast).mean())


def _naive(truth: Array, train: Array, season: int) -> float:
    return float(np.abs(train[season:] - train[:-season]).mean())


def _on_test(truth: Array, train: Array, season: int) -> float:
    lag = min(season, len(truth) - 1)
    return float(np.abs(truth[lag:] - truth[:-lag]).mean())


SCALED = FunctionExercise(
    "13.1",
    "the scaled error",
    "Write mase(truth, forecast, train, season): the MAE over that of the seasonal naive forecast within train.",
    reference=mase,
    cases=_mase_cases,
    mistakes=(
        Mistake(
            "scale of the test part",
            _scaled(_mae, _on_test),
            "the scale comes from the wrong part: a forecast would look better where the test part is wild. Which one?",
            more="only the numerator may know the truth of the test part.",
        ),
        Mistake(
            "season forgotten",
            lambda truth, forecast, train, season: (
                _mae(truth, forecast) / float(np.abs(np.diff(train)).mean())
            ),
            "the scale compares each value with the one just before it. How far back is the season?",
        ),
        Mistake(
            "squares",
            _scaled(lambda y, f: np.square(y - f).mean(), lambda y, x, m: np.square(x[m:] - x[:-m]).mean()),
            "MASE has absolute errors, above and below.",
        ),
        Mistake(
            "root of squares",
            _scaled(
                lambda y, f: np.sqrt(np.square(y - f).mean()),
                lambda y, x, m: np.sqrt(np.square(x[m:] - x[:-m]).mean()),
            ),
            "that is the scaled error with squares and roots, RMSSE. MASE has absolute errors.",
        ),
        Mistake(
            "squares above",
            _scaled(lambda y, f: np.sqrt(np.square(y - f).mean()), _naive),
            "the scale is right. What kind of mean error stands above it?",
        ),
        Mistake(
            "not scaled",
            lambda truth, forecast, train, season: _mae(truth, forecast),
            "the scale is missing.",
        ),
        Mistake(
            "upside down",
            lambda truth, forecast, train, season: 1 / mase(truth, forecast, train, season),
            "a better forecast must have a lower MASE.",
        ),
        Mistake(
            "no absolute values",
            _scaled(lambda y, f: np.mean(y - f), _naive),
            "errors above and below zero must not cancel.",
        ),
        Mistake(
            "no absolute values in the scale",
            _scaled(_mae, lambda y, x, m: np.mean(x[m:] - x[:-m])),
            "in the scale, changes up and down cancel.",
        ),
        Mistake(
            "absolute value of the mean",
            _scaled(lambda y, f: abs(np.mean(y - f)), _naive),
            "first the absolute value of each error, then the mean.",
        ),
        Mistake(
            "deviation as the scale",
            _scaled(_mae, lambda y, x, m: x.std()),
            "the scale is the error of a forecast, not the deviation of the values.",
        ),
        Mistake(
            "mean as the scale",
            _scaled(_mae, lambda y, x, m: np.abs(x).mean()),
            "the scale is the error of a forecast, not the size of the values.",
        ),
        Mistake(
            "percentage",
            lambda truth, forecast, train, season: float(np.abs((truth - forecast) / truth).mean()),
            "that is MAPE, the error as a part of each value. Here the whole error is divided by one number.",
        ),
        Mistake(
            "sum above",
            _scaled(lambda y, f: np.abs(y - f).sum(), _naive),
            "a mean stands below, and above there is a sum.",
        ),
        Mistake(
            "sum below",
            _scaled(_mae, lambda y, x, m: np.abs(x[m:] - x[:-m]).sum()),
            "a mean stands above, and below there is a sum.",
        ),
        Mistake(
            "sums",
            _scaled(lambda y, f: np.abs(y - f).sum(), lambda y, x, m: np.abs(x[m:] - x[:-m]).sum()),
            "the two parts differ in length: take means, not sums.",
        ),
        Mistake(
            "divided by the length of train",
            _scaled(_mae, lambda y, x, m: np.abs(x[m:] - x[:-m]).sum() / len(x)),
            "how many differences are there in the scale? Fewer than values.",
        ),
        Mistake(
            "a season too many",
            _scaled(_mae, lambda y, x, m: np.abs(x[m + 1 :] - x[: -m - 1]).mean()),
            "the scale compares values that are one step too far apart.",
        ),
        Mistake(
            "the season-th difference",
            _scaled(_mae, lambda y, x, m: np.abs(np.diff(x, n=m)).mean()),
            "np.diff with n takes differences of differences, n times. Wanted are values that lie a season apart.",
        ),
        Mistake(
            "the whole series",
            lambda truth, forecast, train, season: mase(
                truth, forecast, np.concatenate([train, truth]), season
            ),
            "the scale has seen the test part as well.",
        ),
        Mistake(
            "median",
            _scaled(lambda y, f: np.median(np.abs(y - f)), lambda y, x, m: np.median(np.abs(x[m:] - x[:-m]))),
            "means, not medians.",
        ),
        Mistake(
            "not averaged",
            lambda truth, forecast, train, season: (
                np.abs(truth - forecast) / np.abs(train[season:] - train[:-season]).mean()
            ),
            "that is one number for each step of the forecast. One number for all is wanted.",
        ),
        Mistake(
            "a value a season",
            _scaled(_mae, lambda y, x, m: np.abs(np.diff(x[::m])).mean()),
            "train[::season] keeps one value of each season. Every value has one that stands a season before it.",
        ),
        Mistake(
            "squares below",
            _scaled(_mae, lambda y, x, m: np.square(x[m:] - x[:-m]).mean()),
            "above stands a mean of absolute errors. What stands below?",
        ),
        Mistake(
            "root of squares below",
            _scaled(_mae, lambda y, x, m: np.sqrt(np.square(x[m:] - x[:-m]).mean())),
            "above stands a mean of absolute errors, and below a root of squares.",
        ),
        Mistake(
            "median below",
            _scaled(_mae, lambda y, x, m: np.median(np.abs(x[m:] - x[:-m]))),
            "above stands a mean, and below a median.",
        ),
        Mistake(
            "median above",
            _scaled(lambda y, f: np.median(np.abs(y - f)), _naive),
            "below stands a mean, and above a median.",
        ),
        Mistake(
            "wrapped around",
            _scaled(_mae, lambda y, x, m: np.abs(x - np.roll(x, m)).mean()),
            "np.roll brings the last values to the front, and compares the first ones with the end.",
        ),
    ),
    hint="two means of absolute values: of the forecast's errors, and of train[t] - train[t - season].",
)

# 13.2


def seasonal_naive(past: Array, season: int, horizon: int) -> Array:
    return past[-season:][np.arange(horizon) % season]


def _naive_cases(rng: np.random.Generator) -> Cases:
    def series(n: int) -> Array:
        return rng.normal(size=n) + np.arange(n)

    return {
        "a horizon below the season": (series(25), 7, 3),
        "the horizon is the season": (series(26), 5, 5),
        "a horizon beyond the season": (series(23), 4, 11),
        "no season": (series(9), 1, 4),
        "a past of one season": (series(6), 6, 9),
    }


def _clipped(past: Array, season: int, horizon: int) -> Array:
    return past[np.minimum(len(past) - season + np.arange(horizon), len(past) - 1)]


SEASONAL = FunctionExercise(
    "13.2",
    "the seasonal naive forecast",
    "Write seasonal_naive(past, season, horizon): for each step the last known value at its place in the season.",
    reference=seasonal_naive,
    cases=_naive_cases,
    mistakes=(
        Mistake(
            "beyond the end",
            lambda past, season, horizon: np.array([past[len(past) + k - season] for k in range(horizon)]),
            "right up to one season. Later, the value of a season before lies in the future itself. Go back further.",
            more="which multiple of the season brings step k back into the past?",
        ),
        Mistake(
            "cut short",
            lambda past, season, horizon: past[-season:][:horizon],
            "a horizon beyond the season gets too few values.",
        ),
        Mistake(
            "last value held",
            _clipped,
            "beyond one season it holds the last value. The season should begin again.",
        ),
        Mistake(
            "around from the front",
            lambda past, season, horizon: np.array([past[k - season] for k in range(horizon)]),
            "from k = season on, the index k - season is no longer negative. What does Python take then?",
        ),
        Mistake(
            "persistence",
            lambda past, season, horizon: np.full(horizon, past[-1]),
            "that repeats the last value. It is the season that is to be repeated.",
        ),
        Mistake(
            "a slice that ends at zero",
            lambda past, season, horizon: past[-season : -season + horizon],
            "where horizon reaches the season, the slice ends at 0, and that is the *front* of the array. Use indices.",
        ),
        Mistake(
            "one value of a season ago",
            lambda past, season, horizon: np.full(horizon, past[-season]),
            "right for the first step. The second repeats the value after that one, and so on.",
        ),
        Mistake(
            "the beginning of the past",
            lambda past, season, horizon: np.resize(past, horizon),
            "that repeats the past from its beginning. Take the last season of it first.",
        ),
        Mistake(
            "one step late",
            lambda past, season, horizon: past[-season:][(np.arange(horizon) + 1) % season],
            "one step off: the first forecast is for the step after the past. Which value is a season before *that*?",
        ),
        Mistake(
            "one step early",
            lambda past, season, horizon: past[-season:][(np.arange(horizon) - 1) % season],
            "one step off: the first forecast repeats the last value, not that of a season before.",
        ),
        Mistake(
            "a slice that ends one too early",
            lambda past, season, horizon: np.resize(past[-season - 1 : -1], horizon),
            "the season that is repeated ends one step too early: the last known value belongs to it.",
            more="which slice ends with the last value of an array?",
        ),
        Mistake(
            "a season that lost its last value",
            lambda past, season, horizon: np.resize(past[-season:-1] if season > 1 else past[-1:], horizon),
            "the slice stops before the last known value, so the season is a step too short.",
        ),
        Mistake(
            "whole seasons only",
            lambda past, season, horizon: np.tile(past[-season:], horizon // season),
            "horizon // season rounds down: what is left of the horizon gets no values.",
        ),
        Mistake(
            "first season",
            lambda past, season, horizon: past[:season][np.arange(horizon) % season],
            "that is the oldest season, the *last* one is wanted.",
        ),
        Mistake(
            "backward",
            lambda past, season, horizon: past[::-1][np.arange(horizon) % season],
            "the season runs backward.",
        ),
        Mistake(
            "each value repeated",
            lambda past, season, horizon: np.repeat(past[-season:], -(-horizon // season))[:horizon],
            "np.repeat repeats each value in its place. The whole season is to be repeated.",
        ),
        Mistake(
            "not cut",
            lambda past, season, horizon: np.tile(past[-season:], -(-horizon // season)),
            "the values are right, and there are too many of them.",
        ),
        Mistake(
            "mean of the season",
            lambda past, season, horizon: np.full(horizon, past[-season:].mean()),
            "that is the mean of the last season. Its shape is wanted.",
        ),
        Mistake(
            "mean of all seasons",
            lambda past, season, horizon: np.array(
                [past[(len(past) + k) % season :: season].mean() for k in range(horizon)]
            ),
            "that is the mean over all seasons of the past. Naive means: the last one.",
        ),
        Mistake(
            "two seasons ago",
            lambda past, season, horizon: past[(len(past) - 2 * season) % len(past) :][
                np.arange(horizon) % season
            ],
            "that season is older than it has to be.",
        ),
        Mistake(
            "drift",
            lambda past, season, horizon: seasonal_naive(past, season, horizon) + past[-1] - past[-season],
            "nothing is to be added: the values themselves.",
        ),
        Mistake(
            "horizon values from the end",
            lambda past, season, horizon: past[-min(horizon, len(past)) :],
            "the last values up to the horizon are taken. How many belong to one season?",
        ),
        Mistake(
            "only the last step",
            lambda past, season, horizon: seasonal_naive(past, season, horizon)[-1],
            "all steps from 1 to the horizon are wanted.",
        ),
    ),
    hint="take the last season, and number the steps within it: k modulo the season.",
)

# 13.5


def pinball(y: Array, q: Array, tau: float) -> float:
    return float(np.where(y >= q, tau * (y - q), (1 - tau) * (q - y)).mean())


def _pinball_cases(rng: np.random.Generator) -> Cases:
    def pair(n: int) -> tuple[Array, Array]:
        y = rng.normal(size=n)
        return y, y + np.where(np.arange(n) % 3, 1, -1) * rng.uniform(0.3, 1.5, n)

    return {
        "a low quantile": (*pair(20), 0.1),
        "a high quantile": (*pair(15), 0.8),
        "the median": (*pair(12), 0.5),
        "all above": (5 + rng.random(8), rng.random(8), 0.3),
        "all below": (rng.random(8), 5 + rng.random(8), 0.3),
    }


PINBALL = FunctionExercise(
    "13.5",
    "the pinball loss",
    "Write pinball(y, q, tau): the mean of τ (y - q) where y is above q, and of (1 - τ)(q - y) where it is below.",
    reference=pinball,
    cases=_pinball_cases,
    mistakes=(
        Mistake(
            "tau and 1 - tau swapped",
            lambda y, q, tau: pinball(y, q, 1 - tau),
            "the two weights are exchanged. For τ = 0.9, which side must be costly?",
            more="a quantile of 0.9 should have few values above it: what lies above is to cost more.",
        ),
        Mistake(
            "sign forgotten below",
            lambda y, q, tau: float(np.where(y >= q, tau * (y - q), (1 - tau) * (y - q)).mean()),
            "a loss can never be below zero. Look at the second branch.",
        ),
        Mistake(
            "minimum, or np.where with its condition turned",
            lambda y, q, tau: float(np.minimum(tau * (y - q), (tau - 1) * (y - q)).mean()),
            "a loss below zero: is the condition turned, or the smaller of the two taken?",
        ),
        Mistake(
            "the larger of two means",
            lambda y, q, tau: float(max((tau * (y - q)).mean(), ((tau - 1) * (y - q)).mean())),
            "first the larger of the two for *each* value, then the mean. The mean of all comes last.",
        ),
        Mistake(
            "absolute error",
            lambda y, q, tau: float(np.abs(y - q).mean()),
            "that does not know τ: both sides cost the same.",
        ),
        Mistake(
            "tau times the absolute error",
            lambda y, q, tau: float(tau * np.abs(y - q).mean()),
            "above it is right. Below, the weight is another.",
        ),
        Mistake(
            "y and q exchanged",
            lambda y, q, tau: float(np.maximum(tau * (q - y), (1 - tau) * (q - y)).mean()),
            "y and q have changed places somewhere, and a loss comes out below zero.",
        ),
        Mistake(
            "1 - tau for tau - 1",
            lambda y, q, tau: float(np.maximum(tau * (y - q), (1 - tau) * (y - q)).mean()),
            "in the form with the maximum the second line goes down: its slope is below zero.",
        ),
        Mistake(
            "nothing below",
            lambda y, q, tau: float(np.maximum(tau * (y - q), 0).mean()),
            "a value below the quantile costs something, too.",
        ),
        Mistake(
            "nothing above",
            lambda y, q, tau: float(np.maximum((tau - 1) * (y - q), 0).mean()),
            "a value above the quantile costs something, too.",
        ),
        Mistake("sum", lambda y, q, tau: pinball(y, q, tau) * len(y), "the mean is wanted, not the sum."),
        Mistake(
            "not averaged",
            lambda y, q, tau: np.where(y >= q, tau * (y - q), (1 - tau) * (q - y)),
            "that is the loss of each value. One number is wanted, their mean.",
        ),
        Mistake(
            "twice",
            lambda y, q, tau: 2 * pinball(y, q, tau),
            "twice too large: with τ = 0.5 half the absolute error is what the definition gives.",
        ),
        Mistake(
            "squares",
            lambda y, q, tau: float(np.where(y >= q, tau * (y - q) ** 2, (1 - tau) * (q - y) ** 2).mean()),
            "with squares it is the expectile that is found. The distance itself is weighted here.",
        ),
        Mistake(
            "part below",
            lambda y, q, tau: float((y <= q).mean()),
            "that is how often y lies below q, the coverage. The loss also knows how far.",
        ),
        Mistake(
            "median of the losses",
            lambda y, q, tau: float(np.median(np.where(y >= q, tau * (y - q), (1 - tau) * (q - y)))),
            "the mean, not the median.",
        ),
        Mistake(
            "root",
            lambda y, q, tau: math.sqrt(pinball(y, q, tau)),
            "there is no root in it.",
        ),
    ),
    hint="two cases: np.where(y >= q, …, …), or the maximum of two lines, τ (y - q) and (τ - 1)(y - q).",
)
