"""What a figure does: the poses of every action, and the curve that joins them.

A *pose* is ten numbers, the angles of the joints and a height. An action is a short list of poses, which are joined
smoothly: in a circle (walking) or from the first to the last (sitting down).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ACTIONS", "JOINTS", "REVERSALS", "STAND", "Action", "pose_at"]

Array = NDArray[np.float64]

#: In degrees: the torso's lean forward; upper arms and thighs forward from hanging straight down; how far the elbows
#: bend forward and the knees back. The last one is the height of a jump, in parts of the body's height.
JOINTS = ("lean", "arm 1", "elbow 1", "arm 2", "elbow 2", "thigh 1", "knee 1", "thigh 2", "knee 2", "height")
STAND = (0, 8, 8, -8, 8, 4, 0, -4, 0, 0)


@dataclass(frozen=True)
class Action:
    """Poses that are gone through, in a circle or once; and what the figure covers in a clip."""

    poses: tuple[tuple[float, ...], ...]
    circle: bool = True
    rounds: float = 2.0  # in 24 frames, at average speed
    covers: float = 0.0  # body heights in 24 frames, at average speed, in the direction in which it looks


ACTIONS = {
    "walk": Action(
        (
            (4, -28, 10, 28, 20, 28, 4, -24, 12, 0),
            (4, 0, 14, 0, 14, 4, 2, 12, 55, 0),
            (4, 28, 20, -28, 10, -24, 12, 28, 4, 0),
            (4, 0, 14, 0, 14, 12, 55, 4, 2, 0),
        ),
        rounds=2.0,
        covers=0.7,
    ),
    "run": Action(
        (
            (18, -50, 80, 50, 90, 55, 30, -30, 35, 0.05),
            (18, 0, 90, 0, 90, 5, 15, 40, 100, 0),
            (18, 50, 90, -50, 80, -30, 35, 55, 30, 0.05),
            (18, 0, 90, 0, 90, 40, 100, 5, 15, 0),
        ),
        rounds=3.0,
        covers=1.1,
    ),
    "jump": Action(
        (
            (25, -40, 10, -40, 10, 60, 95, 60, 95, 0),
            (0, 160, 5, 160, 5, 0, 0, 0, 0, 0.12),
            (0, 165, 5, 165, 5, 10, 15, 10, 15, 0.26),
            (0, 160, 5, 160, 5, 0, 0, 0, 0, 0.12),
        ),
    ),
    "wave": Action(
        (
            (0, 8, 8, 150, -35, 4, 0, -4, 0, 0),
            (0, 8, 8, 150, 35, 4, 0, -4, 0, 0),
        ),
        rounds=3.0,
    ),
    "squat": Action(
        (
            STAND,
            (35, 85, 5, 85, 5, 95, 125, 95, 125, 0),
        ),
    ),
    "clap": Action(
        (
            (0, 125, 10, 45, 10, 4, 0, -4, 0, 0),
            (0, 88, 5, 82, 5, 4, 0, -4, 0, 0),
        ),
        rounds=3.5,
    ),
    "kick": Action(
        (
            (10, 30, 20, -35, 20, -5, 5, -35, 50, 0),
            (-18, -40, 20, 45, 20, -8, 5, 95, 5, 0),
        ),
    ),
    "stand": Action((STAND,)),
    "sit down": Action((STAND, (5, 50, 5, 45, 5, 92, 92, 86, 88, 0)), circle=False),
    "bend down": Action((STAND, (105, 10, 5, 0, 5, -6, 4, -10, 4, 0)), circle=False),
    "raise the arms": Action((STAND, (0, 172, 4, 160, 4, 4, 0, -4, 0, 0)), circle=False),
    "kneel": Action((STAND, (4, 20, 30, 12, 30, 88, 90, 0, 92, 0)), circle=False),
}

#: Actions that are another one backwards: every frame the same, in the other order.
REVERSALS = {
    "stand up": "sit down",
    "straighten up": "bend down",
    "lower the arms": "raise the arms",
    "rise": "kneel",
}


def pose_at(action: Action, u: Array) -> Array:
    """Return the poses (…, 10) at u (…,): in rounds for a circle, else from 0 to 1."""
    poses = np.array(action.poses, dtype=float)
    if len(poses) == 1:
        return np.broadcast_to(poses[0], (*u.shape, len(JOINTS))).copy()
    if not action.circle:
        place = np.clip(u, 0, 1) * (len(poses) - 1)
        k = np.minimum(place.astype(int), len(poses) - 2)
        part = (0.5 - 0.5 * np.cos(np.pi * (place - k)))[..., None]
        return np.asarray((1 - part) * poses[k] + part * poses[k + 1])
    place = (u % 1.0) * len(poses)
    k = place.astype(int)
    f = (place - k)[..., None]
    a, b, c, d = (poses[(k + step) % len(poses)] for step in (-1, 0, 1, 2))
    # The curve of Catmull and Rom (1974): through all poses, without a corner.
    return np.asarray(b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a))))
