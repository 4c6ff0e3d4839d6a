"""Scores of translations: BLEU and chrF, by length, a dictionary as a rival, looks that cross, and intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from sacrebleu.metrics.bleu import BLEU, BLEUScore
from sacrebleu.metrics.chrf import CHRF

from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets.translation import Pair
from lstm_lib.experiments.review_scores import interval
from lstm_lib.experiments.translation import Languages, Translated, text_of, words_of

BLEU_METRIC, CHRF_METRIC = BLEU(), CHRF()
#: Words and marks of an English sentence, the first and the last number of a group.
LENGTHS = {
    "1 to 6": (1, 6), "7 to 9": (7, 9), "10 to 12": (10, 12), "13 to 15": (13, 15), "16 to 19": (16, 19),
    "20 and more": (20, 999),
}  # fmt: skip


def bleu(said: Sequence[str], right: Sequence[str]) -> BLEUScore:
    """Return corpus BLEU by sacrebleu (Papineni et al. 2002), from 0 to 100.

    Raises:
        TypeError: said or right is one text instead of several.
        ValueError: there are not as many sentences on both sides, or none.
    """
    _check(said, right)
    score: BLEUScore = BLEU_METRIC.corpus_score(list(said), [list(right)])
    return score


def chrf(said: Sequence[str], right: Sequence[str]) -> float:
    """Return corpus chrF by sacrebleu (Popović 2015), from 0 to 100.

    Raises:
        TypeError: said or right is one text instead of several.
        ValueError: there are not as many sentences on both sides, or none.
    """
    _check(said, right)
    return float(CHRF_METRIC.corpus_score(list(said), [list(right)]).score)


def _check(said: Sequence[str], right: Sequence[str]) -> None:
    for name, given in (("said", said), ("right", right)):
        if isinstance(given, str):
            raise TypeError(f"{name} must be a list of texts, got one text, {given!r:.40}: write [text]")
    if len(said) != len(right) or not len(said):
        raise ValueError(
            f"said and right must have as many sentences, at least one, got {len(said)} and {len(right)}"
        )


def by_length(pairs: Sequence[Pair]) -> dict[str, list[int]]:
    """Return the numbers of the pairs whose English sentence has so many words and marks, for each of LENGTHS."""
    lengths = [len(words_of(pair.en)) for pair in pairs]
    return {
        name: [k for k, n in enumerate(lengths) if low <= n <= high] for name, (low, high) in LENGTHS.items()
    }


class WordForWord:
    """A dictionary learnt from pairs: each English word becomes the French word with the largest Dice coefficient.

    That is (Dice 1945) twice the number of pairs that hold both words, over the number with the one plus the number
    with the other. What a sceptic would bring: no order, no agreement.
    """

    def __init__(self, pairs: Sequence[Pair], known: Languages) -> None:
        """Count in how many pairs words stand together."""
        together = np.zeros((len(known.source), len(known.target)), dtype=np.int32)
        en, fr = np.zeros(len(known.source)), np.zeros(len(known.target))
        for pair in pairs:
            x, y = (np.unique(v.encode(words_of(text))) for v, text in zip(known, pair[:2], strict=True))
            together[np.ix_(x, y)] += 1
            en[x] += 1
            fr[y] += 1
        self.known = known
        dice = 2 * together / np.maximum(en[:, None] + fr, 1)
        marks = [np.array([not any(c.isalpha() for c in word) for word in v.words]) for v in known]
        dice[marks[0][:, None] != marks[1]] = -1  # a word goes with a word, a mark with a mark
        self.best = dice.argmax(axis=1)

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """Return the sentences word for word."""
        words = [self.known.target.words[k] for k in self.best]
        return [text_of([words[k] for k in self.known.source.encode(words_of(s))]) for s in sentences]


def swapped(pairs: Sequence[Pair], translated: Sequence[Translated]) -> tuple[int, int]:
    """Count English adjectives before a noun whose French comes behind it, and where both looked across.

    Only translations that are right to the letter count, and adjectives of the lexicon that stand behind their noun.

    Returns:
        How often the French noun looked at the English noun and the French adjective at the English adjective, although
        their order is turned; and how many such places there are.
    """
    behind = {w.en: w.fr for w in (*lexicon.BEHIND, *lexicon.BEHIND_BEINGS, *lexicon.BEHIND_THINGS)}
    across = places = 0
    for pair, one in zip(pairs, translated, strict=True):
        if text_of(one.words) != pair.fr or one.weights is None:
            continue
        en, looks = words_of(pair.en), one.weights.argmax(axis=1)
        for i, word in enumerate(en[:-1]):
            forms = [j for j, w in enumerate(one.words) if j and word in behind and w[:3] == behind[word][:3]]
            if (
                len(forms) == 1
                and en.count(word) == 1
                and en[i + 1] not in ("and", "but", "because", ".", "?")
            ):
                places += 1
                across += int(looks[forms[0] - 1] == i + 1 and looks[forms[0]] == i)
    return across, places


def part_right(right: ArrayLike) -> tuple[float, float, float]:
    """Return the part that is right, and the ends of its 95 % interval (Wilson 1927, by statsmodels).

    Raises:
        ValueError: there is none.
    """
    found = np.asarray(right, dtype=bool)
    if not found.size:
        raise ValueError("right must hold at least one answer, got none")
    return interval(int(found.sum()), found.size)
