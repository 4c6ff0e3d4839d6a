"""Sound made from mel bands alone: noise that is about as loud in each band, at each moment, as the speech was."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.datasets.log_mel import BINS, HOP, SIZE, filters, frames, hann, mel_power, power

Array = NDArray[Any]


def from_bands(sound: ArrayLike, bands: int, rng: np.random.Generator) -> Array:
    """Return noise (N,) with the power that a sound (N,) at 16,000 samples a second has in each of `bands` mel bands.

    What is finer than a band, such as the pitch of a voice, is gone. Quiet moments beside loud ones come out some dB
    too loud, since frames overlap and filters have flanks. Source: Shannon, Zeng, Kamath, Wygonski and Ekelid
    (1995), *Speech recognition with primarily temporal cues*, Science 270: four bands are nearly enough to
    understand.

    Raises:
        ValueError: the sound is not (N,), too short or not finite, or bands is below 1.
    """
    x = np.asarray(sound, dtype=np.float64)
    wanted = mel_power(x, bands)  # (T, bands)
    noise = rng.normal(size=len(x))
    bank = filters(bands)  # (bands, F)
    there = power(noise) @ bank.T
    gain = np.sqrt(wanted / (there + 1e-9)) @ (bank / np.maximum(bank.sum(axis=0), 1e-9))  # (T, F)
    spectra = np.fft.rfft(frames(noise) * hann(), BINS) * gain
    pieces = np.fft.irfft(spectra, BINS)[:, :SIZE]
    y = np.zeros(len(x))
    for t, piece in enumerate(pieces):
        y[t * HOP : t * HOP + SIZE] += piece
    return np.asarray(y / (hann().sum() / HOP))  # so many windows lie over each sample
