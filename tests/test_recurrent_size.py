"""Numbers of parameters, and the hidden size that gives a wanted number."""

import pytest
import torch
from torch import nn

from lstm_lib.nn.recurrent import GRU, LSTM, LSTMWithoutActivation, hidden_size_for, parameters_of


@pytest.mark.parametrize(("D", "H"), [(3, 5), (1, 1)])
def test_counts_are_those_of_the_formula(D, H):
    assert parameters_of(LSTM(D, H)) == 4 * H * (D + H + 1)
    assert parameters_of(LSTMWithoutActivation("input", D, H)) == 4 * H * (D + H + 1)
    assert parameters_of(nn.LSTM(D, H)) == 4 * H * (D + H + 2)  # PyTorch keeps two biases


@pytest.mark.parametrize("wanted", [1, 15, 18, 33, 40, 1000, 12345])
def test_no_other_size_comes_nearer(wanted):
    def build(H):
        return GRU(3, H)  # 3 H (H + 5) parameters

    off = [abs(3 * H * (H + 5) - wanted) for H in range(1, 200)]
    assert hidden_size_for(build, wanted) == off.index(min(off)) + 1


def test_of_two_sizes_as_near_it_is_the_smaller():
    assert hidden_size_for(lambda H: nn.Linear(1, H, bias=False), 5) == 5
    assert hidden_size_for(lambda H: nn.Linear(2, H, bias=False), 7) == 3


def test_the_generator_is_left_as_it_was():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    hidden_size_for(lambda H: LSTM(3, H), 1000)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("build", "parameters", "error", "match"),
    [
        (lambda H: LSTM(3, H), 0, ValueError, "parameters must be a positive int, got 0"),
        (lambda H: LSTM(3, H), 100.0, TypeError, "parameters must be a positive int, got 100.0"),
        (
            lambda H: LSTM(3, 4),
            100,
            ValueError,
            "build must give more parameters for a larger size, got 128 and 128",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(build, parameters, error, match):
    with pytest.raises(error, match=match):
        hidden_size_for(build, parameters)


def test_what_is_no_module_and_no_function_is_named():
    with pytest.raises(TypeError, match="module must be a torch module, got 3"):
        parameters_of(3)
    with pytest.raises(TypeError, match="build must be a function from a hidden size to a network, got 3"):
        hidden_size_for(3, 100)
