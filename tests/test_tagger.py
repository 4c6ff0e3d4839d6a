"""The tagger: two directions equal PyTorch's, nothing leaks from the padding, a delay is a delay."""

import pytest
import torch
from torch import nn

from lstm_lib.nn.tagger import WAYS, Tagger

V, E, H = 7, 3, 4
LENGTHS = torch.tensor([6, 2, 5])
READERS = [(way, 0) for way in WAYS] + [("forward", delay) for delay in (1, 2, 7)]


@pytest.fixture
def x():
    return torch.randint(V - 1, (6, 3), generator=torch.Generator().manual_seed(0))


def tagger(way, **options):
    torch.manual_seed(1)
    return Tagger(way, V, E, H, **options).double()


def inside(y):
    return torch.cat([y[:n, b] for b, n in enumerate(LENGTHS)])


def test_both_directions_equal_pytorch_outputs_and_gradients(x):
    ours, theirs = tagger("both"), nn.LSTM(E, H, bidirectional=True).double()
    with torch.no_grad():
        for suffix, layer in (("l0", ours.forward_layer), ("l0_reverse", ours.backward_layer)):
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                theirs.get_parameter(f"{kind}_{suffix}").copy_(layer.get_parameter(f"{kind}_l0"))
    packed = nn.utils.rnn.pack_padded_sequence(ours.table(x), LENGTHS, enforce_sorted=False)
    h, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0])
    expected = inside(ours.output(h)[..., 0])
    got = inside(ours(x, LENGTHS))
    assert torch.allclose(got, expected, atol=1e-12)
    weight = torch.arange(1.0, len(got) + 1, dtype=torch.float64)
    (expected @ weight).backward()
    table = ours.table.weight.grad.clone()
    ours.zero_grad()
    (got @ weight).backward()
    assert torch.allclose(ours.table.weight.grad, table, atol=1e-12)
    for suffix, layer in (("l0", ours.forward_layer), ("l0_reverse", ours.backward_layer)):
        for kind in ("weight_ih", "weight_hh", "bias_ih"):
            reference = theirs.get_parameter(f"{kind}_{suffix}").grad
            assert torch.allclose(layer.get_parameter(f"{kind}_l0").grad, reference, atol=1e-12)


@pytest.mark.parametrize(("way", "delay"), READERS)
def test_a_batch_is_the_same_as_one_sequence_at_a_time(x, way, delay):
    model = tagger(way, delay=delay)
    alone = torch.cat([model(x[:n, b : b + 1])[:, 0] for b, n in enumerate(LENGTHS)])
    assert torch.allclose(inside(model(x, LENGTHS)), alone, atol=1e-12)


@pytest.mark.parametrize(("way", "delay"), READERS)
def test_what_stands_in_the_padding_changes_nothing(x, way, delay):
    model, other = tagger(way, delay=delay), x.clone()
    for b, n in enumerate(LENGTHS):
        other[n:, b] = (other[n:, b] + 1) % (V - 1)
    assert torch.equal(inside(model(x, LENGTHS)), inside(model(other, LENGTHS)))


@pytest.mark.parametrize(
    ("way", "delay", "sees"),
    [
        ("forward", 0, {0, 1, 2}),
        ("forward", 2, {0, 1, 2, 3, 4}),
        ("backward", 0, {2, 3, 4, 5}),
        ("both", 0, set(range(6))),
    ],
)
def test_who_sees_what(x, way, delay, sees):
    model = tagger(way, delay=delay)
    before, seen = model(x)[2], set()
    for t in range(6):
        other = x.clone()
        other[t] = (other[t] + 1) % (V - 1)
        if (model(other)[2] != before).any():
            seen.add(t)
    assert seen == sees


def test_a_delayed_tagger_reads_the_last_symbol_after_the_end(x):
    late, now = tagger("forward", delay=3), tagger("forward")
    longer = torch.cat([x, torch.full((3, 3), V - 1)])
    assert torch.allclose(late(x), now(longer)[3:], atol=1e-12)


def test_the_forget_gates_begin_with_bias_one():
    model = tagger("both")
    for layer in (model.forward_layer, model.backward_layer):
        assert (layer.bias_ih_l0 + layer.bias_hh_l0)[H : 2 * H].tolist() == [1.0] * H


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Tagger("sideways", V, E, H), ValueError, "way must be one of .* got 'sideways'"),
        (lambda: Tagger("both", 0, E, H), ValueError, "symbols must be at least 1, got 0"),
        (lambda: Tagger("both", V, 1.5, H), TypeError, r"embedding_size must be an int, .* got 1\.5"),
        (lambda: Tagger("both", V, E, True), TypeError, "hidden_size must be an int, .* got True"),
        (lambda: Tagger("forward", V, E, H, delay=-1), ValueError, "delay must be at least 0, got -1"),
        (lambda: Tagger("both", V, E, H, delay=1), ValueError, "delay must be 0 for the way 'both', got 1"),
        (lambda: tagger("both")(torch.zeros(3, dtype=torch.long)), ValueError, r"x must be \(T, B\)"),
        (lambda: tagger("both")(torch.zeros(0, 3, dtype=torch.long)), ValueError, r"got shape \(0, 3\)"),
        (lambda: tagger("both")([[1]]), TypeError, "x must be a tensor .* got list"),
        (lambda: tagger("both")(torch.zeros(3, 2)), TypeError, r"whole numbers, got torch\.float32"),
        (lambda: tagger("both")(torch.full((3, 2), V)), ValueError, "symbols from 0 to 6, got 7 to 7"),
        (lambda: tagger("both")(torch.tensor([[-1], [2]])), ValueError, "symbols from 0 to 6, got -1 to 2"),
        (
            lambda: tagger("both")(torch.zeros(3, 2, dtype=torch.long), torch.tensor([4, 1])),
            ValueError,
            "from 1 to 3",
        ),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
