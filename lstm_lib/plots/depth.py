"""The measurements of lesson 08: what reaches the lowest layer of a stack, and what depth is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    RED,
    Figure,
    label_ends,
    new_axes,
    number,
    style,
)  # fmt: skip

Array = NDArray[Any]
MARKERS = "os^DvP*"


def norms_against_depth(depths: Sequence[int], norms: Mapping[str, ArrayLike], title: str) -> Figure:
    """Draw how much of a gradient reaches the lowest input, against the number of layers; a mark a seed.

    Args:
        depths: (N,), numbers of layers.
        norms: kind of stack -> (N, S), the norm at the input over the norm at the top, above 0; at most 7 kinds.
        title: what there is to see.

    Raises:
        ValueError: there is no depth or no kind, there are too many kinds, a shape does not fit, or a number is not
            above 0 and finite.
    """
    x = _across("depths", depths, above_zero=True)
    kinds = _arrays("norms", norms, (len(x), None), above_zero=True, most=len(MARKERS))
    figure, ax = new_axes(8.5, 3.4)
    with style():
        for k, (name, values) in enumerate(kinds.items()):
            look: dict[str, Any] = {"color": COLOURS[k], "marker": MARKERS[k]}
            ax.plot(x, values, ls="", ms=5, alpha=0.5, label="_", **look)
            ax.plot(x, np.median(values, axis=1), ls=DASHES[k], label=name, color=COLOURS[k])
        ax.set(
            yscale="log",
            xscale="log",
            xlabel="layers (a mark is a seed, the line their median)",
            ylabel="gradient at the input\nover gradient at the top",
            title=title,
        )
        ax.set_xticks(x, [f"{n:g}" for n in x])
        ax.minorticks_off()
        label_ends(ax)
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{number(float(np.median(v)))} at {n:g}" for n, v in zip(x, values, strict=True))
        for name, values in kinds.items()
    )
    figure.alt = (
        f"{title}. Line chart with a mark for each seed, both axes logarithmic: the norm of the gradient at the input "
        f"of the lowest layer over that at the top, against the number of layers. Medians. {told}."
    )
    return figure


def over_updates(updates: ArrayLike, bits: Mapping[str, ArrayLike], title: str) -> Figure:
    """Draw bits per character over the updates, a thin line for each seed, and their mean thick.

    Args:
        updates: (N,) numbers.
        bits: name -> (S, N), at most 7 of them.
        title: what there is to see.

    Raises:
        ValueError: there is no update or no curve, there are too many curves, or one is not (S, N) finite numbers.
    """
    x = _across("updates", updates)
    curves = _arrays("bits", bits, (None, len(x)), most=len(COLOURS))
    figure, ax = new_axes(8.5, 3.6)
    with style():
        for k, (name, values) in enumerate(curves.items()):
            ax.plot(x, values.T, color=COLOURS[k], ls=DASHES[k], lw=0.8, alpha=0.6, label="_")
            ax.plot(x, values.mean(axis=0), color=COLOURS[k], ls=DASHES[k], lw=2.5, label=name)
        ax.set(title=title, xlabel="updates", ylabel="bits per character")
        label_ends(ax, gap=0.075)
    told = "; ".join(
        f"{name}: from {values[:, 0].mean():.2f} to {values[:, -1].mean():.2f}, lowest {values.mean(axis=0).min():.2f}"
        for name, values in curves.items()
    )
    seeds = len(next(iter(curves.values())))
    figure.alt = (
        f"{title}. Line chart: bits per character over {x[0]:g} to {x[-1]:g} updates, mean of {seeds} seeds. "
        f"{told}."
    )
    return figure


def depth_against_width(panels: Mapping[str, Mapping[str, ArrayLike]], title: str) -> Figure:
    """Draw a row for each network and a mark for each seed at its bits per character; panels side by side.

    Args:
        panels: what is equal in a panel -> network -> (S,); the same networks in each panel, the best is at the left.
        title: what there is to see.

    Raises:
        ValueError: there is no panel or network, two panels differ in their networks, or a row is not (S,)
            finite numbers.
    """
    rows = {name: _arrays(f"panels[{name!r}]", panel, (None,)) for name, panel in panels.items()}
    if not rows or len({tuple(panel) for panel in rows.values()}) > 1:
        raise ValueError(
            f"panels must hold the same networks each, got {[list(panel) for panel in rows.values()]}"
        )
    networks = list(next(iter(rows.values())))
    figure, axes = new_axes(
        9, 1.3 + 0.4 * len(networks), 1, len(rows), sharey=True, sharex=True, squeeze=False
    )
    told = []
    with style():
        for ax, (panel, found) in zip(axes[0], rows.items(), strict=True):
            for k, (name, values) in enumerate(found.items()):
                kind = int("residual" in name)
                ax.plot(
                    values,
                    np.full(values.shape, -k),
                    ls="",
                    marker=MARKERS[kind],
                    color=COLOURS[kind],
                    ms=7,
                    alpha=0.6,
                )
                ax.plot([values.mean()] * 2, [-k - 0.3, -k + 0.3], color=BLACK, ls="-", lw=2)
                ax.annotate(
                    f"{values.mean():.2f}",
                    (values.max(), -k),
                    (9, 0),
                    textcoords="offset points",
                    va="center",
                )
            told.append(
                f"{panel}: "
                + ", ".join(
                    f"{name} {v.mean():.2f} ({v.min():.2f} to {v.max():.2f})" for name, v in found.items()
                )
            )
            ax.set_yticks(-np.arange(len(networks)), networks)
            ax.set(
                xlabel="bits per character (a mark is a seed)", title=panel, ylim=(0.5 - len(networks), 0.5)
            )
            ax.margins(x=0.17)
            ax.grid(visible=False, axis="y")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.alt = (
        f"{title}. Dot chart, a row for each network and a mark for each seed, lower is better; means. "
        f"{'; '.join(told)}."
    )
    return figure


def explorer(gradient: ArrayLike, signal: ArrayLike, residual: bool) -> Figure:
    """Draw the gradient and the signal at every level of a stack. Made to be redrawn fast.

    Args:
        gradient: (L + 1,), the norm at the input and after each layer, over that at the top.
        signal: (L + 1,), how much h differs from one sequence to another there, over the same for the inputs.
        residual: whether the stack has residual connections, for the words.

    Raises:
        ValueError: the shapes are not (L + 1,) and equal, or a number is below 0 or not finite.
    """
    both = _arrays("levels", {"gradient": gradient, "signal": signal}, (None,))
    back, forth = both.values()
    if back.shape != forth.shape or len(back) < 2 or min(back.min(), forth.min()) < 0:
        raise ValueError(
            f"gradient and signal must be (L + 1,), not below 0, got {gradient!r:.80} and {signal!r:.80}"
        )
    layers, kind = len(back) - 1, "residual" if residual else "plain"
    with style(), np.errstate(divide="ignore"):  # what is zero lies below the axis
        figure = Figure(figsize=(6.5, 3), dpi=100)
        left, right = figure.add_axes((0.135, 0.16, 0.355, 0.7)), figure.add_axes((0.63, 0.16, 0.355, 0.7))
        for ax, values, colour, mark in ((left, back, RED, "s"), (right, forth, BLUE, "o")):
            ax.plot(np.log10(values), color=colour, marker=mark, ms=4, ls="-")
            ax.set_xticks(range(0, layers + 1, max(1, layers // 2)))  # every tick costs 2 ms
            ax.set(xlim=(-0.3, layers + 0.3), xlabel="height: 0 is the input")
        left.set_yticks(range(-16, 9, 8), ["1e-16", "1e-8", "1", "1e8"])
        right.set_yticks(range(-8, 5, 4), ["1e-8", "1e-4", "1", "1e4"])
        left.set(ylim=(-17, 9))
        right.set(ylim=(-9, 5))
        left.set_ylabel("norm, over the top's", labelpad=1)
        right.set_ylabel("difference, over the input's", labelpad=1)
        left.set_title(f"Gradient, at the input: {number(float(back[0]))}", y=1)
        right.set_title(f"Signal, at the top: {number(float(forth[-1]))}", y=1)
    figure.alt = (
        f"Two line charts, logarithmic, over the height in a {kind} stack of {layers} layers. Left: the norm of the "
        f"gradient, 1 at the top, is {number(float(back[0]))} at the input. Right: the difference between sequences, 1 "
        f"at the input, is {number(float(forth[-1]))} at the top."
    )
    return figure


def _across(name: str, given: ArrayLike, above_zero: bool = False) -> Array:
    """Return the numbers along the horizontal axis as an array (N,)."""
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {given!r:.80}") from None
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} must be (N,), at least one number, got shape {array.shape}")
    if not np.isfinite(array).all() or (above_zero and not (array > 0).all()):
        raise ValueError(f"{name} must be finite{' and above 0' if above_zero else ''}, got {array}")
    return array


def _arrays(
    name: str,
    given: Mapping[str, ArrayLike],
    shape: tuple[int | None, ...],
    above_zero: bool = False,
    most: int | None = None,
) -> dict[str, Array]:
    """Return the entries as arrays; None in ``shape`` is any size from 1 on."""
    if not given:
        raise ValueError(f"{name} must hold at least one entry, got none")
    if most is not None and len(given) > most:
        raise ValueError(f"{name} must hold at most {most} entries, one for each look, got {len(given)}")
    found: dict[str, Array] = {}
    for key, values in given.items():
        try:
            array = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{name}[{key!r}] must be numbers, got {values!r:.80}") from None
        fits = array.ndim == len(shape) and all(
            have == want or (want is None and have > 0) for have, want in zip(array.shape, shape, strict=True)
        )
        if not fits:
            expected = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ")"
            raise ValueError(f"{name}[{key!r}] must have shape {expected}, got {array.shape}")
        if not np.isfinite(array).all() or (above_zero and not (array > 0).all()):
            raise ValueError(
                f"{name}[{key!r}] must be finite{' and above 0' if above_zero else ''}, got {array}"
            )
        found[key] = array
    return found
