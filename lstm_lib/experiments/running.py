"""One run: a fresh network learns from fresh sequences until the paper's criterion is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from lstm_lib.datasets.task import Batch, Task, Verdict, whole_number
from lstm_lib.nn.initialisation import chrono_, forget_bias_
from lstm_lib.nn.reader import Reader
from lstm_lib.training import History, fit

Array = NDArray[Any]
Start = Callable[[Any, int, torch.Generator], None]  # the layer, the longest lag, where the times come from


def _as_drawn(layer: nn.Module, longest: int, generator: torch.Generator) -> None:
    """Leave the layer as PyTorch drew it."""


def _forget_one(layer: nn.LSTM, longest: int, generator: torch.Generator) -> None:
    forget_bias_(layer, 1.0)


#: Name -> the kind of layer, and what is done to its first biases.
NETWORKS: dict[str, tuple[str, Start]] = {
    "RNN": ("rnn", _as_drawn),
    "GRU": ("gru", _as_drawn),
    "LSTM": ("lstm", _forget_one),
    "LSTM, chrono": ("lstm", chrono_),
    "LSTM, forget bias 0": ("lstm", _as_drawn),
    "LSTM, chrono on the forget gate only": ("lstm", partial(chrono_, shut_input=False)),
    "LSTM, chrono on the input gate only": ("lstm", partial(chrono_, forget=False)),
    "GRU, chrono": ("gru", chrono_),
}


def fresh_reader(
    network: str, task: Task, longest: int, seed: int, hidden_size: int = 16, direct: bool = False
) -> Reader:
    """Return a network for a task, with its first weights.

    Args:
        network: a name in ``NETWORKS``.
        task: says how many inputs and outputs there are.
        longest: the longest lag that is expected, in steps; the chrono starts use it.
        seed: of the weights. The global generator of PyTorch is left as it was.
        hidden_size: H.
        direct: whether the inputs also reach the outputs around the layer.

    Raises:
        ValueError: there is no such network.
    """
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {list(NETWORKS)}, got {network!r}")
    kind, start = NETWORKS[network]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = Reader(
            kind, task.input_size, hidden_size, task.output_size, symbols=task.symbols, direct=direct
        )
    start(reader.layer, longest, torch.Generator().manual_seed(seed))
    return reader


def loss(reader: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the loss of a reader on a batch, and its outputs: values, or numbers before softmax.

    Cross-entropy for classes, squared error for values. For next symbols the squared error of the probabilities, as in
    the paper: where nobody can know what comes next, its gradient is small, while that of cross-entropy is not.
    """
    x, lengths, target = (torch.from_numpy(array) for array in batch[:3])
    if target.shape == x.shape:  # a next symbol for every step
        y = reader(x)
        known = target >= 0
        wanted = one_hot(target[known], y.shape[-1])
        return (y[known].softmax(-1) - wanted).square().sum(-1).mean(), y
    y = reader(x, lengths)
    return (mse_loss if target.is_floating_point() else cross_entropy)(y, target), y


def answers(output: Tensor, task: Task) -> Array:
    """Return a reader's outputs as the task judges them: values as they are, others as probabilities."""
    if task.kind != "value":
        output = output.softmax(-1)
    return output.numpy(force=True)


def examine(reader: nn.Module, task: Task, rng: np.random.Generator) -> Verdict:
    """Return the verdicts on the sequences that the task's criterion asks for, without learning from them."""
    return _verdicts(reader, task, list(task.examination(rng)))


def try_on(reader: nn.Module, task: Task, rng: np.random.Generator, sequences: int = 2560) -> Verdict:
    """Return the verdicts on so many fresh sequences; 2,560 are the paper's test set.

    Raises:
        TypeError, ValueError: sequences is not a whole number from 1 on.
    """
    whole_number("sequences", sequences, 1)
    return _verdicts(
        reader, task, [task.draw(min(512, sequences - n), rng) for n in range(0, sequences, 512)]
    )


