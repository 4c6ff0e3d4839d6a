"""What RNN, LSTM and GRU share: sizes, first weights, memory that is kept, and checks of what comes in."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


def positive_int(name: str, value: object) -> int:
    """Return the value if it is a whole number above zero; otherwise raise an error that names it."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a positive int, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be a positive int, got {value}")
    return int(value)


def first_weights(
    rng: np.random.Generator, limit: float, shapes: dict[str, tuple[int, ...]], dtype: Any
) -> dict[str, Array]:
    """Return uniform numbers between -limit and +limit for every shape, drawn in the order of the dict."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}")
    return {name: rng.uniform(-limit, limit, shape).astype(dtype) for name, shape in shapes.items()}


def float_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return the dtype if it is float32 or float64; otherwise raise an error that names it."""
    try:
        kind = None if dtype is None else np.dtype(dtype)  # np.dtype(None) would be float64
    except TypeError:
        kind = None
    if kind is None or kind not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype must be float32 or float64, got {dtype if kind is None else kind}")
    return kind


def checked(name: str, array: object, shape: tuple[int | str, ...], dtype: np.dtype[Any]) -> Array:
    """Return the array if its shape, dtype and values are as they should be; otherwise say what is wrong.

    A string in ``shape`` stands for any size from 1 on: ``("T", "B", 3)`` is any (T, B, 3).

    Raises:
        TypeError: not a numpy array, or of another dtype.
        ValueError: another shape, an empty axis, or a NaN or an infinity in it.
    """
    expected = "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a numpy array of shape {expected}, got {type(array).__name__}")
    if array.dtype != dtype:
        raise TypeError(
            f"{name} must be {dtype} like the weights, got {array.dtype}: "
            f"convert it with .astype(np.{dtype}), or build the net with another dtype"
        )
    sizes_fit = array.ndim == len(shape) and all(
        have == want if isinstance(want, int) else have > 0
        for have, want in zip(array.shape, shape, strict=True)
    )
    if not sizes_fit:
        hint = ": no axis may be empty" if 0 in array.shape else ""
        raise ValueError(f"{name} must have shape {expected}, got {array.shape}{hint}")
    if not np.isfinite(array).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} must hold finite numbers, got {array[where]} at index {where}")
    return array


def check_params(params: dict[str, Array], shapes: dict[str, tuple[int, ...]], dtype: np.dtype[Any]) -> None:
    """Raise ValueError, naming it, for a parameter of another shape or dtype than it was made with, or with a NaN."""
    for name, shape in shapes.items():
        array: object = params.get(name)
        if not isinstance(array, np.ndarray):
            found = type(array).__name__
        elif array.shape != shape or array.dtype != dtype:
            found = f"{array.dtype} of shape {array.shape}"
        elif not np.isfinite(array).all():
            found = "NaN or infinity in it: has the training diverged?"
        else:
            continue
        raise ValueError(f"params[{name!r}] must be {dtype} of shape {shape} and finite, got {found}")


class Layer:
    """The common ground of the three recurrent layers. Not for use by itself.

    Attributes:
        params: name -> array. Change them in place or put new arrays of the same shape and dtype there.
        grads: name -> array, the keys of ``params``; filled anew by every ``backward``.
    """

    #: How many blocks of width H stand side by side in the weights.
    blocks: ClassVar[int] = 1
    #: The biases of the layer.
    biases: ClassVar[tuple[str, ...]] = ("b",)

    def __init__(
        self, input_size: int, hidden_size: int, *, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> None:
        """Draw all weights uniformly from ±1/sqrt(hidden_size), as ``torch.nn`` does.

        Args:
            input_size: D, the numbers that come in at a step.
            hidden_size: H, the numbers the layer remembers.
            rng: where the first weights come from; the same generator state gives the same weights.
            dtype: float32 for speed, float64 for checks of gradients.
        """
        self.input_size = positive_int("input_size", input_size)
        self.hidden_size = positive_int("hidden_size", hidden_size)
        self.dtype = float_dtype(dtype)
        width = self.blocks * self.hidden_size
        self._shapes: dict[str, tuple[int, ...]] = {
            "W_x": (self.input_size, width),
            "W_h": (self.hidden_size, width),
            **dict.fromkeys(self.biases, (width,)),
        }
        self.params = first_weights(rng, self.hidden_size**-0.5, self._shapes, self.dtype)
        self.grads: dict[str, Array] = {}
        self._buffers: dict[str, Array] = {}
        self._steps = (0, 0)  # (T, B) of the last forward

    def __repr__(self) -> str:
        sizes = f"input_size={self.input_size}, hidden_size={self.hidden_size}"
        return f"{type(self).__name__}({sizes}, dtype={self.dtype})"

    def _buffer(self, name: str, *shape: int) -> Array:
        """Return memory kept between calls: new memory costs as much time as the arithmetic done in it."""
        size = math.prod(shape)
        flat = self._buffers.get(name)
        if flat is None or flat.size < size:
            flat = self._buffers[name] = np.empty(size, self.dtype)
        return flat[:size].reshape(shape)

    def _checked_input(self, x: object) -> Array:
        self._steps = (0, 0)  # a forward that fails must not leave an older one for backward to find
        check_params(self.params, self._shapes, self.dtype)
        return checked("x", x, ("T", "B", self.input_size), self.dtype)

    def _checked_state(self, name: str, state: object, batch: int) -> Array:
        if state is None:
            return np.zeros((batch, self.hidden_size), self.dtype)
        return checked(name, state, (batch, self.hidden_size), self.dtype)

    def _checked_gradient(self, dh: object) -> Array:
        if self._steps == (0, 0):
            raise RuntimeError("backward needs the steps of a forward: call forward(x) first")
        check_params(self.params, self._shapes, self.dtype)
        return checked("dh", dh, (*self._steps, self.hidden_size), self.dtype)
