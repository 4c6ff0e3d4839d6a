"""Exercise 10.3: Bahdanau's score, a small network for each pair of a query and a state."""

from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray
Arguments = tuple[Array, Array, Array, Array, Array, Array]


def _pairs(rng: np.random.Generator) -> Cases:
    def batch(T: int, S: int, B: int, Q: int, M: int, A: int) -> Arguments:
        shapes = ((T, B, Q), (S, B, M), (Q, A), (M, A), (A,), (A,))
        query, memory, W, U, b, v = (rng.normal(size=shape) for shape in shapes)
        return query, memory, W, U, b, v

    return {
        "all sizes differ": batch(2, 5, 3, 4, 6, 7),
        "query and state of one size": batch(3, 4, 2, 5, 5, 3),
        "as many queries as states": batch(4, 4, 2, 3, 2, 5),
        "square matrices": batch(2, 3, 2, 4, 4, 4),
        "one query, one sequence": batch(1, 3, 1, 2, 4, 3),
    }


def _hidden(query: Array, memory: Array, W: Array, U: Array) -> Array:
    """Return q W + m U for every pair, (B, T, S, A)."""
    q, m = (query @ W).swapaxes(0, 1), (memory @ U).swapaxes(0, 1)  # (B, T, A), (B, S, A)
    pairs: Array = q[:, :, None] + m[:, None]
    return pairs


