"""Pairs of sentences: the split by combinations, and the cache."""

from itertools import pairwise

import numpy as np
import pytest

from lstm_lib.datasets import made, translation
from lstm_lib.datasets.bilingual_grammar import Drawer, pairs
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import (
    HELD_OUT,
    SIZES,
    Pair,
    load_translation,
    make_pairs,
    sides,
)
from lstm_lib.experiments.translation import words_of


@pytest.fixture(scope="module")
def data():
    return load_translation(progress=None)


def test_the_parts_have_their_sizes_and_no_sentence_of_either_side_in_common(data):
    assert {part: len(getattr(data, part)) for part in data._fields} == SIZES
    for k in (0, 1):
        train, validation, test = ({pair[k] for pair in part} for part in data)
        assert [len(part) for part in (train, validation, test)] == list(
            SIZES.values()
        )  # none is there twice
        assert not train & validation
        assert not train & test
        assert not validation & test


def test_what_is_held_out_stands_in_no_sentence_of_training_and_in_many_of_the_test(data):
    """Read in the English texts, as far as an adjective or a verb stands right before its noun."""

    def beside(part, held):
        return sum(two in held for pair in part for words in [words_of(pair.en)] for two in pairwise(words))

    every = HELD_OUT["test"] | HELD_OUT["validation"]
    assert beside(data.train, every) == 0
    assert beside(data.test, HELD_OUT["validation"]) == 0
    assert beside(data.test, HELD_OUT["test"]) > 400


def test_plans_hold_nothing_that_is_held_out():
    assert not HELD_OUT["test"] & HELD_OUT["validation"]
    every = HELD_OUT["test"] | HELD_OUT["validation"]
    assert len(every) == 2 * round(0.1 * len(translation._combinations()))
    drawer = Drawer(np.random.default_rng([translation.SEED, 0]), every)
    for _ in range(2000):
        assert not pairs(drawer.plan()) & every


def test_words_of_the_other_parts_are_known_from_training(data):
    english, french = (
        [{word for pair in part for word in words_of(pair[side])} for part in data] for side in (0, 1)
    )
    assert not (english[1] | english[2]) - english[0]
    assert not (french[1] | french[2]) - french[0]


def test_at_least_a_hundred_thousand_pairs_are_within_reach():
    """By counting: of 40,000 plans nearly all differ, so by the birthday rule there are far more than 100,000."""
    drawer = Drawer(np.random.default_rng(9))
    plans = [drawer.plan() for _ in range(40_000)]
    different = len(set(plans))
    assert different > 33_000  # 100,000 equally likely plans would give 33,000
    longer = {plan for plan in plans if len(plan.clauses) == 2}
    assert len(longer) > 0.2 * len(plans) * 0.98


def test_a_seed_gives_the_same_pairs():
    assert make_pairs("test", 5, seed=3) == make_pairs("test", 5, seed=3)
    assert make_pairs("test", 5, seed=3) != make_pairs("test", 5, seed=4)


def test_the_cache_is_made_once_and_again_when_the_recipe_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_LIB_DATA", str(tmp_path))
    monkeypatch.setattr(translation, "SIZES", {"train": 400, "validation": 2, "test": 3})
    first = load_translation(progress=None)
    files = sorted(path.name for path in tmp_path.glob("*.tsv"))
    assert files == [made.place("translation", translation.recipe(), ".tsv").name]

    def must_not(*_, **__):
        raise AssertionError("it is made again")

    monkeypatch.setattr(translation, "make_pairs", must_not)
    assert load_translation(progress=None) == first
    monkeypatch.setattr(translation, "recipe", lambda: "another")
    with pytest.raises(AssertionError, match="it is made again"):
        load_translation(progress=None)
    made.place("translation", "another", ".tsv").write_text("test\t\tA\tB\n", encoding="utf-8")
    with pytest.raises(DataError, match="is damaged: delete it, and it is made anew"):
        load_translation(progress=None)


def test_pairs_have_two_sides():
    pairs = [Pair("Go 0.", "Va 0 !"), Pair("Go 1.", "Va 1 !")]
    assert sides(pairs) == (["Go 0.", "Go 1."], ["Va 0 !", "Va 1 !"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dev", 3), r"part must be one of \['train', 'validation', 'test'\], got 'dev'"),
        (("test", 0), "count must be at least 1, got 0"),
        (
            ("train", 3, 0, None, frozenset({"cat"})),
            "known has too few words: 1,001 sentences in a row have others",
        ),
    ],
)
def test_what_cannot_be_made_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        make_pairs(*arguments)
