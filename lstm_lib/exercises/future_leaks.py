"""Exercise 07.4: does a forecast made today move when the future is changed?"""

import math
from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray
Forecast = Callable[[Array], Array]


# Honest ones: step t reads x[: t + 1] alone.


def _mean_so_far(x: Array) -> Array:
    mean: Array = np.cumsum(x) / np.arange(1, len(x) + 1)
    return mean


def _yesterday(x: Array) -> Array:
    return np.concatenate([[0.0], x[:-1]])


def _nothing(x: Array) -> Array:
    return np.zeros(len(x))


def _on_even_days(x: Array) -> Array:
    return np.where(np.arange(len(x)) % 2 == 0, x, 0.0)


# And these read ahead, each in another way. fsum, since its result does not depend on the order, to the last bit.


def _tomorrow(x: Array) -> Array:
    return np.concatenate([x[1:], [0.0]])


def _two_days_ahead(x: Array) -> Array:
    return np.concatenate([x[2:], [0.0, 0.0]])


def _tomorrow_from_step_six_on(x: Array) -> Array:
    return np.where(np.arange(len(x)) < 6, x, _tomorrow(x))


def _smoothed(x: Array) -> Array:
    return np.convolve(x, np.ones(3) / 3, mode="same")


def _mean_taken_away(x: Array) -> Array:
    y: Array = x - math.fsum(x) / len(x)
    return y


def _divided_by_its_size(x: Array) -> Array:
    y: Array = x / math.sqrt(math.fsum(x**2) / len(x))
    return y


def _first_day_knows_the_last(x: Array) -> Array:
    return np.concatenate([x[-1:], x[1:]])


def _all_know_the_last(x: Array) -> Array:
    y: Array = x + x[-1]
    return y


def _hardly(x: Array) -> Array:
    y: Array = 10 + _mean_so_far(x) + 1e-8 * math.fsum(x)
    return y


def _forecasters(rng: np.random.Generator) -> Cases:
    def series() -> Array:
        return rng.normal(size=20) + rng.normal()

    zeros = series()
    zeros[9:] = 0.0
    return {
        "it reads the mean of the past": (_mean_so_far, series(), 7),
        "it reads the day before": (_yesterday, series(), 9),
        "it reads nothing": (_nothing, series(), 6),
        "it reads on even days": (_on_even_days, series(), 2 * int(rng.integers(2, 8))),
        "it reads the next day, on the first": (_tomorrow, series(), 0),
        "it reads two days ahead": (_two_days_ahead, series(), 6),
        "it begins to peek at this step": (_tomorrow_from_step_six_on, series(), 6),
        "it smooths, and the future is zero": (_smoothed, zeros, 8),
        "it takes the mean of all away": (_mean_taken_away, series(), 11),
        "it divides by the size of all": (_divided_by_its_size, series(), 12),
        "its first forecast reads the last day": (_first_day_knows_the_last, series(), 5),
        "all its forecasts read the last day": (_all_know_the_last, series(), 10),
        "it peeks a little": (_hardly, series(), 8),
    }


def _changed(x: Array, begin: int, stop: int | None = None) -> Array:
    other = x.copy()
    other[begin:stop] = 3.0 - 1.7 * other[begin:stop]
    return other


def _differ(a: Array, b: Array) -> bool:
    return not np.array_equal(a, b)


def _peeks(forecast: Forecast, x: Array, t: int) -> bool:
    return _differ(forecast(x)[: t + 1], forecast(_changed(x, t + 1))[: t + 1])


def _with_future(make: Callable[[Array], Array]) -> Callable[..., bool]:
    """Return an answer that puts something of its own in the place of the future."""

    def answer(forecast: Forecast, x: Array, t: int) -> bool:
        other = x.copy()
        other[t + 1 :] = make(x[t + 1 :])
        return _differ(forecast(x)[: t + 1], forecast(other)[: t + 1])

    return answer


def _in_place(forecast: Forecast, x: Array, t: int) -> bool:
    other = x
    other[t + 1 :] += 1.0
    return _differ(forecast(x)[: t + 1], forecast(other)[: t + 1])


