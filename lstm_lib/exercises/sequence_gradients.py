"""Exercise 05.3: the way back through a whole sequence of an LSTM."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch import LSTM, lstm_step, lstm_step_backward

Array = np.ndarray
Grads = dict[str, Array]


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


SEQUENCE_GRADIENTS = FunctionExercise(
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
            "return inside the loop",
            _wrong(order=lambda steps: steps[-1:]),
            "these are the gradients of the last step alone. Does your loop come to its end before it returns?",
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
        *(
            Mistake(
                f"{part} not replaced",
                _kept(k),
                f"your gradient at {part} grows from step to step: what lstm_step_backward returns *replaces* it.",
            )
            for k, part in enumerate("hc")
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
)
