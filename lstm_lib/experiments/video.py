"""Which action is it? Clips of figures for a CNN with an LSTM and for its rivals, with or without the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.figures import REVERSALS, Body, bodies, draw
from lstm_lib.datasets.task import generator, whole_number
from lstm_lib.datasets.video_runs import VideoRun
from lstm_lib.experiments.review_scores import interval
from lstm_lib.nn.video import VideoClassifier
from lstm_lib.training import History, fit

Array = NDArray[Any]

#: Actions and their exact reversals, pair by pair.
REVERSED = tuple(name for back, forth in REVERSALS.items() for name in (forth, back))
#: Actions that a single pose often gives away.
ORDINARY = ("walk", "run", "jump", "wave", "squat", "clap", "kick")
FRAMES = 24
ACTION = 18  # frames of an action in a long clip
SHORT = (1 / 3, 3 / 5)  # parts of a clip of FRAMES that an action takes: 8 to 14 frames
BATCH = 25  # clips that are answered at once: more of them do not fit into the processor's cache


class Clips(NamedTuple):
    """Clips: frames (N, T, 32, 32) of 0 to 255, labels (N,), and what the labels mean."""

    frames: NDArray[np.uint8]
    labels: Array
    names: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; chosen on clips of a validation part, with seeds of 100 and more."""

    steps: int = 200
    rate: float = 0.004
    weight_decay: float = 0.01
    batch: int = 32


RECIPE = Recipe()


def twin_clips(
    pairs: int, rng: np.random.Generator, frames: int = FRAMES, action: int | None = None
) -> Clips:
    """Return twins: clips of REVERSED actions, each followed by the same clip backwards, of the opposite class.

    Args:
        pairs: so many twins; N is twice as many.
        rng: draws all.
        frames: T of every clip.
        action: so many frames the action takes; None draws it for each clip, a third to three fifths of the frames. It
            lies anywhere in the clip, and before and after it the figure keeps still. (Did all begin at about the same
            time, the place of a single frame would tell the way.)

    Raises:
        TypeError, ValueError: pairs or action is no whole number, pairs is below 1, or the action is longer than the
            clip; rng is no generator.
    """
    whole_number("pairs", pairs, 1)
    rng = generator(rng)
    which = rng.integers(len(REVERSALS), size=pairs)
    body = bodies(pairs, rng)
    if action is not None and whole_number("action", action, 2) > whole_number("frames", frames, 2):
        raise ValueError(f"action must be from 2 to the {frames} frames of a clip, got {action}")
    body = anywhere(body, rng, None if action is None else action / frames)
    forth = draw([REVERSED[2 * k] for k in which], rng, frames, body=body)
    clips = np.stack([forth, forth[:, ::-1]], axis=1).reshape(2 * pairs, *forth.shape[1:])
    return Clips(clips, np.stack([2 * which, 2 * which + 1], axis=1).reshape(-1), REVERSED)


def anywhere(body: Body, rng: np.random.Generator, part: float | None = None) -> Body:
    """Return bodies whose actions lie anywhere in their clips, and take one part of them, or parts drawn from SHORT."""
    parts = rng.uniform(*SHORT, len(body.starts)) if part is None else np.full(len(body.starts), part)
    starts = rng.uniform(0, 1 - parts)
    return replace(body, starts=starts, ends=starts + parts)


def ordinary_clips(n: int, rng: np.random.Generator, frames: int = FRAMES) -> Clips:
    """Return N clips of ORDINARY actions.

    Raises:
        TypeError, ValueError: n is no whole number, or below 1; rng is no generator.
    """
    whole_number("n", n, 1)
    rng = generator(rng)
    labels = rng.integers(len(ORDINARY), size=n)
    return Clips(draw([ORDINARY[k] for k in labels], rng, frames), labels, ORDINARY)


