"""The pictures of CTC in lesson 16: a path that collapses, and the lattice of all paths of a word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, RED, Figure, new_axes, style

Array = NDArray[Any]


def collapsing(paths: Sequence[str], *, title: str, blank: str = "_") -> Figure:
    """Draw paths, a box for each step, then what is left when equal neighbours are merged, then without the blanks.

    Args:
        paths: texts of one symbol for each step.
        title: what to see.
        blank: the symbol of the blank.

    Raises:
        ValueError: there is no path, or an empty one.
    """
    if not paths or any(not path for path in paths):
        raise ValueError(f"paths must hold at least one path, none of them empty, got {list(paths)}")
    longest = max(map(len, paths))
    figure, ax = new_axes(9.0, 1.1 + 0.5 * len(paths))
    told = []
    second, third = longest + 1.2, 2 * longest + 2.4
    with style():
        for row, path in enumerate(paths):
            merged = "".join(symbol for symbol, _ in groupby(path))
            word = merged.replace(blank, "")
            for start, text in ((0.0, path), (second, merged), (third, word)):
                for k, symbol in enumerate(text):
                    pale = symbol == blank
                    ax.add_patch(
                        Rectangle(
                            (start + k + 0.04, -row + 0.1), 0.92, 0.8, facecolor="#EEEEEE" if pale else "white",
                            edgecolor="#999999" if pale else BLUE,
                        )
                    )  # fmt: skip
                    ax.text(start + k + 0.5, -row + 0.5, symbol, ha="center", va="center")
            for start, text in ((0.0, path), (second, merged)):
                ax.annotate(
                    "", (start + longest + 1.1, -row + 0.5), (start + max(len(text), longest) + 0.1, -row + 0.5),
                    arrowprops={"arrowstyle": "->", "color": BLACK},
                )  # fmt: skip
            told.append(f"{path} becomes {merged}, then {word or 'nothing'}")
        for start, text in (
            (0.0, "a path: one symbol a step"),
            (second, "1. neighbours merged"),
            (third, "2. no blanks"),
        ):
            ax.text(start, 1.15, text, fontsize=9, va="bottom")
        ax.set(xlim=(-0.2, third + max(longest * 0.8, 3)), ylim=(-len(paths) + 0.9, 1.6))
        ax.set_title(title)
        ax.axis("off")
    figure.alt = f"{title}. {'; '.join(told)}."
    return figure


def lattice(
    states: Sequence[str],
    skips: ArrayLike,
    numbers: ArrayLike,
    *,
    title: str,
    what: str = "probability that a path is here",
    decimals: int = 3,
) -> Figure:
    """Draw the lattice of a word: a row for each state, a column for each step, arrows for the ways of a path.

    Args:
        states: S names, from the first to the last, blanks between the letters.
        skips: (S,), true where a path may come in from two states before.
        numbers: (T, S), 0 to 1; written into the nodes, and dark for much. A node with 0 is not drawn.
        title: what to see.
        what: the numbers are.
        decimals: so many are written.

    Raises:
        ValueError: the shapes do not fit, or a number is not from 0 to 1.
    """
    values, jump = np.asarray(numbers, dtype=float), np.asarray(skips, dtype=bool)
    S = len(states)
    if values.ndim != 2 or values.shape[1] != S or jump.shape != (S,) or not values.size:
        raise ValueError(
            f"numbers must be (T, {S}) and skips ({S},), as many as states, got {values.shape} and {jump.shape}"
        )
    if not ((values >= -1e-9) & (values <= 1 + 1e-9)).all():
        raise ValueError(f"numbers must be from 0 to 1, got {values.min()} to {values.max()}")
    T = len(values)
    figure, ax = new_axes(min(1.6 * T + 1.6, 9.6), 0.72 * S + 1.3)
    there = values > 1e-9
    with style():
        for t in range(1, T):
            for s in range(S):
                for back in (0, 1, 2):
                    if (
                        s < back
                        or (back == 2 and not jump[s])
                        or not there[t, s]
                        or not there[t - 1, s - back]
                    ):
                        continue
                    ax.annotate(
                        "", (1.6 * t - 0.36, -s), (1.6 * (t - 1) + 0.36, -(s - back)),
                        arrowprops={
                            "arrowstyle": "->", "color": RED if back == 2 else "#777777",
                            "lw": 1.4 if back == 2 else 0.9, "ls": "--" if back == 2 else "-",
                            "shrinkA": 0, "shrinkB": 0,
                        },
                    )  # fmt: skip
        for t in range(T):
            for s in range(S):
                if not there[t, s]:
                    continue
                value = float(np.clip(values[t, s], 0, 1))
                ax.add_patch(
                    Circle(
                        (1.6 * t, -s), 0.34, facecolor=str(1 - 0.75 * value), edgecolor=BLACK, lw=1, zorder=3
                    )
                )
                ax.text(
                    1.6 * t, -s, f"{value:.{decimals}f}", ha="center", va="center", fontsize=8, zorder=4,
                    color="white" if value > 0.6 else BLACK,
                )  # fmt: skip
        ax.set_yticks(-np.arange(S), ["blank" if name == "_" else f"“{name}”" for name in states])
        ax.set_xticks(1.6 * np.arange(T), [str(t + 1) for t in range(T)])
        ax.set(xlabel="step", xlim=(-0.6, 1.6 * (T - 1) + 0.6), ylim=(-S + 0.5, 0.5), aspect="equal")
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.set_title(title)
    rows = "; ".join(
        f"{'blank' if name == '_' else name} {' '.join(f'{values[t, s]:.{decimals}f}' for t in range(T))}"
        for s, name in enumerate(states)
    )
    over = [states[s] for s in range(S) if jump[s]]
    figure.alt = (
        f"{title}. Lattice of {S} states and {T} steps; the {what}: {rows}. Paths stay, go on by one, or "
        f"{'jump over a blank to ' + ', '.join(over) if over else 'never jump'}."
    )
    return figure
