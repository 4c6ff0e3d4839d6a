"""Exercise 14.2: the table for McNemar's test."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray


def _two_models(rng: np.random.Generator) -> Cases:
    def case(n: int, right_a: float, right_b: float, classes: int = 2) -> tuple[Array, Array, Array]:
        y = rng.integers(classes, size=n)
        answers = []
        for part in (right_a, right_b):
            wrong = (y + rng.integers(1, classes, size=n)) % classes
            answers.append(np.where(rng.random(n) < part, y, wrong))
        return y, answers[0], answers[1]

    return {
        "two classes": case(60, 0.8, 0.6),
        "three classes": case(80, 0.55, 0.7, 3),
        "one model always right": case(30, 1.0, 0.7),
        "many texts": case(400, 0.77, 0.79),
    }


def table(y: Array, a: Array, b: Array) -> Array:
    """Return [[both right, only a right], [only b right, none right]], counts."""
    return _counts(a == y, b == y)


def _counts(right_a: Array, right_b: Array) -> Array:
    return np.array(
        [
            [(right_a & right_b).sum(), (right_a & ~right_b).sum()],
            [(~right_a & right_b).sum(), (~right_a & ~right_b).sum()],
        ]
    )


def _changed(change: Callable[[Array], Array]) -> Callable[[Array, Array, Array], Array]:
    return lambda y, a, b: change(table(y, a, b))


def _zero(counts: Array, *places: tuple[int, int]) -> Array:
    for place in places:
        counts[place] = 0
    return counts


def _counts_of(given: Any) -> Any:
    """Return a table of numbers as an array, and of whole numbers as one of whole numbers, though they be floats."""
    if not isinstance(given, np.ndarray | list | tuple):
        return given
    found = np.asarray(given)  # rows that differ in length raise, and are left as they are
    whole = found.dtype.kind in "iu" or (found.dtype.kind == "f" and (found == np.rint(found)).all())
    return found.astype(np.int64) if whole else found if found.dtype.kind == "f" else given


MCNEMAR_TABLE = FunctionExercise(
    "14.2",
    "who alone is right",
    "Write table(y, a, b): [[both right, only a right], [only b right, none right]], counted over the texts.",
    reference=table,
    cases=_two_models,
    read=_counts_of,
    mistakes=(
        Mistake(
            "transposed",
            _changed(lambda t: t.T),
            "the two counts that matter have changed places: the row says whether *a* is right.",
        ),
        Mistake(
            "class 1 for right",
            lambda y, a, b: _counts(a == 1, b == 1),
            "you count what the models say. McNemar asks whether they are *right*, and y tells that.",
        ),
        Mistake(
            "true for not 0",
            lambda y, a, b: _counts(a.astype(bool), b.astype(bool)),
            "you count what the models answer, as if class 0 were wrong. Compare each answer with y.",
        ),
        Mistake(
            "wrong for right",
            lambda y, a, b: _counts(a != y, b != y),
            "your table counts errors: both right and none right have changed places, and so have the other two.",
        ),
        Mistake(
            "diagonals changed",
            _changed(lambda t: t[:, ::-1]),
            "the texts on which the models agree stand where those belong on which they differ.",
        ),
        Mistake(
            "rows changed",
            _changed(lambda t: t[::-1]),
            "your first row holds the texts on which a is wrong.",
        ),
        Mistake(
            "two corners changed",
            _changed(lambda t: t[::-1, ::-1].T),
            "both right and none right have changed places; the other two are where they should be.",
        ),
        Mistake(
            "each by itself",
            lambda y, a, b: np.array([[(a == y).sum(), (a != y).sum()], [(b == y).sum(), (b != y).sum()]]),
            "a row for each model, right and wrong: this loses which texts it was. The test lives on the pairs.",
        ),
        Mistake(
            "right against answers",
            lambda y, a, b: _counts(a == y, b == a),
            "your second condition compares b with a. Being right is a matter between a model and y.",
        ),
        Mistake(
            "answers that differ",
            lambda y, a, b: np.array(
                [[((a == y) & (b == y)).sum(), (a != b).sum()], [(a != b).sum(), ((a != y) & (b != y)).sum()]]
            ),
            "you put all the texts on which the answers differ into both corners. Which of the two is right there?",
        ),
        Mistake(
            "parts",
            _changed(lambda t: t / t.sum()),
            "these are parts. McNemar's test wants counts: 5 of 10 says less than 500 of 1000.",
        ),
        Mistake(
            "errors only",
            _changed(lambda t: _zero(t, (0, 0))),
            "both right is a count as well, though the test will not look at it.",
        ),
        Mistake(
            "nothing for both wrong",
            _changed(lambda t: _zero(t, (1, 1))),
            "the last place is the count of texts on which both are wrong.",
        ),
        Mistake(
            "differences on the diagonal",
            _changed(lambda t: np.array([[t[0, 0], t[0].sum()], [t[:, 0].sum(), t[1, 1]]])),
            "beside the diagonal stand all that a has right, or b. Count those that *only* one of them has right.",
        ),
        Mistake(
            "differences only",
            _changed(lambda t: _zero(t, (0, 0), (1, 1))),
            "the two counts of the test are right. The table is asked for whole: both right, and none right.",
        ),
        Mistake(
            "agreement",
            lambda y, a, b: np.array([[(a == b).sum(), (a != b).sum()], [(a != b).sum(), 0]]),
            "you count where the models agree. They may agree and both be wrong.",
        ),
        Mistake(
            "margins in the corners",
            lambda y, a, b: np.array(
                [[(a == y).sum(), ((a == y) & (b != y)).sum()], [((a != y) & (b == y)).sum(), (a != y).sum()]]
            ),
            "the two counts of the test are right. The corners hold all that a has right or wrong, whatever b says.",
        ),
        Mistake(
            "or for and",
            lambda y, a, b: np.array(
                [
                    [((a == y) | (b == y)).sum(), ((a == y) | (b != y)).sum()],
                    [((a != y) | (b == y)).sum(), ((a != y) | (b != y)).sum()],
                ]
            ),
            "your counts add up to more than the texts there are: both conditions must hold at once.",
        ),
        Mistake(
            "a flat row",
            _changed(lambda t: t.ravel()),
            "the four counts are right; two rows of two are asked for.",
        ),
        Mistake(
            "confusion of the models",
            lambda y, a, b: np.array([[((a == i) & (b == j)).sum() for j in (0, 1)] for i in (0, 1)]),
            "this is a confusion matrix of a against b: what they say, not whether it is right.",
        ),
    ),
    hint="first two rows of truth values, right_a and right_b. Then count the four combinations with & and ~.",
)
