"""Choose an utterance, put noise to it, and see what a recogniser hears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lstm_lib import plots
from lstm_lib.datasets.log_mel import log_mel
from lstm_lib.experiments import speech
from lstm_lib.experiments.noise import coloured, mixed
from lstm_lib.experiments.speech import Alphabet, steps_of
from lstm_lib.plots import speech as views
from lstm_lib.widgets.explorer import Explorer

Array = NDArray[Any]
CLEAN = 40  # dB: from here on the noise is left out
FIRST = 10


class SpeechExplorer(Explorer):
    """An utterance in noise: spectrogram, letters over time, and what is understood without and with the lexicon."""

    def __init__(
        self,
        listen: Callable[[Array], Array],
        sounds: Sequence[Array],
        texts: Sequence[str],
        alphabet: Alphabet,
    ) -> None:
        """Begin with the first utterance, in a little noise.

        Args:
            listen: steps (T, 80) -> log probabilities (T, K).
            sounds: of each utterance, samples (N,) from -1 to 1 at 16,000 a second.
            texts: what was said in each.
            alphabet: of the K symbols.

        Raises:
            ValueError: there is no utterance, or another number of texts.
        """
        if not len(sounds) or len(sounds) != len(texts):
            raise ValueError(
                f"sounds and texts must be as many, at least one, got {len(sounds)} and {len(texts)}"
            )
        self._listen, self.sounds, self.texts, self.alphabet = listen, sounds, texts, alphabet
        super().__init__(
            {
                "utterance": ipywidgets.IntSlider(
                    value=0, min=0, max=len(sounds) - 1, description="utterance, number"
                ),
                "snr": ipywidgets.IntSlider(
                    value=FIRST, min=-10, max=CLEAN, step=2, description="speech over noise, dB"
                ),
                "noise": ipywidgets.IntSlider(value=0, min=0, max=20, description="noise, number"),
            }
        )

    def heard(self, utterance: int, snr: int, noise: int) -> tuple[Array, Array]:
        """Return the log-mel features (F, 40) and the log probabilities (T, K) for the values of the controls."""
        sound = np.asarray(self.sounds[utterance], dtype=np.float32)
        if snr < CLEAN:
            rng = np.random.default_rng([16, utterance, noise])
            sound = mixed(sound, coloured(len(sound), rng), snr)
        mels = log_mel(sound)
        return mels, self._listen(steps_of(mels))

    def figure(self, **values: Any) -> plots.Figure:
        """Draw what is heard, and tell what is understood."""
        mels, log_p = self.heard(**values)
        (greedy,) = speech.greedy([log_p], self.alphabet)
        (lexicon,) = speech.searched([log_p], self.alphabet, lexicon=True)
        where = "without noise" if values["snr"] >= CLEAN else f"at {values['snr']} dB"
        title = (
            f"Said {where}: “{self.texts[values['utterance']]}”\n"
            f"Best path: “{greedy}”. With the lexicon: “{lexicon}”"
        )
        return views.letters(mels, np.exp(log_p), self.alphabet.symbols, title=title)
