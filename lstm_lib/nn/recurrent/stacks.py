"""Layers put together: two directions side by side, and layers one above the other."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from lstm_lib.nn.recurrent.gru import GRU
from lstm_lib.nn.recurrent.layer import (
    Lengths,
    State,
    check_sequences,
    checked_layer,
    checked_lengths,
    clear_padding,
    run,
    run_packed,
    sizes_of,
)
from lstm_lib.nn.recurrent.lstm import LSTM


def reverse_within(x: Tensor, lengths: Lengths = None) -> Tensor:
    """Return x (T, B, …) with every sequence the other way round; its padding stays at the end.

    Args:
        x: (T, B, …).
        lengths: (B,), the steps of each sequence, 1 … T; None if all have T.

    Raises:
        TypeError: x is no tensor, or the lengths are no numbers.
        ValueError: x has fewer than two axes, or the lengths do not fit it.
    """
    if not isinstance(x, Tensor):
        raise TypeError(f"x must be a tensor (T, B, …), got {type(x).__name__}")
    if x.ndim < 2:
        raise ValueError(f"x must have shape (T, B, …), got {tuple(x.shape)}")
    lengths = checked_lengths(lengths, x)
    if lengths is None:
        return x.flip(0)
    steps = torch.arange(len(x), device=x.device)[:, None]  # (T, 1)
    source = torch.where(steps < lengths, lengths - 1 - steps, steps)  # (T, B)
    return x[source, torch.arange(x.shape[1], device=x.device)]


class Bidirectional(nn.Module):
    """Two layers read each sequence, one from either end; a step shows both: [→h_t; ←h_t].

    The second layer begins with the last step of each sequence, never with its padding. Equal to
    ``torch.nn.LSTM(bidirectional=True)``. Source: Schuster and Paliwal (1997), "Bidirectional recurrent neural
    networks".

    Attributes:
        forward_layer: reads from the first step to the last.
        backward_layer: reads from the last step to the first.
        input_size: D.
        output_size: the sum of both hidden sizes.
    """

    def __init__(self, forward_layer: nn.Module, backward_layer: nn.Module) -> None:
        """Take two layers: of this package, or of ``torch.nn`` with one layer and one direction.

        Raises:
            TypeError, ValueError: they cannot be put together.
        """
        super().__init__()
        self.forward_layer, self.backward_layer = checked_layer(forward_layer), checked_layer(backward_layer)
        (self.input_size, one), (other_input, other) = sizes_of(forward_layer), sizes_of(backward_layer)
        if self.input_size != other_input:
            raise ValueError(f"both layers must take one input size, got {self.input_size} and {other_input}")
        if forward_layer is backward_layer:
            raise ValueError("forward_layer and backward_layer must be two layers, got one twice")
        self.output_size = one + other

    @classmethod
    def from_torch(cls, layer: nn.LSTM | nn.GRU, suffix: str = "l0") -> Bidirectional:
        """Return a copy of one layer of PyTorch's LSTM or GRU with two directions.

        Raises:
            TypeError: it is neither.
            ValueError: it has one direction, no bias, the batch first, or a projection.
        """
        kind = kind_of(layer)
        if not layer.bidirectional:
            raise ValueError("layer must be bidirectional")
        pair = (kind.from_torch(layer, end) for end in (suffix, f"{suffix}_reverse"))
        return cls(*pair)

    def forward(
        self, x: Tensor | PackedSequence, state: State = None, lengths: Lengths = None
    ) -> tuple[Any, State]:
        """Run over sequences.

        Args:
            x: (T, B, D), padded at the end; or packed, with no lengths.
            state: the two layers' states, [forward, backward]; None is zeros. The backward layer's comes before the
                *last* step.
            lengths: (B,), the steps of each sequence, 1 … T; None if all have T.

        Returns:
            h (T, B, 2H), zero after a sequence's end, or packed if x is; and [forward, backward], the states after
            each layer's last step: for the backward layer that is step 1 of the sequence.

        Raises:
            TypeError, ValueError: an argument has the wrong type or shape.
        """
        if isinstance(x, PackedSequence):
            return run_packed(self, x, state, lengths)
        check_sequences(x, self.input_size)
        lengths = checked_lengths(lengths, x)
        ahead, back = _checked_states(state, 2)
        h, ahead = run(self.forward_layer, x, ahead, lengths)
        reversed_h, back = run(self.backward_layer, reverse_within(x, lengths), back, lengths)
        return torch.cat([h, reverse_within(reversed_h, lengths)], dim=2), [ahead, back]


class Stacked(nn.Module):
    """Layers one above the other: each reads what the one below shows, step by step.

        h^l = layer_l(dropout(h^{l-1}))              with h^0 = x; nothing is dropped from x
        h^l = layer_l(dropout(h^{l-1})) + h^{l-1}    residual

    Equal to ``torch.nn.LSTM(num_layers=…)``. Sources: Graves (2013), section 2; dropout between layers and never from
    step to step, Zaremba et al. (2014), "Recurrent neural network regularization"; residual connections, Wu et al.
    (2016), "Google's neural machine translation system", section 3.1.

    Attributes:
        layers: from the lowest to the highest.
        input_size: D of the lowest.
        output_size: of the highest.
    """

    def __init__(self, layers: Iterable[nn.Module], dropout: float = 0.0, residual: bool = False) -> None:
        """Take layers: of this package, ``Bidirectional`` ones, or of ``torch.nn`` with one layer and one direction.

        Args:
            layers: from the lowest to the highest, each another one.
            dropout: the part p of each layer's output that is dropped on its way to the next, in training; what stays
                is divided by 1 - p. With p = 1 nothing stays: the next layer reads zeros, as in ``torch.nn.Dropout``.
            residual: whether each layer's input is added to its output. The lowest layer, if it changes the size,
                goes without.

        Raises:
            TypeError: layers is no list of recurrent layers, dropout no number, or residual not True or False.
            ValueError: there is no layer, or one twice, the sizes do not fit, or dropout is not in 0 … 1.
        """
        super().__init__()
        if not isinstance(layers, Iterable):
            raise TypeError(f"layers must be a list of recurrent layers, got {type(layers).__name__}")
        layers = list(layers)
        if not layers:
            raise ValueError("layers must hold at least one layer, got none")
        self.layers = nn.ModuleList(checked_layer(layer) for layer in layers)
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError(f"layers must be {len(layers)} different layers, got one of them twice")
        sizes = [sizes_of(layer) for layer in layers]
        for k in range(1, len(sizes)):
            below, above = sizes[k - 1][1], sizes[k]
            if above[0] != below:
                raise ValueError(
                    f"layer {k} must take {below} numbers, as many as come from below, got {above[0]}"
                )
            if residual and above[0] != above[1]:
                raise ValueError(
                    f"with residual, layer {k} must give {above[0]} numbers, as it takes, got {above[1]}"
                )
        self.input_size, self.output_size = sizes[0][0], sizes[-1][1]
        _check_settings(dropout, residual)
        if not 0 <= dropout <= 1:
            raise ValueError(f"dropout must be from 0 to 1, got {dropout}")
        self.dropout = nn.Dropout(dropout)
        self.residual = residual

    @classmethod
    def from_torch(cls, net: nn.LSTM | nn.GRU) -> Stacked:
        """Return a copy of PyTorch's LSTM or GRU with all its layers, directions, and its dropout.

        Raises:
            TypeError: it is neither.
            ValueError: it has no bias, the batch first, or a projection.
        """
        kind = kind_of(net)
        if net.bidirectional:
            kind = Bidirectional
        layers = [kind.from_torch(net, f"l{k}") for k in range(net.num_layers)]
        return cls(layers, net.dropout).train(net.training)

    def forward(
        self, x: Tensor | PackedSequence, state: State = None, lengths: Lengths = None
    ) -> tuple[Any, State]:
        """Run over sequences.

        Args:
            x: (T, B, D), padded at the end; or packed, with no lengths.
            state: a list of the layers' states, lowest first; None is zeros.
            lengths: (B,), the steps of each sequence, 1 … T; None if all have T.

        Returns:
            h of the highest layer (T, B, H), zero after a sequence's end, or packed if x is; and the list of the
            layers' last states.

        Raises:
            TypeError, ValueError: an argument has the wrong type or shape.
        """
        if isinstance(x, PackedSequence):
            return run_packed(self, x, state, lengths)
        check_sequences(x, self.input_size)
        lengths = checked_lengths(lengths, x)
        h, last = x if lengths is None else clear_padding(x, lengths), []
        for k, (layer, before) in enumerate(
            zip(self.layers, _checked_states(state, len(self.layers)), strict=True)
        ):
            out, after = run(layer, self.dropout(h) if k else h, before, lengths)
            h = out + h if self.residual and out.shape == h.shape else out
            last.append(after)
        return h, last


def kind_of(layer: nn.LSTM | nn.GRU) -> Any:
    """Return our class for a layer of PyTorch's: ``LSTM`` or ``GRU``.

    Raises:
        TypeError: there is none.
    """
    if not isinstance(layer, nn.LSTM | nn.GRU):
        raise TypeError(f"layer must be a torch.nn.LSTM or torch.nn.GRU, got {type(layer).__name__}")
    return LSTM if isinstance(layer, nn.LSTM) else GRU


def _check_settings(dropout: Any, residual: Any) -> None:
    if isinstance(dropout, bool) or not isinstance(dropout, Real):
        raise TypeError(f"dropout must be a number from 0 to 1, got {dropout!r}")
    if not isinstance(residual, bool):
        raise TypeError(f"residual must be True or False, got {residual!r}")


def _checked_states(state: State, count: int) -> list[State]:
    if state is None:
        return [None] * count
    if isinstance(state, tuple) and all(isinstance(part, Tensor) and part.ndim == 3 for part in state):
        raise ValueError(
            f"state must be a list of {count} states, one for each layer, got PyTorch's tuple of tensors "
            f"{tuple(state[0].shape)}: list(zip(h, c)) makes such a list of (h, c)"
        )
    if not isinstance(state, tuple | list) or len(state) != count:
        raise ValueError(
            f"state must be a list of {count} states, one for each layer, got {type(state).__name__}"
        )
    return list(state)
