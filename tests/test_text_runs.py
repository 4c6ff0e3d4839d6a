"""The stored runs of lesson 12: the file, the benchmark that makes it, what they say, and some made again."""

from dataclasses import replace
from statistics import mean

import pytest
import torch

from benchmarks import text_generation as benchmark
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.text_runs import TextRun, curves, load_text_runs, save_text_runs, stored_bits
from lstm_lib.experiments import hamlet_lstm
from lstm_lib.experiments import text_generation as experiment
from lstm_lib.experiments.reading import HABIT

ROW = TextRun("seconds", "LSTM", 0, 450, "bits", 2.9, 4.5, "2.13.0", "2.4.6")


@pytest.fixture(scope="module")
def stored():
    return load_text_runs()


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_what_is_written_is_read(tmp_path):
    rows = [ROW, replace(ROW, seed=-1, measure="weight")]
    save_text_runs(rows, tmp_path / "runs.csv")
    assert load_text_runs(tmp_path / "runs.csv") == rows
    with pytest.raises(DataError, match=r"`python -m benchmarks.text_generation` makes it anew"):
        load_text_runs(tmp_path / "no.csv")


def test_bits_come_by_seed_in_the_order_of_the_curve():
    rows = [
        replace(ROW, seed=s, at=at, value=s + at / 1e4, seconds=at / 100) for s in (1, 0) for at in (900, 450)
    ]
    rows += [replace(ROW, measure="weight"), replace(ROW, model="GRU")]
    assert stored_bits(rows, "seconds", "LSTM") == {0: [0.045, 0.09], 1: [1.045, 1.09]}
    assert curves(rows, "seconds", "LSTM", "seconds")[0] == ([4.5, 9.0], [0.045, 0.09])
    assert curves(rows, "seconds", "LSTM", "at")[1] == ([450.0, 900.0], [1.045, 1.09])
    with pytest.raises(ValueError, match="runs must hold bits of 'RNN' under 'seconds', got none"):
        stored_bits(rows, "seconds", "RNN")
    with pytest.raises(ValueError, match="x must be 'seconds' or 'at', got 'updates'"):
        curves(rows, "seconds", "LSTM", "updates")


def test_all_experiments_are_stored_with_their_seeds(stored):
    for name, (_, seeds) in benchmark.EXPERIMENTS.items():
        assert {row.seed for row in stored if row.experiment == name} == set(seeds)
    assert stored == sorted(stored, key=lambda r: (list(benchmark.EXPERIMENTS).index(r.experiment), r.seed))
    tuned = {row.model for row in stored if row.experiment == "tuning"}
    assert tuned == {f"{kind}, {benchmark.settings(recipe)}" for kind, recipe in benchmark.tried()}


def test_what_was_chosen_is_the_best_of_what_was_tried(stored):
    def best(experiment_name, begins=""):
        rows = {
            row.model: row.value
            for row in stored
            if row.experiment == experiment_name and row.measure == "bits" and row.model.startswith(begins)
        }
        return min(rows, key=rows.get), rows

    _, tried = best("tuning", "LSTM")
    large = {
        name: value for name, value in tried.items() if name.endswith("H 384")
    }  # the stored checkpoint's size
    small = {name: value for name, value in tried.items() if name not in large}
    assert min(small, key=small.get) == f"LSTM, {benchmark.settings(experiment.RECIPE)}"
    assert min(large, key=large.get) == f"LSTM, {benchmark.settings(hamlet_lstm.LONG)}"
    for kind in ("GRU", "RNN"):
        assert f"rate {experiment.RATES[kind]:g}," in best("tuning", kind)[0]
    _, habits = best("habits")
    assert (
        habits[benchmark.habit_name(HABIT)] < min(habits.values()) + 0.005
    )  # a longer window saves half the time
    weights = {row.model: row.value for row in stored if row.measure == "weight"}
    order = experiment.ORDER
    assert weights[f"LSTM + Kneser-Ney, order {order}"] == experiment.STILL_WEIGHT
    assert weights[f"learning + Kneser-Ney, order {order}"] == experiment.KN_WEIGHT
    assert weights[f"learning + counting Kneser-Ney, order {order}"] == experiment.COUNTING_WEIGHT
    _, counts = best("weights", "Kneser-Ney")
    assert counts[f"Kneser-Ney, order {order}"] < min(counts.values()) + 0.002  # a shorter one at equal bits


