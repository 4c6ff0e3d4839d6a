"""Exercise 04.3, the fused step of an LSTM: right and wrong ways, each of (x, h_prev, c_prev, W_x, W_h, b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch.activations import sigmoid
from lstm_lib.scratch.lstm import lstm_step

Array = NDArray[Any]
Pair = tuple[Array, Array]  # (h, c)


def fused(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    return lstm_step(x, (h_prev, c_prev), {"W_x": W_x, "W_h": W_h, "b": b})[0]


def finished(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    """Return (h, c) from the four sums before their activations."""
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def in_order(order: str) -> Callable[..., Pair]:
    """Return the fused step of someone who takes the blocks to stand in another order."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        blocks = dict(zip(order, np.split(x @ W_x + h_prev @ W_h + b, 4, axis=1), strict=True))
        return finished(**blocks, c_prev=c_prev)

    return step


def ending(end: Callable[[Array, Array, Array, Array, Array], Pair]) -> Callable[..., Pair]:
    """Return a fused step that takes the blocks rightly, and then does ``end(z_i, z_f, z_g, z_o, c_prev)``."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        i, f, g, o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=1)
        return end(i, f, g, o, c_prev)

    return step


def summed(sums: Callable[..., Array]) -> Callable[..., Pair]:
    """Return a fused step with ``sums(x, h_prev, W_x, W_h, b)`` before the activations."""

    def step(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
        i, f, g, o = np.split(sums(x, h_prev, W_x, W_h, b), 4, axis=1)
        return finished(i, f, g, o, c_prev)

    return step


def all_with(act: Callable[[Array], Array]) -> Callable[..., Pair]:
    def end(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
        c = act(f) * c_prev + act(i) * act(g)
        return act(o) * np.tanh(c), c

    return ending(end)


def old_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_prev), c


def raw_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * c, c


def no_tanh(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * g
    return sigmoid(o) * np.tanh(c), c


def no_gates(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def sigmoid_then_tanh(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    return finished(i, f, sigmoid(g), o, c_prev)


def reshaped(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    i, f, g, o = (x @ W_x + h_prev @ W_h + b).reshape(4, *h_prev.shape)
    return finished(i, f, g, o, c_prev)


def interleaved(x: Array, h_prev: Array, c_prev: Array, W_x: Array, W_h: Array, b: Array) -> Pair:
    z = x @ W_x + h_prev @ W_h + b
    return finished(z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4], c_prev)


def no_output_gate(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return np.tanh(c), c


def tanh_on_o(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return np.tanh(o) * np.tanh(c), c


def squeezed_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    h, c = finished(i, f, g, o, c_prev)
    return h, np.tanh(c)


def tanh_on_the_road(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    c = np.tanh(sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * np.tanh(c), c


def gated_cell(i: Array, f: Array, g: Array, o: Array, c_prev: Array) -> Pair:
    h, c = finished(i, f, g, o, c_prev)
    return h, sigmoid(o) * c


def _steps(rng: np.random.Generator) -> Cases:
    def case(batch: int, inputs: int, units: int) -> tuple[Array, ...]:
        weights = (rng.normal(size=(size, 4 * units)) for size in (inputs, units))
        states = (rng.normal(size=(batch, units)) for _ in range(2))
        return rng.normal(size=(batch, inputs)), *states, *weights, rng.normal(size=4 * units)

    return {
        "a batch": case(5, 2, 3),
        "as many inputs as units": case(2, 3, 3),
        "one unit": case(4, 2, 1),
        "four units": case(3, 1, 4),
    }


FUSED_STEP = FunctionExercise(
    "04.3",
    "the fused step",
    "Write fused_step(x, h_prev, c_prev, W_x, W_h, b): the new (h, c), with the blocks in the order i, f, g, o.",
    reference=fused,
    returns=("h", "c"),
    cases=_steps,
    mistakes=(
        Mistake(
            "f first",
            in_order("figo"),
            "the first two blocks are exchanged. In the text f comes first; in the weights here it does not.",
        ),
        Mistake(
            "g last",
            in_order("ifog"),
            "two of the later blocks are exchanged. Which of the four is the candidate?",
        ),
        Mistake(
            "g second",
            in_order("igfo"),
            "two of the blocks in the middle are exchanged. Some libraries order them like that, not this one.",
        ),
        Mistake(
            "order of the text",
            in_order("fiog"),
            "the sections of the lesson come in another order than the blocks of the weights: i, f, g, o.",
        ),
        Mistake(
            "o second",
            in_order("iofg"),
            "the first block is right, the three after it are in another library's order.",
        ),
        Mistake(
            "g first",
            in_order("gifo"),
            "you begin with the candidate. The last block is right.",
        ),
        Mistake(
            "i and o exchanged",
            in_order("ofgi"),
            "the first block and the last are exchanged.",
        ),
        Mistake(
            "f and o exchanged",
            in_order("iogf"),
            "the second block and the last are exchanged.",
        ),
        Mistake(
            "backwards",
            in_order("ogfi"),
            "you take the blocks from the last to the first.",
        ),
        Mistake(
            "f first, g last",
            in_order("fgio"),
            "three of the four blocks are in a wrong place. Begin with the one of the input gate.",
        ),
        *(
            Mistake(
                f"order {order}",
                in_order(order),
                f"you take the blocks in the order {', '.join(order)}. Compare that with the task, from the left.",
            )
            for order in ("igof", "giof", "gfio", "oifg", "ofig")
        ),
        Mistake(
            "sigmoid on all",
            all_with(sigmoid),
            "a candidate that is a sigmoid can only add, never take away. Three of the four are gates.",
        ),
        Mistake(
            "tanh on all",
            all_with(np.tanh),
            "three of the four must be between 0 and 1.",
        ),
        Mistake(
            "no bias",
            summed(lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h),
            "one of the weights is not used at all.",
        ),
        Mistake(
            "no recurrence",
            summed(lambda x, h, W_x, W_h, b: x @ W_x + b),
            "the gates read the input alone. Where is the last hidden state?",
        ),
        Mistake(
            "no input",
            summed(lambda x, h, W_x, W_h, b: h @ W_h + b),
            "the gates read the last hidden state alone. Where is the input?",
        ),
        Mistake(
            "weights exchanged",
            summed(lambda x, h, W_x, W_h, b: x @ W_h + h @ W_x + b),
            "this works only when there are as many inputs as units. Which weights belong to x?",
        ),
        Mistake(
            "cell for hidden",
            lambda x, h, c, W_x, W_h, b: fused(x, c, c, W_x, W_h, b),
            "the gates read the last hidden state, not the last cell state.",
        ),
        Mistake(
            "hidden for cell",
            lambda x, h, c, W_x, W_h, b: fused(x, h, h, W_x, W_h, b),
            "the forget gate must be multiplied with the cell state. Yours takes the hidden state.",
        ),
        Mistake(
            "no output gate",
            ending(no_output_gate),
            "c is right, and the last of the four blocks is not used. How much of the cell is shown?",
        ),
        Mistake(
            "tanh on the output gate",
            ending(tanh_on_o),
            "c is right. A gate cannot be negative: which activation makes one of z_o?",
        ),
        Mistake(
            "tanh of the cell handed on",
            ending(squeezed_cell),
            "h is right. Two things are made of c here: what is shown, and what is kept. Only one goes through tanh.",
        ),
        Mistake(
            "tanh on the road",
            ending(tanh_on_the_road),
            "the cell state is a sum and nothing more. Yours goes through tanh before it is kept.",
        ),
        Mistake(
            "output gate on the cell",
            ending(gated_cell),
            "h is right. The output gate decides what is shown; the cell keeps all of it.",
        ),
        Mistake(
            "old cell in h",
            ending(old_cell),
            "c is right. The hidden state must show the new one.",
        ),
        Mistake(
            "no tanh in h",
            ending(raw_cell),
            "c is right. Something is missing between c and h.",
        ),
        Mistake(
            "no tanh on the candidate",
            ending(no_tanh),
            "the gates are right. The candidate has no limits in yours.",
        ),
        Mistake(
            "no activations",
            ending(no_gates),
            "z holds the sums before the activations. Until they are squeezed they are no gates.",
        ),
        Mistake(
            "sigmoid, then tanh",
            ending(sigmoid_then_tanh),
            "the candidate goes through two activations in yours. Cut z before you squeeze it.",
        ),
        Mistake(
            "reshaped",
            reshaped,
            "reshape to (4, B, H) mixes the sequences: it reads z row by row. Cut along the columns instead.",
        ),
        Mistake(
            "interleaved",
            interleaved,
            "you took every fourth column. A block is H columns that stand side by side.",
        ),
        Mistake(
            "cell first",
            lambda *args: fused(*args)[::-1],
            "both are right, and exchanged: the state of the course is (h, c).",
        ),
    ),
    hint="one line for the sum z (B, 4H), one that cuts it into four blocks, then the gates, then c and h. "
    "Does each block get its own activation, and are the blocks in the order i, f, g, o?",
)
