"""Data that is made and not fetched: by a recipe, once, into the cache; made anew when the recipe changes.

    path = made.find("spoken", recipe, make)      # recipe: a text that holds all that the data depends on
    path = made.find("pairs", recipe, make, ".tsv")

`make(path)` writes the file. It is called under a lock, with the path of a draft, which takes its place by one
rename: an interrupted run leaves nothing behind that looks whole.
"""

from __future__ import annotations

import hashlib
import importlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from lstm_lib.datasets.source import DataError, cache_dir

LOCK_SECONDS = 600  # how long to wait for another process that is making the same file

# What `lstm-lib data fetch` makes beside what it fetches: name -> module and function, called without arguments.
MADE = {
    "spoken": ("lstm_lib.datasets.spoken", "load_spoken"),
    "translation": ("lstm_lib.datasets.translation", "load_translation"),
}


def place(name: str, recipe: str, ending: str = "") -> Path:
    """Return where the file of a recipe is, or will be: its name holds a checksum of the recipe.

    Raises:
        ValueError: the name is empty or no plain name.
    """
    if not name or not name.replace("_", "").isalnum():
        raise ValueError(f"name must be of letters, digits and _, got {name!r}")
    return cache_dir() / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}{ending}"


def find(name: str, recipe: str, make: Callable[[Path], None], ending: str = "") -> Path:
    """Return the path of the file that a recipe makes, after making it if it is not there.

    Args:
        name: a short name; files of other recipes of this name and ending are deleted when a new one is made.
        recipe: all that the data depends on, as a text.
        make: path -> None; writes the file there.
        ending: of the file, such as ".npz".

    Raises:
        DataError: another process holds the lock too long, or the cache cannot be written to. And what `make` raises.
    """
    path = place(name, recipe, ending)
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / f".{name}.lock", timeout=LOCK_SECONDS):
            if not path.exists():  # unless another process was faster
                _make(path, name, make, ending)
    except Timeout:
        raise DataError(
            f"another process has been making {path.name} for {LOCK_SECONDS} seconds. Wait until it ends, or stop it, "
            "then try again."
        ) from None
    except OSError as error:
        raise DataError(
            f"cannot write to the data folder {path.parent}: {error}. Make room or allow writing there, or set "
            "LSTM_LIB_DATA to a folder that you may write to."
        ) from error
    return path


def _make(path: Path, name: str, make: Callable[[Path], None], ending: str) -> None:
    with tempfile.TemporaryDirectory(
        prefix=f".{name}-", dir=path.parent, ignore_cleanup_errors=True
    ) as folder:
        draft = Path(folder, f"draft{ending}")
        make(draft)
        draft.replace(path)
    for old in path.parent.glob(f"{name}-{'[0-9a-f]' * 16}{ending}"):
        if old != path:
            old.unlink(missing_ok=True)


def all_of_it() -> list[str]:
    """Make everything in MADE that is not there yet; return the names.

    Raises:
        DataError: something cannot be made; it says what to do.
    """
    for module, function in MADE.values():
        getattr(importlib.import_module(module), function)()
    return list(MADE)
