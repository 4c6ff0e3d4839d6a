"""The pictures of lesson 09: a family of cells, a state that grows, cells side by side, and who scored what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullFormatter
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
    large,
    new_axes,
    number,
    style,
)

Array = NDArray[Any]
MARKERS = "os^DvP*"
#: So many lines have a colour of their own.
MOST = len(COLOURS)

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

    A gate of its own is a gate of its own, whatever its letter.

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
            other = text.split(": ")[-1] != usual.split(": ")[-1]
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
    """Draw the mean |c| of some networks over the steps of a text; both axes are logarithmic.

    Args:
        steps: (N,) rising, above zero.
        cells: name -> (N,), above zero.
        title: what there is to see.

    Raises:
        ValueError: there is no network, a shape is another, a number is not above zero, or steps do not rise.
    """
    x = rising("steps", steps)
    lines = {name: numbers(f"cells[{name!r}]", values) for name, values in cells.items()}
    if not lines:
        raise ValueError("cells must hold at least one network, got none")
    for name, values in lines.items():
        if values.shape != x.shape:
            raise ValueError(f"cells[{name!r}] must be (N,) like steps {x.shape}, got {values.shape}")
        if not (values > 0).all():
            raise ValueError(f"cells[{name!r}] must be above zero, got {values.min()}")
    figure, ax = new_axes(9, 3.4)
    with style():
        for name, values in lines.items():
            ax.plot(x, values, label=name)
        ax.set(
            title=title, xlabel="step of the text", ylabel="mean |c|", xscale="log", yscale="log",
        )  # fmt: skip
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter(NullFormatter())
        label_ends(ax)
    said = "; ".join(f"{name}: from {large(v[0])} to {large(v[-1])}" for name, v in lines.items())
    figure.alt = (
        f"{title}. Line chart, both axes logarithmic. Mean size of the cell state over the steps of a text, from step "
        f"{large(x[0])} to {large(x[-1])}. {said}."
    )
    return figure


def scores(
    found: Mapping[str, Mapping[str, ArrayLike]],
    chance: Mapping[str, float],
    sizes: Mapping[str, int] | None = None,
    title: str = "",
    lines: Mapping[str, str] | None = None,
) -> Figure:
    """Draw every run of every network as a dot, one panel a task, with what costs nothing as a line.

    A dot is round when its run is nearer to 1 than to that line, and a diamond when it is not: then the seed failed.

    Args:
        found: task -> network -> (S,) scores from 0 to 1; the same networks in all tasks.
        chance: task -> what costs nothing.
        sizes: network -> parameters, shown beside the name; None shows none.
        title: what there is to see.
        lines: task -> who scores what costs nothing, written at the line; None writes "costs nothing".

    Raises:
        ValueError: there is no task, tasks have different networks, a score is not from 0 to 1, or sizes or lines lack
            one of the names.
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
    if sizes is not None and not set(names) <= set(sizes):
        raise ValueError(f"sizes must hold the networks {names}, got {list(sizes)}")
    if lines is not None and set(lines) != set(tasks):
        raise ValueError(f"lines must hold the tasks {tasks}, got {list(lines)}")
    figure, axes = new_axes(9, 0.36 * len(names) + 2.1, columns=len(tasks), sharey=True, squeeze=False)
    with style():
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        for k, (task, ax) in enumerate(zip(tasks, axes[0], strict=True)):
            for row, values in enumerate(rows[task].values()):
                high = values > _half_way(chance[task])
                spread = row + (np.linspace(-0.25, 0.25, len(values)) if len(values) > 1 else np.zeros(1))
                for chosen, marker, colour in ((high, MARKERS[0], BLUE), (~high, MARKERS[3], RED)):
                    if chosen.any():  # a line without a point would have no place in the layout
                        ax.plot(
                            values[chosen], spread[chosen], marker, linestyle="none", ms=6, color=colour,
                            clip_on=False,
                        )  # fmt: skip
            ax.axvline(chance[task], color=BLACK, linestyle=":", lw=1.5)
            ax.text(
                chance[task] + 0.015, -0.72, "costs nothing" if lines is None else lines[task], fontsize=9, va="center",
            )  # fmt: skip
            ax.set(title=task, xlim=(0, 1.02), xlabel="part that is right", ylim=(len(names) - 0.4, -1.1))
            if k == 0:
                said = [f"{n} ({sizes[n]:,})" if sizes else n for n in names]
                ax.set_yticks(range(len(names)), said)
        key = [
            Line2D([], [], marker=marker, color=colour, linestyle="none", ms=6, label=text)
            for marker, colour, text in (
                (MARKERS[0], BLUE, "a seed that learnt it"),
                (MARKERS[3], RED, "a seed that failed: nearer to the dotted line than to 1"),
            )
        ]
        figure.legend(handles=key, loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    parts = [
        f"{task}, where {number(chance[task])} costs nothing{'' if lines is None else f' ({lines[task]})'}: "
        + "; ".join(
            f"{n} {v.min():.2f} to {v.max():.2f}" + _failed(v, chance[task]) for n, v in rows[task].items()
        )
        for task in tasks
    ]
    figure.alt = (
        f"{title}. Dot charts, a panel a task, a row a network, a dot a seed. {'. '.join(parts)}. Round dots: "
        "seeds nearer to 1 than to what costs nothing; diamonds: seeds that failed."
    )
    return figure


def _half_way(chance: float) -> float:
    return (1 + chance) / 2


def _failed(values: Array, chance: float) -> str:
    low = int((values <= _half_way(chance)).sum())
    return f", {low} of {len(values)} failed" if low else ""


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
        ValueError: the names differ, there are more than ``MOST``, or a shape is another.
    """
    inputs = numbers("x", x)
    if not states or list(states) != list(kept):
        raise ValueError(f"states and kept must have the same names, got {list(states)} and {list(kept)}")
    if len(states) > MOST:
        raise ValueError(f"states must hold at most {MOST} cells, got {len(states)}")
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


def rising(name: str, values: ArrayLike) -> Array:
    """Return (N,) numbers above zero that rise, or say what is wrong."""
    array = numbers(name, values)
    if array.ndim != 1 or not array.size or not (array > 0).all() or not (np.diff(array) > 0).all():
        raise ValueError(f"{name} must be (N,) numbers above zero that rise, got {array.tolist()}")
    return array


def numbers(name: str, values: ArrayLike) -> Array:
    """Return numbers as an array of finite floats, or say what is wrong."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")
    return array
