"""An LSTM that can be looked into: every gate at every step, and cells whose weights are set by hand."""

from __future__ import annotations

from collections.abc import Sequence
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
        ValueError: a gate is not three such things, holds a NaN or an infinity, or has another D than the gate i.
    """
    columns, inputs = [], 0
    for name, gate in {"i": i, "f": f, "g": g, "o": o}.items():
        try:
            w_x, w_h, b = gate
            column = np.array([*np.atleast_1d(w_x), w_h, b], dtype=float)
        except (TypeError, ValueError):
            raise ValueError(
                f"{name} must be (w_x, w_h, b), w_x a number or one for each input, got {gate!r}"
            ) from None
        if not np.isfinite(column).all():
            raise ValueError(f"{name} must hold finite numbers, got {gate!r}")
        inputs = inputs or column.size - 2
        if column.size - 2 != inputs:
            raise ValueError(f"{name} must have an input weight for each of {inputs} inputs, got {w_x!r}")
        columns.append(column)
    stacked = np.stack(columns, axis=1)  # (D + 2, 4)
    return {"W_x": stacked[:-2], "W_h": stacked[-2:-1], "b": stacked[-1]}


def watch(x: Array, params: dict[str, Array], state: State | None = None) -> dict[str, Array]:
    """Run an LSTM over x (T, B, D), or (T, D) for one sequence, and return all that happens inside.

    Args:
        x: the inputs.
        params: ``W_x (D, 4H)``, ``W_h (H, 4H)``, ``b (4H,)``, as ``LSTM`` and ``one_cell`` have them.
        state: (h, c), each (B, H), or None for zeros.

    Returns:
        "i", "f", "g", "o", "c", "h": each (T, B, H), or (T, H) for one sequence.

    Raises:
        ValueError: x has another shape, or no step.
    """
    x, inputs = np.asarray(x, dtype=float), len(params["W_x"])
    if x.ndim not in (2, 3) or x.shape[-1] != inputs or x.size == 0:
        raise ValueError(f"x must have shape (T, B, {inputs}) or (T, {inputs}), got {x.shape}")
    batch = x if x.ndim == 3 else x[:, None]
    zeros = np.zeros((batch.shape[1], len(params["W_h"])))
    state = (zeros, zeros) if state is None else state
    seen: dict[str, list[Array]] = {name: [] for name in "ifgoch"}
    for x_t in batch:
        state, cache = lstm_step(x_t, state, params)
        for name in "ifgo":
            seen[name].append(getattr(cache, name))
        seen["h"].append(state[0])
        seen["c"].append(state[1])
    stacked = {name: np.stack(steps) for name, steps in seen.items()}  # (T, B, H)
    return stacked if x.ndim == 3 else {name: array[:, 0] for name, array in stacked.items()}
