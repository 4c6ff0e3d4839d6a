"""The stored model of *Hamlet*: ``data/hamlet_lstm.safetensors``, trained longer than a lesson can wait for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.vocabulary import Vocabulary
from lstm_lib.experiments.stored_model import load_model, save_model
from lstm_lib.experiments.text_generation import Recipe, build, hamlet_parts, learn
from lstm_lib.nn.language_model import LanguageModel

STORED = DATA / "hamlet_lstm.safetensors"
#: Chosen on the validation part with seed 100.
LONG = Recipe(hidden_size=384, dropout=0.5, embedding_dropout=0.3, rate=0.012, updates=12_000)
SEED = 0


def make(
    path: Path = STORED, recipe: Recipe = LONG, seed: int = SEED, progress: str | None = None
) -> LanguageModel:
    """Train the stored model on the training and the validation part of *Hamlet*, and write it with its settings.

    The settings stand beside it, in a file whose name ends in .json. Nothing of the test part is used.
    """
    parts = hamlet_parts()
    model, history = learn(parts.known, parts.symbols, recipe, seed, progress=progress)
    facts = {
        "recipe": asdict(recipe),
        "seed": seed,
        "trained on": "the training and the validation part of Hamlet",
        "characters": load_hamlet().vocabulary.characters,
        "seconds": round(history.seconds),
    }
    save_model(path, model, facts)
    return model


def load(path: Path = STORED) -> tuple[LanguageModel, Vocabulary]:
    """Return the stored model, in eval mode, and its vocabulary. Loading it runs no code.

    Raises:
        DataError: a file is not there, or cannot be read; it says what to do.
    """

    def build_it(facts: dict[str, Any]) -> tuple[LanguageModel, Vocabulary]:
        vocabulary = Vocabulary(facts["characters"])
        return build(len(vocabulary), Recipe(**facts["recipe"]), 0), vocabulary

    return load_model(path, build_it, "python -m benchmarks.text_generation --checkpoint")
