"""Write a sequence symbol by symbol: what a model says becomes what it reads next."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor


class Decoder(Protocol):
    """What can be decoded with: a model such as ``lstm_lib.nn.seq2seq.Seq2Seq``."""

    def begin(self, memory: Any) -> Any:
        """Return the first state, from what is remembered of the sources."""

    def decode(self, before: Tensor, state: Any, memory: Any) -> Any:
        """Return the logits (T, B, V), the weights (B, T, S) or None, and the state after them."""


class Written(NamedTuple):
    """What was written.

    Attributes:
        symbols: (T, B). From its end symbol on, a sequence is filled up with that symbol.
        lengths: (B,), the symbols of each sequence with its end symbol; T where none was written.
        weights: (B, T, S), where each step looked, or None if the model does not say.
    """

    symbols: Tensor
    lengths: Tensor
    weights: Tensor | None


@torch.no_grad()
def greedy(
    model: Decoder,
    memory: Any,
    *,
    begin: int,
    end: int,
    max_steps: int,
) -> Written:
    """Write the likeliest symbol at each step, until every sequence of the batch has ended.

    Args:
        model: in eval mode, if it has dropout.
        memory: what the decoder is told of the sources, such as ``model.encode(source, lengths)``; its first part is
            the states (S, B, H).
        begin: the symbol that stands before the first.
        end: the symbol after which a sequence is over.
        max_steps: so many symbols at the most.

    Raises:
        TypeError: max_steps is no int. ValueError: it is below 1.
    """
    if isinstance(max_steps, bool) or not isinstance(max_steps, int):
        raise TypeError(f"max_steps must be a positive int, got {max_steps!r}")
    if max_steps < 1:
        raise ValueError(f"max_steps must be a positive int, got {max_steps}")
    states = memory[0]
    state = model.begin(memory)
    symbol = torch.full((1, states.shape[1]), begin, device=states.device)
    going = torch.ones_like(symbol, dtype=torch.bool)  # (1, B)
    symbols, weights, steps = [], [], torch.zeros_like(symbol)
    for _ in range(max_steps):
        logits, looked, state = model.decode(symbol, state, memory)
        symbol = torch.where(going, logits.argmax(-1), end)
        symbols.append(symbol)
        weights.append(looked)
        steps += going
        going = going & (symbol != end)
        if not bool(going.any()):
            break
    looked_at = None if weights[0] is None else torch.cat(weights, dim=1)
    return Written(torch.cat(symbols), steps[0], looked_at)


class Hypothesis(NamedTuple):
    """A way to write: its symbols with the end symbol, if it has come; its log probability; and that by length."""

    symbols: tuple[int, ...]
    log_probability: float
    score: float


@torch.no_grad()
def beam_search(
    model: Decoder,
    memory: Any,
    *,
    begin: int,
    end: int,
    width: int,
    max_steps: int,
    length_power: float = 1.0,
) -> list[Hypothesis]:
    """Look for the likeliest sequences of one source, with so many unfinished ones kept at each step.

    The score of a sequence of n symbols, its end among them, is its log probability divided by n ** length_power: 0
    takes the log probability itself, so that short sequences win; 1 the mean of a symbol. The search is over when no
    unfinished sequence can come among the best any more. Source: Wu et al. (2016), "Google's neural machine
    translation system", section 7, with a simpler normalisation.

    Args:
        model: in eval mode, if it has dropout.
        memory: of one source, such as ``model.encode(source)`` with source (S, 1).
        begin, end, max_steps: as for ``greedy``. A sequence that has not ended after max_steps counts as it is.
        width: so many unfinished sequences are kept.
        length_power: how much the length counts, 0 or more.

    Returns:
        Up to ``width`` sequences, the best score first.

    Raises:
        TypeError: width or max_steps is no int. ValueError: it is below 1, length_power is below 0, or memory holds
            more than one source.
    """
    for name, value in (("width", width), ("max_steps", max_steps)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be a positive int, got {value!r}")
        if value < 1:
            raise ValueError(f"{name} must be a positive int, got {value}")
    if not length_power >= 0:
        raise ValueError(f"length_power must be 0 or more, got {length_power}")
    if memory[0].shape[1] != 1:
        raise ValueError(f"memory must be of one source, got {memory[0].shape[1]}")
    state = model.begin(memory)
    texts, total = torch.empty(1, 0, dtype=torch.long), torch.zeros(1, dtype=torch.float64)
    symbol = torch.full((1, 1), begin)
    ended: list[Hypothesis] = []
    for step in range(max_steps):
        logits, _, state = model.decode(symbol, state, _repeated(memory, len(texts)))
        each = total[:, None] + torch.log_softmax(logits[-1].double(), dim=-1)  # (k, V)
        # twice as many, since up to one in each row may be an end
        best = torch.topk(each.flatten(), min(2 * width, each.numel()))
        rows, symbols = best.indices // each.shape[1], best.indices % each.shape[1]
        over = symbols == end
        for row, value in zip(rows[over].tolist(), best.values[over].tolist(), strict=True):
            ended.append(Hypothesis((*texts[row].tolist(), end), value, value / (step + 1) ** length_power))
        ended = sorted(ended, key=lambda one: -one.score)[:width]
        rows, symbols, total = (part[~over][:width] for part in (rows, symbols, best.values))
        if not len(rows):
            break
        texts = torch.cat([texts[rows], symbols[:, None]], dim=1)
        state, symbol = _chosen(state, rows), symbols[None]
        # An unfinished sequence only gets less likely; at best it ends at the greatest length.
        hope = float(total.max()) / max_steps**length_power
        if len(ended) == width and hope <= ended[-1].score:
            break
    else:
        ended += [
            Hypothesis(tuple(text), value, value / max_steps**length_power)
            for text, value in zip(texts.tolist(), total.tolist(), strict=True)
        ]
    return sorted(ended, key=lambda one: -one.score)[:width]


def _chosen(state: Any, rows: Tensor) -> Any:
    """Return a state, a tensor (·, B, …) or a tuple of such, with these rows of its batch."""
    if isinstance(state, Tensor):
        return state[:, rows]
    return tuple(_chosen(part, rows) for part in state)


def _repeated(memory: Any, count: int) -> Any:
    """Return the memory of one source as that of ``count`` equal ones."""
    states, keys, mask, summary = memory
    return type(memory)(
        states.expand(-1, count, -1),
        None if keys is None else keys.expand(-1, count, -1),
        None if mask is None else mask.expand(count, -1, -1),
        summary.expand(count, -1) if summary.ndim == 2 else summary,
    )
