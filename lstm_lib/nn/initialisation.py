"""First values for the biases of gated layers: how long a memory lasts before anything is learnt."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn


def biases(layer: nn.LSTM | nn.GRU) -> dict[str, Tensor]:
    """Return the biases of a one-layer LSTM (i, f, g, o) or GRU (r, z, n), each (H,), by gate, as copies.

    PyTorch keeps two biases that are added up (for all but the n of a GRU); what is returned is their sum.

    Raises:
        TypeError: the layer is neither.
        ValueError: it has more than one layer, a second direction, or no bias.
    """
    names = _gates(layer)
    total = layer.get_parameter("bias_ih_l0").detach() + layer.get_parameter("bias_hh_l0").detach()
    return dict(zip(names, total.chunk(len(names)), strict=True))


def _gates(layer: nn.LSTM | nn.GRU) -> str:
    if not isinstance(layer, nn.LSTM | nn.GRU):
        raise TypeError(f"layer must be a torch.nn.LSTM or torch.nn.GRU, got {type(layer).__name__}")
    if layer.num_layers != 1 or layer.bidirectional or not layer.bias:
        raise ValueError("layer must have one layer, one direction and a bias")
    return "ifgo" if isinstance(layer, nn.LSTM) else "rzn"


def _first_biases(layer: nn.LSTM | nn.GRU) -> dict[str, Tensor]:
    """Return views of the first bias by gate, to be set, after the second one has been set to zero."""
    names = _gates(layer)
    layer.get_parameter("bias_hh_l0").detach().zero_()
    return dict(zip(names, layer.get_parameter("bias_ih_l0").detach().chunk(len(names)), strict=True))


def forget_bias_(layer: nn.LSTM, value: float) -> None:
    """Set the bias of every forget gate to one value (Gers et al. 2000; Jozefowicz et al. 2015 advise 1), in place.

    The other gates keep the first of PyTorch's two biases; the second is set to zero.
    """
    if not isinstance(layer, nn.LSTM):
        raise TypeError(f"layer must be a torch.nn.LSTM, got {type(layer).__name__}")
    _first_biases(layer)["f"].fill_(value)


def chrono_(
    layer: nn.LSTM | nn.GRU,
    longest: int,
    generator: torch.Generator,
    *,
    forget: bool = True,
    shut_input: bool = True,
) -> None:
    """Draw the biases of the gates so that units remember over times from 1 to ``longest`` steps, in place.

    LSTM: b_f = log u with u evenly from 1 to longest - 1, and b_i = -b_f. A forget gate of bias b_f, with nothing else
    coming in, keeps for about u steps: 1 / (1 - σ(log u)) = u + 1. GRU: the update gate z, which keeps the state in
    PyTorch's convention, takes the place of f, and there is no second gate to shut. The other gates keep the first of
    PyTorch's two biases; the second is set to zero. Source: Tallec and Ollivier (2018),
    "Can recurrent neural networks warp time?", equation 16.

    Args:
        layer: one layer, one direction.
        longest: the longest lag that is expected, in steps, at least 3.
        generator: where u comes from.
        forget: set the forget gate's bias; False is for an experiment that leaves it as it was.
        shut_input: set the input gate's bias to -log u; False is for an experiment that leaves it as it was.

    Raises:
        TypeError: the layer is neither an LSTM nor a GRU, or longest is no whole number.
        ValueError: longest is below 3, or the layer has more than one layer, a second direction, or no bias.
    """
    if isinstance(longest, bool) or not isinstance(longest, int | np.integer):
        raise TypeError(f"longest must be a whole number of steps, at least 3, got {longest!r}")
    if longest < 3:
        raise ValueError(f"longest must be at least 3 steps, got {longest}")
    gates = _first_biases(layer)
    keep, write = ("f", "i") if isinstance(layer, nn.LSTM) else ("z", None)
    times = torch.empty_like(gates[keep]).uniform_(1, int(longest) - 1, generator=generator)
    if forget:
        gates[keep].copy_(times.log())
    if write and shut_input:
        gates[write].copy_(-times.log())
