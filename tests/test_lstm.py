"""The LSTM: the rising checks, gates held open or shut, the blocks on the way back, and its state of two parts."""

import numpy as np
import pytest
from recurrent import Example, RisingChecks, assert_same

from lstm_lib.scratch import LSTM
from lstm_lib.scratch.lstm import in_pieces

OPEN, SHUT = 100.0, -100.0  # σ is 1 and 0 there, to the last bit


class TestLSTM(RisingChecks):
    kind = "LSTM"


def held(i, f, o, **sizes):
    """An example whose gates are held by their biases."""
    example = Example("LSTM", **sizes)
    gates = example.net.params["b"].reshape(4, -1)
    gates[0], gates[1], gates[3] = i, f, o
    return example


def test_a_latch_keeps_its_cell_and_the_gradient_for_a_thousand_steps():
    example = held(i=SHUT, f=OPEN, o=SHUT, T=1000)
    _, (_, c) = example.forward()
    np.testing.assert_array_equal(c, example.state[1])
    _, (_, dc) = example.net.backward(np.zeros_like(example.dh), example.dstate)
    np.testing.assert_array_equal(dc, example.dstate[1])


def test_a_counter_adds_one_a_step():
    example = held(i=OPEN, f=OPEN, o=OPEN, T=7)
    for name, p in example.net.params.items():
        if name != "b":
            p[...] = 0
    example.net.params["b"].reshape(4, -1)[2] = OPEN  # the candidate is 1
    h, (_, c) = example.forward()
    np.testing.assert_array_equal(c, example.state[1] + 1 + 1 + 1 + 1 + 1 + 1 + 1)
    np.testing.assert_allclose(h[-1], np.tanh(c), rtol=1e-12)


# One column too few for a second block, just enough, one too many; long and alone; wider than a block.
BLOCKS = [(73, 7), (64, 8), (171, 3), (1100, 1), (3, 600)]


@pytest.mark.parametrize(("T", "B"), BLOCKS)
def test_a_long_or_wide_sequence_goes_back_in_blocks(T, B):
    example = Example("LSTM", T, B)
    example.forward()
    assert_same(example.gradients(), example.answers_of_torch()[1])


@pytest.mark.parametrize("columns", [1, 4, 5, 6, 14, 15, 16])
def test_the_size_of_a_block_changes_nothing(columns, monkeypatch):
    example = Example("LSTM", T=5, B=3)
    example.forward()
    whole = example.gradients()
    monkeypatch.setattr(LSTM, "block_columns", columns)
    assert_same(example.gradients(), whole, 1e-12)


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        (np.zeros((3, 4)), TypeError, r"state must be a tuple \(h, c\) of two arrays, got ndarray"),
        ([np.zeros((3, 4))] * 2, TypeError, r"state must be a tuple \(h, c\) of two arrays, got list"),
        (
            (np.zeros((3, 4)),) * 3,
            TypeError,
            r"state must be a tuple \(h, c\) of two arrays, got a tuple of 3",
        ),
        (
            (np.zeros((3, 4)), np.zeros((2, 4))),
            ValueError,
            r"state\[1\] must have shape \(3, 4\), got \(2, 4\)",
        ),
    ],
)
def test_a_state_that_is_not_a_pair_is_refused(state, error, message):
    example = Example("LSTM")
    with pytest.raises(error, match=message):
        example.net.forward(example.x, state)
    example.forward()
    with pytest.raises(error, match="d" + message):
        example.net.backward(example.dh, state)


@pytest.mark.parametrize(
    ("rows", "inner", "columns", "pieces"),
    [(256, 97, 32, 1), (1024, 385, 32, 16), (1200, 501, 20, 15), (7 * 97, 1000, 100, 1), (64, 2000, 600, 1)],
)
def test_a_large_product_is_cut_into_pieces_below_a_million(rows, inner, columns, pieces):
    W = np.random.default_rng(0).normal(size=(rows, inner))
    cut = in_pieces(W, columns)
    assert cut.shape == (pieces, rows // pieces, inner)
    assert np.shares_memory(cut, W)
    assert pieces == 1 or rows // pieces * inner * columns <= 1_000_000
    v = np.ones((inner, 2))
    assert np.allclose((cut @ v).reshape(rows, 2), W @ v)
