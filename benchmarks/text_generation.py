"""Train the character models of lesson 12 and store what comes out; or make the stored checkpoint anew.

    python -m benchmarks.text_generation                    what is not stored yet, into data/text_generation.csv
    python -m benchmarks.text_generation --only lesson --seeds 3 4 --out other.csv
    python -m benchmarks.text_generation --checkpoint       data/hamlet_lstm.safetensors and .json, some four minutes

All of it takes about an hour on one thread. Every run is stored as soon as it has ended, so it may be interrupted; the
same command then goes on. To make a row anew, delete its lines from the file. "tuning", "habits" and "weights" see the
training and the validation part and use seed 100; what they choose stands in
``lstm_lib.experiments.text_generation``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from lstm_lib.datasets.text_runs import STORED, TextRun, load_text_runs, save_text_runs
from lstm_lib.experiments import hamlet_lstm
from lstm_lib.experiments.ngrams import kneser_ney, witten_bell
from lstm_lib.experiments.reading import (
    COMPRESSORS,
    HABIT,
    Habit,
    best_weight,
    bits,
    compressed_bits,
    read,
    read_and_learn,
    usual_gradients,
)
from lstm_lib.experiments.text_generation import (
    COUNTING_WEIGHT,
    KN_WEIGHT,
    ORDER,
    RATES,
    RECIPE,
    STILL_WEIGHT,
    UPDATES_IN_TIME,
    Parts,
    Recipe,
    Stopwatch,
    brief,
    hamlet_parts,
    learn,
)

SEEDS = (0, 1, 2)
TUNING_SEED = 100
SHARES = (8, 4, 2, 1)  # of the training part: an eighth and so on
CURVE = 10  # points
Found = Iterator[tuple[str, int, str, float, float]]  # model, at, measure, value, seconds


def settings(recipe: Recipe) -> str:
    """Return how a recipe is called in the file."""
    name = f"rate {recipe.rate:g}, dropout {recipe.dropout:g}, embedding dropout {recipe.embedding_dropout:g}"
    return name if recipe.hidden_size == RECIPE.hidden_size else f"{name}, H {recipe.hidden_size}"


def tried() -> list[tuple[str, Recipe]]:
    """Return the kinds and recipes that are tried, each kind in its own number of updates."""
    rates = [replace(RECIPE, rate=rate) for rate in (0.006, 0.012, 0.02, 0.03)]
    others = [
        replace(RECIPE, dropout=0.3),
        replace(RECIPE, dropout=0.6),
        replace(RECIPE, embedding_dropout=0.2),
    ]
    larger = [hamlet_lstm.LONG, replace(hamlet_lstm.LONG, embedding_dropout=0.0)]
    recipes = [("LSTM", recipe) for recipe in rates + others + larger]
    for kind, rates_of_kind in (("GRU", (0.003, 0.006, 0.012)), ("RNN", (0.001, 0.003, 0.006))):
        recipes += [
            (kind, replace(RECIPE, rate=rate, updates=UPDATES_IN_TIME[kind])) for rate in rates_of_kind
        ]
    return recipes


def tuning(seed: int) -> Found:
    """Recipes, on the validation part."""
    p = hamlet_parts()
    for kind, recipe in tried():
        model, history = learn(p.train, p.symbols, recipe, seed, kind=kind)
        value = bits(read(model, p.known, len(p.train)))
        yield f"{kind}, {settings(recipe)}", 0, "bits", value, history.seconds


@cache
def _tuned() -> tuple[nn.Module, Parts]:
    p = hamlet_parts()
    return learn(p.train, p.symbols, RECIPE, TUNING_SEED)[0], p


def habit_name(habit: Habit) -> str:
    """Return how a habit is called in the file."""
    return f"rate {habit.rate:g}, back {habit.back:g}, window {habit.window}"


def habits(seed: int) -> Found:
    """How to go on learning while reading, on the validation part."""
    model, p = _tuned()
    usual, start = usual_gradients(model, p.train), len(p.train)
    for window in (8, 16, 32):
        for rate in (2e-4, 4e-4, 8e-4):
            for back in (0.003, 0.01, 0.03):
                habit = Habit(rate, back, window)
                yield (
                    habit_name(habit),
                    0,
                    "bits",
                    bits(read_and_learn(model, p.known, start, usual, habit)),
                    0.0,
                )


def weights(seed: int) -> Found:
    """Mixtures, on the validation part."""
    model, p = _tuned()
    start = len(p.train)
    ours = {
        "LSTM": read(model, p.known, start),
        "learning": read_and_learn(model, p.known, start, usual_gradients(model, p.train)),
    }
    for order in (5, 6, 7):
        for name, counted in (("Kneser-Ney", start), ("counting Kneser-Ney", len(p.known))):
            q = kneser_ney(p.known, p.symbols, order, start, counted=counted)
            yield f"{name}, order {order}", 0, "bits", bits(q), 0.0
            for model_name, chances in ours.items():
                w = best_weight(chances, q)
                mixed = f"{model_name} + {name}, order {order}"
                yield mixed, 0, "weight", w, 0.0
                yield mixed, 0, "bits", bits(w * chances + (1 - w) * q), 0.0


def lesson(seed: int) -> Found:
    """The lesson's models on the test part; with seed -1 the baselines."""
    p = hamlet_parts()
    start, end = len(p.known), len(p.all)
    fixed, counting = (kneser_ney(p.all, p.symbols, ORDER, start, counted=until) for until in (start, end))
    if seed < 0:
        for name, compress in COMPRESSORS.items():
            yield name, 0, "bits", compressed_bits(compress, p.known_text, p.test_text), 0.0
        for order in range(1, 8):
            for name, until in (("", start), ("counting ", end)):
                for smoothing, model in (("Witten-Bell", witten_bell), ("Kneser-Ney", kneser_ney)):
                    q = model(p.all, p.symbols, order, start, counted=until)
                    yield f"{name}{smoothing}, order {order}", 0, "bits", bits(q), 0.0
        return
    model, history = learn(p.known, p.symbols, RECIPE, seed)
    for name, chances in measured(model, p, fixed, counting).items():
        yield name, 0, "bits", bits(chances), history.seconds


