"""What a character model says about a text: counts of pairs, surprise letter by letter, a choice being cut, a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, ORANGE, RED, SKY, Figure, new_axes, number, style
from lstm_lib.plots.forecasts import numbers
from lstm_lib.plots.gates import SHOWN

Array = NDArray[Any]
MOST_CHARACTERS = 80  # in a row, or they would lie on each other


def shown(character: str) -> str:
    """Return a character as it is written in a picture: a space and a line break leave no mark of their own."""
    return {" ": "␣", **SHOWN}.get(character, character)


def pairs(symbols: str, counts: ArrayLike, *, title: str) -> Figure:
    """Draw how often each symbol has followed each other one, as a table with numbers and shades.

    Args:
        symbols: V of them.
        counts: (V, V), row: the symbol before; column: the one that comes.
        title: what there is to see.

    Raises:
        ValueError: the counts are not (V, V) numbers from 0 on, or there is no symbol.
    """
    V = len(symbols)
    table = numbers("counts", counts, (V, V)) if V else numbers("counts", counts, (None, None))
    if not V or (table < 0).any():
        raise ValueError(
            f"symbols must be one at least, and counts not below 0, got {symbols!r} and {table.min()}"
        )
    figure, ax = new_axes(1.6 + 0.55 * V + 0.5, 0.9 + 0.42 * V)
    with style():
        ax.imshow(table, cmap="Blues", vmin=0, vmax=1.5 * max(table.max(), 1), aspect="auto")
        for (row, column), n in np.ndenumerate(table):
            ax.text(column, row, f"{n:g}", ha="center", va="center", color=BLACK if n else "#777777")
        names = [shown(c) for c in symbols]
        ax.set_xticks(range(V), names)
        ax.set_yticks(range(V), [f"{name}: {n:g}" for name, n in zip(names, table.sum(axis=1), strict=True)])
        ax.set(xlabel="the letter that came", ylabel="the letter before: how often")
        ax.set_title(title)
        ax.grid(visible=False)
    rows = "; ".join(
        f"after {names[k]}: " + ", ".join(f"{names[j]} {table[k, j]:g}" for j in np.flatnonzero(table[k]))
        for k in range(V)
        if table[k].any()
    )
    figure.alt = (
        f"{title}. Table of counts, a row for each letter before and a column for each that came. {rows}."
    )
    return figure


def surprise(text: str, bits: Mapping[str, ArrayLike], *, title: str) -> Figure:
    """Draw what each character of a line has cost: bars for the first model, crosses for the others.

    Args:
        text: T characters.
        bits: model -> (T,), from 0 on; three models at most.
        title: what there is to see.

    Raises:
        ValueError: a shape does not fit, there is a number below 0, no model or more than three, or the text is empty
            or longer than 80.
    """
    _check_text(text)
    if not 1 <= len(bits) <= 3:
        raise ValueError(f"bits must hold 1 to 3 models, got {len(bits)}")
    rows = {name: numbers(f"bits[{name!r}]", values, (len(text),)) for name, values in bits.items()}
    for name, values in rows.items():
        if values.min() < 0:
            raise ValueError(f"bits[{name!r}] must not be below 0, got {values.min()}")
    figure, ax = new_axes(9.5, 3.2)
    looks: tuple[dict[str, Any], ...] = (
        {},
        {"marker": "x", "color": RED, "ms": 7, "mew": 1.8},
        {"marker": "_", "color": BLACK, "ms": 9, "mew": 2},
    )
    x = np.arange(len(text))
    with style():
        for (name, values), look in zip(rows.items(), looks, strict=False):
            label = f"{name}: {values.mean():.2f} bits on average"
            if look:
                ax.plot(x, values, ls="", label=label, **look)
            else:
                ax.bar(x, values, color=SKY, edgecolor=BLUE, label=label)
        _letters(ax, text)
        top = max(values.max() for values in rows.values())
        ax.set(ylabel="bits", xlabel="the character that came", ylim=(0, 1.3 * top))
        ax.grid(visible=False, axis="x")
        ax.legend(loc="upper right", ncols=len(rows), frameon=False)
        ax.set_title(title)
    told = []
    for name, values in rows.items():
        worst = np.argsort(-values, kind="stable")[:3]
        told.append(
            f"{name}: {values.mean():.2f} on average, most for "
            + ", ".join(f"{shown(text[k])} at {k + 1} ({number(values[k])})" for k in worst)
        )
    line = text.replace("\n", "↵")
    figure.alt = f"{title}. Bars over the line “{line}”: bits for each character. {'; '.join(told)}."
    return figure


def _check_text(text: str, most: int = MOST_CHARACTERS) -> None:
    if not 1 <= len(text) <= most:
        raise ValueError(f"text must have 1 to {most} characters to be drawn, got {len(text)}")


def _letters(ax: Any, text: str) -> None:
    ax.set_xticks(range(len(text)), [shown(c) for c in text], family="DejaVu Sans Mono")
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.7, len(text) - 0.3)


def cuts(symbols: Sequence[str], chances: Mapping[str, ArrayLike], *, title: str, most: int = 14) -> Figure:
    """Draw how a distribution is changed: a panel of bars for each way; what is cut away gets a cross.

    Args:
        symbols: V of them.
        chances: name of a way -> (V,) probabilities. The first one says in which order the symbols stand.
        title: what there is to see.
        most: so many symbols are drawn; the others are summed up in a last bar.

    Raises:
        ValueError: there is no way, or one is not (V,) probabilities that sum to 1.
    """
    if not chances:
        raise ValueError("chances must hold at least one way, got none")
    ways = {name: numbers(f"chances[{name!r}]", p, (len(symbols),)) for name, p in chances.items()}
    for name, p in ways.items():
        if (p < 0).any() or abs(p.sum() - 1) > 1e-6:
            raise ValueError(
                f"chances[{name!r}] must be probabilities that sum to 1, got a sum of {p.sum():.4g}"
            )
    order = np.argsort(-next(iter(ways.values())), kind="stable")
    first, rest = order[:most], order[most:]
    names = [shown(symbols[k]) for k in first] + (["rest"] if rest.size else [])
    top = max(p.max() for p in ways.values())
    figure, axes = new_axes(9.5, 1.5 * len(ways) + 0.6, rows=len(ways), sharex=True, squeeze=False)
    told = []
    with style():
        for ax, (name, p) in zip(axes[:, 0], ways.items(), strict=True):
            bars = np.append(p[first], p[rest].sum()) if rest.size else p[first]
            ax.bar(range(len(bars)), bars, color=SKY, edgecolor=BLUE)
            gone = np.flatnonzero(bars == 0)
            ax.plot(gone, np.full(len(gone), 0.05 * top), ls="", marker="x", color=RED, ms=7)
            ax.set(ylim=(0, 1.12 * top), ylabel="chance")
            ax.yaxis.set_major_locator(MaxNLocator(3))
            ax.text(0.99, 0.9, name, transform=ax.transAxes, ha="right", va="top", fontweight="bold")
            ax.grid(visible=False, axis="x")
            left = int((p > 0).sum())
            told.append(
                f"{name}: {left} of {len(p)} left, {names[int(bars.argmax())]} likeliest with {bars.max():.2f}"
            )
        axes[-1, 0].set_xticks(range(len(names)), names)
        axes[-1, 0].set_xlabel("the next character; a cross: cut away")
        axes[0, 0].set_title(title)
    figure.alt = f"{title}. {len(ways)} bar charts of the chances of the next character. {'; '.join(told)}."
    return figure


def traced(text: str, values: ArrayLike, inside: ArrayLike, *, title: str, ylabel: str, label: str) -> Figure:
    """Draw the state of a cell over some lines of text, letter by letter, with the places marked that have a name.

    Args:
        text: up to eight lines of 80 characters, a line break at the end of each.
        values: (T,), of the cell after each character.
        inside: (T,), whether a character has what is named; it is shaded and underlined.
        title: what there is to see.
        ylabel: what the values are.
        label: what is named.

    Raises:
        ValueError: a shape does not fit, or the text has more or longer lines.
    """
    lines = text.splitlines(keepends=True)
    if not 1 <= len(lines) <= 8:
        raise ValueError(f"text must have 1 to 8 lines to be drawn, got {len(lines)}")
    cell = numbers("values", values, (len(text),))
    marked = numbers("inside", inside, (len(text),)).astype(bool)
    low, high = cell.min(), cell.max()
    room = 0.12 * max(high - low, 1e-9)
    figure, axes = new_axes(9.5, 1.05 * len(lines) + 0.5, rows=len(lines), squeeze=False)
    start = 0
    with style():
        for ax, line in zip(axes[:, 0], lines, strict=True):
            _check_text(line)
            span = slice(start, start + len(line))
            start += len(line)
            ax.plot(np.arange(len(line)), cell[span], color=BLUE, marker=".", ms=5, lw=1.2)
            edges = np.flatnonzero(np.diff(np.r_[False, marked[span], False]))
            for first, after in edges.reshape(-1, 2):
                ax.axvspan(first - 0.5, after - 0.5, color=ORANGE, alpha=0.3, lw=0)
                ax.plot([first - 0.4, after - 0.6], [low - 0.5 * room] * 2, color=BLACK, lw=2.5, ls="-")
            _letters(ax, line)
            ax.set(ylim=(low - room, high + room))
            ax.set_xlim(-0.7, max(map(len, lines)) - 0.3)
            ax.yaxis.set_major_locator(MaxNLocator(2))
            ax.grid(visible=False, axis="x")
        axes[0, 0].set_title(title)
        axes[0, 0].set_title(f"shaded and underlined: {label}", loc="right", fontsize=9)
        figure.supylabel(ylabel, fontsize=10)
    parts = f"{cell[marked].mean():.2f}" if marked.any() else "–"
    rest = f"{cell[~marked].mean():.2f}" if not marked.all() else "–"
    figure.alt = (
        f"{title}. {len(lines)} lines of text, above each the {ylabel}, character by character; shaded and underlined: "
        f"{label}. On average {parts} there and {rest} elsewhere, from {number(low)} to {number(high)}."
    )
    return figure
