"""The stored scores of lesson 13: ``data/forecasting.csv``, made by ``benchmarks.forecasting``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lib.datasets.source import DATA
from lstm_lib.datasets.stored import load_rows, save_rows

STORED = DATA / "forecasting.csv"


@dataclass(frozen=True)
class ForecastRun:
    """One score of one forecast on the test part of one series.

    Attributes:
        series: "demand", "short demand", "temperature", "mackey-glass", "volatility" or "returns".
        forecast: which one. "LSTM" is one network; "LSTM, mean of 3" is the mean of three forecasts.
        run: 0 is the lesson's; a run has three seeds of its own. -1 for a forecast that has none.
        seed: of the network; -1 for the mean of three, and for a forecast without one.
        measure: "MAE", "RMSE", "pinball", "coverage", "relative error" or "R2".
        value: of it.
        seconds: of processor time for training, on one thread.
        torch, numpy: versions.
    """

    series: str
    forecast: str
    run: int
    seed: int
    measure: str
    value: float
    seconds: float
    torch: str
    numpy: str


def load_forecast_runs(path: Path = STORED) -> list[ForecastRun]:
    """Return the stored scores, in the order of the file.

    Raises:
        DataError: the file is not there, or a line of it cannot be read; it says what to do.
    """
    return load_rows(ForecastRun, path, "python -m benchmarks.forecasting")


def save_forecast_runs(runs: Iterable[ForecastRun], path: Path = STORED) -> None:
    """Write scores to a file, through a temporary one and a rename: a good file is never replaced by half a file."""
    save_rows(ForecastRun, runs, path)


def stored_scores(runs: Sequence[ForecastRun], series: str, forecast: str, measure: str) -> list[float]:
    """Return the values of one measure of one forecast, in the order of runs and seeds.

    Raises:
        ValueError: there is no such row.
    """
    rows = [run for run in runs if (run.series, run.forecast, run.measure) == (series, forecast, measure)]
    if not rows:
        raise ValueError(f"runs must hold {measure!r} of {forecast!r} on {series!r}, got none")
    return [row.value for row in sorted(rows, key=lambda row: (row.run, row.seed))]
