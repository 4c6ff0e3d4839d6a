"""Strips of text, the carried state, and bits per character."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.experiments.characters import (
    CarriedLoss,
    Strips,
    bits_per_character,
    fresh_model,
)

TEXT = np.arange(103)


def test_windows_follow_each_other_and_y_is_the_next_symbol():
    strips = Strips(TEXT, batch=3, steps=5, rng=np.random.default_rng(0))
    before = None
    for _ in range(12):
        x, y, first = strips.draw()
        assert x.shape == y.shape == (5, 3)
        assert torch.equal(y, x + 1)  # the text counts up
        if not first:
            assert torch.equal(x[0], before[-1])
        before = y


def test_an_epoch_begins_anew_at_a_place_of_its_own():
    strips = Strips(TEXT, batch=2, steps=4, rng=np.random.default_rng(1))
    starts = [int(window.x[0, 0]) for window in (strips.draw() for _ in range(200)) if window.first]
    assert len(starts) > 10
    assert set(starts) == {0, 1, 2, 3}


def test_every_symbol_of_a_strip_is_read_but_for_a_rest_shorter_than_a_window():
    strips = Strips(TEXT, batch=2, steps=4, rng=np.random.default_rng(2))
    start = int(strips.draw().x[0, 0])
    seen = 1
    while not strips.draw().first:
        seen += 1
    length = (len(TEXT) - start) // 2
    assert length - 1 - 4 < seen * 4 <= length - 1


@pytest.mark.parametrize(
    ("ids", "batch", "steps", "words"),
    [
        (TEXT[None], 2, 4, r"ids must be \(N,\), got shape \(1, 103\)"),
        (TEXT, 0, 4, "batch must be a positive int, got 0"),
        (TEXT, 2, 0, "steps must be a positive int, got 0"),
        (TEXT[:16], 3, 4, "ids must hold at least 18 symbols for 3 strips of 4 steps, got 16"),
    ],
)
def test_bad_strips_are_named(ids, batch, steps, words):
    with pytest.raises(ValueError, match=words):
        Strips(ids, batch, steps, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("ids", "batch", "steps", "words"),
    [
        (list(TEXT), 2, 4, "ids must be an array of symbols, such as .*, got list"),
        ("hallo", 2, 4, "ids must be an array of symbols, such as .*, got str"),
        (TEXT / 2, 2, 4, "ids must be whole numbers, got float64"),
        (TEXT, 4.0, 8, r"batch must be a positive int, got 4\.0"),
        (TEXT, 4, True, "steps must be a positive int, got True"),
    ],
)
def test_strips_of_something_else_are_named(ids, batch, steps, words):
    with pytest.raises(TypeError, match=words):
        Strips(ids, batch, steps, np.random.default_rng(0))


def test_the_shortest_text_that_is_taken_has_a_window_at_every_start():
    for seed in range(20):
        assert Strips(TEXT[:18], 3, 4, np.random.default_rng(seed)).draw().x.shape == (4, 3)


def test_the_loss_goes_on_from_the_last_window_and_begins_anew_at_the_first():
    model, strips = fresh_model(0, 103, 8, 8).eval(), Strips(TEXT, 1, 5, np.random.default_rng(0))
    loss = CarriedLoss()
    windows = [strips.draw() for _ in range(3)]
    values = [loss(model, window)[0] for window in windows]
    x = torch.cat([window.x for window in windows])
    y = torch.cat([window.y for window in windows])
    logits, _ = model(x)
    expected = nn.functional.cross_entropy(logits[:, 0], y[:, 0])
    torch.testing.assert_close(torch.stack(values).mean(), expected)
    values[-1].backward()  # not through the windows before: their graphs are gone without an error
    again, _ = loss(model, windows[0])
    torch.testing.assert_close(again, values[0])


class Guesser(nn.Module):
    """Gives each symbol the same logits, whatever it reads; in training it fails."""

    def __init__(self, logits):
        super().__init__()
        self.logits = torch.tensor(logits)

    def forward(self, x, state=None):
        assert not self.training
        return self.logits.expand(*x.shape, -1), state


def test_bits_are_those_of_the_probabilities():
    p = np.array([0.5, 0.25, 0.25])
    guesser = Guesser(np.log(p)).train()
    ids = np.array([2, 0, 0, 1, 2, 0])
    assert bits_per_character(guesser, ids) == pytest.approx(-np.log2(p[ids[1:]]).mean())
    assert guesser.training


def test_a_text_without_anything_to_guess_is_named():
    with pytest.raises(ValueError, match=r"ids must be \(N,\) with N from 2 on, got shape \(1,\)"):
        bits_per_character(Guesser([0.0]), np.array([0]))


@pytest.mark.parametrize(
    ("ids", "words"),
    [("hallo", r"ids must be an array of symbols, .*encode\(text\), got str"), (np.ones(3), "got float64")],
)
def test_a_text_that_is_not_encoded_is_named(ids, words):
    with pytest.raises(TypeError, match=words):
        bits_per_character(Guesser([0.0]), ids)


def test_fresh_weights_come_from_the_seed_and_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    one, same, other = (fresh_model(seed, 7, 3, 4) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.output.weight, same.output.weight)
    assert not torch.equal(one.output.weight, other.output.weight)


def test_a_model_that_has_learnt_needs_fewer_bits():
    from lstm_lib.training import fit

    text = np.tile([0, 1, 2, 1], 200)
    model, strips = fresh_model(0, 3, 4, 8), Strips(text, 4, 8, np.random.default_rng(0))
    assert bits_per_character(model, text) > 0.9 * math.log2(3)
    fit(model, strips.draw, CarriedLoss(), steps=80, rate=0.05, progress=None)
    assert bits_per_character(model, text) < 0.1
