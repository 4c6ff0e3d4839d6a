"""Exercise 16.4: choose what is done to the training clips, so that a small recogniser does well in noise."""

from __future__ import annotations

from functools import cache
from numbers import Real
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Mistake, ValueExercise

SNR, ENOUGH = 5, 0.10
Choice = tuple[float, float, float, float]


@cache
def small_recogniser(noise: float, low: float, high: float, warp: float) -> float:
    """Train a small recogniser for some ten seconds; return its word error rate at 5 dB on the validation voices.

    Voices are stretched by a factor from exp(-warp) to exp(warp), the same at all frequencies.
    """
    import torch

    from lstm_lib.datasets.spoken import DIGITS, load_spoken
    from lstm_lib.experiments import speech, transcripts

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        parts = load_spoken()
        alphabet = speech.Alphabet(DIGITS)
        recipe = speech.Recipe(
            hidden_size=96, layers=1, epochs=5, batch=16, noise=noise, snr=(low, high), warp=warp, bend=0.0
        )
        net, _ = speech.learn(parts.train, alphabet, 100, recipe)
        said = speech.greedy(speech.listen(net, _heard()), alphabet)
        return transcripts.edits(parts.validation.texts, said).rate
    finally:
        torch.set_num_threads(threads)


@cache
def _heard() -> list[Any]:
    """Return the steps of the validation utterances in noise: the same for every try."""
    from lstm_lib.datasets.spoken import load_spoken
    from lstm_lib.experiments import noise, speech

    return [speech.features(x) for x in noise.in_noise(load_spoken().validation, SNR)]


def _choice(given: Any) -> Choice:
    numbers = list(given) if isinstance(given, list | tuple | np.ndarray) else []
    if len(numbers) != 4 or not all(isinstance(n, Real) and not isinstance(n, bool) for n in numbers):
        raise ValueError("write four numbers: (noise, low, high, warp), such as (0.5, 10, 30, 0.1)")
    noise, low, high, warp = (float(n) for n in numbers)
    return noise, low, high, warp


def _meant(v: Choice) -> bool:
    noise, low, high, warp = v
    return 0 <= noise <= 1 and -20 <= low <= high <= 60 and 0 <= warp <= 0.5


NOISY_TRAINING = ValueExercise(
    "16.4",
    "trained for noise",
    f"Choose (noise, low, high, warp) for a small recogniser: at most {ENOUGH:.0%} wrong words at {SNR} dB.",
    right=(0.9, 0.0, 15.0, 0.1),
    read=_choice,
    accept=lambda v: _meant(v) and small_recogniser(*v) <= ENOUGH,
    mistakes=(
        Mistake(
            "not meant",
            (50.0, 0.0, 30.0, 0.15),
            "noise is a part from 0 to 1; low and high are dB, -20 to 60, low the smaller one; warp is from 0 to 0.5.",
            when=lambda v: not _meant(v),
        ),
        Mistake(
            "no noise",
            (0.0, 0.0, 30.0, 0.15),
            "the recogniser has never heard noise, or hardly ever. How many of the clips should have some?",
            when=lambda v: _meant(v) and v[0] < 0.2,
        ),
        Mistake(
            "weak noise",
            (0.8, 25.0, 40.0, 0.15),
            f"the noise in training is far weaker than at {SNR} dB, where it is tested.",
            when=lambda v: _meant(v) and v[1] > 10,
        ),
        Mistake(
            "too strong",
            (1.0, -20.0, -10.0, 0.15),
            "that noise is at least twice as strong as the speech. In the test it is weaker than the speech.",
            when=lambda v: _meant(v) and v[2] < -3,
        ),
        Mistake(
            "few in noise",
            (0.3, 0.0, 30.0, 0.22),
            "most of the clips that it has heard are clean, and all that it is tested on are in noise.",
            when=lambda v: _meant(v) and 0.2 <= v[0] < 0.5,
        ),
        Mistake(
            "voices of giants",
            (0.8, 0.0, 20.0, 0.5),
            "you shift voices by about half, or more: no voice is like that.",
            when=lambda v: _meant(v) and v[3] >= 0.4,
        ),
    ),
    hint="train as you will test: how many clips are in noise there, and how strong is it?",
)
