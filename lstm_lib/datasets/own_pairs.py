"""A learner's own pairs of sentences, from a text file."""

from __future__ import annotations

import re
from pathlib import Path

from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import Pair

MOST_CHARACTERS = 20_000_000

#: Where a line ends. ``str.splitlines`` would end it at U+2028, U+0085 and others too, which texts hold here and there.
_LINE_END = re.compile(r"\r\n|\n|\r")


def load_pairs(path: str | Path, *, at_least: int = 100) -> list[Pair]:
    r"""Read a text file in UTF-8 with a pair in each line: English, a tab, French; further columns are ignored.

    That is the form in which Tatoeba and the Anki decks of manythings.org come. Lines end with "\n", "\r\n" or "\r".

    Args:
        path: of the file; "~" is the home folder.
        at_least: so many pairs.

    Raises:
        TypeError: path is no path.
        DataError: the file is not there or cannot be read, is no text in UTF-8, is too large, has a line without a tab
            or with an empty side, or too few pairs. The message names the line, and says what to do.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be the path of a text file, got {type(path).__name__}")
    text = _content(path)
    name, pairs = Path(path).name, []
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if not line.strip():
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) < 2:
            raise DataError(f"line {number} of {name} has no tab: write English, a tab, French.")
        if not columns[0] or not columns[1]:
            raise DataError(
                f"line {number} of {name}: the {'first' if not columns[0] else 'second'} side is empty."
            )
        pairs.append(Pair(columns[0], columns[1]))
    if len(pairs) < at_least:
        raise DataError(f"{name} has {len(pairs)} pairs, at least {at_least} are needed.")
    return pairs


def _content(path: str | Path) -> str:
    """Return the text of a file. One that is far too large is not read."""
    try:
        file = Path(path).expanduser()
        if not file.is_file():
            raise DataError(
                f"There is no file {path!s:.200}. Give the path of a text file with English TAB French in each line."
            )
        if file.stat().st_size > 4 * MOST_CHARACTERS:
            raise DataError(f"{file.name} has more than {MOST_CHARACTERS:,} characters: take a part of it.")
        data = file.read_bytes()
    except DataError:
        raise
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as error:  # a name too long, no home folder, a zero byte in the name
        why = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{path!s:.200} cannot be read: {why.rstrip('.')}.") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{file.name} is no text in UTF-8 (byte {error.start}): save it so.") from None
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"{file.name} has more than {MOST_CHARACTERS:,} characters: take a part of it.")
    return text
