"""Pictures of how good forecasts are and where they fail."""

import numpy as np
import pytest

from lstm_lib.plots import forecast_errors

SCORES = {"naive": 317.4, "smoothing": 207.9, "LSTM": [176.0, 183.0, 178.0]}
DAYS = np.arange("2014-11-01", "2014-12-31", dtype="datetime64[D]")
ERRORS = 100 + 30 * np.cos(np.arange(60)) + np.where(np.arange(60) == 54, 500, 0)
QUANTILES = np.linspace(90, 120, 10)[:, None] + np.array([-10, -5, 0, 5, 10.0])
TRUTH = np.linspace(92, 112, 10)


def standings():
    return forecast_errors.standings(SCORES, title="Who wins", xlabel="MAE in MW, lower is better")


def worst():
    return forecast_errors.worst_days(
        DAYS, ERRORS, ERRORS + 20, {"2014-12-25": "Christmas"}, title="Holidays", ylabel="MAE in MW"
    )


def explorer():
    names = ("LSTM", "smoothing", "demand in MW")
    return forecast_errors.explorer(
        np.linspace(80, 90, 20), TRUTH, QUANTILES, TRUTH + 8, "2014-12-25 17:30", names, "half hours"
    )


def test_a_row_has_a_mark_for_each_seed():
    figure = standings()
    ax = figure.axes[0]
    marks = ax.get_lines()
    for k, values in enumerate(SCORES.values()):
        np.testing.assert_array_equal(marks[k].get_xdata(), np.atleast_1d(values))
        assert set(marks[k].get_ydata()) == {-k}
    assert marks[0].get_marker() != marks[2].get_marker()
    assert [text.get_text() for text in ax.texts] == ["317", "208", "179"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(SCORES)
    assert figure.alt == (
        "Who wins. Dot chart, a row for each name and a mark for each seed: MAE in MW, lower is better. "
        "naive 317; smoothing 208; LSTM 179 (176 to 183)."
    )
    parts = forecast_errors.standings({"LSTM": [0.004, 0.28]}, title="t", xlabel="x")
    assert parts.alt.endswith("LSTM 0.142 (0.004 to 0.280).")
    log = forecast_errors.standings({"a": 0.01}, title="t", xlabel="x", log=True)
    assert log.axes[0].get_xscale() == "log"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.500"),
        (3.8, "3.80"),
        (207.9, "208"),
        (0.01234, "0.0123"),
        (5635.1, "5635"),
        (52.0, "52.0"),
        (0.004, "0.004"),
        (-0.05, "-0.05"),
        (0.0, "0"),
        (99.96, "100"),
        (-99.96, "-100"),
        (99.94, "99.9"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert forecast_errors.number3(value) == text


def test_a_day_is_a_stem_and_the_worst_are_told():
    figure = worst()
    ax = figure.axes[0]
    stems, crosses = ax.get_lines()[:2]
    np.testing.assert_array_equal(stems.get_ydata(), ERRORS)
    np.testing.assert_array_equal(crosses.get_ydata(), ERRORS + 20)
    assert [text.get_text() for text in ax.texts] == ["Christmas"]
    assert "the worst: 2014-12-25 " in figure.alt
    assert "which is larger on 60 of the days" in figure.alt


def test_the_explorer_draws_past_truth_forecast_and_interval():
    figure = explorer()
    past, median, baseline, truth = figure.axes[0].get_lines()[:4]
    assert list(past.get_xdata())[-1] == 0
    np.testing.assert_array_equal(median.get_ydata(), QUANTILES[:, 2])
    np.testing.assert_array_equal(baseline.get_ydata(), TRUTH + 8)
    np.testing.assert_array_equal(truth.get_ydata(), TRUTH)
    error = np.abs(QUANTILES[:, 2] - TRUTH).mean()
    assert f"LSTM {forecast_errors.number3(error)}, smoothing 8.00" in figure.alt
    assert "made 2014-12-25 17:30 for 10 half hours" in figure.alt
    assert "100% of the true values lie in the interval" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: forecast_errors.standings({}, title="t", xlabel="x"),
            "scores must hold at least one row, got none",
        ),
        (
            lambda: forecast_errors.standings({"a": []}, title="t", xlabel="x"),
            r"scores\['a'\] must have shape",
        ),
        (
            lambda: forecast_errors.standings({"a": np.nan}, title="t", xlabel="x"),
            r"scores\['a'\] must be finite",
        ),
        (
            lambda: forecast_errors.worst_days(DAYS, ERRORS[:5], ERRORS, {}, title="t", ylabel="y"),
            "days must be 5 rising datetime64",
        ),
        (
            lambda: forecast_errors.worst_days(DAYS, ERRORS, ERRORS[:5], {}, title="t", ylabel="y"),
            r"other must have shape \(60\)",
        ),
        (
            lambda: forecast_errors.worst_days(
                DAYS, ERRORS, ERRORS, {"2014-01-01": "?"}, title="t", ylabel="y"
            ),
            "notes must be about days that are drawn, got '2014-01-01'",
        ),
        (
            lambda: forecast_errors.explorer([1], [1, 2], [[1, 2, 3]], [1, 2], "now", ("a", "b", "c")),
            r"quantiles must have shape \(2, any\)",
        ),
        (
            lambda: forecast_errors.explorer([1], [1], [[1, 2, 3]], [1, 2], "now", ("a", "b", "c")),
            r"baseline must have shape \(1\)",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_standings_look():
    return standings()


@pytest.mark.mpl_image_compare
def test_worst_days_look():
    return worst()


@pytest.mark.mpl_image_compare
def test_forecast_explorer_looks():
    return explorer()
