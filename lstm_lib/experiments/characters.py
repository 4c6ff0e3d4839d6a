"""A language model learns a text, character by character: strips of text, a state that is carried on, bits."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.scratch.layer import positive_int


class Window(NamedTuple):
    """A part of a text: x (T, B), y (T, B) the symbols that come after, first: whether the state begins anew."""

    x: Tensor
    y: Tensor
    first: bool


class Strips:
    """Cut a text into B strips side by side, and give window after window of T steps; after the last one, anew.

    Each time it begins anew, the strips begin some characters later, from 0 to T - 1, so that the windows do not
    always end at the same places.
    """

    def __init__(self, ids: NDArray[np.int64], batch: int, steps: int, rng: np.random.Generator) -> None:
        """Begin at the start of the text.

        Args:
            ids: (N,) the symbols of the text.
            batch: B.
            steps: T.
            rng: for the place where the strips begin.

        Raises:
            TypeError: ids is no array of whole numbers, or batch or steps is no int.
            ValueError: ids is not (N,), batch or steps is below 1, or the text is too short for one window a strip.
        """
        _check_symbols(ids)
        if ids.ndim != 1:
            raise ValueError(f"ids must be (N,), got shape {ids.shape}")
        batch, steps = positive_int("batch", batch), positive_int("steps", steps)
        needed = batch * (steps + 1) + steps - 1  # also when the strips begin T - 1 later
        if len(ids) < needed:
            raise ValueError(
                f"ids must hold at least {needed} symbols for {batch} strips of {steps} steps, got {len(ids)}"
            )
        self.ids, self.batch, self.steps, self.rng = torch.from_numpy(ids), batch, steps, rng
        self._begin()

    def _begin(self) -> None:
        start = int(self.rng.integers(self.steps))
        length = (len(self.ids) - start) // self.batch
        self._strips = self.ids[start : start + length * self.batch].view(self.batch, length).T  # (length, B)
        self._at = 0

    def draw(self) -> Window:
        """Return the next window."""
        if self._at + self.steps >= len(self._strips):
            self._begin()
        part = self._strips[self._at : self._at + self.steps + 1]
        first = self._at == 0
        self._at += self.steps
        return Window(part[:-1], part[1:], first)


class CarriedLoss:
    """The cross-entropy of a language model, which goes on from the state that the last window ended in.

    The gradient stops at the border of a window (truncated backpropagation through time, lesson 02).
    """

    def __init__(self) -> None:
        """Begin without a state."""
        self.state: Any = None

    def __call__(self, model: nn.Module, window: Window) -> tuple[Tensor, Tensor]:
        """Return the loss in nats per character, and the logits (T, B, V)."""
        logits, state = model(window.x, None if window.first else self.state)
        self.state = [tuple(part.detach() for part in layer) for layer in state]
        return cross_entropy(logits.flatten(0, 1), window.y.flatten()), logits


def bits_per_character(model: nn.Module, ids: NDArray[np.int64]) -> float:
    """Return the bits that a model needs for a character of a text, read at one go from a state of zero.

    Dropout is off meanwhile. The first character is not guessed.

    Raises:
        TypeError: ids is no array of whole numbers.
        ValueError: ids is not (N,) with two symbols or more.
    """
    _check_symbols(ids)
    if ids.ndim != 1 or len(ids) < 2:
        raise ValueError(f"ids must be (N,) with N from 2 on, got shape {ids.shape}")
    training, text = model.training, torch.from_numpy(ids)
    model.eval()
    with torch.no_grad():
        logits, _ = model(text[:-1, None])  # (N - 1, 1, V)
    model.train(training)
    return cross_entropy(logits[:, 0], text[1:]).item() / math.log(2)


def _check_symbols(ids: Any) -> None:
    """Raise an error if ids is no array of whole numbers."""
    if not isinstance(ids, np.ndarray):
        raise TypeError(
            f"ids must be an array of symbols, such as vocabulary.encode(text), got {type(ids).__name__}"
        )
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"ids must be whole numbers, got {ids.dtype}")


def fresh_model(seed: int, *sizes: int, **options: Any) -> LanguageModel:
    """Return a ``LanguageModel`` whose weights come from a seed; PyTorch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LanguageModel(*sizes, **options)
