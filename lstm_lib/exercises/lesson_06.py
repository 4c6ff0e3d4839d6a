"""The exercises of lesson 06: a target, a criterion, the chrono start, and how long a memory should be expected."""

import functools

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = np.ndarray


# 06.1


def _pairs(rng: np.random.Generator) -> Cases:
    def pairs(T: int, B: int, first_is_marked: bool = False) -> Array:
        x = np.stack([rng.uniform(-1, 1, (T, B)), np.zeros((T, B))], axis=-1)
        for b in range(B):
            x[rng.choice(np.arange(1, T // 2), 1 if first_is_marked else 2, replace=False), b, 1] = 1
        x[0, :, 1] = x[-1, :, 1] = -1
        return x

    return {
        "five sequences": (pairs(20, 5),),
        "one sequence": (pairs(30, 1),),
        "as many sequences as steps": (pairs(22, 22),),
        "the first pair was marked, and shows -1": (pairs(20, 3, first_is_marked=True),),
    }


def _target(pairs: Array) -> Array:
    numbers, markers = pairs[..., 0], pairs[..., 1]
    target: Array = 0.5 + (numbers * (markers == 1)).sum(axis=0) / 4
    return target


# 06.2


def _records(rng: np.random.Generator) -> Cases:
    def record(N: int, good_from: int) -> Array:
        errors = rng.uniform(0.0, 0.018, N)  # a mean of 0.009, all of them right
        errors[:good_from] = rng.uniform(0.0, 0.3, good_from)
        return errors

    late = record(5000, 1200)
    late[1200:2000] += 0.012  # right already, but not near enough: the mean must come down first
    outlier = record(6000, 0)
    outlier[900] = 0.05
    last = record(4000, int(rng.integers(1000, 2000)))
    last = last[: _until_success(last)]  # good at the very last sequence, and not before
    return {
        "good at the very last sequence": (last,),
        "bad at first, then good": (record(6000, int(rng.integers(1000, 2000))),),
        "good from the first, but for one mistake": (outlier,),
        "right before it is near enough": (late,),
        "good from the first": (record(3000, 0),),
        "never": (record(3500, 2600),),
    }


def _until_success(errors: Array, *, least: int = 2000, most: float = 0.04, mean: float = 0.01) -> int | None:
    for n in range(least, len(errors) + 1):
        window = errors[n - least : n]
        if window.max() < most and window.mean() < mean:
            return n
    return None


def _from_beginning(errors: Array) -> int | None:
    means = np.cumsum(errors) / np.arange(1, len(errors) + 1)
    good = np.flatnonzero((means < 0.01) & (np.maximum.accumulate(errors) < 0.04))
    return next((int(k) + 1 for k in good if k >= 1999), None)


def _without_waiting(errors: Array) -> int | None:
    for n in range(1, len(errors) + 1):
        window = errors[max(n - 2000, 0) : n]
        if window.max() < 0.04 and window.mean() < 0.01:
            return n
    return None


def _in_blocks(errors: Array) -> int | None:
    for n in range(2000, len(errors) + 1, 2000):
        if errors[n - 2000 : n].max() < 0.04 and errors[n - 2000 : n].mean() < 0.01:
            return n
    return None


def _shifted(by: int, errors: Array) -> int | None:
    found = _until_success(errors)
    return None if found is None else found + by


# 06.3


def _times(rng: np.random.Generator) -> Cases:
    return {
        "three units": (rng.uniform(1, 99, 3),),
        "one unit": (rng.uniform(5, 999, 1),),
        "eight units": (rng.uniform(1, 999, 8),),
    }


def _blocks(i: Array, f: Array, g: Array, o: Array) -> Array:
    return np.concatenate([i, f, g, o])


# 06.4


@functools.cache
def solved_with(longest: int) -> bool:
    """Tell whether adding at T = 100 is solved with this expectation: three seeds, 40,000 sequences each."""
    import torch

    from lstm_lib.datasets.adding import Adding
    from lstm_lib.experiments import run

    task, threads = Adding(100), torch.get_num_threads()
    torch.set_num_threads(1)  # for a network this small, a second thread mostly waits
    try:
        runs = (run("LSTM, chrono", task, seed, longest=longest, sequences=40_000) for seed in range(3))
        return all(found.solved for found in runs)
    finally:
        torch.set_num_threads(threads)


EXERCISES = [
    FunctionExercise(
        "06.1",
        "the target of the adding problem",
        "Write adding_target(pairs): the targets (B,) of sequences of pairs (T, B, 2), a number and a marker each.",
        reference=_target,
        cases=_pairs,
        mistakes=(
            Mistake(
                "all numbers",
                lambda pairs: 0.5 + pairs[..., 0].sum(axis=0) / 4,
                "you add up every number. Only the marked ones count.",
            ),
            Mistake(
                "times the marker",
                lambda pairs: 0.5 + (pairs[..., 0] * pairs[..., 1]).sum(axis=0) / 4,
                "what do the markers of the first and the last pair do to your sum?",
            ),
            Mistake(
                "marked with anything",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] != 0)).sum(axis=0) / 4,
                "a marker of -1 is not a mark: it says where a sequence begins and ends.",
            ),
            Mistake(
                "not scaled",
                lambda pairs: (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0),
                "this is the sum itself, from -2 to 2. The target lies between 0 and 1.",
            ),
            Mistake(
                "divided by two",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0) / 2,
                "two numbers near 1 would give 1.5. How far can the sum of two such numbers go?",
            ),
            Mistake(
                "not moved",
                lambda pairs: (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0) / 4,
                "the width is right, the place is not: what should come out for a sum of 0?",
            ),
            Mistake(
                "divided by two and not moved",
                lambda pairs: (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0) / 2,
                "a sum of 0 should give the middle of the range from 0 to 1, and a sum of 2 its upper end.",
            ),
            Mistake(
                "moved by a quarter",
                lambda pairs: 0.25 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0) / 4,
                "the width is right. What should a sum of 0 give, and what do you add to it?",
            ),
            Mistake(
                "the first mark only",
                lambda pairs: (
                    0.5 + np.take_along_axis(pairs[..., 0], pairs[..., 1].argmax(axis=0)[None], axis=0)[0] / 4
                ),
                "argmax finds the first mark and stops there. There are two.",
            ),
            Mistake(
                "moved before it is scaled",
                lambda pairs: (0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0)) / 4,
                "what do you get for a sum of 0? Which is done first, the division or the 0.5?",
            ),
            Mistake(
                "mean of the marked",
                lambda pairs: (
                    0.5
                    + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0)
                    / (pairs[..., 1] == 1).sum(axis=0)
                    / 4
                ),
                "you take the mean of the marked numbers where their sum is wanted.",
            ),
            Mistake(
                "mean over the steps",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).mean(axis=0) / 4,
                "a mean over all steps makes the two numbers count less, the longer the sequence is.",
            ),
            Mistake(
                "over the wrong axis",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=1) / 4,
                "you add up over the sequences. Which axis is time in this course?",
            ),
            Mistake(
                "one number for all",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum() / 4,
                "all sequences are added up into one number. Keep one for each.",
            ),
            Mistake(
                "number and marker exchanged",
                lambda pairs: 0.5 + (pairs[..., 1] * (pairs[..., 0] == 1)).sum(axis=0) / 4,
                "the number stands first in a pair, the marker second.",
            ),
            Mistake(
                "a column",
                lambda pairs: 0.5 + (pairs[..., 0] * (pairs[..., 1] == 1)).sum(axis=0)[:, None] / 4,
                "the values are right, in one axis too many: (B,) is wanted.",
            ),
        ),
        hint="compare the markers with 1: that gives a mask. What does a number times a mask keep?",
    ),
    FunctionExercise(
        "06.2",
        "when a task counts as solved",
        "Write sequences_until_success(errors): the first n at which the last 2,000 of n sequences meet the criterion.",
        reference=lambda errors: _until_success(errors),
        cases=_records,
        mistakes=(
            Mistake(
                "from the beginning",
                _from_beginning,
                "you look at all sequences so far. A network is allowed to have been bad at first.",
            ),
            Mistake(
                "does not wait",
                _without_waiting,
                "you declare success before there are 2,000 sequences to look at.",
            ),
            Mistake(
                "only the mean",
                lambda errors: _until_success(errors, most=np.inf),
                "a small mean can hide a few large errors. The paper asks for two things.",
            ),
            Mistake(
                "only all right",
                lambda errors: _until_success(errors, mean=np.inf),
                "all 2,000 are within 0.04 in yours. And their mean?",
            ),
            Mistake(
                "the last of the window counts from 0",
                lambda errors: _shifted(-1, errors),
                "you return the place of the last sequence, counted from 0. How many sequences is that?",
            ),
            Mistake(
                "one too many",
                lambda errors: _shifted(1, errors),
                "one more than needed: the window of n ends with sequence number n, which is errors[n - 1].",
            ),
            Mistake(
                "where the window begins",
                lambda errors: _shifted(-2000, errors),
                "you return where the 2,000 good ones begin. Success is known only when they are over.",
            ),
            Mistake(
                "in blocks",
                _in_blocks,
                "you look once in 2,000 sequences. The window moves on by one sequence at a time.",
            ),
            Mistake(
                "each below the mean",
                lambda errors: _until_success(errors, most=0.01),
                "yours is never met. Do you ask of every error, or of their sum, what is asked of the mean alone?",
            ),
            Mistake(
                "a mean of 0.04",
                lambda errors: _until_success(errors, most=np.inf, mean=0.04),
                "0.04 is the limit for each sequence, not for the mean.",
            ),
            Mistake(
                "the last window left out",
                lambda errors: _until_success(errors[:-1]),
                "you never look at the window that ends with the last sequence. Where does your range end?",
            ),
            Mistake(
                "how many are right",
                lambda errors: int((errors < 0.04).sum()),
                "you count the right answers. When was it, that 2,000 in a row were good?",
            ),
            Mistake(
                "the number of all",
                lambda errors: len(errors),
                "you return how many sequences there are in all.",
            ),
        ),
        hint="for n from 2,000 on, look at errors[n - 2000 : n]. If nothing fits, no return is reached: None.",
        seconds=20.0,
    ),
    FunctionExercise(
        "06.3",
        "the chrono start",
        "Write chrono_biases(u): the biases (4H,) of the gates, in the order i, f, g, o, for the times u (H,).",
        reference=lambda u: _blocks(-np.log(u), np.log(u), 0 * u, 0 * u),
        cases=_times,
        mistakes=(
            Mistake(
                "forget gate only",
                lambda u: _blocks(0 * u, np.log(u), 0 * u, 0 * u),
                "the forget gates are right. Who keeps the input from filling such a long memory?",
            ),
            Mistake(
                "input gate open",
                lambda u: _blocks(np.log(u), np.log(u), 0 * u, 0 * u),
                "a unit that keeps for long takes in little at a time. Which sign shuts a gate?",
            ),
            Mistake(
                "signs exchanged",
                lambda u: _blocks(np.log(u), -np.log(u), 0 * u, 0 * u),
                "your forget gates are shut and your input gates open. Is it the sign, or the order? i comes first.",
            ),
            Mistake(
                "gates in another order",
                lambda u: _blocks(-np.log(u), 0 * u, np.log(u), 0 * u),
                "the forget gate's block is the second. In your order the candidate got its bias.",
            ),
            Mistake(
                "in the last two blocks",
                lambda u: _blocks(0 * u, 0 * u, -np.log(u), np.log(u)),
                "the order of the blocks is i, f, g, o. You have filled the blocks of g and o.",
            ),
            Mistake(
                "the times themselves",
                lambda u: _blocks(-u, u, 0 * u, 0 * u),
                "σ(50) is 1 for every purpose: no memory would ever end. What of u is wanted?",
            ),
            Mistake(
                "the gates themselves",
                lambda u: _blocks(1 / (u + 1), u / (u + 1), 0 * u, 0 * u),
                "these are the gates. A bias stands inside the sigmoid: which number gives such a gate?",
            ),
            Mistake(
                "u plus one",
                lambda u: _blocks(-np.log1p(u), np.log1p(u), 0 * u, 0 * u),
                "log1p(u) is the logarithm of u + 1. The start asks for that of u.",
            ),
            Mistake(
                "logarithm to base ten",
                lambda u: _blocks(-np.log10(u), np.log10(u), 0 * u, 0 * u),
                "the sigmoid is made of e, so the logarithm is the natural one.",
            ),
            Mistake(
                "logarithm to base two",
                lambda u: _blocks(-np.log2(u), np.log2(u), 0 * u, 0 * u),
                "base two would be right for half-lives. The sigmoid is made of e.",
            ),
            Mistake(
                "one over u",
                lambda u: _blocks(-1 / u, 1 / u, 0 * u, 0 * u),
                "a long time must give a large bias. Yours becomes small.",
            ),
            Mistake(
                "u minus one",
                lambda u: _blocks(-np.log(u - 1 + 1e-300), np.log(u - 1 + 1e-300), 0 * u, 0 * u),
                "the -1 belongs to the range u is drawn from, 1 to longest - 1. u itself goes into the logarithm.",
            ),
            Mistake(
                "all four gates",
                lambda u: _blocks(-np.log(u), np.log(u), np.log(u), np.log(u)),
                "the candidate and the output gate keep a bias of 0.",
            ),
            Mistake(
                "two blocks",
                lambda u: np.concatenate([-np.log(u), np.log(u)]),
                "four blocks are wanted; those of g and o are zeros.",
            ),
            Mistake(
                "interleaved",
                lambda u: np.stack([-np.log(u), np.log(u), 0 * u, 0 * u], axis=1).ravel(),
                "you put the four numbers of a unit side by side. A block holds one gate of all units.",
            ),
            Mistake(
                "a matrix",
                lambda u: np.stack([-np.log(u), np.log(u), 0 * u, 0 * u]),
                "the numbers are right, in a matrix (4, H). One axis (4H,) is wanted.",
            ),
        ),
        hint="two of the four blocks are zeros. np.concatenate puts blocks end to end.",
    ),
    ValueExercise(
        "06.4",
        "how wrong the guess may be",
        "Adding at T = 100: a `longest`, wrong by a factor of five or more, with which three of three seeds succeed.",
        right=1000,
        accept=lambda v: (3 <= v <= 20 or v >= 500) and solved_with(int(v)),
        mistakes=(
            Mistake("no memory", 2, "chrono needs at least 3 steps to choose from.", when=lambda v: v < 3),
            Mistake(
                "shorter than the lag",
                10,
                "no unit begins with a memory near the lag, which is 50 steps or more, and the seeds fail.",
                when=lambda v: 3 <= v <= 20,
            ),
            Mistake(
                "a good guess",
                100,
                "that is less than five times too short or too long. The question is about a bad guess.",
                when=lambda v: 20 < v < 500,
            ),
            Mistake(
                "a thousand million",
                10**9,
                "now most units let in next to nothing, and learn as slowly. There is a wide range below.",
                when=lambda v: v >= 10**8,
            ),
        ),
        hint="some of the seeds failed. Is it better to expect more than the lag, or less?",
    ),
]
