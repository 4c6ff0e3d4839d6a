"""A drawing of the Reber grammar: nodes, and arrows that carry symbols."""

from __future__ import annotations

from typing import Any

from matplotlib.patches import Circle, FancyArrowPatch

from lstm_lib.plots.diagrams import canvas
from lstm_lib.plots.figure import BLACK, BLUE, RED, Figure

#: Node -> its place. The walk begins at 0 and ends at 7.
_PLACES = {
    0: (0.0, 1.0), 1: (1.3, 1.0), 2: (2.7, 1.9), 3: (2.7, 0.1),
    4: (4.4, 1.9), 5: (4.4, 0.1), 6: (5.8, 1.0), 7: (7.1, 1.0),
}  # fmt: skip
#: From, to, symbol, the bend of the arrow, and where the symbol stands beside the middle of it.
_ARROWS = (
    (0, 1, "B", 0.0, (0.0, 0.17)), (1, 2, "T", 0.0, (-0.12, 0.14)), (1, 3, "P", 0.0, (-0.12, -0.14)),
    (2, 4, "X", 0.0, (0.0, 0.17)), (4, 3, "X", 0.0, (0.22, 0.0)), (3, 5, "V", 0.0, (0.0, -0.18)),
    (5, 4, "P", 0.0, (0.16, 0.0)), (4, 6, "S", 0.0, (0.12, 0.14)), (5, 6, "V", 0.0, (0.12, -0.14)),
    (6, 7, "E", 0.0, (0.0, 0.17)),
)  # fmt: skip
_LOOPS = ((2, "S", 1), (3, "T", -1))  # node, symbol, above or below


def reber() -> Figure:
    """Draw the Reber grammar. An embedded string is a walk through it between two equal symbols, T or P."""
    figure, ax = canvas(8.2, 3.9, (-0.5, 7.6), (-1.0, 3.1))
    radius = 0.2
    for node, (x, y) in _PLACES.items():
        ends = node in (0, 7)
        ax.add_patch(Circle((x, y), radius, fc="white", ec=RED if ends else BLUE, lw=2))
    ax.text(0, 0.55, "begin", ha="center", va="top", color=RED)
    ax.text(7.1, 0.55, "end", ha="center", va="top", color=RED)
    for start, stop, symbol, bend, aside in _ARROWS:
        _arrow(ax, _PLACES[start], _PLACES[stop], bend)
        x, y = ((a + b) / 2 for a, b in zip(_PLACES[start], _PLACES[stop], strict=True))
        ax.text(x + aside[0], y + aside[1], symbol, ha="center", va="center", fontsize=13, weight="bold")
    for node, symbol, side in _LOOPS:
        x, y = _PLACES[node]
        loop = FancyArrowPatch(
            (x - 0.12, y + 0.19 * side), (x + 0.12, y + 0.19 * side), arrowstyle="-|>", mutation_scale=13,
            color=BLACK, connectionstyle=f"arc3,rad={-2.4 * side}", shrinkA=0, shrinkB=0,
        )  # fmt: skip
        ax.add_patch(loop)
        ax.text(x, y + 0.72 * side, symbol, ha="center", va="center", fontsize=13, weight="bold")
    ax.set_title("The Reber grammar: follow the arrows and write down the symbols; at a fork toss a coin")
    figure.alt = (
        "Diagram of the Reber grammar. Begin, then B. Then either T, any number of S, X; or P, any number of T, V. "
        "After the X, either S, E, end; or X, which leads to the place before any number of T and V. After that V, "
        "either V, E, end; or P, which leads to the place after the first X. Where two arrows leave a node, each is "
        "taken half of the time."
    )
    return figure


def _arrow(ax: Any, start: tuple[float, float], stop: tuple[float, float], bend: float) -> None:
    way = FancyArrowPatch(
        start, stop, arrowstyle="-|>", mutation_scale=13, color=BLACK, shrinkA=14, shrinkB=14,
        connectionstyle=f"arc3,rad={bend}",
    )  # fmt: skip
    ax.add_patch(way)
