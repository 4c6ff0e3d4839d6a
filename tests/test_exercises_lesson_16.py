"""The exercises of lesson 16: right answers written in other ways; its declarations are tested with all others."""

import numpy as np
import pytest

from lstm_lib.exercises import noisy_training
from lstm_lib.exercises.ctc_sums import COLLAPSE, TWO_LETTERS
from lstm_lib.exercises.judge import PASSED, judge
from lstm_lib.exercises.noisy_training import NOISY_TRAINING


def in_float32(log_p, first, second):
    """The forward sum as a learner may write it, in single precision."""
    log_p = log_p.astype(np.float32)
    symbols = [0, first, 0, second, 0]
    alpha = np.full(5, -np.inf, dtype=np.float32)
    alpha[:2] = log_p[0, symbols[:2]]
    for now in log_p[1:]:
        before = alpha.copy()
        alpha[1:] = np.logaddexp(before[1:], before[:-1])
        if first != second:
            alpha[3] = np.logaddexp(alpha[3], before[1])
        alpha = alpha + now[symbols]
    return np.logaddexp(alpha[3], alpha[4])


@pytest.mark.parametrize("seed", range(50))
def test_a_forward_sum_in_single_precision_is_right(seed):
    assert judge(TWO_LETTERS, in_float32, np.random.default_rng(seed)).state == PASSED


def test_spaces_belong_to_what_a_path_says():
    def loop(path):
        said, before = "", "_"
        for symbol in path:
            if symbol not in (before, "_"):
                said += symbol
            before = symbol
        return said

    assert judge(COLLAPSE, loop, np.random.default_rng(0)).state == PASSED
    for tidy in (str.strip, str.rstrip, lambda text: " ".join(text.split())):
        answer = lambda path, tidy=tidy: tidy(loop(path))  # noqa: E731
        assert judge(COLLAPSE, answer, np.random.default_rng(0)).state != PASSED


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


@pytest.mark.parametrize(
    "answer",
    [(0.9, 0, 15), ((0.9, 0), (15, 0.1)), [(0.9, 0, 15, 0.1)], (0.9, 0, 15, "0.1"), 0.9, {"noise": 0.9}],
)
def test_who_writes_something_else_is_told_what_to_write(answer, tried):
    verdict = judge(NOISY_TRAINING, answer, np.random.default_rng(0))
    assert verdict.headline == "your answer cannot be read."
    assert verdict.lines == ("Write four numbers: (noise, low, high, warp), such as (0.5, 10, 30, 0.1).",)
    assert tried == []


def test_an_answer_outside_the_limits_is_not_trained(tried):
    for answer in ((50, 0, 15, 0.1), (0.9, 15, 0, 0.1), (0.9, -60, 0, 0.1), (0.9, 0, 15, 0.9)):
        assert judge(NOISY_TRAINING, answer, np.random.default_rng(0)).state != PASSED
    assert tried == []


def test_noise_that_does_not_help_is_refused_by_what_it_gives(tried):
    assert judge(NOISY_TRAINING, (0.5, 10, 30, 0.1), np.random.default_rng(0)).state != PASSED
    assert tried == [(0.5, 10.0, 30.0, 0.1)]
