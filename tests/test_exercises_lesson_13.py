"""Answers to the exercises of lesson 13 in the other ways that people write them."""

import numpy as np
import pytest

from lstm_lib.exercises import lesson_13
from lstm_lib.exercises.declare import find
from lstm_lib.exercises.judge import PASSED, judge


@pytest.mark.parametrize("answer", ["bdf", "B, D and F", "f d b", ["B", "D", "F"], ("d", "b", "f"), "BDF"])
def test_the_leaks_may_be_written_in_many_ways(answer):
    assert judge(find("13.3"), answer, np.random.default_rng(0)).state == PASSED


@pytest.mark.parametrize("answer", ["", "xyz", "none", 3, True, ["B", 4]])
def test_what_is_no_letter_is_refused(answer):
    assert judge(find("13.3"), answer, np.random.default_rng(0)).state != PASSED


@pytest.mark.parametrize(
    "answer",
    [[674, 1, 2, 336, 337, 338, 672, 673], np.array([1, 336, 337, 672, 673]), (1, 336, 337, 672, 673)],
)
def test_lags_may_be_a_list_an_array_or_a_tuple_in_any_order(answer):
    assert judge(find("13.4"), answer, np.random.default_rng(0)).state == PASSED


@pytest.mark.parametrize("answer", [[], "1, 2", [1.5, 48, 49], 48, [True, 336, 337], list(range(1, 700))])
def test_lags_that_are_none_are_refused(answer):
    assert judge(find("13.4"), answer, np.random.default_rng(0)).state != PASSED


def test_the_numbers_of_the_task_are_those_of_the_lesson():
    assert 205 < lesson_13._validation_error((1, 2, 48, 49, 336, 337)) < 209
