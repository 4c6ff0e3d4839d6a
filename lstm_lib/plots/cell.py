"""The drawings of lesson 04: the LSTM's cell, part by part, and why it is added to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.patches import Circle
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import BLACK, BLUE, GREEN, ORANGE, PINK, RED, Figure, number

Array = NDArray[Any]
Points = list[tuple[float, float]]

#: Part of the cell -> its colour, and its name in words.
PARTS = {
    "f": (BLUE, "the forget gate"),
    "i": (GREEN, "the input gate"),
    "g": (ORANGE, "the candidate"),
    "c": (RED, "the cell update"),
    "o": (PINK, "the output gate and the hidden state"),
}
_FADED = "#a8a8a8"
_ROAD, _GATES, _BUS = 4.0, 1.3, 0.0  # heights in the drawing
_X = {"f": 2.3, "i": 4.0, "g": 5.6, "o": 7.3}
_TIMES_C, _PLUS, _TIMES_NEW, _TIMES_H, _TANH = (2.3, _ROAD), (4.8, _ROAD), (4.8, 2.7), (8.7, 2.1), (8.7, 3.1)
#: Part -> the polylines that carry its numbers; the last stretch of each is an arrow.
_WIRES: dict[str, list[Points]] = {
    "f": [[(2.3, _BUS), (2.3, 1.02)], [(2.3, 1.58), (2.3, 3.76)]],
    "i": [[(4.0, _BUS), (4.0, 1.02)], [(4.0, 1.58), (4.0, 2.7), (4.56, 2.7)]],
    "g": [[(5.6, _BUS), (5.6, 1.02)], [(5.6, 1.58), (5.6, 2.7), (5.04, 2.7)]],
    "c": [
        [(0.35, _ROAD), (2.06, _ROAD)],
        [(2.54, _ROAD), (4.56, _ROAD)],
        [(4.8, 2.94), (4.8, 3.76)],
        [(5.04, _ROAD), (9.96, _ROAD)],
    ],
    "o": [
        [(7.3, _BUS), (7.3, 1.02)],
        [(7.3, 1.58), (7.3, 2.1), (8.46, 2.1)],
        [(8.7, _ROAD), (8.7, 3.38)],
        [(8.7, 2.82), (8.7, 2.34)],
        [(8.94, 2.1), (9.96, 2.1)],
    ],
}
#: Where the value of a symbol is written, and which side of the place the text begins on.
_VALUES = {
    "x": (1.62, -0.93, "left"),
    "h_prev": (0.0, -0.55, "center"),
    "c_prev": (0.0, 3.45, "center"),
    "f": (2.42, 3.0, "left"),
    "i": (3.88, 2.15, "right"),
    "g": (5.72, 2.15, "left"),
    "c": (10.3, 3.45, "center"),
    "o": (7.85, 2.33, "center"),
    "h": (10.3, 1.55, "center"),
}


def lstm_cell(part: str = "", values: Mapping[str, float] | None = None) -> Figure:
    """Draw one step of an LSTM: the cell state on its road, the gates below it, one part of it in colour.

    Args:
        part: "f", "i", "g", "c" or "o" for the part that stands out, or "" for all of them.
        values: numbers to be written beside the symbols "x", "h_prev", "c_prev", "f", "i", "g", "c", "o", "h".

    Raises:
        TypeError: ``values`` is no dict.
        ValueError: there is no such part or no such symbol, or a value is not one finite number.
    """
    if part != "" and part not in list(PARTS):
        raise ValueError(f"part must be one of {list(PARTS)} or empty, got {part!r}")
    if not isinstance(values, Mapping | None):
        raise TypeError(f"values must be a dict, symbol -> number, got {type(values).__name__}")
    if unknown := sorted(set(values or {}) - set(_VALUES)):
        raise ValueError(f"values must be of the symbols {list(_VALUES)}, got {unknown}")
    numbers = {symbol: _one_number(symbol, value) for symbol, value in (values or {}).items()}
    figure, ax = canvas(8, 4.3, (-0.6, 10.9), (-1.25, 4.4))
    looks = {name: _look(name, part) for name in PARTS}
    for name in sorted(PARTS, key=lambda name: name == part):  # the part that stands out is drawn last
        for points in _WIRES[name]:
            _wire(ax, points, **looks[name])
    _bus(ax)
    _nodes(ax, looks)
    for symbol, value in numbers.items():
        x, y, side = _VALUES[symbol]
        ax.text(x, y, f"{value:.4f}".replace("-", "−"), ha=side, va="center", fontsize=11)
    figure.alt = _cell_alt(part, numbers)
    shown = PARTS[part][1] if part else ""
    ax.set_title(
        f"In colour: {shown}"
        if part
        else "One step: four parts read x and h; the cell state runs along the top"
    )
    return figure


def _one_number(symbol: str, value: Any) -> float:
    try:
        if np.ndim(value) == 0 and np.isfinite(value):
            return float(value)
    except (TypeError, ValueError):
        pass
    hint = f" of shape {value.shape}: take one unit, [0]" if isinstance(value, np.ndarray) else ""
    raise ValueError(f"values[{symbol!r}] must be one finite number, got {value!r:.40}{hint}")


def _look(name: str, part: str) -> dict[str, Any]:
    if part in ("", name):
        return {"color": PARTS[name][0], "lw": 2.6 if part else 1.8}
    return {"color": _FADED, "lw": 1.2}


def _wire(ax: Any, points: Points, **look: Any) -> None:
    if len(points) > 2:
        ax.plot(*zip(*points[:-1], strict=True), ls="-", solid_capstyle="round", **look)
    arrow(ax, points[-2], points[-1], shrinkA=0, shrinkB=0, **look)


def _bus(ax: Any) -> None:
    """Draw the road on which h_{t-1} and x_t come to all four."""
    ax.plot([0.35, _X["o"]], [_BUS, _BUS], color=BLACK, lw=1.5, ls="-")
    ax.plot([1.2, 1.2], [-0.65, _BUS], color=BLACK, lw=1.5, ls="-")
    ax.text(9.2, _BUS, "all four read\n$[h_{t-1}, x_t]$", ha="center", va="center", fontsize=10)
    for x, y, text in ((0, _BUS, "$h_{t-1}$"), (1.2, -0.93, "$x_t$"), (0, _ROAD, "$c_{t-1}$")):
        box(ax, x, y, text, BLACK)


def _nodes(ax: Any, looks: Mapping[str, Mapping[str, Any]]) -> None:
    names = {"f": r"$\sigma$", "i": r"$\sigma$", "g": "tanh", "o": r"$\sigma$"}
    words = {"f": "forget gate\n$f_t$", "i": "input gate\n$i_t$", "g": "candidate\n$\\tilde{C}_t$, in code g"}
    words |= {"o": "output gate\n$o_t$"}
    for name, x in _X.items():
        box(ax, x, _GATES, names[name], looks[name]["color"])
        weight = "bold" if looks[name]["lw"] > 2 else "normal"
        ax.text(x + 0.16, 0.52, words[name], ha="left", va="center", fontsize=9, weight=weight)
    box(ax, *_TANH, "tanh", looks["o"]["color"])
    box(ax, 10.3, _ROAD, "$c_t$", looks["c"]["color"])
    box(ax, 10.3, 2.1, "$h_t$", looks["o"]["color"])
    circles = {_TIMES_C: ("×", "c"), _PLUS: ("+", "c"), _TIMES_NEW: ("×", "c"), _TIMES_H: ("×", "o")}
    for place, (sign, name) in circles.items():
        ax.add_patch(Circle(place, 0.24, fc="white", ec=looks[name]["color"], lw=2, zorder=3))
        ax.text(*place, sign, ha="center", va="center", fontsize=13, zorder=4)


def _cell_alt(part: str, values: Mapping[str, float]) -> str:
    told = {
        "f": "a sigmoid, which leads up to a multiplication on the road of the cell state",
        "i": "a sigmoid, which is multiplied with the candidate",
        "g": "a tanh, which is multiplied with the input gate",
        "c": "c_{t-1} comes in from the left, is multiplied by the forget gate, input gate times candidate is added, "
        "and c_t leaves to the right",
        "o": "a branch of c_t goes through tanh and is multiplied by the output gate, a sigmoid: that is h_t",
    }
    shown = told if not part else {part: told[part]}
    parts = "; ".join(f"{PARTS[name][1]}: {words}" for name, words in shown.items())
    begin = (
        "Diagram of one step of an LSTM. Above, the straight road of the cell state. Below, four boxes that all read "
        "h_{t-1} and x_t."
    )
    numbers = ", ".join(f"{symbol} = {value:.4f}" for symbol, value in values.items())
    return f"{begin} {'In colour, ' if part else ''}{parts}." + (f" Values: {numbers}." if numbers else "")


def _finite(name: str, given: ArrayLike) -> Array:
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be finite numbers, got {given!r:.80}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers, got {given!r:.80}")
    return array


def two_roads(multiplied: ArrayLike, added: ArrayLike, factor: float) -> Figure:
    """Draw a state that each step multiplies above one that each step only adds to.

    Args:
        multiplied: (T,), the states of the first; T is 2 to 8.
        added: (T,), the states of the second.
        factor: what a step multiplies the first by, for the labels of the arrows.

    Raises:
        ValueError: the shapes are not (T,) both, T is not from 2 to 8, or something is no number, or not finite.
    """
    above, below, by = (
        _finite(name, value)
        for name, value in {"multiplied": multiplied, "added": added, "factor": factor}.items()
    )
    if by.ndim:
        raise ValueError(f"factor must be one number, got shape {by.shape}")
    if above.ndim != 1 or above.shape != below.shape or not 2 <= above.size <= 8:
        shapes = f"{above.shape} and {below.shape}"
        raise ValueError(f"multiplied and added must both have shape (T,), T from 2 to 8, got {shapes}")
    T = above.size
    new = np.diff(below)
    figure, ax = canvas(8, 3.4, (-0.5, 1.6 * T - 1.1), (-1.5, 2.6))
    for t in range(T):
        x = 1.6 * t
        box(ax, x, 1.7, f"$h_{{{t + 1}}}$", BLUE)
        box(ax, x, 0, f"$c_{{{t + 1}}}$", RED)
        ax.text(x, 2.2, number(above[t]), ha="center", va="center")
        ax.text(x, -0.5, number(below[t]), ha="center", va="center")
        if t < T - 1:
            arrow(ax, (x + 0.32, 1.7), (x + 1.28, 1.7), f"× {number(factor)}")
            arrow(ax, (x + 0.32, 0), (x + 0.56, 0), shrinkA=0, shrinkB=0)
            arrow(ax, (x + 1.02, 0), (x + 1.28, 0), shrinkA=0, shrinkB=0)
            arrow(ax, (x + 0.8, -0.9), (x + 0.8, -0.24), shrinkA=0, shrinkB=0)
            ax.add_patch(Circle((x + 0.8, 0), 0.22, fc="white", ec=RED, lw=2))
            ax.text(x + 0.8, 0, "+", ha="center", va="center", fontsize=13)
            ax.text(x + 0.8, -1.15, number(new[t]).replace("-", "−"), ha="center", va="center")
    ax.set_title("Above, every step multiplies the state. Below, every step adds to it")
    figure.alt = (
        f"Diagram of two chains of {T} states. Above, h is multiplied by {number(factor)} at each step and goes from "
        f"{number(above[0])} to {number(above[-1])}. Below, a number is added to c at each step, "
        f"{', '.join(number(value) for value in new)}, and c goes from {number(below[0])} to {number(below[-1])}."
    )
    return figure
