"""The stored runs of video analysis: ``data/video.csv``, made by ``benchmarks.video``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "video.csv"


@dataclass(frozen=True)
class VideoRun:
    """One network, trained and asked.

    Attributes:
        task: "twins" (clips and their reversals), "ordinary" (seven actions), "long L" (an action somewhere in a clip
            of L frames), "captions seen", "captions unseen" (pairs of actions never trained) or "captions four" (four
            actions, where training has three at most).
        model: one of ``lstm_lib.nn.video.WAYS``, with what was done to it; for captions
            "captioner", or what is left out.
        seed: of the network and its batches.
        clips: how many it was tested on.
        right: how many of them it answered rightly; a caption is right to the word.
        bleu: corpus BLEU of captions, from 0 to 100; -1 for classes.
        parameters: how many numbers the network has learnt.
        seconds: of processor time for training, on one thread.
        torch, numpy: versions.
    """

    task: str
    model: str
    seed: int
    clips: int
    right: int
    bleu: float
    parameters: int
    seconds: float
    torch: str
    numpy: str

    @property
    def score(self) -> float:
        """The part that is right."""
        return self.right / self.clips


def load_video_runs(path: Path = STORED) -> list[VideoRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(VideoRun, path, "python -m benchmarks.video")


def save_video_runs(runs: Iterable[VideoRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(VideoRun, runs, path)


def chosen(runs: Sequence[VideoRun], task: str, model: str) -> list[VideoRun]:
    """Return the runs of one model on one task, in the order of their seeds.

    Raises:
        ValueError: there is none.
    """
    found = sorted((run for run in runs if (run.task, run.model) == (task, model)), key=lambda run: run.seed)
    if not found:
        raise ValueError(f"runs must hold some of the model {model!r} on the task {task!r}, got none")
    return found
