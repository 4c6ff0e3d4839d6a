"""Run the experiments of Hochreiter and Schmidhuber (1997) on RNN, GRU and LSTM, and store what comes out.

    python -m benchmarks.long_memory                      what is not stored yet, into data/long_memory.csv
    python -m benchmarks.long_memory --list               the experiments, networks and settings
    python -m benchmarks.long_memory --only "4 adding T=100" --networks "LSTM, chrono"
    python -m benchmarks.long_memory --seeds 5 6 7 --out other.csv     other seeds, and do they say the same?

All of it takes more than an hour on one thread. Every run is stored as soon as it has ended, so it may be interrupted
(the run that was under way is lost); the same command then goes on. To make a row anew, delete its lines from the file.

The learning rates were chosen from 0.003, 0.005, 0.006, 0.01 and 0.02 by runs with the seeds 100 to 102, which are not
among those stored, on the shorter rows; at lags of 1,000 on the LSTM alone.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from lstm_lib.datasets.long_memory import (
    STORED,
    StoredRun,
    Summary,
    load_long_memory,
    save_long_memory,
    summary,
)
from lstm_lib.datasets.reber import EmbeddedReber, EmbeddedReberSets
from lstm_lib.experiments import EXPERIMENTS, NETWORKS, learning_rate, try_on

SEEDS = (0, 1, 2, 3, 4)
TABLE = ("RNN", "GRU", "LSTM", "LSTM, chrono")
#: Where more networks than those of the table are run: the ablation of the chrono start.
MORE = {
    "4 adding T=100": (
        "LSTM, forget bias 0",
        "LSTM, chrono on the forget gate only",
        "LSTM, chrono on the input gate only",
        "GRU, chrono",
    ),
    "2a p=100": ("LSTM, chrono on the forget gate only",),
    "6a two symbols": ("LSTM, chrono on the forget gate only", "LSTM, chrono on the input gate only"),
}
#: Where a run of a GRU takes minutes, and one of an RNN up to a minute: two seeds of them.
SLOW = ("2c q=1000 p=1000", "4 adding T=500", "4 adding T=1000")
#: Where they are not run at all, since a shorter row of the same task says enough.
LEFT_OUT = ("2c q=1000 p=50", "3a T=1000 N=3", "4 adding T=2000")
SLOW_NETWORKS = ("RNN", "GRU")
TEST_SEED = 2560  # of the sequences that a network is tried on after training


def one(experiment: str, network: str, seed: int) -> StoredRun:
    """Run one network on one experiment, on one thread, and try it on fresh sequences."""
    torch.set_num_threads(1)
    settings = EXPERIMENTS[experiment]
    rate = learning_rate(experiment, network)
    found = settings.run(network, seed, rate)
    # The paper's Reber task draws from 256 training strings: fresh ones come from the grammar.
    fresh = EmbeddedReber() if isinstance(settings.task, EmbeddedReberSets) else settings.task
    verdict = try_on(found.reader, fresh, np.random.default_rng([TEST_SEED, seed]))
    return StoredRun(
        experiment=experiment,
        network=network,
        seed=seed,
        rate=rate,
        solved=found.solved,
        sequences=found.sequences,
        seconds=round(found.history.seconds, 1),
        wrong=int(verdict.wrong.sum()),
        error=round(float(verdict.error.mean()), 4),
        torch=torch.__version__.split("+")[0],
        numpy=np.__version__,
    )


def plan(only: Sequence[str], networks: Sequence[str], seeds: Sequence[int]) -> list[tuple[str, str, int]]:
    """Return what is to be run: (experiment, network, seed), in the order of the tables."""
    chosen = only or list(EXPERIMENTS)
    return [
        (experiment, network, seed)
        for experiment in EXPERIMENTS
        if experiment in chosen
        for network in (*TABLE, *MORE.get(experiment, ()))
        if not networks or network in networks
        for seed in seeds[: most_seeds(experiment, network)]
    ]


def most_seeds(experiment: str, network: str) -> int | None:
    """Return how many of the seeds are run; None is all."""
    if network not in SLOW_NETWORKS:
        return None
    return 0 if experiment in LEFT_OUT else 2 if experiment in SLOW else None


def table(runs: Sequence[StoredRun]) -> list[str]:
    """Return the table as lines: solved, sequences and seconds of each network, and the paper's sequences."""
    lines = [f"{'experiment':28}{'paper':>10}  " + "".join(f"{name:>24}" for name in TABLE)]
    for name, experiment in EXPERIMENTS.items():
        cells = [cell(summary(runs, name, network)) for network in TABLE]
        if any(cells):
            paper = f"{experiment.paper:,}" if experiment.paper else "–"
            lines.append(f"{name:28}{paper:>10}  " + "".join(f"{text:>24}" for text in cells))
    return lines


