"""The Transformer: attention without recurrence. Positions, encoder and decoder blocks, layer normalisation first.

A block adds to its input what attention finds, then what a small network makes of each position by itself:

    x = x + attention(norm(x))
    x = x + feed_forward(norm(x))

Source: Vaswani et al. (2017), "Attention is all you need"; with the norm before each part, as in Xiong et al. (2020),
"On layer normalization in the Transformer architecture", which trains without a long warm-up. Sequences are time first,
(T, B, size).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from lstm_lib.nn.attention import MultiHeadAttention, causal_mask, check_mask_fits, check_tensor
from lstm_lib.nn.recurrent.layer import check_sizes


def sinusoidal_positions(steps: int, size: int) -> Tensor:
    """Return a code for every position, (steps, 1, size), to be added to a sequence (steps, B, size).

    Entry 2k of position t is sin(t / 10000^(2k / size)), and entry 2k + 1 the cosine of the same: clocks, from a
    fast one (a turn in 6 steps) to a slow one (a turn in some 60,000). Source: Vaswani et al. (2017), section 3.5.

    Raises:
        TypeError: steps or size is not an int.
        ValueError: steps or size is not above zero, or size is odd.
    """
    check_sizes(steps=steps, size=size)
    if size % 2:
        raise ValueError(f"size must be even, a sine and a cosine for each clock, got {size}")
    speeds = torch.exp(torch.arange(0, size, 2) * (-math.log(10_000) / size))
    angles = torch.arange(steps)[:, None] * speeds  # (steps, size / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, None]


class FeedForward(nn.Sequential):
    """max(0, x W_1 + b_1) W_2 + b_2, for each position by itself. Source: Vaswani et al. (2017), equation 2."""

    def __init__(self, size: int, hidden_size: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does: size -> hidden_size -> size; dropout acts on the hidden units."""
        check_sizes(size=size, hidden_size=hidden_size)
        super().__init__(
            nn.Linear(size, hidden_size), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden_size, size)
        )


