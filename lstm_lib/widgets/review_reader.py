"""Type a review: its class, how sure the network is, and which words moved it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from lstm_lib import plots
from lstm_lib.plots import word_boxes
from lstm_lib.widgets.explorer import TypedExplorer


class ReviewReader(TypedExplorer):
    """Type a sentence about a film; see the class, its probability and what each word did, in colour and figures."""

    def __init__(
        self, read: Callable[[str], Any], text: str, names: tuple[str, str] = ("rotten", "fresh")
    ) -> None:
        """Begin with a sentence already read.

        Args:
            read: text -> words, known (T,), fresh (the probability of the second class), change (T,) and looks (T,), as
                ``experiments.word_influence.read_review`` gives them. It raises a ValueError, whose message the learner
                sees, where it cannot read the text.
            text: the first sentence.
            names: of the two classes.

        Raises:
            ValueError: the first sentence cannot be read.
        """
        self.read, self.names = read, names
        super().__init__({"text": ipywidgets.Text(value=text, description="a review")})
        self.controls["text"].style.description_width = "5em"
        self.children = [*self.controls.values(), self.picture, self.summary]  # a line needs the whole width

    def figure(self, **values: Any) -> plots.Figure:
        """Draw what the network makes of the sentence.

        Raises:
            ValueError: there is nothing to read, too much of it, or no word that is known.
        """
        words, known, fresh, change, looks = self.read(values["text"])
        sure = max(fresh, 1 - fresh)
        title = f"The network says: {self.names[int(fresh >= 0.5)]}, probability {sure:.2f}"
        return word_boxes.influence(words, change, looks, known, title=title, names=self.names)
