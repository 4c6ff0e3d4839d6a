"""The common ground of all explorers: controls, and a picture that follows them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets

from lstm_lib import plots


class Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """The common ground of all explorers: some controls, and a picture that follows them.

    A subclass says which ``controls`` there are, by name, and in ``figure(**values)`` which picture belongs to their
    values.
    """

    def __init__(self, controls: dict[str, Any]) -> None:
        """Show the controls with the picture of their first values."""
        self.controls = controls
        self._waits = False
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

    @contextmanager
    def one_picture(self) -> Iterator[None]:
        """Draw once at the end of the ``with`` block, however many controls are moved in it."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
        self._follow(self)

    def _follow(self, _change: object) -> None:
        if self._waits:
            return
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


class TypedExplorer(Explorer):
    """An explorer into which a learner types: what cannot be read is told, and the last picture stays meanwhile.

    Attributes:
        trouble: why the present state cannot be drawn, or an empty text.
    """

    trouble = ""

    def _follow(self, change: object) -> None:
        try:
            super()._follow(change)
        except ValueError as error:
            if change is None:  # the first state comes from the author, not from a learner
                raise
            self.trouble = str(error)
            self.summary.value = f'<p role="alert">{html.escape(self.trouble)}</p>'
        else:
            self.trouble = ""


def slider(text: str, value: float, low: float, high: float, step: float) -> Any:
    """Return a slider from low to high in equal steps that reports while it is moved."""
    return ipywidgets.FloatSlider(
        value=value, min=low, max=high, step=step, description=text, continuous_update=True
    )
