"""The LSTM and its cousins on two tasks: continual Reber, which must be forgotten, and adding, which must be kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import mse_loss, one_hot

from lstm_lib.datasets.adding import Adding
from lstm_lib.datasets.reber import SYMBOLS, ContinualReber, Stream
from lstm_lib.datasets.task import Batch
from lstm_lib.nn.recurrent import (
    GRU,
    LSTM,
    CoupledLSTM,
    GRUResetBefore,
    LSTMWithout,
    MinimalLSTM,
    PeepholeLSTM,
    hidden_size_for,
)
from lstm_lib.training import History, fit

Array = NDArray[Any]
Build = Callable[[int, int], nn.Module]

#: About so many parameters has every network, with its linear map.
PARAMETERS = 1800
TASKS = ("continual Reber", "adding")
RATE = 0.02
#: Networks that did better with a higher learning rate, on the seeds 100 and 101; see ``benchmarks.cousins``.
HIGHER_RATES = {
    ("continual Reber", "no forget gate"): 0.05,
    ("continual Reber", "minimal LSTM"): 0.05,
    ("adding", "minimal LSTM"): 0.05,
}
#: Continual Reber: texts side by side, steps of a piece, pieces; the texts begin anew after so many pieces.
TEXTS, PIECE, REBER_UPDATES, ANEW = 10, 25, 1200, 40
#: Adding: the T of the task, sequences in a batch, batches.
ADDING_T, ADDING_BATCH, ADDING_UPDATES = 30, 20, 1000
#: What is added to the bias of whatever keeps, at the start: a little for Reber, more for adding.
REBER_BIAS, ADDING_BIAS = 1.0, 3.0

#: name -> input size, hidden size -> layer.
NETWORKS: dict[str, Build] = {
    "LSTM": LSTM,
    "peepholes": PeepholeLSTM,
    "coupled gates": CoupledLSTM,
    "no input gate": lambda D, H: LSTMWithout("input", D, H),
    "no forget gate": lambda D, H: LSTMWithout("forget", D, H),
    "no output gate": lambda D, H: LSTMWithout("output", D, H),
    "GRU": GRU,
    "GRU, reset before": GRUResetBefore,
    "minimal LSTM": MinimalLSTM,
}


class Cousin(nn.Module):
    """h_1 … h_T = layer(x_1 … x_T), y_t = h_t W_y + b_y, with the state given back so that a text can go on.

    Attributes:
        layer: a recurrent layer of this course, or of ``torch.nn``.
        output: the linear map.
    """

    def __init__(self, layer: nn.Module, hidden_size: int, output_size: int) -> None:
        """Put a linear map behind a layer."""
        super().__init__()
        self.layer, self.output = layer, nn.Linear(hidden_size, output_size)

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Return y (T, B, K) for x (T, B, D), and the state after the last step."""
        h, state = self.layer(x, state)
        return self.output(h), state


def learning_rate(task: str, network: str) -> float:
    """Return the learning rate that a network is compared with on a task.

    Raises:
        ValueError: there is no such task or network.
    """
    if task not in TASKS or network not in NETWORKS:
        raise ValueError(
            f"task must be one of {list(TASKS)} and network one of {list(NETWORKS)}, "
            f"got {task!r} and {network!r}"
        )
    return HIGHER_RATES.get((task, network), RATE)


def keep_(layer: nn.Module, bias: float) -> None:
    """Add to the bias of whatever keeps the state, in place, so that all kinds begin with the same memory.

    That is the forget gate, or the update gate of a GRU. In the minimal LSTM f / (f + i) keeps, so its input gate
    gets the negative. A layer without a forget gate keeps everything as it is.

    Raises:
        TypeError: it is no recurrent layer of this course.
        ValueError: bias is not finite.
    """
    gates = getattr(layer, "gates", "ifn" if isinstance(layer, MinimalLSTM) else "")
    if not gates:
        raise TypeError(
            f"layer must be a gated layer of lstm_lib.nn.recurrent, got {type(layer).__module__}.{type(layer).__name__}"
        )
    if not math.isfinite(bias):
        raise ValueError(f"bias must be finite, got {bias}")
    with torch.no_grad():
        blocks = layer.get_parameter("b").chunk(max(len(gates), 1))
        for gate, part in zip(gates, blocks, strict=False):
            if gate in "fz":
                part.add_(bias)
            elif gate == "i" and isinstance(layer, MinimalLSTM):
                part.sub_(bias)


