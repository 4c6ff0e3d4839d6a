"""Train taggers that read Hamlet without spaces in several ways, and store how well they find the words.

    python -m benchmarks.directions                       what is not stored yet, into data/directions.csv
    python -m benchmarks.directions --seeds 5 6 --out other.csv

All of it takes some five minutes on one thread. Every run is stored as soon as it has ended, so it may be interrupted;
the same command then goes on. Sizes, steps and the learning rate were chosen on the validation lines with the seeds 100
and 101, which are not among those stored.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import torch
from tqdm import tqdm

from lstm_lib.datasets.segmentation import load_segmentation
from lstm_lib.experiments.directions import (
    READERS,
    STORED,
    StoredRun,
    load_directions,
    run,
    save_directions,
)

SEEDS = (0, 1, 2, 3, 4)
STEPS = 1500


def table(runs: Sequence[StoredRun]) -> list[str]:
    """Return the table as lines: the mean over the seeds of each reader."""
    lines = [f"{'reader':20}{'runs':>5}{'error':>8}{'F1':>8}{'whole':>8}"]
    for reader in READERS:
        found = [one for one in runs if one.reader == reader]
        if found:
            error, f1, whole = (
                mean(getattr(one, name) for one in found) for name in ("error", "f1", "whole")
            )
            lines.append(f"{reader:20}{len(found):>5}{error:>8.1%}{f1:>8.3f}{whole:>8.0%}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.directions", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--readers", nargs="+", choices=list(READERS), default=list(READERS), metavar="READER"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 to 4")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of training, default: {STEPS}")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/directions.csv")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    runs = load_directions(chosen.out) if chosen.out.exists() else []
    known, data = {(one.reader, one.seed, one.steps) for one in runs}, load_segmentation()
    for reader, seed in tqdm(
        [(reader, seed) for reader in chosen.readers for seed in chosen.seeds], unit="run"
    ):
        if (reader, seed, chosen.steps) not in known:
            runs.append(run(reader, seed, chosen.steps, data))
            runs.sort(key=lambda one: (list(READERS).index(one.reader), one.seed, one.steps))
            save_directions(runs, chosen.out)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
