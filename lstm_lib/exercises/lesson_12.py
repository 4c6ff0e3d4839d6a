"""The exercises of lesson 12: bits, smoothed pairs, temperature, the nucleus, a way to write with words that exist."""

from __future__ import annotations

from functools import cache
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.exercises.declare import Mistake, ValueExercise
from lstm_lib.exercises.text_choices import NUCLEUS, TEMPERATURE
from lstm_lib.exercises.text_counts import BITS, WITTEN_BELL

# 12.5

#: Parts of the words that must exist in the play, and that must be different from each other.
EXIST, DIFFERENT = 0.93, 0.23
COPIES, LENGTH = 40, 300


class Measured(NamedTuple):
    """What was found in written texts: the part of the words that exist, and that are different."""

    exist: float
    different: float


@cache  # hints ask for it again
def measure(temperature: float, share: float) -> Measured:
    """Let the stored model write 40 texts of 300 characters after HAMLET, and look at their whole words."""
    # here: torch takes seconds to import, and only this check needs it
    import torch

    from lstm_lib.experiments import hamlet_lstm
    from lstm_lib.experiments.text_analysis import part_known, whole_words, words
    from lstm_lib.experiments.text_generation import hamlet_parts
    from lstm_lib.sampling import Sampler, write

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model, vocabulary = hamlet_lstm.load()
        sampler = Sampler(np.random.default_rng(0), temperature=temperature, nucleus=share)
        texts = write(model, vocabulary.encode("HAMLET\n"), LENGTH, sampler, copies=COPIES).T
    finally:
        torch.set_num_threads(threads)
    known = set(words(hamlet_parts().known_text))
    found = [word for text in texts for word in whole_words(vocabulary.decode(text))]
    if not found:  # a loop of line breaks
        return Measured(0.0, 0.0)
    return Measured(part_known(found, known), len(set(found)) / len(found))


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _pair(given: Any) -> tuple[float, float]:
    """Return temperature and share; a single number is a temperature without a nucleus."""
    if _is_number(given):
        given = (given, 1.0)
    numbers = list(given) if isinstance(given, list | tuple | np.ndarray) else []
    if len(numbers) != 2 or not all(map(_is_number, numbers)):
        raise ValueError("write the temperature and the share of the nucleus, such as (0.7, 1.0)")
    return float(numbers[0]), float(numbers[1])


def _usable(v: tuple[float, float]) -> bool:
    return 0.05 <= v[0] <= 5 and 0 < v[1] <= 1


def _right(v: tuple[float, float]) -> bool:
    return _usable(v) and measure(*v).exist >= EXIST and measure(*v).different >= DIFFERENT


WAY_TO_WRITE = ValueExercise(
    "12.5",
    "words that exist",
    f"Find (temperature, share) with {EXIST:.0%} of the words in the play and {DIFFERENT:.0%} of them different.",
    right=(0.8, 0.9),
    read=_pair,
    accept=_right,
    mistakes=(
        Mistake(
            "greedy",
            (0.0, 1.0),
            "a temperature of 0 is greedy choice, and divides by 0. Take one that draws: from 0.05 on.",
            when=lambda v: 0 <= v[0] < 0.05,
        ),
        Mistake("below zero", (-1.0, 1.0), "a temperature is above 0.", when=lambda v: v[0] < 0),
        Mistake(
            "no number",
            (float("nan"), 1.0),
            "neither of the two may be nan.",
            when=lambda v: any(n != n for n in v),
        ),
        Mistake("far too hot", (9.0, 1.0), "above 5 it is all noise. Stay below 2.", when=lambda v: v[0] > 5),
        Mistake(
            "a share in per cent",
            (0.7, 90.0),
            "the share is a part of 1: write 0.9 for 90 per cent.",
            when=lambda v: v[1] > 1,
        ),
        Mistake(
            "no share",
            (0.7, 0.0),
            "a share of 0 keeps nothing. From above 0 to 1.",
            when=lambda v: not v[1] > 0,
        ),
        Mistake(
            "as the model says",
            (1.0, 1.0),
            "that draws as the model says: many different words, and too many that do not exist.",
            when=lambda v: v == (1.0, 1.0),
        ),
        Mistake(
            "hot",
            (1.3, 1.0),
            "too many words do not exist. Hotter than 1 needs a nucleus that cuts hard, or a lower temperature.",
            when=lambda v: v[0] > 1 and measure(*v).exist < EXIST,
        ),
        Mistake(
            "cold",
            (0.2, 1.0),
            "the words exist, and are the same ones again and again. Bolder.",
            when=lambda v: v[0] <= 0.45 and measure(*v).different < DIFFERENT,
        ),
        Mistake(
            "a tight nucleus",
            (1.0, 0.5),
            "the words exist, and are the same ones again and again: the nucleus cuts too much.",
            when=lambda v: v[1] < 0.75 and measure(*v).different < DIFFERENT,
        ),
        Mistake(
            "a little too dull",
            (0.7, 0.8),
            "the words exist, and too few are different. Loosen one of the two a little.",
            when=lambda v: measure(*v).exist >= EXIST,
        ),
        Mistake(
            "a little too bold",
            (0.85, 1.0),
            "enough different words, and a few too many that do not exist. Tighten one of the two a little.",
            when=lambda v: measure(*v).different >= DIFFERENT,
        ),
    ),
    hint="begin with a share of 1 and go through temperatures in steps of 0.1; then try a share of 0.95 or 0.9.",
)

EXERCISES = [BITS, WITTEN_BELL, TEMPERATURE, NUCLEUS, WAY_TO_WRITE]
