"""How a figure looks and is drawn: a random body, limbs as rows of soft dots, a background, a camera that shakes.

A dot is a product of two bell curves, one along x and one along y, so a whole frame is one product of matrices, and a
thousand clips take about a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import generator, whole_number

__all__ = ["Body", "bodies", "render"]

Array = NDArray[np.float64]
Frames = NDArray[np.uint8]

TORSO, ARM, LEG, HEAD = (
    0.30,
    0.17,
    0.225,
    0.075,
)  # in parts of the height; an arm has two such parts, a leg too
DOTS = {"torso": 6, "arm": 3, "leg": 4}
BLOCK = 16  # clips that are drawn at once: their bell curves fit into the processor's cache
MARGIN = 2  # pixels around the picture, into which a camera may shake


@dataclass(frozen=True)
class Body:
    """How N figures look. Lengths in pixels, times in parts of a clip; every array is (N,)."""

    height: Array
    thickness: Array
    x: Array  # where the hips are in the middle of the clip or, if it is planted, the foot
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
    """Return N random bodies for frames of size × size pixels: tall and small, dark and bright.

    Raises:
        TypeError, ValueError: n or size is no whole number, or too small; rng is no generator.
    """
    whole_number("n", n, 0)
    whole_number("size", size, 8)
    rng = generator(rng)
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
    planted: Array,
    body: Body,
    rng: np.random.Generator,
    size: int = 32,
) -> Frames:
    """Draw poses.

    Args:
        pose: (N, T, 10), see JOINTS.
        covered: (N, T), how far the hips have come from the middle, in body heights.
        planted: (N, T), 1 where the standing foot stays where it is, 0 where the hips go their way, between them both.
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
    behind = _backgrounds(body, rng, size)
    ink_of, middle = body.ink.astype("f4")[:, None, None, None], np.stack([x, y]).astype("f4")
    clips = np.empty((n, steps, size, size), dtype=np.uint8)
    for k in range(0, n, BLOCK):
        block = slice(k, k + BLOCK)
        bell_x, bell_y = (_bells(centre[block], width[block].astype("f4"), size) for centre in middle)
        alpha = 1 - np.exp(-1.3 * (bell_y.swapaxes(2, 3) @ bell_x))  # (n, T, size, size)
        frames = _shaken(behind[block], shake[block], size)
        frames += alpha * (ink_of[block] - frames)
        frames += 0.03 * rng.standard_normal(frames.shape, dtype="f4")
        clips[block] = np.clip(frames, 0, 1) * 255
    return clips


def _bells(centre: NDArray[np.float32], width: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return bell curves over the pixels of a line, (n, T, P, size)."""
    off = np.arange(size, dtype="f4") - centre[..., None]
    off *= np.sqrt(np.float32(0.5)) / width[..., None]
    np.square(off, out=off)
    np.negative(off, out=off)
    bell: NDArray[np.float32] = np.exp(off, out=off)
    return bell


def _camera(n: int, steps: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return how far the picture is off, (N, T, 2) in whole pixels, at most MARGIN: a hand that holds a camera."""
    t = np.linspace(0, 1, steps)[:, None]
    rate, start = rng.uniform(0.5, 3.0, (2, n, 1, 2)), rng.uniform(0, 2 * np.pi, (2, n, 1, 2))
    off = (np.sin(2 * np.pi * rate * t + start) * rng.uniform(0.2, 0.9, (2, n, 1, 2))).sum(axis=0)
    return np.asarray(np.rint(off), dtype=np.int64)


def _backgrounds(body: Body, rng: np.random.Generator, size: int) -> NDArray[np.float32]:
    """Return what is behind each figure: slow waves of light, a floor, a piece of furniture.

    (N, size + 2 MARGIN, size + 2 MARGIN), so that a camera may shake.
    """
    n = len(body.height)
    grid = np.arange(size + 2 * MARGIN, dtype="f4") - MARGIN
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
    paper = body.paper.astype("f4")[:, None, None]
    return np.asarray(paper + 0.03 * waves + strength[0] * inside + strength[1] * floor, dtype="f4")


def _shaken(canvas: NDArray[np.float32], shake: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Return what a camera that is off by shake (N, T, 2) sees of each background: (N, T, size, size)."""
    rows = MARGIN - shake[..., 1, None] + np.arange(size)  # (N, T, size)
    columns = MARGIN - shake[..., 0, None] + np.arange(size)
    n = np.arange(len(canvas))[:, None, None, None]
    return np.asarray(canvas[n, rows[..., None], columns[:, :, None, :]])
