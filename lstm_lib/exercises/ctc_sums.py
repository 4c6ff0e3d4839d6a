"""Exercises 16.2 and 16.3: how a path collapses, and the chance of a word of two letters over all its paths."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = NDArray[Any]

# 16.2


def _merged(path: str) -> str:
    return "".join(symbol for symbol, _ in groupby(path))


def _collapse(path: str) -> str:
    return _merged(path).replace("_", "")


def _path_cases(rng: np.random.Generator) -> Cases:
    return {
        "a double letter": ("hh_e_ll_l_oo",),
        "long letters": ("nnnn_iii_nneeee",),
        "no blank": ("ttwwoo",),
        "a letter twice, apart": ("_n_i_n_e",),
        "blanks alone": ("____",),
        "a blank at both ends": ("__oonn__ee__",),
        "at random": ("".join(rng.choice(list("_ab"), 14)),),
        "a space": ("o_nn_e_  __t_wo",),
        "spaces at the ends, and two of them": ("_ _ _o_ _",),
    }


def _in_the_middle(path: str) -> str:
    return _merged(path.strip("_")).replace("_", " ")


COLLAPSE = FunctionExercise(
    "16.2",
    "what a path says",
    "Write collapse(path): the text that a path says. A path is a text with one symbol a step, “_” is the blank.",
    reference=_collapse,
    cases=_path_cases,
    mistakes=(
        Mistake(
            "blanks go first",
            lambda path: _merged(path.replace("_", "")),
            "“l_l” becomes one “l” with you. What is the blank for? Think of the order of the two steps.",
        ),
        Mistake(
            "no merging",
            lambda path: path.replace("_", ""),
            "a letter that lasts three steps is three letters with you.",
        ),
        Mistake(
            "the blank as a letter", _merged, "neighbours are merged. But the blank says nothing: it must go."
        ),
        Mistake(
            "the blank as a space", _in_the_middle, "a blank is no space. It stands for “no letter now”."
        ),
        Mistake(
            "the blank as a space, at the ends, too",
            lambda path: _merged(path).replace("_", " "),
            "neighbours are merged. But where nothing is said, nothing must stand, not even a space.",
        ),
        Mistake(
            "tidied",
            lambda path: " ".join(_collapse(path).split()),
            "a space is a symbol as any other, wherever it stands. You take some away.",
        ),
        Mistake(
            "every letter once",
            lambda path: "".join(dict.fromkeys(path.replace("_", ""))),
            "a letter that comes again later is lost. Only *neighbours* are merged.",
        ),
        Mistake(
            "pairs merged",
            lambda path: "".join(a for a, b in pairwise(path) if a != b).replace("_", ""),
            "the last symbol of the path is lost with you.",
        ),
        Mistake(
            "the first one is lost",
            lambda path: "".join(b for a, b in pairwise(path) if a != b).replace("_", ""),
            "the first symbol of the path is lost with you.",
        ),
        Mistake(
            "two at a time",
            lambda path: re.sub(r"(.)\1", r"\1", path).replace("_", ""),
            "two equal neighbours become one with you, but four become two. A run may be of any length.",
        ),
        Mistake(
            "only runs of two or more",
            lambda path: "".join(s for s, run in groupby(path) if s != "_" and len(list(run)) > 1),
            "a letter that lasts one step is a letter as well.",
        ),
        Mistake(
            "spaces go, too",
            lambda path: _collapse(path).replace(" ", ""),
            "a space is a symbol like a letter: it stays.",
        ),
        Mistake(
            "a list",
            lambda path: list(_collapse(path)),
            "the letters are right. Return them as a text.",
        ),
        Mistake(
            "back to front", lambda path: _collapse(path)[::-1], "the letters are right, in the wrong order."
        ),
    ),
    hint="go through the path with the symbol before in mind. When does a step begin a letter?",
)

# 16.3


def _cases(rng: np.random.Generator) -> Cases:
    def case(T: int, K: int, first: int, second: int, quiet: int = 0) -> tuple[Array, int, int]:
        p = rng.dirichlet(np.full(K, 2.0), T)
        p[T - quiet :] = 0.05 * p[T - quiet :] + 0.95 * np.eye(K)[0]
        return np.log(p), first, second

    return {
        "two letters": case(5, 4, 1, 3),
        "the shortest": case(2, 3, 1, 2),
        "the second before the first": case(6, 4, 3, 1),
        "equal letters": case(6, 3, 2, 2),
        "equal letters, the shortest": case(3, 3, 1, 1),
        "three steps": case(3, 3, 2, 1),
        "blanks at the end": case(6, 3, 1, 2, quiet=2),
    }


def _forward(
    first_states: tuple[int, ...] = (0, 1),
    last_states: tuple[int, ...] = (3, 4),
    skip: Callable[[int, int, int], bool] = lambda state, a, b: state == 3 and a != b,
    add: Callable[[Any, Any], Any] = np.logaddexp,
    stay: bool = True,
    impossible: float = -np.inf,
    into: Callable[[Array, int, Array], Array] = lambda log_p, t, states: log_p[t, states],
    out: Callable[[float], float] = lambda v: v,
    blanks: bool = True,
    add_last: Callable[[Any, Any], Any] | None = None,
) -> Callable[[Array, int, int], float]:
    def chance(log_p: Array, first: int, second: int) -> float:
        states = np.array([0, first, 0, second, 0])
        alpha = np.full(5, impossible)
        for s in first_states:
            alpha[s] = log_p[0, states[s]]
        for t in range(1, len(log_p)):
            come = alpha.copy() if stay else np.full(5, -np.inf)
            come[1:] = add(come[1:], alpha[:-1])
            for s in range(2, 5):
                if skip(s, first, second):
                    come[s] = add(come[s], alpha[s - 2])
            alpha = come + into(log_p, t, states)
            if not blanks:
                alpha[[0, 2, 4]] = -np.inf
        total = -np.inf
        for s in last_states:
            total = (add_last or add)(total, alpha[s])
        return out(float(total))

    return chance


def _in_place(log_p: Array, first: int, second: int) -> float:
    """The forward sum in one array: each state sees the new value of the one before."""
    states = [0, first, 0, second, 0]
    alpha = np.full(5, -np.inf)
    alpha[:2] = log_p[0, states[:2]]
    for now in log_p[1:]:
        for s in range(5):
            come = alpha[s]
            if s:
                come = np.logaddexp(come, alpha[s - 1])
            if s == 3 and first != second:
                come = np.logaddexp(come, alpha[1])
            alpha[s] = come + now[states[s]]
    return float(np.logaddexp(alpha[3], alpha[4]))


TWO_LETTERS = FunctionExercise(
    "16.3",
    "a word of two letters",
    "Write log_chance(log_p, first, second): the logarithm of the chance of the word, over all its paths.",
    reference=_forward(),
    cases=_cases,
    tolerance=1e-5,  # an answer in float32 is right, too
    mistakes=(
        Mistake(
            "a jump between equal letters",
            _forward(skip=lambda state, a, b: state == 3),
            "right for two different letters. Between two equal ones, what would a path without a blank say?",
        ),
        Mistake(
            "no jump",
            _forward(skip=lambda state, a, b: False),
            "a path may go from the first letter to another one without a blank between them.",
        ),
        Mistake(
            "jumps into blanks",
            _forward(skip=lambda state, a, b: state != 3 or a != b),
            "you let a path jump from blank to blank, past a letter: that letter would be missing.",
        ),
        Mistake(
            "starts at the blank only",
            _forward(first_states=(0,)),
            "a path may also begin with the first letter.",
        ),
        Mistake(
            "starts at the letter only", _forward(first_states=(1,)), "a path may also begin with the blank."
        ),
        Mistake(
            "starts anywhere",
            _forward(first_states=(0, 1, 2, 3, 4)),
            "which states can a path be in at the first step, if no letter may be missing?",
        ),
        Mistake(
            "ends with the letter only",
            _forward(last_states=(3,)),
            "a path may also end with a blank behind the last letter.",
        ),
        Mistake(
            "ends with the blank only",
            _forward(last_states=(4,)),
            "a path may also end with the last letter itself.",
        ),
        Mistake(
            "ends anywhere",
            _forward(last_states=(0, 1, 2, 3, 4)),
            "you add up paths that have not said the whole word yet.",
        ),
        Mistake(
            "begun with zeros",
            _forward(impossible=0.0),
            "what is impossible has the chance 0, and its logarithm is −∞, not 0.",
        ),
        Mistake(
            "the better end",
            _forward(add_last=np.maximum),
            "a path may end in either of the last two states: add both.",
        ),
        Mistake(
            "the best path",
            _forward(add=np.maximum),
            "that is the best path alone. All paths of the word are to be added up.",
        ),
        Mistake(
            "sums of logarithms",
            _forward(add=np.add),
            "your sum is −∞. Has a path begun? And paths are alternatives: add chances, not logarithms.",
        ),
        Mistake(
            "states that are new already",
            _in_place,
            "you read states that this step has changed already. Keep a copy of the step before.",
        ),
        Mistake(
            "two paths",
            lambda log_p, first, second: float(
                np.logaddexp.reduce([log_p[:, first].sum(), log_p[:, second].sum()])
            ),
            "these are paths that stay with one letter. Walk the five states blank, first, blank, second, blank.",
        ),
        Mistake(
            "probability",
            _forward(out=lambda v: float(np.exp(v))),
            "that is the chance. Its logarithm was asked for.",
        ),
        Mistake("the loss", _forward(out=lambda v: -v), "that is the loss: mind the sign."),
        Mistake(
            "never stays",
            _forward(stay=False),
            "a path may stay in a state: a letter or a blank can last.",
        ),
        Mistake(
            "one step behind",
            _forward(into=lambda log_p, t, states: log_p[t - 1, states]),
            "at step t a path pays for symbol s at step t. You take the step before.",
        ),
        Mistake(
            "no blanks",
            _forward(first_states=(1,), last_states=(3,), blanks=False),
            "you never let a path stand in a blank.",
        ),
        Mistake(
            "the mean of a step",
            _forward(out=lambda v: v / 5),
            "nothing is to be divided.",
        ),
    ),
    hint="five states: blank, first, blank, second, blank. Into each: from itself, from the one before, or past it.",
)
