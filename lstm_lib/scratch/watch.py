"""An LSTM that can be looked into: every gate at every step, and cells whose weights are set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.scratch.lstm import State, lstm_step

Array = NDArray[Any]
#: Input weight (or one for each input), recurrent weight and bias of one gate of a single cell.
GateWeights = tuple[float | Sequence[float], float, float]


def one_cell(*, i: GateWeights, f: GateWeights, g: GateWeights, o: GateWeights) -> dict[str, Array]:
    """Return the parameters of an LSTM of one unit, whose gates are set by hand.

    Each gate is (w_x, w_h, b): w_x a number or D of them, w_h and b a number.

    Returns:
        ``W_x (D, 4)``, ``W_h (1, 4)``, ``b (4,)`` in float64, for ``lstm_step`` and ``watch``.

    Raises:
        ValueError: a gate is not three such things, has no input weight or not as many as the gate i, or holds
            text, a NaN or an infinity.
    """
    columns: list[Array] = []
    inputs: int | None = None  # D, as soon as the first gate has told it
    for name, gate in {"i": i, "f": f, "g": g, "o": o}.items():
        try:
            w_x, w_h, b = gate
            parts = [np.atleast_1d(np.asarray(part)) for part in (w_x, w_h, b)]
        except (TypeError, ValueError):
            parts = []
        if [part.ndim for part in parts] != [1, 1, 1] or any(part.dtype.kind not in "fiu" for part in parts):
            raise ValueError(
                f"{name} must be (w_x, w_h, b), w_x a number or one for each input, got {gate!r}"
            )
        if parts[0].size == 0 or parts[1].size != 1 or parts[2].size != 1:
            raise ValueError(
                f"{name} must be (w_x, w_h, b), at least one number in w_x and one each in w_h and b, got {gate!r}"
            )
        column = np.concatenate(parts).astype(float)
        if not np.isfinite(column).all():
            raise ValueError(f"{name} must hold finite numbers, got {gate!r}")
        inputs = column.size - 2 if inputs is None else inputs
        if column.size - 2 != inputs:
            raise ValueError(f"{name} must have an input weight for each of {inputs} inputs, got {w_x!r}")
        columns.append(column)
    stacked = np.stack(columns, axis=1)  # (D + 2, 4)
    return {"W_x": stacked[:-2], "W_h": stacked[-2:-1], "b": stacked[-1]}


def watch(x: Array, params: Mapping[str, Array], state: State | None = None) -> dict[str, Array]:
    """Run an LSTM over x (T, B, D), or (T, D) for one sequence, and return all that happens inside.

    Args:
        x: the inputs.
        params: ``W_x (D, 4H)``, ``W_h (H, 4H)``, ``b (4H,)``, as ``LSTM`` and ``one_cell`` have them.
        state: (h, c), each (B, H), or None for zeros. For one sequence B is 1.

    Returns:
        "i", "f", "g", "o", "c", "h": each (T, B, H), or (T, H) for one sequence.

    Raises:
        TypeError: params is no dict, or state is no pair.
        ValueError: params lacks an array; x, an array of params or a state has another shape, is not numbers, or
            holds a NaN or an infinity; x has no step.
    """
    weights, H = _checked_params(params)
    D = len(weights["W_x"])
    x = _numbers("x", x, f"(T, B, {D}) or (T, {D})")
    if x.ndim not in (2, 3) or x.shape[-1] != D or x.size == 0:
        raise ValueError(f"x must have shape (T, B, {D}) or (T, {D}), got {x.shape}")
    batch = x if x.ndim == 3 else x[:, None]
    state = _checked_state(state, (batch.shape[1], H))
    seen: dict[str, list[Array]] = {name: [] for name in "ifgoch"}
    for x_t in batch:
        state, cache = lstm_step(x_t, state, weights)
        for name in "ifgo":
            seen[name].append(getattr(cache, name))
        seen["h"].append(state[0])
        seen["c"].append(state[1])
    stacked = {name: np.stack(steps) for name, steps in seen.items()}  # (T, B, H)
    return stacked if x.ndim == 3 else {name: array[:, 0] for name, array in stacked.items()}


def _checked_params(params: Mapping[str, Array]) -> tuple[dict[str, Array], int]:
    """Return the weights as arrays, and H."""
    if not isinstance(params, Mapping):
        raise TypeError(f"params must be a dict with W_x, W_h and b, got {type(params).__name__}")
    shapes = {"W_x": "(D, 4H)", "W_h": "(H, 4H)", "b": "(4H,)"}
    if missing := [name for name in shapes if name not in params]:
        raise ValueError(f"params must hold W_x, W_h and b, got none for {', '.join(missing)}")
    weights = {name: _numbers(f"params[{name!r}]", params[name], shape) for name, shape in shapes.items()}
    W_x, W_h, b = weights.values()
    H = len(W_h) if W_h.ndim == 2 else 0
    fits = W_x.ndim == 2 and W_x.size > 0 and H > 0
    if not fits or W_x.shape[1] != 4 * H or W_h.shape != (H, 4 * H) or b.shape != (4 * H,):
        found = ", ".join(f"{name} {array.shape}" for name, array in weights.items())
        raise ValueError(f"params must have the shapes W_x (D, 4H), W_h (H, 4H) and b (4H,), got {found}")
    return weights, H


def _checked_state(state: State | None, shape: tuple[int, int]) -> State:
    if state is None:
        return np.zeros(shape), np.zeros(shape)
    if not isinstance(state, tuple | list) or len(state) != 2:
        raise TypeError(f"state must be a pair (h, c), each of shape {shape}, or None, got {state!r:.60}")
    h, c = (_numbers(f"state's {name}", given, shape) for name, given in zip("hc", state, strict=True))
    for name, array in (("h", h), ("c", c)):
        if array.shape != shape:
            raise ValueError(f"state's {name} must have shape {shape}, got {array.shape}")
    return h, c


def _numbers(name: str, given: object, expected: object) -> Array:
    """Return what is given as an array of float64, if it is finite numbers; ``expected`` is told if it is not."""
    try:
        array = np.asarray(given)
        numeric = array.dtype.kind in "fiub"
    except (TypeError, ValueError):  # rows of several lengths
        numeric = False
    if not numeric:
        raise ValueError(f"{name} must be numbers of shape {expected}, got {given!r:.60}")
    array = array.astype(float)
    if not np.isfinite(array).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} must hold finite numbers, got {array[where]} at index {where}")
    return array
