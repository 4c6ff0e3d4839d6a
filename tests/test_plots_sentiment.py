"""The pictures of lesson 14 made from scores."""

import numpy as np
import pytest

from lstm_lib.plots import sentiment

ROWS = {"counts": (0.774, 0.758, 0.790), "network": (0.776, 0.759, 0.791), "blend": (0.795, 0.779, 0.81)}
MATRIX = np.array([[80, 18, 2], [15, 120, 5], [1, 4, 15]])
CLASSES = ("rotten", "fresh", "plot")
BINS = {
    "one network": ([40, 60, 100], [0.55, 0.75, 0.95], [0.5, 0.68, 0.9]),
    "blend": ([30, 90], [0.6, 0.9], [0.62, 0.91]),
}
LOW, HIGH = {"dull": -8.5, "too": -6.0}, {"funny": 7.0, "fun": 5.5}
RUNGS = {1: [0.6, 0.8, 0.75], 2: [0.99, 0.97, 1.0], 8: [1.0, 1.0, 1.0]}


def test_intervals_are_drawn_where_they_are():
    figure = sentiment.intervals(ROWS, title="Scores", xlabel="part right", mark=("guessing", 0.7))
    lines = figure.axes[0].get_lines()
    spans = [tuple(line.get_xdata()) for line in lines[0:6:2]]
    assert spans == [(low, high) for _, low, high in ROWS.values()]
    assert [line.get_xdata()[0] for line in lines[1:6:2]] == [score for score, _, _ in ROWS.values()]
    assert len({line.get_marker() for line in lines[1:6:2]}) == 3  # known by more than colour
    assert lines[6].get_xdata()[0] == 0.7
    assert "counts: 0.774 (0.758 to 0.790); network: 0.776" in figure.alt
    assert "An upright line, guessing, at 0.700." in figure.alt


def test_weights_are_drawn_by_size_and_told_with_their_class():
    figure = sentiment.weight_bars(LOW, HIGH, names=("rotten", "fresh"), title="Words")
    left, right = figure.axes
    assert [bar.get_width() for bar in left.patches] == [8.5, 6.0]
    assert [bar.get_width() for bar in right.patches] == [7.0, 5.5]
    assert "for rotten: dull 8.5, too 6.0; for fresh: funny 7.0, fun 5.5." in figure.alt


def test_a_confusion_matrix_tells_counts_and_parts_of_rows():
    figure = sentiment.confusion(MATRIX, CLASSES, title="Mixed up")
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words[:4] == ["80", "80.0% of the row", "18", "18.0% of the row"]
    assert "true plot: 1 as rotten (5%), 4 as fresh (20%), 15 as plot (75%)." in figure.alt


def test_reliability_draws_part_right_over_confidence():
    figure = sentiment.reliability(BINS, title="Sure")
    diagonal, first, second = figure.axes[0].get_lines()
    assert (diagonal.get_xdata() == diagonal.get_ydata()).all()
    assert np.allclose(first.get_xydata(), np.column_stack(BINS["one network"][1:]))
    assert np.allclose(second.get_xydata(), np.column_stack(BINS["blend"][1:]))
    assert "one network: right 0.50 at 0.55, 0.68 at 0.75, 0.90 at 0.95; blend: right 0.62" in figure.alt


def test_rungs_show_every_seed_and_the_median():
    figure = sentiment.rungs(RUNGS, title="A rule", xlabel="adjectives")
    lines = figure.axes[0].get_lines()
    assert lines[0].get_ydata().tolist() == [0.6, 0.8, 0.75]
    assert list(lines[3].get_ydata()) == [0.75, 0.99, 1.0]
    assert "1: 0.6, 0.8, 0.75; 2: 0.99, 0.97, 1; 8: 1, 1, 1. Guessing: 0.5." in figure.alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sentiment.intervals({}, title="", xlabel=""), "rows must hold at least one score"),
        (
            lambda: sentiment.intervals({"a": (0.5, 0.6, 0.7)}, title="", xlabel=""),
            r"rows\['a'\] must be \(score, low, high\) from 0 to 1, in order, got \(0.5, 0.6, 0.7\)",
        ),
        (lambda: sentiment.intervals({"a": (0.5, 0.4)}, title="", xlabel=""), r"rows\['a'\] must be"),
        (lambda: sentiment.weight_bars({}, {}, names=("a", "b"), title=""), "at least one, got 0 and 0"),
        (lambda: sentiment.weight_bars(LOW, {"x": 1}, names=("a", "b"), title=""), "got 2 and 1"),
        (lambda: sentiment.weight_bars(HIGH, LOW, names=("a", "b"), title=""), "must be below 0"),
        (
            lambda: sentiment.confusion(MATRIX, ("a", "b"), title=""),
            r"matrix must be \(2, 2\).* got shape \(3, 3\)",
        ),
        (lambda: sentiment.confusion([[0, 0], [1, 1]], ("a", "b"), title=""), "with some in each row"),
        (lambda: sentiment.confusion([[2, -1], [1, 1]], ("a", "b"), title=""), "matrix must hold counts"),
        (lambda: sentiment.reliability({}, title=""), "rows must hold at least one model"),
        (
            lambda: sentiment.reliability({"a": ([1], [0.5, 0.6], [1])}, title=""),
            r"rows\['a'\] must be three arrays",
        ),
        (lambda: sentiment.reliability({"a": ([1], [0.5], [1.2])}, title=""), "parts from 0 to 1"),
        (lambda: sentiment.rungs({}, title="", xlabel=""), "values must hold at least one column"),
        (
            lambda: sentiment.rungs({1: []}, title="", xlabel=""),
            r"values\[1\] must be scores from 0 to 1, got \[\]",
        ),
        (lambda: sentiment.rungs({1: [1.5]}, title="", xlabel=""), r"got \[1.5\]"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.mpl_image_compare
def test_intervals_look():
    return sentiment.intervals(
        ROWS, title="Scores with intervals", xlabel="part right", mark=("guessing", 0.74)
    )


@pytest.mark.mpl_image_compare
def test_weight_bars_look():
    return sentiment.weight_bars(LOW, HIGH, names=("rotten", "fresh"), title="The strongest words")


@pytest.mark.mpl_image_compare
def test_confusion_looks():
    return sentiment.confusion(MATRIX, CLASSES, title="What is mixed up")


@pytest.mark.mpl_image_compare
def test_reliability_looks():
    return sentiment.reliability(BINS, title="Is it as sure as it may be?")


@pytest.mark.mpl_image_compare
def test_rungs_look():
    return sentiment.rungs(RUNGS, title="One example is no rule", xlabel="adjectives that were negated")
