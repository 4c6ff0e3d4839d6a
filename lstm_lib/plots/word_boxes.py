"""Words in boxes: how much each moved a classifier, in colour and in figures; and twins of sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, ORANGE, RED, Figure, style

Array = NDArray[Any]
WIDTH = 9.0  # inches
#: The letters of DejaVu Sans Mono are all 0.602 of their size wide, so words are placed without drawing them, many
#: in one text. The size makes a letter 8 dots wide at 100 dots an inch: a whole number, so that rounding to dots
#: cannot move the words out of their boxes.
LETTER = 0.08  # inches
SIZE = LETTER * 72 / 0.602  # points
LEFT, COLUMNS = 0.16, 108  # inches; letters in a line
HIGH, LINE = 0.25, 0.62  # inches: height of a box, from line to line
MOST_WORDS = 80
MONO: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": SIZE, "ha": "left", "va": "center"}
FEW = 0.03  # less attention is not written
ALSO_DRAWN = "–—‘’“”…−€"


def _places(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Return line and column for words that need so many letters, filling line after line, two columns between them."""
    found, line, column = [], 0, 0
    for letters in cells:
        if column + letters > COLUMNS and column:
            line, column = line + 1, 0
        found.append((line, column))
        column += letters + 2
    return found


def _write(
    ax: Axes,
    height: float,
    line: int,
    parts: Sequence[str],
    cells: Sequence[int],
    places: Any,
    colour: str = BLACK,
) -> None:
    """Write those parts that belong to one line, each in the middle of its cell, in few texts."""
    row = [" "] * (COLUMNS + 24)
    for part, letters, (its_line, column) in zip(parts, cells, places, strict=True):
        if its_line == line:
            row[column : column + letters] = part.center(letters)
    # A space takes as long to draw as a letter, so wide gaps are left out. Dollars are no mathematics here.
    for run in re.finditer(r"\S+(?: {1,3}\S+)*", "".join(row)):
        ax.text(LEFT + run.start() * LETTER, height, run.group(), color=colour, parse_math=False, **MONO)


def _row(name: str, given: ArrayLike, T: int) -> Array:
    array = np.asarray(given, dtype=float)
    if array.shape != (T,) or not np.isfinite(array).all():
        raise ValueError(f"{name} must be ({T},) finite numbers, one for each word, got shape {array.shape}")
    return array


def _shown(word: str) -> str:
    """Return a word as it is drawn: not too long, and a box for letters that the font may not have."""
    cut = word if len(word) <= 24 else word[:23] + "…"
    return "".join(letter if letter < "\u0250" or letter in ALSO_DRAWN else "□" for letter in cut)


def influence(
    words: Sequence[str],
    change: ArrayLike,
    looks: ArrayLike | None = None,
    known: ArrayLike | None = None,
    *,
    title: str,
    names: tuple[str, str] = ("rotten", "fresh"),
) -> Figure:
    """Draw a sentence: every word in a box, its colour and the figure below say what it moved, and how far.

    Args:
        words: T of them.
        change: (T,), by how much each word raises the log-odds of the second class; negative: of the first.
        looks: (T,), attention, parts that add up to 1; None draws none.
        known: (T,), false for words that the model does not know; None knows all.
        title: what to see.
        names: of the first and of the second class.

    Raises:
        ValueError: there is no word or more than ``MOST_WORDS``, or an array has another length or is not finite.
    """
    T = len(words)
    if not 1 <= T <= MOST_WORDS:
        raise ValueError(f"words must be 1 to {MOST_WORDS} words, got {T}")
    moved = _row("change", change, T)
    parts = None if looks is None else _row("looks", looks, T)
    if parts is not None and not (parts.min() >= 0 and abs(parts.sum() - 1) < 1e-3):
        raise ValueError(f"looks must be parts that add up to 1, got a sum of {parts.sum():.3f}")
    met = np.ones(T, dtype=bool) if known is None else np.asarray(known, dtype=bool)
    if met.shape != (T,):
        raise ValueError(f"known must be ({T},), one for each word, got shape {met.shape}")
    shown = [_shown(word) for word in words]
    below = [f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "" for value in moved]
    third = [""] * T if parts is None else [f"{part:.0%}" if part >= FEW else "" for part in parts]
    below = ["?" if not m else text for m, text in zip(met, below, strict=True)]
    cells = [max(map(len, cell)) for cell in zip(shown, below, third, strict=True)]
    places = _places(cells)
    step = LINE + (0.16 if parts is not None else 0)
    lines = places[-1][0] + 1
    high = step * lines + 0.55
    top = max(float(np.abs(moved).max()), 0.5)
    with style():
        figure = Figure(figsize=(WIDTH, high), dpi=100)
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, WIDTH), ylim=(0, high))
        ax.axis("off")
        ax.text(0.12, high - 0.2, title, fontsize=11, va="center", parse_math=False)
        legend = f"below: how it moves the log-odds, + for {names[1]} (blue), − for {names[0]} (red, dashed); ? unknown"
        legend += f"; %: attention, from {FEW:.0%} on" if parts is not None else ""
        ax.text(0.12, high - 0.44, legend, fontsize=8, va="center")
        for k, (line, column) in enumerate(places):
            x, y = LEFT + column * LETTER - 0.04, high - 0.68 - step * line - HIGH
            width, strength = cells[k] * LETTER + 0.08, abs(float(moved[k])) / top
            colour = to_rgb((BLUE if moved[k] >= 0 else RED) if met[k] else "#888888")
            look: dict[str, Any] = {"facecolor": (*colour, 0.08 + 0.5 * strength), "edgecolor": colour}
            dashes = "--" if moved[k] < 0 else "-"  # known by more than its colour
            ax.add_patch(Rectangle((x, y), width, HIGH, lw=0.5 + 1.5 * strength, ls=dashes, **look))
        for line in range(lines):
            y = high - 0.68 - step * line
            _write(ax, y - HIGH / 2, line, shown, cells, places)
            _write(ax, y - HIGH - 0.1, line, below, cells, places)
            if parts is not None:
                _write(ax, y - HIGH - 0.26, line, third, cells, places, "#555555")
    figure.alt = _told(words, moved, parts, met, title, names)
    return figure


