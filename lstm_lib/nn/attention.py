"""Attention: a query looks at every state of a memory, and takes a weighted mean of what it finds.

    e_ts = score(q_t, m_s)                     how well query t and memory s fit
    a_ts = exp(e_ts) / sum over s' exp(e_ts')  the weights, one row a query, each row adds up to 1
    context_t = sum over s a_ts m_s

Three scores, each a module with the same call: ``AdditiveAttention`` (Bahdanau), ``DotProductAttention`` and
``BilinearAttention`` (Luong). ``MultiHeadAttention`` (Vaswani) does it several times side by side.

Sizes: T queries, S states of the memory, B sequences. Sequences are time first, (T, B, size), as everywhere in the
course; weights are (B, T, S), one matrix a sequence, since that is what is drawn. A mask is bool and true where a query
*may* look, as in ``scaled_dot_product_attention``; PyTorch's older layers take it the other way round.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from lstm_lib.nn.recurrent.layer import check_sizes


class Attended(NamedTuple):
    """What attention gives: context (T, B, size), and weights (B, T, S) or, with many heads, (B, heads, T, S)."""

    context: Tensor
    weights: Tensor


def padding_mask(lengths: Tensor, steps: int) -> Tensor:
    """Return a mask (B, 1, steps) that hides what stands after the end of each sequence.

    What is hidden must be finite all the same: its weight is zero, and zero times NaN is NaN.

    Args:
        lengths: (B,), the steps of each sequence.
        steps: S, the steps of the padded batch.

    Raises:
        TypeError: lengths is no tensor of whole numbers, or steps no int.
        ValueError: steps is below 1, or a length is not from 1 to steps: attention to nothing has no mean.
    """
    check_sizes(steps=steps)
    check_tensor("lengths", lengths)
    if lengths.dtype == torch.bool or lengths.is_floating_point() or lengths.is_complex():
        raise TypeError(
            f"lengths must be whole numbers, a count of steps for each sequence, got {lengths.dtype}"
        )
    if lengths.ndim != 1 or not bool(((lengths >= 1) & (lengths <= steps)).all()):
        raise ValueError(f"lengths must be one row of numbers from 1 to {steps}, got {lengths.tolist()}")
    return (torch.arange(steps, device=lengths.device) < lengths[:, None])[:, None]


def causal_mask(steps: int, device: torch.device | None = None) -> Tensor:
    """Return a mask (steps, steps): query t may look at 0 … t, and not at what comes later.

    Raises:
        TypeError: steps is no int.
        ValueError: steps is below 1.
    """
    check_sizes(steps=steps)
    return torch.ones(steps, steps, dtype=torch.bool, device=device).tril()


def check_mask(mask: Tensor, name: str = "mask") -> Tensor:
    """Return the mask if it is bool.

    Raises:
        TypeError: it is not: a mask of numbers is added to the scores elsewhere, and would mean something else here.
    """
    check_tensor(name, mask)
    if mask.dtype != torch.bool:
        raise TypeError(f"{name} must be bool, true where a query may look, got {mask.dtype}")
    return mask


def check_mask_fits(mask: Tensor, query: Tensor, memory: Tensor, name: str = "mask") -> Tensor:
    """Return the mask if it is bool and fits query (T, B, size) and memory (S, B, size).

    Raises:
        TypeError: it is not bool.
        ValueError: its shape is none of (B, 1, S), (T, S) and (B, T, S).
    """
    (T, B), S = query.shape[:2], len(memory)
    try:
        check_mask(mask, name).expand(B, T, S)
    except RuntimeError:
        raise ValueError(
            f"{name} must be (B, 1, S), (T, S) or (B, T, S), here {(B, 1, S)}, {(T, S)} or {(B, T, S)}, "
            f"got shape {tuple(mask.shape)}"
        ) from None
    return mask


def masked_softmax(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Return weights (…, T, S): softmax over the last axis, exactly 0 where the mask is false.

    Raises:
        TypeError: the mask is not bool.
        ValueError: it does not fit the scores, or it leaves a query nothing to look at.
    """
    if mask is None:
        return scores.softmax(-1)
    try:
        mask = check_mask(mask).expand_as(scores)
    except RuntimeError:
        raise ValueError(
            f"mask must fit scores of shape {tuple(scores.shape)}, got {tuple(mask.shape)}"
        ) from None
    if not bool(mask.any(-1).all()):
        raise ValueError("mask must leave every query something to look at, but a row of it is all false")
    return scores.masked_fill(~mask, -math.inf).softmax(-1)


