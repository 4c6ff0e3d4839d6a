"""What a lesson calls: `check`, `check_solution` and `progress`. They print, and return nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lib.exercises import record
from lstm_lib.exercises.declare import Mistake, find, lessons
from lstm_lib.exercises.judge import NOT_ATTEMPTED, PASSED, Verdict, judge

_last_mistake: dict[str, Mistake | None] = {}  # by exercise


def check(id: str, answer: Any) -> None:
    """Print whether the answer to exercise `id` is right or what is wrong with it, and record the progress.

    The answer is tried on inputs drawn afresh each time. Nothing that it does raises an error here.
    """
    try:
        exercise = find(id)
    except LookupError as error:
        print(f"Nothing checked: {error.args[0]}.")
        return
    verdict = judge(exercise, answer, np.random.default_rng())
    print("\n".join(_lines(id, verdict) + _again(id, verdict)))
    if verdict.state != NOT_ATTEMPTED:
        _record(id, record.DONE if verdict.state == PASSED else record.TRIED)


def check_solution(id: str, answer: Any) -> None:
    """Print that the course's own solution passes. Raises `AssertionError` with the verdict if it does not.

    Leaves the learner's progress alone.
    """
    try:
        verdict = judge(find(id), answer, np.random.default_rng())
    except LookupError as error:
        raise AssertionError(error.args[0]) from None
    if verdict.state != PASSED:
        raise AssertionError("\n".join(_lines(id, verdict)))
    print(f"Solution {id} passes its check.")


def progress(lesson: str | None = None) -> None:
    """Print the exercises of one lesson ("02"), or of all, with what is done, what was tried, and what is left."""
    states: dict[str, str] = {}
    try:
        states, message = record.read()
    except record.RecordError as error:
        message = str(error)
    if message:
        print(f"Note: {message}")
    declared = {number: exercises for number, exercises in lessons().items() if lesson in (None, number)}
    if not declared:
        print(f'No exercises of lesson {lesson!r}. Give its number in quotes, such as "02".')
        return
    for number, exercises in declared.items():
        print(f"Lesson {number}")
        for exercise in exercises:
            print(f"  {exercise.id:<6} {states.get(exercise.id, 'not yet'):<8} {exercise.title}")
    ids = [exercise.id for exercises in declared.values() for exercise in exercises]
    done, tried = (sum(states.get(id) == state for id in ids) for state in (record.DONE, record.TRIED))
    print(f"{done} of {len(ids)} done, {tried} tried.")


def _lines(id: str, verdict: Verdict) -> list[str]:
    return [f"{id} {verdict.state}: {verdict.headline}", *(f"  {line}" for line in verdict.lines)]


def _again(id: str, verdict: Verdict) -> list[str]:
    """Return the second hint of a mistake that the learner makes for the second time running."""
    before, now = _last_mistake.get(id), verdict.mistake
    _last_mistake[id] = now
    return [f"  And: {now.more}"] if now and now.more and now is before else []


def _record(id: str, state: str) -> None:
    try:
        message = record.note(id, state)
    except record.RecordError as error:
        message = f"your progress was not saved: {error}"
    if message:
        print(f"Note: {message}")
