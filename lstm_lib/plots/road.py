"""The pictures of lesson 05: how much of a gradient arrives over a long lag, and what a net can then learn."""

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


def norms_of_nets(
    norms: Mapping[str, ArrayLike], lowest: float = 1e-16, ticks: Sequence[int] = (50, 200)
) -> Figure:
    """Draw the norm of ds_T/ds_t against the lag, one curve for each kind of net.

    A curve that falls below the lowest number shown ends there, with its name. One that falls to 0, as a gradient
    does in the end that is too small for its dtype, leaves the picture as well.

    Args:
        norms: name -> (T,), the norms for the lags 0, 1, ..., T - 1; the same T for all.
        lowest: where the y axis begins.
        ticks: the lags at which the alt text gives every norm.

    Raises:
        TypeError: a tick is not an int.
        ValueError: there is no curve, they are not (T,) or of different T, a norm is below 0 or not finite, the first
            one of a curve is not above ``lowest``, ``lowest`` is not above 0, or a tick is not among the lags.
    """
    curves = _checked_curves(norms, lowest)
    length = len(next(iter(curves.values())))
    for lag in ticks:
        if isinstance(lag, bool) or not isinstance(lag, (int, np.integer)):
            raise TypeError(f"ticks must be lags, whole numbers, got {lag!r}")
        if not 0 <= lag < length:
            raise ValueError(f"ticks must be lags from 0 to {length - 1}, got {lag}")
    looks = _looks(list(curves))
    figure, ax = new_axes(9, 4.6)
    with style():
        for name, curve in curves.items():
            shown = int((curve >= lowest).cumprod().sum())  # the lags before it leaves the picture
            if shown == length:
                ax.plot(curve, label=name, **looks[name])
            else:
                ax.plot(
                    [*range(shown), _where(curve, lowest)], np.append(curve[:shown], lowest), **looks[name]
                )
        top = max(10.0, 3 * max(float(curve.max()) for curve in curves.values()))
        ax.set(xlim=(0, length - 1), ylim=(lowest, top), yscale="log", xlabel="lag T − t, in steps")
        ax.set_ylabel(r"norm of $\partial s_T / \partial s_t$")
        ax.set_title("How much of a gradient arrives: a flat curve is a road, a falling one a wall")
        label_ends(ax, gap=0.06)
        leaving = {name: curve for name, curve in curves.items() if (curve < lowest).any()}
        _name_those_that_leave(ax, leaving, lowest, looks)
    told = [
        f"{name}: {', '.join(f'{number(curve[lag])} at lag {lag}' for lag in ticks)}"
        for name, curve in curves.items()
    ]
    figure.alt = (
        f"Line chart, logarithmic y axis from {number(lowest)}: the norm of ds_T/ds_t over the lag, 0 to {length - 1} "
        f"steps, a curve for each net. {'; '.join(told)}."
    )
    return figure


def _numbers(name: str, given: object) -> Array:
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {given!r:.80}") from None


def _one_number(name: str, given: object) -> float:
    array = _numbers(name, given)
    if array.ndim:
        raise ValueError(f"{name} must be one number, got shape {array.shape}")
    return float(array)


def _checked_curves(norms: Mapping[str, ArrayLike], lowest: float) -> dict[str, Array]:
    if not norms:
        raise ValueError("norms must hold at least one curve, got none")
    if not 0 < _one_number("lowest", lowest) < np.inf:
        raise ValueError(f"lowest must be a number above 0, got {lowest}")
    curves = {name: _numbers(f"norms[{name!r}]", curve) for name, curve in norms.items()}
    first = next(iter(curves))
    for name, curve in curves.items():
        if curve.ndim != 1 or len(curve) < 2:
            raise ValueError(
                f"norms[{name!r}] must be (T,), the norms for at least 2 lags, got shape {curve.shape}"
            )
        if curve.shape != curves[first].shape:
            raise ValueError(
                f"norms[{name!r}] must be as long as norms[{first!r}], {len(curves[first])}, got {len(curve)}"
            )
        if (bad := ~(np.isfinite(curve) & (curve >= 0))).any():
            at = int(bad.argmax())
            raise ValueError(
                f"norms[{name!r}] must be finite and not below 0, got {curve[at]} at lag {at}: has it exploded?"
            )
        if curve[0] <= lowest:
            raise ValueError(
                f"norms[{name!r}] must begin above lowest, which is {lowest}, got {curve[0]} at lag 0: "
                "choose a smaller lowest"
            )
    return curves


