"""Judges an answer: right, not begun, a known mistake, or wrong in a way to be diagnosed."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Exercise, FunctionExercise, Mistake, ValueExercise
from lstm_lib.exercises.diagnose import Trial, diagnose, sentence
from lstm_lib.exercises.guard import Outcome, call
from lstm_lib.exercises.values import Difference, Other, compare, same, snapshot

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted yet"
_BLANK = Other("ellipsis")


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer."""

    state: str
    headline: str
    lines: tuple[str, ...] = ()
    mistake: Mistake | None = None  # the known mistake that the answer makes


def judge(exercise: Exercise, answer: Any, rng: np.random.Generator) -> Verdict:
    """Judge an answer on fresh inputs. Of what the answer raises, only `KeyboardInterrupt` gets out."""
    if isinstance(exercise, ValueExercise):
        return _judge_value(exercise, answer)
    return _judge_function(exercise, answer, rng)


def _not_attempted(exercise: Exercise, replaced: str) -> Verdict:
    how = f"Replace {replaced}, run that cell, then run this one again."
    return Verdict(NOT_ATTEMPTED, exercise.title, (exercise.task, how))


def _wrong(exercise: Exercise, mistake: Mistake | None, headline: str, lines: Sequence[str]) -> Verdict:
    """Return the hint of a known mistake or, for an unknown one, the facts and the exercise's own hint."""
    if mistake:
        return Verdict(NOT_YET, headline, (f"Hint: {mistake.hint}",), mistake)
    hint = [f"Hint: {exercise.hint}"] * bool(exercise.hint)
    return Verdict(NOT_YET, headline, (*lines, *hint))


# Values


def _judge_value(exercise: ValueExercise, answer: Any) -> Verdict:
    if callable(answer):
        line = "Give what the function returns: call it, with brackets after its name."
        return Verdict(NOT_YET, "this exercise asks for a value, and you passed a function.", (line,))
    look = call(lambda: answer, (), seconds=10.0)  # even to look at a strange object may fail
    if look.trouble:
        said = f"{look.trouble.kind}: {look.trouble.message}"
        return Verdict(NOT_YET, "your answer cannot be read.", (said,))
    got = _folded(look.value)
    if isinstance(exercise.right, int) and isinstance(got, float) and got.is_integer():
        got = int(got)  # 12.0 is a right answer where 12 is
    parts = got if isinstance(got, tuple) else tuple(got.values()) if isinstance(got, dict) else (got,)
    # The dots of a stub stand for what is to be filled in. A None among other parts is an answer, if a wrong one.
    dots = any(isinstance(part, Other) and part == _BLANK for part in parts)
    if dots or (parts and all(part is None for part in parts)):
        return _not_attempted(exercise, "the `...`")
    got, refused = _read(exercise, got)
    if refused:
        return Verdict(NOT_YET, "your answer cannot be read.", (refused,))
    found = compare(_folded(snapshot(exercise.right)), got, exercise.tolerance)
    if exercise.accept:
        found = tuple(one for one in found if one.kind == "type")  # other values, shapes and lengths may do
    if not found and (not exercise.accept or _holds(exercise.accept, got)):
        return Verdict(PASSED, exercise.title, (exercise.passed,) if exercise.passed else ())
    # A `when` is written for answers of the right type: it would take [2.7] for a wrong 2.7.
    known = [one for one in exercise.mistakes if not (one.when and any(d.kind == "type" for d in found))]
    mistake = next((one for one in known if _is_about(one, got, exercise.tolerance)), None)
    if not mistake and exercise.choices and got not in map(_folded, exercise.choices):
        return Verdict(NOT_YET, f"choose one of {', '.join(map(repr, exercise.choices))}.")
    # What can be said of wrong numbers, such as "twice too large", would give the right ones away.
    lines = [sentence(one.detail) for one in found if one.kind != "values"]
    return _wrong(exercise, mistake, "that is not it.", lines)


def _read(exercise: Exercise, got: Any) -> tuple[Any, str]:
    """Return an answer in the type of the right one, or else as it is; and what `read` says of how to write one.

    Such a sentence is the message of a `ValueError` that begins with "write". Any other error only tells that this is
    no other way to write a right answer.
    """
    try:
        return (exercise.read(got) if exercise.read else got), ""
    except Exception as error:
        words = str(error) if isinstance(error, ValueError) else ""
        return got, sentence(words) if words.startswith("write ") else ""


