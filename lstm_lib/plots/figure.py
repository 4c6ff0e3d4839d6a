"""A figure that carries its own description, and the look that all figures of the course share.

Figures are made without pyplot: nothing is global, nothing is shown twice, and a lesson starts half a second sooner.
"""

from __future__ import annotations

import base64
import html
import io
from contextlib import AbstractContextManager
from typing import Any

import matplotlib
import matplotlib.figure
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

#: Okabe and Ito (2008): eight colours that people with any kind of colour vision tell apart.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
#: The order in which curves take their colours; yellow is left out, it is too pale for a line on white.
COLOURS = (BLUE, RED, GREEN, PINK, ORANGE, SKY, BLACK)
#: Line styles go round beside the colours, so that a curve is known by more than its colour.
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))

STYLE: dict[str, Any] = {
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=COLOURS, linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine draws the same letters
    "font.size": 10,
    "grid.alpha": 0.3,
    "image.cmap": "cividis",
    "lines.linewidth": 2,
    "svg.hashsalt": "lstm_lib",
}


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure with alt text. As the last line of a cell, it is shown as an image that has that text.

    Attributes:
        alt: what the picture shows, in words: the kind of picture, the axes, and what there is to see.
    """

    alt: str = ""

    def png(self) -> bytes:
        """Return the picture as PNG; the same drawing gives the same bytes on one machine."""
        buffer = io.BytesIO()
        # Not savefig, which draws everything twice, the first time in vain; while a slider moves, that is felt.
        FigureCanvasAgg(self).print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
        return buffer.getvalue()

    def html(self) -> str:
        """Return an ``<img>`` with the picture and its alt text inside.

        Raises:
            ValueError: the figure has no alt text. A reader who does not see the picture would be left out.
        """
        if not self.alt.strip():
            raise ValueError(
                "figure.alt must tell what the picture shows, got an empty text: set it before showing"
            )
        data = base64.b64encode(self.png()).decode("ascii")
        return (
            f'<img alt="{html.escape(self.alt)}" style="max-width: 100%" src="data:image/png;base64,{data}">'
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display  # here, since a script that saves pictures needs no IPython

        display({"text/html": self.html(), "text/plain": self.alt}, raw=True)  # type: ignore[no-untyped-call]


def style() -> AbstractContextManager[None]:
    """Return the course's style, for a ``with`` around what is drawn outside the functions of this package."""
    return matplotlib.rc_context(STYLE)  # type: ignore[arg-type]  # the names are matplotlib's


def new_figure(width: float = 8.0, height: float = 3.0) -> Figure:
    """Return an empty figure of that many inches in the course's style, at 100 dots an inch."""
    with style():
        return Figure(figsize=(width, height), dpi=100, layout="constrained")


def new_axes(
    width: float = 8.0, height: float = 3.0, rows: int = 1, columns: int = 1, **share: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes in the course's style: one Axes, or an array of them as ``subplots`` gives it.

    ``share`` goes to ``Figure.subplots``: ``sharex``, ``sharey``, ``width_ratios`` and the like.
    """
    with style():
        figure = new_figure(width, height)
        return figure, figure.subplots(rows, columns, **share)


def label_ends(ax: Axes, gap: float = 0.065) -> None:
    """Write each line's label at its right end, in its colour, instead of a legend; labels are moved apart.

    Args:
        ax: axes whose lines have labels; lines without one are passed over.
        gap: the smallest distance between two labels, as a part of the height of the axes.
    """
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    ax.autoscale_view()  # the transforms below need the final limits
    ends: list[tuple[float, Any]] = []
    for line in lines:
        end = np.asarray(line.get_xydata())[-1]
        ends.append((float(ax.transAxes.inverted().transform(ax.transData.transform(end))[1]), line))
    ends.sort(key=lambda end: end[0])
    heights: list[float] = []
    for height, _ in ends:
        height = min(max(height, 0.0), 1.0)
        heights.append(height if not heights else max(height, heights[-1] + gap))
    top = 1.0  # where they would leave the axes, down again, and no more than that
    for k in reversed(range(len(heights))):
        heights[k] = min(heights[k], top)
        top = heights[k] - gap
    for height, (_, line) in zip(heights, ends, strict=True):
        ax.text(
            1.01, height, str(line.get_label()), color=line.get_color(), transform=ax.transAxes,
            va="center", ha="left",
        )  # fmt: skip


def number(value: float) -> str:
    """Return a number as alt text says it: two significant digits, no long tail of zeros."""
    return f"{value:.2g}"


def large(value: float) -> str:
    """Return a number with two digits that count, and thousands apart: "4,600" where ``number`` has "4.6e+03"."""
    return number(value) if abs(value) < 10 else f"{float(f'{value:.2g}'):,.0f}"
