"""The minimal LSTM where numbers are at the edge of what a float can hold, and the slopes of its weights."""

import pytest
import torch

from lstm_lib.nn.recurrent import MinimalLSTM, scan

D, H = 3, 5


def made(dtype=torch.float32):
    torch.manual_seed(0)
    return MinimalLSTM(D, H).to(dtype)


def slopes(layer, h):
    return torch.autograd.grad(h.square().mean(), list(layer.parameters()))


@pytest.mark.parametrize("steps", [64, 512, 4096])
def test_slopes_of_the_weights_are_those_of_the_loop_in_float32(steps):
    layer, x = made(), torch.randn(steps, 4, D)
    ours = slopes(layer, layer(x)[0])
    for one, other in zip(ours, slopes(layer, layer.step_by_step(x)[0]), strict=True):
        assert (one - other).abs().max() < 1e-5 * max(1.0, other.abs().max().item())


@pytest.mark.parametrize("scale", [1.0, 60.0])
def test_the_scan_is_the_loop_in_float64(scale):
    layer = made(torch.float64)
    x = scale * torch.randn(200, 4, D, dtype=torch.float64)
    h, expected = layer(x)[0], layer.step_by_step(x)[0]
    assert (h - expected).abs().max() < 1e-12 * expected.abs().max()


@pytest.mark.parametrize("run", ["forward", "step_by_step"])
def test_gates_too_small_for_a_float_still_share_one(run):
    layer = made()
    with torch.no_grad():
        layer.W_x.zero_()
        layer.b.copy_(torch.tensor([-300.0, -300.0 - torch.tensor(3.0).log(), 1.0]).repeat_interleave(H))
    h, _ = getattr(layer, run)(torch.zeros(40, 2, D))
    steps = torch.arange(1, 41)[:, None, None]
    assert torch.allclose(
        h, (1.5 * (1 - 0.25**steps)).expand_as(h), atol=1e-4
    )  # f : i is 1 : 3, and g(1) is 1.5
    assert all(slope.isfinite().all() for slope in slopes(layer, h))


@pytest.mark.parametrize("run", ["forward", "step_by_step"])
def test_the_slope_where_g_has_its_kink_is_that_of_its_right_side(run):
    layer = made(torch.float64)
    with torch.no_grad():
        layer.b.zero_()
    h, _ = getattr(layer, run)(torch.zeros(3, 1, D, dtype=torch.float64))
    (slope,) = torch.autograd.grad(h.sum(), layer.b)
    # i = f: h_t = h_{t-1} / 2 + n / 2, so its slope in n is 1 - 2^-t
    assert slope[2 * H :].tolist() == pytest.approx([0.5 + 0.75 + 0.875] * H)


def test_a_state_below_zero_is_carried_like_any_other():
    layer, x, state = (
        made(torch.float64),
        torch.randn(9, 2, D, dtype=torch.float64),
        -torch.ones(2, H).double(),
    )
    h, last = layer(x, state)
    expected, their_last = layer.step_by_step(x, state)
    assert torch.allclose(h, expected, atol=1e-12, rtol=0)
    assert torch.allclose(last, their_last, atol=1e-12, rtol=0)
    assert (h[0] < 0).any()


def test_from_zeros_no_state_is_below_zero():
    assert (made()(10 * torch.randn(50, 4, D))[0] >= 0).all()


def test_a_scan_of_two_shapes_is_refused():
    with pytest.raises(ValueError, match=r"log_a and log_b must have one shape, got \(3, 1\) and \(4, 1\)"):
        scan(torch.zeros(3, 1), torch.zeros(4, 1))


def test_scan_says_what_is_no_tensor():
    with pytest.raises(TypeError, match="log_a must be a torch tensor, got list"):
        scan([1], torch.zeros(1))
    with pytest.raises(TypeError, match="log_b must be a torch tensor, got list"):
        scan(torch.zeros(1), [2])
