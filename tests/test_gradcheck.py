"""The check of gradients is checked: on a gradient known by heart, on a wrong one, and on arrays put back."""

import numpy as np
import pytest

from lstm_lib.scratch import numeric_gradient, relative_error


def cube(a):
    """A loss whose gradient is 3 a²."""
    return lambda: float((a**3).sum())


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3)])
def test_a_gradient_known_by_heart(shape):
    a = np.array(np.random.default_rng(0).standard_normal(shape))
    np.testing.assert_allclose(numeric_gradient(cube(a), a), 3 * a**2, rtol=1e-7, atol=1e-9)


def test_central_differences_are_exact_for_a_parabola():
    a = np.array([3.0, -1.0])
    np.testing.assert_allclose(numeric_gradient(lambda: (a**2).sum(), a, step=0.5), [6, -2], rtol=1e-14)


def test_a_wrong_gradient_is_found():
    a = np.random.default_rng(0).standard_normal((3, 4))
    numeric = numeric_gradient(cube(a), a)
    right, one_sign, one_missing = 3 * a**2, 3 * a**2, 3 * a**2
    one_sign[1, 2] *= -1
    one_missing[0, 0] = 0
    assert relative_error(right, numeric) < 1e-8
    assert min(relative_error(wrong, numeric) for wrong in (one_sign, one_missing, 2 * right, a**2)) > 1e-3


def test_a_view_is_nudged_where_it_lies():
    a = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(numeric_gradient(cube(a), a[:, 1]), 3 * a[:, 1] ** 2, rtol=1e-7)


def test_the_array_is_put_back_to_the_last_bit():
    a = np.random.default_rng(0).standard_normal((3, 4))
    kept = a.copy()
    numeric_gradient(cube(a), a, step=0.1)
    np.testing.assert_array_equal(a, kept)


@pytest.mark.parametrize("calls", [1, 2, 7])
def test_the_array_is_put_back_when_the_loss_fails(calls):
    a = np.arange(6.0)
    left = iter(range(calls - 1))

    def loss():
        next(left)
        return 0.0

    with pytest.raises(StopIteration):
        numeric_gradient(loss, a)
    np.testing.assert_array_equal(a, np.arange(6.0))


@pytest.mark.parametrize(
    ("array", "step", "error", "message"),
    [
        (
            np.zeros(2, np.float32),
            1e-5,
            TypeError,
            "array must be a float64 numpy array, got float32: build the net",
        ),
        (np.zeros(2, int), 1e-5, TypeError, "array must be a float64 numpy array, got int64"),
        ([1.0, 2.0], 1e-5, TypeError, "array must be a float64 numpy array, got list"),
        (np.zeros(2), 0, ValueError, "step must be a positive number, got 0"),
        (np.zeros(2), -1e-5, ValueError, "step must be a positive number, got -1e-05"),
        (np.zeros(2), float("nan"), ValueError, "step must be a positive number, got nan"),
    ],
)
def test_what_cannot_be_nudged_is_refused(array, step, error, message):
    with pytest.raises(error, match=message):
        numeric_gradient(lambda: 0.0, array, step)


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0),
        ([0.0, 0.0], [0.0, 0.0], 0),
        ([1.0, -2.0], [-1.0, 2.0], 2),
        ([4.0, 1e-9], [4.0, 2e-9], 2.5e-10),
        ([4.0, 0.0], [5.0, 0.0], 0.2),
        ([1e-12], [0.0], 1),
        ([], [], 0),
    ],
)
def test_relative_error(a, b, error):
    assert relative_error(np.array(a), np.array(b)) == pytest.approx(error, abs=0)
    assert relative_error(np.array(b), np.array(a)) == pytest.approx(error, abs=0)


@pytest.mark.parametrize("a", [[np.nan, 1.0], [np.inf, 1.0]])
def test_a_nan_passes_no_comparison(a):
    with np.errstate(invalid="ignore"):
        assert not relative_error(np.array(a), np.array([1.0, 1.0])) < 1e9


def test_two_shapes_are_not_compared():
    with pytest.raises(ValueError, match=r"a and b must have one shape, got \(2, 1\) and \(2,\)"):
        relative_error(np.zeros((2, 1)), np.zeros(2))
