"""Character n-grams: the chance of each symbol of a text given the few before it, from counts that are smoothed.

Nothing is trained. For every place of a text the counts of what stood before it are worked out for all places at
once, by sorting. So a model that goes on counting while it reads costs no more than one that has stopped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import whole_number

Array = NDArray[Any]

#: Discounts where the text is too small to estimate them.
USUAL_DISCOUNTS = (0.5, 1.0, 1.5)


def witten_bell(ids: Array, symbols: int, order: int, start: int, *, counted: int | None = None) -> Array:
    """Return the probability of each of ``ids[start:]`` after the order - 1 symbols before it, shape (N - start,).

    With c(hw), how often w has followed the context h, c(h), how often anything has, and N(h), how many different
    symbols have:

        P(w | h) = (c(hw) + N(h) P(w | h')) / (c(h) + N(h))

    where h' is h without its first symbol. The last one to ask is 1/V. A context that was never seen leaves the word
    to h'. Source: Witten and Bell (1991), "The zero-frequency problem", method C, in its interpolated form.

    Args:
        ids: (N,) the symbols of the text, from 0 to V - 1.
        symbols: V.
        order: n, 1 for single symbols, 2 for pairs, and so on.
        start: the first place that is asked for; what stands before it is the training text.
        counted: so many places of the text are counted at the most; None is ``start``. With N the model goes on
            counting while it reads. What stands at a place or after it never counts there.

    Raises:
        TypeError, ValueError: an argument has a value that cannot be meant.
    """
    grams, contexts, counts_here = _prepared(ids, symbols, order, start, counted)
    p = np.full(len(grams[0]), 1 / symbols)
    for gram, context in zip(grams, contexts, strict=True):
        c = earlier(gram, counts_here)
        total, kinds = earlier(context, counts_here), earlier(context, counts_here * (c == 0))
        p = np.where(total > 0, (c + kinds * p) / np.maximum(total + kinds, 1), p)
    answer: Array = p[start:]
    return answer


def kneser_ney(ids: Array, symbols: int, order: int, start: int, *, counted: int | None = None) -> Array:
    """Return the probability of each of ``ids[start:]`` by interpolated modified Kneser-Ney, shape (N - start,).

    A discount D(c) is taken from each count, and what was taken goes to the shorter context:

        P(w | h) = (max(c(hw) - D(c(hw)), 0) + (D_1 N_1(h) + D_2 N_2(h) + D_3 N_3(h)) P(w | h')) / c(h)

    N_1, N_2 and N_3 are how many symbols followed h once, twice, three times or more. In the longest context c counts
    how often, in all others after how *many different* symbols: N(·hw). The last one to ask is 1/V. Source: Chen and
    Goodman (1999), "An empirical study of smoothing techniques for language modeling", section 3.

    Args and Raises: as for ``witten_bell``.
    """
    grams, contexts, counts_here = _prepared(ids, symbols, order, start, counted)
    p = np.full(len(grams[0]), 1 / symbols)
    for k, (gram, context) in enumerate(zip(grams, contexts, strict=True)):
        event = counts_here
        if k + 1 < order:  # counted once for each symbol that it has stood after
            event = counts_here * (earlier(grams[k + 1], counts_here) == 0)
        c = earlier(gram, event)
        D = discounts(np.bincount(gram[:start], weights=event[:start]))
        total = earlier(context, event)
        # A count that grows from 1 to 2 leaves N_1 and joins N_2.
        N = [earlier(context, event * (c == i) - event * (c == i + 1)) for i in (0, 1)]
        N.append(earlier(context, event * (c == 2)))
        kept = np.maximum(c - np.array((0.0, *D))[np.minimum(c, 3)], 0)
        given = sum(d * n for d, n in zip(D, N, strict=True))
        p = np.where(total > 0, (kept + given * p) / np.maximum(total, 1), p)
    answer: Array = p[start:]
    return answer


def discounts(counts: Array) -> tuple[float, float, float]:
    """Return D_1, D_2 and D_3 from how many counts are 1, 2, 3 and 4 (Chen and Goodman 1999, equation 17).

    Where one of these is missing, or a discount comes out below zero, 0.5, 1 and 1.5 are returned.
    """
    n = [float((counts == i).sum()) for i in (1, 2, 3, 4)]
    if min(n) == 0:
        return USUAL_DISCOUNTS
    Y = n[0] / (n[0] + 2 * n[1])
    D = tuple(i - (i + 1) * Y * n[i] / n[i - 1] for i in (1, 2, 3))
    return D if min(D) > 0 else USUAL_DISCOUNTS  # type: ignore[return-value]


def earlier(keys: Array, events: Array) -> Array:
    """Return for each place the sum of ``events`` over the earlier places with the same key, both (N,)."""
    by_key = np.argsort(keys, kind="stable")
    ordered = events[by_key]
    before = ordered.cumsum() - ordered
    firsts = np.r_[True, np.diff(keys[by_key]) != 0]
    answer = np.empty_like(before)
    answer[by_key] = before - before[firsts][firsts.cumsum() - 1]
    return answer


def _prepared(
    ids: Array, symbols: int, order: int, start: int, counted: int | None
) -> tuple[list[Array], list[Array], Array]:
    """Return for n = 1 … order a number for each n-gram that ends at a place, one for its context, and what counts."""
    text = np.asarray(ids)
    if text.ndim != 1 or not np.issubdtype(text.dtype, np.integer):
        raise TypeError(
            f"ids must be whole numbers (N,), such as vocabulary.encode(text), got {text.dtype} of shape {text.shape}"
        )
    whole_number("symbols", symbols, 1)
    whole_number("order", order, 1)
    whole_number("start", start, 1)
    until = start if counted is None else whole_number("counted", counted, 0)
    if start >= len(text):
        raise ValueError(f"start must be below N, which is {len(text)}, got {start}")
    if text.min() < 0 or text.max() >= symbols:
        raise ValueError(f"ids must be from 0 to {symbols - 1}, got {text.min()} to {text.max()}")
    grams, contexts = [text.astype(np.int64)], [np.zeros(len(text), dtype=np.int64)]
    for k in range(1, order):
        before = np.r_[np.full(k, symbols), text[:-k]][: len(text)]  # V stands for "before the text"
        contexts.append(np.r_[-1, grams[-1][:-1]])
        pairs = before * (grams[-1].max() + 1) + grams[-1]
        grams.append(np.unique(pairs, return_inverse=True)[1])
    return grams, contexts, (np.arange(len(text)) < until).astype(np.int64)
