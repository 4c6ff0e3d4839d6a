"""Hamlet without spaces: its lines, what is asked of each letter, and the score."""

import numpy as np
import pytest

from lstm_lib.datasets import source
from lstm_lib.datasets.segmentation import END, batch_of, encode, judge, lines_of, load_segmentation, words_of

needs_text = pytest.mark.skipif(
    source.problem(source.find("hamlet")) is not None, reason="not fetched: run lstm-lib data fetch"
)
TWO = [("to", "be", "or"), ("not", "to")]  # "tobeor", "notto"


@needs_text
def test_the_lines_of_the_play_keep_its_split():
    lines = load_segmentation()
    assert [len(lines.train), len(lines.validation), len(lines.test)] == [2_941, 141, 325]
    everything = lines.train + lines.validation + lines.test
    assert {20, 45} <= {len("".join(words)) for words in everything} <= set(range(20, 61))
    assert ("to", "be", "or", "not", "to", "be", "that", "is", "the", "question") in lines.train
    assert sum(len("".join(words)) for words in lines.train) == 97_718
    assert not set(lines.train) & set(lines.test)
    assert set(lines.train) & set(lines.validation) == {("scene", "ii", "a", "hall", "in", "the", "castle")}
    assert repr(lines) == "Segmentation(train=2,941, validation=141, test=325 lines)"


def test_words_are_runs_of_letters_and_an_apostrophe_joins():
    assert words_of("'Tis o'er; well-nigh, I'll GO.") == ("tis", "oer", "well", "nigh", "ill", "go")
    assert words_of("\u2018Tis o\u2019er; I\u2019ll") == ("tis", "oer", "ill")
    assert words_of("...") == ()


def test_an_accent_is_read_alike_however_it_is_written():
    assert words_of("caf\u00e9 au") == words_of("cafe\u0301 au") == ("caf", "au")


def test_lines_that_are_too_short_or_too_long_are_left_out():
    exact, short, longest, long = "ab " * 10, "ab " * 9 + "a", "ab " * 30, "ab " * 30 + "a"
    assert lines_of("\n".join([exact, short, longest, long])) == (("ab",) * 10, ("ab",) * 30)


def test_a_batch_by_hand():
    lines = batch_of(TWO)
    t, o, b, e, r, n = (ord(letter) - 97 for letter in "tobern")
    np.testing.assert_array_equal(lines.x.T, [[t, o, b, e, o, r], [n, o, t, t, o, END]])
    np.testing.assert_array_equal(lines.lengths, [6, 5])
    np.testing.assert_array_equal(lines.target.T, [[0, 1, 0, 1, 0, -1], [0, 0, 1, 0, -1, -1]])
    assert lines.x.dtype == lines.target.dtype == np.int64


def test_a_score_by_hand():
    # "to|beor" and "not|to": of 9 letters that are asked for one is wrong. Words found: to, beor, not, to; those
    # that stand there: to, be, or, not, to. Three are in both: F1 = 2 * 3 / (4 + 5).
    ends = np.array([[0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 1, 1]], bool).T
    score = judge(ends, batch_of(TWO))
    assert score == (pytest.approx(1 / 9), pytest.approx(6 / 9), 0.5)


def test_nothing_is_asked_in_the_padding_or_at_the_last_letter():
    lines = batch_of(TWO)
    right = lines.target == 1
    other = right | (lines.target < 0)
    assert judge(right, lines) == judge(other, lines) == (0, 1, 1)


def test_a_line_of_one_letter_asks_nothing():
    assert judge(np.zeros((1, 1), bool), batch_of([("o",)])) == (0, 1, 1)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: words_of(3), TypeError, "line must be a str, got int"),
        (lambda: encode(3), TypeError, "letters must be a str, got int"),
        (lambda: encode(""), ValueError, "at least one letter, got an empty text"),
        (lambda: encode("to be"), ValueError, "small letters from a to z, got ' ' at position 2"),
        (lambda: encode("tO"), ValueError, "got 'O' at position 1"),
        (lambda: batch_of([]), ValueError, "lines must hold at least one line, got none"),
        (lambda: batch_of([("a",), ()]), ValueError, r"lines\[1\] must be a sequence of words.* got \(\)"),
        (lambda: batch_of(["to"]), ValueError, r"lines\[0\] must be a sequence of words.* got 'to'"),
        (lambda: batch_of([("a", "")]), ValueError, "none of them empty"),
        (lambda: judge(np.zeros((2, 2), bool), batch_of(TWO)), ValueError, r"shape \(6, 2\), got bool"),
        (lambda: judge(np.zeros((6, 2)), batch_of(TWO)), ValueError, r"truth values .* got float64"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
