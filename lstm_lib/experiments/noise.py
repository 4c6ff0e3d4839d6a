"""Noise for speech: coloured noise, a mixture at a signal-to-noise ratio, and whole parts in noise or in talk."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.datasets.spoken import Part, as_float

Array = NDArray[Any]


def coloured(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return `count` samples of noise with a mean power of 1, whose spectrum falls or rises with frequency.

    The power goes with f to the power of -2 (a deep rumble) to +1 (a hiss), drawn evenly.

    Raises:
        ValueError: count is below 2.
    """
    if count < 2:
        raise ValueError(f"count must be at least 2 samples, got {count}")
    spectrum = np.fft.rfft(rng.normal(size=count))
    f = np.maximum(np.arange(len(spectrum)) / len(spectrum), 1e-2)
    y = np.fft.irfft(spectrum * f ** (rng.uniform(-2, 1) / 2), count)
    return np.asarray(y / np.sqrt(np.mean(y**2)), dtype=np.float32)


def mixed(speech: ArrayLike, noise: ArrayLike, snr: float) -> NDArray[np.float32]:
    """Return speech (N,) with noise (N,) at a signal-to-noise ratio in dB: 10 log10 of the ratio of mean powers.

    Raises:
        ValueError: the lengths differ, or one of them is silent.
    """
    s, n = (np.asarray(x, dtype=np.float32) for x in (speech, noise))
    if s.ndim != 1 or s.shape != n.shape:
        raise ValueError(f"speech and noise must be (N,), got {s.shape} and {n.shape}")
    power_s, power_n = float(np.mean(s**2)), float(np.mean(n**2))
    if not power_s or not power_n:
        raise ValueError("speech and noise must not be silent")
    return s + n * np.float32(np.sqrt(power_s / power_n * 10 ** (-snr / 10)))


def in_noise(part: Part, snr: float, seed: int = 5) -> list[NDArray[np.float32]]:
    """Return the sounds of a part, each in noise of its own at one signal-to-noise ratio in dB.

    Raises:
        ValueError: the part has no sounds.
    """
    if not part.sounds:
        raise ValueError("part must have sounds: only the validation and the test part have")
    rng = np.random.default_rng([seed, round(10 * snr) + 1000])
    return [mixed(as_float(sound), coloured(len(sound), rng), snr) for sound in part.sounds]


def babble(part: Part, snr: float, seed: int = 5) -> list[NDArray[np.float32]]:
    """Return the sounds of a part, each while four others of them are talking: noise of a kind that training never has.

    Raises:
        ValueError: the part has fewer than five sounds.
    """
    if len(part.sounds) < 5:
        raise ValueError(f"part must have at least five sounds, got {len(part.sounds)}")
    rng = np.random.default_rng([seed, 77, round(10 * snr) + 1000])
    found = []
    for k, sound in enumerate(part.sounds):
        others = rng.choice([j for j in range(len(part.sounds)) if j != k], 4, replace=False)
        talk = [np.resize(as_float(part.sounds[j]), len(sound)) for j in others]
        loud = [x / np.sqrt(np.mean(x**2)) for x in talk]
        found.append(mixed(as_float(sound), np.sum(loud, axis=0), snr))
    return found
