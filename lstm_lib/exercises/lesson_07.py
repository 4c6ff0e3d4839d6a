"""The exercises of lesson 07: reversing within lengths, a summary of a sequence, a delay, a detector of leaks."""

from collections.abc import Callable

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise
from lstm_lib.exercises.future_leaks import FUTURE_LEAKS

Array = np.ndarray


# 07.1


def _padded(rng: np.random.Generator) -> Cases:
    def batch(T: int, B: int, D: int, *lengths: int) -> tuple[Array, Array]:
        return rng.normal(size=(T, B, D)), np.array(lengths)

    return {
        "three lengths": batch(6, 3, 2, 6, 3, 4),
        "none as long as the batch": batch(7, 2, 3, 4, 5),
        "one step, and all steps": batch(5, 4, 5, 1, 5, 2, 3),
        "as many sequences as steps": batch(4, 4, 4, 3, 2, 4, 3),
    }


def _reversed(
    x: Array,
    lengths: Array,
    *,
    size: Callable[[int, Array], int] = lambda n, lengths: n,
    padding: Callable[[Array], Array] = lambda after: after,
) -> Array:
    y = x.copy()
    for b, length in enumerate(lengths):
        n = size(int(length), lengths)
        y[:n, b] = x[:n, b][::-1]
        y[length:, b] = padding(y[length:, b])
    return y


def _from_n_to_zero(x: Array, lengths: Array) -> Array:
    y = x.copy()
    for b, n in enumerate(lengths):
        y[:n, b] = x[n:0:-1, b]  # a ValueError where n is T: the slice is then a step short
    return y


def _every_axis(x: Array, lengths: Array) -> Array:
    y = x.copy()
    for b, n in enumerate(lengths):
        y[:n, b] = np.flip(x[:n, b])
    return y


def _padding_first(x: Array, lengths: Array) -> Array:
    y = np.zeros_like(x)
    for b, n in enumerate(lengths):
        y[len(x) - n :, b] = x[:n, b][::-1]
    return y


def _cut(x: Array, lengths: Array) -> Array:
    y = np.zeros_like(x)
    for b, n in enumerate(lengths):
        y[:, b] = x[::-1, b]
        y[n:, b] = x[n:, b]
    return y


def _overwritten(x: Array, lengths: Array) -> Array:
    y = x.copy()
    for b, n in enumerate(lengths):
        for t in range(n):
            y[t, b] = y[n - 1 - t, b]
    return y


def _axes_swapped(x: Array, lengths: Array) -> Array:
    y = x.copy()
    for b, n in enumerate(lengths):
        y[b, :n] = x[b, :n][::-1]
    return y


# 07.2


def _states(rng: np.random.Generator) -> Cases:
    def batch(T: int, B: int, H: int, *lengths: int) -> tuple[Array, Array]:
        return rng.normal(size=(T, B, 2 * H)), np.array(lengths)

    return {
        "three lengths": batch(6, 3, 4, 6, 3, 4),
        "none as long as the batch": batch(7, 2, 3, 5, 3),
        "one step": batch(5, 4, 2, 1, 4, 3, 2),
        "as many sequences as units": batch(5, 4, 4, 2, 4, 3, 4),
    }


def _at_last(h: Array, lengths: Array, back: int = 1) -> Array:
    last: Array = h[lengths - back, np.arange(len(lengths))]
    return last


def _halves(h: Array) -> tuple[Array, Array]:
    H = h.shape[-1] // 2
    return h[..., :H], h[..., H:]


def _both(one: Array, other: Array) -> Array:
    return np.concatenate([one, other], axis=-1)


def _summary(h: Array, lengths: Array) -> Array:
    ahead, back = _halves(h)
    return _both(_at_last(ahead, lengths), back[0])


def _over_time(h: Array, lengths: Array, how: Callable[[Array], Array]) -> Array:
    return np.stack([how(h[:n, b]) for b, n in enumerate(lengths)])


# 07.3


def gap_closed(delay: int) -> float:
    """Return which part of the gap between forward and both a delay closes, in the stored runs, on validation lines."""
    from lstm_lib.experiments.directions import load_directions

    def error(reader: str) -> float:
        return float(np.mean([run.validation for run in load_directions() if run.reader == reader]))

    forward, both = error("forward"), error("both")
    late = forward if delay == 0 else error(f"forward, {delay} late")
    return (forward - late) / (forward - both)


