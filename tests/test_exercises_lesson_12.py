"""Answers to the exercises of lesson 12 in the other ways that people write them."""

import numpy as np
import pytest

from lstm_lib.exercises import lesson_12
from lstm_lib.exercises.declare import find
from lstm_lib.exercises.judge import PASSED, judge
from lstm_lib.sampling import nucleus, probabilities, temperature


@pytest.mark.parametrize("answer", [0.65, (0.6, 1.0), [0.6, 1], np.array([0.8, 0.9]), (np.float32(0.8), 0.9)])
def test_a_way_to_write_may_be_given_in_many_forms(answer):
    assert judge(find("12.5"), answer, np.random.default_rng(0)).state == PASSED


@pytest.mark.parametrize(
    "answer", ["0.8, 0.9", (0.8,), (0.8, 0.9, 1), (True, 0.9), None, {}, ("0.8", "0.9"), (8, 9)]
)
def test_what_is_no_way_to_write_is_refused(answer):
    assert judge(find("12.5"), answer, np.random.default_rng(0)).state != PASSED


def test_the_solution_leaves_room_for_another_processor():
    found = lesson_12.measure(0.8, 0.9)
    assert found.exist > lesson_12.EXIST + 0.005
    assert found.different > lesson_12.DIFFERENT + 0.005


def test_the_references_agree_with_the_library():
    rng = np.random.default_rng(4)
    for V in (2, 7, 40):
        z = rng.normal(size=V) * 2
        for value in (0.3, 1.0, 2.0):
            np.testing.assert_allclose(
                find("12.3").reference(z, value), probabilities(temperature(z, value)), atol=1e-12
            )
        for share in (0.2, 0.77, 1.0):
            p = probabilities(z)
            np.testing.assert_allclose(
                find("12.4").reference(p, share), probabilities(nucleus(z, share)), atol=1e-12
            )


def test_smoothed_pairs_agree_with_the_library():
    from lstm_lib.experiments.ngrams import witten_bell

    text = np.random.default_rng(1).integers(4, size=60)
    text = np.append(text, 3)
    pairs = np.zeros((4, 4), dtype=int)
    np.add.at(pairs, (text[:-1], text[1:]), 1)
    single = [witten_bell(np.append(text, w), 4, 1, len(text))[0] for w in range(4)]
    found = find("12.2").reference(pairs, np.array(single))
    expected = [witten_bell(np.append(text, w), 4, 2, len(text))[0] for w in range(4)]
    np.testing.assert_allclose(found[3], expected)


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("12.1", lambda p, ids: np.mean([np.log2(1 / row[k]) for row, k in zip(p, ids, strict=True)])),
        ("12.1", lambda p, ids: -np.mean(np.log(np.take_along_axis(p, ids[:, None], 1))) / np.log(2)),
        ("12.3", lambda z, t: np.exp(z / t - np.logaddexp.reduce(z / t))),
        ("12.4", lambda p, share: _by_loop(p, share)),
    ],
)
def test_other_right_ways_pass(id, answer):
    assert judge(find(id), answer, np.random.default_rng(0)).state == PASSED


def _by_loop(p, share):
    kept, total = np.zeros_like(p), 0.0
    for k in sorted(range(len(p)), key=lambda k: -p[k]):
        if total >= share - 1e-9:
            break
        kept[k] = p[k]
        total += p[k]
    return kept / kept.sum()
