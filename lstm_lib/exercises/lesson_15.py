"""The exercises of lesson 15: clipped counts, what the decoder is shown, a fair score, a sentence that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

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


def _score_cases(rng: np.random.Generator) -> Cases:
    return {
        "a short one": (np.log(rng.uniform(0.2, 0.9, size=3)), 1.0),
        "a long one": (np.log(rng.uniform(0.2, 0.9, size=12)), 1.0),
        "no normalisation": (np.log(rng.uniform(0.2, 0.9, size=6)), 0.0),
        "half of it": (np.log(rng.uniform(0.2, 0.9, size=7)), 0.5),
    }


def _score(log_p: Array, power: float) -> float:
    return float(log_p.sum() / len(log_p) ** power)


SCORE = FunctionExercise(
    "15.3",
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

# 15.4

MOST, LEAST = 12, 4


@cache
def judged(english: str, french: str) -> str:
    """Return what is to be said of a sentence and its right French: "" if the stored translator gets it wrong."""
    import torch

    from lstm_lib.experiments import stored_translator
    from lstm_lib.experiments.translation import text_of, texts, translate, words_of

    model, known = stored_translator.load()
    words = words_of(english)
    if any(word not in known.source for word in words):
        return "unknown"
    if not LEAST <= len([word for word in words if word.isalpha()]) <= MOST:
        return "length"
    if any(word not in known.target for word in words_of(french)):
        return "unknown French"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        said = texts(translate(model, known, [english]))[0]
    finally:
        torch.set_num_threads(threads)
    return "right" if said == text_of(words_of(french)) else ""


def _two(given: Any) -> tuple[str, str]:
    if (
        not isinstance(given, list | tuple)
        or len(given) != 2
        or not all(isinstance(part, str) for part in given)
    ):
        raise ValueError("write two texts: (an English sentence, its right French)")
    english, french = (part.strip() for part in given)
    if not english or not french:
        raise ValueError("one of the two texts is empty")
    if french[-1] not in ".?" or english[-1] not in ".?" or len(french.split()) < 3:
        raise ValueError("write whole sentences, each with its full stop or question mark")
    return english, french


FAILS = ValueExercise(
    "15.4",
    "a sentence on which it fails",
    f"Give an English sentence of {LEAST} to {MOST} known words that the stored translator gets wrong, and its French.",
    right=("The cat that sleeps is small.", "Le chat qui dort est petit."),
    read=_two,
    accept=lambda v: judged(*v) == "",
    mistakes=(
        Mistake(
            "unknown word",
            ("The penguin sleeps today.", "Le pingouin dort aujourd'hui."),
            "one of its words is unknown to the translator. Any model fails there: use known words in a new way.",
            when=lambda v: judged(*v) == "unknown",
        ),
        Mistake(
            "unknown French",
            ("The cat sleeps on the bed.", "Le matou dort sur le lit."),
            "your French has a word that the translator has never seen. Say it with the lesson's words.",
            when=lambda v: judged(*v) == "unknown French",
        ),
        Mistake(
            "too short or too long",
            ("He sleeps.", "Il dort."),
            f"take {LEAST} to {MOST} words.",
            when=lambda v: judged(*v) == "length",
        ),
        Mistake(
            "translated well",
            ("The black cat sleeps in the garden.", "Le chat noir dort dans le jardin."),
            "this one it translates as you do. What was never in its grammar: two adjectives, two places?",
            when=lambda v: judged(*v) == "right",
        ),
    ),
    hint="the grammar has *who* but never *that* behind a thing, never two adjectives, and never two places.",
)

EXERCISES = [PRECISION, BEFORE, SCORE, FAILS]
