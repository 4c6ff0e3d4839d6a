"""The pictures of lesson 10."""

import re

import numpy as np
import pytest

from lstm_lib.plots import attention
from lstm_lib.plots.figure import RED

SOURCE = ["the", "ninth", "of", "may", "nineteen", "eighty", "four"]
TARGET = [*"19840509", "end"]
RIGHT = [4, 4, 5, 6, 3, 3, 1, 1, -1]
WEIGHTS = np.full((9, 7), 0.02)
WEIGHTS[np.arange(9), [4, 5, 5, 6, 3, 3, 1, 1, 0]] = 0.88
FOUND = {"attention": [[1, 0.9, 0.2], [1, 1, 0.4], [0.98, 0.8, 0]], "one vector": [[1, 0.1, 0], [0.9, 0, 0]]}


def a_map():
    return attention.alignment_map(WEIGHTS, SOURCE, TARGET, RIGHT, title="It looks where it should")


def lengths(**changes):
    usual = {"title": "Long lists", "xlabel": "dates", "ylabel": "lists without a mistake", "longest": 2}
    return attention.by_length([1, 2, 3], FOUND, **usual | changes)


def places():
    return attention.by_place(
        [0.9, 0.5, 0], ["year\n1st", "year\n2nd", "comma"], ["needed", "told", "several"], title="By place"
    )


def an_explorer(hidden=2):
    return attention.explorer(WEIGHTS, SOURCE, TARGET, 3, hidden)


def test_a_map_shows_the_weights_with_the_right_places_outlined():
    figure = a_map()
    ax = figure.axes[0]
    np.testing.assert_allclose(ax.get_images()[0].get_array(), WEIGHTS)
    assert [text.get_text() for text in ax.get_xticklabels()] == SOURCE
    assert [text.get_text() for text in ax.get_yticklabels()] == TARGET
    corners = [tuple(np.array(patch.get_xy()) + 0.5) for patch in ax.patches]
    assert corners == [(s, t) for t, s in enumerate(RIGHT) if s >= 0]
    held = np.mean([WEIGHTS[t, s] for t, s in enumerate(RIGHT) if s >= 0])
    assert (
        "8 right places are outlined in red; in 7 of these rows the largest weight lies there, and they hold "
        f"{held:.2g}" in figure.alt
    )


def test_a_map_without_right_places_tells_of_the_largest():
    figure = attention.alignment_map(WEIGHTS, SOURCE, TARGET, title="A map")
    assert not figure.axes[0].patches
    assert "largest weight of a row is 0.88 on average" in figure.alt


def test_answers_against_length_have_a_mark_for_each_run_and_a_line_of_medians():
    figure = lengths()
    lines = figure.axes[0].get_lines()
    assert len(lines) == 3 + 1 + 2 + 1
    np.testing.assert_allclose(lines[1].get_ydata(), FOUND["attention"][1])
    np.testing.assert_allclose(lines[3].get_ydata(), [1, 0.9, 0.2])
    np.testing.assert_allclose(lines[6].get_ydata(), [0.95, 0.05, 0])
    np.testing.assert_allclose(lines[6].get_xdata(), [1, 2, 3], atol=0.1)
    assert "longer than in training" in [text.get_text() for text in figure.axes[0].texts]
    assert "attention: 1.00 at 1, 0.90 at 2, 0.20 at 3; one vector: 0.95 at 1" in figure.alt
    assert "longer" not in " ".join(text.get_text() for text in lengths(longest=3).axes[0].texts)


def test_places_are_bars_and_those_that_need_no_look_are_hatched_and_say_why():
    figure = places()
    bars = figure.axes[0].patches
    np.testing.assert_allclose([bar.get_height() for bar in bars], [0.9, 0.5, 0])
    assert [bar.get_hatch() or "" for bar in bars] == ["", "///", "..."]
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["90%", "50%", "the figure\nbefore tells", "0%", "several\nplaces tell"]
    assert "year 1st 90%, year 2nd 50%, comma 0%" in figure.alt
    assert figure.alt.endswith(
        "Hatched, since the figure before tells it: year 2nd. Dotted, since several places can tell it: comma."
    )