EXERCISES = [
    FunctionExercise(
        "07.1",
        "reversing within lengths",
        "Write reverse_within_lengths(x, lengths): each sequence of x (T, B, D) turned round, its padding as it was.",
        reference=lambda x, lengths: _reversed(x, lengths),
        cases=_padded,
        mistakes=(
            Mistake(
                "as a whole",
                lambda x, lengths: x[::-1].copy(),
                "the longest sequence is right. In a shorter one, what stands at the first step now?",
            ),
            Mistake(
                "the batch reversed",
                lambda x, lengths: x[:, ::-1].copy(),
                "the sequences have changed places with each other. Which axis is time?",
            ),
            Mistake(
                "the numbers reversed",
                lambda x, lengths: x[..., ::-1].copy(),
                "the numbers of each input stand the other way round. Which axis is time?",
            ),
            Mistake(
                "padding first",
                _padding_first,
                "the order is right, but the sequences stand at the end, behind their padding. Where must they begin?",
            ),
            Mistake(
                "padding cleared",
                lambda x, lengths: _reversed(x, lengths, padding=np.zeros_like),
                "the sequences are right. The padding was to be left as it is; yours is zero.",
            ),
            Mistake(
                "padding reversed as well",
                lambda x, lengths: _reversed(x, lengths, padding=lambda after: after[::-1]),
                "the sequences are right. You turn the padding round, too; it was to be left as it is.",
            ),
            Mistake(
                "one step short",
                lambda x, lengths: _reversed(x, lengths, size=lambda n, _: n - 1),
                "the last step of each sequence stays where it is. A slice ends before its second number.",
            ),
            Mistake(
                "one step too far",
                lambda x, lengths: _reversed(x, lengths, size=lambda n, _: n + 1),
                "one step of padding has come in, at the front. How many steps has a sequence?",
            ),
            Mistake(
                "from n to 0",
                _from_n_to_zero,
                "x[n:0:-1] begins at step n and stops before step 0. Where does a sequence end, and where begin?",
            ),
            Mistake(
                "flipped along every axis",
                _every_axis,
                "the numbers of each step stand the other way round, too. What does np.flip turn if no axis is named?",
            ),
            Mistake(
                "the shortest for all",
                lambda x, lengths: _reversed(x, lengths, size=lambda n, lengths: int(lengths.min())),
                "you use the shortest length for all. Each sequence has its own.",
            ),
            Mistake(
                "the longest for all",
                lambda x, lengths: _reversed(x, lengths, size=lambda n, lengths: int(lengths.max())),
                "you use the longest length for all. Each sequence has its own.",
            ),
            Mistake(
                "the first length for all",
                lambda x, lengths: _reversed(x, lengths, size=lambda n, lengths: int(lengths[0])),
                "you use the length of the first sequence for all. Each has its own.",
            ),
            Mistake(
                "reversed as a whole, then cut",
                _cut,
                "you turn the whole batch round and put the padding back. The start of a short one is lost by then.",
            ),
            Mistake(
                "overwritten while reading",
                _overwritten,
                "in each sequence one half is a mirror of the other: you read from what you have overwritten before.",
            ),
            Mistake(
                "time and batch taken for each other",
                _axes_swapped,
                "you write to y[b, :n]. In this course time is the first axis, and the batch the second.",
            ),
            Mistake(
                "not at all",
                lambda x, lengths: x.copy(),
                "nothing has moved. A slice with a step of -1 goes backward.",
            ),
            Mistake(
                "batch first",
                lambda x, lengths: np.stack(
                    [np.concatenate([row[:n][::-1], row[n:]]) for row, n in zip(x, lengths, strict=False)]
                ),
                "you take the first axis for the batch. In this course time comes first.",
            ),
            Mistake(
                "only the sequences, in a list",
                lambda x, lengths: [x[:n, b][::-1] for b, n in enumerate(lengths)],
                "the sequences are right, but you return them in a list. Give an array of the shape of x.",
            ),
        ),
        hint="one sequence at a time: copy x, then write the first n steps of column b backward.",
    ),
    FunctionExercise(
        "07.2",
        "the summary of a whole sequence",
        "Write summary(h, lengths): for each sequence the two states that have read all of it, (B, 2H), forward first.",
        reference=_summary,
        cases=_states,
        mistakes=(
            Mistake(
                "the last row",
                lambda h, lengths: h[-1],
                "the last row of a padded batch is padding for most. And how much has the backward pass read there?",
            ),
            Mistake(
                "the last step",
                lambda h, lengths: _at_last(h, lengths),
                "the forward half is right. At the last step the backward pass has read one input. Where does it end?",
            ),
            Mistake(
                "the first step",
                lambda h, lengths: h[0],
                "the backward half is right. At the first step the forward pass has read a single input.",
            ),
            Mistake(
                "halves in the wrong order",
                lambda h, lengths: _both(*reversed(np.split(_summary(h, lengths), 2, axis=1))),
                "both halves are right, but they stand in each other's place.",
            ),
            Mistake(
                "halves taken for each other",
                lambda h, lengths: _both(_at_last(_halves(h)[1], lengths), _halves(h)[0][0]),
                "you take the second half for the forward states. Which half comes first in h?",
            ),
            Mistake(
                "least read",
                lambda h, lengths: _both(_halves(h)[0][0], _at_last(_halves(h)[1], lengths)),
                "these are the two states that have read one input each. Where does each pass end?",
            ),
            Mistake(
                "forward at the padded end",
                lambda h, lengths: _both(_halves(h)[0][-1], _halves(h)[1][0]),
                "the backward half is right. The forward one comes from the end of the batch. How long is a sequence?",
            ),
            Mistake(
                "forward at the longest length",
                lambda h, lengths: _both(_halves(h)[0][lengths.max() - 1], _halves(h)[1][0]),
                "the backward half is right. You use one length for all in the forward one.",
            ),
            Mistake(
                "one step early",
                lambda h, lengths: _both(_at_last(_halves(h)[0], lengths, back=2), _halves(h)[1][0]),
                "the backward half is right. The forward one is a step early: counting begins at 0.",
            ),
            Mistake(
                "one step late",
                lambda h, lengths: _both(_at_last(_halves(h)[0], lengths, back=0), _halves(h)[1][0]),
                "the forward half is a step late, and in a full sequence that step is not there. Counting begins at 0.",
            ),
            Mistake(
                "one step late, with both halves",
                lambda h, lengths: _at_last(h, lengths, back=0),
                "h[lengths] is one step behind the end: counting begins at 0. And where does the backward pass end?",
            ),
            Mistake(
                "one step late, kept inside",
                lambda h, lengths: _both(
                    _halves(h)[0][np.minimum(lengths, len(h) - 1), np.arange(len(lengths))], _halves(h)[1][0]
                ),
                "the backward half is right. The forward one is a step late in all but the full sequences.",
            ),
            Mistake(
                "backward at the end of the batch",
                lambda h, lengths: _both(_at_last(_halves(h)[0], lengths), _halves(h)[1][-1]),
                "the forward half is right. What has the backward state at the end of the batch read?",
            ),
            Mistake(
                "backward at the second step",
                lambda h, lengths: _both(_at_last(_halves(h)[0], lengths), _halves(h)[1][1]),
                "the forward half is right. The backward pass goes on for one step more.",
            ),
            Mistake(
                "backward behind the padding",
                lambda h, lengths: _both(
                    _at_last(_halves(h)[0], lengths), _at_last(_halves(h)[1], -lengths, back=0)
                ),
                "the forward half is right. You count back from the end of the batch. All sequences begin at one step.",
            ),
            Mistake(
                "interleaved",
                lambda h, lengths: _both(_at_last(h[..., 0::2], lengths), h[0, :, 1::2]),
                "you take every second number. The halves stand one behind the other in h.",
            ),
            Mistake(
                "mean over time",
                lambda h, lengths: _over_time(h, lengths, lambda part: part.mean(axis=0)),
                "a mean over the steps is another summary, and sometimes a good one. Here two states are asked for.",
            ),
            Mistake(
                "largest over time",
                lambda h, lengths: _over_time(h, lengths, lambda part: part.max(axis=0)),
                "the largest numbers over the steps are another summary. Here two states are asked for.",
            ),
            Mistake(
                "added up",
                lambda h, lengths: _at_last(_halves(h)[0], lengths) + _halves(h)[1][0],
                "both states are found, but you add them up. They go side by side, (B, 2H).",
            ),
            Mistake(
                "forward alone",
                lambda h, lengths: _at_last(_halves(h)[0], lengths),
                "this is the state of the forward pass. Where is the other one?",
            ),
            Mistake(
                "backward alone",
                lambda h, lengths: _halves(h)[1][0],
                "this is the state of the backward pass. Where is the other one?",
            ),
            Mistake(
                "below each other",
                lambda h, lengths: np.concatenate([_at_last(_halves(h)[0], lengths), _halves(h)[1][0]]),
                "both states are found, but the batch has grown twice as long. Put them side by side: which axis?",
            ),
            Mistake(
                "a stack",
                lambda h, lengths: np.stack([_at_last(_halves(h)[0], lengths), _halves(h)[1][0]]),
                "both states are found, but in an array with three axes. Two are asked for, (B, 2H).",
            ),
            Mistake(
                "all pairs",
                lambda h, lengths: h[lengths - 1],
                "h[lengths - 1] gives all sequences at each of these steps. You need one step for each sequence.",
            ),
        ),
        hint="each pass has read everything at its own last step. Which step of the sequence is that going backward?",
    ),
    ValueExercise(
        "07.3",
        "how long to wait",
        "The least delay that closes 90 % of the gap from forward to both, in the mean stored validation error.",
        right=3,
        mistakes=(
            Mistake("none", 0, "no delay is the forward reader itself: it closes nothing of its own gap."),
            Mistake("one", 1, "one letter closes more than half of the gap, and it takes more than that."),
            Mistake("two", 2, "close: two letters close about four fifths."),
            Mistake("four", 4, "four letters close nine tenths, too. Is there a delay below that does?"),
            Mistake(
                "six",
                6,
                "with six letters the error has begun to grow again; a shorter delay does better.",
            ),
            Mistake(
                "the longest",
                8,
                "the longest delay closes less than three quarters of the gap: compute the part for each delay.",
            ),
            Mistake(
                "percent",
                90,
                "that is the part of the gap. For which delay is it reached first?",
                when=lambda v: v > 8,
            ),
            Mistake(
                "not measured",
                5,
                "there is no stored run with this delay, and a shorter one does it. Look at the stored ones.",
                when=lambda v: v in (5, 7),
            ),
            Mistake(
                "backward in time",
                -3,
                "a delay below zero would answer before the letter has come.",
                when=lambda v: v < 0,
            ),
        ),
        hint="closed is (forward - late) / (forward - both), all three as means over the seeds.",
    ),
    FUTURE_LEAKS,
]
