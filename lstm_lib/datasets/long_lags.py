"""Long time lags (Hochreiter and Schmidhuber 1997, section 5.2): what came first must be known at the end."""

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
    unit_errors,
    whole_number,
)

Array = NDArray[Any]


@dataclass(frozen=True)
class FirstIsLast(Task):
    """Tasks 2a and 2b: p - 1 symbols between two equal ones, x … x or y … y. Predict every next symbol.

    Attributes:
        p: the lag between the two, in steps, at least 2. The symbols a_1, …, a_{p-1} are 0 … p - 2, x is p - 1, y is p.
        random: whether the symbols between are drawn at random (task 2b), or are always a_1, a_2, …, a_{p-1} (2a), so
            that there are only two sequences in all.
    """

    p: int = 100
    random: bool = False

    input_size = 1
    kind: ClassVar[Kind] = "next"
    tolerance = 0.25  # every output unit must come closer than this
    criterion = Criterion(10_000, fresh=True)

    def __post_init__(self) -> None:
        whole_number("p", self.p, 2)
        if not isinstance(self.random, bool):
            raise TypeError(f"random must be True or False, got {self.random!r}")

    @property
    def symbols(self) -> int:
        """p + 1: those between, x and y."""
        return self.p + 1

    @property
    def output_size(self) -> int:
        """K = p + 1, one for each symbol."""
        return self.p + 1

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences of p inputs: x (p, batch), and the symbol that follows each, target (p, batch).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        p = self.p
        sequence = np.empty((p + 1, batch), np.int64)
        sequence[0] = sequence[p] = generator(rng).integers(p - 1, p + 1, size=batch)
        sequence[1:p] = rng.integers(p - 1, size=(p - 1, batch)) if self.random else np.arange(p - 1)[:, None]
        target = sequence[1:].copy()
        return Batch(sequence[:-1].copy(), np.full(batch, p), target, target)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (p, B, K) of the next symbol: wrong where a unit is off by 0.25 or more.

        At every step in task 2a. In task 2b at the last step alone, since nobody can predict the noise.
        """
        probabilities = checked_output(output, (*batch.truth.shape, self.output_size), self.kind)
        steps = slice(-1, None) if self.random else slice(None)
        errors = unit_errors(probabilities[steps], batch.truth[steps]).max(axis=2)
        return Verdict(errors.max(axis=0), ~(errors < self.tolerance).all(axis=0))


@dataclass(frozen=True)
class Distractors(Task):
    """Task 2c: b, then x or y, then q or more random symbols, then the trigger e. Which was it, x or y?

    Attributes:
        q: the fewest distractors, at least 1; from x or y to the trigger there are q + 1 steps or more. After the first
            q, one more comes with probability 9/10 each time, so that a whole sequence has q + 13 symbols on average
            (the paper says q + 14; its sum gives 13).
        p: different distractors, at least 1. They are 0 … p - 1; e is p, b is p + 1, x is p + 2, y is p + 3.
    """

    q: int = 50
    p: int = 50

    input_size = 1
    output_size = 2
    kind: ClassVar[Kind] = "class"
    tolerance = 0.2  # both output units must come closer than this
    criterion = Criterion(10_000, fresh=True)

    def __post_init__(self) -> None:
        whole_number("q", self.q, 1)
        whole_number("p", self.p, 1)

    @property
    def symbols(self) -> int:
        """p + 4: the distractors and e, b, x, y."""
        return self.p + 4

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences without their last symbol: x (T', batch); target (batch,), 0 for x and 1 for y.

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        more = generator(rng).geometric(0.1, size=batch) - 1
        lengths = self.q + more + 3  # b, x or y, the distractors, e
        which = rng.integers(2, size=batch)
        x = rng.integers(self.p, size=(lengths.max(), batch))
        x[0], x[1] = self.p + 1, self.p + 2 + which
        x[lengths - 1, np.arange(batch)] = self.p
        x[~inside(lengths, len(x))] = 0
        return Batch(x, lengths, which, which)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (B, 2) at the trigger: wrong where one of them is off by 0.2 or more."""
        p = checked_output(output, (len(batch.truth), 2), self.kind)
        error = unit_errors(p, batch.truth).max(axis=1)
        return Verdict(error, ~(error < self.tolerance))
