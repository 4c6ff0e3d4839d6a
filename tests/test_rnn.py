"""The vanilla RNN: the rising checks, sums done by hand, and what its activation may be."""

import math

import numpy as np
import pytest
from recurrent import RisingChecks

from lstm_lib.scratch import RNN


class TestTanh(RisingChecks):
    kind = "RNN tanh"


class TestRelu(RisingChecks):
    kind = "RNN relu"


def one_unit(activation, w_x, w_h, b):
    """A net of one unit on one input, with these weights."""
    net = RNN(1, 1, rng=np.random.default_rng(0), dtype=np.float64, activation=activation)
    net.params |= {"W_x": np.array([[w_x]]), "W_h": np.array([[w_h]]), "b": np.array([b])}
    return net


def column(*numbers):
    """A sequence of one number a step: (T, 1, 1)."""
    return np.array(numbers, dtype=np.float64).reshape(-1, 1, 1)


def test_three_steps_by_hand():
    h_1 = math.tanh(0.5 * 1 + 0.1)
    h_2 = math.tanh(0.5 * 2 - 0.8 * h_1 + 0.1)
    h_3 = math.tanh(0.5 * 3 - 0.8 * h_2 + 0.1)
    h, state = one_unit("tanh", 0.5, -0.8, 0.1).forward(column(1, 2, 3))
    np.testing.assert_allclose(h, column(h_1, h_2, h_3), rtol=1e-14)
    np.testing.assert_array_equal(state, h[-1])


def test_relu_by_hand():
    net = one_unit("relu", 1.0, 0.5, -1.0)
    h, _ = net.forward(column(3, 0, 1, 2))
    np.testing.assert_array_equal(h, column(2, 0, 0, 1))
    # h_2 and h_3 stand exactly at the corner, where the slope counts as 0: nothing passes through them.
    dx, dstate = net.backward(column(1, 1, 1, 1))
    np.testing.assert_array_equal(dx, column(1, 0, 0, 1))
    assert dstate == 0.5
    assert {name: g.item() for name, g in net.grads.items()} == {"W_x": 3 + 2, "W_h": 0, "b": 2}


def test_a_gradient_shrinks_by_the_weight_at_every_step():
    net = one_unit("relu", 1.0, 0.5, 0.0)
    net.forward(column(*[1.0] * 10))
    dx, dstate = net.backward(np.zeros((10, 1, 1)), np.ones((1, 1)))
    np.testing.assert_array_equal(dx, column(*(0.5**lag for lag in reversed(range(10)))))
    assert dstate == 0.5**10


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"activation must be one of \['relu', 'tanh'\], got 'sigmoid'"):
        RNN(2, 3, rng=np.random.default_rng(0), activation="sigmoid")
