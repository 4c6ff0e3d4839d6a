"""The two-sequence problem, against the paper's words (Hochreiter and Schmidhuber 1997, section 5.3)."""

import numpy as np
import pytest
from symbols_a_second import symbols_a_second

from lstm_lib.datasets.task import Batch
from lstm_lib.datasets.two_sequence import TwoSequence


@pytest.mark.parametrize(("variant", "N"), [("a", 3), ("a", 1), ("b", 3), ("b", 1), ("c", 3), ("c", 1)])
def test_the_first_numbers_tell_the_class(variant, N):
    task = TwoSequence(variant, 100, N)
    batch = task.draw(4000, np.random.default_rng(0))
    first_class = batch.truth[:, 0] == {"a": 1.0, "b": 1.0, "c": np.float32(0.2)}[variant]
    assert 0.47 < first_class.mean() < 0.53
    for of_class, sign in ((first_class, 1), (~first_class, -1)):
        telling = batch.x[:N, of_class, 0]
        assert abs(telling.mean() - sign) < 0.02
        assert abs(telling.var() - (0.2 if variant == "b" else 0)) < 0.015
        noise = batch.x[N:90, of_class, 0]
        assert abs(noise.mean()) < 0.01
        assert abs(noise.var() - 0.2) < 0.005  # the paper speaks of the variance


def test_targets_of_the_three_variants():
    for variant, values in (("a", [0, 1]), ("b", [0, 1]), ("c", [0.2, 0.8])):
        batch = TwoSequence(variant).draw(20_000, np.random.default_rng(0))
        assert np.allclose(np.unique(batch.truth), values)
        noise = batch.target - batch.truth
        assert abs(noise.mean()) < 0.01
        assert abs(noise.var() - (0.1 if variant == "c" else 0)) < 0.003


def test_lengths():
    batch = TwoSequence(T=100).draw(4000, np.random.default_rng(0))
    assert set(batch.lengths) == set(range(100, 111))
    assert batch.x.shape == (110, 4000, 1)
    assert not batch.x[np.arange(110)[:, None] >= batch.lengths].any()


@pytest.mark.parametrize(("variant", "tolerance"), [("a", 0.2), ("b", 0.2), ("c", 0.1)])
def test_answers_are_judged_by_the_target_without_noise(variant, tolerance):
    truth = np.full((3, 1), 0.2, np.float32)
    batch = Batch(np.zeros((100, 3, 1), np.float32), np.full(3, 100), truth + 0.5, truth)
    off = np.array([[0.0], [tolerance - 0.01], [tolerance + 0.01]])
    error, wrong = TwoSequence(variant).judge(truth + off, batch)
    assert np.allclose(error, off[:, 0], atol=1e-6)
    assert wrong.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("variant", "strict", "most_wrong", "mean_error"),
    [
        ("a", False, 0, np.inf),
        ("a", True, 0, 0.01),
        ("b", False, 5, np.inf),
        ("b", True, 5, 0.04),
        ("c", True, 0, 0.015),
        ("c", False, 0, 0.015),
    ],
)
def test_the_criteria_ST1_and_ST2(variant, strict, most_wrong, mean_error):
    criterion = TwoSequence(variant, strict=strict).criterion
    assert (criterion.sequences, criterion.fresh) == (256, True)
    assert (criterion.most_wrong, criterion.mean_error) == (most_wrong, mean_error)


def test_strict_is_yes_or_no():
    with pytest.raises(TypeError, match="strict must be True or False, got 'yes'"):
        TwoSequence(strict="yes")


@pytest.mark.parametrize("variant", ["a", "b", "c"])
def test_at_least_a_million_numbers_a_second(variant):
    assert symbols_a_second(TwoSequence(variant)) > 1e6


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TwoSequence("d"), 'variant must be "a", "b" or "c", got \'d\''),
        (lambda: TwoSequence(T=9), "T must be at least 10, got 9"),
        (lambda: TwoSequence(N=0), "N must be at least 1, got 0"),
        (lambda: TwoSequence(T=20, N=21), "N must be at most T = 20, got 21"),
        (lambda: TwoSequence().draw(0, np.random.default_rng(0)), "batch must be at least 1, got 0"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(ValueError, match=words):
        make()
