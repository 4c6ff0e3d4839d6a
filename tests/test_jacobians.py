"""Jacobians against PyTorch's, norms against closed forms and against what a nudge does."""

import numpy as np
import pytest
import torch

from lstm_lib.convert import to_torch
from lstm_lib.scratch import GRU, LSTM, RNN, Output
from lstm_lib.scratch.jacobians import (
    gradient_norms,
    jacobian,
    orthogonal,
    spectral_radius,
    state_gradient_norms,
    state_jacobians,
)


@pytest.mark.parametrize(
    ("W", "radius"),
    [
        ([[2.0, 0.0], [0.0, -3.0]], 3.0),  # the largest is negative
        ([[0.0, 1.0], [-1.0, 0.0]], 1.0),  # a turn by a right angle: ±i
        ([[0.9, 50.0], [0.0, 0.9]], 0.9),  # no matter how large the rest is
        ([[0.3, -0.4], [0.4, 0.3]], 0.5),  # 0.3 ± 0.4i
    ],
)
def test_the_spectral_radius_by_hand(W, radius):
    assert spectral_radius(np.array(W)) == pytest.approx(radius, rel=1e-12)


def test_an_orthogonal_matrix_keeps_every_length_and_is_drawn_evenly():
    Q = orthogonal(16, np.random.default_rng(0))
    np.testing.assert_allclose(Q @ Q.T, np.eye(16), atol=1e-14)
    assert spectral_radius(Q) == pytest.approx(1, abs=1e-13)
    rng = np.random.default_rng(1)
    corners = [orthogonal(3, rng)[0, 0] for _ in range(4000)]  # uniform on (-1, 1) for size 3
    assert abs(np.mean(corners)) < 0.03
    assert np.var(corners) == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_jacobian_is_that_of_pytorch(activation):
    rng = np.random.default_rng(0)
    W, a, before = rng.normal(size=(5, 5)), rng.normal(size=5), rng.normal(size=5)
    act = getattr(torch, activation)
    step = lambda h: act(torch.from_numpy(a) + h @ torch.from_numpy(W))  # noqa: E731
    h = step(torch.from_numpy(before)).numpy()
    expected = torch.autograd.functional.jacobian(step, torch.from_numpy(before)).numpy()
    np.testing.assert_allclose(jacobian(h, W, activation), expected, rtol=1e-12, atol=1e-15)


