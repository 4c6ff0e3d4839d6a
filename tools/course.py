"""What is measured goes into the plan of the course, `notebooks/lessons.toml`, and from there into the README."""

from __future__ import annotations

import base64
import json
import math
import re
from itertools import groupby
from pathlib import Path

from lstm_lib import lesson_map
from tools.notebook import Lesson, Tags, data, joined, printed, tags

START, END = "<!-- map: made by `make notebooks` -->", "<!-- end of map -->"
PICTURE_START, PICTURE_END = (
    "<!-- picture: made by `make notebooks` from lesson 00 -->",
    "<!-- end of picture -->",
)
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
    return between(readme, START, END, table(folder))


def with_picture(readme: str, lesson: Lesson) -> str:
    """The README's text with a lesson's picture between its two markers. ValueError without the markers."""
    alt, _ = picture(lesson)
    words = alt.replace("[", "(").replace("]", ")")
    image = f"![{words}]({lesson.path.parent.name}/{picture_path(lesson).name})"
    return between(readme, PICTURE_START, PICTURE_END, image)


def between(text: str, start: str, end: str, middle: str) -> str:
    """The text with what stands between two markers replaced. ValueError unless each marker stands once."""
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"README.md must hold {start} and {end} once")
    return pattern.sub(lambda _: f"{start}\n\n{middle}\n\n{end}", text)


def picture(lesson: Lesson) -> tuple[str, bytes]:
    """The alt text and the PNG of the last figure that a lesson shows before its headline.

    Raises ValueError where there is none.
    """
    last = None
    for _, cell in lesson.code:
        if "headline" in tags(cell):
            break
        for bundle in data(cell):
            for image in Tags(joined(bundle.get("text/html", ""))).images:
                last = image
    head, _, encoded = ((last or {}).get("src") or "").partition("base64,")
    if last is None or head != "data:image/png;":
        raise ValueError(f"{lesson.path.name} must show a PNG before its headline cell")
    return last.get("alt") or "", base64.b64decode(encoded)


def picture_path(lesson: Lesson) -> Path:
    """Where the picture of a lesson stands for the README, beside the lesson."""
    return lesson.path.with_suffix(".png")


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
