"""The loop that trains, on a problem with a known answer."""

import math
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.training import Diverged, checkpoint, fit, schedule, undisturbed


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


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rate": "a"}, "rate must be a number, got 'a'"),
        ({"clip": None}, "clip must be a number, got None"),
        ({"weight_decay": "a"}, "weight_decay must be a number, got 'a'"),
        ({"validate": 3}, "validate must be a function, model -> a number, or None, got 3"),
    ],
)
def test_settings_of_a_wrong_kind(settings, words):
    with pytest.raises(TypeError, match=words):
        fit(*line(), loss, **{"steps": 5, "rate": 0.1} | settings)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (torch.zeros(()), "loss must return the loss and the output, a pair, got Tensor"),
        ((3.0, torch.zeros(2)), "a tensor with one number and the output, got 3.0 as the loss"),
        (
            (torch.zeros(2), torch.zeros(2)),
            r"a tensor with one number and the output, got \(2,\) as the loss",
        ),
    ],
)
def test_a_loss_function_that_returns_something_else(found, words):
    with pytest.raises(TypeError, match=words):
        fit(*line(), lambda model, batch: found, steps=5, rate=0.1, progress=None)


def test_an_interrupt_inside_the_last_save_comes_too_late_to_stop_anything(tmp_path, monkeypatch):
    from lstm_lib.training.saved import Saved

    save, calls = Saved.save, []

    def interrupted(self):
        calls.append(self)
        if len(calls) == 2:  # the first is at the last step, the second after the loop
            signal.raise_signal(signal.SIGINT)
        save(self)

    monkeypatch.setattr(Saved, "save", interrupted)
    model, draw = line()
    history = fit(model, draw, loss, steps=5, rate=0.1, checkpoint=tmp_path / "run", progress=None)
    assert len(calls) == 2
    assert (history.ended, history.steps, model.training) == ("steps", 5, False)
    again = fit(*line(), loss, steps=5, rate=0.1, checkpoint=tmp_path / "run", progress=None)
    assert again.losses == history.losses


# --- validation ----------------------------------------------------------------------------------------------


def validations(values):
    """A validation that gives these values in turn, and keeps the weight that each of them saw."""
    seen, values = [], iter(values)

    def validate(model):
        assert not model.training
        assert not torch.is_grad_enabled()
        seen.append(model.weight.item())
        return next(values)

    return validate, seen


def test_the_model_ends_with_the_weights_that_were_best():
    model, draw = line()
    validate, seen = validations([3.0, 1.0, 2.0, 1.0, 5.0])
    history = fit(model, draw, loss, steps=9, rate=0.05, every=2, validate=validate, progress=None)
    assert history.validation == [(2, 3.0), (4, 1.0), (6, 2.0), (8, 1.0), (9, 5.0)]  # one more at the end
    assert history.best == (4, 1.0)
    assert (history.ended, history.steps) == ("steps", 9)
    assert model.weight.item() == seen[1] != seen[-1]
    assert not model.training


def test_training_goes_on_in_training_mode_after_a_validation():
    model, draw = line()
    modes = []

    def watched(model, batch):
        modes.append(model.training)
        return loss(model, batch)

    fit(model, draw, watched, steps=4, rate=0.05, every=1, validate=lambda model: 1.0, progress=None)
    assert modes == [True] * 4


@pytest.mark.parametrize(("patience", "steps"), [(1, 6), (2, 10), (3, 16)])
def test_it_stops_after_so_many_validations_without_a_new_best(patience, steps):
    model, draw = line()
    values = [4.0, 3.0, 3.0, 2.0, 2.5, 2.5, 2.5, 2.5]
    validate, seen = validations(values)
    settings = {"steps": 100, "rate": 0.05, "every": 2, "progress": None}
    history = fit(model, draw, loss, validate=validate, patience=patience, **settings)
    # of the values: 3.0 again is no new best, and costs the first its patience
    expected = {1: 3, 2: 6, 3: 7}[patience]
    assert (history.ended, history.steps) == ("validation", 2 * expected)
    assert history.best[1] == min(values[:expected])
    assert model.weight.item() == seen[values.index(history.best[1])]


def test_validation_changes_nothing_but_the_end():
    plain, draw = line()
    fit(plain, draw, loss, steps=30, rate=0.05, progress=None)
    watched, draw = line()
    best_last = iter(range(100, 0, -1))
    fit(watched, draw, loss, steps=30, rate=0.05, every=7, validate=lambda m: next(best_last), progress=None)
    assert torch.equal(plain.weight, watched.weight)


def test_the_best_weights_are_there_after_an_interrupt_too():
    model, draw = line()
    validate, seen = validations([1.0, 2.0, 3.0])
    batches = iter(range(7))

    def interrupted():
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return draw()

    history = fit(model, interrupted, loss, steps=50, rate=0.05, every=2, validate=validate, progress=None)
    assert (history.ended, history.steps) == ("interrupted", 7)
    assert model.weight.item() == seen[0]


