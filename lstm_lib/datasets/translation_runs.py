"""The stored runs of translation: ``data/translation.csv``, made by ``benchmarks.translation``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "translation.csv"


@dataclass(frozen=True)
class TranslationRun:
    """One score of one translator.

    Attributes:
        part: "validation" (for tuning), "test", "test, 20 and more" (words of the English sentence), "test, 1 to 6",
            "test, 7 to 9" and so on, or "test, MARK" with a phenomenon.
        model: "none", "scaled" (the dot product), "bilinear", "additive", "Transformer", "checkpoint" or
            "word for word".
        rate: of the training.
        seed: of the network; -1 where there is none.
        sentences: how many.
        bleu, chrf: of the corpus, from 0 to 100.
        exact: the part that is right to the letter.
        parameters: how many numbers the network has learnt.
        seconds: of processor time for training, on one thread.
        torch, numpy: versions.
    """

    part: str
    model: str
    rate: float
    seed: int
    sentences: int
    bleu: float
    chrf: float
    exact: float
    parameters: int
    seconds: float
    torch: str
    numpy: str


def load_translation_runs(path: Path = STORED) -> list[TranslationRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(TranslationRun, path, "python -m benchmarks.translation")


def save_translation_runs(runs: Iterable[TranslationRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(TranslationRun, runs, path)


def chosen(runs: Sequence[TranslationRun], part: str, model: str) -> list[TranslationRun]:
    """Return the runs of one model on one part, in the order of their seeds.

    Raises:
        ValueError: there is none.
    """
    found = sorted((run for run in runs if (run.part, run.model) == (part, model)), key=lambda run: run.seed)
    if not found:
        raise ValueError(f"runs must hold some of the model {model!r} on {part!r}, got none")
    return found
