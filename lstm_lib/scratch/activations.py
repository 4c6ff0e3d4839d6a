"""The functions that bend a straight line, each beside its derivative, and the loss of a choice among V.

A slope is written as a function of the *output*, since that is what backpropagation has at hand: the slope of
``s = sigmoid(v)`` is ``s (1 - s)``, whatever ``v`` was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def sigmoid(v: Array) -> Array:
    """Return 1 / (1 + exp(-v)) elementwise, any shape, between 0 and 1.

    Written as a tanh, which is the same curve stretched: in float32, exp(-v) would overflow below v = -88.
    """
    return 0.5 + 0.5 * np.tanh(0.5 * v)


def sigmoid_slope(s: Array) -> Array:
    """Return d sigmoid(v) / dv, given the output s = sigmoid(v). Any shape."""
    slope: Array = s * (1 - s)
    return slope


def tanh(v: Array) -> Array:
    """Return the hyperbolic tangent elementwise, any shape, between -1 and 1."""
    return np.tanh(v)


def tanh_slope(t: Array) -> Array:
    """Return d tanh(v) / dv, given the output t = tanh(v). Any shape."""
    return 1 - t * t


def relu(v: Array) -> Array:
    """Return max(v, 0) elementwise, any shape."""
    return np.maximum(v, 0)


def relu_slope(r: Array) -> Array:
    """Return d relu(v) / dv, given the output r = relu(v): 1 where r > 0, else 0. Any shape."""
    return (r > 0).astype(r.dtype)


#: Name -> (function, its slope given the output).
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
}


def softmax(logits: Array) -> Array:
    """Return probabilities (..., V): exp(logits) divided by their sum along the last axis.

    The largest logit is taken away first. That leaves the quotient as it is, and exp can no longer overflow.
    """
    p: Array = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def softmax_backward(p: Array, dp: Array) -> Array:
    """Return the gradient at the logits, given p = softmax(logits) and the gradient dp at p, all (..., V).

    The Jacobian of softmax is diag(p) - p p^T, so dlogits = p * (dp - <dp, p>).
    """
    dlogits: Array = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    return dlogits


def cross_entropy(logits: Array, targets: NDArray[np.integer[Any]]) -> tuple[float, Array]:
    """Return the mean of -log softmax(logits)[target] in nats, and its gradient at the logits.

    Shapes: logits (..., V); targets (...), whole numbers from 0 to V - 1. The gradient (..., V) is
    (softmax(logits) - one_hot(targets)) / N, where N is the number of targets.

    Raises:
        TypeError: the targets are not integers.
        ValueError: the shapes do not fit, there is no target, or a target is outside 0 ... V - 1.
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    if not np.issubdtype(targets.dtype, np.integer):
        raise TypeError(f"targets must be whole numbers (symbol ids), got an array of {targets.dtype}")
    if logits.ndim < 1 or logits.shape[:-1] != targets.shape:
        expected = "(...,) = the shape of logits without its last axis"
        raise ValueError(
            f"targets must have shape {expected}, got logits {logits.shape}, targets {targets.shape}"
        )
    symbols = logits.shape[-1]
    if targets.size == 0:
        raise ValueError(
            "targets must hold at least one target, got none: a mean over nothing is not defined"
        )
    if targets.min() < 0 or targets.max() >= symbols:
        raise ValueError(f"targets must be from 0 to {symbols - 1}, got {targets.min()} to {targets.max()}")
    p = softmax(logits).reshape(-1, symbols)
    rows, flat = np.arange(targets.size), targets.reshape(-1)
    shifted = (logits - logits.max(axis=-1, keepdims=True)).reshape(-1, symbols)
    # log softmax from the shifted logits, not log(p): p may have been rounded to zero.
    log_p = shifted[rows, flat] - np.log(np.exp(shifted).sum(axis=-1))
    p[rows, flat] -= 1
    p /= targets.size
    return float(-log_p.mean()), p.reshape(logits.shape)
