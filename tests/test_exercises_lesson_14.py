"""What the open exercise of lesson 14 measures; its declarations are tested with all others."""

import numpy as np
import pytest

from lstm_lib.exercises import lesson_14
from lstm_lib.exercises.judge import PASSED, judge


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("a good film", "a good film", 0),
        ("a good film", "A GOOD FILM", 0),
        ("a good film", "a bad film", 1),
        ("a good film", "a very good film", 1),
        ("a very good film", "a good film", 1),
        ("it is good", "it isn't good", 1),
        ("a good film", "a film good", 2),
        ("", "a good film", 3),
    ],
)
def test_words_apart(first, second, apart):
    assert lesson_14.words_apart(first, second) == apart


@pytest.mark.parametrize(
    "answer",
    [
        ("This is a great film.", "This is hardly a great film.", 0.9, 0.8),
        ["This is a great film.", "This is no great film.", np.float64(0.9), np.float32(0.8)],
        ("The story is never dull.", "The story is often dull.", 0.03, 0.04),
        ("It almost works well.", "It works well.", 1, 0.9),
    ],
)
def test_other_right_answers_pass(answer):
    assert judge(lesson_14.TWIN, answer, np.random.default_rng(0)).state == PASSED


@pytest.mark.parametrize(
    "answer",
    [
        ("This is a great film.", "This is hardly a great film."),
        ("This is a great film.", "This is hardly a great film.", "0.9", "0.8"),
        (0.9, 0.8, "This is a great film.", "This is hardly a great film."),
        ("This is a great film.", 3, 0.9, 0.8),
        "This is a great film.",
        None,
    ],
)
def test_what_is_no_answer_is_refused_without_a_crash(answer):
    assert judge(lesson_14.TWIN, answer, np.random.default_rng(0)).state != PASSED
