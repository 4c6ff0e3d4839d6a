"""The explorer of lesson 06: a network adds two numbers that the learner chooses."""

import html

import numpy as np
import pytest
import torch
from picture_time import picture_time
from torch import nn

from lstm_lib.datasets.adding import Adding
from lstm_lib.nn.reader import Reader
from lstm_lib.widgets import AddingExplorer


@pytest.fixture
def reader():
    """An adder of two units, its weights set by hand: cell 0 adds what is marked, cell 1 does nothing."""
    reader = Reader("lstm", 2, 2, 1)
    with torch.no_grad():
        for parameter in reader.parameters():
            parameter.zero_()
        W_x, b = reader.layer.weight_ih_l0, reader.layer.bias_ih_l0  # blocks i, f, g, o of two rows each
        W_x[0, 1], b[0] = 40.0, -20.0  # the input gate opens at a marker of 1
        b[2:4] = 30.0  # the forget gates stay open
        W_x[4, 0] = 0.01  # the candidate is a hundredth of the number
        b[6:8] = 30.0
        reader.output.weight[0, 0], reader.output.bias[0] = 25.0, 0.5
    return reader


@pytest.fixture
def explorer(reader):
    return AddingExplorer(reader, 0, slope=100.0)


def test_the_sequence_is_one_of_the_adding_problem(explorer):
    x = explorer.pairs(first=4, X1=0.6, second=30, X2=-0.2, steps=100)
    assert x.shape == (100, 2)
    assert np.allclose(x[[3, 29]], [(0.6, 1), (-0.2, 1)])
    assert x[0, 1] == x[-1, 1] == -1
    assert (x[:, 1] == 0).sum() == 96
    longer = explorer.pairs(first=4, X1=0.6, second=30, X2=-0.2, steps=400)
    assert np.array_equal(longer[:99], x[:99])  # the same noise, and more of it


def test_it_reads_as_the_network_does(explorer, reader):
    batch = Adding(60).draw(1, np.random.default_rng(0))
    gates, cells, answer = explorer.read(batch.x[:, 0])
    h, (_, c) = reader.layer(torch.from_numpy(batch.x))
    assert answer == pytest.approx(reader.output(h[-1]).item(), abs=1e-5)
    assert np.allclose(cells[-1], c[0, 0].detach(), atol=1e-6)
    assert gates.shape == cells.shape == (len(batch.x), 2)


@pytest.mark.parametrize(("X1", "X2", "second"), [(0.6, -0.2, 30), (-1.0, -1.0, 50), (1.0, 0.9, 11)])
def test_an_adder_is_right_and_the_words_say_so(explorer, X1, X2, second):
    for name, value in {"X1": X1, "X2": X2, "second": second}.items():
        explorer.controls[name].value = value
    words = html.unescape(explorer.summary.value)
    assert f"marked {X1:+.2f} at step 4 and {X2:+.2f} at step {second}" in words
    assert (
        f"The true sum ends at {X1 + X2:+.2f}; the cell ends at {X1 + X2:+.2f} on the scale of the sum"
        in words
    )
    assert f"the target is {0.5 + (X1 + X2) / 4:.2f}: right" in words


def test_a_cell_that_does_nothing_is_shown_as_it_is(explorer):
    explorer.controls["cell"].value = 1
    assert "the cell ends at +0.00 on a scale of its own" in explorer.summary.value
    explorer.controls["steps"].value = 400
    assert "Three charts over 400 steps" in explorer.summary.value


def test_a_network_that_forgets_is_told_to_be_wrong(reader):
    with torch.no_grad():
        reader.layer.bias_ih_l0[2] = 1.0
    explorer = AddingExplorer(reader, 0)
    assert "WRONG" in explorer.alt
    assert "WRONG" in explorer.picture.value


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Three charts over 100 steps.')
    assert "AddingExplorer, to be played with in JupyterLab" in bundle["text/plain"]


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    assert picture_time(explorer.controls["second"], range(31, 41)) < 0.1  # it is about 0.06 s


def test_what_cannot_be_explored(reader):
    with pytest.raises(ValueError, match="unit must be from 0 to 1, got 2"):
        AddingExplorer(reader, 2)
    with pytest.raises(TypeError, match="reader must have an LSTM that reads pairs of numbers, got GRU"):
        AddingExplorer(Reader("gru", 2, 2, 1), 0)
    reader.layer = nn.LSTM(3, 2)
    with pytest.raises(TypeError, match=r"got LSTM\(3, 2\)"):
        AddingExplorer(reader, 0)
