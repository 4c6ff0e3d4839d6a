"""The two exercises of lesson 04 on gates that are set by hand: a half-life, and a cell that counts brackets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

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


class Run(NamedTuple):
    """What a cell did with the texts."""

    ends: Array  # the cell state after each text
    right: Array  # the right depth after each
    inner: list[dict[str, Array]]  # all that happened inside, for each; every array is (T,)

    @property
    def error(self) -> float:
        """Return how far from right the worst text ended."""
        return float(np.abs(self.ends - self.right).max())

    @property
    def input_gate(self) -> Array:
        """Return the input gate at every bracket of every text."""
        read = np.concatenate([_signs(text)[:, 0] for text in TEXTS])
        gate: Array = np.concatenate([seen["i"] for seen in self.inner])
        return gate.compress(read != 0)

    @property
    def forget_gate(self) -> Array:
        """Return the forget gate at every character of every text."""
        gate: Array = np.concatenate([seen["f"] for seen in self.inner])
        return gate

    @property
    def kept(self) -> float:
        """Return which part of the first bracket is left after a hundred letters; 1 if there was nothing to keep."""
        c = self.inner[5]["c"]
        return float(c[-1] / c[0]) if abs(c[0]) > 1e-3 else 1.0


def run(weights: Weights) -> Run:
    """Return what the cell with these weights does with each text."""
    params = one_cell(**weights)
    inner = [{name: line[:, 0] for name, line in watch(_signs(text), params).items()} for text in TEXTS]
    ends = np.array([seen["c"][-1] for seen in inner])
    return Run(ends, np.array([_signs(text).sum() for text in TEXTS]), inner)


def _plain(weights: dict[str, Any]) -> Weights:
    """Return weights that came as lists, arrays, or with w_x in brackets, as ``one_cell`` takes them, as tuples."""
    params = one_cell(**weights)
    columns = np.concatenate([params["W_x"], params["W_h"], params["b"][None]])  # (3, 4) for one input
    w_x, w_h, b = columns.tolist()
    return {gate: (w_x[k], w_h[k], b[k]) for k, gate in enumerate("ifgo")}


def _misses_numbers(weights: Weights) -> bool:
    return isinstance(weights, dict) and (
        sorted(weights) != sorted("ifgo") or any(len(gate) != 3 for gate in weights.values())
    )


def _as(test: Callable[[Run], bool]) -> Callable[[Any], bool]:
    """Return ``test`` of what a cell does; false for whatever is no cell at all."""

    def about(weights: Any) -> bool:
        try:
            return bool(test(run(weights)))
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
        read=_plain,
        accept=_as(lambda run: run.error < 0.05),
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
                when=_as(
                    lambda run: np.abs(run.ends - _OPENINGS).max() < 0.5 and run.inner[0]["g"].min() > -0.5
                ),
            ),
            Mistake(
                "turned round",
                _RIGHT_CELL | {"g": (-20.0, 0.0, 0.0)},
                "the size is right, the sign is not: an opening bracket must count up.",
                when=_as(lambda run: np.abs(run.ends + run.right).max() < 0.5),
            ),
            Mistake(
                "input gate shut",
                _RIGHT_CELL | {"i": (0.0, 0.0, -20.0)},
                "nothing gets into this cell: look at the input gate.",
                when=_as(lambda run: run.input_gate.max() <= 0.05),
            ),
            Mistake(
                "a loop",
                _RIGHT_CELL | {"g": (20.0, 5.0, 0.0)},
                "the candidate listens to h, so the count changes even at a letter. Which weight lets it?",
                when=lambda weights: weights["g"][1] != 0,
            ),
            Mistake(
                "forgets",
                _RIGHT_CELL | {"f": (0.0, 0.0, 2.0)},
                "it forgets: after a long text without brackets the count has faded. How far open is f?",
                when=_as(lambda run: run.inner[5]["f"].max() < 0.99999 and run.kept < 0.97),
            ),
            Mistake(
                "forgets at a bracket",
                _RIGHT_CELL | {"f": (40.0, 0.0, 20.0)},
                "the forget gate shuts at some characters, and the count is lost. What is it for each x and h?",
                when=_as(lambda run: run.forget_gate.min() < 0.9 <= run.forget_gate.max()),
            ),
            Mistake(
                "drifts",
                _RIGHT_CELL | {"g": (20.0, 0.0, 5.0)},
                "it counts letters, too: what is the candidate when x is 0?",
                when=_as(lambda run: abs(run.ends[4]) > 0.05),
            ),
            Mistake(
                "input gate shut at some",
                _RIGHT_CELL | {"i": (-40.0, 0.0, -20.0)},
                "the input gate shuts at some brackets: look at it when x is 1, and when x is -1.",
                when=_as(lambda run: run.input_gate.min() < 0.1 < run.input_gate.max()),
            ),
            Mistake(
                "input gate not open",
                _RIGHT_CELL | {"i": (0.0, 0.0, 0.0)},
                "every bracket counts for too little, since the input gate is not wide open.",
                when=_as(lambda run: np.ptp(run.input_gate) < 0.1 and 0.05 < run.input_gate.mean() < 0.97),
            ),
            Mistake(
                "input gate uneven",
                _RIGHT_CELL | {"i": (2.0, 0.0, 1.0)},
                "the input gate lets more in at some brackets than at others. All of them should count for the same.",
                when=_as(lambda run: np.ptp(run.input_gate) >= 0.1),
            ),
            Mistake(
                "candidate is nothing",
                _RIGHT_CELL | {"g": (0.0, 0.0, 0.0)},
                "the gates are open, but the candidate is 0 whatever x is.",
                when=_as(lambda run: np.abs(run.inner[0]["g"]).max() < 1e-3),
            ),
            Mistake(
                "sign and size",
                _RIGHT_CELL | {"g": (-1.0, 0.0, 0.0)},
                "neither the sign nor the size is right: an opening bracket must count up, and by 1.",
                when=_as(lambda run: run.ends[5] < 0),
            ),
            Mistake(
                "tanh not saturated",
                _RIGHT_CELL | {"g": (1.0, 0.0, 0.0)},
                "the gates are right, but tanh of a small number stays well below 1. A bracket should count for 1.",
                when=_as(lambda run: run.ends[5] < 0.97 and run.input_gate.min() > 0.97 and run.error >= 0.5),
            ),
            Mistake(
                "nearly",
                _RIGHT_CELL | {"i": (0.0, 0.0, 4.0)},
                "nearly: the error grows with every bracket. Which gate, or tanh, is only almost 1?",
                when=_as(lambda run: 0.05 <= run.error < 0.5),
            ),
        ),
        hint="begin with the question what has to be 1 all the time; then look for the one thing that can be negative.",
    ),
]
