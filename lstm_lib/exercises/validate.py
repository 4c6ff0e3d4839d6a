"""Checks a declaration: a check is only as good as what it rejects."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Exercise, FunctionExercise, ValueExercise
from lstm_lib.exercises.guard import call
from lstm_lib.exercises.judge import NOT_ATTEMPTED, PASSED, judge
from lstm_lib.exercises.values import same, snapshot


def lesson_problems(lesson: str, exercises: Sequence[Exercise]) -> list[str]:
    """Return what is wrong with the exercises of one lesson: their numbering, then each of them."""
    ids = [exercise.id for exercise in exercises]
    expected = [f"{lesson}.{n}" for n in range(1, len(ids) + 1)]
    found = [] if ids == expected else [f"ids of lesson {lesson} must be {expected}, got {ids}"]
    return found + [problem for exercise in exercises for problem in problems(exercise)]


def problems(exercise: Exercise, seed: int = 0) -> list[str]:
    """Return what is wrong with a declaration, as sentences; an empty list if nothing is.

    The right answer must pass, a stub must count as not attempted, and every mistake must be refused with its
    own hint. Answers are only tried when the declaration has the right form.
    """
    found = list(_form(exercise))
    found += _cases(exercise, seed) if isinstance(exercise, FunctionExercise) else _choices(exercise)
    if not found and isinstance(exercise, FunctionExercise):
        found += _functions(exercise, seed)
    if not found:
        found += _answers(exercise, seed)
    return [f"{exercise.id}: {problem}" for problem in found]


def _form(exercise: Exercise) -> Iterator[str]:
    if not re.fullmatch(r"\d\d\.[1-9]\d?", exercise.id):
        yield 'the id must look like "02.1"'
    for name in ("title", "task"):
        text = getattr(exercise, name)
        if not text.strip() or "\n" in text:
            yield f"the {name} must be one line of text, got {text!r}"
    if len(exercise.mistakes) < 3:
        yield f"at least 3 mistakes are needed, got {len(exercise.mistakes)}"
    hints = [text for mistake in exercise.mistakes for text in (mistake.hint, mistake.more) if text]
    for label, texts in (("name", [mistake.name for mistake in exercise.mistakes]), ("hint", hints)):
        for text, count in Counter(" ".join(text.casefold().split()) for text in texts).items():
            if count > 1:
                yield f"{count} mistakes share the {label} {text!r}"
    for mistake in exercise.mistakes:
        if not mistake.hint.strip():
            yield f"mistake {mistake.name!r} has no hint"


def _cases(exercise: FunctionExercise, seed: int) -> Iterator[str]:
    first, again, fresh = (exercise.cases(np.random.default_rng(n)) for n in (seed, seed, seed + 1))
    if len(first) < 2:
        yield f"at least 2 cases are needed, got {len(first)}"
    if not same(_plain(first), _plain(again)):
        yield "its cases must draw from the generator they are given, and from nothing else"
    if same(_plain(first), _plain(fresh)):
        yield "its cases must be fresh: two seeds gave the same"
    arguments = len(inspect.signature(exercise.reference).parameters)
    for name, args in first.items():
        if len(args) != arguments:
            yield f"case {name!r} has {len(args)} arguments, the reference takes {arguments}"


def _plain(cases: Any) -> Any:
    return snapshot(dict(cases))


def _functions(exercise: FunctionExercise, seed: int) -> Iterator[str]:
    cases = exercise.cases(np.random.default_rng(seed))
    for name, args in cases.items():
        outcome = call(exercise.reference, args, exercise.seconds)
        if outcome.trouble:
            yield f"the reference raised {outcome.trouble.kind} ({outcome.trouble.message}) on case {name!r}"
        elif outcome.warning:
            yield f"the reference warned on case {name!r}: {outcome.warning}"
    for mistake in exercise.mistakes:
        if mistake.when:
            yield f"mistake {mistake.name!r}: `when` is for value exercises"
        if all(call(mistake.answer, args, exercise.seconds).trouble for args in cases.values()):
            yield f"mistake {mistake.name!r} fails on every case: a learner's error is shown without it"


def _choices(exercise: ValueExercise) -> Iterator[str]:
    if exercise.choices:
        for answer in (exercise.right, *(mistake.answer for mistake in exercise.mistakes)):
            if answer not in exercise.choices:
                yield f"{answer!r} is not one of the choices"


def _answers(exercise: Exercise, seed: int) -> Iterator[str]:
    function = isinstance(exercise, FunctionExercise)
    verdict = judge(exercise, _stub if function else ..., np.random.default_rng(seed))
    if verdict.state != NOT_ATTEMPTED:
        yield f"a stub must count as {NOT_ATTEMPTED}, got {verdict.state}"
    right = exercise.reference if isinstance(exercise, FunctionExercise) else exercise.right
    verdict = judge(exercise, right, np.random.default_rng(seed))
    if verdict.state != PASSED:
        yield f"the right answer must pass, got: {verdict.headline} {' '.join(verdict.lines)}"
    for mistake in exercise.mistakes:
        verdict = judge(exercise, mistake.answer, np.random.default_rng(seed))
        if verdict.state == PASSED:
            yield f"mistake {mistake.name!r} passes"
        elif verdict.mistake is not mistake:
            drew = f"the hint of {verdict.mistake.name!r}" if verdict.mistake else "no hint of its own"
            yield f"mistake {mistake.name!r} draws {drew}: {verdict.headline}"
        elif not any(mistake.hint in line for line in verdict.lines):
            yield f"mistake {mistake.name!r} does not show its hint"


def _stub(*args: Any) -> Any:
    raise NotImplementedError
