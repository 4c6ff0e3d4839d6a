"""Pairs of sentences: the split by combinations, the cache, and a learner's own file."""

import numpy as np
import pytest

from lstm_lib.datasets import translation
from lstm_lib.datasets.bilingual_grammar import Drawer, pairs
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import (
    HELD_OUT,
    SIZES,
    Pair,
    load_pairs,
    load_translation,
    make_pairs,
    sides,
)


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


def test_what_is_held_out_never_occurs_in_training():
    """The plans are drawn again, since the pairs do not keep theirs."""
    assert not HELD_OUT["test"] & HELD_OUT["validation"]
    every = HELD_OUT["test"] | HELD_OUT["validation"]
    assert len(every) == 2 * round(0.1 * len(translation._combinations()))
    drawer = Drawer(np.random.default_rng([translation.SEED, 0]), every)
    for _ in range(2000):
        assert not pairs(drawer.plan()) & every


def test_words_of_the_test_are_all_known_from_training(data):
    words = [{word for pair in part for word in pair.fr.lower().split()} for part in data]
    assert not {word for word in words[2] - words[0] if word.isalpha()}


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
    monkeypatch.setattr(translation, "SIZES", {"train": 6, "validation": 2, "test": 3})
    first = load_translation(progress=None)
    files = sorted(path.name for path in tmp_path.glob("*.tsv"))
    assert files == [f"translation-{translation.recipe()[:16]}.tsv"]

    def must_not(*_, **__):
        raise AssertionError("it is made again")

    monkeypatch.setattr(translation, "make_pairs", must_not)
    assert load_translation(progress=None) == first
    monkeypatch.setattr(translation, "recipe", lambda: "another")
    with pytest.raises(AssertionError, match="it is made again"):
        load_translation(progress=None)
    (tmp_path / "translation-another.tsv").write_text("test\t\tA\tB\n", encoding="utf-8")
    with pytest.raises(DataError, match="is damaged: delete it, and it is made anew"):
        load_translation(progress=None)


def test_a_learners_file_is_read(tmp_path):
    file = tmp_path / "fra.txt"
    lines = [f"Go {k}.\tVa {k} !\tCC-BY 2.0 (France) by someone\n" for k in range(120)]
    file.write_text("\ufeff" + "".join(lines) + "\n", encoding="utf-8")
    found = load_pairs(file)
    assert (len(found), found[0]) == (120, Pair("Go 0.", "Va 0 !"))
    assert sides(found[:2]) == (["Go 0.", "Go 1."], ["Va 0 !", "Va 1 !"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no file .*fra.txt. Give the path"),
        (b"", "has 0 pairs, at least 100 are needed"),
        (b"Go.\tVa !\nHi.\n", "line 2 of fra.txt has no tab: write English, a tab, French"),
        (b"Go.\tVa !\nHi.\t \n", "line 2 of fra.txt: the second side is empty"),
        (b"\tVa !\n", "line 1 of fra.txt: the first side is empty"),
        (b"Go.\tVa\xe9 !\n", r"fra.txt is no text in UTF-8 \(byte 6\): save it so"),
        (b"Go.\tVa !\n" * 3, "has 3 pairs, at least 100 are needed"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path, content, words):
    file = tmp_path / "fra.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match=words):
        load_pairs(file)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(translation, "MOST_CHARACTERS", 2)
    (tmp_path / "fra.txt").write_text("Go.\tVa !\n", encoding="utf-8")
    with pytest.raises(DataError, match="has more than 2 characters: take a part of it"):
        load_pairs(tmp_path / "fra.txt")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dev", 3), r"part must be one of \['train', 'validation', 'test'\], got 'dev'"),
        (("test", 0), "count must be at least 1, got 0"),
    ],
)
def test_what_cannot_be_made_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        make_pairs(*arguments)
