"""Something to be heard: a player with a caption that tells what it plays."""

from __future__ import annotations

import base64
import html
import io
import wave

import numpy as np
from numpy.typing import ArrayLike

LOUD = 0.9  # the loudest sample of what is played


class Player:
    """A sound that can be played, as the last line of a cell. Its caption is the text for those who do not hear it.

    Attributes:
        told: what is to be heard, in words.
        wav: the sound as a WAV file, 16-bit numbers, one channel.
    """

    def __init__(self, sound: ArrayLike, rate: int, told: str) -> None:
        """Take a sound.

        Args:
            sound: (N,), any numbers; they are made as loud as they may be.
            rate: samples a second.
            told: what is to be heard, in words.

        Raises:
            ValueError: sound is not (N,) finite numbers, rate is below 1, or nothing is told.
        """
        x = np.asarray(sound, dtype=np.float64)
        if x.ndim != 1 or not x.size or not np.isfinite(x).all():
            raise ValueError(f"sound must be finite numbers (N,), at least one, got shape {x.shape}")
        if rate < 1:
            raise ValueError(f"rate must be at least 1 sample a second, got {rate}")
        if not told.strip():
            raise ValueError("told must say what is to be heard, got an empty text")
        self.told = told
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(int(rate))
            file.writeframes(np.rint(x * 32767 * LOUD / max(np.abs(x).max(), 1e-9)).astype("<i2").tobytes())
        self.wav = buffer.getvalue()

    def html(self) -> str:
        """Return the player with its caption."""
        data, told = base64.b64encode(self.wav).decode("ascii"), html.escape(self.told)
        return (
            f'<figure style="margin: 0"><audio controls preload="none" aria-label="{told}" '
            f'src="data:audio/wav;base64,{data}"></audio><figcaption>{told}</figcaption></figure>'
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/html": self.html(), "text/plain": f"Sound: {self.told}"}, raw=True)  # type: ignore[no-untyped-call]
