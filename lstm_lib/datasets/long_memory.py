"""The stored runs of the experiments of 1997: ``data/long_memory.csv``, made by ``benchmarks.long_memory``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "long_memory.csv"


@dataclass(frozen=True)
class StoredRun:
    """One run of one network on one experiment.

    Attributes:
        experiment: its name in ``lstm_lib.experiments.EXPERIMENTS``.
        network: its name in ``lstm_lib.experiments.NETWORKS``.
        seed: of the weights and of the sequences.
        rate: the highest learning rate of Adam.
        solved: whether the paper's criterion was met.
        sequences: training sequences until then or, if it was not met, all that were allowed.
        seconds: of processor time, on one thread.
        wrong: of 2,560 fresh sequences, so many were answered wrongly afterwards.
        error: their mean absolute error, as the task measures it.
        torch, numpy: versions.
    """

    experiment: str
    network: str
    seed: int
    rate: float
    solved: bool
    sequences: int
    seconds: float
    wrong: int
    error: float
    torch: str
    numpy: str


@dataclass(frozen=True)
class Summary:
    """What the seeds of one network on one experiment come to.

    Attributes:
        runs: how many there are.
        solved: how many of them met the criterion.
        sequences: mean over those that did, or None if none did.
        seconds: mean over those that did; where none did, over all.
        most_wrong: of 2,560, the largest number over the runs that met the criterion, or None.
    """

    runs: int
    solved: int
    sequences: float | None
    seconds: float
    most_wrong: int | None


def load_long_memory(path: Path = STORED) -> list[StoredRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(StoredRun, path, "python -m benchmarks.long_memory")


def save_long_memory(runs: Iterable[StoredRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(StoredRun, runs, path)


def summary(runs: Sequence[StoredRun], experiment: str, network: str) -> Summary | None:
    """Return what the runs of one network on one experiment come to, or None if there are none."""
    chosen = [run for run in runs if (run.experiment, run.network) == (experiment, network)]
    if not chosen:
        return None
    solved = [run for run in chosen if run.solved]
    return Summary(
        runs=len(chosen),
        solved=len(solved),
        sequences=mean(run.sequences for run in solved) if solved else None,
        seconds=mean(run.seconds for run in solved or chosen),
        most_wrong=max((run.wrong for run in solved), default=None),
    )
