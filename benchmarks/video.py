"""Train networks to name actions and to describe them, and store what comes out.

    python -m benchmarks.video                           what is not stored yet, into data/video.csv
    python -m benchmarks.video --tasks twins captions --seeds 3 4 --out other.csv

All of it takes some twelve minutes on one thread: twins three, ordinary one, long two, captions seven. Every run is
stored as soon as it has ended, so it may be interrupted; the same command then goes on. To make a row anew, delete its
lines from the file. Settings were chosen before, on a validation part and with seeds of 100 and more. At the end the
table is printed: the targets of lesson 17 with three seeds.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.missing import read_options, run_missing
from lstm_lib.datasets.captions import Captioned, captioned
from lstm_lib.datasets.video_runs import STORED, VideoRun, chosen, load_video_runs, save_video_runs
from lstm_lib.experiments import captions, video
from lstm_lib.experiments.video import Clips
from lstm_lib.nn.recurrent import parameters_of
from lstm_lib.nn.video import WAYS

SEEDS = (0, 1, 2)
SHUFFLED = "LSTM, shuffled"
CAPTIONERS = {
    "captioner": captions.RECIPE,
    "without the action loss": replace(captions.RECIPE, action_loss=0.0),
    "without positions": replace(captions.RECIPE, positions=False),
    "with wrong words": replace(captions.RECIPE, wrong_words=0.5),
}
LONG_WAYS = ("LSTM", "average", "early fusion", "3D convolution")
MODELS: dict[str, tuple[str, ...]] = {
    "twins": (*WAYS, SHUFFLED),
    "ordinary": ("LSTM", "average", "single frame"),
    "long": LONG_WAYS,
    "captions": tuple(CAPTIONERS),
}
Found = Iterator[tuple[str, str, int, int, float, int, float]]


@functools.cache
def clips(kind: str, part: str) -> Clips:
    """Return the clips of the lesson: the training part, the validation part or the test part."""
    return (video.twin_parts() if kind == "twins" else video.ordinary_parts())[part]


@functools.cache
def described(part: str) -> list[Captioned]:
    """Return the captioned clips of the lesson, or those with four actions."""
    if part == "four":
        return captioned(500, np.random.default_rng(1704), most=4, least=4)
    return captions.caption_parts()[part]


def classes(kind: str, model: str, seed: int) -> Found:
    """Train one network on twins or on ordinary actions, and test it."""
    train, test = clips(kind, "train"), clips(kind, "test")
    if model == SHUFFLED:
        train, test = (
            part._replace(frames=video.shuffled(part.frames, np.random.default_rng([7, seed])))
            for part in (train, test)
        )
    way = "LSTM" if model == SHUFFLED else model
    net, history = video.learn(way, train, seed)
    said = video.answers(net, test.frames)
    if way == "single frame":
        said = said[video.best_frame(net, clips(kind, "validation"))]
    right = int((said == test.labels).sum())
    yield kind, model, len(said), right, -1.0, parameters_of(net), history.seconds
    if (kind, model) == ("twins", "LSTM"):
        mixed = video.shuffled(test.frames, np.random.default_rng([8, seed]))
        right = int((video.answers(net, mixed) == test.labels).sum())
        yield kind, "LSTM, tested on shuffled", len(said), right, -1.0, parameters_of(net), history.seconds


def long(kind: str, model: str, seed: int) -> Found:
    """Train one network on clips of 24 to 48 frames, and test it on up to 96; rivals get 24 frames of each."""
    train, tests = video.long_parts()
    fixed = model not in ("LSTM", "average")

    def given(part: Clips) -> Clips:
        return part._replace(frames=video.resampled(part.frames, video.FRAMES)) if fixed else part

    net, history = video.learn(model, [given(part) for part in train], seed)
    for frames, test in tests.items():
        right = int((video.answers(net, given(test).frames) == test.labels).sum())
        yield f"long {frames}", model, len(test.labels), right, -1.0, parameters_of(net), history.seconds


def captioner(kind: str, model: str, seed: int) -> Found:
    """Train one captioner, and test it on pairs of actions that it has seen, on others, and on four actions."""
    net, history = captions.learn_captions(described("train"), seed, CAPTIONERS[model])
    for part in ("seen", "unseen", "four"):
        said = captions.write_captions(net, described(part))
        right = int(captions.exact(said, described(part)).sum())
        score = round(captions.bleu(said, described(part)).score, 2)
        yield f"captions {part}", model, len(said), right, score, parameters_of(net), history.seconds


TASKS: dict[str, Callable[[str, str, int], Found]] = {
    "twins": classes, "ordinary": classes, "long": long, "captions": captioner,
}  # fmt: skip


def one(task: str, model: str, seed: int) -> list[VideoRun]:
    """Train one network, on one thread, and return its rows."""
    torch.set_num_threads(1)
    versions = torch.__version__.split("+")[0], np.__version__
    return [
        VideoRun(name, who, seed, count, right, bleu, size, round(seconds, 1), *versions)
        for name, who, count, right, bleu, size, seconds in TASKS[task](task, model, seed)
    ]


def plan(tasks: Sequence[str] = tuple(TASKS), seeds: Sequence[int] = SEEDS) -> list[tuple[str, str, int]]:
    """Return what is to be run, in the order of the file: (task, model, seed)."""
    return [(task, model, seed) for task in tasks for model in MODELS[task] for seed in seeds]


def stands(runs: Sequence[VideoRun], task: str, model: str, seed: int) -> bool:
    """Tell whether the rows of a run are there."""
    return any(run.task.split()[0] == task and (run.model, run.seed) == (model, seed) for run in runs)


def table(runs: Sequence[VideoRun]) -> list[str]:
    """Return the table as lines: for each task and model the score of every seed."""
    lines = []
    for task, model in dict.fromkeys((run.task, run.model) for run in runs):
        found = chosen(runs, task, model)
        line = f"{task:16} {model:24} {' '.join(f'{run.score:.3f}' for run in found)}"
        if found[0].bleu >= 0:
            line += f"   BLEU {' '.join(f'{run.bleu:.1f}' for run in found)}"
        lines.append(
            f"{line}   {found[0].parameters:,} parameters, {max(run.seconds for run in found):.0f} s"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video", description=__doc__.split("\n\n")[0])
    parser.add_argument("--tasks", nargs="+", choices=tuple(TASKS), default=list(TASKS), metavar="TASK")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="default: 0 1 2")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/video.csv")
    options = read_options(parser, arguments)
    jobs = plan(options.tasks, options.seeds)
    runs = run_missing(jobs, options.out, stands=stands, one=one, load=load_video_runs, save=save_video_runs)
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
