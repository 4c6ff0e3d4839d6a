"""Files from which a training run can go on: tensors as safetensors, everything else as JSON, never half-written.

A checkpoint at ``runs/hamlet`` is two files: ``runs/hamlet.json``, and a file of tensors whose name and checksum
stand in it. The tensors are written first, under a new name, and the JSON takes the old one's place in one move at
the end. So whatever goes wrong on the way, the checkpoint that stood there before still stands. Loading one runs no
code.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as bytes_from_tensors
from torch import Tensor

Generator = np.random.Generator | torch.Generator


class Damaged(ValueError):
    """A checkpoint that cannot be read. The message names the file, and says what to do."""


def save(path: str | Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write a checkpoint, in place of one that stands there.

    Args:
        path: folder and name without an ending. The folder is made if there is none.
        tensors: by name.
        facts: what JSON can hold. Numbers come back exactly.

    Raises:
        OSError, TypeError, ValueError: it cannot be written. What stood there before is still there.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = bytes_from_tensors({name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()})
    checksum = hashlib.sha256(content).hexdigest()
    name = f"{path.name}.{checksum[:16]}.safetensors"
    entry = {"tensors": name, "sha256": checksum, "facts_sha256": _checksum(facts), "facts": dict(facts)}
    text = json.dumps(entry, allow_nan=False).encode()
    replace_file(path.with_name(name), content)
    replace_file(_index(path), text)
    for old in _tensor_files(path):
        if old.name != name:
            with suppress(OSError):  # another program may have it open; the next save tries again
                old.unlink()


def load(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Return the tensors and the facts of a checkpoint; None where there is none.

    Raises:
        Damaged: its files are not as they were written.
    """
    path = Path(path)
    index = _index(path)
    if not index.exists():
        return None
    begin_anew = f"to begin anew: lstm_lib.training.checkpoint.remove({str(path)!r})"
    try:
        entry = json.loads(index.read_bytes())
        name, checksum, facts = (entry[key] for key in ("tensors", "sha256", "facts"))
        # A name from a file is not trusted: it must be one of ours, in the same folder.
        beside = {file.name: file for file in _tensor_files(path)}
        file = beside.get(name)
        if _checksum(facts) != entry["facts_sha256"]:
            raise ValueError("its facts are not as they were written")
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{index} is no checkpoint ({error}); {begin_anew}") from error
    if file is None:
        raise Damaged(f"{index} names a file of tensors that is not beside it, {name!r}; {begin_anew}")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != checksum:
        raise Damaged(f"{file} is not as it was written (its checksum differs); {begin_anew}")
    return tensors_from_bytes(content), facts


def remove(path: str | Path) -> None:
    """Delete a checkpoint, if there is one: the next run begins anew."""
    path = Path(path)
    _index(path).unlink(missing_ok=True)
    for file in _tensor_files(path):
        file.unlink()


def generator_states(generators: Mapping[str, Generator]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the states of generators as a checkpoint takes them: tensors of PyTorch's, facts of NumPy's.

    PyTorch's global generator, which dropout uses, is among them.
    """
    tensors, facts = {"generator.": torch.get_rng_state()}, {}
    for name, generator in generators.items():
        if isinstance(generator, torch.Generator):
            tensors[f"generator.{name}"] = generator.get_state()
        else:
            facts[name] = _plain(generator.bit_generator.state)
    return tensors, facts


def set_generators(
    generators: Mapping[str, Generator], tensors: Mapping[str, Tensor], facts: Mapping[str, Any]
) -> None:
    """Set generators to states from ``generator_states``."""
    torch.set_rng_state(tensors["generator."])
    for name, generator in generators.items():
        if isinstance(generator, torch.Generator):
            generator.set_state(tensors[f"generator.{name}"])
        else:
            generator.bit_generator.state = facts[name]


def _plain(state: Any) -> Any:
    """Return NumPy's state without arrays; MT19937 takes a list as well."""
    if isinstance(state, Mapping):
        return {key: _plain(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state


def _index(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _tensor_files(path: Path) -> list[Path]:
    """The files of tensors of this checkpoint: its name, 16 digits of a checksum, the ending."""
    ours = re.compile(re.escape(path.name) + r"\.[0-9a-f]{16}\.safetensors")
    if not path.parent.is_dir():
        return []
    return [file for file in path.parent.iterdir() if ours.fullmatch(file.name)]


def _checksum(facts: Mapping[str, Any]) -> str:
    """The same for facts as they are written, and as they are read: JSON gives every float back exactly."""
    return hashlib.sha256(json.dumps(dict(facts), allow_nan=False).encode()).hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file under another name, see to it that it has reached the disk, then move it to its place.

    Raises:
        OSError: it cannot be written. What stood there before is still there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        with suppress(OSError):  # some file systems cannot
            _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """See to it that a move within a folder has reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
