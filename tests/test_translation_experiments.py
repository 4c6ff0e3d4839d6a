"""Words and texts, training in small, scores, the dictionary, alignments, the stored translator and the stored runs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import Pair, make_pairs
from lstm_lib.experiments import stored_translator, translation
from lstm_lib.experiments.translation import RECIPE, Buckets, Translated, languages, text_of, words_of
from lstm_lib.experiments.translation_scores import (
    WordForWord,
    bleu,
    by_length,
    chrf,
    part_right,
    swapped,
)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def pairs():
    return make_pairs("train", 120, seed=1)


@pytest.fixture(scope="module")
def known(pairs):
    return languages(pairs)


def test_words_and_texts_are_each_others_reverse(pairs):
    assert words_of("L’ours a-t-il ri ?") == ["l'", "ours", "a", "-t", "-il", "ri", "?"]
    assert text_of(["l'", "ours", "a", "-t", "-il", "ri", "?"]) == "L'ours a-t-il ri?"
    assert text_of([]) == ""
    assert all(text_of(words_of(pair.fr)) == pair.fr for pair in pairs)
    # English has a capital inside, "I".
    assert all(text_of(words_of(pair.en)).lower() == pair.en.lower() for pair in pairs)
    with pytest.raises(TypeError, match="text must be a str, got int"):
        words_of(3)


def test_a_vocabulary_is_made_again_from_its_words(known):
    again = type(known.target).of(known.target.words[2:])
    assert again.words == known.target.words
    assert (
        again.encode(["le", "<end>", "zzz"]).tolist() == known.target.encode(["le", "<end>", "zzz"]).tolist()
    )
    with pytest.raises(ValueError, match="words must be different, at least one, got 2 with 1 different"):
        type(known.target).of(["a", "a"])


def test_batches_hold_each_pair_once_and_nearly_equal_lengths(pairs, known):
    buckets = Buckets(pairs, known, replace(RECIPE, batch=16), np.random.default_rng(0))
    seen = 0
    for _ in range(8):
        x, lengths, y = buckets.draw()
        seen += x.shape[1]
        assert (x == 0).sum() == (lengths.max() - lengths).sum()
        ends = (y != 0).sum(dim=0)
        assert ends.max() - ends.min() <= 8
    assert seen == 120


def test_short_sentences_come_first_with_a_curriculum(pairs, known):
    buckets = Buckets(
        pairs, known, replace(RECIPE, batch=8, curriculum=0.5, steps=40), np.random.default_rng(0)
    )
    longest = [buckets.draw()[2].shape[0] for _ in range(40)]
    assert max(longest[:4]) < max(longest[-15:])


@pytest.mark.parametrize("attention", ["scaled", "bilinear", "none", "Transformer"])
def test_a_few_updates_learn_and_come_again(pairs, known, attention):
    recipe = replace(RECIPE, attention=attention, hidden_size=16, embedding_size=8, steps=12, batch=16)
    before = torch.get_rng_state()
    model, history = translation.learn(pairs, known, 5, recipe)
    assert torch.equal(torch.get_rng_state(), before)
    assert history.losses[-1] < history.losses[0]
    again, _ = translation.learn(pairs, known, 5, recipe)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))
    found = translation.translate(model, known, [pair.en for pair in pairs[:7]], batch=3)
    assert len(found) == 7
    for one, pair in zip(found, pairs, strict=False):
        if attention == "none":
            assert one.weights is None
        else:
            assert one.weights.shape[1] == len(words_of(pair.en))
            assert len(one.weights) in (len(one.words), len(one.words) + 1)
    alone = translation.translate(model, known, [pairs[3].en])[0]
    assert alone.words == found[3].words


def test_one_text_or_no_pair_is_refused(pairs, known):
    model = translation.fresh_translator(known, 0, replace(RECIPE, hidden_size=8, embedding_size=4))
    with pytest.raises(TypeError, match=r"sentences must be a list of texts, got one text, 'The cat.'"):
        translation.translate(model, known, "The cat.")
    with pytest.raises(ValueError, match="pairs must hold at least one pair, got none"):
        translation.learn([], known, 0)


def test_scores_agree_with_a_count_by_hand():
    assert bleu(
        ["le chat noir dort dans la maison"], ["le chat noir dort dans le jardin"]
    ).score == pytest.approx(100 * (5 / 7 * 4 / 6 * 3 / 5 * 2 / 4) ** 0.25)
    assert chrf(["le chat"], ["le chat"]) == pytest.approx(100)
    part, low, high = part_right([True, True, False, True])
    assert part == 0.75
    assert 0.3 < low < part < high < 0.96
    with pytest.raises(ValueError, match="right must hold at least one answer, got none"):
        part_right([])


@pytest.mark.parametrize("score", [bleu, chrf])
def test_scores_need_as_many_sentences_on_both_sides(score):
    for said, right in ((["Il dort."], ["Il dort.", "Elle dort."]), ([], [])):
        with pytest.raises(
            ValueError,
            match=f"said and right must have as many sentences, at least one, got {len(said)} and {len(right)}",
        ):
            score(said, right)
    with pytest.raises(
        TypeError, match=r"right must be a list of texts, got one text, 'Il dort.': write \[text\]"
    ):
        score(["Il dort."], "Il dort.")


def test_every_pair_is_in_one_group_of_lengths(pairs):
    groups = by_length(pairs)
    assert sorted(k for ks in groups.values() for k in ks) == list(range(len(pairs)))
    assert all(7 <= len(words_of(pairs[k].en)) <= 9 for k in groups["7 to 9"])


def test_the_dictionary_finds_words_that_go_together():
    few = [
        Pair("The cat sleeps.", "Le chat dort."),
        Pair("The cat sings.", "Le chat chante."),
        Pair("A dog sings.", "Un chien chante."),
        Pair("The dog sleeps.", "Le chien dort."),
        Pair("A cat.", "Un chat."),
    ]
    dictionary = WordForWord(few, languages(few))
    assert dictionary.translate(["The cat sings.", "A dog sleeps."]) == ["Le chat chante.", "Un chien dort."]


def test_looks_that_cross_are_counted():
    pair = Pair("The black cat sleeps.", "Le chat noir dort.")
    looks = np.eye(6, 5, dtype=np.float32)[[0, 2, 1, 3, 4, 4]]
    right = Translated(("le", "chat", "noir", "dort", "."), looks)
    straight = Translated(right.words, np.eye(6, 5, dtype=np.float32))
    assert swapped([pair], [right]) == (1, 1)
    assert swapped([pair], [straight]) == (0, 1)
    assert swapped([pair], [Translated(("le", "chat", "dort", "."), looks)]) == (
        0,
        0,
    )  # it is wrong


def test_the_stored_translator_is_read_without_running_code_and_named_when_it_is_damaged(tmp_path):
    model, known = stored_translator.load()
    assert not model.training
    said = translation.texts(translation.translate(model, known, ["The black cat sleeps."]))
    assert said == ["Le chat noir dort."]
    assert stored_translator.STORED.stat().st_size < 6_000_000
    with pytest.raises(
        DataError, match=r"missing: .*gone.safetensors. `python -m benchmarks.translation --checkpoint`"
    ):
        stored_translator.load(tmp_path / "gone.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no tensors")
    (tmp_path / "bad.json").write_text(
        stored_translator.STORED.with_suffix(".json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="cannot be read"):
        stored_translator.load(tmp_path / "bad.safetensors")
