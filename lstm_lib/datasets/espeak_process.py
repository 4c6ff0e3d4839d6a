"""The process that speaks: ``python -m lstm_lib.datasets.espeak_process`` reads what to say and writes sound.

``lstm_lib.datasets.espeak`` starts it. It is a process of its own, because a crash inside the synthesiser's library
would end the process it happens in, and that shall not be a notebook. Standard input: one line of JSON, a list of
[text, voice, speed, pitch]. Standard output: for each of them the number of samples, four bytes, then the
samples, 16-bit numbers, both with the lowest byte first. In the beginning stands the rate of the samples, four bytes.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SYNCHRONOUS = 2  # no thread: espeak_Synth comes back when all samples are there
NO_EXIT = 0x8000  # a wrong data path is told, and does not end the process
UTF8 = 1
SPEED, PITCH = 1, 3  # numbers of parameters


def library() -> tuple[Any, str]:
    """Return the synthesiser's library and the folder of its data.

    Raises:
        OSError: the library cannot be loaded.
    """
    import espeakng_loader

    return ctypes.CDLL(espeakng_loader.get_library_path()), espeakng_loader.get_data_path()


def speak(utterances: list[tuple[str, str, int, int]]) -> Iterator[bytes]:
    """Give the rate of the samples, then the samples of one utterance after the other, as bytes.

    Raises:
        ValueError: there is no such voice, or the library refuses an utterance.
    """
    espeak, data = library()
    rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), NO_EXIT)
    if rate <= 0:
        raise ValueError(f"the synthesiser cannot read its data (code {rate})")
    yield rate.to_bytes(4, "little")
    chunks: list[bytes] = []

    def take(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            chunks.append(ctypes.string_at(samples, 2 * count))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    callback = kind(take)  # a name of its own, since the library keeps no reference to it
    espeak.espeak_SetSynthCallback(callback)
    for number, (text, voice, speed, pitch) in enumerate(utterances):
        variant = voice.partition("+")[2]
        # The library takes an unknown variant without a word, and speaks with the plain voice.
        if variant and not Path(data, "voices", "!v", variant).is_file():
            raise ValueError(f"there is no variant {variant!r} for the voice {voice!r}")
        if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"there is no voice {voice!r}")
        espeak.espeak_SetParameter(SPEED, speed, 0)
        espeak.espeak_SetParameter(PITCH, pitch, 0)
        # Breathy voices have noise in them, which is seeded by the clock if nobody else does it.
        espeak.espeak_ng_SetRandSeed(ctypes.c_long(number))
        words = text.encode()
        chunks.clear()
        if espeak.espeak_Synth(words, len(words) + 1, 0, 0, 0, UTF8, None, None) != 0:
            raise ValueError(f"the synthesiser refuses the text {text!r}")
        yield b"".join(chunks)


def main() -> None:
    """Speak what standard input asks for."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints must not get between the samples
    try:
        for number, sound in enumerate(speak(json.loads(sys.stdin.readline()))):
            out.write(sound if number == 0 else (len(sound) // 2).to_bytes(4, "little") + sound)
        out.close()
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
