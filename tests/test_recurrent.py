"""Recurrent layers as PyTorch modules: against PyTorch's own, against NumPy by hand, and against their own padding."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from lstm_lib.nn.recurrent import (
    GRU,
    LSTM,
    Bidirectional,
    CoupledLSTM,
    GRUResetBefore,
    LSTMByGate,
    LSTMWithout,
    MinimalLSTM,
    PeepholeLSTM,
    Stacked,
    parameters_of,
    reverse_within,
    scan,
)

T, B, D, H = 7, 4, 3, 5
LENGTHS = torch.tensor([3, 7, 1, 5])

LAYERS = {
    "by gate": lambda D=D, H=H: LSTMByGate(D, H),
    "fused": lambda D=D, H=H: LSTM(D, H),
    "peephole": lambda D=D, H=H: PeepholeLSTM(D, H),
    "coupled": lambda D=D, H=H: CoupledLSTM(D, H),
    "no input gate": lambda D=D, H=H: LSTMWithout("input", D, H),
    "no forget gate": lambda D=D, H=H: LSTMWithout("forget", D, H),
    "no output gate": lambda D=D, H=H: LSTMWithout("output", D, H),
    "GRU": lambda D=D, H=H: GRU(D, H),
    "GRU, reset before": lambda D=D, H=H: GRUResetBefore(D, H),
    "minimal": lambda D=D, H=H: MinimalLSTM(D, H),
}
TOGETHER = {
    "two directions": lambda: Bidirectional(LSTM(D, H), GRU(D, H)),
    "two directions of PyTorch's": lambda: Bidirectional(nn.LSTM(D, H), nn.GRU(D, H)),
    "stacked": lambda: Stacked([PeepholeLSTM(D, H), MinimalLSTM(H, H), nn.GRU(H, 2)]),
    "residual": lambda: Stacked([LSTM(D, D), nn.LSTM(D, D), CoupledLSTM(D, D)], residual=True),
    "both": lambda: Stacked([Bidirectional(LSTM(D, H), LSTM(D, H)), nn.LSTM(2 * H, H)]),
}


def made(name):
    torch.manual_seed(0)
    return (LAYERS | TOGETHER)[name]().double()


def noise(*shape, seed=1):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def flat(state):
    """All tensors of a state, however deep."""
    if isinstance(state, torch.Tensor):
        return [state]
    return [tensor for part in state for tensor in flat(part)]


def gradients(layer, loss):
    layer.zero_grad()
    loss.backward()
    return [p.grad.clone() for p in layer.parameters()]


def close(ones, others, atol=1e-10):
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        assert torch.allclose(one, other, atol=atol, rtol=0)


# --- PyTorch's own -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("with_state", [False, True])
def test_one_layer_is_that_of_pytorch(kind, with_state):
    torch.manual_seed(0)
    theirs = kind(D, H).double()
    ours = (LSTM if kind is nn.LSTM else GRU).from_torch(theirs)
    x, state = noise(T, B, D).requires_grad_(), None
    if with_state:
        state = (noise(B, H, seed=2), noise(B, H, seed=3)) if kind is nn.LSTM else noise(B, H, seed=2)
    h, last = ours(x, state)
    given = None if state is None else tuple(s[None] for s in state) if kind is nn.LSTM else state[None]
    expected, their_last = theirs(x, given)
    close([h, *flat(last)], [expected, *(s[0] for s in flat(their_last))])
    upstream = noise(T, B, H, seed=4)
    (dx,) = torch.autograd.grad((h * upstream).sum(), x, retain_graph=True)
    (their_dx,) = torch.autograd.grad((expected * upstream).sum(), x, retain_graph=True)
    close([dx], [their_dx])
    gradients(ours, (h * upstream).sum())
    gradients(theirs, (expected * upstream).sum())
    close(
        [ours.W_x.grad, ours.W_h.grad, ours.b.grad],
        [theirs.weight_ih_l0.grad.T, theirs.weight_hh_l0.grad.T, theirs.bias_ih_l0.grad],
    )


def test_gate_by_gate_is_the_fused_form_and_that_of_pytorch():
    torch.manual_seed(0)
    theirs = nn.LSTM(D, H).double()
    fused = LSTM.from_torch(theirs)
    by_gate = LSTMByGate.from_fused(fused)
    x = noise(T, B, D).requires_grad_()
    (h, (h_T, c_T)), (expected, (their_h, their_c)) = by_gate(x), theirs(x)
    close([h, h_T, c_T], [expected, their_h[0], their_c[0]])
    upstream = noise(T, B, H, seed=4)
    gradients(by_gate, (h * upstream).sum())
    gradients(fused, (fused(x)[0] * upstream).sum())
    for gate, W_x, W_h, b in zip(
        "ifgo", *(p.grad.chunk(4, dim=-1) for p in (fused.W_x, fused.W_h, fused.b)), strict=True
    ):
        close([by_gate.get_parameter(f"W_{gate}").grad], [torch.cat([W_h, W_x])])
        close([by_gate.get_parameter(f"b_{gate}").grad], [b])


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, True), (3, False), (2, True)])
@pytest.mark.parametrize("padded", [False, True])
def test_layers_put_together_are_those_of_pytorch(kind, layers, bidirectional, padded):
    torch.manual_seed(0)
    theirs = kind(D, H, num_layers=layers, bidirectional=bidirectional).double()
    ours = Bidirectional.from_torch(theirs) if layers == 1 else Stacked.from_torch(theirs)
    x = noise(T, B, D).requires_grad_()
    if padded:
        h, last = ours(x, lengths=LENGTHS)
        packed, their_last = theirs(pack_padded_sequence(x, LENGTHS, enforce_sorted=False))
        expected = pad_packed_sequence(packed)[0]
    else:
        (h, last), (expected, their_last) = ours(x), theirs(x)
    close([h], [expected])
    # PyTorch: (layers * directions, B, H) for h, and the same for c
    parts = flat(their_last) if kind is nn.LSTM else [their_last]
    close(flat(last), [part[k] for k in range(len(parts[0])) for part in parts])
    upstream = noise(*h.shape, seed=4)
    mine, other = (torch.autograd.grad((y * upstream).sum(), x, retain_graph=True) for y in (h, expected))
    close(mine, other)
    gradients(ours, (h * upstream).sum())
    gradients(theirs, (expected * upstream).sum())
    first, last = (ours, ours) if layers == 1 else (ours.layers[0], ours.layers[-1])
    if bidirectional:
        close([first.backward_layer.W_x.grad], [theirs.weight_ih_l0_reverse.grad.T])
        first, last = first.forward_layer, last.forward_layer
    close([first.W_x.grad], [theirs.weight_ih_l0.grad.T])
    close([last.W_h.grad], [getattr(theirs, f"weight_hh_l{layers - 1}").grad.T])


@pytest.mark.parametrize("layers", [nn.LSTM, nn.GRU])
def test_pytorchs_layers_may_be_put_together(layers):
    torch.manual_seed(0)
    theirs = layers(D, H, bidirectional=True).double()
    pair = layers(D, H).double(), layers(D, H).double()
    for one, end in zip(pair, ("", "_reverse"), strict=True):
        one.load_state_dict(
            {name: theirs.state_dict()[name + end] for name in one.state_dict()}
        )  # the same names without _reverse
    x = noise(T, B, D)
    packed, their_last = theirs(pack_padded_sequence(x, LENGTHS, enforce_sorted=False))
    h, last = Bidirectional(*pair)(x, lengths=LENGTHS)
    close([h], [pad_packed_sequence(packed)[0]])
    parts = flat(their_last) if layers is nn.LSTM else [their_last]
    close(flat(last), [part[k] for k in range(2) for part in parts])


# --- the variants, from their equations --------------------------------------------------------------------


def sigma(v):
    return 1 / (1 + np.exp(-v))


def by_hand(name, layer, x):
    """h (T, B, H) from the equations, in NumPy."""
    p = {key: value.detach().numpy() for key, value in layer.named_parameters()}
    h = c = np.zeros((B, H))
    told = []
    for x_t in x.numpy():
        gate = {}
        for k, letter in enumerate(layer.gates):
            block = slice(k * H, (k + 1) * H)
            gate[letter] = x_t @ p["W_x"][:, block] + h @ p["W_h"][:, block] + p["b"][block]
        if name == "GRU, reset before":
            r, z = sigma(gate["r"]), sigma(gate["z"])
            block = slice(2 * H, 3 * H)
            n = np.tanh(x_t @ p["W_x"][:, block] + p["b"][block] + (r * h) @ p["W_h"][:, block])
            h = (1 - z) * n + z * h
            told.append(h)
            continue
        peep = {g: p.get(f"p_{g}", 0.0) for g in "ifo"}
        i = sigma(gate["i"] + peep["i"] * c) if "i" in gate else 1.0
        f = sigma(gate["f"] + peep["f"] * c) if "f" in gate else 1.0
        if name == "coupled":
            i = 1 - f
        c = f * c + i * np.tanh(gate["g"])
        o = sigma(gate["o"] + peep["o"] * c) if "o" in gate else 1.0
        h = o * np.tanh(c)
        told.append(h)
    return np.stack(told)


@pytest.mark.parametrize(
    "name",
    [
        "fused",
        "peephole",
        "coupled",
        "no input gate",
        "no forget gate",
        "no output gate",
        "GRU, reset before",
    ],
)
def test_a_variant_is_what_its_equations_say(name):
    layer, x = made(name), noise(T, B, D)
    np.testing.assert_allclose(layer(x)[0].detach().numpy(), by_hand(name, layer, x), atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_those_of_central_differences(name):
    layer, x = made(name), noise(3, 2, D).requires_grad_()
    shape = (2, H)
    state = tuple(noise(*shape, seed=k).requires_grad_() for k in (2, 3))[: layer.parts]
    lengths = torch.tensor([3, 2])
    assert torch.autograd.gradcheck(
        lambda x, *parts: layer(x, parts if layer.parts == 2 else parts[0], lengths)[0], (x, *state)
    )


@pytest.mark.parametrize(
    ("name", "blocks"),
    [("by gate", 4), ("fused", 4), ("coupled", 3), ("no input gate", 3), ("no forget gate", 3),
     ("no output gate", 3), ("GRU, reset before", 3)],
)  # fmt: skip
def test_a_gate_that_is_gone_has_no_weights(name, blocks):
    assert parameters_of(made(name)) == blocks * H * (D + H + 1)


def test_the_other_counts():
    assert parameters_of(made("peephole")) == 4 * H * (D + H + 1) + 3 * H
    assert parameters_of(made("GRU")) == 3 * H * (D + H + 2)
    assert parameters_of(made("minimal")) == 3 * H * (D + 1)
    frozen = LSTM(D, H).requires_grad_(False)
    assert parameters_of(frozen) == 0


def test_the_forget_bias_is_added_to_its_gate_only():
    torch.manual_seed(0)
    plain = LSTM(D, H)
    torch.manual_seed(0)
    other = LSTM(D, H, forget_bias=2.5)
    difference = other.split(other.b - plain.b)
    assert torch.allclose(difference["f"], torch.full((H,), 2.5), atol=1e-6)
    assert all((difference[gate] == 0).all() for gate in "igo")
    with pytest.raises(ValueError, match=r"no forget gate, got 1\.0"):
        LSTMWithout("forget", D, H, forget_bias=1.0)


# --- the minimal LSTM ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 2, 3, 64, 500, 4096])
@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_the_scan_is_the_loop_in_float32(steps, scale):
    torch.manual_seed(0)
    layer = MinimalLSTM(D, H)
    x = (scale * torch.randn(steps, 2, D)).requires_grad_()
    state = torch.rand(2, H)
    (h, last), (expected, their_last) = layer(x, state), layer.step_by_step(x, state)
    size = max(1.0, expected.abs().max().item())
    assert (h - expected).abs().max() < 1e-5 * size
    assert torch.equal(last, h[-1])
    assert (last - their_last).abs().max() < 1e-5 * size
    dx, their_dx = (torch.autograd.grad(y.square().mean() * steps, x)[0] for y in (h, expected))
    assert (dx - their_dx).abs().max() < 1e-4 * max(1.0, their_dx.abs().max().item())


def test_the_scan_joins_steps_of_a_closed_form():
    a, b = torch.full((10, 1), 0.5), torch.full((10, 1), 3.0)
    log_products, log_sums = scan(a.log(), b.log())
    steps = torch.arange(1, 11)[:, None]
    assert torch.allclose(log_products.exp(), 0.5**steps)
    assert torch.allclose(log_sums.exp(), 3 * (1 - 0.5**steps) / 0.5)  # a geometric series


def test_the_minimal_lstm_is_what_its_equations_say():
    layer, x = made("minimal"), noise(T, B, D)
    W, b, h = layer.W_x.detach().numpy(), layer.b.detach().numpy(), np.zeros((B, H))
    for t, x_t in enumerate(x.numpy()):
        i, f, n = np.split(x_t @ W + b, 3, axis=1)
        i, f = sigma(i), sigma(f)
        h = f / (f + i) * h + i / (f + i) * np.where(n >= 0, n + 0.5, sigma(n))
        np.testing.assert_allclose(layer(x)[0][t].detach().numpy(), h, atol=1e-12)


# --- states that are carried, sequences of several lengths -----------------------------------------------------


@pytest.mark.parametrize("name", [*LAYERS, "stacked", "residual"])
def test_a_state_that_is_carried_joins_two_pieces(name):
    layer, x = made(name), noise(T, B, D)
    whole, last = layer(x)
    first, state = layer(x[:3])
    second, end = layer(x[3:], state)
    close([torch.cat([first, second]), *flat(end)], [whole, *flat(last)])


@pytest.mark.parametrize("name", [*LAYERS, *TOGETHER])
@pytest.mark.parametrize("filling", [0.0, 1e30, float("nan")])
def test_padding_changes_neither_a_result_nor_a_gradient(name, filling):
    layer, x = made(name), noise(T, B, D)
    padding = torch.arange(T)[:, None] >= LENGTHS
    x[padding] = filling
    x.requires_grad_()
    h, last = layer(x, lengths=LENGTHS)
    upstream = noise(*h.shape, seed=4)
    grads = gradients(layer, (h * upstream).sum() + sum(part.sum() for part in flat(last)))
    assert (h[padding] == 0).all()
    assert (x.grad[padding] == 0).all()
    total = [torch.zeros_like(g) for g in grads]
    for b, n in enumerate(LENGTHS):
        alone = x.detach()[:n, b : b + 1].clone().requires_grad_()
        one, its_last = layer(alone)
        close([h[:n, b : b + 1]], [one])
        close([part[b : b + 1] for part in flat(last)], flat(its_last))
        loss = (one * upstream[:n, b : b + 1]).sum() + sum(part.sum() for part in flat(its_last))
        total = [a + g for a, g in zip(total, gradients(layer, loss), strict=True)]
        close([x.grad[:n, b]], [alone.grad[:, 0]])
    close(grads, total)


@pytest.mark.parametrize("name", [*LAYERS, *TOGETHER])
@pytest.mark.parametrize("lengths", [[7, 5, 5, 1], [1, 5, 7, 5]])
def test_a_packed_batch_comes_back_packed_in_the_same_order(name, lengths):
    layer, x, lengths = made(name), noise(T, B, D), torch.tensor(lengths)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    h, last = layer(packed)
    assert isinstance(h, PackedSequence)
    expected, their_last = layer(x, lengths=lengths)
    close([pad_packed_sequence(h)[0], *flat(last)], [expected, *flat(their_last)])
    assert torch.equal(h.batch_sizes, packed.batch_sizes)
    assert torch.equal(h.sorted_indices, packed.sorted_indices)
    with pytest.raises(ValueError, match="lengths must be None where x is packed"):
        layer(packed, lengths=lengths)


def test_a_packed_batch_that_was_sorted_before_has_no_order():
    layer, x = made("fused"), noise(T, B, D)
    packed = pack_padded_sequence(x, torch.tensor([7, 5, 5, 1]))
    h, _ = layer(packed)
    assert h.sorted_indices is None
    close([pad_packed_sequence(h)[0]], [layer(x, lengths=[7, 5, 5, 1])[0]])


def test_reversal_stays_within_the_lengths():
    x = torch.tensor([[1, 10], [2, 20], [3, 0], [4, 0]])
    assert reverse_within(x, torch.tensor([4, 2])).tolist() == [[4, 20], [3, 10], [2, 0], [1, 0]]
    assert reverse_within(x).tolist() == x.flip(0).tolist()
    y = noise(T, B, D)
    assert torch.equal(reverse_within(reverse_within(y, LENGTHS), LENGTHS), y)


# --- stacks --------------------------------------------------------------------------------------------------


def test_a_residual_stack_adds_what_went_in():
    x = noise(T, B, D)
    stack = made("residual")
    h = x
    for layer in stack.layers:
        h = h + layer(h)[0]
    close([stack(x)[0]], [h])


def test_the_lowest_layer_may_change_the_size_without_a_residual():
    torch.manual_seed(0)
    stack, x = Stacked([LSTM(D, H), LSTM(H, H)], residual=True).double(), noise(T, B, D)
    below, _ = stack.layers[0](x)
    close([stack(x)[0]], [below + stack.layers[1](below)[0]])


def test_dropout_acts_between_layers_and_nowhere_else():
    torch.manual_seed(0)
    x = noise(T, B, D)
    one = Stacked([LSTM(D, H)], dropout=0.9).double()
    assert torch.equal(one(x)[0], one(x)[0])  # neither before the first nor after the last
    two = Stacked([LSTM(D, H), LSTM(H, H)], dropout=0.5).double()
    assert not torch.allclose(two(x)[0], two(x)[0])
    torch.manual_seed(3)
    h, _ = two(x)
    torch.manual_seed(3)
    below = nn.functional.dropout(two.layers[0](x)[0], 0.5)
    close([h], [two.layers[1](below)[0]])
    two.eval()
    assert torch.equal(two(x)[0], two(x)[0])


def test_all_is_dropped_but_the_residual():
    torch.manual_seed(0)
    x = noise(T, B, D)
    stack = Stacked([LSTM(D, D), LSTM(D, D)], dropout=1.0, residual=True).double()
    below = x + stack.layers[0](x)[0]
    close([stack(x)[0]], [below + stack.layers[1](torch.zeros_like(x))[0]])


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fused", "minimal", "two directions", "stacked"])
@pytest.mark.parametrize(
    ("x", "settings", "error", "match"),
    [
        ([1.0], {}, TypeError, r"x must be a tensor \(T, B, 3\) or packed, got list"),
        (torch.zeros(T, B), {}, ValueError, r"x must have shape \(T, B, 3\), got \(7, 4\)"),
        (torch.zeros(T, B, 2), {}, ValueError, r"x must have shape \(T, B, 3\), got \(7, 4, 2\)"),
        (torch.zeros(0, B, D), {}, ValueError, r"x must have shape \(T, B, 3\), got \(0, 4, 3\)"),
        (torch.zeros(T, B, D), {"lengths": [1, 2]}, ValueError, r"4 whole numbers, got \[1, 2\]"),
        (torch.zeros(T, B, D), {"lengths": [1.0] * 4}, ValueError, "4 whole numbers, got"),
        (torch.zeros(T, B, D), {"lengths": [0, 1, 2, 3]}, ValueError, r"from 1 to 7, got \[0, 1, 2, 3\]"),
        (torch.zeros(T, B, D), {"lengths": [8, 1, 2, 3]}, ValueError, "from 1 to 7, got"),
    ],
)
def test_an_input_that_cannot_be_meant_is_refused(name, x, settings, error, match):
    with pytest.raises(error, match=match):
        (LAYERS | TOGETHER)[name]()(x, **settings)


@pytest.mark.parametrize(
    ("name", "state", "match"),
    [
        ("fused", torch.zeros(B, H), r"state must be \(h, c\), each \(4, 5\)"),
        ("fused", (torch.zeros(1, B, H),) * 2, r"state must be \(h, c\), each \(4, 5\), got \[\(1, 4, 5\)"),
        ("GRU", torch.zeros(B, D), r"state must be h \(4, 5\), got \[\(4, 3\)\]"),
        ("stacked", torch.zeros(B, H), "state must be a list of 3 states"),
        ("two directions", [None], "state must be a list of 2 states"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(name, state, match):
    with pytest.raises(ValueError, match=match):
        (LAYERS | TOGETHER)[name]()(torch.zeros(T, B, D), state)


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: LSTM(0, H), ValueError, "input_size must be a positive int, got 0"),
        (lambda: GRU(D, 2.5), TypeError, "hidden_size must be a positive int, got 2.5"),
        (lambda: LSTMWithout("candidate", D, H), ValueError, "gate must be one of .*got 'candidate'"),
        (lambda: LSTM.from_torch(nn.GRU(D, H)), TypeError, "torch.nn.LSTM, got GRU"),
        (lambda: GRU.from_torch(nn.LSTM(D, H)), TypeError, "torch.nn.GRU, got LSTM"),
        (lambda: LSTM.from_torch(nn.LSTM(D, H, proj_size=2)), ValueError, "no projection"),
        (lambda: GRU.from_torch(nn.GRU(D, H, bias=False)), ValueError, "must have a bias"),
        (lambda: GRU.from_torch(nn.GRU(D, H), "l1"), ValueError, r"suffix must be one of \['l0'\], got 'l1'"),
        (lambda: Bidirectional.from_torch(nn.LSTM(D, H)), ValueError, "must be bidirectional"),
        (lambda: Bidirectional(LSTM(D, H), LSTM(H, H)), ValueError, "one input size, got 3 and 5"),
        (lambda: Bidirectional(nn.LSTM(D, H, 2), LSTM(D, H)), ValueError, "one layer, one direction"),
        (lambda: Bidirectional(nn.Linear(D, H), LSTM(D, H)), TypeError, "recurrent layer, got Linear"),
        (lambda: Stacked([]), ValueError, "at least one layer"),
        (lambda: Stacked([LSTM(D, H), LSTM(D, H)]), ValueError, "layer 1 must take 5 numbers.*got 3"),
        (lambda: Stacked([LSTM(D, H), LSTM(H, D)], residual=True), ValueError, "layer 1 must give 5 numbers"),
        (lambda: Stacked([LSTM(D, H)], dropout=1.5), ValueError, "dropout"),
    ],
)
def test_what_cannot_be_built_is_refused(build, error, match):
    with pytest.raises(error, match=match):
        build()


def test_one_layer_cannot_be_both_directions():
    layer = LSTM(D, H)
    with pytest.raises(ValueError, match="two layers, got one twice"):
        Bidirectional(layer, layer)


def test_steps_of_a_packed_batch_are_refused():
    packed = pack_padded_sequence(torch.zeros(T, B, D), LENGTHS, enforce_sorted=False)
    with pytest.raises(TypeError, match="for step_by_step, got it packed"):
        MinimalLSTM(D, H).step_by_step(packed)


def test_a_layer_says_its_sizes():
    assert repr(LSTM(D, H)) == "LSTM(3, 5)"
