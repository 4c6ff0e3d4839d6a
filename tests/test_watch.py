"""Cells set by hand, and what happens inside: against PyTorch, closed forms, and counting on fingers."""

import numpy as np
import pytest
import torch

from lstm_lib import convert
from lstm_lib.scratch import LSTM
from lstm_lib.scratch.watch import one_cell, watch

OPEN, SHUT = (0, 0, 40), (0, 0, -40)
ONE = np.ones((1, 1))


def test_the_states_are_those_of_pytorch():
    rng = np.random.default_rng(0)
    net = LSTM(3, 4, rng=rng, dtype=np.float64)
    x, h_0, c_0 = rng.normal(size=(7, 2, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    seen = watch(x, net.params, (h_0, c_0))
    states = torch.from_numpy(h_0)[None], torch.from_numpy(c_0)[None]
    with torch.no_grad():
        h, (_, c_T) = convert.to_torch(net)(torch.from_numpy(x), states)
    np.testing.assert_allclose(seen["h"], h.numpy(), atol=1e-12)
    np.testing.assert_allclose(seen["c"][-1], c_T[0].numpy(), atol=1e-12)


def test_gates_and_states_fit_together():
    rng = np.random.default_rng(1)
    seen = watch(rng.normal(size=(6, 2, 3)), LSTM(3, 4, rng=rng, dtype=np.float64).params)
    assert {name: array.shape for name, array in seen.items()} == dict.fromkeys("ifgoch", (6, 2, 4))
    c_prev = np.concatenate([np.zeros((1, 2, 4)), seen["c"][:-1]])
    np.testing.assert_allclose(seen["c"], seen["f"] * c_prev + seen["i"] * seen["g"], atol=1e-15)
    np.testing.assert_allclose(seen["h"], seen["o"] * np.tanh(seen["c"]), atol=1e-15)


def test_one_sequence_is_watched_without_a_batch():
    rng = np.random.default_rng(2)
    x, params = rng.normal(size=(6, 3)), LSTM(3, 4, rng=rng, dtype=np.float64).params
    for name, array in watch(x, params).items():
        np.testing.assert_array_equal(array, watch(x[:, None], params)[name][:, 0])


def test_every_number_of_a_cell_lands_in_its_block():
    params = one_cell(i=((1, 2), 3, 4), f=((5, 6), 7, 8), g=((9, 10), 11, 12), o=((13, 14), 15, 16))
    np.testing.assert_array_equal(params["W_x"], [[1, 5, 9, 13], [2, 6, 10, 14]])
    np.testing.assert_array_equal(params["W_h"], [[3, 7, 11, 15]])
    np.testing.assert_array_equal(params["b"], [4, 8, 12, 16])


def test_a_counter_counts():
    x = np.array([[1.0], [0], [1], [1], [0]])
    seen = watch(x, one_cell(i=(80, 0, -40), f=OPEN, g=OPEN, o=SHUT))
    np.testing.assert_allclose(seen["c"][:, 0], [1, 1, 2, 3, 3], atol=1e-12)
    np.testing.assert_allclose(seen["h"], 0, atol=1e-12)


def test_a_half_open_forget_gate_halves():
    cell = one_cell(i=SHUT, f=(0, 0, 0), g=OPEN, o=OPEN)
    seen = watch(np.zeros((3, 1)), cell, (np.zeros((1, 1)), np.full((1, 1), 8.0)))
    np.testing.assert_allclose(seen["c"][:, 0], [4, 2, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("gates", "words"),
    [
        ({"f": (1, 2)}, r"f must be \(w_x, w_h, b\)"),
        ({"f": 3.0}, r"f must be \(w_x, w_h, b\), w_x a number or one for each input, got 3.0"),
        ({"f": ("a", 0, 0)}, r"f must be \(w_x, w_h, b\).*got \('a', 0, 0\)"),
        ({"i": "123"}, r"i must be \(w_x, w_h, b\).*got '123'"),
        ({"i": ((1, (2, 3)), 0, 0)}, r"i must be \(w_x, w_h, b\)"),
        ({"i": ([[1]], 0, 0)}, r"i must be \(w_x, w_h, b\)"),
        ({"i": ((), 0, 0)}, r"i must be .*, at least one number in w_x .*, got \(\(\), 0, 0\)"),
        ({"f": ((), 0, 0)}, r"f must be .*, at least one number in w_x .*, got \(\(\), 0, 0\)"),
        ({"o": (0, (1, 2), 0)}, "o must be .* and one each in w_h and b, got"),
        ({"g": (0, 0, np.nan)}, "g must hold finite numbers"),
        ({"o": ((1, 2), 0, 0)}, "o must have an input weight for each of 1 inputs, got"),
    ],
)
def test_a_cell_that_is_none_is_told(gates, words):
    with pytest.raises(ValueError, match=words):
        one_cell(**({"i": OPEN, "f": OPEN, "g": OPEN, "o": OPEN} | gates))


ALL_OPEN = {"i": OPEN, "f": OPEN, "g": OPEN, "o": OPEN}


@pytest.mark.parametrize("x", [np.zeros(3), np.zeros((3, 2)), np.zeros((0, 1)), np.zeros((2, 2, 2, 1))])
def test_inputs_of_another_shape_are_told(x):
    with pytest.raises(ValueError, match=r"x must have shape \(T, B, 1\) or \(T, 1\), got"):
        watch(x, one_cell(**ALL_OPEN))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": [["a"]]}, r"x must be numbers of shape \(T, B, 1\) or \(T, 1\), got \[\['a'\]\]"),
        ({"x": [[1.0], [2.0, 3.0]]}, "x must be numbers of shape"),
        ({"x": None}, "x must be numbers of shape .*, got None"),
        ({"x": [[0.0], [np.nan]]}, r"x must hold finite numbers, got nan at index \(1, 0\)"),
        ({"params": {}}, "params must hold W_x, W_h and b, got none for W_x, W_h, b"),
        ({"params": [1]}, "params must be a dict with W_x, W_h and b, got list"),
        (
            {"params": one_cell(**ALL_OPEN) | {"b": np.zeros(3)}},
            r"params must have the shapes .*, got W_x \(1, 4\), W_h \(1, 4\), b \(3,\)",
        ),
        ({"params": one_cell(**ALL_OPEN) | {"W_x": np.zeros(4)}}, r"got W_x \(4,\), W_h \(1, 4\), b \(4,\)"),
        ({"params": one_cell(**ALL_OPEN) | {"W_h": np.zeros((0, 4))}}, r"got W_x \(1, 4\), W_h \(0, 4\)"),
        (
            {"params": one_cell(**ALL_OPEN) | {"b": [0, 0, np.inf, 0]}},
            r"params\['b'\] must hold finite numbers, got inf at index \(2,\)",
        ),
        ({"state": np.zeros((1, 1))}, r"state must be a pair \(h, c\), each of shape \(1, 1\), or None, got"),
        ({"state": (ONE, ONE, ONE)}, r"state must be a pair \(h, c\), each of shape \(1, 1\)"),
        ({"state": (ONE, np.zeros((2, 1)))}, r"state's c must have shape \(1, 1\), got \(2, 1\)"),
        ({"state": (np.zeros(1), ONE)}, r"state's h must have shape \(1, 1\), got \(1,\)"),
        ({"state": (ONE, ONE * np.nan)}, r"state's c must hold finite numbers, got nan at index \(0, 0\)"),
        ({"state": ("h", ONE)}, r"state's h must be numbers of shape \(1, 1\), got 'h'"),
    ],
)
def test_what_cannot_be_watched_is_told(change, words):
    with pytest.raises((TypeError, ValueError), match=words):
        watch(**({"x": np.zeros((3, 1)), "params": one_cell(**ALL_OPEN)} | change))
