"""Twins, rivals, captions: the data of lesson 17 has no leak, and what is learnt is what the file says."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_lib.datasets.captions import caption, captioned
from lstm_lib.datasets.video_runs import load_video_runs
from lstm_lib.experiments import captions, video


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def small():
    return video.twin_clips(40, np.random.default_rng(0))


def rng(seed=0):
    return np.random.default_rng(seed)


def fresh(way):
    return video.fresh(way, 8, 0).eval()


def frames_of(clip):
    return sorted(frame.tobytes() for frame in clip)


def test_a_twin_has_the_same_frames_and_the_opposite_class(small):
    assert small.frames.shape == (80, 24, 32, 32)
    for one, other, a, b in zip(
        small.frames[::2], small.frames[1::2], small.labels[::2], small.labels[1::2], strict=True
    ):
        assert frames_of(one) == frames_of(other)
        assert (b, a % 2) == (a + 1, 0)
    assert set(small.labels) == set(range(8))


def test_a_network_without_order_gives_twins_one_answer(small):
    model = video.fresh("average", 8, 0).eval()
    answers = video.answers(model, small.frames)
    assert (answers[::2] == answers[1::2]).mean() > 0.97  # but for rounding
    assert (answers == small.labels).mean() <= 0.52


@pytest.mark.parametrize("place", [0, 4, 8, 12, 16, 20, 23])
def test_no_frame_alone_gives_the_class_away(place):
    """Who knows the first pose knows one half, and of those who stand a quarter: 0.625.

    Near the ends a little more can be known; no frame comes near what two tell.
    """
    torch.set_num_threads(1)
    assert video.with_frames((place,)) < 0.68


def test_two_frames_before_and_after_tell_the_way():
    assert video.with_frames((0, 23)) > 0.93


def test_an_action_may_lie_anywhere_in_a_long_clip():
    clips = video.twin_clips(60, rng(1), frames=60, action=18)
    moving = np.abs(np.diff(clips.frames.astype(float), axis=1)).mean(axis=(2, 3))  # (N, 59)
    places = moving[::2].argmax(axis=1)
    assert places.min() < 20
    assert places.max() > 40


def test_shuffling_keeps_the_frames_and_gives_each_clip_its_own_order(small):
    mixed = video.shuffled(small.frames, rng(2))
    orders = []
    for clip, other in zip(small.frames[:6], mixed[:6], strict=True):
        assert frames_of(clip) == frames_of(other)
        orders.append([next(k for k in range(24) if np.array_equal(clip[k], frame)) for frame in other])
    assert len({tuple(order) for order in orders}) == 6


def test_frames_are_taken_evenly_with_both_ends():
    frames = np.arange(10, dtype=np.uint8)[None, :, None, None]
    assert video.resampled(frames, 4)[0, :, 0, 0].tolist() == [0, 3, 6, 9]
    assert video.resampled(frames, 20).shape == (1, 20, 1, 1)
    assert video.resampled(frames, 1)[0, :, 0, 0].tolist() == [0]


def test_clips_are_brought_to_mean_0_and_deviation_1(small):
    x = video.standardised(small.frames[:5])
    assert x.shape == (24, 5, 32, 32)
    torch.testing.assert_close(x.mean(dim=(0, 2, 3)), torch.zeros(5), atol=1e-5, rtol=0)
    torch.testing.assert_close(x.std(dim=(0, 2, 3)), torch.ones(5), atol=1e-3, rtol=0)
    black = video.standardised(np.zeros((1, 3, 32, 32), dtype=np.uint8))
    assert (black == 0).all()  # and no NaN


def test_a_few_updates_learn_and_leave_the_world_as_it_was(small):
    torch.manual_seed(5)
    state = torch.get_rng_state()
    model, history = video.learn("early fusion", small, 0, replace(video.RECIPE, steps=60))
    assert torch.equal(torch.get_rng_state(), state)
    assert np.mean(history.losses[-10:]) < 0.6 * np.mean(history.losses[:10])
    assert not model.training
    again, _ = video.learn("early fusion", small, 0, replace(video.RECIPE, steps=60))
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))


def test_the_best_frame_is_chosen_where_it_is_best(small):
    model = video.fresh("single frame", 8, 0).eval()
    right = (video.answers(model, small.frames) == small.labels).mean(axis=1)
    assert video.best_frame(model, small) == right.argmax()


def test_the_interval_of_stored_runs_is_that_of_one_run():
    """Three seeds on the same 400 clips are no 1,200 clips. Wilson's formula, by hand."""
    found = [run for run in load_video_runs() if (run.task, run.model) == ("long 96", "LSTM")]
    n, z = 400, 1.959964
    p = np.mean([run.score for run in found])
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert np.allclose(video.stored_interval(found), (p, middle - half, middle + half), atol=1e-6)
    with pytest.raises(ValueError, match=r"runs must be some, of one number of clips, got \[\]"):
        video.stored_interval([])
    with pytest.raises(ValueError, match=r"of one number of clips, got \[300, 400\]"):
        video.stored_interval([found[0], replace(found[1], clips=300)])