def weighted_mean(weights: Tensor, values: Tensor) -> Tensor:
    """Return context (T, B, size) from weights (B, T, S) and values (S, B, size)."""
    return (weights @ values.transpose(0, 1)).transpose(0, 1)  # (B, T, size) -> (T, B, size)


class Attention(nn.Module):
    """What the three scores share. A kind of attention says what its keys are, and how it scores them."""

    _way_out = ""  # what an error about sizes adds

    def sizes(self, query_size: int) -> dict[str, int]:
        """Return the last axes that "query", "memory" and "keys" must have, for a query of that size."""
        raise NotImplementedError

    def keys(self, memory: Tensor) -> Tensor:
        """Return what queries are compared with: memory (S, B, M) -> (S, B, size). Once for each memory is enough."""
        return memory

    def scores(self, query: Tensor, keys: Tensor) -> Tensor:
        """Return e (B, T, S) for query (T, B, Q) and keys (S, B, size)."""
        raise NotImplementedError

    def forward(
        self, query: Tensor, memory: Tensor, mask: Tensor | None = None, keys: Tensor | None = None
    ) -> Attended:
        """Look at the memory.

        Args:
            query: (T, B, Q); a decoder that asks one question at a time has T = 1.
            memory: (S, B, M).
            mask: bool, true where a query may look: (B, 1, S), (T, S) or (B, T, S). None hides nothing. A mask (B, S)
                must become ``mask[:, None]``: as it is, it would be read as (T, S) wherever B = T.
            keys: ``self.keys(memory)``, where they are at hand from a step before.

        Returns:
            The context (T, B, M), and the weights (B, T, S).

        Raises:
            TypeError, ValueError: a shape does not fit, or the mask is not bool or leaves nothing to look at.
        """
        _check_sequences(query=query, memory=memory)
        sizes, kind = self.sizes(query.shape[-1]), type(self).__name__
        for name, given in (("query", query), ("memory", memory)):
            if given.shape[-1] != sizes[name]:
                raise ValueError(
                    f"{name} of {kind} must be (…, B, {sizes[name]}), got shape {tuple(given.shape)}{self._way_out}"
                )
        if keys is None:
            keys = self.keys(memory)
        check_tensor("keys", keys)
        if keys.shape != (*memory.shape[:2], sizes["keys"]):
            raise ValueError(
                f"keys of {kind} must be self.keys(memory), {(*memory.shape[:2], sizes['keys'])}, "
                f"got shape {tuple(keys.shape)}"
            )
        weights = masked_softmax(self.scores(query, keys), mask)
        return Attended(weighted_mean(weights, memory), weights)


class AdditiveAttention(Attention):
    """score(q, m) = v · tanh(W q + U m + b): a small network with one hidden layer.

    Source: Bahdanau, Cho and Bengio (2015), "Neural machine translation by jointly learning to align and translate",
    appendix A.1.2.
    """

    def __init__(self, query_size: int, memory_size: int, hidden_size: int) -> None:
        """Draw weights as PyTorch does, from its global generator.

        Args:
            query_size: Q.
            memory_size: M.
            hidden_size: units of the small network.
        """
        super().__init__()
        check_sizes(query_size=query_size, memory_size=memory_size, hidden_size=hidden_size)
        self.W = nn.Linear(query_size, hidden_size)
        self.U = nn.Linear(memory_size, hidden_size, bias=False)
        self.v = nn.Linear(hidden_size, 1, bias=False)

    def sizes(self, query_size: int) -> dict[str, int]:
        """Return the sizes that it was made for."""
        return {"query": self.W.in_features, "memory": self.U.in_features, "keys": self.U.out_features}

    def keys(self, memory: Tensor) -> Tensor:
        """Return U m, (S, B, hidden_size)."""
        keys: Tensor = self.U(memory)
        return keys

    def scores(self, query: Tensor, keys: Tensor) -> Tensor:
        """Return v · tanh(W q + U m + b), (B, T, S). On the way stand T S B hidden_size numbers: its price."""
        pairs = torch.tanh(self.W(query)[:, None] + keys)  # (T, S, B, hidden_size)
        scores: Tensor = self.v(pairs).squeeze(-1)  # (T, S, B)
        return scores.permute(2, 0, 1)


