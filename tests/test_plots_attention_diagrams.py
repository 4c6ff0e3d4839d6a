"""The diagrams of lesson 10."""

import re

import numpy as np
import pytest

from lstm_lib.plots import attention_diagrams

STATES, QUERY = np.array([[1.0, 0], [0, 2], [2, 1]]), np.array([1.0, 0])
OF_STATES = np.exp([1, 0, 2]) / np.exp([1, 0, 2]).sum()


def test_a_look_in_the_plane_draws_the_weighted_mean():
    figure = attention_diagrams.look(STATES, QUERY, OF_STATES)
    left, right = figure.axes
    context = left.get_lines()[-1].get_xydata()[0]
    np.testing.assert_allclose(context, OF_STATES @ STATES)
    np.testing.assert_allclose([bar.get_height() for bar in right.patches], OF_STATES)
    assert "diamond at (1.58, 0.85)" in figure.alt
    assert "m_1 0.24, m_2 0.09, m_3 0.67" in figure.alt
    assert {"score 1", "score 0", "score 2"} <= {text.get_text() for text in right.texts}


def test_the_bottleneck_names_its_words():
    figure = attention_diagrams.bottleneck(("a", "b", "c"), ("x", "y"))
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("a") == words.count("y") == words.count("$m_3$") == words.count("$h_2$") == 2
    assert "$m_4$" not in words
    assert "reads a b c and a decoder that writes x y" in figure.alt
    assert "m_1 to m_3" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: attention_diagrams.look(STATES, [1, 0, 0], OF_STATES),
            "must be (S, 2), (2,) and (S,), got (3, 2), (3,) and (3,)",
        ),
        (
            lambda: attention_diagrams.look(STATES, QUERY, [1, 1, 1]),
            "weights must be parts that add up to 1",
        ),
        (
            lambda: attention_diagrams.bottleneck(("a",), ("x", "y")),
            "must have two symbols at least, got 1 and 2",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        draw()


@pytest.mark.mpl_image_compare
def test_look_in_the_plane_looks():
    return attention_diagrams.look(STATES, QUERY, OF_STATES)


@pytest.mark.mpl_image_compare
def test_bottleneck_looks():
    return attention_diagrams.bottleneck()