def test_the_targets_hold_for_every_stored_seed(stored):
    def all_of(model, name="lesson"):
        return [values[0] for values in stored_bits(stored, name, model).values()]

    (kn,), (bz2,) = all_of("Kneser-Ney, order 6"), all_of("bz2")
    (counting,) = all_of("counting Kneser-Ney, order 6")
    assert max(all_of("LSTM")) < 2.30
    assert max(all_of("learning LSTM")) < min(2.20, bz2)
    assert max(all_of("learning LSTM + Kneser-Ney")) < min(2.15, kn)
    assert max(all_of("learning LSTM + counting Kneser-Ney")) < counting - 0.05
    assert max(all_of("learning LSTM + counting Kneser-Ney", "checkpoint")) < 2.06
    assert len(all_of("LSTM")) >= 3


def test_the_claims_about_text_size_and_kinds_hold(stored):
    lstm = list(zip(*stored_bits(stored, "size", "LSTM").values(), strict=True))
    counts = stored_bits(stored, "size", "Kneser-Ney")[-1]
    gaps = [mean(values) - count for values, count in zip(lstm, counts, strict=True)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.05
    ends = {
        k: [v[-1] for v in stored_bits(stored, "seconds", k).values()] for k in experiment.UPDATES_IN_TIME
    }
    assert max(ends["LSTM"]) < min(ends["GRU"] + ends["RNN"])


def test_equal_seconds_were_equal(stored):
    spent = {
        (r.model, r.seed): r.seconds
        for r in stored
        if r.experiment == "seconds" and r.at == experiment.UPDATES_IN_TIME[r.model]
    }
    assert len(spent) == 9
    assert max(spent.values()) < 1.15 * min(spent.values())


def test_the_baselines_can_be_made_again(stored):
    again = {row.model: row.value for row in benchmark.one("lesson", -1)}
    for row in stored:
        if (row.experiment, row.seed) == ("lesson", -1):
            tolerance = 0.02 if row.model in ("gzip", "xz", "bz2") else 1e-3  # versions of compressors differ
            assert again[row.model] == pytest.approx(row.value, abs=tolerance)


def test_the_checkpoint_can_be_asked_again(stored):
    again = {row.model: row.value for row in benchmark.one("checkpoint", 0)}
    for row in stored:
        if row.experiment == "checkpoint":
            assert again[row.model] == pytest.approx(row.value, abs=0.005)


def test_the_command_runs_what_is_missing_and_prints_a_table(tmp_path, monkeypatch, capsys):
    asked = []

    def one(name, seed):
        asked.append((name, seed))
        return [replace(ROW, experiment=name, seed=seed, at=0, value=2.0 + seed / 10)]

    monkeypatch.setattr(benchmark, "one", one)
    out = tmp_path / "runs.csv"
    benchmark.main(["--only", "seconds", "--out", str(out), "--seeds", "5", "6"])
    benchmark.main(["--only", "seconds", "weights", "--out", str(out), "--seeds", "5", "7"])
    assert asked == [("seconds", 5), ("seconds", 6), ("weights", 100), ("seconds", 7)] or asked == [
        ("seconds", 5), ("seconds", 6), ("seconds", 7), ("weights", 100),
    ]  # fmt: skip
    assert len(load_text_runs(out)) == 4
    assert "bits   2.600 (2.500 to 2.700)" in capsys.readouterr().out


def test_the_help_tells_what_each_part_costs(capsys):
    with pytest.raises(SystemExit):
        benchmark.main(["--help"])
    told = capsys.readouterr().out
    assert set(benchmark.COSTS) == set(benchmark.EXPERIMENTS)
    assert all(f"  {name:11}{cost}\n" in told for name, cost in benchmark.COSTS.items())


def test_the_checkpoint_is_made_by_one_command(monkeypatch):
    made = []
    monkeypatch.setattr(benchmark.hamlet_lstm, "make", lambda **arguments: made.append(arguments))
    benchmark.main(["--checkpoint"])
    assert len(made) == 1
