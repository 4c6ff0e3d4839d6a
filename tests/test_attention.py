"""Attention against PyTorch's own, against loops from the equations, and against its masks."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from lstm_lib.nn.attention import (
    AdditiveAttention,
    BilinearAttention,
    DotProductAttention,
    MultiHeadAttention,
    causal_mask,
    masked_softmax,
    padding_mask,
)

T, S, B, SIZE = 4, 6, 3, 8
LENGTHS = torch.tensor([6, 2, 4])


def sequences(seed=0, size=SIZE):
    generator = torch.Generator().manual_seed(seed)
    return tuple(
        torch.randn(steps, B, size, dtype=torch.float64, generator=generator).requires_grad_()
        for steps in (T, S)
    )


KINDS = {
    "additive": lambda: AdditiveAttention(SIZE, SIZE, 5).double(),
    "dot": DotProductAttention,
    "scaled": lambda: DotProductAttention(scaled=True),
    "bilinear": lambda: BilinearAttention(SIZE, SIZE).double(),
    "multi-head": lambda: MultiHeadAttention(SIZE, 2).double(),
}


def score(kind, attention, q, m):
    """The score of one query and one state, from the papers' equations."""
    if kind == "additive":
        W, U, v = attention.W, attention.U, attention.v
        return v.weight[0] @ torch.tanh(W.weight @ q + W.bias + U.weight @ m)
    if kind == "bilinear":
        return q @ attention.W.weight @ m
    return q @ m / (math.sqrt(SIZE) if kind == "scaled" else 1)


