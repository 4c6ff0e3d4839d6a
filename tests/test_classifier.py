"""The classifier: against PyTorch's own bidirectional LSTM and a plain sum, padding, dropout, errors."""

import numpy as np
import pytest
import torch

from lstm_lib.nn.classifier import Classifier

LENGTHS = torch.tensor([5, 2, 4])


def fresh(pooling="attention", **more):
    torch.manual_seed(0)
    return Classifier(11, 3, 4, 3, pooling=pooling, **more).double()


@pytest.fixture
def x():
    return torch.randint(2, 11, (5, 3), generator=torch.Generator().manual_seed(1))


def bidirectional(model):
    """Return torch.nn.LSTM(bidirectional=True) with the classifier's weights."""
    layer = torch.nn.LSTM(3, 4, bidirectional=True).double()
    for source, ending in ((model.forward_layer, ""), (model.backward_layer, "_reverse")):
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
            getattr(layer, name + ending).detach().copy_(getattr(source, name).detach())
    return layer


def test_attention_is_what_torch_says_one_sentence_at_a_time(x):
    model = fresh().eval()
    layer, result = bidirectional(model), model.read(x, LENGTHS)
    for b, length in enumerate(LENGTHS):
        h, _ = layer(model.table(x[:length, b : b + 1]))
        h = h[:, 0]  # (length, 2H)
        marks = torch.tanh(h @ model.key.weight.T + model.key.bias) @ model.query.weight[0]
        weights = torch.exp(marks) / torch.exp(marks).sum()
        pooled = torch.cat([sum(w * state for w, state in zip(weights, h, strict=True)), h.max(dim=0).values])
        torch.testing.assert_close(result.scores[b], model.output(pooled), rtol=1e-10, atol=1e-10)
        torch.testing.assert_close(result.looks[b, :length], weights, rtol=1e-10, atol=1e-10)
        assert (result.looks[b, length:] == 0).all()


def test_last_is_the_state_after_the_last_word(x):
    model = fresh("last").eval()
    result = model.read(x, LENGTHS)
    for b, length in enumerate(LENGTHS):
        _, (h, _) = model.forward_layer(model.table(x[:length, b : b + 1]))
        torch.testing.assert_close(result.scores[b], model.output(h[0, 0]), rtol=1e-10, atol=1e-10)
    assert result.looks.argmax(dim=1).tolist() == (LENGTHS - 1).tolist()
    assert model.backward_layer is None


@pytest.mark.parametrize("pooling", ["last", "attention"])
def test_what_stands_in_the_padding_changes_neither_scores_nor_gradients(pooling, x):
    found = []
    for filler in (0, 7):
        model = fresh(pooling)
        padded = x.clone()
        for b, length in enumerate(LENGTHS):
            padded[length:, b] = filler
        scores = model(padded, LENGTHS)
        scores.square().sum().backward()
        found.append((scores.detach(), [p.grad for p in model.parameters()]))
    torch.testing.assert_close(found[0][0], found[1][0], rtol=0, atol=0)
    for a, b in zip(found[0][1], found[1][1], strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_gradients_are_those_of_a_nudge(x):
    model = fresh()
    weight = model.query.weight
    model(x, LENGTHS).square().sum().backward()
    for k in range(4):
        values = []
        for nudge in (1e-6, -1e-6):
            with torch.no_grad():
                weight[0, k] += nudge
                values.append(model(x, LENGTHS).square().sum().item())
                weight[0, k] -= nudge
        assert abs((values[0] - values[1]) / 2e-6 - weight.grad[0, k].item()) < 1e-6


def test_without_lengths_all_are_whole(x):
    model = fresh().eval()
    torch.testing.assert_close(model(x), model(x, torch.tensor([5, 5, 5])))


def test_vectors_become_the_table_and_padding_gets_no_gradient(x):
    vectors = torch.arange(33.0).view(11, 3)
    model = fresh(vectors=vectors)
    assert torch.equal(model.table.weight.detach(), vectors.double())
    padded = x.clone()
    padded[2:, 1] = 0
    model(padded, LENGTHS).sum().backward()
    assert (model.table.weight.grad[0] == 0).all()


def test_words_are_dropped_in_training_alone(x):
    model = fresh(word_dropout=0.9)
    torch.manual_seed(3)
    one, two = model(x), model(x)
    assert not torch.equal(one, two)
    model.eval()
    assert torch.equal(model(x), model(x))


@pytest.mark.parametrize(
    ("arguments", "more", "error", "words"),
    [
        (
            (11, 3, 4),
            {"pooling": "mean"},
            ValueError,
            r"pooling must be one of \['last', 'attention'\], got 'mean'",
        ),
        ((1, 3, 4), {}, ValueError, "words must be at least 2, got 1"),
        ((11, 0, 4), {}, ValueError, "embedding_size must be at least 1, got 0"),
        ((11, 3, 4.0), {}, TypeError, r"hidden_size must be an int, at least 1, got 4\.0"),
        ((11, 3, 4, 1), {}, ValueError, "classes must be at least 2, got 1"),
        ((11, 3, 4), {"dropout": 1}, ValueError, "dropout must be from 0 to below 1, got 1"),
        (
            (11, 3, 4),
            {"vectors": torch.zeros(3, 11)},
            ValueError,
            r"vectors must be \(11, 3\), got shape \(3, 11\)",
        ),
    ],
)
def test_bad_sizes_are_named(arguments, more, error, words):
    with pytest.raises(error, match=words):
        Classifier(*arguments, **more)


@pytest.mark.parametrize(
    ("x", "lengths", "error", "words"),
    [
        (
            np.zeros((2, 2)),
            None,
            TypeError,
            r"x must be a tensor \(T, B\) of words, whole numbers, got ndarray",
        ),
        (torch.zeros(2, 2), None, TypeError, "x must be a tensor .* got torch.float32"),
        (torch.zeros(2, dtype=torch.long), None, ValueError, r"x must be \(T, B\) words.* got \(2,\)"),
        (torch.zeros(0, 2, dtype=torch.long), None, ValueError, "an empty text has no class"),
        (torch.full((2, 2), 11), None, ValueError, "x must hold words from 0 to 10, got 11 to 11"),
        (
            torch.full((2, 2), 3),
            torch.tensor([0, 2]),
            ValueError,
            r"lengths must be from 1 to 2, got \[0, 2\]",
        ),
        (torch.full((2, 2), 3), torch.tensor([2]), ValueError, "lengths must be 2 whole numbers"),
    ],
)
def test_bad_texts_are_named(x, lengths, error, words):
    with pytest.raises(error, match=words):
        fresh()(x, lengths)
