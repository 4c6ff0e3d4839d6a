"""Train stacks of one to eight layers with equal parameters on the text of *Hamlet*, and store what comes out.

    python -m benchmarks.depth                       what is not stored yet, into data/depth.csv
    python -m benchmarks.depth --only "1 layer" --budgets updates --seeds 5 6 7 --out other.csv
    python -m benchmarks.depth --speed               seconds an update of each network, side by side

All of it takes about an hour on one thread. Every run is stored as soon as it has ended, so it may be interrupted (the
run that was under way is lost); the same command then goes on. To make a row anew, delete its line from the file.

There are four budgets. "tuning": each network with several rates and dropouts, seed 100, judged on the validation part;
the best setting is the one in ``lstm_lib.experiments.depth.NETWORKS``. "updates": the same number of updates for all,
five seeds. "time": as many updates as fit into the time of the one-layer network, three seeds; where these are as many
as in "updates", it is the same run. "short": few updates of smaller networks, one rate for all and no dropout, three
seeds, which a lesson and a test repeat.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, median

import numpy as np
import torch
from tqdm import tqdm

from lstm_lib.datasets.depth import STORED, DepthRun, bits, load_depth, save_depth
from lstm_lib.experiments.depth import (
    NETWORKS,
    SHORT,
    SHORT_PARAMETERS,
    UPDATES,
    Network,
    brief,
    examine,
    learn,
)
from lstm_lib.nn.recurrent import parameters_of

BUDGETS = ("tuning", "updates", "time", "short")
SEEDS = (0, 1, 2, 3, 4)
FEW_SEEDS = (0, 1, 2)
TUNING_SEED = 100
DEEP = 8  # layers of the slowest networks: not under "short", and the plain one, which learns nothing, not under "time"
RATES, DROPOUTS = (0.01, 0.02, 0.03, 0.05), (0.0, 0.1)
Job = tuple[str, str, int, Network]  # name, budget, seed, settings


def plan(only: Sequence[str], budgets: Sequence[str], seeds: Sequence[int]) -> list[Job]:
    """Return what is to be run, in the order of the file."""
    jobs: list[Job] = []
    for budget, (name, network) in itertools.product(BUDGETS, NETWORKS.items()):
        if budget not in budgets or (only and name not in only):
            continue
        if network.layers == DEEP and (budget == "short" or (budget == "time" and not network.residual)):
            continue
        if budget == "tuning":
            settings = [replace(network, rate=r, dropout=d) for r in RATES for d in DROPOUTS]
            jobs += [(name, budget, TUNING_SEED, setting) for setting in settings]
        else:
            chosen = [seed for seed in seeds if seed in FEW_SEEDS or budget == "updates"]
            jobs += [
                (name, budget, seed, brief(network) if budget == "short" else network) for seed in chosen
            ]
    return jobs


def one(name: str, budget: str, seed: int, network: Network) -> DepthRun:
    """Train one network, on one thread, and measure it."""
    torch.set_num_threads(1)
    if budget == "short":
        model, history = learn(network, seed, SHORT, SHORT_PARAMETERS)
    else:
        model, history = learn(network, seed, network.updates_in_time if budget == "time" else UPDATES)
    validation, test = examine(model)
    return DepthRun(
        network=name,
        budget=budget,
        seed=seed,
        hidden_size=model.output.in_features,
        parameters=parameters_of(model),
        rate=network.rate,
        dropout=network.dropout,
        updates=history.steps,
        seconds=round(history.seconds, 1),
        validation=round(validation, 4),
        test=round(test, 4),
        torch=torch.__version__.split("+")[0],
        numpy=np.__version__,
    )


def twin(runs: Sequence[DepthRun], name: str, budget: str, seed: int, network: Network) -> DepthRun | None:
    """Return the run that was made under "updates", if "time" asks for the very same one; otherwise None."""
    if budget != "time" or network.updates_in_time != UPDATES:
        return None
    wanted = (name, "updates", seed, network.rate, network.dropout)
    return next((replace(run, budget="time") for run in runs if key(run) == wanted), None)


def key(run: DepthRun) -> tuple[str, str, int, float, float]:
    """Return what a run is known by."""
    return run.network, run.budget, run.seed, run.rate, run.dropout


def order(run: DepthRun) -> tuple[int, int, int, float, float]:
    """Return where a run stands in the file."""
    return BUDGETS.index(run.budget), list(NETWORKS).index(run.network), run.seed, run.rate, run.dropout


def table(runs: Sequence[DepthRun]) -> list[str]:
    """Return the table as lines: bits per character on the test part, mean and range over the seeds."""
    lines = []
    for budget, name in itertools.product(BUDGETS[1:], NETWORKS):
        if any((run.budget, run.network) == (budget, name) for run in runs):
            found = bits(runs, budget, name)
            lines.append(f"{budget:8} {name:20} {mean(found):.3f} ({min(found):.3f} to {max(found):.3f})")
    return lines


def speed(rounds: int = 7, updates: int = 30) -> dict[str, float]:
    """Return seconds an update of each network: the median over rounds in which all take turns."""
    torch.set_num_threads(1)
    seconds: dict[str, list[float]] = {name: [] for name in NETWORKS}
    for seed in range(rounds):
        for name, network in NETWORKS.items():
            seconds[name].append(learn(network, seed, updates)[1].seconds / updates)
    return {name: median(values) for name, values in seconds.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.depth", description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=list(NETWORKS), default=[], metavar="NETWORK")
    parser.add_argument("--budgets", nargs="+", choices=BUDGETS, default=list(BUDGETS), metavar="BUDGET")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 to 4")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/depth.csv")
    parser.add_argument("--speed", action="store_true", help="measure seconds an update, and store nothing")
    chosen = parser.parse_args(arguments)
    if chosen.speed:
        measured = speed()
        for name, seconds in measured.items():
            fit_in = UPDATES * measured["1 layer"] / seconds
            print(
                f"{name:20} {1000 * seconds:6.2f} ms an update; in the time of 1 layer: {fit_in:.0f} updates"
            )
        return
    runs = load_depth(chosen.out) if chosen.out.exists() else []
    known = {key(run) for run in runs}
    for name, budget, seed, network in (
        bar := tqdm(plan(chosen.only, chosen.budgets, chosen.seeds), unit="run")
    ):
        bar.set_postfix_str(f"{name}, {budget}, seed {seed}")
        if (name, budget, seed, network.rate, network.dropout) not in known:
            runs.append(twin(runs, name, budget, seed, network) or one(name, budget, seed, network))
            save_depth(sorted(runs, key=order), chosen.out)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
