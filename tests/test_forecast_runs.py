"""The stored scores of lesson 13: the file, the benchmark that makes it, what they say, and some made again."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks import forecasting as benchmark
from lstm_lib.datasets.forecast_runs import (
    ForecastRun,
    load_forecast_runs,
    save_forecast_runs,
    stored_scores,
)
from lstm_lib.datasets.source import DataError

ROW = ForecastRun("demand", "LSTM", 0, 2, "MAE", 180.5, 1.5, "2.13.0", "2.4.6")


@pytest.fixture(scope="module")
def stored():
    return load_forecast_runs()


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_what_is_written_is_read(tmp_path):
    rows = [ROW, replace(ROW, seed=-1, forecast="LSTM, mean of 3")]
    save_forecast_runs(rows, tmp_path / "runs.csv")
    assert load_forecast_runs(tmp_path / "runs.csv") == rows


def test_a_file_that_is_missing_is_named_with_what_makes_it(tmp_path):
    with pytest.raises(DataError, match=r"`python -m benchmarks.forecasting` makes it anew"):
        load_forecast_runs(tmp_path / "no.csv")


def test_scores_come_in_the_order_of_their_runs():
    rows = [replace(ROW, run=seed // 3, seed=seed, value=100.0 + seed) for seed in (4, 0, 1)]
    rows += [replace(ROW, measure="RMSE"), replace(ROW, forecast="naive")]
    assert stored_scores(rows, "demand", "LSTM", "MAE") == [100.0, 101.0, 104.0]
    with pytest.raises(ValueError, match="runs must hold 'MAE' of 'ridge' on 'demand', got none"):
        stored_scores(rows, "demand", "ridge", "MAE")


def test_all_series_are_stored_with_three_runs_of_three_networks(stored):
    assert {row.series for row in stored} == set(benchmark.EXPERIMENTS)
    for series in benchmark.EXPERIMENTS:
        networks = {(row.run, row.seed) for row in stored if (row.series, row.forecast) == (series, "LSTM")}
        assert networks == {(seed // 3, seed) for seed in range(9)}


def test_the_claims_of_the_lesson_hold_for_every_stored_seed(stored):
    def of(*key):
        return stored_scores(stored, *key)

    (smoothing,) = of("demand", "double-seasonal smoothing", "MAE")
    (loss,) = of("demand", "double-seasonal smoothing", "pinball")
    assert max(of("demand", "LSTM", "MAE")) < 0.93 * smoothing
    assert max(of("demand", "LSTM", "pinball")) < 0.9 * loss
    assert max(of("demand", "LSTM, mean of 3", "MAE")) < of("demand", "smoothing + ridge", "MAE")[0]
    assert min(of("short demand", "LSTM", "MAE")) > of("short demand", "double-seasonal smoothing", "MAE")[0]
    assert np.mean(of("temperature", "LSTM", "RMSE")) > of("temperature", "ridge", "RMSE")[0]
    linear = of("mackey-glass", "autoregression, 64 lags", "relative error")[0]
    assert linear / max(of("mackey-glass", "LSTM", "relative error")) > 20
    assert min(of("volatility", "LSTM", "R2")) > of("volatility", "HAR with leverage", "R2")[0]
    walk = of("returns", "random walk", "RMSE")[0]
    assert all(0.99 < value / walk < 1.01 for value in of("returns", "LSTM", "RMSE"))


@pytest.mark.parametrize("series", list(benchmark.EXPERIMENTS))
def test_forecasts_without_a_seed_come_out_as_stored(stored, series):
    again = benchmark.one(series, -1)
    before = [row for row in stored if (row.series, row.run) == (series, -1)]
    assert [(row.forecast, row.measure) for row in again] == [(row.forecast, row.measure) for row in before]
    np.testing.assert_allclose([row.value for row in again], [row.value for row in before], rtol=5e-3)


def test_a_stored_network_comes_out_alike(stored):
    rows = {(row.forecast, row.seed): row.value for row in benchmark.one("volatility", 1)}
    for row in stored:
        if (row.series, row.run) == ("volatility", 1):
            assert rows[row.forecast, row.seed] == pytest.approx(row.value, abs=0.03)


def test_the_command_stores_what_is_missing_and_prints_a_table(tmp_path, capsys):
    path = tmp_path / "runs.csv"
    save_forecast_runs([replace(ROW, series="returns", run=0, value=0.5)], path)
    benchmark.main(["--only", "returns", "--runs", "0", "--out", str(path)])
    rows = load_forecast_runs(path)
    assert {row.forecast for row in rows} == {"random walk", "LSTM"}  # run 0 was known
    out = capsys.readouterr().out
    assert "random walk" in out
    assert out.count("\n") == 3
