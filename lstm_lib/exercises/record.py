"""Which exercises are done: a small JSON file, {"01.1": "done", "01.2": "tried"}, safe from crashes.

The file is `.progress.json` at the root of the repository, or the one that `LSTM_LIB_PROGRESS` names.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

import lstm_lib

DONE, TRIED = "done", "tried"
PATIENCE = 5.0  # seconds to wait for another notebook that is writing


class RecordError(Exception):
    """The record could not be read or written. Its text says why, and what to do."""


def path() -> Path:
    """Return where the record is kept. Raises `RecordError` for a `~name` that is nobody's."""
    named = os.environ.get("LSTM_LIB_PROGRESS")
    try:
        here = Path(named).expanduser().absolute() if named else None
    except RuntimeError as error:
        raise RecordError(f"LSTM_LIB_PROGRESS must be a path, got {named!r}: {error}") from None
    return here or Path(lstm_lib.__file__).parents[1] / ".progress.json"


def read() -> tuple[dict[str, str], str]:
    """Return the state of every exercise begun, and a message, empty unless a damaged record was set aside.

    Raises `RecordError`.
    """
    states = _parsed()  # needs no lock: a write replaces the whole file at once
    if states is not None:
        return states, ""
    with _locked():
        return _sound()


def note(id: str, state: str) -> str:
    """Record that an exercise is `DONE` or `TRIED`; what is done stays done.

    Returns a message as `read` does. Raises `RecordError`.
    """
    if (_parsed() or {}).get(id) in (DONE, state):
        return ""
    with _locked():
        states, message = _sound()
        if states.get(id) not in (DONE, state):
            _write({**states, id: state})
    return message


@contextmanager
def _locked() -> Iterator[None]:
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            raise RecordError(f"{file} is a folder; set LSTM_LIB_PROGRESS to the name of a file.")
        with FileLock(f"{file}.lock", timeout=PATIENCE):
            yield
    except Timeout as error:
        raise RecordError(f"another program is using {file}; run the cell again when it is done.") from error
    except OSError as error:
        advice = "set LSTM_LIB_PROGRESS to a file that you may write."
        raise RecordError(f"{file} cannot be used ({error.strerror or error}); {advice}") from error


def _parsed() -> dict[str, str] | None:
    """Return what the record holds, or None if it cannot be read."""
    try:
        states = json.loads(path().read_text(encoding="utf-8"))
        return states if isinstance(states, dict) and set(states.values()) <= {DONE, TRIED} else None
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError, TypeError):
        return None


def _sound() -> tuple[dict[str, str], str]:
    """Return what the record holds; set it aside first, with a message, if it is damaged."""
    states = _parsed()
    if states is not None:
        return states, ""
    file = path()
    aside = next(name for n in range(1, 10**6) if not (name := Path(f"{file}.damaged-{n}")).exists())
    file.replace(aside)
    return {}, f"your progress could not be read. It is kept as {aside.name}, and a new record begins."


def _write(states: dict[str, str]) -> None:
    """Write through a temporary file and one rename: a reader sees the old record or the new one, whole."""
    file = path()
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".new", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(states, new, indent=1, sort_keys=True)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
