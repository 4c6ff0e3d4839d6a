"""Exercise 14.3: macro F1."""

from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray


def _answers(rng: np.random.Generator) -> Cases:
    def case(n: int, classes: int, right: float) -> tuple[Array, Array]:
        y = np.concatenate([np.arange(classes), rng.choice(classes, n, p=_uneven(classes))])
        p = np.where(rng.random(len(y)) < right, y, rng.integers(classes, size=len(y)))
        return y, p

    y, p = case(40, 3, 0.6)
    never = np.where(p == 2, 0, p)  # class 2 is never answered
    return {
        "two classes": case(30, 2, 0.5),
        "three classes": case(60, 3, 0.5),
        "a class that is never answered": (y, never),
        "four classes": case(100, 4, 0.4),
        "an answer that is no class of y": (y, np.where(rng.random(len(p)) < 0.1, 7, p)),
    }


def _uneven(classes: int) -> Array:
    weights = 3.0 ** -np.arange(classes)
    parts: Array = weights / weights.sum()
    return parts


def _hits(y: Array, p: Array) -> tuple[Array, Array, Array]:
    """Return, for each class in y: texts that are rightly found, that are answered so, and that are so."""
    said, so = (np.array([array == c for c in np.unique(y)]) for array in (p, y))  # (C, N)
    hits, answered, true = (found.sum(axis=1).astype(float) for found in (said & so, said, so))
    return hits, answered, true


def macro_f1(y: Array, p: Array) -> float:
    """Return the mean over the classes of 2 hits / (answered + true)."""
    hits, answered, true = _hits(y, p)
    return float((2 * hits / (answered + true)).mean())


def _precision_recall(y: Array, p: Array) -> tuple[Array, Array]:
    hits, answered, true = _hits(y, p)
    return hits / np.maximum(answered, 1), hits / true


def _of(combine: Callable[[Array, Array], float]) -> Callable[[Array, Array], float]:
    return lambda y, p: float(combine(*_precision_recall(y, p)))


def _harmonic(p: Array | float, r: Array | float) -> Array:
    return np.where(np.add(p, r) > 0, 2 * np.multiply(p, r) / np.maximum(np.add(p, r), 1e-12), 0)


def _each(y: Array, p: Array) -> Array:
    hits, answered, true = _hits(y, p)
    return np.asarray(2 * hits / (answered + true))


def _not_a_number(y: Array, p: Array) -> float:
    hits, answered, true = _hits(y, p)
    with np.errstate(invalid="ignore"):
        precision, recall = hits / answered, hits / true
        return float((2 * precision * recall / (precision + recall)).mean())


def _only_answered(y: Array, p: Array) -> float:
    _, answered, _ = _hits(y, p)
    return float(_each(y, p)[answered > 0].mean())


def _by_size(y: Array, p: Array) -> float:
    _, _, true = _hits(y, p)
    return float(np.average(_each(y, p), weights=true))


def _twice_missing(y: Array, p: Array) -> float:
    hits, answered, true = _hits(y, p)
    return float((hits / (answered + true)).mean())


def _overlap(y: Array, p: Array) -> float:
    hits, answered, true = _hits(y, p)
    return float((hits / (answered + true - hits)).mean())


MACRO_F1 = FunctionExercise(
    "14.3",
    "macro F1 by hand",
    "Write macro_f1(y, p): F1 of each class that occurs in y, and their mean. A class never found has F1 = 0.",
    reference=macro_f1,
    cases=_answers,
    mistakes=(
        Mistake(
            "micro",
            lambda y, p: float((y == p).mean()),
            "this is the part that is right: over all texts together (micro), so that large classes decide.",
        ),
        Mistake(
            "arithmetic mean",
            _of(lambda p, r: ((p + r) / 2).mean()),
            "F1 is the *harmonic* mean of precision and recall, closer to the smaller. Yours is the arithmetic mean.",
        ),
        Mistake(
            "geometric mean",
            _of(lambda p, r: np.sqrt(p * r).mean()),
            "that is the root of precision times recall. The harmonic mean is 2 P R / (P + R).",
        ),
        Mistake(
            "means first",
            _of(lambda p, r: float(_harmonic(p.mean(), r.mean()))),
            "you average precision and recall over the classes first. Macro F1 takes F1 of each class, then the mean.",
        ),
        Mistake("precision", _of(lambda p, r: p.mean()), "this is the mean precision. Where is recall?"),
        Mistake("recall", _of(lambda p, r: r.mean()), "this is the mean recall. Where is precision?"),
        Mistake(
            "product", _of(lambda p, r: (p * r).mean()), "P times R is not all: 2 P R is divided by P + R."
        ),
        Mistake(
            "weighted", _by_size, "you weight the classes by their size. *Macro* counts each class once."
        ),
        Mistake(
            "not a number",
            _not_a_number,
            "one case gives 0 / 0: a class that is never answered. Its F1 is 0 by agreement.",
        ),
        Mistake(
            "only classes answered",
            _only_answered,
            "you leave out the class that is never answered. Ignoring a class must not pay: it counts as 0.",
        ),
        Mistake("factor 2", _twice_missing, "yours is half of it. How much is F1 when everything is right?"),
        Mistake(
            "overlap",
            _overlap,
            "that is hits / (hits + errors), the Jaccard index. In F1 a hit counts twice, above and below.",
        ),
        Mistake(
            "classes of both",
            lambda y, p: float(np.sum(_each(y, p)) / len(np.union1d(y, p))),
            "one case has an answer that is no class of y at all. Take the classes that occur in y alone.",
        ),
        Mistake(
            "class 1",
            lambda y, p: float(_each(y, p)[1]),
            "this is F1 of class 1 alone. Take all classes that occur in y.",
        ),
        Mistake(
            "class 0",
            lambda y, p: float(_each(y, p)[0]),
            "this is F1 of class 0 alone. Take all classes that occur in y.",
        ),
        Mistake(
            "one for each class",
            _each,
            "these are the F1 of the classes, and right. One number is asked for.",
        ),
        Mistake(
            "right for each class",
            lambda y, p: float(np.mean([((p == c) == (y == c)).mean() for c in np.unique(y)])),
            "you count a text as right for a class also where both say that it is *not* in it. F1 leaves these out.",
        ),
        Mistake("sum", lambda y, p: float(_each(y, p).sum()), "you add them up. The mean is asked for."),
        Mistake(
            "percent", lambda y, p: 100 * macro_f1(y, p), "right, but in percent. Return a part, from 0 to 1."
        ),
        Mistake(
            "rounded to two digits",
            lambda y, p: round(macro_f1(y, p), 2),
            "right, but rounded to two digits. Return them all.",
        ),
        Mistake(
            "rounded to three digits",
            lambda y, p: round(macro_f1(y, p), 3),
            "right, but rounded to three digits. Return all that there are.",
        ),
        Mistake("errors", lambda y, p: 1 - macro_f1(y, p), "that is 1 minus it. A perfect model has F1 = 1."),
    ),
    hint="for each class c: hits, how often p says c, how often y is c. F1 = 2 hits / (said + true), then the mean.",
)
