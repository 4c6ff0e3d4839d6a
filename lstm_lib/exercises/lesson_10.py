"""The exercises of lesson 10: weights under a mask, a context, the additive score, and how loud scores should be."""

import math
from functools import cache

import numpy as np

from lstm_lib.exercises.additive_score import ADDITIVE_SCORE
from lstm_lib.exercises.contexts import CONTEXT
from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = np.ndarray

# 10.1


def _scores(rng: np.random.Generator) -> Cases:
    def batch(B: int, T: int, S: int, *lengths: int, size: float = 1.0) -> tuple[Array, Array]:
        return size * rng.normal(size=(B, T, S)), np.arange(S) < np.array(lengths)[:, None]

    low, some = batch(2, 2, 4, 4, 3)
    large, most = batch(2, 2, 5, 4, 5, size=1000.0)
    large[:, 1] += 6000.0  # a row far above the other
    hidden, mask = batch(2, 3, 5, 5, 3)
    hidden[1, :, 4] = 2000.0  # where nobody may look
    return {
        "three lengths": batch(3, 2, 6, 6, 2, 4),
        "as many queries as states": batch(2, 4, 4, 3, 2),
        "one state to look at": batch(2, 3, 4, 1, 4),
        "large scores": (large, most),
        "low scores": (low - 800.0, some),  # exp of them is 0
        "a large score behind the end": (hidden, mask),
    }


def masked_weights(scores: Array, mask: Array) -> Array:
    """Return softmax over the last axis of scores (B, T, S), where mask (B, S) is true; 0 elsewhere."""
    hidden = np.where(mask[:, None], scores, -np.inf)
    return _softmax(hidden)


def _softmax(scores: Array, axis: int | tuple[int, ...] = -1, base: float = math.e) -> Array:
    exp = base ** (scores - scores.max(axis=axis, keepdims=True))
    weights: Array = exp / exp.sum(axis=axis, keepdims=True)
    return weights


def _hidden_with(scores: Array, mask: Array, value: float) -> Array:
    return _softmax(np.where(mask[:, None], scores, value))


