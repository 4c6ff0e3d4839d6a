"""Train the recognisers of lesson 16, and store what comes out.

    python -m benchmarks.speech                           what is not stored yet, into data/speech.csv
    python -m benchmarks.speech --tasks digits --seeds 3 4 --out other.csv

All of it takes some fifteen minutes on one thread. Every run is stored as soon as it has ended, so it may be
interrupted; the same command then goes on. To make a row anew, delete its lines from the file. Settings were chosen
before, on the validation part and with seeds of 100 and more. At the end the table is printed: the targets of lesson 16
with three seeds. The vowels have five networks for each seed: 5 n to 5 n + 4.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.missing import read_options, run_missing
from lstm_lib.datasets.speech_runs import STORED, SpeechRun, chosen, load_speech_runs, save_speech_runs
from lstm_lib.datasets.spoken import Spoken, load_spoken, words
from lstm_lib.datasets.vowels import load_vowels
from lstm_lib.experiments import noise, speakers, speech, transcripts
from lstm_lib.nn.recurrent import parameters_of

SEEDS = (0, 1, 2)
ONE_LAYER = 174  # units: about as many parameters as two layers of 96
NETWORKS = 5  # of the vowels, for each seed
RECIPES = {
    "recogniser": speech.RECIPE,
    "without noise": replace(speech.RECIPE, noise=0.0),
    "without shifted voices": replace(speech.RECIPE, warp=0.0),
    "one layer": replace(speech.RECIPE, layers=1, hidden_size=ONE_LAYER),
}
MODELS = {"vowels": ("BiLSTM",), "digits": tuple(RECIPES), "commands": ("recogniser",)}
NOISES = (20, 15, 10, 5, 0)
BABBLE = 10


@functools.cache
def spoken(task: str) -> Spoken:
    """Return what was said in a task."""
    return load_spoken(task)


def conditions(task: str, model: str) -> dict[str, Any]:
    """Return the steps of the utterances of each condition, and their texts: name -> (steps, texts)."""
    parts = spoken(task)
    found = {
        name: ([speech.steps_of(mel) for mel in part.mels], part.texts)
        for name, part in (("test", parts.test), ("accents", parts.accents))
    }
    if task == "digits" and model in ("recogniser", "without noise"):
        for snr in NOISES:
            found[f"{snr} dB"] = (
                [speech.features(x) for x in noise.in_noise(parts.test, snr)], parts.test.texts,
            )  # fmt: skip
        found[f"babble {BABBLE} dB"] = (
            [speech.features(x) for x in noise.babble(parts.test, BABBLE)], parts.test.texts,
        )  # fmt: skip
    return found


def recognised(task: str, model: str, seed: int) -> Iterator[tuple[Any, ...]]:
    """Train one recogniser, and test it under every condition."""
    alphabet = speech.Alphabet(words(task))
    net, history = speech.learn(spoken(task).train, alphabet, seed, RECIPES[model])
    for name, (steps, texts) in conditions(task, model).items():
        log_p = speech.listen(net, steps)
        said = speech.greedy(log_p, alphabet)
        greedy = transcripts.edits(texts, said)
        full = model == "recogniser" and "dB" not in name
        beam = transcripts.edits(texts, speech.searched(log_p, alphabet, lexicon=False)).wrong if full else -1
        lexicon = transcripts.edits(texts, speech.searched(log_p, alphabet, lexicon=True)).wrong
        yield (
            name, seed, len(texts), greedy.words, greedy.wrong, beam, lexicon, round(transcripts.cer(texts, said), 5),
            parameters_of(net), round(history.seconds, 1),
        )  # fmt: skip


def vowels(seed: int) -> Iterator[tuple[Any, ...]]:
    """Train five networks that tell speakers."""
    train, test = load_vowels("train"), load_vowels("test")
    for k in range(NETWORKS * seed, NETWORKS * (seed + 1)):
        model = speakers.SpeakerModel(train, k)
        wrong = int((model.answers(test) != test.speakers).sum())
        count = len(test.frames)
        size = parameters_of(model.net)
        yield "test", k, count, count, wrong, -1, -1, -1.0, size, round(model.history.seconds, 1)


def one(task: str, model: str, seed: int) -> list[SpeechRun]:
    """Train one network, or five of the vowels, on one thread, and return the rows."""
    torch.set_num_threads(1)
    versions = torch.__version__.split("+")[0], np.__version__
    found = vowels(seed) if task == "vowels" else recognised(task, model, seed)
    return [SpeechRun(task, model, *row, *versions) for row in found]


def plan(tasks: Sequence[str] = tuple(MODELS), seeds: Sequence[int] = SEEDS) -> list[tuple[str, str, int]]:
    """Return what is to be run, in the order of the file: (task, model, seed)."""
    return [(task, model, seed) for task in tasks for model in MODELS[task] for seed in seeds]


def stands(runs: Sequence[SpeechRun], task: str, model: str, seed: int) -> bool:
    """Tell whether the rows of a run are there."""
    first = NETWORKS * seed if task == "vowels" else seed
    return any((run.task, run.model, run.seed) == (task, model, first) for run in runs)


def table(runs: Sequence[SpeechRun]) -> list[str]:
    """Return the table as lines: for each model and condition the error rates of every seed, in per cent."""
    lines = []
    for key in dict.fromkeys((run.task, run.model, run.condition) for run in runs):
        found = chosen(runs, *key)
        ways = {
            way: " ".join(f"{100 * run.rate(way):.2f}" for run in found)
            for way in ("greedy", "beam", "lexicon")
            if min(getattr(run, way) for run in found) >= 0
        }
        told = "   ".join(f"{way} {rates}" for way, rates in ways.items())
        lines.append(f"{key[0]:9} {key[1]:23} {key[2]:12} {told}   {max(run.seconds for run in found):.0f} s")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speech", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--tasks",
        nargs="+",
        choices=tuple(MODELS),
        default=list(MODELS),
        metavar="TASK",
        help=f"some of {', '.join(MODELS)}; default: all",
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 1 2")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/speech.csv")
    options = read_options(parser, arguments)
    jobs = plan(options.tasks, options.seeds)
    runs = run_missing(
        jobs, options.out, stands=stands, one=one, load=load_speech_runs, save=save_speech_runs
    )
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
