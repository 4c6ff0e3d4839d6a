"""Pictures of series and of the forecast that fools."""

import numpy as np
import pytest

from lstm_lib.plots import forecasts

DAYS = np.datetime64("2014-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
VALUES = 10 + 5 * np.sin(np.arange(200) / 20)
PANELS = {"a series": (DAYS, VALUES, "MW"), "another": (DAYS[:150], VALUES[:150] ** 2, "°C")}
CUTS = [(100, 150), (80, 120)]
TRUTH = np.cumsum(np.tile([1.0, -0.5, 2.0, -1.5], 15)) + 50


def overview():
    return forecasts.overview(PANELS, CUTS, "Two series")


def rolling():
    return forecasts.rolling_origin(20, 8, 14, 4, [27, 30, 33, 37], "steps")


def shifted():
    return forecasts.shifted(
        TRUTH[1:], TRUTH[:-1], 10, title="One step behind", ylabel="points", xlabel="day"
    )


def test_series_are_drawn_with_their_parts():
    figure = overview()
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["a series", "another"]
    for ax, (_, values, unit), cut in zip(figure.axes, PANELS.values(), CUTS, strict=True):
        np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), values)
        assert ax.get_ylabel() == unit
        assert [text.get_text() for text in ax.texts] == ["train", "validation", "test"]
        edges = [patch.get_x() for patch in ax.patches]
        assert edges[2] - edges[0] == pytest.approx(cut[1])  # in days
        assert len({patch.get_hatch() for patch in ax.patches}) == 3
    assert figure.alt.startswith(
        "Two series. Line charts under one another. a series, in MW, 2014-01-01 to 2014-07-19"
    )
    assert "validation begins on 2014-04-11, the test part on 2014-05-31" in figure.alt


def test_an_origin_is_where_the_thin_line_ends_and_the_thick_one_begins():
    figure = rolling()
    thin = [
        line
        for line in figure.axes[0].get_lines()
        if line.get_linewidth() == 2 and len(line.get_xdata()) == 2
    ]
    thick = [line for line in figure.axes[0].get_lines() if line.get_linewidth() == 7]
    assert [line.get_xdata()[1] for line in thin] == [28, 31, 34, 38]  # the end of the origin's own step
    assert [list(line.get_xdata()) for line in thick] == [[28, 32], [31, 35], [34, 38], [38, 42]]
    assert "4 rows, for the origins 27, 30, 33, 37" in figure.alt
    assert "20 steps of training, 8 of validation, 14 of test" in figure.alt


def test_a_shifted_forecast_is_told_as_such():
    figure = shifted()
    far, near = figure.axes
    np.testing.assert_array_equal(far.get_lines()[1].get_ydata(), TRUTH[:-1])
    np.testing.assert_array_equal(near.get_lines()[0].get_ydata(), TRUTH[-10:])
    r2 = 1 - np.square(np.diff(TRUTH)).sum() / np.square(TRUTH[1:] - TRUTH[1:].mean()).sum()
    assert f"R² {r2:.3f}" in figure.alt
    assert "at 100% of all steps the forecast is the true value of the step before" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: forecasts.overview({}, [], "t"),
            "panels must be at least one, with cuts for each, got 0 and 0",
        ),
        (lambda: forecasts.overview(PANELS, CUTS[:1], "t"), "got 2 and 1"),
        (
            lambda: forecasts.overview({"a": (DAYS, VALUES, "MW")}, [(150, 100)], "t"),
            "cuts must lie inside 'a'",
        ),
        (
            lambda: forecasts.overview({"a": (DAYS, VALUES[:9], "MW")}, [(1, 2)], "t"),
            "must be 9 rising datetime64",
        ),
        (lambda: forecasts.overview({"a": (DAYS[::-1], VALUES, "MW")}, [(1, 2)], "t"), "rising datetime64"),
        (lambda: forecasts.overview({"a": (VALUES, VALUES, "MW")}, [(1, 2)], "t"), "datetime64, got float64"),
        (lambda: forecasts.overview({"a": (DAYS, VALUES * np.nan, "MW")}, [(1, 2)], "t"), "must be finite"),
        (lambda: forecasts.rolling_origin(0, 1, 1, 1, [1], "days"), "lengths must be above 0"),
        (lambda: forecasts.rolling_origin(5, 5, 5, 2, [], "days"), "origins some"),
        (lambda: forecasts.rolling_origin(5, 5, 5, 2, [13], "days"), "origins must be from 9 to 12, got"),
        (lambda: forecasts.rolling_origin(5, 5, 5, 2, [8], "days"), "origins must be from 9 to 12, got"),
        (
            lambda: forecasts.shifted([1, 2], [1], 2, title="t", ylabel="y", xlabel="x"),
            r"forecast must have shape \(2\)",
        ),
        (
            lambda: forecasts.shifted([1, 2], [1, 2], 3, title="t", ylabel="y", xlabel="x"),
            "close must be from 2 to 2",
        ),
        (
            lambda: forecasts.shifted(["a"], [1], 1, title="t", ylabel="y", xlabel="x"),
            "truth must be numbers",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_series_overview_looks():
    return overview()


@pytest.mark.mpl_image_compare
def test_rolling_origin_looks():
    return rolling()


@pytest.mark.mpl_image_compare
def test_shifted_forecast_looks():
    return shifted()
