"""States that are carried into padded and packed batches, and what is refused on the way in."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from lstm_lib.nn.recurrent import GRU, LSTM, Bidirectional, LSTMByGate, MinimalLSTM, Stacked, reverse_within
from lstm_lib.nn.recurrent import layer as layer_module

T, B, D, H = 7, 4, 3, 5
LENGTHS = [3, 7, 1, 5]


def noise(*shape, seed=1):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def torch_layers(net):
    """The layers of PyTorch's net as a stack of PyTorch's own single ones."""
    kind, stacked = type(net), []
    for k in range(net.num_layers):
        size, ends = net.input_size if k == 0 else net.hidden_size * (1 + net.bidirectional), []
        for end in ("", "_reverse")[: 1 + net.bidirectional]:
            one = kind(size, net.hidden_size).double()
            one.load_state_dict(
                {n: net.state_dict()[n.replace("l0", f"l{k}{end}")] for n in one.state_dict()}
            )
            ends.append(one)
        stacked.append(Bidirectional(*ends) if net.bidirectional else ends[0])
    return Stacked(stacked)


def in_our_form(states, net):
    """PyTorch's (layers * directions, B, H) as a list of layers, each a state or the states of two directions."""
    rows = list(zip(*states, strict=True)) if isinstance(states, tuple) else list(states)
    return [list(rows[k : k + 2]) for k in range(0, len(rows), 2)] if net.bidirectional else rows


def flat(state):
    return [state] if isinstance(state, torch.Tensor) else [tensor for part in state for tensor in flat(part)]


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("whose", [Stacked.from_torch, torch_layers], ids=["ours", "PyTorch's"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_state_goes_into_a_batch_of_several_lengths_as_in_pytorch(kind, bidirectional, whose, packed):
    torch.manual_seed(0)
    net = kind(D, H, num_layers=2, bidirectional=bidirectional).double()
    ours, x = whose(net), noise(T, B, D).requires_grad_()
    first = [noise(2 * (1 + bidirectional), B, H, seed=k).requires_grad_() for k in (2, 3)]
    given = tuple(first) if kind is nn.LSTM else first[0]
    batch = pack_padded_sequence(x, LENGTHS, enforce_sorted=False)  # not sorted: the order of states matters
    expected, their_last = net(batch, given)
    expected = pad_packed_sequence(expected)[0]
    if packed:
        h, last = ours(batch, in_our_form(given, net))
        h = pad_packed_sequence(h)[0]
    else:
        h, last = ours(x, in_our_form(given, net), lengths=LENGTHS)
    pairs = [(h, expected), *zip(flat(last), flat(in_our_form(their_last, net)), strict=True)]
    for one, other in pairs:
        assert torch.allclose(one, other, atol=1e-10, rtol=0)
    loss, their_loss = (
        sum((y * noise(*y.shape, seed=5 + k)).sum() for k, y in enumerate(ys))
        for ys in zip(*pairs, strict=True)
    )
    wanted = [x, *first[: 1 + (kind is nn.LSTM)]]
    slopes = zip(
        torch.autograd.grad(loss, wanted, retain_graph=True),
        torch.autograd.grad(their_loss, wanted),
        strict=True,
    )
    assert all(torch.allclose(one, other, atol=1e-10, rtol=0) for one, other in slopes)


@pytest.mark.parametrize("build", [LSTM, GRU, MinimalLSTM])
def test_lengths_that_are_all_t_cost_no_mask(build, monkeypatch):
    layer, x = build(D, H).double(), noise(T, B, D)
    expected, _ = layer(x)

    def refuse(*arguments):
        raise AssertionError("a mask was made")

    monkeypatch.setattr(layer_module, "inside_of", refuse)
    assert torch.equal(layer(x, lengths=[T] * B)[0], expected)
    with pytest.raises(AssertionError, match="a mask was made"):
        layer(x, lengths=LENGTHS)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32, torch.int64])
def test_lengths_may_be_of_any_whole_type(dtype):
    lengths, x = torch.tensor([200, 3], dtype=dtype), noise(300, 2, D)  # 200 fits, T does not fit uint8
    layer = Bidirectional(GRU(D, H), nn.GRU(D, H)).double()
    h, _ = layer(x, lengths=lengths)
    assert torch.equal(h, layer(x, lengths=[200, 3])[0])
    assert torch.equal(reverse_within(x, lengths)[0], torch.stack([x[199, 0], x[2, 1]]))


