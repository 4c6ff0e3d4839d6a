"""Forecast all series of lesson 13 with all forecasts, and store the scores on their test parts.

    python -m benchmarks.forecasting                      what is not stored yet, into data/forecasting.csv
    python -m benchmarks.forecasting --only demand --runs 3 4 --out other.csv

All of it takes some four minutes on one thread. Run 0 has the seeds of the lesson, 0 to 2; run r has 3r to 3r + 2. The
forecasts without a seed are stored once. Then the table is printed: for each forecast the mean over all networks, or
over all means of three, and the range.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from lstm_lib.datasets.forecast_runs import STORED, ForecastRun, load_forecast_runs, save_forecast_runs
from lstm_lib.datasets.mackey_glass import mackey_glass
from lstm_lib.datasets.series import (
    Series,
    load_demand,
    load_index,
    load_short_demand,
    load_temperature,
)
from lstm_lib.experiments import chaos, stocks, weather
from lstm_lib.experiments.baselines import autoregression, holt_winters, seasonal_naive
from lstm_lib.experiments.demand import AR_LAGS, ridge_problem, smoothed_problem
from lstm_lib.experiments.double_seasonal import DAY, WEEK, choose_weights
from lstm_lib.experiments.forecasting import (
    LEVELS,
    MEDIAN,
    Problem,
    Recipe,
    plain_forecast,
    train_corrector,
)
from lstm_lib.forecast_scores import coverage, diebold_mariano, mae, pinball, pinball_each, rmse

RUNS = (0, 1, 2)
MEMBERS = 3
Measures = dict[str, float]
Found = Iterator[tuple[str, int, Measures, float]]  # forecast, seed, measures, seconds


def of_quantiles(truth: Any, quantiles: Any) -> Measures:
    """Return the measures of quantiles (n, K, Q)."""
    return {
        "MAE": mae(truth, quantiles[..., MEDIAN]),
        "RMSE": rmse(truth, quantiles[..., MEDIAN]),
        "pinball": pinball(truth, quantiles, LEVELS),
        "coverage": coverage(truth, quantiles[..., 0], quantiles[..., -1]),
    }


def of_points(truth: Any, forecast: Any) -> Measures:
    """Return the measures of a point forecast (n, K)."""
    return {"MAE": mae(truth, forecast), "RMSE": rmse(truth, forecast)}


def networks(
    problem: Problem, run: int, recipe: Recipe, measure: Callable[[Any, Any], Measures], rival: Any = None
) -> Found:
    """Train the networks of a run; yield each, and the mean of their forecasts, this with p against a rival."""
    origins = problem.origins("test")
    truth, members, seconds = problem.wanted[origins], [], 0.0
    for seed in range(MEMBERS * run, MEMBERS * (run + 1)):
        corrector = train_corrector(problem, seed, recipe)
        members.append(corrector.forecast(origins))
        seconds += corrector.history.seconds
        yield "LSTM", seed, measure(truth, members[-1]), corrector.history.seconds
    mean = np.mean(members, axis=0)
    p = p_values(origins, truth, mean, rival) if rival is not None else {}
    yield f"LSTM, mean of {MEMBERS}", -1, measure(truth, mean) | p, seconds


def p_values(origins: Any, truth: Any, quantiles: Any, rival: Any) -> Measures:
    """Return p of the Diebold-Mariano test of quantiles against others, a forecast a day: of error, and of pinball."""
    midnight = (origins + 1) % DAY == 0
    y, ours, theirs = (values[midnight] for values in (truth, quantiles, rival))
    errors = [np.abs(y - q[..., MEDIAN]).mean(axis=1) for q in (ours, theirs)]
    losses = [pinball_each(y, q, LEVELS) for q in (ours, theirs)]
    return {"p, error": diebold_mariano(*errors).p, "p, pinball": diebold_mariano(*losses).p}


@cache
def _demand(load: Callable[[], Series]) -> tuple[Series, Problem, Problem]:
    series = load()
    problem = smoothed_problem(series, choose_weights(series.train))
    return series, problem, ridge_problem(series, problem)


def demand(load: Callable[[], Series], run: int) -> Found:
    """Half-hourly demand, 48 steps ahead; run -1 is the forecasts without a seed."""
    series, problem, linear = _demand(load)
    if run >= 0:
        yield from networks(
            linear, run, Recipe(), of_quantiles, plain_forecast(linear, problem.origins("test"))
        )
        return
    origins, x = problem.origins("test"), series.values
    truth = problem.wanted[origins]
    points = {
        "naive": seasonal_naive(x, 1, DAY),
        "same time yesterday": seasonal_naive(x, DAY, DAY),
        "same time last week": seasonal_naive(x, WEEK, DAY),
        "Holt-Winters, week": holt_winters(x, series.validation, WEEK, DAY),
        "autoregression": autoregression(x, series.validation, AR_LAGS, DAY),
    }
    for name, forecast in points.items():
        yield name, -1, of_points(truth, forecast[origins]), 0.0
    yield "double-seasonal smoothing", -1, of_quantiles(truth, plain_forecast(problem, origins)), 0.0
    yield "smoothing + ridge", -1, of_quantiles(truth, plain_forecast(linear, origins)), 0.0


def temperature(run: int) -> Found:
    """Daily temperature, 7 days ahead."""
    series = load_temperature()
    problem = weather.weather_problem(series)
    if run >= 0:
        yield from networks(problem, run, weather.RECIPE, of_quantiles)
        return
    origins, x = problem.origins("test"), series.values
    truth = problem.wanted[origins]
    points = {
        "naive": seasonal_naive(x, 1, weather.HORIZON),
        "climatology": problem.base,
        "exponential smoothing": holt_winters(x, series.validation, 1, weather.HORIZON),
        "autoregression": autoregression(x, series.validation, 5, weather.HORIZON),
        "ridge": weather.ridge_forecast(problem),
    }
    for name, forecast in points.items():
        yield name, -1, of_points(truth, forecast[origins]), 0.0


def mackey(run: int) -> Found:
    """The chaotic series, 84 steps ahead."""
    x = mackey_glass(chaos.LENGTH)
    truth = x[chaos.held_out_origins(x) + chaos.AHEAD]
    if run < 0:
        points = {
            "autoregression, 64 lags": chaos.linear_forecast(x),
            "neighbours": chaos.neighbours_forecast(x),
            "kernel": chaos.kernel_forecast(x),
        }
        for name, forecast in points.items():
            yield name, -1, {"relative error": chaos.relative_error(truth, forecast)}, 0.0
        return
    for seed in range(MEMBERS * run, MEMBERS * (run + 1)):
        forecast, history = chaos.lstm_forecast(x, seed)
        yield "LSTM", seed, {"relative error": chaos.relative_error(truth, forecast)}, history.seconds


def _r2(truth: Any, quantiles: Any) -> Measures:
    return {"R2": stocks.explained(truth[:, 0], quantiles[:, 0, MEDIAN])}


def volatility(run: int) -> Found:
    """The next day's log volatility of the stock index."""
    series = load_index()
    problem = stocks.volatility_problem(series)
    if run >= 0:
        for name, quantiles in (
            ("", problem),
            (" alone", stocks.volatility_problem(series, corrects_har=False)),
        ):
            for forecast, *rest in networks(quantiles, run, stocks.RECIPE, _r2):
                yield forecast + name, *rest
        return
    origins, v = problem.origins("test"), stocks.log_volatility(series)
    truth = problem.wanted[origins, 0]
    points = {"naive": v, "HAR": stocks.har(series, leverage=False), "HAR with leverage": stocks.har(series)}
    for name, forecast in points.items():
        yield name, -1, {"R2": stocks.explained(truth, forecast[origins])}, 0.0


