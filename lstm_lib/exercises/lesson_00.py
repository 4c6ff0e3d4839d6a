"""The exercises of lesson 00: a warm-up on sequences in a batch, time first, and on reading a message."""

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise


def _batches(rng: np.random.Generator) -> Cases:
    return {
        "a batch": (rng.normal(size=(5, 3, 2)),),
        "as many steps as sequences": (rng.normal(size=(4, 4, 2)),),
        "one sequence": (rng.normal(size=(6, 1, 3)),),
    }


def _batches_first(rng: np.random.Generator) -> Cases:
    return {
        "a batch": (rng.normal(size=(3, 5, 2)),),
        "as many steps as sequences": (rng.normal(size=(4, 4, 2)),),
        "one sequence": (rng.normal(size=(1, 6, 3)),),
    }


EXERCISES = [
    FunctionExercise(
        "00.1",
        "the last step of a batch",
        "Write last_step(x): the inputs (B, D) of all sequences at the last step of a batch x (T, B, D).",
        reference=lambda x: x[-1],
        cases=_batches,
        mistakes=(
            Mistake(
                "batch first",
                lambda x: x[:, -1],
                "you took the last sequence, with all its steps. Which axis of (T, B, D) counts the steps?",
                more="in this course time comes first: x[t] is what all sequences hold at step t.",
            ),
            Mistake(
                "last number",
                lambda x: x[..., -1],
                "you took the last number of every input vector. Which axis of (T, B, D) is the time?",
            ),
            Mistake(
                "first step",
                lambda x: x[0],
                "this is the first step. Which index counts from the end?",
            ),
            Mistake(
                "last but one",
                lambda x: x[len(x) - 2],
                "this is the last step but one. Steps are counted from 0 to T - 1.",
            ),
            Mistake(
                "slice",
                lambda x: x[-1:],
                "one axis too many. A slice such as a[2:3] keeps its axis, an index such as a[2] does not.",
            ),
            Mistake(
                "one sequence",
                lambda x: x[-1, 0],
                "this is the last step of the first sequence alone. Keep all the sequences.",
            ),
        ),
        hint="one index on one axis of x is enough.",
    ),
    ValueExercise(
        "00.2",
        "what a message asks for",
        "Three lines of 20 characters, 66 inputs a step: give the shape that the message asks for, as a tuple.",
        right=(20, 3, 66),
        mistakes=(
            Mistake(
                "batch first",
                (3, 20, 66),
                "these are the right three numbers. Which of T and B comes first in the message?",
            ),
            Mistake(
                "inputs in the middle",
                (20, 66, 3),
                "these are the right three numbers. At which place does the message have its 66?",
                when=lambda shape: sorted(shape) == [3, 20, 66] and shape[-1] != 66,
            ),
            Mistake(
                "as it was",
                (20, 3),
                "this is the shape that the message got. Which shape does it expect?",
                when=lambda shape: sorted(shape) == [3, 20],
            ),
            Mistake(
                "flat",
                (60, 66),
                "the message names three sizes. Steps and sequences are axes of their own.",
                when=lambda shape: len(shape) == 2,
            ),
        ),
        hint="read the message again: T is the number of steps, B of sequences, and 66 stands there as it is.",
    ),
    FunctionExercise(
        "00.3",
        "from batch first to time first",
        "Write time_first(x): the array x (B, T, D) with its first two axes exchanged, (T, B, D).",
        reference=lambda x: np.swapaxes(x, 0, 1),
        cases=_batches_first,
        mistakes=(
            Mistake(
                "reshape",
                lambda x: x.reshape(x.shape[1], x.shape[0], x.shape[2]),
                "the shape is right, the numbers are in the wrong places. reshape keeps the order in memory and only "
                "cuts it anew. What exchanges two axes?",
                more="look for one sequence: is y[:, 0] the same as x[0]?",
            ),
            Mistake(
                "unchanged",
                lambda x: x,
                "nothing has changed. Which two axes have to change places?",
            ),
            Mistake(
                "all turned round",
                lambda x: x.T,
                "this turns all axes round, as x.T does: (B, T, D) becomes (D, T, B). Only two of them may move.",
            ),
            Mistake(
                "last two",
                lambda x: np.swapaxes(x, 1, 2),
                "these are the last two axes. Axes are counted from 0.",
            ),
            Mistake(
                "one sequence",
                lambda x: x[0],
                "this is the first sequence alone. Keep all of them.",
            ),
        ),
        hint="look up np.swapaxes, which exchanges two axes, or np.transpose, which wants the order of all.",
    ),
]
