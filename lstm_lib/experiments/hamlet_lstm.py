"""The stored model of *Hamlet*: ``data/hamlet_lstm.safetensors``, trained longer than a lesson can wait for."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.datasets.source import DATA, DataError
from lstm_lib.datasets.vocabulary import Vocabulary
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
        "torch": torch.__version__.split("+")[0],
        "numpy": np.__version__,
    }
    path.write_bytes(save({name: tensor.contiguous() for name, tensor in model.state_dict().items()}))
    path.with_suffix(".json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return model


def load(path: Path = STORED) -> tuple[LanguageModel, Vocabulary]:
    """Return the stored model, in eval mode, and its vocabulary. Loading it runs no code.

    Raises:
        DataError: a file is not there, or cannot be read; it says what to do.
    """
    redo = "`python -m benchmarks.text_generation --checkpoint` makes it anew."
    settings = path.with_suffix(".json")
    for file in (path, settings):
        if not file.exists():
            raise DataError(f"the stored model is missing: {file}. {redo}")
    try:
        facts = json.loads(settings.read_text(encoding="utf-8"))
        vocabulary = Vocabulary(facts["characters"])
        model = build(len(vocabulary), Recipe(**facts["recipe"]), 0)
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"the stored model {path} cannot be read: {error!r:.200}. {redo}") from None
    return model.eval(), vocabulary
