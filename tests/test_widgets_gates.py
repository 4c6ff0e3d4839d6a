"""The reader of gates, with a reader that stands in for a network: its gates are open on letters."""

import time

import numpy as np
import pytest

from lstm_lib.datasets import Vocabulary
from lstm_lib.widgets import GateReader

VOCABULARY = Vocabulary("abcdefghijklmnopqrstuvwxyz <&>")


def read(text):
    VOCABULARY.encode(text)  # raises where it does not know a character
    letters = np.array([float(character.isalpha()) for character in text])
    forget = np.outer(letters, [0.9, 0.5, 0.7])  # (T, 3 cells)
    return {"forget gate": forget, "input gate": 1 - forget, "output gate": forget / 2}


@pytest.fixture
def reader():
    return GateReader(read, np.array([2, 0]), "to be")


def rows(reader):
    """What the picture holds for the present line, (K, T)."""
    return reader.figure(**reader.values()).axes[0].get_images()[0].get_array()


def test_it_shows_the_chosen_cells_of_the_chosen_gate(reader):
    assert np.allclose(rows(reader), [[0.7, 0.7, 0, 0.7, 0.7], [0.9, 0.9, 0, 0.9, 0.9]])
    reader.controls["gate"].value = "input gate"
    assert np.allclose(rows(reader)[0], [0.3, 0.3, 1, 0.3, 0.3])
    assert "The input gate of cell 2 is on average 0.3 on letters" in reader.summary.value


def test_the_picture_follows_the_line(reader):
    before = reader.picture.value
    reader.controls["text"].value = "not to be"
    assert reader.picture.value != before
    assert rows(reader).shape == (2, 9)
    assert "9 characters" in reader.picture.value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("été", "text has 'é' at position 0, which is not one of the 30 known characters"),
        ("", "the line must have 1 to 70 characters to be drawn, it has 0"),
        ("a" * 71, "1 to 70 characters to be drawn, it has 71"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_told_and_the_last_picture_stays(reader, line, said):
    before = reader.picture.value
    reader.controls["text"].value = line
    assert said in reader.trouble
    assert 'role="alert"' in reader.summary.value
    assert reader.picture.value == before
    assert "text/html" in reader._repr_mimebundle_()
    reader.controls["text"].value = "fine"
    assert reader.trouble == ""
    assert 'role="status"' in reader.summary.value


def test_what_is_typed_is_shown_and_not_run(reader):
    reader.controls["text"].value = "<b> & <i>"
    assert "<b>" not in reader.summary.value + reader.picture.value
    assert "&lt;b&gt;" in reader.summary.value
    reader.controls["text"].value = "<é>"
    assert "<é>" not in reader.summary.value


def test_a_first_line_that_cannot_be_read_is_the_authors_mistake():
    with pytest.raises(ValueError, match="'1' at position 0"):
        GateReader(read, [0], "1")


def test_the_saved_notebook_shows_the_first_line(reader):
    bundle = reader._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="The forget gate of 2 cells')
    assert bundle["text/plain"].startswith(
        "GateReader, to be played with in JupyterLab. The forget gate of 2"
    )


def test_it_follows_the_keys_of_somebody_who_types(reader):
    """Processor time, since other processes may be at work; the limit is loose, a picture takes a tenth of it."""
    line = "the quality of mercy is not strained it droppeth as the gentle rain"
    start = time.process_time()
    for end in range(len(line) - 4, len(line) + 1):
        reader.controls["text"].value = line[:end]
    assert (time.process_time() - start) / 5 < 1
