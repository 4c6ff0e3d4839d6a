"""Temperature, top-k and nucleus by hand; text that is written; a beam against all texts there are."""

import itertools

import numpy as np
import pytest
import torch

from lstm_lib.experiments.characters import fresh_model
from lstm_lib.sampling import (
    Sampler,
    beam,
    likeliest,
    nucleus,
    probabilities,
    stream,
    temperature,
    top_k,
    write,
)

P = np.array([0.1, 0.5, 0.25, 0.15])
Z = np.log(P)
GONE = -np.inf


@pytest.fixture
def model():
    model = fresh_model(3, 5, 4, 6).eval()
    with torch.no_grad():
        model.output.weight.mul_(6)  # clear opinions
    return model


def test_chances_are_those_of_softmax_whatever_is_added():
    np.testing.assert_allclose(probabilities(Z), P)
    np.testing.assert_allclose(probabilities(Z + 1e4), P)
    np.testing.assert_allclose(probabilities([0.0, GONE]), [1, 0])


def test_temperature_by_hand():
    # At 1/2 the chances are squared: 0.01, 0.25, 0.0625, 0.0225, of 0.345.
    cold = probabilities(temperature(Z, 0.5))
    np.testing.assert_allclose(cold, np.array([0.01, 0.25, 0.0625, 0.0225]) / 0.345)
    hot = probabilities(temperature(Z, 2))
    np.testing.assert_allclose(hot, np.sqrt(P) / np.sqrt(P).sum())
    np.testing.assert_array_equal(temperature(Z, 1), Z)


def test_the_k_likeliest_stay():
    np.testing.assert_array_equal(top_k(Z, 2), [GONE, Z[1], Z[2], GONE])
    np.testing.assert_allclose(probabilities(top_k(Z, 2)), [0, 2 / 3, 1 / 3, 0])
    np.testing.assert_array_equal(top_k(Z, 9), Z)
    np.testing.assert_array_equal(top_k([1.0, 1.0, 1.0], 2), [1, 1, GONE])  # of equal ones the first


@pytest.mark.parametrize(
    ("p", "kept"),
    [
        (0.01, [1]),
        (0.5, [1]),  # reached exactly
        (0.51, [1, 2]),
        (0.75, [1, 2]),
        (0.76, [1, 2, 3]),
        (0.9, [1, 2, 3]),
        (0.91, [0, 1, 2, 3]),
        (1, [0, 1, 2, 3]),
    ],
)
def test_the_nucleus_ends_with_the_symbol_that_reaches_p(p, kept):
    z = nucleus(Z, p)
    assert np.flatnonzero(z > GONE).tolist() == kept
    np.testing.assert_array_equal(z[kept], Z[kept])


def test_rows_are_cut_each_by_itself():
    both = np.stack([Z, Z[::-1]])
    for cut in (lambda z: nucleus(z, 0.7), lambda z: top_k(z, 3), lambda z: temperature(z, 0.3)):
        np.testing.assert_array_equal(cut(both), np.stack([cut(Z), cut(Z[::-1])]))


def test_draws_come_as_often_as_their_chances():
    rows = np.tile(Z, (40_000, 1))
    shares = np.bincount(Sampler(np.random.default_rng(0))(rows), minlength=4) / len(rows)
    np.testing.assert_allclose(shares, P, atol=0.01)
    drawn = Sampler(np.random.default_rng(0), temperature=0.5, top_k=3, nucleus=0.8)(rows)
    # Squared and without the rarest: 0.25, 0.0625, 0.0225 of 0.335; the first two make up 0.93.
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / len(rows), [0, 0.8, 0.2, 0], atol=0.01)


def test_the_same_generator_draws_the_same():
    one, two, other = (Sampler(np.random.default_rng(s))(np.tile(Z, (50, 1))) for s in (1, 1, 2))
    assert (one == two).all()
    assert (one != other).any()


def test_greedy_text_is_the_likeliest_at_every_step(model):
    text = write(model, [1, 2], 12, likeliest, copies=2)
    assert text.shape == (12, 2)
    assert (text[:, 0] == text[:, 1]).all()
    logits, _ = model(torch.tensor([1, 2, *text[:-1, 0]])[:, None])
    assert text[:, 0].tolist() == logits[1:, 0].argmax(-1).tolist()