class DotProductAttention(Attention):
    """score(q, m) = q · m, or q · m / sqrt(size) if scaled; query and memory have one size, and nothing is learnt.

    Sources: Luong, Pham and Manning (2015), "Effective approaches to attention-based neural machine translation",
    section 3.1, "dot"; scaled: Vaswani et al. (2017), "Attention is all you need", equation 1.
    """

    _way_out = ": BilinearAttention takes two sizes"

    def __init__(self, scaled: bool = False) -> None:
        """Say whether scores are divided by the root of the size, which keeps them near 1 at the start."""
        super().__init__()
        self.scaled = scaled

    def sizes(self, query_size: int) -> dict[str, int]:
        """Return the query's size for all: nothing stands between the two."""
        return {"query": query_size, "memory": query_size, "keys": query_size}

    def scores(self, query: Tensor, keys: Tensor) -> Tensor:
        """Return q · k, (B, T, S); the keys are the memory itself, or W m."""
        if self.scaled:
            query = query / math.sqrt(query.shape[-1])
        return query.transpose(0, 1) @ keys.permute(1, 2, 0)  # (B, T, size) @ (B, size, S)


class BilinearAttention(DotProductAttention):
    """score(q, m) = q · W m: a dot product after the memory has been mapped to where queries live.

    Source: Luong, Pham and Manning (2015), section 3.1, "general".
    """

    _way_out = ""

    def __init__(self, query_size: int, memory_size: int) -> None:
        """Draw W as PyTorch does, from its global generator."""
        super().__init__()
        check_sizes(query_size=query_size, memory_size=memory_size)
        self.W = nn.Linear(memory_size, query_size, bias=False)

    def sizes(self, query_size: int) -> dict[str, int]:
        """Return the sizes that it was made for."""
        return {"query": self.W.out_features, "memory": self.W.in_features, "keys": self.W.out_features}

    def keys(self, memory: Tensor) -> Tensor:
        """Return W m, (S, B, query_size)."""
        keys: Tensor = self.W(memory)
        return keys


