"""What gates do while a network reads: characters from left to right, a row of colours for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.transforms import ScaledTranslation
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLUE, Figure, new_figure, number, style

Array = NDArray[np.float64]

#: How characters that leave no mark are written below a picture.
SHOWN = {"\n": "↵", "\t": "→"}


def gate_map(
    text: str,
    gates: Mapping[str, ArrayLike],
    cells: Sequence[int],
    *,
    title: str,
    state: ArrayLike | None = None,
    says: str = "",
    width: float = 9.0,
) -> Figure:
    """Draw the gates of some cells while a text is read: a heat map for each gate, from 0 (dark) to 1 (light).

    The alt text is made from the data: how open each gate of the first cell is on letters and between words.

    Args:
        text: the T characters that were read.
        gates: name -> (T, K) numbers from 0 to 1; column k belongs to ``cells[k]``.
        cells: the numbers of the K cells, for the labels.
        title: what there is to see, as a sentence.
        state: (T,) the state of the first cell, drawn as a line below, or None.
        says: one more sentence for the alt text.
        width: inches.

    Raises:
        ValueError: there is nothing to draw; a gate has another shape than (T, K) or leaves 0 ... 1; the state has
            another shape than (T,).
    """
    if not text or not len(cells) or not gates:
        raise ValueError(
            "text, cells and gates must not be empty, "
            f"got {len(text)} characters, {len(cells)} cells and {len(gates)} gates"
        )
    maps = {name: _checked(f"gates[{name!r}]", gate, (len(text), len(cells))) for name, gate in gates.items()}
    for name, gate in maps.items():
        if not ((gate >= 0) & (gate <= 1)).all():
            raise ValueError(f"gates[{name!r}] must be from 0 to 1, got {gate.min():.3g} to {gate.max():.3g}")
    line = None if state is None else _checked("state", state, (len(text),))

    figure, panels, scale = _canvas(width, [0.19 * len(cells) + 0.1] * len(maps) + [1.0] * (line is not None))
    with style():
        for ax, (name, gate) in zip(panels, maps.items(), strict=False):
            image = _draw_gate(ax, name, gate, cells)
            _frame_spaces(ax, text)
        figure.colorbar(image, cax=scale, ticks=[0, 0.5, 1])
        scale.set_yticklabels(["0 shut", "0.5", "1 open"])
        if line is not None:
            _draw_state(panels[-1], line, text, cells[0])
        _write_below(panels[-1], text)
        panels[0].set_title(title, y=1, pad=12)
    figure.alt = _alt(text, maps, cells, title, line, says)
    return figure


def _canvas(width: float, heights: Sequence[float]) -> tuple[Figure, list[Any], Any]:
    """Return a figure with panels of the given heights (inches) and a narrow one for the scale on their right.

    Placed by hand, because a layout that is found by measuring costs time, and a learner is typing.
    """
    left, right, top, bottom, gap = 0.85, 0.85, 0.4, 0.5, 0.15  # inches
    height = sum(heights) + gap * (len(heights) - 1) + top + bottom
    with style():
        figure = new_figure(width, height)
        figure.set_layout_engine("none")
        across, high = (width - left - right) / width, height - top
        places = []
        for size in heights:
            places.append((high - size) / height)
            high -= size + gap
        panels = [
            figure.add_axes((left / width, low, across, size / height))
            for low, size in zip(places, heights, strict=True)
        ]
        scale = figure.add_axes(((width - right + 0.1) / width, places[0], 0.1 / width, heights[0] / height))
    return figure, panels, scale


def _checked(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    array = np.asarray(values, dtype=float)
    if array.shape != shape:
        axes = "(T, K)" if len(shape) == 2 else "(T,)"
        raise ValueError(f"{name} must have shape {axes} = {shape}, got {array.shape}")
    return array


def _draw_gate(ax: Any, name: str, gate: Array, cells: Sequence[int]) -> Any:
    image = ax.imshow(gate.T, aspect="auto", vmin=0, vmax=1, interpolation="nearest")
    ax.set_yticks(range(len(cells)), [f"cell {cell}" for cell in cells], fontsize=8)
    ax.set_xticks([])
    ax.set_ylabel(name)
    ax.yaxis.set_label_coords(0, 0.5, _moved(ax, -0.6, 0))
    ax.grid(False)
    return image


def _frame_spaces(ax: Any, text: str) -> None:
    """Set off the columns between words by white lines, and point to them from above."""
    spaces = np.array([t for t, character in enumerate(text) if character.isspace()], dtype=float)
    ax.vlines(
        [*(spaces - 0.5), *(spaces + 0.5)], 0, 1, transform=ax.get_xaxis_transform(), color="white", lw=1.5
    )
    ax.plot(
        spaces,
        np.full(spaces.shape, 1.03),
        "v",
        color="0.4",
        ms=4,
        transform=ax.get_xaxis_transform(),
        clip_on=False,
    )


def _draw_state(ax: Any, state: Array, text: str, cell: int) -> None:
    between = [(t - 0.5, 1.0) for t, character in enumerate(text) if character.isspace()]
    ax.broken_barh(between, (0, 1), transform=ax.get_xaxis_transform(), color="0.9")
    ax.plot(state, color=BLUE, linestyle="-", marker=".", linewidth=1.2)
    ax.set(xlim=(-0.5, len(text) - 0.5), xticks=[], ylabel=f"state $c$\nof cell {cell}")
    ax.yaxis.set_label_coords(0, 0.5, _moved(ax, -0.4, 0))


def _moved(ax: Any, right: float, up: float) -> Any:
    """Return the coordinates of the axes, moved by inches: a label placed in them need not be measured."""
    return ax.transAxes + ScaledTranslation(right, up, ax.figure.dpi_scale_trans)


def _write_below(ax: Any, text: str) -> None:
    """Write every character below its column. Not as ticks: each of those costs ten times the time of a text."""
    below = ax.get_xaxis_transform() + ScaledTranslation(0, -13 / 72, ax.figure.dpi_scale_trans)  # 13 points
    for t, character in enumerate(text):
        letter = ax.text(
            t, 0, SHOWN.get(character, character), transform=below, ha="center", family="DejaVu Sans Mono", fontsize=9
        )  # fmt: skip
        letter.set_in_layout(False)
    ax.set_xlabel("characters in the order of reading; ▾ between words, ↵ line end")
    ax.xaxis.set_label_coords(0.5, 0, _moved(ax, 0, -0.25))


def _alt(
    text: str, gates: Mapping[str, Array], cells: Sequence[int], title: str, state: Array | None, says: str
) -> str:
    parts = [
        f"{title}. Heat map, dark for 0 (shut) to light for 1 (open): {len(text)} characters, {text!r}, from left to "
        f"right; cells {', '.join(map(str, cells))} from top to bottom."
    ]
    letter = np.array([character.isalpha() for character in text])
    space = np.array([character.isspace() for character in text])
    for name, gate in gates.items():
        places = {"letters": gate[letter, 0], "spaces and line ends": gate[space, 0]}
        means = [f"{number(values.mean())} on {where}" for where, values in places.items() if values.size]
        parts += [f"The {name} of cell {cells[0]} is on average {' and '.join(means)}."] * bool(means)
    if state is not None:
        low, high = int(state.argmin()), int(state.argmax())
        parts.append(
            f"Line chart: the state of cell {cells[0]} goes from {number(state[low])} (at {text[low]!r}) "
            f"to {number(state[high])} (at {text[high]!r})."
        )
    return " ".join([*parts, says]).strip()
