"""Temporal order, against the paper's words (Hochreiter and Schmidhuber 1997, section 5.6)."""

import numpy as np
import pytest
from symbols_a_second import symbols_a_second

from lstm_lib.datasets.task import Batch
from lstm_lib.datasets.temporal_order import CLASSES, SYMBOLS, TemporalOrder

RULES = {  # as the paper lists them
    2: {"XX": "Q", "XY": "R", "YX": "S", "YY": "U"},
    3: {
        "XXX": "Q", "XXY": "R", "XYX": "S", "XYY": "U",
        "YXX": "V", "YXY": "A", "YYX": "B", "YYY": "C",
    },
}  # fmt: skip
PLACES = {2: [range(10, 21), range(50, 61)], 3: [range(10, 21), range(33, 44), range(66, 77)]}


def texts(batch):
    return ["".join(SYMBOLS[s] for s in batch.x[:n, b]) for b, n in enumerate(batch.lengths)]


@pytest.fixture(params=[2, 3])
def task(request):
    return TemporalOrder(request.param)


@pytest.fixture
def drawn(task):
    return task.draw(4000, np.random.default_rng(0))


def test_a_sequence_begins_with_E_and_ends_with_B_and_has_noise_between(task, drawn):
    for text in texts(drawn):
        assert text[0] == "E"
        assert text[-1] == "B"
        assert sum(symbol in "XY" for symbol in text) == task.relevant
        assert set(text[1:-1]) <= set("abcdXY")


def test_lengths_and_places_are_all_those_of_the_paper(task, drawn):
    assert set(drawn.lengths) == set(range(100, 111))
    places = [[t for t, symbol in enumerate(text, 1) if symbol in "XY"] for text in texts(drawn)]
    for found, allowed in zip(zip(*places, strict=True), PLACES[task.relevant], strict=True):
        assert set(found) == set(allowed)


def test_the_class_is_the_one_the_paper_gives(task, drawn):
    for text, target in zip(texts(drawn), drawn.target, strict=True):
        order = "".join(symbol for symbol in text if symbol in "XY")
        assert CLASSES[task.relevant][target] == RULES[task.relevant][order]


def test_classes_and_noise_are_drawn_evenly(task, drawn):
    counts = np.bincount(drawn.target)
    assert len(counts) == task.output_size == len(RULES[task.relevant])
    assert counts.min() > 0.8 * counts.mean()
    noise = np.array([text.count(letter) for letter in "abcd" for text in texts(drawn)]).reshape(4, -1)
    assert np.ptp(noise.sum(axis=1)) < 0.02 * noise.sum() / 4


def test_every_unit_must_come_within_three_tenths():
    truth = np.array([1, 1, 2])
    batch = Batch(np.zeros((100, 3), np.int64), np.full(3, 100), truth, truth)
    p = np.array([[0.0, 0.75, 0.25, 0.0], [0.31, 0.69, 0, 0], [0.1, 0.1, 0.71, 0.09]])
    error, wrong = TemporalOrder(2).judge(p, batch)
    assert wrong.tolist() == [False, True, False]
    assert np.allclose(error, [0.125, 0.155, 0.145])


def test_the_criterion_is_that_of_the_paper(task):
    right = np.zeros(2000, bool)
    assert task.criterion.met(np.full(2000, 0.09), right)
    assert not task.criterion.met(np.full(2000, 0.11), right)
    assert not task.criterion.met(np.full(2000, 0.09), np.arange(2000) == 7)


def test_at_least_a_million_symbols_a_second(task):
    assert symbols_a_second(task) > 1e6


def test_there_are_two_tasks():
    with pytest.raises(ValueError, match=r"relevant must be 2 \(task 6a\) or 3 \(task 6b\), got 4"):
        TemporalOrder(4)
    for relevant in (2.0, [2]):
        with pytest.raises(ValueError, match="relevant must be 2"):
            TemporalOrder(relevant)
    with pytest.raises(ValueError, match="batch must be at least 1"):
        TemporalOrder().draw(0, np.random.default_rng(0))


def test_numbers_that_are_no_probabilities_are_refused(task, drawn):
    numbers = np.zeros((4000, task.output_size))
    numbers[0, 0], numbers[1, 1] = -2, 3
    with pytest.raises(
        ValueError, match="output must hold probabilities, got -2 to 3: are these the numbers"
    ):
        task.judge(numbers, drawn)
