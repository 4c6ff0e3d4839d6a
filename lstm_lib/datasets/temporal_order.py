"""The temporal order problem (Hochreiter and Schmidhuber 1997, section 5.6): which of X and Y came first?"""

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

#: The symbols by their numbers: four that mean nothing, the start, the end, and the two that count.
SYMBOLS = "abcdEBXY"
#: The classes by their numbers, as the paper names them: X is 0 and Y is 1, read as a binary number.
CLASSES = {2: "QRSU", 3: "QRSUVABC"}
#: Where the symbols that count stand, first and last possible place, counted from 1.
PLACES = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}


@dataclass(frozen=True)
class TemporalOrder(Task):
    """Sequences of 100 to 110 symbols: E, then noise of a, b, c, d, then B; two or three of them are X or Y instead.

    Attributes:
        relevant: 2 for task 6a, with 4 classes; 3 for task 6b, with 8 classes.
    """

    relevant: int = 2

    symbols = len(SYMBOLS)
    input_size = 1
    kind: ClassVar[Kind] = "class"
    tolerance = 0.3  # every output unit must come closer than this
    criterion = Criterion(2000, mean_error=0.1)

    def __post_init__(self) -> None:
        if not isinstance(self.relevant, int) or self.relevant not in PLACES:
            raise ValueError(f"relevant must be 2 (task 6a) or 3 (task 6b), got {self.relevant!r}")

    @property
    def output_size(self) -> int:
        """K, the number of classes: 4 or 8."""
        return len(CLASSES[self.relevant])

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T', batch) with T' the longest of them, target (batch,).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        lengths, columns = generator(rng).integers(100, 110, size=batch, endpoint=True), np.arange(batch)
        x = rng.integers(4, size=(lengths.max(), batch))
        which = rng.integers(2, size=(self.relevant, batch))  # 0 is X, 1 is Y
        places = np.stack(
            [rng.integers(low, high, size=batch, endpoint=True) for low, high in PLACES[self.relevant]]
        )
        x[0], x[lengths - 1, columns] = SYMBOLS.index("E"), SYMBOLS.index("B")
        x[places - 1, columns] = SYMBOLS.index("X") + which
        x[~inside(lengths, len(x))] = 0
        target = 2 ** np.arange(self.relevant)[::-1] @ which
        return Batch(x, lengths, target, target)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (B, K) at the sequence ends: wrong where one of them is off by 0.3 or more."""
        p = checked_output(output, (len(batch.truth), self.output_size), self.kind)
        errors = unit_errors(p, batch.truth)
        return Verdict(errors.mean(axis=1), ~(errors.max(axis=1) < self.tolerance))
