"""The vanilla RNN (Elman 1990): h_t = act(x_t W_x + h_{t-1} W_h + b), forward and backward through time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from lstm_lib.scratch.activations import ACTIVATIONS
from lstm_lib.scratch.layer import Layer

Array = NDArray[Any]


class RNNCache(NamedTuple):
    """What the backward of one RNN step needs: x (B, D), h_prev (B, H), h (B, H), the activation's name."""

    x: Array
    h_prev: Array
    h: Array
    activation: str


def rnn_step(
    x: Array, h_prev: Array, params: dict[str, Array], activation: str = "tanh"
) -> tuple[Array, RNNCache]:
    """Take one step: x (B, D), h_prev (B, H) -> h (B, H), and a cache for ``rnn_step_backward``."""
    act, _ = ACTIVATIONS[activation]
    h = act(x @ params["W_x"] + h_prev @ params["W_h"] + params["b"])
    return h, RNNCache(x, h_prev, h, activation)


def rnn_step_backward(
    dh: Array, cache: RNNCache, params: dict[str, Array]
) -> tuple[Array, Array, dict[str, Array]]:
    """Go back one step: the gradient at h (B, H) -> dx (B, D), dh_prev (B, H) and the params' gradients."""
    x, h_prev, h, activation = cache
    _, slope = ACTIVATIONS[activation]
    da = dh * slope(h)  # at the sum inside the activation
    grads = {"W_x": x.T @ da, "W_h": h_prev.T @ da, "b": da.sum(axis=0)}
    return da @ params["W_x"].T, da @ params["W_h"].T, grads


class RNN(Layer):
    """A vanilla RNN over whole sequences, equal to a ``torch.nn.RNN`` of one layer, its two biases added up.

    ``params``: ``W_x (D, H)``, ``W_h (H, H)``, ``b (H,)``. The state is the array h (B, H).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
        activation: str = "tanh",
    ) -> None:
        """See ``Layer``; ``activation`` is "tanh" or "relu"."""
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, got {activation!r}")
        super().__init__(input_size, hidden_size, rng=rng, dtype=dtype)
        self.activation = activation

    def forward(self, x: Array, state: Array | None = None) -> tuple[Array, Array]:
        """Run over a sequence: x (T, B, D), state (B, H) or None for zeros -> h (T, B, H), last state (B, H).

        Raises:
            TypeError, ValueError: an argument has the wrong type, dtype or shape, or holds a NaN.
        """
        x = self._checked_input(x)
        T, B, D = x.shape
        W_h, H = self.params["W_h"], self.hidden_size
        act, _ = ACTIVATIONS[self.activation]

        inputs, h = self._buffer("x", T * B, D), self._buffer("h", T + 1, B, H)
        h[0] = self._checked_state("state", state, B)
        inputs[...] = x.reshape(T * B, D)
        np.matmul(inputs, self.params["W_x"], out=h[1:].reshape(T * B, H))  # all inputs of all steps at once
        h[1:] += self.params["b"]
        for t in range(1, T + 1):
            h[t] = act(h[t] + h[t - 1] @ W_h)
        self._steps = (T, B)
        return h[1:].copy(), h[T].copy()

    def backward(self, dh: Array, dstate: Array | None = None) -> tuple[Array, Array]:
        """Go back through the last ``forward`` and fill ``grads``.

        Args:
            dh: (T, B, H), the gradient of the loss at every h that ``forward`` returned.
            dstate: (B, H), the gradient at the last state, or None for zeros.

        Returns:
            dx (T, B, D), and the gradient (B, H) at the state that ``forward`` began with.

        Raises:
            RuntimeError: there was no forward.
            TypeError, ValueError: an argument has the wrong type, dtype or shape, or holds a NaN.
        """
        dh = self._checked_gradient(dh)
        T, B, H = dh.shape
        W_h, (_, slope) = self.params["W_h"], ACTIVATIONS[self.activation]
        d = self._checked_state("dstate", dstate, B).copy()

        inputs, h = self._buffer("x", T * B, self.input_size), self._buffer("h", T + 1, B, H)
        da = slope(h[1:])  # every slope before the loop: none of them needs an incoming gradient
        for t in reversed(range(T)):
            d += dh[t]  # what y_t asks of h_t, beside what the later steps ask
            da[t] *= d
            np.matmul(da[t], W_h.T, out=d)

        da = da.reshape(T * B, H)  # one product over all steps for each weight
        self.grads = {"W_x": inputs.T @ da, "W_h": h[:-1].reshape(T * B, H).T @ da, "b": da.sum(axis=0)}
        return (da @ self.params["W_x"].T).reshape(T, B, self.input_size), d
