"""Pictures of backpropagation through time: the way back, and what truncation cuts off."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import matplotlib
import numpy as np
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import ScalarFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.diagrams import box, canvas
from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)  # fmt: skip

Array = NDArray[Any]

_ROWS = {"x": (BLUE, 0.0), "h": (GREEN, 1.3), "y": (ORANGE, 2.6), "L": (PINK, 3.6)}
_APART = 2.1  # between two steps of the chain
_FADED = "#9a9a9a"


def gradient_flow(steps: int = 3, h: ArrayLike | None = None, dh: ArrayLike | None = None) -> Figure:
    """Draw an unrolled network: values go forward along grey arrows, gradients come back along red ones.

    Args:
        steps: how many steps, at least 2.
        h: (steps,) values of a net of one unit, to be written beside its states; together with ``dh``.
        dh: (steps,) gradients of the loss at those states.

    Raises:
        ValueError: fewer than 2 steps, or h and dh are not both (steps,).
    """
    if steps < 2:
        raise ValueError(f"steps must be 2 or more, got {steps}")
    values = _both(steps, h, dh)
    figure, ax = canvas(8, 4.0, (0.9, 2.2 + _APART * steps), (-0.4, 4.0))
    for t in range(1, steps + 1):
        _column(ax, _APART * t, t, steps)
        if values:
            _write(ax, _APART * t, *(numbers[t - 1] for numbers in values))
    _labels(ax)
    title = "Values go forward (grey), gradients come back along the same arrows (red)"
    ax.set_title("Left of each arrow the value of h, right of it its gradient" if values else title)
    figure.alt = (
        f"Diagram of a network unrolled over {steps} steps, x_t to h_t to y_t to the loss L_t, and h_t to the next h. "
        "Beside each grey arrow of the way forward a red arrow points back. Two red arrows meet at each h_t: one from "
        f"y_t and one from the next step. Only h_{steps} has a single one."
    )
    if values:
        rows = zip(range(1, steps + 1), *values, strict=True)
        said = [f"h_{t} = {value:.2f}, gradient {gradient:.2f}" for t, value, gradient in rows]
        figure.alt += f" Values: {'; '.join(said)}."
    return figure


def _both(steps: int, h: ArrayLike | None, dh: ArrayLike | None) -> tuple[Array, Array] | None:
    if h is None and dh is None:
        return None
    pair = np.asarray(h, dtype=float), np.asarray(dh, dtype=float)  # None becomes a NaN without a shape
    for name, array in zip(("h", "dh"), pair, strict=True):
        if array.shape != (steps,):
            raise ValueError(f"{name} must have shape ({steps},), one number a step, got {array.shape}")
    return pair


def _column(ax: Any, x: float, t: int, steps: int) -> None:
    for name, (colour, y) in _ROWS.items():
        box(ax, x, y, f"${name}_{t}$", colour)
    heights = [y for _, y in _ROWS.values()]
    for below, above in itertools.pairwise(heights):
        _there_and_back(ax, (x, below + 0.27), (x, above - 0.27))
    if t < steps:
        _there_and_back(ax, (x + 0.33, _ROWS["h"][1]), (x + _APART - 0.33, _ROWS["h"][1]))


def _there_and_back(ax: Any, start: tuple[float, float], stop: tuple[float, float]) -> None:
    """Draw a grey arrow from start to stop, and beside it a red one back."""
    x, y = (0.0, 0.1) if start[1] == stop[1] else (-0.1, 0.0)
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 12, "shrinkA": 0, "shrinkB": 0}
    there = (start[0] + x, start[1] + y), (stop[0] + x, stop[1] + y)
    back = (stop[0] - x, stop[1] - y), (start[0] - x, start[1] - y)
    ax.add_patch(FancyArrowPatch(*there, color=_FADED, lw=1.2, **look))
    ax.add_patch(FancyArrowPatch(*back, color=RED, lw=2, **look))


def _labels(ax: Any) -> None:
    """Say at the first step what each red arrow carries."""
    x, middle = _APART, {"W_x": 0.65, "dy": 2.05, "loss": 3.1}
    words = {"W_x": "to $W_x$ and $b$", "dy": r"$\delta_1 W_y^\top$", "loss": r"$\delta_1$"}
    for key, y in middle.items():
        ax.text(x + 0.18, y, words[key], color=RED, ha="left", va="center")
    ax.text(x + _APART / 2, _ROWS["h"][1] - 0.17, r"$da_2 W_h^\top$", color=RED, ha="center", va="top")


def _write(ax: Any, x: float, h: float, dh: float) -> None:
    y = _ROWS["h"][1] + 0.41
    ax.text(x - 0.18, y, f"{h:.2f}".replace("-", "−"), color=BLACK, ha="right", va="center")
    ax.text(x + 0.18, y, f"{dh:.2f}".replace("-", "−"), color=RED, ha="left", va="center")


def truncation_map(contributions: ArrayLike, chunk: int) -> Figure:
    """Draw what each loss asks of each use of a weight, and what truncation to chunks of steps leaves of it.

    Args:
        contributions: (T, T, …); entry [t, s] is the gradient of the loss at step t for the weight as it was used
            at step s, zero where s is after t. Their sum over t and s is the whole gradient.
        chunk: a gradient stays inside its chunk of so many steps.

    Raises:
        ValueError: another shape, only zeros, or fewer than one step in a chunk.
    """
    array = np.asarray(contributions, dtype=float)
    if array.ndim < 2 or array.shape[0] != array.shape[1] or not array.any():
        expected = "shape (T, T, …) and not be all zero"
        raise ValueError(f"contributions must have {expected}, got shape {array.shape}")
    if chunk < 1:
        raise ValueError(f"chunk must be 1 or more, got {chunk}")
    T = len(array)
    chunks = np.arange(T) // chunk
    kept = np.tri(T, dtype=bool) & (chunks[:, None] == chunks)
    lost = np.linalg.norm(array[~kept].sum(axis=0)) / np.linalg.norm(array.sum(axis=(0, 1)))
    sizes = np.sqrt(np.square(array.reshape(T, T, -1)).sum(axis=-1))
    figure, ax = new_axes(6.5, 4.2)
    with style():
        _draw_map(figure, ax, sizes, kept)
        outlines = [_staircase(start, min(start + chunk, T)) for start in range(0, T, chunk)]
        ax.plot(*np.concatenate(outlines, axis=1), color=RED, lw=1.5)
        pairs = f"{kept.sum()} of {T * (T + 1) // 2} pairs"
        ax.set(title=f"Chunks of {chunk}: {pairs} kept, gradient off by {100 * lost:.0f} %")
    figure.alt = (
        f"Triangle of {T} times {T} cells: how much the loss at step t (down) asks of the weight as used at step s "
        f"(across). Chunks of {chunk} steps keep {pairs}, next to the diagonal; the rest is shown pale. Without it "
        f"the gradient is off by {100 * lost:.0f} % of its size. A typical contribution from {_far(sizes)}."
    )
    return figure


def _draw_map(figure: Figure, ax: Any, sizes: Array, kept: Array) -> None:
    """Colour the triangle by size, pale where it is cut off. One image and no layout engine: a widget waits for it."""
    T = len(sizes)
    figure.set_layout_engine("none")
    ax.set_position((0.1, 0.13, 0.88, 0.78))
    with np.errstate(divide="ignore"):
        powers = np.clip(np.log10(sizes / sizes.max()), -4, 0)
    colours = matplotlib.colormaps["cividis"](1 + powers / 4)  # (T, T, 4)
    colours[~kept] = 0.3 * colours[~kept] + 0.7
    colours[np.triu_indices(T, 1)] = 0  # transparent: the future asks nothing of the past's losses
    ax.imshow(colours, extent=(0.5, T + 0.5, T + 0.5, 0.5), aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="weight used at step s", ylabel="loss at step t")
    ax.text(0.66, 0.96, "contribution,\nover the largest", transform=ax.transAxes, va="top")
    words = "1", "0.1", "0.01", "0.001", "0.0001 or less"
    heights = 0.81 - 0.065 * np.arange(len(words))
    squares = matplotlib.colormaps["cividis"](1 - np.arange(len(words)) / 4)
    ax.scatter(np.full(len(words), 0.675), heights, s=130, marker="s", c=squares, transform=ax.transAxes)
    for height, text in zip(heights, words, strict=True):
        ax.text(0.71, height, text, transform=ax.transAxes, va="center")


def _staircase(start: int, stop: int) -> Array:
    """Return the outline (2, N) of the cells s <= t of a chunk, start <= s, t < stop, in steps counted from 1.

    It ends in a NaN, so that no line leads to the next chunk.
    """
    corners = [(k + 0.5 + right, k + 0.5) for k in range(start, stop) for right in (0, 1)]
    first, last = start + 0.5, stop + 0.5
    corners += [(last, last), (first, last), (first, first), (np.nan, np.nan)]
    return np.array(corners).T


def _far(sizes: Array) -> str:
    """Say how the contributions fall off with the distance, in whole powers of ten."""
    T = len(sizes)
    lag = T // 2
    if not lag:
        return "one step is all there is"
    ratio = np.median(np.diag(sizes, -lag)) / np.median(np.diag(sizes))
    return f"{lag} steps back is {number(ratio)} times one from the same step"


def over_steps(
    steps: ArrayLike, ys: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str, level: str = ""
) -> Figure:
    """Draw lines over numbers of steps that double, 1, 2, 4 …, so that each doubling is as wide.

    Args:
        steps: (N,) numbers above zero.
        ys: label -> (N,) numbers.
        title: what there is to see, as a sentence.
        xlabel: what is counted in steps.
        ylabel: what the lines are, with the unit.
        level: the label of a line that is a level to compare with, drawn without markers.

    Raises:
        ValueError: there is no line, one has another length than steps, or a step is not above zero.
    """
    xs = np.asarray(steps, dtype=float)
    lines = {label: np.asarray(y, dtype=float) for label, y in ys.items()}
    if not lines or xs.ndim != 1 or xs.size == 0 or any(y.shape != xs.shape for y in lines.values()):
        got = ", ".join(f"{label} {y.shape}" for label, y in lines.items()) or "no line"
        raise ValueError(f"ys must hold one line or more of shape (N,) like steps {xs.shape}, got {got}")
    if not (xs > 0).all():
        raise ValueError(f"steps must be above zero, got {xs.min():g}")
    figure, ax = new_axes(8, 3.2)
    with style():
        for label, y in lines.items():
            ax.plot(xs, y, label=label, marker="" if label == level else "o")
        ax.set_xscale("log", base=2)
        ax.set_xticks(xs, minor=False)
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        label_ends(ax)
    ends = "; ".join(f"{label}: from {number(y[0])} to {number(y[-1])}" for label, y in lines.items())
    span = f"doubling from {xs[0]:g} to {xs[-1]:g}"
    figure.alt = f"{title}. Line chart. {ylabel} over {xlabel}, {span}. {ends}."
    return figure
