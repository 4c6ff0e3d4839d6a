"""The pictures of lesson 03: gradients that fade or explode on their way back through time, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.diagrams import arrow
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
)  # fmt: skip

Array = NDArray[Any]
MARKERS = "os^Dv"


def chain(radius: float = 0.7, steps: int = 6) -> Figure:
    """Draw a chain of states with arrows that go back and are ``radius`` times as thick after each step.

    Raises:
        ValueError: radius is not above 0, or there are fewer than two steps.
    """
    if not radius > 0 or steps < 2:
        raise ValueError(f"radius must be above 0 and steps 2 or more, got radius {radius} and steps {steps}")
    left = radius ** np.arange(steps - 1, -1, -1.0)  # what is left of the gradient at h_1, ..., h_T
    figure, ax = new_axes(8, 2)
    ax.set(xlim=(0.4, steps + 0.6), ylim=(-0.85, 0.3))
    ax.axis("off")
    box = {"boxstyle": "round", "fc": "white", "ec": GREEN, "lw": 2}
    for t, part in enumerate(left, start=1):
        ax.text(t, 0, f"$h_{{{t}}}$", ha="center", va="center", fontsize=13, bbox=box)
        ax.text(t, -0.75, number(part), ha="center", color=RED)
        if t < steps:
            _arrow(ax, (t + 0.2, 0), (t + 0.8, 0), BLACK, 1.2)
            _arrow(ax, (t + 0.9, -0.42), (t + 0.1, -0.42), RED, max(9 * part / left.max(), 0.4))
    ax.set_title(
        f"Forward in black, the gradient back in red: of 1 at $h_{{{steps}}}$, {number(left[0])} is left at $h_1$"
    )
    figure.alt = (
        f"Diagram. A chain of {steps} states, h_1 to h_{steps}, with an arrow from each to the next. Below it, arrows "
        f"lead back from h_{steps} to h_1, each {number(radius)} times as thick as the one before: of a gradient of 1 "
        f"at h_{steps}, {number(left[0])} is left at h_1."
    )
    return figure


def _arrow(ax: Any, start: tuple[float, float], stop: tuple[float, float], colour: str, width: float) -> None:
    head = f"-|>,head_length={2 + width / 2},head_width={1 + width / 2}"
    arrow(ax, start, stop, arrowstyle=head, mutation_scale=1, color=colour, lw=width, shrinkA=0, shrinkB=0)


def norms_against_lag(norms: Mapping[str, Mapping[float, ArrayLike]]) -> Figure:
    """Draw the norm of dh_T/dh_t against the lag T - t, one panel for an activation, one curve for a spectral radius.

    Args:
        norms: activation -> spectral radius -> (T,), the norms for the lags 0, 1, ..., T - 1.

    Raises:
        ValueError: there is no curve, or one is empty or not above zero everywhere.
    """
    if not norms or not all(norms.values()):
        raise ValueError("norms must hold at least one activation with at least one radius, got none")
    figure, axes = new_axes(9, 4, 1, len(norms), sharey=True, squeeze=False)
    texts = []
    with style():
        for ax, (activation, panel) in zip(axes[0], norms.items(), strict=True):
            ends = []
            for radius, norm in panel.items():
                curve = _above_zero(f"norms[{activation!r}][{radius}]", norm)
                ax.plot(curve, label=number(radius))
                ends.append(f"{number(curve[-1])} at radius {number(radius)}")
            ax.set(title=activation, xlabel="lag T − t, in steps", yscale="log")
            texts.append(f"{activation}, at lag {len(curve) - 1}: {', '.join(ends)}")
        for ax in axes[0]:  # once the y axis, which they share, has its final limits
            label_ends(ax)
    axes[0, 0].set_ylabel(r"norm of $\partial h_T / \partial h_t$")
    title = (
        "Every step back multiplies, so the axis is logarithmic. The numbers at the lines are spectral radii"
    )
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.alt = (
        f"{title}. Line charts, logarithmic y axis: the norm of dh_T/dh_t over the lag. {'. '.join(texts)}."
    )
    return figure


def _above_zero(name: str, curve: ArrayLike) -> Array:
    values = np.asarray(curve, dtype=float)
    if values.ndim != 1 or values.size == 0 or not (values > 0).all():
        raise ValueError(f"{name} must be numbers above zero of shape (T,), got shape {values.shape}")
    return values


def cliff(w: ArrayLike, b: ArrayLike, loss: ArrayLike, path: ArrayLike, leap: ArrayLike) -> Figure:
    """Draw the loss of a one-unit RNN over its two weights, with a clipped descent and one step that is not clipped.

    Args:
        w: (N,), the recurrent weights along the x axis.
        b: (M,), the biases along the y axis.
        loss: (M, N), above zero.
        path: (K, 2), the points (w, b) of the clipped descent, the first of them on the cliff.
        leap: (2,), where one step without clipping lands from there.

    Raises:
        ValueError: the shapes do not fit together.
    """
    ws, bs, losses, points, landing = (np.asarray(array, dtype=float) for array in (w, b, loss, path, leap))
    if losses.shape != (bs.size, ws.size):
        raise ValueError(f"loss must have shape (M, N) = {(bs.size, ws.size)}, got {losses.shape}")
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0 or landing.shape != (2,):
        raise ValueError(f"path must have shape (K, 2) and leap (2,), got {points.shape} and {landing.shape}")
    figure, (left, right) = new_axes(9, 3.8, 1, 2, width_ratios=[1.4, 1])
    w_0, b_0 = start = points[0]
    away = (landing - start) / np.hypot(*(landing - start))
    edge = start + away * 0.7 * (bs[-1] - b_0) / max(abs(away[1]), 1e-9)
    with style():
        shown = np.maximum(losses, 1e-4)  # the floor of the valley is one dark colour
        image = left.pcolormesh(
            ws, bs, shown, norm=LogNorm(1e-4, shown.max()), cmap="cividis", rasterized=True
        )
        figure.colorbar(image, ax=left, label="loss")
        left.annotate("", edge, start, arrowprops={"arrowstyle": "-|>", "color": RED, "lw": 2.5})
        left.plot(*points.T, "o-", color="white", ms=2.5, lw=1)
        words = f"not clipped:\non to w = {landing[0]:.0f},\nb = {landing[1]:.0f}"
        for text, place, offset in ((words, edge, (8, -6)), ("clipped", points[-1], (10, -12))):
            left.annotate(text, place, offset, textcoords="offset points", color="white", va="center")
        left.set(title="The loss over both weights", xlabel="recurrent weight w", ylabel="bias b")
        right.plot(bs, losses[:, np.abs(ws - w_0).argmin()], color=BLUE)
        right.set(title=f"A cut at w = {number(w_0)}: the cliff", xlabel="bias b", ylabel="loss")
    figure.alt = (
        f"Left, a map of the loss over recurrent weight w ({number(ws[0])} to {number(ws[-1])}) and bias b "
        f"({number(bs[0])} to {number(bs[-1])}): a plateau of loss about {losses.max():.1g} and a valley, with a sharp "
        f"edge between them. From a point on the edge, w = {number(w_0)}, b = {number(b_0)}, a step that is not "
        f"clipped leaves the map for w = {landing[0]:.0f}, b = {landing[1]:.0f}; {len(points) - 1} clipped steps "
        f"lead down into the valley, to w = {number(points[-1, 0])}, b = {number(points[-1, 1])}. Right, a cut at "
        f"w = {number(w_0)}: the loss over b falls from the plateau to the valley like a wall."
    )
    return figure


def recall(
    lags: ArrayLike,
    norms: Mapping[str, ArrayLike],
    accuracy: Mapping[str, ArrayLike],
    chance: float,
    learnt: float = 0.95,
) -> Figure:
    """Draw, for each way to begin, the gradient norm before training and the accuracy after it, against the lag.

    Every seed is a point, and the seeds that learnt the task are counted: a mean over networks that recall everything
    and networks that guess would be a score that no network has.

    Args:
        lags: (N,), in steps.
        norms: start -> (N,), the norm of dh_T/dh_t before training.
        accuracy: start -> (S, N), from 0 to 1, a row for each seed.
        chance: the accuracy of guessing.
        learnt: a network above this accuracy counts as one that has learnt the task.

    Raises:
        ValueError: the shapes do not fit, or the two mappings have other keys.
    """
    steps = np.asarray(lags, dtype=float)
    if list(norms) != list(accuracy):
        raise ValueError(
            f"norms and accuracy must have the same keys, got {list(norms)} and {list(accuracy)}"
        )
    figure, (left, right) = new_axes(9, 3.6, 1, 2)
    texts = []
    with style():
        for k, start in enumerate(norms):
            scores, curve = np.asarray(accuracy[start], dtype=float), np.asarray(norms[start], dtype=float)
            if scores.ndim != 2 or scores.shape[1] != steps.size or curve.shape != steps.shape:
                wanted = f"({steps.size},) and (S, {steps.size})"
                raise ValueError(f"{start!r} must have shapes {wanted}, got {curve.shape} and {scores.shape}")
            look: dict[str, Any] = {"color": COLOURS[k], "marker": MARKERS[k], "ms": 5}
            left.plot(steps, curve, ls=DASHES[k], label=start, **look)
            aside = 0.25 * (k - (len(norms) - 1) / 2) + np.linspace(-0.09, 0.09, len(scores))
            right.plot(np.outer(np.exp(aside), steps).ravel(), scores.ravel(), ls="", alpha=0.6, **look)
            row = 1.1 + 0.1 * (len(norms) - 1 - k)
            counts = [f"{found}/{len(scores)}" for found in (scores > learnt).sum(axis=0)]
            for step, count in zip(steps, counts, strict=True):
                right.text(step, row, count, color=COLOURS[k], ha="center", va="center")
            right.text(1.02, row, start, color=COLOURS[k], va="center", transform=right.get_yaxis_transform())
            found_at = ", ".join(f"{c} at lag {s:g}" for c, s in zip(counts, steps, strict=True))
            texts.append(
                f"{start}: gradient norm from {curve[0]:.0e} to {curve[-1]:.0e}; "
                f"networks that recall more than {learnt:g}: {found_at}"
            )
        right.axhline(chance, color=BLACK, lw=1, ls=":")
        right.text(steps[0], chance - 0.07, f"guessing: {chance:.2f}", va="top")
        left.set(
            title="Before training: the gradient",
            ylabel=r"norm of $\partial h_T / \partial h_t$",
            yscale="log",
        )
        right.set(
            title=f"After training: networks that recall more than {learnt:g}",
            ylabel="part recalled (a mark is a network)",
            ylim=(0, 1.07 + 0.1 * len(norms)),
            yticks=np.linspace(0, 1, 6),
        )
        for ax in (left, right):
            ax.set(xlabel="lag, in steps", xscale="log")
            ax.set_xticks(steps, [f"{s:g}" for s in steps], minor=False)
            ax.minorticks_off()
        label_ends(left, gap=0.09)
    figure.alt = (
        f"Two charts over the lag in steps, {steps[0]:g} to {steps[-1]:g}. Left, the norm of the gradient before "
        f"training; right, the part of first letters recalled after training, a mark for each network; guessing gives "
        f"{chance:.2f}. {'. '.join(texts)}."
    )
    return figure


def fading(norms: ArrayLike, runs: ArrayLike, radius: float, activation: str) -> Figure:
    """Draw a gradient curve beside two runs that differ in their first input only. Made to be redrawn fast.

    A slider waits for this picture. So its places are fixed instead of laid out, and the y axis on the left is a
    plain axis whose labels are powers of ten: that takes a third of the time.

    Args:
        norms: (T,), the norm of dh_T/dh_t for the lags 0, 1, ..., T - 1.
        runs: (T, 2, H), the states of the two runs.
        radius: the spectral radius of the recurrent weights.
        activation: its name.

    Raises:
        ValueError: the shapes do not fit together.
    """
    curve, states = np.asarray(norms, dtype=float), np.asarray(runs, dtype=float)
    if states.ndim != 3 or states.shape[:2] != (curve.size, 2):
        raise ValueError(f"runs must have shape (T, 2, H) with T = {curve.size} norms, got {states.shape}")
    lag = curve.size - 1
    gap = np.linalg.norm(states[:, 0] - states[:, 1], axis=1)
    unit = states.std(axis=0).sum(axis=0).argmax()
    with style(), np.errstate(divide="ignore"):  # a gradient of zero is below the axis
        figure = Figure(figsize=(6.5, 3), dpi=100)
        left, right = figure.add_axes((0.1, 0.16, 0.36, 0.72)), figure.add_axes((0.58, 0.16, 0.38, 0.72))
        left.plot(np.arange(lag + 1) * np.log10(radius), color=BLACK, lw=1, ls=":")
        left.plot(np.log10(curve), color=RED)
        left.set_yticks(range(-15, 10, 5), ["1e-15", "1e-10", "1e-5", "1", "1e5"])
        left.set(xlim=(0, lag), ylim=(-17, 9), xlabel="lag, in steps")
        left.set_title(f"Gradient at lag {lag}: {number(curve[-1])}", y=1)
        left.text(0.03, 0.04, "dotted: radius to the lag", transform=left.transAxes, fontsize=9)
        right.plot(range(1, lag + 2), states[:, 0, unit], color=BLUE)
        right.plot(range(1, lag + 2), states[:, 1, unit], color=COLOURS[4], ls="--")
        right.set(xlim=(1, lag + 1), xlabel="step t")
        right.set_title(f"A unit in two runs: {number(gap[-1])} apart", y=1)
        if activation == "tanh":
            right.set_ylim(-1.05, 1.05)
    figure.alt = (
        f"Two line charts, {activation}, spectral radius {number(radius)}, {lag + 1} steps. Left, logarithmic: the "
        f"norm of dh_T/dh_t is {number(curve[-1])} at lag {lag}; radius to the lag is {number(radius**lag)}. Right: "
        f"the busiest unit in two runs that differ in their first input only; the states of all units are "
        f"{number(gap[0])} apart after the first step and {number(gap[-1])} after the last."
    )
    return figure
