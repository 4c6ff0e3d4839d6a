"""The explorer of lesson 11: a head set by hand over a typed text."""

import html
import re

import ipywidgets
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


def sliders(explorer):
    kinds = (ipywidgets.IntSlider, ipywidgets.FloatSlider)
    return {name: control for name, control in explorer.controls.items() if isinstance(control, kinds)}


@pytest.mark.parametrize("text", ["hamlet hamlet hamlet", "a", "ab"])
@pytest.mark.parametrize(
    "start", [{}, {"content": 0.0, "back": 8, "query": 1}, {"content": 20.0, "place": 40.0}]
)
def test_every_step_of_every_slider_changes_the_picture(text, start):
    explorer = SelfAttentionExplorer(text)
    for name, value in start.items():
        explorer.controls[name].value = value
    moved = 0
    for name, control in sliders(explorer).items():
        for step in (control.step, -control.step):
            before, value = explorer.picture.value, control.value
            if control.min <= value + step <= control.max and not (name == "query" and text == "a"):
                control.value = value + step
                assert explorer.picture.value != before, (name, step)
                control.value = value
                moved += 1
    assert moved >= 3


def test_the_query_goes_as_far_as_the_text(explorer):
    query = explorer.controls["query"]
    assert (query.value, query.max) == (13, 13)
    explorer.controls["text"].value = "hamlet hamlet ham"  # at the end it stays at the end
    assert (query.value, query.max) == (17, 17)
    query.value = 5
    explorer.controls["text"].value = "hamlet hamlet"
    assert (query.value, query.max) == (5, 13)
    explorer.controls["text"].value = ""  # not drawn: as it was
    assert (query.value, query.max) == (5, 13)
    explorer.controls["text"].value = "abc"
    assert (query.value, query.max) == (3, 3)


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    explorer.controls["text"].value = "to be or not to be that is t"
    assert len(explorer.controls["text"].value) == 28
    assert picture_time(explorer.controls["content"], np.arange(0.0, 5, 0.5).tolist()) < 0.1
