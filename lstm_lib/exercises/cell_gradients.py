"""The two longest exercises of lesson 05: the gradient at the cell state, and at the four gates."""

from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch import sigmoid

Array = np.ndarray


# 05.1


def _at_the_cell(rng: np.random.Generator) -> Cases:
    def draw(*shape: int, size: float = 1.0) -> tuple[Array, ...]:
        gate = rng.uniform(0.2, 0.9, size=shape)
        return rng.normal(size=shape), rng.normal(size=shape), gate, size * rng.normal(size=shape)

    return {"a batch": draw(3, 4), "one sequence": draw(1, 2), "a large cell state": draw(2, 3, size=2.0)}


def _slope(c: Array) -> Array:
    return _t(np.tanh(c))


# 05.2


def _at_the_gates(rng: np.random.Generator) -> Cases:
    def draw(*shape: int) -> tuple[Array, ...]:
        dc, dh, c_prev = (rng.normal(size=shape) for _ in range(3))
        i, f, o = (rng.uniform(0.1, 0.9, size=shape) for _ in range(3))
        g = np.tanh(rng.normal(size=shape))
        return dc, dh, i, f, g, o, c_prev, np.tanh(f * c_prev + i * g)

    return {"a batch": draw(3, 2), "one sequence": draw(1, 4), "a square": draw(3, 3)}


def _s(s: Array) -> Array:
    slope: Array = s * (1 - s)
    return slope


def _t(t: Array) -> Array:
    slope: Array = 1 - t**2
    return slope


def _blocks(*blocks: Array) -> Array:
    return np.concatenate(blocks, axis=1)


def _dz(dc: Array, dh: Array, i: Array, f: Array, g: Array, o: Array, c_prev: Array, tanh_c: Array) -> Array:
    return _blocks(dc * g * _s(i), dc * c_prev * _s(f), dc * i * _t(g), dh * tanh_c * _s(o))


def _gates(change: Callable[..., tuple[Array, ...]]) -> Callable[..., Array]:
    """Return a wrong answer to 05.2 that puts together what ``change`` returns for the blocks i, f, g, o."""

    def answer(
        dc: Array, dh: Array, i: Array, f: Array, g: Array, o: Array, c_prev: Array, tanh_c: Array
    ) -> Array:
        right = np.split(_dz(dc, dh, i, f, g, o, c_prev, tanh_c), 4, axis=1)
        return _blocks(*change(*right, dc=dc, dh=dh, i=i, f=f, g=g, o=o, c_prev=c_prev, tanh_c=tanh_c))

    return answer


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
            lambda dh, from_later, o, c: from_later + dh * _s(o) * _slope(c),
            "o (1 - o) is for the way back into the output gate. This way passes beside the gate: times its value.",
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

