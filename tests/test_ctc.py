"""CTC in NumPy: against all paths, against torch.nn.CTCLoss, by hand."""

import numpy as np
import pytest
import torch

from lstm_lib.ctc_decoding import every_labelling
from lstm_lib.scratch.ctc import ctc, may_skip, steps_needed, with_blanks
from lstm_lib.scratch.gradcheck import numeric_gradient, relative_error

LABELS = [[1], [1, 2], [2, 2], [1, 2, 1], [3, 3, 3], []]


def scores(T, K, seed=0):
    return np.random.default_rng(seed).normal(size=(T, K))


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def test_blanks_stand_around_every_label():
    assert with_blanks([3, 5]).tolist() == [0, 3, 0, 5, 0]
    assert with_blanks([]).tolist() == [0]
    assert with_blanks([1], blank=9).tolist() == [9, 1, 9]


def test_a_path_may_jump_between_different_labels_only():
    assert may_skip(with_blanks([1, 2, 2])).tolist() == [False, False, False, True, False, False, False]


def test_one_label_in_two_steps_by_hand():
    p = np.array([[0.6, 0.4], [0.5, 0.5]])
    found = ctc(np.log(p), [1])
    assert np.exp(-found.loss) == pytest.approx(0.6 * 0.5 + 0.4 * 0.5 + 0.4 * 0.5)  # _a, a_, aa
    assert np.allclose(found.occupied, [[0.3 / 0.7, 0.4 / 0.7, 0], [0, 0.5 / 0.7, 0.2 / 0.7]])


@pytest.mark.parametrize("labels", LABELS)
def test_the_loss_is_the_sum_over_all_paths(labels):
    z = scores(5, 4)
    assert np.exp(-ctc(z, labels).loss) == pytest.approx(
        every_labelling(log_softmax(z))[tuple(labels)], rel=1e-12
    )


@pytest.mark.parametrize("labels", [labels for labels in LABELS if labels])
@pytest.mark.parametrize("T", [6, 30])
def test_loss_and_gradient_are_those_of_pytorch(labels, T):
    z = scores(T, 5, seed=T)
    theirs = torch.tensor(z, requires_grad=True)
    loss = torch.nn.CTCLoss(reduction="sum")(
        theirs.log_softmax(-1)[:, None],
        torch.tensor([labels]),
        torch.tensor([T]),
        torch.tensor([len(labels)]),
    )
    loss.backward()
    ours = ctc(z, labels)
    assert ours.loss == pytest.approx(loss.item(), rel=1e-12)
    assert np.allclose(ours.gradient, theirs.grad.numpy(), atol=1e-12)


def test_another_blank():
    z = scores(6, 4)
    moved = np.concatenate([z[:, 1:], z[:, :1]], axis=1)
    assert ctc(moved, [0, 1], blank=3).loss == pytest.approx(ctc(z, [1, 2]).loss)


def test_the_gradient_is_the_numeric_one():
    z = scores(5, 4)
    numeric = numeric_gradient(lambda: ctc(z, [2, 2]).loss, z)
    assert relative_error(ctc(z, [2, 2]).gradient, numeric) < 1e-7


def test_a_path_stands_somewhere_at_every_step():
    found = ctc(scores(8, 4), [1, 2, 2])
    assert np.allclose(found.occupied.sum(axis=1), 1)
    assert np.allclose(found.gradient.sum(axis=1), 0, atol=1e-12)


def test_a_thousand_steps_do_not_become_zero():
    found = ctc(scores(1000, 4), [1, 2, 3] * 20)
    assert np.isfinite(found.loss)
    assert found.loss > 700  # exp(-700) would be lost in float64
    assert np.isfinite(found.gradient).all()


@pytest.mark.parametrize(("labels", "needed"), [([1, 2], 2), ([1, 1], 3), ([], 0), ([2, 2, 2], 5)])
def test_steps_needed(labels, needed):
    assert steps_needed(labels) == needed


@pytest.mark.parametrize(
    ("z", "labels", "message"),
    [
        (
            np.zeros((3, 4)),
            [1, 1, 2],
            "labels need at least 4 steps, scores have 3: no path gives these labels",
        ),
        (np.zeros(4), [1], r"scores must be \(T, K\), at least one step, got shape \(4,\)"),
        (np.zeros((0, 4)), [1], r"scores must be \(T, K\), at least one step, got shape \(0, 4\)"),
        (np.full((3, 4), np.nan), [1], "scores must be finite numbers, got NaN or infinity"),
        (np.zeros((3, 4)), [4], r"labels must be \(L,\) numbers from 0 to 3, never the blank 0, got \[4\]"),
        (np.zeros((3, 4)), [0], "never the blank 0"),
        (np.zeros((3, 4)), [1.7], r"labels must be whole numbers, got \[1\.7\]"),
        (np.zeros((3, 4)), [1.0], "labels must be whole numbers"),
        (np.zeros((3, 4)), ["1"], "labels must be whole numbers"),
        (np.zeros((3, 4)), [True], "labels must be whole numbers"),
    ],
)
def test_what_does_not_fit_is_named(z, labels, message):
    with pytest.raises(ValueError, match=message):
        ctc(z, labels)


def test_a_blank_out_of_range_is_named():
    with pytest.raises(ValueError, match="blank must be from 0 to 3, got 4"):
        ctc(np.zeros((3, 4)), [1], blank=4)
