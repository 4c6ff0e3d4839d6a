"""The exercises of lesson 04: a gate, the two states, the fused step, a half-life, and a cell that counts brackets."""

import numpy as np

from lstm_lib.exercises.cells_by_hand import BY_HAND
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.exercises.lstm_steps import FUSED_STEP
from lstm_lib.scratch.activations import sigmoid, softmax

Array = np.ndarray
Pair = tuple[Array, Array]


# 04.1


def _gate_inputs(rng: np.random.Generator) -> Cases:
    def case(units: int, inputs: int, size: float = 1.0) -> tuple[Array, ...]:
        W_f = size * rng.normal(size=(units, units + inputs))
        return rng.normal(size=units), rng.normal(size=inputs), W_f, rng.normal(size=units)

    return {
        "three units, two inputs": case(3, 2),
        "as many inputs as units": case(3, 3),
        "one unit, four inputs": case(1, 4),
        "large weights": case(2, 2, 3.0),
    }


def _joined(h_prev: Array, x_t: Array) -> Array:
    return np.concatenate([h_prev, x_t])


# 04.2


def _gate_outputs(rng: np.random.Generator) -> Cases:
    def case(batch: int, units: int) -> tuple[Array, ...]:
        i, f, o = (sigmoid(rng.normal(size=(batch, units))) for _ in range(3))
        return i, f, np.tanh(rng.normal(size=(batch, units))), o, 2 * rng.normal(size=(batch, units))

    return {
        "a batch": case(4, 3),
        "one sequence, one unit": case(1, 1),
        "as many units as sequences": case(3, 3),
    }


