"""A network that guesses the next symbol of a text: a table, a stack of LSTM layers, and a linear map."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import dropout

from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import Stacked

State = Any  # what ``Stacked`` hands on: a list with the state (h, c) of each layer


class LanguageModel(nn.Module):
    """e_t = table[x_t], h_t = stack(e_1 … e_t), logits_t = h_t W_y + b_y: what comes after x_t, before softmax.

    Dropout stands between the layers and before W_y, never on the way from one step to the next (Zaremba et al. 2014,
    "Recurrent neural network regularization").

    Attributes:
        table: the embedding (V, E) of the symbols.
        stack: the layers, each a ``torch.nn.LSTM``; every forget gate begins with bias 1 (Jozefowicz et al. 2015).
        output: the linear map W_y. In a tied model its weight is the table.
        dropout: the part p of the numbers that is set to zero while training.
    """

    def __init__(
        self,
        symbols: int,
        embedding_size: int,
        hidden_size: int,
        layers: int = 1,
        *,
        dropout: float = 0.0,
        residual: bool = False,
        tied: bool = False,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            symbols: V.
            embedding_size: E, the numbers that stand for a symbol.
            hidden_size: H of every layer.
            layers: L.
            dropout: p, from 0 to below 1.
            residual: whether a layer's input is added to its output, from the first layer on whose sizes are equal
                (Wu et al. 2016, "Google's neural machine translation system").
            tied: whether the table serves as W_y, too; needs E = H (Press and Wolf 2017, "Using the output embedding
                to improve language models").

        Raises:
            TypeError: a size is not an int.
            ValueError: a size is below 1, dropout is not from 0 to below 1, or a tied model has E other than H.
        """
        super().__init__()
        sizes = {"symbols": symbols, "embedding_size": embedding_size, "hidden_size": hidden_size}
        for name, size in (sizes | {"layers": layers}).items():
            if isinstance(size, bool) or not isinstance(size, int):
                raise TypeError(f"{name} must be a positive int, got {size!r}")
            if size < 1:
                raise ValueError(f"{name} must be a positive int, got {size}")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be from 0 to below 1, got {dropout}")
        if tied and embedding_size != hidden_size:
            raise ValueError(
                f"a tied model needs embedding_size equal to hidden_size, got {embedding_size} and {hidden_size}"
            )
        self.dropout = dropout
        self.table = nn.Embedding(symbols, embedding_size)
        lstms = [nn.LSTM(hidden_size if k else embedding_size, hidden_size) for k in range(layers)]
        for lstm in lstms:
            forget_bias_(lstm, 1.0)
        self.stack = Stacked(lstms, dropout=dropout, residual=residual)
        self.output = nn.Linear(hidden_size, symbols)
        if tied:  # rows about 1 long: as an output, PyTorch's longer rows would begin with loud guesses
            nn.init.normal_(self.table.weight, std=embedding_size**-0.5)
            self.output.weight = self.table.weight

    def forward(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read symbols and guess the next one after each.

        Args:
            x: (T, B) symbols, whole numbers from 0 to V - 1.
            state: what an earlier call returned, to go on from there; None begins anew.

        Returns:
            logits (T, B, V), and the state after the last step.

        Raises:
            ValueError: x has another number of axes.
        """
        if x.ndim != 2:
            raise ValueError(f"x must be (T, B) symbols, got shape {tuple(x.shape)}")
        h, state = self.stack(self.table(x), state)  # (T, B, H)
        logits: Tensor = self.output(dropout(h, self.dropout, self.training))
        return logits, state