def _looks(names: list[str]) -> dict[str, dict[str, Any]]:
    """Return colour and dashes for each name: a colour for each kind of net, dashes for the nets of one kind."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(name.split(",")[0], []).append(name)
    return {
        name: {"color": COLOURS[k % len(COLOURS)], "ls": DASHES[n % len(DASHES)]}
        for k, members in enumerate(kinds.values())
        for n, name in enumerate(members)
    }


def _name_those_that_leave(
    ax: Any, curves: Mapping[str, Array], lowest: float, looks: Mapping[str, dict[str, Any]]
) -> None:
    """Write the names of the curves that leave the picture below: the first on its left, the others on their right."""
    first_to_leave = sorted(curves, key=lambda name: int((curves[name] >= lowest).cumprod().sum()))
    for row, name in enumerate(first_to_leave):
        height = lowest ** (0.88 - 0.09 * max(row - 1, 0))  # in the picture's own powers of ten
        at = {other: _where(curve, height) for other, curve in curves.items()}
        place = (at[name], -8, "right") if row == 0 else (max(at.values()), 20, "left")
        ax.annotate(
            name, (at[name], height), (place[1] + 72 / 100 * _pixels(ax, place[0] - at[name]), 0),
            textcoords="offset points", color=looks[name]["color"], va="center", ha=place[2],
            arrowprops={"arrowstyle": "-", "color": looks[name]["color"], "lw": 0.8} if row else None,
        )  # fmt: skip


def _where(curve: Array, height: float) -> float:
    """Return the lag, in between two if need be, at which a curve comes below a height for the first time."""
    after = int((curve >= height).cumprod().sum())
    # Where a gradient has become 0, any number that is too small to be drawn gives the same picture.
    above, below = np.log(curve[after - 1]), np.log(max(curve[after], height * 1e-6))
    return after - 1 + float((above - np.log(height)) / (above - below))


def _pixels(ax: Any, steps: float) -> float:
    return float(ax.transData.transform((steps, 1))[0] - ax.transData.transform((0, 1))[0])


def outcomes(
    accuracy: Mapping[str, ArrayLike], chance: float, learnt: float = 0.95, task: str = "the task"
) -> Figure:
    """Draw a row for each way to begin, with a mark for each net at its accuracy, and count those that learnt.

    Args:
        accuracy: start -> (S,), from 0 to 1, one number a net.
        chance: the accuracy of guessing.
        learnt: a net above this accuracy counts as one that has learnt the task.
        task: its name, for the title.

    Raises:
        ValueError: there is no row, one is not (S,) numbers from 0 to 1, or chance or learnt is not from 0 to 1.
    """
    for argument, value in (("chance", chance), ("learnt", learnt)):
        if not 0 <= _one_number(argument, value) <= 1:
            raise ValueError(f"{argument} must be a part, from 0 to 1, got {value}")
    if not accuracy:
        raise ValueError("accuracy must hold at least one start, got none")
    rows = {name: _numbers(f"accuracy[{name!r}]", row) for name, row in accuracy.items()}
    for name, row in rows.items():
        if row.ndim != 1 or row.size == 0 or not ((row >= 0) & (row <= 1)).all():
            raise ValueError(
                f"accuracy[{name!r}] must be (S,) numbers from 0 to 1, got shape {row.shape}: {row}"
            )
    figure, ax = new_axes(9, 0.9 + 0.45 * len(rows))
    texts = []
    with style():
        for k, (name, row) in enumerate(rows.items()):
            aside = np.linspace(-0.12, 0.12, row.size) if row.size > 1 else np.zeros(1)
            ax.plot(
                row,
                -k + aside,
                ls="",
                marker=MARKERS[k % len(MARKERS)],
                color=COLOURS[k % len(COLOURS)],
                ms=7,
            )
            count = f"{(row > learnt).sum()} of {row.size}"
            ax.text(1.04, -k, count, va="center")
            texts.append(f"{name}: {count}, best {row.max():.2f}")
        top = 0.62
        ax.vlines([chance, learnt], 0.4 - len(rows), top - 0.05, colors=BLACK, lw=1, ls=[":", "-"])
        ax.text(chance, top, f"guessing: {chance:.2f}", ha="center", va="bottom", fontsize=9)
        ax.text(learnt, top, f"learnt: above {learnt:g}", ha="right", va="bottom", fontsize=9)
        ax.set_yticks(-np.arange(len(rows)), list(rows))
        ax.set(xlim=(0, 1.15), ylim=(0.4 - len(rows), 1.05), xlabel="part recalled (a mark is a net)")
        ax.set_xticks(np.linspace(0, 1, 6))
        ax.grid(visible=False, axis="y")
        ax.set_title(f"Who learns {task}? The number on the right counts the nets that did")
    figure.alt = (
        f"Dot chart: who learns {task}. A row for each way to begin and a mark for each net, at the part recalled, "
        f"from 0 to 1; guessing gives {chance:.2f}. Nets above {learnt:g}: {'; '.join(texts)}."
    )
    return figure


def explorer(lstm: ArrayLike, rnn: ArrayLike, direct: ArrayLike, forget: ArrayLike, bias: float) -> Figure:
    """Draw the gradient of an LSTM beside an RNN's, and its forget gates over time. Made to be redrawn fast.

    Places are fixed instead of laid out, and the y axis on the left is a plain axis whose labels are powers of ten.

    Args:
        lstm: (T,), the norm of ds_T/ds_t of the LSTM for the lags 0, 1, ..., T - 1.
        rnn: (T,), the same of an RNN.
        direct: (T,), the largest product of forget gates over the lag: the road alone.
        forget: (T, H), the forget gates at every step.
        bias: the forget bias, for the words.

    Raises:
        ValueError: the shapes do not fit together or have an empty axis, a norm is below 0 or not finite, a gate or a
            product of gates is not from 0 to 1, or the bias is not finite.
    """
    gates = _numbers("forget", forget)
    if gates.ndim != 2 or not gates.size:
        raise ValueError(f"forget must be (T, H), at least one gate at one step, got shape {gates.shape}")
    steps, curves = len(gates), []
    for argument, value in (("lstm", lstm), ("rnn", rnn), ("direct", direct)):
        curve = _numbers(argument, value)
        if curve.shape != (steps,):
            raise ValueError(
                f"{argument} must be ({steps},), a number for each step of forget, got shape {curve.shape}"
            )
        if not ((curve >= 0) & (curve < np.inf)).all():
            raise ValueError(f"{argument} must be finite and not below 0, got {curve}")
        curves.append(curve)
    for argument, parts in (("direct", curves[2]), ("forget", gates)):
        if not ((parts >= 0) & (parts <= 1)).all():
            raise ValueError(f"{argument} must hold parts, from 0 to 1, got {parts.min()} to {parts.max()}")
    if not np.isfinite(_one_number("bias", bias)):
        raise ValueError(f"bias must be a finite number, got {bias}")
    lag, mean = steps - 1, float(gates.mean())
    with style(), np.errstate(divide="ignore"):  # a gradient of zero is below the axis
        figure = Figure(figsize=(6.5, 3), dpi=100)
        left, right = figure.add_axes((0.135, 0.16, 0.365, 0.7)), figure.add_axes((0.615, 0.16, 0.365, 0.7))
        for curve, colour, dash in zip(curves, (BLUE, RED, BLACK), ("-", "--", ":"), strict=True):
            left.plot(np.log10(curve), color=colour, ls=dash, lw=1.5 if dash == ":" else 2)
        last = [number(curve[-1]) for curve in curves]
        if steps > 1 and not curves[1][1:].any():  # no weights, no curve
            last[1] = "0 from lag 1 on"
        names = ("— LSTM", BLUE), ("- - RNN", RED), ("··· road, widest unit", BLACK)
        for k, (name, colour) in enumerate(names):
            left.text(
                0.03, 0.2 - 0.08 * k, f"{name}: {last[k]}", color=colour, transform=left.transAxes, fontsize=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        left.set_yticks(range(-20, 10, 5), ["1e-20", "1e-15", "1e-10", "1e-5", "1", "1e5"])
        left.set(xlim=(0, lag), ylim=(-22, 7), xlabel="lag, in steps")
        left.set_ylabel("norm of ds_T/ds_t", labelpad=1)
        left.set_title(f"LSTM at lag {lag}: {number(curves[0][-1])}", y=1)
        t = np.arange(1, steps + 1)
        right.fill_between(t, gates.min(axis=1), gates.max(axis=1), color=BLUE, alpha=0.25, lw=0)
        right.plot(t, gates.mean(axis=1), color=BLUE)
        right.set(xlim=(1, steps), ylim=(0, 1.02), xlabel="step t")
        right.set_ylabel("mean, lowest to highest", labelpad=1)
        right.set_title(f"Forget gates: {number(mean)} on average", y=1)
    figure.alt = (
        f"Two line charts, forget bias {number(bias)}, {steps} steps. Left, logarithmic: at lag {lag} the norm of "
        f"ds_T/ds_t is {number(curves[0][-1])} for the LSTM and {number(curves[1][-1])} for the RNN; the largest "
        f"product of forget gates, the road alone, is {number(curves[2][-1])}. Right: the forget gates are "
        f"{number(mean)} on average, from {number(float(gates.min()))} to {number(float(gates.max()))}."
    )
    return figure
