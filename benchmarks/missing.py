"""What is not yet in a file of stored runs is run and stored at once: an interrupted benchmark goes on.

What cannot be run or stored is told before the first network is trained.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

Run = TypeVar("Run")


def read_options(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a benchmark; end with the parser's error where no run could begin or be stored.

    Args:
        parser: it has the options --seeds, whole numbers, and --out, a path.
        arguments: of the command line; None takes those of this process.
    """
    options = parser.parse_args(arguments)
    if min(options.seeds) < 0:
        parser.error(f"--seeds must be 0 or more, got {min(options.seeds)}")
    if options.out.is_dir() or not options.out.parent.is_dir():
        parser.error(f"--out must be a file in a folder that is there, got {options.out}")
    return options


def run_missing(
    jobs: Iterable[tuple[Any, ...]],
    path: Path,
    *,
    stands: Callable[..., bool],
    one: Callable[..., list[Run]],
    load: Callable[[Path], list[Run]],
    save: Callable[[list[Run], Path], None],
) -> list[Run]:
    """Run each job whose rows are not in the file, with a progress bar, and return all rows.

    Args:
        jobs: the arguments of each run.
        path: of the file; it need not be there.
        stands: (rows, *job) -> whether the rows of a job are among them.
        one: (*job) -> its rows.
        load: path -> rows.
        save: (rows, path); called after each run.
    """
    runs = load(path) if path.exists() else []
    for job in (bar := tqdm(list(jobs), unit="run")):
        bar.set_postfix_str(", ".join(map(str, job)))
        if not stands(runs, *job):
            runs += one(*job)
            save(runs, path)
    return runs
