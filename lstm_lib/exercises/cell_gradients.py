"""Exercise 05.1: the gradient at the cell state of an LSTM, which comes in two ways."""

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray


def _at_the_cell(rng: np.random.Generator) -> Cases:
    def draw(*shape: int, size: float = 1.0) -> tuple[Array, ...]:
        gate = rng.uniform(0.2, 0.9, size=shape)
        return rng.normal(size=shape), rng.normal(size=shape), gate, size * rng.normal(size=shape)

    return {"a batch": draw(3, 4), "one sequence": draw(1, 2), "a large cell state": draw(2, 3, size=2.0)}


def _slope(c: Array) -> Array:
    slope: Array = 1 - np.tanh(c) ** 2
    return slope


CELL_GRADIENT = FunctionExercise(
    "05.1",
    "two ways into the cell",
    "Write cell_gradient(dh, from_later, o, c): the gradient at c_t, from h_t and from the later cell.",
    reference=lambda dh, from_later, o, c: from_later + dh * o * _slope(c),
    cases=_at_the_cell,
    mistakes=(
        Mistake(
            "no slope",
            lambda dh, from_later, o, c: from_later + dh * o,
            "between c_t and h_t stands a tanh. What does a gradient meet when it goes back through it?",
        ),
        Mistake(
            "no output gate",
            lambda dh, from_later, o, c: from_later + dh * _slope(c),
            "h_t is a product of two numbers. When c_t is nudged, which one is the factor that stays?",
        ),
        Mistake(
            "through h alone",
            lambda dh, from_later, o, c: dh * o * _slope(c),
            "c_t went to two places. You listen to h_t; who else has used it?",
        ),
        Mistake(
            "the later cell alone",
            lambda dh, from_later, o, c: from_later + 0 * dh,
            "c_t went to two places. You listen to the later cell; who else has used it?",
        ),
        Mistake(
            "slope of the input",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - c**2),
            "1 - (...)² is the slope of tanh written with its output. Is c the output of a tanh?",
        ),
        Mistake(
            "the square inside",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - np.tanh(c**2)),
            "look at where your square stands. To which number does it belong?",
        ),
        Mistake(
            "slope from h",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - (o * np.tanh(c)) ** 2),
            "the slope of tanh is written with what tanh gave out. Was that h_t, or h_t before the output gate?",
        ),
        Mistake(
            "both gated",
            lambda dh, from_later, o, c: from_later * o + dh * o * _slope(c),
            "the later cell did not read c_t through the output gate. Your second way is right.",
        ),
        Mistake(
            "the state's gradient as it is",
            lambda dh, from_later, o, c: from_later + dh,
            "between c_t and h_t stand a tanh and a product. What do they do to a gradient?",
        ),
        Mistake(
            "root of the slope",
            lambda dh, from_later, o, c: from_later + dh * o / np.cosh(c),
            "the slope of tanh is 1 / cosh². Yours is its root.",
        ),
        Mistake(
            "tanh for its slope",
            lambda dh, from_later, o, c: from_later + dh * o * np.tanh(c),
            "tanh(c_t) is the value that went forward. Back goes its slope.",
        ),
        Mistake(
            "slope not squared",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - np.tanh(c)),
            "look up the slope of tanh again: at c = 0 yours is right, at c = -1 it is above 1.",
        ),
        Mistake(
            "tanh twice",
            lambda dh, from_later, o, c: from_later + dh * o * _slope(np.tanh(c)),
            "the slope is taken at tanh(tanh(c)). How often does c pass a tanh on its way to h?",
        ),
        Mistake(
            "slope twice",
            lambda dh, from_later, o, c: from_later + dh * o * _slope(c) ** 2,
            "the slope of tanh is in it twice. The gradient passes one tanh.",
        ),
        Mistake(
            "multiplied",
            lambda dh, from_later, o, c: from_later * dh * o * _slope(c),
            "two arrows meet at c_t. What do gradients do where they meet?",
        ),
        Mistake(
            "bent together",
            lambda dh, from_later, o, c: (from_later + dh * o) * _slope(c),
            "what comes from the later cell has not been through this tanh. Look at the picture's top line.",
        ),
        Mistake(
            "bent together without gate",
            lambda dh, from_later, o, c: (from_later + dh) * _slope(c),
            "two things: your first way has not been through this tanh, and your second has passed a gate, too.",
        ),
        Mistake(
            "ways exchanged",
            lambda dh, from_later, o, c: dh + from_later * o * _slope(c),
            "which of the two came through h_t, and so through o and tanh? You have them in each other's place.",
        ),
        Mistake(
            "slope on the other way",
            lambda dh, from_later, o, c: dh * o + from_later * _slope(c),
            "o stands at the right one of the two, the slope at the other. Which one came through tanh?",
        ),
        Mistake(
            "gated together",
            lambda dh, from_later, o, c: (from_later + dh) * o * _slope(c),
            "the later cell did not read c_t through the output gate. Which of the two ways passes o?",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda dh, from_later, o, c: from_later + dh * o * np.tanh(c) * (1 - np.tanh(c)),
            "s (1 - s) belongs to a sigmoid. Which function stands between c_t and h_t?",
        ),
        Mistake(
            "slope of the gate",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - o) * _slope(c),
            "o (1 - o) is for the way back into the output gate. This way passes beside the gate: times its value.",
        ),
        Mistake(
            "a slope of the gate for that of tanh",
            lambda dh, from_later, o, c: from_later + dh * o * (1 - o),
            "o (1 - o) is the slope of the gate's own sigmoid. On the way from c_t to h_t stands another function.",
        ),
        Mistake(
            "gate twice",
            lambda dh, from_later, o, c: from_later + dh * o**2 * _slope(c),
            "the output gate is in it twice. How often is tanh(c_t) multiplied by it on the way to h_t?",
        ),
        Mistake(
            "the way to the gate",
            lambda dh, from_later, o, c: from_later + dh * np.tanh(c),
            "dh tanh(c) is what the output gate is told. What is c told?",
        ),
        Mistake(
            "mean",
            lambda dh, from_later, o, c: (from_later + dh * o * _slope(c)) / 2,
            "the two ways are added up, not averaged.",
        ),
        Mistake(
            "minus",
            lambda dh, from_later, o, c: from_later - dh * o * _slope(c),
            "gradients that meet are added. Where does your minus come from?",
        ),
    ),
    hint="one term for each red arrow that arrives at c_t in the picture.",
)