GATE_GRADIENTS = FunctionExercise(
    "05.2",
    "what the gates are told",
    "Write gate_gradients(dc, dh, i, f, g, o, c_prev, tanh_c): dz (B, 4H), blocks i, f, g, o.",
    reference=_dz,
    cases=_at_the_gates,
    mistakes=(
        Mistake(
            "no slopes",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(dc * g, dc * c_prev, dc * i, dh * tanh_c),
            "these are the gradients at the gates. dz stands before σ and tanh: one factor more in each block.",
        ),
        Mistake(
            "sigmoid slope for all",
            _gates(lambda a, b, c, d, dc, i, g, **_: (a, b, dc * i * _s(g), d)),
            "three blocks are right. The candidate g comes out of another function than the gates.",
        ),
        Mistake(
            "tanh slope for all",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * g * _t(i), dc * c_prev * _t(f), dc * i * _t(g), dh * tanh_c * _t(o)
            ),
            "the block of g is right. i, f and o come out of a sigmoid; what is its slope?",
        ),
        Mistake(
            "slopes swapped",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * g * _t(i), dc * c_prev * _t(f), dc * i * _s(g), dh * tanh_c * _t(o)
            ),
            "the slope of tanh is 1 - t², that of a sigmoid s (1 - s). Which block needs which?",
        ),
        Mistake(
            "the new cell",
            _gates(lambda a, b, c, d, dc, i, f, g, c_prev, **_: (a, dc * (f * c_prev + i * g) * _s(f), c, d)),
            "three blocks are right. The forget gate was multiplied by a cell state: the old one or the new one?",
        ),
        Mistake(
            "the bent cell",
            _gates(lambda a, b, c, d, dc, f, tanh_c, **_: (a, dc * tanh_c * _s(f), c, d)),
            "three blocks are right. What was the forget gate multiplied by on the way forward?",
        ),
        Mistake(
            "own factor",
            _gates(lambda a, b, c, d, dc, i, g, **_: (dc * i * _s(i), b, dc * g * _t(g), d)),
            "in a product of i and g each is told the *other* factor. Yours are told their own.",
        ),
        Mistake(
            "own factor for the forget gate",
            _gates(lambda a, b, c, d, dc, f, **_: (a, dc * f * _s(f), c, d)),
            "three blocks are right. The forget gate is told itself; in a product it is told the other factor.",
        ),
        Mistake(
            "own factor for the input gate",
            _gates(lambda a, b, c, d, dc, i, **_: (dc * i * _s(i), b, c, d)),
            "three blocks are right. The input gate is told itself; in a product it is told the other factor.",
        ),
        Mistake(
            "own factor for the candidate",
            _gates(lambda a, b, c, d, dc, g, **_: (a, b, dc * g * _t(g), d)),
            "three blocks are right. The candidate is told itself; in a product it is told the other factor.",
        ),
        Mistake(
            "own factor for the output gate",
            _gates(lambda a, b, c, d, dh, o, **_: (a, b, c, dh * o * _s(o))),
            "three blocks are right. The output gate is told itself; in a product it is told the other factor.",
        ),
        Mistake(
            "candidate without slope",
            _gates(lambda a, b, c, d, dc, i, **_: (a, b, dc * i, d)),
            "three blocks are right. The candidate has an activation, too.",
        ),
        Mistake(
            "gates without slopes",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * g, dc * c_prev, dc * i * _t(g), dh * tanh_c
            ),
            "the block of g is right. The other three have an activation, too.",
        ),
        Mistake(
            "half of the slopes",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * g * (1 - i), dc * c_prev * (1 - f), dc * i * _t(g), dh * tanh_c * (1 - o)
            ),
            "the block of g is right. The slope of σ has two factors; one of them is missing.",
        ),
        Mistake(
            "slope not squared",
            _gates(lambda a, b, c, d, dc, i, g, **_: (a, b, dc * i * (1 - g), d)),
            "three blocks are right. Look up the slope of tanh again: it is even, the same for g and -g.",
        ),
        Mistake(
            "own factors everywhere",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * i * _s(i), dc * f * _s(f), dc * g * _t(g), dh * o * _s(o)
            ),
            "in a product, each factor is told the *other* one. Yours are told themselves, in all four blocks.",
        ),
        Mistake(
            "slopes only",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * _s(i), dc * _s(f), dc * _t(g), dh * _s(o)
            ),
            "the slopes are there. Each gate was also a factor in a product: what was it multiplied by?",
        ),
        Mistake(
            "forget gate first",
            _gates(lambda a, b, c, d, **_: (b, a, c, d)),
            "all four blocks are right, but two stand in each other's place. The order is i, f, g, o.",
        ),
        Mistake(
            "candidate last",
            _gates(lambda a, b, c, d, **_: (a, b, d, c)),
            "all four blocks are there. Look at the order of the last two.",
        ),
        Mistake(
            "output gate after forget gate first",
            _gates(lambda a, b, c, d, **_: (b, a, d, c)),
            "all four blocks are there, in the order f, i, o, g. The course keeps them as PyTorch does.",
        ),
        Mistake(
            "forget, input, candidate by name",
            _gates(lambda a, b, c, d, **_: (b, c, a, d)),
            "all four blocks are there, but not in the order i, f, g, o. The alphabet does not help here.",
        ),
        Mistake(
            "output gate from the cell",
            _gates(lambda a, b, c, d, dc, o, tanh_c, **_: (a, b, c, dc * tanh_c * _s(o))),
            "three blocks are right. The output gate changes h_t and not c_t: which gradient reaches it?",
        ),
        Mistake(
            "no tanh for the output gate",
            _gates(lambda a, b, c, d, dh, o, **_: (a, b, c, dh * _s(o))),
            "three blocks are right. What was the output gate multiplied by?",
        ),
        Mistake(
            "output gate times the cell",
            _gates(
                lambda a, b, c, d, dh, i, f, g, o, c_prev, **_: (
                    a,
                    b,
                    c,
                    dh * (f * c_prev + i * g) * _s(o),
                )
            ),
            "three blocks are right. The output gate was not multiplied by c_t itself, but by what?",
        ),
        Mistake(
            "output gate through tanh",
            _gates(lambda a, b, c, d, dh, o, tanh_c, **_: (a, b, c, dh * _t(tanh_c) * _s(o))),
            "three blocks are right. The slope of tanh lies on the way to c_t. Does it lie on this way?",
        ),
        Mistake(
            "two ways added twice",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _dz(
                dc + dh * o * _t(tanh_c), dh, i, f, g, o, c_prev, tanh_c
            ),
            "the block of o is right. dc has both ways in it already, and you add the one through h_t again.",
        ),
        Mistake(
            "only through the state",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _dz(
                dh * o * _t(tanh_c), dh, i, f, g, o, c_prev, tanh_c
            ),
            "the block of o is right. You make the gradient at c_t anew, from h_t alone; it is given, it is dc.",
        ),
        Mistake(
            "all from the state",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _dz(dh, dh, i, f, g, o, c_prev, tanh_c),
            "i, f and g act on c_t. Which of the two gradients that you are given belongs to c_t?",
        ),
        Mistake(
            "slope of the input",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: _blocks(
                dc * g * _s(sigmoid(i)),
                dc * c_prev * _s(sigmoid(f)),
                dc * i * _t(np.tanh(g)),
                dh * tanh_c * _s(sigmoid(o)),
            ),
            "i, f, g and o have been through σ and tanh already. Write the slopes with these outputs alone.",
        ),
        Mistake(
            "below each other",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: np.concatenate(
                np.split(_dz(dc, dh, i, f, g, o, c_prev, tanh_c), 4, axis=1), axis=0
            ),
            "the blocks stand below each other. A row is a sequence; the blocks go side by side.",
        ),
        Mistake(
            "a stack",
            lambda dc, dh, i, f, g, o, c_prev, tanh_c: np.stack(
                np.split(_dz(dc, dh, i, f, g, o, c_prev, tanh_c), 4, axis=1)
            ),
            "a stack of four arrays has three axes. dz has two, (B, 4H).",
        ),
    ),
    hint="for each gate: the gradient at the product it is in, times the other factor, times its own slope.",
)
