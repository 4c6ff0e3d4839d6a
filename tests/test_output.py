"""The output equation against torch.nn.Linear and small nudges, and what it refuses."""

import re

import numpy as np
import pytest
import torch

from lstm_lib.convert import to_torch, torch_grads
from lstm_lib.scratch import Output, numeric_gradient, relative_error

H, K = 4, 3


def some(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def make(dtype=np.float64, **keywords):
    return Output(
        **{"hidden_size": H, "output_size": K, "rng": np.random.default_rng(0), "dtype": dtype} | keywords
    )


@pytest.mark.parametrize(("T", "B"), [(5, 2), (1, 2), (5, 1), (1, 1)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_values_and_gradients_are_those_of_pytorch(T, B, dtype, tolerance):
    out, h, dy = make(dtype), some(T, B, H).astype(dtype), some(T, B, K, seed=1).astype(dtype)
    linear, theirs = to_torch(out), torch.tensor(h, requires_grad=True)
    expected = linear(theirs)
    expected.backward(torch.tensor(dy))
    close = {"rtol": 0, "atol": tolerance, "strict": True}
    np.testing.assert_allclose(out.forward(h), expected.detach().numpy(), **close)
    np.testing.assert_allclose(out.backward(dy), theirs.grad.numpy(), **close)
    grads = torch_grads(linear)
    assert out.grads.keys() == grads.keys() == out.params.keys()
    for name, g in out.grads.items():
        np.testing.assert_allclose(g, grads[name], **close)


def test_gradients_are_those_of_a_small_nudge():
    out, h, dy = make(), some(5, 2, H), some(5, 2, K, seed=1)
    out.forward(h)
    dh = out.backward(dy)
    for array, gradient in [(h, dh), *((out.params[name], out.grads[name]) for name in ("W_y", "b_y"))]:
        assert relative_error(gradient, numeric_gradient(lambda: (out.forward(h) * dy).sum(), array)) < 1e-9


def test_arguments_may_have_any_layout_and_stay_as_they_are():
    out, h, dy = make(), some(5, 2, H), some(5, 2, K, seed=1)
    y, dh = out.forward(h).copy(), out.backward(dy)
    h_t, dy_t = (np.asfortranarray(a) for a in (h, dy))
    h_t.flags.writeable = dy_t.flags.writeable = False
    np.testing.assert_allclose(out.forward(h_t), y, rtol=1e-13)
    np.testing.assert_allclose(out.backward(dy_t), dh, rtol=1e-13)


def test_first_weights_fill_the_range_of_pytorch():
    out = make(hidden_size=16, output_size=50)
    for p in out.params.values():
        assert 0.9 * 0.25 < np.abs(p).max() <= 0.25
    assert make().params["W_y"].tolist() == make().params["W_y"].tolist()


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"hidden_size": 0}, ValueError, "hidden_size must be a positive int, got 0"),
        ({"output_size": -1}, ValueError, "output_size must be a positive int, got -1"),
        ({"output_size": 3.0}, TypeError, "output_size must be a positive int, got 3.0"),
        ({"rng": 7}, TypeError, "rng must be a numpy.random.Generator"),
        ({"dtype": np.float16}, TypeError, "dtype must be float32 or float64, got float16"),
    ],
)
def test_an_output_that_cannot_be_is_refused(keywords, error, message):
    with pytest.raises(error, match=message):
        make(**keywords)


@pytest.mark.parametrize(
    ("h", "error", "message"),
    [
        (np.zeros((5, H)), ValueError, "h must have shape (T, B, 4), got (5, 4)"),
        (np.zeros((5, 2, 3)), ValueError, "h must have shape (T, B, 4), got (5, 2, 3)"),
        (np.zeros((5, 2, H), np.float32), TypeError, "h must be float64 like the weights, got float32"),
        (np.full((5, 2, H), np.nan), ValueError, "h must hold finite numbers, got nan at index (0, 0, 0)"),
        ([[[0.0] * H]], TypeError, "h must be a numpy array of shape (T, B, 4), got list"),
    ],
)
def test_a_wrong_h_is_named_and_leaves_nothing_for_backward(h, error, message):
    out = make()
    out.forward(np.zeros((5, 2, H)))
    with pytest.raises(error, match=re.escape(message)):
        out.forward(h)
    with pytest.raises(RuntimeError, match=r"call forward\(h\) first"):
        out.backward(np.zeros((5, 2, K)))


def test_a_wrong_dy_is_named():
    out = make()
    out.forward(np.zeros((5, 2, H)))
    with pytest.raises(ValueError, match=r"dy must have shape \(5, 2, 3\), got \(4, 2, 3\)"):
        out.backward(np.zeros((4, 2, K)))
    with pytest.raises(TypeError, match="dy must be float64"):
        out.backward(np.zeros((5, 2, K), np.float32))


def test_backward_before_forward_is_refused():
    with pytest.raises(RuntimeError, match=r"backward needs the steps of a forward: call forward\(h\) first"):
        make().backward(np.zeros((5, 2, K)))
