"""Japanese vowels: nine men say two vowels, and the task is to tell who speaks. Real speech, as 12 numbers a frame.

Source: M. Kudo, J. Toyama and M. Shimbo (1999), *Multidimensional curve classification using passing-through regions*,
Pattern Recognition Letters 20. Their method tells 94.1 % of the test part, a hidden Markov model up to 96.2 %.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.source import DataError, fetch

SPEAKERS, CHANNELS = 9, 12
PUBLISHED = 0.941  # the part of the test that the method of Kudo et al. tells
HIDDEN_MARKOV = 0.962  # and the best of their hidden Markov models, with five states
SIZES = {"train": 270, "test": 370}


class Vowels(NamedTuple):
    """Utterances: the frames of each (T, 12), with a T of its own, and its speaker, 0 to 8."""

    frames: tuple[NDArray[np.float32], ...]
    speakers: NDArray[np.int64]


def load_vowels(part: str) -> Vowels:
    """Return one part: "train" (30 utterances of each speaker) or "test" (370).

    Raises:
        ValueError: there is no such part.
        DataError: the file cannot be had.
    """
    if part not in SIZES:
        raise ValueError(f"part must be one of {list(SIZES)}, got {part!r}")
    found = read(fetch(f"vowels_{part}"))
    assert len(found.frames) == SIZES[part]
    return found


def read(path: Path) -> Vowels:
    """Read a file in the form of the UCR archive (.ts): channels separated by colons, the class at the end of the line.

    Raises:
        DataError: a line cannot be read; it says which.
    """
    frames: list[NDArray[Any]] = []
    speakers: list[int] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(("#", "@")) or not line.strip():
            continue
        *channels, speaker = line.split(":")
        try:
            values = np.array(
                [[float(v) for v in channel.split(",")] for channel in channels], dtype=np.float32
            )
            who = int(speaker) - 1
        except ValueError as error:
            raise DataError(f"line {number} of {path.name} cannot be read: {error}") from None
        if values.shape[:1] != (CHANNELS,) or not 0 <= who < SPEAKERS or not np.isfinite(values).all():
            raise DataError(
                f"line {number} of {path.name} must have {CHANNELS} channels of numbers and a speaker from 1 to "
                f"{SPEAKERS}, got shape {values.shape} and {speaker!r}"
            )
        frames.append(np.ascontiguousarray(values.T))  # (T, 12)
        speakers.append(who)
    return Vowels(tuple(frames), np.array(speakers))
