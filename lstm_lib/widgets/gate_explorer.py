"""One LSTM cell, with a slider for each of its twelve numbers and a sequence that it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lstm_lib import plots
from lstm_lib.plots.cell import traces
from lstm_lib.scratch.watch import one_cell, watch
from lstm_lib.widgets.explorer import TypedExplorer, slider

Array = NDArray[np.float64]

STEPS = 40
LONGEST, LARGEST = 60, 10.0  # of the sequences that are typed
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)

GATES = {"f": "forget", "i": "input", "g": "candidate", "o": "output"}
#: Name -> gate -> (w_x, w_h, b). A cell on its own reads one number: 1 to write, -1 to wipe, 0 for nothing.
PRESETS: dict[str, dict[str, tuple[float, float, float]]] = {
    "a fresh cell": {
        "f": (0.5, -0.5, 1.0),
        "i": (1.0, 0.5, 0.0),
        "g": (1.0, 0.5, 0.0),
        "o": (0.5, 0.5, 0.5),
    },
    "latch": {"f": (-40.0, 0.0, 20.0), "i": (40.0, 0.0, -20.0), "g": (0.0, 0.0, 20.0), "o": (0.0, 0.0, 20.0)},
    "counter": {"f": (0.0, 0.0, 20.0), "i": (40.0, 0.0, -20.0), "g": (0.0, 0.0, 20.0), "o": (0.0, 0.0, 20.0)},
    "eraser": {"f": (40.0, 0.0, 20.0), "i": (40.0, 0.0, -20.0), "g": (0.0, 0.0, 20.0), "o": (0.0, 0.0, 20.0)},
}
OWN_CELL, TYPED = "my own", "the numbers typed"


def sequences() -> dict[str, Array]:
    """Return the sequences that can be chosen, by name: each (40,)."""
    t = np.arange(STEPS)
    pulse, pulses = np.where(t == 4, 1.0, 0.0), np.where(t % 8 == 4, 1.0, 0.0)
    noise = np.random.default_rng(4).uniform(-0.2, 0.2, STEPS)
    return {
        "one pulse": pulse,
        "pulses": pulses,
        "pulses, then -1": pulses - np.where(t == 24, 1.0, 0.0),
        "a pulse in noise": pulse + noise,
        "noise": 5 * noise,
        "a step": np.where(t >= 10, 1.0, 0.0),
        "a wave": np.sin(2 * np.pi * t / 16),
    }


def read_numbers(text: str) -> Array:
    """Return the numbers of a text, "1 0 0 -1" or "1, 0, 0, -1", as (T,).

    Raises:
        ValueError: there is none, there are more than 60, one of them is not a number or is beyond ±10.
    """
    words = re.split(r"[\s,;]+", text.replace("−", "-").strip(" \t\n,;"))
    if words == [""]:
        raise ValueError(f"the sequence must have 1 to {LONGEST} numbers, such as 1 0 0 -1, it has none")
    if len(words) > LONGEST:
        raise ValueError(f"the sequence must have 1 to {LONGEST} numbers, it has {len(words)}")
    for place, word in enumerate(words, start=1):
        if not _NUMBER.fullmatch(word):
            example = "numbers such as 1 or -0.5, with spaces between them"
            raise ValueError(f"the sequence must be {example}, got {word!r} as number {place}")
        if abs(float(word)) > LARGEST:
            raise ValueError(
                f"numbers must be from -{LARGEST:g} to {LARGEST:g}, got {word} as number {place}"
            )
    return np.array([float(word) for word in words])


class GateExplorer(TypedExplorer):
    """One LSTM cell: turn the weights and biases of its gates, choose what it reads, and see what it remembers.

    A preset sets all twelve sliders; the picture is drawn once. A slider that is moved makes the cell "my own".
    """

    def __init__(self, preset: str = "a fresh cell", sequence: str = "pulses") -> None:
        """Begin with one of the presets and one of the sequences.

        Raises:
            ValueError: there is no such preset or sequence.
        """
        self.sequences = sequences()
        for argument, got, known in (
            ("preset", preset, list(PRESETS)),
            ("sequence", sequence, list(self.sequences)),
        ):
            if got not in known:
                raise ValueError(f"{argument} must be one of {known}, got {got!r}")
        chosen = PRESETS[preset]
        choices: dict[str, Any] = {
            "preset": ipywidgets.Dropdown(options=[*PRESETS, OWN_CELL], value=preset, description="cell"),
            "sequence": ipywidgets.Dropdown(
                options=[*self.sequences, TYPED], value=sequence, description="it reads"
            ),
            "typed": ipywidgets.Text(
                description="type", placeholder="1 0 0 -1, then Enter", continuous_update=False
            ),
        }
        self.notice = ipywidgets.HTML()  # beside the text box, where a learner looks while typing
        self.weights: dict[str, Any] = {}
        for gate, word in GATES.items():
            for name, value in zip(("W_x", "W_h", "b"), chosen[gate], strict=True):
                limit = 20.0 if name == "b" else 40.0
                self.weights[f"{gate} {name}"] = slider(f"{word} {name}", value, -limit, limit, 0.5)
        super().__init__(choices | self.weights)
        self._arrange(choices)
        choices["preset"].observe(self._take_preset, names="value")
        choices["typed"].observe(self._take_typed, names="value")

    @staticmethod
    def run(x: Array, weights: Mapping[str, float]) -> dict[str, Array]:
        """Return what the cell does with x (T,): "i", "f", "g", "o", "c", "h", each (T,).

        ``weights`` holds the twelve numbers by name: "f W_x", "f W_h", "f b", and so on for i, g and o.
        """
        gates = {gate: tuple(weights[f"{gate} {name}"] for name in ("W_x", "W_h", "b")) for gate in GATES}
        params = one_cell(i=gates["i"], f=gates["f"], g=gates["g"], o=gates["o"])  # type: ignore[arg-type]
        return {name: seen[:, 0] for name, seen in watch(x[:, None], params).items()}

    def inputs(self) -> Array:
        """Return the sequence that is read now, (T,).

        Raises:
            ValueError: it is typed, and cannot be read.
        """
        name = self.controls["sequence"].value
        return read_numbers(self.controls["typed"].value) if name == TYPED else self.sequences[name]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the input, the gates, the candidate and the states over time.

        Raises:
            ValueError: the typed numbers cannot be read.
        """
        name = values["sequence"]
        x = read_numbers(values["typed"]) if name == TYPED else self.sequences[name]
        seen = self.run(x, values)
        c, h = plots.number(seen["c"][-1]), plots.number(seen["h"][-1])
        cell = "Your own cell" if values["preset"] == OWN_CELL else values["preset"].capitalize()
        reads = "your numbers" if name == TYPED else name
        return traces({"input x": x}, seen, f"{cell} reads {reads}: at the end c is {c} and h is {h}")

    def _follow(self, change: object) -> None:
        moved = getattr(change, "owner", None)
        if not self._waits and any(moved is control for control in self.weights.values()):
            with self.one_picture():
                self.controls["preset"].value = OWN_CELL
            return
        super()._follow(change)
        self.notice.value = self.summary.value if self.trouble else ""
        if self.trouble:
            self.summary.value = ""

    def _take_preset(self, change: Any) -> None:
        """Set the sliders, and draw once. "My own" leaves them where they are."""
        if self._waits:  # it was a slider that was moved
            return
        with self.one_picture():
            for gate, numbers in PRESETS.get(change.new, {}).items():
                for name, value in zip(("W_x", "W_h", "b"), numbers, strict=True):
                    self.weights[f"{gate} {name}"].value = value

    def _take_typed(self, _change: object) -> None:
        """Read what was typed, whichever sequence was read before."""
        with self.one_picture():
            self.controls["sequence"].value = TYPED

    def _arrange(self, choices: Mapping[str, Any]) -> None:
        """Place the choices in a row, the sliders in a table with a row for each gate, the picture below."""
        for name in ("preset", "typed"):  # these two move other controls first, and then draw once
            self.controls[name].unobserve(self._follow, names="value")
        for control in choices.values():
            control.style.description_width = "4em"
        for control in self.weights.values():
            control.style.description_width = "7.5em"
        wide = ipywidgets.Layout(width="100%", grid_template_columns="repeat(3, minmax(0, 1fr))")
        table = [*choices.values(), *self.weights.values()]
        self.children = [ipywidgets.GridBox(table, layout=wide), self.notice, self.picture, self.summary]
