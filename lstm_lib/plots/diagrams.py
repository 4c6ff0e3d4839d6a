"""Drawings of networks: boxes and arrows, no data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from lstm_lib.plots.figure import BLACK, BLUE, GREEN, ORANGE, Figure, new_axes

#: (label, colour of the box's edge, height in the drawing)
_ROWS = {"x": (BLUE, 0.0), "h": (GREEN, 1.0), "y": (ORANGE, 2.0)}


def box(ax: Any, x: float, y: float, text: str, colour: str, fill: str = "white") -> None:
    """Draw a rounded box of 0.56 by 0.44 around (x, y), with a text in it."""
    ax.add_patch(
        FancyBboxPatch((x - 0.28, y - 0.22), 0.56, 0.44, boxstyle="round,pad=0.04", fc=fill, ec=colour, lw=2)
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=12)


def arrow(
    ax: Any,
    start: tuple[float, float],
    stop: tuple[float, float],
    text: str = "",
    bend: float = 0.0,
    **look: Any,
) -> None:
    """Draw an arrow with a text beside its middle; ``look`` goes to the patch: colour, line width and the like."""
    usual: dict[str, Any] = {"arrowstyle": "-|>", "color": BLACK, "mutation_scale": 12}
    usual["connectionstyle"] = f"arc3,rad={bend}"
    ax.add_patch(FancyArrowPatch(start, stop, **usual | look))
    if text:
        middle = ((start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2)
        across = abs(start[0] - stop[0]) > abs(start[1] - stop[1])
        offset, place = ((0, 5), ("center", "bottom")) if across else ((6, 0), ("left", "center"))
        ax.annotate(text, middle, offset, textcoords="offset points", ha=place[0], va=place[1], fontsize=10)


def canvas(
    width: float, height: float, xlim: tuple[float, float], ylim: tuple[float, float]
) -> tuple[Figure, Any]:
    """Return a figure of that many inches, and axes without a frame on which x and y are equally long."""
    figure, ax = new_axes(width, height)
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")
    return figure, ax


def unrolled(steps: int = 4) -> Figure:
    """Draw a recurrent network twice: as a loop, and unrolled over ``steps`` time steps (1 or more)."""
    if steps < 1:
        raise ValueError(f"steps must be 1 or more, got {steps}")
    figure, ax = canvas(8, 3, (-1.1, 2.4 + 1.4 * steps), (-0.4, 2.6))
    for name, (colour, y) in _ROWS.items():
        box(ax, 0, y, f"${name}_t$", colour)
        for t in range(1, steps + 1):
            box(ax, 1.2 + 1.4 * t, y, f"${name}_{t}$", colour)
    columns = [0.0] + [1.2 + 1.4 * t for t in range(1, steps + 1)]
    for k, x in enumerate(columns):
        arrow(ax, (x, 0.26), (x, 0.74), "$W_x$" if k < 2 else "")
        arrow(ax, (x, 1.26), (x, 1.74), "$W_y$" if k < 2 else "")
    arrow(ax, (-0.2, 1.26), (-0.2, 0.74), bend=1.9)
    ax.text(-0.95, 1.0, "$W_h$", ha="center", va="center")
    for k, (left, right) in enumerate(pairwise(columns[1:])):
        arrow(ax, (left + 0.32, 1), (right - 0.32, 1), "$W_h$" if k == 0 else "")
    ax.text(1.35, 1, "=", fontsize=22, ha="center", va="center")
    ax.set_title(f"A loop in time is a chain of {steps} equal steps: the same weights in each")
    figure.alt = (
        "Diagram. Left: a recurrent network as a loop, input x_t into hidden state h_t through W_x, h_t into itself "
        f"through W_h, h_t into output y_t through W_y. Right: the same network unrolled over {steps} steps, "
        f"a chain from h_1 to h_{steps} with the same W_x, W_h and W_y at every step."
    )
    return figure


def shapes_of_tasks() -> Figure:
    """Draw one-to-many, many-to-one and many-to-many side by side."""
    tasks = {
        "one to many": ((0,), (0, 1, 2), "a picture in, a caption out"),
        "many to one": ((0, 1, 2), (2,), "a review in, an opinion out"),
        "many to many": ((0, 1, 2), (0, 1, 2), "letters in, next letters out"),
    }
    figure, ax = canvas(8, 3, (-0.6, 11.2), (-0.9, 2.9))
    for k, (name, (inputs, outputs, example)) in enumerate(tasks.items()):
        left = 4.0 * k
        for t in range(3):
            box(ax, left + 1.1 * t, 1, "$h$", GREEN)
            if t:
                arrow(ax, (left + 1.1 * t - 0.78, 1), (left + 1.1 * t - 0.32, 1))
            if t in inputs:
                box(ax, left + 1.1 * t, 0, "$x$", BLUE)
                arrow(ax, (left + 1.1 * t, 0.26), (left + 1.1 * t, 0.74))
            if t in outputs:
                box(ax, left + 1.1 * t, 2, "$y$", ORANGE)
                arrow(ax, (left + 1.1 * t, 1.26), (left + 1.1 * t, 1.74))
        ax.text(left + 1.1, 2.65, name, ha="center", fontsize=11, weight="bold")
        ax.text(left + 1.1, -0.7, example, ha="center", fontsize=10)
    figure.alt = (
        "Diagram of three uses of one chain of hidden states h. One to many: one input x at the first step, an output "
        "y at every step. Many to one: an input at every step, one output at the last. Many to many: an input and an "
        "output at every step."
    )
    return figure
