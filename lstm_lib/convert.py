"""Weights from NumPy to PyTorch and back, so that one net can be asked by both.

PyTorch's weights are the transposes of ours. Its RNN and LSTM keep two biases that are only ever added up,
where ours keep one: on the way there the second is zero, on the way back the two are added. Everything is
copied: a change on one side does not reach the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lstm_lib.scratch import GRU, LSTM, RNN, Output

Array = NDArray[Any]
Net = RNN | LSTM | GRU | Output

#: Who equals whom.
PAIRS: dict[type[Any], type[Any]] = {RNN: nn.RNN, LSTM: nn.LSTM, GRU: nn.GRU, Output: nn.Linear}
#: Our parameters by PyTorch's names.
TORCH_NAMES = {
    "W_x": "weight_ih_l0",
    "W_h": "weight_hh_l0",
    "b": "bias_ih_l0",
    "b_h": "bias_hh_l0",
    "W_y": "weight",
    "b_y": "bias",
}
#: How a recurrent module of PyTorch must be set to equal one of ours.
ONE_LAYER = {
    "num_layers": 1,
    "bidirectional": False,
    "batch_first": False,
    "proj_size": 0,
    "dropout": 0,
    "bias": True,
}


def to_torch(net: Net) -> nn.Module:
    """Return the ``torch.nn`` RNN, LSTM, GRU or Linear that computes what the net computes, in its dtype.

    The module takes x (T, B, D) and a state of (1, B, H), or two of them: the 1 is PyTorch's axis of layers.

    Raises:
        TypeError: net is something else.
    """
    kind = next((theirs for ours, theirs in PAIRS.items() if isinstance(net, ours)), None)
    if kind is None:
        names = "RNN, LSTM, GRU or Output"
        raise TypeError(f"net must be an {names} of lstm_lib.scratch, got {type(net).__name__}")
    options = {"nonlinearity": net.activation} if isinstance(net, RNN) else {}
    module: nn.Module = kind(*_sizes(net.params), dtype=getattr(torch, net.dtype.name), **options)
    weights = {TORCH_NAMES[name]: torch.tensor(array.T) for name, array in net.params.items()}
    if isinstance(net, RNN | LSTM):
        weights["bias_hh_l0"] = torch.zeros_like(weights["bias_ih_l0"])
    module.load_state_dict(weights)
    return module


def from_torch(module: nn.Module) -> Net:
    """Return the net of ``lstm_lib.scratch`` that computes what the module computes, in its dtype.

    Raises:
        TypeError: the module is not an RNN, LSTM, GRU or Linear, or is neither float32 nor float64.
        ValueError: the module has what ours do not have: more layers, a second direction, batch first, a
            projection, dropout, or no bias.
    """
    _check(module)
    tensors = dict(module.named_parameters())
    params = _in_our_shapes(module, tensors)
    if isinstance(module, nn.RNN | nn.LSTM):
        params["b"] += tensors["bias_hh_l0"].numpy(force=True)
    kind = next(ours for ours, theirs in PAIRS.items() if isinstance(module, theirs))
    options = {"activation": module.nonlinearity} if isinstance(module, nn.RNN) else {}
    rng = np.random.default_rng(0)  # any will do: what it draws is replaced at once
    net: Net = kind(*_sizes(params), rng=rng, dtype=next(iter(params.values())).dtype, **options)
    net.params = params
    return net


def torch_grads(module: nn.Module) -> dict[str, Array]:
    """Return the gradients that PyTorch's ``backward`` left in a module, in our names and shapes.

    The gradient of b is the one at PyTorch's first bias. The second is only added to the first, so it has the
    same gradient.

    Raises:
        TypeError, ValueError: as ``from_torch``.
        RuntimeError: a parameter has no gradient yet.
    """
    _check(module)
    grads = {name: tensor.grad for name, tensor in module.named_parameters()}
    found = {name: grad for name, grad in grads.items() if grad is not None}
    if len(found) < len(grads):
        missing = sorted(grads.keys() - found.keys())
        raise RuntimeError(f"module has no gradient at {missing}: call backward() on a loss first")
    return _in_our_shapes(module, found)


def _in_our_shapes(module: nn.Module, tensors: Mapping[str, Tensor]) -> dict[str, Array]:
    names = {ours: theirs for ours, theirs in TORCH_NAMES.items() if theirs in tensors}
    if not isinstance(module, nn.GRU):
        names.pop("b_h", None)
    return {ours: tensors[theirs].numpy(force=True).T.copy() for ours, theirs in names.items()}


def _sizes(params: Mapping[str, Array]) -> tuple[int, ...]:
    return params["W_y"].shape if "W_y" in params else (len(params["W_x"]), len(params["W_h"]))


def _check(module: nn.Module) -> None:
    if not isinstance(module, tuple(PAIRS.values())):
        raise TypeError(f"module must be a torch.nn RNN, LSTM, GRU or Linear, got {type(module).__name__}")
    settings = {name: getattr(module, name, value) for name, value in ONE_LAYER.items()}
    if isinstance(module, nn.Linear):
        settings["bias"] = module.bias is not None
    for name, value in ONE_LAYER.items():
        if settings[name] != value:
            need = f"{name}={value} to equal a net of lstm_lib.scratch"
            raise ValueError(f"module must have {need}, got {name}={settings[name]}")
    for name, tensor in module.named_parameters():
        if tensor.dtype not in (torch.float32, torch.float64):
            raise TypeError(f"module must be float32 or float64, got {tensor.dtype} at {name}")
