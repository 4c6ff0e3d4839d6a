"""How far a nudge to an early state of an RNN reaches: its Jacobians, their products, and weights made to measure.

The convention is that of the whole course, a state is a row: h_t = act(x_t W_x + h_{t-1} W_h + b). A Jacobian has the
outputs down and the inputs across, J[j, i] = d h_t[j] / d h_{t-1}[i]. Hence the transpose: J = diag(slope) W_h^T.
Source: Pascanu, Mikolov and Bengio (2013), equation 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.activations import ACTIVATIONS

Array = NDArray[Any]

#: Name -> the slope given the output. "linear" is no activation at all: the case that theory solves exactly.
SLOPES: dict[str, Callable[[Array], Array]] = {"linear": np.ones_like} | {
    name: slope for name, (_, slope) in ACTIVATIONS.items()
}


def spectral_radius(W: Array) -> float:
    """Return the largest absolute value among the eigenvalues, real or complex, of a square matrix.

    Raises:
        ValueError: W is not square.
    """
    _check_square(W)
    return float(np.abs(np.linalg.eigvals(W)).max())


def orthogonal(size: int, rng: np.random.Generator) -> Array:
    """Return a random orthogonal matrix (size, size) in float64: it turns a vector and keeps its length.

    Drawn evenly from all of them: the Q of a normal random matrix, with the signs that make R's diagonal positive.
    Source: Mezzadri (2007), "How to generate random matrices from the classical compact groups".
    """
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
        ValueError: W_h is not square, h does not fit to it, or the activation is unknown.
    """
    _check_square(W_h)
    if activation not in SLOPES:
        raise ValueError(f"activation must be one of {sorted(SLOPES)}, got {activation!r}")
    if np.shape(h) != (len(W_h),):
        raise ValueError(f"h must have shape ({len(W_h)},), one state of one sequence, got {np.shape(h)}")
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
    if np.ndim(h) != 2 or len(h) == 0:
        raise ValueError(f"h must have shape (T, H), the states of one sequence, got {np.shape(h)}")
    product = np.eye(len(W_h))
    products = [product]
    for h_t in h[:0:-1]:  # from the last step back to the second
        product = product @ jacobian(h_t, W_h, activation)
        products.append(product)
    norms: Array = np.linalg.norm(np.stack(products), 2, axis=(1, 2))
    return norms


def _check_square(W: Array) -> None:
    if np.ndim(W) != 2 or W.shape[0] != W.shape[1]:
        raise ValueError(f"W_h must be a square matrix (H, H), got shape {np.shape(W)}")
