"""Connectionist temporal classification (CTC), for one sequence: loss and gradient by forward and backward sums.

Source: Graves, Fernández, Gomez and Schmidhuber (2006), *Connectionist temporal classification*, ICML, equations 5 to
16. All sums are over logarithms, so that a thousand steps do not become 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


class CTC(NamedTuple):
    """What `ctc` finds.

    Attributes:
        loss: minus the logarithm of the probability of the labels, over all their paths.
        gradient: of the loss, over the scores (T, K).
        states: (S,), the labels with blanks between and around them, S = 2 L + 1.
        alpha: (T, S), logarithm of the sum over the beginnings of paths that stand in state s at step t, that step
            included.
        beta: (T, S), the same for the ends of paths, that step not included.
        occupied: (T, S), the probability that a path stands in state s at step t, given the labels. Each row adds up
            to 1.
    """

    loss: float
    gradient: Array
    states: Array
    alpha: Array
    beta: Array
    occupied: Array


def with_blanks(labels: Sequence[int] | Array, blank: int = 0) -> Array:
    """Return labels with a blank before, after and between them: [3, 5] -> [0, 3, 0, 5, 0]."""
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    return states


def steps_needed(labels: Sequence[int] | Array) -> int:
    """Return the smallest T that labels fit into: one step a label, and one for the blank between two equal ones."""
    given = np.asarray(labels)
    return len(given) + int((given[1:] == given[:-1]).sum())


def may_skip(states: Array, blank: int = 0) -> Array:
    """Return for each state (S,) whether a path may come into it from two states before, past a blank.

    It may into a label that differs from the label before. Between two equal labels the blank must stay.
    """
    skip = np.zeros(len(states), dtype=bool)
    skip[2:] = (states[2:] != blank) & (states[2:] != states[:-2])
    return skip


def forward(log_p: Array, states: Array, blank: int = 0) -> Array:
    """Return alpha (T, S) for the logarithms of probabilities (T, K)."""
    T, S = len(log_p), len(states)
    skip = may_skip(states, blank)
    alpha = np.full((T, S), -np.inf)
    alpha[0, :2] = log_p[0, states[:2]]  # a path begins with the blank or with the first label
    for t in range(1, T):
        before = alpha[t - 1]
        come = before.copy()  # it stays
        come[1:] = np.logaddexp(come[1:], before[:-1])  # it goes on by one
        come[2:] = np.where(
            skip[2:], np.logaddexp(come[2:], before[:-2]), come[2:]
        )  # or by two, past a blank
        alpha[t] = come + log_p[t, states]
    return alpha


def backward(log_p: Array, states: Array, blank: int = 0) -> Array:
    """Return beta (T, S) for the logarithms of probabilities (T, K)."""
    T, S = len(log_p), len(states)
    skip = may_skip(states, blank)
    beta = np.full((T, S), -np.inf)
    beta[-1, -2:] = 0.0  # a path ends with the last label or with the blank behind it
    for t in reversed(range(T - 1)):
        after = beta[t + 1] + log_p[t + 1, states]
        go = after.copy()
        go[:-1] = np.logaddexp(go[:-1], after[1:])
        go[:-2] = np.where(skip[2:], np.logaddexp(go[:-2], after[2:]), go[:-2])
        beta[t] = go
    return beta


def ctc(scores: ArrayLike, labels: Sequence[int] | Array, blank: int = 0) -> CTC:
    """Return the loss, its gradient, and what it is made of.

    Args:
        scores: (T, K), any numbers; softmax over K makes probabilities of them.
        labels: (L,), numbers from 0 to K - 1 without the blank; none at all is allowed.
        blank: the number of the blank.

    Raises:
        ValueError: scores are not (T, K) finite numbers, labels are no whole numbers or out of range, or T is too short
            for them.
    """
    z = np.asarray(scores, dtype=np.float64)
    if z.ndim != 2 or not z.size:
        raise ValueError(f"scores must be (T, K), at least one step, got shape {z.shape}")
    if not np.isfinite(z).all():
        raise ValueError("scores must be finite numbers, got NaN or infinity")
    T, K = z.shape
    if not 0 <= blank < K:
        raise ValueError(f"blank must be from 0 to {K - 1}, got {blank}")
    given = np.asarray(labels)
    if given.size == 0:
        given = given.astype(int)  # of nothing, NumPy makes real numbers
    if given.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, got {labels}")
    given = given.astype(int)
    if given.ndim != 1 or ((given < 0) | (given >= K) | (given == blank)).any():
        raise ValueError(
            f"labels must be (L,) numbers from 0 to {K - 1}, never the blank {blank}, got {labels}"
        )
    if steps_needed(given) > T:
        raise ValueError(
            f"labels need at least {steps_needed(given)} steps, scores have {T}: no path gives these labels"
        )
    log_p = z - z.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    states = with_blanks(given, blank)
    alpha, beta = forward(log_p, states, blank), backward(log_p, states, blank)
    total = float(np.logaddexp.reduce(alpha[-1, -2:]))
    occupied = np.exp(alpha + beta - total)  # (T, S)
    share = occupied @ (
        states[:, None] == np.arange(K)
    )  # (T, S) (S, K): of each symbol, all its states together
    return CTC(-total, np.exp(log_p) - share, states, alpha, beta, occupied)
