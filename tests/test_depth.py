"""Depth against width: the settings, the file of stored runs, the benchmark that makes it, and a sample run again."""

from dataclasses import replace
from statistics import mean

import pytest
import torch

from benchmarks import depth as benchmark
from lstm_lib.datasets.depth import DepthRun, bits, load_depth, save_depth
from lstm_lib.datasets.source import DataError
from lstm_lib.experiments import depth as experiment
from lstm_lib.nn.recurrent import parameters_of

RUN = DepthRun("1 layer", "updates", 0, 133, 99_800, 0.03, 0.1, 3000, 17.5, 2.4, 2.37, "2.13.0", "2.4.6")


@pytest.fixture(scope="module")
def stored():
    return load_depth()


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_what_is_written_is_read(tmp_path):
    runs = [RUN, replace(RUN, seed=1, network="2 layers, residual", budget="time")]
    save_depth(runs, tmp_path / "runs.csv")
    assert load_depth(tmp_path / "runs.csv") == runs
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]


def test_a_file_that_is_missing_is_named_with_what_makes_it(tmp_path):
    with pytest.raises(
        DataError, match=r"the stored runs are missing: .*no.csv. `python -m benchmarks.depth` makes"
    ):
        load_depth(tmp_path / "no.csv")


def test_bits_come_in_the_order_of_the_seeds():
    runs = [replace(RUN, seed=seed, test=2.0 + seed) for seed in (2, 0, 1)]
    runs += [replace(RUN, budget="time"), replace(RUN, network="2 layers")]
    assert bits(runs, "updates", "1 layer") == [2.0, 3.0, 4.0]
    assert bits(runs, "updates", "1 layer", seeds=(1, 2)) == [3.0, 4.0]
    assert bits(runs, "updates", "1 layer", part="validation") == [2.4] * 3
    with pytest.raises(ValueError, match="part must be 'validation' or 'test', got 'train'"):
        bits(runs, "updates", "1 layer", part="train")
    with pytest.raises(
        ValueError, match=r"runs must hold some of '3 layers' under the budget 'time', got none"
    ):
        bits(runs, "time", "3 layers")


@pytest.mark.parametrize("budget", [experiment.PARAMETERS, experiment.SHORT_PARAMETERS])
def test_all_networks_have_the_same_number_of_parameters_to_two_per_cent(budget):
    for network in experiment.NETWORKS.values():
        model = experiment.fresh_model(0, 66, 32, experiment.width(network.layers, budget), network.layers)
        assert abs(parameters_of(model) / budget - 1) < 0.02


def test_the_plan_holds_every_run_once():
    jobs = benchmark.plan([], benchmark.BUDGETS, benchmark.SEEDS)
    keys = [(name, budget, seed, n.rate, n.dropout) for name, budget, seed, n in jobs]
    assert len(keys) == len(set(keys))
    shallow = sum(network.layers < benchmark.DEEP for network in experiment.NETWORKS.values())
    deep = len(experiment.NETWORKS) - shallow
    assert len(jobs) == shallow * (8 + 5 + 3 + 3) + deep * (8 + 5) + 3
    slow = {(name, budget) for name, budget, _, _ in jobs if name.startswith("8")}
    both = {(name, budget) for name in ("8 layers", "8 layers, residual") for budget in ("tuning", "updates")}
    assert slow == both | {("8 layers, residual", "time")}


def test_short_runs_differ_in_nothing_but_depth():
    jobs = benchmark.plan([], ["short"], benchmark.SEEDS)
    assert {(network.rate, network.dropout) for *_, network in jobs} == {(experiment.SHORT_RATE, 0.0)}
    assert {(network.layers, network.residual) for *_, network in jobs} == {
        (1, False),
        (2, False),
        (3, False),
        (2, True),
        (3, True),
    }


def test_stored_runs_are_those_of_the_plan_with_the_settings_of_today(stored):
    planned = {
        (name, budget, seed, n.rate, n.dropout)
        for name, budget, seed, n in benchmark.plan([], benchmark.BUDGETS, benchmark.SEEDS)
    }
    assert {benchmark.key(run) for run in stored} == planned
    assert stored == sorted(stored, key=benchmark.order)
    for run in stored:
        network = experiment.NETWORKS[run.network]
        size = experiment.SHORT_PARAMETERS if run.budget == "short" else experiment.PARAMETERS
        assert run.hidden_size == experiment.width(network.layers, size)
        assert abs(run.parameters / size - 1) < 0.02
        updates = {"time": network.updates_in_time, "short": experiment.SHORT}
        assert run.updates == updates.get(run.budget, experiment.UPDATES)