def test_the_explorer_draws_a_row_as_bars_and_marks_what_is_hidden():
    figure = an_explorer()
    left, right = figure.axes
    np.testing.assert_allclose(left.get_images()[0].get_array(), WEIGHTS)
    heights = [segment[1, 1] for segment in right.collections[0].get_segments()]
    np.testing.assert_allclose(heights, WEIGHTS[3])
    assert [t.get_text() for t in right.texts if t.get_color() == RED] == ["✗ of"]
    assert [t.get_text() for t in left.texts if t.get_color() == RED] == ["✗ of", "4"]
    assert "Word 3, 'of', must not be looked at. It wrote: 19840509." in figure.alt
    assert "symbol 4, '4', gives most weight, 0.88, to word 7, 'four'" in figure.alt
    assert "must not" not in an_explorer(None).alt


def test_an_explorer_of_many_rows_names_some_of_them_and_tells_what_is_left_out():
    weights, symbols = np.tile(np.eye(7), (9, 1)), [str(k % 10) for k in range(63)]
    figure = attention.explorer(weights, SOURCE, symbols, 31, left_out=5)
    named = {round(t.get_position()[1]): t for t in figure.axes[0].texts if t.get_position()[0] < 0}
    assert sorted(named) == [*range(0, 28, 4), 31, *range(36, 63, 4)]
    assert named[31].get_color() == RED
    assert "5 more symbols are not drawn." in figure.alt
    assert figure.axes[0].get_title("left") == "The first 63 of 68 symbols"
    assert "not drawn" not in an_explorer().alt


def test_an_explorer_of_many_words_names_every_second_one_in_the_map_and_all_below_the_bars():
    words = [f"word{k}" for k in range(17)]
    left, right = attention.explorer(np.eye(17), words, words, 0, hidden=3).axes
    below = [text.get_text() for text in left.texts if text.get_rotation() == 90]
    assert below == [*words[:3:2], "✗ word3", *words[4::2]]
    assert [text.get_text().removeprefix("✗ ") for text in right.texts] == words


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: attention.alignment_map(WEIGHTS[:3], SOURCE, TARGET, title="A"),
            "weights must be (9, 7), a row for each symbol and a column for each word, got (3, 7)",
        ),
        (
            lambda: attention.alignment_map(2 * WEIGHTS, SOURCE, TARGET, title="A"),
            "weights must have rows that add up to 1",
        ),
        (
            lambda: attention.alignment_map(WEIGHTS, SOURCE, TARGET, [7] * 9, title="A"),
            "right must be empty or have 9 places below 7",
        ),
        (
            lambda: attention.alignment_map(WEIGHTS, SOURCE, TARGET, [1], title="A"),
            "right must be empty or have 9 places below 7, got 1",
        ),
        (lambda: attention.explorer(WEIGHTS, SOURCE, TARGET, 9), "step must be from 0 to 8, got 9"),
        (
            lambda: attention.explorer(WEIGHTS, SOURCE, TARGET, 0, 7),
            "hidden must be None or from 0 to 6, got 7",
        ),
        (
            lambda: attention.by_length([1], {}, title="", xlabel="", ylabel="", longest=1),
            "at least one curve",
        ),
        (
            lambda: attention.by_length([1], {"a": [[2]]}, title="", xlabel="", ylabel="", longest=1),
            "found['a'] must be (R, 1) parts from 0 to 1",
        ),
        (
            lambda: attention.by_length([1], {"a": [1]}, title="", xlabel="", ylabel="", longest=1),
            "found['a'] must be (R, 1) parts from 0 to 1, got shape (1,)",
        ),
        (
            lambda: attention.by_place([1, 2], ["a", "b"], ["needed"] * 2, title=""),
            "found must be (2,) parts",
        ),
        (lambda: attention.by_place([1], ["a", "b"], ["needed"] * 2, title=""), "found must be (2,) parts"),
        (
            lambda: attention.by_place([1], ["a"], ["guessed"], title=""),
            "kinds must be of ['needed', 'told', 'several'], got ['guessed']",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        draw()


@pytest.mark.mpl_image_compare
def test_alignment_map_looks():
    return a_map()


@pytest.mark.mpl_image_compare
def test_answers_by_length_look():
    return lengths()


@pytest.mark.mpl_image_compare
def test_looks_by_place_look():
    return places()


@pytest.mark.mpl_image_compare
def test_attention_explorer_looks():
    return an_explorer()
