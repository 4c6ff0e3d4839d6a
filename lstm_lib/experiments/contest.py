"""LSTM and Transformer with as many parameters, on the same small tasks: repeats, parity, and the letters of a play."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.datasets.repeats import Parity, Repeats
from lstm_lib.datasets.task import Batch, Task, whole_number
from lstm_lib.experiments.characters import CarriedLoss, Strips, bits_per_character
from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.nn.sequence_transformer import SequenceTransformer
from lstm_lib.training import History, fit

NETWORKS = ("LSTM", "Transformer")
WINDOW = 128  # steps of text: all that the Transformer ever sees at once
Score = dict[str, float]


@dataclass(frozen=True)
class Contest:
    """A task for two networks.

    Attributes:
        task: what is to be learnt, or None for the play.
        symbols: V.
        hidden_size: H of the LSTM, which reads 32 numbers a symbol.
        size: of the Transformer with two blocks.
        heads: of the Transformer.
        steps: updates.
        batch: sequences in an update.
        rates: the highest learning rate for each network.
        trials: name -> the sequences that are tried after training; empty for the play.
        dropout: of each network in training.
    """

    task: Task | None
    symbols: int
    hidden_size: int
    size: int
    heads: int
    steps: int
    batch: int
    rates: dict[str, float]
    trials: dict[str, Task]
    dropout: dict[str, float] = field(default_factory=lambda: dict.fromkeys(NETWORKS, 0.0))


def _repeats(length: int, steps: int = 48) -> Task:
    return Repeats(steps=steps, shortest=length, longest=length)


CONTESTS = {
    "repeats": Contest(
        Repeats(), 24, 64, 32, 2, 500, 32, {"LSTM": 0.02, "Transformer": 0.008},
        {f"block of {n}": _repeats(n) for n in (4, 8, 12, 16, 20)} | {"block of 8, 96 steps": _repeats(8, 96)},
    ),
    "parity": Contest(
        Parity(), 2, 64, 32, 2, 500, 64, {"LSTM": 0.01, "Transformer": 0.003},
        {f"{n} steps": Parity(n, n) for n in (5, 10, 15, 20, 30, 40, 60, 80)},
    ),
    "play": Contest(
        None, 66, 140, 64, 4, 400, 8, {"LSTM": 0.01, "Transformer": 0.006}, {},
        {"LSTM": 0.2, "Transformer": 0.0},
    ),
}  # fmt: skip


def fresh(contest: str, network: str, seed: int, **other: Any) -> nn.Module:
    """Return a network for a contest; its weights come from a seed, and the global generator is left as it was.

    Args:
        contest: a name in ``CONTESTS``.
        network: "LSTM" or "Transformer".
        seed: of the weights.
        **other: options of the network, in the place of the contest's.

    Raises:
        ValueError: there is no such contest or network.
    """
    settings = _named("contest", contest, CONTESTS)
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {list(NETWORKS)}, got {network!r}")
    options: dict[str, Any] = {"dropout": settings.dropout[network]} | other
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if network == "LSTM":
            return LanguageModel(settings.symbols, 32, settings.hidden_size, **options)
        layers = options.pop("layers", 2)
        return SequenceTransformer(settings.symbols, settings.size, settings.heads, layers, **options)


def parameters(model: nn.Module) -> int:
    """Return how many numbers a model learns."""
    return sum(p.numel() for p in model.parameters())


def train(
    contest: str,
    network: str | nn.Module,
    seed: int,
    *,
    times: int = 1,
    progress: str | None = None,
) -> tuple[nn.Module, History]:
    """Train a network on a contest's task.

    Args:
        contest: a name in ``CONTESTS``.
        network: "LSTM", "Transformer", or a network that ``fresh`` made.
        seed: of the weights and of the sequences.
        times: so many times the contest's updates.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: there is no such contest or network, or a number is not whole or too small.
        KeyboardInterrupt: the training was interrupted.
    """
    settings = _named("contest", contest, CONTESTS)
    whole_number("seed", seed, 0)
    whole_number("times", times, 1)
    model = fresh(contest, network, seed) if isinstance(network, str) else network
    rng = np.random.default_rng(seed)
    draw: Callable[[], Any]
    loss: Any  # a Loss of whatever draw gives
    recurrent = isinstance(model, LanguageModel)
    if settings.task is None:
        strips = Strips(play()[0], settings.batch, WINDOW, rng)
        draw = strips.draw
        loss = CarriedLoss() if recurrent else lambda model, window: known_loss(model, window.x, window.y)
    else:
        task = settings.task
        draw = lambda: task.draw(settings.batch, rng)  # noqa: E731
        loss = batch_loss
    rate = settings.rates["LSTM" if recurrent else "Transformer"]
    history = fit(model, draw, loss, steps=times * settings.steps, rate=rate, progress=progress)
    if history.ended == "interrupted":
        raise KeyboardInterrupt
    return model.eval(), history


def known_loss(model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the cross-entropy over the steps where the answer y (T, B) is not -1, and the logits (T, B, K)."""
    logits = model(x)[0]
    return cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1), logits


