"""What the experiments of Hochreiter and Schmidhuber (1997) have in common: a batch, a verdict, a criterion of success.

A *task* draws as many fresh sequences as one wants, and judges answers as the paper does. Every task has

    symbols       how many symbols its inputs are taken from; 0 where an input is made of numbers
    input_size    numbers in one input (1 for a symbol, which is a whole number from 0 to symbols - 1)
    output_size   K, output units of a network for it
    kind          what the outputs are: "value" (K numbers at the end of the sequence), "class" (probabilities of
                  K classes at its end), "next" (probabilities of K next symbols at every step)
    criterion     when the task counts as solved
    draw(batch, rng)        a ``Batch`` of fresh sequences
    judge(output, batch)    a ``Verdict``
    examination(rng)        batches for a criterion that asks for sequences of its own

The tasks stand in ``adding``, ``temporal_order``, ``long_lags``, ``two_sequence`` and ``reber``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Kind = Literal["value", "class", "next"]


class Batch(NamedTuple):
    """Sequences side by side. Those that are shorter than the longest are followed by zeros.

    Attributes:
        x: (T, B, D) numbers in float32 or, where the inputs are symbols, (T, B) whole numbers in int64.
        lengths: (B,), the steps of each sequence: that of sequence b ends at ``x[lengths[b] - 1, b]``.
        target: what to learn. "value": (B, K) in float32; "class": (B,) in int64; "next": (T, B) in int64, where -1
            stands after the end of a sequence.
        truth: what the answer is judged by: the target without noise, in the same form; for a grammar, (T, B, K) in
            bool, true for every symbol that may come next.
    """

    x: Array
    lengths: Array
    target: Array
    truth: Array


class Verdict(NamedTuple):
    """What is thought of the answers to a batch: error (B,), the absolute error of each; wrong (B,), in bool."""

    error: Array
    wrong: Array


@dataclass(frozen=True)
class Criterion:
    """When a task counts as solved: how many sequences in succession must be how good.

    Attributes:
        sequences: so many sequences are looked at.
        most_wrong: so many of them may be wrong.
        mean_error: their mean absolute error must be below this.
        fresh: whether they are drawn for this test alone; otherwise they are the training sequences, each judged before
            the network has learnt from it.
    """

    sequences: int
    most_wrong: int = 0
    mean_error: float = float("inf")
    fresh: bool = False

    def met(self, error: Array, wrong: Array) -> bool:
        """Tell whether sequences with these errors (N,) and verdicts (N,) meet it; fewer than asked for never do."""
        enough = len(error) >= self.sequences
        return bool(enough and wrong.sum() <= self.most_wrong and error.mean() < self.mean_error)


class Task(ABC):
    """The form of a task."""

    @property
    @abstractmethod
    def symbols(self) -> int:
        """How many symbols the inputs are taken from; 0 for numbers."""

    @property
    @abstractmethod
    def input_size(self) -> int:
        """The numbers in one input; 1 for a symbol."""

    @property
    @abstractmethod
    def output_size(self) -> int:
        """K, the output units."""

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """What the outputs are."""

    @property
    @abstractmethod
    def criterion(self) -> Criterion:
        """When it counts as solved."""

    @abstractmethod
    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw fresh sequences."""

    @abstractmethod
    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge the outputs of a network."""

    def examination(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Give as many fresh sequences as the criterion asks for, in batches that fit into memory."""
        left = self.criterion.sequences
        while left > 0:
            yield self.draw(min(left, 500), rng)
            left -= 500


def whole_number(name: str, value: object, least: int) -> int:
    """Return the value if it is a whole number, at least ``least``; otherwise raise an error that names it.

    Raises:
        TypeError: it is not a whole number.
        ValueError: it is too small.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, at least {least}, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


def generator(rng: object) -> np.random.Generator:
    """Return rng if it is a NumPy generator; otherwise raise a TypeError that shows how to make one."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}")
    return rng


def lengths_from(T: int, batch: int, rng: np.random.Generator) -> Array:
    """Return the lengths (batch,) of sequences, each evenly from T to T + T/10, as most experiments have them."""
    return rng.integers(T, T + T // 10, size=batch, endpoint=True)


def inside(lengths: Array, steps: int) -> Array:
    """Return a mask (steps, B): true up to the end of each sequence."""
    mask: Array = np.arange(steps)[:, None] < lengths
    return mask


def checked_output(output: object, shape: tuple[int, ...], kind: Kind) -> Array:
    """Return a network's outputs as an array of that shape.

    Raises:
        ValueError: another shape, or numbers outside 0 ... 1 where probabilities are asked for (are they logits?).
    """
    array = np.asarray(output)
    if array.shape != shape:
        raise ValueError(f"output must have shape {shape}, got {array.shape}")
    if kind != "value" and not ((array >= -1e-6) & (array <= 1 + 1e-6)).all():
        raise ValueError(
            f"output must hold probabilities, got {array.min():.3g} to {array.max():.3g}: "
            "are these the numbers before softmax?"
        )
    return array


def unit_errors(probabilities: Array, classes: Array) -> Array:
    """Return |p - one_hot(class)| (..., K) for probabilities (..., K) and classes (...)."""
    errors: Array = np.abs(probabilities - np.eye(probabilities.shape[-1])[classes])
    return errors
