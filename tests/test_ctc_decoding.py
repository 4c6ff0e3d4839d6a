"""Decoding of CTC: the best path, the beam against every labelling there is, and the lexicon."""

import itertools
import math

import numpy as np
import pytest

from lstm_lib.ctc_decoding import Lexicon, best_path, collapse, every_labelling, prefix_beam


def chances(T, K, seed=0, sharp=1.0):
    return np.log(np.random.default_rng(seed).dirichlet(np.full(K, 1 / sharp), T))


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ([1, 1, 0, 2], (1, 2)),
        ([1, 0, 1], (1, 1)),
        ([0, 0, 0], ()),
        ([], ()),
        ([2, 2, 2], (2,)),
        ([0, 3, 3, 0, 0, 3, 1], (3, 3, 1)),
    ],
)
def test_collapse(path, labels):
    assert collapse(path) == labels


def test_the_best_path_is_not_always_the_best_labelling():
    p = np.array([[0.6, 0.4], [0.6, 0.4]])  # blank, a: the best path is blank twice, 0.36; but a has 0.64
    assert best_path(np.log(p)) == ()
    every = every_labelling(np.log(p))
    assert every == pytest.approx({(): 0.36, (1,): 0.64})
    assert prefix_beam(np.log(p), 4)[0].labels == (1,)
    assert math.exp(prefix_beam(np.log(p), 4)[0].log_p) == pytest.approx(0.64)


def test_all_labellings_together_have_the_chance_one():
    assert sum(every_labelling(chances(6, 3)).values()) == pytest.approx(1)


@pytest.mark.parametrize(("T", "K"), [(1, 3), (4, 3), (6, 3), (5, 4)])
@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_every_labelling_with_its_chance(T, K, seed):
    log_p = chances(T, K, seed)
    every = every_labelling(log_p)
    found = prefix_beam(log_p, 100_000)
    assert {one.labels: math.exp(one.log_p) for one in found} == pytest.approx(every)
    assert [one.log_p for one in found] == sorted((one.log_p for one in found), reverse=True)


@pytest.mark.parametrize("seed", range(20))
def test_a_narrow_beam_never_claims_too_much(seed):
    log_p = chances(6, 4, seed)
    every = every_labelling(log_p)
    for one in prefix_beam(log_p, 3):
        assert math.exp(one.log_p) <= every[one.labels] + 1e-12


A, B, C, SPACE = 1, 2, 3, 4
WORDS = [(A,), (A, B), (B, B, C)]


def texts(longest=4):
    """All texts of WORDS with at most so many symbols."""
    found = set()
    for count in (1, 2, 3, 4):
        for words in itertools.product(WORDS, repeat=count):
            text = [symbol for word in words for symbol in (*word, SPACE)][:-1]
            if len(text) <= longest:
                found.add(tuple(text))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_with_a_lexicon_it_finds_the_texts_of_its_words_with_their_chances(seed):
    log_p = chances(5, 5, seed)
    every = every_labelling(log_p)
    found = prefix_beam(log_p, 100_000, Lexicon(WORDS, SPACE))
    allowed = {labels: p for labels, p in every.items() if labels in texts(5)}
    assert {one.labels: math.exp(one.log_p) for one in found} == pytest.approx(allowed)


def test_places_in_the_lexicon():
    lexicon = Lexicon(WORDS, SPACE)
    a = lexicon.step(0, A)
    assert lexicon.ends(a)
    assert lexicon.step(a, SPACE) == 0
    assert lexicon.ends(lexicon.step(a, B))
    assert lexicon.step(0, C) is None
    assert lexicon.step(0, SPACE) is None
    assert not lexicon.ends(0)


def test_rare_symbols_may_be_passed_over():
    log_p = chances(30, 8, 3, sharp=8.0)
    assert prefix_beam(log_p, 8, least=1e-6)[0].labels == prefix_beam(log_p, 8)[0].labels


def test_a_long_utterance_does_not_become_zero():
    found = prefix_beam(chances(2000, 6, 1), 4)
    assert found
    assert -5000 < found[0].log_p < -700


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: prefix_beam(chances(3, 3), 0), "width must be a whole number, at least 1, got 0"),
        (lambda: prefix_beam(chances(3, 3), 2.5), r"width must be a whole number, at least 1, got 2\.5"),
        (lambda: prefix_beam(chances(3, 3), True), "width must be a whole number, at least 1, got True"),
        (lambda: prefix_beam(chances(3, 3), "8"), "width must be a whole number, at least 1, got '8'"),
        (lambda: prefix_beam(np.zeros((3, 3)), 2), "each step must add up to 1"),
        (lambda: prefix_beam(np.zeros(3), 2), r"log_p must be \(T, K\), at least one step, got shape \(3,\)"),
        (
            lambda: best_path(np.zeros((0, 3))),
            r"log_p must be \(T, K\), at least one step, got shape \(0, 3\)",
        ),
        (lambda: best_path(np.full((2, 3), np.nan)), "log_p must hold numbers, got NaN"),
        (lambda: best_path(np.zeros((2, 3)), blank=3), "blank must be from 0 to 2, got 3"),
        (lambda: every_labelling(np.zeros((20, 9))), "at most 10,000,000 paths, got 9 to the power of 20"),
        (lambda: Lexicon([], 4), "words must hold at least one word, got none"),
        (lambda: Lexicon([()], 4), r"words must have symbols, and no space \(4\), got \[\]"),
        (lambda: Lexicon([(1, 4)], 4), r"words must have symbols, and no space \(4\), got \[1, 4\]"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
