"""Give a character model a beginning, and watch it write on: temperature, seed, and a button for more."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ipywidgets
import numpy as np

from lstm_lib.datasets.task import whole_number
from lstm_lib.datasets.vocabulary import Vocabulary
from lstm_lib.sampling import Sampler, stream
from lstm_lib.widgets.explorer import TypedExplorer, slider

LONGEST_PROMPT = 500
#: So many characters are written between one look of the page and the next.
CHUNK = 8
_FOREVER = 1_000_000
_PAGE = (
    "white-space: pre-wrap; border-left: 3px solid #0072B2; padding: 0.5em 1em; line-height: 1.35; margin: 0"
)


@dataclass
class Page:
    """What has been written: the prompt in bold, then the model's text.

    Attributes:
        prompt: what was given.
        text: what was written.
        alt: a short report in words.
    """

    prompt: str
    text: str
    alt: str

    def html(self) -> str:
        """Return the page as HTML."""
        written = f"<strong>{html.escape(self.prompt)}</strong>{html.escape(self.text)}"
        return f'<pre role="log" aria-label="what the model writes" style="{_PAGE}">{written}</pre>'


class PromptBox(TypedExplorer):
    """Type a beginning; choose temperature and seed; the button writes on from where the text stands."""

    def __init__(
        self,
        model: Any,
        vocabulary: Vocabulary,
        prompt: str,
        *,
        report: Callable[[str], str] | None = None,
        first: int = 60,
        more: int = 240,
    ) -> None:
        """Begin with a text already written.

        Args:
            model: symbols (T, B), state -> logits (T, B, V), state; in eval mode.
            vocabulary: of the model.
            prompt: the first beginning. A character that the model does not know is told, and not sent to it.
            report: text written -> one more sentence about it for the line below, or None.
            first: so many characters are written at each change of a control.
            more: so many are written when the button is pressed.

        Raises:
            TypeError, ValueError: first or more is not a whole number from 1 on, or the first prompt cannot be read.
        """
        self.model, self.vocabulary, self.report = model, vocabulary, report
        self.first, self.more = whole_number("first", first, 1), whole_number("more", more, 1)
        self._page = Page("", "", "")
        self._characters: Iterator[str] = iter(())
        super().__init__(
            {
                "prompt": ipywidgets.Textarea(value=prompt, description="beginning", rows=2),
                "temperature": slider("temperature", 0.7, 0.1, 1.5, 0.05),
                "seed": ipywidgets.BoundedIntText(value=1, min=0, max=9999, description="seed"),
            }
        )
        self.button = ipywidgets.Button(
            description="Write on", tooltip=f"write {more} more characters", icon="pencil"
        )
        self.button.on_click(lambda _: self.write_on())
        for control in self.controls.values():
            control.style.description_width = "7em"
        self.children = [
            *self.controls.values(),
            self.button,
            self.picture,
            self.summary,
        ]  # it needs the whole width

    def figure(self, **values: Any) -> Any:
        """Return the page with the first characters that are written after the prompt.

        Raises:
            ValueError: the prompt is empty, too long, or has a character that the model does not know.
        """
        prompt = values["prompt"].replace("\r\n", "\n")
        if not 1 <= len(prompt) <= LONGEST_PROMPT:
            raise ValueError(
                f"the beginning must have 1 to {LONGEST_PROMPT} characters, it has {len(prompt)}"
            )
        ids = self.vocabulary.encode(prompt)
        choose = Sampler(np.random.default_rng(values["seed"]), temperature=values["temperature"])
        symbols = stream(self.model, ids, _FOREVER, choose)
        characters = (self.vocabulary.characters[int(symbol[0])] for symbol in symbols)
        text = "".join(islice(characters, self.first))
        self._characters, self._page = characters, Page(prompt, text, self._told(values, text))
        return self._page

    def write_on(self) -> None:
        """Write more, from where the text stands; the page is renewed after every few characters."""
        if self.trouble:
            return
        values, left = self.values(), self.more
        while left:
            chunk = min(CHUNK, left)
            text = self._page.text + "".join(islice(self._characters, chunk))
            left -= chunk
            self._page = Page(self._page.prompt, text, self._page.alt)
            self.picture.value = self._page.html()
        self._page.alt = self._told(values, self._page.text)
        self._say()

    def _told(self, values: dict[str, Any], text: str) -> str:
        more = f" {self.report(text)}" if self.report else ""
        return f"{len(text)} characters written, temperature {values['temperature']:g}, seed {values['seed']}.{more}"

    def _follow(self, change: object) -> None:
        super()._follow(change)
        if not self.trouble and not self._waits:
            self._say()

    def _say(self) -> None:
        """Tell what was done below the page; the text itself stands in the page."""
        self.alt = f"{self._page.alt} After “{self._page.prompt}”: {self._page.text}"
        self.summary.value = f'<p role="status">{html.escape(self._page.alt)}</p>'
