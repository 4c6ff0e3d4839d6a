"""How the gradient goes back through one step of an LSTM, as a drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from lstm_lib.plots.figure import BLUE, GREEN, ORANGE, RED, Figure, new_axes, style

Point = tuple[float, float]
GREY = "#9a9a9a"

#: The four gates: name -> (place from left to right, its nonlinearity, what comes back to it).
_GATES = {
    "f": (2.3, "σ", r"$dc_t \odot c_{t-1}$"),
    "i": (4.2, "σ", r"$dc_t \odot g$"),
    "g": (5.6, "tanh", r"$dc_t \odot i$"),
    "o": (7.7, "σ", r"$dh_t \odot \tanh(c_t)$"),
}
_ROAD, _BAR = 3.0, -0.75  # the heights of the cell state and of what the gates read
_FORK = (7.7, _ROAD)  # here is c_t: it goes on to the next step and, through tanh, to h_t


def backward_flow() -> Figure:
    """Draw one LSTM step: values forward along grey arrows, the gradient back along red ones."""
    figure, ax = new_axes(9, 5)
    with style():
        ax.set(xlim=(-0.6, 10.6), ylim=(-1.35, 3.6), aspect="equal")
        ax.axis("off")
        for start, stop, width in _edges():
            _both_ways(ax, start, stop, width)
        for name, (left, act, back) in _GATES.items():
            ax.add_patch(
                FancyBboxPatch(
                    (left - 0.42, 0.0), 0.84, 0.4, boxstyle="round,pad=0.05", fc="white", ec=BLUE, lw=2
                )
            )
            ax.text(left, 0.2, f"${name}$: {act}", ha="center", va="center")
            aside, side = (-0.2, "right") if name in "fi" else (0.22, "left")
            ax.text(left + aside, 0.75, back, color=RED, ha=side, va="center")
        signs: dict[Point, str] = {(2.3, 3.0): "×", (4.9, 3.0): "+", (4.9, 1.6): "×", (7.7, 1.4): "×"}
        for at, sign in signs.items():
            ax.add_patch(Circle(at, 0.2, fc="white", ec=ORANGE, lw=2, zorder=3))
            ax.text(*at, sign, ha="center", va="center", fontsize=13, zorder=4)
        _boxed(ax, (7.7, 2.25), "tanh", ORANGE, 10)
        ends: dict[str, Point] = {
            "$c_{t-1}$": (0, 3),
            "to step\n$t + 1$": (10.15, 3),
            "$h_t$": (10, 1.4),
            "$x_t, h_{t-1}$": (0, _BAR),
        }
        for name, place in ends.items():
            _boxed(ax, place, name, GREEN, 10 if "step" in name else 13)
        ax.add_patch(Circle(_FORK, 0.11, fc=GREEN, ec="white", lw=1, zorder=3))
        ax.text(_FORK[0], _FORK[1] + 0.3, "$c_t$", ha="center", va="center", fontsize=13)
        for x, y, words, side in [
            (1.25, 3.27, r"$dc_t \odot f$", "center"),
            (6.3, 3.27, "$dc_t$, the sum of two", "center"),
            (8.75, 3.27, "from step t + 1", "center"),
            (9.0, 1.67, "$dh_t$", "center"),
            (7.55, 2.68, r"$dh_t \odot o \odot (1 - \tanh^2(c_t))$", "right"),
            (5.1, 2.3, "$dc_t$", "left"),
            (
                3.2,
                -1.15,
                "times the slope of each gate, then times $W_h^\\top$ for $h_{t-1}$ and $W_x^\\top$ for $x_t$",
                "left",
            ),
        ]:
            ax.text(x, y, words, color=RED, ha=side, va="center")
        ax.set_title(
            "Back along the top, the gradient passes one product, times f. Below, it meets slopes and weights"
        )
    figure.alt = (
        "Diagram of one LSTM step, forward in grey, the gradient back in red. Along the top runs the cell state, from "
        "c_{t-1} through a product with f and a sum to c_t, a dot, and on to step t + 1. Below it, i times g enters "
        "the sum, and from the dot c_t goes through tanh and a product with o to h_t. The gates f, i, g and o read "
        "x_t and h_{t-1}. Back: at c_t two gradients meet, one from step t + 1 and one through h_t, which is dh_t "
        "times o times the slope of tanh. Their sum dc_t "
        "goes on to c_{t-1} times f, to f times c_{t-1}, to i times g and to g times i; o gets dh_t times tanh(c_t). "
        "From the gates it goes on, times their slopes and the weights, to h_{t-1} and x_t."
    )
    return figure


def _boxed(ax: Any, place: Point, text: str, colour: str, size: int) -> None:
    box = {"boxstyle": "round", "fc": "white", "ec": colour, "lw": 2}
    ax.text(*place, text, ha="center", va="center", fontsize=size, bbox=box)


def _edges() -> list[tuple[Point, Point, float]]:
    """Return (start, stop, width of the way back) of every arrow of the way forward."""
    road: list[tuple[Point, Point, float]] = [
        ((0.4, _ROAD), (2.1, _ROAD), 4), ((2.5, _ROAD), (4.7, _ROAD), 4),
        ((5.1, _ROAD), _FORK, 4), (_FORK, (9.7, _ROAD), 4),
    ]  # fmt: skip
    inside: list[tuple[Point, Point, float]] = [
        ((2.3, 0.45), (2.3, 2.8), 1.5), ((4.2, 0.45), (4.8, 1.42), 1.5), ((5.6, 0.45), (5.0, 1.42), 1.5),
        ((4.9, 1.8), (4.9, 2.8), 1.5), (_FORK, (7.7, 2.45), 1.5), ((7.7, 2.05), (7.7, 1.6), 1.5),
        ((7.7, 0.45), (7.7, 1.2), 1.5), ((7.9, 1.4), (9.7, 1.4), 1.5),
    ]  # fmt: skip
    read: list[tuple[Point, Point, float]] = [((x, _BAR), (x, -0.05), 1.5) for x, _, _ in _GATES.values()]
    return [*road, *inside, ((0.65, _BAR), (7.7, _BAR), 1.5), *read]


def _both_ways(ax: Any, start: Point, stop: Point, width: float) -> None:
    """Draw a grey arrow from start to stop and, beside it, a red one back."""
    a, b = np.array(start), np.array(stop)
    across = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a)) * 0.07
    for tail, head, colour, lw in ((a - across, b - across, GREY, 1.2), (b + across, a + across, RED, width)):
        look = f"-|>,head_length={2.5 + lw / 2},head_width={1.2 + lw / 2}"
        ax.add_patch(
            FancyArrowPatch(
                tuple(tail), tuple(head), arrowstyle=look, color=colour, lw=lw, shrinkA=0, shrinkB=0, zorder=2
            )
        )
