"""A trained model that is kept with the course: its weights in a ``.safetensors`` file, its settings in JSON beside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from lstm_lib.datasets.source import DataError
from lstm_lib.training import checkpoint

Model = TypeVar("Model", bound=nn.Module)
Words = TypeVar("Words")


def save_model(path: Path, model: nn.Module, facts: Mapping[str, Any]) -> None:
    """Write weights to ``path``, and facts with the versions of PyTorch and NumPy beside it, in a file ending in .json.

    Raises:
        OSError: a file cannot be written. A good file is never replaced by half a file.
    """
    versions = {"torch": torch.__version__.split("+")[0], "numpy": np.__version__}
    text = json.dumps({**facts, **versions}, indent=1, ensure_ascii=False) + "\n"
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    checkpoint.replace_file(path, save(weights))
    checkpoint.replace_file(path.with_suffix(".json"), text.encode())


def load_model(
    path: Path, build: Callable[[dict[str, Any]], tuple[Model, Words]], redo: str
) -> tuple[Model, Words]:
    """Return a stored model, in eval mode, and what ``build`` gives with it. Loading it runs no code.

    Args:
        path: of the weights.
        build: facts -> a model of that shape, with any weights, and its vocabulary.
        redo: the command that makes the files anew.

    Raises:
        DataError: a file is not there, or cannot be read; it says what to do.
    """
    settings = path.with_suffix(".json")
    for file in (path, settings):
        if not file.exists():
            raise DataError(f"the stored model is missing: {file}. `{redo}` makes it anew.")
    try:
        model, words = build(json.loads(settings.read_text(encoding="utf-8")))
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"the stored model {path} cannot be read: {error!r:.200}. `{redo}` makes it anew."
        ) from None
    return model.eval(), words
