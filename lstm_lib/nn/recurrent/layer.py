"""What all recurrent layers share: the loop over time, the state that is carried, and sequences of several lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

State = Any  # a Tensor (B, H), or a pair of them; for several layers or directions, a list of these
Lengths = Tensor | Sequence[int] | None
TORCH_LAYERS = (nn.RNN, nn.GRU, nn.LSTM)
WHOLE = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


class RecurrentLayer(nn.Module):
    """One layer, one direction: s_1 … s_T = step(x_1, s_0) … step(x_T, s_{T-1}).

    A kind of layer says what a step is. The first part of its state is h, what the layer shows to the outside.

    Attributes:
        input_size: D.
        hidden_size: H.
        output_size: the size of what comes out of a step, H.
        parts: how many tensors (B, H) the state has.
    """

    parts = 1

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Take note of the sizes.

        Raises:
            TypeError, ValueError: a size is not a whole number above zero.
        """
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size

    def new(self, *shape: int) -> nn.Parameter:
        """Return weights between -1/sqrt(H) and 1/sqrt(H), as PyTorch draws them, from its global generator."""
        limit = self.hidden_size**-0.5
        return nn.Parameter(torch.empty(shape).uniform_(-limit, limit))

    def project(self, x: Tensor) -> Tensor:
        """Return what the steps need of x (T, B, D): all products with x are done here, at once."""
        return x

    def step(self, z: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the state after one step, from its part of ``project(x)`` and the state before."""
        raise NotImplementedError

    def forward(
        self, x: Tensor | PackedSequence, state: State = None, lengths: Lengths = None
    ) -> tuple[Any, State]:
        """Run over sequences.

        Args:
            x: (T, B, D), padded at the end where sequences are shorter; or packed, with no lengths.
            state: the state before the first step, (B, H) or, for an LSTM, a pair (h, c) of them; None is zeros.
            lengths: (B,), the steps of each sequence, 1 … T; None if all have T. Where all have T, no mask is made.

        Returns:
            h (T, B, H), zero after a sequence's end, or packed if x is; and the state after the last step of each
            sequence. What stands in the padding changes neither a result nor a gradient.

        Raises:
            TypeError, ValueError: an argument has the wrong type or shape.
        """
        if isinstance(x, PackedSequence):
            return run_packed(self, x, state, lengths)
        lengths = self._check(x, lengths)
        now = self._first(x, state)
        if lengths is None:
            h = []
            for z in self.project(x).unbind():
                now = self.step(z, now)
                h.append(now[0])
            return torch.stack(h), self._told(now)
        inside = inside_of(lengths, x)
        h = []
        for z, there in zip(self.project(clear_padding(x, lengths)).unbind(), inside.unbind(), strict=True):
            after = self.step(z, now)
            h.append(after[0] * there)
            now = tuple(torch.where(there, new, old) for new, old in zip(after, now, strict=True))
        return torch.stack(h), self._told(now)

    def extra_repr(self) -> str:
        """Show the sizes when the layer is printed."""
        return f"{self.input_size}, {self.hidden_size}"

    def _check(self, x: Tensor, lengths: Lengths) -> Tensor | None:
        """Check what goes in, and return the lengths; None where all are T."""
        check_sequences(x, self.input_size)
        weights = next(self.parameters(), x)
        if x.dtype != weights.dtype:
            raise TypeError(f"x must be {weights.dtype}, as the layer's weights are, got {x.dtype}")
        return checked_lengths(lengths, x)

    def _first(self, x: Tensor, state: State) -> tuple[Tensor, ...]:
        """Return the state that was given, or zeros, as a tuple of its parts."""
        shape = (x.shape[1], self.hidden_size)
        if state is None:
            return tuple(x.new_zeros(shape) for _ in range(self.parts))
        return state_parts(state, self.parts, shape, x.dtype)

    def _told(self, state: tuple[Tensor, ...]) -> State:
        return state if self.parts > 1 else state[0]


def run(
    layer: nn.Module, x: Tensor, state: State = None, lengths: Tensor | None = None
) -> tuple[Tensor, State]:
    """Run a layer of this package, or a ``torch.nn`` one with one layer and one direction, in this package's manner.

    PyTorch's layers are packed where there are lengths, and their states are given and returned as (B, H).
    """
    if not isinstance(layer, TORCH_LAYERS):
        h, last = layer(x, state, lengths)
        return h, last
    if state is not None:
        count, shape = 2 if isinstance(layer, nn.LSTM) else 1, (x.shape[1], layer.hidden_size)
        first = tuple(part[None] for part in state_parts(state, count, shape, x.dtype))
        state = first if count == 2 else first[0]
    if lengths is None:
        h, last = layer(x, state)
    else:
        packed = pack_padded_sequence(x, lengths.cpu(), enforce_sorted=False)
        h, last = layer(packed, state)
        h, _ = pad_packed_sequence(h, total_length=len(x))
    return h, tuple(part[0] for part in last) if isinstance(layer, nn.LSTM) else last[0]


def run_packed(
    layer: nn.Module, x: PackedSequence, state: State, lengths: Lengths = None
) -> tuple[PackedSequence, State]:
    """Unpack, run, and pack again in the same order. States are in the order of the batch, as PyTorch has them."""
    if lengths is not None:
        raise ValueError("lengths must be None where x is packed: it has its own")
    padded, steps = pad_packed_sequence(x)
    h, last = layer(padded, state, steps)
    if x.sorted_indices is not None:
        order = x.sorted_indices.cpu()
        h, steps = h[:, x.sorted_indices], steps[order]
    data = pack_padded_sequence(h, steps).data
    return PackedSequence(data, x.batch_sizes, x.sorted_indices, x.unsorted_indices), last


def checked_layer(layer: nn.Module) -> nn.Module:
    """Return the layer if it can be put into another.

    Raises:
        TypeError: it is no recurrent layer.
        ValueError: it is one of PyTorch's with more than one layer or direction, the batch first, or a projection.
    """
    if isinstance(layer, TORCH_LAYERS):
        if layer.num_layers != 1 or layer.bidirectional or layer.batch_first or layer.proj_size:
            raise ValueError(
                f"layer must have one layer, one direction, time first and no projection, got {layer}"
            )
    elif not hasattr(layer, "output_size"):
        raise TypeError(f"layer must be a recurrent layer, got {type(layer).__name__}")
    return layer


def sizes_of(layer: nn.Module) -> tuple[int, int]:
    """Return the sizes of what goes into a layer and of what comes out of it."""
    size = layer.hidden_size if isinstance(layer, TORCH_LAYERS) else layer.output_size
    return int(layer.input_size), int(size)  # type: ignore[arg-type]


def check_sequences(x: Tensor, size: int) -> None:
    """Raise an error if x is not (T, B, size) with T and B above zero."""
    if not isinstance(x, Tensor):
        raise TypeError(f"x must be a tensor (T, B, {size}) or packed, got {type(x).__name__}")
    if x.ndim != 3 or x.shape[2] != size or not x.numel():
        raise ValueError(f"x must have shape (T, B, {size}), got {tuple(x.shape)}")


def checked_lengths(lengths: Lengths, x: Tensor) -> Tensor | None:
    """Return the lengths as a tensor (B,) of whole numbers, if they fit x (T, B, …); None where all are T."""
    if lengths is None:
        return None
    try:
        steps = torch.as_tensor(lengths, device=x.device)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"lengths must be {x.shape[1]} whole numbers, got {lengths!r}") from None
    if steps.dtype not in WHOLE or steps.shape != x.shape[1:2]:
        raise ValueError(f"lengths must be {x.shape[1]} whole numbers, got {steps.tolist()}")
    steps = steps.long()  # a small type cannot hold T
    if not bool(((steps >= 1) & (steps <= len(x))).all()):
        raise ValueError(f"lengths must be from 1 to {len(x)}, got {steps.tolist()}")
    return None if bool((steps == len(x)).all()) else steps


def state_parts(state: State, count: int, shape: tuple[int, ...], dtype: torch.dtype) -> tuple[Tensor, ...]:
    """Return a state as the tuple of its parts, if there are so many, of that shape and type."""
    what = f"{'(h, c), each' if count == 2 else 'h'} {shape}"
    parts = tuple(state) if isinstance(state, tuple | list) else (state,)
    if not all(isinstance(part, Tensor) for part in parts):
        raise TypeError(f"state must be {what}, got {[type(part).__name__ for part in parts]}")
    if [tuple(part.shape) for part in parts] != [shape] * count:
        raise ValueError(f"state must be {what}, got {[tuple(part.shape) for part in parts]}")
    if any(part.dtype != dtype for part in parts):
        raise TypeError(f"state must be {dtype}, as x is, got {[part.dtype for part in parts]}")
    return parts


def inside_of(lengths: Tensor, x: Tensor) -> Tensor:
    """Return a mask (T, B, 1): true up to the end of each sequence of x (T, B, …)."""
    return (torch.arange(len(x), device=x.device)[:, None] < lengths)[:, :, None]


def clear_padding(x: Tensor, lengths: Tensor) -> Tensor:
    """Return x (T, B, D) with zeros after each sequence's end, so that nothing in the padding can reach a gradient."""
    return torch.where(inside_of(lengths, x), x, torch.zeros_like(x))


def check_sizes(**sizes: int) -> None:
    """Raise an error that names the first size that is no whole number above zero."""
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(f"{name} must be a positive int, got {size!r}")
        if size < 1:
            raise ValueError(f"{name} must be a positive int, got {size}")
