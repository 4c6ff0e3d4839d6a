"""A learner's own text, split like *Hamlet*: a UTF-8 file in, three pieces and a vocabulary out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.hamlet import split
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.vocabulary import Vocabulary

#: Characters. Below the first there is too little to split; above the second a lesson would take too long.
SHORTEST, LONGEST = 5_000, 5_000_000
#: Stands in the held-out pieces for a character that the training part does not have.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, repr=False)
class Text:
    """A text in three pieces, in its order.

    train, validation, test: cut as ``hamlet.split`` cuts: 85.5 %, 4.5 % and 10 % of the characters.
    vocabulary: the different characters of ``train``, and UNKNOWN if the held-out pieces need it.
    replaced: so many characters of the held-out pieces do not stand in ``train``. UNKNOWN stands in their place.
    """

    train: str
    validation: str
    test: str
    vocabulary: Vocabulary
    replaced: int

    def __repr__(self) -> str:  # the generated one would print the text
        sizes = f"train={len(self.train):,}, validation={len(self.validation):,}, test={len(self.test):,}"
        return f"Text({sizes} characters, {len(self.vocabulary)} different, {self.replaced} replaced)"


def load_text(path: str | Path) -> Text:
    r"""Read a text file in UTF-8 and split it. Line ends become "\n"; nothing else is changed.

    Raises:
        TypeError: path is no path.
        DataError: there is no such file, it cannot be read or is no UTF-8 text, it is empty, too short or too long, or
            it has one character only. The message says what to do.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be the path of a text file, got {type(path).__name__}")
    text = _content(Path(path).expanduser()).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise DataError(f"{path} must hold a text, but it is empty. Was it saved?")
    if not SHORTEST <= len(text) <= LONGEST:
        much = "too short: join several texts" if len(text) < SHORTEST else "too long: take a part of it"
        raise DataError(
            f"{path} must have from {SHORTEST:,} to {LONGEST:,} characters, it has {len(text):,}. It is {much}."
        )
    train, *held_out = split(text)
    known = set(train)
    if len(known) < 2:
        raise DataError(f"{path} must have different characters to guess, it has only {train[0]!r}")
    replaced = sum(character not in known for part in held_out for character in part)
    validation, test = ("".join(c if c in known else UNKNOWN for c in part) for part in held_out)
    return Text(train, validation, test, Vocabulary(train + UNKNOWN if replaced else train), replaced)


def _content(path: Path) -> str:
    """Return the text of a file. One that is far too large is not read."""
    try:
        if not path.exists():
            raise DataError(
                f"there is no file {path}. The path begins at the folder of the notebook: {Path.cwd().name}/"
            )
        if path.is_dir():
            raise DataError(f"{path} must be a text file, but it is a folder. Name a file in it.")
        if (size := path.stat().st_size) > 4 * LONGEST:
            raise DataError(
                f"{path} must have at most {LONGEST:,} characters, it has {size:,} bytes. Take a part of it."
            )
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path!s:.200} cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} must be a text in UTF-8; its byte {error.start:,} is none. Open it in an editor and save it as "
            'plain text, encoding UTF-8. (A .docx or .pdf is no plain text: "save as" or copy its text.)'
        ) from None
    if "\0" in text:
        raise DataError(f"{path} must be a plain text, but it holds zero bytes. Save it as text in UTF-8.")
    return text
