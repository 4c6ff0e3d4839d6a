"""The lessons as files: execute them, compare them with what was saved, keep the map in the README.

    python -m tools.lessons execute [NN …]   run lessons and save their outputs and the seconds they took
    python -m tools.lessons test [NN …]      run lessons and compare with their saved outputs, network refused
    python -m tools.lessons form [NN …]      say what is wrong with the form of lessons
    python -m tools.lessons map              write the table of lessons and the picture into README.md
    python -m tools.lessons check            fail where they are out of date

Without a number, all lessons that stand.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools import course
from tools.form import CELL_METADATA, problems
from tools.notebook import Lesson

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
README = ROOT / "README.md"
CELL_SECONDS = 120
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CLEAN = [
    "--keep-output",
    "--keep-count",
    "--keep-id",
    "--extra-keys",
    "metadata.widgets metadata.language_info.version cell.metadata.execution cell.metadata.lines_to_next_cell",
]


class LessonFailed(Exception):
    """A lesson did not run through; the message names the cell."""


def standing(numbers: Sequence[str] = ()) -> list[Path]:
    """The notebooks of the given lessons ("02"), in order; all that stand where none is given."""
    found = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    if missing := sorted(set(numbers) - {path.name[:2] for path in found}):
        raise SystemExit(f"no notebook stands for lesson {', '.join(missing)} in {NOTEBOOKS}")
    if not found:
        raise SystemExit(f"no lesson stands in {NOTEBOOKS}")
    return [path for path in found if not numbers or path.name[:2] in numbers]


@contextmanager
def quiet_room() -> Iterator[dict[str, str]]:
    """The environment lessons are run in: no network, and a learner's progress that is nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        offline = [str(ROOT / "tests" / "offline")]
        if inherited := os.environ.get("PYTHONPATH"):
            offline.append(inherited)
        yield {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(offline),
            "LSTM_LIB_PROGRESS": str(Path(folder) / "progress.json"),
        }


# --- execute ---------------------------------------------------------------------------------------------


def execute(path: Path) -> float:
    """Run one notebook and save it with its outputs, cleaned. Returns the seconds from kernel start to end.

    Raises LessonFailed, and leaves the file as it was, where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    place = {"cell": 0}
    client.on_cell_start = lambda cell, cell_index: place.update(cell=cell_index)
    start = time.perf_counter()
    with quiet_room() as environment:
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            where = f"{path.name}, cell {place['cell']} failed; the saved notebook was left as it was"
            raise LessonFailed(f"{where}\n{error}") from error
    seconds = time.perf_counter() - start
    save(notebook, path)
    return seconds


def save(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook cleaned, through a temporary file and one rename."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": notebook.metadata.get("language_info", {})}
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
    draft = path.with_name(f".{path.stem}.draft.ipynb")
    try:
        draft.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
        subprocess.run([sys.executable, "-m", "nbstripout", *CLEAN, str(draft)], check=True)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def execute_all(paths: Sequence[Path]) -> int:
    """Execute lessons and note their seconds; one that fails does not keep the others from running.

    Lesson 00 shows the seconds of all lessons, so it is executed once more at the end.
    """
    failed = False
    last = [path for path in standing() if path.name.startswith("00")]
    for path, measured in [*((path, True) for path in paths), *((path, False) for path in last)]:
        try:
            seconds = execute(path)
        except LessonFailed as error:
            failed = True
            print(error, file=sys.stderr)
        else:
            print(f"{path.name}: {seconds:.1f} s")
            if measured:
                course.note_seconds(NOTEBOOKS, path.name[:2], seconds)
    return int(failed)


# --- test ------------------------------------------------------------------------------------------------


def nbval_command(paths: Sequence[Path], cell_seconds: int = CELL_SECONDS) -> list[str]:
    """The command that runs notebooks and compares every output with the saved one."""
    return [
        sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env",
        f"--nbval-cell-timeout={cell_seconds}",
        "--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg"),
        *map(str, paths),
    ]  # fmt: skip


# Brings up loopback, which a new network namespace lacks, and becomes the command that follows.
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", 0x41))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING
os.execv(sys.argv[1], sys.argv[1:])
"""


def without_network() -> list[str]:
    """What to put before a command so that it has loopback and no network; nothing where that cannot be done.

    It takes Linux, and a system where a user may make a network namespace.
    """
    unshare = shutil.which("unshare")
    prefix = [unshare or "", "--map-root-user", "--net", sys.executable, "-c", LOOPBACK_UP]
    able = unshare and not subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True).returncode
    return prefix if able else []


def compare(paths: Sequence[Path]) -> int:
    """Run notebooks strictly against their saved outputs, without a network; pytest's exit code.

    The guard of `quiet_room` refuses it everywhere, and a namespace takes it away where the system allows one.
    """
    prefix = without_network()
    print("network:", "none, in a namespace of its own" if prefix else "refused by the guard", flush=True)
    with quiet_room() as environment:
        return subprocess.run([*prefix, *nbval_command(paths)], cwd=ROOT, env=environment).returncode


def form(paths: Sequence[Path]) -> int:
    """Print what is wrong with the form of notebooks."""
    found = [f"{path.name}: {problem}" for path in paths for problem in problems(Lesson.read(path))]
    print("\n".join(found) or f"{len(paths)} lessons in good form")
    return 1 if found else 0


def readme(write: bool) -> int:
    """Renew the map and the picture in the README or, without `write`, return 1 if they are out of date."""
    first = Lesson.read(standing()[0])
    fresh = course.with_map(README.read_text(encoding="utf-8"), NOTEBOOKS)
    fresh = course.with_picture(fresh, first)
    _, png = course.picture(first)
    path = course.picture_path(first)
    if write:
        README.write_text(fresh, encoding="utf-8", newline="\n")
        path.write_bytes(png)
    elif fresh != README.read_text(encoding="utf-8") or not path.exists() or path.read_bytes() != png:
        print(
            "the map or the picture in README.md is out of date: python -m tools.lessons map", file=sys.stderr
        )
        return 1
    return 0


# --- the command line ------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.lessons",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["execute", "test", "form", "map", "check"])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="lessons, such as 02")
    chosen = parser.parse_args(arguments)
    over_lessons = {"execute": execute_all, "test": compare, "form": form}
    if chosen.command in over_lessons:
        return over_lessons[chosen.command](standing(chosen.numbers))
    return readme(write=chosen.command == "map")


if __name__ == "__main__":
    sys.exit(main())