def test_the_settings_are_the_best_of_the_tuning(stored):
    for name, network in experiment.NETWORKS.items():
        tried = [run for run in stored if (run.network, run.budget) == (name, "tuning")]
        assert len(tried) == len(benchmark.RATES) * len(benchmark.DROPOUTS)
        (chosen,) = [run for run in tried if (run.rate, run.dropout) == (network.rate, network.dropout)]
        # Eight plain layers learn the letters' shares with every setting: a tie, but for rounding.
        tie = 0.01 if name == "8 layers" else 0.0
        assert chosen.validation <= min(run.validation for run in tried) + tie
        assert {run.seed for run in tried} == {benchmark.TUNING_SEED}
        assert not {run.seed for run in tried} & set(benchmark.SEEDS)


@pytest.mark.parametrize("name", ["1 layer", "2 layers, residual"])
def test_a_stored_run_can_be_repeated(stored, name):
    (run,) = [r for r in stored if (r.network, r.budget, r.seed) == (name, "short", 0)]
    again = benchmark.one(name, "short", 0, experiment.brief(experiment.NETWORKS[name]))
    # Rounding differs from processor to processor, and training makes the difference larger.
    assert again.test == pytest.approx(run.test, abs=0.05)
    assert again.validation == pytest.approx(run.validation, abs=0.05)
    same = {"seconds": run.seconds, "test": run.test, "validation": run.validation}
    assert replace(again, **same, torch=run.torch, numpy=run.numpy) == run


def test_a_network_is_no_name():
    with pytest.raises(
        TypeError, match=r"network must be a Network, such as NETWORKS\['1 layer'\], got '1 layer'"
    ):
        experiment.learn("1 layer", 0, 2)


def test_a_run_leaves_the_global_generator_as_it_was():
    before = torch.get_rng_state()
    experiment.learn(experiment.NETWORKS["2 layers, residual"], 0, 2, 6_000)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_command_runs_what_is_missing_and_prints_a_table(tmp_path, monkeypatch, capsys):
    asked = []

    def one(name, budget, seed, network):
        asked.append((name, seed))
        return replace(
            RUN, network=name, budget=budget, seed=seed, rate=network.rate, dropout=network.dropout
        )

    monkeypatch.setattr(benchmark, "one", one)
    out = tmp_path / "runs.csv"
    arguments = ["--only", "1 layer", "--budgets", "updates", "--out", str(out), "--seeds"]
    benchmark.main([*arguments, "5", "6"])
    benchmark.main([*arguments, "5", "6", "7"])
    assert asked == [("1 layer", 5), ("1 layer", 6), ("1 layer", 7)]
    assert len(load_depth(out)) == 3
    assert "updates  1 layer              2.370 (2.370 to 2.370)" in capsys.readouterr().out


def test_a_run_that_serves_two_budgets_is_made_once(tmp_path, monkeypatch, capsys):
    asked = []

    def one(name, budget, seed, network):
        asked.append((name, budget, seed))
        return replace(
            RUN, network=name, budget=budget, seed=seed, rate=network.rate, dropout=network.dropout
        )

    monkeypatch.setattr(benchmark, "one", one)
    out, names = tmp_path / "runs.csv", ["1 layer", "3 layers"]
    benchmark.main(["--only", *names, "--budgets", "updates", "time", "--seeds", "0", "--out", str(out)])
    assert asked == [("1 layer", "updates", 0), ("3 layers", "updates", 0), ("3 layers", "time", 0)]
    assert replace(RUN, budget="time") in load_depth(out)


def test_speeds_are_medians_over_rounds(monkeypatch, capsys):
    class Once:
        def __init__(self, seconds):
            self.seconds = seconds

    times = {1: [1, 5, 1], 2: [2, 2, 9], 3: [4, 4, 4], 8: [8, 8, 8]}
    monkeypatch.setattr(
        benchmark,
        "learn",
        lambda network, seed, updates: (None, Once(times[network.layers][seed % 3] * updates)),
    )
    found = benchmark.speed(rounds=3)
    assert found["1 layer"] == 1
    assert found["2 layers"] == 2
    benchmark.main(["--speed"])
    assert (
        f"2 layers             2000.00 ms an update; in the time of 1 layer: {experiment.UPDATES // 2}"
        in (capsys.readouterr().out)
    )


def test_the_stored_runs_say_what_the_lesson_says(stored):
    found = {name: bits(stored, "updates", name) for name in experiment.NETWORKS}
    assert all(len(values) == 5 for values in found.values())
    assert mean(found["1 layer"]) < mean(found["2 layers"]) < mean(found["3 layers"])
    assert max(found["3 layers, residual"]) < min(found["1 layer"])
    assert min(found["8 layers"]) > 4.5
    assert max(found["8 layers, residual"]) < min(found["1 layer"])
    in_time = {run.network: mean(bits(stored, "time", run.network)) for run in stored if run.budget == "time"}
    assert sorted(in_time, key=in_time.get)[:2] == ["2 layers, residual", "3 layers, residual"]
