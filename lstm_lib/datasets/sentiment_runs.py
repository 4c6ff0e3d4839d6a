"""The stored runs of sentiment analysis: ``data/sentiment.csv``, made by ``benchmarks.sentiment``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "sentiment.csv"


@dataclass(frozen=True)
class SentimentRun:
    """One model, trained and asked.

    Attributes:
        task: "film" (two classes, the course's split by film), "other films" (split by film with another seed),
            "random" (no heed to films), "three" (a third class of plots), "contrast N" (twins without the kind turned,
            N adjectives of each list negated in training; tested on negations of those that were not), "start" (twins
            of all kinds, tested on those of the kind turned), or "longer" (twins of all kinds with 8 to 12 fillers in a
            gap, 3 to 5 in training). "folds": cross-validation over the films of the training part.
        model: "TF-IDF", "TF-IDF, balanced" (rare classes count as much), "NB-weighted", "naive Bayes", "LSTM",
            "LSTM, forget bias 1", "BiLSTM" or "blend": the BiLSTMs of seeds 3n, 3n + 1 and 3n + 2, where n is its seed,
            with TF-IDF.
        seed: of the network; for linear models under "other films" and "random", of the split.
        texts: how many it was tested on.
        right: how many of them it answered rightly.
        macro_f1: the mean of F1 over the classes.
        validation: the part right on the validation part; -1 where there is none.
        p: of McNemar's exact test against TF-IDF on the same texts; -1 where there is none.
        seconds: of processor time for training, on one thread.
        torch, numpy, sklearn: versions.
    """

    task: str
    model: str
    seed: int
    texts: int
    right: int
    macro_f1: float
    validation: float
    p: float
    seconds: float
    torch: str
    numpy: str
    sklearn: str

    @property
    def score(self) -> float:
        """The part that is right."""
        return self.right / self.texts


def load_sentiment(path: Path = STORED) -> list[SentimentRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(SentimentRun, path, "python -m benchmarks.sentiment")


def save_sentiment(runs: Iterable[SentimentRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(SentimentRun, runs, path)


def chosen(runs: Sequence[SentimentRun], task: str, model: str) -> list[SentimentRun]:
    """Return the runs of one model on one task, in the order of their seeds.

    Raises:
        ValueError: there is none.
    """
    found = sorted((run for run in runs if (run.task, run.model) == (task, model)), key=lambda run: run.seed)
    if not found:
        raise ValueError(f"runs must hold some of the model {model!r} on the task {task!r}, got none")
    return found