def test_what_is_watched_ends_in_the_answer(small):
    model = video.fresh("LSTM", 8, 0).eval()
    p = video.watched(model, small.frames[:7])
    assert p.shape == (24, 7, 8)
    assert np.allclose(p.sum(-1), 1, atol=1e-5)
    assert (p[-1].argmax(-1) == video.answers(model, small.frames[:7])).all()
    np.testing.assert_allclose(video.watched(model, small.frames[:7], batch=3), p, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda c: video.twin_clips(0, rng()), ValueError, "pairs must be at least 1, got 0"),
        (lambda c: video.twin_clips(1, rng(), 24, 30), ValueError, "action must be from 2 to the 24 frames"),
        (lambda c: video.ordinary_clips(0, rng()), ValueError, "n must be at least 1, got 0"),
        (lambda c: video.standardised(c.frames.astype(float)), TypeError, "must be an array of uint8, got float64"),
        (lambda c: video.standardised([1]), TypeError, "must be an array of uint8, got list"),
        (lambda c: video.standardised(c.frames[0]), ValueError, r"frames must be \(N, T, height, width\)"),
        (lambda c: video.standardised(c.frames[:0]), ValueError, "at least one clip"),
        (lambda c: video.resampled(c.frames, 0), ValueError, "count must be at least 1, got 0"),
        (lambda c: video.resampled(c.frames, 1.5), TypeError, "count must be a whole number, at least 1, got 1.5"),
        (lambda c: video.resampled([[1, 2]], 1), TypeError, r"frames must be an array \(N, T, …\) of clips, got list"),
        (lambda c: video.resampled(np.zeros(3), 1), ValueError, r"frames must be \(N, T, …\), .*, got shape \(3,\)"),
        (lambda c: video.shuffled(c.frames, 0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda c: video.twin_clips(2.5, rng()), TypeError, "pairs must be a whole number, at least 1, got 2.5"),
        (lambda c: video.twin_clips(1, rng(), 24, 2.5), TypeError, "action must be a whole number, at least 2"),
        (lambda c: video.answers(fresh("LSTM"), c.frames, 0), ValueError, "batch must be at least 1, got 0"),
        (lambda c: video.answers(fresh("LSTM"), c.frames[:0]), ValueError, "frames must hold at least one clip"),
        (lambda c: video.best_frame(fresh("LSTM"), c), ValueError, "must be one for a 'single frame', got 'LSTM'"),
        (lambda c: video.best_frame(fresh("single frame"), c.frames), TypeError, "must be Clips, .*, got ndarray"),
        (
            lambda c: video.best_frame(fresh("single frame"), c._replace(labels=c.labels[:2])), ValueError,
            "as many labels as clips, and some, got 2 and ",
        ),
        (lambda c: video.learn("LSTM", c.frames, 0), TypeError, "clips must be Clips, .*, got ndarray"),
        (
            lambda c: video.learn("LSTM", c, 0, video.Recipe(batch=0)), ValueError,
            "recipe.batch must be at least 1, got 0",
        ),
        (lambda c: video.learn("LSTM", c, -1), ValueError, "seed must be at least 0, got -1"),
        (lambda c: video.learn("LSTM", None, 0), TypeError, "clips must be Clips, .*, got NoneType"),
        (lambda c: video.with_frames(3), TypeError, "places must be a sequence of numbers, .*, got int"),
        (lambda c: video.with_frames((1.5,)), TypeError, "places must be a whole number, at least 0, got 1.5"),
        (lambda c: captions.batched([3]), TypeError, "given must hold clips with captions, .*, got 3"),
        (lambda c: captions.learn_captions([], 0), ValueError, "given must hold at least one clip, got none"),
        (lambda c: captions.exact([()], captioned(2, rng())), ValueError, "a caption for each of 2 clips, got 1"),
        (lambda c: captions.bleu([], []), ValueError, "given must hold at least one clip, got none"),
        (lambda c: captioned(2.5, rng()), TypeError, "n must be a whole number, at least 1, got 2.5"),
        (lambda c: video.learn("LSTM", c._replace(labels=0 * c.labels), 0), ValueError, "two classes at least"),
        (lambda c: video.with_frames((0, 24)), ValueError, r"places must be some of 0 to 23, got \[0, 24\]"),
        (lambda c: video.with_frames(()), ValueError, r"places must be some of 0 to 23, got \[\]"),
        (lambda c: captions.batched([]), ValueError, "given must hold at least one clip, got none"),
        (lambda c: captioned(0, rng()), ValueError, "n must be at least 1"),
        (lambda c: captioned(1, rng(), unseen=True, most=1), ValueError, "most must be at least 2"),
        (lambda c: caption((), tall=True, hat=True, right=True), ValueError, "play must hold actions"),
        (lambda c: caption(("swim",), tall=True, hat=True, right=True), ValueError, "got \\('swim',\\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(call, error, words, small):
    with pytest.raises(error, match=words):
        call(small)
