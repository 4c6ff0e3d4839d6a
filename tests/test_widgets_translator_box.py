"""The box of lesson 15: a sentence is typed, and translated."""

import html

import pytest
import torch
from picture_time import picture_time

from lstm_lib.experiments import stored_translator
from lstm_lib.experiments.translation import text_of, translate, words_of
from lstm_lib.widgets.translator_box import TranslatorBox, looks

FIRST = "The old doctor did not see the red house."


@pytest.fixture(scope="module")
def parts():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model, known = stored_translator.load()

    def told(text):
        one = translate(model, known, [text])[0]
        return text_of(one.words), one.words, one.weights

    yield told, lambda text: [(word, word in known.source) for word in words_of(text)]
    torch.set_num_threads(threads)


@pytest.fixture
def box(parts):
    return TranslatorBox(*parts, FIRST)


def test_the_translation_and_the_alignment_are_shown(box):
    words = html.unescape(box.summary.value)
    assert "Le vieux médecin n'a pas vu la maison rouge." in words
    assert html.escape(box.alt) in box.picture.value
    box.controls["text"].value = "She sleeps."
    assert "Elle dort." in html.unescape(box.summary.value)


def test_the_text_for_screen_readers_tells_which_word_looked_at_which(box):
    assert "Where each word looked most: le at the, vieux at old, médecin at doctor, n' at " in box.alt
    assert "rouge at red" in box.alt
    assert "…" not in box.alt
    box.controls["text"].value = "The old doctor did not see the red house and the small cat sleeps today."
    told = box.alt.split("Where each word looked most: ")[1]
    assert told.count(" at ") == 12
    assert told.endswith(", …")
    box.controls["text"].value = "The black cat sleeps."
    assert ".." not in box.alt
    assert "chat at cat, noir at black" in box.alt


def test_looks_are_told_as_a_sentence():
    weights = [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]
    assert (
        looks(["le", "chat"], ["the", "cat"], weights)
        == "Where each word looked most: le at the, chat at cat."
    )


def test_a_translation_that_was_cut_off_is_drawn(box):
    box.controls["text"].value = "cat " * 39
    assert box.trouble == ""
    assert box.alt


def test_an_unknown_word_is_named(box):
    box.controls["text"].value = "The penguin sleeps."
    assert "(never seen: penguin)" in html.unescape(box.summary.value)
    assert box.trouble == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no word to translate: type an English sentence"),
        ("  ?! ", "there is no word to translate"),
        ("zzyzx qwrtp.", "no word of this is known (zzyzx, qwrtp)"),
        ("cat " * 500, "500 words are too many: type at most 40"),
        ("The cat " + "x" * 3000, "xxxxxxxxxxxx… has 3,000 letters: type words of at most 30"),
    ],
)
def test_what_cannot_be_translated_is_told_and_the_picture_stays(box, text, said):
    before = box.picture.value
    box.controls["text"].value = text
    assert said in box.trouble
    assert said in html.unescape(box.summary.value)
    if text:
        assert box.picture.value == before


def test_a_saved_notebook_shows_the_first_picture(box):
    assert box._repr_mimebundle_()["text/plain"].startswith("TranslatorBox, to be played with in JupyterLab.")


def test_a_move_is_drawn_soon(box):
    sentences = [
        f"The {a} {b} sees a {c} house in the garden today."
        for a in ("old", "small")
        for b in ("cat", "dog", "king")
        for c in ("red", "new")
    ]
    assert picture_time(box.controls["text"], sentences[:8]) < 0.1
