"""The stored translator: ``data/translator.safetensors``, larger than the lesson's, and trained longer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from lstm_lib.datasets.review_words import WordVocabulary
from lstm_lib.datasets.source import DATA, DataError
from lstm_lib.datasets.translation import load_translation
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
        "seconds": round(history.seconds), "torch": torch.__version__.split("+")[0], "numpy": np.__version__,
        "source": known.source.words[2:], "target": known.target.words[2:],
    }  # fmt: skip
    path.write_bytes(save({name: tensor.contiguous() for name, tensor in model.state_dict().items()}))
    path.with_suffix(".json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return model


def load(path: Path = STORED) -> tuple[Translator, Languages]:
    """Return the stored translator, in eval mode, and its words. Loading it runs no code.

    Raises:
        DataError: a file is not there, or cannot be read; it says what to do.
    """
    redo = "`python -m benchmarks.translation --checkpoint` makes it anew."
    settings = path.with_suffix(".json")
    for file in (path, settings):
        if not file.exists():
            raise DataError(f"the stored translator is missing: {file}. {redo}")
    try:
        facts = json.loads(settings.read_text(encoding="utf-8"))
        known = Languages(*(WordVocabulary.of(facts[side]) for side in ("source", "target")))
        model = fresh_translator(known, 0, Recipe(**facts["recipe"]))
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"the stored translator {path} cannot be read: {error!r:.200}. {redo}") from None
    return model.eval(), known
