"""Dates in words, to be written in figures: an encoder and a decoder, with one vector between them, or attention."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets import dates
from lstm_lib.datasets.dates import BEGIN, END, FIGURES, JOIN, PAD, WORDS, Pairs
from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows
from lstm_lib.datasets.task import whole_number
from lstm_lib.decoding import Written, greedy
from lstm_lib.metrics import agreement, looks_right
from lstm_lib.nn.seq2seq import Memory, Seq2Seq, shifted
from lstm_lib.training import fit

Array = NDArray[Any]

EMBEDDING_SIZE, BATCH, RATE = 32, 96, 0.01
#: The longest list in training, in dates.
LONGEST = 5
#: Name -> attention and H, chosen so that all have about 67,000 parameters; but the wide one has 3.4 times as many.
NETWORKS = {
    "fixed vector": ("none", 74),
    "fixed vector, wide": ("none", 148),
    "dot": ("dot", 66),
    "scaled dot": ("scaled", 66),
    "bilinear": ("bilinear", 64),
    "additive": ("additive", 62),
}
#: So many symbols are written for a text that somebody typed: seven dates and the end.
MOST_WRITTEN = 9 * (LONGEST + 2)
STORED = DATA / "alignment.csv"


def fresh_network(name: str, seed: int) -> Seq2Seq:
    """Return a network with its first weights. The global generator of PyTorch is left as it was.

    Args:
        name: in ``NETWORKS``.
        seed: of the weights.

    Raises:
        ValueError: there is no such network.
    """
    if name not in NETWORKS:
        raise ValueError(f"name must be one of {list(NETWORKS)}, got {name!r}")
    attention, hidden_size = NETWORKS[name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Seq2Seq(len(WORDS), len(FIGURES), EMBEDDING_SIZE, hidden_size, attention)


def loss(model: nn.Module, pairs: Pairs) -> tuple[Tensor, Tensor]:
    """Return the cross-entropy over all symbols of the targets with their ends, and the logits (T, B, V)."""
    source, lengths, target = (torch.from_numpy(array) for array in pairs[:3])
    logits = model(source, shifted(target, BEGIN), lengths).logits
    return cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=PAD), logits


def train(
    name: str,
    seed: int,
    *,
    steps: int,
    rate: float = RATE,
    short_first: bool = False,
    progress: str | None = None,
) -> Seq2Seq:
    """Train a fresh network, and return it in the state for use.

    A batch holds lists of one length, from 1 to ``LONGEST`` dates; there are fewer lists where they are longer, so
    that a batch has about 96 dates.

    Args:
        name: in ``NETWORKS``.
        seed: of the weights and of the drawing.
        steps: how many batches.
        rate: the highest learning rate.
        short_first: whether the longest list of a batch grows with the updates, from 1 date to ``LONGEST``.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: there is no such network, or seed or steps is no whole number or too small.
        KeyboardInterrupt: the training was interrupted: it has no result.
    """
    whole_number("steps", steps, 1)
    rng, model = np.random.default_rng(whole_number("seed", seed, 0)), fresh_network(name, seed)

    drawn = itertools.count()

    def batch() -> Pairs:
        longest = min(LONGEST, 1 + LONGEST * next(drawn) // steps) if short_first else LONGEST
        count = int(rng.integers(1, longest + 1))
        return dates.draw(BATCH // count, count, rng)

    if fit(model, batch, loss, steps=steps, rate=rate, progress=progress).ended == "interrupted":
        raise KeyboardInterrupt
    return model.eval()


def write(
    model: Seq2Seq, pairs: Pairs, change: Callable[[Memory], Memory] = lambda memory: memory
) -> Written:
    """Let a network write the figures of the sources by itself.

    Args:
        model: a trained network.
        pairs: of which only the sources are read, and the length of the longest target: it may write 9 symbols more.
        change: is given what the decoder is told of the sources, and returns what it is to be told instead.
    """
    source, lengths = torch.from_numpy(pairs.source), torch.from_numpy(pairs.source_lengths)
    with torch.no_grad():
        memory = change(model.encode(source, lengths))
    return greedy(model, memory, begin=BEGIN, end=END, max_steps=len(pairs.target) + 9)


class Result(NamedTuple):
    """How well a network writes lists of one length.

    Attributes:
        symbols: the part of the targets' symbols that are right, place by place.
        whole: the part of the lists without a mistake.
    """

    symbols: float
    whole: float


def score(model: Seq2Seq, pairs: Pairs, change: Callable[[Memory], Memory] = lambda memory: memory) -> Result:
    """Let a network write by itself, and judge it; ``change`` as in ``write``."""
    written = write(model, pairs, change)
    found = agreement(written.symbols, written.lengths, pairs.target, pairs.target_lengths)
    return Result(float(found.symbols.mean()), float(found.whole.mean()))


def held_out_lists(split: str = "test", longest: int = LONGEST + 2, lists: int = 200) -> list[Pairs]:
    """Return lists of days that are in no training list: of one date each, of two, and so on. They are always the same.

    Raises:
        TypeError, ValueError: there is no such split, or a number is no whole number from 1 on.
    """
    rng = np.random.default_rng(10)
    return [
        dates.draw(lists, count, rng, split) for count in range(1, whole_number("longest", longest, 1) + 1)
    ]


def looked_right(model: Seq2Seq, pairs: Pairs) -> tuple[Array, Array]:
    """Count, for each place in a date from 0 to 8, how often the largest weight of attention is at the right word.

    Places 0 to 3 are the year, 4 and 5 the month, 6 and 7 the day, 8 the separator. The decoder is shown the right
    figures, so that every step stands where it should.

    Returns:
        Two arrays (9,): the times that it looked right, and the times there were.
    """
    source, lengths, target = (torch.from_numpy(array) for array in pairs[:3])
    with torch.no_grad():
        weights = model(source, shifted(target, BEGIN), lengths).weights
    if weights is None:
        raise ValueError("model must have attention, got one without")
    right, known = looks_right(weights.numpy(), pairs.alignment), pairs.alignment >= 0
    place = np.broadcast_to(np.arange(len(known))[:, None] % 9, known.shape)
    counts = (np.bincount(place[chosen], minlength=9) for chosen in (right & known, known))
    hits, asked = counts
    return hits, asked


@dataclass(frozen=True)
class StoredRun:
    """One network, trained, and how well it writes lists of one length.

    Attributes:
        network: its name in ``NETWORKS``.
        seed: of the weights and of the drawing.
        steps: of training.
        rate: the highest learning rate.
        short_first: whether short lists came first in training.
        dates: in each list.
        symbols, whole: the ``Result`` on the test lists.
        needed: the part of the looks at the right word, over the places ``NEEDED`` of the dates; -1 without attention.
        comma: the same for the separator between two dates; -1 without attention, or without a separator.
        torch, numpy: versions.
    """

    network: str
    seed: int
    steps: int
    rate: float
    short_first: bool
    dates: int
    symbols: float
    whole: float
    needed: float
    comma: float
    torch: str
    numpy: str


#: The places of a date that cannot be told from the figures before them: all but the second figure of the year, which
#: is 9 after 1 and 0 after 2, and the separator, which comes after eight figures or else the end does.
NEEDED = (0, 2, 3, 4, 5, 6, 7)


def run(
    name: str,
    seed: int,
    steps: int,
    lists: Sequence[Pairs] | None = None,
    *,
    rate: float = RATE,
    short_first: bool = False,
) -> list[StoredRun]:
    """Train a network and score it on lists of every length; one row a length."""
    model = train(name, seed, steps=steps, rate=rate, short_first=short_first)
    versions = torch.__version__.split("+")[0], np.__version__
    rows = []
    for pairs in lists or held_out_lists():
        needed = comma = -1.0
        if model.attention is not None:
            hits, asked = looked_right(model, pairs)
            places = list(NEEDED)
            needed = float(hits[places].sum() / asked[places].sum())
            comma = float(hits[8] / asked[8]) if asked[8] else -1.0
        count, found = int(pairs.target_lengths[0]) // 9, score(model, pairs)
        parts = (round(value, 5) for value in (found.symbols, found.whole, needed, comma))
        symbols, whole, needed, comma = parts
        rows.append(
            StoredRun(name, seed, steps, rate, short_first, count, symbols, whole, needed, comma, *versions)
        )
    return rows


def load_alignment(path: Path = STORED) -> list[StoredRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(StoredRun, path, "python -m benchmarks.alignment")


def save_alignment(runs: Iterable[StoredRun], path: Path = STORED) -> None:
    """Write runs as a CSV."""
    save_rows(StoredRun, runs, path)


def read_text(model: Seq2Seq, text: str, hidden: int | None = None) -> tuple[list[str], list[str], Array]:
    """Let a network write the dates of a text that somebody typed.

    Args:
        model: trained, with attention.
        text: words.
        hidden: the place of a word at which it must not look; the encoder has read it all the same.

    Returns:
        The S words, the T symbols that were written (``MOST_WRITTEN`` at the most), and the weights (T, S).

    Raises:
        TypeError: hidden is no whole number.
        ValueError: a word is not known, there is no such place, or no word would be left to look at.
    """
    if model.attention is None:
        raise ValueError("model must have attention, got one without")
    source = dates.words_to_source(text)
    S = len(source)
    mask = torch.ones(1, 1, S, dtype=torch.bool)
    if hidden is not None:
        if whole_number("hidden", hidden, 0) >= S:
            raise ValueError(f"hidden must be a place from 0 to {S - 1}, got {hidden}")
        if S == 1:
            raise ValueError("the only word of a text cannot be hidden: there is no other word to look at")
        mask[..., hidden] = False
    with torch.no_grad():
        memory = model.encode(torch.from_numpy(source))._replace(mask=mask)
    most = min(9 * (int((source == JOIN).sum()) + 2), MOST_WRITTEN)
    written = greedy(model, memory, begin=BEGIN, end=END, max_steps=most)
    assert written.weights is not None  # it has attention
    names = dates.figure_names(written.symbols[:, 0].tolist())
    names = names[: int(written.lengths[0])]  # without "end" where none was written
    return dates.words(source[:, 0]), names, written.weights[0, : len(names)].numpy()
