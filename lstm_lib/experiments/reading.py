"""What a model of a text costs in bits, how that is lowered while it reads, and compressors as models."""

from __future__ import annotations

import bz2
import copy
import gzip
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.task import whole_number
from lstm_lib.experiments.characters import CarriedLoss, Strips

Array = NDArray[Any]
Ids = NDArray[np.int64]

#: So many symbols before the first one that is asked for are read, to fill the state.
RUN_UP = 2000
#: Strips and steps of the windows that the usual gradients are taken from.
BATCH, STEPS = 8, 64


def bits(probabilities: Array) -> float:
    """Return the bits per symbol from the probabilities (N,) that were given to the right ones.

    Raises:
        ValueError: one is not above 0 and at most 1, or there is none.
    """
    p = np.asarray(probabilities, dtype=float)
    if not p.size or not ((p > 0) & (p <= 1 + 1e-6)).all():
        raise ValueError(f"probabilities must be above 0 and at most 1, one or more, got {p!r:.80}")
    return float(-np.log2(p).mean())


def read(model: nn.Module, ids: Ids, start: int) -> Array:
    """Return the probability that a model gives to each of ``ids[start:]``, shape (N - start,).

    It has read up to ``RUN_UP`` symbols before, and it does not change. It is in eval mode afterwards.

    Raises:
        TypeError, ValueError: start is not a whole number from 1 to N - 1.
    """
    text, begin = _checked(ids, start)
    model.eval()
    with torch.no_grad():
        logits, _ = model(text[begin:-1, None])
    return _chances(logits[start - 1 - begin :], text[start:])


def usual_gradients(model: nn.Module, ids: Ids, windows: int = 30) -> list[Tensor]:
    """Return for each parameter the root of the mean square of its gradient, over so many windows of a text."""
    strips, loss = Strips(ids, BATCH, STEPS, np.random.default_rng(0)), CarriedLoss()
    squares = [torch.zeros_like(p) for p in model.parameters()]
    model.eval()
    for _ in range(whole_number("windows", windows, 1)):
        model.zero_grad()
        loss(model, strips.draw())[0].backward()  # type: ignore[no-untyped-call]
        for total, p in zip(squares, model.parameters(), strict=True):
            total += p.grad**2 / windows  # type: ignore[operator]
    model.zero_grad()
    return [total.sqrt() for total in squares]


@dataclass(frozen=True)
class Habit:
    """How a model goes on learning while it reads.

    Attributes:
        rate: the size of a step.
        back: the part of the way back to the trained weights that is gone at each step.
        window: so many symbols are guessed before a step is gone.
    """

    rate: float = 4e-4
    back: float = 0.01
    window: int = 16

    def __post_init__(self) -> None:
        whole_number("window", self.window, 1)
        if not (self.rate >= 0 and 0 <= self.back <= 1):
            raise ValueError(
                f"rate must be 0 or more and back from 0 to 1, got {self.rate!r} and {self.back!r}"
            )


#: Chosen on the validation part with seed 100: a window of 8 is better by 0.003 bits and takes twice as long.
HABIT = Habit()
#: Is added to the usual gradients, so that none is divided by nothing.
SMALLEST = 1e-4


def read_and_learn(
    model: nn.Module, ids: Ids, start: int, usual: list[Tensor], habit: Habit = HABIT
) -> Array:
    """Return what ``read`` returns, from a copy of the model that goes on learning while it reads.

    Each window is guessed first. Then its gradient, each number divided by its usual size, moves the weights a little.
    So nothing is used before it was guessed. Source: Krause, Kahembwe, Murray and Renals (2018), "Dynamic evaluation of
    neural sequence models".

    Args:
        model: is left as it is, in eval mode.
        ids: (N,).
        start: the first place that is asked for.
        usual: what ``usual_gradients`` returns for the training text.
        habit: rate, way back, window.

    Raises:
        TypeError, ValueError: start is not a whole number from 1 to N - 1.
    """
    text, begin = _checked(ids, start)
    reader = copy.deepcopy(model.eval())
    weights, trained = list(reader.parameters()), [p.detach().clone() for p in model.parameters()]
    with torch.no_grad():
        _, state = reader(text[begin : start - 1, None]) if start - 1 > begin else (None, None)
    found = []
    for first in range(start - 1, len(text) - 1, habit.window):
        x, y = (
            text[first : first + habit.window][: len(text) - 1 - first],
            text[first + 1 : first + habit.window + 1],
        )
        logits, state = reader(x[:, None], state)
        found.append(_chances(logits.detach(), y))
        state = [tuple(part.detach() for part in layer) for layer in state]
        reader.zero_grad()
        cross_entropy(logits[:, 0], y).backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for p, size, old in zip(weights, usual, trained, strict=True):
                assert p.grad is not None
                p.sub_(habit.rate * p.grad / (size + SMALLEST))
                p.add_(habit.back * (old - p))
    return np.concatenate(found)


def _checked(ids: Ids, start: int) -> tuple[Tensor, int]:
    """Return the text as a tensor, and the place from which on it is read."""
    whole_number("start", start, 1)
    if not isinstance(ids, np.ndarray) or ids.ndim != 1 or start >= len(ids):
        raise ValueError(f"ids must be an array (N,) with N above start, which is {start}, got {ids!r:.60}")
    if not np.issubdtype(ids.dtype, np.integer) or ids.min() < 0:
        raise ValueError(f"ids must be whole numbers from 0 on, got {ids!r:.60}")
    return torch.from_numpy(ids), max(0, start - 1 - RUN_UP)


def _chances(logits: Tensor, y: Tensor) -> Array:
    """Return the probability of each y (T,) from logits (T, 1, V), in float64."""
    loss = cross_entropy(logits[:, 0].double(), y, reduction="none")
    chances: Array = np.exp(-loss.numpy())
    return chances


def best_weight(ours: Array, other: Array) -> float:
    """Return the weight of ``ours``, 0 to 1 in steps of 0.05, with which a mixture of both needs the fewest bits.

    Raises:
        ValueError: they have not the same shape.
    """
    if np.shape(ours) != np.shape(other):
        raise ValueError(
            f"ours and other must have the same shape, got {np.shape(ours)} and {np.shape(other)}"
        )
    weights = [k / 20 for k in range(21)]
    return min(weights, key=lambda w: bits(w * ours + (1 - w) * other))


#: Name -> what compresses bytes as hard as it can.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 9),
    "xz": lambda data: lzma.compress(data, preset=9 | lzma.PRESET_EXTREME),
    "bz2": lambda data: bz2.compress(data, 9),
}


def compressed_bits(compress: Callable[[bytes], bytes], before: str, text: str) -> float:
    """Return the bits per character that a compressor adds for a text once it has been given what stands before it.

    Raises:
        ValueError: text is empty.
    """
    if not text:
        raise ValueError("text must hold at least one character, got an empty string")
    both, alone = (len(compress(part.encode())) for part in (before + text, before))
    return 8 * (both - alone) / len(text)
