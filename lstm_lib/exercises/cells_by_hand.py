"""The two exercises of lesson 04 on gates that are set by hand: a half-life, and a cell that counts brackets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Mistake, ValueExercise
from lstm_lib.scratch.activations import sigmoid
from lstm_lib.scratch.watch import one_cell, watch

Array = NDArray[Any]
Weights = dict[str, tuple[float, float, float]]

# 04.4


def _logit(f: float) -> float:
    return math.log(f / (1 - f))


HALF_LIFE_GATE = 0.5**0.1


def _left_after_ten(bias: float) -> float:
    return float(sigmoid(np.array(bias)) ** 10)


# 04.5

#: 1 for an opening bracket, -1 for a closing one, 0 for any other character.
TEXTS = (
    "((a)(b(c)))(d",
    "f(x(1), y(2))",
    "(((((((((",
    ")a)b)",
    "no brackets at all " * 5,
    "(" + "long " * 20,
)


def _signs(text: str) -> Array:
    return np.array([[(c == "(") - (c == ")")] for c in text], dtype=float)


def depths(weights: Weights) -> tuple[Array, Array, dict[str, Array]]:
    """Return the cell state after each text, the right depth, and all that happened in the first text."""
    params = one_cell(**weights)
    runs = [watch(_signs(text), params) for text in TEXTS]
    ends = np.array([run["c"][-1, 0] for run in runs])
    return ends, np.array([_signs(text).sum() for text in TEXTS]), runs[0]


def _counts(weights: Weights) -> bool:
    ends, right, _ = depths(weights)
    return bool(np.abs(ends - right).max() < 0.05)


def _misses_numbers(weights: Weights) -> bool:
    return isinstance(weights, dict) and (
        sorted(weights) != sorted("ifgo") or any(len(gate) != 3 for gate in weights.values())
    )


def _as(test: Callable[[Array, Array, dict[str, Array]], bool]) -> Callable[[object], bool]:
    """Return ``test`` of a cell's depths; false for whatever is no cell at all."""

    def about(weights: object) -> bool:
        try:
            return bool(test(*depths(weights)))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False

    return about


_OPENINGS = np.array([text.count("(") for text in TEXTS])
_RIGHT_CELL = {"i": (0.0, 0.0, 20.0), "f": (0.0, 0.0, 20.0), "g": (20.0, 0.0, 0.0), "o": (0.0, 0.0, 20.0)}


