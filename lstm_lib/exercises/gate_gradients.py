"""The longest exercise of lesson 05: what the four gates of an LSTM are told."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch import sigmoid

Array = np.ndarray
Change = Callable[[SimpleNamespace], Array]  # from the arguments, by name, to one block of dz

#: The blocks in their order, and what each is called in a hint.
NAMES = {"i": "input gate", "f": "forget gate", "g": "candidate", "o": "output gate"}
_GRADIENT = {"i": "dc", "f": "dc", "g": "dc", "o": "dh"}
_OTHER = {"i": "g", "f": "c_prev", "g": "i", "o": "tanh_c"}  # the other factor of the product


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


def _slopes_of_inputs(name: str) -> Callable[[Array], Array]:
    return (lambda g: _t(np.tanh(g))) if name == "g" else (lambda s: _s(sigmoid(s)))


def _term(
    name: str, gradient: str = "", other: str = "", slope: Callable[[Array], Array | float] | None = None
) -> Change:
    """Return how one block is made: a gradient, a factor and a slope. What is not given is as it should be."""

    def term(v: SimpleNamespace) -> Array:
        bend = slope or (_t if name == "g" else _s)
        block: Array = getattr(v, gradient or _GRADIENT[name]) * bend(getattr(v, name))
        return block if other == "none" else block * getattr(v, other or _OTHER[name])

    return term


def _answer(join: Callable[[list[Array]], Array], **changes: Change) -> Callable[..., Array]:
    """Return an answer that puts the four blocks together so, with other terms for the blocks that are named."""

    def answer(
        dc: Array, dh: Array, i: Array, f: Array, g: Array, o: Array, c_prev: Array, tanh_c: Array
    ) -> Array:
        v = SimpleNamespace(dc=dc, dh=dh, i=i, f=f, g=g, o=o, c_prev=c_prev, tanh_c=tanh_c)
        v.c, v.through_h = f * c_prev + i * g, dh * o * _t(tanh_c)
        v.twice, v.bent = dc + v.through_h, _t(tanh_c)
        return join([changes.get(name, _term(name))(v) for name in NAMES])

    return answer


def _side_by_side(blocks: list[Array]) -> Array:
    return np.concatenate(blocks, axis=1)


def _but(names: str, **change: object) -> Callable[..., Array]:
    """Return an answer that is right but for one thing, in all blocks of those names."""
    return _answer(_side_by_side, **{name: _term(name, **change) for name in names})  # type: ignore[arg-type]


def _in_order(order: str) -> Callable[..., Array]:
    return _answer(lambda blocks: np.concatenate([blocks["ifgo".index(name)] for name in order], axis=1))


def _one_slip_in_one_block() -> list[Mistake]:
    """Return the slips that people make in one block only, for each block."""
    made = []
    for name, called in NAMES.items():
        act, last = ("tanh", "sigmoid") if name == "g" else ("sigmoid", "tanh")
        slips: list[tuple[str, dict[str, object], str]] = [
            ("without slope", {"slope": lambda s: 1.0}, f"The {called} has an activation, too."),
            (
                "value for slope",
                {"slope": lambda s: s},
                f"In yours the {called} ends in its own value. What does a gradient meet at an activation?",
            ),
            (
                "slope of the input",
                {"slope": _slopes_of_inputs(name)},
                f"{name} has been through its activation already. Write its slope with this output alone.",
            ),
            (
                "slope of another",
                {"slope": _s if name == "g" else _t},
                f"The {called} comes out of a {act}, but you wrote the slope of a {last}.",
            ),
            (
                "own factor",
                {"other": name},
                f"In yours the {called} is told itself; in a product it is told the other factor.",
            ),
            (
                "no factor",
                {"other": "none"},
                f"The {called} was a factor in a product. What was it multiplied by?",
            ),
            (
                "the other gradient",
                {"gradient": "dc" if name == "o" else "dh"},
                f"Does the {called} act on c_t, or on h_t alone? There is a gradient for each.",
            ),
            (
                "half of the slope",
                {"slope": lambda s: 1 - s},
                f"Look up the slope of {act} again, and write it for the {called}.",
            ),
        ]
        made += [
            Mistake(f"{what}: {called}", _but(name, **change), f"three blocks are right. {hint}")
            for what, change, hint in slips
        ]
    return made


def _other_orders(*orders: str) -> list[Mistake]:
    """Return the right blocks in those orders; a hint names the first block that stands wrong."""
    made = []
    for order in orders:
        first = next(k for k, name in enumerate(order) if name != "ifgo"[k])
        hint = (
            f"all four blocks are there, in the order {', '.join(order)}. Go from left to right: where the "
            f"{NAMES['ifgo'[first]]} belongs, you have the {NAMES[order[first]]}."
        )
        made.append(Mistake(f"order {order}", _in_order(order), hint))
    return made


GATE_GRADIENTS = FunctionExercise(
    "05.2",
    "what the gates are told",
    "Write gate_gradients(dc, dh, i, f, g, o, c_prev, tanh_c): dz (B, 4H), blocks i, f, g, o.",
    reference=lambda dc, dh, i, f, g, o, c_prev, tanh_c: np.concatenate(
        [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)],
        axis=1,
    ),
    cases=_at_the_gates,
    mistakes=(
        *_one_slip_in_one_block(),
        Mistake(
            "no slopes",
            _but("ifgo", slope=lambda s: 1.0),
            "these are the gradients at the gates. dz stands before σ and tanh: one factor more in each block.",
        ),
        Mistake(
            "gates without slopes",
            _but("ifo", slope=lambda s: 1.0),
            "the block of g is right. The other three have an activation, too.",
        ),
        Mistake(
            "values for slopes",
            _but("ifgo", slope=lambda s: s),
            "each of your blocks ends in the gate's own value. Which factor stands for the way through σ or tanh?",
        ),
        Mistake(
            "the gates' values for slopes",
            _but("ifo", slope=lambda s: s),
            "the block of g is right. The others end in the gate's own value; that is half of the slope of σ.",
        ),
        Mistake(
            "half of the slopes",
            _but("ifo", slope=lambda s: 1 - s),
            "the block of g is right. The slope of σ has two factors; one of them is missing.",
        ),
        Mistake(
            "tanh slope for all",
            _but("ifgo", slope=_t),
            "the block of g is right. i, f and o come out of a sigmoid; what is its slope?",
        ),
        Mistake(
            "slopes swapped",
            _answer(_side_by_side, g=_term("g", slope=_s), **{k: _term(k, slope=_t) for k in "ifo"}),
            "the slope of tanh is 1 - t², that of a sigmoid s (1 - s). Which block needs which?",
        ),
        Mistake(
            "slopes of the inputs",
            _answer(_side_by_side, **{k: _term(k, slope=_slopes_of_inputs(k)) for k in NAMES}),
            "i, f, g and o have been through σ and tanh already. Write the slopes with these outputs alone.",
        ),
        Mistake(
            "sigma again",
            _but("ifo", slope=lambda s: _s(sigmoid(s))),
            "the block of g is right. i, f and o have been through σ already; do not send them through again.",
        ),
        Mistake(
            "the new cell",
            _but("f", other="c"),
            "three blocks are right. The forget gate was multiplied by a cell state: the old one or the new one?",
        ),
        Mistake(
            "the bent cell",
            _but("f", other="tanh_c"),
            "three blocks are right. What was the forget gate multiplied by on the way forward?",
        ),
        Mistake(
            "own factors of i and g",
            _answer(_side_by_side, i=_term("i", other="i"), g=_term("g", other="g")),
            "in the product of i and g each is told the *other* factor. Yours are told their own.",
        ),
        Mistake(
            "own factors everywhere",
            _answer(_side_by_side, **{k: _term(k, other=k) for k in NAMES}),
            "in a product, each factor is told the *other* one. Yours are told themselves, in all four blocks.",
        ),
        Mistake(
            "slopes only",
            _but("ifgo", other="none"),
            "the slopes are there. Each gate was also a factor in a product: what was it multiplied by?",
        ),
        Mistake(
            "forget gate first",
            _in_order("figo"),
            "all four blocks are right, but two stand in each other's place. The order is i, f, g, o.",
        ),
        Mistake(
            "candidate last",
            _in_order("ifog"),
            "all four blocks are there. Look at the order of the last two.",
        ),
        Mistake(
            "forget gate first, candidate last",
            _in_order("fiog"),
            "all four blocks are there, in the order f, i, o, g. The course keeps them as PyTorch does.",
        ),
        Mistake(
            "forget gate, candidate, input gate",
            _in_order("fgio"),
            "all four blocks are there, but not in the order i, f, g, o. The alphabet does not help here.",
        ),
        *_other_orders("igfo", "iofg", "gifo", "ofgi", "iogf", "ogfi"),
        Mistake(
            "output gate times the cell",
            _but("o", other="c"),
            "three blocks are right. The output gate was not multiplied by c_t itself, but by what?",
        ),
        Mistake(
            "output gate through tanh",
            _but("o", other="bent"),
            "three blocks are right. The slope of tanh lies on the way to c_t. Does it lie on this way?",
        ),
        Mistake(
            "two ways added twice",
            _but("ifg", gradient="twice"),
            "the block of o is right. dc has both ways in it already, and you add the one through h_t again.",
        ),
        Mistake(
            "only through the state",
            _but("ifg", gradient="through_h"),
            "the block of o is right. You make the gradient at c_t anew, from h_t alone; it is given, it is dc.",
        ),
        Mistake(
            "all from the state",
            _but("ifg", gradient="dh"),
            "i, f and g act on c_t. Which of the two gradients that you are given belongs to c_t?",
        ),
        Mistake(
            "gradients swapped",
            _answer(
                _side_by_side, o=_term("o", gradient="dc"), **{k: _term(k, gradient="dh") for k in "ifg"}
            ),
            "you have dh and dc in each other's place. Which gates act on c_t, and which one on h_t alone?",
        ),
        Mistake(
            "below each other",
            _answer(lambda blocks: np.concatenate(blocks, axis=0)),
            "the blocks stand below each other. A row is a sequence; the blocks go side by side.",
        ),
        Mistake(
            "interleaved",
            _answer(lambda blocks: np.stack(blocks, 2).reshape(len(blocks[0]), -1)),
            "your columns go unit by unit, i, f, g, o of the first one first. They go block by block.",
        ),
        Mistake(
            "a stack",
            _answer(np.stack),
            "a stack of four arrays has three axes. dz has two, (B, 4H).",
        ),
    ),
    hint=(
        "columns 0 to H-1 are i, H to 2H-1 are f, then come g and o. For each: the gradient at the product it is in, "
        "times the other factor, times its own slope."
    ),
)
