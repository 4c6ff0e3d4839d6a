"""Clips of one to three actions, and a sentence for each that says who does what, which way, and then what.

The grammar of a caption:

    a {tall | small} figure [in a hat] VERB [, then VERB [, then VERB]]
    VERB    walks to the left | runs to the right | jumps | waves | squats | claps | kicks | bends down

Some ordered pairs of actions (HELD_OUT, about a fifth) never follow each other in the training part. A clip of the
part "unseen" holds at least one of them; every single action in it is well known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.figures import act, bodies
from lstm_lib.datasets.task import generator, whole_number

__all__ = [
    "ACTIONS",
    "BEGIN",
    "END",
    "HELD_OUT",
    "PADDING",
    "WORDS",
    "Captioned",
    "caption",
    "captioned",
    "mirrored",
    "sentence",
]

VERBS = {
    "walk": "walks", "run": "runs", "jump": "jumps", "wave": "waves", "squat": "squats", "clap": "claps",
    "kick": "kicks", "bend down": "bends down",
}  # fmt: skip
MOVES = ("walk", "run")
ACTIONS = tuple(VERBS)
EACH = 12  # frames an action takes
MOST = 3  # actions in a clip
PAIRS = [(a, b) for a in ACTIONS for b in ACTIONS if a != b]
#: Pairs of actions, first and next, that no clip for training holds: 11 of 56, drawn once.
HELD_OUT = frozenset(PAIRS[k] for k in np.random.default_rng(17).permutation(len(PAIRS))[:11])

PADDING, BEGIN, END = 0, 1, 2
WORDS = (
    "<padding>", "<begin>", "<end>", "a", "tall", "small", "figure", "in", "hat", ",", "then", "to", "the", "left",
    "right", *dict.fromkeys(word for verb in VERBS.values() for word in verb.split()),
)  # fmt: skip
NUMBER = {word: k for k, word in enumerate(WORDS)}
TALL, SMALL = (0.63, 0.72), (0.44, 0.53)  # in parts of the picture


class Captioned(NamedTuple):
    """A clip (T, 32, 32) with its caption, in words, and the number of the action in each frame, (T,)."""

    frames: NDArray[np.uint8]
    caption: tuple[str, ...]
    actions: NDArray[np.int64]


def caption(play: Sequence[str], *, tall: bool, hat: bool, right: bool) -> tuple[str, ...]:
    """Return the words for a row of actions by a figure that looks to the right or left.

    Raises:
        ValueError: the play is empty, or holds something that is not in ACTIONS.
    """
    if not play or any(action not in VERBS for action in play):
        raise ValueError(f"play must hold actions of {', '.join(ACTIONS)}, got {tuple(play)!r}")
    words = ["a", "tall" if tall else "small", "figure"] + (["in", "a", "hat"] if hat else [])
    for k, action in enumerate(play):
        words += [",", "then"] if k else []
        words += VERBS[action].split()
        words += ["to", "the", "right" if right else "left"] if action in MOVES else []
    return tuple(words)


def sentence(words: Sequence[str]) -> str:
    """Return the words as a sentence, with its comma, capital and full stop; of no word an empty text."""
    text = " ".join(words).replace(" ,", ",")
    return text[:1].upper() + text[1:] + "." if text else ""


def captioned(
    n: int, rng: np.random.Generator, *, unseen: bool = False, most: int = MOST, least: int = 1
) -> list[Captioned]:
    """Draw N clips with their captions.

    Args:
        n: so many.
        rng: draws all.
        unseen: each clip holds a pair of HELD_OUT (and so at least two actions); otherwise none does.
        most, least: actions in a clip; training has 1 to MOST.

    Raises:
        TypeError, ValueError: a number is no whole number or too small; rng is no generator.
    """
    least = max(whole_number("least", least, 1), 1 + unseen)
    whole_number("n", n, 1)
    whole_number("most", most, least)
    rng = generator(rng)
    plays = [_play(rng, unseen, least, most) for _ in range(n)]
    body, tall = bodies(n, rng), rng.random(n) < 0.5
    body = replace(body, height=32 * np.where(tall, rng.uniform(*TALL, n), rng.uniform(*SMALL, n)))
    right = body.facing > 0
    return [
        Captioned(
            frames,
            caption(play, tall=bool(tall[k]), hat=bool(body.hat[k]), right=bool(right[k])),
            np.repeat([2 * ACTIONS.index(action) + int(right[k]) for action in play], EACH),
        )
        for k, (play, frames) in enumerate(zip(plays, act(plays, rng, EACH, body=body), strict=True))
    ]


def mirrored(one: Captioned) -> Captioned:
    """Return a clip as a mirror shows it, with the caption and the actions that are true of it."""
    other = {"left": "right", "right": "left"}
    return Captioned(
        one.frames[..., ::-1], tuple(other.get(word, word) for word in one.caption), one.actions ^ 1
    )


def _play(rng: np.random.Generator, unseen: bool, least: int, most: int) -> tuple[str, ...]:
    """Draw actions until they hold a pair that is held out, or none, as wanted. None follows itself."""
    while True:
        play: list[str] = []
        count = rng.integers(least, most + 1)
        while len(play) < count:
            action = ACTIONS[rng.integers(len(ACTIONS))]
            if not play or play[-1] != action:
                play.append(action)
        if any(pair in HELD_OUT for pair in pairwise(play)) == unseen:
            return tuple(play)
