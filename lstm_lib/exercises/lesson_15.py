"""The exercises of lesson 15: clipped counts, what a decoder is shown and says, a fair score, a sentence that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake
from lstm_lib.exercises.failing_sentence import FAILS

Array = NDArray[Any]
BEGIN, END = 1, 2

# 15.1


def _grams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[k : k + n]) for k in range(len(words) - n + 1))


def _precision(said: Sequence[str], right: Sequence[str], n: int) -> float:
    ours, theirs = _grams(said, n), _grams(right, n)
    total = sum(ours.values())
    return sum(min(count, theirs[gram]) for gram, count in ours.items()) / total if total else 0.0


def _gram_cases(rng: np.random.Generator) -> Cases:
    words = ["le", "chat", "noir", "dort", "ici", "."]

    def draw(length: int) -> list[str]:
        return [words[k] for k in rng.integers(len(words), size=length)]

    return {
        "the same word again and again": (["le"] * 7, ["le", "chat", "dort", "le", "soir", "."], 1),
        "single words": (draw(9), draw(7), 1),
        "pairs": (["le", "chat", "noir", "dort", "le", "chat", "."], ["le", "chat", "dort", "ici", "."], 2),
        "threes": (["le", "chat", "noir", "dort"], ["un", "chat", "noir", "dort", "ici"], 3),
        "too short": (["le", "chat"], ["le", "chat", "dort"], 3),
    }


def _counted(
    count: Callable[[int, int], int], total: Callable[[list[str], list[str], int], int] | None = None
) -> Any:
    def run(said: list[str], right: list[str], n: int) -> float:
        ours, theirs = _grams(said, n), _grams(right, n)
        below = sum(ours.values()) if total is None else total(said, right, n)
        return sum(count(c, theirs[gram]) for gram, c in ours.items()) / below if below else 0.0

    return run


PRECISION = FunctionExercise(
    "15.1",
    "clipped counts",
    "Write precision(said, right, n): the part of said's runs of n words that right has, none counted more often.",
    reference=_precision,
    cases=_gram_cases,
    mistakes=(
        Mistake(
            "not clipped",
            _counted(lambda ours, theirs: ours if theirs else 0),
            "“le le le le le le le” gets all seven right. A run counts only as often as the other sentence has it.",
        ),
        Mistake(
            "recall",
            _counted(min, lambda said, right, n: max(len(right) - n + 1, 0)),
            "you divide by the runs of the *right* sentence: that is recall. How many were *said*?",
        ),
        Mistake(
            "kinds instead of counts",
            lambda said, right, n: (
                len(set(_grams(said, n)) & set(_grams(right, n))) / max(len(set(_grams(said, n))), 1)
            ),
            "you count different runs, each once. A run that stands twice on both sides counts twice.",
        ),
        Mistake(
            "divided by the words",
            _counted(min, lambda said, right, n: len(said)),
            "you divide by the number of words. How many runs of n are there in a sentence? Fewer.",
        ),
        Mistake(
            "single words always",
            lambda said, right, n: _precision(said, right, 1),
            "n is not used: these are single words.",
        ),
        Mistake(
            "a count",
            _counted(min, lambda said, right, n: 1),
            "that is how many agree. Which *part* of those that were said is it?",
        ),
        Mistake(
            "places instead of runs",
            lambda said, right, n: float(
                np.mean([said[k : k + n] == right[k : k + n] for k in range(len(said) - n + 1)] or [0.0])
            ),
            "you compare place by place. A run may stand anywhere in the other sentence.",
        ),
    ),
    hint="collections.Counter counts the runs of both sides; take the smaller count of each run.",
)

# 15.2


def _target_cases(rng: np.random.Generator) -> Cases:
    def case(T: int, B: int) -> tuple[Array, int]:
        y = rng.integers(3, 30, size=(T, B))
        y[-1] = END
        return y, BEGIN

    return {"one sentence": case(4, 1), "a batch": case(5, 3), "short": case(2, 4)}


def _before(y: Array, begin: int) -> Array:
    return np.concatenate([np.full_like(y[:1], begin), y[:-1]])


BEFORE = FunctionExercise(
    "15.2",
    "what the decoder is shown",
    "Write before(y, begin): for each target word of y (T, B) the right word that stands before it.",
    reference=_before,
    cases=_target_cases,
    mistakes=(
        Mistake(
            "the same words",
            lambda y, begin: y,
            "the decoder would be shown the word that it is to say. It would copy, and know nothing at test time.",
        ),
        Mistake(
            "shifted the other way",
            lambda y, begin: np.concatenate([y[1:], np.full_like(y[:1], begin)]),
            "each step is shown the word *after* the one that it is to say. Which way must the row move?",
        ),
        Mistake(
            "wrapped around",
            lambda y, begin: np.roll(y, 1, axis=0),
            "np.roll brings the end mark to the front. What stands before the first word?",
        ),
        Mistake(
            "one step too many",
            lambda y, begin: np.concatenate([np.full_like(y[:1], begin), y]),
            "one row more than there are words to say: the end mark is said, but nothing is said after it.",
        ),
        Mistake(
            "begin left out",
            lambda y, begin: y[:-1],
            "one row too few: the first word, too, has something before it.",
        ),
        Mistake(
            "along the batch",
            lambda y, begin: np.concatenate([np.full_like(y[:, :1], begin), y[:, :-1]], axis=1),
            "you shift along the second axis: each sentence is shown its neighbour. Time is the first axis.",
        ),
        Mistake(
            "nothing shown",
            lambda y, begin: np.full_like(y, begin),
            "every step is shown the begin mark. Only the first one is.",
        ),
        Mistake(
            "begin over the first word",
            lambda y, begin: np.concatenate([np.full_like(y[:1], begin), y[1:]]),
            "the begin mark stands in the place of the first word, and the others have not moved.",
        ),
    ),
    hint="one row of the begin mark, and then all target words but the last.",
)

# 15.3


def _alone_cases(rng: np.random.Generator) -> Cases:
    def case(path: list[int], right: list[int]) -> tuple[Array, int, int, Array]:
        """Return scores by which each word of a path, from the begin mark on, is followed by the next one."""
        scores = rng.normal(size=(12, 12))
        for word, following in pairwise([BEGIN, *path]):
            scores[word, following] = 5.0
        return scores, BEGIN, END, np.array(right)

    a, b, c, d, e, f = (int(word) for word in rng.permutation(np.arange(3, 12))[:6])
    return {
        "one word is wrong": case([a, d, c, END], [a, b, c, END]),
        "it ends early": case([a, b, END], [a, b, c, d, e, END]),
        "it never ends": case([d, e, f, d], [a, b, c, d, END]),
    }


def _alone(
    scores: Array,
    begin: int,
    end: int,
    right: Array,
    *,
    row: Callable[[Array, int], Array] = lambda scores, word: scores[word],
    stops: bool = True,
    shown: Callable[[int, int, int, Array], int] = lambda begin, step, said, right: said,
) -> Array:
    said: list[int] = []
    word = begin
    while len(said) < len(right) and not (stops and said and said[-1] == end):
        word = int(row(scores, shown(begin, len(said), word, right)).argmax())
        said.append(word)
    return np.array(said)


def _whole(given: Any) -> Any:
    """Return a list of whole numbers as an array."""
    return np.asarray(given) if isinstance(given, list) and given else given


LEFT_ALONE = FunctionExercise(
    "15.3",
    "what is said at test time",
    "Write left_alone(scores, begin, end, right): the words that a decoder says when nobody corrects it.",
    reference=lambda scores, begin, end, right: _alone(scores, begin, end, right),
    cases=_alone_cases,
    read=_whole,
    mistakes=(
        Mistake(
            "teacher forcing at test time",
            lambda scores, begin, end, right: np.array(
                [int(scores[word].argmax()) for word in (begin, *right[:-1])]
            ),
            "each step is shown the *right* word before it. At test time nobody has that: show what was said.",
        ),
        Mistake(
            "teacher forcing that stops",
            lambda scores, begin, end, right: _alone(
                scores,
                begin,
                end,
                right,
                shown=lambda begin, step, said, right: right[step - 1] if step else begin,
            ),
            "you stop where the decoder stops, but show it the *right* word before. Show what it has said.",
        ),
        Mistake(
            "the right words",
            lambda scores, begin, end, right: right,
            "these are the right words. Which ones does the decoder say?",
        ),
        Mistake(
            "does not stop",
            lambda scores, begin, end, right: _alone(scores, begin, end, right, stops=False),
            "it goes on behind its end mark. What has been said is then complete.",
        ),
        Mistake(
            "end left out",
            lambda scores, begin, end, right: (
                said[:-1] if (said := _alone(scores, begin, end, right))[-1] == end else said
            ),
            "the end mark is one of the words that are said: return it, too.",
        ),
        Mistake(
            "begin returned",
            lambda scores, begin, end, right: np.array([begin, *_alone(scores, begin, end, right)]),
            "begin is shown, and never said.",
        ),
        Mistake(
            "begin each time",
            lambda scores, begin, end, right: _alone(
                scores, begin, end, right, shown=lambda begin, step, said, right: begin
            ),
            "every step is shown the begin mark. Only the first one is.",
        ),
        Mistake(
            "a column",
            lambda scores, begin, end, right: _alone(
                scores, begin, end, right, row=lambda scores, word: scores[:, word]
            ),
            "row w holds what may follow word w. You read a column.",
        ),
        Mistake(
            "the least likely",
            lambda scores, begin, end, right: _alone(
                scores, begin, end, right, row=lambda scores, word: -scores[word]
            ),
            "that is the word with the smallest score.",
        ),
        Mistake(
            "begins with the first right word",
            lambda scores, begin, end, right: _alone(
                scores,
                begin,
                end,
                right,
                shown=lambda begin, step, said, right: said if step else int(right[0]),
            ),
            "the first step is shown the begin mark. You have shown it the first right word.",
        ),
    ),
    hint="a loop: the row of the last word, its argmax, and that is the last word of the next step.",
)

# 15.4


def _score_cases(rng: np.random.Generator) -> Cases:
    return {
        "a short one": (np.log(rng.uniform(0.2, 0.9, size=3)), 1.0),
        "a long one": (np.log(rng.uniform(0.2, 0.9, size=12)), 1.0),
        "no normalisation": (np.log(rng.uniform(0.2, 0.9, size=6)), 0.0),
        "half of it": (np.log(rng.uniform(0.2, 0.9, size=7)), 0.5),
        "more than all of it": (np.log(rng.uniform(0.2, 0.9, size=5)), 1.5),
    }


def _score(log_p: Array, power: float) -> float:
    return float(log_p.sum() / len(log_p) ** power)


SCORE = FunctionExercise(
    "15.4",
    "a fair score for a beam",
    "Write score(log_p, power): the sum of the log probabilities, divided by the length to that power.",
    reference=_score,
    cases=_score_cases,
    mistakes=(
        Mistake(
            "never normalised",
            lambda log_p, power: log_p.sum(),
            "power is not used: short sentences win always.",
        ),
        Mistake(
            "always the mean",
            lambda log_p, power: log_p.mean(),
            "that is right for a power of 1. With 0 it must be the sum.",
        ),
        Mistake(
            "multiplied",
            lambda log_p, power: log_p.sum() * len(log_p) ** power,
            "you multiply by the length: long sentences are punished twice.",
        ),
        Mistake(
            "times the power",
            lambda log_p, power: log_p.sum() / (len(log_p) * power if power else 1.0),
            "the length is to be raised to the power (**), and not multiplied by it.",
        ),
        Mistake(
            "probabilities",
            lambda log_p, power: np.exp(log_p).sum() / len(log_p) ** power,
            "you add probabilities. Those of a row of words are multiplied: their logarithms are added.",
        ),
        Mistake(
            "a probability",
            lambda log_p, power: np.exp(log_p.sum()) / len(log_p) ** power,
            "the logarithm is undone before the division. The score stays a logarithm.",
        ),
        Mistake(
            "sign turned",
            lambda log_p, power: -log_p.sum() / len(log_p) ** power,
            "with this sign the least likely sentence is best.",
        ),
        Mistake(
            "the last word",
            lambda log_p, power: log_p[-1] / len(log_p) ** power,
            "only the last word is counted.",
        ),
    ),
    hint="one sum, one length, and ** for the power.",
)

EXERCISES = [PRECISION, BEFORE, LEFT_ALONE, SCORE, FAILS]
