"""The pictures of lesson 10 that hold no data, or the few numbers of an example by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import BLACK, BLUE, GREEN, RED, Figure, new_axes, number, style

SOURCE, TARGET = ("may", "ninth", "nineteen", "eighty"), ("1", "9", "8", "0")


def bottleneck(source: Sequence[str] = SOURCE, target: Sequence[str] = TARGET) -> Figure:
    """Draw an encoder and a decoder twice: with one vector between them, and with a look at every state.

    Args:
        source: at least two words.
        target: at least two symbols.

    Raises:
        ValueError: there are fewer.
    """
    if len(source) < 2 or len(target) < 2:
        raise ValueError(
            f"source and target must have two symbols at least, got {len(source)} and {len(target)}"
        )
    S, T = len(source), len(target)
    wide = 1.15
    end = wide * (S + T) + 1.2
    figure, ax = canvas(9, 5.2, (-0.7, end), (-0.6, 5.9))
    for base, attends in ((3.3, False), (0.0, True)):
        for s, word in enumerate(source):
            ax.text(wide * s, base - 0.15, word, ha="center", va="center", fontsize=10)
            box(ax, wide * s, base + 0.8, f"$m_{s + 1}$", BLUE)
            arrow(ax, (wide * s, base + 0.03), (wide * s, base + 0.54))
            if s:
                arrow(ax, (wide * (s - 1) + 0.32, base + 0.8), (wide * s - 0.32, base + 0.8), color=BLUE)
        left = wide * S + 1.0
        bridge = ((wide * (S - 1) + 0.32, base + 0.8), (left - 0.33, base + 0.8))
        arrow(ax, *bridge, color=RED, lw=4 if not attends else 1.5)
        ax.text(
            sum(x for x, _ in bridge) / 2, base + 0.98, "z", color=RED, ha="center", va="bottom", fontsize=13
        )
        for t, symbol in enumerate(target):
            x = left + wide * t
            box(ax, x, base + 0.8, f"$h_{t + 1}$", GREEN)
            ax.text(x, base + 1.75, symbol, ha="center", va="center", fontsize=11)
            arrow(ax, (x, base + 1.06), (x, base + 1.58))
            if t:
                arrow(ax, (x - wide + 0.32, base + 0.8), (x - 0.32, base + 0.8), color=GREEN)
        if attends:
            for s in range(S):
                strong = s == 2 % S
                arrow(
                    ax, (wide * s, base + 1.06), (left - 0.1, base + 1.72), bend=-0.18, color=RED,
                    lw=3 if strong else 1, alpha=1 if strong else 0.6,
                )  # fmt: skip
    ax.text(-0.6, 5.6, "One vector: all that the decoder knows of the source is z", fontsize=11)
    ax.text(-0.6, 2.55, "Attention: every step of the decoder looks at all states", fontsize=11)
    figure.alt = (
        f"Two diagrams of an encoder that reads {' '.join(source)} and a decoder that writes {' '.join(target)}. "
        f"Above, the states m_1 to m_{S} are a chain, and a single thick arrow, z, leads from the last one to the "
        "decoder's first state. Below, arrows of several strengths lead from every state of the encoder to its first "
        "answer as well."
    )
    return figure


def look(states: ArrayLike, query: ArrayLike, weights: ArrayLike) -> Figure:
    """Draw states in the plane, a query, and the weighted mean that attention makes of the states.

    Args:
        states: (S, 2), m_1 to m_S.
        query: (2,).
        weights: (S,), that add up to 1.

    Raises:
        ValueError: a shape does not fit, or the weights do not add up to 1.
    """
    m, q, a = (np.asarray(array, dtype=float) for array in (states, query, weights))
    if m.ndim != 2 or m.shape[1:] != (2,) or q.shape != (2,) or a.shape != m.shape[:1]:
        raise ValueError(
            f"states, query and weights must be (S, 2), (2,) and (S,), got {m.shape}, {q.shape} and {a.shape}"
        )
    if not np.isclose(a.sum(), 1, atol=1e-3) or (a < 0).any():
        raise ValueError(f"weights must be parts that add up to 1, got {a}")
    context = a @ m
    figure, (left, right) = new_axes(8.4, 3.3, 1, 2, width_ratios=[1.3, 1])
    with style():
        left.annotate("", q, (0, 0), arrowprops={"arrowstyle": "-|>", "color": GREEN, "lw": 2.5})
        left.annotate(
            "query q", q / 2, (0, -7), textcoords="offset points", color=GREEN, ha="center", va="top"
        )
        for s, (state, weight) in enumerate(zip(m, a, strict=True)):
            left.plot(*zip(context, state, strict=True), color=BLACK, lw=0.8, ls=":")
            left.plot(*state, "o", color=BLUE, ms=5 + 20 * weight, alpha=0.85)
            left.annotate(f"$m_{s + 1}$", state, (10, 8), textcoords="offset points", color=BLUE, fontsize=12)
        left.plot(*context, "D", color=RED, ms=8)
        left.annotate("context", context, (-12, -6), textcoords="offset points", color=RED, ha="right")
        points = np.vstack([m, q, [0, 0]])
        low, high = points.min(axis=0) - 0.35, points.max(axis=0) + 0.55
        left.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        left.set(
            title="The context lies among the states", xlabel="first coordinate", ylabel="second coordinate"
        )
        _bars(right, a, m @ q)
    told = ", ".join(f"m_{s + 1} {number(weight)}" for s, weight in enumerate(a))
    figure.alt = (
        f"Left, a plane with {len(m)} states as dots, a query as an arrow to {_point(q)}, and the context as a diamond "
        f"at {_point(context)}, the mean of the states by their weights. Right, bars of the weights: {told}."
    )
    return figure


def _bars(ax: Any, weights: Any, scores: Any) -> None:
    places = np.arange(len(weights))
    ax.bar(places, weights, color=BLUE, width=0.6)
    for place, weight, score in zip(places, weights, scores, strict=True):
        ax.text(place, weight + 0.02, f"{weight:.3f}", ha="center", va="bottom")
        ax.text(place, 1.0, f"score {score:g}", ha="center", va="top")
    ax.set_xticks(places, [f"$m_{s + 1}$" for s in places])
    ax.set(ylim=(0, 1.05), ylabel="weight", title="Softmax makes weights of scores")
    ax.grid(visible=False, axis="x")


def _point(xy: Any) -> str:
    return f"({xy[0]:.2f}, {xy[1]:.2f})"
