"""What the gates of one LSTM cell do over time, as a picture and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.cell import PARTS
from lstm_lib.plots.figure import BLACK, BLUE, Figure, label_ends, number, style

Array = NDArray[Any]


def traces(inputs: Mapping[str, ArrayLike], cell: Mapping[str, ArrayLike], title: str) -> Figure:
    """Draw what happens inside one cell over time: inputs and candidate, the three gates, the states.

    A gate is a band that is filled up to its value, so that three gates that are all open can still be told apart.
    A slider waits for this picture: its places are fixed, and it has few ticks.

    Args:
        inputs: label -> (T,), one or two of them.
        cell: "f", "i", "o", the gates, "g", the candidate, and "c", "h", the states: each (T,).
        title: what there is to see.

    Raises:
        TypeError: inputs or cell is no dict.
        ValueError: something is missing, is not numbers, has another shape than (T,) or holds a NaN or an infinity;
            there is no input or more than two; a gate leaves 0 ... 1.
    """
    x, values = _checked_traces(inputs, cell)
    T = values["c"].size
    with style():
        figure = Figure(figsize=(8, 4.6), dpi=100)
        places = {
            "inputs": (0.71, 0.22),
            "0 shut, 1 open": (0.38, 0.29),
            "states": (0.1, 0.24),
        }  # bottom, height
        panels = [figure.add_axes((0.1, low, 0.75, height)) for low, height in places.values()]
        for ax, name in zip(panels, places, strict=True):
            ax.set(xlim=(0.5, T + 0.5), ylabel=name)
            ax.yaxis.set_label_coords(-0.075, 0.5)
        top, middle, bottom = panels
        top.set_title(title, y=1)
        _comes_in(top, x, values["g"])
        _bands(middle, values)
        for ax in (top, middle):
            ax.set_xticks([])  # every tick costs time
        _steps(bottom, values["c"], "cell c", color=PARTS["c"][0], ls="-")
        _steps(bottom, values["h"], "hidden h", color=PARTS["o"][0], ls="--")
        bottom.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
        bottom.set_xlabel("step t")
        for ax in (top, bottom):
            label_ends(ax, gap=0.2)
    figure.alt = f"{title}. {traces_in_words(x, values)}"
    return figure


def _widened(line: Array) -> tuple[Array, Array]:
    """Return the edges of the steps (T + 1,), and the values from each edge on, the last one twice."""
    return np.arange(line.size + 1) + 0.5, np.append(line, line[-1])


def _steps(ax: Any, line: Array, label: str, **look: Any) -> None:
    """Draw a line that is level during each step."""
    ax.plot(*_widened(line), label=label, drawstyle="steps-post", **look)


def _comes_in(ax: Any, x: Mapping[str, Array], candidate: Array) -> None:
    for (label, line), (colour, dash) in zip(x.items(), ((BLACK, "-"), (BLUE, ":")), strict=False):
        _steps(ax, line, label, color=colour, ls=dash, lw=1.5)
    marks = {"color": PARTS["g"][0], "ls": "--", "lw": 1, "marker": ".", "ms": 4}
    ax.plot(np.arange(1, candidate.size + 1), candidate, label="candidate", **marks)
    low, high = (
        min(-1.1, *(line.min() for line in x.values())),
        max(1.1, *(line.max() for line in x.values())),
    )
    ax.set(ylim=(1.05 * low, 1.05 * high))


def _bands(ax: Any, values: Mapping[str, Array]) -> None:
    names = {"f": "forget gate", "i": "input gate", "o": "output gate"}
    for row, name in enumerate(names):
        base = 3 - 1.5 * row
        edges, gate = _widened(values[name])
        ax.fill_between(edges, base, base + gate, step="post", color=PARTS[name][0], alpha=0.75, lw=0)
        ax.axhline(base, color=BLACK, lw=0.8, ls="-")
        ax.text(1.01, (base + 0.5) / 4.2, names[name], transform=ax.transAxes, va="center")
    ax.grid(False)
    ax.set(ylim=(0, 4.2))
    ax.set_yticks([0, 1, 1.5, 2.5, 3, 4], ["0", "1"] * 3, fontsize=9)


def traces_in_words(inputs: Mapping[str, ArrayLike], cell: Mapping[str, ArrayLike]) -> str:
    """Say which gates are open and shut when, and where the states end.

    The arguments are those of ``traces``, and so are the errors.
    """
    x, values = _checked_traces(inputs, cell)
    steps = len(values["c"])
    said = [f"{steps} step{'s' * (steps > 1)}"]
    for label, line in x.items():
        said.append(f"{label} from {number(line.min())} to {number(line.max())}")
    for name, word in {"f": "forget", "i": "input", "o": "output"}.items():
        said.append(f"{word} gate {_when(values[name])}")
    said.append(f"candidate from {number(values['g'].min())} to {number(values['g'].max())}")
    c, h = values["c"], values["h"]
    size = np.abs(c)
    # The first that is as good as the farthest: a gate that is almost 1 drifts by 1e-9, and that decides nothing.
    farthest = int(np.argmax(size > size.max() * (1 - 1e-3) - 1e-12))
    said.append(
        f"cell state farthest from 0 at step {farthest + 1}: {number(c[farthest])}; at the end {number(c[-1])}; "
        f"hidden state at the end {number(h[-1])}"
    )
    return ". ".join(part[0].upper() + part[1:] for part in said) + "."


def _when(gate: Array) -> str:
    """Say at which steps a gate is open (above 0.9), shut (below 0.1), or partly open."""
    between = (gate >= 0.1) & (gate <= 0.9)
    partly = "partly open"
    if between.sum() > gate.size / 2:
        partly += f" (on average {number(gate[between].mean())})"
    kinds = {"open": gate > 0.9, "shut": gate < 0.1, partly: between}
    found = {kind: where for kind, where in kinds.items() if where.any()}
    usual = max(found, key=lambda kind: found[kind].sum())
    if len(found) == 1:
        return f"{usual} at all steps"
    others = [f"{kind} at {_ranges(where)}" for kind, where in found.items() if kind != usual]
    return f"{', '.join(others)}, else {usual}"


def _ranges(where: Array, most: int = 5) -> str:
    """Say where an array is true: steps 3, 7 to 9 and 4 times more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where.astype(int), [0]])))
    runs = [f"{a + 1}" if b == a + 1 else f"{a + 1} to {b}" for a, b in edges.reshape(-1, 2)]
    left = len(runs) - most
    more = f" and {'once' if left == 1 else f'{left} times'} more" if left > 0 else ""
    return f"step{'s' * bool(where.sum() > 1)} {', '.join(runs[:most])}{more}"


