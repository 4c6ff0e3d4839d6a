"""The exercises of lesson 05: two ways into the cell, four gates, a sequence, a forget bias, a start to find."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lstm_lib.exercises.cell_gradients import CELL_GRADIENT, GATE_GRADIENTS
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise
from lstm_lib.scratch import LSTM, lstm_step, lstm_step_backward, sigmoid
from lstm_lib.scratch.jacobians import state_gradient_norms

Array = np.ndarray
Grads = dict[str, Array]


# 05.3


def _sequences(rng: np.random.Generator) -> Cases:
    def draw(T: int, B: int, D: int, H: int) -> tuple[Any, ...]:
        net = LSTM(D, H, rng=rng, dtype=np.float64)
        state = rng.normal(size=(B, H)), rng.normal(size=(B, H))
        caches = []
        for x_t in rng.normal(size=(T, B, D)):
            state, cache = lstm_step(x_t, state, net.params)
            caches.append(tuple(cache))
        return rng.normal(size=(T, B, H)), caches, net.params

    return {"five steps": draw(5, 2, 3, 4), "one sequence": draw(4, 1, 2, 3), "two steps": draw(2, 3, 3, 3)}


def _back(
    dh: Array,
    caches: Sequence[Any],
    params: Grads,
    *,
    order: Callable[[Any], Any] = reversed,
    asked: Callable[[Array, int], Array] = lambda dh, t: dh[t],
    merge: Callable[[Any, Array], Array] = lambda old, new: old + new,
    give: Callable[[Array, Array, Array], tuple[Any, Any]] = lambda dh, dc, asked: (dh, dc),
    hand_on: Callable[[Array, Array, Array], tuple[Any, Any]] = lambda dh, dc, f: (dh, dc),
) -> Grads:
    """Return the gradients of a sequence; each option is a place where a loop can go wrong."""
    grads: Grads = {name: np.zeros_like(array) for name, array in params.items()}
    later: tuple[Any, Any] = (np.zeros_like(dh[0]), np.zeros_like(dh[0]))
    for t in order(range(len(caches))):
        step = give(asked(dh, t) + later[0], later[1], asked(dh, t))
        _, (dh_prev, dc_prev), new = lstm_step_backward(step, caches[t], params)
        grads = {name: merge(grads[name], new[name]) for name in grads}
        later = hand_on(dh_prev, dc_prev, caches[t][4])
    return grads


def _wrong(**change: Any) -> Callable[..., Grads]:
    return lambda dh, caches, params: _back(dh, caches, params, **change)


def _mean(dh: Array, caches: Sequence[Any], params: Grads) -> Grads:
    return {name: g / len(caches) for name, g in _back(dh, caches, params).items()}


def _kept(part: int) -> Callable[..., Grads]:
    """Return an answer that adds to one part of what is handed on, h or c, what it was before."""

    def answer(dh: Array, caches: Sequence[Any], params: Grads) -> Grads:
        given: list[Any] = [0, 0]

        def give(dh_t: Array, dc_t: Array, asked: Array) -> tuple[Any, Any]:
            given[:] = dh_t, dc_t
            return dh_t, dc_t

        def hand_on(dh_prev: Array, dc_prev: Array, f: Array) -> tuple[Any, Any]:
            handed: list[Any] = [dh_prev, dc_prev]
            handed[part] = handed[part] + given[part]
            return handed[0], handed[1]

        return _back(dh, caches, params, give=give, hand_on=hand_on)

    return answer


def _gated_on_the_way_in(dh: Array, caches: Sequence[Any], params: Grads) -> Grads:
    """Multiplies dc by the forget gate of the step that it goes into."""
    gates = iter([cache[4] for cache in reversed(caches)])
    return _back(dh, caches, params, give=lambda dh_t, dc_t, asked: (dh_t, dc_t * next(gates)))


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


def left_after(bias: float, steps: int = 200, seeds: int = 5) -> float:
    """Return the norm of ds_T/ds_t at that lag in the noisy LSTM of lesson 05: the median over nets."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        net = LSTM(8, 32, rng=rng, dtype=np.float64)
        net.params["b"][32:64] = bias
        found.append(state_gradient_norms(net, rng.normal(size=(steps + 1, 1, 8)))[steps])
    return float(np.median(found))


