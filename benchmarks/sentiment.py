"""Train linear models and LSTMs to tell fresh reviews from rotten ones, and store what comes out.

    python -m benchmarks.sentiment                       what is not stored yet, into data/sentiment.csv
    python -m benchmarks.sentiment --tasks film --out other.csv

All of it takes some seven minutes on one thread. Every run is stored as soon as it has ended, so it may be interrupted;
the same command then goes on. To make a row anew, delete its line from the file. Settings were chosen before, on the
validation part and with seeds of 100 and more. At the end the table is printed: the targets of lesson 14 with three
times three seeds.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import torch
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from lstm_lib.datasets.contrast import GOOD, KINDS
from lstm_lib.datasets.reviews import Review, load_reviews, split_at_random, split_by_film
from lstm_lib.datasets.sentiment_runs import STORED, SentimentRun, chosen, load_sentiment, save_sentiment
from lstm_lib.experiments.contrast import ONE_NEGATION, hard_sentences, learn_contrast, part_right
from lstm_lib.experiments.linear_reviews import naive_bayes, tfidf_model, weighted_model
from lstm_lib.experiments.review_scores import against, blend
from lstm_lib.experiments.sentiment import ATTENTION, LAST, Corpus, learn, probabilities, review_corpus

LINEAR: dict[str, Callable[[], Any]] = {
    "TF-IDF": tfidf_model,
    "NB-weighted": weighted_model,
    "naive Bayes": naive_bayes,
}
BALANCED = "TF-IDF, balanced"  # of three classes: each counts the same, however rare its texts are
NETWORKS = {"LSTM": LAST, "BiLSTM": ATTENTION}
NEGATED = (1, 2, 4, 7)
TASKS = (
    "folds",
    "film",
    "other films",
    "random",
    "three",
    *(f"contrast {n}" for n in NEGATED),
    "start",
    "longer",
)
SEEDS, FEW = tuple(range(9)), (0, 1, 2)
LONGER = (8, 12)
#: How much an error on each of three classes counts: the square root of how rare it is, so that plots are not ignored.
PLOT_WEIGHTS = (1.0, 1.0, 2.5)
Job = tuple[str, str, int]


def plan(tasks: Sequence[str] = TASKS) -> list[Job]:
    """Return what is to be run, in the order of the file: (task, model, seed)."""
    jobs: list[Job] = []
    for task in tasks:
        if task == "folds":
            jobs += [(task, model, 0) for model in LINEAR]
        elif task == "film":
            jobs += [(task, model, 0) for model in LINEAR]
            jobs += [(task, model, seed) for model in NETWORKS for seed in SEEDS]
            jobs += [(task, "blend", seed) for seed in FEW]
        elif task in ("other films", "random"):
            jobs += [(task, "TF-IDF", seed) for seed in range(5)]
        elif task == "three":
            jobs += [(task, "TF-IDF", 0), (task, BALANCED, 0), *((task, "BiLSTM", seed) for seed in FEW)]
        else:
            jobs += [(task, "LSTM", seed) for seed in FEW]
            if task == "start":
                jobs += [(task, "LSTM", seed) for seed in (3, 4)]
                jobs += [(task, "LSTM, forget bias 1", seed) for seed in range(5)]
    return jobs


@functools.cache
def data(three: bool) -> Corpus:
    """Return the reviews as a corpus, with the plots as a third class or without."""
    return review_corpus(load_reviews(), plots=three)


@functools.cache
def film_parts(task: str, seed: int) -> dict[str, tuple[Review, ...]]:
    """Return the parts that a linear model learns from and is tested on."""
    reviews = load_reviews()
    parts = {name: getattr(reviews, name) for name in ("train", "validation", "test")}
    if task == "three":
        return {name: part + reviews.plots[name] for name, part in parts.items()}
    if task == "film":
        return parts
    everything = [review for part in parts.values() for review in part]
    if task == "other films":
        return split_by_film(everything, seed + 1)  # 0 is the course's own split
    return split_at_random(everything, tuple(len(part) for part in parts.values()), seed)  # type: ignore[arg-type]


@functools.cache
def linear(task: str, model: str, seed: int) -> tuple[dict[str, np.ndarray], float]:
    """Return a linear model's probabilities on validation and test part, and the seconds it took."""
    parts, began = film_parts(task, seed), time.process_time()
    fresh = tfidf_model(balanced=True) if model == BALANCED else LINEAR[model]()
    fitted = fresh.fit([r.text for r in parts["train"]], [r.label for r in parts["train"]])
    seconds = time.process_time() - began
    return {
        part: fitted.predict_proba([r.text for r in parts[part]]) for part in ("validation", "test")
    }, seconds


@functools.cache
def network(task: str, model: str, seed: int) -> tuple[dict[str, np.ndarray], float]:
    """Return a network's probabilities on validation and test part, and the seconds it took."""
    corpus = data(task == "three")
    weights = PLOT_WEIGHTS if task == "three" else None
    trained, history = learn(corpus, NETWORKS[model], seed, class_weights=weights)
    return {
        part: probabilities(trained, corpus.rows[part]) for part in ("validation", "test")
    }, history.seconds


