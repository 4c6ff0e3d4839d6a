"""The pictures of lesson 09: the family, the growing cell, the scores, the cells side by side."""

import numpy as np
import pytest

from lstm_lib.plots import cousins
from lstm_lib.plots.figure import BLUE, RED

STEPS = np.arange(50, 501, 50)
CELLS = {"with": np.full(10, 2.0), "without": STEPS / 10}
FOUND = {
    "text": {"LSTM": [0.99, 1.0], "bare": [0.5, 0.6], "one bad": [0.4, 1.0]},
    "adding": {"LSTM": [0.97, 0.98], "bare": [0.95, 1.0], "one bad": [0.2, 0.9]},
}
CHANCE = {"text": 0.5, "adding": 0.15}


def test_the_family_marks_what_differs():
    figure = cousins.family(("LSTM", "coupled gates"))
    boxes = [t for t in figure.axes[0].texts if t.get_bbox_patch() is not None]
    assert [t.get_text() for t in boxes[:4]] == ["f: own gate", "i: own gate", "o: own gate", "x, h"]
    assert [t.get_text() for t in boxes[4:]] == ["f: own gate", "▸ 1 − f", "o: own gate", "x, h"]
    gru = cousins.family(("GRU",)).axes[0].texts
    assert "z: own gate" in [t.get_text() for t in gru]  # a gate with another letter is no other gate
    assert "coupled gates: how much is kept, f: own gate, how much is written, 1 − f" in figure.alt


def test_growth_draws_every_cell_on_logarithmic_axes():
    figure = cousins.growth(STEPS, CELLS, "It grows")
    ax = figure.axes[0]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    for line, values in zip(ax.get_lines(), CELLS.values(), strict=True):
        assert np.allclose(line.get_xydata(), np.column_stack([STEPS, values]))
    assert "It grows. Line chart" in figure.alt
    assert "with: from 2 to 2; without: from 5 to 50" in figure.alt
    large = cousins.growth([50, 2000], {"without": [33, 1330]}, "")
    assert "from step 50 to 2,000. without: from 33 to 1,300." in large.alt


def test_scores_show_every_run_and_mark_networks_that_fail():
    figure = cousins.scores(FOUND, CHANCE, {"LSTM": 1826, "bare": 1827, "one bad": 9})
    for ax, (task, rows) in zip(figure.axes, FOUND.items(), strict=True):
        half_way = (1 + CHANCE[task]) / 2
        dots = [line for line in ax.get_lines() if line.get_marker() in ("o", "D")]
        for line in dots:
            assert line.get_color() == (BLUE if line.get_marker() == "o" else RED)
            assert all((x > half_way) == (line.get_marker() == "o") for x in line.get_xdata())
        for k, values in enumerate(rows.values()):
            shown = [x for line in dots for x, y in line.get_xydata() if abs(y - k) < 0.3]
            assert sorted(shown) == sorted(values)
        assert ax.get_lines()[-1].get_xdata()[0] == CHANCE[task]
    assert [line.get_marker() for line in figure.axes[0].get_lines()[:-1]] == ["o", "D", "o", "D"]
    assert [t.get_text() for t in figure.legends[0].get_texts()] == [
        "a seed that learnt it",
        "a seed that failed: nearer to the dotted line than to 1",
    ]
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == [
        "LSTM (1,826)",
        "bare (1,827)",
        "one bad (9)",
    ]
    assert cousins.scores(FOUND, CHANCE, title="A title").alt.startswith("A title. Dot charts")
    assert "text, where 0.5 costs nothing: LSTM 0.99 to 1.00; bare 0.50 to 0.60, 2 of 2 failed" in figure.alt


def test_a_line_of_the_scores_has_a_name():
    figure = cousins.scores(FOUND, CHANCE, lines={"text": "grammar, no memory", "adding": "always 0.5"})
    assert [ax.texts[0].get_text() for ax in figure.axes] == ["grammar, no memory", "always 0.5"]
    assert "text, where 0.5 costs nothing (grammar, no memory): LSTM" in figure.alt