def returns(run: int) -> Found:
    """The next day's return of the stock index."""
    problem = stocks.return_problem(load_index())
    if run >= 0:
        yield from networks(problem, run, stocks.RECIPE, of_quantiles)
        return
    origins = problem.origins("test")
    yield "random walk", -1, of_points(problem.wanted[origins], problem.base[origins]), 0.0


def demand_alone() -> Series:
    """Return Victoria's demand as if nothing else were known: no temperature, no calendar."""
    return replace(load_demand(), others={})


def eight_weeks(begin: str) -> Callable[[], Series]:
    """Return a loader of twelve weeks of Victoria's demand, cut like Taylor's: eight, two and two."""

    def load() -> Series:
        series = load_demand()
        first = int(np.searchsorted(series.times, np.datetime64(begin)))
        part = slice(first, first + 12 * WEEK)
        others = {name: values[part] for name, values in series.others.items()}
        return replace(
            series, times=series.times[part], values=series.values[part], others=others,
            validation=8 * WEEK, test=10 * WEEK,
        )  # fmt: skip

    return load


#: Mondays at which twelve weeks begin.
WINDOWS = {begin: eight_weeks(begin) for begin in ("2014-03-03", "2014-04-28", "2014-06-23", "2014-08-18")}
EXPERIMENTS: dict[str, Callable[[int], Found]] = {
    "demand": lambda run: demand(load_demand, run),
    "demand alone": lambda run: demand(demand_alone, run),
    "short demand": lambda run: demand(load_short_demand, run),
    **{f"8 weeks, {begin}": partial(demand, load) for begin, load in WINDOWS.items()},
    "temperature": temperature,
    "mackey-glass": mackey,
    "volatility": volatility,
    "returns": returns,
}


