"""Train the translators of lesson 15, and store what comes out; or make the stored checkpoint anew.

    python -m benchmarks.translation                      what is not stored yet, into data/translation.csv
    python -m benchmarks.translation --models bilinear --seeds 3 4 --out other.csv
    python -m benchmarks.translation --checkpoint         data/translator.safetensors and .json, some four minutes

All of it takes some twenty-five minutes on one thread, the sentence pairs half a minute more. Every run is stored as
soon as it has ended, so it may be interrupted; the same command then goes on. To make a row anew, delete its lines from
the file. The rates are tried on the validation part, with seed 100. At the end the table is printed: the targets of
lesson 15 with three seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.missing import read_options, run_missing
from lstm_lib.datasets.translation import Pair, load_translation
from lstm_lib.datasets.translation_runs import (
    STORED,
    TranslationRun,
    load_translation_runs,
    save_translation_runs,
)
from lstm_lib.experiments import stored_translator
from lstm_lib.experiments.translation import RECIPES, languages, learn, texts, translate
from lstm_lib.experiments.translation_scores import WordForWord, bleu, by_length, chrf
from lstm_lib.nn.recurrent import parameters_of

SEEDS = (0, 1, 2)
TUNING_SEED = 100
#: Upwards or downwards until the best lies inside.
TRIED = {
    "scaled": (0.004, 0.008, 0.012),
    "bilinear": (0.004, 0.006, 0.008),
    "additive": (0.004, 0.008, 0.012),
    "none": (0.004, 0.008, 0.016),
    "Transformer": (0.002, 0.004, 0.006),
}
MODELS = (*RECIPES, "word for word", "checkpoint")
Job = tuple[str, str, float, int]  # part, model, rate, seed


def row(
    job: Job, said: Sequence[str], right: Sequence[str], parameters: int = 0, seconds: float = 0.0
) -> TranslationRun:
    """Return the scores of translations."""
    return TranslationRun(
        *job, len(right), round(bleu(said, right).score, 2), round(chrf(said, right), 2),
        round(float(np.mean([a == b for a, b in zip(said, right, strict=True)])), 4), parameters, round(seconds, 1),
        torch.__version__.split("+")[0], np.__version__,
    )  # fmt: skip


def rows_of_test(
    job: Job, said: Sequence[str], test: Sequence[Pair], parameters: int, seconds: float
) -> list[TranslationRun]:
    """Return the scores on the whole test part, by length and by phenomenon."""
    groups: dict[str, list[int]] = {"test": list(range(len(test)))}
    groups |= {f"test, {name}": chosen for name, chosen in by_length(test).items()}
    for mark in sorted({mark for pair in test for mark in pair.marks}):
        groups[f"test, {mark}"] = [k for k, pair in enumerate(test) if mark in pair.marks]
    return [
        row((name, *job[1:]), [said[k] for k in ks], [test[k].fr for k in ks], parameters, seconds)
        for name, ks in groups.items()
    ]


def one(part: str, model: str, rate: float, seed: int) -> list[TranslationRun]:
    """Make the rows of a job, on one thread."""
    torch.set_num_threads(1)
    job, data = (part, model, rate, seed), load_translation()
    known = languages(data.train)
    pairs = data.validation if part == "validation" else data.test
    sources = [pair.en for pair in pairs]
    if model == "word for word":
        return rows_of_test(job, WordForWord(data.train, known).translate(sources), pairs, 0, 0.0)
    if model == "checkpoint":
        net, known = stored_translator.load()
        return rows_of_test(job, texts(translate(net, known, sources)), pairs, parameters_of(net), 0.0)
    net, history = learn(data.train, known, seed, replace(RECIPES[model], rate=rate))
    said, size = texts(translate(net, known, sources)), parameters_of(net)
    if part == "validation":
        return [row(job, said, [pair.fr for pair in pairs], size, history.seconds)]
    return rows_of_test(job, said, pairs, size, history.seconds)


def plan(models: Sequence[str] = MODELS, seeds: Sequence[int] = SEEDS) -> list[Job]:
    """Return what is to be run, in the order of the file."""
    jobs: list[Job] = []
    for model in models:
        if model in RECIPES:
            jobs += [("validation", model, rate, TUNING_SEED) for rate in TRIED[model]]
            jobs += [("test", model, RECIPES[model].rate, seed) for seed in seeds]
        else:
            jobs.append(("test", model, 0.0, -1))
    return jobs


def stands(runs: Sequence[TranslationRun], job: Job) -> bool:
    """Tell whether the rows of a job are there."""
    return any((run.part, run.model, run.rate, run.seed) == job for run in runs)


def table(runs: Sequence[TranslationRun]) -> list[str]:
    """Return the table as lines: for each part and model the scores of every seed or rate."""
    lines = []
    for part, model in dict.fromkeys((run.part, run.model) for run in runs):
        found = [run for run in runs if (run.part, run.model) == (part, model)]
        named = " ".join(f"{run.rate:g}: {run.bleu:.1f}" for run in found) if part == "validation" else ""
        scores = named or " ".join(f"{run.bleu:.1f}/{run.exact:.2f}" for run in found)
        cost = f"{found[0].parameters:,} parameters, {max(run.seconds for run in found):.0f} s"
        lines.append(f"{part:26} {model:14} BLEU/exact {scores}   {cost}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.translation", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS), metavar="MODEL")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 1 2")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/translation.csv")
    parser.add_argument("--checkpoint", action="store_true", help="train the stored translator anew")
    options = read_options(parser, arguments)
    if options.checkpoint and (options.out != STORED or options.seeds != list(SEEDS)):
        parser.error("--checkpoint goes alone: it has one seed, and writes data/translator.safetensors")
    if options.checkpoint:
        torch.set_num_threads(1)
        stored_translator.make(progress="the stored translator")
        return
    runs = run_missing(
        plan(options.models, options.seeds), options.out, stands=lambda rows, *job: stands(rows, job), one=one,
        load=load_translation_runs, save=save_translation_runs,
    )  # fmt: skip
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