@pytest.mark.parametrize("kind", ["additive", "dot", "scaled", "bilinear"])
def test_a_score_is_what_its_paper_says(kind):
    torch.manual_seed(0)
    attention, (query, memory) = KINDS[kind](), sequences()
    context, weights = attention(query, memory, padding_mask(LENGTHS, S))
    for b in range(B):
        for t in range(T):
            n = int(LENGTHS[b])
            e = [score(kind, attention, query[t, b], memory[s, b]).exp() for s in range(n)]
            by_hand = sum(w * memory[s, b] for s, w in enumerate(e)) / sum(e)
            assert torch.allclose(context[t, b], by_hand, atol=1e-10)
            assert weights[b, t, :n].tolist() == pytest.approx([(w / sum(e)).item() for w in e], abs=1e-10)
            assert (weights[b, t, n:] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filling", [0.0, -1e6])
def test_padding_changes_neither_a_result_nor_a_gradient(kind, filling):
    torch.manual_seed(0)
    attention, (query, memory) = KINDS[kind](), sequences()
    memory.data[~(torch.arange(S)[:, None] < LENGTHS)] = filling
    context, _ = attention(query, memory, padding_mask(LENGTHS, S))
    upstream = torch.randn(context.shape, dtype=torch.float64)
    context.backward(upstream)
    grads = [p.grad.clone() for p in attention.parameters()]
    attention.zero_grad()
    for b, n in enumerate(LENGTHS):
        q = query.detach()[:, b : b + 1].clone().requires_grad_()
        m = memory.detach()[:n, b : b + 1].clone().requires_grad_()
        alone, _ = attention(q, m)
        alone.backward(upstream[:, b : b + 1])
        assert torch.allclose(context[:, b : b + 1], alone, atol=1e-10)
        assert torch.allclose(query.grad[:, b : b + 1], q.grad, atol=1e-10)
        assert torch.allclose(memory.grad[:n, b : b + 1], m.grad, atol=1e-10)
        assert (memory.grad[n:, b] == 0).all()
    for whole, p in zip(grads, attention.parameters(), strict=True):
        assert torch.allclose(whole, p.grad, atol=1e-8)


@pytest.mark.parametrize("mask", [None, "causal", "padding"])
def test_scaled_dot_products_are_those_of_pytorch(mask):
    query, memory = sequences()
    query = memory if mask == "causal" else query
    mask = {None: None, "causal": causal_mask(S), "padding": padding_mask(LENGTHS, S)}[mask]
    context, _ = DotProductAttention(scaled=True)(query, memory, mask)
    q, m = query.transpose(0, 1), memory.transpose(0, 1)
    theirs = scaled_dot_product_attention(q, m, m, attn_mask=mask).transpose(0, 1)
    assert torch.allclose(context, theirs, atol=1e-12)
    upstream = torch.randn(context.shape, dtype=torch.float64)
    ours = torch.autograd.grad(context, [query, memory], upstream, retain_graph=True, allow_unused=True)
    for a, b in zip(ours, torch.autograd.grad(theirs, [query, memory], upstream), strict=True):
        assert torch.allclose(a, b, atol=1e-12)


@pytest.mark.parametrize("mask", [None, "causal", "padding", "both"])
def test_many_heads_are_those_of_pytorch(mask):
    torch.manual_seed(0)
    theirs = nn.MultiheadAttention(SIZE, 4).double()
    nn.init.normal_(theirs.in_proj_bias)
    nn.init.normal_(theirs.out_proj.bias)
    ours, (query, memory) = MultiHeadAttention.from_torch(theirs), sequences()
    query = query if mask in (None, "padding") else memory
    causal, padding = causal_mask(S), padding_mask(LENGTHS, S)
    mine = {None: None, "causal": causal, "padding": padding, "both": causal & padding}[mask]
    output, weights = ours(query, memory, mine)
    expected, their_weights = theirs(
        query,
        memory,
        memory,
        key_padding_mask=~padding[:, 0] if mask in ("padding", "both") else None,
        attn_mask=~causal if mask in ("causal", "both") else None,
        average_attn_weights=False,
    )
    assert torch.allclose(output, expected, atol=1e-12)
    assert torch.allclose(weights, their_weights, atol=1e-12)
    upstream = torch.randn(output.shape, dtype=torch.float64)
    output.backward(upstream)
    expected.backward(upstream)
    for k, linear in enumerate((ours.W_q, ours.W_k, ours.W_v)):
        assert torch.allclose(linear.weight.grad, theirs.in_proj_weight.grad.chunk(3)[k], atol=1e-11)
        assert torch.allclose(linear.bias.grad, theirs.in_proj_bias.grad.chunk(3)[k], atol=1e-11)
    assert torch.allclose(ours.W_o.weight.grad, theirs.out_proj.weight.grad, atol=1e-11)


def test_a_copy_shares_nothing_and_keeps_the_mode():
    theirs = nn.MultiheadAttention(SIZE, 2, dropout=0.3).eval()
    ours = MultiHeadAttention.from_torch(theirs)
    assert not ours.training
    assert ours.dropout.p == 0.3
    theirs.in_proj_weight.data.zero_()
    assert ours.W_q.weight.abs().min() > 0


def test_dropout_acts_on_the_mean_and_not_on_the_weights_that_are_told():
    torch.manual_seed(0)
    attention, (query, memory) = MultiHeadAttention(SIZE, 2, dropout=0.5).double(), sequences()
    one, weights = attention(query, memory)
    another, _ = attention(query, memory)
    assert not torch.allclose(one, another)
    assert torch.allclose(weights.sum(-1), torch.ones(B, 2, T, dtype=torch.float64))
    attention.eval()
    assert torch.equal(attention(query, memory)[0], attention(query, memory)[0])


@pytest.mark.parametrize("kind", ["additive", "bilinear", "dot"])
def test_keys_may_come_from_a_step_before(kind):
    attention, (query, memory) = KINDS[kind](), sequences()
    keys = attention.keys(memory)
    whole = attention(query, memory).context
    steps = [attention(query[t : t + 1], memory, keys=keys).context for t in range(T)]
    assert torch.allclose(torch.cat(steps), whole, atol=1e-12)


def test_query_and_memory_may_differ_in_size():
    query, memory = sequences()[0], sequences(size=5)[1]
    for attention in (AdditiveAttention(SIZE, 5, 7), BilinearAttention(SIZE, 5)):
        context, weights = attention.double()(query, memory)
        assert context.shape == (T, B, 5)
        assert weights.shape == (B, T, S)
    with pytest.raises(
        ValueError, match=r"memory of Dot.* must be \(…, B, 8\), got shape \(6, 3, 5\): Bilinear"
    ):
        DotProductAttention()(query, memory)


def test_masks_say_where_one_may_look():
    assert padding_mask(torch.tensor([1, 3]), 3).tolist() == [[[True, False, False]], [[True, True, True]]]
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_scores_of_any_size_give_weights():
    weights = masked_softmax(torch.tensor([[1e4, 0.0, 1e9]]), torch.tensor([[True, True, False]]))
    assert weights.tolist() == [[1.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("mask", "error", "match"),
    [
        (torch.ones(T, S), TypeError, "mask must be bool.*got torch.float32"),
        (torch.ones(S, T, dtype=torch.bool), ValueError, r"mask must fit scores.*\(3, 4, 6\), got \(6, 4\)"),
        (torch.zeros(T, S, dtype=torch.bool), ValueError, "something to look at"),
        ([[True] * S] * T, TypeError, "mask must be a torch tensor, got list"),
        (
            np.ones((T, S), dtype=bool),
            TypeError,
            "mask must be a torch tensor, got a NumPy array; torch.from_numpy",
        ),
        (torch.ones(1, 1, T, S, dtype=torch.bool), ValueError, r"mask must .*got (shape )?\(1, 1, 4, 6\)"),
        (torch.ones(B + 1, T, S, dtype=torch.bool), ValueError, r"mask must .*got (shape )?\(4, 4, 6\)"),
    ],
)
@pytest.mark.parametrize("kind", ["dot", "multi-head"])
def test_a_mask_that_cannot_be_meant_is_refused(kind, mask, error, match):
    if kind == "multi-head":
        forms = (
            r"be \(B, 1, S\), \(T, S\) or \(B, T, S\), here \(3, 1, 6\), \(4, 6\) or \(3, 4, 6\), got shape"
        )
        match = match.replace(r"fit scores.*\(3, 4, 6\), got", forms)
    with pytest.raises(error, match=match):
        KINDS[kind]()(*sequences(), mask)


@pytest.mark.parametrize("lengths", [[0, 2], [2, 7], [[1, 2]]])
def test_lengths_outside_the_batch_are_refused(lengths):
    with pytest.raises(ValueError, match="from 1 to 6, got"):
        padding_mask(torch.tensor(lengths), 6)


@pytest.mark.parametrize(
    ("lengths", "dtype"), [([1.0, 2.0], "float32"), ([True, True], "bool"), ([1j, 2j], "complex64")]
)
def test_lengths_must_be_whole_numbers(lengths, dtype):
    with pytest.raises(TypeError, match=f"lengths must be whole numbers, .* got torch.{dtype}"):
        padding_mask(torch.tensor(lengths), 3)


@pytest.mark.parametrize("mask", [causal_mask, lambda steps: padding_mask(torch.tensor([1, 2]), steps)])
@pytest.mark.parametrize(
    ("steps", "error"), [(2.5, TypeError), (True, TypeError), ("3", TypeError), (0, ValueError)]
)
def test_the_steps_of_a_mask_are_a_positive_int(mask, steps, error):
    with pytest.raises(error, match=f"steps must be a positive int, got {steps!r}"):
        mask(steps)


@pytest.mark.parametrize("lengths", [[1, 2], np.array([1, 2])])
def test_lengths_must_be_a_tensor(lengths):
    with pytest.raises(TypeError, match="lengths must be a torch tensor, got"):
        padding_mask(lengths, 3)


@pytest.mark.parametrize(
    ("kind", "shapes", "match"),
    [
        ("additive", ((T, B, 7), (S, B, SIZE)), r"query of Additive.* \(…, B, 8\), got shape \(4, 3, 7\)"),
        ("additive", ((T, B, SIZE), (S, B, 7)), r"memory of Additive.* \(…, B, 8\), got shape \(6, 3, 7\)"),
        ("bilinear", ((T, B, 7), (S, B, SIZE)), r"query of Bilinear.* \(…, B, 8\), got shape \(4, 3, 7\)$"),
        ("bilinear", ((T, B, SIZE), (S, B, 7)), r"memory of Bilinear.* \(…, B, 8\), got shape \(6, 3, 7\)$"),
        (
            "additive",
            ((T, B, SIZE), (S, B, SIZE), (S, B, SIZE)),
            r"keys of Add.* \(6, 3, 5\), got shape \(6, 3, 8\)",
        ),
        (
            "bilinear",
            ((T, B, SIZE), (S, B, SIZE), (S - 1, B, SIZE)),
            r"keys of Bi.* \(6, 3, 8\), got shape \(5, 3, 8\)",
        ),
        (
            "dot",
            ((T, B, SIZE), (S, B, SIZE), (S, 1, SIZE)),
            r"keys of Dot.* \(6, 3, 8\), got shape \(6, 1, 8\)",
        ),
    ],
)
def test_a_score_names_the_sizes_that_do_not_fit_it(kind, shapes, match):
    query, memory, *keys = (torch.zeros(shape, dtype=torch.float64) for shape in shapes)
    with pytest.raises(ValueError, match=match):
        KINDS[kind]()(query, memory, None, *keys)


def test_keys_must_be_a_tensor():
    with pytest.raises(TypeError, match="keys must be a torch tensor, got list"):
        DotProductAttention()(*sequences(), keys=[1.0])


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: MultiHeadAttention(8, 3), ValueError, "multiple of heads, got 8 and 3"),
        (lambda: MultiHeadAttention(8, 0), ValueError, "heads must be a positive int, got 0"),
        (lambda: AdditiveAttention(8, 8, True), TypeError, "hidden_size must be a positive int, got True"),
        (lambda: BilinearAttention(8, 2.0), TypeError, "memory_size must be a positive int, got 2.0"),
        (lambda: MultiHeadAttention.from_torch(nn.MultiheadAttention(8, 2, kdim=4)), ValueError, "one size"),
        (
            lambda: MultiHeadAttention.from_torch(nn.MultiheadAttention(8, 2, bias=False)),
            ValueError,
            "a bias, got bias=False",
        ),
        (
            lambda: MultiHeadAttention.from_torch(nn.MultiheadAttention(8, 2, vdim=4)),
            ValueError,
            "embed_dim=8, kdim=8, vdim=4",
        ),
        (
            lambda: MultiHeadAttention.from_torch(nn.MultiheadAttention(8, 2, add_bias_kv=True)),
            ValueError,
            "no key and value of its own, got add_bias_kv=True",
        ),
        (
            lambda: MultiHeadAttention.from_torch(nn.MultiheadAttention(8, 2, add_zero_attn=True)),
            ValueError,
            "no key of zeros, got add_zero_attn=True",
        ),
        (
            lambda: MultiHeadAttention.from_torch(nn.Linear(8, 8)),
            TypeError,
            "layer must be a torch.nn.MultiheadAttention, got Linear",
        ),
        (
            lambda: MultiHeadAttention(8, 2)(torch.zeros(4, 3, 6), torch.zeros(5, 3, 8)),
            ValueError,
            r"query must be \(…, B, 8\), got shape \(4, 3, 6\)",
        ),
        (
            lambda: MultiHeadAttention(8, 2)(torch.zeros(4, 3, 8), torch.zeros(5, 3, 6)),
            ValueError,
            r"memory must be \(…, B, 8\), got shape \(5, 3, 6\)",
        ),
        (
            lambda: MultiHeadAttention(8, 2)([1.0], torch.zeros(5, 3, 8)),
            TypeError,
            "query must be a torch tensor, got list",
        ),
    ],
)
def test_a_size_that_cannot_be_meant_is_refused(build, error, match):
    with pytest.raises(error, match=match):
        build()


@pytest.mark.parametrize("shapes", [((4, 8), (6, 3, 8)), ((4, 3, 8), (6, 2, 8))])
@pytest.mark.parametrize("kind", KINDS)
def test_sequences_that_do_not_fit_are_refused(kind, shapes):
    with pytest.raises(ValueError, match="query and memory must have shapes"):
        KINDS[kind]()(*(torch.zeros(shape, dtype=torch.float64) for shape in shapes))
