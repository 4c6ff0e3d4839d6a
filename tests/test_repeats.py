"""Repeats and parity: the answers are those that can be known, and wrong ones are seen."""

import numpy as np
import pytest

from lstm_lib.datasets.repeats import Parity, Repeats


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_block_comes_again_and_again():
    task = Repeats(steps=30, shortest=3, longest=7, letters=9)
    batch = task.draw(200, rng())
    assert batch.x.shape == batch.target.shape == (30, 200)
    found = set()
    for b in range(200):
        x, target = batch.x[:, b], batch.target[:, b]
        n = int((target < 0).sum()) + 1  # the first n - 1 answers cannot be known
        found.add(n)
        assert len(set(x[:n])) == n  # letters of a block differ
        assert (x[n:] == x[:-n]).all()
        assert (target[: n - 1] == -1).all()
        assert (target[n - 1 : -1] == x[n:]).all()
        assert target[-1] == x[30 - n]  # one more step of the block
    assert found == {3, 4, 5, 6, 7}
    assert set(np.unique(batch.x)) == set(range(9))


def test_parity_counts_the_ones():
    batch = Parity(2, 6).draw(300, rng())
    assert set(batch.lengths) == {2, 3, 4, 5, 6}
    for b, length in enumerate(batch.lengths):
        ones = 0
        for t in range(length):
            ones += batch.x[t, b]
            assert batch.target[t, b] == ones % 2
        assert (batch.target[length:, b] == -1).all()
    inside = batch.x[batch.target >= 0]
    assert 0.4 < inside.mean() < 0.6


@pytest.mark.parametrize("task", [Repeats(20, 3, 5, 8), Parity(3, 9)])
def test_a_single_wrong_answer_is_seen_and_one_that_does_not_count_is_not(task):
    batch = task.draw(4, rng())
    right = np.eye(task.output_size)[np.maximum(batch.truth, 0)]
    assert not task.judge(right, batch).wrong.any()
    assert (task.judge(right, batch).error == 0).all()
    t = int((batch.truth[:, 2] >= 0).nonzero()[0][-1])
    wrong = right.copy()
    wrong[t, 2] = np.roll(wrong[t, 2], 1)
    verdict = task.judge(wrong, batch)
    assert verdict.wrong.tolist() == [False, False, True, False]
    assert verdict.error[2] == pytest.approx(1 / (batch.truth[:, 2] >= 0).sum())
    unknown = np.argwhere(batch.truth < 0)
    if len(unknown):
        step, b = unknown[0]
        harmless = right.copy()
        harmless[step, b] = np.roll(harmless[step, b], 1)
        assert not task.judge(harmless, batch).wrong.any()


def test_the_same_seed_draws_the_same():
    for task in (Repeats(), Parity()):
        assert (task.draw(3, rng(4)).x == task.draw(3, rng(4)).x).all()
        assert task.draw(3, rng(4)).x.dtype == np.int64


@pytest.mark.parametrize(
    ("build", "match"),
    [
        (lambda: Repeats(shortest=0), "shortest must be at least 1, got 0"),
        (lambda: Repeats(shortest=5, longest=4), "longest must be at least 5, got 4"),
        (lambda: Repeats(letters=10), "letters must be at least 16, got 10"),
        (lambda: Repeats(steps=10), "steps must be at least 16, got 10"),
        (lambda: Parity(4, 3), "longest must be at least 4, got 3"),
        (lambda: Parity().draw(0, rng()), "batch must be at least 1, got 0"),
        (lambda: Repeats().draw(0, rng()), "batch must be at least 1, got 0"),
        (
            lambda: Parity(3, 3).judge(np.full((3, 1, 2), 2.0), Parity(3, 3).draw(1, rng())),
            "output must hold probabilities",
        ),
        (
            lambda: Parity(3, 3).judge(np.zeros((2, 1, 2)), Parity(3, 3).draw(1, rng())),
            r"output must have shape \(3, 1, 2\)",
        ),
    ],
)
def test_bad_input_is_named(build, match):
    with pytest.raises(ValueError, match=match):
        build()


@pytest.mark.parametrize("task", [Repeats(), Parity()])
def test_a_generator_is_asked_for(task):
    with pytest.raises(TypeError, match="rng must be a numpy"):
        task.draw(2, 0)
