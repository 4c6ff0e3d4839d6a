"""The drawings of lesson 04."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from lstm_lib.plots import cell


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


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: cell.lstm_cell("z"), r"part must be one of \['f', 'i', 'g', 'c', 'o'\] or empty, got 'z'"),
        (lambda: cell.lstm_cell("f", {"y": 1}), r"values must be of the symbols .*, got \['y'\]"),
        (lambda: cell.two_roads([1, 2], [1, 2], "a"), "factor must be finite numbers, got 'a'"),
        (lambda: cell.two_roads([1, 2], [1, 2], [1, 2]), r"factor must be one number, got shape \(2,\)"),
        (
            lambda: cell.two_roads([1, np.nan], [1, 2], 1),
            r"multiplied must be finite numbers, got \[1, nan\]",
        ),
        (lambda: cell.two_roads([1, 2], [1, "b"], 1), r"added must be finite numbers, got \[1, 'b'\]"),
        (lambda: cell.two_roads([1], [1], 0.5), r"shape \(T,\), T from 2 to 8, got \(1,\) and \(1,\)"),
        (lambda: cell.two_roads([1, 2], [1], 0.5), r"got \(2,\) and \(1,\)"),
        (
            lambda: cell.lstm_cell("f", {"x": np.array([1.0])}),
            r"values\['x'\] must be one finite number, got array\(\[1\.\]\) of shape \(1,\): take one unit, \[0\]",
        ),
        (lambda: cell.lstm_cell("f", {"x": np.nan}), r"values\['x'\] must be one finite number, got nan"),
        (lambda: cell.lstm_cell("f", {"x": "1"}), r"values\['x'\] must be one finite number, got '1'"),
        (lambda: cell.lstm_cell(None), "part must be one of .* or empty, got None"),
        (lambda: cell.lstm_cell("f", [1.0]), "values must be a dict, symbol -> number, got list"),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises((TypeError, ValueError), match=words):
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
