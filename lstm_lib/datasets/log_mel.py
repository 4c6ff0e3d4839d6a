"""From sound to log-mel features, in NumPy: frames, Hann window, power spectrum, mel filter bank, logarithm."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

RATE = 16_000  # samples a second, everywhere in the lesson
SIZE = 400  # samples of a frame: 25 ms
HOP = 160  # from one frame to the next: 10 ms
BINS = 512  # the Fourier transform is taken of so many samples, the frame and zeros
BANDS = 40
LOW, HIGH = 60.0, 7600.0  # Hz
FLOOR = 1e-6  # is added to every band, so that digital silence has a logarithm


def frames(x: ArrayLike, size: int = SIZE, hop: int = HOP) -> Array:
    """Return the frames (T, size) of a sound (N,): frame t begins at sample t · hop; a rest at the end is dropped.

    Raises:
        ValueError: x is not (N,), not of finite numbers or shorter than a frame, or size or hop is below 1.
    """
    sound = np.asarray(x)
    if sound.ndim != 1:
        raise ValueError(f"x must be one channel of samples (N,), got shape {sound.shape}")
    if size < 1 or hop < 1:
        raise ValueError(f"size and hop must be at least 1, got {size} and {hop}")
    if len(sound) < size:
        raise ValueError(f"x must have at least the {size} samples of a frame, got {len(sound)}")
    if not np.isfinite(sound).all():
        raise ValueError("x must hold finite numbers, got NaN or infinity")
    return np.asarray(sliding_window_view(sound, size)[::hop])


def hann(size: int = SIZE) -> Array:
    """Return the Hann window (size,): ½ − ½ cos(2π n / size), 0 at the edge and 1 in the middle."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size))


def power(x: ArrayLike, size: int = SIZE, hop: int = HOP, bins: int = BINS) -> Array:
    """Return the power spectra (T, bins // 2 + 1) of the frames of a sound (N,).

    Bin k stands for the frequency k · rate / bins.

    Raises:
        ValueError: as in `frames`, or bins is below size.
    """
    if bins < size:
        raise ValueError(f"bins must be at least the {size} samples of a frame, got {bins}")
    cut = frames(x, size, hop)
    kind = np.float32 if cut.dtype == np.float32 else np.float64
    spectrum = np.fft.rfft(cut * hann(size).astype(kind), bins)  # (T, bins // 2 + 1)
    return np.asarray(spectrum.real**2 + spectrum.imag**2)


def mel(hz: ArrayLike) -> Array:
    """Return frequencies as mels, 2595 log10(1 + f / 700) (O'Shaughnessy 1987, *Speech communication*)."""
    return np.asarray(2595 * np.log10(1 + np.asarray(hz, dtype=float) / 700))


def hertz(mels: ArrayLike) -> Array:
    """Return mels as frequencies in Hz: the inverse of `mel`."""
    return np.asarray(700 * (10 ** (np.asarray(mels, dtype=float) / 2595) - 1))


@cache
def filters(
    bands: int = BANDS, rate: int = RATE, bins: int = BINS, low: float = LOW, high: float = HIGH
) -> Array:
    """Return the mel filter bank (bands, bins // 2 + 1): triangles, from the middle of one neighbour to the other's.

    Their middles are evenly spaced in mels from `low` to `high` Hz. Each is 1 at its middle. The array is read-only.

    Raises:
        ValueError: bands is below 1, or not 0 <= low < high <= rate / 2.
    """
    if bands < 1:
        raise ValueError(f"bands must be at least 1, got {bands}")
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"low and high must be from 0 to {rate / 2:g} Hz, in order, got {low} and {high}")
    edges = hertz(np.linspace(mel(low), mel(high), bands + 2))  # (bands + 2,)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    f = np.arange(bins // 2 + 1) * rate / bins
    bank = np.maximum(0, np.minimum((f - left) / (middle - left), (right - f) / (right - middle)))
    bank.flags.writeable = False
    return np.asarray(bank)


def mel_power(x: ArrayLike, bands: int = BANDS) -> Array:
    """Return the power (T, bands) in each mel band of each frame of a sound at RATE.

    Raises:
        ValueError: as in `frames`.
    """
    spectra = power(x)
    return np.asarray(spectra @ filters(bands).T.astype(spectra.dtype))  # (T, F) (F, bands)


def log_mel(x: ArrayLike, bands: int = BANDS) -> Array:
    """Return log-mel features (T, bands): the natural logarithm of `mel_power` + FLOOR.

    Raises:
        ValueError: as in `frames`.
    """
    return np.asarray(np.log(mel_power(x, bands) + FLOOR))
