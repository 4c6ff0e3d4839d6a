"""What the open exercise of lesson 14 measures; its declarations are tested with all others."""

import numpy as np
import pytest

from lstm_lib.exercises import lesson_14, mcnemar_table
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
        ("it can work.", "it can't work.", 1),
        ("I will see it.", "I won't see it.", 1),
        ("they like it.", "they don't like it.", 1),
        ("they don't like it.", "they do like that.", 2),
        ("a good film.", "a good film!", 1),
        ("a well made film", "a well-made film", 1),
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
        ("You can laugh at it.", "You can't laugh at it.", 0.7, 0.6),
        ("People like this film.", "People don’t like this film.", 0.7, 0.6),
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


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (("", "", 0.5, 0.6), "too short"),
        (("A well made film of ours.", "A well-made film of ours.", 0.8, 0.7), "a mark"),
        (("They like the film a lot.", "They don't like this film a lot.", 0.8, 0.7), "many words"),
    ],
)
def test_a_twin_draws_the_hint_of_its_fault(answer, mistake):
    found = judge(lesson_14.TWIN, answer, np.random.default_rng(0)).mistake
    assert found is not None
    assert found.name == mistake


@pytest.mark.parametrize(
    "write",
    [
        lambda t: t.astype(float),
        lambda t: t.tolist(),
        lambda t: [tuple(row) for row in t.astype(float).tolist()],
        lambda t: t.astype(np.int32),
    ],
)
def test_the_table_may_hold_whole_numbers_of_any_kind(write):
    verdict = judge(
        lesson_14.MCNEMAR_TABLE, lambda y, a, b: write(mcnemar_table.table(y, a, b)), np.random.default_rng(0)
    )
    assert verdict.state == PASSED


@pytest.mark.parametrize(
    ("write", "mistake"),
    [
        (lambda t: (t / t.sum()).tolist(), "parts"),
        (lambda t: t.T.astype(float), "transposed"),
        (lambda t: t[::-1].tolist(), "rows changed"),
    ],
)
def test_a_wrong_table_draws_its_hint_whatever_its_numbers_are(write, mistake):
    verdict = judge(
        lesson_14.MCNEMAR_TABLE, lambda y, a, b: write(mcnemar_table.table(y, a, b)), np.random.default_rng(0)
    )
    assert verdict.mistake is not None
    assert verdict.mistake.name == mistake


@pytest.mark.parametrize(
    "write", [lambda t: [[1], [2, 3]], lambda t: "abc", lambda t: t * np.nan, lambda t: {}]
)
def test_what_is_no_table_is_refused_without_a_crash(write):
    verdict = judge(
        lesson_14.MCNEMAR_TABLE, lambda y, a, b: write(mcnemar_table.table(y, a, b)), np.random.default_rng(0)
    )
    assert verdict.state != PASSED
