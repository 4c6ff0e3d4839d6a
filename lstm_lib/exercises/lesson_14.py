"""The exercises of lesson 14: attention pooling, who is right, macro F1, a twin by one word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lstm_lib.datasets.review_words import tokens
from lstm_lib.exercises.attention_pooling import ATTENTION_POOL
from lstm_lib.exercises.declare import Mistake, ValueExercise
from lstm_lib.exercises.macro_f1 import MACRO_F1
from lstm_lib.exercises.mcnemar_table import MCNEMAR_TABLE

# 14.4


def words_apart(first: str, second: str) -> int:
    """Return how many words must be changed, put in or taken out to turn one text into the other.

    The tokeniser cuts *can't* into *ca* and *n't*. A reader sees one word, so it counts as one.
    """
    apart = _apart(tokens(first), tokens(second))
    as_read = _apart(*(re.findall(r"[\w'’-]+", text.lower()) for text in (first, second)))
    return 1 if as_read == 1 < apart else apart


def _apart(a: Sequence[str], b: Sequence[str]) -> int:
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def _fits(v: tuple[str, str, float, float]) -> bool:
    first, second, p, q = v
    enough = min(len(tokens(first)), len(tokens(second))) >= 4
    real = all(0 <= x <= 1 for x in (p, q)) and abs(p - q) > 1e-9
    same_side = (p >= 0.5) == (q >= 0.5)
    return words_apart(first, second) == 1 and enough and real and same_side and _is_word(first, second)


def _is_word(first: str, second: str) -> bool:
    """Tell whether more than marks and spaces differs."""
    one, other = (re.sub(r"[\W_]", "", text.lower()) for text in (first, second))
    return one != other


def _as_tuple(v: Any) -> Any:
    if isinstance(v, list | tuple) and len(v) == 4:
        return (
            v[0],
            v[1],
            *(float(x) if isinstance(x, int | float) or hasattr(x, "dtype") else x for x in v[2:]),
        )
    return v


GOOD = "A warm and clever film about a family."
TWIN = ValueExercise(
    "14.4",
    "a twin that is not noticed",
    "Give (first, second, fresh_first, fresh_second): one word turns the meaning, and the network does not notice.",
    right=("This is a great film.", "This is hardly a great film.", 0.91, 0.89),
    read=_as_tuple,
    accept=_fits,
    mistakes=(
        Mistake(
            "too short",
            ("good film", "bad film", 0.8, 0.7),
            "sentences of at least four words and marks, please: the network learnt from whole sentences.",
            when=lambda v: min(len(tokens(v[0])), len(tokens(v[1]))) < 4,
        ),
        Mistake(
            "the same",
            (GOOD, GOOD.upper(), 0.95, 0.95),
            "for the network these are one and the same sentence: it reads lower case. Change a word.",
            when=lambda v: words_apart(v[0], v[1]) == 0,
        ),
        Mistake(
            "many words",
            (GOOD, "A cold and clumsy film about a family.", 0.95, 0.04),
            "more than one word differs. If two change, you cannot tell which one the network missed.",
            when=lambda v: words_apart(v[0], v[1]) > 1,
        ),
        Mistake(
            "percent",
            (GOOD, "A warm and silly film about a family.", 95.0, 81.0),
            "the two numbers are probabilities, from 0 to 1: the attribute fresh of what the reader returns.",
            when=lambda v: not all(0 <= x <= 1 for x in v[2:]),
        ),
        Mistake(
            "a mark",
            (GOOD, GOOD.replace(".", "!"), 0.95, 0.94),
            "you changed a mark. That turns no meaning: change a word.",
            when=lambda v: not _is_word(v[0], v[1]),
        ),
        Mistake(
            "the same number",
            (GOOD, "A warm and clever film about her family.", 0.95, 0.95),
            "both probabilities are equal to the last digit. Have you asked the network about each sentence?",
            when=lambda v: abs(v[2] - v[3]) <= 1e-9,
        ),
        Mistake(
            "noticed",
            (GOOD, "A cold and clever film about a family.", 0.95, 0.3),
            "the network noticed: its answer turned. Find a word that turns the meaning, while the answer stays.",
            more="it knows loud words such as dull. Try a quiet one: without, hardly, little, would, almost, no, once.",
            when=lambda v: (v[2] >= 0.5) != (v[3] >= 0.5),
        ),
    ),
    hint="a tuple of two texts and two probabilities: (first, second, ask(first).fresh, ask(second).fresh).",
)

EXERCISES = [ATTENTION_POOL, MCNEMAR_TABLE, MACRO_F1, TWIN]
