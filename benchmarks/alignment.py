"""Train networks that write dates in figures, without attention and with each of its scores; store how well they do.

    python -m benchmarks.alignment                       what is not stored yet, into data/alignment.csv
    python -m benchmarks.alignment --seeds 3 4 --out other.csv

All of it takes some twelve minutes on one thread. Every run is stored as soon as it has ended, so it may be
interrupted; the same command then goes on. Sizes, steps and the shared learning rate were chosen for the bilinear
score, then a rate and the order of the lists for each network with one vector. All were chosen on the validation days
with seeds of 100 and above, which are not among those stored.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import torch
from tqdm import tqdm

from lstm_lib.experiments.alignment import (
    NETWORKS,
    RATE,
    STORED,
    StoredRun,
    load_alignment,
    run,
    save_alignment,
)

SEEDS = (0, 1, 2)


class Setting(NamedTuple):
    """A network, and how it is trained: for how many steps, at which rate, and with short lists first or not."""

    network: str
    steps: int
    rate: float = RATE
    short_first: bool = False


#: What is stored.
PLAN = (
    *(Setting(name, 900) for name in ("fixed vector", "dot", "scaled dot", "bilinear", "additive")),
    *(Setting(name, 3000) for name in ("fixed vector", "fixed vector, wide", "scaled dot", "bilinear")),
    Setting("fixed vector", 3000, 0.005),
    Setting("fixed vector, wide", 3000, 0.005, short_first=True),
)


def setting_of(run: StoredRun) -> Setting:
    """Return how a stored network was trained."""
    return Setting(run.network, run.steps, run.rate, run.short_first)


def table(runs: Sequence[StoredRun]) -> list[str]:
    """Return the table as lines: the mean over the seeds of the part of lists without a mistake, for each length."""
    lengths = sorted({one.dates for one in runs})
    lines = [
        f"{'network':20}{'steps':>6}{'rate':>8}{'first':>7}"
        + "".join(f"{n:>8}" for n in lengths)
        + "   dates in a list"
    ]
    for setting in dict.fromkeys(map(setting_of, runs)):
        means = [
            mean(one.whole for one in runs if (setting_of(one), one.dates) == (setting, n)) for n in lengths
        ]
        first = "short" if setting.short_first else "any"
        lines.append(
            f"{setting.network:20}{setting.steps:>6}{setting.rate:>8}{first:>7}"
            + "".join(f"{value:>8.1%}" for value in means)
        )
    return lines


def _order(run: StoredRun) -> tuple[object, ...]:
    place = list(NETWORKS).index(run.network)
    return run.short_first, run.steps, place, run.rate, run.seed, run.dates


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
    parser.add_argument("--rate", type=float, help="of learning, for all; default: 0.01, and others for some")
    parser.add_argument("--short-first", action="store_true", help="short lists first in training, for all")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/alignment.csv")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    own = chosen.steps is not None or chosen.rate is not None or chosen.short_first
    plan = [Setting(name, chosen.steps or 900, chosen.rate or RATE, chosen.short_first) for name in NETWORKS]
    runs = load_alignment(chosen.out) if chosen.out.exists() else []
    wanted = [
        (setting, seed)
        for seed in chosen.seeds
        for setting in (plan if own else PLAN)
        if setting.network in chosen.networks
    ]
    for setting, seed in tqdm(wanted, unit="run"):
        if (setting, seed) not in {(setting_of(one), one.seed) for one in runs}:
            name, steps, rate, short_first = setting
            runs += run(name, seed, steps, rate=rate, short_first=short_first)
            runs.sort(key=_order)
            save_alignment(runs, chosen.out)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
