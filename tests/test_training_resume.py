"""Validation, early stopping, interrupts, and checkpoints from which a run goes on to the bit."""

import json
import math
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.training import Diverged, checkpoint, fit

SETTINGS = {"steps": 30, "rate": 0.02, "warm_up": 5, "every": 7, "progress": None}


class Tiny(nn.Module):
    """Dropout draws from PyTorch's global generator; the normalisation keeps running statistics."""

    def __init__(self, hidden=8):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(3, hidden), nn.BatchNorm1d(hidden), nn.Tanh(), nn.Dropout(0.4), nn.Linear(hidden, 1)
        )

    def forward(self, x):
        return self.net(x)


class Scene:
    """A model, generators, and batches drawn from both kinds of generator. `breaks` at a call of draw."""

    def __init__(self, seed=0, hidden=8, breaks=None):
        torch.manual_seed(seed)
        self.model = Tiny(hidden)
        self.generators = {"numpy": np.random.default_rng(seed), "torch": torch.Generator().manual_seed(seed)}
        self.breaks, self.draws, self.validations = breaks, 0, 0

    def draw(self):
        x = torch.from_numpy(self.generators["numpy"].standard_normal((16, 3)).astype(np.float32))
        noise = 0.1 * torch.randn(16, 1, generator=self.generators["torch"])
        self.draws += 1
        if self.draws == self.breaks:
            raise KeyboardInterrupt  # after the draw: what it drew must not count
        return x, x.sum(1, keepdim=True) + noise

    def validate(self, model):
        self.validations += 1
        assert not model.training
        assert not torch.is_grad_enabled()
        x = torch.from_numpy(self.generators["numpy"].standard_normal((64, 3)).astype(np.float32))
        return loss(model, (x, x.sum(1, keepdim=True)))[0].item()

    def fit(self, path=None, **changed):
        settings = SETTINGS | {"validate": self.validate, "checkpoint": path} | changed
        return fit(self.model, self.draw, loss, generators=self.generators, **settings)


def loss(model, batch):
    x, y = batch
    output = model(x)
    return (output - y).square().mean(), output


def same_weights(model, other):
    theirs = other.state_dict()
    return all(torch.equal(t, theirs[name]) for name, t in model.state_dict().items())


def same(history, other):
    return all(
        getattr(history, name) == getattr(other, name) for name in ("losses", "norms", "validation", "ended")
    )


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def whole(_one_thread):
    """A run that nothing disturbed and that saved nothing."""
    scene = Scene()
    return scene.model, scene.fit()


@pytest.mark.parametrize("breaks", [1, 2, 7, 8, 9, 22, 30])
def test_a_run_that_was_interrupted_in_draw_goes_on_to_the_bit(whole, tmp_path, breaks):
    path = tmp_path / "runs" / "tiny"
    assert Scene(breaks=breaks).fit(path).ended == "interrupted"
    scene = Scene(seed=5)  # other weights, other generators: all must come from the checkpoint
    history = scene.fit(path)
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])
    assert history.resumed == breaks - 1


@pytest.mark.parametrize("breaks", [2, 9, 22])
def test_a_run_that_was_interrupted_after_the_forward_goes_on_to_the_bit(whole, tmp_path, breaks):
    calls = []

    def breaking(model, batch):
        found = loss(model, batch)  # dropout has drawn, the running statistics have moved
        calls.append(1)
        if len(calls) == breaks:
            raise KeyboardInterrupt
        return found

    first = Scene()
    settings = SETTINGS | {"validate": first.validate, "checkpoint": tmp_path / "tiny"}
    history = fit(first.model, first.draw, breaking, generators=first.generators, **settings)
    assert (history.ended, history.steps) == ("interrupted", breaks - 1)
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny")
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])


@pytest.mark.parametrize("which", [1, 3, 5])
def test_a_run_that_was_interrupted_while_it_validated_goes_on_to_the_bit(whole, tmp_path, which):
    scene = Scene()
    calls = []

    def breaking(model):
        value = scene.validate(model)
        calls.append(1)
        if len(calls) == which:
            raise KeyboardInterrupt
        return value

    assert scene.fit(tmp_path / "tiny", validate=breaking).ended == "interrupted"
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny")
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])


