"""How a figure is drawn: dots, the ground under it, and many clips at once."""

import numpy as np

from lstm_lib.datasets import figure_drawing
from lstm_lib.datasets.figure_drawing import bodies, render
from lstm_lib.datasets.figure_poses import ACTIONS


def rng(seed=0):
    return np.random.default_rng(seed)


def test_dots_are_a_product_of_bell_curves():
    """A limb in the middle is as dark as the sum over its dots says, computed one dot at a time."""
    centre, width = np.array([[10.0, 12.5]], dtype="f4"), np.array([[1.0, 2.0]], dtype="f4")
    bells = figure_drawing._bells(centre, width, 32)
    for k in range(2):
        expected = np.exp(-0.5 * ((np.arange(32) - centre[0, k]) / width[0, k]) ** 2)
        np.testing.assert_allclose(bells[0, k], expected, atol=1e-6)


def test_feet_stand_on_the_ground_and_a_jump_leaves_it():
    """The lowest ink of a figure without noise of the background is at its ground, but for jumps."""
    body = bodies(1, rng(1))
    pose = np.array(ACTIONS["jump"].poses, dtype=float)[None]  # (1, 4, 10)
    planted = np.ones((1, 4), dtype=bool)
    frames = render(pose, np.zeros((1, 4)), planted, body, rng(2)).astype(float)[0]
    paper = np.median(frames)
    lowest = [np.flatnonzero((np.abs(frame - paper) > 60).any(axis=1)).max() for frame in frames]
    assert abs(lowest[0] - body.ground[0]) < 3.5
    assert lowest[2] < lowest[0] - 2


def test_clips_that_are_drawn_together_are_what_they_are_alone():
    """More clips than one block holds: each has its own body and its own way, in order."""
    body = bodies(20, rng(1))
    pose = np.tile(np.array(ACTIONS["walk"].poses[0], dtype=float), (20, 3, 1))
    covered = np.tile(np.linspace(-0.2, 0.2, 3), (20, 1))
    clips = render(pose, covered, np.zeros((20, 3), dtype=bool), body, rng(2)).astype(float)
    off = np.abs(clips - np.median(clips, axis=(2, 3), keepdims=True)) > 60
    for k, clip in enumerate(off):
        columns = [np.flatnonzero(frame.any(axis=0)).mean() for frame in clip]
        assert abs(columns[1] - body.x[k]) < 6
    ink = np.array([np.median(frame[mask]) for frame, mask in zip(clips[:, 1], off[:, 1], strict=True)])
    assert np.corrcoef(ink, body.ink)[0, 1] > 0.95
