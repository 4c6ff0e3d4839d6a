"""Exercise 10.2: the context, a weighted mean of states."""

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake

Array = np.ndarray


def _weights_and_states(rng: np.random.Generator) -> Cases:
    def batch(T: int, S: int, B: int, M: int) -> tuple[Array, Array]:
        weights = rng.random(size=(B, T, S)) ** 3 + 0.01
        return weights / weights.sum(axis=-1, keepdims=True), rng.normal(size=(S, B, M))

    return {
        "all sizes differ": batch(2, 5, 3, 4),
        "as many queries as states": batch(4, 4, 3, 2),
        "as many sequences as states": batch(2, 3, 3, 5),
        "one query": batch(1, 6, 2, 3),
        "all sizes equal": batch(3, 3, 3, 3),
    }


def context(weights: Array, states: Array) -> Array:
    """Return (T, B, M): for each query the mean of states (S, B, M) by its weights (B, T, S)."""
    means: Array = np.einsum("bts,sbm->tbm", weights, states)
    return means


def _best(weights: Array, states: Array) -> Array:
    b = np.arange(weights.shape[0])[:, None]
    best: Array = np.swapaxes(states[weights.argmax(axis=-1), b], 0, 1)
    return best


CONTEXT = FunctionExercise(
    "10.2",
    "the context",
    "Write context_of(weights, states): for each query the mean of the states by its weights, (T, B, M).",
    reference=context,
    cases=_weights_and_states,
    mistakes=(
        Mistake(
            "batch first",
            lambda weights, states: np.einsum("bts,sbm->btm", weights, states),
            "the numbers are right, the axes are not: time first, (T, B, M).",
        ),
        Mistake(
            "reshaped to time first",
            lambda weights, states: np.einsum("bts,sbm->btm", weights, states).reshape(
                weights.shape[1], weights.shape[0], -1
            ),
            "reshape keeps the order of the numbers in memory, so it mixes sequences here. Which call swaps two axes?",
        ),
        Mistake(
            "states reshaped",
            lambda weights, states: np.swapaxes(
                weights @ states.reshape(states.shape[1], states.shape[0], -1), 0, 1
            ),
            "reshape of the states does not put the batch first: it mixes sequences. Which call swaps two axes?",
        ),
        Mistake(
            "sum without weights",
            lambda weights, states: np.broadcast_to(
                states.sum(axis=0), (weights.shape[1], *states.shape[1:])
            ).copy(),
            "every query gets the same from you: the sum of the states. Where do its weights come in?",
        ),
        Mistake(
            "mean without weights",
            lambda weights, states: np.broadcast_to(
                states.mean(axis=0), (weights.shape[1], *states.shape[1:])
            ).copy(),
            "every query gets the same from you: the plain mean. Where do its weights come in?",
        ),
        Mistake(
            "divided by S",
            lambda weights, states: context(weights, states) / len(states),
            "you divide by the number of states. The weights add up to 1 already.",
        ),
        Mistake(
            "over the queries",
            lambda weights, states: np.einsum("bst,sbm->tbm", weights, states),
            "you sum over the queries: the weights are transposed. Their axes are (B, T, S), a row for each query.",
        ),
        Mistake(
            "summed over the batch",
            lambda weights, states: np.broadcast_to(
                np.einsum("bts,sbm->tm", weights, states)[:, None],
                (weights.shape[1], *states.shape[1:]),
            ).copy(),
            "all sequences get the same: you sum over B as well. Sequences of a batch know nothing of each other.",
        ),
        Mistake(
            "the best alone",
            _best,
            "you take the state with the largest weight. The others count too, by their weights.",
        ),
        Mistake(
            "not summed",
            lambda weights, states: np.einsum("bts,sbm->tbsm", weights, states),
            "each state is weighted, and that is right. Then they must be added up over the S states.",
        ),
        Mistake(
            "the largest of the weighted",
            lambda weights, states: np.einsum("bts,sbm->tbsm", weights, states).max(axis=2),
            "you take the largest of the weighted states. It is their sum.",
        ),
        Mistake(
            "first sequence for all",
            lambda weights, states: np.einsum("bts,sm->tbm", weights, states[:, 0]),
            "every sequence looks at the states of the first one. Each has its own.",
        ),
        Mistake(
            "weights of the first sequence",
            lambda weights, states: np.einsum("ts,sbm->tbm", weights[0], states),
            "every sequence uses the weights of the first one. Each has its own.",
        ),
        Mistake(
            "every sequence with every other",
            lambda weights, states: np.tensordot(weights, states, axes=(2, 0)),
            "you have two batch axes: each sequence has looked at the states of every other. It has its own only.",
        ),
        Mistake(
            "softmax again",
            lambda weights, states: context(
                np.exp(weights) / np.exp(weights).sum(axis=-1, keepdims=True), states
            ),
            "you apply softmax to the weights. They have been through it already.",
        ),
    ),
    hint="for one sequence it is a matrix product, (T, S) by (S, M). np.einsum or two transposes bring the batch in.",
)  # fmt: skip