@pytest.mark.parametrize("step", [1, 7, 12])
def test_an_interrupt_within_the_update_waits_until_the_step_is_whole(whole, tmp_path, monkeypatch, step):
    class Disturbed(torch.optim.AdamW):
        calls = 0

        def step(self, *arguments):
            Disturbed.calls += 1
            if Disturbed.calls == step:
                signal.raise_signal(signal.SIGINT)
            return super().step(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim, "AdamW", Disturbed)
        history = Scene().fit(tmp_path / "tiny")
    assert (history.ended, history.steps, len(history.norms)) == ("interrupted", step, step)
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny")
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])


@pytest.mark.parametrize("which", range(1, 10))
def test_an_interrupt_while_weights_are_copied_goes_on_to_the_bit(whole, tmp_path, which):
    scene, calls = Scene(), []
    copied = scene.model.state_dict

    def disturbed(*arguments, **named):  # is asked for the best weights, and for what goes into the files
        calls.append(1)
        if len(calls) == which:
            signal.raise_signal(signal.SIGINT)
        return copied(*arguments, **named)

    scene.model.state_dict = disturbed
    with suppress(KeyboardInterrupt):  # in the last save, after the loop, it waits until all is written
        scene.fit(tmp_path / "tiny")
    assert len(calls) >= which
    scene = Scene(seed=5)
    assert same(scene.fit(tmp_path / "tiny"), whole[1])
    assert same_weights(scene.model, whole[0])


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process alone")
def test_ctrl_c_in_another_process(whole, tmp_path):
    code = f"""
import sys, time
sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}
import torch
torch.set_num_threads(1)
from test_training_resume import Scene
scene = Scene()
draw = scene.draw
def slow():
    print(scene.draws, flush=True)
    time.sleep(0.02)
    return draw()
scene.draw = slow
history = scene.fit({str(tmp_path / "tiny")!r})
print("ended", history.ended, history.steps, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout:
            if line.strip() == "12":
                child.send_signal(signal.SIGINT)
                break
        rest = child.stdout.read()
        assert child.wait(60) == 0
    assert "ended interrupted" in rest
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny")
    assert 11 <= history.resumed < 30
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])


class Rule:
    """Stops at a number of batches. Its state is a list that it goes on changing."""

    def __init__(self, at):
        self.at, self.seen = at, []

    def __call__(self, batch, output):
        self.seen.append(float(output.sum()))
        return len(self.seen) == self.at

    def state_dict(self):
        return {"seen": self.seen}

    def load_state_dict(self, state):
        self.seen = state["seen"]


def test_a_rule_with_a_state_goes_on_to_the_bit(tmp_path):
    alone = Scene()
    wanted = alone.fit(stop=Rule(20))
    rule = Rule(20)
    calls = []

    def breaking(batch, output):
        found = rule(batch, output)
        calls.append(1)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return found

    breaking.state_dict, breaking.load_state_dict = rule.state_dict, rule.load_state_dict
    assert Scene().fit(tmp_path / "tiny", stop=breaking).ended == "interrupted"
    scene, again = Scene(seed=5), Rule(20)
    history = scene.fit(tmp_path / "tiny", stop=again)
    assert len(again.seen) == 20
    assert (history.ended, history.steps) == ("rule", 20)
    assert same_weights(scene.model, alone.model)
    assert same(history, wanted)


def test_an_interrupt_in_the_validation_at_the_rules_stop_goes_on_to_the_bit(tmp_path):
    alone = Scene()
    wanted = alone.fit(stop=Rule(20))
    scene, calls = Scene(), []

    def breaking(model):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return scene.validate(model)

    assert scene.fit(tmp_path / "tiny", stop=Rule(20), validate=breaking).ended == "interrupted"
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny", stop=Rule(20))
    assert same_weights(scene.model, alone.model)
    assert same(history, wanted)


def test_a_rule_without_a_state_that_can_be_saved_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"stop must have state_dict\(\) and load_state_dict"):
        Scene().fit(tmp_path / "tiny", stop=lambda batch, output: False)


def test_a_state_that_json_cannot_hold_is_refused_before_the_training(tmp_path):
    scene, rule = Scene(), Rule(20)
    rule.state_dict = lambda: {"seen": {1, 2}}
    with pytest.raises(TypeError, match="stop"):
        scene.fit(tmp_path / "tiny", stop=rule)
    assert scene.draws == 0


@pytest.mark.parametrize("ended", ["steps", "rule", "validation"])
def test_a_finished_run_returns_at_once_what_was_reached(tmp_path, ended, capsys):
    rising = iter(range(100))
    more = {
        "steps": {},
        "rule": {"stop": Rule(20)},
        "validation": {"patience": 2, "validate": lambda model: float(next(rising))},
    }[ended]
    first = Scene()
    wanted = first.fit(tmp_path / "tiny", **more)
    assert wanted.ended == ended
    scene = Scene(seed=5)
    history = scene.fit(tmp_path / "tiny", **more, progress="learning")
    assert (scene.draws, scene.validations) == (0, 0)
    assert same(history, wanted)
    assert history.seconds == wanted.seconds
    assert history.resumed == history.steps
    assert same_weights(scene.model, first.model)
    assert "learning" in capsys.readouterr().err  # says so


def test_the_bar_says_where_it_goes_on(tmp_path, capsys):
    Scene(breaks=10).fit(tmp_path / "tiny")
    Scene().fit(tmp_path / "tiny", progress="learning")
    assert "9" in capsys.readouterr().err.split("|")[0]


# --- validation ------------------------------------------------------------------------------------------


def curve(values):
    values = iter(values)
    return lambda model: next(values)


def test_it_stops_when_there_was_no_better_value_for_so_long():
    values = [5.0, 3.0, 4.0, 2.0, 2.0, 3.0, 1.0]
    weights = []

    def validate(model):
        weights.append({name: t.clone() for name, t in model.state_dict().items()})
        return values[len(weights) - 1]

    scene = Scene()
    history = scene.fit(steps=100, every=3, patience=2, validate=validate)
    assert history.validation == [(3, 5.0), (6, 3.0), (9, 4.0), (12, 2.0), (15, 2.0), (18, 3.0)]
    assert (history.ended, history.steps, history.best) == ("validation", 18, (12, 2.0))
    assert all(torch.equal(t, weights[3][name]) for name, t in scene.model.state_dict().items())
    assert not torch.equal(weights[3]["net.0.weight"], weights[5]["net.0.weight"])


def test_it_is_validated_after_the_last_step_once():
    assert [s for s, _ in Scene().fit(steps=8, every=3).validation] == [3, 6, 8]
    assert [s for s, _ in Scene().fit(steps=6, every=3).validation] == [3, 6]
    assert Scene().fit(steps=6, validate=None).best is None


def test_the_best_weights_are_kept_after_a_divergence():
    scene, best, values = Scene(), {}, iter([2.0, 1.0, 3.0])

    def validate(model):
        value = next(values)
        if value == 1.0:
            best.update({name: t.clone() for name, t in model.state_dict().items()})
        return value

    def breaks(model, batch):
        value, output = loss(model, batch)
        return (value * math.nan if scene.draws == 25 else value), output

    with pytest.raises(Diverged, match="the loss is nan at step 25 of 30"):
        fit(scene.model, scene.draw, breaks, validate=validate, **SETTINGS)
    assert best
    assert all(torch.equal(t, best[name]) for name, t in scene.model.state_dict().items())


def test_a_step_that_breaks_off_leaves_the_running_statistics_as_they_were():
    scene, before = Scene(), {}

    def breaks(model, batch):
        if scene.draws == 4:
            before.update({name: t.clone() for name, t in model.state_dict().items()})
        value, output = loss(model, batch)
        return (value * math.nan if scene.draws == 4 else value), output

    with pytest.raises(Diverged, match="step 4"):
        fit(scene.model, scene.draw, breaks, **SETTINGS)
    assert all(torch.equal(t, before[name]) for name, t in scene.model.state_dict().items())


def test_without_the_new_arguments_it_is_plain_adam_to_the_bit():
    scene = Scene()
    fit(scene.model, scene.draw, loss, steps=4, rate=0.1, warm_up=0, progress=None)
    other = Scene()
    adam = torch.optim.Adam(other.model.parameters(), betas=(0.9, 0.99))
    for step in range(4):
        adam.zero_grad()
        loss(other.model, other.draw())[0].backward()
        nn.utils.clip_grad_norm_(other.model.parameters(), 1.0)
        adam.param_groups[0]["lr"] = 0.1 * 0.5 * (1 + math.cos(math.pi * step / 4))
        adam.step()
    assert same_weights(scene.model, other.model)


# --- a checkpoint of another run, damaged files -----------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"steps": 31}, "steps was 30, and is now 31"),
        ({"rate": 0.03}, "rate was 0.02, and is now 0.03"),
        ({"betas": (0.8, 0.99)}, "betas"),
        ({"validate": None}, "validate"),
        ({"stop": Rule(3)}, "stop"),
    ],
)
def test_another_setting_is_named(tmp_path, changed, words):
    Scene(breaks=10).fit(tmp_path / "tiny")
    scene = Scene()
    before = {name: t.clone() for name, t in scene.model.state_dict().items()}
    with pytest.raises(ValueError, match=words):
        scene.fit(tmp_path / "tiny", **changed)
    assert all(torch.equal(t, before[name]) for name, t in scene.model.state_dict().items())


def test_another_model_is_named(tmp_path):
    Scene(breaks=10).fit(tmp_path / "tiny")
    with pytest.raises(ValueError, match=r"net\.0\.bias was \[8\], and is now \[9\]"):
        Scene(hidden=9).fit(tmp_path / "tiny")
    scene = Scene()
    scene.model.double()
    with pytest.raises(ValueError, match="float64"):
        fit(scene.model, scene.draw, lambda m, b: loss(m, [t.double() for t in b]),
            generators=scene.generators, validate=lambda m: 1.0, checkpoint=tmp_path / "tiny", **SETTINGS)  # fmt: skip


@pytest.mark.parametrize(
    "generator",
    [np.random.Generator(np.random.MT19937(0)), torch.Generator()],
    ids=["another bit generator", "the other library"],
)
def test_another_kind_of_generator_is_named(tmp_path, generator):
    Scene(breaks=10).fit(tmp_path / "tiny")
    scene = Scene()
    before = {name: t.clone() for name, t in scene.model.state_dict().items()}
    scene.generators["numpy"] = generator
    with pytest.raises(ValueError, match="numpy"):
        scene.fit(tmp_path / "tiny")
    assert all(torch.equal(t, before[name]) for name, t in scene.model.state_dict().items())


@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM])
def test_every_bit_generator_of_numpy_goes_on(tmp_path, kind):
    def scene(seed, breaks=None):
        found = Scene(breaks=breaks)
        found.generators["numpy"] = np.random.Generator(kind(seed))
        return found

    alone = scene(0)
    alone.fit()
    scene(0, breaks=10).fit(tmp_path / "tiny")
    other = scene(1)
    other.fit(tmp_path / "tiny")
    assert same_weights(other.model, alone.model)


def files_of(path):
    index = path.with_name(f"{path.name}.json")
    return index, path.with_name(json.loads(index.read_bytes())["tensors"])


@pytest.mark.parametrize(
    ("which", "damage"),
    [(k, how) for k in (0, 1) for how in ("truncated", "other", "empty", "pickle")] + [(1, "gone")],
)
def test_a_damaged_file_is_named_and_nothing_is_lost(tmp_path, which, damage):
    path = tmp_path / "tiny"
    Scene(breaks=10).fit(path)
    file = files_of(path)[which]
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        new = {
            "truncated": content[:-20],
            "other": b'{"a": 1}',
            "empty": b"",
            "pickle": pickle.dumps(Bomb()),
        }
        file.write_bytes(new[damage])
    scene = Scene()
    with pytest.raises(checkpoint.Damaged, match=r"to begin anew") as caught:
        scene.fit(path)
    assert file.name in str(caught.value)
    assert scene.draws == 0
    assert not Bomb.went_off


def test_facts_that_were_changed_are_damage(tmp_path):
    path = tmp_path / "tiny"
    Scene(breaks=10).fit(path)
    index = files_of(path)[0]
    entry = json.loads(index.read_bytes())
    del entry["facts"]["history"]
    index.write_text(json.dumps(entry))
    with pytest.raises(checkpoint.Damaged, match=r"tiny\.json"):
        Scene().fit(path)


class Bomb:
    went_off = False

    def __reduce__(self):
        return set_off, ()


def set_off():
    Bomb.went_off = True


def test_nothing_is_pickled(tmp_path, monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("pickled")

    for module, name in ((pickle, "loads"), (pickle, "load"), (pickle, "dumps"), (pickle, "dump")):
        monkeypatch.setattr(module, name, refuse)
    for name in ("save", "load"):
        monkeypatch.setattr(torch, name, refuse)
    Scene(breaks=10).fit(tmp_path / "tiny")
    assert Scene().fit(tmp_path / "tiny").ended == "steps"


@pytest.mark.parametrize("fails", range(4))
def test_a_write_that_fails_leaves_the_checkpoint_that_stood_there(whole, tmp_path, monkeypatch, fails):
    """Of the calls that put a file on the disk or in its place, one after another fails."""
    path = tmp_path / "tiny"
    Scene(breaks=10).fit(path)
    calls = []

    def failing(real):
        def call(*arguments, **named):
            calls.append(1)
            if len(calls) == fails + 1:
                raise OSError("disk full")
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", failing(os.fdopen))
        patch.setattr(Path, "replace", failing(Path.replace))
        with pytest.raises(OSError, match="disk full"):
            Scene(seed=5).fit(path)
    scene = Scene(seed=5)
    history = scene.fit(path)
    assert same_weights(scene.model, whole[0])
    assert same(history, whole[1])
    assert len(list(tmp_path.iterdir())) == 2  # no rubbish is left


def test_tied_weights_are_saved(tmp_path):
    def tied():
        scene = Scene()
        scene.model.net[0] = nn.Linear(3, 8, bias=False)
        scene.model.other = scene.model.net[0]
        return scene

    alone = tied()
    alone.fit()
    first = tied()
    first.breaks = 10
    first.fit(tmp_path / "tiny")
    scene = tied()
    scene.fit(tmp_path / "tiny")
    assert same_weights(scene.model, alone.model)


@pytest.mark.parametrize("more", [{"steps": np.int64(12)}, {"rate": np.float32(0.5)}, {"every": np.int64(5)}])
def test_numbers_of_numpy_are_taken(tmp_path, more):
    assert Scene().fit(tmp_path / "tiny", **more).ended == "steps"


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"steps": 5.5}, TypeError, "steps must be"),
        ({"every": 0}, ValueError, "every must be"),
        ({"every": 2.5}, TypeError, "every must be"),
        ({"patience": 0}, ValueError, "patience must be"),
        ({"patience": 3, "validate": None}, ValueError, "patience .*validate"),
        ({"weight_decay": -0.1}, ValueError, "weight_decay must be 0 or more and finite, got -0.1"),
        ({"weight_decay": math.nan}, ValueError, "weight_decay must be"),
    ],
)
def test_bad_settings(more, error, words):
    scene = Scene()
    with pytest.raises(error, match=words):
        scene.fit(**more)
    assert scene.draws == 0


def test_bad_generators(tmp_path):
    scene = Scene()
    scene.generators["numpy"] = np.random.RandomState(0)
    with pytest.raises(TypeError, match=r"generators\['numpy'\] must be"):
        scene.fit(tmp_path / "tiny")
