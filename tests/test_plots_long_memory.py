"""The pictures of lesson 06."""

import numpy as np
import pytest

from lstm_lib.plots import long_memory


def pairs():
    rng = np.random.default_rng(0)
    values = np.stack([rng.uniform(-1, 1, 40), np.zeros(40)], axis=1)
    values[[0, -1], 1] = -1
    values[[3, 17], 1] = 1
    values[3, 0], values[17, 0] = -0.625, 0.75
    return values


def some_runs():
    seen = np.arange(100, 3001, 100)
    return {
        "LSTM, chrono": (seen[:18], 0.2 * 0.8 ** np.arange(18)),
        "LSTM": (seen, np.full(30, 0.18)),
        "RNN": (seen, np.full(30, 0.17)),
    }


def a_learning():
    return long_memory.learning(
        some_runs(), title="One of three learns", solved=["LSTM, chrono"], level=0.01, level_name="criterion"
    )


def a_running_sum():
    total = np.zeros((30, 3))
    total[5:] += [0.5, -0.25, 0.75]
    total[15:] += [0.25, 0.5, -1.0]
    return long_memory.running_sum(total, total + 0.05, 7)


PAPER = {"1 embedded Reber": 8440, "4 adding T=100": 74_000, "4 adding T=2000": 0}
FOUND = {
    "RNN": {"1 embedded Reber": ([15_000, 12_000], 3), "4 adding T=100": ([], 3)},
    "LSTM, chrono": {
        "1 embedded Reber": ([3000, 2500, 2800], 3),
        "4 adding T=100": ([16_000, 20_000, 18_000], 5),
        "4 adding T=2000": ([], 2),
    },
}


def a_comparison():
    return long_memory.beside_the_paper(PAPER, FOUND)


def test_the_marked_numbers_stand_out():
    figure = long_memory.marked_pairs(pairs(), 0.53)
    (ax,) = figure.axes
    assert np.allclose(ax.get_lines()[-1].get_xydata(), [(4, -0.625), (18, 0.75)])
    assert "-0.62 at step 4 and +0.75 at step 18" in figure.alt
    assert "The answer, 0.53, is wanted at step 40, 22 steps after the last mark" in figure.alt


def test_a_curve_ends_where_its_run_ended():
    figure = a_learning()
    (ax,) = figure.axes
    assert ax.get_yscale() == "log"
    named = {line.get_label(): line.get_xydata() for line in ax.get_lines()}
    assert len(named["_LSTM, chrono"]) == 18
    assert [text.get_text() for text in ax.texts if "chrono" in text.get_text()] == ["LSTM, chrono"]
    assert np.allclose(named["LSTM"][-1], (3000, 0.18))
    assert "LSTM, chrono: error from 0.2 to 0.0045, solved after 1,800 sequences" in figure.alt
    assert "RNN: error from 0.17 to 0.17, not solved after 3,000 sequences" in figure.alt
    assert "A line across at 0.01: criterion" in figure.alt


def test_the_cell_is_drawn_beside_the_sum():
    figure = a_running_sum()
    assert len(figure.axes) == 3
    for b, ax in enumerate(figure.axes):
        true, cell = (line.get_ydata() for line in ax.get_lines()[:2])
        assert np.allclose(cell - true, 0.05)
        assert ax.get_title() == f"sequence {b + 1}" or ax.get_title("left") == f"sequence {b + 1}"
    assert "sequence 3: sum -0.25, cell -0.20" in figure.alt


def test_every_run_that_succeeded_is_a_mark():
    figure = a_comparison()
    (ax,) = figure.axes
    points = [
        tuple(p) for line in ax.get_lines() for p in np.asarray(line.get_xydata()) if line.get_ls() == "None"
    ]
    xs = sorted(x for x, _ in points)
    assert xs == sorted([8440, 74_000, 15_000, 12_000, 3000, 2500, 2800, 16_000, 20_000, 18_000])
    assert [label.get_text() for label in ax.get_yticklabels()] == list(PAPER)
    assert "1 embedded Reber: paper 8,440, RNN 2/3 (13,500), LSTM, chrono 3/3 (2,767)" in figure.alt
    assert "4 adding T=100: paper 74,000, RNN 0/3, LSTM, chrono 3/5 (18,000)" in figure.alt
    assert [text.get_text() for text in ax.texts] == ["no run succeeded"]
    assert "4 adding T=2000: LSTM, chrono 0/2" in figure.alt


def an_adding():
    gate = np.full(40, 0.02)
    gate[[3, 17]] = 0.5
    total = np.cumsum(pairs()[:, 0] * (pairs()[:, 1] == 1))
    return long_memory.adding(pairs(), gate, total * 0.9, 0.531, 5, scaled=True)


def test_the_way_of_a_cell_through_a_sequence():
    figure = an_adding()
    numbers, gate, cell = figure.axes
    assert "answers 0.53, the target is 0.53: right" in numbers.get_title("left")
    assert np.allclose(cell.get_lines()[0].get_ydata()[[0, 10, -1]], [0, -0.625, 0.125])
    assert gate.get_ylim()[0] == 0
    assert "input gate of cell 5: 0.5 at the marks, 0.02 on average elsewhere" in figure.alt
    assert "The true sum ends at +0.12; the cell ends at +0.11 on the scale of the sum" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: long_memory.marked_pairs(np.zeros((5, 3)), 0),
            r"pairs must have shape \(T, 2\), got \(5, 3\)",
        ),
        (lambda: long_memory.marked_pairs(np.zeros((5, 2)), 0), "at least one marker of 1, got none"),
        (lambda: long_memory.learning({}, title="", solved=[]), "runs must hold every name of solved"),
        (lambda: long_memory.learning(some_runs(), title="", solved=["GRU"]), r"got .* and \['GRU'\]"),
        (
            lambda: long_memory.learning({"a": ([1, 2], [1])}, title="", solved=[]),
            r"runs\['a'\] must be two arrays \(N,\), got \(2,\) and \(1,\)",
        ),
        (
            lambda: long_memory.running_sum(np.zeros((3, 2)), np.zeros((3, 1)), 0),
            r"got \(3, 2\) and \(3, 1\)",
        ),
        (
            lambda: long_memory.adding(np.zeros((4, 2)), np.zeros(3), np.zeros(4), 0.5, 1, scaled=True),
            r"gate and cell \(T,\), got \(4, 2\), \(3,\), \(4,\)",
        ),
        (lambda: long_memory.beside_the_paper({}, {}), "networks among"),
        (lambda: long_memory.beside_the_paper(PAPER, {"LSMT": {}}), r"got \['LSMT'\]"),
    ],
)
def test_bad_input(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_marked_pairs_look():
    return long_memory.marked_pairs(pairs(), 0.53)


@pytest.mark.mpl_image_compare
def test_learning_looks():
    return a_learning()


@pytest.mark.mpl_image_compare
def test_running_sum_looks():
    return a_running_sum()


@pytest.mark.mpl_image_compare
def test_beside_the_paper_looks():
    return a_comparison()


@pytest.mark.mpl_image_compare
def test_adding_looks():
    return an_adding()
