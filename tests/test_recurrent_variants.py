"""Variants of the LSTM and the GRU against each other: where two must be one, and the slopes of their weights."""

import math

import pytest
import torch
from torch import nn

from lstm_lib.nn.recurrent import (
    GRU,
    LSTM,
    Bidirectional,
    CoupledLSTM,
    GRUResetBefore,
    LSTMByGate,
    LSTMWithout,
    LSTMWithoutActivation,
    MinimalLSTM,
    PeepholeLSTM,
    Stacked,
)

T, B, D, H = 6, 3, 2, 4
LENGTHS = torch.tensor([6, 2, 4])

KINDS = {
    "by gate": lambda: LSTMByGate(D, H),
    "fused": lambda: LSTM(D, H),
    "peephole": lambda: PeepholeLSTM(D, H),
    "coupled": lambda: CoupledLSTM(D, H),
    "no input gate": lambda: LSTMWithout("input", D, H),
    "no forget gate": lambda: LSTMWithout("forget", D, H),
    "no output gate": lambda: LSTMWithout("output", D, H),
    "no input activation": lambda: LSTMWithoutActivation("input", D, H),
    "no output activation": lambda: LSTMWithoutActivation("output", D, H),
    "GRU": lambda: GRU(D, H),
    "GRU, reset before": lambda: GRUResetBefore(D, H),
    "minimal": lambda: MinimalLSTM(D, H),
    "two directions": lambda: Bidirectional(LSTM(D, H), GRU(D, H)),
    "residual": lambda: Stacked([CoupledLSTM(D, H), PeepholeLSTM(H, H)], residual=True),
}


def made(build):
    torch.manual_seed(0)
    return build().double()


def noise(*shape, seed=1):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def copy_blocks(source, target):
    """Give a variant the weights of an LSTM, block by block; those of gates that it has not are left out."""
    with torch.no_grad():
        for name in ("W_x", "W_h", "b"):
            blocks = source.split(source.get_parameter(name))
            target.get_parameter(name).copy_(torch.cat([blocks[gate] for gate in target.gates], dim=-1))


def slopes(layer, x):
    """The output, and the slopes of x, W_x and W_h under a fixed weighting of it."""
    h, _ = layer(x)
    return [h, *torch.autograd.grad((h * noise(T, B, H, seed=4)).sum(), [x, layer.W_x, layer.W_h])]


def close(ones, others, atol=1e-10):
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        assert torch.allclose(one, other, atol=atol, rtol=0)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lengths", [None, [3, 2]], ids=["full", "padded"])
def test_slopes_of_every_weight_are_central_differences(name, lengths):
    layer, x = made(KINDS[name]), noise(3, 2, D)
    names = [name for name, _ in layer.named_parameters()]

    def of_weights(*weights):
        arguments = {"lengths": None if lengths is None else torch.tensor(lengths)}
        return torch.func.functional_call(layer, dict(zip(names, weights, strict=True)), (x,), arguments)[0]

    assert torch.autograd.gradcheck(of_weights, tuple(layer.parameters()))


def test_without_peepholes_it_is_the_lstm():
    lstm, peephole, x = made(KINDS["fused"]), made(KINDS["peephole"]), noise(T, B, D).requires_grad_()
    copy_blocks(lstm, peephole)
    assert not torch.allclose(lstm(x)[0], peephole(x)[0], atol=1e-3)
    with torch.no_grad():
        for p in (peephole.p_i, peephole.p_f, peephole.p_o):
            p.zero_()
    close(slopes(peephole, x), slopes(lstm, x))


def test_two_steps_with_peepholes_by_hand():
    layer = PeepholeLSTM(1, 1).double()
    with torch.no_grad():
        for p in layer.parameters():
            p.zero_()
        layer.W_x.copy_(
            torch.tensor([[0.0, 0.0, 1.0, 0.0]])
        )  # the candidate is tanh x, all else is a peephole
        layer.p_i.fill_(2.0), layer.p_f.fill_(-1.0), layer.p_o.fill_(3.0)

    def sigma(v):
        return 1 / (1 + math.exp(-v))

    c_1 = 0.5 * math.tanh(1.0)  # both gates are half open: the cell was empty
    c_2 = sigma(-c_1) * c_1 + sigma(2 * c_1) * math.tanh(0.5)  # i and f look at c_1
    h_1, h_2 = sigma(3 * c_1) * math.tanh(c_1), sigma(3 * c_2) * math.tanh(c_2)  # o looks at the new one
    h, (_, c) = layer(torch.tensor([[[1.0]], [[0.5]]], dtype=torch.float64))
    assert h.flatten().tolist() == pytest.approx([h_1, h_2], abs=1e-14)
    assert c.item() == pytest.approx(c_2, abs=1e-14)


