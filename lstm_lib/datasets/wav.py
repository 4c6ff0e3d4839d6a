"""A learner's own recording: a WAV file of any rate, mono or stereo, as samples at 16,000 a second."""

from __future__ import annotations

import wave
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import resample_poly

from lstm_lib.datasets.log_mel import RATE
from lstm_lib.datasets.source import DataError

__all__ = ["load_wav", "save_wav"]

SHORTEST, LONGEST = 0.2, 30.0  # seconds
SILENT = 1e-4  # a recording whose loudest sample is below this is empty
RATES = (4_000, 400_000)  # samples a second


def load_wav(path: str | Path) -> NDArray[np.float32]:
    """Return the samples (N,) of a WAV file, from -1 to 1, at 16,000 a second; channels are averaged.

    Args:
        path: of an uncompressed WAV file with whole numbers of 8, 16, 24 or 32 bits, 0.2 to 30 seconds long.

    Raises:
        DataError: the file is not there, no such WAV file, too short, too long, or silent; it says what to do.
    """
    file = Path(path)
    if not file.is_file():
        raise DataError(f"There is no file {file}. Give the path of a WAV file.")
    try:
        with wave.open(str(file), "rb") as sound:
            rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
            seconds = sound.getnframes() / max(rate, 1)
            if seconds > LONGEST:
                raise DataError(
                    f"{file.name} lasts {seconds:.0f} seconds, at most {LONGEST:.0f} are read: cut it."
                )
            data = sound.readframes(sound.getnframes())
    except EOFError:
        raise DataError(f"{file.name} is empty or cut off: it is no whole WAV file.") from None
    except wave.Error as error:
        if "unknown format" in str(error):
            raise DataError(
                f"{file.name} holds floating point or compressed samples ({error}): save it as WAV "
                "with 16-bit numbers (PCM)."
            ) from None
        raise DataError(
            f"{file.name} is no WAV file ({error}): save the recording as WAV with 16-bit numbers (PCM)."
        ) from None
    if not RATES[0] <= rate <= RATES[1]:
        raise DataError(
            f"{file.name} has {rate} samples a second, from {RATES[0]:,} to {RATES[1]:,} can be read."
        )
    if width not in (1, 2, 3, 4):
        raise DataError(f"{file.name} has {8 * width} bits a sample, 8, 16, 24 or 32 can be read.")
    whole = len(data) // (width * channels) * width * channels  # a file that was cut off ends somewhere
    x = _numbers(data[:whole], width).reshape(-1, channels).mean(axis=1)
    if len(x) < SHORTEST * rate:
        raise DataError(f"{file.name} lasts {len(x) / rate:.2f} seconds, at least {SHORTEST} are needed.")
    if np.abs(x).max() < SILENT:
        raise DataError(f"{file.name} is silent: was the microphone on?")
    return np.asarray(resampled(x, rate), dtype=np.float32)


def resampled(x: NDArray[Any], rate: int) -> NDArray[Any]:
    """Return samples (N,) at `rate` a second as samples at 16,000 a second."""
    common = gcd(rate, RATE)
    return np.asarray(resample_poly(x, RATE // common, rate // common))


def save_wav(path: str | Path, sound: ArrayLike, rate: int = RATE) -> None:
    """Write samples (N,) from -1 to 1, or (N, channels), as a WAV file with 16-bit numbers.

    Raises:
        ValueError: the sound is empty, not finite, or has more than two axes.
    """
    x = np.asarray(sound, dtype=np.float64)
    if x.ndim not in (1, 2) or not x.size or not np.isfinite(x).all():
        raise ValueError(f"sound must be finite numbers (N,) or (N, channels), got shape {x.shape}")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if x.ndim == 1 else x.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(np.clip(x, -1, 1) * 32767).astype("<i2").tobytes())


def _numbers(data: bytes, width: int) -> NDArray[Any]:
    """Return samples from -1 to 1. Eight bits are 0 to 255, all others have a sign, the lowest byte first."""
    if width == 1:
        return (np.frombuffer(data, dtype=np.uint8).astype(np.float64) - 128) / 128
    if width == 3:  # three bytes become the upper ones of four
        four = np.zeros((len(data) // 3, 4), dtype=np.uint8)
        four[:, 1:] = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
        return four.view("<i4")[:, 0] / 2.0**31
    return np.frombuffer(data, dtype=f"<i{width}") / 2.0 ** (8 * width - 1)
