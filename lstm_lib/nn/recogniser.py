"""Networks that listen: BiLSTM layers over features, with letters at every step (CTC) or one answer at the end."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import ctc_loss

from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import reverse_within
from lstm_lib.nn.recurrent.layer import (
    check_sequences,
    check_sizes,
    checked_lengths,
    clear_padding,
    inside_of,
)

BLANK = 0


class BothWays(nn.Module):
    """Layers of two LSTMs each, one from either end: h_t = [→h_t; ←h_t], the input of the next layer (lesson 07).

    Attributes:
        layers: for each layer the LSTM that reads forward and the one that reads backward. Forget gates begin with
            bias 1.
        output_size: 2 H.
    """

    def __init__(self, input_size: int, hidden_size: int, layers: int = 1) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Raises:
            TypeError, ValueError: a size is no whole number above zero.
        """
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size, layers=layers)
        self.input_size, self.output_size = input_size, 2 * hidden_size
        self.layers = nn.ModuleList()
        for k in range(layers):
            size = 2 * hidden_size if k else input_size
            pair = nn.ModuleList([nn.LSTM(size, hidden_size), nn.LSTM(size, hidden_size)])
            for layer in pair:
                forget_bias_(cast(nn.LSTM, layer), 1.0)
            self.layers.append(pair)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return the states (T, B, 2H) of the last layer. What is returned for the padding means nothing.

        Args:
            x: (T, B, D), padded at the end.
            lengths: (B,), the steps of each sequence; None if all have T.

        Raises:
            TypeError, ValueError: x is not (T, B, D), or the lengths do not fit.
        """
        check_sequences(x, self.input_size)
        steps = checked_lengths(lengths, x)
        h = x if steps is None else clear_padding(x, steps)
        for pair in self.layers:
            ahead, back = cast(nn.ModuleList, pair)
            # Reversed within the lengths, the padding comes last: packing would do the same, and take longer.
            h = torch.cat([ahead(h)[0], reverse_within(back(reverse_within(h, steps))[0], steps)], dim=2)
        return h


class Recogniser(nn.Module):
    """BiLSTM layers and a linear map: at every step the logarithms of the probabilities of K symbols, 0 is the blank.

    Source: Graves, Fernández, Gomez and Schmidhuber (2006), *Connectionist temporal classification*, ICML.

    Attributes:
        reader: the BiLSTM layers.
        output: the linear map, from 2 H to K.
    """

    def __init__(self, input_size: int, hidden_size: int, symbols: int, layers: int = 1) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            input_size: D.
            hidden_size: H of each direction.
            symbols: K, with the blank.
            layers: so many BiLSTMs, one above the other.

        Raises:
            TypeError, ValueError: a size is no whole number above zero.
        """
        super().__init__()
        check_sizes(symbols=symbols)
        self.reader = BothWays(input_size, hidden_size, layers)
        self.output = nn.Linear(self.reader.output_size, symbols)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return log probabilities (T, B, K) for features (T, B, D), padded at the end, of these lengths (B,).

        Raises:
            TypeError, ValueError: x is not (T, B, D), or the lengths do not fit.
        """
        return cast(Tensor, self.output(self.reader(x, lengths))).log_softmax(dim=-1)


def recogniser_loss(log_p: Tensor, lengths: Tensor, labels: Tensor, counts: Tensor) -> Tensor:
    """Return the CTC loss of a batch: the mean over its sequences of the loss a label.

    Args:
        log_p: (T, B, K).
        lengths: (B,), steps of each sequence.
        labels: (all labels,), one sequence after the other, without blanks.
        counts: (B,), labels of each.

    Raises:
        ValueError: a sequence has fewer steps than its labels need, so that no path gives them: the loss would be
            infinite.
    """
    at = 0
    for number, (steps, count) in enumerate(zip(lengths.tolist(), counts.tolist(), strict=True)):
        own = labels[at : at + count]
        at += count
        needed = count + int((own[1:] == own[:-1]).sum())
        if needed > steps:
            raise ValueError(f"sequence {number} has {steps} steps, and its {count} labels need {needed}")
    return ctc_loss(log_p, labels, lengths, counts, blank=BLANK)


class SpeakerNet(nn.Module):
    """A BiLSTM over frames, the mean of its states over time, and a linear map to one score for each speaker.

    Attributes:
        reader: the BiLSTM.
        dropout: of the mean.
        output: the linear map, from 2 H to C.
    """

    def __init__(self, input_size: int, hidden_size: int, speakers: int, dropout: float = 0.0) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Raises:
            TypeError, ValueError: a size is no whole number above zero, or dropout is not from 0 to 1.
        """
        super().__init__()
        check_sizes(speakers=speakers)
        self.reader = BothWays(input_size, hidden_size)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(self.reader.output_size, speakers)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Return scores (B, C) for frames (T, B, D), padded at the end, of these lengths (B,).

        Raises:
            TypeError, ValueError: x is not (T, B, D), or the lengths do not fit.
        """
        h = self.reader(x, lengths)
        mean = torch.where(inside_of(lengths, h), h, 0).sum(dim=0) / lengths[:, None]  # (B, 2H)
        return cast(Tensor, self.output(self.dropout(mean)))
