"""The drawings of lesson 14: a text split by film or at random, and two ways from states to one answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import BLACK, BLUE, GREEN, ORANGE, PINK, RED, Figure, new_axes, style


def pooling(steps: int = 4) -> Figure:
    """Draw how a text of ``steps`` words (2 or more) becomes scores: by attention and by maxima over all its states.

    Raises:
        ValueError: steps is below 2.
    """
    if steps < 2:
        raise ValueError(f"steps must be 2 or more, got {steps}")
    wide = 2.0
    middle = wide * (steps + 1) / 2
    figure, ax = canvas(8, 5.4, (0.3, wide * steps + 4.3), (-0.5, 6.1))
    for t in range(1, steps + 1):
        x = wide * t
        box(ax, x, 0, f"$x_{t}$", BLUE)
        box(ax, x - 0.36, 1.2, rf"$\overrightarrow{{h}}_{t}$", GREEN)
        box(ax, x + 0.36, 2.1, rf"$\overleftarrow{{h}}_{t}$", GREEN)
        arrow(ax, (x - 0.08, 0.27), (x - 0.3, 0.93))
        arrow(ax, (x + 0.12, 0.27), (x + 0.36, 1.83))
        if t < steps:
            arrow(ax, (x - 0.04, 1.2), (x + wide - 0.68, 1.2), color=GREEN, lw=1.5)
            arrow(ax, (x + wide + 0.04, 2.1), (x + 0.68, 2.1), color=GREEN, lw=1.5)
        ax.add_patch(Rectangle((x - 0.78, 0.82), 1.56, 1.66, fill=False, edgecolor="#999999", ls=":", lw=1.2))
        start, stop = (x - 0.3, 2.5), (middle - 1.1 + 0.1 * (t - steps / 2), 3.65)
        arrow(ax, start, stop, color=ORANGE, lw=2.2)
        arrow(ax, (x + 0.3, 2.5), (middle + 1.2 + 0.1 * (t - steps / 2), 3.65), color=PINK, lw=1.2, ls="--")
        ax.text(
            start[0] + 0.3 * (stop[0] - start[0]), 2.84, f"$a_{t}$", color=RED, fontsize=12, ha="center", va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    box(ax, middle - 1.1, 3.95, "$\\Sigma$", ORANGE)
    box(ax, middle + 1.2, 3.95, "max", PINK)
    box(ax, middle, 5.4, "$y$", BLACK)
    arrow(ax, (middle - 1.0, 4.22), (middle - 0.15, 5.12))
    arrow(ax, (middle + 1.1, 4.22), (middle + 0.15, 5.12))
    right = wide * steps + 1.2
    for y, text in (
        (0, "words as vectors"),
        (1.65, "an LSTM from each end:\ntogether $h_t$"),
        (2.95, "weights $a_t$,\nsoftmax over words"),
        (3.95, "weighted sum,\nand maximum"),
        (5.4, "scores of the\nclasses"),
    ):
        ax.text(right, y, text, fontsize=9, va="center", ha="left")
    ax.set_title("From all states to one answer: a weighted sum, and a maximum for each unit")
    figure.alt = (
        f"Diagram of a classifier over {steps} words. Each word goes into two chains of states, one from the left and "
        f"one from the right. From the states of every word a solid arrow with a weight a_t leads to a sum, and a "
        "dashed arrow to a maximum. Sum and maximum lead to the scores."
    )
    return figure


def sides(by_film: ArrayLike, at_random: ArrayLike) -> Figure:
    """Draw for two splits how the reviews of some films lie in training (plain) and test part (hatched).

    Args:
        by_film: (F, 2), reviews of each film in the training and in the test part.
        at_random: (F, 2), of the same films under the other split.

    Raises:
        ValueError: the two are not (F, 2) counts, or have different numbers of films.
    """
    tables = {"split by film": np.asarray(by_film), "split at random": np.asarray(at_random)}
    for name, table in tables.items():
        if table.ndim != 2 or table.shape[1] != 2 or not table.size or (table < 0).any():
            raise ValueError(f"the {name} must be (F, 2) counts, got shape {table.shape}")
    if len({len(table) for table in tables.values()}) > 1:
        raise ValueError("by_film and at_random must be about the same films")
    figure, axes = new_axes(8, 1.4 + 0.15 * len(tables["split by film"]), 1, 2, sharex=True)
    told = []
    with style():
        for ax, (name, table) in zip(axes, tables.items(), strict=True):
            for y, (train, test) in enumerate(table):
                ax.add_patch(Rectangle((0, -y - 0.4), train, 0.8, facecolor=BLUE, alpha=0.5, lw=0))
                hatched: dict[str, Any] = {"facecolor": "white", "edgecolor": RED, "hatch": "////", "lw": 0.8}
                if test:  # a box of no width would be drawn as a line
                    ax.add_patch(Rectangle((train, -y - 0.4), test, 0.8, **hatched))
            both = int((table.min(axis=1) > 0).sum())
            ax.set(
                xlim=(0, int(max(t.sum(axis=1).max() for t in tables.values())) + 1), ylim=(-len(table), 1)
            )
            ax.set(
                yticks=[], xlabel="reviews of a film", title=f"{name}: {both} of {len(table)} on both sides"
            )
            ax.grid(visible=False, axis="y")
            told.append(f"{name}: {both} of {len(table)} films have reviews on both sides")
        axes[0].set_ylabel("a row for each film")
        figure.suptitle(
            "plain blue: training part   hatched red: test part   the rest: validation part",
            fontsize=9,
            x=0.01,
            ha="left",
        )
    figure.alt = f"Two bar charts, a row for each film. {'; '.join(told)}."
    return figure
