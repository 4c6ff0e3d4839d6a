"""Clips of figures: what is drawn, what differs, and that a reversal holds the same frames."""

import time

import numpy as np
import pytest

from lstm_lib.datasets import figures
from lstm_lib.datasets.figures import ACTIONS, JOINTS, REVERSALS, act, bodies, draw, render

ALL = (*ACTIONS, *REVERSALS)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_every_action_is_drawn_and_moves():
    clips = draw(ALL, rng())
    assert clips.shape == (len(ALL), 24, 32, 32)
    assert clips.dtype == np.uint8
    calm = draw(["stand"], rng(), body=None)[0]
    for name, clip in zip(ALL, clips, strict=True):
        assert clip.std() > 15, name  # there is a figure
        if name != "stand":
            assert clip.astype(float).std(axis=0).max() > 2 * calm.astype(float).std(axis=0).mean(), name


def test_poses_have_a_number_for_each_joint():
    for action in ACTIONS.values():
        assert all(len(pose) == len(JOINTS) for pose in action.poses)
    assert set(REVERSALS.values()) <= set(ACTIONS)
    assert not set(REVERSALS) & set(ACTIONS)


def test_a_seed_gives_the_same_clips():
    assert np.array_equal(draw(["walk", "rise"], rng(3)), draw(["walk", "rise"], rng(3)))
    assert not np.array_equal(draw(["walk"], rng(3)), draw(["walk"], rng(4)))


@pytest.mark.parametrize("back", list(REVERSALS))
def test_a_reversal_is_the_other_action_backwards(back):
    forth = draw([REVERSALS[back]], rng(5))
    assert np.array_equal(draw([back], rng(5)), forth[:, ::-1])
    assert not np.array_equal(forth, forth[:, ::-1])


def test_dots_are_a_product_of_bell_curves():
    """A limb in the middle is as dark as the sum over its dots says, computed one dot at a time."""
    centre, width = np.array([[10.0, 12.5]], dtype="f4"), np.array([[1.0, 2.0]], dtype="f4")
    bells = figures._bells(centre, width, 32)
    for k in range(2):
        expected = np.exp(-0.5 * ((np.arange(32) - centre[0, k]) / width[0, k]) ** 2)
        np.testing.assert_allclose(bells[0, k], expected, atol=1e-6)


def test_curves_go_through_their_poses():
    walk = ACTIONS["walk"]
    poses = figures._at(walk, np.array([0.0, 0.25, 0.5, 0.75, 1.0, 3.25]))
    np.testing.assert_allclose(poses[:4], walk.poses)
    np.testing.assert_allclose(poses[4], walk.poses[0])
    np.testing.assert_allclose(poses[5], walk.poses[1])
    sit = ACTIONS["sit down"]
    np.testing.assert_allclose(
        figures._at(sit, np.array([-1.0, 0.0, 1.0, 2.0])), [sit.poses[0]] * 2 + [sit.poses[1]] * 2
    )
    middle = figures._at(sit, np.array([0.5]))[0]
    np.testing.assert_allclose(middle, np.mean(sit.poses, axis=0))


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


def test_a_walk_goes_where_the_figure_looks():
    for seed in range(4):
        body = bodies(1, rng(seed))
        pose, covered, planted = figures._motion(["walk"], body, 24)
        assert covered[0, -1] > covered[0, 0] + 0.4
        assert not planted.any()
        assert pose.shape == (1, 24, 10)


def test_several_actions_follow_each_other_without_a_cut():
    clips = act([("walk", "wave"), ("jump",), ("kick", "run", "clap")], rng(), each=12)
    assert [clip.shape for clip in clips] == [(24, 32, 32), (12, 32, 32), (36, 32, 32)]
    body = bodies(2, rng(1))
    joined = act([("stand", "stand")] * 2, rng(2), each=8, body=body)[0].astype(float)
    steps = np.abs(np.diff(joined, axis=0)).mean(axis=(1, 2))
    assert steps[7] < 2 * np.median(steps)  # the border is no jump


def test_five_hundred_clips_a_second():
    names = [name for name in ALL for _ in range(10)]
    draw(names[:16], rng())  # warm
    begin = time.process_time()
    draw(names, rng())
    assert len(names) / (time.process_time() - begin) > 250  # half of it, for a busy machine


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw(["swim"], rng()), ValueError, "names must be of walk, run, .*, got 'swim'"),
        (lambda: draw(["walk"], rng(), frames=1), ValueError, "frames must be at least 2, got 1"),
        (lambda: draw(["walk"], rng(), frames=2.5), TypeError, "frames must be a whole number, got 2.5"),
        (lambda: draw(["walk"], rng(), size=4), ValueError, "size must be at least 8, got 4"),
        (lambda: draw(["walk"], rng(), body=bodies(2, rng())), ValueError, "body must hold 1 figures"),
        (lambda: act([()], rng()), ValueError, r"plays must hold names of .*, got \(\)"),
        (lambda: act([("rise",)], rng()), ValueError, r"plays must hold names of .*, got \('rise',\)"),
        (lambda: act([("walk",)], rng(), each=2), ValueError, "each must be at least 4, got 2"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
