"""The GRU: the rising checks, and what its gates do when they are held open or shut."""

import numpy as np
import pytest
from recurrent import Example, RisingChecks

OPEN, SHUT = 100.0, -100.0  # σ is 1 and 0 there, to the last bit


class TestGRU(RisingChecks):
    kind = "GRU"


def held(reset, update):
    """An example whose reset and update gates are held by their biases."""
    example = Example("GRU", H=4)
    example.net.params["b"][:4], example.net.params["b"][4:8] = reset, update
    return example


def candidate(example, from_h):
    p = example.net.params
    return np.tanh(example.x[0] @ p["W_x"][:, 8:] + p["b"][8:] + from_h)


def test_an_open_update_gate_keeps_the_state():
    example = held(reset=0, update=OPEN)
    h, _ = example.forward()
    np.testing.assert_array_equal(h, np.broadcast_to(example.state, h.shape))


@pytest.mark.parametrize(("reset", "share"), [(OPEN, 1), (SHUT, 0)], ids=["open", "shut"])
def test_the_reset_gate_lets_the_old_state_and_its_bias_into_the_candidate(reset, share):
    example = held(reset=reset, update=SHUT)
    p = example.net.params
    h, _ = example.forward()
    expected = candidate(example, share * (example.state @ p["W_h"][:, 8:] + p["b_h"][8:]))
    np.testing.assert_allclose(h[0], expected, rtol=1e-13)
