"""The exercises of lesson 01: the step of an RNN, its loop, reading a padded batch, counting the weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = NDArray[Any]


def _weights(rng: np.random.Generator, D: int, H: int) -> tuple[Array, Array, Array]:
    return rng.normal(size=(D, H)), rng.normal(size=(H, H)), rng.normal(size=H)


def _steps(rng: np.random.Generator) -> Cases:
    return {
        "more units than inputs": (rng.normal(size=3), rng.uniform(-1, 1, 5), *_weights(rng, 3, 5)),
        "as many inputs as units": (rng.normal(size=4), rng.uniform(-1, 1, 4), *_weights(rng, 4, 4)),
        "the first step, from a state of zeros": (rng.normal(size=2), np.zeros(3), *_weights(rng, 2, 3)),
    }


def _batches(rng: np.random.Generator) -> Cases:
    def batch(T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
        return rng.normal(size=(T, B, D)), rng.uniform(-1, 1, (B, H)), *_weights(rng, D, H)

    return {
        "a batch": batch(5, 3, 2, 4),
        "T, B, D, H all 3": batch(3, 3, 3, 3),
        "one step": batch(1, 2, 3, 4),
    }


def _padded(rng: np.random.Generator) -> Cases:
    return {
        "three lengths": (rng.normal(size=(6, 3, 2)), np.array([2, 6, 4])),
        "as many steps as sequences": (rng.normal(size=(4, 4, 3)), rng.permutation(np.array([1, 2, 3, 4]))),
        "padding in every sequence": (rng.normal(size=(5, 3, 2)), np.array([2, 4, 1])),
    }


def step(x_t: Array, h_prev: Array, W_x: Array, W_h: Array, b: Array) -> Array:
    """Return h_t (H,) of one step of an RNN with tanh."""
    h: Array = np.tanh(x_t @ W_x + h_prev @ W_h + b)
    return h


def forward(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    """Return all states (T, B, H) and the last one (B, H)."""
    h, states = h_0, []
    for x_t in x:
        h = np.tanh(x_t @ W_x + h @ W_h + b)
        states.append(h)
    return np.stack(states), h


def _forgets(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states = np.tanh(x @ W_x + h_0 @ W_h + b)
    return states, states[-1]


def _with_first(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states, last = forward(x, h_0, W_x, W_h, b)
    return np.concatenate([h_0[None], states]), last


def _before_step(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states, last = _with_first(x, h_0, W_x, W_h, b)
    return states[:-1], last


def _stacked_second(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states, last = forward(x, h_0, W_x, W_h, b)
    return np.swapaxes(states, 0, 1), last


def _stops_early(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    return forward(x[:-1], h_0, W_x, W_h, b)


def _returns_in_loop(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    return forward(x[:1], h_0, W_x, W_h, b)


def _swapped(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states, last = forward(x, h_0, W_x, W_h, b)
    return last, states


def _batch_first(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    return forward(np.swapaxes(x, 0, 1), h_0, W_x, W_h, b)


def _backwards(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    return forward(x[::-1], h_0, W_x, W_h, b)


def _from_zero(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    return forward(x, np.zeros_like(h_0), W_x, W_h, b)


def _first(x: Array, h_0: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
    states, _ = forward(x, h_0, W_x, W_h, b)
    return states, states[0]


EXERCISES = [
    FunctionExercise(
        "01.1",
        "one step of an RNN",
        "Write step(x_t, h_prev, W_x, W_h, b): the new state h_t (H,).",
        reference=step,
        cases=_steps,
        mistakes=(
            Mistake(
                "no bias",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_x + h_prev @ W_h),
                "something that stands in the equation is missing from the sum. Which of the arguments is not used?",
            ),
            Mistake(
                "no activation",
                lambda x_t, h_prev, W_x, W_h, b: x_t @ W_x + h_prev @ W_h + b,
                "the sum is right. What happens to it before it becomes the state?",
            ),
            Mistake(
                "no memory",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_x + b),
                "this is right only when the last state is zero. Where does h_prev come in?",
            ),
            Mistake(
                "transposed W_h",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_x + W_h @ h_prev + b),
                "W_h @ h_prev fits by its shape, but it is h_prev times the transpose of W_h. Vectors are rows here.",
            ),
            Mistake(
                "transposed W_x",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(W_x @ x_t + h_prev @ W_h + b),
                "W_x has shape (D, H): a row of D numbers stands on its left.",
            ),
            Mistake(
                "sigmoid",
                lambda x_t, h_prev, W_x, W_h, b: 0.5 + 0.5 * np.tanh(0.5 * (x_t @ W_x + h_prev @ W_h + b)),
                "you bent the sum with a sigmoid, which lies between 0 and 1. The equation has another function.",
            ),
            Mistake(
                "tanh of each part",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_x) + np.tanh(h_prev @ W_h) + b,
                "add first, and bend the whole sum once.",
            ),
            Mistake(
                "bias outside",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_x + h_prev @ W_h) + b,
                "the bias belongs to the sum that is bent: where does your bracket close?",
            ),
            Mistake(
                "relu",
                lambda x_t, h_prev, W_x, W_h, b: np.maximum(x_t @ W_x + h_prev @ W_h + b, 0),
                "you bent the sum with a ReLU. The equation of this lesson has another function.",
            ),
            Mistake(
                "weights swapped",
                lambda x_t, h_prev, W_x, W_h, b: np.tanh(x_t @ W_h + h_prev @ W_x + b),
                "look at which weight goes with the input and which with the state.",
            ),
        ),
        hint="compare with the equation, factor by factor: h_t = tanh(x_t W_x + h_{t-1} W_h + b).",
    ),
    FunctionExercise(
        "01.2",
        "an RNN over a batch of sequences",
        "Write forward(x, h_0, W_x, W_h, b): all states (T, B, H), and the last state (B, H).",
        reference=forward,
        cases=_batches,
        returns=("states", "last"),
        mistakes=(
            Mistake(
                "state not handed on",
                _forgets,
                "the first step is right, but every step begins again from h_0. Which state does step t start from?",
            ),
            Mistake(
                "h_0 among the states",
                _with_first,
                "one state too many: h_0 is where the loop begins, it is not a result of a step.",
            ),
            Mistake(
                "state before the step",
                _before_step,
                "your states are one step late: append the state after it has been updated, not before.",
            ),
            Mistake(
                "batch first",
                _batch_first,
                "your loop runs over the sequences. It has to run over the steps: x[t] is what all of them see at t.",
            ),
            Mistake(
                "stacked along axis 1",
                _stacked_second,
                "the numbers are right, but they stand as (B, T, H). Time comes first: look at how you stack them.",
            ),
            Mistake("stops early", _stops_early, "one step too few: how many times does your loop go round?"),
            Mistake(
                "return inside the loop",
                _returns_in_loop,
                "there is one step only. Does `return` stand inside the loop?",
            ),
            Mistake(
                "swapped results",
                _swapped,
                "both are right, in the wrong order: all states first, then the last.",
            ),
            Mistake("reversed", _backwards, "your loop reads the sequence from its end to its beginning."),
            Mistake(
                "h_0 not used",
                _from_zero,
                "right only when h_0 is zero. Begin with the state that you are given.",
            ),
            Mistake(
                "first for last", _first, "states is right. As last you returned the state of the first step."
            ),
        ),
        hint="begin with h = h_0, take one step for each x[t] as in 01.1, and keep each new h in a list.",
    ),
    FunctionExercise(
        "01.3",
        "the last state of padded sequences",
        "Write last_states(h, lengths): for each sequence its state (H,) at its own last step, together (B, H).",
        reference=lambda h, lengths: h[lengths - 1, np.arange(len(lengths))],
        cases=_padded,
        mistakes=(
            Mistake(
                "last row",
                lambda h, lengths: h[-1],
                "this is the state after the padding. Where does each sequence really end?",
            ),
            Mistake(
                "off by one",
                lambda h, lengths: h[lengths, np.arange(len(lengths))],
                "one step too far: the steps are counted from 0, so a sequence of length 1 ends at step 0.",
            ),
            Mistake(
                "lengths alone",
                lambda h, lengths: h[lengths - 1],
                "one index gives all the sequences for each of the steps. Say also which sequence you want at each.",
            ),
            Mistake(
                "axes swapped",
                lambda h, lengths: h[np.arange(len(lengths)), lengths - 1],
                "the first index of h counts the steps, the second the sequences.",
            ),
            Mistake(
                "sum",
                lambda h, lengths: np.stack([h[:n, k].sum(axis=0) for k, n in enumerate(lengths)]),
                "this is the sum of a sequence's states. Only its last one is asked for.",
            ),
            Mistake(
                "mean",
                lambda h, lengths: np.stack([h[:n, k].mean(axis=0) for k, n in enumerate(lengths)]),
                "this is the mean over a sequence's steps. Only its last state is asked for.",
            ),
        ),
        hint="a loop over the sequences is fine: which step do you take from sequence k?",
    ),
    ValueExercise(
        "01.4",
        "the number of weights",
        "How many trainable numbers has an RNN with D = 66, H = 128, and an output equation with K = 66?",
        right=66 * 128 + 128 * 128 + 128 + 128 * 66 + 66,
        tolerance=0,
        hint="count the numbers in W_x, W_h, b, W_y and b_y one by one, and add them up.",
        mistakes=(
            Mistake(
                "no output",
                66 * 128 + 128 * 128 + 128,
                "this is the step alone. The output equation has weights too.",
            ),
            Mistake(
                "no biases",
                66 * 128 + 128 * 128 + 128 * 66,
                "these are the matrices. Which of the numbers that are added are trained as well?",
            ),
            Mistake(
                "output bias missing",
                66 * 128 + 128 * 128 + 128 + 128 * 66,
                "nearly: one bias is missing, count those of both equations.",
                when=lambda n: n in (33408, 33346),
            ),
            Mistake(
                "two biases",
                66 * 128 + 128 * 128 + 2 * 128 + 128 * 66 + 66,
                "that is PyTorch's count. It keeps two biases, which are only ever added up; the equation has one.",
            ),
            Mistake(
                "no recurrence",
                66 * 128 + 128 + 128 * 66 + 66,
                "that is a feed-forward network. Which weights make it recurrent?",
            ),
        ),
    ),
]
