"""The stored runs of depth against width: ``data/depth.csv``, made by ``benchmarks.depth``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "depth.csv"


@dataclass(frozen=True)
class DepthRun:
    """One stack, trained on *Hamlet*.

    Attributes:
        network: its name in ``lstm_lib.experiments.depth.NETWORKS``.
        budget: "tuning" (one of the settings that were tried, on a seed of its own), "updates" (the same number of
            updates for all networks), "time" (as many as fit into the same time) or "short" (few updates of a smaller
            network, one rate for all, which a lesson can repeat).
        seed: of the weights, of dropout, and of the places where the strips of text begin.
        hidden_size: H of each layer.
        parameters: of the whole model.
        rate: the highest learning rate of Adam.
        dropout: between layers and before the output.
        updates: how many were made.
        seconds: of processor time, on one thread.
        validation, test: bits per character on these parts of the text.
        torch, numpy: versions.
    """

    network: str
    budget: str
    seed: int
    hidden_size: int
    parameters: int
    rate: float
    dropout: float
    updates: int
    seconds: float
    validation: float
    test: float
    torch: str
    numpy: str


def load_depth(path: Path = STORED) -> list[DepthRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(DepthRun, path, "python -m benchmarks.depth")


def save_depth(runs: Iterable[DepthRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(DepthRun, runs, path)


def bits(
    runs: Sequence[DepthRun],
    budget: str,
    network: str,
    part: str = "test",
    seeds: Sequence[int] | None = None,
) -> list[float]:
    """Return the bits per character of one network under one budget, a number a seed, in the order of the seeds.

    Args:
        runs: stored ones.
        budget: see ``DepthRun``.
        network: its name.
        part: "validation" or "test".
        seeds: those that are wanted; None for all.

    Raises:
        ValueError: part is another, or there is no such run.
    """
    if part not in ("validation", "test"):
        raise ValueError(f"part must be 'validation' or 'test', got {part!r}")
    chosen = [run for run in runs if (run.budget, run.network) == (budget, network)]
    found = [
        getattr(run, part)
        for run in sorted(chosen, key=lambda run: run.seed)
        if seeds is None or run.seed in seeds
    ]
    if not found:
        raise ValueError(f"runs must hold some of {network!r} under the budget {budget!r}, got none")
    return found
