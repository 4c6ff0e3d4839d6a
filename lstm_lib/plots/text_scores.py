"""How well texts are guessed: a ladder of models, a race against the clock, the size of the text, where bits go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import ScalarFormatter
from numpy.typing import ArrayLike

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREEN,
    PINK,
    RED,
    SKY,
    Figure,
    label_ends,
    new_axes,
    style,
)
from lstm_lib.plots.forecasts import numbers

LOOKS = (("s", BLACK), ("^", GREEN), ("D", PINK), ("o", BLUE), ("P", RED))


def ladder(groups: Mapping[str, Mapping[str, float]], *, title: str, xlabel: str) -> Figure:
    """Draw a row for each model with its score, in groups; each group has a mark and a colour of its own.

    Args:
        groups: group -> model -> score; five groups at most. The first stands on top.
        title: what there is to see.
        xlabel: what the score is, with its unit and which way is good.

    Raises:
        ValueError: there are no groups, too many, an empty one, or a score is no finite number.
    """
    if not 1 <= len(groups) <= len(LOOKS) or not all(groups.values()):
        raise ValueError(f"groups must be 1 to {len(LOOKS)}, none of them empty, got {dict(groups)!r:.120}")
    rows = [
        (model, float(numbers(f"groups[{group!r}][{model!r}]", value, ())), k)
        for k, (group, members) in enumerate(groups.items())
        for model, value in members.items()
    ]
    figure, ax = new_axes(9, 0.9 + 0.31 * len(rows) + 0.12 * len(groups))
    with style():
        heights: list[float] = []
        height = 0.0
        for n, (_, value, k) in enumerate(rows):
            height -= 1.0 if not n or rows[n - 1][2] == k else 1.4
            heights.append(height)
            marker, colour = LOOKS[k]
            ax.plot(value, height, ls="", marker=marker, color=colour, ms=8)
            ax.annotate(f"{value:.2f}", (value, height), (9, 0), textcoords="offset points", va="center")
        names = list(groups)
        for k in range(len(names)):
            own = [h for h, row in zip(heights, rows, strict=True) if row[2] == k]
            ax.text(
                0.995, np.mean(own), names[k], transform=ax.get_yaxis_transform(), color=LOOKS[k][1], ha="right",
                va="center",
            )  # fmt: skip
            if k:
                ax.axhline(max(own) + 0.7, color=BLACK, lw=0.5)
        ax.set_yticks(heights, [name for name, _, _ in rows])
        ax.set(xlabel=xlabel, title=title, ylim=(heights[-1] - 0.7, heights[0] + 0.7))
        values = [value for _, value, _ in rows]
        spread = max(max(values) - min(values), 0.1)
        ax.set_xlim(min(values) - 0.06 * spread, max(values) + 0.45 * spread)
        ax.grid(visible=False, axis="y")
    told = "; ".join(
        f"{group}: " + ", ".join(f"{model} {value:.2f}" for model, value in members.items())
        for group, members in groups.items()
    )
    figure.alt = f"{title}. Dot chart, a row for each model: {xlabel}. {told}."
    return figure


def race(
    curves: Mapping[str, Sequence[tuple[ArrayLike, ArrayLike]]], *, title: str, xlabel: str, ylabel: str
) -> Figure:
    """Draw curves over time, several for each kind, one a seed; the kind's name stands at the end.

    Args:
        curves: kind -> a pair (x, y) for each seed, (N,) each.
        title: what there is to see.
        xlabel, ylabel: with their units.

    Raises:
        ValueError: there is no kind, a kind has no curve, or a pair is not two lines of numbers of one length.
    """
    if not curves or not all(curves.values()):
        raise ValueError("curves must hold at least one kind, each with a curve")
    figure, ax = new_axes(8.5, 3.8)
    told = []
    with style():
        for k, (kind, seeds) in enumerate(curves.items()):
            ends = []
            for n, (xs, ys) in enumerate(seeds):
                x = numbers(f"curves[{kind!r}][{n}] x", xs, (None,))
                y = numbers(f"curves[{kind!r}][{n}] y", ys, x.shape)
                label = "_" if n else kind
                ax.plot(
                    x, y, color=COLOURS[k % len(COLOURS)], ls=DASHES[k % len(DASHES)], lw=1.5,
                    marker="os^DvP*"[k % 7], ms=4, label=label,
                )  # fmt: skip
                ends.append(y[-1])
            count = f"{len(ends)} curve{'s' if len(ends) > 1 else ''}"
            told.append(f"{kind}: {count}, at the end {min(ends):.2f} to {max(ends):.2f}")
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        label_ends(ax)
    figure.alt = f"{title}. Line chart: {ylabel} over {xlabel}. {'; '.join(told)}."
    return figure


def over_size(
    sizes: ArrayLike, scores: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str
) -> Figure:
    """Draw scores over the size of the training text: a mark for each seed, a line through the means.

    Args:
        sizes: (N,) rising.
        scores: model -> (N, S), S seeds; or (N,).
        title: what there is to see.
        xlabel, ylabel: with their units.

    Raises:
        ValueError: a shape does not fit, or the sizes do not rise from above 0.
    """
    x = numbers("sizes", sizes, (None,))
    if x[0] <= 0 or (np.diff(x) <= 0).any():
        raise ValueError(f"sizes must rise from above 0, got {x}")
    if not scores:
        raise ValueError("scores must hold at least one model, got none")
    figure, ax = new_axes(8.5, 3.6)
    told = []
    with style():
        for k, (name, values) in enumerate(scores.items()):
            given = np.asarray(values, dtype=float)
            y = numbers(f"scores[{name!r}]", given if given.ndim == 2 else given[:, None], (len(x), None))
            colour = COLOURS[k % len(COLOURS)]
            ax.plot(x, y.mean(axis=1), color=colour, ls=DASHES[k % len(DASHES)], label=name)
            ax.plot(
                np.repeat(x, y.shape[1]),
                y.ravel(),
                ls="",
                marker="os^D"[k % 4],
                color=colour,
                ms=6,
                alpha=0.7,
            )
            told.append(
                f"{name}: "
                + ", ".join(f"{m:.2f} at {n:,.0f}" for n, m in zip(x, y.mean(axis=1), strict=True))
            )
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xscale="log")
        ax.set_xticks(x, [f"{n:,.0f}" for n in x])
        ax.xaxis.set_minor_formatter(ScalarFormatter())
        ax.set_xticks([], minor=True)
        label_ends(ax, gap=0.08)
    figure.alt = f"{title}. Line chart, logarithmic x axis: {ylabel} over {xlabel}. {'; '.join(told)}."
    return figure


def costs(names: Sequence[str], mean: ArrayLike, share: ArrayLike, part: ArrayLike, *, title: str) -> Figure:
    """Draw what a character of each kind costs, and write which part of all characters and of all bits it makes up.

    Args:
        names: K kinds.
        mean: (K,) bits for a character of the kind.
        share: (K,) its part of all bits. part: (K,) its part of all characters.
        title: what there is to see.

    Raises:
        ValueError: a shape does not fit.
    """
    m, s, p = (numbers(n, v, (len(names),)) for n, v in (("mean", mean), ("share", share), ("part", part)))
    order = np.argsort(-s, kind="stable")
    figure, ax = new_axes(9, 0.9 + 0.38 * len(names))
    with style():
        ax.barh(-np.arange(len(names)), m[order], color=SKY, edgecolor=BLUE, height=0.65)
        for row, k in enumerate(order):
            ax.text(m[k] + 0.06, -row, f"{p[k]:.0%} of the characters, {s[k]:.0%} of the bits", va="center")
        ax.set_yticks(-np.arange(len(names)), [names[k] for k in order])
        ax.set(xlabel="bits per character of this kind", title=title, xlim=(0, 1.75 * m.max()))
        ax.grid(visible=False, axis="y")
    told = "; ".join(
        f"{names[k]} {m[k]:.1f} bits, {p[k]:.0%} of the characters, {s[k]:.0%} of the bits" for k in order
    )
    figure.alt = f"{title}. Bar chart, the kind that takes most bits in all on top. {told}."
    return figure