def fresh_cousin(
    network: str, input_size: int, output_size: int, seed: int, bias: float, parameters: int = PARAMETERS
) -> Cousin:
    """Return a network with about so many parameters; PyTorch's global generator is left as it was.

    Args:
        network: a name in ``NETWORKS``.
        input_size: D.
        output_size: K.
        seed: of the weights.
        bias: see ``keep_``.
        parameters: of the layer and the linear map.

    Raises:
        ValueError: there is no such network.
    """
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {list(NETWORKS)}, got {network!r}")

    def build(H: int) -> Cousin:
        return Cousin(NETWORKS[network](input_size, H), H, output_size)

    H = hidden_size_for(build, parameters)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build(H)
    keep_(model.layer, bias)
    return model


# --- continual Reber -------------------------------------------------------------------------------------


class Found(NamedTuple):
    """What a network did on texts: steps and strings are parts that were right; cell (T,), the mean |state|."""

    steps: float
    strings: float
    cell: Array


class Piece(NamedTuple):
    """A piece of texts, and whether they begin with it."""

    stream: Stream
    first: bool


class Texts:
    """Endless texts, piece after piece. After ``ANEW`` pieces, 1,000 steps, others begin."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Begin."""
        self.rng, self._read = rng, 0

    def draw(self) -> Piece:
        """Return the next piece."""
        first = self._read % ANEW == 0
        if first:
            self._texts = ContinualReber(TEXTS, self.rng)
        self._read += 1
        return Piece(self._texts.read(PIECE), first)


class GoesOn:
    """The loss on endless texts: the state of a piece is where the next one begins, with no gradient between them.

    It is the squared error of the probabilities, as in lesson 06: where nobody can know what comes, its gradient is
    small.
    """

    def __init__(self) -> None:
        """Begin without a state."""
        self.state: Any = None

    def __call__(self, model: nn.Module, piece: Piece) -> tuple[Tensor, Tensor]:
        """Return the loss and the outputs before softmax."""
        y, state = model(symbol_vectors(piece.stream.x), None if piece.first else self.state)
        self.state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        return (y.softmax(-1) - symbol_vectors(piece.stream.target)).square().sum(-1).mean(), y


def learn_reber(
    model: nn.Module,
    seed: int,
    updates: int = REBER_UPDATES,
    rate: float = RATE,
    progress: str | None = None,
) -> History:
    """Train on endless texts."""
    texts = Texts(np.random.default_rng(seed))
    return fit(model, texts.draw, GoesOn(), steps=updates, rate=rate, progress=progress)


def read_on(model: nn.Module, piece: Stream, every: int = 50) -> Found:
    """Let a network read texts from a state of zero, and judge it. Its mean |state| is noted every so many steps."""
    outputs, cell, state = [], list[float](), None
    with torch.no_grad():
        for x in torch.split(symbol_vectors(piece.x), every):
            y, state = model(x, state)
            outputs.append(y)
            cell.append(float((state[-1] if isinstance(state, tuple) else state).abs().mean()))
    right = right_steps(torch.cat(outputs).numpy(), piece.legal)
    return Found(float(right.mean()), right_strings(right, piece), np.array(cell))


