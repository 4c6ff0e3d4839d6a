"""A network that reads a sequence: one recurrent layer, and a linear map from its states to what a task asks for."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Reader(nn.Module):
    """h_1 … h_T = layer(x_1 … x_T), y_t = h_t W_y + b_y; with direct connections y_t = h_t W_y + x_t W_d + b_y.

    Where the inputs are symbols, a table gives H numbers for each: the same as a matrix times a one-hot vector.

    Attributes:
        table: the embedding of the symbols, or None.
        layer: a ``torch.nn`` RNN, GRU or LSTM with one layer, time first.
        output: the linear map.
        direct: the map W_d from the input to the output, or None.
    """

    def __init__(
        self,
        layer: str,
        input_size: int,
        hidden_size: int,
        output_size: int,
        *,
        symbols: int = 0,
        direct: bool = False,
    ) -> None:
        """Draw all weights as PyTorch does, from its global generator: seed that first.

        Args:
            layer: "rnn" (tanh), "gru" or "lstm".
            input_size: D, the numbers in one input. Passed over if the inputs are symbols.
            hidden_size: H.
            output_size: K.
            symbols: how many symbols there are; 0 if the inputs are numbers.
            direct: whether the input also reaches the output by a way of its own, around the layer.

        Raises:
            ValueError: the layer is another, or a size is not above zero.
        """
        super().__init__()
        if layer not in LAYERS:
            raise ValueError(f"layer must be one of {sorted(LAYERS)}, got {layer!r}")
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "output_size": output_size}
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        self.table = nn.Embedding(symbols, hidden_size) if symbols else None
        if (
            self.table is not None
        ):  # PyTorch's rows are sqrt(H) long; ours begin about as long as a one-hot vector, 1
            nn.init.normal_(self.table.weight, std=hidden_size**-0.5)
        self.layer = LAYERS[layer](hidden_size if symbols else input_size, hidden_size)
        self.output = nn.Linear(hidden_size, output_size)
        self.direct: nn.Module | None = None
        if direct:
            if symbols:
                self.direct = nn.Embedding(symbols, output_size)
                nn.init.normal_(self.direct.weight, std=hidden_size**-0.5)
            else:
                self.direct = nn.Linear(input_size, output_size, bias=False)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Read sequences.

        Args:
            x: (T, B, D) numbers, or (T, B) symbols; sequences that are shorter than T are padded at their end.
            lengths: (B,), the steps of each sequence, or None.

        Returns:
            y (T, B, K) at every step or, with lengths, y (B, K) at the last step of each sequence.
        """
        h = self.states(x)
        if lengths is not None:
            last = lengths - 1, torch.arange(h.shape[1])
            h, x = h[last], x[last]  # (B, H) and (B, D) or (B,)
        y: Tensor = self.output(h)
        return y if self.direct is None else y + self.direct(x)

    def states(self, x: Tensor) -> Tensor:
        """Return h (T, B, H) at every step."""
        inputs = x if self.table is None else self.table(x)
        return cast(Tensor, self.layer(inputs)[0])
