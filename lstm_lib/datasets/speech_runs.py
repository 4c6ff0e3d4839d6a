"""The stored runs of speech recognition: ``data/speech.csv``, made by ``benchmarks.speech``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "speech.csv"


@dataclass(frozen=True)
class SpeechRun:
    """One network, trained and tested under one condition.

    Attributes:
        task: "digits", "commands" or "vowels".
        model: "recogniser", or what is left out: "without noise", "without shifted voices", "one layer"; "BiLSTM" for
            the vowels.
        condition: "test" (voices never heard), "accents" (nor the accents), "20 dB" … "0 dB" (the test in noise),
            "babble 10 dB" (while others talk).
        seed: of the network and its batches.
        utterances: it was tested on.
        words: in them; for the vowels, utterances.
        greedy: wrong words of the best path, substitutions, deletions and insertions added; for the vowels, wrong
            speakers.
        beam, lexicon: wrong words of the prefix beam search without and with the lexicon; -1 where it was not run.
        cer: character error rate of the best path, from 0 on; -1 for the vowels.
        parameters: how many numbers the network has learnt.
        seconds: of processor time for training, on one thread.
        torch, numpy: versions.
    """

    task: str
    model: str
    condition: str
    seed: int
    utterances: int
    words: int
    greedy: int
    beam: int
    lexicon: int
    cer: float
    parameters: int
    seconds: float
    torch: str
    numpy: str

    def rate(self, way: str = "greedy") -> float:
        """Return the word error rate of a way, "greedy", "beam" or "lexicon".

        Raises:
            ValueError: it was not run that way.
        """
        ways = {"greedy": self.greedy, "beam": self.beam, "lexicon": self.lexicon}
        if ways.get(way, -1) < 0:
            raise ValueError(f"way must be one of those that were run, got {way!r}")
        return ways[way] / self.words


def load_speech_runs(path: Path = STORED) -> list[SpeechRun]:
    """Return the stored runs, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(SpeechRun, path, "python -m benchmarks.speech")


def save_speech_runs(runs: Iterable[SpeechRun], path: Path = STORED) -> None:
    """Write runs to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(SpeechRun, runs, path)


def chosen(runs: Sequence[SpeechRun], task: str, model: str, condition: str = "test") -> list[SpeechRun]:
    """Return the runs of one model under one condition, in the order of their seeds.

    Raises:
        ValueError: there is none.
    """
    wanted = (task, model, condition)
    found = sorted(
        (run for run in runs if (run.task, run.model, run.condition) == wanted), key=lambda run: run.seed
    )
    if not found:
        raise ValueError(f"runs must hold some of {wanted}, got none")
    return found
