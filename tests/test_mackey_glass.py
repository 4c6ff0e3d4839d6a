"""The chaotic series: a closed form where there is one, another solver, and the same bits everywhere."""

import numpy as np
import pytest

from lstm_lib.datasets.mackey_glass import mackey_glass


@pytest.mark.parametrize("start", [0.5, 1.2, 2.0])
def test_until_the_delay_is_over_the_equation_has_a_closed_form(start):
    x, t = mackey_glass(18, start=start, discard=0), np.arange(18)
    level = 2 * start / (1 + start**10)  # 0.2 start / (1 + start^10) comes in all the time, 0.1 x goes out
    np.testing.assert_allclose(x, level + (start - level) * np.exp(-0.1 * t), rtol=1e-9)


def test_it_agrees_with_a_finer_plain_solver():
    steps = 400  # Euler, a step of 1/400
    x = [1.2] * (17 * steps + 1)
    for _ in range(100 * steps):
        old = x[-17 * steps - 1]
        x.append(x[-1] + (0.2 * old / (1 + old**10) - 0.1 * x[-1]) / steps)
    np.testing.assert_allclose(mackey_glass(101, discard=0), x[17 * steps :: steps], atol=2e-3)


def test_a_steady_state_stays():
    np.testing.assert_allclose(mackey_glass(50, start=1.0, discard=0), 1.0, rtol=1e-12)


def test_it_is_the_same_to_the_last_bit_and_chaotic():
    x = mackey_glass(12_000)
    assert x[-1].hex() == "0x1.0c3c021c2d34dp+0"
    assert x.shape == (12_000,)
    assert 0.2 < x.min() < 0.5
    assert 1.2 < x.max() < 1.4
    other = mackey_glass(12_000, start=1.2 + 1e-12)
    assert np.abs(x - other)[:500].max() < 1e-8
    assert np.abs(x - other)[-2000:].max() > 0.1


def test_what_is_discarded_is_the_beginning():
    np.testing.assert_array_equal(mackey_glass(50, discard=0)[20:], mackey_glass(30, discard=20))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"length": 0}, ValueError, "length must be at least 1, got 0"),
        ({"length": 5.0}, TypeError, "length must be a whole number"),
        ({"length": 5, "delay": 0}, ValueError, "delay must be at least 1"),
        ({"length": 5, "discard": -1}, ValueError, "discard must be at least 0"),
        ({"length": 5, "start": -1.0}, ValueError, "start must be finite and above zero, got -1"),
        ({"length": 5, "start": float("nan")}, ValueError, "start must be finite"),
        ({"length": 5, "start": "1"}, TypeError, "start must be a number above zero, got '1'"),
    ],
)
def test_arguments_that_are_none_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        mackey_glass(**arguments)
