"""A network that answers yes or no at every step: forward, backward, in both directions, or some steps late."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import reverse_within
from lstm_lib.nn.recurrent.layer import WHOLE, checked_lengths, inside_of

WAYS = ("forward", "backward", "both")


class Tagger(nn.Module):
    """A table, an LSTM that reads forward or backward, or one for each direction, and a linear map to one number.

    forward: y_t = →h_{t+k} w + b with a delay of k steps: the answer about step t comes k steps later (Graves and
    Schmidhuber 2005, "Framewise phoneme classification with bidirectional LSTM and other neural network
    architectures").
    backward: y_t = ←h_t w + b. both: y_t = [→h_t; ←h_t] w + b.

    Attributes:
        way: "forward", "backward" or "both".
        delay: k.
        table: the embedding (V, E).
        forward_layer, backward_layer: ``torch.nn.LSTM``, or None where there is no such direction. Every forget gate
            begins with bias 1.
        output: the linear map.
    """

    def __init__(
        self, way: str, symbols: int, embedding_size: int, hidden_size: int, *, delay: int = 0
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            way: "forward", "backward" or "both".
            symbols: V. The last symbol, V - 1, is what a delayed tagger reads after the end.
            embedding_size: E.
            hidden_size: H of each direction.
            delay: k; above 0 for "forward" only.

        Raises:
            TypeError: a number is no int.
            ValueError: there is no such way, a number is too small, or another way than "forward" has a delay.
        """
        super().__init__()
        if way not in WAYS:
            raise ValueError(f"way must be one of {list(WAYS)}, got {way!r}")
        sizes = {"symbols": symbols, "embedding_size": embedding_size, "hidden_size": hidden_size}
        for name, value in (sizes | {"delay": delay}).items():
            least = 0 if name == "delay" else 1
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{name} must be an int, at least {least}, got {value!r}")
            if value < least:
                raise ValueError(f"{name} must be at least {least}, got {value}")
        if delay and way != "forward":
            raise ValueError(f"delay must be 0 for the way {way!r}, got {delay}")
        self.way, self.delay = way, delay
        self.table = nn.Embedding(symbols, embedding_size)
        layers = [nn.LSTM(embedding_size, hidden_size) for _ in range(2 if way == "both" else 1)]
        for layer in layers:
            forget_bias_(layer, 1.0)
        self.forward_layer = None if way == "backward" else layers[0]
        self.backward_layer = None if way == "forward" else layers[-1]
        self.output = nn.Linear(hidden_size * len(layers), 1)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Read symbols; return the numbers y (T, B) before σ. What is returned for the padding means nothing.

        Args:
            x: (T, B) symbols from 0 to V - 1, whole numbers.
            lengths: (B,), the steps of each sequence, or None if all have T. What stands in x after the end of a
                sequence is never read: V - 1 is read in its place.

        Raises:
            TypeError: x is no tensor of whole numbers, or lengths are no numbers.
            ValueError: x has another number of axes or other symbols, or lengths do not fit.
        """
        if not isinstance(x, Tensor) or x.dtype not in WHOLE:
            what = x.dtype if isinstance(x, Tensor) else type(x).__name__
            raise TypeError(f"x must be a tensor (T, B) of symbols, whole numbers, got {what}")
        if x.ndim != 2 or not x.numel():
            raise ValueError(f"x must be (T, B) symbols, at least one, got shape {tuple(x.shape)}")
        x, last = x.long(), self.table.num_embeddings - 1
        if lengths is not None:
            lengths = checked_lengths(lengths, x)
        if (
            lengths is not None
        ):  # a delayed tagger reads on after the end, and so must find the same there always
            x = torch.where(inside_of(lengths, x)[..., 0], x, last)
        if not 0 <= int(x.min()) <= int(x.max()) <= last:
            raise ValueError(f"x must hold symbols from 0 to {last}, got {int(x.min())} to {int(x.max())}")
        e = self.table(torch.cat([x, x.new_full((self.delay, x.shape[1]), last)]))  # (T + k, B, E)
        states = []
        if self.forward_layer is not None:
            states.append(self.forward_layer(e)[0][self.delay :])
        if self.backward_layer is not None:
            # Reversed within the lengths, a padding comes last, where it can disturb nothing that is asked for. Packing
            # would do the same and, on a CPU, take about three times as long.
            from_end, _ = self.backward_layer(reverse_within(e, lengths))
            states.append(reverse_within(from_end, lengths))
        return cast(Tensor, self.output(torch.cat(states, dim=-1)))[..., 0]  # (T, B)
