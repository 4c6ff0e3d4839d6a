"""Weights to PyTorch and back: where each number goes, copies, and modules that have no counterpart."""

import re

import numpy as np
import pytest
import torch
from recurrent import KINDS, assert_same, every_kind, make
from torch import nn

from lstm_lib.convert import from_torch, to_torch, torch_grads
from lstm_lib.scratch import Output

MODULES = {"RNN tanh": nn.RNN, "RNN relu": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def module_of(kind, **options):
    """A module of PyTorch with 2 inputs and 4 units, its weights drawn by PyTorch."""
    if kind == "RNN relu":
        options["nonlinearity"] = "relu"
    return MODULES[kind](2, 4, **options)


@every_kind
@every_dtype
def test_every_number_goes_to_its_place(kind, dtype):
    net = make(kind, dtype=dtype)
    module = to_torch(net)
    assert type(module) is MODULES[kind]
    p, theirs = net.params, {name: tensor.detach().numpy() for name, tensor in module.named_parameters()}
    expected = {"weight_ih_l0": p["W_x"].T, "weight_hh_l0": p["W_h"].T, "bias_ih_l0": p["b"]}
    expected["bias_hh_l0"] = p.get("b_h", np.zeros_like(p["b"]))
    assert_same(theirs, expected, 0)


@every_kind
@every_dtype
def test_there_and_back_is_the_same_net(kind, dtype):
    net = make(kind, dtype=dtype)
    back = from_torch(to_torch(net))
    assert repr(back) == repr(net)
    assert getattr(back, "activation", None) == getattr(net, "activation", None)
    assert_same(back.params, net.params, 0)


@every_kind
def test_a_net_from_pytorch_gives_what_the_module_gives(kind):
    module = module_of(kind, dtype=torch.float64)
    x = np.random.default_rng(0).standard_normal((5, 3, 2))
    h, _ = from_torch(module).forward(x)
    np.testing.assert_allclose(h, module(torch.tensor(x))[0].detach().numpy(), rtol=0, atol=1e-13)


@every_kind
def test_nothing_is_shared(kind):
    net = make(kind)
    module, kept = to_torch(net), {name: p.copy() for name, p in net.params.items()}
    back = from_torch(module)
    with torch.no_grad():
        for tensor in module.parameters():
            tensor += 1
    assert_same(net.params, kept, 0)
    assert_same(back.params, kept, 0)


@every_kind
def test_a_net_of_one_shares_nothing_either(kind):
    net = make(kind, D=1, H=1)  # the transpose of one number is a view of it
    module = to_torch(net)
    back = from_torch(module)
    for p in (*net.params.values(), *back.params.values()):
        p[...] = 7
    assert all((tensor != 7).all() for tensor in module.parameters())


@every_kind
def test_gradients_come_in_our_names_and_shapes(kind):
    module = module_of(kind)
    module(torch.randn(5, 3, 2, generator=torch.Generator().manual_seed(0)))[0].sum().backward()
    grads = torch_grads(module)
    assert {name: g.shape for name, g in grads.items()} == {n: p.shape for n, p in make(kind).params.items()}
    np.testing.assert_array_equal(grads["W_x"], module.weight_ih_l0.grad.numpy().T)
    np.testing.assert_array_equal(grads["b"], module.bias_ih_l0.grad.numpy())


@every_kind
def test_gradients_before_backward_are_refused(kind):
    with pytest.raises(
        RuntimeError, match=r"module has no gradient at \['bias_hh_l0', .*: call backward\(\)"
    ):
        torch_grads(module_of(kind))


@every_dtype
def test_the_output_equation_is_linear(dtype):
    out = Output(4, 3, rng=np.random.default_rng(0), dtype=dtype)
    linear = to_torch(out)
    assert type(linear) is nn.Linear
    np.testing.assert_array_equal(linear.weight.detach().numpy(), out.params["W_y"].T, strict=True)
    np.testing.assert_array_equal(linear.bias.detach().numpy(), out.params["b_y"], strict=True)
    back = from_torch(linear)
    assert (back.hidden_size, back.output_size, back.dtype) == (4, 3, dtype)
    assert_same(back.params, out.params, 0)


REFUSED = [
    ({"num_layers": 2}, "module must have num_layers=1 to equal a net of lstm_lib.scratch, got num_layers=2"),
    ({"bidirectional": True}, "module must have bidirectional=False"),
    ({"batch_first": True}, "module must have batch_first=False"),
    ({"bias": False}, "module must have bias=True"),
    ({"num_layers": 2, "dropout": 0.5}, "module must have num_layers=1"),
]


@every_kind
@pytest.mark.parametrize(("options", "message"), REFUSED)
@pytest.mark.parametrize("function", [from_torch, torch_grads])
def test_a_module_with_more_than_ours_is_refused(kind, options, message, function):
    with pytest.raises(ValueError, match=re.escape(message)):
        function(module_of(kind, **options))


def test_other_refusals():
    with pytest.raises(ValueError, match="module must have proj_size=0"):
        from_torch(nn.LSTM(2, 4, proj_size=3))
    dropped = nn.LSTM(2, 4)
    dropped.dropout = 0.5  # set later: PyTorch itself warns when one layer is made with it
    with pytest.raises(ValueError, match=r"module must have dropout=0 .*, got dropout=0.5"):
        from_torch(dropped)
    with pytest.raises(ValueError, match=r"module must have bias=True .*, got bias=False"):
        from_torch(nn.Linear(4, 3, bias=False))


@pytest.mark.parametrize(
    "module", [nn.LSTMCell(2, 4), nn.Conv1d(2, 4, 1), nn.Sequential(nn.LSTM(2, 4)), None, np.zeros(2)]
)
def test_what_is_no_counterpart_is_refused(module):
    with pytest.raises(
        TypeError, match=f"module must be a torch.nn RNN, LSTM, GRU or Linear, got {type(module).__name__}"
    ):
        from_torch(module)


def test_a_dtype_that_ours_do_not_have_is_refused():
    with pytest.raises(
        TypeError, match=r"module must be float32 or float64, got torch.bfloat16 at weight_ih_l0"
    ):
        from_torch(nn.LSTM(2, 4, dtype=torch.bfloat16))


@pytest.mark.parametrize("net", [nn.LSTM(2, 4), None, {"W_x": np.zeros((2, 4))}, KINDS["LSTM"][0]])
def test_what_is_no_net_is_refused(net):
    with pytest.raises(TypeError, match=r"net must be an RNN, LSTM, GRU or Output of lstm_lib.scratch, got"):
        to_torch(net)
