"""The pictures of lesson 14 made from scores: intervals, weights of words, a confusion matrix, reliability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, COLOURS, DASHES, RED, Figure, new_axes, number, style

Array = NDArray[Any]
MARKERS = "os^DvP*X"


def intervals(
    rows: Mapping[str, Sequence[float]], *, title: str, xlabel: str, mark: tuple[str, float] | None = None
) -> Figure:
    """Draw a row for each name: a dot at its score, a line from the lower to the upper end of its interval.

    Args:
        rows: name -> (score, low, high), parts from 0 to 1.
        title: what to see.
        xlabel: what the scores are, with unit.
        mark: a name and a part, at which an upright line is drawn, such as guessing.

    Raises:
        ValueError: there is no row, or one is not three parts with low <= score <= high.
    """
    if not rows:
        raise ValueError("rows must hold at least one score, got none")
    for name, row in rows.items():
        if len(row) != 3 or not 0 <= row[1] <= row[0] <= row[2] <= 1:
            raise ValueError(
                f"rows[{name!r}] must be (score, low, high) from 0 to 1, in order, got {tuple(row)}"
            )
    figure, ax = new_axes(8, 1.2 + 0.38 * len(rows))
    with style():
        for k, (score, low, high) in enumerate(rows.values()):
            colour = COLOURS[k % len(COLOURS)]
            ax.plot([low, high], [-k, -k], color=colour, ls="-", lw=2)
            ax.plot([score], [-k], color=colour, marker=MARKERS[k % len(MARKERS)], ms=7, ls="")
            ax.text(high, -k, f"  {score:.3f}", color=colour, va="center", ha="left", fontsize=9)
        if mark:
            ax.axvline(mark[1], color=BLACK, lw=1, ls=":")
            ax.text(mark[1], 0.62, f"{mark[0]}: {mark[1]:.3f}", ha="left", va="bottom", fontsize=9)
        ends = [value for row in rows.values() for value in row] + ([mark[1]] if mark else [])
        room = max(max(ends) - min(ends), 0.02)
        ax.set(xlim=(min(ends) - 0.04 * room, max(ends) + 0.16 * room), ylim=(0.6 - len(rows), 1.1))
        ax.set_yticks(-np.arange(len(rows)), list(rows))
        ax.grid(visible=False, axis="y")
        ax.set(title=title, xlabel=xlabel)
    told = "; ".join(
        f"{name}: {score:.3f} ({low:.3f} to {high:.3f})" for name, (score, low, high) in rows.items()
    )
    line = f" An upright line, {mark[0]}, at {mark[1]:.3f}." if mark else ""
    figure.alt = f"{title}. Dot chart with intervals, {xlabel}. {told}.{line}"
    return figure


def weight_bars(
    low: Mapping[str, float], high: Mapping[str, float], *, names: tuple[str, str], title: str
) -> Figure:
    """Draw the strongest weights of a linear model as bars: for one class on the left, for the other on the right.

    Args:
        low: word -> weight, all below 0, the strongest first.
        high: word -> weight, all above 0, the strongest first; as many.
        names: of the class that low speaks for, and of the other.
        title: what to see.

    Raises:
        ValueError: the two have different numbers of words, none, or a weight of the wrong sign.
    """
    if not low or len(low) != len(high):
        raise ValueError(
            f"low and high must hold as many words, at least one, got {len(low)} and {len(high)}"
        )
    if max(low.values()) >= 0 or min(high.values()) <= 0:
        raise ValueError("the weights of low must be below 0 and those of high above 0")
    figure, axes = new_axes(8, 0.9 + 0.27 * len(low), 1, 2)
    with style():
        for ax, words, name, colour, hatch in zip(
            axes, (low, high), names, (RED, BLUE), ("//", None), strict=True
        ):
            sizes = np.abs(list(words.values()))
            at = -np.arange(len(words))
            ax.barh(at, sizes, color=colour, alpha=0.35, edgecolor=colour, hatch=hatch)
            for y, word, size in zip(at, words, sizes, strict=True):
                ax.text(0.02 * sizes.max(), y, f"{word}  {size:.1f}", va="center", ha="left", fontsize=9)
            ax.set(yticks=[], xlabel=f"weight for “{name}”")
            ax.set_title(f"for {name}")
            ax.grid(visible=False, axis="y")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    told = "; ".join(
        f"for {name}: {', '.join(f'{word} {abs(w):.1f}' for word, w in words.items())}"
        for name, words in zip(names, (low, high), strict=True)
    )
    figure.alt = f"{title}. Two bar charts of weights, the strongest on top. {told}."
    return figure


def confusion(matrix: ArrayLike, classes: Sequence[str], *, title: str) -> Figure:
    """Draw a confusion matrix: a row for each true class, a column for each answer; counts, and parts of the row.

    Args:
        matrix: (C, C), counts.
        classes: C names.
        title: what to see.

    Raises:
        ValueError: the matrix is not (C, C), has a count below 0, or a class that never occurs.
    """
    counts = np.asarray(matrix)
    C = len(classes)
    if counts.shape != (C, C) or not C:
        raise ValueError(
            f"matrix must be ({C}, {C}), a row and a column for each class, got shape {counts.shape}"
        )
    if (counts < 0).any() or (counts.sum(axis=1) == 0).any():
        raise ValueError(f"matrix must hold counts, with some in each row, got {counts.tolist()}")
    parts = counts / counts.sum(axis=1, keepdims=True)
    figure, ax = new_axes(1.9 * C + 1.4, 0.8 * C + 1.4)
    told = []
    with style():
        for i in range(C):
            for j in range(C):
                outline: dict[str, Any] = (
                    {"edgecolor": BLACK, "lw": 2} if i == j else {"edgecolor": "#999999", "lw": 0.5}
                )
                ax.add_patch(
                    Rectangle(
                        (j + 0.02, -i + 0.03),
                        0.96,
                        0.94,
                        facecolor=(0, 0.45, 0.7, 0.75 * parts[i, j]),
                        **outline,
                    )
                )
                ax.text(j + 0.5, 0.6 - i, f"{counts[i, j]:,}", ha="center", va="center", fontsize=12)
                ax.text(
                    j + 0.5, 0.27 - i, f"{parts[i, j]:.1%} of the row", ha="center", va="center", fontsize=8
                )
            row = ", ".join(f"{counts[i, j]:,} as {classes[j]} ({parts[i, j]:.0%})" for j in range(C))
            told.append(f"true {classes[i]}: {row}")
        ax.set(
            xlim=(-0.02, C + 0.02), ylim=(0.98 - C, 1.02), xlabel="what the model says", ylabel="what is true"
        )
        ax.set_xticks(np.arange(C) + 0.5, list(classes))
        ax.set_yticks(0.5 - np.arange(C), list(classes))
        ax.grid(visible=False)
        ax.tick_params(length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.set_title(title)
    figure.alt = f"{title}. Confusion matrix, the right answers outlined on the diagonal. {'; '.join(told)}."
    return figure


def reliability(rows: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]], *, title: str) -> Figure:
    """Draw the part that is right over the confidence, a curve for each model; the diagonal is what was promised.

    Args:
        rows: name -> count (K,), confidence (K,), part right (K,). The size of a mark grows with its count.
        title: what to see.

    Raises:
        ValueError: there is no model, or its three arrays differ in length or leave the range from 0 to 1.
    """
    if not rows:
        raise ValueError("rows must hold at least one model, got none")
    figure, ax = new_axes(7.5, 4.2)
    told = []
    with style():
        ax.plot([0.4, 1], [0.4, 1], color=BLACK, lw=1, ls=":")
        ax.text(0.505, 0.475, "dotted: as promised", ha="left", va="center", fontsize=9)
        for k, (name, arrays) in enumerate(rows.items()):
            count, x, y = (np.asarray(array, dtype=float) for array in arrays)
            if count.ndim != 1 or not count.size or not count.shape == x.shape == y.shape:
                raise ValueError(
                    f"rows[{name!r}] must be three arrays (K,), got {count.shape}, {x.shape}, {y.shape}"
                )
            if not all(((part >= 0) & (part <= 1)).all() for part in (x, y)):
                raise ValueError(f"rows[{name!r}] must hold parts from 0 to 1")
            colour = COLOURS[k]
            ax.plot(x, y, color=colour, ls=DASHES[k], lw=1.5)
            ax.scatter(x, y, s=15 + 150 * count / count.max(), color=colour, marker=MARKERS[k], alpha=0.6)
            ax.text(
                0.03,
                0.95 - 0.075 * k,
                f"{MARK_NAMES[k]} {name}",
                color=colour,
                transform=ax.transAxes,
                va="top",
            )
            points = ", ".join(f"{b:.2f} at {a:.2f}" for a, b in zip(x, y, strict=True))
            told.append(f"{name}: right {points}")
        ax.set(xlabel="confidence: the probability of the answer", ylabel="part of the answers that is right")
        ax.set(title=title, xlim=(0.48, 1.01), ylim=(0.4, 1.02))
    figure.alt = f"{title}. Line chart with marks, the part right over the confidence. {'; '.join(told)}."
    return figure


MARK_NAMES = ("●", "■", "▲", "◆", "▼", "✚", "★", "✖")


def rungs(values: Mapping[int, Sequence[float]], *, title: str, xlabel: str, chance: float = 0.5) -> Figure:
    """Draw a column of marks for each number: the score of every seed by itself, and the median as a line.

    Args:
        values: number -> (S,) scores from 0 to 1, one a seed.
        title: what to see.
        xlabel: what the numbers are.
        chance: the score of guessing.

    Raises:
        ValueError: there is no column, or a score is not from 0 to 1.
    """
    if not values:
        raise ValueError("values must hold at least one column, got none")
    for key, scores in values.items():
        if not len(scores) or not all(0 <= score <= 1 for score in scores):
            raise ValueError(f"values[{key}] must be scores from 0 to 1, got {list(scores)}")
    figure, ax = new_axes(7, 3)
    with style():
        at = np.arange(len(values))
        for x, scores in zip(at, values.values(), strict=True):
            aside = np.linspace(-0.12, 0.12, len(scores)) if len(scores) > 1 else np.zeros(1)
            ax.plot(x + aside, scores, ls="", marker="o", ms=8, color=BLUE, alpha=0.7)
        ax.plot(at, [float(np.median(scores)) for scores in values.values()], color=RED, ls="--", lw=1.5)
        ax.axhline(chance, color=BLACK, lw=1, ls=":")
        ax.text(len(values) - 0.55, chance, "guessing", va="bottom", ha="right", fontsize=9)
        ax.text(0.02, 0.05, "● a seed   - - median", transform=ax.transAxes, fontsize=9)
        ax.set(
            xlim=(-0.5, len(values) - 0.5),
            ylim=(-0.03, 1.05),
            xlabel=xlabel,
            ylabel="part right",
            title=title,
        )
        ax.set_xticks(at, [str(key) for key in values])
    told = "; ".join(f"{key}: {', '.join(number(s) for s in scores)}" for key, scores in values.items())
    figure.alt = f"{title}. Dot chart, the part right for each seed, over {xlabel}. {told}. Guessing: {number(chance)}."
    return figure
