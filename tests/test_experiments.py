"""The experiments of 1997: the stopping rule, the losses, and runs that do solve their task."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_lib import experiments
from lstm_lib.datasets.adding import Adding
from lstm_lib.datasets.long_lags import Distractors, FirstIsLast
from lstm_lib.datasets.reber import encode, sets
from lstm_lib.datasets.task import Batch, Criterion, Task, Verdict
from lstm_lib.datasets.temporal_order import TemporalOrder
from lstm_lib.datasets.two_sequence import TwoSequence
from lstm_lib.experiments import (
    EXPERIMENTS,
    NETWORKS,
    Success,
    answers,
    fresh_reader,
    learning_rate,
    loss,
    run,
    try_on,
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Counting(Task):
    """A task whose sequence number n is wrong where `mistakes` says so: to test the stopping rule alone."""

    symbols, input_size, output_size, kind = 0, 1, 1, "value"

    def __init__(self, criterion, mistakes, fresh_mistakes=()):
        self._criterion, self.mistakes, self.fresh_mistakes = criterion, set(mistakes), set(fresh_mistakes)
        self.drawn, self.examined = 0, 0

    @property
    def criterion(self):
        return self._criterion

    def draw(self, batch, rng):
        numbers = np.arange(self.drawn, self.drawn + batch)
        self.drawn += batch
        truth = np.isin(numbers, list(self.mistakes)).astype(np.float32)[:, None]
        return Batch(np.zeros((1, batch, 1), np.float32), np.ones(batch, int), truth, truth)

    def examination(self, rng):
        self.examined += 1
        truth = np.full((self.criterion.sequences, 1), self.examined in self.fresh_mistakes, np.float32)
        yield Batch(np.zeros((1, len(truth), 1), np.float32), np.ones(len(truth), int), truth, truth)

    def judge(self, output, batch):
        wrong = batch.truth[:, 0] > 0
        return Verdict(0.1 * wrong, wrong)


def sequences_until_success(task, most=400, every=20):
    reader, rng = fresh_reader("RNN", task, 10, 0), np.random.default_rng(0)
    success = Success(reader, task, rng, every=every)
    while success.seen < most:
        batch = task.draw(8, rng)
        if success(batch, loss(reader, batch)[1]):
            return success.seen
    return None


def test_the_rule_waits_for_enough_sequences():
    assert sequences_until_success(Counting(Criterion(100), [])) == 104  # whole batches of 8


def test_one_mistake_is_forgotten_only_when_it_is_out_of_the_window():
    task = Counting(Criterion(100), [53])  # the window must begin at 54 or later: 154 sequences, so 160
    assert sequences_until_success(task) == 160
    assert sequences_until_success(Counting(Criterion(100, most_wrong=1), [53])) == 104


def test_the_mean_error_is_that_of_the_window_alone():
    assert sequences_until_success(Counting(Criterion(40, 40, mean_error=0.05), range(100))) == 128
    assert sequences_until_success(Counting(Criterion(40, 40, mean_error=0.05), range(0, 400, 2))) is None


def test_fresh_sequences_are_drawn_only_when_training_looks_good():
    task = Counting(Criterion(50, fresh=True), range(60))
    assert sequences_until_success(task) == 80
    assert task.examined == 1
    never = Counting(Criterion(50, fresh=True), range(0, 400, 10))
    assert sequences_until_success(never) is None
    assert never.examined == 0


def test_after_an_examination_that_was_failed_some_training_comes_first():
    task = Counting(Criterion(50, fresh=True), [], fresh_mistakes=[1, 2])
    assert sequences_until_success(task, every=40) == 40 + 40 + 40
    assert task.examined == 3


def test_the_losses_are_those_of_each_kind():
    batch = Adding(20).draw(4, np.random.default_rng(0))
    reader = fresh_reader("LSTM", Adding(20), 20, 0)
    value, y = loss(reader, batch)
    assert value.item() == pytest.approx(np.mean((y.detach().numpy() - batch.target) ** 2), rel=1e-5)

    task = TemporalOrder()
    batch, reader = task.draw(4, np.random.default_rng(0)), fresh_reader("GRU", task, 100, 0)
    value, y = loss(reader, batch)
    p = answers(y, task)
    assert p.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-6)
    assert value.item() == pytest.approx(-np.log(p[np.arange(4), batch.target]).mean(), rel=1e-5)


def test_the_loss_of_next_symbols_looks_at_real_steps_only():
    batch, task = encode(["BTBTXSETE", "BPBTSSSSXSEPE"]), sets(np.random.default_rng(0))
    reader = fresh_reader("RNN", task, 10, 0)
    value, y = loss(reader, batch)
    p = answers(y, task)
    squares = [
        ((p[t, b] - np.eye(7)[batch.target[t, b]]) ** 2).sum()
        for b, n in enumerate(batch.lengths)
        for t in range(n)
    ]
    assert len(squares) == 8 + 12
    assert value.item() == pytest.approx(np.mean(squares), rel=1e-5)


def test_networks_begin_as_their_names_say():
    task = Adding(100)
    for name, (kind, _) in NETWORKS.items():
        reader = fresh_reader(name, task, 100, 0)
        assert type(reader.layer).__name__.lower() == kind
    gates = {
        name: (reader.layer.bias_ih_l0 + reader.layer.bias_hh_l0).detach().chunk(4)
        for name in NETWORKS
        if "LSTM" in name and (reader := fresh_reader(name, task, 100, 0))
    }
    assert (gates["LSTM"][1] == 1).all()
    assert gates["LSTM, forget bias 0"][1].abs().max() < 0.5
    assert torch.equal(gates["LSTM, chrono"][0], -gates["LSTM, chrono"][1])
    assert gates["LSTM, chrono on the forget gate only"][0].abs().max() < 0.5
    assert gates["LSTM, chrono on the input gate only"][1].abs().max() < 0.5
    assert gates["LSTM, chrono on the input gate only"][0].min() < -3


def test_a_seed_says_all_and_the_global_generator_is_left_alone():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, again = (run("LSTM", TemporalOrder(), 4, longest=100, sequences=200) for _ in range(2))
    assert torch.equal(torch.rand(1), expected)
    assert first.history.losses == again.history.losses
    other = run("LSTM", TemporalOrder(), 5, longest=100, sequences=200)
    assert other.history.losses != first.history.losses


def test_looking_does_not_change_what_is_learnt():
    task = Distractors(5, 5)
    plain = run("LSTM", task, 0, longest=20, sequences=400)
    looks = Criterion(1, most_wrong=1, mean_error=-1.0, fresh=True)  # an examination each time, never passed
    curious = type("Curious", (Distractors,), {"criterion": looks})(5, 5)
    assert run("LSTM", curious, 0, longest=20, sequences=400).history.losses == plain.history.losses


@pytest.mark.parametrize(
    ("task", "longest", "paper"),
    [(TemporalOrder(2), 100, 31_390), (TemporalOrder(3), 100, 571_100), (Distractors(50, 50), 64, 30_000)],
)
def test_an_lstm_solves_what_the_paper_solved_with_fewer_sequences(task, longest, paper):
    found = run("LSTM, chrono", task, 0, longest=longest, sequences=15_000, rate=0.01)
    assert found.solved
    assert found.sequences < paper
    assert found.sequences == found.history.steps * 20
    verdict = try_on(found.reader, task, np.random.default_rng(77))
    assert len(verdict.wrong) == 2560
    assert verdict.wrong.sum() <= 5


def test_a_run_that_is_interrupted_is_neither_success_nor_failure(monkeypatch):
    drawn = iter(range(5))

    def draw(self, batch, rng):
        if next(drawn, None) is None:
            raise KeyboardInterrupt
        return original(self, batch, rng)

    original = TemporalOrder.draw
    monkeypatch.setattr(TemporalOrder, "draw", draw)
    with pytest.raises(KeyboardInterrupt):
        run("LSTM", TemporalOrder(), 0, longest=100, sequences=400)


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"batch": 0}, ValueError, "batch must be at least 1, got 0"),
        ({"sequences": 10}, ValueError, "sequences must be at least 20, got 10"),
        ({"seed": 0.5}, TypeError, "seed must be a whole number"),
    ],
)
def test_settings_that_make_no_run(settings, error, words):
    with pytest.raises(error, match=words):
        run("LSTM", Adding(), **{"seed": 0, "longest": 100, **settings})


def test_what_cannot_be_looked_up_or_tried():
    with pytest.raises(ValueError, match="got '7 subtracting' and 'LSTM'"):
        learning_rate("7 subtracting", "LSTM")
    with pytest.raises(ValueError, match="sequences must be at least 1, got 0"):
        try_on(fresh_reader("LSTM", Adding(), 100, 0), Adding(), np.random.default_rng(0), 0)


def test_a_run_that_does_not_succeed_says_so():
    found = run("RNN", Adding(100), 0, longest=100, sequences=2400)
    assert not found.solved
    assert found.sequences == 2400
    assert found.history.ended == "steps"
    assert found.history.seconds > 0


def test_all_steps_of_task_2a_can_be_judged():
    task = FirstIsLast(5)
    reader = fresh_reader("LSTM", task, 5, 0)
    verdict = experiments.examine(reader, task, np.random.default_rng(0))
    assert len(verdict.error) == 10_000
    assert all(map(math.isfinite, verdict.error[:10]))


def test_a_network_that_nobody_knows():
    with pytest.raises(ValueError, match=r"network must be one of \['RNN', 'GRU', 'LSTM'.*got 'LSMT'"):
        fresh_reader("LSMT", Adding(), 100, 0)


PAPER = {  # tables 1 to 9, training sequences until success; of table 1 the quickest row
    "1 embedded Reber": 8_440,
    "2a p=100": 5_040, "2b p=100": 5_680,
    "2c q=50 p=50": 30_000, "2c q=1000 p=1000": 49_000, "2c q=1000 p=50": 203_000,
    "3a T=100 N=3": 39_850, "3a T=100 N=1": 64_330, "3a T=1000 N=3": 452_460,
    "3b T=100 N=3": 43_250, "3b T=100 N=1": 78_430,
    "3c T=100 N=3": 269_650, "3c T=100 N=1": 565_640,
    "4 adding T=100": 74_000, "4 adding T=500": 209_000, "4 adding T=1000": 853_000, "4 adding T=2000": 0,
    "5 multiplication, 139 wrong": 482_000, "5 multiplication, 12 wrong": 1_273_000,
    "6a two symbols": 31_390, "6b three symbols": 571_100,
}  # fmt: skip


def test_the_numbers_of_the_paper():
    assert {name: experiment.paper for name, experiment in EXPERIMENTS.items()} == PAPER


def test_the_names_say_which_task_is_meant():
    tasks = {name: experiment.task for name, experiment in EXPERIMENTS.items()}
    assert (tasks["2a p=100"], tasks["2b p=100"]) == (FirstIsLast(100), FirstIsLast(100, random=True))
    assert tasks["2c q=1000 p=50"] == Distractors(1000, 50)
    for name in PAPER:
        if name[0] == "3":
            variant, T, N = re.fullmatch(r"3(.) T=(\d+) N=(\d)", name).groups()
            assert tasks[name] == TwoSequence(variant, int(T), int(N), strict=True)
        if name.startswith("4 adding"):
            assert tasks[name] == Adding(int(name.split("=")[1]))
    assert [tasks[f"5 multiplication, {n} wrong"].most_wrong for n in (139, 12)] == [139, 12]
    assert (tasks["6a two symbols"], tasks["6b three symbols"]) == (TemporalOrder(2), TemporalOrder(3))
    assert len(tasks["1 embedded Reber"].training) == 256


def test_an_experiment_runs_with_its_own_settings():
    settings = EXPERIMENTS["2b p=100"]
    short = replace(settings, sequences=40)
    found = short.run("LSTM", 0, 0.01)
    assert (found.sequences, found.history.steps) == (40, 8)
    assert found.reader.direct is not None
    for name in EXPERIMENTS:
        for network in NETWORKS:
            assert 0.001 < learning_rate(name, network) < 0.1
