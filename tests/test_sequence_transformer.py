"""The Transformer over symbols: put together by hand from PyTorch's layers, and blind to what comes later."""

import math

import pytest
import torch
from torch import nn

from lstm_lib.nn.attention import causal_mask
from lstm_lib.nn.sequence_transformer import SequenceTransformer
from lstm_lib.nn.transformer import EncoderBlock, sinusoidal_positions

V, SIZE, HEADS, T, B = 7, 8, 2, 6, 3


@pytest.fixture
def model():
    torch.manual_seed(0)
    return SequenceTransformer(V, SIZE, HEADS, 2).double()


def symbols(seed=1):
    return torch.randint(V, (T, B), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("positions", [True, False])
def test_it_is_pytorchs_layers_between_a_table_and_a_linear_map(model, positions):
    layers = [
        nn.TransformerEncoderLayer(SIZE, HEADS, 4 * SIZE, 0.0, norm_first=True, dtype=torch.float64)
        for _ in range(2)
    ]
    model.encoder.blocks = nn.ModuleList(EncoderBlock.from_torch(layer) for layer in layers)
    model.positions = positions
    x = symbols()
    h = math.sqrt(SIZE) * model.table.weight[x]
    if positions:
        h = h + sinusoidal_positions(T, SIZE).double()
    for layer in layers:
        h = layer(h, src_mask=~causal_mask(T))
    expected = nn.functional.linear(
        nn.functional.layer_norm(h, (SIZE,), model.encoder.norm.weight, model.encoder.norm.bias),
        model.output.weight,
        model.output.bias,
    )
    logits, weights = model(x)
    torch.testing.assert_close(logits, expected, atol=1e-11, rtol=0)
    assert [w.shape for w in weights] == [(B, HEADS, T, T)] * 2
    upstream = torch.randn(logits.shape, dtype=torch.float64)
    mine = torch.autograd.grad(logits, model.table.weight, upstream)[0]
    torch.testing.assert_close(
        mine, torch.autograd.grad(expected, model.table.weight, upstream)[0], atol=1e-10, rtol=0
    )


@pytest.mark.parametrize("t", range(1, T))
def test_later_symbols_change_nothing_before_them(model, t):
    x = symbols()
    other = x.clone()
    other[t:] = (other[t:] + 1) % V
    before, after = model(x)[0], model(other)[0]
    assert torch.equal(before[:t], after[:t])
    assert (before[t:] - after[t:]).abs().amax(-1).min() > 1e-6


def test_a_table_and_positions_are_of_one_size_at_the_start():
    torch.manual_seed(0)
    wide = SequenceTransformer(500, 64, 4, 1)
    assert wide.table.weight.std().item() * math.sqrt(64) == pytest.approx(1, abs=0.02)


def test_its_number_of_parameters():
    n = sum(p.numel() for p in SequenceTransformer(V, SIZE, HEADS, 3, outputs=2).parameters())
    assert n == V * SIZE + 3 * (12 * SIZE**2 + 13 * SIZE) + 2 * SIZE + 2 * (SIZE + 1)
    narrow = sum(p.numel() for p in SequenceTransformer(V, SIZE, HEADS, 1, hidden_size=3).parameters())
    assert narrow == V * SIZE + 4 * SIZE * (SIZE + 1) + 2 * 3 * SIZE + 3 + SIZE + 6 * SIZE + V * (SIZE + 1)


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    model, x = SequenceTransformer(V, SIZE, HEADS, 1, dropout=0.5), symbols()
    assert not torch.equal(model(x)[0], model(x)[0])
    model.eval()
    assert torch.equal(model(x)[0], model(x)[0])


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: SequenceTransformer(0, 8, 2, 1), ValueError, "symbols must be a positive int, got 0"),
        (lambda: SequenceTransformer(5, 8.0, 2, 1), TypeError, r"size must be a positive int, got 8\.0"),
        (lambda: SequenceTransformer(5, 9, 3, 1), ValueError, "size must be even, .* got 9"),
        (lambda: SequenceTransformer(5, 8, 3, 1), ValueError, "multiple of heads, got 8 and 3"),
        (
            lambda: SequenceTransformer(5, 8, 2, 1, outputs=0),
            ValueError,
            "outputs must be a positive int, got 0",
        ),
        (
            lambda: SequenceTransformer(5, 8, 2, 1)(torch.zeros(4, dtype=torch.long)),
            ValueError,
            r"x must be \(T, B\) symbols, got shape \(4,\)",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(build, error, match):
    with pytest.raises(error, match=match):
        build()
