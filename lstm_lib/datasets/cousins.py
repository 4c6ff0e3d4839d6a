"""The stored runs of the LSTM's cousins: ``data/cousins.csv``, made by ``benchmarks.cousins``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "cousins.csv"


@dataclass(frozen=True)
class CousinRun:
    """One network, trained on one task.

    Attributes:
        task: "continual Reber" or "adding".
        network: its name in ``lstm_lib.experiments.cousins.NETWORKS``.
        seed: of the weights and of the sequences.
        hidden_size: H.
        parameters: of the layer and of the linear map behind it.
        rate: the highest learning rate of Adam.
        updates: how many were made.
        steps_a_second: time steps of a batch that were trained in a second of processor time, on one thread.
        score: continual Reber: of all steps, the part at which every symbol that may come stands above all that may
            not. Adding: the part of the sequences that was answered within 0.04.
        strings: continual Reber: the part of the strings without one mistake; adding: the same as the score.
        by_signs: continual Reber without a forget gate: the part of the strings without one mistake when, from the
            500th step on, only the sign of each cell is left of it; nan for all others.
        torch, numpy: versions.
    """

    task: str
    network: str
    seed: int
    hidden_size: int
    parameters: int
    rate: float
    updates: int
    steps_a_second: float
    score: float
    strings: float
    by_signs: float
    torch: str
    numpy: str


def load_cousins(path: Path = STORED) -> list[CousinRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(CousinRun, path, "python -m benchmarks.cousins")


def save_cousins(runs: Iterable[CousinRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(CousinRun, runs, path)


def column(
    runs: Sequence[CousinRun], task: str, network: str, name: str = "score", rate: float = 0.02
) -> list[float]:
    """Return one number of each run of a network on a task with a learning rate, in the order of the seeds.

    Raises:
        ValueError: there is no such run, or runs have no number of that name.
    """
    chosen = sorted(
        (r for r in runs if (r.task, r.network, r.rate) == (task, network, rate)), key=lambda r: r.seed
    )
    numbers = [f.name for f in fields(CousinRun) if f.type in ("int", "float")]
    if name not in numbers:
        raise ValueError(f"name must be one of {numbers}, got {name!r}")
    if not chosen:
        raise ValueError(f"runs must hold some of {network!r} on {task!r} at rate {rate}, got none")
    return [getattr(run, name) for run in chosen]