def read_by_signs(model: Cousin, piece: Stream, after: int = 500) -> Found:
    """Let a network read texts, throw its cell away after some steps, and judge what it does with the rest.

    From then on h_t = o_t * sign(c), with the signs that the cell had when it was thrown away: where |c| is large, and
    grows, tanh(c) has been that for long. The output gate alone sees the text, as the unit of a plain recurrent
    network does.

    Args:
        model: its layer is ``LSTMWithout("forget")``, or ``torch.nn.LSTM``, whose output gate too is the last block.
        piece: (T, B) texts, which begin from a state of zero.
        after: the cell is thrown away after so many steps, 1 to T - 1.

    Returns:
        What it did on the steps after those; ``cell`` is the mean |c| when it was thrown away, (1,).

    Raises:
        TypeError: the layer is another one.
        ValueError: after is not from 1 to T - 1, or the rest holds no whole string.
    """
    layer, T = model.layer, len(piece.x)
    if not 1 <= after < T:
        raise ValueError(f"after must be from 1 to {T - 1}, got {after}")
    with torch.no_grad():
        x = symbol_vectors(piece.x)
        _, (h, c) = layer(x[:after])
        h, c = (
            h.reshape(-1, h.shape[-1]),
            c.reshape(-1, c.shape[-1]),
        )  # (B, H); PyTorch has a layer's axis before
        H = h.shape[1]
        if isinstance(layer, nn.LSTM):
            W_x, W_h = (layer.get_parameter(f"weight_{k}_l0")[-H:].T for k in ("ih", "hh"))
            b = layer.get_parameter("bias_ih_l0")[-H:] + layer.get_parameter("bias_hh_l0")[-H:]
        elif isinstance(layer, LSTMWithout) and layer.gates == "igo":
            W_x, W_h, b = layer.W_x[:, -H:], layer.W_h[:, -H:], layer.b[-H:]
        else:
            raise TypeError(f"model.layer must be LSTMWithout('forget') or torch.nn.LSTM, got {layer}")
        shown = []
        for sums in x[after:] @ W_x + b:  # (B, H)
            h = torch.sigmoid(sums + h @ W_h) * c.sign()
            shown.append(h)
        right = right_steps(model.output(torch.stack(shown)).numpy(), piece.legal[after:])
    rest = Stream(*(part[after:] for part in piece))
    return Found(float(right.mean()), right_strings(right, rest), np.array([float(c.abs().mean())]))


def right_steps(y: Array, legal: Array) -> Array:
    """Return (T, B): whether every symbol that may come, legal (T, B, 7), has a higher y than all that may not."""
    right: Array = np.where(legal, y, np.inf).min(axis=2) > np.where(legal, -np.inf, y).max(axis=2)
    return right


def right_strings(right: Array, piece: Stream) -> float:
    """Return the part of the whole strings in a piece that have no mistake.

    A string ends where an E is followed by a B. (The E of the Reber string inside is followed by T or P.)

    Raises:
        ValueError: the piece holds no whole string.
    """
    symbols = piece.target
    ends = np.zeros(symbols.shape, bool)
    ends[:-1] = (symbols[:-1] == SYMBOLS.index("E")) & (symbols[1:] == SYMBOLS.index("B"))
    verdicts: list[bool] = []
    for b in range(symbols.shape[1]):
        at = np.flatnonzero(ends[:, b])
        verdicts += [bool(right[i + 1 : j + 1, b].all()) for i, j in pairwise(at)]
    if not verdicts:
        raise ValueError(f"piece must hold a whole string, got {len(symbols)} steps without one")
    return float(np.mean(verdicts))


def symbol_vectors(symbols: Array) -> Tensor:
    """Return whole numbers (T, B) as (T, B, 7) in float32."""
    return one_hot(torch.from_numpy(symbols), len(SYMBOLS)).float()


# --- adding ----------------------------------------------------------------------------------------------


def learn_adding(
    model: nn.Module,
    seed: int,
    updates: int = ADDING_UPDATES,
    rate: float = RATE,
    progress: str | None = None,
) -> History:
    """Train on fresh sequences of the adding problem."""
    task, rng = Adding(ADDING_T), np.random.default_rng(seed)
    return fit(
        model,
        lambda: task.draw(ADDING_BATCH, rng),
        adding_loss,
        steps=updates,
        rate=rate,
        progress=progress,
    )


def adding_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the squared error of the answers at each sequence's end, and the answers (B, 1)."""
    x, lengths, target = (torch.from_numpy(array) for array in batch[:3])
    y, _ = model(x)
    answers = y[lengths - 1, torch.arange(x.shape[1])]
    return mse_loss(answers, target), answers


def try_adding(model: nn.Module, rng: np.random.Generator, sequences: int = 1000) -> float:
    """Return the part of fresh sequences that is answered within 0.04."""
    task = Adding(ADDING_T)
    batch = task.draw(sequences, rng)
    with torch.no_grad():
        answers = adding_loss(model, batch)[1].numpy()
    return float(1 - task.judge(answers, batch).wrong.mean())
