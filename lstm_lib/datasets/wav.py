"""A learner's own recording: a WAV file of any rate, mono or stereo, as samples at 16,000 a second."""

from __future__ import annotations

import io
import struct
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
LARGEST = 100_000_000  # bytes: 30 seconds of two channels at 400,000 a second, with four bytes each, are less
EXTENSIBLE = 0xFFFE  # a format whose real number stands further behind


def load_wav(path: str | Path) -> NDArray[np.float32]:
    """Return the samples (N,) of a WAV file, from -1 to 1, at 16,000 a second; channels are averaged.

    Args:
        path: of an uncompressed WAV file with whole numbers of 8, 16, 24 or 32 bits, 0.2 to 30 seconds long.

    Raises:
        DataError: the file is not there, no such WAV file, too large, too short, too long, or silent; it says what to
            do.
    """
    file = Path(path)
    if not file.is_file():
        raise DataError(f"There is no file {file}. Give the path of a WAV file.")
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise DataError(
            f"{file.name} has more than {LARGEST // 10**6} million bytes, at most {LONGEST:.0f} seconds are read: "
            "cut it."
        )
    try:
        with wave.open(io.BytesIO(_mended(content)), "rb") as sound:
            rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
            frames = sound.getnframes()
            data = sound.readframes(frames)
    except EOFError:
        raise DataError(f"{file.name} is empty or cut off: it is no whole WAV file.") from None
    except RuntimeError:  # a part of the file is longer than the whole
        raise DataError(
            f"{file.name} is no WAV file (its parts do not fit together): save the recording as WAV "
            "with 16-bit numbers (PCM)."
        ) from None
    except wave.Error as error:
        # "unknown format: 3" and, from Python 3.12 on, "unknown extended format"
        if str(error).startswith("unknown"):
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
    if frames > LONGEST * rate:
        raise DataError(
            f"{file.name} lasts {frames / rate:.0f} seconds, at most {LONGEST:.0f} are read: cut it."
        )
    whole = len(data) // (width * channels) * width * channels  # a file that was cut off ends somewhere
    every = _numbers(data[:whole], width).reshape(-1, channels)
    x = every.mean(axis=1)
    if len(x) < SHORTEST * rate:
        raise DataError(f"{file.name} lasts {len(x) / rate:.2f} seconds, at least {SHORTEST} are needed.")
    if np.abs(x).max() < SILENT:
        if np.abs(every).max() >= SILENT:
            raise DataError(
                f"{file.name} is silent, since its channels cancel each other: save one of them alone."
            )
        raise DataError(f"{file.name} is silent: was the microphone on?")
    return np.asarray(resampled(x, rate), dtype=np.float32)


def _mended(content: bytes) -> bytes:
    """Return a WAV file as every version of Python reads it; what is none comes back as it is.

    In an *extensible* format (24 bits, many channels) the number of the real one takes its place: Python 3.11 does not
    look for it. Who writes a stream does not know its length in the beginning: where a length is 0, or goes
    beyond the end of the file, it becomes what is there.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return content
    new = bytearray(content)
    new[4:8] = struct.pack("<I", len(new) - 8)
    at = 12  # of a chunk: four letters, the length of what it holds, and that
    while at + 8 <= len(new):
        name, (size,) = bytes(new[at : at + 4]), struct.unpack_from("<I", new, at + 4)
        at += 8
        left = len(new) - at
        if name == b"fmt " and min(size, left) >= 40 and struct.unpack_from("<H", new, at)[0] == EXTENSIBLE:
            new[at : at + 2] = new[at + 24 : at + 26]
        if name == b"data":
            if size > left or (size == 0 and not _is_chunk(new[at : at + 8], left)):
                new[at - 4 : at] = struct.pack("<I", left)
            break
        at += size + size % 2
    return bytes(new)


def _is_chunk(beginning: bytes | bytearray, left: int) -> bool:
    """Tell whether these eight bytes look like the beginning of a chunk that fits into what is left of a file."""
    return (
        len(beginning) == 8
        and beginning[:4].strip().isalnum()
        and struct.unpack("<4xI", beginning)[0] <= left - 8
    )


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