def _verdicts(reader: nn.Module, task: Task, batches: list[Batch]) -> Verdict:
    with torch.no_grad():
        verdicts = [task.judge(answers(loss(reader, batch)[1], task), batch) for batch in batches]
    return Verdict(*(np.concatenate(parts) for parts in zip(*verdicts, strict=True)))


class Success:
    """The stopping rule of an experiment: has the task's criterion been met?

    Training sequences are judged before the network learns from them. Where the criterion asks for fresh sequences,
    they are drawn as soon as the last training sequences look good, and again after so many more.
    """

    def __init__(self, reader: nn.Module, task: Task, rng: np.random.Generator, every: int = 500) -> None:
        """Begin with nothing seen.

        Args:
            reader: the network that learns.
            task: its task.
            rng: for sequences that the criterion asks for; not the one that draws the training sequences, so that
                looking does not change what is learnt from.
            every: training sequences from one examination to the next.
        """
        self.reader, self.task, self.rng, self.every = reader, task, rng, every
        self.seen = 0
        self._next = 0
        self._recent: list[Verdict] = []  # the last batches

    def __call__(self, batch: Batch, output: Tensor) -> bool:
        """Take note of a training batch, and tell whether the criterion is met."""
        criterion = self.task.criterion
        self._recent.append(self.task.judge(answers(output, self.task), batch))
        self.seen += len(batch.lengths)
        window = min(criterion.sequences, self.every) if criterion.fresh else criterion.sequences
        while sum(len(verdict.wrong) for verdict in self._recent[1:]) >= window:
            del self._recent[0]
        error, wrong = (np.concatenate(parts)[-window:] for parts in zip(*self._recent, strict=True))
        if not criterion.fresh:
            return criterion.met(error, wrong)
        promising = len(wrong) >= window and wrong.sum() <= criterion.most_wrong
        if not promising or self.seen < self._next:
            return False
        self._next = self.seen + self.every
        return criterion.met(*examine(self.reader, self.task, self.rng))


@dataclass
class Run:
    """One experiment: the trained reader, its history, and how it did.

    Attributes:
        reader: the network.
        history: of the training.
        solved: whether the criterion was met.
        sequences: training sequences that were seen.
    """

    reader: Reader
    history: History
    solved: bool
    sequences: int


def run(
    network: str,
    task: Task,
    seed: int,
    *,
    longest: int,
    sequences: int = 45_000,
    batch: int = 20,
    rate: float = 0.02,
    hidden_size: int = 16,
    direct: bool = False,
    progress: str | None = None,
) -> Run:
    """Train a fresh network on a task until its criterion is met, or for so many sequences at the most.

    Args:
        network: a name in ``NETWORKS``.
        task: what is to be learnt.
        seed: of the weights, the training sequences and the examinations.
        longest: the longest lag that is expected, in steps; the chrono starts use it.
        sequences: training sequences at the most. The learning rate falls to zero until then.
        batch: sequences in a step.
        rate: the highest learning rate of Adam.
        hidden_size: H.
        direct: whether the inputs also reach the outputs around the layer.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: there is no such network, or a number is not whole or too small.
        KeyboardInterrupt: the run was interrupted. It has then no result, neither success nor failure.
        Diverged: the loss or its gradient is not a number.
    """
    whole_number("batch", batch, 1)
    whole_number("sequences", sequences, batch)
    whole_number("seed", seed, 0)
    reader = fresh_reader(network, task, longest, seed, hidden_size, direct)
    training, examination = np.random.default_rng(seed).spawn(2)
    success = Success(reader, task, examination)
    history = fit(
        reader,
        lambda: task.draw(batch, training),
        loss,
        steps=sequences // batch,
        rate=rate,
        stop=success,
        progress=progress,
    )
    if history.ended == "interrupted":
        raise KeyboardInterrupt
    return Run(reader, history, history.ended == "rule", success.seen)