def one(series: str, run: int) -> list[ForecastRun]:
    """Make the rows of a run, or with run -1 those of the forecasts without a seed; on one thread."""
    torch.set_num_threads(1)
    versions = torch.__version__.split("+")[0], np.__version__
    with threadpool_limits(limits=1):
        return [
            ForecastRun(series, forecast, run, seed, measure, round(value, 5), round(seconds, 1), *versions)
            for forecast, seed, measures, seconds in EXPERIMENTS[series](run)
            for measure, value in measures.items()
        ]


def table(runs: Sequence[ForecastRun]) -> list[str]:
    """Return the table as lines: mean and range of each measure."""
    lines: list[str] = []
    for key in dict.fromkeys((row.series, row.forecast, row.measure) for row in runs):
        values = [row.value for row in runs if (row.series, row.forecast, row.measure) == key]
        spread = f" ({min(values):.4g} to {max(values):.4g}, {len(values)} values)" if len(values) > 1 else ""
        lines.append(f"{key[0]:13} {key[1]:26} {key[2]:15} {np.mean(values):8.4g}{spread}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and run what it asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.forecasting", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--only", nargs="+", choices=list(EXPERIMENTS), default=list(EXPERIMENTS), metavar="SERIES"
    )
    parser.add_argument("--runs", nargs="+", type=int, default=list(RUNS), help="default: 0 to 2")
    parser.add_argument("--out", type=Path, default=STORED, help="default: data/forecasting.csv")
    chosen = parser.parse_args(arguments)
    rows = load_forecast_runs(chosen.out) if chosen.out.exists() else []
    known = {(row.series, row.run) for row in rows}
    for series, run in (bar := tqdm([(s, r) for s in chosen.only for r in (-1, *chosen.runs)], unit="run")):
        bar.set_postfix_str(f"{series}, run {run}")
        if (series, run) not in known:
            rows += one(series, run)
            rows.sort(key=lambda row: (list(EXPERIMENTS).index(row.series), row.run))
            save_forecast_runs(rows, chosen.out)
    print(*table(rows), sep="\n")


if __name__ == "__main__":
    main()
