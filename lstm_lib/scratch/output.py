"""The output equation y_t = h_t W_y + b_y, a small piece of its own that RNN, LSTM and GRU share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from lstm_lib.scratch.layer import check_params, checked, first_weights, float_dtype, positive_int

Array = NDArray[Any]


class Output:
    """A linear map from the hidden state to what the task asks for, step by step.

    Attributes:
        params: ``W_y (H, K)`` and ``b_y (K,)``.
        grads: the same keys, filled anew by every ``backward``.
    """

    def __init__(
        self, hidden_size: int, output_size: int, *, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> None:
        """Draw W_y and b_y uniformly from ±1/sqrt(hidden_size), as ``torch.nn.Linear`` does.

        Args:
            hidden_size: H, the size of what comes in.
            output_size: K, the numbers that come out at a step: V scores for a choice among V symbols.
            rng: where the first weights come from.
            dtype: float32 or float64, the same as the layer below.
        """
        self.hidden_size = positive_int("hidden_size", hidden_size)
        self.output_size = positive_int("output_size", output_size)
        self.dtype = float_dtype(dtype)
        self._shapes: dict[str, tuple[int, ...]] = {
            "W_y": (self.hidden_size, self.output_size),
            "b_y": (self.output_size,),
        }
        self.params = first_weights(rng, self.hidden_size**-0.5, self._shapes, self.dtype)
        self.grads: dict[str, Array] = {}
        self._h: Array | None = None

    def forward(self, h: Array) -> Array:
        """Return y (T, B, K) = h W_y + b_y for h (T, B, H); all steps in one product.

        Raises:
            TypeError, ValueError: h has the wrong type, dtype or shape, or holds a NaN.
        """
        self._h = None
        check_params(self.params, self._shapes, self.dtype)
        self._h = checked("h", h, ("T", "B", self.hidden_size), self.dtype)
        T, B, H = self._h.shape
        y = self._h.reshape(T * B, H) @ self.params["W_y"] + self.params["b_y"]
        return y.reshape(T, B, self.output_size)

    def backward(self, dy: Array) -> Array:
        """Fill ``grads`` from the gradient dy (T, B, K) and return the gradient at h (T, B, H).

        The h of the last ``forward`` is used as it is now: do not change it in between.

        Raises:
            RuntimeError: there was no forward.
            TypeError, ValueError: dy has the wrong type, dtype or shape, or holds a NaN.
        """
        if self._h is None:
            raise RuntimeError("backward needs the steps of a forward: call forward(h) first")
        check_params(self.params, self._shapes, self.dtype)
        T, B, H = self._h.shape
        dy = checked("dy", dy, (T, B, self.output_size), self.dtype).reshape(T * B, self.output_size)
        self.grads = {"W_y": self._h.reshape(T * B, H).T @ dy, "b_y": dy.sum(axis=0)}
        return (dy @ self.params["W_y"].T).reshape(T, B, H)
