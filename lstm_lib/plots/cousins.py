"""The pictures of lesson 09: a family of cells, a state that grows, cells side by side, and who scored what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    ORANGE,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)

Array = NDArray[Any]
MARKERS = "os^DvP*"

#: name -> what each of the four jobs is done by, in the order of ``JOBS``.
FAMILY: dict[str, tuple[str, str, str, str]] = {
    "LSTM": ("f: own gate", "i: own gate", "o: own gate", "x, h"),
    "peepholes": ("f: own gate", "i: own gate", "o: own gate", "x, h, c"),
    "coupled gates": ("f: own gate", "1 − f", "o: own gate", "x, h"),
    "no forget gate": ("always all", "i: own gate", "o: own gate", "x, h"),
    "GRU": ("z: own gate", "1 − z", "all; r filters for n", "x, h"),
    "minimal LSTM": ("f / (f + i)", "i / (f + i)", "always all", "x only"),
}
JOBS = ("how much is kept", "how much is written", "how much is shown", "what the gates see")


def family(names: Sequence[str] = tuple(FAMILY)) -> Figure:
    """Draw what does the four jobs of a gate in each kind of cell; what differs from the LSTM is filled.

    Raises:
        ValueError: there is no name, or one that ``FAMILY`` does not hold.
    """
    if not names or not set(names) <= set(FAMILY):
        raise ValueError(f"names must be among {list(FAMILY)}, got {list(names)}")
    figure, ax = new_axes(9, 0.5 * len(names) + 1.1)
    ax.set(xlim=(0, 5), ylim=(-len(names) + 0.4, 1.3))
    ax.set_title("One family: where each cousin differs from the LSTM", loc="left")
    ax.axis("off")
    for k, job in enumerate(JOBS):
        ax.text(k + 1.5, 0.9, job, ha="center", va="center", fontsize=10, weight="bold")
    for row, name in enumerate(names):
        ax.text(0.9, -row, name, ha="right", va="center", fontsize=11)
        for k, (text, usual) in enumerate(zip(FAMILY[name], FAMILY["LSTM"], strict=True)):
            other = text != usual
            ax.text(
                k + 1.5, -row, f"▸ {text}" if other else text, ha="center", va="center", fontsize=10,
                bbox={"boxstyle": "round,pad=0.35", "fc": "#FBE5C8" if other else "white",
                      "ec": ORANGE if other else "#BBBBBB"},
            )  # fmt: skip
    said = "; ".join(
        f"{name}: {', '.join(f'{job}, {t}' for job, t in zip(JOBS, FAMILY[name], strict=True))}"
        for name in names
    )
    figure.alt = f"Table of {len(names)} kinds of cells and what does each job in them. {said}."
    return figure


def growth(steps: ArrayLike, cells: Mapping[str, ArrayLike], title: str) -> Figure:
    """Draw the mean |c| of some networks over the steps of a text, on a logarithmic axis.

    Args:
        steps: (N,) rising.
        cells: name -> (N,), above zero.
        title: what there is to see.

    Raises:
        ValueError: there is no network, a shape is another, or a number is not above zero.
    """
    x = numbers("steps", steps)
    lines = {name: numbers(f"cells[{name!r}]", values) for name, values in cells.items()}
    if not lines:
        raise ValueError("cells must hold at least one network, got none")
    for name, values in lines.items():
        if x.ndim != 1 or values.shape != x.shape or not x.size:
            raise ValueError(f"cells[{name!r}] must be (N,) like steps {x.shape}, got {values.shape}")
        if not (values > 0).all():
            raise ValueError(f"cells[{name!r}] must be above zero, got {values.min()}")
    figure, ax = new_axes(9, 3.4)
    with style():
        for name, values in lines.items():
            ax.plot(x, values, label=name)
        ax.set(
            title=title, xlabel="step of the text", ylabel="mean |c|", yscale="log",
        )  # fmt: skip
        label_ends(ax)
    said = "; ".join(f"{name}: from {number(v[0])} to {number(v[-1])}" for name, v in lines.items())
    figure.alt = (
        f"{title}. Line chart, logarithmic y axis. Mean size of the cell state over the steps of a text, from step "
        f"{number(x[0])} to {number(x[-1])}. {said}."
    )
    return figure


def scores(
    found: Mapping[str, Mapping[str, ArrayLike]],
    chance: Mapping[str, float],
    sizes: Mapping[str, int] | None = None,
    title: str = "",
) -> Figure:
    """Draw every run of every network as a dot, one panel a task, with what costs nothing as a line.

    Args:
        found: task -> network -> (S,) scores from 0 to 1; the same networks in all tasks.
        chance: task -> what costs nothing.
        sizes: network -> parameters, shown beside the name; None shows none.
        title: what there is to see.

    Raises:
        ValueError: there is no task, tasks have different networks, or a score is not from 0 to 1.
    """
    tasks = list(found)
    if not tasks or set(chance) != set(tasks):
        raise ValueError(f"found and chance must hold the same tasks, got {tasks} and {list(chance)}")
    names = list(found[tasks[0]])
    rows = {task: {n: numbers(f"{task}, {n}", v) for n, v in found[task].items()} for task in tasks}
    for task in tasks:
        if list(rows[task]) != names or not names:
            raise ValueError(f"found[{task!r}] must hold the networks {names}, got {list(rows[task])}")
        for n, values in rows[task].items():
            if values.ndim != 1 or not values.size or not ((values >= 0) & (values <= 1)).all():
                raise ValueError(f"found[{task!r}][{n!r}] must be (S,) parts from 0 to 1, got {values}")
    figure, axes = new_axes(9, 0.36 * len(names) + 1.8, columns=len(tasks), sharey=True, squeeze=False)
    with style():
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        for k, (task, ax) in enumerate(zip(tasks, axes[0], strict=True)):
            for row, values in enumerate(rows[task].values()):
                high = values.min() > (1 + chance[task]) / 2
                spread = np.linspace(-0.2, 0.2, len(values)) if len(values) > 1 else np.zeros(1)
                ax.plot(
                    values, row + spread, MARKERS[0] if high else MARKERS[3], linestyle="none", ms=6,
                    color=BLUE if high else RED, clip_on=False,
                )  # fmt: skip
            ax.axvline(chance[task], color=BLACK, linestyle=":", lw=1.5)
            ax.text(chance[task] + 0.015, -0.72, "costs nothing", fontsize=9, va="center")
            ax.set(title=task, xlim=(0, 1.02), xlabel="part that is right", ylim=(len(names) - 0.4, -1.1))
            if k == 0:
                said = [f"{n} ({sizes[n]:,})" if sizes else n for n in names]
                ax.set_yticks(range(len(names)), said)
    parts = [
        f"{task}, where {number(chance[task])} costs nothing: "
        + "; ".join(f"{n} {v.min():.2f} to {v.max():.2f}" for n, v in rows[task].items())
        for task in tasks
    ]
    figure.alt = (
        f"{title}. Dot charts, a panel a task, a row a network, a dot a seed. {'. '.join(parts)}. Round dots: every "
        "seed is nearer to 1 than to what costs nothing; diamonds: some seed is not."
    )
    return figure


def side_by_side(
    x: ArrayLike, states: Mapping[str, ArrayLike], kept: Mapping[str, ArrayLike], bias: float, weight: float
) -> Figure:
    """Draw what one-unit cells keep, and their states, while they read an input; its pulses are grey lines.

    Args:
        x: (T,) the input.
        states: name -> (T,), the state after each step.
        kept: name -> (T,), the part of the old state that is kept, 0 to 1; the names of ``states``.
        bias: of the gate that keeps; shown in the title.
        weight: of the state in the gate; shown in the title.

    Raises:
        ValueError: the names differ, or a shape is another.
    """
    inputs = numbers("x", x)
    if not states or list(states) != list(kept):
        raise ValueError(f"states and kept must have the same names, got {list(states)} and {list(kept)}")
    lines = {n: (numbers(f"states[{n!r}]", states[n]), numbers(f"kept[{n!r}]", kept[n])) for n in states}
    for n, pair in lines.items():
        if inputs.ndim != 1 or not inputs.size or any(part.shape != inputs.shape for part in pair):
            raise ValueError(f"states[{n!r}] and kept[{n!r}] must be (T,) like x, {inputs.shape}")
    t = np.arange(1, len(inputs) + 1)
    pulses = t[inputs != 0]
    figure, (above, below) = new_axes(7.6, 4.4, rows=2, sharex=True)
    with style():
        for (n, (state, part)), colour, dash in zip(lines.items(), COLOURS, DASHES, strict=False):
            above.plot(t, part, label=n, color=colour, linestyle=dash)
            below.plot(t, state, label=n, color=colour, linestyle=dash)
        for ax in (above, below):
            ax.vlines(pulses, 0, 1, color="#BBBBBB", lw=1, zorder=0, transform=ax.get_xaxis_transform())
            ax.grid(visible=False)
        label_ends(below, gap=0.12)  # once for both: every text takes its time while a slider moves
        size = f"grey lines: pulses of {number(inputs[pulses[0] - 1])}" if len(pulses) else "no pulse"
        above.set_title(f"Bias of what keeps {number(bias)}, its weight on h {number(weight)}; {size}")
        above.set(ylabel="part kept", ylim=(-0.03, 1.03), yticks=(0, 0.5, 1))
        below.set(ylabel="state", xlabel="step", xticks=range(0, len(t) + 1, 10))
        below.yaxis.set_major_locator(MaxNLocator(4))
    said = "; ".join(f"{n}: keeps {number(p[-1])}, state {number(s[-1])}" for n, (s, p) in lines.items())
    figure.alt = (
        f"Two charts over {len(t)} steps, bias {number(bias)}, weight on h {number(weight)}, {size}: the part "
        f"that each cell keeps, and its state. At the last step {said}."
    )
    return figure


def numbers(name: str, values: ArrayLike) -> Array:
    """Return numbers as an array of finite floats, or say what is wrong."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")
    return array
