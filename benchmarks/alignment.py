"""Train networks that write dates in figures, without attention and with each of its scores; store how well they do.

    python -m benchmarks.alignment                       what is not stored yet, into data/alignment.csv
    python -m benchmarks.alignment --seeds 3 4 --out other.csv

All of it takes some eight minutes on one thread. Every run is stored as soon as it has ended, so it may be
interrupted; the same command then goes on. Sizes, steps and the learning rate were chosen on the validation days with
seeds of 100 and above, which are not among those stored.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import torch
from tqdm import tqdm

from lstm_lib.experiments.alignment import NETWORKS, STORED, StoredRun, load_alignment, run, save_alignment

SEEDS = (0, 1, 2)
#: Which networks are trained for how many steps.
PLAN = {
    900: ("fixed vector", "dot", "scaled dot", "bilinear", "additive"),
    3000: ("fixed vector", "fixed vector, wide", "scaled dot", "bilinear"),
}


def table(runs: Sequence[StoredRun]) -> list[str]:
    """Return the table as lines: the mean over the seeds of the part of lists without a mistake, for each length."""
    lengths = sorted({one.dates for one in runs})
    lines = [f"{'network':20}{'steps':>6}" + "".join(f"{n:>8}" for n in lengths) + "   dates in a list"]
    for network, steps in dict.fromkeys((one.network, one.steps) for one in runs):
        means = [
            mean(one.whole for one in runs if (one.network, one.steps, one.dates) == (network, steps, n))
            for n in lengths
        ]
        lines.append(f"{network:20}{steps:>6}" + "".join(f"{value:>8.1%}" for value in means))
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.alignment", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--networks", nargs="+", choices=list(NETWORKS), default=list(NETWORKS), metavar="NETWORK"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 to 2")
    parser.add_argument("--steps", type=int, help="of training, for all; default: 900, and 3000 for some")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/alignment.csv")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    plan = PLAN if chosen.steps is None else {chosen.steps: tuple(NETWORKS)}
    runs = load_alignment(chosen.out) if chosen.out.exists() else []
    wanted = [
        (name, seed, steps)
        for seed in chosen.seeds
        for steps, names in plan.items()
        for name in names
        if name in chosen.networks
    ]
    for name, seed, steps in tqdm(wanted, unit="run"):
        if (name, seed, steps) not in {(one.network, one.seed, one.steps) for one in runs}:
            runs += run(name, seed, steps)
            runs.sort(key=lambda one: (one.steps, list(NETWORKS).index(one.network), one.seed, one.dates))
            save_alignment(runs, chosen.out)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
