"""The adding problem and the multiplication problem (Hochreiter and Schmidhuber 1997, sections 5.4 and 5.5).

An input is a pair: a random number, and a marker. Two pairs are marked, one of the first ten and another of the first
half. At the end of the sequence, the sum or the product of the two marked numbers is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import (
    Batch,
    Criterion,
    Kind,
    Task,
    Verdict,
    checked_output,
    generator,
    inside,
    lengths_from,
    whole_number,
)

Array = NDArray[Any]


@dataclass(frozen=True)
class _MarkedPairs(Task):
    """What adding and multiplication share: where the marks are, and what the inputs look like.

    Attributes:
        T: the least length, at least 20; a sequence has T to T + T/10 pairs, each length as likely as the others.
    """

    T: int = 100

    symbols = 0
    input_size = 2
    output_size = 1
    kind: ClassVar[Kind] = "value"
    tolerance = 0.04  # an answer that is off by this or more is wrong

    def __post_init__(self) -> None:
        whole_number("T", self.T, 20)

    def _marks(self, batch: int, rng: np.random.Generator) -> Array:
        """Return the places (2, batch) of the marks, counted from 0.

        The first is one of the first ten pairs; the second is one of the first T/2 - 1 pairs that are still unmarked.
        So both lie in the first T/2 pairs, and the least lag from a mark to the end is T/2 steps.
        """
        first = rng.integers(10, size=batch)
        second = rng.integers(self.T // 2 - 1, size=batch)
        return np.stack([first, second + (second >= first)])  # the first mark is passed over

    def _pairs(
        self, batch: int, rng: np.random.Generator, low: float, neutral: float
    ) -> tuple[Array, Array, Array]:
        """Return x (T', batch, 2), the lengths (batch,), and the two numbers that count (2, batch)."""
        whole_number("batch", batch, 1)
        lengths = lengths_from(self.T, batch, generator(rng))
        marks, columns = self._marks(batch, rng), np.arange(batch)
        x = np.zeros((lengths.max(), batch, 2), np.float32)
        x[..., 0] = rng.uniform(low, 1, size=x.shape[:2])
        x[marks, columns, 1] = 1
        # The first and the last pair carry the marker -1. A mark on the first pair cannot be seen there; in this rare
        # case the paper lets the number count as 0 in a sum and as 1 in a product.
        x[0, :, 1] = x[lengths - 1, columns, 1] = -1
        numbers = np.where(marks == 0, np.float32(neutral), x[marks, columns, 0])
        x[~inside(lengths, len(x))] = 0
        return x, lengths, numbers

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge outputs (B, 1) at the sequence ends: wrong where the absolute error is not below 0.04."""
        values = checked_output(output, batch.truth.shape, self.kind)
        error = np.abs(values - batch.truth)[:, 0]
        return Verdict(error, ~(error < self.tolerance))


@dataclass(frozen=True)
class Adding(_MarkedPairs):
    """Adding: numbers from -1 to 1; the target is 0.5 + (X1 + X2) / 4, which lies between 0 and 1."""

    criterion = Criterion(2000, mean_error=0.01)

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T', batch, 2) with T' the longest of them, target (batch, 1).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        x, lengths, numbers = self._pairs(batch, rng, -1.0, 0.0)
        target = (0.5 + numbers.sum(axis=0) / 4).astype(np.float32)[:, None]
        return Batch(x, lengths, target, target)


@dataclass(frozen=True)
class Multiplication(_MarkedPairs):
    """Multiplication: numbers from 0 to 1; the target is X1 X2.

    Attributes:
        most_wrong: of the 2,000 most recent training sequences so many may be wrong: 139 or 12 in the paper ("less than
            140", "less than 13").
    """

    most_wrong: int = 12

    def __post_init__(self) -> None:
        super().__post_init__()
        whole_number("most_wrong", self.most_wrong, 0)

    @property
    def criterion(self) -> Criterion:
        """Few of the last 2,000 training sequences wrong."""
        return Criterion(2000, most_wrong=self.most_wrong)

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T', batch, 2) with T' the longest of them, target (batch, 1).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        x, lengths, numbers = self._pairs(batch, rng, 0.0, 1.0)
        target = numbers.prod(axis=0).astype(np.float32)[:, None]
        return Batch(x, lengths, target, target)
