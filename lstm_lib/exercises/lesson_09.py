"""The exercises of lesson 09: two steps of cousins, their sizes, two steps joined to one, and a latch to be set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lstm_lib.exercises.cousin_steps import COUPLED, GRU_STEP
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = np.ndarray[Any, Any]

# 09.3

_KINDS = ("LSTM", "peepholes", "coupled", "GRU", "minimal")


def _size_cases(rng: np.random.Generator) -> Cases:
    def sizes() -> tuple[int, int]:
        D, H = rng.choice(np.arange(2, 40), size=2, replace=False)
        return int(D), int(H)

    return {kind: (kind, *sizes()) for kind in _KINDS} | {
        "a small one": ("GRU", 1, 2),
        "large": ("LSTM", 65, 200),
    }


def _sizes(**changed: Callable[[int, int], float]) -> Callable[[str, int, int], float]:
    """Return the count of parameters by kind, D and H; formulas given by the name of a kind replace its right one."""
    right: dict[str, Callable[[int, int], float]] = {
        "LSTM": lambda D, H: 4 * H * (D + H + 1),
        "peepholes": lambda D, H: 4 * H * (D + H + 1) + 3 * H,
        "coupled": lambda D, H: 3 * H * (D + H + 1),
        "GRU": lambda D, H: 3 * H * (D + H + 2),
        "minimal": lambda D, H: 3 * H * (D + 1),
    }

    def count(kind: str, D: int, H: int) -> float:
        return float((right | changed)[kind](D, H))  # a float, so that 120 and 120.0 will both do

    return count


SIZES = FunctionExercise(
    "09.3",
    "how large a cousin is",
    "Write parameters(kind, D, H) for LSTM, peepholes, coupled, GRU (PyTorch's, two biases for n) and minimal.",
    reference=_sizes(),
    cases=_size_cases,
    mistakes=(
        Mistake(
            "no biases",
            _sizes(
                LSTM=lambda D, H: 4 * H * (D + H),
                peepholes=lambda D, H: 4 * H * (D + H) + 3 * H,
                coupled=lambda D, H: 3 * H * (D + H),
                GRU=lambda D, H: 3 * H * (D + H),
                minimal=lambda D, H: 3 * H * D,
            ),
            "you count the weights. What else does each block learn?",
        ),
        Mistake(
            "two biases everywhere",
            _sizes(
                LSTM=lambda D, H: 4 * H * (D + H + 2),
                peepholes=lambda D, H: 4 * H * (D + H + 2) + 3 * H,
                coupled=lambda D, H: 3 * H * (D + H + 2),
            ),
            "PyTorch's LSTM has two biases that are added up. The layers of this course have one, but for the GRU.",
        ),
        Mistake(
            "one bias in the GRU",
            _sizes(GRU=lambda D, H: 3 * H * (D + H + 1)),
            "all are right but the GRU. How many biases has PyTorch's form, b and b_h?",
        ),
        Mistake(
            "peepholes as matrices",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 1) + 3 * H * H),
            "all are right but the peepholes. Does a gate look at all cells, or at its own?",
        ),
        Mistake(
            "four peepholes",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 2)),
            "all are right but the peepholes. Which of the four blocks has none?",
        ),
        Mistake(
            "one peephole vector",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 1) + H),
            "all are right but the peepholes. Several gates look at the cell, each with weights of its own.",
        ),
        Mistake(
            "three numbers for all peepholes",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 1) + 3),
            "all are right but the peepholes. Every unit has its own.",
        ),
        Mistake(
            "two peephole vectors",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 1) + 2 * H),
            "all are right but the peepholes. f and i look at the old cell; which gate looks at the new one?",
        ),
        Mistake(
            "LSTM with three blocks",
            _sizes(LSTM=lambda D, H: 3 * H * (D + H + 1)),
            "all are right but the LSTM. It has three gates. What else has a block of its own?",
        ),
        Mistake(
            "two biases in the LSTM",
            _sizes(LSTM=lambda D, H: 4 * H * (D + H + 2)),
            "all are right but the LSTM. PyTorch keeps two biases for it; the layers of this lesson have one.",
        ),
        Mistake(
            "no peepholes",
            _sizes(peepholes=lambda D, H: 4 * H * (D + H + 1)),
            "all are right but the peepholes: they have weights, too.",
        ),
        Mistake(
            "coupled as an LSTM",
            _sizes(coupled=lambda D, H: 4 * H * (D + H + 1)),
            "all are right but the coupled one. Which gate needs no weights there?",
        ),
        Mistake(
            "coupled with two blocks",
            _sizes(coupled=lambda D, H: 2 * H * (D + H + 1)),
            "all are right but the coupled one. Count its blocks: f, g and one more.",
        ),
        Mistake(
            "minimal without biases",
            _sizes(minimal=lambda D, H: 3 * H * D),
            "all are right but the minimal one. Each of its blocks has one more row: which?",
        ),
        Mistake(
            "one bias vector more in the GRU",
            _sizes(GRU=lambda D, H: 3 * H * (D + H + 1) + H),
            "all are right but the GRU. You give the second bias to one block alone. How long is b_h above?",
        ),
        Mistake(
            "minimal with recurrence",
            _sizes(minimal=lambda D, H: 3 * H * (D + H + 1)),
            "all are right but the minimal one. What do its gates see?",
        ),
        Mistake(
            "minimal with four blocks",
            _sizes(minimal=lambda D, H: 4 * H * (D + 1)),
            "all are right but the minimal one. Which of the LSTM's gates does it not have?",
        ),
        Mistake(
            "minimal with two blocks",
            _sizes(minimal=lambda D, H: 2 * H * (D + 1)),
            "all are right but the minimal one. f and i have weights of their own there.",
        ),
        Mistake(
            "GRU with four blocks",
            _sizes(GRU=lambda D, H: 4 * H * (D + H + 2)),
            "all are right but the GRU. Count its blocks: r, z and one more.",
        ),
        Mistake(
            "D and H swapped",
            lambda kind, D, H: _sizes()(kind, H, D),
            "D is the size of the input and H that of the state. You have them the other way round.",
        ),
        Mistake(
            "product for sum",
            _sizes(
                LSTM=lambda D, H: 4 * H * (D * H + 1),
                peepholes=lambda D, H: 4 * H * (D * H + 1) + 3 * H,
                coupled=lambda D, H: 3 * H * (D * H + 1),
                GRU=lambda D, H: 3 * H * (D * H + 2),
            ),
            "W_x and W_h stand one below the other. Are their rows added, or multiplied?",
        ),
        Mistake(
            "one block",
            _sizes(
                LSTM=lambda D, H: H * (D + H + 1),
                peepholes=lambda D, H: H * (D + H + 1) + 3 * H,
                coupled=lambda D, H: H * (D + H + 1),
                GRU=lambda D, H: H * (D + H + 2),
                minimal=lambda D, H: H * (D + 1),
            ),
            "that is one block of each. How many are there?",
        ),
        Mistake(
            "one bias for the layer",
            _sizes(
                LSTM=lambda D, H: 4 * H * (D + H) + H,
                peepholes=lambda D, H: 4 * H * (D + H) + 4 * H,
                coupled=lambda D, H: 3 * H * (D + H) + H,
                GRU=lambda D, H: 3 * H * (D + H) + 2 * H,
                minimal=lambda D, H: 3 * H * D + H,
            ),
            "the bias of one block is counted. Every block has one.",
        ),
    ),
    hint="for each kind: how many blocks of H columns, how many rows in W_x and W_h, which biases, and what else?",
)

# 09.4


def _join_cases(rng: np.random.Generator) -> Cases:
    def step(*shape: int) -> tuple[Array, Array]:
        return rng.uniform(0.1, 0.9, size=shape), rng.normal(size=shape)

    return {
        "one unit": (step(1), step(1)),
        "a batch": (step(3, 4), step(3, 4)),
        "many": (step(5, 2, 3), step(5, 2, 3)),
    }


def _join(
    a: Callable[..., Array] = lambda a1, b1, a2, b2: a2 * a1,
    b: Callable[..., Array] = lambda a1, b1, a2, b2: a2 * b1 + b2,
) -> Callable[..., tuple[Array, Array]]:
    def run(first: tuple[Array, Array], second: tuple[Array, Array]) -> tuple[Array, Array]:
        return a(*first, *second), b(*first, *second)

    return run


JOIN = FunctionExercise(
    "09.4",
    "two steps in one",
    "Write join(first, second): the (a, b) of one step h -> a h + b that does what the two do, first then second.",
    reference=_join(),
    cases=_join_cases,
    returns=("a", "b"),
    mistakes=(
        Mistake(
            "other order",
            _join(b=lambda a1, b1, a2, b2: a1 * b2 + b1),
            "this does the second step first. Put the first step's result into the second one.",
        ),
        Mistake(
            "only added",
            _join(b=lambda a1, b1, a2, b2: b1 + b2),
            "what the first step wrote passes through the second step, too. What happens to it there?",
        ),
        Mistake(
            "second only",
            _join(b=lambda a1, b1, a2, b2: b2),
            "what the first step wrote is gone. Begin with h = 0 and follow it.",
        ),
        Mistake(
            "first only",
            _join(b=lambda a1, b1, a2, b2: a2 * b1),
            "what the second step writes is gone. Begin with h = 0 and follow it.",
        ),
        Mistake(
            "wrong factor",
            _join(b=lambda a1, b1, a2, b2: a1 * b1 + b2),
            "what the first step wrote has the first step's factor. Which step shrinks it?",
        ),
        Mistake(
            "both factors",
            _join(b=lambda a1, b1, a2, b2: a1 * a2 * b1 + b2),
            "what the first step wrote is shrunk by both factors. It was written after the first of them.",
        ),
        Mistake(
            "multiplied",
            _join(b=lambda a1, b1, a2, b2: b1 * b2),
            "you multiply what the two steps write. A step adds.",
        ),
        Mistake(
            "all shrunk",
            _join(b=lambda a1, b1, a2, b2: a2 * a1 * b1 + a2 * b2),
            "each of the two is shrunk once too often. What is written comes after the step's own factor.",
        ),
        Mistake(
            "crossed",
            _join(b=lambda a1, b1, a2, b2: a1 * b2 + a2 * b1),
            "both are shrunk by the factor of the other step. Does the first step touch what the second one writes?",
        ),
        Mistake(
            "sum shrunk",
            _join(b=lambda a1, b1, a2, b2: a2 * (b1 + b2)),
            "what the second step writes is shrunk by its own factor. It comes after it.",
        ),
        Mistake(
            "factors added",
            _join(a=lambda a1, b1, a2, b2: a1 + a2),
            "a state that is halved, and halved again: which part of it is left?",
        ),
        Mistake(
            "second factor only",
            _join(a=lambda a1, b1, a2, b2: a2),
            "the old state passes both steps. Your factor is the second step's alone.",
        ),
        Mistake(
            "first factor only",
            _join(a=lambda a1, b1, a2, b2: a1),
            "the old state passes both steps. Your factor is the first step's alone.",
        ),
        Mistake(
            "mean",
            _join(lambda a1, b1, a2, b2: (a1 + a2) / 2, lambda a1, b1, a2, b2: (b1 + b2) / 2),
            "nothing is averaged: the second step works on what the first one left.",
        ),
        Mistake(
            "b alone",
            lambda first, second: second[0] * first[1] + second[1],
            "that is b. Return the factor as well.",
        ),
        Mistake("swapped", lambda first, second: _join()(first, second)[::-1], "a comes first, then b."),
        Mistake(
            "b written as kept",
            _join(b=lambda a1, b1, a2, b2: (1 - a2) * b1 + b2),
            "the second step keeps a of what is there. You keep 1 - a.",
        ),
        Mistake(
            "minus",
            _join(b=lambda a1, b1, a2, b2: a2 * b1 - b2),
            "a step adds its b.",
        ),
    ),
    hint="write h_1 = a_1 h_0 + b_1, put it into h_2 = a_2 h_1 + b_2, and collect what stands before h_0.",
)

# 09.5

_SYMBOLS = ("set", "reset", "noise")


def latch(values: Mapping[str, float], symbols: tuple[str, ...], h: float = 0.5) -> list[float]:
    """Return the states of a unit of the minimal LSTM: h = a h + (1 - a) n, with the a and n of each symbol."""
    states = []
    for symbol in symbols:
        a, n = values[f"a_{symbol}"], values[f"n_{symbol}"]
        h = a * h + (1 - a) * n
        states.append(h)
    return states


_KEYS = tuple(f"{part}_{symbol}" for part in "an" for symbol in _SYMBOLS)


def _missing(key: str) -> Callable[[Mapping[str, float]], bool]:
    return lambda v: key not in v


def _possible(v: Mapping[str, float]) -> bool:
    return all(0 < v[f"a_{s}"] < 1 and 0 < v[f"n_{s}"] < math.inf for s in _SYMBOLS)


def _set(v: Mapping[str, float]) -> list[float]:
    """Return h after set, from h = 0, and after each of the 30 noises behind it."""
    return latch(v, ("set",) + ("noise",) * 30, 0.0)


def _reset(v: Mapping[str, float]) -> list[float]:
    """Return h after reset, from h = 1.5, and after each of the 30 noises behind it."""
    return latch(v, ("reset",) + ("noise",) * 30, 1.5)


def _holds(v: Mapping[str, float]) -> bool:
    return _possible(v) and min(_set(v)) > 0.8 and max(_reset(v)) < 0.2


def _overwhelmed(v: Mapping[str, float]) -> bool:
    """Whether set and reset work, and the noise behind them undoes it."""
    return _set(v)[0] > 0.8 and _reset(v)[0] < 0.2 and not _holds(v)


def _values(
    a_set: float, a_reset: float, a_noise: float, n_set: float, n_reset: float, n_noise: float
) -> Any:
    return {
        "a_set": a_set, "a_reset": a_reset, "a_noise": a_noise,
        "n_set": n_set, "n_reset": n_reset, "n_noise": n_noise,
    }  # fmt: skip


LATCH = ValueExercise(
    "09.5",
    "a latch in a minimal LSTM",
    "Choose a and n for set, reset and noise: h above 0.8 from set on, below 0.2 from reset on, through 30 noises.",
    right=_values(0.01, 0.01, 0.999, 1.0, 0.05, 0.5),
    accept=_holds,
    mistakes=(
        *(
            Mistake(
                f"without {key}",
                {k: v for k, v in _values(0.01, 0.01, 0.999, 1.0, 0.05, 0.5).items() if k != key},
                f"{key} is missing. Expected the keys {', '.join(_KEYS)}: is one left out, or spelt otherwise?",
                when=_missing(key),
            )
            for key in _KEYS
        ),
        Mistake(
            "impossible numbers",
            _values(0.0, 0.0, 1.0, 1.0, 0.0, 0.0),
            "a cell cannot reach these: a comes from a σ, so 0 < a < 1, and n is above zero.",
            when=lambda v: not _possible(v),
        ),
        Mistake(
            "keep and write swapped",
            _values(0.99, 0.99, 0.01, 1.0, 0.05, 0.5),
            "noise overwrites your unit, and set and reset hardly touch it. a is the part that is *kept*.",
            when=lambda v: v["a_noise"] < 0.5 < v["a_set"],
        ),
        Mistake(
            "noise writes",
            _values(0.01, 0.01, 0.99, 1.0, 0.05, 50.0),
            "noise keeps enough of the state, but it also writes: 1 - a of its n, thirty times. Look at n_noise.",
            when=lambda v: _overwhelmed(v) and _holds({**v, "n_noise": 0.5}),
        ),
        Mistake(
            "noise leaks",
            _values(0.01, 0.01, 0.95, 1.0, 0.05, 0.5),
            "set and reset work. But look at h after 30 steps of noise: which power of a is left?",
            when=_overwhelmed,
        ),
        Mistake(
            "set too weak",
            _values(0.5, 0.01, 0.999, 1.0, 0.05, 0.5),
            "after one set, from h = 0, the unit is not above 0.8. It keeps too much, or writes too little.",
            when=lambda v: _set(v)[0] <= 0.8,
        ),
        Mistake(
            "reset too weak",
            _values(0.01, 0.5, 0.999, 1.0, 0.05, 0.5),
            "after one reset, from h = 1.5, the unit is not below 0.2. It keeps too much, or writes too much.",
            when=lambda v: _reset(v)[0] >= 0.2,
        ),
    ),
    hint="set and reset must overwrite, noise must keep: which a is small, and which is near 1?",
)

EXERCISES = [COUPLED, GRU_STEP, SIZES, JOIN, LATCH]
