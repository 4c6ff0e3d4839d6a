"""Let a figure act, forwards or backwards, and see what a network believes after each frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lstm_lib import plots
from lstm_lib.datasets.figures import bodies, draw
from lstm_lib.experiments.video import anywhere
from lstm_lib.plots import video
from lstm_lib.widgets.explorer import Explorer

FRAMES = 24


class ActionExplorer(Explorer):
    """Choose an action, a figure and how much of the clip has been seen."""

    def __init__(self, watch: Callable[[NDArray[np.uint8]], NDArray[Any]], names: tuple[str, ...]) -> None:
        """Begin with a whole clip of the first action.

        Args:
            watch: clips (1, T, 32, 32) -> probabilities after each frame (T, 1, C), such as
                ``lambda clip: lstm_lib.experiments.video.watched(model, clip)``.
            names: of the C classes, each of which ``lstm_lib.datasets.figures.draw`` can draw.

        Raises:
            ValueError: there is no name, or watch gives another number of classes.
        """
        if not names:
            raise ValueError("names must hold at least one action, got none")
        self.names, self._watch = names, watch
        self._seen: dict[tuple[Any, ...], tuple[NDArray[np.uint8], NDArray[Any]]] = {}
        super().__init__(
            {
                "action": ipywidgets.Dropdown(options=list(names), value=names[0], description="action"),
                "figure": ipywidgets.IntSlider(value=0, min=0, max=30, description="figure, number"),
                "shown": ipywidgets.Dropdown(
                    options=["as it is", "backwards", "in any order"],
                    value="as it is",
                    description="frames are shown",
                ),
                "until": ipywidgets.IntSlider(value=FRAMES, min=1, max=FRAMES, description="frames seen"),
            }
        )

    def clip(self, action: str, figure: int, shown: str) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Return the clip (T, 32, 32) and the probabilities after each frame (T, C), for the controls' values.

        Raises:
            ValueError: watch gives another number of classes than there are names.
        """
        key = (action, figure, shown)
        if key not in self._seen:  # so that the slider of the frames does not draw and watch anew
            rng = np.random.default_rng([17, figure])
            frames = draw([action], rng, FRAMES, body=anywhere(bodies(1, rng), rng))
            if shown == "backwards":
                frames = frames[:, ::-1]
            elif shown == "in any order":
                frames = frames[:, rng.permutation(FRAMES)]
            chances = np.asarray(self._watch(np.ascontiguousarray(frames)))
            if chances.shape != (FRAMES, 1, len(self.names)):
                raise ValueError(f"watch must give {(FRAMES, 1, len(self.names))}, got shape {chances.shape}")
            self._seen[key] = frames[0], chances[:, 0]
        return self._seen[key]

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the frames seen, and the probability of each class after each of them."""
        frames, chances = self.clip(values["action"], values["figure"], values["shown"])
        until = values["until"]
        best = self.names[int(chances[until - 1].argmax())]
        how = {"as it is": "", "backwards": ", backwards", "in any order": ", frames in any order"}[
            values["shown"]
        ]
        title = f"“{values['action']}”{how}: after frame {until} the network says “{best}”"
        return video.growing(frames, chances, self.names, title=title, until=until)
