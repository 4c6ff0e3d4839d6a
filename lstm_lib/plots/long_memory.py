"""The pictures of lesson 06: what the tasks look like, how they are learnt, and what a trained cell holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREEN,
    PINK,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)  # fmt: skip

Array = NDArray[Any]

#: Network -> colour and marker, so that a network is known by more than its colour.
LOOKS = {
    "RNN": (RED, "s"),
    "GRU": (GREEN, "^"),
    "LSTM": (PINK, "v"),
    "LSTM, chrono": (BLUE, "o"),
}


def marked_pairs(pairs: ArrayLike, answer: float) -> Figure:
    """Draw one sequence of the adding problem: its numbers, the two that are marked, and what is to be answered.

    Args:
        pairs: (T, 2), numbers and markers.
        answer: the target.

    Raises:
        ValueError: the pairs have another shape, or none of them is marked.
    """
    values = np.asarray(pairs, dtype=float)
    if values.ndim != 2 or values.shape[1] != 2:
        raise ValueError(f"pairs must have shape (T, 2), got {values.shape}")
    steps = np.arange(1, len(values) + 1)
    marks = np.flatnonzero(values[:, 1] == 1)
    if marks.size == 0:
        raise ValueError("pairs must have at least one marker of 1, got none")
    figure, ax = new_axes(9, 2.8)
    with style():
        ax.vlines(steps, 0, values[:, 0], color="0.6", lw=1.5)
        ax.axhline(0, color=BLACK, lw=0.8)
        ax.vlines(steps[marks], 0, values[marks, 0], color=RED, lw=3)
        ax.plot(steps[marks], values[marks, 0], "o", color=RED, ms=8)
        on_white: dict[str, Any] = {"fc": "white", "ec": "none", "alpha": 0.85, "pad": 1}
        for t in marks:
            up = values[t, 0] >= 0
            ax.annotate(
                f"marked: {values[t, 0]:+.2f}", (t + 1, values[t, 0]), (7, 7 if up else -7), color=RED,
                textcoords="offset points", va="bottom" if up else "top", weight="bold", bbox=on_white,
            )  # fmt: skip
        ax.annotate(
            f"answer here: {answer:.2f}", (steps[-1], 0), (-4, 56), textcoords="offset points", ha="right", color=BLUE,
            weight="bold", arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 2}, bbox=on_white,
        )  # fmt: skip
        ax.set(xlabel="step t", ylabel="number", ylim=(-1.45, 1.45), xlim=(0, len(values) + 1))
        lag = len(values) - 1 - marks[-1]
        ax.set_title(
            f"Two marked numbers among {len(values)}; the last of them {lag} steps before the answer"
        )
    places = " and ".join(f"{values[t, 0]:+.2f} at step {t + 1}" for t in marks)
    figure.alt = (
        f"Stem chart of one sequence of the adding problem: {len(values)} random numbers between -1 and 1, step by "
        f"step. Marked are {places}. The answer, {answer:.2f}, is wanted at step {len(values)}, {lag} steps after the "
        "last mark."
    )
    return figure


def learning(
    runs: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    title: str,
    solved: Sequence[str],
    level: float | None = None,
    level_name: str = "",
    ylabel: str = "mean absolute error",
) -> Figure:
    """Draw the error of networks while they learn, over the sequences they have seen, on a logarithmic axis.

    Args:
        runs: name -> (sequences seen (N,), error (N,)); each may have its own N.
        title: what there is to see, as a sentence.
        solved: the names of those that met the criterion; their last point is a filled circle, and they stop there.
        level: a level to be drawn across, or None.
        level_name: what it is.
        ylabel: what the error is.

    Raises:
        ValueError: there is no run; one has no points or two lengths; solved names a run that is not there.
    """
    if not runs or set(solved) - set(runs):
        raise ValueError(f"runs must hold every name of solved, got {list(runs)} and {list(solved)}")
    if len(runs) > len(COLOURS):
        raise ValueError(f"runs must be at most {len(COLOURS)}, to be told apart, got {len(runs)}")
    figure, ax = new_axes(9, 3.6)
    ends = []
    with style():
        free = [colour for colour in COLOURS if colour not in {look for look, _ in LOOKS.values()}]
        for k, (name, (seen, error)) in enumerate(runs.items()):
            # A network of the tables has one colour in all pictures; others take what is left.
            colour = LOOKS[name][0] if name in LOOKS else (free + list(COLOURS))[k]
            dash = DASHES[k]
            x, y = np.asarray(seen, dtype=float), np.asarray(error, dtype=float)
            if x.ndim != 1 or x.shape != y.shape or x.size == 0:
                raise ValueError(f"runs[{name!r}] must be two arrays (N,), got {x.shape} and {y.shape}")
            ax.plot(x, y, color=colour, ls=dash, label=f"_{name}" if name in solved else name)
            if name in solved:  # it ends inside the picture: its name stands there
                ax.plot(x[-1:], y[-1:], "o", color=colour, ms=8, zorder=5)
                ax.annotate(
                    name, (x[-1], y[-1]), (9, -3), textcoords="offset points", va="center", color=colour
                )  # fmt: skip
            state = f"solved after {x[-1]:,.0f}" if name in solved else f"not solved after {x[-1]:,.0f}"
            ends.append(f"{name}: error from {number(y[0])} to {number(y[-1])}, {state} sequences")
        if level is not None:
            ax.axhline(level, color=BLACK, lw=1, ls=":")
            ax.text(0.005, level, level_name, transform=ax.get_yaxis_transform(), va="bottom", fontsize=9)
        ax.set(xlabel="training sequences seen", ylabel=ylabel, yscale="log", title=title)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        ax.set_xlim(left=0)
        label_ends(ax, gap=0.08)
    across = f" A line across at {number(level)}: {level_name}." if level is not None else ""
    figure.alt = (
        f"{title}. Line chart, logarithmic y axis: {ylabel} over training sequences seen.{across} "
        f"{'. '.join(ends)}."
    )
    return figure


def running_sum(total: ArrayLike, cell: ArrayLike, unit: int) -> Figure:
    """Draw the state of one cell beside the true sum of the marked numbers so far, for a few sequences.

    Args:
        total: (T, B), the sum so far.
        cell: (T, B), the state of the cell, brought to the scale of the sum.
        unit: the number of the cell.

    Raises:
        ValueError: the shapes differ, or there is nothing to draw.
    """
    sums, states = np.asarray(total, dtype=float), np.asarray(cell, dtype=float)
    if sums.ndim != 2 or sums.shape != states.shape or sums.size == 0:
        raise ValueError(f"total and cell must have one shape (T, B), got {sums.shape} and {states.shape}")
    figure, axes = new_axes(9, 2.7, 1, sums.shape[1], sharey=True, squeeze=False)
    steps, ends = np.arange(1, len(sums) + 1), []
    with style():
        for b, ax in enumerate(axes[0]):
            ax.plot(steps, sums[:, b], color=RED, ls="-", lw=4, alpha=0.5, label="true sum")
            ax.plot(steps, states[:, b], color=BLUE, ls="--", lw=1.8, label=f"cell {unit}")
            ax.set(xlabel="step t", title=f"sequence {b + 1}")
            ends.append(f"sequence {b + 1}: sum {sums[-1, b]:+.2f}, cell {states[-1, b]:+.2f}")
        axes[0, 0].set_ylabel("sum of marked numbers")
        label_ends(axes[0, -1], gap=0.1)
    figure.suptitle(
        f"Cell {unit} waits, takes a step at each marked number, and holds", fontsize=11, x=0.01, ha="left"
    )
    figure.alt = (
        f"{sums.shape[1]} line charts over {len(sums)} steps: the true sum of the marked numbers so far, which jumps "
        f"at each marked number, and the rescaled state of cell {unit}, which follows it. At the end: "
        f"{'; '.join(ends)}."
    )
    return figure


def beside_the_paper(
    paper: Mapping[str, float], found: Mapping[str, Mapping[str, tuple[Sequence[float], int]]]
) -> Figure:
    """Draw the training sequences until success: the paper's mean, and each run that succeeded, a row an experiment.

    Args:
        paper: experiment -> sequences in the paper; 0 where the paper has no such experiment.
        found: network -> experiment -> the sequences of the runs that succeeded, and how many runs there were in all.

    Raises:
        ValueError: there is nothing to draw, or a network has no look in ``LOOKS``.
    """
    if not paper or set(found) - set(LOOKS):
        raise ValueError(f"found must have networks among {list(LOOKS)}, got {list(found)}")
    names = list(paper)
    figure, ax = new_axes(9, 0.36 * len(names) + 1.3)
    texts = []
    with style():
        for row, name in enumerate(names):
            ax.axhline(row, color="0.9", lw=1, zorder=0)
            if paper[name]:
                ax.plot(paper[name], row, "D", color=BLACK, ms=8, mfc="white", mew=1.8)
            counts = []
            for k, (network, experiments) in enumerate(found.items()):
                if name not in experiments:
                    continue
                solved, runs = experiments[name]
                colour, marker = LOOKS[network]
                height = row + 0.16 * (k - (len(found) - 1) / 2)
                ax.plot(solved, np.full(len(solved), height), marker, color=colour, ms=4.5, ls="", alpha=0.8)
                mean = f" ({np.mean(solved):,.0f})" if solved else ""
                counts.append(f"{network} {len(solved)}/{runs}{mean}")
            if not any(experiments.get(name, ((), 0))[0] for experiments in found.values()):
                ax.text(
                    0.5, row, "no run succeeded", transform=ax.get_yaxis_transform(), va="center", ha="center"
                )  # fmt: skip
            before = f"paper {paper[name]:,.0f}, " if paper[name] else ""
            texts.append(f"{name}: {before}{', '.join(counts)}")
        handles = [
            ax.plot([], [], marker, color=colour, ls="")[0]
            for colour, marker in (LOOKS[network] for network in found)
        ]
        handles.append(ax.plot([], [], "D", color=BLACK, mfc="white", mew=1.8, ls="")[0])
        ax.legend(
            handles, [*found, "1997, mean"], ncols=len(handles), loc="lower left", bbox_to_anchor=(0, 1), frameon=False
        )  # fmt: skip
        ax.set_yticks(range(len(names)), names)
        ax.set(xscale="log", xlabel="training sequences until success (a mark is a run that succeeded)")
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.grid(axis="y", visible=False)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    figure.alt = (
        f"Chart with a row for each experiment, logarithmic x axis: training sequences until success in 1997, and "
        f"those of our runs that succeeded. For each network: runs that succeeded of all (mean). {'. '.join(texts)}."
    )
    return figure


def adding(
    pairs: ArrayLike, gate: ArrayLike, cell: ArrayLike, answer: float, unit: int, *, scaled: bool
) -> Figure:
    """Draw how one cell goes through a sequence of the adding problem. Made to be redrawn fast.

    Args:
        pairs: (T, 2), numbers and markers.
        gate: (T,), the input gate of the cell.
        cell: (T,), its state.
        answer: what the network answers at the end.
        unit: the number of the cell.
        scaled: whether the state was brought to the scale of the sum, so that both belong on one axis.

    Raises:
        ValueError: the shapes do not fit together.
    """
    values, opened, state = (np.asarray(a, dtype=float) for a in (pairs, gate, cell))
    T = len(values)
    if values.shape != (T, 2) or opened.shape != (T,) or state.shape != (T,) or T == 0:
        raise ValueError(
            f"pairs must have shape (T, 2), gate and cell (T,), got {values.shape}, {opened.shape}, {state.shape}"
        )
    marks = values[:, 1] == 1
    total = np.cumsum(values[:, 0] * marks)
    target = 0.5 + total[-1] / 4
    steps = np.arange(1, T + 1)
    verdict = "right" if abs(answer - target) < 0.04 else "WRONG"
    with style():
        figure = Figure(figsize=(6.5, 4.2), dpi=100)
        heights = ((0.7, 0.2), (0.46, 0.17), (0.12, 0.27))
        top, middle, low = (figure.add_axes((0.13, y, 0.72, h)) for y, h in heights)
        top.vlines(steps, 0, values[:, 0], color="0.65", lw=1)
        top.vlines(steps[marks], 0, values[marks, 0], color=RED, lw=2.5)
        top.plot(steps[marks], values[marks, 0], "o", color=RED, ms=6)
        top.set(ylim=(-1.15, 1.15), yticks=[-1, 0, 1], ylabel="numbers")
        middle.fill_between(steps, opened, step="mid", color=GREEN, alpha=0.75, lw=0)
        middle.set(ylim=(0, 1.05), yticks=[0, 1], ylabel="input\ngate")
        low.plot(steps, total, color=RED, lw=4, alpha=0.5, ls="-")
        low.plot(steps, state, color=BLUE, lw=1.6, ls="--")
        low.set(ylabel="sum, cell", xlabel="step t")
        above = 1 if total[-1] >= state[-1] else -1
        apart = 0.06 * (low.get_ylim()[1] - low.get_ylim()[0]) * above
        low.text(T * 1.01, total[-1] + apart, "true sum", color=RED, va="center", fontsize=9)
        low.text(T * 1.01, state[-1] - apart, f"cell {unit}", color=BLUE, va="center", fontsize=9)
        for ax in (top, middle, low):
            ax.set_xlim(0, T + 1)
        for ax in (top, middle):
            ax.tick_params(labelbottom=False)
        top.set_title(f"The network answers {answer:.2f}, the target is {target:.2f}: {verdict}", y=1)
    quiet = opened[~marks].mean() if (~marks).any() else 0.0
    places = " and ".join(f"{values[t, 0]:+.2f} at step {t + 1}" for t in np.flatnonzero(marks))
    follows = f"ends at {state[-1]:+.2f}" + (
        " on the scale of the sum" if scaled else " on a scale of its own"
    )
    figure.alt = (
        f"Three charts over {T} steps. Numbers, of which are marked {places}. The input gate of cell {unit}: "
        f"{number(opened[marks].mean())} at the marks, {number(quiet)} on average elsewhere. The true sum ends at "
        f"{total[-1]:+.2f}; the cell {follows}. The network answers {answer:.2f}, the target is {target:.2f}: "
        f"{verdict}."
    )
    return figure
