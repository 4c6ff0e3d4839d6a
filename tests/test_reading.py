"""What a text costs: still, while learning, mixed, and packed."""

import math

import numpy as np
import pytest
import torch

from lstm_lib.experiments import reading
from lstm_lib.experiments.characters import bits_per_character, fresh_model
from lstm_lib.experiments.reading import (
    COMPRESSORS,
    Habit,
    best_weight,
    bits,
    compressed_bits,
    read,
    read_and_learn,
    usual_gradients,
)

IDS = np.tile([0, 1, 2, 3, 2, 1], 150)


@pytest.fixture
def model():
    return fresh_model(0, 4, 5, 6, dropout=0.5)


def test_bits_are_the_mean_of_the_logarithms():
    assert bits([0.5, 0.25, 0.5, 0.125]) == 1.75
    for wrong in ([], [0.5, 0.0], [1.5], [np.nan]):
        with pytest.raises(ValueError, match="probabilities must be above 0 and at most 1"):
            bits(wrong)


def test_reading_gives_the_bits_of_the_whole_text_but_the_first_symbol(model):
    p = read(model, IDS, 1)
    assert len(p) == len(IDS) - 1
    assert bits(p) == pytest.approx(bits_per_character(model, IDS), abs=1e-5)


def test_what_stands_before_is_read_but_not_asked_for(model, monkeypatch):
    whole = read(model, IDS, 1)
    np.testing.assert_allclose(read(model, IDS, 300), whole[299:], rtol=1e-4)
    monkeypatch.setattr(reading, "RUN_UP", 10)
    np.testing.assert_allclose(read(model, IDS, 300), read(model, IDS[289:], 11), rtol=1e-5)


def test_a_model_that_does_not_step_reads_as_it_stands(model):
    usual = usual_gradients(model, IDS, 2)
    for start in (1, 400):
        found = read_and_learn(model, IDS, start, usual, Habit(rate=0.0, back=0.0, window=7))
        np.testing.assert_allclose(found, read(model, IDS, start), rtol=1e-4)


def test_one_step_by_hand(model):
    usual = [torch.full_like(p, 0.5) for p in model.parameters()]
    found = read_and_learn(model, IDS[:6], 1, usual, Habit(rate=0.1, back=0.25, window=3))
    before = read(model, IDS[:6], 1)
    np.testing.assert_allclose(
        found[:3], before[:3], rtol=1e-5
    )  # the first window is guessed by the model as it is
    logits, state = model(torch.from_numpy(IDS[:3])[:, None])
    torch.nn.functional.cross_entropy(logits[:, 0], torch.from_numpy(IDS[1:4])).backward()
    with torch.no_grad():
        for p in model.parameters():
            old = p.clone()
            p -= 0.1 * p.grad / (0.5 + reading.SMALLEST)
            p += 0.25 * (old - p)
        logits, _ = model(
            torch.from_numpy(IDS[3:5])[:, None], [tuple(s.detach() for s in part) for part in state]
        )
    expected = torch.softmax(logits[:, 0], -1)[[0, 1], IDS[4:6]]
    np.testing.assert_allclose(found[3:], expected.numpy(), rtol=1e-4)


def test_nothing_is_used_before_it_was_guessed(model):
    usual = usual_gradients(model, IDS, 2)
    other = IDS.copy()
    other[60:] = 3 - other[60:]
    one, two = (read_and_learn(model, text, 10, usual, Habit(1e-2, 0.0, 8)) for text in (IDS, other))
    np.testing.assert_allclose(one[:50], two[:50], rtol=1e-6)
    assert not np.allclose(one[50:], two[50:])


def test_learning_while_reading_helps_and_leaves_the_model_as_it_was(model):
    before = [p.clone() for p in model.parameters()]
    usual = usual_gradients(model, IDS, 2)
    learning = read_and_learn(model, IDS, 1, usual, Habit(3e-3, 0.001, 8))
    assert bits(learning) < bits(read(model, IDS, 1)) - 0.2
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    assert not model.training


def test_usual_gradients_are_roots_of_mean_squares(model):
    usual = usual_gradients(model, IDS, 1)
    assert [u.shape for u in usual] == [p.shape for p in model.parameters()]
    assert all((u >= 0).all() for u in usual)
    assert float(usual[-1].norm()) > 0
    assert all(p.grad is None for p in model.parameters())


def test_the_best_weight_is_found_on_the_grid():
    ours, other = np.array([0.4, 0.02, 0.3]), np.array([0.01, 0.5, 0.3])
    grid = [bits(k / 20 * ours + (1 - k / 20) * other) for k in range(21)]
    assert best_weight(ours, other) == np.argmin(grid) / 20
    assert best_weight(ours, ours / 2) == 1
    assert best_weight(ours / 2, ours) == 0


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_compressor_pays_little_for_what_it_has_seen(name):
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("abcdefgh"), 3000))
    fresh = compressed_bits(COMPRESSORS[name], "", text)
    assert 2.9 < fresh < 4.6  # three bits of chance a letter, and what the format costs
    assert compressed_bits(COMPRESSORS[name], text, text) < fresh
    with pytest.raises(ValueError, match="text must hold at least one character"):
        compressed_bits(COMPRESSORS[name], text, "")


@pytest.mark.parametrize("start", [0, len(IDS), 2.0, "a"])
def test_a_start_that_cannot_be_meant_is_named(model, start):
    with pytest.raises((ValueError, TypeError), match="start"):
        read(model, IDS, start)


def test_a_text_that_is_not_encoded_is_named(model):
    with pytest.raises(
        ValueError, match=r"ids must be an array \(N,\) with N above start, which is 1, got 'abc'"
    ):
        read(model, "abc", 1)
    assert math.isfinite(bits(read(model, IDS[:2], 1)))
    for ids in (IDS.astype(float), IDS - 100):
        with pytest.raises(ValueError, match="ids must be whole numbers from 0 on, got"):
            read(model, ids, 1)


def test_what_else_cannot_be_meant_is_named():
    with pytest.raises(ValueError, match="window must be at least 1, got 0"):
        Habit(window=0)
    with pytest.raises(ValueError, match="rate must be 0 or more and back from 0 to 1, got -1 and"):
        Habit(rate=-1)
    with pytest.raises(ValueError, match=r"ours and other must have the same shape, got \(2,\) and \(1,\)"):
        best_weight(np.full(2, 0.5), np.full(1, 0.5))
