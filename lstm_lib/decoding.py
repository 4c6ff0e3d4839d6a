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
