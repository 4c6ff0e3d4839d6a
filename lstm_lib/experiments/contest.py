"""LSTM and Transformer with as many parameters, on the same small tasks: repeats, parity, and the letters of a play."""

from __future__ import annotations

import inspect
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
class Trial:
    """What a trained network is tried on.

    Attributes:
        task: gives the sequences.
        first, last: the steps whose answers count, from 1 on; with last None, all to the end.
    """

    task: Task
    first: int = 1
    last: int | None = None


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
        trials: name -> what is tried after training; empty for the play.
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
    trials: dict[str, Trial]
    dropout: dict[str, float] = field(default_factory=lambda: dict.fromkeys(NETWORKS, 0.0))


def _repeats(length: int, steps: int = 48) -> Task:
    return Repeats(steps=steps, shortest=length, longest=length)


#: The steps of parity that are stored one by one: training sequences have at most 20.
STEPS = (1, 5, 10, 15, 18, 19, 20, 21, 22, 25, 30, 40, 50, 60, 70, 80)
_LONG = Parity(80, 80)


CONTESTS = {
    "repeats": Contest(
        Repeats(), 24, 64, 32, 2, 500, 32, {"LSTM": 0.02, "Transformer": 0.008},
        {f"block of {n}": Trial(_repeats(n)) for n in (4, 8, 12, 16, 20)}
        | {"block of 8, steps 49 to 96": Trial(_repeats(8, 96), 49)},
    ),
    "parity": Contest(
        Parity(), 2, 64, 32, 2, 500, 64, {"LSTM": 0.01, "Transformer": 0.003},
        {"steps 1 to 20": Trial(_LONG, 1, 20), "steps 21 to 80": Trial(_LONG, 21)}
        | {f"step {n}": Trial(_LONG, n, n) for n in STEPS},
    ),
    "play": Contest(
        None, 66, 140, 64, 4, 400, 8, {"LSTM": 0.01, "Transformer": 0.006}, {},
        {"LSTM": 0.2, "Transformer": 0.0},
    ),
    "play, no dropout": Contest(
        None, 66, 140, 64, 4, 400, 8, {"LSTM": 0.01, "Transformer": 0.006}, {},
    ),
}  # fmt: skip


