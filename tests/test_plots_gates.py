"""Gates while a text is read."""

import numpy as np
import pytest

from lstm_lib import plots

TEXT = "to be\n"
SPACES = np.array([False, False, True, False, False, True])
# Cell 7 shuts between words and is half open on letters; cell 2 is open a little more at every character.
FORGET = np.stack([np.where(SPACES, 0.1, 0.5), np.linspace(0, 1, 6)], axis=1)
STATE = np.array([0.5, 1.0, 0.25, 2.0, -1.0, 0.0])


def drawn(**options):
    return plots.gate_map(TEXT, {"forget gate": FORGET}, [7, 2], title="It shuts", **options)


def test_every_cell_is_a_row_and_every_character_a_column():
    ax = drawn().axes[0]
    (image,) = ax.get_images()
    assert np.allclose(image.get_array(), FORGET.T)
    assert image.get_clim() == (0, 1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cell 7", "cell 2"]
    assert [text.get_text() for text in ax.texts] == ["t", "o", " ", "b", "e", "↵"]
    assert [text.get_position()[0] for text in ax.texts] == list(range(6))
    assert ax.get_title("left") == "It shuts"


def test_what_stands_between_words_is_framed():
    ax = drawn().axes[0]
    (frames,), (marks,) = ax.collections, ax.get_lines()
    assert sorted(segment[0, 0] for segment in frames.get_segments()) == [1.5, 2.5, 4.5, 5.5]
    assert list(marks.get_xdata()) == [2, 5]


def test_the_state_of_the_first_cell_is_a_line_below():
    figure = drawn(state=STATE)
    gate, below = figure.axes[:2]
    (line,) = below.get_lines()
    assert np.allclose(line.get_xydata(), np.column_stack([np.arange(6), STATE]))
    assert below.get_xlim() == gate.get_xlim()  # so that a character stands below its column
    assert "cell 7" in below.get_ylabel()
    assert not gate.texts
    assert len(below.texts) == 6


def test_several_gates_are_several_maps_on_one_scale():
    figure = plots.gate_map(TEXT, {"forget gate": FORGET, "input gate": 1 - FORGET}, [7, 2], title="Two")
    first, second = figure.axes[:2]
    assert (first.get_ylabel(), second.get_ylabel()) == ("forget gate", "input gate")
    assert np.allclose(second.get_images()[0].get_array(), 1 - FORGET.T)
    assert second.get_images()[0].get_clim() == (0, 1)


def test_the_alt_text_says_what_the_first_cell_does():
    alt = drawn(state=STATE, says="Look.").alt
    assert alt.startswith(
        "It shuts. Heat map, dark for 0 (shut) to light for 1 (open): 6 characters, 'to be\\n'"
    )
    assert "cells 7, 2 from top to bottom" in alt
    assert "The forget gate of cell 7 is on average 0.5 on letters and 0.1 on spaces and line ends." in alt
    assert "the state of cell 7 goes from -1 (at 'e') to 2 (at 'b'). Look." in alt


def test_a_text_without_spaces_says_nothing_of_them():
    alt = plots.gate_map("abc", {"forget gate": FORGET[:3]}, [7, 2], title="T").alt
    assert "on average 0.37 on letters." in alt
    assert "on average" not in plots.gate_map("123", {"forget gate": FORGET[:3]}, [7, 2], title="T").alt


@pytest.mark.parametrize(
    ("text", "gates", "cells", "state", "message"),
    [
        ("", {"f": FORGET[:0]}, [7, 2], None, "must not be empty, got 0 characters, 2 cells and 1 gates"),
        (TEXT, {}, [7, 2], None, "2 cells and 0 gates"),
        (TEXT, {"f": FORGET[:, :0]}, [], None, "0 cells and 1 gates"),
        (
            TEXT,
            {"f": FORGET.T},
            [7, 2],
            None,
            r"gates\['f'\] must have shape \(T, K\) = \(6, 2\), got \(2, 6\)",
        ),
        (TEXT, {"f": FORGET * 3}, [7, 2], None, r"gates\['f'\] must be from 0 to 1, got 0 to 3"),
        (TEXT, {"f": FORGET * np.nan}, [7, 2], None, "must be from 0 to 1, got nan"),
        (TEXT, {"f": FORGET}, [7, 2], STATE[1:], r"state must have shape \(T,\) = \(6,\), got \(5,\)"),
    ],
)
def test_bad_data_is_refused(text, gates, cells, state, message):
    with pytest.raises(ValueError, match=message):
        plots.gate_map(text, gates, cells, title="T", state=state)


@pytest.mark.mpl_image_compare
def test_gates_look():
    return drawn(state=STATE)
