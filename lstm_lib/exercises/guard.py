"""Calls a learner's function so that whatever it does comes back as an `Outcome`."""

from __future__ import annotations

import copy
import linecache
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import lstm_lib
from lstm_lib.exercises.limit import TimeUp, limited
from lstm_lib.exercises.values import same, snapshot

# Frames of these folders are no place where a learner can look for a mistake.
_LIBRARIES = (
    *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    str(Path(lstm_lib.__file__).parent),
    "<frozen",
    "<__array_function__",
)


@dataclass(frozen=True)
class Trouble:
    """How a call failed."""

    kind: str  # name of the exception's type
    message: str
    line: int = 0  # number of the deepest line of the learner's own code that it passed through, if known
    code: str = ""  # that line

    @property
    def where(self) -> str:
        """Return the line as a message has it: "At line 3: h = x @ W"."""
        return f"At line {self.line}: {self.code}" if self.code else ""

    @property
    def is_stub(self) -> bool:
        """Tell whether this is the `raise NotImplementedError` of an exercise that nobody has begun."""
        return self.kind == "NotImplementedError" and (not self.code or self.kind in self.code)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call did."""

    value: Any = None  # a snapshot of what came back
    trouble: Trouble | None = None
    changed: tuple[int, ...] = ()  # positions of the arguments that the call modified
    warning: str = ""  # text of the first warning

    def agrees(self, other: Outcome, tolerance: float) -> bool:
        """Tell whether both calls gave the same values, or both failed with the same type of error."""
        if self.trouble or other.trouble:
            return bool(self.trouble and other.trouble and self.trouble.kind == other.trouble.kind)
        return same(self.value, other.value, tolerance)


def call(function: Callable[..., Any], args: Sequence[Any], seconds: float) -> Outcome:
    """Call `function` with copies of `args`. Only `KeyboardInterrupt` gets through: the learner meant it."""
    copies = copy.deepcopy(tuple(args))
    value, trouble = None, None
    # np.errstate: what the call sets with np.seterr is put back after it.
    with np.errstate(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")  # a warning is a note, even where the user turns warnings into errors
        try:
            value = limited(lambda: snapshot(function(*copies)), seconds)
        except TimeUp:
            trouble = Trouble("TimeUp", "")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too
            trouble = Trouble(type(error).__name__, _message(error), *_line(error))
    changed = tuple(i for i, pair in enumerate(zip(args, copies, strict=True)) if _differ(*pair))
    return Outcome(value, trouble, changed, str(caught[0].message) if caught else "")


def _differ(before: Any, after: Any) -> bool:
    try:
        return not same(snapshot(before), snapshot(after))
    except Exception:  # the call put something into its argument that cannot even be looked at
        return True


def _message(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except KeyboardInterrupt:
        raise
    except BaseException:  # even SystemExit, from a `__str__` of the learner's
        return "(its message cannot be read)"
    return text if len(text) <= 200 else text[:200] + "…"


def _line(error: BaseException) -> tuple[int, str]:
    frames = traceback.walk_tb(error.__traceback__)
    mine = [pair for pair in frames if not pair[0].f_code.co_filename.startswith(_LIBRARIES)]
    if not mine:
        return 0, ""
    frame, number = mine[-1]
    return number, linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
