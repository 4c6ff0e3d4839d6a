"""How far a nudge to an early state reaches: Jacobians of RNN, GRU and LSTM, and weights made to measure.

The convention is that of the whole course, a state is a row: h_t = act(x_t W_x + h_{t-1} W_h + b). A Jacobian has the
outputs down and the inputs across, J[j, i] = d h_t[j] / d h_{t-1}[i]. Hence the transpose: J = diag(slope) W_h^T.
Source: Pascanu, Mikolov and Bengio (2013), equation 5.

``jacobian`` and ``gradient_norms`` are that equation, for a plain RNN. ``state_jacobians`` and ``state_gradient_norms``
are for all three kinds of net: they need no equation, since ``*_step_backward`` knows the way back already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.activations import ACTIVATIONS
from lstm_lib.scratch.gru import GRU, gru_step, gru_step_backward
from lstm_lib.scratch.layer import checked, positive_int
from lstm_lib.scratch.lstm import LSTM, lstm_step, lstm_step_backward
from lstm_lib.scratch.rnn import RNN, rnn_step, rnn_step_backward

Array = NDArray[Any]

#: Name -> the slope given the output. "linear" is no activation at all: the case that theory solves exactly.
SLOPES: dict[str, Callable[[Array], Array]] = {"linear": np.ones_like} | {
    name: slope for name, (_, slope) in ACTIVATIONS.items()
}


def spectral_radius(W: Array) -> float:
    """Return the largest absolute value among the eigenvalues, real or complex, of a square matrix.

    Raises:
        ValueError: W is not square, is not numbers, or holds a NaN or an infinity.
    """
    W = _square("W", W)
    return float(np.abs(np.linalg.eigvals(W)).max())


def orthogonal(size: int, rng: np.random.Generator) -> Array:
    """Return a random orthogonal matrix (size, size) in float64: it turns a vector and keeps its length.

    Drawn evenly from all of them: the Q of a normal random matrix, with the signs that make R's diagonal positive.
    Source: Mezzadri (2007), "How to generate random matrices from the classical compact groups".

    Raises:
        TypeError: size is not an int, or rng is not a numpy.random.Generator.
        ValueError: size is below 1.
    """
    size = positive_int("size", size)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}")
    Q, R = np.linalg.qr(rng.normal(size=(size, size)))
    signs: Array = np.sign(np.diag(R))
    return Q * signs


def jacobian(h: Array, W_h: Array, activation: str = "tanh") -> Array:
    """Return d h_t / d h_{t-1} (H, H) of one sequence, given the new state h = h_t (H,) and W_h (H, H).

    Args:
        h: the state after the step; the slopes of the activations here are functions of their output.
        W_h: the recurrent weights.
        activation: "tanh", "relu" or "linear".

    Raises:
        ValueError: W_h is not square, h does not fit to it, one is not numbers, or the activation is unknown.
    """
    W_h, h = _square("W_h", W_h), _numbers("h", h)
    if activation not in SLOPES:
        raise ValueError(f"activation must be one of {sorted(SLOPES)}, got {activation!r}")
    if h.shape != (len(W_h),):
        raise ValueError(f"h must have shape ({len(W_h)},), one state of one sequence, got {h.shape}")
    return SLOPES[activation](h)[:, None] * W_h.T


def gradient_norms(h: Array, W_h: Array, activation: str = "tanh") -> Array:
    """Return the norm of d h_T / d h_t for the lags T - t = 0, 1, ..., T - 1, as (T,).

    The norm is the spectral one: the largest factor by which a small nudge to h_t can have grown when it reaches h_T.

    Args:
        h: (T, H), the states of one sequence.
        W_h: (H, H), the recurrent weights.
        activation: "tanh", "relu" or "linear".

    Raises:
        ValueError: as ``jacobian``, or h has another shape.
    """
    W_h, h = _square("W_h", W_h), _numbers("h", h)
    if h.ndim != 2 or len(h) == 0:
        raise ValueError(f"h must have shape (T, H), the states of one sequence, got {h.shape}")
    product = np.eye(len(W_h))
    products = [product]
    for h_t in h[:0:-1]:  # from the last step back to the second
        product = product @ jacobian(h_t, W_h, activation)
        products.append(product)
    norms: Array = np.linalg.norm(np.stack(products), 2, axis=(1, 2))
    return norms


def state_jacobians(
    net: RNN | GRU | LSTM, x: Array, state: Array | tuple[Array, Array] | None = None
) -> Array:
    """Return d s_T / d s_t for the lags T - t = 0, 1, ..., T - 1, as (T, S, S): outputs down, inputs across.

    s is the whole state, what one step hands on to the next: h for an RNN and a GRU, so that S = H; h and then c for
    an LSTM, so that S = 2H. A row of the Jacobian is the gradient of one number of s_T. So we
    send back S gradients at once, the rows of an identity, each through a sequence of its own; all S sequences are x.

    Args:
        net: of ``lstm_lib.scratch``. Float64 is advised: a gradient that vanishes in float32 may do so by rounding.
        x: (T, 1, D), one sequence, in the net's dtype.
        state: where it begins: (1, H), for an LSTM the pair (h, c) of such, as ``net.forward`` returns it. None: zeros.

    Raises:
        TypeError: net is something else, or x or the state is no array or of another dtype than the net.
        ValueError: x or the state has another shape, or holds a NaN or an infinity.
    """
    if not isinstance(net, RNN | GRU | LSTM):
        raise TypeError(
            "net must be an RNN, GRU or LSTM of lstm_lib.scratch, "
            f"got {type(net).__module__}.{type(net).__qualname__}"
        )
    x = checked("x", x, ("T", 1, net.input_size), net.dtype)
    begin = _parts(net, state)
    parts, size = len(begin), len(begin) * net.hidden_size  # the latter is S
    states = [np.repeat(part, size, axis=0) for part in begin]
    way_back = []
    for x_t in x:
        states, back = _step(net, np.repeat(x_t, size, axis=0), states)
        way_back.append(back)
    d = np.eye(size, dtype=net.dtype)
    jacobians = [d]
    for back in way_back[:0:-1]:  # from the last step back to the second
        d = np.concatenate(back(np.split(d, parts, axis=1)), axis=1)
        jacobians.append(d)
    return np.stack(jacobians)


def state_gradient_norms(
    net: RNN | GRU | LSTM, x: Array, state: Array | tuple[Array, Array] | None = None
) -> Array:
    """Return the norm of d s_T / d s_t for the lags 0, 1, ..., T - 1, as (T,).

    The arguments are those of ``state_jacobians``. Mind where you begin: at a state of zero an LSTM's tanh is steep,
    and flat later on. A net that has read some noise before is in the middle of a long sequence.

    The norm is the spectral one: the largest factor by which a small nudge to the state s_t can have grown when it
    reaches s_T. For an RNN it is ``gradient_norms``.

    Raises:
        TypeError, ValueError: as ``state_jacobians``.
    """
    norms: Array = np.linalg.norm(state_jacobians(net, x, state), 2, axis=(1, 2))
    return norms


def _step(
    net: RNN | GRU | LSTM, x: Array, states: list[Array]
) -> tuple[list[Array], Callable[[list[Array]], list[Array]]]:
    """Take one step from the parts of a state, (h,) or (h, c); return the new parts, and the way back for gradients."""
    p = net.params
    if isinstance(net, LSTM):
        (h, c), lstm_cache = lstm_step(x, (states[0], states[1]), p)
        return [h, c], lambda d: [*lstm_step_backward((d[0], d[1]), lstm_cache, p)[1]]
    if isinstance(net, GRU):
        h, gru_cache = gru_step(x, states[0], p)
        return [h], lambda d: [gru_step_backward(d[0], gru_cache, p)[1]]
    h, rnn_cache = rnn_step(x, states[0], p, net.activation)
    return [h], lambda d: [rnn_step_backward(d[0], rnn_cache, p)[1]]


def _parts(net: RNN | GRU | LSTM, state: object) -> list[Array]:
    """Return the parts of a state, (1, H) each: [h], or [h, c] for an LSTM."""
    shape = (1, net.hidden_size)
    if not isinstance(net, LSTM):
        return [np.zeros(shape, net.dtype) if state is None else checked("state", state, shape, net.dtype)]
    if state is None:
        return [np.zeros(shape, net.dtype)] * 2
    if not isinstance(state, tuple) or len(state) != 2:
        found = f"a tuple of {len(state)}" if isinstance(state, tuple) else type(state).__name__
        raise TypeError(f"state must be a tuple (h, c) for an LSTM, got {found}")
    return [checked(f"state[{k}]", part, shape, net.dtype) for k, part in enumerate(state)]


def _numbers(name: str, given: object) -> Array:
    """Return real numbers as an array, in the dtype that they have."""
    try:
        array = np.asarray(given)
    except ValueError:  # rows of different lengths
        raise ValueError(f"{name} must be an array of real numbers, got {given!r:.80}") from None
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must be an array of real numbers, got {given!r:.80}")
    return array


def _square(name: str, W: object) -> Array:
    """Return the square matrix as an array."""
    array = _numbers(name, W)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise ValueError(f"{name} must be a square matrix (H, H), got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers, got a NaN or an infinity")
    return array