def test_text_appears_symbol_by_symbol(model):
    flow = stream(model, [0], 5, Sampler(np.random.default_rng(0)))
    first = next(flow)
    rest = list(flow)
    assert [int(first[0]), *(int(s[0]) for s in rest)] == write(
        model, [0], 5, Sampler(np.random.default_rng(0))
    )[:, 0].tolist()


def test_a_beam_that_is_wide_enough_finds_the_likeliest_of_all_texts(model):
    length, prompt = 4, [2]
    costs = {}
    for text in itertools.product(range(5), repeat=length):
        with torch.no_grad():
            logits, _ = model(torch.tensor([*prompt, *text[:-1]])[:, None])
        logs = torch.log_softmax(logits[:, 0].double(), -1)[range(length), list(text)]
        costs[text] = -float(logs.sum()) / np.log(2)
    found = beam(model, prompt, length, 5**length)
    assert tuple(found.symbols.tolist()) == min(costs, key=costs.get)
    assert found.bits.sum() == pytest.approx(min(costs.values()), abs=1e-4)
    narrow = [beam(model, prompt, length, width).bits.sum() for width in (1, 3, 25)]
    assert narrow[0] >= narrow[-1] - 1e-6


def test_a_beam_of_one_is_greedy(model):
    assert beam(model, [1, 4], 10, 1).symbols.tolist() == write(model, [1, 4], 10, likeliest)[:, 0].tolist()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: temperature(Z, 0), ValueError, "temperature must be a number above 0, got 0; the limit"),
        (lambda: temperature(Z, "a"), ValueError, "temperature must be a number above 0, got 'a'"),
        (lambda: temperature(Z, True), ValueError, "got True"),
        (lambda: top_k(Z, 0), ValueError, "k must be a positive int, got 0"),
        (lambda: top_k(Z, 1.5), TypeError, r"k must be a positive int, got 1\.5"),
        (lambda: nucleus(Z, 0), ValueError, "p must be a number above 0 and at most 1, got 0"),
        (lambda: nucleus(Z, 1.1), ValueError, r"at most 1, got 1\.1"),
        (lambda: probabilities([np.nan, 1]), ValueError, "logits must be numbers or -inf"),
        (lambda: probabilities([GONE, GONE]), ValueError, "at least one number in a row"),
        (
            lambda: probabilities([]),
            ValueError,
            r"logits must be \(…, V\) with V from 1 on, got shape \(0,\)",
        ),
        (lambda: Sampler(3), TypeError, "rng must be a numpy.random.Generator such as"),
        (lambda: Sampler(np.random.default_rng(0), top_k=0), ValueError, "k must be a positive int"),
        (lambda: write(None, [], 3, likeliest), ValueError, r"prompt must be symbols \(P,\), one at least"),
        (lambda: write(None, "ab", 3, likeliest), ValueError, "prompt must be symbols"),
        (lambda: write(None, [1], 0, likeliest), ValueError, "length must be a positive int, got 0"),
        (lambda: write(None, [1], 2, likeliest, copies=1.0), TypeError, "copies must be a positive int"),
        (lambda: write(None, [1], 2, None), TypeError, "choose must be a function such as likeliest"),
        (lambda: beam(None, [1], 2, 0), ValueError, "width must be a positive int, got 0"),
        (lambda: probabilities("abc"), ValueError, r"logits must be numbers \(…, V\), got 'abc'"),
        (lambda: probabilities([[1, 2], [3]]), ValueError, r"logits must be numbers \(…, V\), got"),
    ],
)
def test_what_cannot_be_meant_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("symbol", [-1, 99])
def test_a_prompt_that_the_model_does_not_know_is_named(model, symbol):
    for call in (lambda: write(model, [symbol], 2, likeliest), lambda: beam(model, [symbol], 2, 2)):
        with pytest.raises(
            ValueError, match=f"prompt must hold symbols that the model knows, got {symbol} to"
        ):
            call()
