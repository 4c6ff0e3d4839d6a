"""Captions: the grammar, the pairs that are held out, batches, and how captions are judged."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from lstm_lib.datasets import captions as grammar
from lstm_lib.datasets.captions import ACTIONS, HELD_OUT, WORDS, caption, captioned, mirrored, sentence
from lstm_lib.experiments import captions


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def rng(seed=0):
    return np.random.default_rng(seed)


def actions_of(one):
    """The actions of a clip, read from the number in each frame."""
    return [ACTIONS[k // 2] for k in one.actions[::12]]


def test_a_caption_says_what_is_drawn():
    words = caption(("walk", "wave", "bend down"), tall=False, hat=True, right=False)
    assert sentence(words) == "A small figure in a hat walks to the left, then waves, then bends down."
    assert sentence(()) == ""
    for one in captioned(50, rng(3)):
        assert set(one.caption) <= set(WORDS)
        assert len(one.frames) == len(one.actions) == 12 * (one.caption.count("then") + 1)
        verbs = [grammar.VERBS[action].split()[0] for action in actions_of(one)]
        assert [word for word in one.caption if word in verbs] == verbs
        ways = {"right" if k % 2 else "left" for k in one.actions}
        assert len(ways) == 1
        assert set(one.caption) & {"left", "right"} <= ways


def test_no_pair_that_is_held_out_is_in_training_and_each_unseen_clip_has_one():
    parts = captions.caption_parts(300, 60)
    for part in ("train", "validation", "seen"):
        assert not any(pair in HELD_OUT for one in parts[part] for pair in pairwise(actions_of(one)))
    assert all(any(pair in HELD_OUT for pair in pairwise(actions_of(one))) for one in parts["unseen"])
    assert not {one.caption for one in parts["train"]} & {one.caption for one in parts["unseen"]}
    assert {a for a, _ in HELD_OUT} | {b for _, b in HELD_OUT} <= set(ACTIONS)
    singles = {action for one in parts["train"] for action in actions_of(one)}
    assert singles == set(ACTIONS)  # every action is known


def test_a_mirror_swaps_left_and_right_and_nothing_else():
    one = next(one for one in captioned(30, rng(4)) if "left" in one.caption)
    other = mirrored(one)
    assert np.array_equal(other.frames, one.frames[..., ::-1])
    assert " ".join(other.caption) == " ".join(one.caption).replace("left", "right")
    assert (other.actions == one.actions + 1).all()
    assert mirrored(other).caption == one.caption


def test_a_batch_is_padded_and_standardised():
    given = captioned(6, rng(5))
    batch = captions.batched(given)
    T = max(len(one.frames) for one in given)
    assert batch.clips.shape == (T, 6, 32, 32)
    assert batch.lengths.tolist() == [len(one.frames) for one in given]
    for k, one in enumerate(given):
        n = len(one.frames)
        assert (batch.clips[n:, k] == 0).all()
        assert abs(float(batch.clips[:n, k].mean())) < 1e-4
        assert (batch.actions[n:, k] == captions.NOTHING).all()
        assert [WORDS[w] for w in batch.captions[:, k].tolist()][: len(one.caption)] == list(one.caption)
        assert batch.captions[len(one.caption), k] == grammar.END


def test_a_few_updates_of_the_captioner_learn_and_are_repeated_by_the_seed():
    given = captioned(80, rng(6))
    recipe = replace(captions.RECIPE, steps=12, batch=8)
    before = torch.get_rng_state()
    model, history = captions.learn_captions(given, 3, recipe)
    assert torch.equal(torch.get_rng_state(), before)
    assert history.losses[-1] < history.losses[0]
    again, _ = captions.learn_captions(given, 3, recipe)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))
    said = captions.write_captions(model, given[:7], batch=3)
    assert len(said) == 7
    assert all(len(words) <= captions.LONGEST for words in said)


def test_captions_are_judged_by_their_parts():
    given = captioned(40, rng(7))
    truth = [one.caption for one in given]
    assert captions.exact(truth, given).all()
    assert captions.bleu(truth, given).score == pytest.approx(100)
    assert set(captions.parts_right(truth, given).values()) == {1.0}
    turned = [mirrored(one).caption for one in given]
    parts = captions.parts_right(turned, given)
    assert (parts["who"], parts["which way"], parts["later actions"]) == (1.0, 0.0, 1.0)
    short = [words[: words.index(",")] if "," in words else words for words in truth]
    parts = captions.parts_right(short, given)
    assert parts["first action"] == 1.0
    assert parts["later actions"] == 0.0
    assert parts["how many"] == pytest.approx(np.mean(["," not in words for words in truth]))
    assert captions.parts_right([()] * 40, given)["who"] == 0.0
