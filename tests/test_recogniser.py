"""Networks that listen: both directions with padding, the loss of a batch, a mean over time."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.nn.recogniser import BothWays, Recogniser, SpeakerNet, recogniser_loss
from lstm_lib.scratch.ctc import ctc

LENGTHS = torch.tensor([7, 4, 1])


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def x(D=5):
    return torch.randn(7, 3, D, dtype=torch.float64)


@pytest.mark.parametrize("layers", [1, 2])
def test_it_equals_pytorch_with_packed_sequences(layers):
    ours = BothWays(5, 4, layers).double()
    theirs = nn.LSTM(5, 4, layers, bidirectional=True).double()
    for k, pair in enumerate(ours.layers):
        for layer, suffix in zip(pair, ("", "_reverse"), strict=True):
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                theirs.get_parameter(f"{name}_l{k}{suffix}").data = layer.get_parameter(f"{name}_l0").data
    data = x()
    packed = nn.utils.rnn.pack_padded_sequence(data, LENGTHS, enforce_sorted=False)
    want, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0])
    got = ours(data, LENGTHS)
    for b, steps in enumerate(LENGTHS.tolist()):
        assert torch.allclose(got[:steps, b], want[:steps, b], atol=1e-12)


def test_forget_gates_begin_with_bias_1():
    for pair in BothWays(5, 4, 2).layers:
        for layer in pair:
            assert torch.equal((layer.bias_ih_l0 + layer.bias_hh_l0)[4:8], torch.ones(4))


def test_padding_changes_nothing():
    net = Recogniser(5, 4, 6, layers=2).double()
    data = x()
    alone = net(data[:4, 1:2])
    other = data.clone()
    other[4:, 1] = 1e6
    assert torch.allclose(net(other, LENGTHS)[:4, 1:2], alone, atol=1e-12)


def test_probabilities_add_up_to_one():
    assert torch.allclose(
        Recogniser(5, 4, 6).double()(x()).exp().sum(-1), torch.ones(7, 3, dtype=torch.float64)
    )


def test_the_loss_of_a_batch_is_the_mean_of_the_losses_a_label():
    net = Recogniser(5, 4, 6).double()
    labels, counts = torch.tensor([1, 2, 3, 3, 5]), torch.tensor([2, 2, 1])
    log_p = net(x(), LENGTHS)
    each = [
        ctc(log_p[:steps, b].detach().numpy(), one).loss / len(one)
        for b, (steps, one) in enumerate(zip(LENGTHS.tolist(), ([1, 2], [3, 3], [5]), strict=True))
    ]
    assert recogniser_loss(log_p, LENGTHS, labels, counts).item() == pytest.approx(np.mean(each))


def test_labels_that_do_not_fit_are_named():
    log_p = Recogniser(5, 4, 6).double()(x(), LENGTHS)
    with pytest.raises(ValueError, match="sequence 1 has 4 steps, and its 3 labels need 5"):
        recogniser_loss(log_p, LENGTHS, torch.tensor([1, 3, 3, 3, 5]), torch.tensor([1, 3, 1]))


def test_the_speaker_is_told_from_the_mean_over_the_steps():
    net = SpeakerNet(5, 4, 9).double().eval()
    data = x()
    h = net.reader(data, LENGTHS)
    want = net.output(torch.stack([h[:steps, b].mean(0) for b, steps in enumerate(LENGTHS.tolist())]))
    assert torch.allclose(net(data, LENGTHS), want, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: BothWays(0, 4), ValueError, "input_size must be a positive int, got 0"),
        (lambda: BothWays(5, 4.0), TypeError, "hidden_size must be a positive int, got 4.0"),
        (lambda: BothWays(5, 4, 0), ValueError, "layers must be a positive int, got 0"),
        (lambda: Recogniser(5, 4, 0), ValueError, "symbols must be a positive int, got 0"),
        (lambda: SpeakerNet(5, 4, -1), ValueError, "speakers must be a positive int, got -1"),
        (lambda: Recogniser(5, 4, 6)(torch.zeros(7, 3, 4)), ValueError, r"x must have shape \(T, B, 5\)"),
        (
            lambda: Recogniser(5, 4, 6)(torch.zeros(7, 3, 5), [8, 1, 1]),
            ValueError,
            "lengths must be from 1 to 7",
        ),
    ],
)
def test_what_does_not_fit_is_named(make, error, message):
    with pytest.raises(error, match=message):
        make()
