"""The open exercise of lesson 16; its declarations are tested with all others."""

import numpy as np
import pytest

from lstm_lib.exercises import noisy_training
from lstm_lib.exercises.judge import PASSED, judge
from lstm_lib.exercises.noisy_training import NOISY_TRAINING


@pytest.fixture
def tried(monkeypatch):
    """What would be trained; nothing is."""
    calls = []

    def train(*choice):
        calls.append(choice)
        return 0.1 if choice[0] > 0.5 else 0.9

    monkeypatch.setattr(noisy_training, "small_recogniser", train)
    return calls


@pytest.mark.parametrize(
    "answer",
    [(0.9, 0, 15, 0.1), [0.8, -5.0, 10, 0], np.array([1.0, 0.0, 20.0, 0.2]), (1, np.float32(0), 9, 0.1)],
)
def test_other_right_answers_pass(answer, tried):
    assert judge(NOISY_TRAINING, answer, np.random.default_rng(0)).state == PASSED
    assert tried == [tuple(float(n) for n in answer)]


@pytest.mark.parametrize(
    "answer",
    [
        0.9,
        "0.9",
        (0.9, 0, 15),
        (0.9, 0, 15, "0.1"),
        (True, 0, 15, 0.1),
        {"noise": 0.9},
        (0.9, 0, float("nan"), 0.1),
        None,
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_trained(answer, tried):
    assert judge(NOISY_TRAINING, answer, np.random.default_rng(0)).state != PASSED
    assert tried == []


def test_an_answer_outside_the_limits_is_not_trained(tried):
    for answer in ((50, 0, 15, 0.1), (0.9, 15, 0, 0.1), (0.9, -60, 0, 0.1), (0.9, 0, 15, 0.9)):
        assert judge(NOISY_TRAINING, answer, np.random.default_rng(0)).state != PASSED
    assert tried == []


def test_noise_that_does_not_help_is_refused_by_what_it_gives(tried):
    assert judge(NOISY_TRAINING, (0.5, 10, 30, 0.1), np.random.default_rng(0)).state != PASSED
    assert tried == [(0.5, 10.0, 30.0, 0.1)]
