"""The stored runs of lesson 12: ``data/text_generation.csv``, made by ``benchmarks.text_generation``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "text_generation.csv"
COMMAND = "python -m benchmarks.text_generation"


@dataclass(frozen=True)
class TextRun:
    """One figure of one model on *Hamlet*.

    Attributes:
        experiment: "tuning" (recipes, on validation), "habits" (learning while reading, on validation), "weights" (of
            mixtures, on validation), "lesson" (test part), "seconds" and "updates" (learning curves, on validation, of
            three kinds of layers in the same time or with as many updates), "size" (test part, less text to learn
            from) or "checkpoint" (the stored model, test part).
        model: which one, with its settings where they are tried.
        seed: of the network; -1 for what has none.
        at: where there is a curve or a size: updates until then, or characters of the training text; else 0.
        measure: "bits", or "weight" of the network in a mixture.
        value: of it, on the validation part for "tuning", "habits", "weights", "seconds" and "updates", else on test.
        seconds: of processor time for training until then, on one thread.
        torch, numpy: versions.
    """

    experiment: str
    model: str
    seed: int
    at: int
    measure: str
    value: float
    seconds: float
    torch: str
    numpy: str


def load_text_runs(path: Path = STORED) -> list[TextRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(TextRun, path, COMMAND)


def save_text_runs(runs: Iterable[TextRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(TextRun, runs, path)


def stored_bits(runs: Sequence[TextRun], experiment: str, model: str) -> dict[int, list[float]]:
    """Return the bits of a model in an experiment: seed -> values, in the order of ``at``.

    Raises:
        ValueError: there is no such row.
    """
    rows = [r for r in runs if (r.experiment, r.model, r.measure) == (experiment, model, "bits")]
    if not rows:
        raise ValueError(f"runs must hold bits of {model!r} under {experiment!r}, got none")
    rows.sort(key=lambda r: (r.seed, r.at))
    return {seed: [r.value for r in rows if r.seed == seed] for seed in dict.fromkeys(r.seed for r in rows)}


def curves(
    runs: Sequence[TextRun], experiment: str, model: str, x: str
) -> list[tuple[list[float], list[float]]]:
    """Return a pair (x, bits) for each seed of a model, for a plot; x is "seconds" or "at".

    Raises:
        ValueError: there is no such row, or x is another.
    """
    if x not in ("seconds", "at"):
        raise ValueError(f"x must be 'seconds' or 'at', got {x!r}")
    pairs = []
    for seed, bits in stored_bits(runs, experiment, model).items():
        key = (experiment, model, seed, "bits")
        rows = [r for r in runs if (r.experiment, r.model, r.seed, r.measure) == key]
        rows.sort(key=lambda r: r.at)
        pairs.append(([float(getattr(r, x)) for r in rows], bits))
    return pairs