def _is_about(mistake: Mistake, got: Any, tolerance: float) -> bool:
    if mistake.when:
        return _holds(mistake.when, got)
    return same(_folded(snapshot(mistake.answer)), got, tolerance)


def _folded(value: Any) -> Any:
    """Make text comparable: case, and the space around it, say nothing."""
    return value.strip().casefold() if isinstance(value, str) else value


def _holds(predicate: Callable[[Any], bool], value: Any) -> bool:
    try:
        return bool(predicate(value))
    except Exception:  # it was written for answers of another type
        return False


# Functions


class _Broken(Exception):
    """The course's own answer fails: an answer has overwritten something that it uses."""


def _judge_function(exercise: FunctionExercise, answer: Any, rng: np.random.Generator) -> Verdict:
    if answer is ...:
        return _not_attempted(exercise, "the `...`")
    if not callable(answer):
        given = "None" if answer is None else f"an object of type {type(answer).__name__}"
        line = "Pass the function itself, its name without brackets: the check calls it."
        return Verdict(NOT_YET, f"this exercise asks for a function, and you passed {given}.", (line,))
    names = list(inspect.signature(exercise.reference).parameters)
    if misfit := _misfit(answer, names):
        return Verdict(NOT_YET, "your function takes other arguments.", (misfit,))
    try:
        trials = _try(exercise, answer, names, exercise.cases(rng))
    except _Broken as error:
        line = "Has a cell changed NumPy itself? Restart the kernel, and run the cells again."
        return Verdict(NOT_YET, "the check itself cannot run here.", (str(error), line))
    if all(trial.outcome.trouble and trial.outcome.trouble.is_stub for trial in trials):
        return _not_attempted(exercise, "`raise NotImplementedError`")
    if all(trial.right for trial in trials):
        return Verdict(PASSED, exercise.title)
    made = (one for one in exercise.mistakes if all(_makes(one, trial, exercise) for trial in trials))
    return _wrong(exercise, next(made, None), *diagnose(trials, exercise.returns, exercise.seconds))


def _misfit(answer: Callable[..., Any], names: Sequence[str]) -> str:
    try:
        signature = inspect.signature(answer)
    except KeyboardInterrupt:
        raise
    except BaseException:  # some callables have none
        return ""
    try:
        signature.bind(*names)
    except TypeError:
        return f"The check gives it ({', '.join(names)}); yours takes ({', '.join(signature.parameters)})."
    return ""


def _try(
    exercise: FunctionExercise,
    answer: Callable[..., Any],
    names: Sequence[str],
    cases: Mapping[str, tuple[Any, ...]],
) -> list[Trial]:
    """Call the answer on every case, until the exercise's time is used up."""
    trials: list[Trial] = []
    seconds = exercise.seconds
    for name, args in cases.items():
        reference = call(exercise.reference, args, exercise.seconds)
        if reference.trouble:
            raise _Broken(f"{reference.trouble.kind}: {reference.trouble.message}")
        started = time.monotonic()
        outcome = _ask(exercise, answer, args, seconds)
        seconds -= time.monotonic() - started
        found: tuple[Difference, ...] = ()
        if not outcome.trouble:
            found = compare(reference.value, outcome.value, exercise.tolerance, exercise.returns)
        trials.append(Trial(name, dict(zip(names, args, strict=True)), reference.value, outcome, found))
        if trials[-1].timed_out:
            break
    return trials


def _ask(
    exercise: FunctionExercise, answer: Callable[..., Any], args: tuple[Any, ...], seconds: float
) -> Outcome:
    """Call an answer, and bring what it returns to the type of the reference, if the exercise knows how."""
    outcome = call(answer, args, seconds)
    return outcome if outcome.trouble else replace(outcome, value=_read(exercise, outcome.value)[0])


def _makes(mistake: Mistake, trial: Trial, exercise: FunctionExercise) -> bool:
    """Tell whether the answer did in this trial what the mistake does."""
    outcome = _ask(exercise, mistake.answer, tuple(trial.args.values()), exercise.seconds)
    as_harmful = not outcome.changed or outcome.changed == trial.outcome.changed
    return as_harmful and outcome.agrees(trial.outcome, exercise.tolerance)
