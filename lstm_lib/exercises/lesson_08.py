"""The exercises of lesson 08: parameters of a stack, a residual step, equal width, dropout, weights to find."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise
from lstm_lib.exercises.stack_passes import DROPOUT_BETWEEN, RESIDUAL_STEP

# 08.1


def _sizes(rng: np.random.Generator) -> Cases:
    D, H = (int(n) for n in rng.choice(np.arange(5, 60), 2, replace=False))
    return {
        "three layers": (D, H, 3),
        "more layers": (int(rng.integers(5, 60)), int(rng.integers(5, 60)), int(rng.integers(4, 9))),
        "one layer": (int(rng.integers(5, 30)), int(rng.integers(31, 60)), 1),
        "D equal to H": (H, H, 2),
    }


def stack_parameters(D: int, H: int, L: int) -> int:
    return 4 * H * (D + H + 2) + (L - 1) * 4 * H * (2 * H + 2)


def _counting(first: Callable[[int, int], int], above: Callable[[int, int], int]) -> Callable[..., int]:
    return lambda D, H, L: first(D, H) + (L - 1) * above(D, H)


def _lstm(D: int, H: int, biases: int = 2) -> int:
    return 4 * H * (D + H + biases)


PARAMETERS = FunctionExercise(
    "08.1",
    "how many parameters a stack has",
    "Write stack_parameters(D, H, L): all numbers in the weights and biases of a torch.nn.LSTM with L layers.",
    reference=stack_parameters,
    cases=_sizes,
    mistakes=(
        Mistake(
            "D for every layer",
            lambda D, H, L: L * _lstm(D, H),
            "right for one layer. How many numbers does the second layer read at each step?",
        ),
        Mistake(
            "H for every layer",
            lambda D, H, L: L * _lstm(H, H),
            "how many numbers does the *lowest* layer read at each step?",
        ),
        Mistake(
            "one bias",
            _counting(lambda D, H: _lstm(D, H, 1), lambda D, H: _lstm(H, H, 1)),
            "that is the count with one bias a gate, as the equations have it. PyTorch keeps another one.",
        ),
        Mistake(
            "one bias, and D for every layer",
            lambda D, H, L: L * _lstm(D, H, 1),
            "two things: PyTorch keeps two biases. And how many numbers does the second layer read at each step?",
        ),
        Mistake(
            "a float",
            lambda D, H, L: float(stack_parameters(D, H, L)),
            "the number is right, but it comes as a float, as 5712.0 does. A division with / gives one, // an int.",
        ),
        Mistake(
            "no bias",
            _counting(lambda D, H: _lstm(D, H, 0), lambda D, H: _lstm(H, H, 0)),
            "the matrices are right. What else does a gate have?",
        ),
        Mistake(
            "biases of the first layer only",
            _counting(_lstm, lambda D, H: _lstm(H, H, 0)),
            "the lowest layer is right. Do those above have no biases?",
        ),
        Mistake(
            "one bias above",
            _counting(_lstm, lambda D, H: _lstm(H, H, 1)),
            "the lowest layer is right, with its two biases. Those above have two as well.",
        ),
        Mistake(
            "all layers below are read",
            lambda D, H, L: sum(_lstm(D + k * H, H) for k in range(L)),
            "does a layer read all that lies below it? Look at the arrows of the picture.",
        ),
        Mistake(
            "biases without the four",
            _counting(lambda D, H: _lstm(D, H, 0) + 2 * H, lambda D, H: _lstm(H, H, 0) + 2 * H),
            "the matrices are right. A bias vector is as long as all four blocks together.",
        ),
        Mistake(
            "biases of one number",
            _counting(lambda D, H: _lstm(D, H, 0) + 8, lambda D, H: _lstm(H, H, 0) + 8),
            "a bias has a number for each unit, not one for each gate.",
        ),
        Mistake(
            "no four",
            lambda D, H, L: stack_parameters(D, H, L) // 4,
            "that is one gate's share. How many blocks has an LSTM?",
        ),
        Mistake(
            "three blocks",
            lambda D, H, L: stack_parameters(D, H, L) // 4 * 3,
            "three gates, yes, and the candidate has weights as well.",
        ),
        Mistake(
            "a layer too many",
            lambda D, H, L: stack_parameters(D, H, L + 1),
            "one layer too many: L layers are one at the bottom, and how many above?",
        ),
        Mistake(
            "a layer too few",
            lambda D, H, L: stack_parameters(D, H, L - 1),
            "one layer is missing.",
        ),
        Mistake(
            "only one layer",
            lambda D, H, L: _lstm(D, H),
            "that is the lowest layer alone.",
        ),
        Mistake(
            "above without input",
            _counting(_lstm, lambda D, H: 4 * H * (H + 2)),
            "the lowest layer is right. Those above have two things to read: their own old state, and what else?",
        ),
        Mistake(
            "above with D and H below",
            _counting(_lstm, lambda D, H: 4 * H * (D + 2 * H + 2)),
            "the layers above do not see x. They read the states of the layer below and their own.",
        ),
        Mistake(
            "units not counted",
            _counting(lambda D, H: 4 * (D + H + 2), lambda D, H: 4 * (2 * H + 2)),
            "that is the count for a layer of a single unit.",
        ),
        Mistake(
            "with an output",
            lambda D, H, L: stack_parameters(D, H, L) + H * D + D,
            "the stack alone is asked for, without a linear map on top of it.",
        ),
        Mistake(
            "with states",
            lambda D, H, L: stack_parameters(D, H, L) + 2 * H * L,
            "h and c are no parameters: they are computed anew for each sequence.",
        ),
        Mistake(
            "two directions",
            lambda D, H, L: 2 * stack_parameters(D, H, L),
            "twice too many. Are you counting a second direction?",
        ),
        Mistake(
            "product of the sizes",
            _counting(lambda D, H: 4 * (D * H + H * H) + 8, lambda D, H: 8 * H * H),
            "the biases need another look: two a layer, each as long as the four blocks.",
        ),
    ),
    hint="one layer first: 4H columns, each with D + H weights and two biases. Then: what does the second layer read?",
)

# 08.3


@cache  # hints ask for it again
def arrives(weights: float) -> float:
    """Return the part of the gradient that reaches the input of the explorer's eight plain layers, forget bias 1."""
    # PyTorch comes with it, and only a check of this answer needs that
    from lstm_lib.experiments.heights import heights

    return float(heights(8, weights, 1.0, False)[0][0])


