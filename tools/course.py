"""What is measured goes into the plan of the course, `notebooks/lessons.toml`, and from there into the README."""

from __future__ import annotations

import json
import math
import re
from itertools import groupby
from pathlib import Path

from lstm_lib import lesson_map
from tools.notebook import Lesson, printed, tags

START, END = "<!-- map: made by `make notebooks` -->", "<!-- end of map -->"
TOML_HEAD = """\
# The nineteen lessons in reading order. The maps in README.md and in lesson 00 are made from this file.
# `seconds` is measured by `make notebooks`, from the start of the kernel to the last cell; 0 is not yet.
"""
KEYS = ("number", "name", "part", "title", "about", "seconds")


def note_seconds(folder: Path, number: str, seconds: float) -> None:
    """Record in the plan how long a lesson ran, up to the next 5 seconds: a second run seldom changes it."""
    lines = [TOML_HEAD]
    for lesson in lesson_map.lessons(folder):
        entry = {key: getattr(lesson, key) for key in KEYS}
        if lesson.number == number:
            entry["seconds"] = 5 * math.ceil(seconds / 5)
        # strings and whole numbers look in TOML as they do in JSON
        lines += [
            "\n[[lesson]]\n",
            *(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in entry.items()),
        ]
    (folder / "lessons.toml").write_text("".join(lines), encoding="utf-8", newline="\n")


def with_map(readme: str, folder: Path) -> str:
    """The README's text with the table between its two markers made anew. ValueError without the markers."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(readme)) != 1:
        raise ValueError(f"README.md must hold {START} and {END} once")
    return pattern.sub(lambda _: f"{START}\n\n{table(folder)}\n\n{END}", readme)


def table(folder: Path) -> str:
    """The map as one Markdown table, from the plan and the saved notebooks; a bold row opens each part."""
    rows = ["| | lesson | what it is about | read | run | result |", "| --- | --- | --- | --- | --- | --- |"]
    for part, lessons in groupby(lesson_map.lessons(folder), key=lambda lesson: lesson.part):
        rows.append(f"| | **{part}** | | | | |")
        rows += [row(lesson, folder) for lesson in lessons]
    return "\n".join(rows)


def row(lesson: lesson_map.Lesson, folder: Path) -> str:
    if not lesson.stands:
        return f"| {lesson.number} | {lesson.title} | {lesson.about} | | | *planned* |"
    link = f"[{lesson.title}]({folder.name}/{lesson.file})"
    run = f"{lesson.seconds} s" if lesson.seconds else "?"
    shown = result(Lesson.read(folder / lesson.file))
    return f"| {lesson.number} | {link} | {lesson.about} | {lesson.minutes} min | {run} | {shown} |"


def result(lesson: Lesson) -> str:
    """What the cell tagged `headline` printed, fit for a table."""
    lines = (printed(cell).strip() for _, cell in lesson.code if "headline" in tags(cell))
    return next(lines, "").replace("|", "\\|").replace("\n", " ")
