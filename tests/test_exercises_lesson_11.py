"""What the checks of lesson 11 say to answers that are not among their declared mistakes."""

import numpy as np
import pytest

from lstm_lib.exercises.declare import find
from lstm_lib.exercises.judge import NOT_ATTEMPTED, NOT_YET, PASSED, judge
from lstm_lib.exercises.lesson_11 import BEFORE


def said(exercise, answer):
    return judge(find(exercise), answer, np.random.default_rng(0))


@pytest.mark.parametrize(
    "answer", [(BEFORE, 16, 24, 2), (BEFORE, 16, 24, 2.0), (BEFORE, 20.0, 40.0, 1), [BEFORE, 12.0, 30.0, 6]]
)
def test_other_heads_that_take_the_latest_pass(answer):
    assert said("11.4", answer).state == PASSED


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ((BEFORE, 5.0, 0.0, 0), "place left out"),
        ((BEFORE, 8.0, 0.0, 8), "place left out"),
        ((BEFORE, 5.0, 24.0, 2), "too soft"),
        ((BEFORE, 6.0, 30.0, 2), "too soft"),
        ((BEFORE, 20.0, 40.0, 0), "good for one block"),
        ((BEFORE, 20.0, 8.0, 2), "the older round"),
        ((BEFORE, 16.0, 50.0, 2), "too strong to be true"),
        ((BEFORE, 16.0, -4.0, 2), "shunned"),
        ((BEFORE, 16.0, 24.0), "another number of parts"),
        ((BEFORE, 16.0, 24.0, 2, True), "another number of parts"),
        ((), "another number of parts"),
        ((BEFORE, 16.0, 24.0, 100), "far too many steps back"),
        ((BEFORE, 16.0, 24.0, 10**400), "far too many steps back"),
        ((BEFORE, 16.0, 24.0, 1e9), "far too many steps back"),
    ],
)
def test_heads_that_miss_are_told_why(answer, name):
    verdict = said("11.4", answer)
    assert verdict.state == NOT_YET
    assert verdict.mistake is not None
    assert verdict.mistake.name == name


def test_a_none_among_other_parts_is_an_answer_and_dots_are_a_stub():
    verdict = said("11.4", (BEFORE, 8.0, None, 0))
    assert verdict.state == NOT_YET
    assert any("got None" in line for line in verdict.lines)
    for stub in (..., None, (BEFORE, ..., 0.0, 0), (None, None, None, None)):
        assert said("11.4", stub).state == NOT_ATTEMPTED


@pytest.mark.parametrize("back", [2.5, float("inf"), float("nan"), "2"])
def test_steps_back_must_be_whole(back):
    verdict = said("11.4", (BEFORE, 16.0, 24.0, back))
    assert verdict.state == NOT_YET
    assert any("xpected a whole number" in line for line in verdict.lines)


def floor_division(steps, size):
    speed = 10_000.0 ** -(np.arange(0, size, 2) // size)
    angles = np.arange(steps)[:, None] * speed
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(steps, size)


def base_e(steps, size):
    angles = np.arange(steps)[:, None] * np.exp(-np.arange(0, size, 2) / size)
    code = np.zeros((steps, size))
    code[:, ::2], code[:, 1::2] = np.sin(angles), np.cos(angles)
    return code


def no_keepdims(q, k, v):
    scores = np.where(np.tril(np.ones((len(q), len(q)), bool)), q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    weights = np.exp(scores)
    return weights / weights.sum(axis=1) @ v


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        ("11.1", floor_division, "floor division of the exponent"),
        ("11.1", base_e, "base e"),
        ("11.3", no_keepdims, "sum of plain exponentials without keepdims"),
    ],
)
def test_common_slips_are_known(exercise, answer, name):
    verdict = said(exercise, answer)
    assert verdict.mistake is not None
    assert verdict.mistake.name == name
