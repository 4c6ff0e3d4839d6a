"""The pictures of lesson 07: two passes over a sequence, what each of them sees, and where words end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    ORANGE,
    RED,
    Figure,
    new_axes,
    new_figure,
    style,
)  # fmt: skip

Array = NDArray[Any]
MOST_LETTERS = 60  # that fit beside each other in the picture of a line


def two_passes(steps: int = 4) -> Figure:
    """Draw a network that reads ``steps`` inputs (2 or more) from both ends, unrolled.

    Raises:
        TypeError: steps is no whole number.
        ValueError: it is below 2.
    """
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise TypeError(f"steps must be a whole number, at least 2, got {steps!r}")
    if steps < 2:
        raise ValueError(f"steps must be at least 2, got {steps}")
    wide = 2.2
    figure, ax = canvas(8, 3.9, (0.2, wide * steps + 1.6), (-0.45, 3.75))
    for t in range(1, steps + 1):
        x = wide * t
        box(ax, x, 0, f"$x_{t}$", BLUE)
        box(ax, x - 0.42, 1.1, rf"$\overrightarrow{{h}}_{t}$", GREEN)
        box(ax, x + 0.42, 2.2, rf"$\overleftarrow{{h}}_{t}$", RED)
        box(ax, x, 3.3, f"$y_{t}$", ORANGE)
        arrow(ax, (x - 0.1, 0.27), (x - 0.35, 0.83))
        arrow(ax, (x + 0.12, 0.27), (x + 0.38, 1.93))
        arrow(ax, (x - 0.38, 1.38), (x - 0.12, 3.03))
        arrow(ax, (x + 0.35, 2.48), (x + 0.1, 3.03))
        if t < steps:
            arrow(ax, (x - 0.09, 1.1), (x + wide - 0.75, 1.1), color=GREEN, lw=2)
            arrow(ax, (x + wide + 0.09, 2.2), (x + 0.75, 2.2), color=RED, lw=2)
    ax.text(0.35, 1.1, "begins →", color=GREEN, ha="left", va="center", fontsize=9)
    ax.text(wide * steps + 0.85, 2.2, "← begins", color=RED, ha="left", va="center", fontsize=9)
    ax.set_title("Two passes: every output sees all inputs, from the left and from the right")
    figure.alt = (
        f"Diagram of a network in two directions over {steps} steps. A lower chain of states goes from step 1 to step "
        f"{steps}, an upper chain from step {steps} to step 1. Each input x_t goes into the state of its step in both "
        "chains, and both states of a step go into the output y_t. No arrow leads from one chain to the other."
    )
    return figure


def reversals(words: Sequence[str]) -> Figure:
    """Draw words as a padded batch, a row each: as it is, reversed as a whole, and reversed within the lengths.

    Raises:
        ValueError: there is no word, or one of them is empty.
    """
    if isinstance(words, str) or not words or not all(words):
        raise ValueError(f"words must be a sequence of words, none of them empty, got {words!r}")
    longest = max(map(len, words))
    padded = [word.ljust(longest) for word in words]
    grids = {
        "the batch: padding comes last": padded,
        "reversed as a whole: padding first": [word[::-1] for word in padded],
        "reversed within lengths": [word[::-1].ljust(longest) for word in words],
    }
    figure, axes = new_axes(9, 0.9 + 0.42 * len(words), 1, 3)
    with style():
        for ax, (name, rows) in zip(axes, grids.items(), strict=True):
            for y, row in enumerate(rows):
                for x, letter in enumerate(row):
                    there = letter != " "
                    ax.add_patch(
                        Rectangle(
                            (x, -y), 0.92, 0.92, facecolor="white" if there else "#dddddd",
                            edgecolor=BLUE if there else "#888888", hatch=None if there else "///", lw=1.2,
                        )
                    )  # fmt: skip
                    if there:
                        ax.text(x + 0.46, 0.45 - y, letter, ha="center", va="center", fontsize=12)
            ax.set(xlim=(-0.1, longest + 0.1), ylim=(0.9 - len(words), 1.05), aspect="equal", title=name)
            ax.set_xticks(np.arange(longest) + 0.46, [str(t + 1) for t in range(longest)])
            ax.set_yticks([])
            ax.grid(False)
            ax.spines[["left", "bottom"]].set_visible(False)
            ax.tick_params(length=0)
            ax.set_xlabel("step at which it is read")
    first = ", ".join(word for word in words if len(word) < longest) or "no word"
    figure.alt = (
        f"Three grids of letters, a row for each of the words {', '.join(words)}, padded to {longest} steps with "
        f"hatched squares. Left, the batch: padding comes last. Middle, reversed as a whole: the padding of {first} "
        f"comes first. Right, reversed within lengths: "
        f"{', '.join(word[::-1] for word in words)}, and padding comes last again."
    )
    return figure


def who_sees_what(maps: Mapping[str, ArrayLike]) -> Figure:
    """Draw which outputs move when one input is changed: a dot for the past and present, a cross for the future.

    Args:
        maps: name of a network -> (T, T) in bool: [t, s] is true where a change of x_s moves y_t.

    Raises:
        ValueError: there is no map, or one of them is not (T, T) truth values.
    """
    tables = {name: np.asarray(table) for name, table in maps.items()}
    if not tables:
        raise ValueError("maps must hold at least one network, got none")
    for name, table in tables.items():
        if table.ndim != 2 or table.shape[0] != table.shape[1] or table.dtype != np.bool_ or not table.size:
            raise ValueError(
                f"maps[{name!r}] must be (T, T) truth values, got {table.dtype} of shape {table.shape}"
            )
    figure, axes = new_axes(2.9 * len(tables) + 0.6, 3.8, 1, len(tables), squeeze=False)
    told = []
    with style():
        for ax, (name, table) in zip(axes[0], tables.items(), strict=True):
            T = len(table)
            t, s = np.nonzero(table)
            past, future = s <= t, s > t
            ax.plot(s[past] + 1, t[past] + 1, "o", color=BLUE, ms=5)
            ax.plot(s[future] + 1, t[future] + 1, "x", color=RED, ms=6, mew=2)
            ticks = range(1, T + 1, max(T // 4, 1))
            ax.set(xlim=(0.4, T + 0.6), ylim=(T + 0.6, 0.4), aspect="equal", xticks=ticks, yticks=ticks)
            ax.set(title=name, xlabel="input that is changed: step s", ylabel="output that moves: step t")
            told.append(f"{name}: {past.sum()} dots and {future.sum()} crosses")
        figure.suptitle("A cross: an output that moves with its future", x=0.01, ha="left", fontsize=11)
    figure.alt = (
        "Grids of marks: a row for each output, a column for each input that is changed; a dot where the output moves "
        f"and the input is past or present, a cross where the input lies in the future. {'; '.join(told)}."
    )
    return figure


def found_by(errors: Mapping[str, ArrayLike], baselines: Mapping[str, float], title: str) -> Figure:
    """Draw the error of each reader, a mark for each seed, and the errors of baselines as diamonds.

    Args:
        errors: reader -> (S,), the part of the letters that are tagged wrongly, a number for each seed.
        baselines: name -> the error of something that needs no seed.
        title: what there is to see.

    Raises:
        ValueError: there is no reader, or an error is not from 0 to 1.
    """
    rows = {name: _parts(f"baselines[{name!r}]", [value]) for name, value in baselines.items()}
    if not errors:
        raise ValueError("errors must hold at least one reader, got none")
    trained = {name: _parts(f"errors[{name!r}]", row) for name, row in errors.items()}
    rows |= trained
    figure, ax = new_axes(8, 0.9 + 0.38 * len(rows))
    with style():
        for y, (name, row) in enumerate(rows.items()):
            seeds = name in trained
            ax.plot(
                row, np.full(len(row), -y) + (np.linspace(-0.12, 0.12, len(row)) if len(row) > 1 else 0),
                "o" if seeds else "D", color=BLUE if seeds else BLACK, mfc=BLUE if seeds else "white", ms=7, ls="",
            )  # fmt: skip
            ax.annotate(
                f"{row.mean():.1%}", (row.max(), -y), (9, 0), textcoords="offset points", va="center",
                color=BLUE if seeds else BLACK,
            )  # fmt: skip
        ax.set_yticks([-y for y in range(len(rows))], list(rows))
        widest = max(row.max() for row in rows.values())
        ax.set(xlim=(0, 1.15 * widest or 1), ylim=(0.5 - len(rows), 0.5), title=title)
        ax.set_xlabel("letters tagged wrongly (circle: one seed; diamond: no training; number: mean)")
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    said = "; ".join(f"{name} {row.mean():.1%}" for name, row in rows.items())
    figure.alt = f"{title}. Dot chart of the letters tagged wrongly, a row for each reader, means: {said}."
    return figure


def error_against_delay(
    delays: Sequence[int], errors: ArrayLike, levels: Mapping[str, ArrayLike], title: str
) -> Figure:
    """Draw the error of a tagger that answers late against its delay, and the errors of others as levels.

    Args:
        delays: (K,), letters.
        errors: (K, S), the part of the letters tagged wrongly, for each delay and seed.
        levels: name -> (S,), the same of a reader without a delay; its mean is drawn as a level.
        title: what there is to see.

    Raises:
        ValueError: the shapes do not fit, or an error is not from 0 to 1.
    """
    table = np.asarray(errors, dtype=float)
    if table.ndim != 2 or table.shape[0] != len(delays) or not table.size:
        raise ValueError(f"errors must be ({len(delays)}, S), a row for each delay, got shape {table.shape}")
    table = np.stack([_parts(f"errors[{k}]", row) for k, row in enumerate(table)])
    others = {name: _parts(f"levels[{name!r}]", row) for name, row in levels.items()}
    figure, ax = new_axes(8, 3.6)
    with style():
        for k, row in zip(delays, table, strict=True):
            ax.plot([k] * len(row), row, "o", color=BLUE, ms=5, alpha=0.55)
        ax.plot(delays, table.mean(axis=1), color=BLUE)
        for colour, dash, (name, row) in zip(COLOURS[1:], ("--", "-.", ":"), others.items(), strict=False):
            ax.axhline(row.mean(), color=colour, ls=dash)
            ax.text(1.01, row.mean(), name, color=colour, transform=ax.get_yaxis_transform(), va="center")
        highest = max(table.max(), *(row.mean() for row in others.values()), 0.0)
        ax.set(xlim=(min(delays) - 0.3, max(delays) + 0.3), ylim=(0, 1.1 * highest or 1), title=title)
        ax.set(xlabel="letters read before the answer (delay k; dot: one seed, line: mean)")
        ax.set_ylabel("letters tagged wrongly")
        ax.set_xticks(list(delays))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    means = "; ".join(f"{k}: {row.mean():.1%}" for k, row in zip(delays, table, strict=True))
    beside = "; ".join(f"{name}: {row.mean():.1%}" for name, row in others.items())
    figure.alt = (
        f"{title}. Line chart of the letters tagged wrongly over the delay, means: {means}. Levels: {beside}."
    )
    return figure


def word_ends(
    letters: str, probabilities: Mapping[str, ArrayLike], ends: ArrayLike | None = None, title: str = ""
) -> Figure:
    """Draw, letter by letter, how likely readers find it that a word ends there. Made to be redrawn fast.

    Nothing is drawn at the last letter, where a word always ends.

    Args:
        letters: T of them, at most 60.
        probabilities: name of a reader -> (T,), from 0 to 1; two readers at most.
        ends: (T,) in bool, where words do end, drawn as bars between the letters; None if nobody knows.
        title: what there is to see.

    Raises:
        ValueError: there are no letters or too many, no reader or more than two, or the shapes do not fit.
    """
    T = len(letters)
    if not 1 <= T <= MOST_LETTERS:
        raise ValueError(f"letters must be 1 to {MOST_LETTERS} letters, got {T}")
    if not 1 <= len(probabilities) <= 2:
        raise ValueError(f"probabilities must be of one reader or two, got {len(probabilities)}")
    rows = {name: _parts(f"probabilities[{name!r}]", row) for name, row in probabilities.items()}
    known = None if ends is None else np.asarray(ends, dtype=bool)
    for name, row in (rows | ({} if known is None else {"ends": known})).items():
        if len(row) != T:
            raise ValueError(f"{name!r} must have {T} numbers, one for each letter, got {len(row)}")
    t = np.arange(T)
    with style():
        figure = new_figure(9, 3)
        figure.set_layout_engine("none")  # fixed places: laying out takes longer than drawing
        ax = figure.add_axes((0.075, 0.2, 0.91, 0.6))
        if known is not None:
            ax.vlines(np.flatnonzero(known) + 0.5, 0, 1, color="#bbbbbb", lw=6)
        ax.axhline(0.5, color=BLACK, lw=1, ls=":")
        for (name, row), colour, mark, dash in zip(
            rows.items(), (RED, BLUE), "so", ("--", "-"), strict=False
        ):
            ax.plot(t[:-1], row[:-1], color=colour, marker=mark, ms=5, lw=1.5, ls=dash, label=name)
        ax.set_xticks(t, list(letters), fontsize=12 if T <= 45 else 9)
        ax.tick_params(axis="x", length=0)
        ax.set(xlim=(-0.6, T - 0.4), ylim=(-0.04, 1.04), ylabel="chance of a word end")
        ax.set_title(title, pad=24)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 0.99), ncols=2, frameon=False, borderpad=0.1)
        bar = "" if known is None else "grey bar: a word ends there. "
        figure.text(
            0.985, 0.025, f"{bar}Above the dotted line: says that a word ends.", ha="right", fontsize=9
        )
    told = "; ".join(f"{name}: {' '.join(_cut(letters, row > 0.5))}" for name, row in rows.items())
    truth = "" if known is None else f" It is: {' '.join(_cut(letters, known))}."
    figure.alt = (
        f"{title}. Line chart of the chance of a word end after each letter of {letters}. "
        f"Words read, {told}.{truth}"
    )
    return figure


def _cut(letters: str, ends: Array) -> list[str]:
    """Return the words of letters, given where words end; the last letter always ends one."""
    cuts = [0, *(np.flatnonzero(ends[:-1]) + 1).tolist(), len(letters)]
    return [letters[a:b] for a, b in pairwise(cuts)]


def _parts(name: str, value: ArrayLike) -> Array:
    try:
        parts = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {value!r}") from None
    if parts.ndim != 1 or not parts.size or not ((parts >= 0) & (parts <= 1)).all():
        raise ValueError(f"{name} must be one or more numbers from 0 to 1, in a row, got {parts}")
    return parts
