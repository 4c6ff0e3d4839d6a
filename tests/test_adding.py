"""Adding and multiplication, against the paper's words (Hochreiter and Schmidhuber 1997, sections 5.4 and 5.5)."""

import numpy as np
import pytest
from symbols_a_second import symbols_a_second

from lstm_lib.datasets.adding import Adding, Multiplication
from lstm_lib.datasets.task import Batch

TASKS = [Adding(100), Adding(37), Multiplication(100)]


@pytest.fixture(params=TASKS, ids=str)
def task(request):
    return request.param


@pytest.fixture
def drawn(task):
    return task.draw(3000, np.random.default_rng(0))


def sequences(batch):
    """Each sequence by itself, as (pairs (length, 2), target)."""
    return [(batch.x[:n, b], batch.target[b, 0]) for b, n in enumerate(batch.lengths)]


def test_lengths_are_spread_evenly_from_T_to_a_tenth_more(task, drawn):
    counts = np.bincount(drawn.lengths - task.T)
    assert len(counts) == task.T // 10 + 1
    assert counts.min() > 0.6 * 3000 / len(counts)
    assert drawn.x.shape == (drawn.lengths.max(), 3000, 2)


def test_first_and_last_pair_are_marked_minus_one_and_others_zero_or_one(drawn):
    for pairs, _ in sequences(drawn):
        assert pairs[0, 1] == pairs[-1, 1] == -1
        assert set(pairs[1:-1, 1]) <= {0, 1}


def test_one_mark_is_among_the_first_ten_and_both_in_the_first_half(task, drawn):
    for pairs, _ in sequences(drawn):
        marks = np.flatnonzero(pairs[:, 1] == 1)
        assert len(marks) in (1, 2)  # one where the first pair was marked, which shows -1
        assert marks.max() < task.T // 2
        if len(marks) == 2:
            assert marks.min() < 10


def test_every_place_that_the_paper_allows_is_used(task):
    marks = task._marks(20_000, np.random.default_rng(1))
    assert set(marks[0]) == set(range(10))
    assert set(marks[1]) == set(range(task.T // 2))
    assert (marks[0] != marks[1]).all()
    beyond = np.bincount(marks[1], minlength=task.T // 2)[10:]  # never taken by the first mark: all alike
    assert beyond.min() > 0.7 * beyond.mean()


def test_the_target_is_made_of_the_marked_numbers(task, drawn):
    for pairs, target in sequences(drawn):
        marked = pairs[pairs[:, 1] == 1, 0].astype(float)
        expected = 0.5 + marked.sum() / 4 if isinstance(task, Adding) else marked.prod()
        assert target == pytest.approx(expected, abs=1e-6)  # with one mark: the other counts as 0, or as 1


def test_a_mark_on_the_first_pair_is_rare_but_happens(drawn):
    seen = np.array([(pairs[:, 1] == 1).sum() for pairs, _ in sequences(drawn)])
    assert (
        0.08 < (seen == 1).mean() < 0.2
    )  # one time in ten for the first mark, and hardly ever for the second


def test_numbers_fill_the_range_of_the_paper(task, drawn):
    numbers = np.concatenate([pairs[:, 0] for pairs, _ in sequences(drawn)])
    low = -1 if isinstance(task, Adding) else 0
    assert low <= numbers.min() < low + 0.01
    assert 0.99 < numbers.max() <= 1
    assert abs(numbers.mean() - (low + 1) / 2) < 0.01
    assert drawn.x.dtype == drawn.target.dtype == np.float32


def test_after_the_end_there_is_nothing(drawn):
    after = np.arange(len(drawn.x))[:, None] >= drawn.lengths
    assert not drawn.x[after].any()


def test_answers_within_four_hundredths_are_right(task):
    truth = np.array([[0.5], [0.5], [0.5], [0.5]], np.float32)
    batch = Batch(np.zeros((20, 4, 2), np.float32), np.full(4, 20), truth, truth)
    error, wrong = task.judge(np.array([[0.5], [0.539], [0.4605], [0.541]]), batch)
    assert np.allclose(error, [0, 0.039, 0.0395, 0.041], atol=1e-6)
    assert wrong.tolist() == [False, False, False, True]


def test_an_answer_that_is_not_a_number_is_wrong(task, drawn):
    _, wrong = task.judge(np.full((3000, 1), np.nan), drawn)
    assert wrong.all()


def test_the_criteria_are_those_of_the_paper():
    right, one_wrong = np.zeros(2000, bool), np.eye(1, 2000, dtype=bool)[0]
    adding = Adding().criterion
    assert adding.met(np.full(2000, 0.009), right)
    assert not adding.met(np.full(2000, 0.011), right)
    assert not adding.met(np.full(2000, 0.009), one_wrong)
    assert not adding.met(np.full(1999, 0.001), right[:1999])
    for allowed in (139, 12):
        criterion = Multiplication(most_wrong=allowed).criterion
        assert criterion.met(np.ones(2000), np.arange(2000) < allowed)
        assert not criterion.met(np.ones(2000), np.arange(2000) < allowed + 1)


def test_the_same_generator_state_gives_the_same_sequences(task):
    first, again = (task.draw(7, np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_at_least_a_million_pairs_a_second(task):
    assert symbols_a_second(task) > 1e6


@pytest.mark.parametrize("kind", [Adding, Multiplication])
@pytest.mark.parametrize(
    ("T", "error", "words"),
    [(19, ValueError, "T must be at least 20, got 19"), (50.0, TypeError, "T must be a whole number")],
)
def test_a_length_that_has_no_room_for_the_marks(kind, T, error, words):
    with pytest.raises(error, match=words):
        kind(T)


@pytest.mark.parametrize(
    ("batch", "rng", "error", "words"),
    [
        (0, np.random.default_rng(0), ValueError, "batch must be at least 1, got 0"),
        (True, np.random.default_rng(0), TypeError, "batch must be a whole number"),
        (2, 7, TypeError, "rng must be a numpy.random.Generator"),
    ],
)
def test_what_cannot_be_drawn(task, batch, rng, error, words):
    with pytest.raises(error, match=words):
        task.draw(batch, rng)


def test_a_number_of_mistakes_is_a_whole_number():
    with pytest.raises(ValueError, match="most_wrong must be at least 0, got -1"):
        Multiplication(100, -1)
    with pytest.raises(TypeError, match="most_wrong must be a whole number"):
        Multiplication(100, "x")


def test_outputs_of_another_shape_are_refused(task, drawn):
    with pytest.raises(ValueError, match=r"output must have shape \(3000, 1\), got \(3000,\)"):
        task.judge(np.zeros(3000), drawn)
