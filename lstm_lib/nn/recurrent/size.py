"""How large a layer or a network is, and which hidden size makes it as large as another."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from lstm_lib.nn.recurrent.layer import check_sizes


def parameters_of(module: nn.Module) -> int:
    """Return how many numbers a module learns.

    Raises:
        TypeError: it is no module.
    """
    if not isinstance(module, nn.Module):
        raise TypeError(f"module must be a torch module, got {module!r}")
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def hidden_size_for(build: Callable[[int], nn.Module], parameters: int) -> int:
    """Return the hidden size whose network comes nearest to a number of parameters; of two as near, the smaller.

    Networks are built on the way; PyTorch's global generator is left as it was.

    Args:
        build: hidden size -> network, such as ``lambda H: GRU(3, H)``. A larger size must give more parameters.
        parameters: so many are wanted.

    Raises:
        TypeError, ValueError: parameters is not a whole number above zero, or sizes do not change the network.
    """
    check_sizes(parameters=parameters)
    if not callable(build):
        raise TypeError(f"build must be a function from a hidden size to a network, got {build!r}")

    def size(H: int) -> int:
        with torch.random.fork_rng(devices=[]):
            return parameters_of(build(H))

    if size(2) <= size(1):
        raise ValueError(f"build must give more parameters for a larger size, got {size(1)} and {size(2)}")
    high = 1
    while size(high) < parameters:
        high *= 2
    low = max(high // 2, 1)  # size(low) < parameters <= size(high), or both are 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if size(middle) < parameters else (low, middle)
    return min(low, high, key=lambda H: abs(size(H) - parameters))