class EncoderBlock(nn.Module):
    """Self-attention, then a network for each position.

    Equal to ``torch.nn.TransformerEncoderLayer`` with ``norm_first=True``.
    """

    def __init__(self, size: int, heads: int, hidden_size: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does.

        Args:
            size: of each position, a multiple of heads.
            heads: of the attention.
            hidden_size: of the network for each position; four times size is usual.
            dropout: the part that is dropped in training: of the weights, of what each part adds, of hidden units.
        """
        super().__init__()
        self.attention_norm, self.attention = nn.LayerNorm(size), MultiHeadAttention(size, heads, dropout)
        self.network_norm, self.network = nn.LayerNorm(size), FeedForward(size, hidden_size, dropout)
        self.dropout = nn.Dropout(dropout)

    @classmethod
    def from_torch(cls, layer: nn.TransformerEncoderLayer) -> EncoderBlock:
        """Return a copy of PyTorch's layer, with its weights.

        Raises:
            TypeError: it is no ``torch.nn.TransformerEncoderLayer``.
            ValueError: its norm does not come first, or its activation is not ReLU.
        """
        _check_kind(layer, nn.TransformerEncoderLayer)
        ours = cls(*_sizes(layer)).to(layer.linear1.weight)
        ours.attention = MultiHeadAttention.from_torch(layer.self_attn)
        _copy_norm(ours.attention_norm, layer.norm1)
        _copy_norm(ours.network_norm, layer.norm2)
        _copy_network(ours.network, layer)
        return ours.train(layer.training)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return x (T, B, size) anew, and the weights (B, heads, T, T).

        Args:
            x: (T, B, size).
            mask: bool, true where a position may look: (B, 1, T), (T, T) or (B, T, T); ``causal_mask(T)`` for a model
                that must not see what comes. None hides nothing.

        Raises:
            TypeError, ValueError: a shape does not fit, or the mask is not bool or leaves nothing to look at.
        """
        _check_sequence("x", x, self.attention_norm)
        normed = self.attention_norm(x)
        found, weights = self.attention(normed, normed, mask)
        x = x + self.dropout(found)
        return x + self.dropout(self.network(self.network_norm(x))), weights


class Decoded(NamedTuple):
    """What a decoder block gives: output (T, B, size), and the weights of both its attentions.

    Attributes:
        output: (T, B, size).
        own: (B, heads, T, T), at the sequence itself; zero at what comes later.
        memory: (B, heads, T, S), at the memory.
    """

    output: Tensor
    own: Tensor
    memory: Tensor


class DecoderBlock(nn.Module):
    """Causal self-attention, then attention to a memory, then a network for each position.

    Equal to ``torch.nn.TransformerDecoderLayer`` with ``norm_first=True`` and a causal mask.
    """

    def __init__(self, size: int, heads: int, hidden_size: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does; the arguments are those of ``EncoderBlock``."""
        super().__init__()
        self.own_norm, self.own_attention = nn.LayerNorm(size), MultiHeadAttention(size, heads, dropout)
        self.memory_norm, self.memory_attention = nn.LayerNorm(size), MultiHeadAttention(size, heads, dropout)
        self.network_norm, self.network = nn.LayerNorm(size), FeedForward(size, hidden_size, dropout)
        self.dropout = nn.Dropout(dropout)

    @classmethod
    def from_torch(cls, layer: nn.TransformerDecoderLayer) -> DecoderBlock:
        """Return a copy of PyTorch's layer, with its weights.

        Raises:
            TypeError: it is no ``torch.nn.TransformerDecoderLayer``.
            ValueError: its norm does not come first, or its activation is not ReLU.
        """
        _check_kind(layer, nn.TransformerDecoderLayer)
        ours = cls(*_sizes(layer)).to(layer.linear1.weight)
        ours.own_attention = MultiHeadAttention.from_torch(layer.self_attn)
        ours.memory_attention = MultiHeadAttention.from_torch(layer.multihead_attn)
        norms = (
            (ours.own_norm, layer.norm1),
            (ours.memory_norm, layer.norm2),
            (ours.network_norm, layer.norm3),
        )
        for norm, theirs in norms:
            _copy_norm(norm, theirs)
        _copy_network(ours.network, layer)
        return ours.train(layer.training)

    def forward(
        self,
        x: Tensor,
        memory: Tensor,
        mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
    ) -> Decoded:
        """Go through the block. No position sees what comes after it, whatever the mask says.

        Args:
            x: (T, B, size), what has been written so far.
            memory: (S, B, size), what the encoder made of the source.
            mask: bool, true where a position may look in x: hides padding, on top of what comes later.
            memory_mask: bool, true where a position may look in the memory, such as ``padding_mask(lengths, S)``.

        Raises:
            TypeError, ValueError: a shape does not fit, or a mask is not bool or leaves nothing to look at.
        """
        _check_sequence("x", x, self.own_norm)
        _check_sequence("memory", memory, self.memory_norm)
        may_look = causal_mask(len(x), x.device)
        if mask is not None:
            may_look = check_mask_fits(mask, x, x) & may_look
        if memory_mask is not None:
            check_mask_fits(memory_mask, x, memory, "memory_mask")
        normed = self.own_norm(x)
        found, own = self.own_attention(normed, normed, may_look)
        x = x + self.dropout(found)
        found, weights = self.memory_attention(self.memory_norm(x), memory, memory_mask)
        x = x + self.dropout(found)
        return Decoded(x + self.dropout(self.network(self.network_norm(x))), own, weights)


class Encoder(nn.Module):
    """A stack of encoder blocks, with a norm at its end, which pre-norm blocks need.

    Equal to ``torch.nn.TransformerEncoder(layer, layers, norm=torch.nn.LayerNorm(size))`` with ``norm_first`` layers.
    """

    def __init__(self, size: int, heads: int, hidden_size: int, layers: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does; the arguments are those of ``EncoderBlock``, and the number of blocks."""
        super().__init__()
        check_sizes(layers=layers)
        self.blocks = nn.ModuleList(EncoderBlock(size, heads, hidden_size, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, list[Tensor]]:
        """Return x (T, B, size) anew, and for every block its weights (B, heads, T, T)."""
        weights = []
        for block in self.blocks:
            x, seen = block(x, mask)
            weights.append(seen)
        return self.norm(x), weights


class Decoder(nn.Module):
    """A stack of decoder blocks, with a norm at its end.

    Equal to ``torch.nn.TransformerDecoder(layer, layers, norm=torch.nn.LayerNorm(size))`` with ``norm_first`` layers.
    """

    def __init__(self, size: int, heads: int, hidden_size: int, layers: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does; the arguments are those of ``EncoderBlock``, and the number of blocks."""
        super().__init__()
        check_sizes(layers=layers)
        self.blocks = nn.ModuleList(DecoderBlock(size, heads, hidden_size, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)

    def forward(
        self,
        x: Tensor,
        memory: Tensor,
        mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor]]:
        """Return x (T, B, size) anew, and for every block its weights at the memory (B, heads, T, S)."""
        weights = []
        for block in self.blocks:
            x, _, seen = block(x, memory, mask, memory_mask)
            weights.append(seen)
        return self.norm(x), weights


def _check_kind(layer: nn.Module, kind: type[nn.Module]) -> None:
    """Raise a TypeError if the layer is not of that kind: another one may have parts of the same names."""
    if not isinstance(layer, kind):
        raise TypeError(f"layer must be a torch.nn.{kind.__name__}, got {type(layer).__name__}")


def _check_sequence(name: str, given: Tensor, norm: nn.LayerNorm) -> None:
    """Raise an error that names the argument if it is no sequence (steps, B, size) of the block's size."""
    check_tensor(name, given)
    size = norm.normalized_shape[0]
    if given.ndim != 3 or not len(given) or given.shape[-1] != size:
        raise ValueError(
            f"{name} must be (steps, B, {size}), at least one step, got shape {tuple(given.shape)}"
        )


def _sizes(layer: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer) -> tuple[int, int, int, float]:
    """Return size, heads, hidden size and dropout of PyTorch's layer, if it is one that ours equals."""
    if not layer.norm_first:
        raise ValueError("layer must have norm_first=True, got norm_first=False")
    if layer.activation not in (torch.nn.functional.relu, torch.relu) and not isinstance(
        layer.activation, nn.ReLU
    ):
        raise ValueError(f"layer must have the activation relu, got {layer.activation}")
    attention = layer.self_attn
    return attention.embed_dim, attention.num_heads, layer.linear1.out_features, float(layer.dropout.p)


def _copy_norm(norm: nn.LayerNorm, theirs: nn.LayerNorm) -> None:
    norm.load_state_dict(theirs.state_dict())
    norm.eps = theirs.eps  # no weight, so no part of the state


def _copy_network(
    network: FeedForward, layer: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer
) -> None:
    network[0].load_state_dict(layer.linear1.state_dict())
    network[3].load_state_dict(layer.linear2.state_dict())