def fresh(contest: str, network: str, seed: int, **other: Any) -> nn.Module:
    """Return a network for a contest; its weights come from a seed, and the global generator is left as it was.

    Args:
        contest: a name in ``CONTESTS``.
        network: "LSTM" or "Transformer".
        seed: of the weights.
        **other: options of ``LanguageModel`` or ``SequenceTransformer``, in the place of the contest's, such as
            ``layers=1`` or ``size=46``.

    Raises:
        TypeError: the seed is not whole, or the network has no such option.
        ValueError: there is no such contest or network, the seed is below 0, or an option is refused by the network.
    """
    settings = _named("contest", contest, CONTESTS)
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {list(NETWORKS)}, got {network!r}")
    whole_number("seed", seed, 0)
    options: dict[str, Any] = {"symbols": settings.symbols, "dropout": settings.dropout[network]}
    build: type[nn.Module]
    if network == "LSTM":
        build = LanguageModel
        options |= {"embedding_size": 32, "hidden_size": settings.hidden_size}
    else:
        build = SequenceTransformer
        options |= {"size": settings.size, "heads": settings.heads, "layers": 2}
    known = list(inspect.signature(build).parameters)
    for name in other:
        if name not in known:
            raise TypeError(f"{name} is no option of the {network}: it must be one of {known}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build(**options | other)


def parameters(model: nn.Module) -> int:
    """Return how many numbers a model learns."""
    return sum(p.numel() for p in model.parameters())


def train(
    contest: str,
    network: str | nn.Module,
    seed: int,
    *,
    times: int = 1,
    rate: float | None = None,
    progress: str | None = None,
) -> tuple[nn.Module, History]:
    """Train a network on a contest's task.

    Args:
        contest: a name in ``CONTESTS``.
        network: "LSTM", "Transformer", or a network that ``fresh`` made.
        seed: of the weights and of the sequences.
        times: so many times the contest's updates.
        rate: the highest learning rate; None is the contest's.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: there is no such contest or network, a number is not whole or too small, or the rate is
            no number above 0.
        KeyboardInterrupt: the training was interrupted.
    """
    settings = _named("contest", contest, CONTESTS)
    whole_number("seed", seed, 0)
    whole_number("times", times, 1)
    if not isinstance(network, (str, nn.Module)):
        raise TypeError(f"network must be one of {list(NETWORKS)} or a network of fresh(), got {network!r}")
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
    if rate is None:
        rate = settings.rates["LSTM" if recurrent else "Transformer"]
    elif isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise TypeError(f"rate must be a number above 0, got {rate!r}")
    elif not 0 < rate < math.inf:
        raise ValueError(f"rate must be a number above 0, got {rate}")
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


def part_right(
    model: nn.Module,
    task: Task,
    seed: int = 2560,
    sequences: int = 500,
    *,
    first: int = 1,
    last: int | None = None,
) -> float:
    """Return the part of the answers that are right on fresh sequences.

    Args:
        model: (T, B) symbols -> logits (T, B, K), and something else.
        task: gives the sequences; steps where its truth is -1 never count.
        seed: of the sequences.
        sequences: so many.
        first, last: the steps whose answers count, from 1 on; with last None, all to the end.

    Raises:
        TypeError: model is no network, task no task, or a number is not whole.
        ValueError: a number is too small, or no answer counts from first to last.
    """
    return _part(_answers(model, task, seed, sequences), Trial(task, first, last))


def right_by_step(
    model: nn.Module, task: Task, seed: int = 2560, sequences: int = 500
) -> NDArray[np.float64]:
    """Return the part of right answers at each step (T,), nan where none counts. The arguments are ``part_right``'s."""
    right, counts = _answers(model, task, seed, sequences)
    total = counts.sum(axis=1)
    parts: NDArray[np.float64] = np.where(
        total > 0, (right & counts).sum(axis=1) / np.maximum(total, 1), np.nan
    )
    return parts


def _answers(model: nn.Module, task: Task, seed: int, sequences: int) -> tuple[NDArray[np.bool_], ...]:
    """Return which answers (T, B) are right, and which count."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a network, such as fresh() gives, got {model!r}")
    if not isinstance(task, Task):
        raise TypeError(f"task must be a task, such as Parity(), got {task!r}")
    whole_number("seed", seed, 0)
    batch = task.draw(whole_number("sequences", sequences, 1), np.random.default_rng(seed))
    with torch.no_grad():
        answer = model(torch.from_numpy(batch.x))[0].argmax(-1).numpy()
    return answer == batch.truth, batch.truth >= 0


def _part(answers: tuple[NDArray[np.bool_], ...], trial: Trial) -> float:
    first = whole_number("first", trial.first, 1)
    last = None if trial.last is None else whole_number("last", trial.last, first)
    right, counts = (table[first - 1 : last] for table in answers)
    if not counts.any():
        raise ValueError(
            f"first and last must leave an answer that counts, got {first} and {last} of {len(answers[0])} steps"
        )
    return float(right[counts].mean())


def scores(contest: str, model: nn.Module) -> Score:
    """Return how a trained model does: the part of right answers for each trial, or bits per character."""
    settings = _named("contest", contest, CONTESTS)
    if settings.task is None:
        _, validation = play()
        bits = bits_per_character if isinstance(model, LanguageModel) else bits_in_windows
        return {"bits per character": bits(model, validation)}
    answers = {trial.task: _answers(model, trial.task, 2560, 500) for trial in settings.trials.values()}
    return {name: _part(answers[trial.task], trial) for name, trial in settings.trials.items()}


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
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"{argument} must be one of {sorted(known)}, got {name!r}")
    return known[name]