def cell(found: Summary | None) -> str:
    """Say what the seeds came to: solved of all, sequences, seconds."""
    if found is None:
        return ""
    if found.sequences is None:
        return f"0/{found.runs}"
    return f"{found.solved}/{found.runs} {found.sequences:,.0f} {found.seconds:.0f} s"


def chance(ours: Summary, theirs: Summary) -> float:
    """Return how likely a split of the successes at least as uneven is, if both had one rate of success.

    Fisher's exact test, two-sided: of all ways to deal out the successes, those that are no more likely than this one.
    """
    solved = ours.solved + theirs.solved

    def ways(k: int) -> int:
        return math.comb(ours.runs, k) * math.comb(theirs.runs, solved - k)

    possible = [ways(k) for k in range(solved + 1)]
    return sum(n for n in possible if n <= ways(ours.solved)) / sum(possible)


def compare(runs: Sequence[StoredRun], stored: Sequence[StoredRun]) -> list[str]:
    """Return a line for every network and experiment: what these seeds say, beside what the stored ones say.

    "ANOTHER" stands where the rates of success differ by more than the luck of seeds makes likely: 1 in 20.
    """
    lines = []
    for experiment, network in dict.fromkeys((run.experiment, run.network) for run in runs):
        ours, theirs = (summary(which, experiment, network) for which in (runs, stored))
        assert ours is not None
        if theirs is not None:
            same = "the same" if chance(ours, theirs) > 0.05 else "ANOTHER"
            lines.append(
                f"{same:9} {experiment:28} {network:40} {cell(ours):>22}   stored: {cell(theirs):>22}"
            )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.long_memory", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--only", nargs="+", choices=list(EXPERIMENTS), default=[], metavar="EXPERIMENT")
    parser.add_argument("--networks", nargs="+", choices=list(NETWORKS), default=[], metavar="NETWORK")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 to 4")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/long_memory.csv")
    parser.add_argument("--list", action="store_true", help="show what there is, and run nothing")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        for name, experiment in EXPERIMENTS.items():
            rates = {network: learning_rate(name, network) for network in (*TABLE, *MORE.get(name, ()))}
            print(
                f"{name}: at most {experiment.sequences:,} sequences, {experiment.batch} in a step; rates {rates}"
            )
        return
    runs = load_long_memory(chosen.out) if chosen.out.exists() else []
    known = {(run.experiment, run.network, run.seed) for run in runs}
    for key in (bar := tqdm(plan(chosen.only, chosen.networks, chosen.seeds), unit="run")):
        bar.set_postfix_str(f"{key[0]}, {key[1]}, seed {key[2]}")
        if key not in known:
            runs.append(one(*key))
            save_long_memory(sorted(runs, key=order), chosen.out)
    print(*table(runs), sep="\n")
    if chosen.out != STORED and STORED.exists():
        print(*compare(runs, load_long_memory()), sep="\n")


def order(run: StoredRun) -> tuple[int, int, int]:
    """Return where a run stands in the file."""
    return list(EXPERIMENTS).index(run.experiment), list(NETWORKS).index(run.network), run.seed


if __name__ == "__main__":
    main()
