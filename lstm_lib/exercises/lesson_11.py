"""The exercises of lesson 11: positions, heads, a causal head, a head that looks things up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.causal_heads import CAUSAL_HEAD
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = NDArray[Any]

# 11.1


def _lengths(rng: np.random.Generator) -> Cases:
    return {
        "a few steps": (int(rng.integers(5, 9)), int(2 * rng.integers(5, 9))),
        "as many steps as entries": (8, 8),
        "many steps": (int(rng.integers(40, 90)), int(2 * rng.integers(2, 5))),
        "one clock": (int(rng.integers(6, 20)), 2),
    }


def _clocks(steps: int, size: int, speed: Array, first: int = 0) -> Array:
    """The angles (steps, size / 2) of clocks of that speed."""
    return np.arange(first, first + steps)[:, None] * speed


def _interleaved(even: Array, odd: Array) -> Array:
    return np.stack([even, odd], axis=-1).reshape(len(even), -1)


def _speeds(size: int, factor: float = 1.0, base: float = 10_000.0) -> Array:
    return base ** (-factor * np.arange(0, size, 2) / size)


def _positions(steps: int, size: int) -> Array:
    angles = _clocks(steps, size, _speeds(size))
    return _interleaved(np.sin(angles), np.cos(angles))


def _with(steps: int, size: int, speed: Array, first: int = 0) -> Array:
    angles = _clocks(steps, size, speed, first)
    return _interleaved(np.sin(angles), np.cos(angles))


def _side_by_side(steps: int, size: int) -> Array:
    angles = _clocks(steps, size, _speeds(size))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def _own_speed(steps: int, size: int) -> Array:
    angles = np.arange(steps)[:, None] * 10_000.0 ** (-np.arange(size) / size)
    return np.where(np.arange(size) % 2 == 0, np.sin(angles), np.cos(angles))


POSITIONS = FunctionExercise(
    "11.1",
    "a code for every place",
    "Write positions(steps, size): the code (steps, size), sines in the even entries, cosines in the odd ones.",
    reference=_positions,
    cases=_lengths,
    mistakes=(
        Mistake(
            "halves",
            _side_by_side,
            "all sines stand first, then all cosines. Here each cosine stands beside the sine of its clock.",
        ),
        Mistake(
            "cosine first",
            lambda steps, size: _interleaved(
                np.cos(_clocks(steps, size, _speeds(size))), np.sin(_clocks(steps, size, _speeds(size)))
            ),
            "what is the code of position 0? Every even entry begins at sin 0.",
        ),
        Mistake(
            "factor 2 forgotten",
            lambda steps, size: _with(steps, size, _speeds(size, 0.5)),
            "your slowest clocks are too fast. Which exponent belongs to clock k?",
        ),
        Mistake(
            "factor 2 twice",
            lambda steps, size: _with(steps, size, _speeds(size, 2.0)),
            "your slow clocks are too slow. Is your k the number of the clock, or of the entry already?",
        ),
        Mistake(
            "each entry its own speed",
            _own_speed,
            "the sines are right. A sine and the cosine beside it belong to one clock, with one speed.",
        ),
        Mistake(
            "faster and faster",
            lambda steps, size: _with(steps, size, _speeds(size, -1.0)),
            "your clocks become faster with k. Is the power above or below the line?",
        ),
        Mistake(
            "from 1",
            lambda steps, size: _with(steps, size, _speeds(size), first=1),
            "at which number does the first position begin?",
        ),
        Mistake(
            "transposed",
            lambda steps, size: _positions(steps, size).T,
            "a row for each position is asked for, a column for each entry.",
        ),
        Mistake(
            "sines only",
            lambda steps, size: _interleaved(*[np.sin(_clocks(steps, size, _speeds(size)))] * 2),
            "the even entries are right. What stands in the odd ones?",
        ),
        Mistake(
            "last clock at 1/10000",
            lambda steps, size: _with(
                steps, size, 10_000.0 ** (-np.arange(size // 2) / max(size // 2 - 1, 1))
            ),
            "the first clock is right. The last is *not* quite at 1/10000: what is the exponent divided by?",
        ),
        Mistake(
            "base 1000",
            lambda steps, size: _with(steps, size, _speeds(size, base=1_000.0)),
            "the first clock is right, the others are too fast. Look at the base.",
        ),
        Mistake(
            "base e",
            lambda steps, size: _with(steps, size, _speeds(size, base=np.e)),
            "the first clock is right, the others are far too fast: `exp` has the base e. Which one is in the formula?",
        ),
        Mistake(
            "floor division of the exponent",
            lambda steps, size: _with(steps, size, 10_000.0 ** -(np.arange(0, size, 2) // size)),
            "all your clocks have one speed. Does `//` keep what stands behind the point?",
        ),
        Mistake(
            "floor division below 0",
            lambda steps, size: _with(steps, size, 10_000.0 ** (-np.arange(0, size, 2) // size)),
            "the first clock is right, and all others have one speed. `//` rounds down: -1 // 4 is -1.",
        ),
        Mistake(
            "turns instead of radians",
            lambda steps, size: _with(steps, size, 2 * np.pi * _speeds(size)),
            "no 2π is needed: the angle is the position times the speed.",
        ),
        Mistake(
            "with an axis for the batch",
            lambda steps, size: _positions(steps, size)[:, None],
            "right, with an axis for the batch, as the library has it. Here two axes are asked for.",
        ),
        Mistake(
            "divided once more by the size",
            lambda steps, size: _positions(steps, size) / np.sqrt(size / 2),
            "you scale every code to length 1. Leave the sines as they are.",
        ),
    ),
    hint="speeds (size / 2,) first, then angles (steps, size / 2); `code[:, 0::2]` are the even columns.",
)

# 11.2


def _batches(rng: np.random.Generator) -> Cases:
    return {
        "a batch": (rng.normal(size=(5, 3, 8)), 2),
        "all axes equal": (rng.normal(size=(4, 4, 16)), 4),
        "one sequence": (rng.normal(size=(6, 1, 12)), 3),
        "one head": (rng.normal(size=(3, 2, 4)), 1),
    }


def _grid(x: Array, heads: int) -> Array:
    T, B, size = x.shape
    return x.reshape(T, B, heads, size // heads)


def _split(x: Array, heads: int) -> Array:
    return _grid(x, heads).transpose(1, 2, 0, 3)


def _combed(x: Array, heads: int) -> Array:
    T, B, size = x.shape
    return x.reshape(T, B, size // heads, heads).transpose(1, 3, 0, 2)


SPLIT = FunctionExercise(
    "11.2",
    "to each head its part",
    "Write split_heads(x, heads): (T, B, size) to (B, heads, T, size / heads); head 0 gets the first numbers.",
    reference=_split,
    cases=_batches,
    mistakes=(
        Mistake(
            "reshape alone",
            lambda x, heads: x.reshape(x.shape[1], heads, x.shape[0], -1),
            "the shape is right, the numbers are mixed: reshape never moves a number. Which axes must change places?",
        ),
        Mistake(
            "interleaved",
            _combed,
            "each of your heads takes every second, third … number. Head 0 gets the *first* numbers of each position.",
        ),
        Mistake(
            "not moved",
            _grid,
            "each head has its numbers. Now bring the axes in order: sequence, head, position, number.",
        ),
        Mistake(
            "heads after time",
            lambda x, heads: _grid(x, heads).transpose(1, 0, 2, 3),
            "heads and positions stand in the wrong order: each head needs a matrix (T, size / heads) of its own.",
        ),
        Mistake(
            "heads first",
            lambda x, heads: _grid(x, heads).transpose(2, 1, 0, 3),
            "you have (heads, B, …). The sequence comes first, then its heads.",
        ),
        Mistake(
            "heads first, then time",
            lambda x, heads: _grid(x, heads).transpose(2, 0, 1, 3),
            "you have (heads, T, B, …). Sequence first, then head, then position.",
        ),
        Mistake(
            "positions last",
            lambda x, heads: _grid(x, heads).transpose(1, 2, 3, 0),
            "the last two axes have changed places. A row is a position.",
        ),
        Mistake(
            "from behind",
            lambda x, heads: _split(x, heads)[:, ::-1],
            "your heads come in the opposite order.",
        ),
        Mistake(
            "batch and time swapped first",
            lambda x, heads: x.swapaxes(0, 1).reshape(x.shape[1], heads, x.shape[0], -1),
            "B is in front, well. Then reshape cuts through the positions: make heads of the *last* axis first.",
        ),
        Mistake(
            "cut as if B were first",
            lambda x, heads: x.reshape(x.shape[1], x.shape[0], heads, -1).transpose(0, 2, 1, 3),
            "x is (T, B, size), time first: keep T and B where they are while you cut the last axis.",
        ),
        Mistake(
            "the whole for each",
            lambda x, heads: np.repeat(x.swapaxes(0, 1)[:, None], heads, axis=1),
            "every head gets all numbers. They share them out.",
        ),
        Mistake(
            "size forgotten",
            lambda x, heads: x.transpose(1, 0, 2)[:, None],
            "one head with everything. Cut the last axis into parts.",
        ),
        Mistake(
            "scaled",
            lambda x, heads: _split(x, heads) / np.sqrt(x.shape[-1] // heads),
            "right, and divided by a root. That belongs to the scores; here numbers are only moved.",
        ),
    ),
    hint="two steps: reshape the last axis into (heads, size / heads), then transpose the four axes.",
)

# 11.4

BEFORE = "the letter before it"


def third_round(n: int, key: str, content: float, place: float, back: int) -> tuple[float, float]:
    """A block of n letters three times: the smallest weight, over the third round, after the letter's last occurrence.

    Returns:
        That weight, and the largest one at the place that is one round older.
    """
    from lstm_lib.experiments.hand_head import hand_head

    weights = hand_head("abcdefghi"[:n] * 3, key, content, place, back)
    t = np.arange(2 * n, 3 * n)
    return float(weights[t, t - n + 1].min()), float(weights[t, t - 2 * n + 1].max())


def _read(v: Any) -> Any:
    """Return the answer with a whole number of steps back, where it came as 2.0."""
    return (*v[:3], int(v[3])) if len(v) == 4 and isinstance(v[3], float) and v[3].is_integer() else v


def _right(v: Any) -> bool:
    known = v[0] == BEFORE and 0 <= v[1] <= 20 and 0 <= v[2] <= 40
    return known and all(third_round(n, *v)[0] >= 0.95 for n in (6, 9))


LATEST = ValueExercise(
    "11.4",
    "a head that looks up the latest",
    "Set (key, content, place, back): 0.95 of the weight after the latest occurrence; blocks of 6 and of 9.",
    right=(BEFORE, 16.0, 24.0, 2),
    read=_read,
    accept=_right,
    mistakes=(
        Mistake(
            "another number of parts",
            (BEFORE, 16.0, 24.0),
            "four things are asked for: the key, and how much the letter counts and the place, and the steps back.",
            when=lambda v: len(v) != 4,
        ),
        Mistake(
            "another key",
            ("letter", 16.0, 24.0, 2),
            "the key is one of the two texts of the explorer, written as they stand there.",
            when=lambda v: v[0] not in ("its own letter", BEFORE),
        ),
        Mistake(
            "counting back",
            ("its own letter", 0.0, 40.0, 5),
            "counting steps back works for one length of block at best. The check has two. What is always true?",
            when=lambda v: v[1] == 0 and v[2] != 0,
        ),
        Mistake(
            "its own letter",
            ("its own letter", 16.0, 24.0, 2),
            "this key leads to where the query's letter stands. You want what came *after* it there.",
            when=lambda v: v[0] == "its own letter",
        ),
        Mistake(
            "too strong to be true",
            (BEFORE, 1e9, 24.0, 2),
            "that is no head that can be learnt. Let the letter count 20 at most, and the place 40.",
            when=lambda v: v[1] > 20 or v[2] > 40,
        ),
        Mistake(
            "shunned",
            (BEFORE, -8.0, 24.0, 2),
            "a negative number pushes the weight *away* from the letter, or from the place.",
            when=lambda v: v[1] < 0 or v[2] < 0,
        ),
        Mistake(
            "nothing counts",
            (BEFORE, 0.0, 0.0, 0),
            "nothing counts, so the weight is spread evenly. What is to count?",
            when=lambda v: v[1] == 0,
        ),
        Mistake(
            "steps back below 0",
            (BEFORE, 16.0, 24.0, -1),
            "steps back is 0 or more: a causal head does not look ahead.",
            when=lambda v: v[3] < 0,
        ),
        Mistake(
            "far too many steps back",
            (BEFORE, 16.0, 24.0, 100),
            "three blocks of 9 are 27 letters: so many steps back there is none. The fast clocks have gone round by "
            "then, and whether the nearer place wins is luck. Stay within the explorer's slider.",
            when=lambda v: v[3] > 26,
        ),
        Mistake(
            "place left out",
            (BEFORE, 16.0, 0.0, 0),
            "right key. But the letter stands there twice, in the first and in the second round, and each place gets "
            "half. What tells the two apart?",
            when=lambda v: v[2] == 0,
        ),
        Mistake(
            "good for one block",
            (BEFORE, 20.0, 40.0, 4),
            "good for one of the two blocks. Compare both in the explorer, and change the steps back a little.",
            when=lambda v: sum(third_round(n, *v)[0] >= 0.95 for n in (6, 9)) == 1,
        ),
        Mistake(
            "the older round",
            (BEFORE, 20.0, 30.0, 17),
            "at some letters the older place, two rounds back, gets much. Does the place count enough? And do the "
            "steps back make the nearer one win? Print `place_likeness` of some distances, less the steps back.",
            when=lambda v: max(third_round(n, *v)[1] for n in (6, 9)) > 0.05,
        ),
        Mistake(
            "too soft",
            (BEFORE, 4.0, 24.0, 2),
            "right key. But letters that do not fit get much, above all those at the place that is liked. Make the one "
            "that fits count more against the place.",
            when=lambda v: v[1] > 0,
        ),
    ),
    hint="ask `hand_head` for the weights of a block three times over, and read off the row of a letter in the third.",
)

EXERCISES = [POSITIONS, SPLIT, CAUSAL_HEAD, LATEST]
