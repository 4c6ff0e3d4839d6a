"""Repeats: a block of letters comes again and again, and every letter after its first round can be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lstm_lib.datasets.task import (
    Array,
    Batch,
    Criterion,
    Kind,
    Task,
    Verdict,
    checked_output,
    generator,
    whole_number,
)


@dataclass(frozen=True)
class Repeats(Task):
    """A block of different letters, drawn at random, is repeated to the end. Predict every next letter.

    Letters of a block differ, so after "… a b …" a later "a" is followed by "b": the answer stands in the sequence,
    once the block has come round, and nowhere else. A mix of the copy task (Graves et al. 2014, "Neural Turing
    machines", section 4.1, where an end mark says when to repeat) and of the repeated random tokens on which Olsson et
    al. (2022), "In-context learning and induction heads", look for heads that find what came after.

    Attributes:
        steps: T.
        shortest, longest: letters in a block, evenly from one to the other, another number for each sequence.
        letters: how many letters there are, 0 … letters - 1.
    """

    steps: int = 48
    shortest: int = 4
    longest: int = 16
    letters: int = 24

    input_size = 1
    kind: ClassVar[Kind] = "next"
    criterion = Criterion(2_000)

    def __post_init__(self) -> None:
        whole_number("shortest", self.shortest, 1)
        whole_number("longest", self.longest, self.shortest)
        whole_number("letters", self.letters, self.longest)
        whole_number("steps", self.steps, self.longest)

    @property
    def symbols(self) -> int:
        """The letters."""
        return self.letters

    @property
    def output_size(self) -> int:
        """K, one output for each letter."""
        return self.letters

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T, batch), and the next letter where it can be known, else -1.

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        blocks = generator(rng).permuted(np.tile(np.arange(self.letters)[:, None], (1, batch)), axis=0)
        lengths = rng.integers(self.shortest, self.longest, size=batch, endpoint=True)
        t = np.arange(self.steps + 1)[:, None]
        sequence = np.take_along_axis(blocks, t % lengths, axis=0)  # (T + 1, batch)
        target = np.where(t[:-1] < lengths - 1, -1, sequence[1:])
        return Batch(sequence[:-1].copy(), np.full(batch, self.steps), target, target)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (T, B, K): wrong where a letter that can be known is not the most likely one."""
        return judged(output, batch, self)


@dataclass(frozen=True)
class Parity(Task):
    """Ones and zeros: after each, tell whether the ones so far are odd in number.

    An LSTM needs one cell that is turned over by every one. For a Transformer of fixed weights, one letter moves the
    answer less the longer the sequence is, so its answer becomes less and less sure: Hahn (2020), "Theoretical
    limitations of self-attention in neural sequence models". That does not mean that it must be wrong: Chiang and
    Cholak (2022), "Overcoming a theoretical limitation of self-attention", set the weights of one that computes parity
    at every length, and make it sure by a layer norm.

    Attributes:
        shortest, longest: steps, evenly from one to the other, another number for each sequence.
    """

    shortest: int = 1
    longest: int = 20

    input_size = 1
    symbols = 2
    output_size = 2
    kind: ClassVar[Kind] = "next"
    criterion = Criterion(2_000)

    def __post_init__(self) -> None:
        whole_number("shortest", self.shortest, 1)
        whole_number("longest", self.longest, self.shortest)

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw sequences: x (T, batch), and the parity after each step, -1 where a sequence has ended.

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        lengths = generator(rng).integers(self.shortest, self.longest, size=batch, endpoint=True)
        past = np.arange(lengths.max())[:, None] >= lengths
        x = np.where(past, 0, rng.integers(2, size=past.shape))
        target = np.where(past, -1, x.cumsum(axis=0) % 2)
        return Batch(x, lengths, target, target)

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (T, B, 2): wrong where the parity is not the more likely answer at some step."""
        return judged(output, batch, self)


def judged(output: Array, batch: Batch, task: Task) -> Verdict:
    """Return the verdict on probabilities (T, B, K) where truth (T, B) is -1 at the steps that do not count."""
    probabilities = checked_output(output, (*batch.truth.shape, task.output_size), task.kind)
    counts = batch.truth >= 0
    right = np.take_along_axis(probabilities, np.maximum(batch.truth, 0)[..., None], axis=-1)[
        ..., 0
    ]  # (T, B)
    error = np.where(counts, 1 - right, 0).sum(axis=0) / np.maximum(counts.sum(axis=0), 1)
    return Verdict(error, (counts & (probabilities.argmax(axis=-1) != batch.truth)).any(axis=0))
