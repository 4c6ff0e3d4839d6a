"""The exercises of lesson 05: two ways into the cell, four gates, a sequence, a forget bias, a start to find."""

import math
from functools import cache

import numpy as np

from lstm_lib.exercises.cell_gradients import CELL_GRADIENT
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise
from lstm_lib.exercises.gate_gradients import GATE_GRADIENTS
from lstm_lib.exercises.sequence_gradients import SEQUENCE_GRADIENTS
from lstm_lib.scratch import LSTM, sigmoid
from lstm_lib.scratch.jacobians import state_gradient_norms

# 05.4


def _what_is_left(rng: np.random.Generator) -> Cases:
    return {
        "half of it": (int(rng.integers(8, 60)), 0.5),
        "a part of it": (int(rng.integers(20, 200)), float(rng.uniform(0.2, 0.8))),
        "very little, soon": (int(rng.integers(2, 6)), float(rng.uniform(0.001, 0.01))),
    }


def _forget_bias(steps: int, left: float) -> float:
    f = left ** (1 / steps)
    return math.log(f / (1 - f))


# 05.5


@cache  # hints ask for it again
def left_after(bias: float, steps: int = 200, seeds: int = 5) -> float:
    """Return the norm of ds_T/ds_t at that lag in the noisy LSTM of lesson 05: the median over nets.

    As there, each net has read 200 steps of noise before, so that it is in the middle of a long sequence.
    """
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        net = LSTM(8, 32, rng=rng, dtype=np.float64)
        net.params["b"][32:64] = bias
        x = rng.normal(size=(200 + steps + 1, 1, 8))
        _, state = net.forward(x[:200])
        found.append(state_gradient_norms(net, x[200:], state)[steps])
    return float(np.median(found))


