"""Clips of an articulated figure that acts: drawn in NumPy, with random body, speed, camera and background.

A figure is eight limbs, a torso and a head. `draw` makes clips of actions, `act` clips of several actions, one after
the other. The poses of an action are in ``figure_poses``, how they become pixels in ``figure_drawing``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.figure_drawing import Body, bodies, render
from lstm_lib.datasets.figure_poses import ACTIONS, JOINTS, REVERSALS, pose_at
from lstm_lib.datasets.task import generator, whole_number

__all__ = ["ACTIONS", "REVERSALS", "Body", "act", "bodies", "draw"]

Array = NDArray[np.float64]
Frames = NDArray[np.uint8]


def _motion(names: Sequence[str], body: Body, steps: int) -> tuple[Array, Array, Array]:
    """Return the poses (N, T, 10), the way covered (N, T) and whether a foot is planted, 0 or 1, of one action each."""
    n = len(names)
    pose, covered, planted = np.empty((n, steps, len(JOINTS))), np.zeros((n, steps)), np.ones((n, steps))
    time = np.linspace(0, 1, steps)
    for name in set(names):
        action, k = ACTIONS[name], np.flatnonzero([other == name for other in names])
        if action.circle:
            u = body.phase[k, None] + action.rounds * body.tempo[k, None] * time * steps / 24
        else:
            u = (time - body.starts[k, None]) / (body.ends - body.starts)[k, None]
        pose[k] = pose_at(action, u)
        covered[k] = action.covers * body.tempo[k, None] * (time - 0.5) * steps / 24
        planted[k] = action.covers == 0
    return pose, covered, planted


def draw(
    names: Sequence[str], rng: np.random.Generator, frames: int = 24, size: int = 32, body: Body | None = None
) -> Frames:
    """Draw one clip of each action named, an action of REVERSALS as its opposite, backwards.

    Args:
        names: of ACTIONS or REVERSALS.
        rng: draws the bodies, unless they are given, and all else that differs.
        frames: in a clip, at least 2.
        size: of a frame, in pixels.
        body: of so many figures.

    Returns:
        (N, frames, size, size), 0 is black and 255 white.

    Raises:
        ValueError: a name is not known, or a number is too small.
    """
    if not len(names):
        raise ValueError(f"names must hold at least one of {', '.join([*ACTIONS, *REVERSALS])}, got none")
    for name in names:
        if name not in ACTIONS and name not in REVERSALS:
            raise ValueError(f"names must be of {', '.join([*ACTIONS, *REVERSALS])}, got {name!r}")
    whole_number("frames", frames, 2)
    whole_number("size", size, 8)
    rng = generator(rng)
    body = body if body is not None else bodies(len(names), rng, size)
    if len(body.height) != len(names):
        raise ValueError(f"body must hold {len(names)} figures, as many as names, got {len(body.height)}")
    pose, covered, planted = _motion([REVERSALS.get(name, name) for name in names], body, frames)
    clips = render(pose, covered, planted, body, rng, size)
    back = np.array([name in REVERSALS for name in names], dtype=bool)
    clips[back] = clips[back][:, ::-1]
    return clips


def act(
    plays: Sequence[Sequence[str]],
    rng: np.random.Generator,
    each: int = 12,
    size: int = 32,
    body: Body | None = None,
) -> list[Frames]:
    """Draw clips of several actions one after the other, of one figure, without a cut.

    Args:
        plays: for each clip the names of its actions, of ACTIONS; clips may have different numbers of them.
        rng: draws the bodies, unless they are given, and all else that differs.
        each: so many frames an action, at least 4. An action that is gone through once ends its part and is
            left again at the beginning of the next one.
        size: of a frame, in pixels.
        body: of so many figures.

    Returns:
        For each play (its number of actions × each, size, size).

    Raises:
        ValueError: a play is empty, a name is not known, or a number is too small.
    """
    whole_number("each", each, 4)
    whole_number("size", size, 8)
    for play in plays:
        if not play or any(name not in ACTIONS for name in play):
            raise ValueError(f"plays must hold names of {', '.join(ACTIONS)}, got {play!r}")
    if not plays:
        raise ValueError("plays must hold at least one play, got none")
    rng = generator(rng)
    body = body if body is not None else bodies(len(plays), rng, size)
    if len(body.height) != len(plays):
        raise ValueError(f"body must hold {len(plays)} figures, as many as plays, got {len(body.height)}")
    clips = render(*_several(plays, body, each), body, rng, size)
    return [clip[: len(play) * each] for clip, play in zip(clips, plays, strict=True)]


def _several(plays: Sequence[Sequence[str]], body: Body, each: int) -> tuple[Array, Array, Array]:
    """Return what `_motion` does, of several actions one after the other; short plays go on with their last action."""
    longest = max(len(play) for play in plays)
    n, steps = len(plays), longest * each
    pose, covered, planted = np.empty((n, steps, len(JOINTS))), np.zeros((n, steps)), np.ones((n, steps))
    where = np.zeros((n, 1))
    for k in range(longest):
        names = [play[k] if k < len(play) else play[-1] for play in plays]
        now = slice(k * each, (k + 1) * each)
        pose[:, now], way, planted[:, now] = _motion(names, body, each)
        covered[:, now] = where + way - way[:, :1]
        where = covered[:, now][:, -1:]
    for k, play in enumerate(plays):  # the middle of the way is the middle of the picture
        covered[k] -= (covered[k, 0] + covered[k, len(play) * each - 1]) / 2
    for border in range(each, steps, each):  # from one action into the next in four frames
        for moving in (pose, planted):
            before, after = moving[:, border - 2].copy(), moving[:, min(border + 2, steps - 1)].copy()
            for k, part in enumerate((0.2, 0.4, 0.6, 0.8)):
                moving[:, border - 2 + k] = (1 - part) * before + part * after
    return pose, covered, planted
