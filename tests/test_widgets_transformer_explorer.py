"""The explorer of lesson 11: a head set by hand over a typed text."""

import html
import re

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib.experiments.hand_head import hand_head
from lstm_lib.widgets import SelfAttentionExplorer


@pytest.fixture
def explorer():
    return SelfAttentionExplorer("hamlet hamlet")


def drawn(explorer):
    return np.asarray(explorer.figure(**explorer.values()).axes[0].get_images()[0].get_array())


def test_it_draws_the_head_that_is_set(explorer):
    settings = {
        "key": "the letter before it",
        "content": 6.0,
        "place": 3.0,
        "back": 2,
        "causal": False,
    }
    for name, value in settings.items():
        explorer.controls[name].value = value
    assert np.allclose(drawn(explorer), hand_head("hamlet hamlet", **settings))


def test_the_words_say_where_the_query_looks(explorer):
    explorer.controls["key"].value = "the letter before it"
    explorer.controls["content"].value = 8.0
    explorer.controls["query"].value = 10
    assert "query 10, 'm', gives most weight, 1, to position 4, 'l'" in html.unescape(explorer.summary.value)


def test_a_query_beyond_the_text_is_the_last_letter(explorer):
    explorer.controls["query"].value = 28
    explorer.controls["text"].value = "abc"
    assert "query 3, 'c'" in html.unescape(explorer.summary.value)


@pytest.mark.parametrize(("text", "said"), [("", "it has 0"), ("a" * 29, "1 to 28 letters .* it has 29")])
def test_a_text_that_cannot_be_drawn_is_told_and_the_last_picture_stays(explorer, text, said):
    before = explorer.picture.value
    explorer.controls["text"].value = text
    assert explorer.trouble

    assert re.search(said, explorer.trouble)
    assert explorer.picture.value == before
    explorer.controls["text"].value = "fine"
    assert explorer.trouble == ""


def test_what_is_typed_is_shown_and_not_run(explorer):
    explorer.controls["text"].value = "<b>&<i>$x$"
    assert "<b>" not in explorer.summary.value + explorer.picture.value


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Left, heat map of 13 by 13 weights')
    assert bundle["text/plain"].startswith(
        "SelfAttentionExplorer, to be played with in JupyterLab. Left, heat"
    )


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    explorer.controls["text"].value = "to be or not to be that is t"
    assert len(explorer.controls["text"].value) == 28
    assert picture_time(explorer.controls["content"], np.arange(0.0, 5, 0.5).tolist()) < 0.1