ZEROS = torch.zeros(T, B, D)


@pytest.mark.parametrize("build", [LSTM, GRU, MinimalLSTM])
@pytest.mark.parametrize("dtype", [torch.float64, torch.int64])
def test_an_x_of_another_type_is_refused(build, dtype):
    with pytest.raises(TypeError, match=f"x must be torch.float32, as the layer's weights are, got {dtype}"):
        build(D, H)(ZEROS.to(dtype))


@pytest.mark.parametrize(
    ("lengths", "error", "match"),
    [
        ("abcd", TypeError, "lengths must be 4 whole numbers, got 'abcd'"),
        (["a", 1, 1, 1], TypeError, "lengths must be 4 whole numbers, got"),
        ([True] * 4, ValueError, r"lengths must be 4 whole numbers, got \[True"),
        (3, ValueError, "lengths must be 4 whole numbers, got 3"),
    ],
)
def test_lengths_that_are_no_whole_numbers_are_refused(lengths, error, match):
    with pytest.raises(error, match=match):
        LSTM(D, H)(ZEROS, lengths=lengths)
    with pytest.raises(error, match=match):
        reverse_within(ZEROS, lengths)


STATE = torch.zeros(B, H)


@pytest.mark.parametrize("kind", ["ours", "PyTorch's"])
@pytest.mark.parametrize(
    ("name", "state", "error", "match"),
    [
        ("LSTM", 3, TypeError, r"state must be \(h, c\), each \(4, 5\), got \['int'\]"),
        ("LSTM", [1, 2], TypeError, r"state must be \(h, c\), each \(4, 5\), got \['int', 'int'\]"),
        ("LSTM", STATE, ValueError, r"state must be \(h, c\), each \(4, 5\), got \[\(4, 5\)\]"),
        ("LSTM", (STATE[None],) * 2, ValueError, r"each \(4, 5\), got \[\(1, 4, 5\), \(1, 4, 5\)\]"),
        ("LSTM", (STATE.double(),) * 2, TypeError, "state must be torch.float32, as x is, got"),
        ("GRU", (STATE, STATE), ValueError, r"state must be h \(4, 5\), got \[\(4, 5\), \(4, 5\)\]"),
    ],
)
def test_a_state_that_cannot_be_meant_is_refused(kind, name, state, error, match):
    layer = {"ours": {"LSTM": LSTM, "GRU": GRU}, "PyTorch's": {"LSTM": nn.LSTM, "GRU": nn.GRU}}[kind][name](
        D, H
    )
    with pytest.raises(error, match=match):
        Stacked([layer])(ZEROS, [state])


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: Bidirectional.from_torch(nn.Linear(D, H)), TypeError, "torch.nn.GRU, got Linear"),
        (lambda: Stacked.from_torch(nn.RNN(D, H)), TypeError, "torch.nn.GRU, got RNN"),
        (lambda: Stacked.from_torch(nn.LSTM(D, H, batch_first=True)), ValueError, "a bias, time first"),
        (lambda: GRU.from_torch(nn.GRU(D, H, batch_first=True)), ValueError, "a bias and time first"),
        (lambda: LSTMByGate.from_fused(GRU(D, H)), TypeError, "fused LSTM of this package, got GRU"),
        (lambda: Stacked([nn.LSTM(D, H, proj_size=2)]), ValueError, "time first and no projection"),
        (
            lambda: Stacked([LSTM(D, H)], dropout=float("nan")),
            ValueError,
            "dropout must be from 0 to 1, got nan",
        ),
        (lambda: LSTM(D, H, forget_bias=float("nan")), ValueError, "forget_bias must be finite, got nan"),
        (lambda: Stacked([LSTM(D, H)])(ZEROS, 5), ValueError, "state must be a list of 1 states.*got int"),
        (lambda: reverse_within([1, 2]), TypeError, r"x must be a tensor \(T, B, …\), got list"),
        (lambda: reverse_within(torch.zeros(4)), ValueError, r"x must have shape \(T, B, …\), got \(4,\)"),
    ],
)
def test_what_cannot_be_meant_is_refused(build, error, match):
    with pytest.raises(error, match=match):
        build()
