"""The loop that trains, on a problem with a known answer."""

import math

import pytest
import torch
from torch import nn

from lstm_lib.training import Diverged, fit, schedule


def line(seed=0):
    """A linear model, and batches of y = 2 x - 1."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)

    def draw():
        x = torch.randn(16, 1, generator=generator)
        return x, 2 * x - 1

    return nn.Linear(1, 1), draw


def loss(model, batch):
    x, y = batch
    output = model(x)
    return (output - y).square().mean(), output


def test_it_finds_the_line():
    model, draw = line()
    history = fit(model, draw, loss, steps=400, rate=0.05, progress=None)
    assert model.weight.item() == pytest.approx(2, abs=0.01)
    assert model.bias.item() == pytest.approx(-1, abs=0.01)
    assert (history.ended, history.steps, len(history.norms)) == ("steps", 400, 400)
    assert history.losses[0] > 1
    assert history.losses[-1] < 1e-4
    assert history.seconds > 0


def test_each_step_is_one_clipped_step_of_adam_on_the_schedule():
    model, draw = line()
    fit(model, draw, loss, steps=3, rate=0.1, warm_up=2, clip=0.5, progress=None)
    other, draw = line()
    adam = torch.optim.Adam(other.parameters(), betas=(0.9, 0.99))
    for part in (0.5, 1.0, 1.0):  # two steps of warm-up, then the top of the cosine
        adam.zero_grad()
        loss(other, draw())[0].backward()
        norm = math.hypot(*(p.grad.item() for p in other.parameters()))
        for p in other.parameters():
            p.grad *= min(1.0, 0.5 / norm)
        adam.param_groups[0]["lr"] = 0.1 * part
        adam.step()
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert p.item() == pytest.approx(q.item(), rel=1e-5)


def test_the_rate_rises_then_falls_to_zero():
    parts = [schedule(step, 110, 10) for step in range(110)]
    assert parts[:10] == [pytest.approx((k + 1) / 10) for k in range(10)]
    assert parts[10] == 1
    assert parts[60] == pytest.approx(0.5)
    assert parts[10:] == sorted(parts[10:], reverse=True)
    assert 0 < parts[-1] < 1e-3
    assert schedule(0, 1, 0) == 1


def test_a_rule_is_shown_every_batch_and_stops_before_the_weights_change():
    model, draw = line()
    seen = []

    def stop(batch, output):
        seen.append((batch[0].clone(), output.clone(), model.weight.item()))
        assert not output.requires_grad
        return len(seen) == 4

    history = fit(model, draw, loss, steps=50, rate=0.05, stop=stop, progress=None)
    assert (history.ended, history.steps, len(seen)) == ("rule", 4, 4)
    assert model.weight.item() == seen[-1][2]
    assert len({weight for *_, weight in seen}) == 4  # each step before it changed them
    with torch.no_grad():
        assert torch.equal(model(seen[-1][0]), seen[-1][1])


def test_a_loss_that_is_no_number_stops_with_the_step_and_keeps_the_weights():
    model, draw = line()
    calls = []

    def breaks(model, batch):
        calls.append(model.weight.item())
        value, output = loss(model, batch)
        return (value * math.nan if len(calls) == 6 else value), output

    words = "the loss is nan at step 6 of 50: lower the learning rate, which is 0.05"
    with pytest.raises(Diverged, match=words):
        fit(model, draw, breaks, steps=50, rate=0.05, progress=None)
    assert model.weight.item() == calls[-1]
    assert math.isfinite(model.weight.item())


def test_a_gradient_that_is_no_number_stops_before_the_weights_change():
    model, draw = line()
    before = model.weight.item()

    def steep(model, batch):
        value, output = loss(model, batch)
        return torch.sqrt(value - value.detach()) + 1, output  # a loss of 1, and a slope of infinity

    with pytest.raises(Diverged, match="the gradient is nan at step 1 of 50"):
        fit(model, draw, steep, steps=50, rate=0.05, progress=None)
    assert model.weight.item() == before


def test_an_interrupt_leaves_a_model_that_can_be_used():
    model, draw = line()
    batches = iter(range(8))

    def interrupted():
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return draw()

    history = fit(model, interrupted, loss, steps=50, rate=0.05, progress=None)
    assert (history.ended, history.steps) == ("interrupted", 8)
    assert math.isfinite(model.weight.item())
    assert history.seconds > 0


def test_other_errors_are_not_swallowed():
    model, draw = line()
    with pytest.raises(ZeroDivisionError):
        fit(model, draw, lambda model, batch: 1 / 0, steps=5, rate=0.1, progress=None)


def test_the_same_seed_gives_the_same_run():
    runs = [fit(*line(3), loss, steps=20, rate=0.05, progress=None).losses for _ in range(2)]
    assert runs[0] == runs[1]


def test_a_bar_shows_the_progress(capsys):
    fit(*line(), loss, steps=3, rate=0.05, progress="learning a line")
    assert "learning a line: 100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 0, "rate": 0.1}, "steps must be above zero and finite, got 0"),
        ({"steps": 5, "rate": -0.1}, "rate must be above zero and finite, got -0.1"),
        ({"steps": 5, "rate": math.nan}, "rate must be above zero and finite, got nan"),
        ({"steps": 5, "rate": math.inf}, "rate must be above zero and finite, got inf"),
        ({"steps": 5, "rate": 0.1, "clip": 0}, "clip must be above zero and finite, got 0"),
        ({"steps": 5, "rate": 0.1, "warm_up": -1}, "warm_up must be 0 or more steps, got -1"),
    ],
)
def test_bad_settings(settings, words):
    with pytest.raises(ValueError, match=words):
        fit(*line(), loss, **settings)
