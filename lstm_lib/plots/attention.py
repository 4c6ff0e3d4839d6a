"""The pictures of lesson 10 made from data: maps of weights, answers against length, and where a network looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)  # fmt: skip

Array = NDArray[Any]
MARKERS = "os^DvP*X"
#: So many rows of an explorer have room for their names.
NAMED_ROWS = 20
#: Beyond so many words the map names every second one; the bars name all.
NAMED_WORDS = 16


def alignment_map(
    weights: ArrayLike,
    source: Sequence[str],
    target: Sequence[str],
    right: Sequence[int] = (),
    *,
    title: str,
    bar: bool = True,
) -> Figure:
    """Draw where each step of a decoder looked, a row for each step; the right places are outlined.

    Args:
        weights: (T, S), rows that add up to 1.
        source: S texts.
        target: T texts.
        right: for each row the column where the weight should be, or a negative number; may be empty.
        title: what to see.
        bar: whether a bar beside it says which colour is which weight; without one it is drawn faster.

    Raises:
        ValueError: weights is not (T, S), a row does not add up to 1, or right has another length or is not below S.
    """
    T, S = len(target), len(source)
    matrix = _rows("weights", weights, T, S)
    if len(right) not in (0, T) or any(place >= S for place in right):
        raise ValueError(
            f"right must be empty or have {T} places below {S}, got {len(right)}: {list(right)[:5]}"
        )
    wide, high = min(max(0.3 * S + 2.3, 4.5), 9.5), min(max(0.25 * T + 1.6, 3.2), 9)
    figure, ax = new_axes(wide, high)
    with style():
        image = ax.imshow(matrix, vmin=0, vmax=1, cmap="cividis", interpolation="nearest", aspect="auto")
        for t, s in enumerate(right):
            if s >= 0:
                ax.add_patch(Rectangle((s - 0.5, t - 0.5), 1, 1, fill=False, ec=RED, lw=1.8))
        ax.set_xticks(np.arange(S), source, rotation=90)
        ax.set_yticks(np.arange(T), target)
        ax.tick_params(length=0, labelsize=9)
        ax.grid(visible=False)
        ax.set(xlabel="word that is looked at", ylabel="symbol that is written")
        ax.set_title(title, loc="left")
        if bar:
            figure.colorbar(image, ax=ax, label="weight")
    figure.alt = (
        f"{title}. Heat map, a row for each of {T} symbols written ({' '.join(target)}), a column for each of "
        f"{S} words ({' '.join(source)}). {_seen(matrix, right)}"
    )
    return figure


def by_length(
    lengths: Sequence[float],
    found: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    longest: float,
) -> Figure:
    """Draw the part that is right against the length, a mark for each run and a line through their medians.

    Args:
        lengths: (N,).
        found: name -> (R, N), the parts of R runs.
        title: what to see.
        xlabel: what the lengths are.
        ylabel: what the parts are.
        longest: the longest length in training; what lies beyond has a grey ground.

    Raises:
        ValueError: there is no curve, or one is not (R, N) parts from 0 to 1.
    """
    x = np.asarray(lengths, dtype=float)
    curves = {name: np.asarray(parts, dtype=float) for name, parts in found.items()}
    if not curves:
        raise ValueError("found must hold at least one curve, got none")
    for name, parts in curves.items():
        if parts.ndim != 2 or parts.shape[1] != len(x) or not ((parts >= 0) & (parts <= 1)).all():
            raise ValueError(
                f"found[{name!r}] must be (R, {len(x)}) parts from 0 to 1, got shape {parts.shape}"
            )
    figure, ax = new_axes(9, 3.9)
    with style():
        for k, (name, parts) in enumerate(curves.items()):
            colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
            shift = 0.05 * (k - (len(curves) - 1) / 2)  # so that equal parts can all be seen
            for run in parts:
                ax.plot(x + shift, run, ls="", marker=marker, ms=5, mfc="none", color=colour)
            ax.plot(
                x + shift,
                np.median(parts, axis=0),
                color=colour,
                ls=DASHES[k % len(DASHES)],
                label=f"{marker_name(marker)} {name}",
            )
        if x.max() > longest:
            ax.axvspan(longest + 0.5, x.max() + 0.5, color=BLACK, alpha=0.08, lw=0)
            ax.text(
                (longest + x.max() + 1) / 2,
                1.06,
                "longer than in training",
                ha="center",
                va="bottom",
                fontsize=9,
            )
        ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.04, 1.16), xlim=(x.min() - 0.5, x.max() + 0.5))
        ax.set_xticks(x)
        ax.set_yticks(np.linspace(0, 1, 6))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_title(title)
        label_ends(ax, gap=0.075)
    told = [
        f"{name}: "
        + ", ".join(f"{m:.2f} at {number(n)}" for n, m in zip(x, np.median(p, axis=0), strict=True))
        for name, p in curves.items()
    ]
    figure.alt = (
        f"{title}. Line chart of medians with a mark for each run: {ylabel} over {xlabel}, in training up to "
        f"{number(longest)}. {'; '.join(told)}."
    )
    return figure


def marker_name(marker: str) -> str:
    """Return a sign that looks like matplotlib's marker, to stand beside a name."""
    return {"o": "○", "s": "□", "^": "△", "D": "◇", "v": "▽"}.get(marker, "+")


