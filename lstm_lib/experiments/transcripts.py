"""How good transcripts are: word and character error rates by jiwer, with an interval, and what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jiwer
import numpy as np


class Edits(NamedTuple):
    """Words that were said, and what must be done to the transcripts: the error rate is the sum over the words."""

    words: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def wrong(self) -> int:
        """All edits."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """WER."""
        return self.wrong / self.words


def edits(right: Sequence[str], said: Sequence[str]) -> Edits:
    """Count the edits between texts and transcripts, by jiwer.

    Raises:
        ValueError: there is none, or another number of transcripts.
    """
    _check_texts(right, said)
    out = jiwer.process_words(list(right), list(said))
    words = out.hits + out.substitutions + out.deletions
    return Edits(words, out.substitutions, out.deletions, out.insertions)


def wer(right: Sequence[str], said: Sequence[str], draws: int = 1000) -> tuple[float, float, float]:
    """Return the word error rate, and its 95 % interval.

    The interval comes from drawing utterances again, with replacement (bootstrap), since words of one utterance are
    right or wrong together.
    """
    _check_texts(right, said)
    counts = np.array(
        [(e.wrong, e.words) for e in (edits([r], [s]) for r, s in zip(right, said, strict=True))]
    )
    rng = np.random.default_rng(0)
    again = counts[rng.integers(len(counts), size=(draws, len(counts)))].sum(axis=1)  # (draws, 2)
    low, high = np.quantile(again[:, 0] / again[:, 1], [0.025, 0.975])
    rate = counts[:, 0].sum() / counts[:, 1].sum()
    return float(rate), min(float(low), float(rate)), max(float(high), float(rate))


def cer(right: Sequence[str], said: Sequence[str]) -> float:
    """Return the character error rate, by jiwer."""
    _check_texts(right, said)
    return float(jiwer.cer(list(right), list(said)))


def confusions(right: Sequence[str], said: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return how often a word was replaced by another, the most frequent first; "" stands for no word."""
    _check_texts(right, said)
    found: dict[tuple[str, str], int] = {}
    out = jiwer.process_words(list(right), list(said))
    for a, b, chunks in zip(out.references, out.hypotheses, out.alignments, strict=True):
        for chunk in chunks:
            if chunk.type == "equal":
                continue
            olds = list(a[chunk.ref_start_idx : chunk.ref_end_idx])
            news = list(b[chunk.hyp_start_idx : chunk.hyp_end_idx])
            for k in range(max(len(olds), len(news))):
                pair = (olds[k] if k < len(olds) else "", news[k] if k < len(news) else "")
                found[pair] = found.get(pair, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _check_texts(right: Sequence[str], said: Sequence[str]) -> None:
    if isinstance(right, str) or isinstance(said, str):
        raise ValueError("right and said must be lists of texts, got a text")
    if not len(right) or len(right) != len(said):
        raise ValueError(f"right and said must be as many texts, not none, got {len(right)} and {len(said)}")
    if any(not text.split() for text in right):
        raise ValueError("right must hold texts with at least one word, got an empty one")
