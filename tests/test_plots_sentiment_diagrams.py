"""The drawings of lesson 14."""

import numpy as np
import pytest

from lstm_lib.plots import sentiment_diagrams

BY_FILM = np.array([[10, 0], [0, 7], [5, 0], [0, 0]])
AT_RANDOM = np.array([[8, 2], [5, 2], [5, 0], [1, 1]])


def test_pooling_draws_states_and_weights_for_every_word():
    figure = sentiment_diagrams.pooling(3)
    words = [text.get_text() for text in figure.axes[0].texts]
    for t in (1, 2, 3):
        assert {f"$x_{t}$", f"$a_{t}$"} <= set(words)
    assert "$x_4$" not in words
    assert "a classifier over 3 words" in figure.alt


def test_sides_draws_both_splits_and_counts_films_on_both():
    figure = sentiment_diagrams.sides(BY_FILM, AT_RANDOM)
    left, right = figure.axes
    assert [p.get_width() for p in left.patches] == [10, 0, 7, 5, 0]
    assert [p.get_width() for p in right.patches] == [8, 2, 5, 2, 5, 1, 1]
    assert "split by film: 0 of 4 films have reviews on both sides; split at random: 3 of 4" in figure.alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sentiment_diagrams.pooling(1), "steps must be 2 or more, got 1"),
        (
            lambda: sentiment_diagrams.sides([1, 2], AT_RANDOM),
            r"the split by film must be \(F, 2\) counts, got shape \(2,\)",
        ),
        (
            lambda: sentiment_diagrams.sides(BY_FILM, -AT_RANDOM),
            r"the split at random must be \(F, 2\) counts",
        ),
        (lambda: sentiment_diagrams.sides(BY_FILM, AT_RANDOM[:2]), "must be about the same films"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.mpl_image_compare
def test_attention_pooling_looks():
    return sentiment_diagrams.pooling(4)


@pytest.mark.mpl_image_compare
def test_sides_of_a_split_look():
    return sentiment_diagrams.sides(np.tile(BY_FILM, (3, 1)), np.tile(AT_RANDOM, (3, 1)))
