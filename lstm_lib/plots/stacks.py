"""The drawings of lesson 08: a stack of recurrent layers, and the residual connections around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Circle

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import BLACK, BLUE, GREEN, ORANGE, RED, Figure


def stack(layers: int = 3, steps: int = 5, ups: Sequence[int] = (), dropout: bool = False) -> Figure:
    """Draw a stack of recurrent layers: time runs to the right, layers lie above each other.

    Args:
        layers: L, from 1 to 6.
        steps: T, from 1 to 8.
        ups: a path from x_1 to y_T to be marked: the steps at which it leaves x, h^1, ..., h^L, L + 1 of them. The
            first is 1 and the last is T. Empty for none.
        dropout: mark the arrows on which dropout between layers acts, those from one layer to the next.

    Raises:
        TypeError: a number is no int.
        ValueError: layers or steps is out of its range, or ups is no path from x_1 to y_T.
    """
    for name, value, most in (("layers", layers, 6), ("steps", steps, 8)):
        _check_range(name, value, most)
    path = list(ups)
    if not all(isinstance(step, int) for step in path):
        raise TypeError(f"ups must be whole numbers, got {path}")
    if path and (len(path) != layers + 1 or path != sorted(path) or (path[0], path[-1]) != (1, steps)):
        raise ValueError(
            f"ups must be {layers + 1} steps that do not fall, from 1 to {steps}, got {path}: one for x and each layer"
        )
    across, up, top = 1.5, 1.15, layers + 1
    figure, ax = canvas(
        8.5, 1.1 + 0.85 * (top + 1) * 8 / (4 + steps), (-1.2, across * steps + 0.1), (-0.5, up * top + 0.5)
    )
    ends, middle = {0: (BLUE, "x"), top: (ORANGE, "y")}, "$h^{{{}}}_{{{}}}$"
    for t in range(1, steps + 1):
        for level in range(top + 1):
            colour, name = ends.get(level, (GREEN, ""))
            text = f"${name}_{t}$" if name else middle.format(level, t)
            box(ax, across * (t - 1), up * level, text, colour)
            if level:
                _rise(ax, across * (t - 1), up * level - up, up, dropped=dropout and 1 < level < top)
            if 0 < level < top and t < steps:
                arrow(ax, (across * (t - 1) + 0.32, up * level), (across * t - 0.32, up * level))
    for level in range(1, top):
        ax.text(-0.5, up * level, f"layer {level}", ha="right", va="center", fontsize=10)
    said = ""
    if path:
        points = [(across * (t - 1), up * (k + step)) for k, t in enumerate(path) for step in (0, 1)]
        ax.plot(*np.transpose(points), color=ORANGE, lw=9, alpha=0.4, zorder=0, solid_joinstyle="round")
        said = f" A path from x_1 to y_{steps} is marked; it has {steps + layers} arrows."
        title = f"From $x_1$ to $y_{steps}$ in {steps} + {layers} = {steps + layers} arrows, whichever way"
    elif dropout:
        said = " The arrows up between two layers are dashed and marked p: there dropout acts. No other arrow is."
        title = "Dropout acts on the arrows between layers (dashed), never on those across time"
    else:
        title = f"{layers} layers: each reads the states of the one below, and its own of the step before"
    ax.set_title(title)
    figure.alt = (
        f"Diagram of a stack of {layers} recurrent layers over {steps} steps. x_t goes up into h^1_t. Each h^l_t goes "
        "up into the layer above, and to the right into the next step of its own layer. The top layer goes into "
        f"y_t.{said}"
    )
    return figure


def _rise(ax: Any, x: float, y: float, up: float, dropped: bool) -> None:
    look: dict[str, Any] = {"color": RED, "ls": (0, (3, 2)), "lw": 2} if dropped else {}
    arrow(ax, (x, y + 0.26), (x, y + up - 0.26), "p" if dropped else "", **look)


def _check_range(name: str, value: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number from 1 to {most}, got {value!r}")
    if not 1 <= value <= most:
        raise ValueError(f"{name} must be from 1 to {most}, got {value}")


def residual(layers: int = 3) -> Figure:
    """Draw one step of a stack with residual connections: an arrow around each layer, to a sum above it.

    Raises:
        TypeError: layers is no int.
        ValueError: layers is not from 1 to 6.
    """
    _check_range("layers", layers, 6)
    across = 2.6
    figure, ax = canvas(8.5, 2.4, (-0.6, across * layers + 1.4), (-1.1, 1.25))
    box(ax, 0, 0, "$h^0_t$", BLUE)
    for k in range(1, layers + 1):
        x = across * (k - 0.5)
        out = x + 0.95
        start = across * (k - 1) + (0.3 if k == 1 else -0.2)  # from the input, or from the sum before
        box(ax, x, 0, "", GREEN)
        ax.text(x, 0, f"LSTM$^{k}$", ha="center", va="center", fontsize=10)
        arrow(ax, (start, 0), (x - 0.34, 0))
        arrow(ax, (x + 0.34, 0), (out - 0.16, 0))
        arrow(ax, (start + 0.1, 0.02), (out - 0.08, 0.16), bend=-0.4, color=RED, lw=2)
        arrow(ax, (x, -0.85), (x, -0.29), color=BLACK)
        ax.text(x, -0.93, f"state $(h, c)^{k}_{{t-1}}$", ha="center", va="top", fontsize=10)
        ax.add_patch(Circle((out, 0), 0.15, fc="white", ec=RED, lw=2))
        ax.text(out, -0.01, "+", ha="center", va="center", fontsize=12)
        ax.text(out + 0.05, -0.3, f"$h^{k}_t$", ha="center", va="top", fontsize=11)
    arrow(ax, (across * layers - 0.2, 0), (across * layers + 0.6, 0))
    ax.text(across * layers + 0.7, 0, "up", va="center")
    ax.set_title(
        "A residual connection (red) carries a layer's input around it, and adds it to what comes out"
    )
    figure.alt = (
        f"Diagram of one step through {layers} layers, from left to right. The input of each LSTM layer also goes "
        "around it, along a red arrow, and is added to its output. Each layer's own state comes from below, and "
        "nothing is added to it."
    )
    return figure
