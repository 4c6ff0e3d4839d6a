"""Lines over a number: gradient norms, learning curves, traces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lstm_lib.plots.figure import Figure, label_ends, new_axes, number, style


def curves(
    x: ArrayLike,
    ys: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    says: str = "",
    say: Callable[[float], str] = number,
    log: bool = False,
    width: float = 8.0,
    height: float = 3.2,
) -> Figure:
    """Draw one line for each entry of ``ys`` over ``x``, labelled at its right end.

    The alt text is made from the data: the axes, and where each line begins and ends.

    Args:
        x: (N,) numbers.
        ys: label -> (N,) numbers.
        title: what there is to see, as a sentence.
        xlabel: what x is, with its unit.
        ylabel: what y is, with its unit.
        says: one more sentence for the alt text.
        say: writes the numbers of the alt text; ``lstm_lib.plots.large`` for some that are above a hundred.
        log: a logarithmic y axis.
        width: inches.
        height: inches.

    Raises:
        ValueError: there is no line, or one has another length than x.
    """
    xs = np.asarray(x, dtype=float)
    lines: dict[str, Any] = {label: np.asarray(y, dtype=float) for label, y in ys.items()}
    if not lines:
        raise ValueError("ys must hold at least one line, got none")
    for label, y in lines.items():
        if xs.ndim != 1 or y.shape != xs.shape or xs.size == 0:
            raise ValueError(f"ys[{label!r}] must have shape (N,) like x, got {y.shape} with x {xs.shape}")
    figure, ax = new_axes(width, height)
    with style():
        for label, y in lines.items():
            ax.plot(xs, y, label=label)
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        if np.array_equal(xs, xs.round()):
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no step 2.5
        label_ends(ax)
    ends = "; ".join(f"{label}: from {say(y[0])} to {say(y[-1])}" for label, y in lines.items())
    kind = "Line chart, logarithmic y axis." if log else "Line chart."
    axes = f"{ylabel} over {xlabel} from {say(xs[0])} to {say(xs[-1])}"
    figure.alt = f"{title}. {kind} {axes}. {ends}. {says}".strip()
    return figure
