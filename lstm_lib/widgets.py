"""Things to play with: sliders on the left, one picture on the right, and the same in words below.

A widget here is state in, picture out. The picture is an ``<img>`` with alt text, made anew when a control moves, so
it works with the keyboard, for a screen reader, and in a saved notebook, where it shows the state it began with.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np

from lstm_lib import plots
from lstm_lib.plots import forgetting
from lstm_lib.scratch import RNN
from lstm_lib.scratch.jacobians import gradient_norms, orthogonal


class Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """The common ground of all explorers: some controls, and a picture that follows them.

    A subclass says which ``controls`` there are, by name, and in ``figure(**values)`` which picture belongs to their
    values.
    """

    def __init__(self, controls: dict[str, Any]) -> None:
        """Show the controls with the picture of their first values."""
        self.controls = controls
        for control in controls.values():
            control.layout.width = "95%"
            control.style.description_width = "45%"
            control.observe(self._follow, names="value")
        self.picture = ipywidgets.HTML()
        self.summary = ipywidgets.HTML()
        self._follow(None)
        panel = ipywidgets.VBox(
            list(controls.values()), layout=ipywidgets.Layout(width="32%", min_width="16em")
        )
        right = ipywidgets.Box([self.picture], layout=ipywidgets.Layout(width="66%"))
        super().__init__(
            [ipywidgets.HBox([panel, right], layout=ipywidgets.Layout(flex_flow="row wrap")), self.summary]
        )

    def values(self) -> dict[str, Any]:
        """Return the value of every control, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def figure(self, **values: Any) -> plots.Figure:
        """Return the picture for the values of the controls."""
        raise NotImplementedError

    def _follow(self, _change: object) -> None:
        figure = self.figure(**self.values())
        self.picture.value, self.alt = figure.html(), figure.alt
        # role=status: a screen reader says it when it changes.
        self.summary.value = f'<p role="status">{html.escape(figure.alt)}</p>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Show the live widget where there is one, else the picture of the first state."""
        bundle: dict[str, Any] = super()._repr_mimebundle_()
        bundle["text/html"] = self.picture.value
        bundle["text/plain"] = f"{type(self).__name__}, to be played with in JupyterLab. {self.alt}"
        return bundle


def _slider(text: str, value: float, low: float, high: float, step: float) -> Any:
    return ipywidgets.FloatSlider(
        value=value, min=low, max=high, step=step, description=text, continuous_update=True
    )


class OneUnit(Explorer):
    """A network of one hidden unit: turn its three numbers, and see how it answers to a single push at step 3."""

    def __init__(self) -> None:
        """Begin with a unit that remembers for a few steps."""
        super().__init__(
            {
                "w_x": _slider("input weight W_x", 1.0, -3.0, 3.0, 0.1),
                "w_h": _slider("memory weight W_h", 0.8, -1.5, 1.5, 0.05),
                "b": _slider("bias b", 0.0, -1.0, 1.0, 0.05),
                "activation": ipywidgets.Dropdown(
                    options=["tanh", "relu"], value="tanh", description="activation"
                ),
            }
        )

    @staticmethod
    def response(w_x: float, w_h: float, b: float, activation: str, steps: int = 20, push: int = 3) -> Any:
        """Return h (steps,) of one unit whose input is 1 at step ``push`` and 0 at every other."""
        net = RNN(1, 1, rng=np.random.default_rng(0), dtype=np.float64, activation=activation)
        net.params.update(W_x=np.array([[w_x]]), W_h=np.array([[w_h]]), b=np.array([b]))
        x = np.zeros((steps, 1, 1))
        x[push - 1] = 1
        return net.forward(x)[0][:, 0, 0]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the input and the hidden state over 20 steps."""
        h = self.response(**values)
        return plots.curves(
            np.arange(1, h.size + 1),
            {"h": h},
            title=f"One push at step 3; after it, h is {plots.number(h[2])}; at step 20, {plots.number(h[-1])}",
            xlabel="step t",
            ylabel="hidden state h",
            width=6.5,
        )


class GateReader(Explorer):
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
        self.trouble = ""  # why the line cannot be drawn; the last picture stays meanwhile
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

    def _follow(self, change: object) -> None:
        self.trouble = ""
        try:
            super()._follow(change)
        except ValueError as error:
            if change is None:  # the first line comes from the author, not from a learner
                raise
            self.trouble = str(error)
            self.summary.value = f'<p role="alert">{html.escape(self.trouble)}</p>'


class Truncation(Explorer):
    """Cut the way back into chunks, and see which part of the gradient is lost."""

    def __init__(self, contributions: Mapping[str, Any], chunk: int, net: str) -> None:
        """Begin with one chunk length and one of the nets.

        Args:
            contributions: name of a net -> (T, T, …), as ``plots.truncation_map`` takes it; the same T for all.
            chunk: the first chunk length, 1 to T.
            net: the name of the net shown first.
        """
        self.contributions = dict(contributions)
        steps = len(self.contributions[net])
        super().__init__(
            {
                "chunk": ipywidgets.IntSlider(value=chunk, min=1, max=steps, description="chunk length"),
                "net": ipywidgets.Dropdown(options=list(self.contributions), value=net, description="memory"),
            }
        )

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the contributions of the chosen net with what the chunks keep of them."""
        return plots.truncation_map(self.contributions[values["net"]], values["chunk"])


class ForgettingExplorer(Explorer):
    """Turn the spectral radius of an RNN, and see what becomes of its gradient, and of its memory of the first input.

    The net has 16 units, W_h is the radius times an orthogonal matrix, and the inputs are noise. It runs twice, with
    the first input of the second run turned round.
    """

    def __init__(self) -> None:
        """Begin with a net that forgets within its 50 steps."""
        super().__init__(
            {
                "radius": _slider("spectral radius", 0.9, 0.5, 1.6, 0.05),
                "activation": ipywidgets.Dropdown(
                    options=["tanh", "relu"], value="tanh", description="activation"
                ),
                "steps": ipywidgets.IntSlider(value=50, min=10, max=100, step=5, description="steps"),
            }
        )

    @staticmethod
    def measure(radius: float, activation: str, steps: int) -> tuple[Any, Any]:
        """Return the gradient norms (T,) of the first run, lag 0 first, and the states (T, 2, 16) of both runs."""
        rng = np.random.default_rng(3)
        net = RNN(4, 16, rng=rng, dtype=np.float64, activation=activation)
        net.params.update(W_h=radius * orthogonal(16, rng), b=np.zeros(16))
        x = np.repeat(rng.normal(size=(steps, 1, 4)), 2, axis=1)
        x[0, 1] *= -1
        h, _ = net.forward(x)
        return gradient_norms(h[:, 0], net.params["W_h"], activation), h

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the norm of the gradient against the lag, and one unit of both runs over time."""
        return forgetting.fading(*self.measure(**values), values["radius"], values["activation"])
