"""Exercise 14.1: attention over the words of a padded batch, and the wrong answers that people give."""

from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray
Pair = tuple[Array, Array]


def _batches(rng: np.random.Generator) -> Cases:
    def batch(T: int, H: int, *lengths: int, size: float = 1.0) -> tuple[Array, Array, Array]:
        B = len(lengths)
        mask = np.arange(T)[:, None] < np.array(lengths)
        return size * rng.normal(size=(T, B)), mask, rng.normal(size=(T, B, H))

    scores, mask, h = batch(5, 3, 5, 2, 4)
    loud = scores.copy()
    loud[3:, 1] = 40.0  # in the padding
    hidden = scores.copy()
    hidden[4, 2] = 2000.0
    large, most, big = batch(5, 2, 5, 5, size=900.0)
    large[:, 1] += 20_000.0  # a sentence far above the other
    low, some, states = batch(4, 2, 4, 3)
    return {
        "three lengths": batch(6, 4, 6, 2, 3),
        "as many words as sentences": batch(3, 3, 3, 1, 2),
        "a high score in the padding": (loud, mask, h),
        "a huge score in the padding": (hidden, mask, h),
        "large scores": (large, most, big),
        "low scores": (low - 300.0, some, states),
        "one sentence without padding": batch(4, 3, 4),
    }


def attention_pool(scores: Array, mask: Array, h: Array) -> Pair:
    """Return weights (T, B), softmax over the words that are there, and their weighted sum of states (B, H)."""
    hidden = np.where(mask, scores, -np.inf)
    exp = np.exp(hidden - hidden.max(axis=0))
    return _pooled(exp / exp.sum(axis=0), h)


def _pooled(weights: Array, h: Array) -> Pair:
    return weights, (weights[:, :, None] * h).sum(axis=0)


def _softmax(scores: Array, axis: int | tuple[int, int] = 0) -> Array:
    with np.errstate(invalid="ignore"):
        exp = np.exp(scores - scores.max(axis=axis, keepdims=True))
        weights: Array = exp / exp.sum(axis=axis, keepdims=True)
    return weights


def _with(value: float) -> Callable[[Array, Array, Array], Pair]:
    return lambda scores, mask, h: _pooled(_softmax(np.where(mask, scores, value)), h)


def _after(scores: Array, mask: Array, h: Array) -> Pair:
    return _pooled(_softmax(scores) * mask, h)


def _over(axis: int | tuple[int, int]) -> Callable[[Array, Array, Array], Pair]:
    return lambda scores, mask, h: _pooled(_softmax(np.where(mask, scores, -np.inf), axis), h)


def _changed(change: Callable[[Array, Array, Array], Array]) -> Callable[[Array, Array, Array], Pair]:
    """Take the right weights, and make something else of them and the states: weights, mask, h -> (B, H)."""

    def wrong(scores: Array, mask: Array, h: Array) -> Pair:
        weights, _ = attention_pool(scores, mask, h)
        return weights, change(weights, mask, h)

    return wrong


def _no_maximum(scores: Array, mask: Array, h: Array) -> Pair:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(scores) * mask
        return _pooled(exp / exp.sum(axis=0), h)


def _infinite_without_maximum(scores: Array, mask: Array, h: Array) -> Pair:
    with np.errstate(over="ignore", invalid="ignore"):
        exp = np.exp(np.where(mask, scores, -np.inf))
        return _pooled(exp / exp.sum(), h)


def _renormalised(scores: Array, mask: Array, h: Array) -> Pair:
    with np.errstate(invalid="ignore"):
        weights = _softmax(scores) * mask
        return _pooled(weights / weights.sum(axis=0), h)


def _maximum_of_all(scores: Array, mask: Array, h: Array) -> Pair:
    hidden = np.where(mask, scores, -np.inf)
    with np.errstate(invalid="ignore"):
        exp = np.exp(hidden - hidden.max())
        return _pooled(exp / exp.sum(axis=0), h)


def _sigmoids(scores: Array, mask: Array, h: Array) -> Pair:
    with np.errstate(over="ignore"):
        return _pooled(mask / (1 + np.exp(-scores)), h)


def _no_exp(scores: Array, mask: Array, h: Array) -> Pair:
    weights = scores * mask
    return _pooled(weights / weights.sum(axis=0), h)


def _even(scores: Array, mask: Array, h: Array) -> Pair:
    return _pooled(mask / mask.sum(axis=0), h)


def _one_word(scores: Array, mask: Array, h: Array) -> Pair:
    best = np.where(mask, scores, -np.inf).argmax(axis=0)
    return _pooled((np.arange(len(scores))[:, None] == best).astype(float), h)


