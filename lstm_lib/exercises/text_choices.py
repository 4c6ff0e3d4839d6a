"""Exercises 12.3 and 12.4: temperature, and the nucleus."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = NDArray[Any]


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    answer: Array = e / e.sum()
    return answer


def _plain_softmax(z: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z)
        answer: Array = e / e.sum()
        return answer


# 12.3


def at_temperature(logits: Array, value: float) -> Array:
    return _softmax(logits / value)


def _logits(rng: np.random.Generator) -> Cases:
    return {
        "cold": (rng.normal(size=6) * 2, 0.5),
        "hot": (rng.normal(size=9) * 2, 1.7),
        "as it is": (rng.normal(size=4), 1.0),
        "large logits": (1000 + rng.normal(size=5) * 2, 0.8),
    }


TEMPERATURE = FunctionExercise(
    "12.3",
    "temperature",
    "Write at_temperature(logits, value): the chances (V,) after the logits (V,) are divided by the temperature.",
    reference=at_temperature,
    cases=_logits,
    mistakes=(
        Mistake(
            "multiplied",
            lambda logits, value: _softmax(logits * value),
            "a low temperature should make the likely ones likelier. Yours does the opposite.",
            more="multiplied or divided? Try value = 0.01 on two logits by hand.",
        ),
        Mistake(
            "after softmax",
            lambda logits, value: _softmax(logits) / value,
            "dividing the chances only changes their sum. The temperature belongs before the exponential.",
        ),
        Mistake(
            "chances multiplied",
            lambda logits, value: _softmax(logits) * value,
            "multiplying the chances only changes their sum. The temperature belongs before the exponential.",
        ),
        Mistake(
            "softmax twice",
            lambda logits, value: _softmax(_softmax(logits) / value),
            "that is a softmax of a softmax. Divide the logits, then take it once.",
        ),
        Mistake(
            "no temperature",
            lambda logits, value: _softmax(logits),
            "the temperature has no effect. (To subtract it from all logits changes nothing.)",
        ),
        Mistake(
            "logits returned",
            lambda logits, value: logits / value,
            "those are the new logits. Chances are wanted: positive, with the sum 1.",
        ),
        Mistake(
            "power without a sum of 1",
            lambda logits, value: _softmax(logits) ** (1 / value),
            "the ratios are right, and the sum is not 1. Divide by it.",
        ),
        Mistake(
            "overflow",
            lambda logits, value: _plain_softmax(logits / value),
            "right for small logits. For large ones exp gives inf. What may be subtracted from all logits before?",
            more="a softmax does not change when the same number is subtracted from all logits: take the largest.",
        ),
        Mistake(
            "exp not divided",
            lambda logits, value: np.exp((logits - logits.max()) / value),
            "those are not chances yet: divide by their sum.",
        ),
        Mistake(
            "logarithms of chances",
            lambda logits, value: np.log(_softmax(logits / value)),
            "those are the logarithms of the chances.",
        ),
        Mistake(
            "one added to the temperature",
            lambda logits, value: _softmax(logits / (1 + value)),
            "nothing is to be added to the temperature: 1 leaves everything as it is.",
        ),
        Mistake(
            "shares of the logits",
            lambda logits, value: (logits / value) / (logits / value).sum(),
            "logits may be below 0, and their shares are no chances. The exponential is missing.",
        ),
        Mistake(
            "base 2",
            lambda logits, value: _softmax(logits / value * np.log(2)),
            "softmax is made of exp, with the base e.",
        ),
        Mistake(
            "sigmoid",
            lambda logits, value: 0.5 * (1 + np.tanh(logits / value / 2)),
            "a sigmoid looks at each logit alone. The chances must sum to 1 together.",
        ),
        Mistake(
            "likeliest alone",
            lambda logits, value: (logits == logits.max()).astype(float),
            "that is the limit at temperature 0. Here all keep a chance.",
        ),
        Mistake(
            "squared temperature",
            lambda logits, value: _softmax(logits / value**2),
            "the temperature itself, not its square.",
        ),
        Mistake(
            "sum without the temperature",
            lambda logits, value: (
                np.exp((logits - logits.max()) / value) / np.exp(logits - logits.max()).sum()
            ),
            "the sum is that of the logits as they were. Above and below must have the same temperature.",
        ),
        Mistake(
            "sign",
            lambda logits, value: _softmax(-logits / value),
            "the likeliest has become the unlikeliest. (Physics has a minus there, because it counts energy.)",
        ),
        Mistake(
            "clipped",
            lambda logits, value: _softmax(np.clip(logits / value, -50, 50)),
            "clipped, all large logits become equal. Something can be subtracted from all of them instead.",
        ),
    ),
    hint="two steps: logits / value, then a softmax that survives large numbers.",
)


# 12.4


def nucleus(p: Array, share: float) -> Array:
    order = np.argsort(-p)
    before = np.cumsum(p[order]) - p[order]
    kept = np.zeros_like(p)
    kept[order[before < share - 1e-12]] = p[order[before < share - 1e-12]]
    answer: Array = kept / kept.sum()
    return answer


def _chances(rng: np.random.Generator) -> Cases:
    return {
        "most of it": (rng.dirichlet(np.full(9, 0.8)), 0.9),
        "half of it": (rng.dirichlet(np.full(12, 1.5)), 0.5),
        "one is enough": (rng.permutation(np.array([0.6, 0.2, 0.15, 0.05])), 0.3),
        "less than half": (rng.permutation(np.array([0.3, 0.25, 0.2, 0.15, 0.1])), 0.4),
        "exactly reached": (rng.permutation(np.array([0.5, 0.25, 0.1875, 0.0625])), 0.75),
        "all of it": (rng.dirichlet(np.full(5, 2.0)), 1.0),
    }


def _kept(p: Array, keep: Array) -> Array:
    kept = np.where(keep, p, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        answer: Array = kept / kept.sum()
    return answer


def _keep_sorted(p: Array, choose: Any) -> Array:
    """Return which are kept: ``choose`` is asked with the sums of the sorted chances, and the chances themselves."""
    order = np.argsort(-p)
    keep = np.zeros(len(p), dtype=bool)
    keep[order] = choose(np.cumsum(p[order]), p[order])
    return keep


NUCLEUS = FunctionExercise(
    "12.4",
    "the nucleus",
    "Write nucleus(p, share): keep the fewest likely symbols that make up the share, and let them sum to 1 again.",
    reference=nucleus,
    cases=_chances,
    mistakes=(
        Mistake(
            "keeps too few",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: sums <= share + 1e-12)),
            "the symbol with which the sum *reaches* the share belongs to it. Where one is enough, yours keeps none.",
            more="compare the sum *before* each symbol with the share.",
        ),
        Mistake(
            "keeps too few, but one at least",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: (sums <= share + 1e-12) | (sums == q))),
            "what is kept makes up less than the share: the symbol that crosses the line is missing.",
        ),
        Mistake(
            "one too many where it is exact",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: sums - q <= share + 1e-12)),
            "where the share is reached exactly, one symbol too many is kept.",
        ),
        Mistake(
            "one too many",
            lambda p, share: _kept(
                p, _keep_sorted(p, lambda sums, q: np.r_[True, (sums - q < share - 1e-12)[:-1]])
            ),
            "one symbol too many is kept, after the share was reached.",
        ),
        Mistake(
            "sum not 1",
            lambda p, share: np.where(nucleus(p, share) > 0, p, 0.0),
            "the right ones are kept. Their sum is below 1 now: what must be done to draw from them?",
        ),
        Mistake(
            "divided by the share",
            lambda p, share: np.where(nucleus(p, share) > 0, p, 0.0) / share,
            "the right ones are kept, and divided by the share. Together they make up a little more than that.",
        ),
        Mistake(
            "order not undone",
            lambda p, share: np.sort(nucleus(p, share))[::-1],
            "the values are right and stand in sorted order. Each must go back to the place of its symbol.",
        ),
        Mistake(
            "ascending",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: 1 - sums < share - 1e-12)),
            "that begins with the *unlikely* ones. np.argsort sorts upward.",
        ),
        Mistake(
            "in the order of the alphabet",
            lambda p, share: _kept(p, np.cumsum(p) - p < share - 1e-12),
            "the sum runs through the alphabet. Begin with the likeliest: sort first.",
        ),
        Mistake(
            "each above the share",
            lambda p, share: _kept(p, p >= share),
            "each chance is compared with the share. It is their *sum* that must reach it.",
        ),
        Mistake(
            "each above the rest",
            lambda p, share: _kept(p, p >= 1 - share),
            "that cuts everything below 1 - share. The nucleus looks at the sum of the likeliest.",
        ),
        Mistake(
            "a part of the largest",
            lambda p, share: _kept(p, p >= share * p.max()),
            "that keeps what is near the largest. The nucleus looks at the sum of the likeliest.",
        ),
        Mistake(
            "a part of the symbols",
            lambda p, share: _kept(
                p, _keep_sorted(p, lambda sums, q: np.arange(len(q)) < np.ceil(share * len(q)))
            ),
            "that keeps a share of the *symbols*. Wanted is a share of the chance.",
        ),
        Mistake("nothing cut", lambda p, share: p + 0.0, "nothing is cut away."),
        Mistake(
            "the rest shared out equally",
            lambda p, share: np.where(
                nucleus(p, share) > 0,
                p + (1 - p[nucleus(p, share) > 0].sum()) / (nucleus(p, share) > 0).sum(),
                0.0,
            ),
            "what was cut is shared out equally. The ratios between those that stay must not change: divide.",
        ),
        Mistake(
            "given to the likeliest",
            lambda p, share: (
                np.where(p == p.max(), p + p[nucleus(p, share) == 0].sum(), p) * (nucleus(p, share) > 0)
            ),
            "what was cut goes to the likeliest alone. The ratios between those that stay must not change: divide.",
        ),
        Mistake(
            "the likeliest alone",
            lambda p, share: (p == p.max()).astype(float),
            "only the likeliest is left. That is greedy decoding.",
        ),
        Mistake(
            "softmax of what is kept",
            lambda p, share: (
                np.where(nucleus(p, share) > 0, np.exp(p), 0) / np.exp(p)[nucleus(p, share) > 0].sum()
            ),
            "p holds chances already: no exponential is needed, only a new sum.",
        ),
        Mistake(
            "a mask",
            lambda p, share: (nucleus(p, share) > 0).astype(float),
            "those are the right ones, marked with 1. Their chances are wanted.",
        ),
        Mistake(
            "keeps too few, and not the one that is exact",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: sums < share)),
            "the symbol with which the sum *reaches* the share belongs to it. What did the likelier ones make up?",
            more="compare the sum *before* each symbol with the share. With np.searchsorted: one more.",
        ),
        Mistake(
            "sorted with the order instead of put back",
            lambda p, share: np.sort(nucleus(p, share))[::-1][np.argsort(-p)],
            "q[order] sorts once more. To put back, assign: answer[order] = q.",
        ),
        Mistake(
            "a mask in sorted order",
            lambda p, share: _kept(
                p, np.sort(_keep_sorted(p, lambda sums, q: sums - q < share - 1e-12))[::-1]
            ),
            "the mask belongs to the sorted chances, and was laid on p as it stands. Each must find its symbol.",
        ),
        Mistake(
            "the tail",
            lambda p, share: _kept(p, _keep_sorted(p, lambda sums, q: sums >= share - 1e-12)),
            "that keeps the tail and cuts the likely ones. Which way does the comparison go?",
        ),
        Mistake(
            "the share that is cut",
            lambda p, share: nucleus(p, max(1 - share, 1e-9)),
            "share is what *stays*, not what is cut away.",
        ),
    ),
    hint="sort downward, sum up, find which to keep; write their chances to where they stood, divided by their sum.",
)
