"""Adam and clipping against PyTorch's, and what they refuse."""

import numpy as np
import pytest
import torch

from lstm_lib.scratch import Adam, clip_gradients

SHAPES = {"W": (3, 4), "b": (4,), "one": (1,)}


def some(seed, dtype=np.float64, scale=1.0):
    rng = np.random.default_rng(seed)
    return {name: (scale * rng.standard_normal(shape)).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-6)])
@pytest.mark.parametrize("options", [{}, {"betas": (0.8, 0.95), "eps": 1e-3}, {"betas": (0.0, 0.9)}])
def test_twenty_steps_of_adam_are_those_of_pytorch(dtype, tolerance, options):
    params = some(0, dtype)
    theirs = {name: torch.tensor(p) for name, p in params.items()}
    ours, reference = Adam(params, 0.05, **options), torch.optim.Adam(theirs.values(), 0.05, **options)
    for step in range(20):
        # The rate is set between steps, as a schedule would.
        ours.rate = reference.param_groups[0]["lr"] = 0.05 / (1 + step)
        grads = some(step + 1, dtype, scale=10.0 ** (step % 5 - 2))
        ours.step(grads)
        for name, tensor in theirs.items():
            tensor.grad = torch.tensor(grads[name])
        reference.step()
    for name, p in params.items():
        np.testing.assert_allclose(p, theirs[name].numpy(), rtol=0, atol=tolerance, strict=True)


def test_adam_changes_the_arrays_that_it_was_given_and_no_gradient():
    params, grads = some(0), some(1)
    arrays, kept = dict(params), {name: g.copy() for name, g in grads.items()}
    Adam(params, 0.01).step(grads)
    for name, p in params.items():
        assert p is arrays[name]
        np.testing.assert_allclose(
            p, some(0)[name] - 0.01 * np.sign(grads[name]), atol=1e-8
        )  # the first step
        np.testing.assert_array_equal(grads[name], kept[name])


def test_adam_finds_the_bottom_of_a_bowl():
    params = {"W": np.array([3.0, -4.0])}
    adam = Adam(params, 0.1)
    for _ in range(500):
        adam.step({"W": 2 * params["W"] * [1, 10]})
    np.testing.assert_allclose(params["W"], 0, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": 0}, "rate must be a positive number, got 0"),
        ({"rate": -0.1}, "rate must be a positive number, got -0.1"),
        ({"rate": float("nan")}, "rate must be a positive number, got nan"),
        (
            {"betas": (0.9, 1.0)},
            r"betas must be two numbers from 0 to less than 1, got \(0.9, 1.0\)",
        ),
        ({"betas": (-0.1, 0.9)}, "betas must be two numbers"),
        ({"betas": (0.9,)}, "betas must be two numbers"),
        ({"eps": 0}, "eps must be a positive number, got 0"),
    ],
)
def test_adam_refuses_what_cannot_work(options, message):
    with pytest.raises(ValueError, match=message):
        Adam(some(0), **options)


def test_adam_refuses_gradients_that_do_not_fit_and_takes_no_step():
    params, grads = some(0), some(1)
    adam = Adam(params)
    with pytest.raises(
        KeyError, match=r"grads must have a gradient for every parameter, got none for \['W', 'b'\]"
    ):
        adam.step({"one": grads["one"]})
    with pytest.raises(ValueError, match=r"grads\['b'\] must have shape \(4,\), got \(3, 4\)"):
        adam.step(grads | {"b": grads["W"]})
    for name, p in params.items():
        np.testing.assert_array_equal(p, some(0)[name])


@pytest.mark.parametrize("max_norm", [0.1, 1.0, 1e3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_is_that_of_pytorch(max_norm, dtype):
    grads = some(0, dtype)
    theirs = [torch.zeros(shape, requires_grad=True) for shape in SHAPES.values()]
    for tensor, g in zip(theirs, grads.values(), strict=True):
        tensor.data = torch.tensor(g)
        tensor.grad = torch.tensor(g)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm).item()
    assert clip_gradients(grads, max_norm) == pytest.approx(expected, rel=1e-6)
    for tensor, g in zip(theirs, grads.values(), strict=True):
        np.testing.assert_allclose(g, tensor.grad.numpy(), rtol=2e-6, strict=True)


def test_clipping_by_hand():
    grads = {"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    array = grads["W"]
    assert clip_gradients(grads, 10) == 5
    np.testing.assert_array_equal(array, [[3, 0]])
    assert clip_gradients(grads, 1) == 5
    np.testing.assert_allclose(array, [[0.6, 0]], rtol=1e-15)  # in place
    np.testing.assert_allclose(grads["b"], [0.8], rtol=1e-15)


def test_clipping_of_very_large_float32_does_not_overflow():
    grads = {"W": np.full(4, 1e30, np.float32)}
    assert clip_gradients(grads, 1.0) == pytest.approx(2e30, rel=1e-6)
    np.testing.assert_allclose(grads["W"], 0.5, rtol=1e-6)


@pytest.mark.parametrize("max_norm", [0, -1.0, float("nan")])
def test_clipping_refuses_a_norm_that_is_none(max_norm):
    with pytest.raises(ValueError, match=f"max_norm must be a positive number, got {max_norm}"):
        clip_gradients(some(0), max_norm)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_clipping_refuses_what_is_not_finite_and_changes_nothing(bad):
    grads = some(0)
    grads["b"][1] = bad
    with pytest.raises(ValueError, match=r"grads must be finite, got NaN or infinity in \['b'\]"):
        clip_gradients(grads, 1.0)
    np.testing.assert_array_equal(grads["W"], some(0)["W"])
