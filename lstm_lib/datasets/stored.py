"""Results that a benchmark stores as a small CSV in ``data/``: one dataclass a file, one row a run."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from lstm_lib.datasets.source import DataError

Row = TypeVar("Row")

# How a field of a row is read. Fields are annotated as text, since annotations are not evaluated.
_READ: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": lambda text: bool(int(text)),
}


def load_rows(kind: type[Row], path: Path, command: str) -> list[Row]:
    """Return the rows of a file, in their order.

    Args:
        kind: a dataclass whose fields are int, float, str or bool.
        path: of the CSV, whose first line names the fields.
        command: what makes the file anew, for the error.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    redo = f"`{command}` makes it anew."
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [_read(kind, row) for row in csv.DictReader(file)]
    except FileNotFoundError:
        raise DataError(f"the stored runs are missing: {path}. {redo}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"the stored runs in {path} cannot be read: {error!r}. {redo}") from None


def save_rows(kind: type[Row], rows: Iterable[Row], path: Path) -> None:
    """Write rows to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _names(kind), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: _plain(value) for name, value in asdict(row).items()} for row in rows)  # type: ignore[call-overload]
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _plain(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def _read(kind: type[Row], row: dict[str, str]) -> Row:
    return kind(**{field.name: _READ[str(field.type)](row[field.name]) for field in fields(kind)})  # type: ignore[arg-type]
