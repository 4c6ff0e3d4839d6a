"""Long lags, against the paper's words (Hochreiter and Schmidhuber 1997, section 5.2)."""

import numpy as np
import pytest
from symbols_a_second import symbols_a_second

from lstm_lib.datasets.long_lags import Distractors, FirstIsLast


@pytest.mark.parametrize("p", [2, 4, 100])
def test_task_2a_has_two_sequences_and_no_more(p):
    batch = FirstIsLast(p).draw(200, np.random.default_rng(0))
    x, y = p - 1, p  # of the p + 1 symbols, these two are last
    whole = {(*batch.x[:, b], batch.target[-1, b]) for b in range(200)}
    assert whole == {(x, *range(p - 1), x), (y, *range(p - 1), y)}
    assert np.array_equal(batch.target[:-1], batch.x[1:])
    assert (batch.lengths == p).all()


def test_task_2b_has_noise_between():
    p = 50
    batch = FirstIsLast(p, random=True).draw(2000, np.random.default_rng(0))
    between = batch.x[1:]
    assert between.shape == (p - 1, 2000)
    assert set(between.ravel()) == set(range(p - 1))
    assert np.ptp(np.bincount(between.ravel())) < 0.2 * between.size / (p - 1)
    assert np.array_equal(batch.x[0], batch.target[-1])
    assert set(batch.x[0]) == {p - 1, p}
    assert 0.45 < (batch.x[0] == p).mean() < 0.55


def test_in_task_2a_every_step_counts_and_in_2b_the_last():
    for random in (False, True):
        task = FirstIsLast(4, random)
        batch = task.draw(3, np.random.default_rng(0))
        p = np.eye(5)[batch.truth]  # faultless
        p[1, 0] = p[-1, 1] = 0.2  # sequence 0 fails at step 2, sequence 1 at its end
        error, wrong = task.judge(p, batch)
        assert wrong.tolist() == [not random, True, False]
        assert np.allclose(error, [0 if random else 0.8, 0.8, 0])


def test_a_unit_may_be_off_by_less_than_a_quarter():
    task = FirstIsLast(2)
    batch = task.draw(1, np.random.default_rng(0))
    for off, expected in ((0.24, False), (0.26, True)):
        p = np.eye(3)[batch.truth] * (1 - off)
        p[np.arange(2), :, (batch.truth[:, 0] + 1) % 3] = off
        assert task.judge(p, batch).wrong.tolist() == [expected]


@pytest.mark.parametrize(("q", "p"), [(1, 1), (50, 50), (20, 7)])
def test_task_2c_begins_with_b_and_ends_with_the_trigger(q, p):
    e, b, x, y = range(p, p + 4)
    batch = Distractors(q, p).draw(2000, np.random.default_rng(0))
    for k, n in enumerate(batch.lengths):
        sequence = batch.x[:n, k]
        assert sequence[0] == b
        assert sequence[1] == (x, y)[batch.target[k]]
        assert sequence[-1] == e
        assert (sequence[2:-1] < p).all()
        assert n >= q + 3
        assert not batch.x[n:, k].any()


def test_after_q_distractors_the_end_comes_with_probability_one_in_ten():
    batch = Distractors(50, 50).draw(20_000, np.random.default_rng(0))
    more = batch.lengths - 53
    assert (
        abs(more.mean() - 9) < 0.2
    )  # q + 13 symbols with the last one; the paper's own sum is 9, though it says q + 14
    for k in range(3):
        assert abs((more == k).sum() / (more >= k).sum() - 0.1) < 0.01
    assert 0.48 < batch.target.mean() < 0.52


def test_in_task_2c_both_units_must_come_within_a_fifth():
    task = Distractors(5, 5)
    batch = task.draw(3, np.random.default_rng(0))
    p = np.eye(2)[batch.truth]
    p[0], p[1] = np.where(p[0] == 1, 0.81, 0.19), np.where(p[1] == 1, 0.79, 0.21)
    error, wrong = task.judge(p, batch)
    assert wrong.tolist() == [False, True, False]
    assert np.allclose(error, [0.19, 0.21, 0])


@pytest.mark.parametrize("task", [FirstIsLast(), FirstIsLast(random=True), Distractors()])
def test_the_criterion_is_ten_thousand_fresh_sequences_without_a_mistake(task):
    assert task.criterion.fresh
    assert task.criterion.met(np.ones(10_000), np.zeros(10_000, bool))
    assert not task.criterion.met(np.zeros(10_000), np.arange(10_000) == 5)
    examined = [len(batch.lengths) for batch in task.examination(np.random.default_rng(0))]
    assert sum(examined) == 10_000
    assert max(examined) <= 500


@pytest.mark.parametrize(
    "task", [FirstIsLast(), FirstIsLast(random=True), Distractors(), Distractors(1000, 1000)]
)
def test_at_least_a_million_symbols_a_second(task):
    assert symbols_a_second(task) > 1e6
    assert task.symbols > task.draw(500, np.random.default_rng(0)).x.max()


def test_random_is_yes_or_no():
    with pytest.raises(TypeError, match="random must be True or False, got 'no'"):
        FirstIsLast(random="no")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FirstIsLast(1), "p must be at least 2, got 1"),
        (lambda: Distractors(q=0), "q must be at least 1, got 0"),
        (lambda: Distractors(p=0), "p must be at least 1, got 0"),
        (lambda: FirstIsLast().draw(-1, np.random.default_rng(0)), "batch must be at least 1, got -1"),
        (lambda: Distractors().draw(0, np.random.default_rng(0)), "batch must be at least 1, got 0"),
    ],
)
def test_bad_sizes(make, words):
    with pytest.raises(ValueError, match=words):
        make()