def _states(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = f * c_prev + i * g
    return c, o * np.tanh(c)


EXERCISES = [
    FunctionExercise(
        "04.1",
        "the forget gate",
        "Write forget_gate(h_prev, x_t, W_f, b_f): f_t (H,), with W_f (H, H + D) in the order of the text.",
        reference=lambda h_prev, x_t, W_f, b_f: sigmoid(W_f @ _joined(h_prev, x_t) + b_f),
        cases=_gate_inputs,
        mistakes=(
            Mistake(
                "tanh",
                lambda h, x, W, b: np.tanh(W @ _joined(h, x) + b),
                "a gate goes from 0 to 1. Yours can be negative: which function has the right range?",
            ),
            Mistake(
                "no bias",
                lambda h, x, W, b: sigmoid(W @ _joined(h, x)),
                "one of the four arguments is not used. What does the gate do when h and x are zero?",
            ),
            Mistake(
                "x first",
                lambda h, x, W, b: sigmoid(W @ _joined(x, h) + b),
                "the shape is right, but every weight must meet its own number. Which comes first in [h, x]?",
            ),
            Mistake(
                "no h",
                lambda h, x, W, b: sigmoid(W[:, len(h) :] @ x + b),
                "this gate looks at the input alone. What else does it read?",
            ),
            Mistake(
                "no x",
                lambda h, x, W, b: sigmoid(W[:, : len(h)] @ h + b),
                "this gate looks at the last hidden state alone. What else does it read?",
            ),
            Mistake(
                "no activation",
                lambda h, x, W, b: W @ _joined(h, x) + b,
                "this is the sum inside of the gate. It can be any number; something has to squeeze it.",
            ),
            Mistake(
                "bias outside",
                lambda h, x, W, b: sigmoid(W @ _joined(h, x)) + b,
                "a gate above 1 or below 0 cannot be. Where do the brackets of the sigmoid close?",
            ),
            Mistake(
                "one minus",
                lambda h, x, W, b: 1 - sigmoid(W @ _joined(h, x) + b),
                "yours is open when the gate should be shut. f = 1 means keep.",
            ),
            Mistake(
                "sigmoid inside",
                lambda h, x, W, b: W @ sigmoid(_joined(h, x)) + b,
                "you squeeze what goes in. It is the whole sum that has to be squeezed.",
            ),
            Mistake(
                "all or nothing",
                lambda h, x, W, b: (W @ _joined(h, x) + b > 0).astype(float),
                "a switch knows 0 and 1 only. A gate can be half open, and so it has a gradient.",
            ),
            Mistake(
                "softmax",
                lambda h, x, W, b: softmax(W @ _joined(h, x) + b),
                "softmax makes the units share one whole. Each unit has a gate of its own.",
            ),
            Mistake(
                "sigmoid twice",
                lambda h, x, W, b: sigmoid(sigmoid(W @ _joined(h, x) + b)),
                "your gate is never below a half: the squeezing is done twice.",
            ),
            Mistake(
                "ReLU",
                lambda h, x, W, b: np.maximum(W @ _joined(h, x) + b, 0),
                "yours is not limited above. A gate of 3 would not keep the cell, it would treble it.",
            ),
            Mistake(
                "subtracted bias",
                lambda h, x, W, b: sigmoid(W @ _joined(h, x) - b),
                "the bias has the wrong sign. If you wrote the sigmoid yourself: the minus belongs to the whole sum.",
            ),
        ),
        hint="W_f (H, H + D) stands on the left of [h, x], as in the equation. np.concatenate makes [h, x] of the two.",
    ),
    FunctionExercise(
        "04.2",
        "the new states",
        "Write new_states(i, f, g, o, c_prev): the new cell state and the new hidden state, (c, h).",
        reference=_states,
        returns=("c", "h"),
        cases=_gate_outputs,
        mistakes=(
            Mistake(
                "i and f swapped",
                lambda i, f, g, o, c: _states(f, i, g, o, c),
                "each gate stands in the other's place. Which of the two decides about the old content?",
            ),
            Mistake(
                "no tanh",
                lambda i, f, g, o, c: (f * c + i * g, o * (f * c + i * g)),
                "c is right. On its way to h the cell state goes through something first.",
            ),
            Mistake(
                "o inside",
                lambda i, f, g, o, c: (f * c + i * g, np.tanh(o * (f * c + i * g))),
                "c is right. Is the output gate applied before tanh, or after it?",
            ),
            Mistake(
                "old cell in h",
                lambda i, f, g, o, c: (f * c + i * g, o * np.tanh(c)),
                "c is right. Which cell state does h show, the old one or the new one?",
            ),
            Mistake(
                "no input gate",
                lambda i, f, g, o, c: _states(np.ones_like(i), f, g, o, c),
                "the candidate goes in as a whole. Which gate should have a say in it?",
            ),
            Mistake(
                "no forget gate",
                lambda i, f, g, o, c: _states(i, np.ones_like(f), g, o, c),
                "this is the cell of 1997, which keeps all of its content. One gate is not used.",
            ),
            Mistake(
                "one minus f",
                lambda i, f, g, o, c: _states(i, 1 - f, g, o, c),
                "in spite of its name, a forget gate of 1 keeps everything.",
            ),
            Mistake(
                "coupled",
                lambda i, f, g, o, c: _states(1 - f, f, g, o, c),
                "you made one gate do the work of two. The input gate is an argument of its own.",
            ),
            Mistake(
                "no output gate",
                lambda i, f, g, o, c: (f * c + i * g, np.tanh(f * c + i * g)),
                "c is right, and one of the arguments is not used. How much of the cell is shown?",
            ),
            Mistake(
                "o on the road",
                lambda i, f, g, o, c: (o * (f * c + i * g), np.tanh(o * (f * c + i * g))),
                "the output gate stands on the road in yours. What a shut one hides would be lost for ever.",
            ),
            Mistake(
                "o on both",
                lambda i, f, g, o, c: (o * (f * c + i * g), o * np.tanh(o * (f * c + i * g))),
                "the output gate is used twice, and its first place is wrong: it does not touch what is kept.",
            ),
            Mistake(
                "c shown, not kept",
                lambda i, f, g, o, c: (o * (f * c + i * g), o * np.tanh(f * c + i * g)),
                "h is right. What the cell keeps does not depend on how much of it is shown.",
            ),
            Mistake(
                "i and o swapped",
                lambda i, f, g, o, c: _states(o, f, g, i, c),
                "the gate before the cell and the gate behind it have changed places. Which lets in, which shows?",
            ),
            Mistake(
                "f and o swapped",
                lambda i, f, g, o, c: _states(i, o, g, f, c),
                "the old content is multiplied by the gate that should rule over h, and the other way round.",
            ),
            Mistake(
                "sigmoid of c",
                lambda i, f, g, o, c: (f * c + i * g, o * sigmoid(f * c + i * g)),
                "c is right. h must be able to be negative: which function squeezes c?",
            ),
            Mistake(
                "tanh on the road",
                lambda i, f, g, o, c: (np.tanh(f * c + i * g), o * np.tanh(np.tanh(f * c + i * g))),
                "c has gone through tanh before it was kept, and once more on its way to h. Once is enough: which one?",
            ),
            Mistake(
                "c squeezed",
                lambda i, f, g, o, c: (np.tanh(f * c + i * g), o * np.tanh(f * c + i * g)),
                "h is right, but what is kept for the next step has gone through tanh. The road has no tanh on it.",
            ),
            Mistake(
                "the other way round",
                lambda i, f, g, o, c: _states(i, f, g, o, c)[::-1],
                "both arrays are right. In which order are they asked for?",
            ),
            Mistake(
                "nothing kept",
                lambda i, f, g, o, c: (i * g, o * np.tanh(i * g)),
                "the old cell state is not used. What would this cell remember?",
            ),
            Mistake(
                "no candidate",
                lambda i, f, g, o, c: (f * c + i, o * np.tanh(f * c + i)),
                "you add how far the gate is open, not what should come through it.",
            ),
            Mistake(
                "tanh of g again",
                lambda i, f, g, o, c: _states(i, f, np.tanh(g), o, c),
                "g has been through tanh already.",
            ),
            Mistake(
                "gates squeezed again",
                lambda i, f, g, o, c: _states(sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o), c),
                "the arguments are the gates themselves, not the sums before the sigmoid.",
            ),
            Mistake(
                "multiplied",
                lambda i, f, g, o, c: ((f * c) * (i * g), o * np.tanh((f * c) * (i * g))),
                "old and new are multiplied in yours. The whole idea of the cell is in another operation.",
            ),
            Mistake(
                "taken away",
                lambda i, f, g, o, c: _states(i, f, -g, o, c),
                "the candidate has a sign of its own. Is it added or taken away?",
            ),
            Mistake(
                "forget gate added",
                lambda i, f, g, o, c: (f + c + i * g, o * np.tanh(f + c + i * g)),
                "a gate says how much, so it multiplies. One of your gates is added to what it should rule.",
            ),
            Mistake(
                "tanh of o",
                lambda i, f, g, o, c: (f * c + i * g, np.tanh(o) * np.tanh(f * c + i * g)),
                "c is right. The output gate has been through its sigmoid already, nothing else is done to it.",
            ),
            Mistake(
                "h of the candidate",
                lambda i, f, g, o, c: (f * c + i * g, o * np.tanh(g)),
                "c is right. h shows what is in the cell, not only what is new.",
            ),
            Mistake(
                "h of the input gate",
                lambda i, f, g, o, c: (f * c + i * g, i * np.tanh(f * c + i * g)),
                "c is right. A gate decides what leaves the cell, but it is not this one.",
            ),
            Mistake(
                "h of the forget gate",
                lambda i, f, g, o, c: (f * c + i * g, f * np.tanh(f * c + i * g)),
                "c is right. The gate in front of tanh has done its work already; another one rules over h.",
            ),
        ),
        hint="two lines, one for each equation. In the second, use the c of the first.",
    ),
    FUSED_STEP,
    *BY_HAND,
]
