"""Pictures: arrays in, one Figure with alt text out. Nothing here trains a model or loads data."""

from lstm_lib.plots.curves import curves
from lstm_lib.plots.diagrams import shapes_of_tasks, unrolled
from lstm_lib.plots.figure import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    STYLE,
    YELLOW,
    Figure,
    label_ends,
    new_axes,
    new_figure,
    number,
)  # fmt: skip

__all__ = [
    "BLACK", "BLUE", "COLOURS", "GREEN", "ORANGE", "PINK", "RED", "SKY", "STYLE", "YELLOW", "Figure", "curves",
    "label_ends", "new_axes", "new_figure", "number", "shapes_of_tasks", "unrolled",
]  # fmt: skip
