"""An encoder that reads one sequence, a decoder that writes another, and attention between them, or none.

    z = [→h_n ; ←h_1]                              the summary: the states that have read all of the source
    h_0 = tanh(z W_0 + b_0), c_0 = z W_1 + b_1     where the decoder begins
    h_t, c_t = LSTM(table[y_{t-1}], h_{t-1}, c_{t-1})
    context_t = sum over s a_ts m_s                a_ts from h_t and the encoder's states m_s
    a_t = tanh([context_t ; h_t] W_c + b_c), logits_t = a_t W_y + b_y

Without attention the last two lines are logits_t = h_t W_y + b_y: all that the decoder knows of the source is z.

Sources: Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks"; Luong, Pham and Manning
(2015), "Effective approaches to attention-based neural machine translation", equations 5 to 8. There the encoder reads
in one direction and hands on its last state as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from lstm_lib.nn.attention import (
    AdditiveAttention,
    Attention,
    BilinearAttention,
    DotProductAttention,
    check_dropout,
    check_tensor,
    padding_mask,
)
from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import reverse_within
from lstm_lib.nn.recurrent.layer import check_sizes, checked_lengths

State = tuple[Tensor, Tensor]

ATTENTIONS: dict[str, Any] = {
    "none": lambda size: None,
    "dot": lambda size: DotProductAttention(),
    "scaled": lambda size: DotProductAttention(scaled=True),
    "bilinear": lambda size: BilinearAttention(size, size),
    "additive": lambda size: AdditiveAttention(size, size, size),
}


class Memory(NamedTuple):
    """What the decoder is told of the source: made once for each source, used at every step of the decoder.

    Attributes:
        states: m (S, B, H), the encoder's state at every step.
        keys: what queries are compared with, (S, B, H), or None without attention.
        mask: (B, 1, S), true inside the sources, or None if they have one length.
        summary: z (B, H).
    """

    states: Tensor
    keys: Tensor | None
    mask: Tensor | None
    summary: Tensor


class Decoded(NamedTuple):
    """What the decoder says: logits (T, B, V); weights (B, T, S), or None without attention; and its last state."""

    logits: Tensor
    weights: Tensor | None
    state: State


class Writer(nn.Module):
    """The half of a network that writes: what Seq2Seq shares with models that read something else than symbols.

    A subclass makes the parts that Seq2Seq names below (target_table to output, and dropout) and a ``Memory``.
    """

    dropout: float
    target_table: nn.Embedding
    decoder: nn.LSTM
    begin_h: nn.Linear
    begin_c: nn.Linear
    attention: Attention | None
    mix: nn.Linear | None
    output: nn.Linear

    def begin(self, memory: Memory) -> State:
        """Return the decoder's first state (h, c), (1, B, H) each."""
        z = memory.summary[None]
        return torch.tanh(self.begin_h(z)), self.begin_c(z)

    def decode(self, before: Tensor, state: State, memory: Memory) -> Decoded:
        """Go on from a state: one step where the decoder writes by itself, all where it is shown what to write.

        Args:
            before: (T, B), the symbol before each step.
            state: from ``begin``, or that of an earlier call.
            memory: from ``encode``.

        Raises:
            TypeError: symbols are no whole numbers. ValueError: a shape or a symbol does not fit.
        """
        _check_symbols("before", before, self.target_table.num_embeddings)
        if before.shape[1] != memory.states.shape[1]:
            raise ValueError(
                f"before must have B = {memory.states.shape[1]}, got shape {tuple(before.shape)}"
            )
        e = dropout(self.target_table(before), self.dropout, self.training)
        h, state = self.decoder(e, state)  # (T, B, H)
        weights = None
        if self.attention is not None and self.mix is not None:
            context, weights = self.attention(h, memory.states, memory.mask, memory.keys)
            h = torch.tanh(self.mix(torch.cat([context, h], dim=-1)))  # (T, B, 2H) -> (T, B, H)
        return Decoded(self.output(dropout(h, self.dropout, self.training)), weights, state)