ATTENTION_POOL = FunctionExercise(
    "14.1",
    "attention over words",
    "Write attention_pool(scores, mask, h): the weights (T, B) over the real words, and the pooled states (B, H).",
    reference=attention_pool,
    cases=_batches,
    returns=("weights", "pooled"),
    mistakes=(
        Mistake(
            "padding takes part",
            lambda scores, mask, h: _pooled(_softmax(scores), h),
            "your padding gets weight. Where does the mask come in?",
        ),
        Mistake(
            "mask afterwards",
            _after,
            "your weights of a short sentence do not add up to 1: the padding took its share before it was removed.",
        ),
        Mistake(
            "score 0",
            _with(0.0),
            "a score of 0 is not nothing: exp(0) is 1. Which score gives a weight of 0?",
        ),
        Mistake(
            "score -1",
            _with(-1.0),
            "the padding still has some weight. How low must a score be for none at all?",
        ),
        Mistake(
            "score -10",
            _with(-10.0),
            "nearly: there may be scores lower than this. What is exp of minus infinity?",
        ),
        Mistake(
            "score -100",
            _with(-100.0),
            "nearly: one case has real scores about -300. Go as low as numbers can go.",
        ),
        Mistake(
            "mask turned round",
            lambda scores, mask, h: _pooled(_softmax(np.where(mask, -np.inf, scores)), h),
            "you hide the words and keep the padding. The mask is true where there *is* a word.",
        ),
        Mistake(
            "over the batch",
            _over(1),
            "your weights add up to 1 across the sentences of the batch. Which axis holds the words of one sentence?",
        ),
        Mistake(
            "divided again afterwards",
            _renormalised,
            "nearly. If the padding has by far the highest score, all real weights round to 0 before you divide.",
        ),
        Mistake(
            "one maximum for the batch",
            _maximum_of_all,
            "nearly: you take the largest score of the whole batch off. A sentence far below it is left with zeros.",
        ),
        Mistake(
            "words pushed down",
            lambda scores, mask, h: _pooled(_softmax(scores - 1e9 * mask), h),
            "you push the scores of the real words down. It is the padding that must go.",
        ),
        Mistake(
            "over everything",
            _over((0, 1)),
            "all your weights together add up to 1. Each *sentence* needs its own.",
        ),
        Mistake(
            "no maximum taken off",
            _no_maximum,
            "scores of 900 are too much for exp, -300 too little. Take the largest score of each sentence off first.",
        ),
        Mistake(
            "sum of all",
            _infinite_without_maximum,
            "your sum runs over the whole batch, and exp runs over. One axis, please.",
        ),
        Mistake(
            "mean instead of sum",
            _changed(lambda weights, mask, h: (weights[:, :, None] * h).mean(axis=0)),
            "the weights are right. They add up to 1 already, so what need is there to divide by the number of words?",
        ),
        Mistake(
            "mean over the words there are",
            _changed(
                lambda weights, mask, h: (weights[:, :, None] * h).sum(axis=0) / mask.sum(axis=0)[:, None]
            ),
            "the weights are right. You divide by the length, but weights that add up to 1 make a mean already.",
        ),
        Mistake(
            "states without weights",
            _changed(lambda weights, mask, h: (mask[:, :, None] * h).sum(axis=0)),
            "the weights are right, and then you add up the states without them.",
        ),
        Mistake(
            "maximum",
            _changed(lambda weights, mask, h: np.where(mask[:, :, None], h, -np.inf).max(axis=0)),
            "the weights are right. The maximum over the words is the other half of the network, not this one.",
        ),
        Mistake(
            "maximum of products",
            _changed(lambda weights, mask, h: (weights[:, :, None] * h).max(axis=0)),
            "the weights are right. The products are to be added up over the words.",
        ),
        Mistake(
            "not added up",
            _changed(lambda weights, mask, h: weights[:, :, None] * h),
            "you have weighted every state. One step is missing: from a state for each word to one for each sentence.",
        ),
        Mistake(
            "added over the batch",
            _changed(lambda weights, mask, h: (weights[:, :, None] * h).sum(axis=1)),
            "you add up over the sentences, and a row for every word is left. It should be a row for every sentence.",
        ),
        Mistake(
            "sigmoid",
            _sigmoids,
            "σ gives each word a weight by itself. Softmax makes them compete, and add up to 1.",
        ),
        Mistake(
            "scores as weights",
            _no_exp,
            "you divide the scores by their sum. They may be negative; exp comes first.",
        ),
        Mistake(
            "equal weights", _even, "yours is the plain mean of the states. The scores have no say in it."
        ),
        Mistake(
            "the best word alone",
            _one_word,
            "you take the word with the highest score alone. Softmax leaves the others a part.",
        ),
        Mistake(
            "weights (B, T)",
            lambda scores, mask, h: (
                attention_pool(scores, mask, h)[0].T,
                attention_pool(scores, mask, h)[1],
            ),
            "right, but the weights stand the other way round: time first, (T, B).",
        ),
        Mistake(
            "order of the results",
            lambda scores, mask, h: attention_pool(scores, mask, h)[::-1],
            "right, but in the wrong order: the weights first, then the pooled states.",
        ),
        Mistake(
            "base 2",
            lambda scores, mask, h: _with(-np.inf)(scores * np.log(2), mask, h),
            "the shape is right, the base is not: softmax is made of exp.",
        ),
    ),
    hint="three lines: hide the padding with a score of minus infinity, softmax over the words, a weighted sum.",
)
