"""The stored runs of LSTM against Transformer: ``data/transformer.csv``, made by ``benchmarks.transformer``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "transformer.csv"


@dataclass(frozen=True)
class StoredScore:
    """How one trained network did in one trial.

    Attributes:
        contest: its name in ``lstm_lib.experiments.contest.CONTESTS``.
        network: "LSTM" or "Transformer".
        times: so many times the contest's updates.
        seed: of the weights and of the sequences.
        trial: what was tried after training.
        score: the part of right answers or, for the play, bits per character.
        parameters: of the network.
        updates: how many were made.
        rate: the highest learning rate of Adam.
        seconds: of processor time for the training, on one thread.
        torch, numpy: versions.
    """

    contest: str
    network: str
    times: int
    seed: int
    trial: str
    score: float
    parameters: int
    updates: int
    rate: float
    seconds: float
    torch: str
    numpy: str


def load_contest(path: Path = STORED) -> list[StoredScore]:
    """Return the stored scores, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(StoredScore, path, "python -m benchmarks.transformer")


def save_contest(found: Iterable[StoredScore], path: Path = STORED) -> None:
    """Write scores to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(StoredScore, found, path)


def by_trial(
    found: Sequence[StoredScore], contest: str, network: str, times: int = 1
) -> dict[str, list[float]]:
    """Return trial -> the scores of all seeds, in the order of the file.

    Raises:
        ValueError: there is no such run.
    """
    trials: dict[str, list[float]] = {}
    for row in found:
        if (row.contest, row.network, row.times) == (contest, network, times):
            trials.setdefault(row.trial, []).append(row.score)
    if not trials:
        raise ValueError(
            f"found must hold a run of contest {contest!r}, network {network!r}, times {times}, got none"
        )
    return trials
