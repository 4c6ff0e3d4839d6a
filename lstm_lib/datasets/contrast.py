"""Small sentences from a grammar, in twins of opposite class that hold the very same words in another order.

The grammar. A sentence is a row of key words with three to five filler words before, between and after them, each
drawn evenly from ``FILLERS``. GOOD and BAD stand for an adjective of either list, SAME and SAME' for two of one list.

    kind        sentence (its twin in brackets)                      what decides
    negation    not GOOD and BAD (GOOD and not BAD), either order    "not" turns the next adjective round
    contrast    GOOD but BAD (BAD but GOOD)                          what comes after "but"
                although GOOD , BAD (although BAD , GOOD)            what comes after the comma
                GOOD although BAD (BAD although GOOD)                what comes before "although"
    turned      not SAME but SAME' (SAME but not SAME'), and with    both rules together
                "although" as above
    intensity   very GOOD and slightly BAD (slightly GOOD and        the stronger one
                very BAD), either order
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lstm_lib.datasets.task import whole_number

GOOD = ("good", "funny", "clever", "moving", "fresh", "warm", "witty", "brilliant")
BAD = ("bad", "dull", "clumsy", "boring", "stale", "cold", "silly", "terrible")
FILLERS = (
    "today", "perhaps", "here", "tonight", "frankly", "somehow", "then", "again",
    "surely", "indeed", "meanwhile", "there", "now", "really", "often", "still",
)  # fmt: skip
KINDS = ("negation", "contrast", "turned", "intensity")
JOINS = ("but", "although first", "although between")
GAP = (3, 5)  # the fewest and the most fillers in a gap


class Sentence(NamedTuple):
    """Words, label (1 for good, 0 for bad) and kind of a sentence."""

    words: tuple[str, ...]
    label: int
    kind: str


def twins(
    pairs: int,
    rng: np.random.Generator,
    kinds: Sequence[str] = KINDS,
    *,
    never_negated: Sequence[str] = (),
    only_negated: Sequence[str] = (),
    gap: tuple[int, int] = GAP,
) -> list[Sentence]:
    """Return twice as many sentences: number 2n and 2n + 1 are twins, of the same words and of opposite class.

    Args:
        pairs: how many twins.
        rng: draws everything.
        kinds: each pair is of one of these, drawn evenly.
        never_negated: adjectives that never stand after "not": sentences in which they would are drawn anew.
        only_negated: keep only sentences in which one of these stands after "not", and its twin.
        gap: the fewest and the most fillers before, between and after the key words. With three or more, no run of four
            words holds two key words.

    Raises:
        TypeError: rng is no generator, or a number is not whole.
        ValueError: pairs is below 1, a kind is unknown, an adjective is none of the grammar's, gap is not two numbers
            in order, or too few sentences can be as they are asked for.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    whole_number("pairs", pairs, 1)
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise ValueError(f"kinds must be some of {list(KINDS)}, got {unknown}")
    if not kinds:
        raise ValueError(f"kinds must be some of {list(KINDS)}, got none")
    if unknown := sorted({*never_negated, *only_negated} - {*GOOD, *BAD}):
        raise ValueError(f"adjectives must be words of GOOD or BAD, got {unknown}")
    if len(gap) != 2 or not 0 <= whole_number("gap", gap[0], 0) <= whole_number("gap", gap[1], 0):
        raise ValueError(f"gap must be two numbers of fillers, from 0 on and in order, got {gap}")
    found: list[Sentence] = []
    kind = kinds[int(rng.integers(len(kinds)))]
    for _ in range(1000 * pairs):
        rows = _rows(kind, rng)
        negated = {word for row, _ in rows for before, word in pairwise(row) if before == "not"}
        if negated & set(never_negated) or (only_negated and not negated & set(only_negated)):
            continue  # and draw one of the same kind, so that all kinds stay equally frequent
        gaps = [_fillers(rng, gap) for _ in range(len(rows[0][0]) + 1)]
        found += [Sentence(_with_fillers(row, gaps), label, kind) for row, label in rows]
        if len(found) == 2 * pairs:
            return found
        kind = kinds[int(rng.integers(len(kinds)))]
    raise ValueError(
        f"kinds {list(kinds)} and the adjectives must allow {pairs} pairs, found {len(found) // 2}"
    )


def _rows(kind: str, rng: np.random.Generator) -> list[tuple[list[str], int]]:
    """Return the key words of a sentence and of its twin, in random order, with their labels."""
    good, bad = (str(rng.choice(words)) for words in (GOOD, BAD))
    first, second = (good, bad) if rng.random() < 0.5 else (bad, good)
    if kind == "negation":
        rows = [(["not", first, "and", second], first), ([first, "and", "not", second], second)]
        made = [(row, int(turned == bad)) for row, turned in rows]
    elif kind == "intensity":
        made = [
            (["very", first, "and", "slightly", second], int(first == good)),
            (["slightly", first, "and", "very", second], int(second == good)),
        ]
    else:
        join = JOINS[rng.integers(len(JOINS))]
        if kind == "contrast":
            clauses = [([first], [second]), ([second], [first])]
        else:
            first, second = (str(word) for word in rng.choice((GOOD, BAD)[rng.integers(2)], 2, replace=False))
            clauses = [(["not", first], [second]), ([first], ["not", second])]
        made = [(_joined(join, a, b), _polarity(a if join == "although between" else b)) for a, b in clauses]
    return made if rng.random() < 0.5 else made[::-1]


def _joined(join: str, a: list[str], b: list[str]) -> list[str]:
    return {
        "but": [*a, "but", *b],
        "although first": ["although", *a, ",", *b],
        "although between": [*a, "although", *b],
    }[join]


def _polarity(clause: list[str]) -> int:
    return int((clause[-1] in GOOD) != (clause[0] == "not"))


def _fillers(rng: np.random.Generator, gap: tuple[int, int]) -> list[str]:
    return [str(word) for word in rng.choice(FILLERS, rng.integers(gap[0], gap[1] + 1))]


def _with_fillers(row: list[str], gaps: list[list[str]]) -> tuple[str, ...]:
    words = list(gaps[0])
    for word, gap in zip(row, gaps[1:], strict=True):
        words += [word, *gap]
    return tuple(words)
