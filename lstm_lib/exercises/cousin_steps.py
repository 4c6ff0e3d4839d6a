"""Exercises 09.1 and 09.2: a step of an LSTM with coupled gates, and a step of a GRU that resets first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch import sigmoid

Array = np.ndarray[Any, Any]


def _coupled_cases(rng: np.random.Generator) -> Cases:
    def case(B: int, D: int, H: int) -> tuple[Array, ...]:
        return (
            rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), 1.5 * rng.normal(size=(B, H)),
            rng.normal(size=(D, 3 * H)), rng.normal(size=(H, 3 * H)), rng.normal(size=3 * H),
        )  # fmt: skip

    return {"a batch": case(4, 3, 5), "one sequence": case(1, 2, 4), "D equal to H": case(3, 4, 4)}


def _coupled(
    order: str = "fgo",
    step: Callable[..., tuple[Array, Array]] | None = None,
    sums: Callable[..., Array] = lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h + b,
) -> Callable[..., tuple[Array, Array]]:
    """Return a step: which block is which, what is done with them, and how the sums come about."""

    def run(x: Array, h: Array, c: Array, W_x: Array, W_h: Array, b: Array) -> tuple[Array, Array]:
        blocks = dict(zip(order, np.split(sums(x, h, W_x, W_h, b), 3, axis=1), strict=True))
        z = blocks["f"], blocks["g"], blocks["o"]
        if step is not None:
            return step(*z, h, c)
        f, g, o = sigmoid(z[0]), np.tanh(z[1]), sigmoid(z[2])
        new = f * c + (1 - f) * g
        return o * np.tanh(new), new

    # The messages use the names of the arguments of the reference, which are those of ``run``.
    return run


def _made(cell: Callable[..., Array], shown: Callable[..., Array] | None = None) -> Callable[..., Any]:
    """Return a step whose cell is ``cell(f, g, o, h, c)`` and whose output is ``shown(o, new, c)``."""

    def step(zf: Array, zg: Array, zo: Array, h: Array, c: Array) -> tuple[Array, Array]:
        f, g, o = sigmoid(zf), np.tanh(zg), sigmoid(zo)
        new = cell(f, g, o, h, c)
        return (o * np.tanh(new) if shown is None else shown(o, new, c)), new

    return _coupled(step=step)


def _squashed(
    f: Callable[[Array], Array] = sigmoid,
    g: Callable[[Array], Array] = np.tanh,
    o: Callable[[Array], Array] = sigmoid,
    out: Callable[[Array], Array] = np.tanh,
    write: Callable[[Array, Array], Array] = lambda zf, f: 1 - f,
) -> Callable[..., Any]:
    """Return a step with other functions behind the sums; ``write(zf, f)`` is the factor of the candidate."""

    def step(zf: Array, zg: Array, zo: Array, h: Array, c: Array) -> tuple[Array, Array]:
        new = f(zf) * c + write(zf, f(zf)) * g(zg)
        return o(zo) * out(new), new

    return _coupled(step=step)


def _as_it_is(v: Array) -> Array:
    return v


def _one_state(cell: Callable[..., Array]) -> Callable[..., Any]:
    """Return a step that shows its new state, ``cell(f, g, h, c)``, as it is."""

    def step(zf: Array, zg: Array, zo: Array, h: Array, c: Array) -> tuple[Array, Array]:
        new = cell(sigmoid(zf), np.tanh(zg), h, c)
        return new, new

    return _coupled(step=step)


def _right_cell(f: Array, g: Array, o: Array, h: Array, c: Array) -> Array:
    cell: Array = f * c + (1 - f) * g
    return cell


COUPLED = FunctionExercise(
    "09.1",
    "coupled gates",
    "Write coupled_step(x, h, c, W_x, W_h, b) -> h, c: an LSTM with i = 1 - f, blocks f, g, o.",
    reference=_coupled(),
    cases=_coupled_cases,
    returns=("h", "c"),
    mistakes=(
        Mistake(
            "f writes too",
            _made(lambda f, g, o, h, c: f * c + f * g),
            "your gate writes as much as it keeps. What is left over for writing when the gate keeps most?",
        ),
        Mistake(
            "writes everything",
            _made(lambda f, g, o, h, c: f * c + g),
            "your candidate comes in whole. The part that is written depends on the gate, too.",
        ),
        Mistake(
            "both swapped",
            _made(lambda f, g, o, h, c: (1 - f) * c + f * g),
            "f is the *forget* gate of this course: at 1 it keeps. Which of the two factors belongs to the old cell?",
        ),
        Mistake(
            "keeps everything",
            _made(lambda f, g, o, h, c: c + (1 - f) * g),
            "the old cell passes whole. Where is the gate that makes room?",
        ),
        Mistake(
            "both one minus",
            _made(lambda f, g, o, h, c: (1 - f) * (c + g)),
            "the old cell and the candidate have the same factor. The two must add up to 1.",
        ),
        Mistake(
            "old state for old cell",
            _made(lambda f, g, o, h, c: f * h + (1 - f) * g),
            "the thing that is kept is the cell. You keep h, as a GRU would.",
        ),
        Mistake(
            "output gate for the input gate",
            _made(lambda f, g, o, h, c: f * c + (1 - o) * g),
            "you write with a factor made of the output gate. Which gate decides about the cell?",
        ),
        Mistake(
            "no tanh on the way out",
            _made(_right_cell, lambda o, new, c: o * new),
            "c is right. Between the cell and h there is something that holds h between -1 and 1.",
        ),
        Mistake(
            "gate inside the tanh",
            _made(_right_cell, lambda o, new, c: np.tanh(o * new)),
            "c is right. First the cell is squashed, then the output gate decides what is shown of it.",
        ),
        Mistake(
            "old cell shown",
            _made(_right_cell, lambda o, new, c: o * np.tanh(c)),
            "c is right. But h must show the cell after the step.",
        ),
        Mistake(
            "no output gate",
            _made(_right_cell, lambda o, new, c: np.tanh(new)),
            "c is right. One of the three blocks is not used yet.",
        ),
        Mistake(
            "sigmoid on the way out",
            _made(_right_cell, lambda o, new, c: o * sigmoid(new)),
            "c is right. What squashes the cell on its way out is not a sigmoid.",
        ),
        Mistake(
            "output without tanh on the gate's sum",
            _coupled(
                step=lambda f, g, o, h, c: (
                    np.tanh(o) * np.tanh(_right_cell(sigmoid(f), np.tanh(g), o, h, c)),
                    _right_cell(sigmoid(f), np.tanh(g), o, h, c),
                )
            ),
            "c is right. A gate lies between 0 and 1; your output gate goes from -1 to 1.",
        ),
        Mistake(
            "sigmoid candidate",
            _coupled(
                step=lambda f, g, o, h, c: (
                    sigmoid(o) * np.tanh(_right_cell(sigmoid(f), sigmoid(g), o, h, c)),
                    _right_cell(sigmoid(f), sigmoid(g), o, h, c),
                )
            ),
            "your candidate can never be negative. The gates are sigmoids; is it a gate?",
        ),
        Mistake(
            "raw candidate",
            _coupled(
                step=lambda f, g, o, h, c: (
                    sigmoid(o) * np.tanh(_right_cell(sigmoid(f), g, o, h, c)),
                    _right_cell(sigmoid(f), g, o, h, c),
                )
            ),
            "your candidate has no bounds. What has an LSTM's candidate gone through?",
        ),
        Mistake(
            "tanh forget gate",
            _coupled(
                step=lambda f, g, o, h, c: (
                    sigmoid(o) * np.tanh(_right_cell(np.tanh(f), np.tanh(g), o, h, c)),
                    _right_cell(np.tanh(f), np.tanh(g), o, h, c),
                )
            ),
            "a part to be kept lies between 0 and 1. Yours can be negative.",
        ),
        Mistake(
            "raw forget gate",
            _squashed(f=_as_it_is),
            "the part that is kept has no bounds. What has the sum of a gate gone through before it multiplies?",
        ),
        Mistake(
            "raw output gate",
            _squashed(o=_as_it_is),
            "c is right. Your output gate has no bounds. What has the sum of a gate gone through?",
        ),
        Mistake(
            "raw gates",
            _squashed(f=_as_it_is, o=_as_it_is),
            "your gates have no bounds, neither f nor o. Between which numbers does a gate lie?",
        ),
        Mistake(
            "no squashing at all",
            _squashed(_as_it_is, _as_it_is, _as_it_is, _as_it_is),
            "you take the sums as they are. In an LSTM each block has a function behind its sum, and so has the cell.",
        ),
        Mistake(
            "sigmoid of one minus the sum",
            _squashed(write=lambda zf, f: sigmoid(1 - zf)),
            "you subtract from 1 before σ. The factors of the old cell and of the candidate must add up to 1: do they?",
        ),
        Mistake(
            "sigmoid of one minus the gate",
            _squashed(write=lambda zf, f: sigmoid(1 - f)),
            "1 - f is already a part, from 0 to 1. You send it through σ once more.",
        ),
        Mistake(
            "a GRU",
            _one_state(lambda f, g, h, c: f * h + (1 - f) * g),
            "nearly a GRU: one state, shown as it is. This cousin keeps a cell c, and o decides what is shown.",
        ),
        Mistake(
            "a GRU beside an idle cell",
            _coupled(
                step=lambda f, g, o, h, c: (sigmoid(f) * h + (1 - sigmoid(f)) * np.tanh(g), c),
            ),
            "c goes out as it came in, and h is mixed, as in a GRU. Here it is c that is kept and written.",
        ),
        Mistake(
            "the cell shown as it is",
            _one_state(lambda f, g, h, c: f * c + (1 - f) * g),
            "c is right. But h is not c: what stands between them in an LSTM?",
        ),
        *(
            Mistake(
                f"blocks {', '.join(order)}",
                _coupled(order),
                f"you take the blocks in the order {', '.join(order)}. Read the order in the task once more.",
            )
            for order in ("gfo", "ogf", "fog", "gof", "ofg")
        ),
        Mistake(
            "no bias",
            _coupled(sums=lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h),
            "one argument has not been used.",
        ),
        Mistake(
            "bias twice",
            _coupled(sums=lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h + 2 * b),
            "the bias comes in twice. PyTorch has two of them; here there is one.",
        ),
        Mistake(
            "no recurrence",
            _coupled(sums=lambda x, h, W_x, W_h, b: x @ W_x + b),
            "your gates see the input only. That is a property of another cousin.",
        ),
        Mistake(
            "no input",
            _coupled(sums=lambda x, h, W_x, W_h, b: h @ W_h + b),
            "your gates do not see the input.",
        ),
        Mistake(
            "transposed recurrence",
            lambda x, h, c, W_x, W_h, b: _coupled()(
                x, h, c, W_x, np.hstack([w.T for w in np.split(W_h, 3, 1)]), b
            ),
            "your recurrent weights are transposed, block by block. The state is a row, (B, H): it stands at the left.",
        ),
        Mistake(
            "order of the results",
            lambda *args: _coupled()(*args)[::-1],
            "both numbers are there, in the other order. h comes first.",
        ),
    ),
    hint="take the six lines of the LSTM, drop the one for i, and put 1 - f where i stood. Three blocks: f, g, o.",
)


def _gru_cases(rng: np.random.Generator) -> Cases:
    def case(B: int, D: int, H: int) -> tuple[Array, ...]:
        return (
            rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)),
            rng.normal(size=(D, 3 * H)), rng.normal(size=(H, 3 * H)), rng.normal(size=3 * H),
        )  # fmt: skip

    return {"a batch": case(4, 3, 5), "one sequence": case(1, 2, 4), "D equal to H": case(3, 4, 4)}


def _gru(
    order: str = "rzn",
    candidate: Callable[..., Array] = lambda x, h, r, z, W, b: x + (r * h) @ W + b,
    mix: Callable[..., Array] = lambda n, z, h, r: (1 - z) * n + z * h,
    squash: Callable[[Array], Array] = np.tanh,
    bias: float = 1.0,
    turn: bool = False,
) -> Callable[..., Array]:
    """Return a step of a GRU, right unless it is told otherwise."""

    def run(x: Array, h: Array, W_x: Array, W_h: Array, b: Array) -> Array:
        parts = (np.split(part, 3, axis=-1) for part in (x @ W_x, W_h, bias * b))
        X, W, B = (dict(zip(order, part, strict=True)) for part in parts)
        if turn:
            W = {gate: w.T for gate, w in W.items()}
        r, z = (sigmoid(X[gate] + h @ W[gate] + B[gate]) for gate in "rz")
        return mix(squash(candidate(X["n"], h, r, z, W["n"], B["n"])), z, h, r)

    return run


def _other_gates(
    r_sum: Callable[..., Array] = lambda x, h, W: x + h @ W,
    z_sum: Callable[..., Array] = lambda x, h, W, r: x + h @ W,
    squash_r: Callable[[Array], Array] = sigmoid,
    squash_z: Callable[[Array], Array] = sigmoid,
    squash_n: Callable[[Array], Array] = np.tanh,
    mix: Callable[..., Array] = lambda n, z, h, r: (1 - z) * n + z * h,
) -> Callable[..., Array]:
    """Return a step with other sums in its gates, ``r_sum(x, h, W)`` and ``z_sum(x, h, W, r)``, or other functions."""

    def run(x: Array, h: Array, W_x: Array, W_h: Array, b: Array) -> Array:
        (x_r, x_z, x_n), (W_r, W_z, W_n) = np.split(x @ W_x + b, 3, axis=1), np.split(W_h, 3, axis=1)
        r = squash_r(r_sum(x_r, h, W_r))
        z = squash_z(z_sum(x_z, h, W_z, r))
        return mix(squash_n(x_n + (r * h) @ W_n), z, h, r)

    return run


GRU_STEP = FunctionExercise(
    "09.2",
    "the GRU that resets first",
    "Write gru_step(x, h, W_x, W_h, b) -> h: the reset gate before the product, z keeps, blocks r, z, n.",
    reference=_gru(),
    cases=_gru_cases,
    mistakes=(
        Mistake(
            "reset after the product",
            _gru(candidate=lambda x, h, r, z, W, b: x + r * (h @ W) + b),
            "this is the other convention, PyTorch's. Here the state is reset *before* it meets the weights.",
        ),
        Mistake(
            "reset after the product, bias inside",
            _gru(candidate=lambda x, h, r, z, W, b: x + r * (h @ W + b)),
            "this is PyTorch's convention, with its second bias. Here the state is reset *before* the product.",
        ),
        Mistake(
            "reset after the product, and z writes",
            _gru(
                candidate=lambda x, h, r, z, W, b: x + r * (h @ W) + b,
                mix=lambda n, z, h, r: z * n + (1 - z) * h,
            ),
            "both conventions are the other ones. Here the state is reset *before* the product, and z keeps.",
        ),
        Mistake(
            "reset after the product, bias inside, and z writes",
            _gru(
                candidate=lambda x, h, r, z, W, b: x + r * (h @ W + b),
                mix=lambda n, z, h, r: z * n + (1 - z) * h,
            ),
            "both conventions are the other ones, and the bias is reset too. Here r meets h *before* the product, "
            "and z keeps.",
        ),
        Mistake(
            "z writes",
            _gru(mix=lambda n, z, h, r: z * n + (1 - z) * h),
            "here z keeps the old state. In yours it writes, as in the paper of Chung and others.",
        ),
        Mistake(
            "reset on the input",
            _gru(candidate=lambda x, h, r, z, W, b: r * x + h @ W + b),
            "you reset the input's part. What is the reset gate meant to hide from the candidate?",
        ),
        Mistake(
            "reset on everything",
            _gru(candidate=lambda x, h, r, z, W, b: r * (x + h @ W + b)),
            "your reset gate stands before the whole sum. It concerns one of the terms.",
        ),
        Mistake(
            "no reset",
            _gru(candidate=lambda x, h, r, z, W, b: x + h @ W + b),
            "the reset gate does nothing yet.",
        ),
        Mistake(
            "update gate resets",
            _gru(candidate=lambda x, h, r, z, W, b: x + (z * h) @ W + b),
            "you reset with z. Which of the two gates is for the candidate?",
        ),
        Mistake(
            "reset gate mixes",
            _gru(mix=lambda n, z, h, r: (1 - r) * n + r * h),
            "you mix old and new with r. Which of the two gates is for that?",
        ),
        Mistake(
            "gates swapped",
            _gru(
                candidate=lambda x, h, r, z, W, b: x + (z * h) @ W + b,
                mix=lambda n, z, h, r: (1 - r) * n + r * h,
            ),
            "r and z have changed places. Read the order of the blocks once more.",
        ),
        Mistake(
            "one minus r",
            _gru(candidate=lambda x, h, r, z, W, b: x + ((1 - r) * h) @ W + b),
            "at r = 1 the candidate sees the whole old state. In yours it sees nothing.",
        ),
        Mistake(
            "reset state is kept",
            _gru(mix=lambda n, z, h, r: (1 - z) * n + z * r * h),
            "the candidate is right. The state that is kept is the old one, not the reset one.",
        ),
        Mistake(
            "writes everything",
            _gru(mix=lambda n, z, h, r: n + z * h),
            "the candidate comes in whole. The two parts must add up to 1.",
        ),
        Mistake(
            "both kept",
            _gru(mix=lambda n, z, h, r: z * (n + h)),
            "old and new have the same factor. The two must add up to 1.",
        ),
        Mistake(
            "candidate only",
            _gru(mix=lambda n, z, h, r: n),
            "that is the candidate. One line is still to come, in which z mixes old and new.",
        ),
        Mistake(
            "keeps everything",
            _gru(mix=lambda n, z, h, r: (1 - z) * n + h),
            "the old state passes whole. What is kept has a factor, too.",
        ),
        Mistake(
            "sigmoid candidate", _gru(squash=sigmoid), "your candidate can never be negative. Is it a gate?"
        ),
        Mistake("raw candidate", _gru(squash=lambda v: v), "your candidate has no bounds. What squashes it?"),
        Mistake(
            "gates of the input alone",
            _other_gates(lambda x, h, W: x, lambda x, h, W, r: x),
            "the candidate is made as it should be, but your gates do not see the old state.",
        ),
        Mistake(
            "update gate sees the reset state",
            _other_gates(z_sum=lambda x, h, W, r: x + (r * h) @ W),
            "your update gate sees the reset state. Only the candidate does.",
        ),
        Mistake(
            "reset state everywhere",
            _other_gates(
                z_sum=lambda x, h, W, r: x + (r * h) @ W, mix=lambda n, z, h, r: (1 - z) * n + z * r * h
            ),
            "r * h has taken the place of h everywhere. Which one of the three lines sees the reset state?",
        ),
        Mistake(
            "raw gates",
            _other_gates(squash_r=_as_it_is, squash_z=_as_it_is),
            "your gates have no bounds, neither r nor z. Between which numbers does a gate lie?",
        ),
        Mistake(
            "raw reset gate",
            _other_gates(squash_r=_as_it_is),
            "your reset gate has no bounds. What has the sum of a gate gone through?",
        ),
        Mistake(
            "raw update gate",
            _other_gates(squash_z=_as_it_is),
            "your update gate has no bounds. What has the sum of a gate gone through?",
        ),
        Mistake(
            "no squashing at all",
            _other_gates(squash_r=_as_it_is, squash_z=_as_it_is, squash_n=_as_it_is),
            "you take the sums as they are. Each of the three blocks has a function behind its sum.",
        ),
        Mistake(
            "reset gate as tanh",
            _other_gates(squash_r=np.tanh),
            "a gate lies between 0 and 1. Your reset gate goes from -1 to 1.",
        ),
        Mistake(
            "tanh over the mixture",
            _gru(squash=lambda v: v, mix=lambda n, z, h, r: np.tanh((1 - z) * n + z * h)),
            "you squash the mixture. It is the candidate that is squashed; the old state is mixed in as it is.",
        ),
        Mistake(
            "tanh twice",
            lambda *args: np.tanh(_gru()(*args)),
            "you squash the new state once more. A GRU shows its state as it is.",
        ),
        *(
            Mistake(
                f"blocks {', '.join(order)}",
                _gru(order),
                f"you take the blocks in the order {', '.join(order)}. Read the order in the task once more.",
            )
            for order in ("nrz", "nzr", "rnz", "znr")
        ),
        Mistake("no bias", _gru(bias=0.0), "one argument has not been used."),
        Mistake(
            "bias twice", _gru(bias=2.0), "the bias comes in twice. This form has one, PyTorch's has two."
        ),
        Mistake(
            "transposed recurrence",
            _gru(turn=True),
            "your recurrent weights are transposed. The state is a row, (B, H): it stands at the left.",
        ),
    ),
    hint="first r and z, from x and h. Then the candidate, which sees x and r * h. Then the mixture.",
)
