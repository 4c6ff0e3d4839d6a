"""The two-sequence problem of Bengio, Simard and Frasconi (1994), posed as in Hochreiter and Schmidhuber (1997).

The first N numbers tell the class, all others are noise. The variances are the paper's: 0.2 for the noise in the
inputs, 0.1 for the noise in the targets of task 3c.
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

_NOISE = 0.2**0.5  # standard deviations, from the paper's variances
_TARGET_NOISE = 0.1**0.5
#: Criteria ST1 and ST2; task 3c has one only.
_CRITERIA = {
    ("a", False): Criterion(256, fresh=True),
    ("a", True): Criterion(256, mean_error=0.01, fresh=True),
    ("b", False): Criterion(256, most_wrong=5, fresh=True),
    ("b", True): Criterion(256, most_wrong=5, mean_error=0.04, fresh=True),
    ("c", False): Criterion(256, mean_error=0.015, fresh=True),
    ("c", True): Criterion(256, mean_error=0.015, fresh=True),
}


@dataclass(frozen=True)
class TwoSequence(Task):
    """Sequences of T to T + T/10 numbers: N times +1 (class 1) or -1 (class 2), then Gaussian noise of variance 0.2.

    Attributes:
        variant: "a": targets 1 for class 1 and 0 for class 2. "b": the same, and the first N numbers are noisy, too.
            "c": targets 0.2 for class 1 and 0.8 for class 2, with Gaussian noise of variance 0.1 on them; the inputs
            are those of "a".
        T: the least length, at least 10.
        N: how many numbers tell the class, 1 to T.
        strict: criterion ST2, which asks for a small mean error, instead of ST1. Task 3c has one criterion only.
    """

    variant: str = "a"
    T: int = 100
    N: int = 3
    strict: bool = True

    symbols = 0
    input_size = 1
    output_size = 1
    kind: ClassVar[Kind] = "value"

    def __post_init__(self) -> None:
        if self.variant not in ("a", "b", "c"):
            raise ValueError(f'variant must be "a", "b" or "c", got {self.variant!r}')
        if not isinstance(self.strict, bool):
            raise TypeError(f"strict must be True or False, got {self.strict!r}")
        whole_number("T", self.T, 10)
        if whole_number("N", self.N, 1) > self.T:
            raise ValueError(f"N must be at most T = {self.T}, got {self.N}")

    @property
    def criterion(self) -> Criterion:
        """ST1 or ST2, on 256 fresh sequences."""
        return _CRITERIA[self.variant, self.strict]

    @property
    def tolerance(self) -> float:
        """An answer that is off by this or more is wrong."""
        return 0.1 if self.variant == "c" else 0.2

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T', batch, 1) with T' the longest of them, target (batch, 1).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        lengths = lengths_from(self.T, batch, generator(rng))
        sign = rng.choice([1.0, -1.0], size=batch)  # class 1 and class 2
        x = rng.normal(scale=_NOISE, size=(lengths.max(), batch))
        x[: self.N] = sign + (x[: self.N] if self.variant == "b" else 0)
        x[~inside(lengths, len(x))] = 0
        truth = np.where(sign > 0, 0.2, 0.8) if self.variant == "c" else (sign > 0)
        target = truth + rng.normal(scale=_TARGET_NOISE, size=batch) * (self.variant == "c")
        columns = [values.astype(np.float32)[:, None] for values in (target, truth)]
        return Batch(x.astype(np.float32)[..., None], lengths, *columns)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge outputs (B, 1) at the sequence ends by the target without noise; wrong from ``tolerance`` on."""
        values = checked_output(output, batch.truth.shape, self.kind)
        error = np.abs(values - batch.truth)[:, 0]
        return Verdict(error, ~(error < self.tolerance))