#: Why the word behind a figure is looked up, or need not be: kind -> hatching, and what stands over the bar.
KINDS = {
    "needed": ("", ""),
    "told": ("///", "the figure\nbefore tells"),
    "several": ("...", "several\nplaces tell"),
}


def by_place(found: ArrayLike, places: Sequence[str], kinds: Sequence[str], *, title: str) -> Figure:
    """Draw, for each place of an answer, how often the largest weight is at the right word.

    Args:
        found: (P,) parts from 0 to 1.
        places: P texts.
        kinds: for each place, whether a look at the right word is "needed", or the figure before has "told" the answer,
            or "several" places can tell it.
        title: what to see.

    Raises:
        ValueError: the lengths do not fit, a part is not from 0 to 1, or there is no such kind.
    """
    parts = np.asarray(found, dtype=float)
    if parts.shape != (len(places),) or len(kinds) != len(places) or not ((parts >= 0) & (parts <= 1)).all():
        raise ValueError(f"found must be ({len(places)},) parts from 0 to 1, got {parts}")
    if unknown := set(kinds) - set(KINDS):
        raise ValueError(f"kinds must be of {list(KINDS)}, got {sorted(unknown)}")
    figure, ax = new_axes(8.5, 3.6)
    with style():
        for k, (part, kind) in enumerate(zip(parts, kinds, strict=True)):
            hatch, why = KINDS[kind]
            ax.bar(
                k, part, width=0.7, color="white" if hatch else BLUE, hatch=hatch,
                edgecolor=RED if hatch else BLUE, lw=1.5,
            )  # fmt: skip
            ax.text(k, part + 0.02, f"{part:.0%}", ha="center", va="bottom")
            if why:  # words, since a bar of 0 shows no hatching
                ax.text(k, part + 0.11, why, ha="center", va="bottom", fontsize=9, color=RED)
        ax.set_xticks(np.arange(len(places)), places)
        ax.set(ylim=(0, 1.36), ylabel="looks at the right word", xlabel="place in a date")
        ax.set_yticks(np.linspace(0, 1, 6))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.grid(visible=False, axis="x")
        ax.set_title(title)
    plain = [place.replace("\n", " ") for place in places]

    def of(kind: str) -> str:
        return ", ".join(p for p, one in zip(plain, kinds, strict=True) if one == kind) or "none"

    figure.alt = (
        f"{title}. Bar chart: how often the largest weight is at the right word, for each place of a date: "
        f"{', '.join(f'{place} {part:.0%}' for place, part in zip(plain, parts, strict=True))}. Hatched, since the "
        f"figure before tells it: {of('told')}. Dotted, since several places can tell it: {of('several')}."
    )
    return figure