EXERCISES = [
    CELL_GRADIENT,
    GATE_GRADIENTS,
    SEQUENCE_GRADIENTS,
    FunctionExercise(
        "05.4",
        "a forget bias to order",
        "Write forget_bias(steps, left): the bias with which the part `left` of the gradient is there after `steps`.",
        reference=_forget_bias,
        cases=_what_is_left,
        mistakes=(
            Mistake(
                "the gate",
                lambda steps, left: left ** (1 / steps),
                "that is how open the gate must be. Which number must go into σ for this to come out?",
            ),
            Mistake(
                "logarithm of the gate",
                lambda steps, left: math.log(left) / steps,
                "a logarithm undoes exp. What undoes σ? Solve f = 1 / (1 + exp(-b)) for b.",
            ),
            Mistake(
                "one step",
                lambda steps, left: math.log(left / (1 - left)),
                "yours leaves this part after a single step. The gate is met once in each step.",
            ),
            *(
                Mistake(
                    f"one step {word}",
                    lambda steps, left, more=more: _forget_bias(steps + more, left),
                    f"nearly. How many gates does the gradient pass in that many steps? Not one {word}.",
                )
                for word, more in (("more", 1), ("less", -1))
            ),
            Mistake(
                "sign",
                lambda steps, left: -_forget_bias(steps, left),
                "a large positive bias keeps, a large negative one forgets. Check the sign.",
            ),
            *(
                Mistake(
                    f"base {base}",
                    lambda steps, left, base=base: _forget_bias(steps, left) / math.log(base),
                    f"σ is made of exp. np.log{base} does not undo it.",
                )
                for base in (2, 10)
            ),
            Mistake(
                "precedence",
                lambda steps, left: math.log(left / steps / (1 - left / steps)),
                "a gate that is met n times leaves gate ** n, so it is a root. Mind that a ** 1 / n is (a ** 1) / n.",
            ),
            Mistake(
                "an n-th part as the gate",
                lambda steps, left: left / steps,
                "you divide what is left by the steps. The gate is *multiplied* by itself, n times.",
            ),
            Mistake(
                "approximation",
                lambda steps, left: math.log(steps / -math.log(left)),
                "nearly: this is the approximation for a gate close to 1. It is not good enough for few steps.",
            ),
            Mistake(
                "approximation, next order",
                lambda steps, left: math.log(steps / -math.log(left) - 1),
                "nearly: you take 1 - f for -log f. That is an approximation; the exact one is as short.",
            ),
            *(
                Mistake(
                    f"rounded to {word} digits",
                    lambda steps, left, digits=digits: round(_forget_bias(steps, left), digits),
                    f"right, but rounded to {word} digits. Return all the digits that there are.",
                )
                for digits, word in ((2, "two"), (3, "three"), (4, "four"))
            ),
            Mistake(
                "always half",
                lambda steps, left: _forget_bias(steps, 0.5),
                "the first case is right. The part that is left is not always a half.",
            ),
            Mistake(
                "no logarithm",
                lambda steps, left: left ** (1 / steps) / (1 - left ** (1 / steps)),
                "f / (1 - f) is exp(b). One step more to b.",
            ),
            Mistake(
                "linear",
                lambda steps, left: math.log((1 - (1 - left) / steps) / ((1 - left) / steps)),
                "you take away the same amount at each step. A gate takes the same *part* of what is left.",
            ),
            Mistake(
                "what is lost",
                lambda steps, left: _forget_bias(steps, 1 - left),
                "yours loses this part and keeps the rest. (For a half it makes no difference.)",
            ),
            Mistake(
                "divided",
                lambda steps, left: math.log(left / (1 - left)) / steps,
                "you divide the bias by the steps. It is the gate that is taken to a power, and σ lies between.",
            ),
            Mistake(
                "power instead of root",
                lambda steps, left: math.log(left**steps / (1 - left**steps)),
                "left is what remains in the end. To find the gate of one step, undo the power.",
            ),
            Mistake(
                "gate into sigma",
                lambda steps, left: float(sigmoid(np.array(left ** (1 / steps)))),
                "σ goes from the bias to the gate. You need the way back.",
            ),
            Mistake(
                "inverse tanh",
                lambda steps, left: math.atanh(left ** (1 / steps)),
                "you undo a tanh. The forget gate is a sigmoid.",
            ),
            Mistake(
                "one minus upside down",
                lambda steps, left: math.log(1 / (1 - left ** (1 / steps))),
                "nearly: for a gate close to 1 it is almost right. Solve f = 1 / (1 + exp(-b)) once more.",
            ),
        ),
        hint="two unknowns, one after the other: first the gate f with f ** steps = left, then the b with σ(b) = f.",
    ),
    ValueExercise(
        "05.5",
        "the edge of the road",
        "The LSTM in noise: a forget bias with which a norm between 0.005 and 0.05 is left at lag 200.",
        right=2.3,
        accept=lambda v: 0 < v < 50 and 0.005 < left_after(v) < 0.05,
        mistakes=(
            Mistake(
                "shut",
                -1.0,
                "a negative bias shuts the gate, and the road with it.",
                when=lambda v: v < 0,
            ),
            Mistake(
                "the usual start",
                0.0,
                "this is about the usual start: a gate half open. What is left of 1 after 200 halvings?",
                when=lambda v: 0 <= v < 0.5,
            ),
            Mistake(
                "the common advice",
                1.0,
                "a bias of 1 is the common advice, and good for short lags. Look at its curve at lag 200.",
                when=lambda v: 0.5 <= v <= 1.5,
            ),
            Mistake(
                "too low",
                1.8,
                "too little arrives: less than a thousandth at lag 200. A wider gate.",
                when=lambda v: 1.5 < v < 2,
            ),
            Mistake(
                "a little too low",
                2.1,
                "close: still too little at lag 200. A little wider.",
                when=lambda v: 2 <= v < 3 and left_after(v) <= 0.005,
            ),
            Mistake(
                "a little too high",
                2.7,
                "close: the road is open at lag 200. Go towards bias 1, in small steps.",
                when=lambda v: 2 <= v < 3 and left_after(v) >= 0.05,
            ),
            Mistake(
                "a curve of the picture",
                3.0,
                "bias 3 has its curve in the picture, near 1 at lag 200; from there on, more arrives. Less is asked.",
                when=lambda v: 3 <= v < 3.5,
            ),
            Mistake(
                "wide open",
                5.0,
                "too much arrives: the gates lose next to nothing, and the ways through h add more. Less.",
                when=lambda v: 3.5 <= v < 50,
            ),
            Mistake(
                "the gate instead of the bias",
                1e3,
                "that is no road, that is an open field. A bias beyond 50 gives a gate of exactly 1.",
                when=lambda v: v >= 50,
            ),
        ),
        hint=(
            "in the picture the curve of bias 1 lies far too low at lag 200 and that of bias 3 too high. Try the "
            "middle, then halve again; near the edge, a tenth more multiplies the norm by up to five."
        ),
    ),
]
