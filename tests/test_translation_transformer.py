"""The Transformer that translates: causal, blind to padding, and the same written at once or word by word."""

import pytest
import torch

from lstm_lib.decoding import greedy
from lstm_lib.nn.seq2seq import shifted
from lstm_lib.nn.translation_transformer import TransformerTranslator


@pytest.fixture
def model():
    torch.manual_seed(0)
    return TransformerTranslator(11, 9, 16, heads=2, hidden_size=24, layers=2).eval()


def draw(high, *shape):
    return torch.randint(3, high, shape, generator=torch.Generator().manual_seed(1))


def test_all_steps_at_once_are_the_steps_one_by_one(model):
    x, y = draw(11, 5, 3), draw(9, 4, 3)
    with torch.no_grad():
        at_once = model(x, y).logits
        memory = model.encode(x)
        state, logits = model.begin(memory), []
        for step in y:
            found, _, state = model.decode(step[None], state, memory)
            logits.append(found)
    torch.testing.assert_close(torch.cat(logits), at_once)
    assert torch.equal(state, y)


def test_no_step_sees_what_comes_later(model):
    x, y = draw(11, 5, 2), draw(9, 6, 2)
    other = y.clone()
    other[4:] = 3
    with torch.no_grad():
        torch.testing.assert_close(model(x, y).logits[:4], model(x, other).logits[:4])


def test_padding_changes_nothing(model):
    x, y = draw(11, 6, 3), draw(9, 4, 3)
    lengths = torch.tensor([6, 4, 2])
    with torch.no_grad():
        together = model(x, y, lengths)
        for k, length in enumerate(lengths):
            alone = model(x[:length, k : k + 1], y[:, k : k + 1])
            torch.testing.assert_close(together.logits[:, k : k + 1], alone.logits, atol=1e-5, rtol=1e-4)
    assert together.weights.shape == (3, 4, 6)
    assert (together.weights[1, :, 4:] == 0).all()
    torch.testing.assert_close(together.weights.sum(-1), torch.ones(3, 4))


def test_it_learns_to_copy_and_writes_what_it_was_taught():
    torch.manual_seed(3)
    model = TransformerTranslator(12, 12, 16, heads=2, hidden_size=32, layers=1)
    adam = torch.optim.Adam(model.parameters(), 0.01)
    x = torch.cat([torch.randint(3, 12, (4, 64)), torch.full((1, 64), 2)])
    for _ in range(250):
        logits = model(x, shifted(x, 1)).logits
        value = torch.nn.functional.cross_entropy(logits.flatten(0, 1), x.flatten())
        adam.zero_grad()
        value.backward()
        adam.step()
    model.eval()
    with torch.no_grad():
        written = greedy(model, model.encode(x), begin=1, end=2, max_steps=8)
    assert (written.symbols[:5] == x).float().mean() > 0.95


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: TransformerTranslator(0, 9, 16), "source_symbols"),
        (lambda m: m.encode(torch.zeros(4, dtype=torch.long)), r"source must be \(S, B\) symbols"),
        (lambda m: m(draw(11, 4, 2), draw(9, 3, 5)), r"before must be \(T, 2\), got shape \(3, 5\)"),
        (lambda m: m.encode(draw(11, 4, 2), torch.tensor([5, 1])), "lengths must be from 1 to 4"),
    ],
)
def test_what_does_not_fit_is_named(model, call, words):
    with pytest.raises(ValueError, match=words):
        call(model)
