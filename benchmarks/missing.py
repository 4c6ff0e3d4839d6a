"""What is not yet in a file of stored runs is run and stored at once: an interrupted benchmark goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

Run = TypeVar("Run")


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
