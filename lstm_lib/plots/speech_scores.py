"""The pictures of error rates in lesson 16: over the strength of noise, and one dot for each seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.plots.figure import BLACK, COLOURS, DASHES, Figure, label_ends, new_axes, style

MARKERS = "os^DvPX"


def error_curves(
    x: Sequence[float],
    rows: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str = "word error rate (%)",
    names: Sequence[str] = (),
) -> Figure:
    """Draw error rates over a number, with their intervals as upright lines.

    Args:
        x: N numbers.
        rows: name -> (N, 3): rate, lower and upper end, as parts from 0 on; or (N,), rates alone.
        title: what to see.
        xlabel: what x is, with its unit.
        ylabel: what the rates are.
        names: N texts that stand at the axis instead of the numbers.

    Raises:
        ValueError: there is no row, or one or the names do not fit.
    """
    xs = np.asarray(x, dtype=float)
    given = {name: np.asarray(row, dtype=float) for name, row in rows.items()}
    if not given or xs.ndim != 1 or not xs.size:
        raise ValueError("x must be (N,) and rows hold at least one line, got none")
    for name, row in given.items():
        if row.shape not in ((len(xs),), (len(xs), 3)):
            raise ValueError(f"rows[{name!r}] must be ({len(xs)},) or ({len(xs)}, 3), got shape {row.shape}")
    if names and len(names) != len(xs):
        raise ValueError(f"names must be {len(xs)} texts, got {len(names)}")
    figure, ax = new_axes(8.4, 3.6)
    told, places = [], names or [f"{v:g}" for v in xs]
    with style():
        for k, (name, row) in enumerate(given.items()):
            rates = 100 * (row if row.ndim == 1 else row[:, 0])
            colour = COLOURS[k % len(COLOURS)]
            ax.plot(
                xs, rates, color=colour, ls=DASHES[k % len(DASHES)], marker=MARKERS[k % 7], ms=5, label=name
            )
            if row.ndim == 2:
                ax.vlines(xs, 100 * row[:, 1], 100 * row[:, 2], color=colour, lw=1.2)
            told.append(f"{name}: {', '.join(f'{r:.1f} at {v}' for r, v in zip(rates, places, strict=True))}")
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        ax.set_xticks(xs, places)
        ax.set_ylim(bottom=0)
        if xs[0] > xs[-1]:  # the labels stand at the ends of the lines, and those belong on the right
            ax.invert_xaxis()
        label_ends(ax)
    figure.alt = f"{title}. Line chart, {ylabel} over {xlabel}. {'; '.join(told)}."
    return figure


def dots(
    rows: Mapping[str, Sequence[float]], *, title: str, xlabel: str, mark: tuple[str, float] | None = None
) -> Figure:
    """Draw a row for each name, with one dot for each run.

    Args:
        rows: name -> rates of the runs, as parts from 0 on.
        title: what to see.
        xlabel: what the rates are; they are drawn as per cent.
        mark: a name and a rate, at which an upright line is drawn.

    Raises:
        ValueError: there is no row, or an empty one.
    """
    if not rows or any(not len(row) for row in rows.values()):
        raise ValueError("rows must hold at least one name, each with at least one rate")
    figure, ax = new_axes(8.4, 1.2 + 0.38 * len(rows))
    with style():
        for k, row in enumerate(rows.values()):
            values = 100 * np.asarray(row, dtype=float)
            colour = COLOURS[k % len(COLOURS)]
            ax.plot(
                values, np.full(len(values), -k), color=colour, marker=MARKERS[k % 7], ms=7, ls="", alpha=0.75
            )
            ax.text(
                values.max(), -k, f"   {values.mean():.1f}", color=colour, va="center", ha="left", fontsize=9
            )
        if mark:
            ax.axvline(100 * mark[1], color=BLACK, lw=1, ls=":")
            ax.text(100 * mark[1], 0.5, f" {mark[0]}", fontsize=9, va="bottom", ha="left")
        top = 100 * max([*(max(row) for row in rows.values()), mark[1] if mark else 0])
        ax.set(
            title=title,
            xlabel=f"{xlabel}; the number is the mean",
            xlim=(0, 1.12 * top),
            ylim=(0.6 - len(rows), 1),
        )
        ax.set_yticks(-np.arange(len(rows)), list(rows))
        ax.grid(visible=False, axis="y")
    told = "; ".join(f"{name}: {', '.join(f'{100 * v:.1f}' for v in row)}" for name, row in rows.items())
    line = f" An upright line, {mark[0]}, at {100 * mark[1]:.1f}." if mark else ""
    figure.alt = f"{title}. Dot chart, {xlabel}. {told}.{line}"
    return figure
