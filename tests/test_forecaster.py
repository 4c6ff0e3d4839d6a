"""The LSTM that forecasts many steps at once: where it begins, what it computes, what it may see, that it learns."""

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_pinball_loss

from lstm_lib.nn.forecaster import Forecaster, pinball_loss

LEVELS = (0.1, 0.5, 0.9)


def fresh(seed=0, **options):
    torch.manual_seed(seed)
    return Forecaster(3, 2, 5, torch.tensor([[-1.0, 0, 1]] * 4), LEVELS, **options)


def drawn(seed=1, T=7, B=2, N=3):
    generator = torch.Generator().manual_seed(seed)
    x, ahead = (torch.randn(shape, generator=generator) for shape in ((T, B, 3), (N, B, 4, 2)))
    return x, ahead, torch.tensor([1, 4, 6])


def test_pinball_loss_agrees_with_scikit_learn_and_its_slope_with_the_definition():
    rng = np.random.default_rng(0)
    y, q = torch.tensor(rng.normal(size=20)), torch.tensor(rng.normal(size=(20, 3)), requires_grad=True)
    levels = torch.tensor(LEVELS, dtype=torch.float64)
    loss = pinball_loss(y, q, levels)
    assert loss.shape == (20, 3)
    for k, tau in enumerate(LEVELS):
        expected = mean_pinball_loss(y.numpy(), q[:, k].detach().numpy(), alpha=tau)
        assert loss[:, k].mean().item() == pytest.approx(expected)
    loss.sum().backward()
    above = (y[:, None] > q).numpy()
    np.testing.assert_allclose(
        q.grad.numpy(), np.where(above, [[-t for t in LEVELS]], [[1 - t for t in LEVELS]])
    )


def test_it_begins_at_its_base():
    out = fresh()(*drawn())
    assert out.shape == (3, 2, 4, 3)
    torch.testing.assert_close(out, torch.tensor([-1.0, 0, 1]).expand(3, 2, 4, 3))


def test_it_computes_its_equations():
    model = fresh()
    torch.nn.init.normal_(model.output.weight)
    x, ahead, at = drawn()
    h, _ = model.layer(x)
    W_c, W_a, W_o = model.context.weight.T, model.ahead.weight.T, model.output.weight.T
    for n, t in enumerate(at.tolist()):
        for k in range(4):
            u = torch.tanh(h[t] @ W_c + ahead[n, :, k] @ W_a + model.context.bias)
            expected = model.base[k] + u @ W_o + model.output.bias
            torch.testing.assert_close(model(x, ahead, at)[n, :, k], expected)


def test_a_forecast_does_not_see_what_comes_after_its_origin():
    model = fresh()
    torch.nn.init.normal_(model.output.weight)
    x, ahead, at = drawn()
    later = x.clone()
    later[5:] += 1
    same, other = model(x, ahead, at), model(later, ahead, at)
    torch.testing.assert_close(same[:2], other[:2], rtol=0, atol=0)
    assert not torch.allclose(same[2], other[2])


def test_the_forget_bias_begins_at_one():
    layer = fresh().layer
    torch.testing.assert_close((layer.bias_ih_l0 + layer.bias_hh_l0)[5:10], torch.ones(5))


def test_it_learns_the_quantiles_of_noise():
    model = fresh()
    generator = torch.Generator().manual_seed(3)
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    x, ahead, at = torch.zeros(5, 200, 3), torch.zeros(1, 200, 4, 2), torch.tensor([4])
    for _ in range(200):
        loss = pinball_loss(
            torch.rand(1, 200, 4, generator=generator), model(x, ahead, at), model.levels
        ).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    found = model(x, ahead, at)[0, 0].detach().numpy()  # of even noise from 0 to 1 the quantile τ is τ
    np.testing.assert_allclose(found, np.tile(LEVELS, (4, 1)), atol=0.08)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 2, 5, torch.zeros(4, 3), LEVELS), "input_size must be at least 1, got 0"),
        ((3, 0, 5, torch.zeros(4, 3), LEVELS), "ahead_size must be at least 1, got 0"),
        ((3, 2, 0, torch.zeros(4, 3), LEVELS), "hidden_size must be at least 1, got 0"),
        ((3, 2, 5, torch.zeros(4, 2), LEVELS), r"base must have shape \(K, 3\), got \(4, 2\)"),
        ((3, 2, 5, torch.zeros(3), LEVELS), r"base must have shape \(K, 3\), got \(3,\)"),
        ((3, 2, 5, torch.zeros(4, 2), (0.5, 0.1)), "levels must rise and lie between 0 and 1"),
        ((3, 2, 5, torch.zeros(4, 1), (1.0,)), "levels must rise and lie between 0 and 1"),
        ((3, 2, 5, torch.zeros(4, 0), ()), "levels must rise and lie between 0 and 1"),
    ],
)
def test_sizes_that_are_none_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        Forecaster(*arguments)
