"""Speech from text by eSpeak NG, a synthesiser of 1995 that is still cared for: ``speak`` returns sound.

The same list of utterances gives the same samples, in a fresh process: what was said before changes what comes next. So
all are said by one process, in their order.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from lstm_lib.datasets.source import DataError

__all__ = ["Said", "speak"]

COMMAND = (sys.executable, "-m", "lstm_lib.datasets.espeak_process")
SPEEDS, PITCHES = (80, 450), (0, 99)
INSTALL = "Install the course anew, `pip install -e .`, with espeakng-loader, for Linux, macOS or Windows."


class Said(NamedTuple):
    """What to say, and how.

    Attributes:
        text: English words.
        voice: language and variant, such as "gmw/en+f1".
        speed: words a minute, 80 to 450.
        pitch: 0 to 99; 50 is the voice's own.
    """

    text: str
    voice: str
    speed: int = 175
    pitch: int = 50


def speak(said: Sequence[Said], progress: str | None = None) -> tuple[int, list[NDArray[np.int16]]]:
    """Return the samples a second, and the sound of each utterance, 16-bit numbers (N,).

    Args:
        said: what to say, in order.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        ValueError: there is nothing to say, or a text, voice, speed or pitch that cannot be meant.
        DataError: the synthesiser is not there, does not know a voice, or died; it says at which utterance.
    """
    plain = [_checked(number, one) for number, one in enumerate(said)]
    if not plain:
        raise ValueError("said must hold at least one utterance, got none")
    sounds: list[NDArray[np.int16]] = []
    # What it says of errors goes to a file: a pipe that nobody reads would fill up and stop it.
    with (
        tempfile.TemporaryFile() as words,
        tqdm(total=len(said), desc=progress, unit="clip", disable=progress is None) as bar,
    ):
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words)
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(plain).encode() + b"\n")
            process.stdin.flush()
            rate = _number(process.stdout)
            for _ in plain:
                count = _number(process.stdout)
                sounds.append(np.frombuffer(_exactly(process.stdout, 2 * count), dtype="<i2"))
                bar.update()
        except (EOFError, BrokenPipeError):
            code = process.wait()
            words.seek(0)
            lines = words.read().decode(errors="replace").strip().splitlines()
            last = lines[-1].rstrip(".") if lines else "it crashed without a word"
            raise DataError(
                f"the speech synthesiser stopped at utterance {len(sounds) + 1} of {len(plain)} (code {code}): "
                f"{last}. {_what_to_do(last, len(sounds))}"
            ) from None
        finally:  # after an interrupt, too: the process must not stay behind
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()
    return rate, sounds


def _what_to_do(last: str, spoken: int) -> str:
    """Return what helps, from the synthesiser's last line and the number of utterances that it has spoken."""
    if last.startswith(("there is no voice", "there is no variant", "the synthesiser refuses the text")):
        return "Change that, and run the cell again."
    return "Run the cell again." if spoken else INSTALL


def _checked(number: int, one: Any) -> Said:
    if not isinstance(one, tuple) or len(one) != 4:
        raise ValueError(f"said[{number}] must be (text, voice, speed, pitch), got {one!r}")
    text, voice, speed, pitch = one
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"said[{number}].text must hold words, got {text!r}")
    if not isinstance(voice, str) or not voice.strip():
        raise ValueError(f"said[{number}].voice must name a voice, got {voice!r}")
    for name, letters in (("text", text), ("voice", voice)):
        if "\0" in letters:  # the library would take it for the end
            raise ValueError(f"said[{number}].{name} must not hold the character 0, got {letters!r}")
    return Said(
        text,
        voice,
        _whole(f"said[{number}].speed", speed, SPEEDS, " words a minute"),
        _whole(f"said[{number}].pitch", pitch, PITCHES),
    )


def _whole(name: str, given: Any, limits: tuple[int, int], unit: str = "") -> int:
    low, high = limits
    if not isinstance(given, int | np.integer) or isinstance(given, bool) or not low <= given <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}{unit}, got {given!r}")
    return int(given)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _number(pipe: IO[bytes]) -> int:
    return int.from_bytes(_exactly(pipe, 4), "little")
