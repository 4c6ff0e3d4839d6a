"""Exercise 16.1: speech with noise at a ratio in dB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = NDArray[Any]

# 16.1


def _noise_cases(rng: np.random.Generator) -> Cases:
    def case(count: int, loud: float, noisy: float, snr: float) -> tuple[Array, Array, float]:
        return loud * rng.normal(size=count), noisy * rng.normal(size=count), snr

    return {
        "10 dB": case(60, 0.3, 2.0, 10.0),
        "0 dB": case(60, 0.2, 0.7, 0.0),
        "louder noise": case(50, 1.0, 1.0, -5.0),
        "a little noise": case(40, 3.0, 0.1, 25.0),
        "speech that is not centred": (rng.normal(2.0, 1.0, 50), rng.normal(size=50), 5.0),
    }


def _scaled(factor: Callable[[float, float, float], float]) -> Callable[[Array, Array, float], Array]:
    """Return a mixer whose noise is multiplied by factor(power of speech, power of noise, snr)."""
    return lambda speech, noise, snr: (
        speech + noise * factor(float(np.mean(speech**2)), float(np.mean(noise**2)), snr)
    )


_mixed = _scaled(lambda s, n, snr: float(np.sqrt(s / n * 10 ** (-snr / 10))))

WITH_NOISE = FunctionExercise(
    "16.1",
    "speech in noise",
    "Write with_noise(speech, noise, snr): their sum, the noise so loud that the ratio of powers is snr dB.",
    reference=_mixed,
    cases=_noise_cases,
    mistakes=(
        Mistake(
            "power for amplitude",
            _scaled(lambda s, n, snr: s / n * 10 ** (-snr / 10)),
            "that is by how much the *power* of the noise must change. What must each sample be multiplied by?",
            more="twice as large samples have four times the power.",
        ),
        Mistake(
            "20 for 10",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n * 10 ** (-snr / 20)))),
            "dB of powers have a 10: 10 log10. You take the square root, and divide by 20 as well.",
        ),
        Mistake(
            "20, and no root",
            _scaled(lambda s, n, snr: s / n * 10 ** (-snr / 20)),
            "20 belongs to ratios of amplitudes, and P is a power. How does an amplitude come from a power?",
        ),
        Mistake(
            "no dB",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n))),
            "at 0 dB you are right. Where does snr come in?",
        ),
        Mistake(
            "nothing done",
            lambda speech, noise, snr: speech + noise,
            "that is noise as loud as it came. What must it be multiplied by, to be snr dB below the speech?",
        ),
        Mistake(
            "the other way",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n * 10 ** (snr / 10)))),
            "with you, more dB make more noise. Which of the two is on top in the ratio?",
        ),
        Mistake(
            "the noise's own power",
            _scaled(lambda s, n, snr: float(np.sqrt(s * 10 ** (-snr / 10)))),
            "that would be right for noise of mean power 1. How loud is it when it comes in?",
        ),
        Mistake(
            "the speech's own power",
            _scaled(lambda s, n, snr: float(np.sqrt(10 ** (-snr / 10) / n))),
            "that would be right for speech of mean power 1. How loud is the speech?",
        ),
        Mistake(
            "no powers",
            _scaled(lambda s, n, snr: float(10 ** (-snr / 20))),
            "the same factor for loud and for quiet speech? Measure both powers.",
        ),
        Mistake(
            "upside down",
            _scaled(lambda s, n, snr: float(np.sqrt(n / s * 10 ** (-snr / 10)))),
            "louder noise gets a larger factor with you. Turn the ratio of the powers round.",
        ),
        Mistake(
            "deviation for power",
            lambda speech, noise, snr: speech + noise * speech.std() / noise.std() * 10 ** (-snr / 20),
            "std takes the mean away first. The power is the mean of the squares.",
        ),
        Mistake(
            "ratio of amplitudes",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n) * 10 ** (-snr / 10))),
            "the root of the powers is there, but the dB stand outside of it.",
        ),
        Mistake(
            "the dB as a ratio",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n / snr))),
            "10 dB is a ratio of 10, but 20 dB is one of 100, and 0 dB one of 1. Undo the logarithm first.",
        ),
        Mistake(
            "peaks for powers",
            lambda speech, noise, snr: (
                speech + noise * np.abs(speech).max() / np.abs(noise).max() * 10 ** (-snr / 20)
            ),
            "you compare the loudest samples. The power is the mean of *all* squares.",
        ),
        Mistake(
            "made as loud as before",
            lambda speech, noise, snr: (
                _mixed(speech, noise, snr) / np.abs(_mixed(speech, noise, snr)).max() * np.abs(speech).max()
            ),
            "the ratio is right, but you scale the sum afterwards. The speech must stay as it is.",
        ),
        Mistake(
            "e for 10",
            _scaled(lambda s, n, snr: float(np.sqrt(s / n * np.exp(-snr / 10)))),
            "decibels are powers of 10, not of e.",
        ),
        Mistake(
            "the noise alone",
            lambda speech, noise, snr: (
                noise * np.sqrt(np.mean(speech**2) / np.mean(noise**2) * 10 ** (-snr / 10))
            ),
            "the noise is right. Where is the speech?",
        ),
        Mistake(
            "the speech changed",
            lambda speech, noise, snr: (
                speech * np.sqrt(np.mean(noise**2) / np.mean(speech**2) * 10 ** (snr / 10)) + noise
            ),
            "the ratio is right, but you changed the speech. Leave it, and make the noise fit.",
        ),
    ),
    hint="mean of squares of both; the ratio that is there, the ratio that is wanted; and power grows with the square.",
)