def test_a_rule_that_stops_is_validated_once_more():
    model, draw = line()
    validate, _ = validations([2.0, 1.0])
    steps = iter([False, False, True])
    history = fit(
        model, draw, loss, steps=50, rate=0.05, every=2, validate=validate, stop=lambda *_: next(steps),
        progress=None,
    )  # fmt: skip
    assert history.ended == "rule"
    assert [value for _, value in history.validation] == [2.0, 1.0]


def test_a_validation_that_is_no_number_stops_with_the_step():
    with pytest.raises(Diverged, match="the validation is nan after step 3"):
        fit(*line(), loss, steps=9, rate=0.05, every=3, validate=lambda model: math.nan, progress=None)


def test_weight_decay_is_that_of_adamw():
    model, draw = line()
    fit(model, draw, loss, steps=5, rate=0.1, warm_up=0, weight_decay=0.5, progress=None)
    other, draw = line()
    adam = torch.optim.AdamW(other.parameters(), betas=(0.9, 0.99), weight_decay=0.5)
    for step in range(5):
        adam.zero_grad()
        loss(other, draw())[0].backward()
        nn.utils.clip_grad_norm_(other.parameters(), 1.0)
        adam.param_groups[0]["lr"] = 0.1 * schedule(step, 5, 0)
        adam.step()
    assert torch.equal(model.weight, other.weight)


def test_the_bar_shows_the_loss_and_the_validation(capsys):
    fit(*line(), loss, steps=60, rate=0.05, every=10, validate=lambda model: 0.125, progress="learning")
    shown = capsys.readouterr().err
    assert "loss=" in shown
    assert "validation=0.125" in shown


# --- checkpoints ---------------------------------------------------------------------------------------------


