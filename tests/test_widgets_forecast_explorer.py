"""The explorer of lesson 13: origin and horizon."""

import html

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib.widgets.forecast_explorer import ForecastExplorer

N, K = 400, 48
TIMES = np.datetime64("2014-11-01", "s") + np.arange(N) * np.timedelta64(1800, "s")
VALUES = 4500 + 800 * np.sin(np.arange(N) / 8)
ORIGINS = np.arange(100, 340, 12)
TARGETS = VALUES[ORIGINS[:, None] + np.arange(1, K + 1)]
QUANTILES = TARGETS[..., None] + np.array([-200.0, -100, 20, 100, 200])


@pytest.fixture
def explorer():
    return ForecastExplorer(TIMES, VALUES, ORIGINS, QUANTILES, TARGETS + 50)


@pytest.mark.parametrize(("origin", "horizon"), [(0, 48), (19, 48), (7, 2), (7, 20)])
def test_the_picture_follows_both_controls(explorer, origin, horizon):
    with explorer.one_picture():
        explorer.controls["origin"].value, explorer.controls["horizon"].value = origin, horizon
    past, truth, quantiles, baseline, when = explorer.at(origin, horizon)
    t = ORIGINS[origin]
    np.testing.assert_array_equal(past, VALUES[t - 95 : t + 1])
    np.testing.assert_array_equal(truth, VALUES[t + 1 : t + 1 + horizon])
    np.testing.assert_array_equal(quantiles, QUANTILES[origin, :horizon])
    np.testing.assert_array_equal(baseline, TARGETS[origin, :horizon] + 50)
    assert when == str(TIMES[t])[:16].replace("T", " ")
    words = html.unescape(explorer.summary.value)
    assert f"made {when} for {horizon} half hours" in words
    assert "LSTM 20.0, smoothing 50.0" in words
    assert html.escape(explorer.alt) in explorer.picture.value


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Line chart of demand in MW: a forecast made')
    assert bundle["text/plain"].startswith("ForecastExplorer, to be played with in JupyterLab. Line chart")


@pytest.mark.parametrize(
    ("control", "values"), [("origin", [1, 5, 9, 13, 17, 2]), ("horizon", [40, 30, 20, 10, 45, 35])]
)
def test_a_move_is_drawn_soon(explorer, control, values):
    assert picture_time(explorer.controls[control], values) < 0.1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            (TIMES, VALUES, ORIGINS, QUANTILES[..., 0], TARGETS),
            r"quantiles must be \(n, K, Q\), baseline \(n, K\), got",
        ),
        ((TIMES, VALUES, ORIGINS, QUANTILES, TARGETS[:, :5]), r"quantiles must be \(n, K, Q\), baseline"),
        (
            (TIMES[:5], VALUES, ORIGINS, QUANTILES, TARGETS),
            r"times and values must be \(N,\) and origins \(20,\)",
        ),
        ((TIMES, VALUES, ORIGINS[:5], QUANTILES, TARGETS), r"origins \(20,\), at least 2, got"),
        (
            (TIMES, VALUES, ORIGINS + 100, QUANTILES, TARGETS),
            "origins must be from 1 to 351, so that each has 48 steps",
        ),
        ((TIMES, VALUES, ORIGINS - 100, QUANTILES, TARGETS), "origins must be from 1 to 351"),
    ],
)
def test_arrays_that_do_not_fit_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        ForecastExplorer(*arguments)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"times": np.arange(len(TIMES))}, TypeError, r"times must be dates \(datetime64\), got int64"),
        ({"origins": ORIGINS + 0.5}, TypeError, "origins must be whole numbers, got float64"),
        ({"origins": ORIGINS[::-1]}, ValueError, "origins must rise, got"),
        ({"quantiles": QUANTILES[..., ::-1]}, ValueError, "quantiles must rise along their last axis: sort them"),
        ({"quantiles": QUANTILES[..., :1]}, ValueError, r"at least 2 steps and 2 levels, got shape \(20, 48, 1\)"),
        (
            {"quantiles": QUANTILES[:, :1], "baseline": TARGETS[:, :1]}, ValueError,
            r"at least 2 steps and 2 levels, got shape \(20, 1, ",
        ),
        ({"values": np.full(len(VALUES), np.nan)}, ValueError, "values must be finite numbers, got NaN"),
        ({"baseline": TARGETS * np.inf}, ValueError, "baseline must be finite numbers"),
        ({"past": 0}, ValueError, "past must be at least 1, got 0"),
        ({"past": 2.5}, TypeError, r"past must be a whole number, at least 1, got 2\.5"),
    ],
)  # fmt: skip
def test_what_cannot_be_explored_is_named(changed, error, words):
    given = {
        "times": TIMES,
        "values": VALUES,
        "origins": ORIGINS,
        "quantiles": QUANTILES,
        "baseline": TARGETS,
    }
    with pytest.raises(error, match=words):
        ForecastExplorer(**given | changed)