@pytest.mark.parametrize(("gate", "letter"), [("input", "i"), ("forget", "f"), ("output", "o")])
def test_a_gate_that_is_gone_is_a_gate_that_is_held_open(gate, letter):
    lstm, without = made(KINDS["fused"]), made(lambda: LSTMWithout(gate, D, H))
    with torch.no_grad():
        lstm.split(lstm.b)[letter].fill_(200.0)
    copy_blocks(lstm, without)
    x = noise(T, B, D).requires_grad_()
    h, dx, *weights = slopes(lstm, x)
    kept = [torch.cat([lstm.split(w)[g] for g in without.gates], dim=1) for w in weights]
    close(slopes(without, x), [h, dx, *kept])


def test_the_coupled_gate_is_an_lstm_whose_input_gate_mirrors_the_forget_gate():
    coupled, lstm = made(KINDS["coupled"]), made(KINDS["fused"])
    with torch.no_grad():
        for name in ("W_x", "W_h", "b"):
            blocks = coupled.split(coupled.get_parameter(name))
            mirrored = [-blocks["f"], blocks["f"], blocks["g"], blocks["o"]]  # 1 - σ(v) = σ(-v)
            lstm.get_parameter(name).copy_(torch.cat(mirrored, dim=-1))
    x = noise(T, B, D).requires_grad_()
    h, dx, *weights = slopes(lstm, x)
    joined = []
    for i, f, g, o in (w.chunk(4, dim=1) for w in weights):
        joined.append(torch.cat([f - i, g, o], dim=1))
    close(slopes(coupled, x), [h, dx, *joined])


@pytest.mark.parametrize("which", ["input", "output"])
def test_one_step_without_an_activation_is_the_lstms_without_that_tanh(which):
    lstm, without = made(KINDS["fused"]), made(lambda: LSTMWithoutActivation(which, D, H))
    copy_blocks(lstm, without)
    x, h_0, c_0 = 3 * noise(1, B, D), noise(B, H, seed=2), noise(B, H, seed=3)
    h, (_, c) = without(x, (h_0, c_0))
    sums = lstm.split(x[0] @ lstm.W_x + lstm.b + h_0 @ lstm.W_h)
    i, f, o = (torch.sigmoid(sums[gate]) for gate in "ifo")
    g = sums["g"] if which == "input" else sums["g"].tanh()
    expected = f * c_0 + i * g
    close([c, h[0]], [expected, o * (expected if which == "output" else expected.tanh())])


def test_two_conventions_of_the_update_gate_are_one_layer_with_a_negative_block():
    layer, x = made(KINDS["GRU, reset before"]), noise(T, B, D)
    with torch.no_grad():
        for p in (layer.W_x, layer.W_h, layer.b):
            layer.split(p)["z"].neg_()
    W, U, b = (layer.split(p) for p in (layer.W_x, layer.W_h, layer.b))
    h, told = torch.zeros(B, H, dtype=torch.float64), []
    for x_t in x:  # Chung et al. (2014), equations 4 to 7, with the weights of z as they were
        z = torch.sigmoid(x_t @ -W["z"] + h @ -U["z"] - b["z"])
        r = torch.sigmoid(x_t @ W["r"] + h @ U["r"] + b["r"])
        n = torch.tanh(x_t @ W["n"] + (r * h) @ U["n"] + b["n"])
        h = (1 - z) * h + z * n
        told.append(h)
    close([layer(x)[0]], [torch.stack(told)])


def test_where_the_reset_gate_stands_matters_until_it_is_open():
    after, before, x = made(KINDS["GRU"]), made(KINDS["GRU, reset before"]), noise(T, B, D)
    before.load_state_dict({name: p for name, p in after.state_dict().items() if name != "b_h"})
    with torch.no_grad():
        after.b_h.zero_()
    assert not torch.allclose(after(x)[0], before(x)[0], atol=1e-3)
    with torch.no_grad():
        for layer in (after, before):
            layer.split(layer.b)["r"].fill_(200.0)
    close([after(x)[0]], [before(x)[0]])


def test_dropout_of_a_stack_is_that_of_pytorch_draw_for_draw():
    torch.manual_seed(0)
    theirs = nn.LSTM(D, H, num_layers=3, dropout=0.4).double()
    ours, x = Stacked.from_torch(theirs), noise(T, B, D)
    torch.manual_seed(5)
    h, _ = ours(x)
    torch.manual_seed(5)
    close([h], [theirs(x)[0]])
    assert not torch.allclose(h, ours(x)[0])
