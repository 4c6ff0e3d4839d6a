"""First biases of gated layers."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.convert import from_torch
from lstm_lib.nn.initialisation import biases, chrono_, forget_bias_


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def lstm():
    torch.manual_seed(0)
    return nn.LSTM(3, 400)


def effective(layer):
    """Both biases added up, as they act."""
    return (layer.bias_ih_l0 + layer.bias_hh_l0).detach()


def drawn(layer):
    """The first bias as PyTorch drew it: what the gates that are not set keep."""
    return [gate.clone() for gate in layer.bias_ih_l0.detach().chunk(4)]


def test_the_biases_are_those_that_act_and_are_only_read(lstm):
    before = {name: parameter.clone() for name, parameter in lstm.named_parameters()}
    found = biases(lstm)
    assert torch.equal(torch.cat([found[gate] for gate in "ifgo"]), effective(lstm))
    found["f"].fill_(7.0)
    assert all(torch.equal(parameter, before[name]) for name, parameter in lstm.named_parameters())


def test_the_forget_gate_gets_its_bias_and_no_other_gate_does(lstm):
    before = drawn(lstm)
    forget_bias_(lstm, 1.5)
    i, f, g, o = effective(lstm).chunk(4)
    assert (f == 1.5).all()
    assert all(torch.equal(now, then) for now, then in zip((i, g, o), before[:1] + before[2:], strict=True))


def test_chrono_draws_the_logarithm_of_an_even_time(lstm):
    chrono_(lstm, 100, seeded())
    i, f, _, _ = effective(lstm).chunk(4)
    times = f.exp()
    assert times.min() >= 1
    assert times.max() <= 99
    assert abs(times.mean() - 50) < 5
    assert abs(times.std() - 98 / math.sqrt(12)) < 3
    assert torch.equal(i, -f)


def test_a_unit_of_time_u_keeps_for_about_u_steps():
    lstm = nn.LSTM(1, 1)
    for parameter in lstm.parameters():
        nn.init.zeros_(parameter)
    chrono_(lstm, 50, seeded())
    u = math.exp(effective(lstm)[1])
    # c goes down by the factor u / (u + 1) each step, so after u steps about 1/e is left.
    _, (_, c) = lstm(torch.zeros(round(u), 1, 1), (torch.zeros(1, 1, 1), torch.ones(1, 1, 1)))
    assert c.item() == pytest.approx((u / (u + 1)) ** round(u), rel=1e-4)
    assert 0.3 < c.item() < 0.5


def test_a_gru_keeps_by_its_update_gate():
    torch.manual_seed(0)
    gru = nn.GRU(3, 400)
    chrono_(gru, 100, seeded())
    first, second = gru.bias_ih_l0.detach().chunk(3), gru.bias_hh_l0.detach()
    assert not second.any()
    assert 1 <= first[1].exp().min() <= first[1].exp().max() <= 99
    assert first[0].abs().max() < 0.06  # as PyTorch drew it
    # and in the course's own GRU, whose equations are written out: a large z keeps.
    net = from_torch(gru)
    assert np.allclose(np.split(net.params["b"], 3)[1], first[1].numpy())


def test_each_half_of_chrono_can_be_left_out(lstm):
    before, *_ = drawn(lstm)
    chrono_(lstm, 100, seeded(), shut_input=False)
    i, f, _, _ = effective(lstm).chunk(4)
    assert torch.equal(i, before)
    assert f.max() > 3
    before = f.clone()
    chrono_(lstm, 1000, seeded(1), forget=False)
    i, f, _, _ = effective(lstm).chunk(4)
    assert torch.equal(f, before)
    assert i.min() < -5


def test_the_same_generator_gives_the_same_biases(lstm):
    chrono_(lstm, 100, seeded(3))
    first = effective(lstm)
    torch.rand(5)  # the global generator plays no part
    chrono_(lstm, 100, seeded(3))
    assert torch.equal(effective(lstm), first)


@pytest.mark.parametrize(
    ("layer", "longest", "error", "words"),
    [
        (nn.RNN(2, 2), 10, TypeError, "layer must be a torch.nn.LSTM or torch.nn.GRU, got RNN"),
        (nn.LSTM(2, 2, num_layers=2), 10, ValueError, "one layer, one direction and a bias"),
        (nn.LSTM(2, 2, bidirectional=True), 10, ValueError, "one layer, one direction and a bias"),
        (nn.LSTM(2, 2, bias=False), 10, ValueError, "one layer, one direction and a bias"),
        (nn.LSTM(2, 2), 2, ValueError, "longest must be at least 3 steps, got 2"),
        (nn.LSTM(2, 2), 10.0, TypeError, "longest must be a whole number of steps, at least 3, got 10.0"),
    ],
)
def test_what_chrono_cannot_do(layer, longest, error, words):
    with pytest.raises(error, match=words):
        chrono_(layer, longest, seeded())


def test_only_an_lstm_has_a_forget_gate():
    with pytest.raises(TypeError, match=r"layer must be a torch.nn.LSTM, got GRU"):
        forget_bias_(nn.GRU(2, 2), 1.0)
