"""Reading a lesson: what stands in a notebook, as small functions over its JSON."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

Cell = dict[str, Any]

PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")


@dataclass(frozen=True)
class Lesson:
    """One notebook as read from its file, and where that file stands."""

    path: Path
    nb: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Lesson:
        """Read the notebook at `path` (UTF-8 JSON, nbformat 4)."""
        return cls(path, json.loads(path.read_text(encoding="utf-8")))

    @property
    def number(self) -> str:
        return self.path.name[:2]

    @cached_property
    def cells(self) -> list[Cell]:
        return list(self.nb["cells"])

    @cached_property
    def code(self) -> list[tuple[int, Cell]]:
        """The code cells, each with its place in the notebook."""
        return [(i, cell) for i, cell in enumerate(self.cells) if cell["cell_type"] == "code"]

    @cached_property
    def prose(self) -> list[tuple[int, str]]:
        """The text of the Markdown cells, each with its place in the notebook."""
        return [(i, text(cell)) for i, cell in enumerate(self.cells) if cell["cell_type"] == "markdown"]


def text(cell: Cell) -> str:
    """The source of a cell, which the file may hold as one string or as a list of lines."""
    return joined(cell["source"])


def joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def tags(cell: Cell) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def data(cell: Cell) -> Iterator[dict[str, Any]]:
    """The mime bundle of every output of a cell."""
    for output in cell.get("outputs", []):
        yield output.get("data", {})


def tree(cell: Cell) -> ast.Module | None:
    """The syntax tree of a code cell, or None where it is not plain Python."""
    try:
        return ast.parse(text(cell))
    except SyntaxError:
        return None


def strings(value: Any, key: str = "") -> Iterator[str]:
    """Every string in a nested value of JSON; lists of lines are joined, pictures left out."""
    if isinstance(value, str) and key not in PICTURES:
        yield value
    elif isinstance(value, list) and all(isinstance(line, str) for line in value):
        yield from strings("".join(value), key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)


def section(lesson: Lesson, name: str) -> list[str] | None:
    """The lines between a heading and the next, blank ones left out; None where there is no such heading."""
    lines = [line for _, words in lesson.prose for line in prose_lines(words)]
    starts = [n for n, line in enumerate(lines) if re.fullmatch(rf"#+\s+{name}\s*", line, re.IGNORECASE)]
    if not starts:
        return None
    body = lines[starts[-1] + 1 :]
    end = next((n for n, line in enumerate(body) if re.match(r"#+\s", line)), len(body))
    return [line for line in body[:end] if line.strip()]


def prose_lines(words: str) -> list[str]:
    """The lines of a Markdown text without its fenced code."""
    return re.sub(r"(?ms)^(```|~~~).*?^\1\s*$", "", words).splitlines()


def stated_time(words: str, verb: str) -> int | None:
    """Seconds that the text says the lesson takes "to read" or "to run", or None."""
    found = re.search(rf"(\d+)\s+(second|minute)s?\s+to\s+{verb}\b", words)
    return int(found[1]) * (60 if found[2] == "minute" else 1) if found else None


def printed(cell: Cell) -> str:
    """What a code cell wrote to standard output."""
    outputs = [
        o for o in cell.get("outputs", []) if o.get("output_type") == "stream" and o["name"] == "stdout"
    ]
    return "".join(joined(o["text"]) for o in outputs)


class Tags(HTMLParser):
    """Collects the attributes of every `<img>`, `<a>` and `id` in a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids |= {value for key in ("id", "name") if (value := named.get(key))}
        if tag == "img":
            self.images.append(named)
        self.targets += [value for key in ("href", "src") if (value := named.get(key))]


def link_targets(words: str) -> list[str]:
    bare = re.sub(r"`[^`\n]*`|\$[^$\n]*\$", "", "\n".join(prose_lines(words)))
    return re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", bare) + Tags(bare).targets


def anchors(lesson: Lesson) -> set[str]:
    """The names that JupyterLab gives to the headings of a notebook, and the ids set in its HTML."""
    found: set[str] = set()
    for _, words in lesson.prose:
        headings = (re.match(r"#+\s+(.*?)\s*$", line) for line in prose_lines(words))
        found |= {h[1].replace("`", "").replace("*", "").replace(" ", "-") for h in headings if h}
        found |= Tags(words).ids
    return found


class Call(NamedTuple):
    cell: int
    exercise: str


def calls(lesson: Lesson, function: str) -> list[Call]:
    """Where a function is called by its bare name, with its first argument where that is a constant."""
    found = []
    for i, cell in lesson.code:
        for node in ast.walk(tree(cell) or ast.Module([], [])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                first = node.args[0] if node.args else None
                found.append(Call(i, str(first.value) if isinstance(first, ast.Constant) else ""))
    return sorted(found)
