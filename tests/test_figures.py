"""Clips of figures: what is drawn, what differs, and that a reversal holds the same frames."""

import time

import numpy as np
import pytest

from lstm_lib.datasets import figure_drawing, figures
from lstm_lib.datasets.figures import ACTIONS, REVERSALS, act, bodies, draw

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


def test_a_seed_gives_the_same_clips():
    assert np.array_equal(draw(["walk", "rise"], rng(3)), draw(["walk", "rise"], rng(3)))
    assert not np.array_equal(draw(["walk"], rng(3)), draw(["walk"], rng(4)))


@pytest.mark.parametrize("back", list(REVERSALS))
def test_a_reversal_is_the_other_action_backwards(back):
    forth = draw([REVERSALS[back]], rng(5))
    assert np.array_equal(draw([back], rng(5)), forth[:, ::-1])
    assert not np.array_equal(forth, forth[:, ::-1])


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


@pytest.mark.parametrize("play", [("run", "kick"), ("kick", "run"), ("walk", "kick"), ("run", "squat")])
def test_the_hips_do_not_jump_from_one_action_to_the_next(play):
    body = bodies(200, rng(3))
    pose, covered, planted = figures._several([play] * 200, body, 12)
    low = figure_drawing._dots(pose.reshape(200 * 24, -1), np.repeat(body.hat, 24))[3]
    ahead = covered - planted * low.reshape(200, 24, 2)[..., 1]
    steps = body.height[:, None] * np.abs(np.diff(ahead, axis=1))  # pixels
    assert steps[:, 9:14].max() < 3.2
    assert np.quantile(steps[:, 9:14], 0.95) < 2.5


def test_five_hundred_clips_a_second():
    names = [name for name in ALL for _ in range(10)]
    draw(names[:16], rng())  # warm
    begin = time.process_time()
    draw(names, rng())
    assert len(names) / (time.process_time() - begin) > 500


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw(["swim"], rng()), ValueError, "names must be of walk, run, .*, got 'swim'"),
        (lambda: draw(["walk"], rng(), frames=1), ValueError, "frames must be at least 2, got 1"),
        (
            lambda: draw(["walk"], rng(), frames=2.5),
            TypeError,
            "frames must be a whole number, at least 2, got 2.5",
        ),
        (lambda: draw(["walk"], rng(), size=4), ValueError, "size must be at least 8, got 4"),
        (lambda: draw(["walk"], rng(), body=bodies(2, rng())), ValueError, "body must hold 1 figures"),
        (lambda: act([()], rng()), ValueError, r"plays must hold names of .*, got \(\)"),
        (lambda: act([], rng()), ValueError, "plays must hold at least one play, got none"),
        (lambda: act([("walk",)], rng(), body=bodies(2, rng())), ValueError, "body must hold 1 figures"),
        (lambda: draw(["walk"], None, body=bodies(1, rng())), TypeError, "rng must be"),
        (lambda: act([("rise",)], rng()), ValueError, r"plays must hold names of .*, got \('rise',\)"),
        (lambda: act([("walk",)], rng(), each=2), ValueError, "each must be at least 4, got 2"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
