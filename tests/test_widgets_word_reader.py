"""The explorer of lesson 07: a line typed without spaces, read by two readers."""

import html

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib.widgets import WordReader


def read(letters):
    vowels = np.array([letter in "aeiou" for letter in letters])
    return {"vowels": np.where(vowels, 0.9, 0.1), "never": np.zeros(len(letters))}


@pytest.fixture
def explorer():
    return WordReader(read, "tobeornot")


def test_a_line_without_spaces_is_read_and_nothing_is_called_right(explorer):
    words = html.unescape(explorer.summary.value)
    assert "vowels: to be o rno t; never: tobeornot." in words
    assert "It is:" not in words


def test_spaces_are_what_is_right_and_the_readers_do_not_see_them(explorer):
    explorer.controls["text"].value = "To be, or not!"
    words = html.unescape(explorer.summary.value)
    assert "after each letter of tobeornot." in words
    assert "It is: to be or not." in words
    assert html.escape(explorer.alt) in explorer.picture.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1 to 45 letters to be drawn, it has 0"),
        ("... !?", "it has 0"),
        ("a" * 46, "it has 46"),
        ("a" * 100_000, "it has 100000"),
        ("café", "a to z alone, and the line has 'é'"),
        ("room 101", "the line has '1'"),
        ("日本語", "the line has '日'"),
        ("<b>", None),
    ],
)
def test_what_cannot_be_read_is_told_and_the_picture_stays(explorer, text, said):
    before = explorer.picture.value
    explorer.controls["text"].value = text
    if said is None:
        assert explorer.trouble == ""
        return
    assert said in explorer.trouble
    assert explorer.picture.value == before
    assert 'role="alert"' in explorer.summary.value
    explorer.controls["text"].value = "again"
    assert explorer.trouble == ""
    assert explorer.picture.value != before


def test_an_accent_typed_after_its_letter_is_told_as_one_letter(explorer):
    explorer.controls["text"].value = "cafe\u0301"
    assert "a to z alone, and the line has '\u00e9'" in explorer.trouble


@pytest.mark.parametrize(
    ("longest", "error", "words"),
    [
        (61, ValueError, "longest must be at most 60, got 61"),
        (0, ValueError, "longest must be at least 1, got 0"),
        (4.5, TypeError, r"longest must be a whole number.* got 4\.5"),
    ],
)
def test_a_picture_that_is_too_long_is_refused_at_once(longest, error, words):
    with pytest.raises(error, match=words):
        WordReader(read, "to", longest=longest)


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Where words end, letter by letter')
    assert bundle["text/plain"].startswith(
        "WordReader, to be played with in JupyterLab. Where words end, letter by letter"
    )


def test_a_typed_letter_is_drawn_soon(explorer):
    line = "tobeornottobethatisthequestionwhethertisnoble"
    assert picture_time(explorer.controls["text"], [line[:n] for n in range(38, 46)]) < 0.1
