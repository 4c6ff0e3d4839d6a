"""The tokeniser of the reviews, and the vocabulary of words."""

import numpy as np
import pytest

from lstm_lib.datasets.review_words import WordVocabulary, pad, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It isn't bad.", ["it", "is", "n't", "bad", "."]),
        ("It isn’t bad…", ["it", "is", "n't", "bad", "..."]),
        ("Can't, won't!", ["ca", "n't", ",", "wo", "n't", "!"]),
        ("the film's heart; they're", ["the", "film", "'s", "heart", ";", "they", "'re"]),
        ("well-made -- truly (1968)", ["well", "-", "made", "--", "truly", "(", "1968", ")"]),
        ("Amélie à la carte", ["amélie", "à", "la", "carte"]),
        ("日本 😀", ["日本", "😀"]),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_tokens(text, words):
    assert tokens(text) == words


def test_a_text_must_be_text():
    with pytest.raises(TypeError, match="text must be a str, got bytes"):
        tokens(b"a")


@pytest.fixture
def vocabulary():
    return WordVocabulary([["a", "film", "a", "b"], ["film", "c"]])


def test_numbers_go_from_the_most_frequent_word_on(vocabulary):
    assert vocabulary.words == ["<pad>", "<unknown>", "a", "film", "b", "c"]
    assert vocabulary.encode(["film", "zebra", "a"]).tolist() == [3, 1, 2]
    assert "film" in vocabulary
    assert "zebra" not in vocabulary
    assert repr(vocabulary) == "WordVocabulary(6 words)"


def test_rare_words_are_left_out():
    assert WordVocabulary([["a", "film", "a", "b"], ["film", "c"]], at_least=2).words[2:] == ["a", "film"]


def test_a_batch_is_padded_at_the_end_and_time_comes_first(vocabulary):
    x, lengths = vocabulary.batch([["a", "film"], ["c"], ["b", "b", "b"]])
    assert x.tolist() == [[2, 5, 4], [3, 0, 4], [0, 0, 4]]
    assert lengths.tolist() == [2, 1, 3]
    again, _ = pad([np.array([2, 3]), np.array([5]), np.array([4, 4, 4])])
    assert (x == again).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda v: v.encode([]),
            ValueError,
            "words must hold at least one word, got none: an empty text has no class",
        ),
        (
            lambda v: v.encode("a film"),
            TypeError,
            r"words must be a sequence of words, got one str, 'a film'",
        ),
        (lambda v: v.batch([]), ValueError, "sentences must hold at least one sentence, got none"),
        (lambda v: v.batch([["a"], []]), ValueError, "words must hold at least one word"),
        (lambda v: WordVocabulary([["a"]], 0), ValueError, "at_least must be 1 or more, got 0"),
        (
            lambda v: WordVocabulary([["a"]], 2),
            ValueError,
            "texts must hold a word that occurs at least 2 times, got none",
        ),
        (lambda v: WordVocabulary([]), ValueError, "texts must hold a word"),
    ],
)
def test_bad_input_is_named(vocabulary, call, error, words):
    with pytest.raises(error, match=words):
        call(vocabulary)