def additive_scores(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    """Return e (B, T, S) with e_ts = tanh(q_t W + m_s U + b) · v."""
    scores: Array = np.tanh(_hidden(query, memory, W, U) + b) @ v
    return scores


def _product(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    q, m = (query @ W + b).swapaxes(0, 1), (memory @ U).swapaxes(0, 1)
    scores: Array = np.tanh(q[:, :, None] * m[:, None]) @ v
    return scores


def _product_and_bias(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    q, m = (query @ W).swapaxes(0, 1), (memory @ U).swapaxes(0, 1)
    scores: Array = np.tanh(q[:, :, None] * m[:, None] + b) @ v
    return scores


def _product_of_tanhs(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    q, m = np.tanh(query @ W + b).swapaxes(0, 1), np.tanh(memory @ U).swapaxes(0, 1)
    scores: Array = (q[:, :, None] * m[:, None]) @ v
    return scores


def _tanh_of_a_part(which: str) -> Callable[[Array, Array, Array, Array, Array, Array], Array]:
    """Return a score that bends the query's part or the memory's, or both with the bias elsewhere."""

    def score(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
        q, m = (query @ W).swapaxes(0, 1)[:, :, None], (memory @ U).swapaxes(0, 1)[:, None]
        if which == "memory has the bias":
            hidden = np.tanh(q) + np.tanh(m + b)
        elif which == "bias outside":
            hidden = np.tanh(q) + np.tanh(m) + b
        elif which == "query":
            hidden = np.tanh(q + b) + m
        else:
            hidden = q + np.tanh(m + b)
        scores: Array = hidden @ v
        return scores

    return score


def _reshaped(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    B = query.shape[1]
    q, m = (query @ W).reshape(B, len(query), -1), (memory @ U).reshape(B, len(memory), -1)
    scores: Array = np.tanh(q[:, :, None] + m[:, None] + b) @ v
    return scores


def _dot_product(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    scores: Array = np.einsum("tba,sba->bts", query @ W, memory @ U)
    return scores


def _two_tanhs(query: Array, memory: Array, W: Array, U: Array, b: Array, v: Array) -> Array:
    q, m = np.tanh(query @ W + b).swapaxes(0, 1), np.tanh(memory @ U).swapaxes(0, 1)
    scores: Array = (q[:, :, None] + m[:, None]) @ v
    return scores


def _softmax(scores: Array) -> Array:
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights: Array = exp / exp.sum(axis=-1, keepdims=True)
    return weights


ADDITIVE_SCORE = FunctionExercise(
    "10.3",
    "the additive score",
    "Write additive_scores(query, memory, W, U, b, v): e_ts = tanh(q_t W + m_s U + b) · v for every pair, (B, T, S).",
    reference=additive_scores,
    cases=_pairs,
    mistakes=(
        Mistake(
            "no tanh",
            lambda query, memory, W, U, b, v: (_hidden(query, memory, W, U) + b) @ v,
            "something between the sum and v is missing. Without it every query would rank the states alike.",
        ),
        Mistake(
            "tanh outside",
            lambda query, memory, W, U, b, v: np.tanh((_hidden(query, memory, W, U) + b) @ v),
            "tanh belongs to the hidden layer, before v. Yours squeezes the finished score into -1 … 1.",
        ),
        Mistake(
            "tanh inside and outside",
            lambda query, memory, W, U, b, v: np.tanh(additive_scores(query, memory, W, U, b, v)),
            "one tanh too many: a score is not squeezed.",
        ),
        Mistake(
            "two tanhs",
            _two_tanhs,
            "you bend the two parts before they are added. Then the part of the query is the same for all states, and "
            "softmax does not feel it.",
        ),
        Mistake(
            "two tanhs, the bias in the memory's part",
            _tanh_of_a_part("memory has the bias"),
            "there are two tanhs, one for each part. The formula has one: what stands inside it?",
        ),
        Mistake(
            "two tanhs, the bias outside",
            _tanh_of_a_part("bias outside"),
            "each part goes through a tanh of its own, and the bias through none. Which three are added inside tanh?",
        ),
        Mistake(
            "tanh of the query's part",
            _tanh_of_a_part("query"),
            "tanh bends the query's part alone. Add the memory's part to it first.",
        ),
        Mistake(
            "tanh of the memory's part",
            _tanh_of_a_part("memory"),
            "tanh bends the memory's part alone. Add the query's part to it first.",
        ),
        Mistake(
            "v forgotten",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U) + b).sum(axis=-1),
            "you add up the hidden units as they are. Each has a weight of its own on the way to the score.",
        ),
        Mistake(
            "v forgotten, mean",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U) + b).mean(axis=-1),
            "you take the mean of the hidden units. Each has a weight of its own on the way to the score.",
        ),
        Mistake(
            "not summed",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U) + b) * v,
            "each unit has its weight, and that is right. A score is one number: the weighted units must be added up.",
        ),
        Mistake(
            "v inside",
            lambda query, memory, W, U, b, v: np.tanh((_hidden(query, memory, W, U) + b) * v).sum(axis=-1),
            "v stands inside your tanh. It weights the units *after* they have been bent.",
        ),
        Mistake(
            "bias forgotten",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U)) @ v,
            "one of the six arguments plays no part in your score.",
        ),
        Mistake(
            "bias outside",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U)) @ v + b.sum(),
            "a number that is added to all scores changes no weight. The bias belongs into the hidden layer.",
        ),
        Mistake(
            "bias through v alone",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U)) @ v + b @ v,
            "your bias goes to v without tanh, so it adds one number to all scores. It belongs to the hidden layer.",
        ),
        Mistake(
            "bias twice",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, U) + 2 * b) @ v,
            "you add the bias to both parts, so it counts twice.",
        ),
        Mistake(
            "swapped",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, U, W) + b) @ v,
            "which of the two matrices is the query's, and which the memory's? Their shapes are (Q, A) and (M, A).",
        ),
        Mistake(
            "transposed",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W.T, U.T) + b) @ v,
            "a matrix is transposed. Here a row vector stands before its matrix: (…, Q) times (Q, A).",
        ),
        Mistake(
            "product",
            _product,
            "you multiply the two parts. The score is called *additive*.",
        ),
        Mistake(
            "product, then the bias",
            _product_and_bias,
            "between the two parts stands a product in your way. Look at the sign between them in the formula.",
        ),
        Mistake(
            "product of two tanhs",
            _product_of_tanhs,
            "two things: the parts are multiplied, and each has been bent before. One tanh, around one sum.",
        ),
        Mistake(
            "reshape for swapaxes",
            _reshaped,
            "reshape keeps the order of the numbers in memory, so it mixes sequences here. Which call swaps two axes?",
        ),
        Mistake(
            "dot product of the parts",
            _dot_product,
            "that is a dot product of the two parts. Here they are *added*, and v makes one number of the sum.",
        ),
        Mistake(
            "query left out",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(0 * query, memory, W, U) + b) @ v,
            "all queries get the same scores from you. Where does the query's part come in?",
        ),
        Mistake(
            "memory left out",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, 0 * memory, W, U) + b) @ v,
            "all states get the same score from you. Where does the memory's part come in?",
        ),
        Mistake(
            "difference",
            lambda query, memory, W, U, b, v: np.tanh(_hidden(query, memory, W, -U) + b) @ v,
            "one of the two parts has the wrong sign.",
        ),
        Mistake(
            "sigmoid",
            lambda query, memory, W, U, b, v: (1 / (1 + np.exp(-_hidden(query, memory, W, U) - b))) @ v,
            "these hidden units are no gates: look at the activation.",
        ),
        Mistake(
            "relu",
            lambda query, memory, W, U, b, v: np.maximum(_hidden(query, memory, W, U) + b, 0) @ v,
            "the hidden units go through another activation here.",
        ),
        Mistake(
            "softmax",
            lambda query, memory, W, U, b, v: _softmax(additive_scores(query, memory, W, U, b, v)),
            "these are the weights already. Only the scores are asked for.",
        ),
        Mistake(
            "scaled",
            lambda query, memory, W, U, b, v: additive_scores(query, memory, W, U, b, v) / np.sqrt(len(v)),
            "a root of the size has come in. It belongs to the dot product.",
        ),
        Mistake(
            "states before queries",
            lambda query, memory, W, U, b, v: additive_scores(query, memory, W, U, b, v).swapaxes(1, 2),
            "the numbers are right, the axes are not: a row for each query, (B, T, S).",
        ),
        Mistake(
            "batch last",
            lambda query, memory, W, U, b, v: np.moveaxis(additive_scores(query, memory, W, U, b, v), 0, 2),
            "the numbers are right, the axes are not: the batch comes first here, (B, T, S).",
        ),
        Mistake(
            "batch in the middle",
            lambda query, memory, W, U, b, v: additive_scores(query, memory, W, U, b, v).swapaxes(0, 1),
            "the numbers are right, the axes are not: (B, T, S), one matrix for each sequence.",
        ),
        Mistake(
            "a last axis of 1",
            lambda query, memory, W, U, b, v: additive_scores(query, memory, W, U, b, v)[..., None],
            "there is an axis of size 1 left at the end. A vector instead of a matrix leaves none.",
        ),
    ),
    hint="q W for all queries, m U for all states, then a sum over every pair: a None in an index lines the axes up.",
)
