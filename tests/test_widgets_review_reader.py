"""The explorer of lesson 14: a review is typed, and read."""

import html

import numpy as np
import pytest
import torch
from picture_time import picture_time

from lstm_lib.datasets.review_words import WordVocabulary, tokens
from lstm_lib.experiments.word_influence import read_review
from lstm_lib.nn.classifier import Classifier
from lstm_lib.widgets.review_reader import ReviewReader

SENTENCES = ["a warm and clever film about a family, never dull.", "it is not a bad story but too long."]


@pytest.fixture(scope="module")
def read():
    """A network of the size of the lesson's, untrained, with few words."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    vocabulary = WordVocabulary([tokens(text) for text in SENTENCES])
    torch.manual_seed(0)
    model = Classifier(len(vocabulary), 100, 64).eval()
    yield lambda text: read_review(model, vocabulary, text)
    torch.set_num_threads(threads)


@pytest.fixture
def explorer(read):
    return ReviewReader(read, SENTENCES[0])


def test_class_probability_and_words_are_told(explorer, read):
    seen = read("A story, never dull!")
    explorer.controls["text"].value = "A story, never dull!"
    words = html.unescape(explorer.summary.value)
    name = "fresh" if seen.fresh >= 0.5 else "rotten"
    assert f"The network says: {name}, probability {max(seen.fresh, 1 - seen.fresh):.2f}" in words
    assert "The sentence: a story , never dull !." in words
    assert "Unknown: !." in words
    assert html.escape(explorer.alt) in explorer.picture.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no word to read"),
        ("   ... !?", "there is no word to read"),
        ("zzyzx qwrtp", "the network knows none of these words"),
        ("Здравствуйте 日本語", "the network knows none of these words"),
        ("zzyzx.", "the network knows none of these words"),
        ("good " * 400, "the text has 400 words and marks, and at most 50 can be read"),
        ("x" * 2000, "the network knows none of these words"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_picture_stays(explorer, text, said):
    before = explorer.picture.value
    explorer.controls["text"].value = text
    assert said in explorer.trouble
    assert explorer.picture.value == before
    assert 'role="alert"' in explorer.summary.value
    explorer.controls["text"].value = "a film"
    assert explorer.trouble == ""
    assert explorer.picture.value != before


def test_one_word_that_is_known_is_enough(explorer):
    explorer.controls["text"].value = "zzyzx film"
    assert explorer.trouble == ""
    explorer.controls["text"].value = "dull"
    assert explorer.trouble == ""


def test_markup_is_text(explorer):
    explorer.controls["text"].value = "<b>a film</b>"
    assert explorer.trouble == ""
    assert "<b>a film" not in explorer.summary.value


def test_a_first_sentence_that_cannot_be_read_is_the_authors_mistake(read):
    with pytest.raises(ValueError, match="there is no word to read"):
        ReviewReader(read, "")


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="The network says: ')
    assert bundle["text/plain"].startswith(
        "ReviewReader, to be played with in JupyterLab. The network says: "
    )


def test_a_typed_letter_is_drawn_soon(explorer):
    text = " ".join([*SENTENCES, *SENTENCES])  # nearly as long as it may be
    assert 40 < len(tokens(text)) <= 50
    values = [text[:n] for n in range(len(text) - 8, len(text) + 1)]
    assert picture_time(explorer.controls["text"], values) < 0.1


def test_the_picture_takes_the_reading_as_it_is(read):
    seen = read(SENTENCES[1])
    assert len(seen.words) == len(seen.known) == len(seen.change) == len(seen.looks)
    assert abs(np.sum(seen.looks) - 1) < 1e-5
