"""Activations, softmax and cross-entropy: values against PyTorch, slopes against small nudges, extremes, errors."""

import math

import numpy as np
import pytest
import torch

from lstm_lib.scratch import activations, cross_entropy, numeric_gradient, relative_error, softmax

every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
every_curve = pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])


def curve(name):
    """A function and its slope as a function of its output."""
    return getattr(activations, name), getattr(activations, f"{name}_slope")


def some(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@every_curve
@every_dtype
def test_values_are_those_of_pytorch(name, dtype):
    v = 3 * some(4, 5, dtype=dtype)
    got = curve(name)[0](v)
    expected = getattr(torch, name)(torch.tensor(v)).numpy()
    np.testing.assert_allclose(got, expected, rtol=0, atol=4 * np.finfo(dtype).eps, strict=True)


@every_curve
@every_dtype
def test_slopes_are_those_of_a_small_nudge_and_keep_the_dtype(name, dtype):
    function, slope = curve(name)
    v = some(4, 5)
    assert relative_error(slope(function(v)), numeric_gradient(lambda: function(v).sum(), v)) < 1e-9
    assert slope(function(v.astype(dtype))).dtype == dtype


@pytest.mark.parametrize(
    ("name", "value", "slope"), [("sigmoid", 0.5, 0.25), ("tanh", 0, 1), ("relu", 0, 0)], ids=str
)
def test_at_zero(name, value, slope):
    function, slope_of = curve(name)
    y = function(np.zeros(1))
    assert (y.item(), slope_of(y).item()) == (value, slope)


def test_sigmoid_of_the_logarithm_of_odds_is_the_chance():
    chance = np.array([0.001, 0.25, 0.5, 0.9, 0.9999])
    np.testing.assert_allclose(activations.sigmoid(np.log(chance / (1 - chance))), chance, rtol=1e-12)


@every_dtype
@pytest.mark.parametrize(
    ("name", "ends"), [("sigmoid", [0, 1]), ("tanh", [-1, 1]), ("relu", [0, 1e4])], ids=lambda v: str(v)
)
def test_far_out_the_curves_are_flat_and_quiet(name, ends, dtype):
    function, slope = curve(name)
    y = function(np.array([-1e4, 1e4], dtype))
    np.testing.assert_array_equal(y, np.array(ends, dtype))
    np.testing.assert_array_equal(slope(y), [0, float(name == "relu")])


def test_the_table_of_activations_holds_each_beside_its_own_slope():
    assert {name: curve(name) for name in ("tanh", "relu")} == activations.ACTIVATIONS


@every_dtype
def test_softmax_is_that_of_pytorch(dtype):
    logits = 5 * some(2, 3, 7, dtype=dtype)
    expected = torch.softmax(torch.tensor(logits), dim=-1).numpy()
    np.testing.assert_allclose(softmax(logits), expected, rtol=20 * np.finfo(dtype).eps, strict=True)


@every_dtype
def test_softmax_of_extremes_is_a_choice(dtype):
    logits = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4]], dtype)
    np.testing.assert_allclose(softmax(logits), [[1, 0, 0], [1 / 3] * 3], rtol=1e-6)


def test_softmax_backward_is_a_small_nudge():
    logits, dp = some(2, 3, 7), some(2, 3, 7, seed=1)
    got = activations.softmax_backward(softmax(logits), dp)
    assert relative_error(got, numeric_gradient(lambda: (softmax(logits) * dp).sum(), logits)) < 1e-9


@every_dtype
@pytest.mark.parametrize("shape", [(7,), (4, 7), (2, 3, 7), (1, 1, 1)])
def test_cross_entropy_is_that_of_pytorch(shape, dtype):
    logits = 5 * some(*shape, dtype=dtype)
    targets = np.random.default_rng(1).integers(0, shape[-1], shape[:-1])
    kept = logits.copy()
    loss, dlogits = cross_entropy(logits, targets)

    theirs = torch.tensor(logits, requires_grad=True)
    rows = torch.tensor(targets.reshape(-1))
    expected = torch.nn.functional.cross_entropy(theirs.reshape(-1, shape[-1]), rows)
    expected.backward()
    assert isinstance(loss, float)
    assert loss == pytest.approx(expected.item(), rel=20 * float(np.finfo(dtype).eps))
    atol = 4 * np.finfo(dtype).eps
    np.testing.assert_allclose(dlogits, theirs.grad.numpy(), rtol=0, atol=atol, strict=True)
    np.testing.assert_array_equal(logits, kept)


def test_cross_entropy_gradient_is_a_small_nudge():
    logits, targets = some(2, 3, 7), np.array([[0, 6, 3], [3, 3, 1]])
    _, dlogits = cross_entropy(logits, targets)
    assert relative_error(dlogits, numeric_gradient(lambda: cross_entropy(logits, targets)[0], logits)) < 1e-8


def test_knowing_nothing_costs_the_logarithm_of_the_choices():
    assert cross_entropy(np.zeros((5, 66)), np.arange(5))[0] == pytest.approx(math.log(66))


@every_dtype
def test_cross_entropy_of_a_certain_mistake_is_large_and_finite(dtype):
    loss, dlogits = cross_entropy(np.array([[1e4, -1e4, 0]], dtype), np.array([1]))
    assert loss == 2e4
    np.testing.assert_array_equal(dlogits, [[1, -1, 0]])


@pytest.mark.parametrize(
    ("logits", "targets", "error", "message"),
    [
        (
            np.zeros((2, 3)),
            np.zeros(2),
            TypeError,
            "targets must be whole numbers .*, got an array of float64",
        ),
        (
            np.zeros((2, 3)),
            np.ones(2, bool),
            TypeError,
            "targets must be whole numbers .*, got an array of bool",
        ),
        (np.zeros((2, 3)), np.zeros(3, int), ValueError, r"got logits \(2, 3\), targets \(3,\)"),
        (np.zeros((2, 3)), np.zeros((2, 1), int), ValueError, r"got logits \(2, 3\), targets \(2, 1\)"),
        (np.zeros(()), np.zeros((), int), ValueError, r"got logits \(\), targets \(\)"),
        (np.zeros((0, 3)), np.zeros(0, int), ValueError, "targets must hold at least one target, got none"),
        (np.zeros((2, 3)), np.array([0, 3]), ValueError, "targets must be from 0 to 2, got 0 to 3"),
        (np.zeros((2, 3)), np.array([-1, 2]), ValueError, "targets must be from 0 to 2, got -1 to 2"),
    ],
)
def test_cross_entropy_refuses_what_has_no_meaning(logits, targets, error, message):
    with pytest.raises(error, match=message):
        cross_entropy(logits, targets)
