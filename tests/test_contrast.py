"""The twins: the grammar, that counting cannot help, and what can be asked for."""

from collections import Counter

import numpy as np
import pytest

from lstm_lib.datasets import contrast
from lstm_lib.datasets.contrast import BAD, FILLERS, GOOD, KINDS, twins


def pairs_of(*arguments, **more):
    found = twins(*arguments, **more)
    return list(zip(found[::2], found[1::2], strict=True))


def meaning(words):
    """Return the class of a sentence: the grammar once more, written from its table, from left to right."""
    keys = [word for word in words if word not in FILLERS]
    sign = lambda clause: (clause[-1] in GOOD) != ("not" in clause)  # noqa: E731
    strong = [word for word in ("very", "slightly") if word in keys]
    if strong:
        return int(keys[keys.index("very") + 1] in GOOD)
    for join, which in (("but", 1), (",", 1), ("although", 0), ("and", None)):
        if join in keys:
            at = keys.index(join)
            clauses = [[w for w in keys[:at] if w != "although"], keys[at + 1 :]]
            if which is None:
                assert sign(clauses[0]) == sign(clauses[1])  # both halves agree
                return int(sign(clauses[0]))
            return int(sign(clauses[which]))
    raise AssertionError(keys)


def test_labels_follow_from_the_grammar():
    for sentence in twins(400, np.random.default_rng(0)):
        assert sentence.label == meaning(sentence.words), sentence


def test_twins_hold_the_same_words_and_are_of_opposite_class():
    for a, b in pairs_of(300, np.random.default_rng(1)):
        assert Counter(a.words) == Counter(b.words)
        assert a.words != b.words
        assert {a.label, b.label} == {0, 1}
        assert a.kind == b.kind


def test_every_kind_and_both_orders_occur():
    sentences = twins(400, np.random.default_rng(2))
    assert set(KINDS) == {s.kind for s in sentences}
    assert 0.4 < np.mean([a.label for a, _ in pairs_of(400, np.random.default_rng(2))]) < 0.6
    used = {word for s in sentences for word in s.words}
    assert {*GOOD, *BAD, *FILLERS, "not", "but", "although", ",", "very", "slightly", "and"} == used


def test_no_run_of_four_words_holds_two_key_words():
    for sentence in twins(200, np.random.default_rng(3)):
        keys = [n for n, word in enumerate(sentence.words) if word not in FILLERS]
        assert min(np.diff(keys)) >= 4
        assert keys[0] >= 3
        assert len(sentence.words) - 1 - keys[-1] >= 3


def after_not(sentence):
    keys = [word for word in sentence.words if word not in FILLERS]
    return keys[keys.index("not") + 1] if "not" in keys else None


def test_adjectives_can_be_kept_from_standing_after_not():
    never = (*GOOD[1:], *BAD[1:])
    kinds = ("negation", "contrast", "intensity")  # "turned" needs two negated adjectives of one list
    kept = {after_not(s) for s in twins(300, np.random.default_rng(4), kinds, never_negated=never)}
    assert kept == {None, GOOD[0], BAD[0]}
    only = pairs_of(100, np.random.default_rng(5), ("turned", "negation"), only_negated=never)
    assert all({after_not(a), after_not(b)} & set(never) for a, b in only)


def test_a_longer_gap_makes_longer_sentences():
    short, long = (twins(50, np.random.default_rng(6), ("contrast",), gap=gap) for gap in ((3, 5), (8, 12)))
    assert max(len(s.words) for s in short) < min(len(s.words) for s in long)


def test_the_same_generator_gives_the_same_twins():
    assert twins(20, np.random.default_rng(7)) == twins(20, np.random.default_rng(7))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda rng: twins(0, rng), ValueError, "pairs must be at least 1, got 0"),
        (lambda rng: twins(2.5, rng), TypeError, "pairs must be a whole number"),
        (lambda rng: twins(2, rng, gap=(1,)), ValueError, "gap must be two numbers of fillers"),
        (lambda rng: twins(2, rng, gap=(1, 2.5)), TypeError, "gap must be a whole number"),
        (lambda rng: twins(5, 3), TypeError, "rng must be a numpy.random.Generator, got int"),
        (lambda rng: twins(5, rng, ("irony",)), ValueError, r"kinds must be some of .* got \['irony'\]"),
        (lambda rng: twins(5, rng, ()), ValueError, "kinds must be some of .* got none"),
        (
            lambda rng: twins(5, rng, never_negated=("blue",)),
            ValueError,
            r"adjectives must be words of GOOD or BAD, got \['blue'\]",
        ),
        (
            lambda rng: twins(5, rng, gap=(5, 3)),
            ValueError,
            r"gap must be two numbers of fillers.* got \(5, 3\)",
        ),
        (
            lambda rng: twins(2, rng, ("intensity",), only_negated=("good",)),
            ValueError,
            "must allow 2 pairs, found 0",
        ),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call(np.random.default_rng(0))


def test_the_table_of_the_grammar_names_every_kind():
    assert all(f"    {kind}" in contrast.__doc__ for kind in KINDS)


def test_all_kinds_stay_equally_frequent_whatever_is_never_negated():
    for never in ((), GOOD[2:] + BAD[2:]):
        found = Counter(s.kind for s in twins(2000, np.random.default_rng(0), never_negated=never))
        assert all(abs(found[kind] / 4000 - 1 / len(KINDS)) < 0.04 for kind in KINDS)
