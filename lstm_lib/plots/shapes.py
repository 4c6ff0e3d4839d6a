"""The shape (T, B, D), drawn: a sheet for each step, on it a row for each sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike

from lstm_lib.plots.figure import BLACK, BLUE, Figure, new_axes, style

GAP = 1.2  # between two sheets, in squares
WHITE_TO_BLUE = ListedColormap(["white", BLUE])


def sheets(x: ArrayLike, sequences: Sequence[str], symbols: Sequence[str]) -> Figure:
    """Draw a small array (T, B, D) as T sheets side by side, dark squares for its numbers that are not zero.

    Args:
        x: (T, B, D) numbers, few enough to see each: T sheets of B rows and D columns.
        sequences: B labels, one for each row.
        symbols: D labels, one for each column.

    Raises:
        ValueError: x has no three axes, an axis is empty, or the labels are not B and D in number.
    """
    values = np.asarray(x, dtype=float)
    if values.ndim != 3 or 0 in values.shape:
        raise ValueError(f"x must have shape (T, B, D) with no empty axis, got {values.shape}")
    T, B, D = values.shape
    for name, labels, size in (("sequences", sequences, B), ("symbols", symbols, D)):
        if len(labels) != size:
            raise ValueError(
                f"{name} must hold {size} labels for x of shape {values.shape}, got {len(labels)}"
            )

    width = T * D + (T - 1) * GAP
    with style():
        figure, ax = new_axes(8.0, 0.35 + 8.0 * (B + 2.9) / (width + 5))
        ax.set(xlim=(-4.8, width + 0.2), ylim=(B + 2.0, -0.9), aspect="equal")
        ax.axis("off")
        for t in range(T):
            _draw_sheet(ax, values[t], t * (D + GAP), symbols, f"$x_{{{t + 1}}}$ = x[{t}]")
        for b, sequence in enumerate(sequences):
            ax.text(-0.3, b + 0.5, sequence, ha="right", va="center", family="DejaVu Sans Mono")
        _arrow(ax, (0, B + 1.1), (width, B + 1.1), (width / 2, B + 1.6), f"time: T = {T} steps")
        _arrow(ax, (-2.8, 0), (-2.8, B), (-3.9, B / 2), f"B = {B}\nrows")
        ax.set_title(
            f"An array (T, B, D) = {T, B, D}: a sheet for each step, on it a row of D = {D} for each sequence"
        )
    figure.alt = (
        f"Diagram of an array of shape (T, B, D) = {T, B, D} as {T} sheets side by side, x[0] to x[{T - 1}], one for "
        f"each step of time. Each sheet has {B} rows, one for each sequence ({', '.join(sequences)}), and {D} columns "
        f"({', '.join(symbols)}). {np.count_nonzero(values)} of the {values.size} squares are dark: not zero."
    )
    return figure


def _draw_sheet(ax: Any, sheet: Any, left: float, symbols: Sequence[str], name: str) -> None:
    B, D = sheet.shape
    edges = np.arange(D + 1) + left
    ax.pcolormesh(
        edges,
        np.arange(B + 1),
        sheet != 0,
        cmap=WHITE_TO_BLUE,
        vmin=0,
        vmax=1,
        edgecolors="0.6",
        linewidth=0.5,
    )
    for d, symbol in enumerate(symbols):
        ax.text(
            left + d + 0.5, -0.15, symbol, ha="center", va="bottom", family="DejaVu Sans Mono", fontsize=9
        )
        for b in np.flatnonzero(sheet[:, d]):
            ax.text(left + d + 0.5, b + 0.5, symbol, ha="center", va="center", color="white", weight="bold")
    ax.text(left + D / 2, B + 0.5, name, ha="center", va="center", fontsize=10)


def _arrow(
    ax: Any, start: tuple[float, float], stop: tuple[float, float], place: tuple[float, float], words: str
) -> None:
    ax.annotate("", stop, start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "shrinkA": 0, "shrinkB": 0})
    ax.text(*place, words, ha="center", va="center")
