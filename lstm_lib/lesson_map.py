"""The map of the course: which lessons there are, what each is about, and how long it takes.

The plan is `notebooks/lessons.toml`. The minutes to read are those that a lesson's own opening states.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import lstm_lib

NO_BREAK = "\N{NO-BREAK SPACE}"  # keeps a number and its unit on one line
NOTEBOOKS = Path(lstm_lib.__file__).parents[1] / "notebooks"


@dataclass(frozen=True)
class Lesson:
    """One lesson of the plan. `seconds` to run and `minutes` to read are 0 where they are not known yet."""

    number: str
    name: str
    part: str
    title: str
    about: str
    seconds: int
    minutes: int
    stands: bool  # whether its notebook is there

    @property
    def file(self) -> str:
        """The name of its notebook, in the folder of the notebooks."""
        return f"{self.number}_{self.name}.ipynb"


class Table(str):
    """A text in Markdown that a notebook shows as a table."""

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """All lessons of the course in reading order, those that are only planned too.

    Raises FileNotFoundError if `folder` holds no plan.
    """
    plan = folder / "lessons.toml"
    if not plan.exists():
        raise FileNotFoundError(f"no plan of the lessons at {plan}: work in a copy of the whole course")
    entries = tomllib.loads(plan.read_text(encoding="utf-8"))["lesson"]
    files = [folder / f"{entry['number']}_{entry['name']}.ipynb" for entry in entries]
    return [
        Lesson(**entry, minutes=_minutes_to_read(file), stands=file.exists())
        for entry, file in zip(entries, files, strict=True)
    ]


def lesson_map(folder: Path = NOTEBOOKS) -> Table:
    """The map as a Markdown table, with links to the lessons that stand. Raises like `lessons`."""
    rows = ["| | lesson | what it is about | read | run |", "| --- | :--- | :--- | ---: | ---: |"]
    for part, members in groupby(lessons(folder), key=lambda lesson: lesson.part):
        rows += [f"| | **{part}** | | | |", *map(_row, members)]
    return Table("\n".join(rows))


def _row(lesson: Lesson) -> str:
    link = f"[{lesson.title}]({lesson.file})" if lesson.stands else lesson.title
    read = f"{lesson.minutes}{NO_BREAK}min" if lesson.minutes else ""
    run = f"{lesson.seconds}{NO_BREAK}s" if lesson.seconds else ""
    if not lesson.stands:
        run = "*planned*"
    return f"| {lesson.number} | {link} | {lesson.about} | {read} | {run} |"


def _minutes_to_read(notebook: Path) -> int:
    """The minutes that a lesson's first cells promise; 0 where there is no lesson or no promise."""
    if not notebook.exists():
        return 0
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    opening = "\n".join("".join(cell["source"]) for cell in cells[:4])
    promise = re.search(r"(\d+)\s+minutes?\s+to\s+read", opening)
    return int(promise[1]) if promise else 0
