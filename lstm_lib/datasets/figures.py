"""Clips of an articulated figure that acts: drawn in NumPy, with random body, speed, camera and background.

A figure is eight limbs, a torso and a head. A *pose* is ten numbers, the angles of the joints and a height. An action
is a short list of poses, which are joined smoothly: in a circle (walking) or from the first to the last (sitting down).
`draw` makes clips of actions, `act` clips of several actions, one after the other.

A limb is drawn as a row of soft dots. A dot is a product of two bell curves, one along x and one along y, so a whole
frame is one product of matrices, and a thousand clips take a second or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ACTIONS", "JOINTS", "REVERSALS", "Action", "Body", "act", "bodies", "draw", "render"]

Array = NDArray[np.float64]
Frames = NDArray[np.uint8]

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

TORSO, ARM, LEG, HEAD = (
    0.30,
    0.17,
    0.225,
    0.075,
)  # in parts of the height; an arm has two such parts, a leg too
DOTS = {"torso": 6, "arm": 3, "leg": 4}
BLOCK = 16  # clips that are drawn at once: their bell curves fit into the processor's cache


@dataclass(frozen=True)
class Body:
    """How N figures look. Lengths in pixels, times in parts of a clip; every array is (N,)."""

    height: Array
    thickness: Array
    x: Array  # where the hips are in the middle of the clip
    ground: Array  # how far down the feet stand
    facing: Array  # 1 looks to the right, -1 to the left
    ink: Array  # brightness, 0 to 1
    paper: Array  # of the background, on average
    hat: NDArray[np.bool_]
    phase: Array  # where in its circle an action begins
    tempo: Array  # 1 is average speed
    starts: Array  # when an action that is gone through once begins
    ends: Array  # … and ends


def bodies(n: int, rng: np.random.Generator, size: int = 32) -> Body:
    """Return N random bodies for frames of size × size pixels: tall and small, dark and bright."""
    dark = rng.random(n) < 0.5
    ink = np.where(dark, rng.uniform(0.0, 0.2, n), rng.uniform(0.8, 1.0, n))
    return Body(
        height=size * rng.uniform(0.5, 0.72, n),
        thickness=size * rng.uniform(0.018, 0.026, n),
        x=size * rng.uniform(0.4, 0.6, n),
        ground=size * rng.uniform(0.86, 0.93, n),
        facing=np.where(rng.random(n) < 0.5, 1.0, -1.0),
        ink=ink,
        paper=np.where(dark, rng.uniform(0.5, 0.8, n), rng.uniform(0.2, 0.5, n)),
        hat=rng.random(n) < 0.5,
        phase=rng.random(n),
        tempo=rng.uniform(0.8, 1.25, n),
        starts=rng.uniform(0.0, 0.25, n),
        ends=rng.uniform(0.75, 1.0, n),
    )


def _at(action: Action, u: Array) -> Array:
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


def _dots(pose: Array, hat: NDArray[np.bool_]) -> tuple[Array, Array, Array, Array]:
    """Return the dots of poses (M, 10) around the hips, in body heights: forward (M, P), down (M, P), their sizes (P,)
    relative to a limb's, and how far below the hips the lowest of feet and knees is, with the feet's place (M, 2)."""
    angles = np.radians(pose[:, :9])
    lean, arm1, elbow1, arm2, elbow2, thigh1, knee1, thigh2, knee2 = angles.T
    zero = np.zeros(len(pose))
    neck = np.stack([np.sin(lean), -np.cos(lean)]) * TORSO
    dots: list[Array] = []
    sizes: list[float] = []

    def add(dot: Array, size: float) -> None:
        dots.append(dot)
        sizes.append(size)

    def row(start: Array, end: Array, count: int) -> None:
        for part in np.linspace(0, 1, count + 1)[1:]:
            add(start + part * (end - start), 1.0)

    hips = np.stack([zero, zero])
    row(hips, neck, DOTS["torso"])
    up = neck / TORSO
    head = neck + up * (HEAD + 0.035)
    add(head, 2.0)
    for angle, bend in ((arm1, elbow1), (arm2, elbow2)):
        shoulder = 0.93 * neck
        elbow = shoulder + ARM * np.stack([np.sin(angle), np.cos(angle)])
        hand = elbow + ARM * np.stack([np.sin(angle + bend), np.cos(angle + bend)])
        row(shoulder, elbow, DOTS["arm"])
        row(elbow, hand, DOTS["arm"])
    feet, lowest = [], zero
    for angle, bend in ((thigh1, knee1), (thigh2, knee2)):
        knee = LEG * np.stack([np.sin(angle), np.cos(angle)])
        foot = knee + LEG * np.stack([np.sin(angle - bend), np.cos(angle - bend)])
        row(hips, knee, DOTS["leg"])
        row(knee, foot, DOTS["leg"])
        feet.append(foot)
        lowest = np.maximum(lowest, np.maximum(knee[1], foot[1]))
    side = np.stack([-up[1], up[0]])  # across the head
    for part in (-1.0, -0.5, 0.0, 0.5, 1.0):  # the brim of a hat; without a hat it is hidden inside the head
        brim = head + hat * (up * 0.08 + part * 0.16 * side)
        add(brim, 0.9)
    (x1, y1), (x2, y2) = feet
    weight = 1 / (1 + np.exp(-40 * (y1 - y2)))  # the lower foot is the one that stands
    stands = weight * x1 + (1 - weight) * x2
    forward, down = np.stack(dots, axis=-1)  # (M, P) each
    return forward, down, np.array(sizes), np.stack([lowest, stands], axis=1)


def render(
    pose: Array,
    covered: Array,
    planted: NDArray[np.bool_],
    body: Body,
    rng: np.random.Generator,
    size: int = 32,
) -> Frames:
    """Draw poses.

    Args:
        pose: (N, T, 10), see JOINTS.
        covered: (N, T), how far the hips have come from the middle, in body heights.
        planted: (N, T), whether the standing foot stays where it is.
        body: of N figures.
        rng: draws the backgrounds, the camera's shaking and the noise.
        size: of a frame, in pixels.

    Returns:
        (N, T, size, size), 0 is black and 255 white.
    """
    n, steps = covered.shape
    forward, down, sizes, low = _dots(pose.reshape(n * steps, -1), np.repeat(body.hat, steps))
    lowest, stands = low.reshape(n, steps, 2).transpose(2, 0, 1)
    shake = _camera(n, steps, rng)  # (N, T, 2), whole pixels
    height = body.height[:, None]
    hips_x = body.x[:, None] + body.facing[:, None] * height * (covered - planted * stands) + shake[..., 0]
    hips_y = body.ground[:, None] - height * (lowest + pose[..., 9]) + shake[..., 1]
    x = hips_x[..., None] + (body.facing * body.height)[:, None, None] * forward.reshape(n, steps, -1)
    y = hips_y[..., None] + body.height[:, None, None] * down.reshape(n, steps, -1)
    width = (body.thickness[:, None] * sizes)[:, None, :]  # (N, 1, P)
    frames = _backgrounds(body, shake, rng, size)
    ink_of, middle = body.ink.astype("f4")[:, None, None, None], np.stack([x, y]).astype("f4")
    for k in range(0, n, BLOCK):
        block = slice(k, k + BLOCK)
        bell_x, bell_y = (_bells(centre[block], width[block].astype("f4"), size) for centre in middle)
        alpha = 1 - np.exp(-1.3 * (bell_y.swapaxes(2, 3) @ bell_x))  # (n, T, size, size)
        frames[block] += alpha * (ink_of[block] - frames[block])
    frames += 0.03 * rng.standard_normal(frames.shape, dtype="f4")
    return (np.clip(frames, 0, 1) * 255).astype(np.uint8)


def _bells(centre: NDArray[np.float32], width: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return bell curves over the pixels of a line, (n, T, P, size)."""
    off = np.arange(size, dtype="f4") - centre[..., None]
    off *= np.sqrt(np.float32(0.5)) / width[..., None]
    np.square(off, out=off)
    np.negative(off, out=off)
    bell: NDArray[np.float32] = np.exp(off, out=off)
    return bell