ENOUGH = ValueExercise(
    "08.3",
    "weights for eight plain layers",
    "Eight plain layers, forget bias 1: how many times the usual weights, for a gradient of 0.5 to 2 at the input?",
    right=3.5,
    accept=lambda v: 0 < v <= 4 and 0.5 <= arrives(v) <= 2,
    mistakes=(
        Mistake(
            "below zero",
            -3.5,
            "the size of the weights is a number above zero.",
            when=lambda v: v <= 0,
        ),
        Mistake(
            "the usual weights",
            1.0,
            "with about the usual weights the gradient loses most of itself at each layer. Make them larger.",
            when=lambda v: 0 < v < 1.5,
        ),
        Mistake(
            "too small",
            2.0,
            "better, but less than a fifth arrives. Larger still.",
            when=lambda v: 1.5 <= v <= 4 and arrives(v) < 0.2,
        ),
        Mistake(
            "a little too small",
            3.0,
            "close: a little larger.",
            when=lambda v: 1.5 <= v <= 4 and 0.2 <= arrives(v) < 0.5,
        ),
        Mistake(
            "off the slider",
            5.0,
            "the slider ends at 4. There is an answer below that.",
            when=lambda v: v > 4,
        ),
    ),
    hint="move the slider of the weights and read the title of the left picture.",
)

# 08.5


def width_for(parameters: int, L: int, D: int) -> int:
    return _nearest(parameters, lambda H: stack_parameters(D, H, L))


def _nearest(parameters: float, size: Callable[[int], float]) -> int:
    low = _largest_below(parameters, size)
    return min(low, low + 1, key=lambda H: abs(size(H) - parameters))


def _largest_below(parameters: float, size: Callable[[int], float]) -> int:
    H = 1
    while size(H + 1) <= parameters:
        H += 1
    return H


def _budgets(rng: np.random.Generator) -> Cases:
    def budget(D: int, H: int, L: int, part: float) -> tuple[int, int, int]:
        low, high = stack_parameters(D, H, L), stack_parameters(D, H + 1, L)
        return round(low + part * (high - low)), L, D

    return {
        "a little more": budget(int(rng.integers(5, 40)), int(rng.integers(40, 80)), 3, 0.1),
        "a little less": budget(int(rng.integers(5, 40)), int(rng.integers(30, 60)), 4, 0.8),
        "one layer": budget(int(rng.integers(100, 200)), int(rng.integers(50, 90)), 1, 0.7),
        "many layers": budget(int(rng.integers(40, 80)), int(rng.integers(20, 30)), 8, 0.4),
    }


def _one_layer_width(parameters: int, D: int) -> int:
    return width_for(parameters, 1, D)


