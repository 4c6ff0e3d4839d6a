"""Exercises 12.1 and 12.2: bits per character, and pairs smoothed after Witten and Bell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = NDArray[Any]

# 12.1


def bits_per_character(p: Array, ids: Array) -> float:
    return float(-np.log2(p[np.arange(len(ids)), ids]).mean())


def _guesses(rng: np.random.Generator) -> Cases:
    def case(T: int, V: int) -> tuple[Array, Array]:
        return rng.dirichlet(np.full(V, 0.7), T) * 0.98 + 0.02 / V, rng.integers(V, size=T)

    return {
        "a short text": case(5, 4),
        "a long text": case(40, 7),
        "as many characters as symbols": case(6, 6),
        "one character": case(1, 3),
    }


def _of_right(change: Callable[[Array], Any]) -> Callable[[Array, Array], Any]:
    return lambda p, ids: change(p[np.arange(len(ids)), ids])


BITS = FunctionExercise(
    "12.1",
    "bits per character",
    "Write bits(p, ids): the mean bits of the right characters, from the chances p (T, V) and the ids (T,).",
    reference=bits_per_character,
    cases=_guesses,
    mistakes=(
        Mistake(
            "natural logarithm",
            _of_right(lambda q: float(-np.log(q).mean())),
            "those are nats. A bit asks for another base of the logarithm.",
            more="np.log is the natural logarithm. NumPy has one for base 2 as well.",
        ),
        Mistake(
            "base 10", _of_right(lambda q: float(-np.log10(q).mean())), "that is base 10. Bits have base 2."
        ),
        Mistake(
            "sum",
            _of_right(lambda q: float(-np.log2(q).sum())),
            "those are the bits of the whole text. Wanted are the bits of one character, on average.",
        ),
        Mistake(
            "logarithm of the mean",
            _of_right(lambda q: float(-np.log2(q.mean()))),
            "first the logarithm of each chance, then the mean. The other order hides a chance near 0.",
        ),
        Mistake(
            "sign",
            _of_right(lambda q: float(np.log2(q).mean())),
            "the logarithm of a chance is below 0, and a cost is not.",
        ),
        Mistake(
            "mean chance",
            _of_right(lambda q: float(q.mean())),
            "that is the mean chance. Where is the logarithm?",
        ),
        Mistake(
            "perplexity",
            _of_right(lambda q: float(2 ** -np.log2(q).mean())),
            "that is the perplexity, 2 to the power of the bits. One step less.",
        ),
        Mistake(
            "not averaged",
            _of_right(lambda q: -np.log2(q)),
            "those are the bits of each character. One number is wanted, their mean.",
        ),
        Mistake(
            "median",
            _of_right(lambda q: float(np.median(-np.log2(q)))),
            "the mean, not the median: rare characters that cost much must count.",
        ),
        Mistake(
            "entropy",
            lambda p, ids: float(-(p * np.log2(p)).sum(axis=1).mean()),
            "that is what the model itself expects to pay, its entropy. It does not look at what came.",
        ),
        Mistake(
            "the likeliest",
            lambda p, ids: float(-np.log2(p.max(axis=1)).mean()),
            "that takes the highest chance of each row. Which column is the right one?",
        ),
        Mistake(
            "all columns",
            lambda p, ids: float(-np.log2(p[:, ids]).mean()),
            "p[:, ids] takes all those columns from *every* row. Each row has one right column.",
        ),
        Mistake(
            "mean over the whole table",
            lambda p, ids: float(-np.log2(p).mean()),
            "that is the mean over all entries of p. Only the right characters count.",
        ),
        Mistake(
            "rows for columns",
            lambda p, ids: float(-np.log2(p)[ids % len(p)].mean()),
            "p[ids] takes whole *rows*. The row is the place in the text, the column is the character.",
        ),
        Mistake(
            "divided twice",
            lambda p, ids: bits_per_character(p, ids) / len(ids),
            "a mean is divided by the number of characters already.",
        ),
        Mistake(
            "rounded",
            lambda p, ids: round(bits_per_character(p, ids), 2),
            "right, but rounded. Return all the digits that there are.",
        ),
        Mistake(
            "one step late",
            lambda p, ids: (
                float(-np.log2(p[np.arange(len(ids) - 1), ids[1:]]).mean()) if len(ids) > 1 else 0.0
            ),
            "row t of p belongs to ids[t] already: nothing is to be shifted.",
        ),
        Mistake(
            "divided by V",
            lambda p, ids: bits_per_character(p, ids) * len(ids) / p.shape[1],
            "divide by the number of characters in the text, not of symbols in the alphabet.",
        ),
        Mistake(
            "chance of the opposite",
            _of_right(lambda q: float(-np.log2(1 - q).mean())),
            "1 - p is the chance that something else came.",
        ),
        Mistake(
            "logarithm of the inverse, forgotten minus",
            _of_right(lambda q: float((1 / q).mean())),
            "1 / p is how surprising it is; the logarithm to base 2 of it is missing.",
        ),
        Mistake(
            "one step early",
            lambda p, ids: float(-np.log2(p[np.arange(len(ids)) - 1, ids]).mean()),
            "that asks the row before. Row t holds the chances for ids[t] itself.",
        ),
        Mistake(
            "weighted by the chance",
            _of_right(lambda q: float(-(q * np.log2(q)).mean())),
            "each cost is multiplied by its chance, as in an entropy. What came has come: each counts once.",
        ),
        Mistake(
            "multiplied by the logarithm of 2",
            _of_right(lambda q: float(-(np.log(q) * np.log(2)).mean())),
            "from nats to bits one *divides* by the logarithm of 2.",
        ),
    ),
    hint="pick p[t, ids[t]] for each t (np.arange helps), then logarithm, mean, sign.",
)

# 12.2


def witten_bell_pairs(pairs: Array, single: Array) -> Array:
    kinds = (pairs > 0).sum(axis=1, keepdims=True)
    total = pairs.sum(axis=1, keepdims=True)
    return np.where(total > 0, (pairs + kinds * single) / np.maximum(total + kinds, 1), single)


def _tables(rng: np.random.Generator) -> Cases:
    def case(V: int, unseen: bool) -> tuple[Array, Array]:
        pairs = rng.integers(0, 6, size=(V, V)) * (rng.random((V, V)) < 0.6)
        pairs[np.arange(V), rng.permutation(V)] += 1 + rng.integers(3, size=V)  # no row is empty
        if unseen:
            pairs[rng.integers(V)] = 0
        return pairs, rng.dirichlet(np.full(V, 2.0))

    return {
        "every letter was seen": case(4, unseen=False),
        "one letter never came before": case(5, unseen=True),
        "two letters": case(2, unseen=False),
    }


def _kinds(pairs: Array) -> Array:
    answer: Array = (pairs > 0).sum(axis=1, keepdims=True)
    return answer


def _total(pairs: Array) -> Array:
    answer: Array = pairs.sum(axis=1, keepdims=True)
    return answer


def _ratio(above: Array, below: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return above / below


def _else_single(answer: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """Make an answer right where nothing was counted, so that its mistake is seen alone."""
    return lambda pairs, single: np.where(_total(pairs) > 0, answer(pairs, single), single)


WITTEN_BELL = FunctionExercise(
    "12.2",
    "smoothing pairs",
    "Write smoothed(pairs, single): P(w | h) by Witten and Bell from the counts (V, V), row h, and P(w) (V,).",
    reference=witten_bell_pairs,
    cases=_tables,
    mistakes=(
        Mistake(
            "an unseen letter gives NaN",
            lambda pairs, single: _ratio(pairs + _kinds(pairs) * single, _total(pairs) + _kinds(pairs)),
            "right where something was counted. A row of zeros divides 0 by 0. What does the text say of such a row?",
        ),
        Mistake(
            "an unseen letter gives zeros",
            lambda pairs, single: (
                (pairs + _kinds(pairs) * single) / np.maximum(_total(pairs) + _kinds(pairs), 1)
            ),
            "a row of zeros is no distribution. After a letter that was never seen, the single letters decide.",
        ),
        Mistake(
            "an unseen letter gives equal chances",
            lambda pairs, single: np.where(
                _total(pairs) > 0, witten_bell_pairs(pairs, single), np.full(len(single), 1 / len(single))
            ),
            "after a letter that was never seen, P(w) is what is left to go by, and it is not equal for all.",
        ),
        Mistake(
            "no smoothing",
            _else_single(lambda pairs, single: _ratio(pairs, _total(pairs))),
            "those are the plain shares: a pair that was never seen gets 0. Where is N(h) P(w)?",
        ),
        Mistake(
            "add one",
            lambda pairs, single: (pairs + 1) / (_total(pairs) + pairs.shape[1]),
            "that adds one to each pair (Laplace). Witten and Bell add N(h) P(w).",
        ),
        Mistake(
            "add P(w)",
            lambda pairs, single: (pairs + single) / (_total(pairs) + 1),
            "P(w) is added once. It has a weight: how many different letters have followed h.",
        ),
        Mistake(
            "kinds of the column",
            _else_single(
                lambda pairs, single: (
                    (pairs + (pairs > 0).sum(axis=0) * single) / (_total(pairs) + (pairs > 0).sum(axis=0))
                )
            ),
            "N(h) counts what came *after* h: along the row, not down the column.",
        ),
        Mistake(
            "counts for kinds",
            _else_single(lambda pairs, single: _ratio(pairs + _total(pairs) * single, 2 * _total(pairs))),
            "that mixes half and half. N(h) is how many *different* letters followed, not how often one did.",
        ),
        Mistake(
            "not as columns",
            lambda pairs, single: np.where(
                pairs.sum(axis=1) > 0,
                (pairs + (pairs > 0).sum(axis=1) * single)
                / np.maximum(pairs.sum(axis=1) + (pairs > 0).sum(axis=1), 1),
                single,
            ),
            "the sums of the rows have the shape (V,), and NumPy lays them along the row. Make columns (V, 1) of them.",
            more="keepdims=True keeps the axis that is summed.",
        ),
        Mistake(
            "kinds that never came",
            _else_single(
                lambda pairs, single: (
                    (pairs + (pairs == 0).sum(axis=1, keepdims=True) * single)
                    / (_total(pairs) + (pairs == 0).sum(axis=1, keepdims=True))
                )
            ),
            "N(h) counts the letters that *have* followed h, not those that have not.",
        ),
        Mistake(
            "V for the kinds",
            _else_single(
                lambda pairs, single: (pairs + len(single) * single) / (_total(pairs) + len(single))
            ),
            "each row is given the same weight V. N(h) differs from row to row.",
        ),
        Mistake(
            "kinds missing below",
            _else_single(lambda pairs, single: _ratio(pairs + _kinds(pairs) * single, _total(pairs))),
            "a row sums to more than 1. What was added above must stand below, too.",
        ),
        Mistake(
            "kinds missing above",
            _else_single(lambda pairs, single: _ratio(pairs + single, _total(pairs) + _kinds(pairs))),
            "a row sums to less than 1. Below stands N(h), and above it is missing beside P(w).",
        ),
        Mistake(
            "only below",
            _else_single(lambda pairs, single: _ratio(pairs, _total(pairs) + _kinds(pairs))),
            "the chances taken away below are given to nobody. Add N(h) P(w) above.",
        ),
        Mistake(
            "transposed",
            lambda pairs, single: witten_bell_pairs(pairs.T, single),
            "the row is the letter before, the column the one that came. Yours are exchanged.",
        ),
        Mistake(
            "the answer transposed",
            lambda pairs, single: witten_bell_pairs(pairs, single).T,
            "the numbers are right, and lie on their side: each *row* must sum to 1.",
        ),
        Mistake(
            "equal chances for P(w)",
            _else_single(
                lambda pairs, single: witten_bell_pairs(pairs, np.full(len(single), 1 / len(single)))
            ),
            "what is added is shared out by P(w), not equally.",
        ),
        Mistake(
            "P(h) for P(w)",
            _else_single(
                lambda pairs, single: (
                    (pairs + _kinds(pairs) * single[:, None]) / (_total(pairs) + _kinds(pairs))
                )
            ),
            "P(w) belongs to the letter that comes, so it runs along the row. Look at the axes of single.",
        ),
        Mistake(
            "only for unseen pairs",
            _else_single(
                lambda pairs, single: np.where(
                    pairs > 0,
                    _ratio(pairs, _total(pairs) + _kinds(pairs)),
                    _ratio(_kinds(pairs) * single, _total(pairs) + _kinds(pairs)),
                )
            ),
            "that backs off: P(w) for unseen pairs alone, and rows no longer sum to 1. Interpolated means: for all.",
        ),
        Mistake(
            "normalised over everything",
            _else_single(
                lambda pairs, single: (pairs + _kinds(pairs) * single) / (pairs.sum() + _kinds(pairs).sum())
            ),
            "each *row* is a distribution of its own: divide by what belongs to the row.",
        ),
        Mistake(
            "weights exchanged",
            _else_single(
                lambda pairs, single: (
                    _ratio(_kinds(pairs), _total(pairs) + _kinds(pairs)) * _ratio(pairs, _total(pairs))
                    + _ratio(_total(pairs), _total(pairs) + _kinds(pairs)) * single
                )
            ),
            "the two weights have changed places: the more often h was seen, the less P(w) should count.",
        ),
        Mistake(
            "sum of the column",
            _else_single(
                lambda pairs, single: _ratio(
                    pairs + _kinds(pairs) * single, pairs.sum(axis=0) + _kinds(pairs)
                )
            ),
            "c(h) is how often anything came *after* h: the sum along the row, not down the column.",
        ),
        Mistake(
            "not divided",
            lambda pairs, single: pairs + _kinds(pairs) * single,
            "that is what stands above the line. What stands below it?",
        ),
        Mistake(
            "kinds of the whole table",
            _else_single(
                lambda pairs, single: (
                    (pairs + (pairs > 0).sum() * single) / (_total(pairs) + (pairs > 0).sum())
                )
            ),
            "all kinds of pairs are counted together. Each row has its own N(h): which axis is summed?",
        ),
        Mistake(
            "seen once",
            _else_single(
                lambda pairs, single: _ratio(
                    pairs + (pairs == 1).sum(axis=1, keepdims=True) * single,
                    _total(pairs) + (pairs == 1).sum(axis=1, keepdims=True),
                )
            ),
            "N(h) counts every letter that has followed h, however often, not only those that did so once.",
        ),
    ),
    hint="two columns of shape (V, 1) from pairs, how often and how many kinds; then np.where for rows of zeros.",
)
