"""Is everything there that the course needs? `check_installation()` looks, and says what to type where it is not.

In a terminal: `python -m lstm_lib.installation`. At the top only the standard library is imported, because this has
to run where packages are missing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lstm_lib

ROOT = Path(lstm_lib.__file__).parents[1]

PYTHON = "Install Python {needed}. Then, in the course's folder, run `make clean` and `make lab`."
INSTALL = """In a terminal, in the course's folder, run `make env`, then restart the kernel (menu Kernel).
  Without make: activate the course's environment and run
  python -m pip install -c constraints.txt -e ".[lab,test]"
  All installed? Then this notebook runs in another Python: menu Kernel, Change Kernel, and choose the course's."""
FOLDER = "Work in a copy of the whole course (git clone), and install it there: `make env`."
FETCH = (
    "In a terminal, with the course's environment active, run `lstm-lib data fetch`, then this cell again."
)
#: Packages whose name in an import is another one than in an installation.
IMPORTED_AS = {"scikit-learn": "sklearn"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `advice` says what to do; it is empty where all is well."""

    name: str
    found: str
    needed: str
    saved_with: str = ""  # the version that the lessons' saved outputs were made with
    advice: str = ""

    def __str__(self) -> str:
        state = "MISSING" if self.advice else "good"
        return f"{state:<9}{self.name:<16}{self.found:<18}{self.needed:<18}{self.saved_with}".rstrip()


@dataclass(frozen=True, repr=False)
class Report:
    """What `check_installation` found. Print it to read it."""

    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is missing, too old or damaged; empty if the course can begin."""
        return tuple(finding.name for finding in self.findings if finding.advice)

    def __repr__(self) -> str:
        advice = dict.fromkeys(finding.advice for finding in self.findings if finding.advice)  # each one once
        end = [f"What to do: {text}" for text in advice] or ["Everything is there. You can begin."]
        head = f"{'':<9}{'':<16}{'found':<18}{'needed':<18}saved outputs made with"
        return "\n".join([head, *map(str, self.findings), "", *end])


def check_installation(root: Path = ROOT) -> Report:
    """Look at Python, the packages, the data and the processor; report what is there and what is missing.

    What is needed is read from `pyproject.toml` in `root`, and the versions that the saved outputs were made with
    from `constraints.txt`. The packages that the lessons use are imported, to see that they load. Raises nothing:
    whatever goes wrong becomes a finding with its advice.
    """
    findings: list[Finding] = []
    for part, advice in ((_packages, FOLDER), (_data, FETCH)):
        try:
            findings += part(root)
        except Exception as error:  # a report with a hole is better than none
            name = part.__name__.strip("_")
            findings.append(Finding(name, "not looked at", f"failed: {_one_line(error)}", advice=advice))
    return Report((*findings, Finding("processor", f"{_cores()} cores", "any; the lessons' times are for 2")))


def _packages(root: Path) -> Iterator[Finding]:
    """Python itself, what the lessons need, and what opens them."""
    import tomllib  # from Python 3.11 on

    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    saved_with = _exact(root / "constraints.txt")
    yield _python(project["requires-python"])
    for requirement in project["dependencies"]:
        yield _package(requirement, saved_with, load=True)
    for requirement in project["optional-dependencies"]["lab"]:
        yield _package(requirement, saved_with, load=False)  # JupyterLab takes seconds to load


def _python(requires: str) -> Finding:
    least = requires.removeprefix(">=")
    found = ".".join(map(str, sys.version_info[:3]))
    needed = f"{least} or newer"
    old = _release(found) < _release(least)
    return Finding("Python", found, needed, advice=PYTHON.format(needed=needed) if old else "")


def _package(requirement: str, saved_with: Mapping[str, str], load: bool) -> Finding:
    name, least = re.match(r"([\w.-]+)\s*(?:>=\s*([\w.]+))?", requirement).groups()  # type: ignore[union-attr]
    needed = f"{least} or newer" if least else "any version"
    exact = saved_with.get(_normal(name), "")
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "not found", needed, exact, INSTALL)
    if _release(found) < _release(least or "0"):
        return Finding(name, found, needed, exact, INSTALL)
    if load and (trouble := _trouble_with(name)):
        return Finding(name, f"{found}, broken", f"does not load: {trouble}", advice=INSTALL)
    return Finding(name, found, needed, exact)


def _trouble_with(name: str) -> str:
    """What goes wrong when a package is imported; empty if nothing does."""
    try:
        importlib.import_module(IMPORTED_AS.get(name, name.replace("-", "_")))
    except Exception as error:  # a broken library may raise anything
        return _one_line(error)
    return ""


def _data(root: Path) -> Iterator[Finding]:
    from lstm_lib.datasets import source  # here: it needs packages that may be missing

    for name, card in source.catalogue().items():
        trouble = source.problem(card)
        found = "fetched" if trouble is None else trouble.split(":")[0]
        yield Finding(f"data: {name}", found, "fetched", advice=FETCH if trouble else "")


def _cores() -> int:
    """The cores that this process may use, where the system tells; else all there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _exact(constraints: Path) -> dict[str, str]:
    """Package -> version, from lines such as `numpy==2.4.6`; empty if there is no such file."""
    if not constraints.exists():
        return {}
    lines = re.findall(r"(?m)^([\w.-]+)==(\S+)", constraints.read_text(encoding="utf-8"))
    return {_normal(name): version for name, version in lines}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _release(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with, to be compared: "2.13.0+cpu" is (2, 13)."""
    numbers = [int(part) for part in re.match(r"[\d.]*", version)[0].split(".") if part]  # type: ignore[index]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"


if __name__ == "__main__":
    report = check_installation()
    print(report)
    sys.exit(1 if report.missing else 0)
