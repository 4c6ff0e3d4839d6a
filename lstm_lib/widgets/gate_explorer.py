"""One LSTM cell, with a slider for each of its twelve numbers and a sequence that it reads."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lstm_lib import plots
from lstm_lib.plots.traces import traces
from lstm_lib.scratch.watch import one_cell, watch
from lstm_lib.widgets.explorer import Explorer, slider

Array = NDArray[np.float64]

STEPS = 40
LONGEST, LARGEST = 60, 10.0  # of the sequences that are typed
_COMMA = re.compile(r"\S*\d,\d\S*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)

GATES = {"f": "forget", "i": "input", "g": "candidate", "o": "output"}
#: Name -> gate -> (w_x, w_h, b). The cell reads one number: 1 writes, or counts; -1 wipes, in latch and eraser.
#: The latch writes once: when it holds its 1, h shuts the input gate.
PRESETS: dict[str, dict[str, tuple[float, float, float]]] = {
    "a fresh cell": {
        "f": (0.5, -0.5, 1.0),
        "i": (1.0, 0.5, 0.0),
        "g": (1.0, 0.5, 0.0),
        "o": (0.5, 0.5, 0.5),
    },
    "latch": {
        "f": (40.0, 0.0, 20.0),
        "i": (40.0, -40.0, -20.0),
        "g": (0.0, 0.0, 20.0),
        "o": (0.0, 0.0, 20.0),
    },
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
        "pulses, then -1": np.where(t < 24, pulses, 0.0) - np.where(t == 30, 1.0, 0.0),
        "pulses, -1, pulses": pulses - np.where(t == 24, 1.0, 0.0),
        "a pulse in noise": pulse + noise,
        "noise": 5 * noise,
        "a step": np.where(t >= 10, 1.0, 0.0),
        "a wave": np.sin(2 * np.pi * t / 16),
    }


def read_numbers(text: str) -> Array:
    """Return the numbers of a text, "1 0 0 -1" or "1, 0, 0, -1", as (T,).

    Raises:
        ValueError: there is none, there are more than 60, one of them is not a number or is beyond ±10, or a comma
            stands between two digits, where it may be meant for a point.
    """
    for dash in "−–":  # the minus sign, and what some keyboards and texts have for it
        text = text.replace(dash, "-")
    if doubtful := _COMMA.search(text):
        raise ValueError(
            f"the sequence must be numbers with spaces between them, got {_short(doubtful[0])!r}: "
            "write 0.5, or put a space after the comma"
        )
    words = re.split(r"[\s,;]+", text.strip(" \t\n,;"))
    if words == [""]:
        raise ValueError(f"the sequence must have 1 to {LONGEST} numbers, such as 1 0 0 -1, it has none")
    if len(words) > LONGEST:
        raise ValueError(f"the sequence must have 1 to {LONGEST} numbers, it has {len(words)}")
    for place, word in enumerate(words, start=1):
        if not _NUMBER.fullmatch(word):
            example = "numbers such as 1 or -0.5, with spaces between them"
            raise ValueError(f"the sequence must be {example}, got {_short(word)!r} as number {place}")
        if abs(float(word)) > LARGEST:
            raise ValueError(
                f"numbers must be from -{LARGEST:g} to {LARGEST:g}, got {_short(word)} as number {place}"
            )
    return np.array([float(word) for word in words])


def _short(word: str, most: int = 20) -> str:
    return word if len(word) <= most else word[: most - 1] + "…"


class GateExplorer(Explorer):
    """One LSTM cell: turn the weights and biases of its gates, choose what it reads, and see what it remembers.

    A preset sets all twelve sliders; the picture is drawn once. A slider that is moved makes the cell "my own".
    While typed numbers cannot be read, the cell goes on with what it read before.

    Attributes:
        trouble: why the typed numbers cannot be read, or an empty text.
    """

    trouble = ""

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
        self._read = sequence, self.sequences[sequence]  # the last that could be read, and what it is called
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
        choices["typed"].on_msg(self._take_enter)

    @staticmethod
    def run(x: Array, weights: Mapping[str, float]) -> dict[str, Array]:
        """Return what the cell does with x (T,): "i", "f", "g", "o", "c", "h", each (T,).

        ``weights`` holds the twelve numbers by name: "f W_x", "f W_h", "f b", and so on for i, g and o.

        Raises:
            TypeError: weights is no dict.
            ValueError: x is not finite numbers of shape (T,), T at least 1; one of the weights is missing, or is not
                a finite number.
        """
        x = np.asarray(x)
        if x.ndim != 1 or x.size == 0 or x.dtype.kind not in "fiub":
            raise ValueError(f"x must be numbers of shape (T,), got {x.dtype} of shape {x.shape}")
        if not isinstance(weights, Mapping):
            raise TypeError(f"weights must be a dict, name -> number, got {type(weights).__name__}")
        names = {gate: [f"{gate} {number}" for number in ("W_x", "W_h", "b")] for gate in GATES}
        if missing := [name for three in names.values() for name in three if name not in weights]:
            raise ValueError(
                f"weights must hold W_x, W_h and b of f, i, g and o, got none for {', '.join(missing)}"
            )
        for name in (name for three in names.values() for name in three):
            value = weights[name]
            if not isinstance(value, int | float | np.number) or not np.isfinite(value):
                raise ValueError(f"weights[{name!r}] must be a finite number, got {value!r:.40}")
        f, i, g, o = ((weights[w_x], weights[w_h], weights[b]) for w_x, w_h, b in names.values())
        return {name: seen[:, 0] for name, seen in watch(x[:, None], one_cell(i=i, f=f, g=g, o=o)).items()}

    def inputs(self) -> Array:
        """Return the sequence that is read now, (T,): of the picture, also while typed numbers cannot be read."""
        return self._sequence(self.values())[1]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the input, the gates, the candidate and the states over time."""
        reads, x, _ = self._sequence(values)
        seen = self.run(x, values)
        c, h = plots.number(seen["c"][-1]), plots.number(seen["h"][-1])
        cell = "Your own cell" if values["preset"] == OWN_CELL else values["preset"].capitalize()
        return traces({"input x": x}, seen, f"{cell} reads {reads}: at the end c is {c} and h is {h}")

    def _sequence(self, values: Mapping[str, Any]) -> tuple[str, Array, str]:
        """Return what the picture calls the sequence, the sequence (T,), and why it is not what was typed, if so."""
        name = values["sequence"]
        if name != TYPED:
            return name, self.sequences[name], ""
        try:
            return "your numbers", read_numbers(values["typed"]), ""
        except ValueError as error:
            name, x = self._read
            return name.replace("your numbers", "your last numbers"), x, str(error)

    def _follow(self, change: object) -> None:
        moved = getattr(change, "owner", None)
        if self._waits:
            return
        if any(moved is control for control in self.weights.values()):
            with self.one_picture():
                self.controls["preset"].value = OWN_CELL
            return
        self._look_at_what_is_typed()
        super()._follow(change)

    def _look_at_what_is_typed(self) -> None:
        """Keep what can be read; tell why it cannot, and what the cell reads meanwhile."""
        reads, x, self.trouble = self._sequence(self.values())
        said = ""
        if not self.trouble:
            self._read = reads, x
        elif not self.controls["typed"].value.strip():  # nothing is wrong yet
            self.trouble = ""
            hint = f"Type 1 to {LONGEST} numbers, such as 1 0 0 -1, then press Enter"
            said = f'<p role="status">{hint}. Until then the cell reads {reads}.</p>'
        else:
            told = f"{self.trouble}. Until it can be read, the cell reads {reads}."
            said = f'<p role="alert">{html.escape(told)}</p>'
        self.notice.value = said

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
        if self.controls["typed"].value.strip() or self.controls["sequence"].value == TYPED:
            with self.one_picture():
                self.controls["sequence"].value = TYPED

    def _take_enter(self, _control: object, message: Mapping[str, Any], _buffers: object) -> None:
        """Read what stands in the box when Enter is pressed, also if it is the same as before."""
        if message.get("event") == "submit" and self.controls["sequence"].value != TYPED:
            self._take_typed(message)

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
