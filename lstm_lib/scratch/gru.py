"""The gated recurrent unit (Cho et al. 2014) in PyTorch's form, forward and backward through time.

    r_t = σ(x_t W_xr + b_r + h_{t-1} W_hr + b_hr)            reset gate
    z_t = σ(x_t W_xz + b_z + h_{t-1} W_hz + b_hz)            update gate
    n_t = tanh(x_t W_xn + b_n + r_t * (h_{t-1} W_hn + b_hn)) candidate
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

The reset gate stands outside the product h W_hn (Cho et al. put it inside), which is why the second bias b_h
is needed. The blocks stand in the order r, z, n.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.activations import sigmoid, sigmoid_slope, tanh_slope
from lstm_lib.scratch.layer import Layer

Array = NDArray[Any]


class GRUCache(NamedTuple):
    """What the backward of one step needs: x (B, D), and h_prev, r, z, n, q = h_prev W_hn + b_hn, each (B, H)."""

    x: Array
    h_prev: Array
    r: Array
    z: Array
    n: Array
    q: Array


def gru_step(x: Array, h_prev: Array, params: dict[str, Array]) -> tuple[Array, GRUCache]:
    """Take one step: x (B, D), h_prev (B, H) -> h (B, H), and a cache for ``gru_step_backward``."""
    x_r, x_z, x_n = np.split(x @ params["W_x"] + params["b"], 3, axis=1)  # (B, H) each
    h_r, h_z, q = np.split(h_prev @ params["W_h"] + params["b_h"], 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * q)
    h = (1 - z) * n + z * h_prev
    return h, GRUCache(x, h_prev, r, z, n, q)


def gru_step_backward(
    dh: Array, cache: GRUCache, params: dict[str, Array]
) -> tuple[Array, Array, dict[str, Array]]:
    """Go back one step: the gradient at h (B, H) -> dx (B, D), dh_prev (B, H) and the params' gradients."""
    x, h_prev, r, z, n, q = cache
    dz = dh * (h_prev - n) * sigmoid_slope(z)
    dn = dh * (1 - z) * tanh_slope(n)
    dr = dn * q * sigmoid_slope(r)
    d_from_x = np.concatenate([dr, dz, dn], axis=1)  # (B, 3H), at x W_x + b
    d_from_h = np.concatenate([dr, dz, dn * r], axis=1)  # (B, 3H), at h W_h + b_h
    grads = {
        "W_x": x.T @ d_from_x,
        "W_h": h_prev.T @ d_from_h,
        "b": d_from_x.sum(axis=0),
        "b_h": d_from_h.sum(axis=0),
    }
    return d_from_x @ params["W_x"].T, dh * z + d_from_h @ params["W_h"].T, grads


class GRU(Layer):
    """A GRU over whole sequences, equal to ``torch.nn.GRU`` with one layer.

    ``params``: ``W_x (D, 3H)``, ``W_h (H, 3H)``, ``b (3H,)``, ``b_h (3H,)`` in the block order r, z, n. The
    state is the array h (B, H).
    """

    blocks = 3
    biases = ("b", "b_h")

    def forward(self, x: Array, state: Array | None = None) -> tuple[Array, Array]:
        """Run over a sequence: x (T, B, D), state (B, H) or None for zeros -> h (T, B, H), last state (B, H).

        Raises:
            TypeError, ValueError: an argument has the wrong type, dtype or shape, or holds a NaN.
        """
        x = self._checked_input(x)
        T, B, D = x.shape
        H, p = self.hidden_size, self.params

        inputs, h = self._buffer("x", T * B, D), self._buffer("h", T + 1, B, H)
        gates, q = self._buffer("gates", T, B, 3 * H), self._buffer("q", T, B, H)
        h[0] = self._checked_state("state", state, B)
        inputs[...] = x.reshape(T * B, D)
        np.matmul(inputs, p["W_x"], out=gates.reshape(T * B, 3 * H))  # all inputs of all steps at once
        gates += p["b"]
        for t in range(T):
            from_h = h[t] @ p["W_h"] + p["b_h"]  # (B, 3H)
            rz, n = gates[t, :, : 2 * H], gates[t, :, 2 * H :]
            rz[...] = sigmoid(rz + from_h[:, : 2 * H])
            r, z, q[t] = rz[:, :H], rz[:, H:], from_h[:, 2 * H :]
            np.tanh(n + r * q[t], out=n)
            h[t + 1] = (1 - z) * n + z * h[t]
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
        p, d = self.params, self._checked_state("dstate", dstate, B)

        inputs, h = self._buffer("x", T * B, self.input_size), self._buffer("h", T + 1, B, H)
        gates, q = self._buffer("gates", T, B, 3 * H), self._buffer("q", T, B, H)
        d_from_x, d_from_h = self._buffer("d_from_x", T, B, 3 * H), self._buffer("d_from_h", T, B, 3 * H)
        r, z, n = gates[..., :H], gates[..., H : 2 * H], gates[..., 2 * H :]
        # The slopes first, for all steps: what a gradient of 1 at h_t would give at each sum.
        slope_z = (h[:-1] - n) * sigmoid_slope(z)
        slope_n = (1 - z) * tanh_slope(n)
        slope_r = q * sigmoid_slope(r)
        for t in reversed(range(T)):
            d = d + dh[t]  # what y_t asks of h_t, beside what the later steps ask
            dn = d * slope_n[t]
            d_from_x[t, :, :H] = dn * slope_r[t]
            d_from_x[t, :, H : 2 * H] = d * slope_z[t]
            d_from_x[t, :, 2 * H :] = dn
            d_from_h[t, :, : 2 * H] = d_from_x[t, :, : 2 * H]
            d_from_h[t, :, 2 * H :] = dn * r[t]
            d = d * z[t] + d_from_h[t] @ p["W_h"].T

        flat_x, flat_h = d_from_x.reshape(T * B, 3 * H), d_from_h.reshape(T * B, 3 * H)
        self.grads = {
            "W_x": inputs.T @ flat_x,  # one product over all steps for each weight
            "W_h": h[:-1].reshape(T * B, H).T @ flat_h,
            "b": flat_x.sum(axis=0),
            "b_h": flat_h.sum(axis=0),
        }
        return (flat_x @ p["W_x"].T).reshape(T, B, self.input_size), d
