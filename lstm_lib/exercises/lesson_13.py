"""The exercises of lesson 13: MASE, seasonal naive, a hunt for leaks, better lags, the pinball loss."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from lstm_lib.exercises.declare import Mistake, ValueExercise
from lstm_lib.exercises.forecast_steps import PINBALL, SCALED, SEASONAL

# 13.3

#: The recipes of the lesson that read the future.
LEAKY = "bdf"


def _letters(given: Any) -> str:
    """Return the letters of an answer in order, in small: "bdf" for "F, D, B" or ["B", "D", "F"]."""
    if isinstance(given, str):
        alone = re.findall(
            r"\b[a-f]\b", given.lower()
        )  # "Recipes B, D and F" holds more letters than it names
        parts: Iterable[str] = alone or (given if re.fullmatch(r"[a-fA-F\W_]+", given) else "?")
    elif isinstance(given, list | tuple | set | frozenset) and all(isinstance(part, str) for part in given):
        parts = "".join(given)
    else:
        raise ValueError("write the letters as text, such as 'ACE'")
    letters = sorted({letter.lower() for letter in parts if letter.isalnum() or letter == "?"})
    if not letters or not set(letters) <= set("abcdef"):
        raise ValueError("write some of the letters A to F, such as 'ACE'")
    return "".join(letters)


HUNT = ValueExercise(
    "13.3",
    "who reads the future?",
    "Which of the six recipes A to F know something that nobody knows at the origin? Write their letters as text.",
    right=LEAKY,
    read=_letters,
    mistakes=(
        Mistake("the honest ones", "ACE", "read the question again: which ones are asked for?"),
        Mistake("all", "ABCDEF", "some are honest: begin with A. Where does its window end?"),
        Mistake(
            "the calendar too",
            "BDEF",
            "is it known today whether tomorrow is a holiday?",
            when=lambda v: set(v) >= set("bdef") and not set(v) & set("ac"),
        ),
        Mistake(
            "A accused",
            "ABDF",
            "look again at A: the last step of a window is the origin itself. Is its value known?",
            when=lambda v: "a" in v and "c" not in v,
        ),
        Mistake(
            "C accused",
            "BCDF",
            "look again at C: what does it compute its mean from?",
            when=lambda v: "c" in v and not set(v) & set("ae"),
        ),
        Mistake(
            "C and E accused",
            "BCDEF",
            "some are honest. What is known of tomorrow's calendar, and what does C compute its mean from?",
            when=lambda v: "c" in v and "e" in v and v != "abcdef",
        ),
        Mistake(
            "A and C accused",
            "ABCDF",
            "A and C are honest. Is the value at the origin known? And from which years does C take its mean?",
            when=lambda v: "a" in v and "c" in v and "e" not in v,
        ),
        Mistake(
            "E accused",
            "BE",
            "a calendar is known years ahead. Compare it with F.",
            when=lambda v: "e" in v,
        ),
        Mistake(
            "scaler overlooked",
            "DF",
            "two found. One more reads the future in a way that hardly shows: it chooses numbers from all the series.",
            when=lambda v: v == "df",
        ),
        Mistake(
            "centred window overlooked",
            "BF",
            "two found. One more: a mean around a step has two sides.",
            when=lambda v: v == "bf",
        ),
        Mistake(
            "weather overlooked",
            "BD",
            "two found. One more: what stands in the file for tomorrow, and who knew it today?",
            when=lambda v: v == "bd",
        ),
        Mistake(
            "one of three", "D", "right as far as it goes, and there are more.", when=lambda v: v in (*"bdf",)
        ),
    ),
    hint="for each recipe: take one number that it uses, and ask on which day it is known.",
)

# 13.4

#: The lags of the lesson reach 207 MW on the validation part, the weekly naive forecast 212.
TO_BEAT, MOST_LAGS, LONGEST = 190.0, 12, 1344


@cache  # hints ask for it again
def _validation_error(lags: tuple[int, ...]) -> float:
    """Return the MAE in MW of an autoregression with these lags on the validation part of the demand of Victoria."""
    # here: statsmodels takes seconds to import, and only this check needs it
    from lstm_lib.datasets.series import load_demand
    from lstm_lib.experiments.baselines import autoregression
    from lstm_lib.experiments.forecasting import targets
    from lstm_lib.forecast_scores import mae

    series = load_demand()
    origins = range(series.validation - 1, series.test - 48)
    forecast = autoregression(series.values, series.validation, lags, 48)[origins]
    return mae(targets(series.values, 48)[origins], forecast)


def _lags(given: Any) -> tuple[int, ...]:
    if isinstance(given, int) and not isinstance(given, bool):
        given = [given]
    try:
        values = [int(lag) for lag in given if int(lag) == lag and not isinstance(lag, bool)]
    except (TypeError, ValueError):
        raise ValueError("write the lags as a list of whole numbers, such as [1, 2, 48]") from None
    if len(values) != len(list(given)) or not values:
        raise ValueError("write the lags as a list of whole numbers, such as [1, 2, 48]")
    return tuple(sorted(set(values)))


def _usable(lags: tuple[int, ...]) -> bool:
    return len(lags) <= MOST_LAGS and lags[0] >= 1 and lags[-1] <= LONGEST


BETTER_LAGS = ValueExercise(
    "13.4",
    "better lags",
    f"Find at most {MOST_LAGS} lags, none above {LONGEST}, for an autoregression with an MAE below {TO_BEAT:.0f} MW.",
    right=(1, 2, 336, 337, 338, 672, 673, 674),
    read=_lags,
    accept=lambda v: _usable(v) and _validation_error(v) < TO_BEAT,
    mistakes=(
        Mistake(
            "too many",
            tuple(range(1, 50)),
            f"at most {MOST_LAGS} lags are allowed.",
            when=lambda v: len(v) > MOST_LAGS,
        ),
        Mistake(
            "the future", (-1, 1, 48), "a lag of 0 or below is not in the past.", when=lambda v: v[0] < 1
        ),
        Mistake(
            "too long",
            (1, 336, 4000),
            f"the longest lag that is allowed is {LONGEST}, four weeks.",
            when=lambda v: v[-1] > LONGEST,
        ),
        Mistake(
            "no week",
            (1, 2, 3, 48, 49, 50),
            "a day ahead of a Sunday lies a Monday. Which lag knows of it?",
            when=lambda v: v[-1] < 330,
        ),
        Mistake(
            "no neighbours",
            (1, 48, 336),
            "a season's lag needs its neighbour, one step longer: x_t - x_{t-1} should be like x_{t-336} - x_{t-337}.",
            when=lambda v: not any(lag > 40 and lag + 1 in v for lag in v),
        ),
        Mistake(
            "those of the lesson",
            (1, 2, 48, 49, 336, 337),
            "these are the lesson's. Give the week a third neighbour, or let it see one week more.",
            when=lambda v: v == (1, 2, 48, 49, 336, 337),
        ),
        Mistake(
            "not yet",
            (1, 2, 48, 49, 144, 145, 288, 289, 336, 337, 338),
            "not yet. A third neighbour of the week? Two weeks ago? Lags between a day and a week tend to do harm.",
            when=lambda v: _usable(v) and _validation_error(v) >= TO_BEAT,
        ),
    ),
    hint="print the error of each try on the *validation* part, as the lesson's cell does.",
)

EXERCISES = [SCALED, SEASONAL, HUNT, BETTER_LAGS, PINBALL]