WIDTH = FunctionExercise(
    "08.5",
    "equal parameters",
    "Write width_for(parameters, L, D): the H with which a stack of L layers comes nearest to that many parameters.",
    reference=width_for,
    cases=_budgets,
    mistakes=(
        Mistake(
            "largest that fits",
            lambda parameters, L, D: _largest_below(parameters, lambda H: stack_parameters(D, H, L)),
            "yours never goes above the budget. The nearest is asked for, and it may be a little above.",
        ),
        Mistake(
            "first above",
            lambda parameters, L, D: _largest_below(parameters, lambda H: stack_parameters(D, H, L)) + 1,
            "yours is above the budget every time. The nearest may be a little below.",
        ),
        Mistake(
            "one bias",
            lambda parameters, L, D: _nearest(
                parameters, lambda H: _lstm(D, H, 1) + (L - 1) * _lstm(H, H, 1)
            ),
            "right here and there, and elsewhere one unit too many. Are both of PyTorch's biases counted?",
        ),
        Mistake(
            "table and output included",
            lambda parameters, L, D: _nearest(
                parameters, lambda H: stack_parameters(D, H, L) + 66 * D + 66 * (H + 1)
            ),
            "too narrow, as if the table and the output took their part of the budget. The stack alone is asked for.",
        ),
        Mistake(
            "output included",
            lambda parameters, L, D: _nearest(parameters, lambda H: stack_parameters(D, H, L) + 66 * (H + 1)),
            "too narrow, as if the output had its part of the budget. The stack alone is asked for, all of it.",
        ),
        Mistake(
            "a float",
            lambda parameters, L, D: float(width_for(parameters, L, D)),
            "the number is right, but it comes as a float, as 65.0 does. `int(…)` makes a whole number of it.",
        ),
        Mistake(
            "np.floor",
            lambda parameters, L, D: float(math.floor(_root(parameters, L, D))),
            "two things: NumPy's floor gives a float, as 65.0 is one; and the nearest may be a little above.",
        ),
        Mistake(
            "np.ceil",
            lambda parameters, L, D: float(math.floor(_root(parameters, L, D)) + 1),
            "two things: NumPy's ceil gives a float, as 65.0 is one; and the nearest may be a little below.",
        ),
        Mistake(
            "D and H swapped",
            lambda parameters, L, D: _nearest(parameters, lambda H: stack_parameters(H, D, L)),
            "your count takes D for the units and H for what the lowest layer reads. In which order do you give them?",
        ),
        Mistake(
            "one too many",
            lambda parameters, L, D: width_for(parameters, L, D) + 1,
            "one unit too many, every time.",
        ),
        Mistake(
            "one too few",
            lambda parameters, L, D: width_for(parameters, L, D) - 1,
            "one unit too few, every time.",
        ),
        Mistake(
            "width shared out",
            lambda parameters, L, D: max(round(_one_layer_width(parameters, D) / L), 1),
            "you share the *units* out among the layers. Parameters go with the square of H: this is far too narrow.",
        ),
        Mistake(
            "root of the layers",
            lambda parameters, L, D: round(_one_layer_width(parameters, D) / math.sqrt(L)),
            "a fair guess, since parameters go with H squared. But a layer above reads H numbers, not D: count.",
        ),
        Mistake(
            "D for every layer",  # the budget in L equal parts comes to the same
            lambda parameters, L, D: _nearest(parameters, lambda H: L * _lstm(D, H)),
            "all your layers have equally many parameters, as if each read D numbers. What do those above read?",
        ),
        Mistake(
            "H for every layer",
            lambda parameters, L, D: _nearest(parameters, lambda H: L * _lstm(H, H)),
            "the lowest layer reads D numbers. It matters most when there is one layer.",
        ),
        Mistake(
            "a layer's own budget",
            lambda parameters, L, D: width_for(parameters, 1, D),
            "each of your layers has the whole budget. They must share it.",
        ),
        Mistake(
            "a layer too many",
            lambda parameters, L, D: width_for(parameters, L + 1, D),
            "your count has a layer too many.",
        ),
        Mistake(
            "without the four",
            lambda parameters, L, D: _nearest(parameters, lambda H: stack_parameters(D, H, L) / 4),
            "twice as wide as it should be, about. Have you counted all four blocks?",
        ),
        Mistake(
            "parameters for H",
            lambda parameters, L, D: stack_parameters(D, parameters, L),
            "this counts the parameters of a layer with that many units. You are asked the other way round.",
        ),
        Mistake(
            "their number for their size",
            lambda parameters, L, D: stack_parameters(D, width_for(parameters, L, D), L),
            "you return how many parameters the best stack has. Return its H.",
        ),
        Mistake(
            "the layers above alone",
            lambda parameters, L, D: _nearest(parameters, lambda H: (L - 1) * _lstm(H, H)) if L > 1 else 1,
            "you count the layers above and leave out the lowest.",
        ),
        Mistake(
            "root of the squares",
            lambda parameters, L, D: round(math.sqrt(parameters / (8 * L - 4))),
            "you count the H squared alone. What the lowest layer reads, and the biases, count as well.",
        ),
        Mistake(
            "a real number",
            lambda parameters, L, D: _root(parameters, L, D),
            "this is no whole number. There are no fractions of a unit: take the nearest.",
        ),
    ),
    hint="the count of 08.1 grows with H. Go up with H until it passes the budget, and compare the last two.",
)


def _root(parameters: int, L: int, D: int) -> float:
    a, b = 4 + 8 * (L - 1), 4 * (D + 2) + 8 * (L - 1)
    return (-b + math.sqrt(b * b + 4 * a * parameters)) / (2 * a)


EXERCISES = [PARAMETERS, RESIDUAL_STEP, ENOUGH, DROPOUT_BETWEEN, WIDTH]