def one(task: str, model: str, seed: int) -> SentimentRun:
    """Train one model, on one thread, and ask it."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        if task.startswith("contrast") or task in ("start", "longer"):
            return _twins(task, model, seed)
        if task == "folds":
            return _folds(model)
        if model == "blend":
            members = [network(task, "BiLSTM", 3 * seed + n) for n in range(3)]
            base, spent = linear(task, "TF-IDF", 0)
            p = {part: blend([member[part] for member, _ in members], base[part]) for part in base}
            seconds = spent + sum(used for _, used in members)
        else:
            p, seconds = (linear if model in (*LINEAR, BALANCED) else network)(task, model, seed)
        parts = film_parts(task, seed)
        y = {part: np.array([r.label for r in parts[part]]) for part in ("validation", "test")}
        answers = p["test"].argmax(axis=1)
        pvalue = -1.0
        if task in ("film", "three") and model != "TF-IDF":
            pvalue = against(answers, linear(task, "TF-IDF", 0)[0]["test"].argmax(axis=1), y["test"])[2]
        validation = float((p["validation"].argmax(axis=1) == y["validation"]).mean())
        return _row(task, model, seed, answers, y["test"], validation, pvalue, seconds)


def _folds(model: str) -> SentimentRun:
    """Cross-validate over the films of the training part: five folds, no film in two of them."""
    train, began = load_reviews().train, time.process_time()
    x, y = [r.text for r in train], np.array([r.label for r in train])
    answers = np.zeros_like(y)
    for known, new in GroupKFold(5).split(x, y, [r.film for r in train]):
        fitted = LINEAR[model]().fit([x[i] for i in known], y[known])
        answers[new] = fitted.predict([x[i] for i in new])
    return _row("folds", model, 0, answers, y, -1.0, -1.0, time.process_time() - began)


def _twins(task: str, name: str, seed: int) -> SentimentRun:
    few = task.startswith("contrast")
    negated = int(task.split()[1]) if few else len(GOOD)
    began = time.process_time()
    trained_on = ONE_NEGATION if few else KINDS
    model, corpus = learn_contrast(seed, negated, kinds=trained_on, chrono=name == "LSTM")
    seconds = time.process_time() - began
    kinds = KINDS if task == "longer" else ("negation",) if few else ("turned",)
    gap = {"gap": LONGER} if task == "longer" else {}
    sentences = [s for kind in kinds for s in hard_sentences(kind, negated=negated, **gap)]  # type: ignore[arg-type]
    p = probabilities(model, [corpus.vocabulary.encode(s.words) for s in sentences])
    labels = np.array([s.label for s in sentences])
    assert abs(part_right(model, corpus, sentences) - (p.argmax(axis=1) == labels).mean()) < 1e-9
    return _row(task, name, seed, p.argmax(axis=1), labels, -1.0, -1.0, seconds)


def _row(
    task: str,
    model: str,
    seed: int,
    answers: np.ndarray,
    y: np.ndarray,
    validation: float,
    p: float,
    seconds: float,
) -> SentimentRun:
    return SentimentRun(
        task, model, seed, len(y), int((answers == y).sum()), round(float(f1_score(y, answers, average="macro")), 4),
        round(validation, 4), round(p, 4), round(seconds, 1),
        torch.__version__.split("+")[0], np.__version__, sklearn.__version__,
    )  # fmt: skip


def key(run: SentimentRun) -> Job:
    """Return what a run is known by."""
    return run.task, run.model, run.seed


def table(runs: Sequence[SentimentRun]) -> list[str]:
    """Return the table as lines: for each task and model the score of every seed."""
    lines = []
    for task, model in dict.fromkeys((run.task, run.model) for run in runs):
        found = chosen(runs, task, model)
        line = f"{task:12} {model:16} {' '.join(f'{run.score:.4f}' for run in found)}"
        if model == "blend":
            line += f"   p against TF-IDF: {' '.join(f'{run.p:.4f}' for run in found)}"
        if task == "three":
            line += f"   macro F1: {' '.join(f'{run.macro_f1:.3f}' for run in found)}"
        lines.append(line)
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sentiment", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS), metavar="TASK")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/sentiment.csv")
    options = parser.parse_args(arguments)
    runs = load_sentiment(options.out) if options.out.exists() else []
    known, order = {key(run) for run in runs}, plan()
    for job in (bar := tqdm(plan(options.tasks), unit="run")):
        bar.set_postfix_str(", ".join(map(str, job)))
        if job not in known:
            runs.append(one(*job))
            save_sentiment(sorted(runs, key=lambda run: order.index(key(run))), options.out)
    print(*table(sorted(runs, key=lambda run: order.index(key(run)))), sep="\n")


if __name__ == "__main__":
    main()
