"""Agreement and alignment, on cases that can be counted by hand."""

import numpy as np
import pytest

from lstm_lib.metrics import agreement, looks_right

TARGET = np.array([[1, 2, 3, 9], [4, 5, 9, 0], [6, 7, 8, 9], [1, 9, 0, 0]]).T
LENGTHS = [4, 3, 4, 2]


def test_agreement_counts_place_by_place():
    written = np.array([[1, 2, 3, 9, 0], [4, 9, 9, 9, 9], [6, 7, 8, 8, 9], [1, 9, 9, 9, 9]]).T
    found = agreement(written, [4, 2, 5, 2], TARGET, LENGTHS)
    assert found.symbols.tolist() == [1, 1 / 3, 3 / 4, 1]
    assert found.whole.tolist() == [True, False, False, True]


def test_a_beginning_or_a_longer_sequence_is_not_the_whole():
    found = agreement([[1, 1], [2, 2], [3, 3]], [2, 3], [[1, 1], [2, 2], [3, 9]], [3, 2])
    assert found.symbols.tolist() == [2 / 3, 1]
    assert found.whole.tolist() == [False, False]


def test_what_was_written_may_be_shorter_than_every_target():
    found = agreement([[1]], [1], [[1], [2]], [2])
    assert (found.symbols.tolist(), found.whole.tolist()) == ([0.5], [False])


def test_looks_right_compares_the_largest_weight():
    weights = np.array([[[0.2, 0.8, 0], [0.5, 0.3, 0.2]], [[0.1, 0.2, 0.7], [0, 0, 1]]])  # (B, T, S)
    assert looks_right(weights, [[1, 2], [1, -1]]).tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: agreement([1, 2], [1], TARGET, LENGTHS), r"written must be \(T, B\) with B lengths"),
        (lambda: agreement(TARGET, [5, 1, 1, 1], TARGET, LENGTHS), r"written_lengths must be from 1 to 4"),
        (lambda: agreement(TARGET, LENGTHS, TARGET, [0, 1, 1, 1]), r"target_lengths must be from 1 to 4"),
        (lambda: agreement([[1]], [1], TARGET, LENGTHS), "must have one B, got 1 and 4"),
        (
            lambda: looks_right(np.ones((2, 3, 4)), np.ones((2, 3))),
            r"weights must be \(B, T, S\) and alignment",
        ),
        (lambda: looks_right([[[np.nan, 1.0]]], [[0]]), "weights must be finite, got nan"),
        (lambda: looks_right([[[np.inf, 1.0]]], [[0]]), "weights must be finite, got inf"),
        (lambda: looks_right(np.ones((1, 1, 4)), [[4]]), "alignment must be below S, which is 4, got 4"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