class MultiHeadAttention(nn.Module):
    """Scaled dot-product attention in ``heads`` smaller spaces side by side, whose contexts are then mixed.

        head_k = softmax(Q_k K_k^T / sqrt(size / heads)) V_k,   with Q = q W_q + b_q, K = m W_k + b_k, V = m W_v + b_v
        output = [head_1; … ; head_heads] W_o + b_o

    Source: Vaswani et al. (2017), "Attention is all you need", section 3.2.2. Equal to
    ``torch.nn.MultiheadAttention``, whose masks are true where a query may *not* look.
    """

    def __init__(self, size: int, heads: int, dropout: float = 0.0) -> None:
        """Draw weights as PyTorch does for linear maps, from its global generator.

        Args:
            size: of query, memory and output; a multiple of heads.
            heads: how many.
            dropout: the part of the weights that is dropped in training.

        Raises:
            ValueError: size is no multiple of heads, or dropout is not in 0 … 1.
        """
        super().__init__()
        check_sizes(size=size, heads=heads)
        if size % heads:
            raise ValueError(f"size must be a multiple of heads, got {size} and {heads}")
        self.heads = heads
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(size, size) for _ in range(4))
        self.dropout = nn.Dropout(dropout)

    @classmethod
    def from_torch(cls, layer: nn.MultiheadAttention) -> MultiHeadAttention:
        """Return a copy of PyTorch's layer, with its weights.

        Raises:
            TypeError: it is no ``torch.nn.MultiheadAttention``.
            ValueError: its keys or values have a size of their own, it has no bias, or it adds a key of its own.
        """
        if not isinstance(layer, nn.MultiheadAttention):
            raise TypeError(f"layer must be a torch.nn.MultiheadAttention, got {type(layer).__name__}")
        size = layer.embed_dim
        if layer.in_proj_weight is None:
            raise ValueError(
                f"layer must have one size for query, key and value, got embed_dim={size}, kdim={layer.kdim}, "
                f"vdim={layer.vdim}"
            )
        if layer.in_proj_bias is None:
            raise ValueError("layer must have a bias, got bias=False")
        if layer.bias_k is not None or layer.bias_v is not None:
            raise ValueError("layer must have no key and value of its own, got add_bias_kv=True")
        if layer.add_zero_attn:
            raise ValueError("layer must have no key of zeros, got add_zero_attn=True")
        ours = cls(layer.embed_dim, layer.num_heads, layer.dropout).to(layer.in_proj_weight)
        with torch.no_grad():
            weights, biases = layer.in_proj_weight.chunk(3), layer.in_proj_bias.chunk(3)
            for linear, W, b in zip((ours.W_q, ours.W_k, ours.W_v), weights, biases, strict=True):
                linear.weight.copy_(W)
                linear.bias.copy_(b)
            ours.W_o.load_state_dict(layer.out_proj.state_dict())
        return ours.train(layer.training)

    def forward(self, query: Tensor, memory: Tensor, mask: Tensor | None = None) -> Attended:
        """Look at the memory with every head; self-attention has the memory as its query.

        Args:
            query: (T, B, size).
            memory: (S, B, size).
            mask: bool, true where a query may look: (B, 1, S), (T, S) or (B, T, S). None hides nothing.

        Returns:
            The output (T, B, size), and the weights (B, heads, T, S) before dropout.

        Raises:
            TypeError, ValueError: a shape does not fit, or the mask is not bool or leaves nothing to look at.
        """
        _check_sequences(query=query, memory=memory)
        size = self.W_q.in_features
        for name, given in (("query", query), ("memory", memory)):
            if given.shape[-1] != size:
                raise ValueError(f"{name} must be (…, B, {size}), got shape {tuple(given.shape)}")
        if mask is not None:
            check_mask_fits(mask, query, memory)
        q, k, v = self._split(self.W_q(query)), self._split(self.W_k(memory)), self._split(self.W_v(memory))
        if mask is not None and mask.ndim == 3:
            mask = mask[:, None]  # (B, 1, T or 1, S): the same for all heads
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # (B, heads, T, S)
        weights = masked_softmax(scores, mask)
        heads = self.dropout(weights) @ v  # (B, heads, T, size / heads)
        output: Tensor = self.W_o(heads.permute(2, 0, 1, 3).flatten(2))  # (T, B, size)
        return Attended(output, weights)

    def _split(self, x: Tensor) -> Tensor:
        """Give each head its part: (T, B, size) -> (B, heads, T, size / heads)."""
        T, B, size = x.shape
        return x.view(T, B, self.heads, size // self.heads).permute(1, 2, 0, 3)


def check_dropout(dropout: object) -> None:
    """Raise an error if dropout is no number from 0 to below 1."""
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)):
        raise TypeError(f"dropout must be a number from 0 to below 1, got {dropout!r}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout must be from 0 to below 1, got {dropout}")


def check_tensor(name: str, given: object) -> None:
    """Raise a TypeError that names the argument if it is no tensor."""
    if isinstance(given, np.ndarray):
        raise TypeError(f"{name} must be a torch tensor, got a NumPy array; torch.from_numpy makes one")
    if not isinstance(given, Tensor):
        raise TypeError(f"{name} must be a torch tensor, got {type(given).__name__}")


def _check_sequences(query: Tensor, memory: Tensor) -> None:
    check_tensor("query", query)
    check_tensor("memory", memory)
    if query.ndim != 3 or memory.ndim != 3 or query.shape[1] != memory.shape[1]:
        raise ValueError(
            "query and memory must have shapes (T, B, size) and (S, B, size) with one B, "
            f"got {tuple(query.shape)} and {tuple(memory.shape)}"
        )
