"""A small Transformer that translates: encoder blocks read, causal decoder blocks write and look at the encoder.

The call of ``Seq2Seq``, so that both are trained and decoded by the same code. Source: Vaswani et al. (2017),
"Attention is all you need"; with the norm before each part, as in ``lstm_lib.nn.transformer``.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from lstm_lib.nn.attention import causal_mask, padding_mask
from lstm_lib.nn.recurrent.layer import check_sizes, checked_lengths
from lstm_lib.nn.seq2seq import Decoded, Memory
from lstm_lib.nn.transformer import Decoder, Encoder, sinusoidal_positions


class TransformerTranslator(nn.Module):
    """Source symbols in, logits of target symbols out.

    A Transformer has no state: what takes its place is all that was written so far, (n, B) symbols, and each call of
    ``decode`` reads them anew.

    Attributes:
        source_table, target_table: the embeddings (V, size).
        encoder, decoder: the blocks, each stack with a norm at its end.
        output: the linear map to logits.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        size: int,
        *,
        heads: int = 4,
        hidden_size: int | None = None,
        layers: int = 2,
        dropout: float = 0.0,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            source_symbols: how many symbols the source may have.
            target_symbols: V.
            size: of a position; a multiple of heads, even.
            heads: of each attention.
            hidden_size: of the feed-forward part; None takes 4 × size.
            layers: blocks on either side.
            dropout: in the blocks, and of the embeddings.

        Raises:
            TypeError: a size is no int. ValueError: a size does not fit.
        """
        super().__init__()
        check_sizes(source_symbols=source_symbols, target_symbols=target_symbols, size=size, layers=layers)
        inner = hidden_size or 4 * size
        self.source_table, self.target_table = (
            nn.Embedding(source_symbols, size),
            nn.Embedding(target_symbols, size),
        )
        for table in (self.source_table, self.target_table):
            nn.init.normal_(table.weight, std=size**-0.5)
        self.dropout = nn.Dropout(dropout)
        self.encoder = Encoder(size, heads, inner, layers, dropout)
        self.decoder = Decoder(size, heads, inner, layers, dropout)
        self.output = nn.Linear(size, target_symbols)

    def _placed(self, table: nn.Embedding, symbols: Tensor) -> Tensor:
        size = table.embedding_dim
        e: Tensor = self.dropout(math.sqrt(size) * table(symbols) + sinusoidal_positions(len(symbols), size))
        return e

    def forward(self, source: Tensor, before: Tensor, lengths: Tensor | None = None) -> Decoded:
        """Read sources (S, B), then say after each symbol of ``before`` (T, B) what comes next, all steps at once.

        Raises:
            ValueError: a shape or a length does not fit.
        """
        memory = self.encode(source, lengths)
        return self.decode(before, self.begin(memory), memory)

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> Memory:
        """Read sources (S, B) with lengths (B,).

        Raises:
            ValueError: source is not (S, B), or a length does not fit.
        """
        if source.ndim != 2 or not source.numel():
            raise ValueError(f"source must be (S, B) symbols, at least one, got shape {tuple(source.shape)}")
        steps = checked_lengths(lengths, source)
        mask = None if steps is None else padding_mask(steps, len(source))  # (B, 1, S)
        x, _ = self.encoder(self._placed(self.source_table, source), mask)
        return Memory(x, None, mask, x.new_zeros(0))

    def begin(self, memory: Memory) -> Tensor:
        """Return what has been written so far: nothing, (0, B)."""
        return torch.zeros(0, memory.states.shape[1], dtype=torch.long)

    def decode(self, before: Tensor, state: Tensor, memory: Memory) -> Decoded:
        """Go on from what has been written, ``state`` (n, B), with ``before`` (T, B); logits for these T steps.

        Raises:
            ValueError: before is not (T, B) with the B of memory.
        """
        if before.ndim != 2 or before.shape[1] != memory.states.shape[1]:
            raise ValueError(f"before must be (T, {memory.states.shape[1]}), got shape {tuple(before.shape)}")
        read = torch.cat([state, before])
        x, weights = self.decoder(
            self._placed(self.target_table, read), memory.states, causal_mask(len(read)), memory.mask
        )
        looked = weights[-1].mean(dim=1)[:, len(state) :]  # the last block, mean of its heads: (B, T, S)
        return Decoded(self.output(x[len(state) :]), looked, read)  # type: ignore[arg-type]