EXERCISES = [
    CELL_GRADIENT,
    GATE_GRADIENTS,
    FunctionExercise(
        "05.3",
        "back through a sequence",
        "Write sequence_back(dh, caches, params): the gradients of W_x, W_h and b over all steps, as a dict.",
        reference=lambda dh, caches, params: _back(dh, caches, params),
        cases=_sequences,
        mistakes=(
            Mistake(
                "overwritten",
                _wrong(merge=lambda old, new: new),
                "these are the gradients of the first step alone: each step puts its own in the place of the others'.",
            ),
            Mistake(
                "mean over time",
                _mean,
                "a weight that is used T times is told T times what to do. It obeys the sum.",
            ),
            Mistake(
                "forward in time",
                _wrong(order=lambda steps: steps),
                "your loop begins at the first step. Which step is the only one that waits for nobody?",
            ),
            Mistake(
                "nothing handed on",
                _wrong(hand_on=lambda dh, dc, f: (0 * dh, 0 * dc)),
                "each step hears its own output alone. What did the step after it send back?",
            ),
            Mistake(
                "h alone handed on",
                _wrong(hand_on=lambda dh, dc, f: (dh, 0 * dc)),
                "the state has two parts, and you hand on one. The other is the road of this lesson.",
            ),
            Mistake(
                "c alone handed on",
                _wrong(hand_on=lambda dh, dc, f: (0 * dh, dc)),
                "the state has two parts, and you hand on the cell's gradient alone. The gates read h, too.",
            ),
            Mistake(
                "forget gate twice",
                _wrong(hand_on=lambda dh, dc, f: (dh, dc * f)),
                "lstm_step_backward has multiplied dc by f already. You do it again.",
            ),
            Mistake(
                "state's parts swapped",
                _wrong(hand_on=lambda dh, dc, f: (dc, dh)),
                "the state is (h, c) and so are its gradients. Yours change places from step to step.",
            ),
            Mistake(
                "gradients swapped on the way in",
                _wrong(give=lambda dh, dc, asked: (dc, dh)),
                "lstm_step_backward wants (dh, dc), in the order of the state. You give it (dc, dh).",
            ),
            Mistake(
                "output asks the cell, too",
                _wrong(give=lambda dh, dc, asked: (dh, dc + asked)),
                "an output reads h_t and nothing else. lstm_step_backward itself finds the way from h_t to c_t.",
            ),
            Mistake(
                "output asks the cell instead",
                _wrong(give=lambda dh, dc, asked: (dh - asked, dc + asked)),
                "dh[t] is the gradient at h_t. You add it to the gradient at the cell.",
            ),
            Mistake(
                "outputs not heard",
                _wrong(give=lambda dh, dc, asked: (dh - asked, dc)),
                "all your gradients are zero, or nearly: where does dh[t] come in?",
            ),
            Mistake(
                "the last output alone",
                _wrong(asked=lambda dh, t: dh[t] if t == len(dh) - 1 else 0 * dh[t]),
                "only the last output is heard. dh has an entry for each step.",
            ),
            Mistake(
                "h not replaced",
                _kept(0),
                "your gradient at h grows from step to step: what lstm_step_backward returns *replaces* the old one.",
            ),
            Mistake(
                "c not replaced",
                _kept(1),
                "your gradient at c grows from step to step: what lstm_step_backward returns *replaces* the old one.",
            ),
            Mistake(
                "forget gate on the way in",
                _gated_on_the_way_in,
                "you multiply by a forget gate. lstm_step_backward has done that already, with the gate that it needs.",
            ),
            Mistake(
                "outputs in the wrong order",
                _wrong(asked=lambda dh, t: dh[len(dh) - 1 - t]),
                "the caches go back in time and dh goes forward. Which entry of dh belongs to step t?",
            ),
            Mistake(
                "the same output always",
                _wrong(asked=lambda dh, t: dh[-1]),
                "the gradient of the last output is used at every step. dh has an entry for each step.",
            ),
            Mistake(
                "without outputs on the way",
                _wrong(asked=lambda dh, t: dh[t] if t == 0 else 0 * dh[t]),
                "only the first output is heard. dh has an entry for each step.",
            ),
            Mistake(
                "first step left out",
                _wrong(order=lambda steps: steps[:0:-1]),
                "one step is missing, the first. Where does your loop end?",
            ),
            Mistake(
                "last step left out",
                _wrong(order=lambda steps: steps[-2::-1]),
                "one step is missing, the last. Where does your loop begin?",
            ),
        ),
        hint="start with zeros for what the future asks and for the gradients; a loop backward; four lines in it.",
    ),
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
            Mistake(
                "one step more",
                lambda steps, left: _forget_bias(steps + 1, left),
                "nearly. How many gates does the gradient pass in that many steps?",
            ),
            Mistake(
                "one step less",
                lambda steps, left: _forget_bias(steps - 1, left),
                "nearly. How many gates does the gradient pass in that many steps? Not one less.",
            ),
            Mistake(
                "sign",
                lambda steps, left: -_forget_bias(steps, left),
                "a large positive bias keeps, a large negative one forgets. Check the sign.",
            ),
            Mistake(
                "base two",
                lambda steps, left: _forget_bias(steps, left) / math.log(2),
                "σ is made of exp, so the logarithm that undoes it is the natural one.",
            ),
            Mistake(
                "base ten",
                lambda steps, left: _forget_bias(steps, left) / math.log(10),
                "σ is made of exp. np.log10 does not undo it.",
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
        "a start that carries over 200 steps",
        "The LSTM in noise: a forget bias with which a norm between 0.1 and 10 is left at lag 200.",
        right=2.7,
        accept=lambda v: abs(v) < 50 and 0.1 < left_after(v) < 10,
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
                "a little too low",
                2.0,
                "close: at lag 50 there is enough, at lag 200 too little. A wider gate.",
                when=lambda v: 1.5 < v < 2.6,
            ),
            Mistake(
                "the gate instead of the bias",
                1e3,
                "that is no road, that is an open field. A bias beyond 50 gives a gate of exactly 1.",
                when=lambda v: v >= 50,
            ),
            Mistake(
                "wide open",
                5.0,
                "too much arrives: the gates lose next to nothing, and the ways through h add more. Less.",
                when=lambda v: 2.6 <= v < 50,
            ),
        ),
        hint="look at the picture of all nets: the curves of bias 1 and bias 5 lie on both sides.",
    ),
]