FUTURE_LEAKS = FunctionExercise(
    "07.4",
    "a detector of leaks",
    "Write peeks(forecast, x, t): True if a forecast made at one of the steps 0 … t depends on what comes after t.",
    reference=_peeks,
    cases=_forecasters,
    mistakes=(
        Mistake(
            "the present is changed",
            lambda forecast, x, t: _differ(forecast(x)[: t + 1], forecast(_changed(x, t))[: t + 1]),
            "an honest forecaster is accused. At step t it may read x[t]. Where does the future begin?",
        ),
        Mistake(
            "all forecasts compared",
            lambda forecast, x, t: _differ(forecast(x), forecast(_changed(x, t + 1))),
            "honest forecasters are accused. Forecasts made after t may well move: which may not?",
        ),
        Mistake(
            "one forecast too many",
            lambda forecast, x, t: _differ(forecast(x)[: t + 2], forecast(_changed(x, t + 1))[: t + 2]),
            "an honest forecaster is accused: you compare one forecast too many. Which is the last that may not move?",
        ),
        Mistake(
            "one forecast too few",
            lambda forecast, x, t: _differ(forecast(x)[:t], forecast(_changed(x, t + 1))[:t]),
            "some get away. The forecast that is made at step t itself is not in your slice.",
        ),
        Mistake(
            "the forecast at t alone",
            lambda forecast, x, t: _differ(forecast(x)[t], forecast(_changed(x, t + 1))[t]),
            "one gets away: it peeks at an earlier step than t. Which forecasts had been made by then?",
        ),
        Mistake(
            "the last forecast alone",
            lambda forecast, x, t: _differ(forecast(x)[-1], forecast(_changed(x, t + 1))[-1]),
            "you compare the forecast made on the last day. It is allowed to move.",
        ),
        Mistake(
            "the next step alone",
            lambda forecast, x, t: _differ(
                forecast(x)[: t + 1], forecast(_changed(x, t + 1, t + 2))[: t + 1]
            ),
            "some get away: they read further ahead than one step. What else is future?",
        ),
        Mistake(
            "the last step alone",
            lambda forecast, x, t: _differ(forecast(x)[: t + 1], forecast(_changed(x, len(x) - 1))[: t + 1]),
            "some get away: they do not read as far ahead as the very last day. What else is future?",
        ),
        Mistake(
            "future set to zero",
            _with_future(np.zeros_like),
            "one gets away: its future was zero already. To cut it off, to zero it or to rescale it changes nothing.",
        ),
        Mistake(
            "future set to zero, and tolerant",
            lambda forecast, x, t: (
                not np.allclose(
                    forecast(x)[: t + 1], forecast(np.where(np.arange(len(x)) > t, 0.0, x))[: t + 1]
                )
            ),
            "two get away: one peeks less than np.allclose sees, and the other's future was cut off or zero already.",
        ),
        Mistake(
            "future turned round",
            _with_future(lambda future: future[::-1].copy()),
            "some get away: they read a sum of the future, which does not mind the order. Change the numbers.",
        ),
        Mistake(
            "future with another sign",
            _with_future(lambda future: -future),
            "some get away: a zero has no sign, and a square does not mind it. Change the size as well.",
        ),
        Mistake(
            "tolerant",
            lambda forecast, x, t: (
                not np.allclose(forecast(x)[: t + 1], forecast(_changed(x, t + 1))[: t + 1])
            ),
            "one gets away: it peeks only a little. np.allclose passes over differences of 1e-5; a leak is a leak.",
        ),
        Mistake(
            "in place",
            _in_place,
            "you change x itself, and then compare the changed series with itself. Make a copy first.",
        ),
        Mistake(
            "past changed",
            lambda forecast, x, t: _differ(forecast(x)[: t + 1], forecast(_changed(x, 0, t + 1))[: t + 1]),
            "you change the past. That the forecasts move then is what they are for.",
        ),
        Mistake(
            "answers turned round",
            lambda forecast, x, t: not _peeks(forecast, x, t),
            "every verdict is the wrong way round: True is for those that peek.",
        ),
        Mistake(
            "all of them must move",
            lambda forecast, x, t: bool(
                (forecast(x)[: t + 1] != forecast(_changed(x, t + 1))[: t + 1]).all()
            ),
            "some get away: not all of their forecasts peek. One that moves is enough.",
        ),
        Mistake(
            "everybody peeks",
            lambda forecast, x, t: True,
            "you accuse everybody, those who read nothing as well. What would an honest forecast do in your test?",
        ),
        Mistake(
            "nobody peeks",
            lambda forecast, x, t: False,
            "nobody is ever found. Print the two series whose forecasts you compare: do they differ after t?",
        ),
    ),
    hint="two series that agree up to t and differ after it; their forecasts up to t must then agree, too.",
)
