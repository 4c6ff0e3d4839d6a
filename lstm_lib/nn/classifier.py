"""Networks that read a whole text and name its class: by the last state, or by attention and maxima over all states."""

from __future__ import annotations

import math
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import reverse_within
from lstm_lib.nn.recurrent.layer import WHOLE, checked_lengths, inside_of

POOLINGS = ("last", "attention")


class Read(NamedTuple):
    """What a text has become: class scores (B, C) before softmax, and looks (B, T), the weights of the words."""

    scores: Tensor
    looks: Tensor


class Classifier(nn.Module):
    """A table, an LSTM in one direction or in both, a pooling over its states, and a linear map to C scores.

    last: the state after the last word (lesson 01's many-to-one). attention: both directions; the states h_t are
    weighted by a_t = softmax_t(v · tanh(W h_t + b)) and added up, and beside this sum stands, for each unit, its
    maximum over the text. Source of the weights: Bahdanau et al. (2015), with a query that is learnt once for all; of
    the maximum: Conneau et al. (2017), "Supervised learning of universal sentence representations", section 3.

    Attributes:
        pooling: "last" or "attention".
        table: the embedding (V, E). Number 0 is the padding.
        forward_layer, backward_layer: ``torch.nn.LSTM``; with "last" there is no backward one. Every forget gate begins
            with bias 1.
        query: v, and key: W, b; None with "last".
        output: the linear map.
    """

    def __init__(
        self,
        words: int,
        embedding_size: int,
        hidden_size: int,
        classes: int = 2,
        *,
        pooling: str = "attention",
        word_dropout: float = 0.0,
        embedding_dropout: float = 0.0,
        dropout: float = 0.0,
        vectors: Tensor | None = None,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            words: V. Number 0 is the padding, 1 the unknown word.
            embedding_size: E.
            hidden_size: H of each direction.
            classes: C, 2 or more.
            pooling: "last" or "attention".
            word_dropout: the part of the words that are read as unknown, in training.
            embedding_dropout: the part of the numbers of a word that are set to 0, in training.
            dropout: the same for what goes into the linear map.
            vectors: (V, E), the first values of the table; None draws them.

        Raises:
            TypeError: a number is no int.
            ValueError: there is no such pooling, a number is too small, a dropout is not from 0 to below 1, or vectors
                have another shape.
        """
        super().__init__()
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {list(POOLINGS)}, got {pooling!r}")
        sizes = {
            "words": words,
            "embedding_size": embedding_size,
            "hidden_size": hidden_size,
            "classes": classes,
        }
        for name, size in sizes.items():
            least = 2 if name in ("words", "classes") else 1
            if isinstance(size, bool) or not isinstance(size, int):
                raise TypeError(f"{name} must be an int, at least {least}, got {size!r}")
            if size < least:
                raise ValueError(f"{name} must be at least {least}, got {size}")
        parts = {"word_dropout": word_dropout, "embedding_dropout": embedding_dropout, "dropout": dropout}
        for name, part in parts.items():
            if not 0 <= part < 1:
                raise ValueError(f"{name} must be from 0 to below 1, got {part}")
        if vectors is not None and tuple(vectors.shape) != (words, embedding_size):
            raise ValueError(f"vectors must be ({words}, {embedding_size}), got shape {tuple(vectors.shape)}")
        self.pooling, self.word_dropout = pooling, float(word_dropout)
        self.table = nn.Embedding(words, embedding_size, padding_idx=0)
        if vectors is not None:
            self.table.weight.detach().copy_(vectors)
        both = pooling == "attention"
        self.forward_layer = nn.LSTM(embedding_size, hidden_size)
        self.backward_layer = nn.LSTM(embedding_size, hidden_size) if both else None
        for layer in filter(None, (self.forward_layer, self.backward_layer)):
            forget_bias_(layer, 1.0)
        self.key = nn.Linear(2 * hidden_size, hidden_size) if both else None
        self.query = nn.Linear(hidden_size, 1, bias=False) if both else None
        self.embedding_dropout, self.dropout = nn.Dropout(embedding_dropout), nn.Dropout(dropout)
        self.output = nn.Linear(4 * hidden_size if both else hidden_size, classes)

    def read(self, x: Tensor, lengths: Tensor | None = None) -> Read:
        """Read texts; return their scores and how much each word was looked at.

        With "last", the looks are 1 at the last word. What stands in x after the end of a text changes nothing.

        Args:
            x: (T, B) words, whole numbers from 0 to V - 1.
            lengths: (B,), the words of each text, or None if all have T.

        Raises:
            TypeError: x is no tensor of whole numbers, or lengths are no numbers.
            ValueError: x has another number of axes or other words, or lengths do not fit; a text of no words has no
                class.
        """
        x, lengths = self._checked(x, lengths)
        if self.training and self.word_dropout:
            gone = torch.rand(x.shape, device=x.device) < self.word_dropout
            x = x.masked_fill(gone, 1)
        e = self.embedding_dropout(self.table(x))  # (T, B, E)
        h, _ = self.forward_layer(e)  # (T, B, H)
        if self.backward_layer is None:
            looks = nn.functional.one_hot(lengths - 1, len(x)).to(h)
            pooled = h[lengths - 1, torch.arange(h.shape[1], device=h.device)]
        else:
            from_end, _ = self.backward_layer(reverse_within(e, lengths))
            h = torch.cat([h, reverse_within(from_end, lengths)], dim=-1)  # (T, B, 2H)
            pooled, looks = self._pool(h, inside_of(lengths, x))
        return Read(self.output(self.dropout(pooled)), looks)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return the scores (B, C) of ``read``."""
        return self.read(x, lengths).scores

    def _pool(self, h: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
        """Return pooled (B, 4H) and looks (B, T) from states (T, B, 2H); inside (T, B, 1) is false in the padding."""
        assert self.key is not None
        assert self.query is not None
        marks = self.query(torch.tanh(self.key(h)))  # (T, B, 1)
        weights = marks.masked_fill(~inside, -math.inf).softmax(dim=0)
        mean = (weights * h).sum(dim=0)
        top = h.masked_fill(~inside, -math.inf).amax(dim=0)
        return torch.cat([mean, top], dim=-1), cast(Tensor, weights)[..., 0].T

    def _checked(self, x: Tensor, lengths: Tensor | None) -> tuple[Tensor, Tensor]:
        if not isinstance(x, Tensor) or x.dtype not in WHOLE:
            what = x.dtype if isinstance(x, Tensor) else type(x).__name__
            raise TypeError(f"x must be a tensor (T, B) of words, whole numbers, got {what}")
        if x.ndim != 2 or not x.numel():
            raise ValueError(
                f"x must be (T, B) words, at least one: an empty text has no class, got {tuple(x.shape)}"
            )
        last = self.table.num_embeddings - 1
        checked = checked_lengths(lengths, x)  # None where all have T
        lengths = x.new_full(x.shape[1:], len(x), dtype=torch.long) if checked is None else checked
        x = torch.where(inside_of(lengths, x)[..., 0], x.long(), 0)
        if not 0 <= int(x.min()) <= int(x.max()) <= last:
            raise ValueError(f"x must hold words from 0 to {last}, got {int(x.min())} to {int(x.max())}")
        return x, lengths
