"""A Transformer that reads symbols and answers at every step: a table, positions, causal blocks, and a linear map."""

from __future__ import annotations

import math

from torch import Tensor, nn

from lstm_lib.nn.attention import causal_mask
from lstm_lib.nn.recurrent.layer import check_sizes
from lstm_lib.nn.transformer import Encoder, sinusoidal_positions


class SequenceTransformer(nn.Module):
    """e_t = sqrt(size) table[x_t] + position_t, h = blocks(e_1 … e_T), logits_t = h_t W_y + b_y; t sees 1 … t alone.

    The call of ``LanguageModel``, with weights in the place of the state: a Transformer has no state, and reads the
    whole sequence anew. Sources: Vaswani et al. (2017), "Attention is all you need", sections 3.4 and 3.5; only the
    decoder, as in Liu et al. (2018), "Generating Wikipedia by summarizing long sequences", and without a norm of the
    sum e_t, since the blocks are pre-norm.

    Attributes:
        table: the embedding (V, size) of the symbols; its rows are about 1 long at the start.
        encoder: the blocks, with a norm at their end.
        output: the linear map W_y.
        positions: whether the code of its place is added to each symbol.
    """

    def __init__(
        self,
        symbols: int,
        size: int,
        heads: int,
        layers: int,
        *,
        hidden_size: int | None = None,
        outputs: int | None = None,
        dropout: float = 0.0,
        positions: bool = True,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            symbols: V.
            size: of each position, even and a multiple of heads.
            heads: of every attention.
            layers: blocks.
            hidden_size: of the network for each position; None is 4 size.
            outputs: numbers in an answer; None is V, for the next symbol.
            dropout: the part that is dropped in training, in the blocks and after the sum e_t.
            positions: False leaves the positions out; then only the causal mask tells of order.

        Raises:
            TypeError: a size is not an int.
            ValueError: a size is below 1, size is odd or no multiple of heads, or dropout is not in 0 … 1.
        """
        super().__init__()
        check_sizes(symbols=symbols, size=size, heads=heads, layers=layers)
        if size % 2:
            raise ValueError(f"size must be even, since positions are sines and cosines, got {size}")
        outputs = symbols if outputs is None else outputs
        check_sizes(outputs=outputs)
        self.positions = positions
        self.table = nn.Embedding(symbols, size)
        nn.init.normal_(self.table.weight, std=size**-0.5)
        self.dropout = nn.Dropout(dropout)
        self.encoder = Encoder(size, heads, 4 * size if hidden_size is None else hidden_size, layers, dropout)
        self.output = nn.Linear(size, outputs)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Read symbols and answer after each.

        Args:
            x: (T, B) symbols, whole numbers from 0 to V - 1.

        Returns:
            logits (T, B, outputs), and for every block its weights (B, heads, T, T), zero at what comes later.

        Raises:
            ValueError: x has another number of axes.
        """
        if x.ndim != 2:
            raise ValueError(f"x must be (T, B) symbols, got shape {tuple(x.shape)}")
        size = self.table.embedding_dim
        e = math.sqrt(size) * self.table(x)  # (T, B, size), entries about as large as those of a position
        if self.positions:
            e = e + sinusoidal_positions(len(x), size).to(e)
        h, weights = self.encoder(self.dropout(e), causal_mask(len(x), x.device))
        logits: Tensor = self.output(h)
        return logits, weights