def measured(model: nn.Module, p: Parts, fixed: Any, counting: Any) -> dict[str, Any]:
    """Return the probabilities of the test part by a model, as it learns on, and mixed with Kneser-Ney."""
    start = len(p.known)
    still = read(model, p.all, start)
    learning = read_and_learn(model, p.all, start, usual_gradients(model, p.known), HABIT)
    return {
        "LSTM": still,
        "LSTM + Kneser-Ney": STILL_WEIGHT * still + (1 - STILL_WEIGHT) * fixed,
        "learning LSTM": learning,
        "learning LSTM + Kneser-Ney": KN_WEIGHT * learning + (1 - KN_WEIGHT) * fixed,
        "learning LSTM + counting Kneser-Ney": COUNTING_WEIGHT * learning + (1 - COUNTING_WEIGHT) * counting,
    }


def _curve(kind: str, updates: int, seed: int) -> Found:
    p = hamlet_parts()
    watch = Stopwatch(p.known, len(p.train))
    recipe = replace(brief(RECIPE, updates), rate=RATES[kind])
    _, history = learn(p.train, p.symbols, recipe, seed, kind=kind, validate=watch, every=updates // CURVE)
    for (step, value), seconds in zip(history.validation, watch.seconds, strict=True):
        yield kind, step, "bits", value, seconds


def seconds(seed: int) -> Found:
    """Learning curves of three kinds of layers in the same time."""
    for kind, updates in UPDATES_IN_TIME.items():
        yield from _curve(kind, updates, seed)


def updates(seed: int) -> Found:
    """Learning curves of the others with as many updates as the LSTM has."""
    for kind in ("GRU", "RNN"):
        yield from _curve(kind, RECIPE.updates, seed)


def size(seed: int) -> Found:
    """Test bits after less text, the last part of the training part; the best weights on validation are kept."""
    p = hamlet_parts()
    for share in SHARES:
        ids = p.train[-(len(p.train) // share) :]
        known = np.concatenate([ids, p.known[len(p.train) :], p.test])
        start = len(known) - len(p.test)
        if seed < 0:
            q = kneser_ney(known, p.symbols, ORDER, start, counted=len(ids))
            yield "Kneser-Ney", len(ids), "bits", bits(q), 0.0
            continue
        watch = Stopwatch(p.known, len(p.train))
        model, history = learn(ids, p.symbols, RECIPE, seed, validate=watch, every=250)
        yield "LSTM", len(ids), "bits", bits(read(model, known, start)), history.seconds


def checkpoint(seed: int) -> Found:
    """The stored checkpoint on the test part."""
    p = hamlet_parts()
    model, _ = hamlet_lstm.load()
    fixed, counting = (
        kneser_ney(p.all, p.symbols, ORDER, len(p.known), counted=n) for n in (len(p.known), len(p.all))
    )
    for name, chances in measured(model, p, fixed, counting).items():
        yield name, 0, "bits", bits(chances), 0.0


EXPERIMENTS: dict[str, tuple[Callable[[int], Found], tuple[int, ...]]] = {
    "tuning": (tuning, (TUNING_SEED,)),
    "habits": (habits, (TUNING_SEED,)),
    "weights": (weights, (TUNING_SEED,)),
    "lesson": (lesson, (-1, *SEEDS)),
    "seconds": (seconds, SEEDS),
    "updates": (updates, SEEDS),
    "size": (size, (-1, *SEEDS)),
    "checkpoint": (checkpoint, (0,)),
}
#: What it costs on one thread, for the help.
COSTS = {
    "tuning": "17 minutes",
    "habits": "3 minutes",
    "weights": "1 minute",
    "lesson": "1 minute a seed; the figures of the lesson on the test part",
    "seconds": "2.5 minutes a seed",
    "updates": "4 minutes a seed",
    "size": "3.5 minutes a seed",
    "checkpoint": "10 seconds; scores of the stored model",
}


def one(experiment: str, seed: int) -> list[TextRun]:
    """Make the rows of an experiment with a seed, on one thread."""
    torch.set_num_threads(1)
    versions = torch.__version__.split("+")[0], np.__version__
    return [
        TextRun(experiment, model, seed, at, measure, round(value, 4), round(spent, 1), *versions)
        for model, at, measure, value, spent in EXPERIMENTS[experiment][0](seed)
    ]


def table(runs: Sequence[TextRun]) -> list[str]:
    """Return the table as lines: mean and range over the seeds; of a curve its end."""
    lines = []
    keys = dict.fromkeys(
        (r.experiment, r.model, r.measure, r.at if r.experiment == "size" else 0) for r in runs
    )
    for experiment, model, measure, at in keys:
        rows = [r for r in runs if (r.experiment, r.model, r.measure) == (experiment, model, measure)]
        rows = [r for r in rows if at in (0, r.at)]
        last = max(r.at for r in rows)
        values = [r.value for r in rows if r.at == last]
        spread = f" ({min(values):.3f} to {max(values):.3f})" if len(values) > 1 else ""
        where = f" after {at:,} characters" if at else ""
        lines.append(f"{experiment:10} {model:44} {measure:6} {mean(values):.3f}{spread}{where}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.text_generation",
        description=__doc__.split("\n\n")[0],
        epilog="parts, and what they cost on one thread:\n"
        + "\n".join(f"  {name:11}{cost}" for name, cost in COSTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", nargs="+", choices=list(EXPERIMENTS), metavar="PART", default=list(EXPERIMENTS),
        help="these parts alone, see below; default: all",
    )  # fmt: skip
    parser.add_argument("--seeds", nargs="+", type=int, help="in place of 0 to 2, where seeds are compared")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/text_generation.csv")
    parser.add_argument(
        "--checkpoint", action="store_true", help="train the stored checkpoint anew, 4 minutes"
    )
    chosen = parser.parse_args(arguments)
    if chosen.checkpoint:
        torch.set_num_threads(1)
        hamlet_lstm.make(progress="the stored model")
        return
    runs = load_text_runs(chosen.out) if chosen.out.exists() else []
    known = {(r.experiment, r.seed) for r in runs}
    jobs = [
        (name, seed)
        for name in chosen.only
        for seed in (
            tuple(chosen.seeds)
            if chosen.seeds and EXPERIMENTS[name][1][-1] in SEEDS[1:]
            else EXPERIMENTS[name][1]
        )
    ]
    for name, seed in (bar := tqdm(jobs, unit="run")):
        bar.set_postfix_str(f"{name}, seed {seed}")
        if (name, seed) not in known:
            runs += one(name, seed)
            runs.sort(key=lambda r: (list(EXPERIMENTS).index(r.experiment), r.seed))
            save_text_runs(runs, chosen.out)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
