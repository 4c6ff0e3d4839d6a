"""The form of a lesson: every rule that a machine can hold, as a function over one notebook.

A check takes a `Lesson` and yields one sentence for each thing that is not as it should be; `problems` runs
them all. The same functions serve the tests and `python -m tools.lessons form`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from tools.notebook import (
    PICTURES,
    Lesson,
    Tags,
    anchors,
    calls,
    data,
    joined,
    link_targets,
    printed,
    section,
    stated_time,
    strings,
    tags,
    text,
    tree,
)

CELL_METADATA = {"tags", "jupyter", "nbgrader"}
TAGS = {"exercise", "check", "solution", "headline", "nbval-ignore-output"}
MAX_KIB = 1500
MAX_CODE_LINES = 25
MAX_CODE_RUN = 3
CELLS = range(25, 61)
MIN_ALT = 20
MIN_EXERCISES = 3
REMEMBER_LINES = 5

FORBIDDEN = {
    r"\bpip\b": "installs something",
    r"\burlopen\b|\burlretrieve\b|\burllib\.request\b|\brequests\.get\b|\bwget\b": "downloads something",
    r"\bsys\.path\b|\bos\.chdir\b|\bPYTHONPATH\b": "plays a trick with paths",
    r"__version__|\bsys\.version\b": "prints a version",
}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|Users)/|\b[A-Z]:\\(?:Users|Windows|Program)")
EMBEDDED_PICTURE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")


# --- the file --------------------------------------------------------------------------------------------


def file_size(lesson: Lesson) -> Iterator[str]:
    if lesson.path.exists() and (kib := lesson.path.stat().st_size / 1024) > MAX_KIB:
        yield f"the file is {kib:.0f} KiB, at most {MAX_KIB} are allowed: draw fewer or smaller figures"


def metadata(lesson: Lesson) -> Iterator[str]:
    meta = lesson.nb.get("metadata", {})
    if (name := meta.get("kernelspec", {}).get("name")) != "python3":
        yield f"the kernel must be named python3, it is {name!r}"
    if "widgets" in meta:
        yield "the state of widgets is saved: clean the notebook with the pre-commit hook"
    if "version" in meta.get("language_info", {}):
        yield "the version of Python is saved: clean the notebook with the pre-commit hook"
    for i, cell in enumerate(lesson.cells):
        for key in set(cell.get("metadata", {})) - CELL_METADATA:
            yield f"cell {i} has metadata {key!r}: `make notebooks` saves without it"


def cell_ids(lesson: Lesson) -> Iterator[str]:
    ids = [cell.get("id") for cell in lesson.cells]
    if None in ids or len(set(ids)) < len(ids):
        yield "every cell needs an id of its own (nbformat 4.5)"


def tag_names(lesson: Lesson) -> Iterator[str]:
    for i, cell in enumerate(lesson.cells):
        for tag in set(tags(cell)) - TAGS:
            yield f"cell {i} has the unknown tag {tag!r}, allowed are {', '.join(sorted(TAGS))}"


def machine_paths(lesson: Lesson) -> Iterator[str]:
    for i, cell in enumerate(lesson.cells):
        words = " ".join(strings([cell["source"], cell.get("outputs", [])]))
        if found := MACHINE_PATH.search(EMBEDDED_PICTURE.sub("", words)):
            yield f"cell {i} shows a path of one machine: {words[found.start() : found.start() + 30]!r}"


# --- the course of a lesson ------------------------------------------------------------------------------


def length(lesson: Lesson) -> Iterator[str]:
    if len(lesson.cells) not in CELLS:
        yield f"{len(lesson.cells)} cells, a lesson has {CELLS.start} to {CELLS.stop - 1}"


def title(lesson: Lesson) -> Iterator[str]:
    first = text(lesson.cells[0]) if lesson.prose and lesson.prose[0][0] == 0 else ""
    if not re.match(rf"# {lesson.number} \S", first):
        yield f"the first cell must be the title, '# {lesson.number} Title'"


def opening(lesson: Lesson) -> Iterator[str]:
    head = "\n".join(words for i, words in lesson.prose if i < 4)
    for phrase in ("What you will do", "What you will learn", "What you need"):
        if phrase.lower() not in head.lower():
            yield f"the opening does not say {phrase!r}"
    for verb in ("read", "run"):
        if stated_time(head, verb) is None:
            yield f"the opening does not say how long it takes to {verb} ('12 minutes to {verb}')"


def closing(lesson: Lesson) -> Iterator[str]:
    for name in ("What to remember", "On your own", "In practice", "Sources"):
        if name != "In practice" or lesson.number != "00":
            body = section(lesson, name)
            if body is None:
                yield f"no section '## {name}'"
            elif not body:
                yield f"the section '## {name}' is empty"
    lines = section(lesson, "What to remember") or []
    if len(lines) > REMEMBER_LINES:
        yield f"'What to remember' has {len(lines)} lines, at most {REMEMBER_LINES}"


def headline(lesson: Lesson) -> Iterator[str]:
    cells = [cell for _, cell in lesson.code if "headline" in tags(cell)]
    if len(cells) > 1 or (not cells and lesson.number != "00"):
        yield f"{len(cells)} cells are tagged 'headline', a lesson has one, which prints its result"
    for cell in cells:
        if len(printed(cell).strip().splitlines()) != 1:
            yield "the cell tagged 'headline' must print one line"


# --- code ------------------------------------------------------------------------------------------------


def code_sizes(lesson: Lesson) -> Iterator[str]:
    for i, cell in lesson.code:
        if (lines := len(text(cell).splitlines())) > MAX_CODE_LINES:
            yield f"code cell {i} has {lines} lines, at most {MAX_CODE_LINES}"
    kinds = "".join("c" if cell["cell_type"] == "code" else "-" for cell in lesson.cells)
    if found := re.search("c" * (MAX_CODE_RUN + 1), kinds):
        yield f"more than {MAX_CODE_RUN} code cells in a row, from cell {found.start()} on"


def plain_python(lesson: Lesson) -> Iterator[str]:
    for i, cell in lesson.code:
        if tree(cell) is None:
            yield f"code cell {i} is not plain Python (magics and shell commands are not used)"
        if text(cell).rstrip().endswith(";"):
            yield f"code cell {i} ends in ';': write `_ = …` to show nothing"
        for pattern, what in FORBIDDEN.items():
            if re.search(pattern, text(cell)):
                yield f"code cell {i} {what}"


def first_code_cell(lesson: Lesson) -> Iterator[str]:
    if lesson.code:
        i, cell = lesson.code[0]
        for statement in getattr(tree(cell), "body", []):
            is_import = isinstance(statement, ast.Import | ast.ImportFrom)
            if not is_import and not re.search(r"seed|rng", ast.unparse(statement), re.IGNORECASE):
                yield f"the first code cell ({i}) holds more than imports and seed: {ast.unparse(statement)}"


def executed(lesson: Lesson) -> Iterator[str]:
    counts = [cell.get("execution_count") for _, cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"the code cells were not run once each, from top to bottom: counts {counts}"
    for i, cell in lesson.code:
        if not text(cell).strip():
            yield f"code cell {i} is empty"
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                yield f"code cell {i} ends in {output.get('ename', 'an error')}"
            if output.get("name") == "stderr":
                yield f"code cell {i} writes to standard error: {joined(output['text'])[:60]!r}"
        if re.search(r"\bat 0x[0-9a-f]{6,}", " ".join(strings(cell.get("outputs", [])))):
            yield f"code cell {i} shows the address of an object, which differs from run to run"


def ignored_outputs(lesson: Lesson) -> Iterator[str]:
    for (i, cell), follower in zip(lesson.code, [*lesson.code[1:], None], strict=True):
        asserts = follower is not None and re.search(r"\bassert\b", text(follower[1]))
        if "nbval-ignore-output" in tags(cell) and not asserts:
            yield f"the output of code cell {i} is not compared, so the next code cell must assert something"


# --- pictures and links ----------------------------------------------------------------------------------


def alt_text(lesson: Lesson) -> Iterator[str]:
    for i, cell in lesson.code:
        for bundle in data(cell):
            if shown := [mime for mime in PICTURES if mime in bundle]:
                yield f"cell {i} shows {shown[0]} without alt text: show a figure of lstm_lib.plots"
            yield from thin_alt(i, Tags(joined(bundle.get("text/html", ""))).images)
    for i, words in lesson.prose:
        markdown = [{"alt": alt} for alt, _ in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", words)]
        yield from thin_alt(i, Tags(words).images + markdown)


def thin_alt(i: int, images: Iterable[dict[str, Any]]) -> Iterator[str]:
    for image in images:
        if len((image.get("alt") or "").strip()) < MIN_ALT:
            yield f"a picture in cell {i} has no alt text that tells what it shows: {image.get('alt')!r}"


def links(lesson: Lesson) -> Iterator[str]:
    for i, words in lesson.prose:
        for target in link_targets(words):
            relative = not re.match(r"[a-z][a-z0-9+.-]*:", target)  # no http:, mailto:, attachment:
            if relative and (problem := broken(lesson, target)):
                yield f"{problem}, in cell {i}"


def broken(lesson: Lesson, target: str) -> str | None:
    """Why a relative link leads nowhere, or None where it arrives."""
    name, _, anchor = unquote(target).partition("#")
    file = lesson.path.parent / name if name else lesson.path
    if name and not file.exists():
        return f"the link {target!r} leads to a file that does not stand"
    if anchor and file.suffix == ".ipynb":
        other = Lesson.read(file) if name else lesson
        if anchor not in anchors(other):
            return f"the link {target!r} leads to a heading that does not stand"
    return None


# --- exercises -------------------------------------------------------------------------------------------


def exercise_count(lesson: Lesson) -> Iterator[str]:
    if lesson.number != "00" and (n := len(calls(lesson, "check"))) < MIN_EXERCISES:
        yield f"{n} exercises with a check, a lesson has at least {MIN_EXERCISES}"


def exercises(lesson: Lesson) -> Iterator[str]:
    """Stub, check, solution: in this order, for each exercise, tagged, and the solution collapsed."""
    checks, solutions = calls(lesson, "check"), calls(lesson, "check_solution")
    starts = [-1, *(call.cell for call in checks)]
    ends = [*(call.cell for call in checks[1:]), len(lesson.cells)]
    for (i, exercise), before, after in zip(checks, starts, ends, strict=False):
        if not re.fullmatch(rf"{lesson.number}\.\d+", str(exercise)):
            yield f"check in cell {i} must name an exercise of lesson {lesson.number}, not {exercise!r}"
        if "check" not in tags(lesson.cells[i]):
            yield f"cell {i} calls check and needs the tag 'check'"
        if not any("exercise" in tags(cell) for cell in lesson.cells[before + 1 : i + 1]):
            yield f"exercise {exercise}: no stub tagged 'exercise' before its check in cell {i}"
        if not any(s.exercise == exercise and i < s.cell < after for s in solutions):
            yield f"exercise {exercise}: no check_solution({exercise!r}, …) between its check and the next"
    for i, exercise in solutions:
        cell = lesson.cells[i]
        if "solution" not in tags(cell) or not cell["metadata"].get("jupyter", {}).get("source_hidden"):
            yield f"exercise {exercise}: its solution (cell {i}) must be tagged 'solution' and be collapsed"


def undeclared(lesson: Lesson, known: set[str]) -> Iterator[str]:
    """Exercises that the lesson asks and the library does not declare."""
    for i, exercise in calls(lesson, "check") + calls(lesson, "check_solution"):
        if exercise not in known:
            yield f"cell {i} checks {exercise!r}, which lstm_lib.exercises does not declare"


CHECKS = (
    file_size, metadata, cell_ids, tag_names, machine_paths,
    length, title, opening, closing, headline,
    code_sizes, plain_python, first_code_cell, executed, ignored_outputs,
    alt_text, links, exercise_count, exercises,
)  # fmt: skip


def problems(lesson: Lesson) -> list[str]:
    """Everything that is wrong with the form of a lesson, one sentence each; empty where all is well."""
    return [problem for check in CHECKS for problem in check(lesson)]