def test_a_linear_chain_of_an_orthogonal_matrix_has_the_norm_radius_to_the_lag():
    W = 0.9 * orthogonal(8, np.random.default_rng(0))
    np.testing.assert_allclose(
        gradient_norms(np.zeros((40, 8)), W, "linear"), 0.9 ** np.arange(40), rtol=1e-11
    )
    one = gradient_norms(np.zeros((4, 1)), np.array([[-2.0]]), "tanh")
    np.testing.assert_allclose(one, [1, 2, 4, 8])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_norms_are_those_of_the_gradients_that_backward_returns(activation):
    rng = np.random.default_rng(0)
    net = RNN(3, 6, rng=rng, dtype=np.float64, activation=activation)
    net.params["W_h"] *= 2
    x, T = rng.normal(size=(7, 1, 3)), 7
    h = net.forward(x)[0][:, 0]
    norms = gradient_norms(h, net.params["W_h"], activation)
    for lag in range(1, T):
        net.forward(np.repeat(x[T - lag :], 6, axis=1), np.repeat(h[None, T - lag - 1], 6, axis=0))
        _, J = net.backward(np.zeros((lag, 6, 6)), np.eye(6))  # one sequence for each row of the Jacobian
        assert norms[lag] == pytest.approx(np.linalg.svd(J)[1][0], rel=1e-10)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_norms_of_any_state_are_those_of_the_equation_for_an_rnn(activation):
    rng = np.random.default_rng(1)
    net = RNN(3, 6, rng=rng, dtype=np.float64, activation=activation)
    net.params["W_h"] *= 2
    x = rng.normal(size=(12, 1, 3))
    expected = gradient_norms(net.forward(x)[0][:, 0], net.params["W_h"], activation)
    np.testing.assert_allclose(state_gradient_norms(net, x), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", [RNN, GRU, LSTM])
def test_state_jacobians_are_those_of_pytorch_over_every_lag(kind):
    rng, T, H = np.random.default_rng(2), 6, 4
    net = kind(3, H, rng=rng, dtype=np.float64)
    for array in net.params.values():
        array *= 2
    x = rng.normal(size=(T, 1, 3))
    module = to_torch(net)

    def run(state, start):
        """From the state before step ``start``, (S,), to the last one, by PyTorch."""
        parts = tuple(part.reshape(1, 1, H) for part in state.split(H))
        _, last = module(torch.from_numpy(x[start:]), parts if kind is LSTM else parts[0])
        return torch.cat(last if kind is LSTM else (last,)).flatten()

    found = state_jacobians(net, x)
    size = 2 * H if kind is LSTM else H
    assert found.shape == (T, size, size)
    np.testing.assert_array_equal(found[0], np.eye(size))
    for lag in range(T - 1, 0, -1):
        state = net.forward(x[: T - lag])[1]
        flat = torch.from_numpy(np.concatenate(state if kind is LSTM else (state,)).ravel())
        expected = torch.autograd.functional.jacobian(lambda s, lag=lag: run(s, T - lag), flat).numpy()
        np.testing.assert_allclose(found[lag], expected, rtol=1e-10, atol=1e-14)
        assert state_gradient_norms(net, x)[lag] == pytest.approx(np.linalg.svd(expected)[1][0], rel=1e-10)


def test_the_cell_of_an_lstm_without_recurrent_weights_passes_on_the_product_of_its_forget_gates():
    rng, H = np.random.default_rng(3), 5
    net = LSTM(2, H, rng=rng, dtype=np.float64)
    net.params["W_h"][...] = 0
    x = rng.normal(size=(20, 1, 2))
    v = x[:, 0] @ net.params["W_x"][:, H : 2 * H] + net.params["b"][H : 2 * H]
    forget = 1 / (1 + np.exp(-v))  # (T, H)
    for lag, J in enumerate(state_jacobians(net, x)[:, H:, H:]):
        np.testing.assert_allclose(J, np.diag(forget[20 - lag :].prod(axis=0)), rtol=1e-12)


@pytest.mark.parametrize("call", [state_jacobians, state_gradient_norms])
def test_a_wrong_net_or_sequence_is_named(call):
    rng = np.random.default_rng(0)
    net = LSTM(3, 2, rng=rng, dtype=np.float64)
    with pytest.raises(TypeError, match=r"of lstm_lib\.scratch, got lstm_lib\.scratch\.output\.Output"):
        call(Output(2, 3, rng=rng), np.zeros((5, 1, 3)))
    with pytest.raises(TypeError, match=r"LSTM of lstm_lib\.scratch, got torch\.nn\.modules\.rnn\.LSTM"):
        call(torch.nn.LSTM(3, 2), np.zeros((5, 1, 3)))
    with pytest.raises(TypeError, match="x must be float64 like the weights, got float32"):
        call(net, np.zeros((5, 1, 3), np.float32))
    with pytest.raises(ValueError, match=r"x must have shape \(T, 1, 3\), got \(5, 2, 3\)"):
        call(net, np.zeros((5, 2, 3)))
    with pytest.raises(ValueError, match="x must hold finite numbers"):
        call(net, np.full((5, 1, 3), np.nan))


@pytest.mark.parametrize("kind", [RNN, GRU, LSTM])
def test_from_a_state_of_its_own_a_net_goes_on_where_a_longer_sequence_would(kind):
    rng = np.random.default_rng(4)
    net = kind(3, 4, rng=rng, dtype=np.float64)
    x = rng.normal(size=(15, 1, 3))
    whole = state_jacobians(net, x)
    _, state = net.forward(x[:6])
    np.testing.assert_allclose(state_jacobians(net, x[6:], state), whole[:9], rtol=1e-12)
    np.testing.assert_allclose(
        state_gradient_norms(net, x[6:], state), state_gradient_norms(net, x)[:9], rtol=1e-12
    )
    assert not np.allclose(state_jacobians(net, x[6:]), whole[:9])


@pytest.mark.parametrize("call", [state_jacobians, state_gradient_norms])
def test_a_wrong_state_is_named(call):
    rng = np.random.default_rng(0)
    rnn, lstm = (kind(3, 2, rng=rng, dtype=np.float64) for kind in (RNN, LSTM))
    x, good = np.zeros((5, 1, 3)), np.zeros((1, 2))
    for net, state, error, words in [
        (rnn, np.zeros((2, 2)), ValueError, r"state must have shape \(1, 2\), got \(2, 2\)"),
        (rnn, (good, good), TypeError, r"state must be a numpy array of shape \(1, 2\), got tuple"),
        (lstm, good, TypeError, r"state must be a tuple \(h, c\) for an LSTM, got ndarray"),
        (lstm, (good,) * 3, TypeError, r"state must be a tuple \(h, c\) for an LSTM, got a tuple of 3"),
        (lstm, (good, good[0]), ValueError, r"state\[1\] must have shape \(1, 2\), got \(2,\)"),
        (lstm, (good, good.astype(np.float32)), TypeError, r"state\[1\] must be float64"),
        (lstm, (good + np.inf, good), ValueError, r"state\[0\] must hold finite numbers"),
    ]:
        with pytest.raises(error, match=words):
            call(net, x, state)


def test_nested_lists_are_matrices_too():
    assert spectral_radius([[2, 0], [0, -3]]) == 3
    np.testing.assert_allclose(jacobian([0.5, 0.0], [[1.0, 2.0], [3.0, 4.0]]), [[0.75, 2.25], [2.0, 4.0]])
    np.testing.assert_allclose(gradient_norms([[0.0], [0.0]], [[-2.0]], "linear"), [1, 2])


@pytest.mark.parametrize(
    ("size", "rng", "error", "words"),
    [
        (-1, np.random.default_rng(0), ValueError, "size must be a positive int, got -1"),
        (2.5, np.random.default_rng(0), TypeError, r"size must be a positive int, got 2\.5"),
        (3, 5, TypeError, r"rng must be a numpy\.random\.Generator such as .* got 5"),
    ],
)
def test_a_wrong_size_or_generator_is_named(size, rng, error, words):
    with pytest.raises(error, match=words):
        orthogonal(size, rng)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: spectral_radius(np.ones((2, 3))),
            r"W must be a square matrix \(H, H\), got shape \(2, 3\)",
        ),
        (lambda: spectral_radius(np.full((2, 2), np.nan)), "W must hold finite numbers"),
        (lambda: spectral_radius([[1, 2]]), r"W must be .* got shape \(1, 2\)"),
        (lambda: spectral_radius([["a"]]), r"W must be an array of real numbers, got \[\['a'\]\]"),
        (
            lambda: spectral_radius([[1, 2], [3]]),
            r"W must be an array of real numbers, got \[\[1, 2\], \[3\]\]",
        ),
        (lambda: jacobian([1.0, "a"], np.eye(2)), r"h must be an array of real numbers, got \[1\.0, 'a'\]"),
        (lambda: gradient_norms([["a"]], np.eye(1)), r"h must be an array of real numbers, got \[\['a'\]\]"),
        (lambda: jacobian(np.ones(2), np.ones((2, 3))), r"W_h must be a square matrix"),
        (lambda: spectral_radius(np.ones(3)), "square"),
        (lambda: jacobian(np.ones(3), np.ones((2, 2))), r"h must have shape \(2,\)"),
        (lambda: jacobian(np.ones((1, 2)), np.ones((2, 2))), r"one state of one sequence, got \(1, 2\)"),
        (lambda: jacobian(np.ones(2), np.ones((2, 2)), "gelu"), "activation must be one of"),
        (lambda: gradient_norms(np.ones(3), np.ones((3, 3))), r"h must have shape \(T, H\)"),
        (lambda: gradient_norms(np.ones((5, 2)), np.ones((3, 3))), r"h must have shape \(3,\)"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