BY_HAND = [
    ValueExercise(
        "04.4",
        "a half-life of ten steps",
        "Input gate shut, all weights of the forget gate 0: the bias b_f with which half of c is left after ten steps.",
        right=_logit(HALF_LIFE_GATE),
        accept=lambda v: abs(_left_after_ten(v) - 0.5) < 0.006,
        mistakes=(
            Mistake(
                "the gate itself",
                HALF_LIFE_GATE,
                "that is how far the gate must be open. Which bias makes the sigmoid give this?",
                when=lambda v: 0.92 < v < 0.945,
            ),
            Mistake(
                "a twentieth each step",
                _logit(0.95),
                "each step takes a part of what is left, not of the beginning. What is 0.95 to the power of 10?",
                when=lambda v: 2.9 < v < 3.0,
            ),
            Mistake(
                "e instead of two",
                _logit(math.exp(-0.1)),
                "with this bias a share of 1/e is left after ten steps. A half is asked for.",
                when=lambda v: 2.24 < v < 2.27,
            ),
            Mistake(
                "a tenth each step",
                _logit(0.9),
                "this gate loses a tenth at each step. Is a half left after ten of them?",
                when=lambda v: 2.15 < v < 2.24,
            ),
            Mistake(
                "sign",
                -_logit(HALF_LIFE_GATE),
                "with this bias the gate is nearly shut. A gate that keeps is above a half.",
                when=lambda v: v < 0 and abs(v + _logit(HALF_LIFE_GATE)) < 0.05,
            ),
            Mistake(
                "half at once",
                0.0,
                "a bias of 0 is a gate of a half: that is a half-life of one step.",
                when=lambda v: abs(v) < 0.01,
            ),
            Mistake(
                "tanh",
                math.atanh(HALF_LIFE_GATE),
                "you turned round tanh. A gate is a sigmoid.",
                when=lambda v: 1.66 < v < 1.70,
            ),
            Mistake(
                "logarithm of the gate",
                math.log(HALF_LIFE_GATE),
                "that is the logarithm of the gate. Solve 1 / (1 + exp(-b)) = f for b.",
                when=lambda v: -0.075 < v < -0.065,
            ),
            Mistake(
                "the wrong power",
                _logit(0.5**10),
                "ten gates multiply to a half. You took a half ten times.",
                when=lambda v: -7 < v < -6.8,
            ),
            Mistake(
                "ten",
                10.0,
                "the bias is not a number of steps. With 10, half is left only after fifteen thousand of them.",
                when=lambda v: 9.9 < v < 10.1,
            ),
            Mistake(
                "too long",
                5.0,
                "more than a half is left after ten steps: this cell keeps longer than it should.",
                when=lambda v: v > 2.65,
            ),
            Mistake(
                "too short",
                1.0,
                "less than a half is left after ten steps: this cell forgets too soon.",
                when=lambda v: v < 2.62,
            ),
        ),
        hint="two steps: which gate f has f ** 10 = 0.5, and which bias gives that gate?",
    ),
    ValueExercise(
        "04.5",
        "a cell that counts brackets",
        "Weights (w_x, w_h, b) of i, f, g, o: c is the depth of brackets. x is 1 for '(', -1 for ')', 0 for the rest.",
        right=_RIGHT_CELL,
        accept=_counts,
        mistakes=(
            Mistake(
                "not all twelve numbers",
                {"i": (0.0, 0.0, 20.0), "f": (0.0, 0.0, 20.0), "g": (20.0, 0.0, 0.0)},
                "four parts are needed, i, f, g and o, each with three numbers: (w_x, w_h, b).",
                when=_misses_numbers,
            ),
            Mistake(
                "the counter of the lesson",
                _RIGHT_CELL | {"i": (40.0, 0.0, -20.0), "g": (0.0, 0.0, 20.0)},
                "it counts what opens and is deaf to what closes. What can be negative, a gate or the candidate?",
                when=_as(lambda ends, right, _: np.abs(ends - _OPENINGS).max() < 0.5),
            ),
            Mistake(
                "turned round",
                _RIGHT_CELL | {"g": (-20.0, 0.0, 0.0)},
                "the size is right, the sign is not: an opening bracket must count up.",
                when=_as(lambda ends, right, _: np.abs(ends + right).max() < 0.5),
            ),
            Mistake(
                "a loop",
                _RIGHT_CELL | {"g": (20.0, 5.0, 0.0)},
                "the candidate listens to h, so the cell goes on counting by itself. Which weight lets it?",
                when=lambda weights: weights["g"][1] != 0,
            ),
            Mistake(
                "drifts",
                _RIGHT_CELL | {"g": (20.0, 0.0, 5.0)},
                "it counts letters, too: what is the candidate when x is 0?",
                when=_as(lambda ends, right, _: abs(ends[4]) > 0.5),
            ),
            Mistake(
                "forgets",
                _RIGHT_CELL | {"f": (0.0, 0.0, 2.0)},
                "it forgets: after a long text without brackets the count has faded. How far open is f?",
                when=_as(lambda ends, right, run: run["f"].min() < 0.999 and abs(ends[5]) < 0.95),
            ),
            Mistake(
                "input gate not open",
                _RIGHT_CELL | {"i": (0.0, 0.0, 0.0)},
                "every bracket counts for too little, since the input gate is not wide open.",
                when=_as(lambda ends, right, run: 0.05 < run["i"].mean() < 0.97),
            ),
            Mistake(
                "input gate shut",
                _RIGHT_CELL | {"i": (0.0, 0.0, -20.0)},
                "nothing gets into this cell: look at the input gate.",
                when=_as(lambda ends, right, run: run["i"].max() <= 0.05),
            ),
            Mistake(
                "tanh not saturated",
                _RIGHT_CELL | {"g": (1.0, 0.0, 0.0)},
                "the gates are right, but tanh of a small number stays well below 1. A bracket should count for 1.",
                when=_as(lambda ends, right, run: 0.3 < ends[5] < 0.97 and run["i"].min() > 0.97),
            ),
            Mistake(
                "candidate is nothing",
                _RIGHT_CELL | {"g": (0.0, 0.0, 0.0)},
                "the gates are open, but the candidate is 0 whatever x is.",
                when=_as(lambda ends, right, run: np.abs(run["g"]).max() < 0.05),
            ),
        ),
        hint="begin with the question what has to be 1 all the time; then look for the one thing that can be negative.",
    ),
]
