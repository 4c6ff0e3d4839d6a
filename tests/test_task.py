"""What the tasks of 1997 share."""

import numpy as np
import pytest

from lstm_lib.datasets.adding import Adding
from lstm_lib.datasets.task import Criterion, Task, generator, inside, lengths_from, unit_errors, whole_number


def test_a_criterion_counts_errors_and_mistakes_over_enough_sequences():
    criterion = Criterion(4, most_wrong=1, mean_error=0.5)
    right = np.zeros(4, bool)
    assert criterion.met(np.array([0.4, 0.4, 0.4, 0.7]), right)  # the mean is 0.475
    assert not criterion.met(np.full(4, 0.5), right)
    assert criterion.met(np.zeros(4), np.array([True, False, False, False]))
    assert not criterion.met(np.zeros(4), np.array([True, True, False, False]))
    assert not criterion.met(np.zeros(3), right[:3])
    assert not criterion.met(np.full(4, np.nan), right)


def test_a_mask_ends_where_each_sequence_ends():
    assert inside(np.array([1, 3, 2]), 3).astype(int).T.tolist() == [[1, 0, 0], [1, 1, 1], [1, 1, 0]]


def test_lengths_include_both_ends():
    assert set(lengths_from(20, 500, np.random.default_rng(0))) == {20, 21, 22}


def test_errors_of_output_units():
    errors = unit_errors(np.array([[0.7, 0.2, 0.1]]), np.array([1]))
    assert np.allclose(errors, [[0.7, 0.8, 0.1]])


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (2.0, TypeError, "size must be a whole number, at least 3, got 2.0"),
        (True, TypeError, "size must be a whole number"),
        ("4", TypeError, "got '4'"),
        (2, ValueError, "size must be at least 3, got 2"),
    ],
)
def test_whole_numbers(value, error, words):
    with pytest.raises(error, match=words):
        whole_number("size", value, 3)


def test_a_numpy_integer_will_do():
    assert type(whole_number("size", np.int64(5), 3)) is int


def test_only_a_generator_is_a_generator():
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator such as .*, got 0"):
        generator(0)


def test_an_examination_is_cut_into_batches():
    task = Adding(20)
    assert [len(batch.lengths) for batch in task.examination(np.random.default_rng(0))] == [500] * 4


def test_a_task_must_have_all_its_parts():
    with pytest.raises(TypeError, match="abstract"):
        Task()
