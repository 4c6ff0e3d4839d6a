"""Exercise 04.5: the hint that a cell draws which does not count brackets, and how a right one may be written."""

import numpy as np
import pytest

from lstm_lib.exercises.declare import find
from lstm_lib.exercises.judge import judge
from lstm_lib.widgets.gate_explorer import PRESETS

BRACKETS = find("04.5")
RIGHT = BRACKETS.right


def drawn(answer):
    """The name of the known mistake that an answer makes, or else what becomes of it."""
    verdict = judge(BRACKETS, answer, np.random.default_rng(0))
    return verdict.mistake.name if verdict.mistake else verdict.state


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (PRESETS["counter"], "the counter of the lesson"),
        (PRESETS["eraser"], "forgets at a bracket"),
        (PRESETS["latch"], "forgets at a bracket"),
        ({"i": (-40, 0, -20)}, "input gate shut at some"),
        ({"i": (40, 0, -20)}, "input gate shut at some"),
        ({"f": (40, 0, 20)}, "forgets at a bracket"),
        ({"f": (20, 0, 20)}, "forgets at a bracket"),
        ({"f": (0, 40, 20)}, "forgets at a bracket"),  # below a depth of 0 alone
        ({"f": (0, 0, 7)}, "forgets"),
        *(({"i": (0, 0, b)}, "nearly") for b in (3.5, 4, 4.5, 5)),
        *(({"g": (w, 0, 0)}, "nearly") for w in (2, 2.2, 2.5, 2.7)),
        ({"g": (0.1, 0, 0)}, "tanh not saturated"),
        ({"g": (-1, 0, 0)}, "sign and size"),
        ({"g": (-2.2, 0, 0)}, "turned round"),
        ({"g": (20, 0, 0.001)}, "drifts"),
        ({"g": (20, -5, 0)}, "a loop"),
        ({"i": (0, 0, 3)}, "input gate not open"),
        ({"i": (0, 5, 5)}, "input gate uneven"),
        ({"i": (0, 0, -20), "g": (20, 0.5, 0)}, "input gate shut"),
        ({"i": (0, 0, -20), "f": (0, 0, -20)}, "input gate shut"),
        ({"i": (0, 0, 6)}, "passed"),
        ({"f": (0, 0, 9)}, "passed"),
        ({"o": (0, 0, -20)}, "passed"),
    ],
)
def test_a_cell_draws_the_hint_about_what_is_wrong_with_it(change, name):
    assert drawn(RIGHT | change) == name


@pytest.mark.parametrize(
    "write",
    [list, np.array, lambda gate: ((gate[0],), *gate[1:]), lambda gate: tuple(map(int, gate))],
    ids=["lists", "arrays", "w_x in brackets", "whole numbers"],
)
def test_a_right_cell_may_be_written_in_every_way_that_one_cell_takes(write):
    assert drawn({name: write(gate) for name, gate in RIGHT.items()}) == "passed"
    wrong = RIGHT | {"g": (-1.0, 0.0, 0.0)}
    assert drawn({name: write(gate) for name, gate in wrong.items()}) == "sign and size"


@pytest.mark.parametrize("gate", [((20, 1), 0, 0), "abc", (np.nan, 0, 0), (np.inf, 0, 0)])
def test_a_cell_that_is_none_does_not_pass(gate):
    assert drawn(RIGHT | {"g": gate}) == "not yet"
