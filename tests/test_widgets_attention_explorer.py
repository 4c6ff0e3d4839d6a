"""The explorer of lesson 10, with a reader that is easy to follow: symbol t looks at word t."""

import html

import numpy as np
import pytest
import torch
from picture_time import picture_time

from lstm_lib.experiments.alignment import fresh_network, read_text
from lstm_lib.widgets import AttentionExplorer

TEXT = "the ninth of may nineteen eighty four"


def read(text, hidden):
    words = text.replace("-", " ").split()
    if "xyz" in words:
        raise ValueError("the network has never read the word 'xyz'")
    weights = np.full((len(words), len(words)), 1e-9)
    for t in range(len(words)):
        weights[t, (t + 1) % len(words) if t == hidden else t] = 1
    return words, [*map(str, range(len(words) - 1)), "end"], weights


@pytest.fixture
def explorer():
    return AttentionExplorer(read, TEXT)


def said(explorer):
    return html.unescape(explorer.summary.value)


def test_it_follows_the_step(explorer):
    explorer.controls["step"].value = 3
    assert "symbol 3, '2', gives most weight, 1, to word 3, 'of'" in said(explorer)
    assert html.escape(explorer.alt) in explorer.picture.value


def test_a_hidden_word_is_read_anew_and_told(explorer):
    explorer.controls["step"].value = 3
    explorer.controls["hidden"].value = 3
    assert "Word 3, 'of', must not be looked at." in said(explorer)
    assert "to word 4, 'may'" in said(explorer)
    explorer.controls["hidden"].value = 0
    assert "must not" not in said(explorer)


def test_sliders_beyond_the_text_point_at_its_end(explorer):
    explorer.controls["step"].value = 30
    explorer.controls["hidden"].value = 24
    assert "symbol 7, 'end'" in said(explorer)
    assert "Word 7, 'four', must not be looked at." in said(explorer)


def test_sliders_end_where_the_text_and_the_answer_do(explorer):
    assert (explorer.controls["step"].max, explorer.controls["hidden"].max) == (7, 7)
    explorer.controls["text"].value = " ".join(["may"] * 20)
    assert (explorer.controls["step"].max, explorer.controls["hidden"].max) == (20, 20)
    explorer.controls["step"].value = 20
    explorer.controls["text"].value = "may ninth"
    assert (explorer.controls["step"].value, explorer.controls["step"].max) == (2, 2)
    assert "symbol 2, 'end'" in said(explorer)


def test_an_answer_without_an_end_is_cut():
    long = AttentionExplorer(lambda text, hidden: (["may"], ["1"] * 70, np.ones((70, 1))), "may")
    assert long.controls["step"].max == 63
    assert "7 more symbols are not drawn." in said(long)


def test_the_longest_answer_can_be_stepped_through():
    network = fresh_network("bilinear", 0)
    five = " and ".join(["may first two thousand"] * 5)
    explorer = AttentionExplorer(lambda text, hidden: read_text(network, text, hidden), five)
    assert explorer.controls["step"].max > 31
    explorer.controls["step"].value = explorer.controls["step"].max
    assert f"symbol {explorer.controls['step'].max}," in said(explorer)
    explorer.controls["text"].value = "and " * 24
    assert explorer.controls["step"].max <= 63
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a second one would wait for work, and waiting counts as processor time
    assert picture_time(explorer.controls["hidden"], range(1, 13)) < 0.1
    torch.set_num_threads(threads)
    explorer.controls["text"].value = "may"
    explorer.controls["hidden"].value = 1
    assert "there is no other word to look at" in said(explorer)


def test_words_are_counted_as_the_reader_counts_them(explorer):
    explorer.controls["text"].value = "may ninth eighty-four"
    explorer.controls["hidden"].value = 4
    assert "Word 4, 'four', must not be looked at." in said(explorer)
    explorer.controls["text"].value = "may-" * 24 + "may"
    assert "it has 25" in said(explorer)


def test_what_cannot_be_read_is_told_and_the_last_picture_stays(explorer):
    before = explorer.picture.value
    for text, words in (("may xyz", "'xyz'"), ("may " * 25, "24 words at the most to be drawn, it has 25")):
        explorer.controls["text"].value = text
        assert words in said(explorer)
        assert 'role="alert"' in explorer.summary.value
        assert explorer.picture.value == before
    explorer.controls["text"].value = "may ninth two thousand"
    assert explorer.trouble == ""
    assert "The network read: may ninth two thousand." in said(explorer)


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="The network read: the ninth of may')
    assert bundle["text/plain"].startswith("AttentionExplorer, to be played with in JupyterLab. The network")


def test_a_first_text_that_cannot_be_read_is_the_authors_mistake():
    with pytest.raises(ValueError, match="xyz"):
        AttentionExplorer(read, "xyz")


def test_a_move_is_drawn_soon(explorer):
    explorer.controls["text"].value = " ".join(["nineteen"] * 24)
    assert picture_time(explorer.controls["step"], range(2, 14)) < 0.1
    assert picture_time(explorer.controls["hidden"], range(1, 13)) < 0.1
