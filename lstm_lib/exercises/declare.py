"""What an exercise is made of. `lstm_lib.exercises` says how to write one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any

import numpy as np

Cases = Mapping[str, tuple[Any, ...]]  # arguments by the name of the case: {"one sequence": (x, W), …}
MakeCases = Callable[[np.random.Generator], Cases]  # draws fresh ones from the generator


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and the hint it must draw."""

    name: str  # for the author: "batch first"
    answer: Any  # the wrong function or, in a value exercise, the wrong value
    hint: str  # what the learner reads
    _: KW_ONLY
    more: str = ""  # what the learner reads in addition when the same mistake comes again
    when: Callable[[Any], bool] | None = None  # value exercises: tells which values this is about, if several


@dataclass(frozen=True)
class FunctionExercise:
    """A function to write: it must agree with `reference` on every case."""

    id: str  # "02.1": lesson 02, exercise 1
    title: str  # a few words, for the list of exercises
    task: str  # one line: what to do
    _: KW_ONLY
    reference: Callable[..., Any]
    cases: MakeCases
    mistakes: tuple[Mistake, ...]
    returns: tuple[str, ...] = ()  # names of the parts, when the function returns a tuple
    tolerance: float = 1e-6  # of the largest number of an array
    hint: str = ""  # for an answer that is wrong in an unknown way
    read: Callable[[Any], Any] | None = None  # brings other ways to write a result to the reference's type
    seconds: float = 10.0  # for all cases together


@dataclass(frozen=True)
class ValueExercise:
    """A value to find: a prediction, a choice, a number read from an experiment."""

    id: str
    title: str
    task: str
    _: KW_ONLY
    right: Any  # a right answer, and the only one unless `accept` is given
    mistakes: tuple[Mistake, ...]
    read: Callable[[Any], Any] | None = None  # brings other ways to write it to `right`'s type
    accept: Callable[[Any], bool] | None = None  # tells which values of `right`'s type are right, if several
    choices: tuple[str, ...] = ()  # the texts to choose from, if it is a choice
    tolerance: float = 1e-6
    hint: str = ""
    passed: str = ""  # what is said of a right answer: what the check cannot know


Exercise = FunctionExercise | ValueExercise


def lessons() -> dict[str, list[Exercise]]:
    """Return the exercises of every lesson that has some, by its number: {"00": […], "01": […]}."""
    return {lesson: _declared(lesson) for lesson in _numbers()}


def find(id: str) -> Exercise:
    """Return the exercise of that id. Raises a `LookupError` that lists the ids there are."""
    if not isinstance(id, str):
        raise LookupError('the first argument is the id of an exercise, in quotes, such as "01.2"')
    lesson, known = id.split(".")[0], ", ".join(_numbers())
    if lesson not in _numbers():
        raise LookupError(f"there is no exercise {id}; the lessons with exercises are {known}")
    for exercise in _declared(lesson):
        if exercise.id == id:
            return exercise
    known = ", ".join(exercise.id for exercise in _declared(lesson))
    raise LookupError(f"there is no exercise {id}; lesson {lesson} has {known}")


def _numbers() -> list[str]:
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_"))


def _declared(lesson: str) -> list[Exercise]:
    return list(importlib.import_module(f"lstm_lib.exercises.lesson_{lesson}").EXERCISES)
