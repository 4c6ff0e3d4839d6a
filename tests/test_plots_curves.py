"""Lines over a number."""

import numpy as np
import pytest

from lstm_lib import plots

X = np.arange(5)
LABELS = {"title": "Two lines", "xlabel": "step t", "ylabel": "h"}


def test_the_data_lands_in_the_axes():
    figure = plots.curves(X, {"up": X / 4, "flat": np.full(5, 0.25)}, **LABELS)
    (ax,) = figure.axes
    up, flat = ax.get_lines()
    assert np.allclose(up.get_xydata(), np.column_stack([X, X / 4]))
    assert np.allclose(flat.get_ydata(), 0.25)
    assert (ax.get_title("left"), ax.get_xlabel(), ax.get_ylabel()) == ("Two lines", "step t", "h")
    assert {text.get_text() for text in ax.texts} == {"up", "flat"}


def test_the_alt_text_says_where_each_line_goes():
    alt = plots.curves(X, {"up": 0.126 * X}, says="It rises.", **LABELS).alt
    assert alt == "Two lines. Line chart. h over step t from 0 to 4. up: from 0 to 0.5. It rises."
    assert "logarithmic" in plots.curves(X + 1, {"up": X + 1}, log=True, **LABELS).alt


def test_large_numbers_may_be_said_without_a_power_of_ten():
    alt = plots.curves(500 * X, {"up": 1234 * X}, say=plots.large, **LABELS).alt
    assert alt == "Two lines. Line chart. h over step t from 0 to 2,000. up: from 0 to 4,900."


def test_whole_steps_get_whole_ticks():
    figure = plots.curves(X, {"up": X}, **LABELS)
    ticks = figure.axes[0].get_xticks()
    assert np.array_equal(ticks, ticks.round())


@pytest.mark.parametrize(
    ("x", "ys", "message"),
    [
        (X, {}, "at least one line"),
        (X, {"short": X[:3]}, r"ys\['short'\] must have shape \(N,\) like x, got \(3,\) with x \(5,\)"),
        (np.zeros((2, 2)), {"square": np.zeros((2, 2))}, r"shape \(N,\)"),
        ([], {"empty": []}, r"shape \(N,\)"),
    ],
)
def test_bad_data_is_refused(x, ys, message):
    with pytest.raises(ValueError, match=message):
        plots.curves(x, ys, **LABELS)


@pytest.mark.mpl_image_compare
def test_curves_look():
    return plots.curves(X, {"up": X / 4, "down": 1 - X / 5, "flat": np.full(5, 0.25)}, **LABELS)


@pytest.mark.mpl_image_compare
def test_logarithmic_curves_look():
    return plots.curves(X, {"a tenth a step": 0.1**X}, log=True, **LABELS)
