"""Who finds the words? Taggers that read *Hamlet* without spaces forward, backward, both ways, or some letters late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from lstm_lib.datasets.segmentation import SYMBOLS, Letters, Line, Score, Segmentation, batch_of, judge
from lstm_lib.datasets.source import DATA, DataError
from lstm_lib.datasets.stored import load_rows, save_rows
from lstm_lib.datasets.task import whole_number
from lstm_lib.nn.tagger import Tagger
from lstm_lib.training import fit

Array = NDArray[Any]

DELAYS = (1, 2, 3, 4, 6, 8)
#: Name -> way, delay, and H, chosen so that all have about 19,100 parameters.
READERS = {"forward": ("forward", 0, 60), "backward": ("backward", 0, 60), "both": ("both", 0, 40)} | {
    f"forward, {k} late": ("forward", k, 60) for k in DELAYS
}
EMBEDDING_SIZE, BATCH, RATE = 16, 32, 0.02
STORED = DATA / "directions.csv"
PARTS = ("validation", "error", "f1", "whole")  # what is stored of a run as a part, from 0 to 1


def fresh_tagger(reader: str, seed: int) -> Tagger:
    """Return a tagger with its first weights. The global generator of PyTorch is left as it was.

    Args:
        reader: a name in ``READERS``.
        seed: of the weights.

    Raises:
        TypeError: seed is no whole number.
        ValueError: there is no such reader, or seed is below 0.
    """
    if reader not in READERS:
        raise ValueError(f"reader must be one of {list(READERS)}, got {reader!r}")
    way, delay, hidden_size = READERS[reader]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(whole_number("seed", seed, 0))
        return Tagger(way, SYMBOLS, EMBEDDING_SIZE, hidden_size, delay=delay)


def loss(model: nn.Module, lines: Letters) -> tuple[Tensor, Tensor]:
    """Return the cross-entropy over the letters that are asked for, and the numbers (T, B) before σ."""
    x, lengths, target = (torch.from_numpy(array) for array in lines)
    y = model(x, lengths)
    asked = target >= 0
    return binary_cross_entropy_with_logits(y[asked], target[asked].float()), y


def train(
    reader: str,
    lines: Sequence[Line],
    seed: int,
    *,
    steps: int,
    progress: str | None = None,
) -> Tagger:
    """Train a fresh tagger on lines, and return it in the state for use.

    Args:
        reader: a name in ``READERS``.
        lines: to learn from; 32 of them are drawn for each step, with replacement.
        seed: of the weights and of the drawing.
        steps: how many.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError: seed or steps is no whole number.
        ValueError: there is no such reader, no line, or seed or steps is too small.
        KeyboardInterrupt: the training was interrupted: it has no result.
    """
    whole_number("steps", steps, 1)
    if not len(lines):
        raise ValueError("lines must hold at least one line to learn from, got none")
    rng, model = np.random.default_rng(whole_number("seed", seed, 0)), fresh_tagger(reader, seed)

    def draw() -> Letters:
        return batch_of([lines[k] for k in rng.integers(len(lines), size=BATCH)])

    if fit(model, draw, loss, steps=steps, rate=RATE, progress=progress).ended == "interrupted":
        raise KeyboardInterrupt
    return model.eval()


def probabilities(model: nn.Module, lines: Letters) -> Array:
    """Return how likely a word ends at each letter (T, B), in the eyes of a tagger."""
    with torch.no_grad():
        return loss(model, lines)[1].sigmoid().numpy()


def score(model: nn.Module, lines: Sequence[Line]) -> Score:
    """Return how well a tagger finds the words of lines: it says that a word ends where that is likelier than not."""
    letters = batch_of(lines)
    return judge(probabilities(model, letters) > 0.5, letters)


@dataclass(frozen=True)
class StoredRun:
    """One tagger, trained, and its scores.

    Attributes:
        reader: its name in ``READERS``.
        seed: of the weights and of the drawing.
        steps: of training.
        validation: the part of the letters that are tagged wrongly, on the validation lines.
        error, f1, whole: the ``Score`` on the test lines.
        torch, numpy: versions.
    """

    reader: str
    seed: int
    steps: int
    validation: float
    error: float
    f1: float
    whole: float
    torch: str
    numpy: str


def run(reader: str, seed: int, steps: int, data: Segmentation) -> StoredRun:
    """Train one reader and score it on the held-out lines."""
    model = train(reader, data.train, seed, steps=steps)
    validation, test = (score(model, lines) for lines in (data.validation, data.test))
    return StoredRun(
        reader=reader,
        seed=seed,
        steps=steps,
        validation=round(validation.error, 5),
        error=round(test.error, 5),
        f1=round(test.f1, 5),
        whole=round(test.whole, 5),
        torch=torch.__version__.split("+")[0],
        numpy=np.__version__,
    )


def load_directions(path: Path = STORED) -> list[StoredRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read or is of no reader there is, or a part is not
            from 0 to 1; it says what to do.
    """
    command = "python -m benchmarks.directions"
    runs = load_rows(StoredRun, path, command)
    for number, one in enumerate(runs, start=1):
        if one.reader not in READERS:
            trouble = f"reader must be one of {list(READERS)}, got {one.reader!r}"
        elif wrong := [name for name in PARTS if not 0 <= getattr(one, name) <= 1]:  # nan is wrong, too
            trouble = f"{wrong[0]} must be from 0 to 1, got {getattr(one, wrong[0])}"
        else:
            continue
        raise DataError(f"run {number} of the stored runs in {path}: {trouble}. `{command}` makes it anew.")
    return runs


def save_directions(runs: Iterable[StoredRun], path: Path = STORED) -> None:
    """Write runs as a CSV."""
    save_rows(StoredRun, runs, path)
