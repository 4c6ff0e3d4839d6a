"""The encoder and decoder against a loop from the equations, and against padding, which must change nothing."""

import pytest
import torch

from lstm_lib.nn.seq2seq import ATTENTIONS, Seq2Seq, shifted

S, T, B, H = 7, 5, 3, 6
LENGTHS = torch.tensor([7, 3, 5])


def model_of(attention, directions=2):
    torch.manual_seed(0)
    return Seq2Seq(11, 9, 4, H, attention, directions=directions).double()


def symbols(steps, count, seed=1):
    return torch.randint(count, (steps, B), generator=torch.Generator().manual_seed(seed))


def lstm_by_hand(layer, x, state):
    """The states of an LSTM for x (T, D), from its equations; state is (h, c), (H,) each."""
    (h, c), states = state, []
    for x_t in x:
        z = layer.weight_ih_l0 @ x_t + layer.bias_ih_l0 + layer.weight_hh_l0 @ h + layer.bias_hh_l0
        i, f, g, o = z.chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)
    return torch.stack(states)


def score_by_hand(model, h, m):
    attention = model.attention
    if isinstance(attention, torch.nn.Module) and hasattr(attention, "v"):
        return attention.v.weight[0] @ torch.tanh(
            attention.W.weight @ h + attention.W.bias + attention.U.weight @ m
        )
    if hasattr(attention, "W"):
        return h @ attention.W.weight @ m
    return h @ m / (H**0.5 if attention.scaled else 1)


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("kind", ATTENTIONS)
def test_it_is_what_its_equations_say_one_sequence_at_a_time(kind, directions):
    model, source, before = model_of(kind, directions), symbols(S, 11), symbols(T, 9)
    logits, weights, _ = model(source, before, LENGTHS)
    for b, n in enumerate(LENGTHS.tolist()):
        x, zero = model.source_table(source[:n, b]), torch.zeros(2, H // directions, dtype=torch.float64)
        ways = [lstm_by_hand(model.encoders[0], x, zero)]
        summary = [ways[0][-1]]
        if directions == 2:
            ways.append(lstm_by_hand(model.encoders[1], x.flip(0), zero).flip(0))
            summary.append(ways[1][0])
        m, z = torch.cat(ways, dim=1), torch.cat(summary)
        first = torch.tanh(model.begin_h(z)), model.begin_c(z)
        for t, h in enumerate(lstm_by_hand(model.decoder, model.target_table(before[:, b]), first)):
            if model.attention is not None:
                a = torch.stack([score_by_hand(model, h, m_s) for m_s in m]).softmax(0)
                assert torch.allclose(weights[b, t, :n], a, atol=1e-10)
                assert (weights[b, t, n:] == 0).all()
                h = torch.tanh(model.mix(torch.cat([a @ m, h])))
            assert torch.allclose(logits[t, b], model.output(h), atol=1e-10)
    assert (weights is None) == (kind == "none")


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("kind", ATTENTIONS)
def test_padding_changes_neither_a_result_nor_a_gradient(kind, directions):
    model, source, before = model_of(kind, directions), symbols(S, 11), symbols(T, 9)
    upstream = torch.randn(T, B, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    found = []
    for filling in (0, 10):
        padded = torch.where(torch.arange(S)[:, None] < LENGTHS, source, filling)
        model.zero_grad()
        logits = model(padded, before, LENGTHS).logits
        (logits * upstream).sum().backward()
        found.append([logits.detach(), *(p.grad.clone() for p in model.parameters())])
    model.zero_grad()
    alone = [
        model(source[:n, b : b + 1], before[:, b : b + 1]).logits for b, n in enumerate(LENGTHS.tolist())
    ]
    (torch.cat(alone, dim=1) * upstream).sum().backward()
    reference = [torch.cat(alone, dim=1).detach(), *(p.grad for p in model.parameters())]
    for ours in found:
        assert all(torch.allclose(a, b, atol=1e-10) for a, b in zip(ours, reference, strict=True))


@pytest.mark.parametrize("kind", ATTENTIONS)
def test_step_by_step_is_the_same_as_all_at_once(kind):
    model, source, before = model_of(kind), symbols(S, 11), symbols(T, 9)
    whole = model(source, before, LENGTHS)
    memory = model.encode(source, LENGTHS)
    state, steps = model.begin(memory), []
    for row in before:
        steps.append(model.decode(row[None], state, memory))
        state = steps[-1].state
    assert torch.allclose(torch.cat([step.logits for step in steps]), whole.logits, atol=1e-12)
    if kind != "none":
        weights = torch.cat([step.weights for step in steps], dim=1)
        assert torch.allclose(weights, whole.weights, atol=1e-12)
    for ours, theirs in zip(state, whole.state, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-12)


def test_a_later_symbol_of_the_target_changes_nothing_before_it():
    model, source, before = model_of("bilinear"), symbols(S, 11), symbols(T, 9)
    other = before.clone()
    other[3] = (other[3] + 1) % 9
    a, b = model(source, before).logits, model(source, other).logits
    assert torch.equal(a[:3], b[:3])
    assert (a[3:] - b[3:]).abs().min(dim=2).values.max() > 0


def test_without_attention_only_the_summary_reaches_the_decoder():
    model, before = model_of("none"), symbols(T, 9)
    memory = model.encode(symbols(S, 11))
    other = memory._replace(states=torch.randn_like(memory.states))
    a = model.decode(before, model.begin(memory), memory).logits
    assert torch.equal(a, model.decode(before, model.begin(other), other).logits)
    other = memory._replace(summary=memory.summary + 1)
    assert not torch.equal(a, model.decode(before, model.begin(other), other).logits)


def test_lengths_that_are_all_the_same_change_nothing():
    model, source, before = model_of("bilinear"), symbols(S, 11), symbols(T, 9)
    a, b = model(source, before), model(source, before, torch.full((B,), S))
    assert torch.equal(a.logits, b.logits)


def test_dropout_acts_in_training_alone():
    torch.manual_seed(0)
    model, source, before = Seq2Seq(11, 9, 4, H, dropout=0.5), symbols(S, 11), symbols(T, 9)
    assert not torch.equal(model(source, before).logits, model(source, before).logits)
    model.eval()
    assert torch.equal(model(source, before).logits, model(source, before).logits)


def test_forget_gates_begin_with_bias_1():
    model = Seq2Seq(11, 9, 4, H)
    for lstm in (*model.encoders, model.decoder):
        n = lstm.hidden_size
        assert torch.equal((lstm.bias_ih_l0 + lstm.bias_hh_l0)[n : 2 * n], torch.ones(n))


def test_shifted_puts_the_first_symbol_before_all():
    assert shifted(torch.tensor([[5, 6], [7, 8], [2, 2]]), 1).tolist() == [[1, 1], [5, 6], [7, 8]]


@pytest.mark.parametrize(
    ("build", "error", "words"),
    [
        (lambda: Seq2Seq(0, 9, 4, 6), ValueError, "source_symbols must be a positive int, got 0"),
        (lambda: Seq2Seq(11, 9, 4, 6.0), TypeError, r"hidden_size must be a positive int, got 6\.0"),
        (lambda: Seq2Seq(11, 9, 4, 7), ValueError, "hidden_size must be even for two directions, got 7"),
        (lambda: Seq2Seq(11, 9, 4, 6, directions=3), ValueError, "directions must be 1 or 2, got 3"),
        (lambda: Seq2Seq(11, 9, 4, 6, directions=True), TypeError, "directions must be .* got True"),
        (
            lambda: Seq2Seq(11, 9, 4, 6, "cosine"),
            ValueError,
            "attention must be one of .*'bilinear'.* got 'cosine'",
        ),
        (
            lambda: Seq2Seq(11, 9, 4, 6, ["dot"]),
            TypeError,
            r"attention must be one of .*'bilinear'.* got \['dot'\]",
        ),
        (lambda: Seq2Seq(11, 9, 4, 6, None), TypeError, "attention must be one of .* got None"),
        (lambda: Seq2Seq(11, 9, 4, 6, dropout="a"), TypeError, "dropout must be a number .* got 'a'"),
        (
            lambda: Seq2Seq(11, 9, 4, 6, dropout=1.0),
            ValueError,
            r"dropout must be from 0 to below 1, got 1\.0",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11)[:, 0], symbols(T, 9)),
            ValueError,
            r"source must be \(steps, B\) symbols, at least one, got shape \(7,\)",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11), symbols(T, 9)[:, :2]),
            ValueError,
            r"before must have B = 3, got shape \(5, 2\)",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11), symbols(T, 9), torch.tensor([8, 1, 1])),
            ValueError,
            "lengths must .* got",
        ),
        (
            lambda: model_of("dot")(symbols(S, 12), symbols(T, 9)),
            ValueError,
            "source must hold symbols from 0 to 10, got 0 to 11",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11), symbols(T, 9) - 1),
            ValueError,
            "before must hold symbols from 0 to 8, got -1 to",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11).float(), symbols(T, 9)),
            TypeError,
            "source must be symbols, whole numbers, got torch.float32",
        ),
        (
            lambda: model_of("dot")(symbols(S, 11).numpy(), symbols(T, 9)),
            TypeError,
            "source must be a torch tensor, got a NumPy array; torch.from_numpy makes one",
        ),
        (lambda: shifted(torch.tensor([1, 2]), 0), ValueError, r"target must be \(T, B\) .* \(2,\)"),
    ],
)
def test_bad_input_is_named(build, error, words):
    with pytest.raises(error, match=words):
        build()
