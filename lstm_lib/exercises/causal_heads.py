"""Exercise 11.3: a head that does not look ahead, and the many ways to let it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = NDArray[Any]
Head = Callable[[Array, Array, Array], Array]


def _heads(rng: np.random.Generator) -> Cases:
    def head(T: int, size: int) -> tuple[Array, ...]:
        return tuple(2 * rng.normal(size=(T, size)) for _ in range(3))

    return {"a few steps": head(5, 3), "size equal to steps": head(4, 4), "one step": head(1, 6)}


def _softmax(scores: Array, axis: int = -1) -> Array:
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Array = e / e.sum(axis=axis, keepdims=True)
    return result


def _seen(scores: Array) -> Array:
    return np.tril(np.ones(scores.shape, bool))


def _masked(scores: Array, seen: Array | None = None) -> Array:
    return np.where(_seen(scores) if seen is None else seen, scores, -np.inf)


def _scores(q: Array, k: Array) -> Array:
    scores: Array = q @ k.T / np.sqrt(q.shape[1])
    return scores


def causal_head(q: Array, k: Array, v: Array) -> Array:
    result: Array = _softmax(_masked(_scores(q, k))) @ v
    return result


def _with_mask(mask: Callable[[int], Array]) -> Head:
    return lambda q, k, v: _softmax(_masked(_scores(q, k), mask(len(q)))) @ v


def _with_scores(change: Callable[[Array, Array], Array]) -> Head:
    return lambda q, k, v: _softmax(_masked(change(q, k))) @ v


def _strictly_before(T: int) -> Array:
    seen = np.tril(np.ones((T, T), bool), -1)
    seen[0, 0] = True  # else the first row would be empty
    return seen


def _not_a_number(q: Array, k: Array, v: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return _with_mask(lambda T: np.tril(np.ones((T, T), bool), -1))(q, k, v)


def _only_the_future(q: Array, k: Array, v: Array) -> Array:
    with np.errstate(invalid="ignore"):  # the last row is empty
        return _with_mask(lambda T: ~np.tril(np.ones((T, T), bool)))(q, k, v)


def _zero_times_infinity(q: Array, k: Array, v: Array) -> Array:
    with np.errstate(invalid="ignore"):
        scores = _scores(q, k)
        result: Array = _softmax(scores + np.triu(np.ones(scores.shape), 1) * -np.inf) @ v
    return result


def _exponentials(q: Array, k: Array, v: Array) -> Array:
    result: Array = np.exp(_masked(_scores(q, k))) @ v
    return result


def _exp(scores: Array) -> Array:
    e: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e


def _columns_lowered(scores: Array) -> Array:
    e = np.exp(_masked(scores) - _masked(scores).max(axis=1))
    result: Array = e / e.sum(axis=1, keepdims=True)
    return result


def _without_keepdims(q: Array, k: Array, v: Array) -> Array:
    e = np.exp(_masked(_scores(q, k)) - _masked(_scores(q, k)).max(axis=1))
    result: Array = e / e.sum(axis=1) @ v
    return result


def _with(weights: Callable[[Array], Array]) -> Callable[..., Any]:
    return lambda q, k, v: weights(_scores(q, k)) @ v


CAUSAL_HEAD = FunctionExercise(
    "11.3",
    "a head that does not look ahead",
    "Write causal_head(q, k, v), all (T, size): scaled scores, causal mask, softmax, weighted mean.",
    reference=causal_head,
    cases=_heads,
    mistakes=(
        Mistake(
            "mask transposed",
            _with_mask(lambda T: np.triu(np.ones((T, T), bool))),
            "your queries see the future and not the past. Which index of the scores is the query?",
        ),
        Mistake(
            "no mask",
            _with(_softmax),
            "every position sees all others. Hide what comes later.",
        ),
        Mistake(
            "not itself",
            _with_mask(_strictly_before),
            "a position may look at itself, too. Does your mask keep the diagonal?",
        ),
        Mistake(
            "the first sees nothing",
            _not_a_number,
            "the first row is no number: it has nothing to look at, so 0 is divided by 0. What may it look at?",
        ),
        Mistake(
            "mask the wrong way round",
            _only_the_future,
            "you hide what may be seen, and show the rest. The last row is then empty, and no number.",
        ),
        Mistake(
            "0 times infinity",
            _zero_times_infinity,
            "nothing here is a number: 0 * inf is nan. Choose with `np.where` instead of multiplying.",
        ),
        Mistake(
            "one step ahead",
            _with_mask(lambda T: np.tril(np.ones((T, T), bool), 1)),
            "each position still sees one step ahead.",
        ),
        Mistake(
            "mask after softmax",
            _with(lambda scores: _softmax(scores) * _seen(scores)),
            "the weights of a row no longer add up to 1. Where must the mask come, before softmax or after it?",
        ),
        Mistake(
            "scores of 0",
            _with(lambda scores: _softmax(scores * _seen(scores))),
            "a score of 0 is not weight 0, since exp(0) = 1. Which score has weight 0?",
        ),
        Mistake(
            "mask added as it is",
            _with(lambda scores: _softmax(scores + _seen(scores))),
            "a mask of ones, added or taken off, only favours the past a little. The rest is still seen.",
        ),
        Mistake(
            "not scaled",
            _with_scores(lambda q, k: q @ k.T),
            "the scores are not divided by anything.",
        ),
        Mistake(
            "scaled by the size",
            _with_scores(lambda q, k: q @ k.T / q.shape[1]),
            "divided by the size. The spread of q · k grows with its *root*.",
        ),
        Mistake(
            "scaled by the steps",
            _with_scores(lambda q, k: q @ k.T / np.sqrt(len(q))),
            "you divide by the root of the number of steps. Which length has the sum in q · k?",
        ),
        Mistake(
            "multiplied",
            _with_scores(lambda q, k: q @ k.T * np.sqrt(q.shape[1])),
            "the scores became larger by the scale. Smaller is meant.",
        ),
        Mistake(
            "columns",
            _with(lambda scores: _softmax(np.where(_seen(scores), scores, -np.inf), axis=0)),
            "your columns add up to 1. A query is a row, and shares out a weight of 1.",
        ),
        Mistake(
            "exponentials only",
            _exponentials,
            "weights must add up to 1. What is exp divided by?",
        ),
        Mistake(
            "divided by all",
            _with(lambda scores: np.exp(_masked(scores)) / np.exp(_masked(scores)).sum()),
            "you divide by the sum of the whole matrix. Each row has a sum of its own (mind `keepdims`).",
        ),
        Mistake(
            "sum without keepdims",
            _with(lambda scores: _exp(_masked(scores)) / _exp(_masked(scores)).sum(axis=1)),
            "each *column* is divided by the sum of a row: numbers (T,) beside a matrix (T, T) go along its last axis. "
            "`keepdims=True` makes a column (T, 1) of them.",
        ),
        Mistake(
            "sum of plain exponentials without keepdims",
            _with(lambda scores: np.exp(_masked(scores)) / np.exp(_masked(scores)).sum(axis=1)),
            "the sums of the rows, (T,), divide the *columns* of the matrix, since shapes are matched from behind. "
            "Which shape must they have, and which option of `sum` keeps it?",
        ),
        Mistake(
            "maximum without keepdims",
            _with(_columns_lowered),
            "a maximum (T,) taken off a matrix (T, T) lowers its columns, each by another number. Which shape must "
            "the maxima of rows have?",
        ),
        Mistake(
            "both without keepdims",
            _without_keepdims,
            "both steps of softmax, the maximum and the sum, act on columns here. Which shape has the result of "
            "`.max(axis=1)`?",
        ),
        Mistake(
            "weights returned",
            lambda q, k, v: _softmax(_masked(_scores(q, k))),
            "these are the weights. What are they the weights of?",
        ),
        Mistake(
            "queries and keys swapped",
            _with_scores(lambda q, k: k @ q.T / np.sqrt(q.shape[1])),
            "rows must be queries, columns keys. Yours are the other way round.",
        ),
        Mistake(
            "mean of the keys",
            lambda q, k, v: _softmax(_masked(_scores(q, k))) @ k,
            "the weights are right. What is averaged is the value, not the key.",
        ),
        Mistake(
            "mean of the queries",
            lambda q, k, v: _softmax(_masked(_scores(q, k))) @ q,
            "the weights are right. What is averaged is the value, not the query.",
        ),
        Mistake(
            "weights transposed",
            lambda q, k, v: _softmax(_masked(_scores(q, k))).T @ v,
            "your weights are transposed before they meet the values.",
        ),
        Mistake(
            "the past in equal parts",
            _with(lambda scores: _seen(scores) / _seen(scores).sum(axis=1, keepdims=True)),
            "you average the past evenly. The scores must count.",
        ),
        Mistake(
            "the best one only",
            lambda q, k, v: v[_masked(_scores(q, k)).argmax(axis=1)],
            "you take the value with the largest score. Softmax mixes them.",
        ),
    ),
    hint="four lines: scores (T, T), `np.where` with a mask of `np.tril`, softmax over each row, times v.",
)
