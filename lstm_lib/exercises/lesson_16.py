"""The exercises of lesson 16: speech in noise, paths that collapse, a forward sum, training for noise."""

from __future__ import annotations

from lstm_lib.exercises.ctc_sums import COLLAPSE, TWO_LETTERS
from lstm_lib.exercises.noisy_training import NOISY_TRAINING
from lstm_lib.exercises.speech_in_noise import WITH_NOISE

EXERCISES = [WITH_NOISE, COLLAPSE, TWO_LETTERS, NOISY_TRAINING]