def twin_parts(train: int = 2000, test: int = 500) -> dict[str, Clips]:
    """Return the twins of lesson 17 in three parts; every clip of every part has a body of its own."""
    sizes = {"train": train, "validation": test // 2, "test": test}
    return {
        part: twin_clips(pairs, np.random.default_rng(1710 + k))
        for k, (part, pairs) in enumerate(sizes.items())
    }


def ordinary_parts(train: int = 2000, test: int = 700) -> dict[str, Clips]:
    """Return the ordinary actions of lesson 17 in three parts."""
    sizes = {"train": train, "validation": test // 2, "test": test}
    return {
        part: ordinary_clips(n, np.random.default_rng(1720 + k)) for k, (part, n) in enumerate(sizes.items())
    }


def long_parts(train: int = 400, test: int = 200) -> tuple[list[Clips], dict[int, Clips]]:
    """Return twins whose action of ACTION frames lies anywhere: of 24 to 48 frames for training, to 96 for the test."""
    lengths = np.linspace(FRAMES, 2 * FRAMES, 5).astype(int).tolist()
    return (
        [twin_clips(train, np.random.default_rng([1730, T]), T, ACTION) for T in lengths],
        {T: twin_clips(test, np.random.default_rng([1731, T]), T, ACTION) for T in (24, 48, 72, 96)},
    )


def standardised(frames: NDArray[np.uint8]) -> Tensor:
    """Return clips (N, T, 32, 32) as the networks want them: (T, N, 32, 32), each clip with mean 0 and deviation 1.

    Raises:
        TypeError: frames is no array of whole numbers from 0 to 255.
        ValueError: it has another shape, or no clip.
    """
    if not isinstance(frames, np.ndarray) or frames.dtype != np.uint8:
        raise TypeError(
            f"frames must be an array of uint8, got {getattr(frames, 'dtype', type(frames).__name__)}"
        )
    if frames.ndim != 4 or not frames.size:
        raise ValueError(f"frames must be (N, T, height, width), at least one clip, got shape {frames.shape}")
    x = torch.from_numpy(np.ascontiguousarray(frames)).float()
    x -= x.mean(dim=(1, 2, 3), keepdim=True)
    x /= x.std(dim=(1, 2, 3), keepdim=True).clamp(min=1.0)  # a clip without anything stays 0
    return x.transpose(0, 1)


def shuffled(frames: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the clips (N, T, …) with the frames of each in an order of its own: nothing is left of the order of time.

    Raises:
        TypeError, ValueError: frames is no array of clips, or rng no generator.
    """
    _check_frames(frames)
    rng = generator(rng)
    order = rng.permuted(np.tile(np.arange(frames.shape[1]), (len(frames), 1)), axis=1)
    return np.asarray(frames[np.arange(len(frames))[:, None], order])


def resampled(frames: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return ``count`` frames of each clip (N, T, …), evenly from the first to the last.

    Raises:
        TypeError, ValueError: count is no whole number, or below 1; frames is no array of clips.
    """
    _check_frames(frames)
    whole_number("count", count, 1)
    return frames[:, np.rint(np.linspace(0, frames.shape[1] - 1, count)).astype(int)]


def fresh(way: str, classes: int, seed: int, frames: int = FRAMES) -> VideoClassifier:
    """Return a network with its first weights; PyTorch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return VideoClassifier(way, classes, frames=frames)


def learn(
    way: str,
    clips: Clips | Sequence[Clips],
    seed: int,
    recipe: Recipe = RECIPE,
    progress: str | None = None,
) -> tuple[VideoClassifier, History]:
    """Train a network on clips; half of each batch is seen in a mirror.

    Args:
        way: one of ``lstm_lib.nn.video.WAYS``.
        clips: the training part; several of them may have different lengths, and a batch is from one of them.
        seed: of the first weights and the batches.
        recipe: how.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: clips hold something else, or one class only, or none; the batch is below 1, the seed
            below 0, or one of them no whole number.
    """
    groups = list(clips) if isinstance(clips, Sequence) and not isinstance(clips, Clips) else [clips]
    for group in groups:
        if not isinstance(group, Clips):
            raise TypeError(f"clips must be Clips, as twin_clips() draws them, got {type(group).__name__}")
    whole_number("recipe.batch", recipe.batch, 1)
    whole_number("seed", seed, 0)
    if not groups or not all(len(group.frames) == len(group.labels) > 0 for group in groups):
        raise ValueError("clips must hold some, and as many labels as clips")
    found = np.unique(np.concatenate([group.labels for group in groups]))
    if len(found) < 2:
        raise ValueError(f"the training clips must be of two classes at least, got only {found.tolist()}")
    rng = np.random.default_rng(seed)
    frames = groups[0].frames.shape[1]  # matters to the ways of fixed length alone
    model = fresh(way, len(groups[0].names), seed, frames)

    def batch() -> tuple[Tensor, Tensor]:
        group = groups[rng.integers(len(groups))]
        k = rng.integers(len(group.frames), size=recipe.batch)
        frames = group.frames[k]
        mirror = rng.random(recipe.batch) < 0.5
        frames[mirror] = frames[mirror][..., ::-1]
        return standardised(frames), torch.from_numpy(group.labels[k])

    def loss(net: nn.Module, given: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        x, labels = given
        scores = net(x)
        wanted = labels if scores.ndim == 2 else labels.expand(scores.shape[:2])  # one answer a frame
        return cross_entropy(scores.flatten(0, -2), wanted.flatten()), scores

    history = fit(
        model,
        batch,
        loss,
        steps=recipe.steps,
        rate=recipe.rate,
        weight_decay=recipe.weight_decay,
        progress=progress,
    )
    return model, history


@torch.no_grad()
def answers(model: VideoClassifier, frames: NDArray[np.uint8], batch: int = BATCH) -> Array:
    """Return the class of each clip (N,); of a network for single frames that of each frame, (T, N).

    Raises:
        TypeError, ValueError: frames is not (N, T, 32, 32) of uint8; batch, the clips at once, is no whole number above
            zero.
    """
    parts = [model(x).argmax(-1) for x in _batches(frames, batch)]
    return torch.cat(parts, dim=-1).numpy()


def stored_interval(runs: Sequence[VideoRun]) -> tuple[float, float, float]:
    """Return the mean part of the clips that stored runs have right, and the ends of a 95 % interval (Wilson 1927).

    All seeds are tested on the same clips. So they are no new clips, and the interval is that of one run's.

    Raises:
        ValueError: there is no run, or they were tested on different numbers of clips.
    """
    counts = {run.clips for run in runs}
    if len(counts) != 1:
        raise ValueError(f"runs must be some, of one number of clips, got {sorted(counts)}")
    return interval(float(np.mean([run.right for run in runs])), counts.pop())


def best_frame(model: VideoClassifier, clips: Clips) -> int:
    """Return the place in a clip at which a network for single frames is right most often, on a validation part.

    Raises:
        TypeError: clips are no Clips. ValueError: the model is another, or there are not as many labels as clips.
    """
    if getattr(model, "way", None) != "single frame":
        raise ValueError(f"model must be one for a 'single frame', got {getattr(model, 'way', model)!r}")
    if not isinstance(clips, Clips):
        raise TypeError(f"clips must be Clips, as twin_clips() draws them, got {type(clips).__name__}")
    if not len(clips.frames) == len(clips.labels) > 0:
        raise ValueError(
            f"clips must hold as many labels as clips, and some, got {len(clips.labels)} and {len(clips.frames)}"
        )
    return int((answers(model, clips.frames) == clips.labels).mean(axis=1).argmax())


def with_frames(places: Sequence[int], seed: int = 0) -> float:
    """Train early fusion on a few frames of each twin, and return the part of new twins that it has right.

    Args:
        places: of the frames, from 0 to FRAMES - 1.
        seed: of the network.

    Raises:
        TypeError, ValueError: there is no place, or one is no whole number or outside the clip.
    """
    if not isinstance(places, Sequence):
        raise TypeError(f"places must be a sequence of numbers, such as (0, 23), got {type(places).__name__}")
    chosen = [whole_number("places", place, 0) for place in places]
    if not chosen or not all(place < FRAMES for place in chosen):
        raise ValueError(f"places must be some of 0 to {FRAMES - 1}, got {chosen}")
    train, test = (
        part._replace(frames=np.ascontiguousarray(part.frames[:, chosen])) for part in _small_parts()
    )
    model, _ = learn("early fusion", train, seed, replace(RECIPE, steps=120))
    return float((answers(model, test.frames) == test.labels).mean())


def _check_frames(frames: NDArray[np.uint8]) -> None:
    if not isinstance(frames, np.ndarray):
        raise TypeError(f"frames must be an array (N, T, …) of clips, got {type(frames).__name__}")
    if frames.ndim < 2 or not frames.size:
        raise ValueError(f"frames must be (N, T, …), at least one clip, got shape {frames.shape}")


@cache
def _small_parts() -> tuple[Clips, Clips]:
    parts = twin_parts(600, 300)
    return parts["train"], parts["test"]


@torch.no_grad()
def watched(model: VideoClassifier, frames: NDArray[np.uint8], batch: int = BATCH) -> Array:
    """Return the probabilities after each frame, (T, N, C), of a CNN with an LSTM.

    Raises:
        TypeError, ValueError: as ``answers``, or the network is no LSTM.
    """
    parts = [model.watch(x) for x in _batches(frames, batch)]
    return torch.cat(parts, dim=1).softmax(-1).numpy()


def _batches(frames: NDArray[np.uint8], batch: int) -> Iterator[Tensor]:
    whole_number("batch", batch, 1)
    if not len(frames):
        raise ValueError("frames must hold at least one clip, got none")
    for k in range(0, len(frames), batch):
        yield standardised(frames[k : k + batch])
