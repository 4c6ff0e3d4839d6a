"""Right and wrong ways to take one step of an LSTM, for exercise 04.3. Each gets (x, h_prev, c_prev, W_x, W_h, b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.activations import sigmoid
from lstm_lib.scratch.lstm import lstm_step

Array = NDArray[Any]
Pair = tuple[Array, Array]  # (h, c)


def fused(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    return lstm_step(x, (h_prev, c_prev), {"W_x": W_x, "W_h": W_h, "b": b})[0]


def finished(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    """Return (h, c) from the four sums before their activations."""
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def in_order(order: str) -> Callable[..., Pair]:
    """Return the fused step of someone who takes the blocks to stand in another order."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        blocks = dict(zip(order, np.split(x @ W_x + h_prev @ W_h + b, 4, axis=1), strict=True))
        return finished(**blocks, c_prev=c_prev)

    return step


def ending(end: Callable[[Array, Array, Array, Array, Array], Pair]) -> Callable[..., Pair]:
    """Return a fused step that takes the blocks rightly, and then does ``end(z_i, z_f, z_g, z_o, c_prev)``."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        i, f, g, o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=1)
        return end(i, f, g, o, c_prev)

    return step


def summed(sums: Callable[..., Array]) -> Callable[..., Pair]:
    """Return a fused step with ``sums(x, h_prev, W_x, W_h, b)`` before the activations."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        i, f, g, o = np.split(sums(x, h_prev, W_x, W_h, b), 4, axis=1)
        return finished(i, f, g, o, c_prev)

    return step


def all_with(act: Callable[[Array], Array]) -> Callable[..., Pair]:
    def end(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
        c = act(f) * c_prev + act(i) * act(g)
        return act(o) * np.tanh(c), c

    return ending(end)


def old_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_prev), c


def raw_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * c, c


def no_tanh(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * g
    return sigmoid(o) * np.tanh(c), c


def no_gates(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def sigmoid_then_tanh(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    return finished(i, f, sigmoid(g), o, c_prev)


def reshaped(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    i, f, g, o = (x @ W_x + h_prev @ W_h + b).reshape(4, *h_prev.shape)
    return finished(i, f, g, o, c_prev)


def interleaved(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    z = x @ W_x + h_prev @ W_h + b
    return finished(z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4], c_prev)
