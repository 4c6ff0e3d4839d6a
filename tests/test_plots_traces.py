"""What the gates do over time, as a picture and in words."""

import numpy as np
import pytest

from lstm_lib.plots.traces import traces, traces_in_words

STEPS = np.arange(12)
X = {"data": np.sin(STEPS), "write": (STEPS % 5 == 2).astype(float)}
TRACES = {
    "i": X["write"],
    "f": 1 - 0.95 * X["write"],
    "g": np.tanh(np.sin(STEPS)),
    "o": np.full(12, 0.6),
    "c": np.cumsum(X["write"]),
    "h": 0.6 * np.tanh(np.cumsum(X["write"])),
}


def a_trace():
    return traces(X, TRACES, "A cell that counts")


def test_traces_hold_the_numbers():
    top, middle, bottom = a_trace().axes
    data, write, candidate = top.get_lines()
    assert np.allclose(
        data.get_xydata()[:-1], np.column_stack([STEPS + 0.5, X["data"]])
    )  # from its left edge on
    assert np.allclose(data.get_xydata()[-1], [12.5, X["data"][-1]])
    assert np.allclose(write.get_ydata()[:-1], X["write"])
    assert np.allclose(candidate.get_ydata(), TRACES["g"])
    c, h = bottom.get_lines()
    assert np.allclose(c.get_ydata()[:-1], TRACES["c"])
    assert np.allclose(h.get_ydata()[:-1], TRACES["h"])
    for band, name, base in zip(middle.collections, "fio", (3, 1.5, 0), strict=True):
        heights = np.unique(band.get_paths()[0].vertices[:, 1])
        assert np.allclose(heights, np.unique([base, *(base + TRACES[name])]))


def test_the_words_are_those_of_the_data():
    alt = a_trace().alt
    assert alt.startswith("A cell that counts. 12 steps. Data from -1 to 0.99. Write from 0 to 1.")
    assert "Forget gate shut at steps 3, 8, else open" in alt
    assert "Input gate open at steps 3, 8, else shut" in alt
    assert "Output gate partly open (on average 0.6) at all steps" in alt
    assert "Cell state farthest from 0 at step 8: 2; at the end 2; hidden state at the end 0.58" in alt


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ([1, 1, 1, 1], "open at all steps"),
        ([0, 0, 1, 1, 0], "open at steps 3 to 4, else shut"),
        ([1, 0, 0.5, 1], "shut at step 2, partly open at step 3, else open"),
        ([0.5, 0.4, 1], "open at step 3, else partly open (on average 0.45)"),
        ([0, 1] * 6 + [0], "open at steps 2, 4, 6, 8, 10 and once more, else shut"),
        ([0, 1] * 7 + [0], "open at steps 2, 4, 6, 8, 10 and 2 times more, else shut"),
    ],
)
def test_gates_in_words(gate, said):
    rest = dict.fromkeys("igoch", np.ones(len(gate)))
    assert f"Forget gate {said}." in traces_in_words({"x": np.ones(len(gate))}, rest | {"f": gate})


def test_a_single_step_is_one_step():
    one = dict.fromkeys("ifgoch", np.ones(1))
    assert traces_in_words({"x": np.ones(1)}, one).startswith("1 step. X from 1 to 1.")


@pytest.mark.parametrize(
    ("c", "said"),
    [
        ([-1, -3, -2], "at step 2: -3; at the end -2;"),
        ([0, -2, -2 + 1e-9, -2 - 1e-9], "at step 2: -2; at the end -2;"),  # a drift decides nothing
        ([1, 2, -1], "at step 2: 2; at the end -1;"),
        ([0, 0], "at step 1: 0; at the end 0;"),
    ],
)
def test_the_cell_state_in_words_also_below_zero(c, said):
    rest = dict.fromkeys("ifgoh", np.zeros(len(c)))
    assert f"Cell state farthest from 0 {said}" in traces_in_words({"x": np.ones(len(c))}, rest | {"c": c})


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: traces(X, {"c": [1]}, "t"), "must hold i, f, g, o, c and h, got none for f, i, g, o, h"),
        (lambda: traces({}, TRACES, "t"), "inputs must be one or two, got 0"),
        (lambda: traces([STEPS], TRACES, "t"), r"inputs must be a dict, name -> \(T,\), got list"),
        (lambda: traces(X, None, "t"), r"cell must be a dict, name -> \(T,\), got NoneType"),
        (
            lambda: traces({"x": [1, 2]}, TRACES, "t"),
            r"inputs\['x'\] must have shape \(12,\), like cell\['c'\], got \(2,\)$",
        ),
        (
            lambda: traces(X, {name: line[:5, None] for name, line in TRACES.items()}, "t"),
            r"cell\['c'\] must have shape \(T,\), got \(5, 1\): take one unit, \[:, 0\]",
        ),
        (
            lambda: traces(X, TRACES | {"g": TRACES["g"][:, None]}, "t"),
            r"cell\['g'\] must have shape \(12,\), like cell\['c'\], got \(12, 1\): take one unit, \[:, 0\]",
        ),
        (lambda: traces(X, TRACES | {"c": []}, "t"), r"cell\['c'\] must have shape \(T,\), got \(0,\)$"),
        (
            lambda: traces(X, TRACES | {"h": ["a"] * 12}, "t"),
            r"cell\['h'\] must be numbers of shape \(12,\), like cell\['c'\], got \['a', 'a'",
        ),
        (
            lambda: traces(X, TRACES | {"c": np.where(STEPS == 3, np.nan, 0)}, "t"),
            r"cell\['c'\] must hold finite numbers, got nan at step 4",
        ),
        (
            lambda: traces({"x": np.where(STEPS > 8, -np.inf, 0)}, TRACES, "t"),
            r"inputs\['x'\] must hold finite numbers, got -inf at step 10",
        ),
        (
            lambda: traces(X, TRACES | {"o": 2 * STEPS}, "t"),
            r"cell\['o'\], a gate, must be from 0 to 1, got 0 to 22",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises((TypeError, ValueError), match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_traces_look():
    return a_trace()