def explorer(
    weights: ArrayLike,
    source: Sequence[str],
    target: Sequence[str],
    step: int,
    hidden: int | None = None,
    left_out: int = 0,
) -> Figure:
    """Draw a map of weights, and one of its rows as bars over the words. Made to be redrawn fast: places are fixed.

    Where there are many rows or words, the map names only some of them, and always those that are chosen.

    Args:
        weights: (T, S), rows that add up to 1.
        source: S words.
        target: T symbols that were written.
        step: the row that is drawn as bars.
        hidden: the word that must not be looked at, if there is one.
        left_out: how many more symbols were written, which are not drawn.

    Raises:
        ValueError: weights is not (T, S), a row does not add up to 1, or there is no such row or word.
    """
    T, S = len(target), len(source)
    matrix = _rows("weights", weights, T, S)
    if not 0 <= step < T:
        raise ValueError(f"step must be from 0 to {T - 1}, got {step}")
    if hidden is not None and not 0 <= hidden < S:
        raise ValueError(f"hidden must be None or from 0 to {S - 1}, got {hidden}")
    best = int(matrix[step].argmax())
    with style():
        figure = Figure(figsize=(8.4, 4.4), dpi=100)
        left, right = figure.add_axes((0.07, 0.25, 0.42, 0.64)), figure.add_axes((0.56, 0.25, 0.42, 0.64))
        left.imshow(matrix, vmin=0, vmax=1, cmap="cividis", interpolation="nearest", aspect="auto")
        left.add_patch(Rectangle((-0.5, step - 0.5), S, 1, fill=False, ec=RED, lw=1.8))
        right.vlines(np.arange(S), 0, matrix[step], color=BLUE, lw=230 / (S + 4))  # faster than bars
        left.set(xticks=[], yticks=[], title=_rows_title(T, left_out))
        right.set(ylim=(0, 1), xlim=(-0.6, S - 0.4), xticks=[], ylabel="weight")
        right.set_title(f"Symbol {step + 1}, {target[step]!r}: most at {source[best]!r}")
        for s, word in enumerate(source):  # texts are faster than ticks
            look: dict[str, Any] = {"fontsize": 9, "rotation": 90, "ha": "center", "va": "top"}
            if s == hidden:
                look |= {"color": RED, "weight": "bold"}
                word = f"✗ {word}"
            if S <= NAMED_WORDS or s % 2 == 0 or s == hidden:
                left.text(s, T - 0.4 + 0.02 * T, word, **look)
            right.text(s, -0.02, word, **look)
        every = -(-T // NAMED_ROWS)
        for t, symbol in enumerate(target):
            chosen = t == step
            if not chosen and (t % every or abs(t - step) < every):
                continue
            left.text(
                -0.8, t, symbol, fontsize=9, ha="right", va="center", color=RED if chosen else BLACK,
                weight="bold" if chosen else "normal",
            )  # fmt: skip
    not_seen = "" if hidden is None else f" Word {hidden + 1}, {source[hidden]!r}, must not be looked at."
    figure.alt = (
        f"The network read: {' '.join(source)}.{not_seen} It wrote: {''.join(s for s in target if s != 'end')}. "
        f"{f'{left_out} more symbols are not drawn. ' if left_out else ''}"
        f"Heat map of the weights, and bars of one row: symbol {step + 1}, {target[step]!r}, gives most weight, "
        f"{number(float(matrix[step, best]))}, to word {best + 1}, {source[best]!r}."
    )
    return figure


def _rows_title(rows: int, left_out: int) -> str:
    return f"The first {rows} of {rows + left_out} symbols" if left_out else "A row for each symbol written"


def _seen(matrix: Array, right: Sequence[int]) -> str:
    places = [(t, s) for t, s in enumerate(right) if s >= 0]
    if not places:
        return f"The largest weight of a row is {number(float(matrix.max(axis=1).mean()))} on average."
    hits = sum(int(matrix[t].argmax()) == s for t, s in places)
    held = np.mean([matrix[place] for place in places])
    return (
        f"{len(places)} right places are outlined in red; in {hits} of these rows the largest weight lies there, and "
        f"they hold {number(float(held))} on average."
    )


def _rows(name: str, given: ArrayLike, T: int, S: int) -> Array:
    matrix = np.asarray(given, dtype=float)
    if matrix.shape != (T, S) or not T or not S:
        raise ValueError(
            f"{name} must be ({T}, {S}), a row for each symbol and a column for each word, got {matrix.shape}"
        )
    if not np.allclose(matrix.sum(axis=1), 1, atol=1e-4) or (matrix < 0).any():
        raise ValueError(f"{name} must have rows that add up to 1, got {matrix.sum(axis=1)}")
    return matrix