class Seq2Seq(Writer):
    """Source symbols in, logits of target symbols out.

    Attributes:
        source_table, target_table: the embeddings (V, E) of both sides.
        encoders: one LSTM, or one for each direction of H / 2 units; every forget gate begins with bias 1.
        decoder: an LSTM of H units. Both are ``torch.nn.LSTM``.
        begin_h, begin_c: the linear maps from the summary to the decoder's first state.
        attention: one of the scores of ``lstm_lib.nn.attention``, or None.
        mix: the map W_c, or None without attention.
        output: the map W_y.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        embedding_size: int,
        hidden_size: int,
        attention: str = "bilinear",
        *,
        directions: int = 2,
        dropout: float = 0.0,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            source_symbols: how many symbols the source may have.
            target_symbols: V.
            embedding_size: E, on both sides.
            hidden_size: H of the decoder, of a state of the memory and of the summary.
            attention: "none", "dot", "scaled", "bilinear" or "additive".
            directions: 1, or 2 with H / 2 units each.
            dropout: the part of the embeddings, and of what W_y gets, that is set to zero while training.

        Raises:
            TypeError: a size is not an int, attention is no text, or dropout no number.
            ValueError: a size is below 1, there is no such attention, directions is neither 1 nor 2, hidden_size is odd
                with two directions, or dropout is not from 0 to below 1.
        """
        super().__init__()
        check_sizes(
            source_symbols=source_symbols,
            target_symbols=target_symbols,
            embedding_size=embedding_size,
            hidden_size=hidden_size,
            directions=directions,
        )
        if not isinstance(attention, str):
            raise TypeError(f"attention must be one of {list(ATTENTIONS)}, got {attention!r}")
        if attention not in ATTENTIONS:
            raise ValueError(f"attention must be one of {list(ATTENTIONS)}, got {attention!r}")
        if directions > 2:
            raise ValueError(f"directions must be 1 or 2, got {directions}")
        if hidden_size % directions:
            raise ValueError(f"hidden_size must be even for two directions, got {hidden_size}")
        check_dropout(dropout)
        E, H = embedding_size, hidden_size
        self.dropout = dropout
        self.source_table, self.target_table = (
            nn.Embedding(source_symbols, E),
            nn.Embedding(target_symbols, E),
        )
        self.encoders = nn.ModuleList(nn.LSTM(E, H // directions) for _ in range(directions))
        self.decoder = nn.LSTM(E, H)
        for lstm in (*self.encoders, self.decoder):
            forget_bias_(lstm, 1.0)
        self.begin_h, self.begin_c = nn.Linear(H, H), nn.Linear(H, H)
        self.attention = ATTENTIONS[attention](H)
        self.mix = nn.Linear(2 * H, H) if self.attention else None
        self.output = nn.Linear(H, target_symbols)

    def forward(self, source: Tensor, before: Tensor, lengths: Tensor | None = None) -> Decoded:
        """Read sources, then say after each target symbol what comes next: *teacher forcing*, all steps at once.

        Args:
            source: (S, B) symbols, padded at the end with any symbol.
            before: (T, B) symbols: ``shifted`` targets, so that each step is shown the right symbol before it.
            lengths: (B,), the steps of each source; None if all have S.

        Raises:
            TypeError: symbols are no whole numbers. ValueError: a shape, a length or a symbol does not fit.
        """
        memory = self.encode(source, lengths)
        return self.decode(before, self.begin(memory), memory)

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> Memory:
        """Read sources (S, B) with lengths (B,).

        Raises:
            TypeError: symbols are no whole numbers. ValueError: a shape, a length or a symbol does not fit.
        """
        _check_symbols("source", source, self.source_table.num_embeddings)
        S, B = source.shape
        steps = checked_lengths(lengths, source)  # None where all have S
        e = dropout(self.source_table(source), self.dropout, self.training)  # (S, B, E)
        ends = source.new_full((B,), S) if steps is None else steps
        last = ends - 1, torch.arange(B, device=source.device)
        states, summary = [], []
        for backward, lstm in enumerate(self.encoders):
            # Reversed within the lengths, padding comes last in both directions: see the Tagger.
            h, _ = lstm(reverse_within(e, steps) if backward else e)
            summary.append(h[last])  # after all of the source
            states.append(reverse_within(h, steps) if backward else h)
        m = torch.cat(states, dim=-1)  # (S, B, H)
        keys = self.attention.keys(m) if self.attention else None
        mask = None if steps is None else padding_mask(steps, S)
        return Memory(m, keys, mask, torch.cat(summary, dim=-1))


def shifted(target: Tensor, begin: int) -> Tensor:
    """Return what stands before each target symbol: ``begin``, then the target (T, B) without its last row.

    Raises:
        ValueError: target has another number of axes.
    """
    if target.ndim != 2:
        raise ValueError(f"target must be (T, B) symbols, got shape {tuple(target.shape)}")
    return torch.cat([torch.full_like(target[:1], begin), target[:-1]])


def _check_symbols(name: str, symbols: Tensor, count: int) -> None:
    check_tensor(name, symbols)
    if symbols.dtype not in (torch.int64, torch.int32):
        raise TypeError(f"{name} must be symbols, whole numbers, got {symbols.dtype}")
    if symbols.ndim != 2 or not symbols.numel():
        raise ValueError(f"{name} must be (steps, B) symbols, at least one, got shape {tuple(symbols.shape)}")
    if not 0 <= int(symbols.min()) <= int(symbols.max()) < count:
        raise ValueError(
            f"{name} must hold symbols from 0 to {count - 1}, got {int(symbols.min())} to {int(symbols.max())}"
        )
