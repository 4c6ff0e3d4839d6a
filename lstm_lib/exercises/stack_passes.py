"""Exercises 08.2 and 08.4: one step through a residual stack, and dropout between layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.scratch.lstm import lstm_step

Array = NDArray[Any]
Params = dict[str, Array]
State = tuple[Array, Array]


def _layer(rng: np.random.Generator, D: int, H: int) -> Params:
    shapes = {"W_x": (D, 4 * H), "W_h": (H, 4 * H), "b": (4 * H,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


# 08.2: one step


def _steps(rng: np.random.Generator) -> Cases:
    def case(B: int, H: int, layers: int) -> tuple[Any, ...]:
        states = [(rng.normal(size=(B, H)), rng.normal(size=(B, H))) for _ in range(layers)]
        return rng.normal(size=(B, H)), states, [_layer(rng, H, H) for _ in range(layers)]

    return {"three layers": case(4, 3, 3), "two layers": case(2, 5, 2), "one layer": case(3, 4, 1)}


def residual_step(x: Array, states: Sequence[State], params: Sequence[Params]) -> tuple[Array, list[State]]:
    new: list[State] = []
    for state, weights in zip(states, params, strict=True):
        (h, c), _ = lstm_step(x, state, weights)
        new.append((h, c))
        x = x + h
    return x, new


def _walk(
    join: Callable[..., Array] = lambda h, **_: h,
    keep: Callable[..., State] = lambda h, c, x: (h, c),
    read: Callable[..., Array] = lambda x, **_: x,
    old: Callable[..., State] = lambda states, k, new: states[k],
    weights: Callable[..., Params] = lambda params, k: params[k],
    end: Callable[..., Array] = lambda x, first: x,
) -> Callable[..., tuple[Array, list[State]]]:
    """Return a step of someone who goes another way at one place.

    join(h, c=, x=, first=, k=, last=) is what goes up, keep what is kept as the state, read what a layer reads, old
    the state it goes on from, weights those that it takes, and end what is done with the output.
    """

    def step(x: Array, states: Sequence[State], params: Sequence[Params]) -> tuple[Array, list[State]]:
        first = x
        new: list[State] = []
        for k in range(len(params)):
            (h, c), _ = lstm_step(
                read(x, first=first, h=states[k][0]), old(states, k, new), weights(params, k)
            )
            new.append(keep(h, c, x))
            x = join(h, c=c, x=x, first=first, k=k, last=len(params) - 1)
        return end(x, first), new

    return step


def _add(h: Array, *, x: Array, **_: Any) -> Array:
    return h + x


_STEP_MISTAKES = (
    Mistake(
        "plain",
        _walk(),
        "this is a stack without residual connections. What does each layer add to its output?",
    ),
    Mistake(
        "sum in the state",
        _walk(_add, keep=lambda h, c, x: (h + x, c)),
        "what goes up is right. But the layer's own state must stay what the LSTM made: look at the first part of it.",
        more="the red arrow ends above the layer, behind the place where the state is kept.",
    ),
    Mistake(
        "added to the cell",
        _walk(lambda h, c, x, **_: h, keep=lambda h, c, x: (h, c + x)),
        "you add to the cell state. The red arrow ends outside of the cell, at what goes up.",
    ),
    Mistake(
        "added to the cell, read out",
        _walk(_add, keep=lambda h, c, x: (h, c + x)),
        "what goes up is right, but something was added to the second part of the state as well.",
    ),
    Mistake(
        "the lowest input everywhere",
        _walk(lambda h, first, **_: h + first),
        "the first layer is right. What the second one adds is *its* input, not the one at the bottom.",
    ),
    Mistake(
        "around the whole stack",
        _walk(end=lambda x, first: x + first),
        "you go around all layers at once. There is one red arrow for each layer.",
    ),
    Mistake(
        "not around the last",
        _walk(lambda h, x, k, last, **_: h if k == last else h + x),
        "the states are right. The top layer has a red arrow of its own, too.",
    ),
    Mistake(
        "not around the first",
        _walk(lambda h, x, k, **_: h + x if k else h),
        "look at the lowest layer: its input is as wide as its output, so it takes part.",
    ),
    Mistake(
        "state of the layer below",
        _walk(_add, old=lambda states, k, new: states[max(k - 1, 0)]),
        "the lowest layer is right. From whose old state does the second one go on?",
    ),
    Mistake(
        "new state of the layer below",
        _walk(_add, old=lambda states, k, new: new[-1] if new else states[k]),
        "you hand the new state up to the next layer. A state goes to the right, to the same layer's next step.",
    ),
    Mistake(
        "one state for all",
        _walk(_add, old=lambda states, k, new: states[0]),
        "every layer goes on from the lowest one's state. Each has its own.",
    ),
    Mistake(
        "layers read the same",
        _walk(_add, read=lambda x, first, **_: first),
        "every layer reads the lowest input here. A layer reads what comes out above the one below it.",
    ),
    Mistake(
        "old h added to the input",
        _walk(_add, read=lambda x, h, **_: x + h),
        "you add the old state to what is read. The old state comes in by W_h already; add after the layer.",
    ),
    Mistake(
        "old h added to the output",
        lambda x, states, params: _old_h(x, states, params),
        "you add the layer's old state. The red arrow begins at the layer's input.",
    ),
    Mistake(
        "weights of the first layer",
        _walk(_add, weights=lambda params, k: params[0]),
        "every layer has weights of its own; you use one set for all.",
    ),
    Mistake(
        "from the top",
        lambda x, states, params: (lambda out: (out[0], out[1][::-1]))(
            residual_step(x, states[::-1], params[::-1])
        ),
        "you begin with the last layer of the list. The first one is the lowest.",
    ),
    Mistake(
        "averaged",
        _walk(lambda h, x, **_: (h + x) / 2),
        "it is a sum. With a mean, half of the way back is lost at each layer.",
    ),
    Mistake(
        "multiplied",
        _walk(lambda h, x, **_: h * x),
        "there is a plus in the circle, not a times.",
    ),
    Mistake(
        "cell goes up",
        _walk(lambda h, c, x, **_: c + x),
        "you let c go up. What leaves an LSTM is its h.",
    ),
    Mistake(
        "caller's list changed",
        lambda x, states, params: _in_place(x, states, params),
        "the values are right, but `states[k] = …` changes the caller's list. Collect the new states in a new list.",
    ),
    Mistake(
        "sum not handed on",
        _walk(lambda h, first, **_: h + first, read=lambda x, first, **_: first),
        "the first layer is right. Is what comes out of its sum what the second layer reads?",
    ),
    Mistake(
        "around the last only",
        _walk(lambda h, x, k, last, **_: h + x if k == last else h),
        "only the top layer has its sum here. The sum of each layer is what the next one reads.",
    ),
    Mistake(
        "c before h",
        _walk(_add, keep=lambda h, c, x: (c, h)),
        "what goes up is right. In the states that you return, h and c have changed places.",
    ),
    Mistake(
        "c taken for h",
        _walk(lambda h, c, x, **_: c + x, keep=lambda h, c, x: (c, h)),
        "you take c for h: lstm_step returns the pair (h, c), h first.",
    ),
    Mistake(
        "old states returned",
        lambda x, states, params: (residual_step(x, states, params)[0], list(states)),
        "the output is right. The states that you return are the old ones.",
    ),
    Mistake(
        "difference",
        _walk(lambda h, x, **_: h - x),
        "a sign: the input is added.",
    ),
    Mistake(
        "all outputs summed",
        lambda x, states, params: _summed(x, states, params),
        "your output sums up all layers, but the layers read the plain h from below. They are to read the sums.",
    ),
    Mistake(
        "old h read, nothing added",
        _walk(read=lambda x, h, **_: x + h),
        "you add before the layer, and the layer's own old state. Add after it, and what it has read.",
    ),
    Mistake(
        "added twice",
        _walk(lambda h, x, **_: h + 2 * x),
        "the input is added once too often.",
    ),
    Mistake(
        "tanh of the sum",
        _walk(lambda h, x, **_: np.tanh(h + x)),
        "nothing comes after the plus: a tanh there would shrink the way back again.",
    ),
)


def _old_h(x: Array, states: Sequence[State], params: Sequence[Params]) -> tuple[Array, list[State]]:
    new: list[State] = []
    for state, weights in zip(states, params, strict=True):
        (h, c), _ = lstm_step(x, state, weights)
        new.append((h, c))
        x = h + state[0]
    return x, new


def _in_place(x: Array, states: list[State], params: Sequence[Params]) -> tuple[Array, list[State]]:
    for k, weights in enumerate(params):
        states[k], _ = lstm_step(x, states[k], weights)
        x = x + states[k][0]
    return x, states


def _summed(x: Array, states: Sequence[State], params: Sequence[Params]) -> tuple[Array, list[State]]:
    total, new = x, _walk()(x, states, params)[1]
    for h, _ in new:
        total = total + h
    return total, new


RESIDUAL_STEP = FunctionExercise(
    "08.2",
    "one step up a residual stack",
    "Write residual_step(x, states, params): one step through all layers, each with a residual connection.",
    reference=residual_step,
    cases=_steps,
    mistakes=_STEP_MISTAKES,
    returns=("output", "states"),
    hint="a loop over the layers: take the layer's step from its own old state, keep its new state, add its input.",
)


# 08.4: dropout


def _passes(rng: np.random.Generator) -> Cases:
    def case(D: int, H: int, layers: int, p: float, training: bool) -> tuple[Any, ...]:
        T, B = 4, 3
        stack = [_layer(rng, H if k else D, H) for k in range(layers)]
        keep = [rng.random((T, B, H)) >= p for _ in range(layers)]
        for mask in keep:
            mask.flat[:2] = True, False  # so that no mask is empty or full
        return rng.normal(size=(T, B, D)), stack, keep, p, training

    return {
        "training, three layers": case(4, 4, 3, float(rng.uniform(0.55, 0.7)), True),
        "training, other sizes": case(2, 5, 2, float(rng.uniform(0.2, 0.4)), True),
        "training, one layer": case(3, 4, 1, 0.5, True),
        "evaluation": case(4, 4, 3, float(rng.uniform(0.55, 0.7)), False),
    }


def run_layer(x: Array, params: Params, state_mask: Array | None = None, scale: float = 1.0) -> Array:
    """Return h (T, B, H). With a mask, the state h loses numbers on its way to the next step: a wrong answer."""
    H = params["W_h"].shape[0]
    state, out = (np.zeros((x.shape[1], H)), np.zeros((x.shape[1], H))), []
    for t, x_t in enumerate(x):
        state, _ = lstm_step(x_t, state, params)
        out.append(state[0])
        if state_mask is not None:
            state = (state[0] * state_mask[t] * scale, state[1])
    return np.stack(out)


def _drops(
    factor: Callable[[Array, float], Array] = lambda mask, p: mask / (1 - p),
    where: Callable[[int, int], bool] = lambda k, last: k < last,
    mask_of: Callable[[Sequence[Array], int], Array] = lambda keep, k: keep[k],
    active: Callable[[bool], bool] = bool,
    at_rest: Callable[[float], float] = lambda p: 1.0,
) -> Callable[..., Array]:
    """Return dropout with another factor, at other places, with other masks, at another time, or scaled at rest."""

    def through(x: Array, params: Sequence[Params], keep: Sequence[Array], p: float, training: bool) -> Array:
        last = len(params) - 1
        for k, weights in enumerate(params):
            x = run_layer(x, weights)
            if where(k, last):
                x = x * (factor(mask_of(keep, k), p) if active(training) else at_rest(p))
        return x

    return through


through = _drops()


def _on_the_input(
    x: Array, params: Sequence[Params], keep: Sequence[Array], p: float, training: bool
) -> Array:
    for weights, mask in zip(params, keep, strict=True):
        x = run_layer(x * mask / (1 - p) if training else x, weights)  # fails where D is not H
    return x


def _recurrent(x: Array, params: Sequence[Params], keep: Sequence[Array], p: float, training: bool) -> Array:
    for weights, mask in zip(params, keep, strict=True):
        x = run_layer(x, weights, mask if training else None, 1 / (1 - p))
    return x


def _both(x: Array, params: Sequence[Params], keep: Sequence[Array], p: float, training: bool) -> Array:
    for k, (weights, mask) in enumerate(zip(params, keep, strict=True)):
        x = run_layer(x, weights, mask if training else None, 1 / (1 - p))
        if training and k < len(params) - 1:
            x = x * mask / (1 - p)
    return x


_DROPOUT_MISTAKES = (
    Mistake(
        "after the last as well",
        _drops(where=lambda k, last: True),
        "*between* the layers. With one layer there is no such place, and above the top one there is none either.",
    ),
    Mistake(
        "no scale",
        _drops(lambda mask, p: mask),
        "what is left must be made larger, so that the next layer receives as much as before on average.",
    ),
    Mistake(
        "divided by p",
        _drops(lambda mask, p: mask / p),
        "which part is *kept* when p is dropped? The numbers that are left must make up for the others.",
    ),
    Mistake(
        "times the part kept",
        _drops(lambda mask, p: mask * (1 - p)),
        "the right number, but it makes what is left smaller instead of larger.",
    ),
    Mistake(
        "times one plus p",
        _drops(lambda mask, p: mask * (1 + p)),
        "nearly, for a small p. What must be multiplied by 1 - p to be 1?",
    ),
    Mistake(
        "root of the part kept",
        _drops(lambda mask, p: mask / np.sqrt(1 - p)),
        "the *mean* is to stay as it was, not the mean square. So no root.",
    ),
    Mistake(
        "measured part kept",
        _drops(lambda mask, p: mask / mask.mean()),
        "you divide by the part that this mask happens to keep. Divide by the part that is kept on average.",
    ),
    Mistake(
        "dropped ones made larger",
        _drops(lambda mask, p: np.where(mask, 1.0, 1 / (1 - p))),
        "those that are to be dropped become zero; those that stay become larger.",
    ),
    Mistake(
        "top scaled, too",
        lambda x, params, keep, p, training: (
            through(x, params, keep, p, training) / (1 - p if training else 1)
        ),
        "the factor 1 / (1 - p) is there once too often: above the top nothing was dropped, so nothing is missing.",
    ),
    Mistake(
        "stops a layer early",
        _drops(where=lambda k, last: k < last - 1),
        "you leave out the place below the top layer.",
    ),
    Mistake(
        "active in evaluation",
        _drops(active=lambda training: True),
        "in training all is right. In evaluation nothing is to be dropped: see `training`.",
    ),
    Mistake(
        "only in evaluation",
        _drops(active=lambda training: not training),
        "you drop when `training` is false. The other way round.",
    ),
    Mistake(
        "scaled in evaluation",
        _drops(lambda mask, p: mask, at_rest=lambda p: 1 - p),
        "this is the older form, with the scale in evaluation. Here it belongs to training, and then all is done.",
    ),
    Mistake(
        "scaled in both",
        _drops(at_rest=lambda p: 1 - p),
        "training is right. In evaluation leave all as it is: the scale was dealt with in training.",
    ),
    Mistake(
        "scaled up in evaluation",
        _drops(at_rest=lambda p: 1 / (1 - p)),
        "training is right. In evaluation nothing is missing, so there is nothing to make up for.",
    ),
    Mistake(
        "inverted mask",
        _drops(lambda mask, p: ~mask / (1 - p)),
        "True in `keep` means that the number stays.",
    ),
    Mistake(
        "one mask for all layers",
        _drops(mask_of=lambda keep, k: keep[0]),
        "each layer's output has its own mask.",
    ),
    Mistake(
        "the mask of the layer above",
        _drops(mask_of=lambda keep, k: keep[k + 1]),
        "keep[0] belongs to the *output* of the lowest layer. You are off by one.",
    ),
    Mistake(
        "one mask for all steps",
        _drops(mask_of=lambda keep, k: keep[k][:1]),
        "the mask has an entry for every step; you use the first step's at all of them.",
    ),
    Mistake(
        "on the inputs",
        _on_the_input,
        "you drop numbers before a layer reads them, the lowest one too. The input x stays whole.",
    ),
    Mistake(
        "on the recurrent path",
        _recurrent,
        "you drop numbers on the way from one step to the next. It is the way up that is meant.",
    ),
    Mistake(
        "on both paths",
        _both,
        "the way up is right, but the way from step to step loses numbers, too. Run the whole layer first, then drop.",
    ),
    Mistake(
        "never",
        _drops(where=lambda k, last: False),
        "nothing is dropped at all.",
    ),
    Mistake(
        "after the first only",
        _drops(where=lambda k, last: k == 0 and last > 0),
        "two layers are right; with three, one place is left out.",
    ),
    Mistake(
        "above the top only",
        _drops(where=lambda k, last: k == last),
        "that is the one place where nothing is to be dropped.",
    ),
)

DROPOUT_BETWEEN = FunctionExercise(
    "08.4",
    "dropout between layers",
    "Write through(x, params, keep, p, training): a stack with dropout between its layers.",
    reference=through,
    cases=_passes,
    mistakes=_DROPOUT_MISTAKES,
    hint="three questions: after which layers, by what factor is the rest made larger, and when is nothing done?",
)
