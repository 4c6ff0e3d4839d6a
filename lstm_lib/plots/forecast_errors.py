"""How good forecasts are and where they fail: standings with a mark for each seed, the worst days, an explorer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from numpy.typing import ArrayLike

from lstm_lib.plots.figure import BLACK, BLUE, GREEN, RED, Figure, new_axes, style
from lstm_lib.plots.forecasts import dates, numbers


def standings(scores: Mapping[str, ArrayLike], *, title: str, xlabel: str, log: bool = False) -> Figure:
    """Draw a row for each name, the first on top: a mark for each seed, or one where there is none.

    Args:
        scores: name -> a number, or (S,), one for each seed. Names that hold "LSTM" get another mark.
        title: what there is to see.
        xlabel: what the score is, with its unit and whether high or low is good.
        log: a logarithmic axis.

    Raises:
        ValueError: there is no row, or one holds no finite numbers.
    """
    if not scores:
        raise ValueError("scores must hold at least one row, got none")
    rows = {name: numbers(f"scores[{name!r}]", np.atleast_1d(v), (None,)) for name, v in scores.items()}
    figure, ax = new_axes(8.5, 1.1 + 0.34 * len(rows))
    with style():
        for k, (name, values) in enumerate(rows.items()):
            kind = int("LSTM" in name)
            look = {"color": (BLACK, BLUE)[kind], "marker": "so"[kind], "ms": 7, "alpha": 0.65}
            ax.plot(values, np.full(len(values), -k), ls="", **look)
            ax.annotate(
                number3(values.mean()), (values.max(), -k), (9, 0), textcoords="offset points", va="center"
            )
        ax.set_yticks(-np.arange(len(rows)), list(rows))
        ax.set(xlabel=xlabel, title=title, ylim=(0.6 - len(rows), 0.6), xscale="log" if log else "linear")
        ax.margins(x=0.12)
        ax.grid(visible=False, axis="y")
    told = "; ".join(
        f"{name} {number3(v.mean())}" + (f" ({number3(v.min())} to {number3(v.max())})" if len(v) > 1 else "")
        for name, v in rows.items()
    )
    figure.alt = f"{title}. Dot chart, a row for each name and a mark for each seed: {xlabel}. {told}."
    return figure


def number3(value: float) -> str:
    """Return a number with three significant digits, as a reader compares it; below 0.1, no zeros at the end."""
    if abs(value) < 0.1:
        return f"{value:.3g}"
    return f"{value:.0f}" if abs(value) >= 99.95 else f"{value:#.3g}"


def worst_days(
    days: ArrayLike, errors: ArrayLike, other: ArrayLike, notes: Mapping[str, str], *, title: str, ylabel: str
) -> Figure:
    """Draw the error of each day as a stem, beside that of another forecast, and name some days.

    Args:
        days: (N,) datetime64, rising.
        errors: (N,), of the forecast. other: (N,), of the one it corrects, as small crosses.
        notes: a day as text, such as "2014-12-25" -> what is written there.
        title: what there is to see.
        ylabel: with the unit.

    Raises:
        ValueError: a shape does not fit, or a note is about a day that is not there.
    """
    y = numbers("errors", errors, (None,))
    x, crosses = dates("days", days, len(y)).astype("datetime64[D]"), numbers("other", other, y.shape)
    figure, ax = new_axes(9, 3.4)
    with style():
        ax.vlines(x, 0, y, color=BLUE, lw=1.5)
        ax.plot(x, y, color=BLUE, marker="o", ms=4, ls="", label="LSTM")
        ax.plot(x, crosses, color=RED, marker="x", ms=5, ls="", label="smoothing alone")
        for day, text in notes.items():
            found = np.flatnonzero(x == np.datetime64(day))
            if not found.size:
                raise ValueError(f"notes must be about days that are drawn, got {day!r}")
            near = slice(max(0, found[0] - 4), found[0] + 5)  # so that the text is above its neighbours
            height = max(y[near].max(), crosses[near].max())
            ax.annotate(
                text, (x[found[0]], height), (0, 6), textcoords="offset points", ha="center", fontsize=9
            )
        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        ax.set(title=title, ylabel=ylabel)
        ax.set_ylim(0, 1.12 * max(y.max(), crosses.max()))
        ax.legend(loc="upper left", frameon=False)
    order = np.argsort(-y)[:5]
    told = ", ".join(f"{x[k]} {number3(y[k])}" for k in order)
    figure.alt = (
        f"{title}. Stem chart of {len(y)} days, {x[0]} to {x[-1]}: {ylabel}. Median {number3(float(np.median(y)))}; "
        f"the worst: {told}. A cross marks the error of the smoothing alone, which is larger on "
        f"{int((crosses > y).sum())} of the days."
    )
    return figure


def explorer(
    past: ArrayLike,
    truth: ArrayLike,
    quantiles: ArrayLike,
    baseline: ArrayLike,
    when: str,
    names: tuple[str, str, str],
    step: str = "steps",
) -> Figure:
    """Draw a forecast with its interval, a baseline and the truth. Made to be redrawn fast.

    Args:
        past: (P,), the last values that are known.
        truth: (K,). quantiles: (K, Q), rising. baseline: (K,).
        when: the time of the origin, as text.
        names: of the forecast, of the baseline, and of what is measured, with its unit.
        step: what a step is, in the plural.

    Raises:
        ValueError: a shape does not fit.
    """
    before, y = numbers("past", past, (None,)), numbers("truth", truth, (None,))
    q, b = numbers("quantiles", quantiles, (len(y), None)), numbers("baseline", baseline, y.shape)
    k, middle = np.arange(1, len(y) + 1), q.shape[1] // 2
    with style():
        figure = Figure(figsize=(6.5, 3.3), dpi=100)
        ax = figure.add_axes((0.115, 0.14, 0.86, 0.76))
        ax.plot(np.arange(1 - len(before), 1), before, color=BLACK, ls="-", lw=1.5)
        ax.fill_between(k, q[:, 0], q[:, -1], color=BLUE, alpha=0.25, lw=0)
        ax.plot(k, q[:, middle], color=BLUE, ls="-")
        ax.plot(k, b, color=RED, ls=":")
        ax.plot(k, y, color=BLACK, ls="--", lw=1.5)
        ax.axvline(0, color=GREEN, lw=1, ls="-")
        ax.set_title(f"Made {when}, for {len(y)} {step}", y=1)
        ax.set(xlabel=f"{step} after the origin", ylabel=names[2], xlim=(1 - len(before), len(y)))
        seen = np.concatenate([before, y, q.ravel(), b])
        low, high = float(seen.min()), float(seen.max())
        ax.set_ylim(low - 0.22 * (high - low) - 1e-9, high + 0.05 * (high - low) + 1e-9)
        ax.text(
            0.01, 0.02,
            f"black: truth, dashed after the origin · blue: {names[0]} and its interval · red dots: {names[1]}",
            transform=ax.transAxes, fontsize=8,
        )  # fmt: skip
    errors = [float(np.abs(f - y).mean()) for f in (q[:, middle], b)]
    inside = float(((q[:, 0] <= y) & (y <= q[:, -1])).mean())
    figure.alt = (
        f"Line chart of {names[2]}: a forecast made {when} for {len(y)} {step}. Mean absolute error: {names[0]} "
        f"{number3(errors[0])}, {names[1]} {number3(errors[1])}. {inside:.0%} of the true values lie in the interval. "
        f"The truth ends at {number3(float(y[-1]))}, forecast {number3(float(q[-1, middle]))}, interval "
        f"{number3(float(q[-1, 0]))} to {number3(float(q[-1, -1]))}."
    )
    return figure
