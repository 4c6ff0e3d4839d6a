"""Series and their forecasts: the series themselves, the rolling origin, the forecast that fools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    RED,
    SKY,
    Figure,
    large,
    new_axes,
    style,
)  # fmt: skip

Array = NDArray[Any]
#: What is drawn for each part of a series.
PARTS = {"train": (SKY, ""), "validation": (ORANGE, "//"), "test": (GREEN, "\\\\")}


def numbers(name: str, given: ArrayLike, shape: tuple[int | None, ...]) -> Array:
    """Return the numbers as an array; None in ``shape`` is any size from 1 on.

    Raises:
        ValueError: they are no finite numbers of that shape.
    """
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {given!r:.80}") from None
    fits = array.ndim == len(shape) and all(
        have == want or (want is None and have > 0) for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        expected = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ")"
        raise ValueError(f"{name} must have shape {expected}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got a NaN or an infinite number")
    return array


def dates(name: str, given: ArrayLike, length: int) -> Array:
    """Return (length,) datetime64 that rise.

    Raises:
        ValueError: they are none, or not so many, or do not rise.
    """
    times = np.asarray(given)
    if times.dtype.kind != "M" or times.shape != (length,) or (np.diff(times) <= np.timedelta64(0)).any():
        raise ValueError(
            f"{name} must be {length} rising datetime64, got {times.dtype} of shape {times.shape}"
        )
    return times


def overview(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, str]], cuts: Sequence[tuple[int, int]], title: str
) -> Figure:
    """Draw some series under one another, with the place where validation and test begin.

    Args:
        panels: name -> times (N,), values (N,) and the unit.
        cuts: for each panel, where its validation and its test part begin.
        title: what there is to see.

    Raises:
        ValueError: there is no panel, there are not as many cuts, or what is drawn is not such a series.
    """
    if not panels or len(panels) != len(cuts):
        raise ValueError(
            f"panels must be at least one, with cuts for each, got {len(panels)} and {len(cuts)}"
        )
    figure, axes = new_axes(9, 0.6 + 1.75 * len(panels), len(panels), 1, squeeze=False)
    told = []
    with style():
        for ax, (name, (given, values, unit)), cut in zip(axes[:, 0], panels.items(), cuts, strict=True):
            y = numbers(f"panels[{name!r}]", values, (None,))
            times = dates(f"the times of panels[{name!r}]", given, len(y))
            if not 0 < cut[0] < cut[1] < len(y):
                raise ValueError(f"cuts must lie inside {name!r} and rise, got {cut}")
            ax.plot(times, y, color=BLUE, ls="-", lw=0.7)
            edges = [times[0], times[cut[0]], times[cut[1]], times[-1]]
            for (part, (colour, hatch)), left, right in zip(PARTS.items(), edges, edges[1:], strict=False):
                ax.axvspan(left, right, facecolor=colour, alpha=0.13, hatch=hatch, edgecolor=colour)
                middle = left + (right - left) / 2
                ax.text(
                    middle,
                    1.0,
                    part,
                    transform=ax.get_xaxis_transform(),
                    ha="center",
                    va="bottom",
                    fontsize=9,
                )
            locator = AutoDateLocator(maxticks=10)  # type: ignore[no-untyped-call]
            ax.xaxis.set_major_locator(locator)
            ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
            ax.set(ylabel=unit, xlim=(times[0], times[-1]))
            ax.set_title(name, pad=13)
            told.append(
                f"{name}, in {unit}, {_day(times[0])} to {_day(times[-1])}: {large(y.min())} to {large(y.max())}, "
                f"mean {large(y.mean())}; validation begins on {_day(edges[1])}, the test part on {_day(edges[2])}"
            )
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.alt = f"{title}. Line charts under one another. {'. '.join(told)}."
    return figure


def _day(time: np.datetime64) -> str:
    return str(time.astype("datetime64[D]"))


def rolling_origin(
    train: int, validation: int, test: int, horizon: int, origins: Sequence[int], unit: str
) -> Figure:
    """Draw the three parts of a series as a bar and, below it, what each origin of the test part may read and must say.

    Args:
        train, validation, test: the length of each part.
        horizon: steps that are forecast from an origin.
        origins: the last steps that are known, counted from 0, in the test part or just before it.
        unit: what a step is, in the plural.

    Raises:
        ValueError: a length is not above zero, there is no origin, or the targets of one are not all in the test part.
    """
    if min(train, validation, test, horizon) < 1 or not origins:
        raise ValueError(
            f"lengths must be above 0 and origins some, got {(train, validation, test, horizon, origins)}"
        )
    begin, end = train + validation, train + validation + test
    if any(not begin - 1 <= t <= end - 1 - horizon for t in origins):
        raise ValueError(f"origins must be from {begin - 1} to {end - 1 - horizon}, got {list(origins)}")
    figure, ax = new_axes(9, 1.0 + 0.36 * (len(origins) + 1))
    edges = [0, train, begin, end]
    with style():
        for (part, (colour, hatch)), left, right in zip(PARTS.items(), edges, edges[1:], strict=False):
            ax.barh(
                0,
                right - left,
                left=left,
                height=0.7,
                color=colour,
                alpha=0.45,
                hatch=hatch,
                edgecolor=BLACK,
                lw=0.5,
            )
            ax.text(
                (left + right) / 2, 0, part, ha="center", va="center", fontsize=10,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
        for row, t in enumerate(origins, start=1):
            ax.plot([0, t + 1], [-row, -row], color=BLACK, ls="-", lw=2)
            ax.plot([t + 1, t + 1 + horizon], [-row, -row], color=RED, ls="-", lw=7, solid_capstyle="butt")
            ax.plot(t + 1, -row, color=BLACK, marker="o", ms=6)
        ax.text(origins[0] / 2, -1 + 0.12, "what may be read", va="bottom", ha="center", fontsize=9)
        ax.text(
            origins[0] + 1 + horizon / 2, -1 + 0.2, "what is forecast", va="bottom", ha="center", fontsize=9
        )
        ax.set(
            title=f"The origin (dot) rolls on: {len(origins)} forecasts, each of {horizon} {unit}",
            xlabel=unit,
            yticks=[],
            ylim=(-len(origins) - 0.6, 0.6),
            xlim=(0, end),
        )
        ax.grid(visible=False)
    figure.alt = (
        f"Diagram of a rolling origin. A series of {train} {unit} of training, {validation} of validation, {test} of "
        f"test. Below it {len(origins)} rows, for the origins {', '.join(map(str, origins))}: a thin line for all that "
        f"may be read, up to a dot, and a thick line for the {horizon} {unit} after it that are forecast."
    )
    return figure


def shifted(
    truth: ArrayLike, forecast: ArrayLike, close: int, *, title: str, ylabel: str, xlabel: str
) -> Figure:
    """Draw a truth with a forecast of one step ahead: all of it at the left, the last ``close`` steps at the right.

    Raises:
        ValueError: truth and forecast are not (N,), or close is not from 2 to N.
    """
    y = numbers("truth", truth, (None,))
    f = numbers("forecast", forecast, y.shape)
    if not 2 <= close <= len(y):
        raise ValueError(f"close must be from 2 to {len(y)}, got {close}")
    t = np.arange(len(y))
    figure, axes = new_axes(9, 3.2, 1, 2, width_ratios=(1.2, 1))
    with style():
        for ax, part, mark in ((axes[0], slice(None), ""), (axes[1], slice(len(y) - close, None), "o")):
            ax.plot(t[part], y[part], color=BLACK, ls="-", lw=1.5, marker=mark, ms=3, label="truth")
            ax.plot(t[part], f[part], color=RED, ls="--", lw=1.5, marker=mark and "s", ms=3, label="forecast")
            ax.set_xlabel(xlabel)
        axes[0].set(ylabel=ylabel, title="from far")
        axes[1].set(title=f"the last {close}, from near")
        axes[0].legend(loc="upper left", frameon=False)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    r2 = 1 - np.square(y - f).sum() / np.square(y - y.mean()).sum()
    same = float(np.mean(f[1:] == y[:-1]))
    figure.alt = (
        f"{title}. Two line charts of {ylabel} over {xlabel}, truth and forecast. Left, all {len(y)} steps: R² {r2:.3f}"
        f". Right, the last {close}: at {same:.0%} of all steps the forecast is the true value of the step before."
    )
    return figure