def an_explorer():
    t = np.arange(20)
    states = {"LSTM": t / 10, "GRU": 1 - 0.9**t}
    kept = {"LSTM": np.full(20, 0.95), "GRU": np.full(20, 0.9)}
    return cousins.side_by_side((t % 5 == 0) * 1.0, states, kept, 3.0, -1.0)


def test_cells_stand_side_by_side():
    figure = an_explorer()
    kept, states = figure.axes
    assert [segment[0, 0] for segment in states.collections[0].get_segments()] == [1, 6, 11, 16]
    assert np.allclose(kept.get_lines()[1].get_ydata(), 0.9)
    assert np.allclose(states.get_lines()[0].get_ydata(), np.arange(20) / 10)
    assert "bias 3, weight on h -1, grey lines: pulses of 1:" in figure.alt
    assert "LSTM: keeps 0.95, state 1.9; GRU: keeps 0.9, state 0.86" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: cousins.family(()), r"names must be among .*, got \[\]"),
        (lambda: cousins.family(("LSMT",)), r"names must be among .*, got \['LSMT'\]"),
        (lambda: cousins.growth([1], {}, ""), "cells must hold at least one network"),
        (
            lambda: cousins.growth([1, 2], {"a": [1]}, ""),
            r"cells\['a'\] must be \(N,\) like steps \(2,\), got \(1,\)",
        ),
        (lambda: cousins.growth([1, 2], {"a": [1, 0]}, ""), r"cells\['a'\] must be above zero, got 0\.0"),
        (lambda: cousins.growth([1], {"a": ["x"]}, ""), r"cells\['a'\] must be numbers, got \['x'\]"),
        (lambda: cousins.growth([1], {"a": [np.nan]}, ""), r"cells\['a'\] must be finite, got nan"),
        (lambda: cousins.scores({}, {}), r"found and chance must hold the same tasks, got \[\]"),
        (lambda: cousins.scores(FOUND, {"text": 0.5}), "found and chance must hold the same tasks"),
        (
            lambda: cousins.scores({"a": {"x": [1]}, "b": {"y": [1]}}, {"a": 0, "b": 0}),
            r"found\['b'\] must hold the networks \['x'\], got \['y'\]",
        ),
        (lambda: cousins.scores({"a": {"x": [2]}}, {"a": 0}), r"found\['a'\]\['x'\] must be \(S,\) parts"),
        (
            lambda: cousins.growth([], {"a": []}, ""),
            r"steps must be \(N,\) numbers above zero that rise, got \[\]",
        ),
        (lambda: cousins.growth([2, 1], {"a": [1, 1]}, ""), r"that rise, got \[2\.0, 1\.0\]"),
        (lambda: cousins.growth([0, 1], {"a": [1, 1]}, ""), r"above zero that rise, got \[0\.0, 1\.0\]"),
        (
            lambda: cousins.scores(FOUND, CHANCE, {"LSTM": 1}),
            r"sizes must hold the networks \['LSTM', 'bare', 'one bad'\], got \['LSTM'\]",
        ),
        (
            lambda: cousins.scores(FOUND, CHANCE, lines={"text": "walker"}),
            r"lines must hold the tasks \['text', 'adding'\], got \['text'\]",
        ),
        (
            lambda: cousins.side_by_side([1], *[{str(k): [1] for k in range(12)}] * 2, 1, 1),
            "states must hold at most 7 cells, got 12",
        ),
        (
            lambda: cousins.side_by_side([1], {"a": [1]}, {"b": [1]}, 1, 1),
            "states and kept must have the same names",
        ),
        (
            lambda: cousins.side_by_side([1], {"a": [1, 2]}, {"a": [1]}, 1, 1),
            r"must be \(T,\) like x, \(1,\)",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_family_looks():
    return cousins.family()


@pytest.mark.mpl_image_compare
def test_growth_looks():
    return cousins.growth(STEPS, CELLS, "Without a forget gate the cell grows")


@pytest.mark.mpl_image_compare
def test_scores_look():
    return cousins.scores(
        FOUND,
        CHANCE,
        {"LSTM": 1826, "bare": 1827, "one bad": 1828},
        "Each fails somewhere",
        {"text": "grammar, no memory", "adding": "always 0.5"},
    )


@pytest.mark.mpl_image_compare
def test_side_by_side_looks():
    return an_explorer()
