"""The pictures of lesson 04."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from lstm_lib.plots import cell

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
    return cell.traces(X, TRACES, "A cell that counts")


def arrows(figure):
    """Colours and widths of the arrows of a drawing."""
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    return [(to_hex(patch.get_edgecolor()).upper(), patch.get_linewidth()) for patch in patches]


@pytest.mark.parametrize("part", list(cell.PARTS))
def test_one_part_stands_out(part):
    figure = cell.lstm_cell(part)
    colour, words = cell.PARTS[part]
    bold = [seen for seen, width in arrows(figure) if width > 2]
    assert len(bold) == len(cell._WIRES[part])
    assert set(bold) == {colour}
    assert sum(width < 2 for _, width in arrows(figure)) == sum(map(len, cell._WIRES.values())) - len(bold)
    assert f"In colour, {words}" in figure.alt
    assert words in figure.axes[0].get_title()


def test_the_whole_cell_shows_every_part_in_its_colour():
    figure = cell.lstm_cell()
    assert {colour for colour, _ in arrows(figure)} == {colour for colour, _ in cell.PARTS.values()}
    assert all(words in figure.alt for _, words in cell.PARTS.values())
    assert "In colour" not in figure.alt


def test_numbers_are_written_and_told():
    figure = cell.lstm_cell("g", {"x": 1, "g": -0.46212})
    words = [text.get_text() for text in figure.axes[0].texts]
    assert "1.0000" in words
    assert "−0.4621" in words
    assert "Values: x = 1.0000, g = -0.4621." in figure.alt


def test_two_roads_show_what_is_multiplied_and_what_is_added():
    figure = cell.two_roads([1, 0.5, 0.25], [1, 1, 3], 0.5)
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("× 0.5") == 2
    assert words.count("+") == 2
    assert {"0.25", "2", "3"} <= set(words)
    assert "multiplied by 0.5 at each step and goes from 1 to 0.25" in figure.alt
    assert "a number is added to c at each step, 0, 2, and c goes from 1 to 3" in figure.alt


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
    assert "Output gate half open (on average 0.6) at all steps" in alt
    assert "Cell state at most 2 (step 8), at the end 2; hidden state at the end 0.58" in alt


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ([1, 1, 1, 1], "open at all steps"),
        ([0, 0, 1, 1, 0], "open at steps 3 to 4, else shut"),
        ([1, 0, 0.5, 1], "shut at step 2, half open at step 3, else open"),
        ([0.5, 0.4, 1], "open at step 3, else half open (on average 0.45)"),
        ([0, 1] * 7 + [0], "open at steps 2, 4, 6, 8, 10 and 2 times more, else shut"),
    ],
)
def test_gates_in_words(gate, said):
    rest = dict.fromkeys("igoch", np.ones(len(gate)))
    assert f"Forget gate {said}." in cell.traces_in_words({"x": np.ones(len(gate))}, rest | {"f": gate})


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: cell.lstm_cell("z"), r"part must be one of \['f', 'i', 'g', 'c', 'o'\] or empty, got 'z'"),
        (lambda: cell.lstm_cell("f", {"y": 1}), r"values must be of the symbols .*, got \['y'\]"),
        (lambda: cell.two_roads([1], [1], 0.5), r"shape \(T,\), T from 2 to 8, got \(1,\) and \(1,\)"),
        (lambda: cell.two_roads([1, 2], [1], 0.5), r"got \(2,\) and \(1,\)"),
        (
            lambda: cell.traces(X, {"c": [1]}, "t"),
            "must hold i, f, g, o, c and h, got none for f, i, g, o, h",
        ),
        (lambda: cell.traces({}, TRACES, "t"), "inputs must be one or two, got 0"),
        (
            lambda: cell.traces({"x": [1, 2]}, TRACES, "t"),
            r"'x' must have shape \(T,\) like the cell state, \(12,\), got \(2,\)",
        ),
        (
            lambda: cell.traces(X, TRACES | {"o": 2 * STEPS}, "t"),
            "the gate 'o' must be from 0 to 1, got 0 to 22",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_cell_looks():
    return cell.lstm_cell()


@pytest.mark.mpl_image_compare
def test_part_of_cell_looks():
    return cell.lstm_cell(
        "o", {"x": 1, "h_prev": 0.5, "c_prev": 2, "f": 0.7311, "i": 0.8808, "g": -0.4621, "h": 0.4}
    )


@pytest.mark.mpl_image_compare
def test_two_roads_look():
    return cell.two_roads(0.7 ** np.arange(4.0), [1, 1, 0.5, 0.5], 0.7)


@pytest.mark.mpl_image_compare
def test_traces_look():
    return a_trace()