def _checked_traces(
    inputs: Mapping[str, ArrayLike], cell: Mapping[str, ArrayLike]
) -> tuple[dict[str, Array], dict[str, Array]]:
    for name, given in {"inputs": inputs, "cell": cell}.items():
        if not isinstance(given, Mapping):
            raise TypeError(f"{name} must be a dict, name -> (T,), got {type(given).__name__}")
    if missing := [name for name in "figoch" if name not in cell]:
        raise ValueError(f"cell must hold i, f, g, o, c and h, got none for {', '.join(missing)}")
    if not 1 <= len(inputs) <= 2:
        raise ValueError(f"inputs must be one or two, got {len(inputs)}")
    c = _line("cell['c']", cell["c"])  # first: all others are to be as long as this
    values = {name: _line(f"cell[{name!r}]", cell[name], c.size) for name in "figoch"}
    x = {label: _line(f"inputs[{label!r}]", line, c.size) for label, line in inputs.items()}
    for name in "fio":
        if not ((values[name] >= 0) & (values[name] <= 1)).all():
            raise ValueError(
                f"cell[{name!r}], a gate, must be from 0 to 1, "
                f"got {values[name].min():.3g} to {values[name].max():.3g}"
            )
    return x, values


def _line(name: str, given: ArrayLike, steps: int | None = None) -> Array:
    """Return what is given as (T,), checked."""
    expected = "(T,)" if steps is None else f"({steps},), like cell['c']"
    try:
        line = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers of shape {expected}, got {given!r:.80}") from None
    if line.ndim != 1 or line.size == 0 or line.size != (steps or line.size):
        hint = ": take one unit, [:, 0]" if line.ndim == 2 and line.size else ""
        raise ValueError(f"{name} must have shape {expected}, got {line.shape}{hint}")
    if not (finite := np.isfinite(line)).all():
        step = int(finite.argmin())
        raise ValueError(f"{name} must hold finite numbers, got {line[step]} at step {step + 1}")
    return line
