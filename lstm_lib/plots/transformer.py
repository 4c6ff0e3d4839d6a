"""The pictures of lesson 11 made from data: positions, maps of weights, contests, and what length costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, GREEN, RED, Figure, label_ends, new_axes, number, style

Array = NDArray[Any]
LOOKS = {"LSTM": (BLUE, "o", "-"), "Transformer": (RED, "s", "--")}


def positions(codes: ArrayLike, place: int) -> Figure:
    """Draw the code of every position, and how like the code of one of them all others are.

    Args:
        codes: (T, size).
        place: the position that the others are compared with.

    Raises:
        ValueError: codes is not (T, size) in finite numbers, or place is none of its rows.
    """
    table = _finite("codes", codes, 2)
    if not 0 <= place < len(table):
        raise ValueError(f"place must be from 0 to {len(table) - 1}, got {place}")
    likeness = table @ table[place] / (table[place] @ table[place])
    figure, (left, right) = new_axes(9, 3.4, 1, 2, width_ratios=[1.2, 1])
    with style():
        image = left.imshow(table.T, aspect="auto", cmap="cividis", interpolation="nearest")
        left.set(xlabel="position t", ylabel="entry of the code", title="Clocks: fast ones above, slow below")
        left.grid(visible=False)
        figure.colorbar(image, ax=left, label="value")
        right.plot(likeness, color=BLUE)
        right.plot(place, 1, "o", color=RED, ls="")
        right.annotate(
            f"position {place}", (place, 1), (8, 0), textcoords="offset points", color=RED, va="center"
        )
        right.set(xlabel="position t", ylabel=f"product with the code of {place}", xlim=(0, len(table) - 1))
        right.set_title("Near places have like codes")
    near, far = likeness[(place + 1) % len(table)], likeness[np.abs(np.arange(len(table)) - place).argmax()]
    figure.alt = (
        f"Left, heat map: the codes of {len(table)} positions, {table.shape[1]} entries each; the first entries change "
        f"fast, the last hardly. Right, line chart: the product with the code of position {place}, over its own: 1 "
        f"there, {number(near)} beside it, {number(far)} at the position farthest away."
    )
    return figure


def weights_map(
    weights: ArrayLike, symbols: Sequence[str], title: str, right: Sequence[int | None] = (), says: str = ""
) -> Figure:
    """Draw a matrix of attention weights, a row for each query, with the right places outlined.

    Args:
        weights: (T, T), rows that add up to 1.
        symbols: T texts, what stands at each position.
        title: what to see.
        right: for each row the column where the weight should be, or None; may be empty.
        says: one more sentence for the alt text.

    Raises:
        TypeError: right holds something else than whole numbers and None.
        ValueError: weights is not (T, T), a row does not add up to 1, symbols or right is not of length T, or right
            names a column that is not there.
    """
    matrix = _rows("weights", weights, len(symbols))
    T = len(matrix)
    if len(right) not in (0, T):
        raise ValueError(f"right must be empty or have {T} entries, got {len(right)}")
    for s in right:
        if s is not None and (isinstance(s, bool) or not isinstance(s, (int, np.integer))):
            raise TypeError(f"right must hold columns from 0 to {T - 1} or None, got {s!r}")
        if s is not None and not 0 <= s < T:
            raise ValueError(f"right must hold columns from 0 to {T - 1} or None, got {s}")
    size = min(max(0.24 * T + 1.4, 3.2), 8.5)
    figure, ax = new_axes(size + 1.2, size)
    with style():
        image = ax.imshow(matrix, vmin=0, vmax=1, cmap="cividis", interpolation="nearest")
        for t, s in enumerate(right):
            if s is not None:
                ax.add_patch(Rectangle((s - 0.5, t - 0.5), 1, 1, fill=False, ec=RED, lw=1.6))
        _symbols_on(ax, symbols)
        ax.set_title(title, loc="left")
        figure.colorbar(image, ax=ax, label="weight", shrink=0.7)
    figure.alt = (
        f"Heat map, {T} by {T}: the weight of each query, a row, at each position, a column. "
        + _seen(matrix, right)
    )
    figure.alt = f"{title}. {figure.alt} {says}".strip()
    return figure


def contest(
    x: Sequence[float],
    found: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    trained: tuple[float, float],
    chance: float,
) -> Figure:
    """Draw the part of right answers of networks against the size of the problem, a mark for each seed.

    Args:
        x: (N,) sizes.
        found: name of the network -> (N, S), S seeds.
        title: what to see.
        xlabel: what x is.
        trained: the sizes that occur in training, from and to.
        chance: the part that guessing gets right.

    Raises:
        ValueError: there is no network, or its parts are not (N, S) from 0 to 1.
    """
    sizes = np.asarray(x, dtype=float)
    rows = {name: _finite(f"found[{name!r}]", parts, 2) for name, parts in found.items()}
    if not rows:
        raise ValueError("found must hold at least one network, got none")
    for name, parts in rows.items():
        if len(parts) != len(sizes) or not ((parts >= 0) & (parts <= 1)).all():
            raise ValueError(
                f"found[{name!r}] must be ({len(sizes)}, S) parts from 0 to 1, got shape {parts.shape}"
            )
    figure, ax = new_axes(9, 3.6)
    with style():
        ax.axvspan(*trained, color=BLACK, alpha=0.07, lw=0)
        for (name, parts), extra in zip(rows.items(), (GREEN, BLACK, GREEN, BLACK), strict=False):
            colour, marker, dash = LOOKS.get(name, (extra, "^", ":"))
            ax.plot(sizes, parts, ls="", marker=marker, ms=5, mfc="none", color=colour)
            ax.plot(sizes, np.median(parts, axis=1), color=colour, ls=dash, label=name)
        ax.axhline(chance, color=BLACK, lw=1, ls=":")
        ax.text(sizes[0], chance, f" guessing: {chance:.2f}", va="bottom", fontsize=9)
        ax.text(sum(trained) / 2, 1.06, "in training", ha="center", va="bottom", fontsize=9)
        ax.set(ylim=(0, 1.16), xlabel=xlabel, ylabel="part of right answers")
        ax.set_yticks(np.linspace(0, 1, 6))
        ax.set_title(title)
        label_ends(ax)
    told = [
        f"{name}: "
        + ", ".join(f"{np.median(p):.2f} at {number(n)}" for n, p in zip(sizes, parts, strict=True))
        for name, parts in rows.items()
    ]
    figure.alt = (
        f"{title}. Line chart of medians with a mark for each seed: part of right answers over {xlabel}; trained "
        f"from {number(trained[0])} to {number(trained[1])}; guessing {chance:.2f}. {'; '.join(told)}."
    )
    return figure


def cost(
    T: Sequence[int], seconds: Mapping[str, ArrayLike], memory: Mapping[str, ArrayLike], fitted: int
) -> Figure:
    """Draw seconds and bytes against the length, both axes logarithmic, with the slopes of the upper lengths.

    Args:
        T: (N,) lengths.
        seconds: name -> (N,), for an update's way forward and back.
        memory: name -> (N,) bytes that are kept for the way back.
        fitted: so many of the upper lengths were fitted for the slope.

    Raises:
        ValueError: a curve is not (N,) numbers above zero, or fitted is not from 2 to N.
    """
    lengths = np.asarray(T, dtype=float)
    if not 2 <= fitted <= len(lengths):
        raise ValueError(f"fitted must be from 2 to {len(lengths)}, got {fitted}")
    figure, axes = new_axes(9.5, 3.6, 1, 2)
    told = []
    panels = (
        ("time, forward and back", seconds, 1e3, "milliseconds"),
        ("memory kept for the way back", memory, 2**-20, "MiB"),
    )
    for ax, (what, curves, unit, label) in zip(axes, panels, strict=True):
        with style():
            for name, values in curves.items():
                curve = _finite(name, values, 1)
                if curve.shape != lengths.shape or not (curve > 0).all():
                    raise ValueError(f"{name} must be ({len(lengths)},) numbers above 0, got {curve}")
                slope = exponent(lengths[-fitted:], curve[-fitted:])
                colour, marker, dash = LOOKS.get(name, (GREEN, "^", ":"))
                ax.plot(lengths, curve * unit, color=colour, marker=marker, ls=dash)
                above = curve[-1] == max(np.asarray(c, float)[-1] for c in curves.values())
                ax.text(
                    0.03, 0.93 if above else 0.83, f"{'–' if dash == '-' else '- -'} {name}: $T^{{{slope:.2f}}}$",
                    transform=ax.transAxes, color=colour,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                )  # fmt: skip
                told.append(
                    f"{what}, {name}: {number(curve[0] * unit)} to {number(curve[-1] * unit)} {label}, "
                    f"slope {slope:.2f}"
                )
            ax.set(xscale="log", yscale="log", xlabel="length T, in steps", ylabel=label)
            ax.set_xticks(lengths, [f"{int(n)}" for n in lengths], minor=False)
            ax.minorticks_off()
            low, high = ax.get_ylim()
            ax.set_ylim(low, high * 4)  # room for the names
            ax.set_title(what.capitalize())
    figure.alt = (
        f"Two charts, both axes logarithmic, over the length from {int(lengths[0])} to {int(lengths[-1])} steps; "
        f"slopes of the upper {fitted} lengths. {'; '.join(told)}."
    )
    return figure


def exponent(x: ArrayLike, y: ArrayLike) -> float:
    """Return the exponent p of the power law y = a x^p that fits best: the slope of a line through the logarithms.

    Raises:
        ValueError: x or y is not (N,) numbers above 0, N is below 2, or all of x are equal.
    """
    xs, ys = _finite("x", x, 1), _finite("y", y, 1)
    if xs.shape != ys.shape or len(xs) < 2 or not ((xs > 0).all() and (ys > 0).all()):
        raise ValueError(
            f"x and y must be (N,) numbers above 0 with N from 2 on, got shapes {xs.shape} and {ys.shape}"
        )
    if np.ptp(xs) == 0:
        raise ValueError(f"x must hold two different numbers or more, got only {xs[0]}")
    return float(np.polyfit(np.log(xs), np.log(ys), 1)[0])


def explorer(
    weights: ArrayLike, symbols: Sequence[str], row: int, title: str = "A row for each query: where it looks"
) -> Figure:
    """Draw a map of weights, and one of its rows as bars. Made to be redrawn fast: places are fixed.

    Args:
        weights: (T, T), rows that add up to 1.
        symbols: T texts.
        row: the query whose weights are drawn as bars.
        title: of the map.

    Raises:
        ValueError: weights is not (T, T), a row does not add up to 1, symbols is not of length T, or there is no such
            row.
    """
    matrix = _rows("weights", weights, len(symbols))
    T = len(matrix)
    if not 0 <= row < T:
        raise ValueError(f"row must be from 0 to {T - 1}, got {row}")
    with style():
        figure = Figure(figsize=(8, 3.9), dpi=100)
        left, right = figure.add_axes((0.06, 0.14, 0.42, 0.72)), figure.add_axes((0.58, 0.14, 0.4, 0.72))
        left.imshow(matrix, vmin=0, vmax=1, cmap="cividis", interpolation="nearest", aspect="auto")
        left.add_patch(Rectangle((-0.5, row - 0.5), T, 1, fill=False, ec=RED, lw=1.6))
        left.set(xlabel="position looked at", ylabel="query", xticks=[], yticks=[])
        left.set_title(title, y=1)
        right.vlines(np.arange(T), 0, matrix[row], color=BLUE, lw=250 / (T + 4))  # faster than bars
        right.set(ylim=(0, 1), xlim=(-0.6, T - 0.4), xlabel="position looked at", ylabel="weight", xticks=[])
        for k, symbol in enumerate(_shown(symbols)):  # texts are faster than ticks
            look: dict[str, Any] = {"fontsize": 8, "ha": "center"}
            left.text(k, T - 0.4, symbol, va="top", **look)
            left.text(-0.5 - 0.025 * T, k, symbol, va="center", **look)
            right.text(k, -0.015, symbol, va="top", **look)
        left.xaxis.labelpad = left.yaxis.labelpad = right.xaxis.labelpad = 14
        best = int(matrix[row].argmax())
        right.set_title(f"Query {row + 1}, {symbols[row]!r}: most at {best + 1}", y=1)
    figure.alt = (
        f"Left, heat map of {T} by {T} weights for the text {''.join(symbols)!r}. Right, bars: query {row + 1}, "
        f"{symbols[row]!r}, gives most weight, {number(float(matrix[row, best]))}, to position {best + 1}, "
        f"{symbols[best]!r}. The largest weight of a row is {number(float(matrix.max(axis=1).mean()))} on average."
    )
    return figure


def _shown(symbols: Sequence[str]) -> list[str]:
    return ["␣" if symbol == " " else symbol for symbol in symbols]


def _symbols_on(ax: Any, symbols: Sequence[str]) -> None:
    shown = _shown(symbols)
    ax.set_xticks(np.arange(len(shown)), shown)
    ax.set_yticks(np.arange(len(shown)), shown)
    ax.tick_params(length=0, labelsize=8 if len(shown) < 32 else 7)
    ax.grid(visible=False)
    ax.set(xlabel="position looked at", ylabel="query")


def _seen(matrix: Array, right: Sequence[int | None]) -> str:
    places = [(t, s) for t, s in enumerate(right) if s is not None]
    if not places:
        return f"The largest weight of a row is {number(float(matrix.max(axis=1).mean()))} on average."
    there = np.array([matrix[place] for place in places])
    hits = sum(matrix[t].argmax() == s for t, s in places)
    return (
        f"{len(places)} right places are outlined in red; they hold a weight of {number(float(there.mean()))} on "
        f"average, and in {hits} of {len(places)} rows the largest."
    )


def _rows(name: str, given: ArrayLike, T: int) -> Array:
    matrix = _finite(name, given, 2)
    if matrix.shape != (T, T):
        raise ValueError(f"{name} must be ({T}, {T}), a row and a column for each symbol, got {matrix.shape}")
    if not np.allclose(matrix.sum(axis=1), 1, atol=1e-4) or (matrix < 0).any():
        raise ValueError(f"{name} must have rows that add up to 1, got {matrix.sum(axis=1)}")
    return matrix


def _finite(name: str, given: ArrayLike, axes: int) -> Array:
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be finite numbers with {axes} axes, got {given!r}") from None
    if array.ndim != axes or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers with {axes} axes, got shape {array.shape}")
    return array
