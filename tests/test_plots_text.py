"""Pictures of what a character model says: counts, prices, cuts, a cell over text."""

import numpy as np
import pytest

from lstm_lib.plots import text

COUNTS = np.array([[0, 2, 1], [3, 0, 0], [0, 0, 0]])
LINE = "To be,\nor not"
PRICES = {"LSTM": np.linspace(0.2, 5, 13), "pairs": np.linspace(6, 1, 13)}
CHANCES = np.array([0.05, 0.5, 0.25, 0.15, 0.05])
WAYS = {"as it is": CHANCES, "top 2": np.array([0, 2 / 3, 1 / 3, 0, 0])}
SCENE = "HAMLET\nAy, so.\nHORATIO\nMy lord?\n"
CELL = np.sin(np.arange(len(SCENE)))
NAME = np.array([c.isupper() for c in SCENE])


def test_pairs_show_every_count_and_the_sum_of_each_row():
    figure = text.pairs("a \n", COUNTS, title="What came after what")
    ax = figure.axes[0]
    assert [t.get_text() for t in ax.texts] == ["0", "2", "1", "3", "0", "0", "0", "0", "0"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "␣", "↵"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a: 3", "␣: 3", "↵: 0"]
    assert "after a: ␣ 2, ↵ 1; after ␣: a 3." in figure.alt


def test_surprise_draws_bars_and_crosses_over_the_characters():
    figure = text.surprise(LINE, PRICES, title="Guessing")
    ax = figure.axes[0]
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(PRICES["LSTM"])
    (crosses,) = ax.get_lines()
    assert np.allclose(crosses.get_ydata(), PRICES["pairs"])
    assert crosses.get_marker() == "x"
    assert "".join(t.get_text() for t in ax.get_xticklabels()) == "To␣be,↵or␣not"
    assert "Bars over the line “To be,↵or not”: bits for each character. LSTM: 2.60 on average" in figure.alt
    assert "most for t at 13 (5)" in figure.alt


def test_cuts_order_symbols_by_the_first_way_and_cross_what_is_gone():
    figure = text.cuts("ab cd", WAYS, title="Cut", most=4)
    top, bottom = figure.axes
    assert [bar.get_height() for bar in top.patches] == pytest.approx([0.5, 0.25, 0.15, 0.05, 0.05])
    assert [bar.get_height() for bar in bottom.patches] == pytest.approx([2 / 3, 1 / 3, 0, 0, 0])
    assert bottom.get_lines()[0].get_xdata().tolist() == [2, 3, 4]
    assert [t.get_text() for t in bottom.get_xticklabels()] == ["b", "␣", "c", "a", "rest"]
    assert "top 2: 2 of 5 left, b likeliest with 0.67" in figure.alt
    assert len(text.cuts("ab cd", WAYS, title="Cut").axes[0].patches) == 5  # no rest


def test_a_cell_is_traced_line_by_line_with_the_marked_places():
    figure = text.traced(SCENE, CELL, NAME, title="A cell", ylabel="state", label="capitals")
    assert len(figure.axes) == 4
    first = figure.axes[0]
    assert np.allclose(first.get_lines()[0].get_ydata(), CELL[:7])
    assert [line.get_color() for line in first.get_lines()[1:]] == ["#000000"]  # one underline
    assert "".join(t.get_text() for t in figure.axes[1].get_xticklabels()) == "Ay,␣so.↵"
    assert first.get_title(loc="right") == "shaded and underlined: capitals"
    on, off = CELL[NAME].mean(), CELL[~NAME].mean()
    assert f"shaded and underlined: capitals. On average {on:.2f} there and {off:.2f} elsewhere" in figure.alt
    assert "On average – there" in text.traced(SCENE, CELL, 0 * NAME, title="", ylabel="", label="").alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: text.pairs("", np.zeros((1, 1)), title=""), "symbols must be one at least"),
        (lambda: text.pairs("ab", COUNTS, title=""), r"counts must have shape \(2, 2\), got \(3, 3\)"),
        (lambda: text.pairs("a", [[-1]], title=""), "counts not below 0"),
        (lambda: text.surprise("", PRICES, title=""), "text must have 1 to 80 characters to be drawn, got 0"),
        (lambda: text.surprise("a" * 81, PRICES, title=""), "got 81"),
        (lambda: text.surprise("ab", PRICES, title=""), r"bits\['LSTM'\] must have shape \(2\), got \(13,\)"),
        (lambda: text.surprise("ab", {}, title=""), "bits must hold 1 to 3 models, got 0"),
        (
            lambda: text.surprise("ab", {"x": [1, -1]}, title=""),
            r"bits\['x'\] must not be below 0, got -1\.0",
        ),
        (lambda: text.cuts("ab", {}, title=""), "at least one way"),
        (
            lambda: text.cuts("ab", {"x": [0.5, 0.6]}, title=""),
            r"chances\['x'\] must be probabilities .* 1\.1",
        ),
        (lambda: text.cuts("ab", {"x": [1.5, -0.5]}, title=""), "must be probabilities"),
        (
            lambda: text.traced("a\n" * 9, np.zeros(18), np.zeros(18), title="", ylabel="", label=""),
            "8 lines",
        ),
        (
            lambda: text.traced("ab", [1], [0, 1], title="", ylabel="", label=""),
            r"values must have shape \(2\)",
        ),
        (lambda: text.traced("ab", [1, 2], [0], title="", ylabel="", label=""), r"inside must have shape"),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_text_pairs_look():
    return text.pairs("ab ", COUNTS, title="What came after what")


@pytest.mark.mpl_image_compare
def test_surprise_looks():
    return text.surprise(LINE, PRICES, title="Guessing a line")


@pytest.mark.mpl_image_compare
def test_cuts_look():
    return text.cuts("ab cd", WAYS, title="Two ways to choose", most=4)


@pytest.mark.mpl_image_compare
def test_traced_looks():
    return text.traced(SCENE, CELL, NAME, title="A cell over a scene", ylabel="state", label="capitals")
