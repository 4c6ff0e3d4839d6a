"""What goes up an untrained stack of LSTM layers, and what gradient comes down, at every height."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from lstm_lib.scratch import LSTM
from lstm_lib.scratch.layer import positive_int

#: Units in every layer, sequences side by side, and steps. Few, so that a picture can follow a slider.
UNITS, BATCH, STEPS = 16, 8, 12


def heights(layers: int, weights: float, bias: float, residual: bool) -> tuple[Any, Any]:
    """Return two arrays (L + 1,), from the input up to the top layer.

    Every layer has 16 units and weights as PyTorch draws them, times their size; biases other than the forget bias are
    zero. Eight sequences of noise, 12 steps each, go up; a random gradient at every step of the top comes down.

    Args:
        layers: L.
        weights: so many times the usual weights.
        bias: of the forget gate, in all layers.
        residual: whether every layer's input is added to its output.

    Returns:
        The norm of the gradient at each height, over that at the top; and how much h differs from one sequence to
        another (the standard deviation over sequences, root mean square over steps and units), over the same for the
        inputs.

    Raises:
        TypeError: layers is not an int, weights or bias is no number, or residual is not True or False.
        ValueError: layers is below 1, or weights or bias is not finite.
    """
    given: dict[str, Any] = {"weights": weights, "bias": bias}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be a finite number, got {value!r}")
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number, got {value}")
    if not isinstance(residual, bool):
        raise TypeError(f"residual must be True or False, got {residual!r}")
    rng = np.random.default_rng(8)
    h, ask = rng.normal(size=(STEPS, BATCH, UNITS)), rng.normal(size=(STEPS, BATCH, UNITS))
    nets, levels = [], [h]
    for _ in range(positive_int("layers", layers)):
        net = LSTM(UNITS, UNITS, rng=rng, dtype=np.float64)
        net.params["W_x"] *= weights
        net.params["W_h"] *= weights
        net.params["b"][:] = 0
        net.params["b"][UNITS : 2 * UNITS] = bias
        out = net.forward(h)[0]
        h = out + h if residual else out
        nets.append(net)
        levels.append(h)
    gradients = [ask]
    for net in reversed(nets):
        down = net.backward(ask)[0]
        ask = down + ask if residual else down
        gradients.append(ask)
    back = np.array([np.linalg.norm(gradient) for gradient in reversed(gradients)])
    forth = np.array([np.sqrt(level.var(axis=1).mean()) for level in levels])
    return back / back[-1], forth / forth[0]
