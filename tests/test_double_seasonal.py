"""Smoothing with two seasons: by hand, against a plain loop, no look ahead, and weights for the horizon."""

import numpy as np
import pytest

from lstm_lib.datasets.series import load_short_demand
from lstm_lib.experiments.double_seasonal import DAY, WEEK, Weights, choose_weights, forecasts, smooth

WEIGHTS = Weights(0.1, 0.3, 0.2, 0.8)


def demand(weeks=5, seed=0):
    t, rng = np.arange(weeks * WEEK), np.random.default_rng(seed)
    day = 1 + 0.3 * np.sin(2 * np.pi * t / DAY)
    week = 1 + 0.1 * np.cos(2 * np.pi * t / WEEK)
    return 1000 * day * week * np.exp(0.02 * rng.normal(size=len(t)))


def plainly(y, weights):
    """The equations with whole lists of numbers, one line each, the seasons' first values at negative times."""
    first = y[: 2 * WEEK]
    S = {-1: first.mean()}
    D = {k - DAY: first[k::DAY].mean() / first.mean() for k in range(DAY)}
    W = {k - WEEK: (first[k] + first[k + WEEK]) / 2 / first[k % DAY :: DAY].mean() for k in range(WEEK)}
    e = {}
    for t, y_t in enumerate(y):
        e[t] = y_t - S[t - 1] * D[t - DAY] * W[t - WEEK]
        S[t] = weights.level * y_t / (D[t - DAY] * W[t - WEEK]) + (1 - weights.level) * S[t - 1]
        D[t] = weights.day * y_t / (S[t] * W[t - WEEK]) + (1 - weights.day) * D[t - DAY]
        W[t] = weights.week * y_t / (S[t] * D[t - DAY]) + (1 - weights.week) * W[t - WEEK]
    return S, D, W, e


def test_it_agrees_with_the_equations():
    y = demand()
    S, D, W, e = plainly(y, WEIGHTS)
    parts, ahead = smooth(y, WEIGHTS), forecasts(y, WEIGHTS)
    for t in (0, 50, 400, 1200, len(y) - 1):
        assert parts.level[t] == pytest.approx(S[t])
        assert parts.day[t + DAY] == pytest.approx(D[t])
        assert parts.week[t + WEEK] == pytest.approx(W[t])
        assert parts.error[t] == pytest.approx(e[t], abs=1e-8)
        for k in (1, 7, 48):
            expected = S[t] * D[t - DAY + k] * W[t - WEEK + k] + 0.8**k * e[t]
            assert ahead[t, k - 1] == pytest.approx(expected)
    assert ahead.shape == (len(y), DAY)


def test_a_series_of_pure_seasons_is_forecast_without_error():
    t = np.arange(4 * WEEK)
    y = 500 * (2 + np.sin(2 * np.pi * t / DAY)) * (1 + 0.2 * (t % WEEK < 5 * DAY))
    ahead = forecasts(y, WEIGHTS, 24)
    at = np.arange(3 * WEEK, 4 * WEEK - 24)
    np.testing.assert_allclose(ahead[at], y[at[:, None] + np.arange(1, 25)], rtol=1e-9)


def test_a_forecast_does_not_move_with_the_future():
    y = demand()
    other = y.copy()
    other[1000:] *= 1.5
    np.testing.assert_array_equal(forecasts(y, WEIGHTS)[:1000], forecasts(other, WEIGHTS)[:1000])
    assert not np.array_equal(forecasts(y, WEIGHTS)[1000], forecasts(other, WEIGHTS)[1000])


def test_chosen_weights_are_better_than_those_around():
    series = load_short_demand()
    chosen = choose_weights(series.train)
    at = np.arange(2 * WEEK, series.validation - DAY, 5)
    wanted = series.values[at[:, None] + np.arange(1, DAY + 1)]

    def error(weights):
        return np.abs(forecasts(series.train, weights)[at] - wanted).mean()

    best = error(chosen)
    for name in Weights._fields:
        for factor in (0.7, 1.3):
            moved = chosen._replace(**{name: min(getattr(chosen, name) * factor, 0.999)})
            assert error(moved) > best - 0.2


def test_on_the_data_of_the_paper_its_error_is_the_one_that_was_measured():
    series = load_short_demand()
    ahead = forecasts(series.values, choose_weights(series.train))
    at = np.arange(series.test - 1, len(series) - DAY)
    error = np.abs(ahead[at] - series.values[at[:, None] + np.arange(1, DAY + 1)]).mean()
    assert 262 < error < 278


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: smooth(np.ones(WEEK), WEIGHTS), "x must be .* N at least 672, got shape \\(336,\\)"),
        (lambda: smooth(np.zeros(900), WEIGHTS), "x must be \\(N,\\) numbers above zero"),
        (lambda: smooth(np.full(900, np.nan), WEIGHTS), "x must be \\(N,\\) numbers above zero"),
        (lambda: smooth(np.ones((700, 2)), WEIGHTS), "x must be"),
        (lambda: smooth(np.ones(700), WEIGHTS._replace(day=1.2)), "weights must be from 0 to 1"),
        (lambda: forecasts(np.ones(700), WEIGHTS, 49), "horizon must be from 1 to 48 steps, got 49"),
        (lambda: forecasts(np.ones(700), WEIGHTS, 0), "horizon must be at least 1, got 0"),
        (lambda: choose_weights(np.ones(1400), horizon=0), "horizon must be at least 1, got 0"),
        (lambda: choose_weights(np.ones(1400), horizon=60), "horizon must be from 1 to 48 steps, got 60"),
        (lambda: choose_weights(np.ones(1400), tries=0), "tries must be at least 1, got 0"),
        (
            lambda: choose_weights(np.ones(1400), start=(0, 0.3, 0.2, 0.95)),
            "start must be 4 numbers between 0 and 1",
        ),
        (
            lambda: choose_weights(np.ones(1400), start=(0.3, 0.2)),
            r"start must be 4 numbers .*, got \(0\.3, 0\.2\)",
        ),
        (lambda: choose_weights(np.ones(1000)), "train must be \\(N,\\) with at least 1344 values"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_horizon_that_is_no_whole_number_is_named():
    with pytest.raises(TypeError, match=r"horizon must be a whole number, at least 1, got 1\.5"):
        choose_weights(np.ones(1400), horizon=1.5)