def _told(
    words: Sequence[str], moved: Array, parts: Array | None, met: Array, title: str, names: tuple[str, str]
) -> str:
    """Say the sentence and its strongest words; a list of all of them would be longer than anybody listens."""
    order = sorted(range(len(words)), key=lambda k: -abs(float(moved[k])))
    strong = [k for k in order if abs(float(moved[k])) >= 0.05][:6]
    says = ", ".join(f"{words[k]} {moved[k]:+.1f} for {names[int(moved[k] > 0)]}" for k in strong)
    told = (
        f"{title}. The sentence: {' '.join(words)}. Strongest words: {says or 'none of them moves anything'}."
    )
    if parts is not None:
        most = sorted(range(len(words)), key=lambda k: -float(parts[k]))[:3]
        told += f" Most attention: {', '.join(f'{words[k]} {parts[k]:.0%}' for k in most)}."
    if not met.all():
        told += f" Unknown: {', '.join(words[int(k)] for k in np.flatnonzero(~met))}."
    return told


def twins(
    first: Sequence[str], second: Sequence[str], keys: Collection[str], labels: tuple[str, str], *, title: str
) -> Figure:
    """Draw two sentences one above the other; key words stand in boxes, words in other places have a thick frame.

    Args:
        first, second: as many words.
        keys: the words that stand in boxes.
        labels: what the class of each sentence is.
        title: what to see.

    Raises:
        ValueError: the sentences have different lengths, or more than ``MOST_WORDS`` words, or none.
    """
    if len(first) != len(second) or not 1 <= len(first) <= MOST_WORDS:
        raise ValueError(
            f"first and second must have as many words, 1 to {MOST_WORDS}, got {len(first)} and {len(second)}"
        )
    cells = [max(len(_shown(a)), len(_shown(b))) for a, b in zip(first, second, strict=True)]
    places = _places(cells)
    lines, step = places[-1][0] + 1, 0.34
    high = 2 * (step * lines + 0.42) + 0.4
    with style():
        figure = Figure(figsize=(WIDTH, high), dpi=100)
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, WIDTH), ylim=(0, high))
        ax.axis("off")
        ax.text(0.12, high - 0.2, title, fontsize=11, va="center", parse_math=False)
        for n, (sentence, label) in enumerate(zip((first, second), labels, strict=True)):
            start = high - 0.48 - n * (step * lines + 0.42)
            ax.text(0.12, start - 0.05, label, fontsize=10, va="center", weight="bold", parse_math=False)
            for k, (line, column) in enumerate(places):
                if sentence[k] in keys:
                    moved = first[k] != second[k]
                    corner = (LEFT + column * LETTER - 0.04, start - 0.2 - step * line - HIGH)
                    fill = (*to_rgb(ORANGE), 0.6) if moved else "white"
                    ax.add_patch(
                        Rectangle(
                            corner,
                            cells[k] * LETTER + 0.08,
                            HIGH,
                            facecolor=fill,
                            edgecolor=BLACK,
                            lw=2 if moved else 0.8,
                        )
                    )
            for colour, wanted in ((BLACK, True), ("#777777", False)):
                shown = [_shown(word) if (word in keys) == wanted else "" for word in sentence]
                for line in range(lines):
                    _write(ax, start - 0.2 - step * line - HIGH / 2, line, shown, cells, places, colour)
    swapped = [f"{a} against {b}" for a, b in zip(first, second, strict=True) if a != b]
    figure.alt = (
        f"{title}. Two sentences of {len(first)} words. {labels[0]}: {' '.join(first)}. {labels[1]}: "
        f"{' '.join(second)}. They differ in {len(swapped)} places: {'; '.join(swapped) or 'none'}."
    )
    return figure
