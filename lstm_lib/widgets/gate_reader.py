"""The gates of a trained network, while it reads the line that a learner types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.widgets.explorer import TypedExplorer


class GateReader(TypedExplorer):
    """Type a line, and see what the gates of a trained network do while it is read."""

    def __init__(
        self,
        read: Callable[[str], Mapping[str, Any]],
        cells: Sequence[int],
        text: str,
        gates: Sequence[str] = ("forget gate", "input gate", "output gate"),
        longest: int = 70,
    ) -> None:
        """Begin with a line already read.

        Args:
            read: text -> name of a gate -> (T, H), what the gate did at each of the T characters. It raises a
                ValueError, whose message the learner sees, where it cannot read the text.
            cells: which of the H cells are shown.
            text: the first line.
            gates: the names of the gates that can be chosen.
            longest: so many characters fit into the picture.
        """
        self.read, self.cells, self.longest = read, [int(cell) for cell in cells], longest
        super().__init__(
            {
                "text": ipywidgets.Text(value=text, description="a line"),
                "gate": ipywidgets.Dropdown(options=list(gates), value=gates[0], description="gate"),
            }
        )
        for control in self.controls.values():
            control.style.description_width = "4em"
        self.children = [*self.controls.values(), self.picture, self.summary]  # a line needs the whole width

    def figure(self, **values: Any) -> plots.Figure:
        """Draw one gate of the chosen cells while the line is read.

        Raises:
            ValueError: there is nothing to read, too much of it, or something that cannot be read.
        """
        text, gate = values["text"], values["gate"]
        if not 0 < len(text) <= self.longest:
            raise ValueError(
                f"the line must have 1 to {self.longest} characters to be drawn, it has {len(text)}"
            )
        title = f"The {gate} of {len(self.cells)} cells, reading from left to right"
        return plots.gate_map(text, {gate: self.read(text)[gate][:, self.cells]}, self.cells, title=title)
