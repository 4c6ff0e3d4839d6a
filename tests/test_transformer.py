"""The Transformer's blocks against PyTorch's own with copied weights, and against a changed future."""

import math

import pytest
import torch
from torch import nn

from lstm_lib.nn.attention import causal_mask, padding_mask
from lstm_lib.nn.transformer import Decoder, DecoderBlock, Encoder, EncoderBlock, sinusoidal_positions

T, S, B, SIZE, HEADS, HIDDEN = 5, 6, 3, 8, 2, 12
LENGTHS = torch.tensor([6, 2, 4])


def theirs(kind, **settings):
    torch.manual_seed(0)
    layer = kind(SIZE, HEADS, HIDDEN, dropout=0.0, norm_first=True, dtype=torch.float64, **settings)
    for p in layer.parameters():  # the norms and biases begin at 1 and 0, where a swap would not be seen
        nn.init.normal_(p, std=0.5)
    return layer


def sequence(steps, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(steps, B, SIZE, dtype=torch.float64, generator=generator).requires_grad_()


def same_gradients(ours, expected, inputs):
    upstream = torch.randn(ours.shape, dtype=torch.float64)
    mine = torch.autograd.grad(ours, inputs, upstream)
    for a, b in zip(mine, torch.autograd.grad(expected, inputs, upstream), strict=True):
        assert torch.allclose(a, b, atol=1e-10)


def same_parameters_gradients(ours, layer, pairs):
    for mine, other in pairs:
        assert torch.allclose(ours.get_parameter(mine).grad, layer.get_parameter(other).grad, atol=1e-10)


@pytest.mark.parametrize("mask", [None, "causal", "padding"])
def test_an_encoder_block_is_that_of_pytorch(mask):
    layer, x = theirs(nn.TransformerEncoderLayer), sequence(S)
    block = EncoderBlock.from_torch(layer)
    mine = {None: None, "causal": causal_mask(S), "padding": padding_mask(LENGTHS, S)}[mask]
    output, weights = block(x, mine)
    expected = layer(
        x,
        src_mask=~causal_mask(S) if mask == "causal" else None,
        src_key_padding_mask=~mine[:, 0] if mask == "padding" else None,
    )
    assert torch.allclose(output, expected, atol=1e-11)
    assert weights.shape == (B, HEADS, S, S)
    same_gradients(output, expected, [x])


def test_the_weights_of_an_encoder_block_have_the_gradients_of_pytorch():
    layer, x = theirs(nn.TransformerEncoderLayer), sequence(S).detach()
    block = EncoderBlock.from_torch(layer)
    block(x)[0].square().sum().backward()
    layer(x).square().sum().backward()
    pairs = [
        ("attention_norm.weight", "norm1.weight"),
        ("attention.W_o.weight", "self_attn.out_proj.weight"),
        ("network_norm.bias", "norm2.bias"),
        ("network.0.weight", "linear1.weight"),
        ("network.3.weight", "linear2.weight"),
    ]
    same_parameters_gradients(block, layer, pairs)


@pytest.mark.parametrize("padded", [False, True])
def test_a_decoder_block_is_that_of_pytorch(padded):
    layer, x, memory = theirs(nn.TransformerDecoderLayer), sequence(T), sequence(S, seed=2)
    block = DecoderBlock.from_torch(layer)
    mask = padding_mask(LENGTHS.clamp(max=T), T) if padded else None
    memory_mask = padding_mask(LENGTHS, S) if padded else None
    decoded = block(x, memory, mask, memory_mask)
    expected = layer(
        x,
        memory,
        tgt_mask=~causal_mask(T),
        tgt_key_padding_mask=~mask[:, 0] if padded else None,
        memory_key_padding_mask=~memory_mask[:, 0] if padded else None,
    )
    assert torch.allclose(decoded.output, expected, atol=1e-11)
    same_gradients(decoded.output, expected, [x, memory])
    for weights, seen in ((decoded.own, T), (decoded.memory, S)):
        assert weights.shape == (B, HEADS, T, seen)
        assert torch.allclose(weights.sum(-1), torch.ones(B, HEADS, T, dtype=torch.float64))


def copied(stack, layers, build):
    stack = stack.double()
    stack.blocks = nn.ModuleList(build(layer) for layer in layers)
    return stack


def test_a_stack_of_encoder_blocks_is_that_of_pytorch():
    layer = theirs(nn.TransformerEncoderLayer)
    stack = nn.TransformerEncoder(
        layer, 3, norm=nn.LayerNorm(SIZE, dtype=torch.float64), enable_nested_tensor=False
    )
    ours = copied(Encoder(SIZE, HEADS, HIDDEN, 3), stack.layers, EncoderBlock.from_torch)
    x = sequence(S)
    output, weights = ours(x, padding_mask(LENGTHS, S))
    expected = stack(x, src_key_padding_mask=~padding_mask(LENGTHS, S)[:, 0])
    assert torch.allclose(output, expected, atol=1e-11)
    assert len(weights) == 3
    same_gradients(output, expected, [x])


def test_a_stack_of_decoder_blocks_is_that_of_pytorch():
    layer = theirs(nn.TransformerDecoderLayer)
    stack = nn.TransformerDecoder(layer, 2, norm=nn.LayerNorm(SIZE, dtype=torch.float64))
    ours = copied(Decoder(SIZE, HEADS, HIDDEN, 2), stack.layers, DecoderBlock.from_torch)
    x, memory = sequence(T), sequence(S, seed=2)
    output, weights = ours(x, memory)
    expected = stack(x, memory, tgt_mask=~causal_mask(T))
    assert torch.allclose(output, expected, atol=1e-11)
    assert [w.shape for w in weights] == [(B, HEADS, T, S)] * 2
    same_gradients(output, expected, [x, memory])


def causal_encoder():
    encoder = Encoder(SIZE, HEADS, HIDDEN, 3).double()
    return lambda x: encoder(x, causal_mask(len(x)))[0]


def decoder():
    stack, memory = Decoder(SIZE, HEADS, HIDDEN, 3).double(), sequence(S, seed=2).detach()
    return lambda x: stack(x, memory)[0]


@pytest.mark.parametrize("build", [causal_encoder, decoder])
@pytest.mark.parametrize("t", range(1, T))
def test_a_changed_future_changes_nothing_before_it(build, t):
    torch.manual_seed(0)
    model, x = build(), sequence(T).detach()
    other = x.clone()
    other[t:] += 100 * torch.randn_like(other[t:])
    before, after = model(x), model(other)
    assert torch.equal(before[:t], after[:t])
    assert (before[t:] - after[t:]).abs().amax(-1).min() > 1e-3


def test_without_the_mask_the_future_is_seen():
    torch.manual_seed(0)
    encoder, x = Encoder(SIZE, HEADS, HIDDEN, 1).double(), sequence(T).detach()
    other = x.clone()
    other[-1] += torch.randn_like(other[-1])
    assert (encoder(x)[0][0] - encoder(other)[0][0]).abs().max() > 1e-6


def test_no_mask_lets_a_decoder_see_what_comes():
    torch.manual_seed(0)
    block, memory, x = DecoderBlock(SIZE, HEADS, HIDDEN).double(), sequence(S), sequence(T)
    everything = torch.ones(T, T, dtype=torch.bool)
    assert torch.equal(block(x, memory, everything).output, block(x, memory).output)


def test_without_positions_order_is_not_seen():
    torch.manual_seed(0)
    encoder, x = Encoder(SIZE, HEADS, HIDDEN, 2).double(), sequence(T).detach()
    order = torch.tensor([3, 0, 4, 1, 2])
    assert torch.allclose(encoder(x[order])[0], encoder(x)[0][order], atol=1e-12)
    places = sinusoidal_positions(T, SIZE).double()
    moved = encoder(x[order] + places)[0]
    assert (moved - encoder(x + places)[0][order]).abs().max() > 1e-3


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    block, x = EncoderBlock(SIZE, HEADS, HIDDEN, dropout=0.5).double(), sequence(T)
    assert not torch.allclose(block(x)[0], block(x)[0])
    block.eval()
    assert torch.equal(block(x)[0], block(x)[0])


def test_positions_are_clocks():
    code = sinusoidal_positions(50, 6)
    assert code.shape == (50, 1, 6)
    for t in (0, 1, 17, 49):
        by_hand = [f(t / 10_000 ** (2 * k / 6)) for k in range(3) for f in (math.sin, math.cos)]
        assert code[t, 0].tolist() == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.parametrize(
    ("build", "match"),
    [
        (lambda: sinusoidal_positions(0, 4), "steps must be a positive int, got 0"),
        (lambda: sinusoidal_positions(4, 0), "size must be a positive int, got 0"),
        (lambda: sinusoidal_positions(4, 5), "size must be even, .* got 5"),
        (lambda: EncoderBlock.from_torch(nn.TransformerEncoderLayer(8, 2)), "norm_first=True"),
        (
            lambda: EncoderBlock.from_torch(
                nn.TransformerEncoderLayer(8, 2, norm_first=True, activation="gelu")
            ),
            "activation relu",
        ),
        (lambda: DecoderBlock.from_torch(nn.TransformerDecoderLayer(8, 2)), "norm_first=True"),
        (lambda: Encoder(8, 3, 16, 1), "multiple of heads"),
        (lambda: Encoder(8, 2, 16, 0), "layers must be a positive int, got 0"),
        (lambda: EncoderBlock(8, 2, 0), "hidden_size must be a positive int, got 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(build, match):
    with pytest.raises(ValueError, match=match):
        build()


@pytest.mark.parametrize("steps", [5.5, True, "5"])
def test_steps_that_are_not_whole_are_refused(steps):
    with pytest.raises(TypeError, match=f"steps must be a positive int, got {steps!r}"):
        sinusoidal_positions(steps, 6)


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_the_epsilon_of_the_norms_is_copied(kind):
    theirs_are, ours_is = {
        "encoder": (nn.TransformerEncoderLayer, EncoderBlock),
        "decoder": (nn.TransformerDecoderLayer, DecoderBlock),
    }[kind]
    torch.manual_seed(0)
    theirs = theirs_are(SIZE, HEADS, HIDDEN, 0.0, norm_first=True, layer_norm_eps=0.5, dtype=torch.float64)
    ours, x = ours_is.from_torch(theirs), sequence(T)
    if kind == "encoder":
        expected, found = theirs(x), ours(x)[0]
    else:
        expected, found = theirs(x, x, tgt_mask=~causal_mask(T)), ours(x, x).output
    torch.testing.assert_close(found, expected, atol=1e-11, rtol=0)


def test_a_mask_of_numbers_is_refused():
    block, x = DecoderBlock(SIZE, HEADS, HIDDEN).double(), sequence(T)
    with pytest.raises(TypeError, match="mask must be bool"):
        block(x, x, torch.zeros(T, T))


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (
            EncoderBlock,
            nn.TransformerDecoderLayer(8, 2, norm_first=True),
            "TransformerEncoderLayer, got TransformerDecoder",
        ),
        (EncoderBlock, nn.Linear(8, 8), "TransformerEncoderLayer, got Linear"),
        (
            DecoderBlock,
            nn.TransformerEncoderLayer(8, 2, norm_first=True),
            "TransformerDecoderLayer, got TransformerEncoder",
        ),
        (DecoderBlock, nn.Linear(8, 8), "TransformerDecoderLayer, got Linear"),
    ],
)
def test_a_copy_is_made_of_a_layer_of_the_same_kind(ours, theirs, words):
    with pytest.raises(TypeError, match=f"layer must be a torch.nn.{words}"):
        ours.from_torch(theirs)


def bools(*shape):
    return torch.ones(shape, dtype=torch.bool)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda block, x, m: block(x, m, bools(T + 1, T + 1)),
            ValueError,
            rf"^mask must be \(B, 1, S\).* or \({B}, {T}, {T}\), got shape \({T + 1}, {T + 1}\)",
        ),
        (
            lambda block, x, m: block(x, m, bools(B, 1, 1, T)),
            ValueError,
            rf"^mask must be .* got shape \({B}, 1, 1, {T}\)",
        ),
        (
            lambda block, x, m: block(x, m, None, bools(B, 1, S + 1)),
            ValueError,
            rf"^memory_mask must be .* or \({B}, {T}, {S}\), got shape \({B}, 1, {S + 1}\)",
        ),
        (
            lambda block, x, m: block(x, m, None, torch.ones(B, 1, S)),
            TypeError,
            "^memory_mask must be bool, .* got torch.float32",
        ),
        (
            lambda block, x, m: block(x[:, 0], m),
            ValueError,
            rf"^x must be \(steps, B, {SIZE}\), .* got shape \({T}, {SIZE}\)",
        ),
        (lambda block, x, m: block(x[:0], m), ValueError, r"^x must be .* at least one step, got shape \(0"),
        (
            lambda block, x, m: block(x, m[..., 1:]),
            ValueError,
            rf"^memory must be \(steps, B, {SIZE}\), .* got shape \({S}, {B}, {SIZE - 1}\)",
        ),
        (lambda block, x, m: block(x, m.numpy()), TypeError, "^memory must be a torch tensor, got a NumPy"),
    ],
)
def test_what_a_decoder_block_cannot_take_is_named(call, error, words):
    block = DecoderBlock(SIZE, HEADS, HIDDEN).double()
    with pytest.raises(error, match=words):
        call(block, sequence(T).detach(), sequence(S).detach())


def test_what_an_encoder_block_cannot_take_is_named():
    block = EncoderBlock(SIZE, HEADS, HIDDEN).double()
    with pytest.raises(ValueError, match=rf"^x must be \(steps, B, {SIZE}\), .* got shape \({T}, {SIZE}\)"):
        block(sequence(T)[:, 0])
    with pytest.raises(ValueError, match=rf"^mask must be .*\({B}, {T}, {T}\), got shape \({T}, {T + 1}\)"):
        block(sequence(T), bools(T, T + 1))
