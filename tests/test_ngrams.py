"""Character n-grams: by hand on a tiny text, against a slow version from the equations, and sums to one."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from lstm_lib.experiments.ngrams import USUAL_DISCOUNTS, discounts, earlier, kneser_ney, witten_bell

TEXT = "abracadabra"
LETTERS = "abcdr"


def encode(text):
    return np.array([LETTERS.index(c) for c in text])


def after(model, past, order, symbols=5):
    """The chances of each symbol after a past: each in turn is put behind it."""
    return np.array([model(np.append(past, w), symbols, order, len(past))[-1] for w in range(symbols)])


def test_pairs_by_hand_as_witten_and_bell():
    # Single letters: a 5, b 2, r 2, c 1, d 1 of 11, five kinds, so P(b) = (2 + 5/5) / 16.
    p = after(witten_bell, encode(TEXT), 1)
    np.testing.assert_allclose(p, np.array([6, 3, 2, 2, 3]) / 16)
    # After a: b 2, c 1, d 1, three kinds.
    p = after(witten_bell, encode(TEXT), 2)
    expected = (np.array([0, 2, 1, 1, 0]) + 3 * np.array([6, 3, 2, 2, 3]) / 16) / 7
    np.testing.assert_allclose(p, expected)


def test_pairs_by_hand_as_kneser_and_ney():
    # Few counts are repeated, so the usual discounts are taken. Single letters count what they have stood after:
    # a after the beginning, r, c and d: 4; b, c and d after a: 1 each; r after b: 1. Of 8 in all.
    p = after(kneser_ney, encode(TEXT), 2)
    one, two, three = USUAL_DISCOUNTS
    single = np.array([4 - three, 1 - one, 1 - one, 1 - one, 1 - one]) + (three + 4 * one) / 5
    single /= 8
    expected = (np.array([0, 2 - two, 1 - one, 1 - one, 0]) + (two + 2 * one) * single) / 4
    np.testing.assert_allclose(p, expected)


def slow_kneser_ney(past, order, symbols):
    """The equations of Chen and Goodman, context by context; V stands before the beginning."""
    padded = [symbols] * (order - 1) + list(past)
    chances = np.full(symbols, 1 / symbols)
    for n in range(1, order + 1):
        grams = Counter(tuple(padded[t - n + 1 : t + 1]) for t in range(order - 1, len(padded)))
        if n < order:
            longer = {tuple(padded[t - n : t + 1]) for t in range(order - 1, len(padded))}
            grams = Counter(gram[1:] for gram in longer)
        D = (0.0, *discounts(np.array(list(grams.values()))))
        context = tuple(padded[len(padded) - n + 1 :])
        following = defaultdict(int, {gram[-1]: c for gram, c in grams.items() if gram[:-1] == context})
        total = sum(following.values())
        if total:
            given = sum(D[min(c, 3)] for c in following.values())
            kept = np.array([max(following[w] - D[min(following[w], 3)], 0) for w in range(symbols)])
            chances = (kept + given * chances) / total
    return chances


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("length", [3, 60, 400])
def test_kneser_ney_agrees_with_a_slow_one_from_the_equations(order, length):
    past = np.random.default_rng(length).integers(4, size=length) ** 2 % 4  # an uneven text
    np.testing.assert_allclose(
        after(kneser_ney, past, order, 4), slow_kneser_ney(past.tolist(), order, 4), rtol=1e-12
    )


@pytest.mark.parametrize("model", [witten_bell, kneser_ney])
@pytest.mark.parametrize("order", [1, 2, 3, 5, 8])
def test_chances_are_positive_and_sum_to_one(model, order):
    past = np.random.default_rng(order).integers(3, size=50) * 2
    p = after(model, past, order, 6)
    assert (p > 0).all()
    assert p.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("model", [witten_bell, kneser_ney])
def test_a_model_that_counts_on_is_one_that_is_counted_anew_at_each_place(model):
    ids = np.random.default_rng(1).integers(4, size=80)
    counting = model(ids, 4, 3, 40, counted=80)
    if model is kneser_ney:  # its discounts stay those of the beginning
        assert counting[0] == pytest.approx(model(ids[:41], 4, 3, 40)[0])
        assert not np.allclose(counting, model(ids, 4, 3, 40))
    else:
        anew = [model(ids[: t + 1], 4, 3, t)[0] for t in range(40, 80)]
        np.testing.assert_allclose(counting, anew)


@pytest.mark.parametrize("model", [witten_bell, kneser_ney])
def test_nothing_of_the_future_is_used(model):
    ids = np.random.default_rng(2).integers(4, size=90)
    other = ids.copy()
    other[70:] = 3 - other[70:]
    for counted in (50, 90):
        one, two = (model(text, 4, 4, 50, counted=counted) for text in (ids, other))
        np.testing.assert_array_equal(one[:20], two[:20])


def test_discounts_are_those_of_the_equation():
    counts = np.repeat([1, 2, 3, 4, 9], [40, 20, 10, 6, 3])
    Y = 40 / 80
    np.testing.assert_allclose(
        discounts(counts), [1 - 2 * Y * 20 / 40, 2 - 3 * Y * 10 / 20, 3 - 4 * Y * 6 / 10]
    )
    assert discounts(np.array([1, 1, 2, 5])) == USUAL_DISCOUNTS


def test_earlier_sums_what_stands_before_with_the_same_key():
    keys, events = np.array([7, 3, 7, 7, 3]), np.array([1, 2, 3, 4, 5])
    assert earlier(keys, events).tolist() == [0, 0, 1, 4, 2]


def test_on_the_play_it_needs_the_bits_that_were_found_before():
    from lstm_lib.experiments.reading import bits
    from lstm_lib.experiments.text_generation import hamlet_parts

    p = hamlet_parts()
    start = len(p.known)
    # Facts of a first prototype, written otherwise.
    assert bits(witten_bell(p.all, 66, 5, start)) == pytest.approx(2.416, abs=1e-3)
    assert bits(witten_bell(p.all, 66, 5, start, counted=len(p.all))) == pytest.approx(2.277, abs=1e-3)
    assert bits(kneser_ney(p.all, 66, 6, start)) == pytest.approx(2.243, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"ids": encode(TEXT) / 2}, TypeError, r"ids must be whole numbers \(N,\), .* got float64"),
        ({"ids": encode(TEXT)[None]}, TypeError, r"of shape \(1, 11\)"),
        ({"symbols": 3}, ValueError, "ids must be from 0 to 2, got 0 to 4"),
        ({"order": 0}, ValueError, "order must be at least 1, got 0"),
        ({"order": 2.0}, TypeError, r"order must be a whole number, at least 1, got 2\.0"),
        ({"start": 11}, ValueError, "start must be below N, which is 11, got 11"),
        ({"counted": -1}, ValueError, "counted must be at least 0, got -1"),
    ],
)
def test_what_cannot_be_meant_is_named(change, error, words):
    arguments = {"ids": encode(TEXT), "symbols": 5, "order": 2, "start": 5} | change
    with pytest.raises(error, match=words):
        witten_bell(**arguments)
