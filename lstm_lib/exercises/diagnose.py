"""Says what is wrong with a function that makes no mistake known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lib.exercises.guard import Outcome, Trouble
from lstm_lib.exercises.values import WHOLE, Difference, Tensor, is_whole, part_names, snapshot, times

# Without numbers: inputs are fresh each time, and what is said of a known mistake must not change with them.
HEADLINES = {
    "type": "{} is not of the expected type.",
    "count": "{} does not have the expected parts.",
    "shape": "{} has the wrong shape.",
    "kind": "{} holds another kind of value.",
    "nan": "{} holds NaN or infinity.",
    "values": "{} has wrong values.",
}


@dataclass(frozen=True, eq=False)
class Trial:
    """One case of a function exercise, and what the answer did with it."""

    name: str
    args: dict[str, Any]  # by the names that the reference gives them
    expected: Any
    outcome: Outcome
    differences: tuple[Difference, ...]

    @property
    def right(self) -> bool:
        """Tell whether the answer did the right thing, and nothing else."""
        return not (self.outcome.trouble or self.differences or self.outcome.changed)

    @property
    def timed_out(self) -> bool:
        """Tell whether the call was stopped, so that no other case was tried."""
        return self.outcome.trouble is not None and self.outcome.trouble.kind == "TimeUp"


def diagnose(trials: Sequence[Trial], returns: Sequence[str], seconds: float) -> tuple[str, list[str]]:
    """Return a headline, and lines with the facts of the first case that went wrong."""
    wrong = [trial for trial in trials if not trial.right]
    outcome = wrong[0].outcome
    if outcome.trouble:
        headline, lines = _say_trouble(wrong[0], outcome.trouble, seconds)
    else:
        headline, lines = _say_difference(wrong, returns) if wrong[0].differences else ("", [])
        changes = " and ".join(f"`{list(wrong[0].args)[i]}`" for i in outcome.changed)
        headline = headline or f"your function changes its argument {changes}."
        if changes:
            advice = "`x += 1` changes the caller's array, `x = x + 1` makes a new one"
            lines.append(f"It must leave {changes} as it was: {advice}.")
    if len(wrong) < len(trials) and not wrong[0].timed_out:
        lines.append(f"Right on {_names(trials, True)}; wrong on {_names(trials, False)}.")
    if outcome.warning:
        lines.append(f"There was a warning: {outcome.warning}.")
    return headline, lines


def sentence(text: str) -> str:
    """Return the text with a capital at its beginning and a mark at its end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def _names(trials: Sequence[Trial], right: bool) -> str:
    return ", ".join(f'"{trial.name}"' for trial in trials if trial.right is right)


def _say_trouble(trial: Trial, trouble: Trouble, seconds: float) -> tuple[str, list[str]]:
    if trial.timed_out:
        advice = "Does every loop come to its end? Can an array product do what a loop over numbers does?"
        return f"stopped after {seconds:g} seconds.", [f"It was at work{_where(trial)}.", advice]
    said = f"{trouble.kind}: {trouble.message}" if trouble.message else trouble.kind
    lines = [sentence(f"It happened{_where(trial)}"), said]
    return f"your function raised {trouble.kind}.", lines + [trouble.where] * bool(trouble.where)


def _say_difference(wrong: Sequence[Trial], returns: Sequence[str]) -> tuple[str, list[str]]:
    trial = wrong[0]
    first = trial.differences[0]
    lines = [sentence(f"{_where(trial).strip()}: {first.detail}")]
    factors = [one.differences[0].factor if one.differences else None for one in wrong]
    # A factor of nearly 1 is a small error in one number, and no hint at a size.
    known = [factor for factor in factors if factor and abs(factor - 1) > 1e-3]
    if len(known) == len(wrong) > 1:
        if len(set(known)) == 1:
            lines = [sentence(f"each time {times(known[0])}")]
        elif all(is_whole(factor) for factor in known) or all(is_whole(1 / factor) for factor in known):
            listed = ", ".join(f"{factor:.4g}" for factor in known)
            lines.append(f"The factor changes with the inputs ({listed}): is it one of the sizes?")
    names = {one.part.split(",")[0] for one in trial.differences}
    compared = all(one.part != WHOLE for one in trial.differences)  # else no part was looked at by itself
    if compared and (fine := [part for part in part_names(trial.expected, returns) if part not in names]):
        lines.append(f"Right already: {', '.join(fine)}.")
    return HEADLINES[first.kind].format(first.part), lines


def _where(trial: Trial) -> str:
    return f' on "{trial.name}", with {", ".join(_size(*pair) for pair in trial.args.items())}'


def _size(name: str, value: Any) -> str:
    """Say how large an input is, "x (4, 3, 2)", or what it is if it is a small thing, "t = 3"."""
    value = snapshot(value)
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        return f"{name} {value.shape}"
    small = isinstance(value, (bool, int, float, str)) and len(repr(value)) <= 30
    return f"{name} = {value!r}" if small else name
