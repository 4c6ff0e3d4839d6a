"""The exercises of lesson 17: frames taken evenly, a CNN counted, time shuffled, two frames that tell a direction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = NDArray[Any]

# 17.1


def _even_cases(rng: np.random.Generator) -> Cases:
    long, odd = int(rng.integers(200, 400)), int(rng.integers(50, 90))
    return {
        "a long video": (long, 24),
        "a number that does not divide": (odd, 8),  # sevenths are never half-way between two frames
        "all frames": (12, 12),
        "a short video": (10, 24),
        "one frame": (1, 4),
    }


def _evenly(total: int, count: int) -> Array:
    return np.rint(np.linspace(0, total - 1, count)).astype(int)


EVENLY = FunctionExercise(
    "17.1",
    "frames taken evenly",
    "Write evenly(total, count): the numbers of count frames, evenly from the first to the last of total.",
    reference=_evenly,
    cases=_even_cases,
    mistakes=(
        Mistake(
            "the first ones",
            lambda total, count: np.minimum(np.arange(count), total - 1),
            "these are the first frames. What happens in the rest of the video?",
        ),
        Mistake(
            "the last one is missed",
            lambda total, count: np.arange(count) * total // count,
            "the steps are even, but the last frame of the video is never taken.",
        ),
        Mistake(
            "one too far",
            lambda total, count: np.rint(np.linspace(0, total, count)).astype(int),
            "your last number is the number of frames. Frames are counted from 0.",
        ),
        Mistake(
            "a step in whole numbers",
            lambda total, count: np.minimum(np.arange(count) * max(total // count, 1), total - 1),
            "the step is rounded before it is multiplied, so you never come to the end. Round at the end.",
        ),
        Mistake(
            "cut off for rounded",
            lambda total, count: np.linspace(0, total - 1, count).astype(int),
            "nearly: astype(int) cuts off. Take the *nearest* frame.",
        ),
        Mistake(
            "counted from 1",
            lambda total, count: _evenly(total, count) + 1,
            "your frames are counted from 1. Python counts from 0.",
        ),
        Mistake(
            "not whole",
            lambda total, count: np.linspace(0, total - 1, count),
            "there is no frame 2.4. Which one is nearest?",
        ),
        Mistake(
            "without the ends",
            lambda total, count: np.rint((np.arange(count) + 0.5) * total / count - 0.5).astype(int),
            "these lie in the middle of their parts. The first and the last frame must be among them.",
        ),
        Mistake(
            "each frame once",
            lambda total, count: np.unique(_evenly(total, count)),
            "a short video must give count numbers as well: some frames come twice.",
        ),
    ),
    hint="np.linspace gives count numbers from a first to a last one. Which are they, and what is missing then?",
)

# 17.2


def _count_cases(rng: np.random.Generator) -> Cases:
    return {
        "the lesson's": (1, 8, 64),
        "colour": (3, int(rng.integers(5, 12)), int(rng.integers(20, 90))),
        "early fusion": (24, int(rng.integers(5, 20)), int(rng.integers(20, 90))),
    }


def _count(
    kernel: int = 9,
    biases: bool = True,
    norm: int = 2,
    grid: int = 16,
    channels: Callable[[int, int], list[int]] = lambda c, w: [c, w, 2 * w, 4 * w],
    linear_bias: bool = True,
) -> Callable[[int, int, int], float]:
    def parameters(c: int, w: int, features: int) -> float:
        sizes = channels(c, w)
        total = 0
        for here, there in pairwise(sizes):
            total += kernel * here * there + biases * there + norm * there
        return float(total + grid * sizes[-1] * features + linear_bias * features)

    return parameters


COUNT = FunctionExercise(
    "17.2",
    "how large the frame encoder is",
    "Write parameters(channels, width, features): how many numbers the encoder of a frame of 32 × 32 learns.",
    reference=_count(),
    cases=_count_cases,
    mistakes=(
        Mistake(
            "no biases",
            _count(biases=False, linear_bias=False),
            "the weights are right. What does every channel and every feature have besides?",
        ),
        Mistake(
            "no bias in the linear map",
            _count(linear_bias=False),
            "all is right but the linear map at the end: it has a bias, too.",
        ),
        Mistake(
            "no biases in the convolutions",
            _count(biases=False),
            "each channel has three numbers besides its weights: a bias, and two of the batch norm. You count two.",
        ),
        Mistake(
            "no batch norm",
            _count(norm=0),
            "the batch norms are missing: each channel has a factor and a shift there.",
        ),
        Mistake(
            "batch norm with its means",
            _count(norm=4),
            "the running mean and variance of a batch norm are measured, and not learnt.",
        ),
        Mistake("kernel of 3", _count(kernel=3), "a kernel is 3 × 3. How many numbers is that?"),
        Mistake(
            "kernel of 1",
            _count(kernel=1),
            "a kernel is 3 × 3 for each pair of channels. You count one number.",
        ),
        Mistake(
            "one channel in",
            _count(channels=lambda c, w: [1, w, 2 * w, 4 * w]),
            "the first convolution sees all channels of the frame.",
        ),
        Mistake(
            "width everywhere",
            _count(channels=lambda c, w: [c, w, w, w]),
            "the channels double from one convolution to the next.",
        ),
        Mistake(
            "the picture as it came",
            _count(grid=1024),
            "how large is the picture behind three convolutions that halve its sides?",
        ),
        Mistake(
            "a picture of 8 × 8", _count(grid=64), "the sides are halved three times: 32, 16, 8, and then?"
        ),
        Mistake("a picture of 4", _count(grid=4), "the picture has 4 × 4 pixels at the end."),
        Mistake(
            "the mean of the picture",
            _count(grid=1),
            "the last pictures are not averaged: every pixel goes in.",
        ),
    ),
    hint="three convolutions (kernel 3 × 3 for each pair of channels, a bias), three batch norms, one linear map.",
)

# 17.3


def _order_cases(rng: np.random.Generator) -> Cases:
    def case(n: int, steps: int, size: int) -> tuple[Array, Array]:
        frames = rng.integers(0, 256, size=(n, steps, size, size)).astype(np.uint8)
        return frames, rng.permuted(np.tile(np.arange(steps), (n, 1)), axis=1)

    return {"two clips": case(2, 5, 3), "as many clips as frames": case(4, 4, 3), "one clip": case(1, 6, 2)}


def _in_order(frames: Array, order: Array) -> Array:
    return np.asarray(frames[np.arange(len(frames))[:, None], order])


ORDER = FunctionExercise(
    "17.3",
    "another order for each clip",
    "Write in_order(frames, order): frame t of clip n becomes its frame order[n, t].",
    reference=_in_order,
    cases=_order_cases,
    mistakes=(
        Mistake(
            "one order for all",
            lambda frames, order: frames[:, order[0]],
            "all clips have the order of the first one. Each has a row of its own.",
        ),
        Mistake(
            "clips in another order",
            lambda frames, order: frames[order[:, 0] % len(frames)],
            "you put the clips in another order, and the frames of each stay as they are. Which axis is time?",
        ),
        Mistake(
            "order on the first axis",
            lambda frames, order: frames[order % len(frames)],
            "frames[order] takes clips. Time is the second axis, and each clip must be paired with its own row.",
        ),
        Mistake(
            "rows of pixels",
            lambda frames, order: frames[:, :, np.argsort(order[0])[: frames.shape[2]] % frames.shape[2]],
            "these are the rows of pixels. Which axis is time?",
        ),
        Mistake(
            "the way back",
            lambda frames, order: _in_order(frames, np.argsort(order, axis=1)),
            "your frame t went to place order[n, t]. Wanted is that place t gets frame order[n, t].",
        ),
        Mistake(
            "backwards",
            lambda frames, order: frames[:, ::-1],
            "that is time reversed, and the same for all. What does order say?",
        ),
        Mistake(
            "nothing done",
            lambda frames, order: frames,
            "the frames are where they were.",
        ),
        Mistake(
            "clip with itself",
            lambda frames, order: frames[:, order],
            "frames[:, order] puts every row of order to every clip: one axis too many. Pair clip n with row n.",
        ),
    ),
    hint="frames[n, order[n]] is one clip. For all at once the number of the clip must be an array, too: (N, 1).",
)

# 17.4

APART, ENOUGH, FRAMES = 16, 0.93, 24


@cache
def two_frames(first: int, second: int) -> float:
    """Train a network that sees two frames of each clip, numbered from 1; return the part of new clips it has right.

    Frames 1 and 24 are the first and the last. It takes about two seconds.
    """
    import torch

    from lstm_lib.experiments import video

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return video.with_frames((first - 1, second - 1))
    finally:
        torch.set_num_threads(threads)


def _pair(given: Any) -> tuple[int, int]:
    numbers = list(given) if isinstance(given, list | tuple | np.ndarray) else []
    if len(numbers) != 2 or not all(isinstance(n, Integral) and not isinstance(n, bool) for n in numbers):
        raise ValueError("write the numbers of two frames, such as (1, 9)")
    return int(numbers[0]), int(numbers[1])


def _inside(v: tuple[int, int]) -> bool:
    return min(v) >= 1 and max(v) <= FRAMES


def _near(v: tuple[int, int]) -> bool:
    return v[0] < v[1] <= v[0] + APART


TWO_FRAMES = ValueExercise(
    "17.4",
    "two frames are enough",
    f"Choose two frames, at most {APART} apart, from which a network tells at least {ENOUGH:.0%} of the twins.",
    right=(5, 20),
    read=_pair,
    accept=lambda v: _inside(v) and _near(v) and two_frames(*v) >= ENOUGH,
    mistakes=(
        Mistake(
            "outside",
            (0, 8),
            f"a clip has the frames 1 to {FRAMES}.",
            when=lambda v: not _inside(v),
        ),
        Mistake(
            "the same",
            (12, 12),
            "these are one frame, and it shows no change. Which second frame would?",
            when=lambda v: v[0] == v[1],
        ),
        Mistake(
            "backwards", (20, 5), "write the earlier frame first.", when=lambda v: _inside(v) and v[0] > v[1]
        ),
        Mistake(
            "too far apart",
            (1, 24),
            f"these are more than {APART} apart. Nearer ones can do it.",
            when=lambda v: _inside(v) and v[1] - v[0] > APART,
        ),
        Mistake(
            "too near",
            (12, 13),
            "an action takes 8 to 14 frames, so hardly any fits between these two. Go further apart.",
            when=lambda v: _inside(v) and _near(v) and v[1] - v[0] < 9,
        ),
        Mistake(
            "at an end",
            (1, 16),
            "an action may lie anywhere, and often it still goes on in one of these. Go equally far from both ends.",
            when=lambda v: _inside(v) and _near(v) and abs(v[0] + v[1] - FRAMES - 1) > 4,
        ),
        Mistake(
            "nearly",
            (8, 17),
            "the place is right. Take them further apart: more actions must fit in between.",
            when=lambda v: _inside(v) and _near(v) and 9 <= v[1] - v[0] <= 13,
        ),
    ),
    hint="look at the film strips: which two moments show what the figure was like before, and what after?",
)

EXERCISES = [EVENLY, COUNT, ORDER, TWO_FRAMES]
