"""The LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), forward and backward.

    i_t = σ(x_t W_xi + h_{t-1} W_hi + b_i)       input gate
    f_t = σ(x_t W_xf + h_{t-1} W_hf + b_f)       forget gate
    g_t = tanh(x_t W_xg + h_{t-1} W_hg + b_g)    candidate
    o_t = σ(x_t W_xo + h_{t-1} W_ho + b_o)       output gate
    c_t = f_t * c_{t-1} + i_t * g_t              cell state
    h_t = o_t * tanh(c_t)                        hidden state

``lstm_step`` and ``lstm_step_backward`` are these lines for one step. ``LSTM`` is the same for a whole sequence,
arranged so that the processor is kept busy; how is told there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.activations import sigmoid, sigmoid_slope, tanh_slope
from lstm_lib.scratch.layer import Layer

Array = NDArray[Any]
State = tuple[Array, Array]


class LSTMCache(NamedTuple):
    """What the backward of one step needs: x (B, D), and h_prev, c_prev, i, f, g, o, tanh_c, each (B, H)."""

    x: Array
    h_prev: Array
    c_prev: Array
    i: Array
    f: Array
    g: Array
    o: Array
    tanh_c: Array


def lstm_step(x: Array, state: State, params: dict[str, Array]) -> tuple[State, LSTMCache]:
    """Take one step: x (B, D), state (h, c) of (B, H) each -> the next state, and a cache for the way back."""
    h_prev, c_prev = state
    z = x @ params["W_x"] + h_prev @ params["W_h"] + params["b"]  # (B, 4H)
    H = z.shape[1] // 4
    s = sigmoid(z)  # of all four blocks: one call is quicker than three, and g's share goes unused
    i, f, o = s[:, :H], s[:, H : 2 * H], s[:, 3 * H :]
    g = np.tanh(z[:, 2 * H : 3 * H])
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c
    return (h, c), LSTMCache(x, h_prev, c_prev, i, f, g, o, tanh_c)


def lstm_step_backward(
    dstate: State, cache: LSTMCache, params: dict[str, Array]
) -> tuple[Array, State, dict[str, Array]]:
    """Go back one step: gradients (dh, dc) at the state -> dx (B, D), gradients at the previous state, and grads."""
    x, h_prev, c_prev, i, f, g, o, tanh_c = cache
    dh, dc = dstate
    do = dh * tanh_c
    dc = dc + dh * o * tanh_slope(tanh_c)  # c reaches the loss through later cells and through h
    di, df, dg = dc * g, dc * c_prev, dc * i
    dz = np.concatenate(
        [di * sigmoid_slope(i), df * sigmoid_slope(f), dg * tanh_slope(g), do * sigmoid_slope(o)], axis=1
    )  # (B, 4H)
    grads = {"W_x": x.T @ dz, "W_h": h_prev.T @ dz, "b": dz.sum(axis=0)}
    return dz @ params["W_x"].T, (dz @ params["W_h"].T, dc * f), grads


def in_pieces(W: Array, columns: int) -> Array:
    """Return W (R, K) as a view (P, R / P, K) of equal pieces, for products with many (K, columns).

    OpenBLAS, which NumPy's wheels bring, has a quicker way for products below a million multiplications: it does not
    copy W into an order of its own first. P is the least number of pieces that are that small, or 1 if none are.
    """
    rows, inner = W.shape
    most = 1_000_000 // (inner * columns)  # rows in a piece
    pieces = next((p for p in range(1, rows // 8 + 1) if rows % p == 0 and rows // p <= most), 1)
    return W.reshape(pieces, rows // pieces, inner)


class LSTM(Layer):
    """An LSTM over whole sequences, equal to ``torch.nn.LSTM`` with one layer and its two biases added up.

    ``params``: ``W_x (D, 4H)``, ``W_h (H, 4H)``, ``b (4H,)`` in the block order i, f, g, o. The state is (h, c),
    each (B, H). To take one step after another, as a generator of text does, ``lstm_step`` is the faster way.

    Read ``lstm_step`` first: the loop of ``forward`` is the same, line for line. The matmul is its z; the tanh and the
    two lines after it are i, f, g, o; then come c = f c + i g, tanh c, and h = o tanh c, each into memory that is
    there. ``_slopes`` and the loop of ``backward`` are ``lstm_step_backward``, its products in another order.

    What makes it fast, besides one matrix product a step for all four gates:

    - Inside, a sequence is a *column*: z_t = W [h_{t-1}; x_t; 1] of shape (4H, B). Each gate is then a block of rows
      that lie together in memory.
    - One tanh serves all four gates, since σ(v) = ½ + ½ tanh(½ v). The ½ inside is folded into the weights.
    - A large W is multiplied in pieces, each small enough for a quicker kind of product; see ``in_pieces``.
    - Memory is kept between calls. Fresh memory costs as much time as the arithmetic done in it.
    - On the way back, every slope that needs no incoming gradient is ready before the loop over time comes to it, and
      each weight's gradient is one product over a block of many steps. A block is as long as the processor's cache
      holds well.
    """

    blocks = 4
    #: Columns (steps times sequences) in a block on the way back; 512 measured best for H from 32 to 256.
    block_columns = 512

    def forward(self, x: Array, state: State | None = None) -> tuple[Array, State]:
        """Run over a sequence: x (T, B, D), state (h, c) or None for zeros -> h (T, B, H) and the last state.

        Raises:
            TypeError, ValueError: an argument has the wrong type, dtype or shape, or holds a NaN.
        """
        x = self._checked_input(x)
        T, B, D = x.shape
        H = self.hidden_size
        h_0, c_0 = self._checked_pair("state", state, B)

        W, scale = self._folded_weights()
        W = in_pieces(W, B)
        columns, gates = self._buffer("columns", T + 1, H + D + 1, B), self._buffer("gates", T, 4, H, B)
        c, tanh_c = self._buffer("c", T + 1, H, B), self._buffer("tanh_c", T, H, B)
        new = self._buffer("new", T, H, B)  # i * g, what is added to the cell
        columns[0, :H], c[0] = h_0.T, c_0.T
        columns[:T, H:-1] = x.transpose(0, 2, 1)
        columns[:, -1] = 1  # the bias is one more weight, on an input that is always 1
        rows, flat = gates.reshape(T, *W.shape[:2], B), gates.reshape(T, 4, H * B)
        shift = 1 - scale
        for t in range(T):
            z, c_t = flat[t], c[t + 1]
            np.matmul(W, columns[t], out=rows[t])  # (4H, B) in pieces, the same memory as z
            np.tanh(z, out=z)
            z *= scale  # σ(v) = ½ + ½ tanh(½ v) for i, f, o; g stays
            z += shift
            i, f, g, o = gates[t]  # (H, B) each
            np.multiply(f, c[t], out=c_t)
            c_t += np.multiply(i, g, out=new[t])
            np.multiply(o, np.tanh(c_t, out=tanh_c[t]), out=columns[t + 1, :H])
        h = columns[1:, :H].transpose(0, 2, 1).copy()  # (T, B, H)
        self._steps = (T, B)
        return h, (h[-1].copy(), c[T].T.copy())

    def backward(self, dh: Array, dstate: State | None = None) -> tuple[Array, State]:
        """Go back through the last ``forward`` and fill ``grads``.

        Args:
            dh: (T, B, H), the gradient of the loss at every h that ``forward`` returned.
            dstate: (dh, dc), each (B, H), the gradients at the last state, or None for zeros.

        Returns:
            dx (T, B, D), and the gradients (dh, dc) at the state that ``forward`` began with.

        Raises:
            RuntimeError: there was no forward.
            TypeError, ValueError: an argument has the wrong type, dtype or shape, or holds a NaN.
        """
        dh = self._checked_gradient(dh)
        T, B, H = dh.shape
        D = self.input_size
        dh_T, dc_T = self._checked_pair("dstate", dstate, B)

        W_h, forget = in_pieces(self.params["W_h"], B), self._buffer("gates", T, 4, H, B)[:, 1]
        dh_t, dc_t = np.array(dh_T.T, order="C"), np.array(dc_T.T, order="C")  # (H, B), what later steps ask
        dh_rows = dh_t.reshape(*W_h.shape[:2], B)  # the same memory, in the pieces of W_h
        dW, dx = np.zeros((4 * H, H + D + 1), self.dtype), np.empty((T, B, D), self.dtype)
        size = -(-self.block_columns // B)
        for stop in range(T, 0, -size):
            start = max(0, stop - size)
            dz, slope_c = self._slopes(start, stop)  # dz holds the slopes until a gradient arrives
            dh_y = self._buffer("dh_y", stop - start, H, B)
            dh_y[...] = dh[start:stop].transpose(0, 2, 1)
            for t in reversed(range(stop - start)):
                dz_t, at_c = dz[t], slope_c[t]
                dh_t += dh_y[t]  # what y_t asks of h_t
                at_c *= dh_t
                dc_t += at_c  # c reaches the loss through later cells and through h
                dz_t[:3] *= dc_t
                dz_t[3] *= dh_t
                np.matmul(W_h, dz_t.reshape(4 * H, B), out=dh_rows)
                dc_t *= forget[start + t]  # the road back along the cell
            self._add_gradients(start, stop, dz, dW, dx)
        by_column = np.ascontiguousarray(dW.T)
        self.grads = {"W_x": by_column[H:-1], "W_h": by_column[:H], "b": by_column[-1]}
        return dx, (dh_t.T.copy(), dc_t.T.copy())

    def _folded_weights(self) -> tuple[Array, Array]:
        """Return W (4H, H + D + 1) with the rows of i, f, o halved, and the scale (4, 1): ½ for i, f, o and 1 for g."""
        H, D, p = self.hidden_size, self.input_size, self.params
        W = self._buffer("W", 4 * H, H + D + 1)
        W[:, :H], W[:, H:-1], W[:, -1] = p["W_h"].T, p["W_x"].T, p["b"]
        scale = np.array([[0.5], [0.5], [1.0], [0.5]], self.dtype)
        W.reshape(4, -1)[...] *= scale
        return W, scale

    def _slopes(self, start: int, stop: int) -> tuple[Array, Array]:
        """Return what a gradient of 1 would give, for the steps from start to stop.

        The first array (steps, 4, H, B) is at the four sums: at i, f and g for a 1 at c_t, at o for a 1 at h_t. The
        second (steps, H, B) is at c_t for a 1 at h_t. Two products of ``forward`` serve again: i g, which is ``new``,
        and o tanh c, which is ``h``.
        """
        H, (T, B) = self.hidden_size, self._steps
        steps, after = slice(start, stop), slice(start + 1, stop + 1)
        i, f, g, o = self._buffer("gates", T, 4, H, B)[steps].transpose(1, 0, 2, 3)  # (steps, H, B) each
        h = self._buffer("columns", T + 1, H + self.input_size + 1, B)[after, :H]
        c_prev, tanh_c = self._buffer("c", T + 1, H, B)[steps], self._buffer("tanh_c", T, H, B)[steps]
        new = self._buffer("new", T, H, B)[steps]

        slopes, slope_c = (
            self._buffer("slopes", stop - start, 4, H, B),
            self._buffer("slope_c", stop - start, H, B),
        )
        at_i, at_f, at_g, at_o = slopes.transpose(1, 0, 2, 3)
        np.subtract(1, i, out=at_i)
        at_i *= new  # g i (1 - i)
        np.subtract(1, f, out=at_f)
        at_f *= f
        at_f *= c_prev  # c_{t-1} f (1 - f)
        np.multiply(new, g, out=at_g)
        np.subtract(i, at_g, out=at_g)  # i (1 - g²)
        np.subtract(1, o, out=at_o)
        at_o *= h  # tanh(c) o (1 - o)
        np.multiply(h, tanh_c, out=slope_c)
        np.subtract(o, slope_c, out=slope_c)  # o (1 - tanh²(c))
        return slopes, slope_c

    def _add_gradients(self, start: int, stop: int, dz: Array, dW: Array, dx: Array) -> None:
        """Add to dW (4H, H + D + 1) and fill dx (T, B, D) from dz (steps, 4, H, B), one product for each."""
        H, D, (T, B) = self.hidden_size, self.input_size, self._steps
        steps = stop - start
        columns = self._buffer("columns", T + 1, H + D + 1, B)[start:stop]
        # A product over all steps wants step and sequence as one axis: (rows, steps * B).
        dz_rows, column_rows = (
            self._buffer("dz_rows", 4 * H, steps, B),
            self._buffer("rows", H + D + 1, steps, B),
        )
        dz_rows[...] = dz.reshape(steps, 4 * H, B).transpose(1, 0, 2)
        column_rows[...] = columns.transpose(1, 0, 2)
        flat = dz_rows.reshape(4 * H, steps * B)
        product = self._buffer("product", 4 * H, H + D + 1)
        np.matmul(flat, column_rows.reshape(H + D + 1, steps * B).T, out=product)
        dW += product
        np.matmul(flat.T, self.params["W_x"].T, out=dx[start:stop].reshape(steps * B, D))

    def _checked_pair(self, name: str, state: object, batch: int) -> State:
        if state is None:
            state = (None, None)
        if not isinstance(state, tuple) or len(state) != 2:
            found = f"a tuple of {len(state)}" if isinstance(state, tuple) else type(state).__name__
            raise TypeError(f"{name} must be a tuple (h, c) of two arrays, got {found}")
        h, c = state
        return self._checked_state(f"{name}[0]", h, batch), self._checked_state(f"{name}[1]", c, batch)