def batch_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the loss of a model on a task's batch, and the logits."""
    return known_loss(model, torch.from_numpy(batch.x), torch.from_numpy(batch.target))


def part_right(model: nn.Module, task: Task, seed: int = 2560, sequences: int = 500) -> float:
    """Return the part of the answers that are right, over the steps that count, on fresh sequences."""
    batch = task.draw(sequences, np.random.default_rng(seed))
    with torch.no_grad():
        answer = model(torch.from_numpy(batch.x))[0].argmax(-1).numpy()
    counts = batch.truth >= 0
    return float((answer == batch.truth)[counts].mean())


def scores(contest: str, model: nn.Module) -> Score:
    """Return how a trained model does: the part of right answers for each trial, or bits per character."""
    settings = _named("contest", contest, CONTESTS)
    if settings.task is None:
        _, validation = play()
        bits = bits_per_character if isinstance(model, LanguageModel) else bits_in_windows
        return {"bits per character": bits(model, validation)}
    return {name: part_right(model, task) for name, task in settings.trials.items()}


def bits_in_windows(model: nn.Module, ids: NDArray[np.int64], window: int = WINDOW) -> float:
    """Return the bits that a model without a state needs for a character of a text.

    Windows overlap by half, so that every character but the first half window's has window / 2 characters or more
    before it, and is guessed once. What is left at the end, less than half a window, is left out.

    Raises:
        ValueError: the text has fewer than window + 1 characters, or window is odd.
    """
    if window < 2 or window % 2:
        raise ValueError(f"window must be even and positive, got {window}")
    if ids.ndim != 1 or len(ids) <= window:
        raise ValueError(f"ids must be (N,) with N from {window + 1} on, got shape {ids.shape}")
    half, text = window // 2, torch.from_numpy(ids)
    windows = text.unfold(0, window + 1, half).T  # (window + 1, W)
    with torch.no_grad():
        logits = model(windows[:-1])[0]
    nats = cross_entropy(logits.flatten(0, 1), windows[1:].flatten(), reduction="none").view(window, -1)
    return torch.cat([nats[:, 0], nats[half:, 1:].flatten()]).mean().item() / math.log(2)


@cache
def play() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the symbols of *Hamlet*: those to train on, and those of the validation text."""
    hamlet = load_hamlet()
    return hamlet.vocabulary.encode(hamlet.train), hamlet.vocabulary.encode(hamlet.validation)


def bigram_bits() -> float:
    """Return the bits per character of the validation text for counted pairs of neighbours, one added to each."""
    train, validation = play()
    pairs = np.ones((66, 66))
    np.add.at(pairs, (train[:-1], train[1:]), 1)
    p = pairs / pairs.sum(axis=1, keepdims=True)
    return float(-np.log2(p[validation[:-1], validation[1:]]).mean())


def _named(argument: str, name: str, known: dict[str, Contest]) -> Contest:
    if name not in known:
        raise ValueError(f"{argument} must be one of {sorted(known)}, got {name!r}")
    return known[name]
