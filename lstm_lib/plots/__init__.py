"""Pictures: arrays in, one Figure with alt text out. Nothing here trains a model or loads data."""

from lstm_lib.plots.backprop import gradient_flow, over_steps, truncation_map
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
    large,
    new_axes,
    new_figure,
    number,
)  # fmt: skip
from lstm_lib.plots.gates import gate_map
from lstm_lib.plots.shapes import sheets

__all__ = [
    "BLACK", "BLUE", "COLOURS", "GREEN", "ORANGE", "PINK", "RED", "SKY", "STYLE", "YELLOW", "Figure",
    "curves", "gate_map", "gradient_flow", "label_ends", "large", "new_axes", "new_figure", "number",
    "over_steps", "shapes_of_tasks", "sheets", "truncation_map", "unrolled",
]  # fmt: skip
