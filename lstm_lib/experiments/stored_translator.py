"""The stored translator: ``data/translator.safetensors``, larger than the lesson's, and trained longer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from lstm_lib.datasets.review_words import WordVocabulary
from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.translation import load_translation
from lstm_lib.experiments.stored_model import load_model, save_model
from lstm_lib.experiments.translation import Languages, Recipe, Translator, fresh_translator, languages, learn

STORED = DATA / "translator.safetensors"
LONG = Recipe("bilinear", embedding_size=128, hidden_size=256, dropout=0.2, steps=4000, rate=0.004)
SEED = 0


def make(
    path: Path = STORED, recipe: Recipe = LONG, seed: int = SEED, progress: str | None = None
) -> Translator:
    """Train the stored translator on the training part, and write it with its words and settings beside it (.json)."""
    train = load_translation().train
    known = languages(train)
    model, history = learn(train, known, seed, recipe, progress=progress)
    facts = {
        "recipe": asdict(recipe), "seed": seed, "trained on": "the training part of lstm_lib.datasets.translation",
        "seconds": round(history.seconds), "source": known.source.words[2:], "target": known.target.words[2:],
    }  # fmt: skip
    save_model(path, model, facts)
    return model


def load(path: Path = STORED) -> tuple[Translator, Languages]:
    """Return the stored translator, in eval mode, and its words. Loading it runs no code.

    Raises:
        DataError: a file is not there, or cannot be read; it says what to do.
    """

    def build(facts: dict[str, Any]) -> tuple[Translator, Languages]:
        known = Languages(*(WordVocabulary.of(facts[side]) for side in ("source", "target")))
        return fresh_translator(known, 0, Recipe(**facts["recipe"])), known

    return load_model(path, build, "python -m benchmarks.translation --checkpoint")
