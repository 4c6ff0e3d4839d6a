"""The pictures of lesson 09 about the minimal LSTM: a tree of joined steps, what it cannot do, and how fast it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.plots.cousins import MARKERS, MOST, numbers, rising
from lstm_lib.plots.diagrams import arrow, canvas
from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREEN,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)


def scan_tree(steps: int = 4) -> Figure:
    """Draw how a scan joins steps: rows are rounds, an arrow brings what was joined further left.

    Raises:
        TypeError: steps is no int.
        ValueError: steps is not from 2 to 16.
    """
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise TypeError(f"steps must be an int, got {steps!r}")
    if not 2 <= steps <= 16:
        raise ValueError(f"steps must be from 2 to 16, got {steps}")
    rounds = int(np.ceil(np.log2(steps)))
    figure, ax = canvas(9, 1.2 + 1.05 * rounds, (-1.6, 2.0 * steps - 0.4), (-1.35 * rounds - 0.65, 0.75))
    first = [list(range(1, steps + 1))]
    for _ in range(rounds):
        distance, row = 2 ** (len(first) - 1), first[-1]
        first.append([row[t - distance] if t >= distance else row[t] for t in range(steps)])
    for r, row in enumerate(first):
        y = -1.35 * r
        ax.text(-0.95, y, "steps" if r == 0 else f"round {r}", ha="right", va="center", fontsize=11)
        for t in range(steps):
            ready = row[t] == 1
            ax.text(
                2.0 * t, y, f"{row[t]}…{t + 1}" if row[t] <= t else f"{t + 1}", ha="center", va="center",
                fontsize=11, weight="bold" if ready else "normal",
                bbox={"boxstyle": "round,pad=0.35", "fc": "#D6ECE4" if ready else "white",
                      "ec": GREEN if ready else BLUE, "lw": 2 if ready else 1},
            )  # fmt: skip
            if r:
                arrow(ax, (2.0 * t, y + 1.05), (2.0 * t, y + 0.32), color="#999999")
                if t >= 2 ** (r - 1):
                    arrow(
                        ax, (2.0 * (t - 2 ** (r - 1)) + 0.3, y + 1.05), (2.0 * t - 0.3, y + 0.32), color=RED
                    )
    ax.set_title(f"{steps} steps are joined in {rounds} rounds: bold boxes reach back to step 1", loc="left")
    figure.alt = (
        f"Diagram of a scan over {steps} steps in {rounds} rounds. "
        + " ".join(
            f"After round {r}: {', '.join(f'{a} to {t + 1}' for t, a in enumerate(row))}."
            for r, row in enumerate(first[1:], 1)
        )
        + " Every box holds these steps joined to one; a red arrow brings what was joined further left."
    )
    return figure


def accuracy_by_step(
    found: Mapping[str, ArrayLike], chance: float, seen: int, title: str = "", what: str = "accuracy"
) -> Figure:
    """Draw each network's accuracy at every step, a thin line a seed and one colour a network.

    Args:
        found: name -> (S, T), parts from 0 to 1; the same T for all.
        chance: what costs nothing.
        seen: so many steps the training sequences had.
        title: what there is to see.
        what: the name of the y axis.

    Raises:
        ValueError: there is no network, or more than ``MOST``, a shape is another, a number is not from 0
            to 1, or seen is not among the steps.
    """
    lines = {name: numbers(f"found[{name!r}]", values) for name, values in found.items()}
    if not lines:
        raise ValueError("found must hold at least one network, got none")
    if len(lines) > MOST:
        raise ValueError(f"found must hold at most {MOST} networks, got {len(lines)}")
    T = next(iter(lines.values())).shape[-1:] or ("T",)
    for name, values in lines.items():
        if values.ndim != 2 or values.shape[1:] != T or not values.size:
            raise ValueError(f"found[{name!r}] must be (S, {T[0]}), got {values.shape}")
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(
                f"found[{name!r}] must hold parts from 0 to 1, got {values.min()} to {values.max()}"
            )
    T = values.shape[1]
    if not 1 <= seen <= T:
        raise ValueError(f"seen must be from 1 to {T}, got {seen}")
    figure, ax = new_axes(9, 3.4)
    x = np.arange(1, T + 1)
    with style():
        for k, (name, values) in enumerate(lines.items()):
            for s, row in enumerate(values):
                ax.plot(
                    x, row, color=COLOURS[k], linestyle=DASHES[k], lw=1.5, label=name if s == 0 else "_more"
                )
        ax.axvline(seen + 0.5, color="#999999", linestyle="-", lw=1)
        ax.text(seen + 0.9, 1.09, "longer than in training →", fontsize=9, va="center")
        ax.axhline(chance, color=BLACK, linestyle=":", lw=1.2)
        ax.set(title=title, xlabel="step", ylabel=what, ylim=(0, 1.15), xlim=(1, T))
        label_ends(ax)
    said = "; ".join(
        f"{name}: {v[:, 0].mean():.2f} at step 1, {v[:, seen - 1].mean():.2f} at step {seen}, "
        f"{v[:, -1].mean():.2f} at step {T}"
        for name, v in lines.items()
    )
    figure.alt = (
        f"{title}. Line chart, {what} at each of {T} steps, mean over {len(next(iter(lines.values())))} seeds. {said}. "
        f"Guessing gives {number(chance)}; training had {seen} steps."
    )
    return figure


def ratios(lengths: Sequence[int], found: Mapping[str, ArrayLike]) -> Figure:
    """Draw how many times as long as the scan something takes, against T; both axes are logarithmic.

    Args:
        lengths: T, rising, above zero.
        found: name -> (N,), times over the scan's time, above zero.

    Raises:
        ValueError: nothing was found, a shape is another, a ratio is not above zero, or lengths do not rise.
    """
    x = rising("lengths", lengths)
    lines = {name: numbers(f"found[{name!r}]", values) for name, values in found.items()}
    if not lines:
        raise ValueError("found must hold at least one line, got none")
    for name, values in lines.items():
        if values.shape != x.shape or not (values > 0).all():
            raise ValueError(f"found[{name!r}] must be ({x.size},) ratios above zero, got {values}")
    figure, ax = new_axes(9, 3.6)
    with style():
        for k, (name, values) in enumerate(lines.items()):
            ax.plot(x, values, marker=MARKERS[k % len(MARKERS)], label=name)
        ax.axhline(1, color=BLACK, lw=1.2, linestyle="-")
        for height, text in ((0.96, "above 1: the scan is faster"), (0.04, "below 1: the scan is slower")):
            ax.text(0.02, height, text, fontsize=9, va="center", transform=ax.transAxes)
        ax.set(
            title="Loop against scan on one processor thread: it depends on the size of a step",
            xlabel="T, steps", ylabel="time over the scan's", xscale="log", yscale="log",
        )  # fmt: skip
        ax.yaxis.set_major_formatter("{x:g}")
        ax.set_xticks(x, [f"{int(t):,}" for t in x])
        ax.minorticks_off()
        label_ends(ax, gap=0.11)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{number(r)} at T = {int(t)}" for t, r in zip(x, values, strict=True))
        for name, values in lines.items()
    )
    figure.alt = f"Line chart, both axes logarithmic. Time over the time of the scan, against T. {said}."
    return figure
