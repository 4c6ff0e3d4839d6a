"""The prompt box: a beginning, a temperature, a seed, and a button that writes on."""

import html
import re
from itertools import pairwise

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib.experiments import hamlet_lstm
from lstm_lib.sampling import Sampler, write
from lstm_lib.widgets.prompt_box import CHUNK, PromptBox

PROMPT = "OPHELIA\nMy lord, I have "


@pytest.fixture(scope="module")
def stored():
    return hamlet_lstm.load()


@pytest.fixture
def box(stored):
    return PromptBox(*stored, PROMPT)


def page(box):
    """The prompt and the text that the page shows."""
    found = re.fullmatch(r"<pre [^>]*><strong>(.*)</strong>(.*)</pre>", box.picture.value, re.DOTALL)
    return tuple(html.unescape(part) for part in found.groups())


def test_it_begins_with_sixty_characters_that_the_model_draws(box, stored):
    model, vocabulary = stored
    sampler = Sampler(np.random.default_rng(1), temperature=0.7)
    expected = vocabulary.decode(write(model, vocabulary.encode(PROMPT), 60, sampler)[:, 0])
    assert page(box) == (PROMPT, expected)
    assert box.summary.value == '<p role="status">60 characters written, temperature 0.7, seed 1.</p>'


def test_every_control_changes_the_text_and_a_seed_brings_it_back(box):
    first = page(box)
    for name, value in {"temperature": 1.5, "seed": 7, "prompt": "HAMLET\n"}.items():
        before, old = page(box), box.controls[name].value
        box.controls[name].value = value
        assert page(box) != before
        box.controls[name].value = old
        assert page(box) == before == first


def test_the_button_writes_on_from_where_the_text_stands_bit_by_bit(box, stored):
    model, vocabulary = stored
    seen = []
    box.picture.observe(lambda change: seen.append(change["new"]), "value")
    box.button.click()
    sampler = Sampler(np.random.default_rng(1), temperature=0.7)
    expected = vocabulary.decode(write(model, vocabulary.encode(PROMPT), 300, sampler)[:, 0])
    assert page(box)[1] == expected
    assert len(seen) == 240 // CHUNK
    assert all(len(now) > len(before) for before, now in pairwise(seen))
    assert "300 characters written, temperature 0.7, seed 1." in box.summary.value
    assert expected in box.alt
    box.controls["seed"].value = 2
    assert len(page(box)[1]) == 60


def test_a_character_that_the_model_does_not_know_is_told_and_the_text_stays(box):
    before = box.picture.value
    box.controls["prompt"].value = "Ophélie"
    assert 'role="alert"' in box.summary.value
    assert "text has 'é' at position 3" in html.unescape(box.summary.value)
    assert box.picture.value == before
    box.button.click()  # writes nothing
    assert box.picture.value == before
    box.controls["prompt"].value = "Ophelia"
    assert 'role="status"' in box.summary.value
    assert page(box)[0] == "Ophelia"


@pytest.mark.parametrize(("prompt", "length"), [("", 0), ("a" * 501, 501)])
def test_a_prompt_that_is_empty_or_too_long_is_told(box, prompt, length):
    box.controls["prompt"].value = prompt
    assert f"the beginning must have 1 to 500 characters, it has {length}" in box.summary.value


def test_markup_in_the_text_is_shown_and_does_nothing(box):
    box.controls["prompt"].value = "A & B"
    assert "<strong>A &amp; B</strong>" in box.picture.value


def test_one_more_sentence_may_be_told(stored):
    box = PromptBox(*stored, "HAMLET\n", report=lambda text: f"It has {text.count(' ')} spaces.")
    assert f"seed 1. It has {page(box)[1].count(' ')} spaces." in box.summary.value


def test_a_saved_notebook_shows_the_first_text(box):
    bundle = box._repr_mimebundle_()
    assert bundle["text/html"] == box.picture.value
    assert bundle["text/plain"].startswith(
        "PromptBox, to be played with in JupyterLab. 60 characters written"
    )
    assert page(box)[1] in bundle["text/plain"]


def test_a_move_is_answered_soon(box):
    assert picture_time(box.controls["temperature"], [0.5, 0.6, 0.8, 0.9]) < 0.1  # it is about 0.03 s
    assert picture_time(box.controls["seed"], [4, 5, 6]) < 0.1


def test_first_and_more_are_whole_numbers(stored):
    with pytest.raises(ValueError, match="first must be at least 1, got 0"):
        PromptBox(*stored, "HAMLET\n", first=0)
    with pytest.raises(TypeError, match="more must be a whole number"):
        PromptBox(*stored, "HAMLET\n", more="a")
    with pytest.raises(ValueError, match="text has 'ü'"):
        PromptBox(*stored, "ü")