def _camera(n: int, steps: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return how far the picture is off, (N, T, 2) in whole pixels, at most 2: a hand that holds a camera."""
    t = np.linspace(0, 1, steps)[:, None]
    rate, start = rng.uniform(0.5, 3.0, (2, n, 1, 2)), rng.uniform(0, 2 * np.pi, (2, n, 1, 2))
    off = (np.sin(2 * np.pi * rate * t + start) * rng.uniform(0.2, 0.9, (2, n, 1, 2))).sum(axis=0)
    return np.asarray(np.rint(off), dtype=np.int64)


def _backgrounds(
    body: Body, shake: NDArray[np.int64], rng: np.random.Generator, size: int
) -> NDArray[np.float32]:
    """Return what is behind the figure, (N, T, size, size): slow waves of light, a floor, a piece of furniture."""
    n = len(shake)
    margin = 2
    wide = size + 2 * margin
    grid = np.arange(wide, dtype="f4") - margin
    rate, turn = (
        rng.uniform(-0.25, 0.25, (3, 2, n, 1, 1)).astype("f4"),
        rng.uniform(0, 6.3, (3, n, 1, 1)).astype("f4"),
    )
    waves = np.cos(rate[:, 0] * grid + rate[:, 1] * grid[:, None] + turn).sum(axis=0)
    left, top = rng.uniform(-8, size, n), rng.uniform(0, size, n)
    extent = rng.uniform(3, 9, (2, n))
    inside = (np.abs(grid - left[:, None]) < extent[0][:, None])[:, None, :]
    inside = inside & (np.abs(grid - top[:, None]) < extent[1][:, None])[:, :, None]
    floor = (grid > body.ground[:, None] + 1)[:, :, None]
    strength = rng.uniform(-0.1, 0.1, (2, n, 1, 1)).astype("f4")
    canvas = (
        body.paper.astype("f4")[:, None, None] + 0.03 * waves + strength[0] * inside + strength[1] * floor
    )
    rows = margin - shake[..., 1, None] + np.arange(size)  # (N, T, size)
    columns = margin - shake[..., 0, None] + np.arange(size)
    return np.asarray(
        canvas[np.arange(n)[:, None, None, None], rows[..., None], columns[:, :, None, :]], dtype="f4"
    )


def _motion(names: Sequence[str], body: Body, steps: int) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return the poses (N, T, 10), the way covered (N, T) and whether a foot is planted, of one action each."""
    n = len(names)
    pose, covered = np.empty((n, steps, len(JOINTS))), np.zeros((n, steps))
    planted = np.ones((n, steps), dtype=bool)
    time = np.linspace(0, 1, steps)
    for name in set(names):
        action, k = ACTIONS[name], np.flatnonzero([other == name for other in names])
        if action.circle:
            u = body.phase[k, None] + action.rounds * body.tempo[k, None] * time * steps / 24
        else:
            u = (time - body.starts[k, None]) / (body.ends - body.starts)[k, None]
        pose[k] = _at(action, u)
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
    _at_least("frames", frames, 2)
    _at_least("size", size, 8)
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
    _at_least("each", each, 4)
    _at_least("size", size, 8)
    for play in plays:
        if not play or any(name not in ACTIONS for name in play):
            raise ValueError(f"plays must hold names of {', '.join(ACTIONS)}, got {play!r}")
    body = body if body is not None else bodies(len(plays), rng, size)
    longest = max((len(play) for play in plays), default=0)
    n, steps = len(plays), longest * each
    pose, covered = np.empty((n, steps, len(JOINTS))), np.zeros((n, steps))
    planted = np.ones((n, steps), dtype=bool)
    where = np.zeros((n, 1))
    for k in range(longest):
        names = [play[k] if k < len(play) else play[-1] for play in plays]
        now = slice(k * each, (k + 1) * each)
        pose[:, now], way, planted[:, now] = _motion(names, body, each)
        covered[:, now] = where + way - way[:, :1]
        where = covered[:, now][:, -1:]
    lengths = [len(play) * each for play in plays]
    for k, length in enumerate(lengths):  # the middle of the way is the middle of the picture
        covered[k] -= (covered[k, 0] + covered[k, length - 1]) / 2
    for border in range(each, steps, each):  # from one action into the next in four frames
        before, after = pose[:, border - 2].copy(), pose[:, min(border + 2, steps - 1)].copy()
        for k, part in enumerate((0.2, 0.4, 0.6, 0.8)):
            pose[:, border - 2 + k] = (1 - part) * before + part * after
    clips = render(pose, covered, planted, body, rng, size)
    return [clip[:length] for clip, length in zip(clips, lengths, strict=True)]


def _at_least(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
