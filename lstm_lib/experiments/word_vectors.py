"""Vectors for words from the words around them: counts, PPMI, and a singular value decomposition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import svds

Array = NDArray[Any]


def neighbours(rows: Sequence[Array], words: int, window: int) -> csr_array:
    """Return how often two words stand near each other, (V, V), sparse; a pair at distance d counts 1 / d.

    Args:
        rows: texts as numbers of words, from 0 to V - 1; 0 and 1 (padding, unknown) are not counted.
        words: V.
        window: the largest distance.

    Raises:
        ValueError: there is no text, or window is below 1.
    """
    if not len(rows):
        raise ValueError("rows must hold at least one text, got none")
    if window < 1:
        raise ValueError(f"window must be at least 1 word, got {window}")
    gap = np.zeros(window, dtype=np.int64)  # between texts, so that no pair goes from one to the next
    line = np.concatenate([part for row in rows for part in (row, gap)])
    left, right, value = [], [], []
    for d in range(1, window + 1):
        a, b = line[:-d], line[d:]
        real = (a > 1) & (b > 1)
        left.append(a[real])
        right.append(b[real])
        value.append(np.full(int(real.sum()), 1 / d))
    places = np.concatenate(left), np.concatenate(right)
    counts = coo_array((np.concatenate(value), places), shape=(words, words)).tocsr()
    return csr_array(counts + counts.T)


def ppmi(counts: csr_array, smoothing: float = 0.75) -> csr_array:
    """Return max(0, log p(a, b) / (p(a) q(b))), where q is p with every count taken to the power ``smoothing``.

    Source: Levy, Goldberg and Dagan (2015), "Improving distributional similarity with lessons learned from word
    embeddings", sections 2.1 and 3.2.

    Raises:
        ValueError: nothing was counted.
    """
    total = float(counts.sum())
    if total <= 0:
        raise ValueError("counts must hold at least one pair of words, got none")
    often = np.asarray(counts.sum(axis=1)).ravel()
    context = often**smoothing / (often**smoothing).sum()
    pairs = counts.tocoo()
    a, b = pairs.coords
    value = np.log(pairs.data * 1.0 / often[a] / context[b])
    kept = value > 0
    return csr_array((value[kept], (a[kept], b[kept])), shape=counts.shape)


def word_vectors(rows: Sequence[Array], words: int, size: int = 100, window: int = 5) -> Array:
    """Return a vector for each word, (V, size), float32, mean 0 and deviation 1 over all words that have one.

    Words that stand among the same words get similar vectors. They are the left singular vectors of the PPMI, each
    times the root of its singular value. The numbers 0 and 1 get zeros.

    Args:
        rows: texts as numbers of words; of the training part alone.
        words: V.
        size: E, below V.
        window: words on either side that count as near.

    Raises:
        ValueError: there is no text, no pair of words, or size is not from 1 to below V.
    """
    if not 1 <= size < words:
        raise ValueError(f"size must be from 1 to {words - 1}, below the number of words, got {size}")
    matrix = ppmi(neighbours(rows, words, window))
    start = np.random.default_rng(0).normal(size=words)  # a fixed start gives the same vectors each time
    u, s, _ = svds(matrix, k=size, v0=start)
    order = np.argsort(-s)
    vectors = u[:, order] * np.sqrt(s[order])
    there = np.abs(vectors).sum(axis=1) > 0
    vectors[there] -= vectors[there].mean(axis=0)
    vectors /= vectors[there].std()
    vectors[:2] = 0
    found: Array = vectors.astype(np.float32)
    return found
