"""What ``Stacked`` says to layers, settings and states that cannot be meant."""

import pytest
import torch
from torch import nn

from lstm_lib.nn.recurrent import GRU, LSTM, Stacked

T, B, H = 4, 2, 3
ZEROS = torch.zeros(T, B, H)
ONE = nn.LSTM(H, H)


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: Stacked(ONE), TypeError, "layers must be a list of recurrent layers, got LSTM"),
        (lambda: Stacked(3), TypeError, "layers must be a list of recurrent layers, got int"),
        (lambda: Stacked("ab"), TypeError, "layer must be a recurrent layer, got str"),
        (lambda: Stacked(iter([])), ValueError, "layers must hold at least one layer, got none"),
        (lambda: Stacked([ONE, ONE]), ValueError, "layers must be 2 different layers, got one of them twice"),
        (lambda: Stacked([ONE], dropout="0.3"), TypeError, "dropout must be a number from 0 to 1, got '0.3'"),
        (lambda: Stacked([ONE], dropout=True), TypeError, "dropout must be a number from 0 to 1, got True"),
        (lambda: Stacked([ONE], residual="no"), TypeError, "residual must be True or False, got 'no'"),
    ],
)
def test_a_stack_that_cannot_be_meant_is_refused(build, error, match):
    with pytest.raises(error, match=match):
        build()


def test_layers_may_come_from_a_generator():
    torch.manual_seed(0)
    layers = [LSTM(H, H) for _ in range(3)]
    x = torch.randn(T, B, H)
    assert torch.equal(Stacked(layer for layer in layers)(x)[0], Stacked(layers)(x)[0])


@pytest.mark.parametrize("layers", [2, 3])
def test_a_state_of_pytorch_is_told_from_a_list_of_states(layers):
    torch.manual_seed(0)
    judge = nn.LSTM(H, H, num_layers=layers)
    stack = Stacked.from_torch(judge)
    h, c = state = (torch.randn(layers, B, H), torch.randn(layers, B, H))
    words = (
        rf"a list of {layers} states.*got PyTorch's tuple of tensors \({layers}, 2, 3\): list\(zip\(h, c\)\)"
    )
    with pytest.raises(ValueError, match=words):
        stack(ZEROS, state)
    torch.testing.assert_close(stack(ZEROS, list(zip(h, c, strict=True)))[0], judge(ZEROS, state)[0])


def test_a_state_of_a_gru_of_pytorch_is_named():
    with pytest.raises(ValueError, match="state must be a list of 2 states, one for each layer, got Tensor"):
        Stacked([GRU(H, H), GRU(H, H)])(ZEROS, torch.zeros(2, B, H))