def _exp_of_all(scores: Array, mask: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(scores) * mask[:, None]
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _max_of_all_rows(scores: Array, mask: Array) -> Array:
    hidden = np.where(mask[:, None], scores, -np.inf)
    with np.errstate(invalid="ignore"):
        exp = np.exp(hidden - hidden.max())
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _times_minus_infinity(scores: Array, mask: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return _softmax(scores * np.where(mask[:, None], 1.0, -np.inf))


def _max_of_all(scores: Array, mask: Array) -> Array:
    with np.errstate(invalid="ignore"):
        exp = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask[:, None]
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _where_after_exp(scores: Array, mask: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.where(mask[:, None], np.exp(scores), 0.0)
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _with_epsilon(scores: Array, mask: Array, hidden: float = 0.0) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(scores)
        exp = np.where(mask[:, None], exp, np.where(np.isinf(exp), hidden, 0.0))  # infinity times 0 is nan
        weights: Array = exp / (exp.sum(axis=-1, keepdims=True) + 1e-9)
    return weights


def _hidden_largest_with_epsilon(scores: Array, mask: Array) -> Array:
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask[:, None]
    weights: Array = exp / (exp.sum(axis=-1, keepdims=True) + 1e-9)
    return weights


def _mean_subtracted(scores: Array, mask: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.where(mask[:, None], np.exp(scores - scores.mean(axis=-1, keepdims=True)), 0.0)
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _smallest_subtracted(scores: Array, mask: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(scores - scores.min(axis=-1, keepdims=True)) * mask[:, None]
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _smallest_visible_subtracted(scores: Array, mask: Array) -> Array:
    smallest = np.where(mask[:, None], scores, np.inf).min(axis=-1, keepdims=True)
    hidden = np.where(mask[:, None], scores, -np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(hidden - smallest)
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _max_of_everything(scores: Array, mask: Array) -> Array:
    with np.errstate(invalid="ignore"):
        exp = np.exp(scores - scores.max()) * mask[:, None]
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _zero_before_exp(scores: Array, mask: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(scores * mask[:, None])
        weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def _turned_round(scores: Array, mask: Array) -> Array:
    with np.errstate(invalid="ignore"):  # where nothing is left: 0 / 0
        return _softmax(np.where(mask[:, None], -np.inf, scores))


def _queries_by_mask(scores: Array, mask: Array) -> Array:
    hidden = np.where(mask[:, None], scores, -np.inf)
    with np.errstate(invalid="ignore"):
        return _softmax(hidden, axis=1)


WEIGHTS = FunctionExercise(
    "10.1",
    "weights under a mask",
    "Write masked_weights(scores, mask): softmax over the S states, exactly 0 where the mask is false.",
    reference=masked_weights,
    cases=_scores,
    mistakes=(
        Mistake(
            "mask afterwards",
            lambda scores, mask: _softmax(scores) * mask[:, None],
            "a row of yours does not add up to 1: the hidden states took their share before they were set to 0.",
        ),
        Mistake(
            "mask turned round",
            _turned_round,
            "your weights lie where the mask is *false*. In this course true means: may be looked at.",
        ),
        Mistake(
            "mask turned round, 0 / 0 avoided",
            lambda scores, mask: _softmax(np.where(mask[:, None], -1e30, scores)),
            "your weights lie behind the end. Which places does the mask allow: those where it is true, or false?",
        ),
        Mistake(
            "score 0",
            lambda scores, mask: _softmax(scores * mask[:, None]),
            "you give hidden states a score of 0. But exp(0) is 1, so they still get weight. Which score gives 0?",
        ),
        Mistake(
            "score -1",
            lambda scores, mask: _hidden_with(scores, mask, -1.0),
            "a hidden state still has a small weight: its score is not low enough. How low must it be for 0?",
        ),
        Mistake(
            "score -10",
            lambda scores, mask: _hidden_with(scores, mask, -10.0),
            "nearly: exp(-10) is small, but not 0, and other scores may be lower. What is exp of minus infinity?",
        ),
        Mistake(
            "score -100",
            lambda scores, mask: _hidden_with(scores, mask, -100.0),
            "where all others lie below -100, the hidden one wins. Is there a number below all others?",
        ),
        Mistake(
            "no mask",
            lambda scores, mask: _softmax(scores),
            "you do not use the mask: padding gets weight. It is (B, S); the scores have an axis more in the middle.",
        ),
        Mistake(
            "over the queries",
            _queries_by_mask,
            "you normalise over the queries. It is the S states that share the weight of a query: which axis is that?",
        ),
        Mistake(
            "over both axes",
            lambda scores, mask: _softmax(np.where(mask[:, None], scores, -np.inf), axis=(1, 2)),
            "your weights of a whole matrix add up to 1. Every row, a query, must do so by itself.",
        ),
        Mistake(
            "over everything",
            lambda scores, mask: _softmax(np.where(mask[:, None], scores, -np.inf), axis=(0, 1, 2)),
            "you divide by the sum over all sequences. Every query shares out a weight of 1 of its own: "
            "axis and keepdims.",
        ),
        Mistake(
            "not normalised",
            lambda scores, mask: np.where(mask[:, None], np.exp(np.minimum(scores, 700.0)), 0.0),
            "exp is the first half of softmax. What makes the weights of a query add up to 1?",
        ),
        Mistake(
            "exp overflows",
            _exp_of_all,
            "right, but not for scores far from 0: exp(1000) is infinite, and exp(-800) is 0. Softmax stays the same "
            "if you subtract a number from all scores of a row. Which one?",
        ),
        Mistake(
            "exp overflows before where",
            _where_after_exp,
            "right, but exp of a large score is infinite, and infinity by infinity is no number. Subtract before exp.",
        ),
        Mistake(
            "an epsilon in the divisor",
            _with_epsilon,
            "a small number in the divisor hides a division of 0 by 0: weights of low scores are all 0, and large ones "
            "still overflow. Which number can you subtract from the scores, so that no sum is 0?",
        ),
        Mistake(
            "an epsilon in the divisor, and the mask as a factor",
            lambda scores, mask: _with_epsilon(scores, mask, hidden=np.nan),
            "an infinite exp times 0 is no number, and the small number in the divisor hides 0 / 0 alone. Which number "
            "can you subtract from the scores, so that no exp is infinite and no sum 0?",
        ),
        Mistake(
            "an epsilon, and the largest of the hidden ones",
            _hidden_largest_with_epsilon,
            "a row of yours is all 0: the number that you subtract stands behind the end, and the small number in the "
            "divisor hides that. Look for the largest where the mask is true.",
        ),
        Mistake(
            "mean subtracted",
            _mean_subtracted,
            "you subtract the mean, so some scores still lie far above 0, and exp of them may be infinite. Which "
            "number leaves no score above 0?",
        ),
        Mistake(
            "smallest subtracted",
            _smallest_subtracted,
            "you subtract the smallest score, so all others lie above 0, and exp of a large one is infinite. Subtract "
            "what makes every score 0 or less.",
        ),
        Mistake(
            "smallest of the visible subtracted",
            _smallest_visible_subtracted,
            "you subtract the smallest visible score. After that, how large may a score be, and what is exp of it?",
        ),
        Mistake(
            "score 0, and exp overflows",
            _zero_before_exp,
            "two things: a hidden score of 0 still gets weight, since exp(0) is 1; and exp(1000) is infinite.",
        ),
        Mistake(
            "in single precision",
            lambda scores, mask: masked_weights(scores.astype(np.float32), mask),
            "nearly: you round the scores to float32, with seven digits. Scores of -800 have too few left behind the "
            "point. Stay in double precision.",
        ),
        Mistake(
            "largest of everything",
            _max_of_everything,
            "a row of yours is 0 / 0: you subtract the largest score of the *batch*, so a row far below it has no exp "
            "above 0. Each row needs its own largest, and of its visible scores alone.",
        ),
        Mistake(
            "largest of the hidden ones",
            _max_of_all,
            "nearly. The number that you subtract must be the largest *visible* score; yours may stand behind the end.",
        ),
        Mistake(
            "largest of all rows",
            _max_of_all_rows,
            "nearly. You subtract one number from all rows. A row that lies far below it is left with zeros alone.",
        ),
        Mistake(
            "lowest score",
            lambda scores, mask: _softmax(np.where(mask[:, None], scores, scores.min())),
            "you give hidden states the lowest score there is in the batch. That is low, but exp of it is still not 0.",
        ),
        Mistake(
            "times minus infinity",
            _times_minus_infinity,
            "minus infinity times a negative score is *plus* infinity. Replace hidden scores, do not multiply them.",
        ),
        Mistake(
            "softmax twice",
            lambda scores, mask: _softmax(_softmax(scores) * mask[:, None]),
            "there are two softmaxes in your way, and a hidden state comes out with weight again. One, after the mask.",
        ),
        Mistake(
            "no exp",
            lambda scores, mask: (
                np.where(mask[:, None], scores, 0.0)
                / np.where(mask[:, None], scores, 0.0).sum(axis=-1, keepdims=True)
            ),
            "you divide the scores by their sum. They may be negative, and weights must not be: what is missing?",
        ),
        Mistake(
            "even",
            lambda scores, mask: np.broadcast_to(
                (mask / mask.sum(axis=1, keepdims=True))[:, None], scores.shape
            ).copy(),
            "your weights are even: the scores play no part in them.",
        ),
        Mistake(
            "the best alone",
            lambda scores, mask: (
                np.where(mask[:, None], scores, -np.inf).argmax(axis=-1)[..., None]
                == np.arange(scores.shape[-1])
            ).astype(float),
            "you give all the weight to the best state. Attention shares it out, and that is what makes it trainable.",
        ),
        Mistake(
            "sign",
            lambda scores, mask: _softmax(np.where(mask[:, None], -scores, -np.inf)),
            "the state that fits worst gets most. Look at a sign.",
        ),
        Mistake(
            "base 2",
            lambda scores, mask: _softmax(np.where(mask[:, None], scores, -np.inf), base=2.0),
            "the weights are powers of 2. Softmax is made with exp.",
        ),
        Mistake(
            "sigmoid",
            lambda scores, mask: np.where(mask[:, None], 1 / (1 + np.exp(-np.clip(scores, -700, 700))), 0.0),
            "a sigmoid looks at each score alone, as a gate does. Here the states share out a weight of 1.",
        ),
        Mistake(
            "transposed",
            lambda scores, mask: np.swapaxes(masked_weights(scores, mask), 1, 2),
            "the numbers are right, the axes are not: (B, T, S), a row for each query.",
        ),
    ),
    hint="two steps: replace the hidden scores by one that softmax turns into 0, then softmax over the last axis.",
)


# 10.4


@cache  # hints ask for it again
def largest_weight(scale: float, size: int = 256, states: int = 20) -> float:
    """Return the largest weight, averaged over 2,000 random queries, where scores are multiplied by scale."""
    rng = np.random.default_rng(0)
    query, memory = rng.normal(size=(2000, 1, size)), rng.normal(size=(2000, states, size))
    weights = _softmax(scale * (query * memory).sum(axis=-1))
    return float(weights.max(axis=-1).mean())


SCALE = ValueExercise(
    "10.4",
    "how loud a score should be",
    "d = 256 and 20 states: a factor for the scores with which the largest weight is 0.5 to 0.6 on average.",
    right=0.175,
    accept=lambda v: 0 < v < 100 and 0.5 <= largest_weight(v) <= 0.6,
    mistakes=(
        Mistake(
            "negative",
            -0.2,
            "a negative factor turns the order round: the worst fit would get most.",
            when=lambda v: v < 0,
        ),
        Mistake(
            "zero",
            0.0,
            "with a factor of 0 all scores are equal. What are the weights then?",
            when=lambda v: v == 0,
        ),
        Mistake(
            "scaled",
            1 / 16,
            "1/√d is the common factor, and it gives scores of variance 1. Is that loud enough for what is asked here?",
            when=lambda v: 0.06 <= v <= 0.065,
        ),
        Mistake(
            "divided by d",
            1 / 256,
            "with so small a factor the weights are nearly even, 1/20 each. Louder.",
            when=lambda v: 0 < v < 1 and largest_weight(v) < 0.1,
        ),
        Mistake(
            "too low",
            0.12,
            "the largest weight is still below 0.5. Louder, in small steps.",
            when=lambda v: 0 < v < 1 and largest_weight(v) < 0.5,
        ),
        Mistake(
            "too high",
            0.22,
            "the largest weight is above 0.6. A little softer.",
            when=lambda v: 0 < v < 1 and 0.6 < largest_weight(v) <= 0.8,
        ),
        Mistake(
            "infinite",
            math.inf,
            "a factor must be a finite number: infinity times a score of 0 is nothing that softmax could take.",
            when=lambda v: v == math.inf,
        ),
        Mistake(
            "not a number",
            math.nan,
            "nan is no number: somewhere before, a computation failed, such as 0 / 0. Print what you made it of.",
            when=math.isnan,
        ),
        Mistake(
            "a multiplier of the scaled score",
            2.8,
            "is that a factor for scores as they are, or for those divided by √d already? The first is asked.",
            when=lambda v: 2 < v < 4,
        ),
        Mistake(
            "as they are",
            1.0,
            "that is the picture's upper curve: scores as they are. One state takes more than nine tenths.",
            when=lambda v: 0.95 <= v <= 1.05,
        ),
        Mistake(
            "multiplied by the root",
            16.0,
            "√d is something to divide by.",
            when=lambda v: 15.5 <= v <= 16.5,
        ),
        Mistake(
            "far too loud",
            0.5,
            "one state takes nearly everything. Softer.",
            when=lambda v: v >= 1 or (v > 0 and largest_weight(v) > 0.8),
        ),
    ),
    hint="call largest_weight(256, factor) with factors between 1/16 and 1, and close in from both sides.",
)

EXERCISES = [WEIGHTS, CONTEXT, ADDITIVE_SCORE, SCALE]
