"""The shape (T, B, D), drawn."""

import numpy as np
import pytest

from lstm_lib import plots

WORDS, ALPHABET = ["trees", "steer", "reset"], "erst"
X = np.eye(4)[[[ALPHABET.index(letter) for letter in word] for word in WORDS]].swapaxes(0, 1)  # (T, B, D)


def test_each_sheet_shows_what_all_sequences_hold_at_one_step():
    (ax,) = plots.sheets(X, WORDS, ALPHABET).axes
    drawn = [np.asarray(mesh.get_array()).reshape(3, 4) for mesh in ax.collections]
    assert np.array_equal(drawn, X)
    words = [text.get_text() for text in ax.texts]
    assert [f"$x_{{{t + 1}}}$ = x[{t}]" in words for t in range(6)] == [True] * 5 + [False]
    assert set(WORDS) <= set(words)


def test_the_rows_begin_at_the_top_as_the_first_sequence_does():
    (ax,) = plots.sheets(X, WORDS, ALPHABET).axes
    heights = [next(t.get_position()[1] for t in ax.texts if t.get_text() == word) for word in WORDS]
    pixels = ax.transData.transform([(0, height) for height in heights])[:, 1]
    assert pixels[0] > pixels[1] > pixels[2]


def test_the_alt_text_names_the_sizes():
    alt = plots.sheets(X, WORDS, ALPHABET).alt
    assert "(T, B, D) = (5, 3, 4) as 5 sheets" in alt
    assert "3 rows, one for each sequence (trees, steer, reset), and 4 columns (e, r, s, t)" in alt
    assert "15 of the 60 squares are dark" in alt


@pytest.mark.parametrize(
    ("x", "words", "alphabet", "message"),
    [
        (X[0], WORDS, ALPHABET, r"x must have shape \(T, B, D\) with no empty axis, got \(3, 4\)"),
        (X[:0], WORDS, ALPHABET, r"no empty axis, got \(0, 3, 4\)"),
        (X, WORDS[:2], ALPHABET, r"sequences must hold 3 labels for x of shape \(5, 3, 4\), got 2"),
        (X, WORDS, "abcde", "symbols must hold 4 labels"),
    ],
)
def test_bad_data_is_refused(x, words, alphabet, message):
    with pytest.raises(ValueError, match=message):
        plots.sheets(x, words, alphabet)


@pytest.mark.mpl_image_compare
def test_sheets_look():
    return plots.sheets(X, WORDS, ALPHABET)