class Net(nn.Module):
    """With dropout, which draws from PyTorch's global generator."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, 1))

    def forward(self, x):
        return self.layers(x)


class Problem:
    """A net, its data from two generators, and a draw that can be interrupted."""

    def __init__(self, seed=0, interrupt_at=None):
        torch.manual_seed(seed)
        self.model = Net()
        self.numpy, self.torch = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        self.left = interrupt_at

    def draw(self):
        x = torch.randn(8, 3, generator=self.torch)
        noise = torch.from_numpy(self.numpy.normal(size=(8, 1))).float()
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt  # after both have drawn: these draws must not count
        return x, x.sum(1, keepdim=True) + 0.1 * noise

    def validate(self, model):
        x = torch.linspace(-1, 1, 30).reshape(10, 3)
        return float((model(x) - x.sum(1, keepdim=True)).square().mean())

    def fit(self, path, **changes):
        settings = {
            "steps": 40, "rate": 0.02, "every": 6, "validate": self.validate, "checkpoint": path,
            "generators": {"noise": self.numpy, "x": self.torch}, "progress": None,
        } | changes  # fmt: skip
        return fit(self.model, self.draw, loss, **settings)


def same(one, other):
    for (name, a), (_, b) in zip(one.state_dict().items(), other.state_dict().items(), strict=True):
        assert torch.equal(a, b), name


def told(history):
    return history.losses, history.norms, history.validation, history.ended


@pytest.mark.parametrize("at", [0, 1, 6, 17, 39])
def test_a_run_goes_on_to_the_bit(tmp_path, at):
    whole = Problem()
    expected = whole.fit(None)
    broken = Problem(interrupt_at=at)
    history = broken.fit(tmp_path / "run")
    assert (history.ended, history.steps) == ("interrupted", at)
    torch.manual_seed(999)  # another session: nothing is as it was
    resumed = Problem(seed=5)
    history = resumed.fit(tmp_path / "run")
    assert told(history) == told(expected)
    assert history.resumed == at
    same(resumed.model, whole.model)
    assert resumed.numpy.random() == whole.numpy.random()


def test_a_run_may_be_interrupted_again_and_again(tmp_path):
    whole = Problem()
    expected = whole.fit(None, every=5, patience=3, rate=0.1)
    for session in range(40):
        part = Problem(seed=session, interrupt_at=4)  # only the first begins anew
        history = part.fit(tmp_path / "run", every=5, patience=3, rate=0.1)
        if history.ended != "interrupted":
            break
    assert told(history) == told(expected)
    same(part.model, whole.model)


def test_a_checkpoint_changes_nothing_in_the_run(tmp_path):
    with_one = Problem()
    history = with_one.fit(tmp_path / "run")
    without = Problem()
    assert told(without.fit(None)) == told(history)
    same(with_one.model, without.model)


def test_a_run_that_has_ended_is_returned_at_once(tmp_path):
    first = Problem()
    history = first.fit(tmp_path / "run")
    again = Problem(seed=3)
    stored = again.fit(tmp_path / "run")
    assert told(stored) == told(history)
    assert stored.resumed == stored.steps == 40
    assert stored.seconds == history.seconds
    same(again.model, first.model)
    assert not again.model.training


def test_a_crash_goes_on_from_the_last_checkpoint(tmp_path):
    whole = Problem()
    expected = whole.fit(None)
    crashing, calls = Problem(), iter(range(20))

    def crash(model, batch):
        if next(calls, None) is None:
            raise RuntimeError("the lights went out")
        return loss(model, batch)

    with pytest.raises(RuntimeError, match="lights"):
        fit(
            crashing.model, crashing.draw, crash, steps=40, rate=0.02, every=6, validate=crashing.validate,
            checkpoint=tmp_path / "run", generators={"noise": crashing.numpy, "x": crashing.torch}, progress=None,
        )  # fmt: skip
    resumed = Problem(seed=5)
    history = resumed.fit(tmp_path / "run")
    assert history.resumed == 18
    assert told(history) == told(expected)
    same(resumed.model, whole.model)


class Countdown:
    """A rule with a state."""

    def __init__(self, steps):
        self.left = steps

    def __call__(self, batch, output):
        self.left -= 1
        return self.left == 0

    def state_dict(self):
        return {"left": self.left}

    def load_state_dict(self, state):
        self.left = state["left"]


def test_a_rule_goes_on_too(tmp_path):
    first = Problem(interrupt_at=10)
    first.fit(tmp_path / "run", stop=Countdown(25))
    second = Problem()
    history = second.fit(tmp_path / "run", stop=Countdown(25))
    assert (history.ended, history.steps) == ("rule", 25)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rate": 0.03}, "the setting rate was 0.02, and is now 0.03"),
        ({"steps": 50}, "the setting steps was 40, and is now 50"),
        ({"validate": None}, "the setting validates was True, and is now False"),
        ({"generators": {}}, "the names of generators was .*noise.*and is now"),
        ({"stop": Countdown(3)}, "whether there is a stopping rule was False, and is now True"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, words):
    Problem(interrupt_at=8).fit(tmp_path / "run")
    with pytest.raises(ValueError, match=words) as error:
        Problem().fit(tmp_path / "run", **change)
    assert "to begin anew: lstm_lib.training.checkpoint.remove(" in str(error.value)
    assert Problem().fit(tmp_path / "run").resumed == 8  # and it is still there


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    Problem(interrupt_at=8).fit(tmp_path / "run")
    other = Problem()
    other.model.layers[0] = nn.Linear(3, 9)
    with pytest.raises(ValueError, match=r"the shape of layers\.0\.bias was \[8\], and is now \[9\]"):
        other.fit(tmp_path / "run")


def test_after_a_removal_the_run_begins_anew(tmp_path):
    Problem(interrupt_at=8).fit(tmp_path / "run")
    checkpoint.remove(tmp_path / "run")
    assert Problem().fit(tmp_path / "run").resumed == 0


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"every": 0}, ValueError, "every must be above zero and finite, got 0"),
        ({"weight_decay": -1}, ValueError, "weight_decay must be 0 or more and finite, got -1"),
        ({"patience": 3}, ValueError, "patience must be at least 1 and needs validate, got 3 and None"),
        ({"patience": 0, "validate": len}, ValueError, "patience must be at least 1"),
        ({"checkpoint": "x", "generators": {"rng": 3}}, TypeError, r"generators\['rng'\] must be .*got 3"),
        ({"checkpoint": "x", "stop": lambda *_: False}, TypeError, r"stop must have state_dict\(\)"),
    ],
)
def test_bad_settings_of_validation_and_checkpoint(settings, error, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        fit(*line(), loss, steps=5, rate=0.1, **settings)
    assert list(tmp_path.iterdir()) == []


# --- a real interrupt ----------------------------------------------------------------------------------------

SCRIPT = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
from test_training import Problem
problem = Problem()
draw = problem.draw
def slow():
    time.sleep(0.01)
    print("step", flush=True)
    return draw()
problem.draw = slow
history = problem.fit({path!r}, steps=200)
print(history.ended, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_in_another_process(tmp_path):
    whole = Problem()
    expected = whole.fit(None, steps=200)
    tests = Path(__file__).parent
    code = SCRIPT.format(tests=str(tests), root=str(tests.parent), path=str(tmp_path / "run"))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        for _ in range(30):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().split()
    assert process.returncode == 0
    assert rest[-1] == "interrupted"
    resumed = Problem(seed=5)
    history = resumed.fit(tmp_path / "run", steps=200)
    assert 25 <= history.resumed < 200
    assert told(history) == told(expected)
    same(resumed.model, whole.model)


def test_an_interrupt_waits_for_the_end_of_a_block():
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("the rest of the block")
        done.append("what comes after")
    assert done == ["the rest of the block"]


def test_a_run_outside_the_main_thread_needs_no_signals():
    history = []
    thread = threading.Thread(
        target=lambda: history.append(fit(*line(), loss, steps=3, rate=0.05, progress=None))
    )
    thread.start()
    thread.join()
    assert history[0].steps == 3
