"""Baselines from a rolling origin, each against what statsmodels says at that one origin."""

import numpy as np
import pytest
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from lstm_lib.experiments.baselines import autoregression, holt_winters, seasonal_naive


@pytest.fixture(scope="module")
def series():
    t, rng = np.arange(200), np.random.default_rng(0)
    return 50 + 10 * np.sin(2 * np.pi * t / 12) + np.cumsum(rng.normal(size=200))


def test_the_seasonal_naive_forecast_by_hand():
    x = [1, 2, 3, 4, 5, 6, 7]
    assert seasonal_naive(x, 3, 5)[6].tolist() == [5, 6, 7, 5, 6]
    assert seasonal_naive(x, 1, 4)[2].tolist() == [3, 3, 3, 3]
    assert np.isnan(seasonal_naive(x, 3, 5)[1]).tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("season", [1, 12])
def test_holt_winters_agrees_with_statsmodels_at_the_end_of_training(series, season):
    shape = {"seasonal": "add", "seasonal_periods": season} if season > 1 else {}
    fit = ExponentialSmoothing(series[:150], trend=None, initialization_method="heuristic", **shape).fit()
    ours = holt_winters(series, 150, season, 11)
    np.testing.assert_allclose(ours[149], fit.forecast(11), rtol=1e-9)
    again = ExponentialSmoothing(
        series, trend=None, initialization_method="known", initial_level=fit.params["initial_level"],
        **(shape | ({"initial_seasonal": fit.params["initial_seasons"]} if season > 1 else {})),
    ).fit(
        smoothing_level=fit.params["smoothing_level"],
        smoothing_seasonal=fit.params["smoothing_seasonal"] if season > 1 else None,
        optimized=False,
    )  # fmt: skip
    np.testing.assert_allclose(ours[-1], again.forecast(11), rtol=1e-9)


@pytest.mark.parametrize("lags", [3, [1, 2, 12, 13]])
def test_an_autoregression_agrees_with_statsmodels(series, lags):
    fit = AutoReg(series[:150], lags=lags).fit()
    ours = autoregression(series, 150, lags, 20)
    np.testing.assert_allclose(ours[149], fit.predict(150, 169), rtol=1e-9)
    longest = 3 if lags == 3 else 13
    assert np.isnan(ours[longest - 2]).any()
    assert np.isfinite(ours[longest - 1 :]).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda x: seasonal_naive(x, 12, 20),
        lambda x: holt_winters(x, 150, 12, 20),
        lambda x: autoregression(x, 150, [1, 12, 13], 20),
    ],
)
def test_forecasts_do_not_move_with_the_future(series, make):
    other = series.copy()
    other[171:] += 5
    np.testing.assert_array_equal(make(series)[:171], make(other)[:171])
    assert not np.array_equal(make(series)[172], make(other)[172])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: seasonal_naive([1, 2, 3], 0, 1), ValueError, "season must be at least 1, got 0"),
        (lambda: seasonal_naive([1, 2, 3], 1, 1.0), TypeError, "horizon must be a whole number"),
        (lambda: seasonal_naive([1, np.nan, 3], 1, 1), ValueError, r"values must be \(N,\) finite numbers"),
        (lambda: seasonal_naive([1, 2], 2, 1), ValueError, "more than the season and the horizon"),
        (lambda: holt_winters(np.arange(50.0), 20, 12, 3), ValueError, "train must be from 32 to 50 values"),
        (
            lambda: autoregression(np.arange(50.0), 20, 15, 3),
            ValueError,
            "lags must be from 1 to less than half of",
        ),
        (
            lambda: holt_winters(np.arange(50.0), 40.5, 12, 3),
            TypeError,
            r"train must be a whole number, .* got 40\.5",
        ),
        (
            lambda: holt_winters(np.arange(50.0), 40, 1.5, 3),
            TypeError,
            r"season must be a whole number, .* got 1\.5",
        ),
        (lambda: holt_winters(np.arange(50.0), 40, 12, 0), ValueError, "horizon must be at least 1, got 0"),
        (
            lambda: holt_winters(np.arange(50.0), 60, 12, 3),
            ValueError,
            "train must be from 32 to 50 values, .* got 60",
        ),
        (
            lambda: holt_winters(["a", "b"], 40, 12, 3),
            ValueError,
            r"values must be \(N,\) finite numbers, got list",
        ),
        (
            lambda: holt_winters(np.ones((50, 2)), 40, 12, 3),
            ValueError,
            r"finite numbers, .* got shape \(50, 2\)",
        ),
        (
            lambda: autoregression(np.arange(50.0), 20, 2.5, 3),
            TypeError,
            r"lags must be a whole number, .* got 2\.5",
        ),
        (
            lambda: autoregression(np.arange(50.0), 20, True, 3),
            TypeError,
            "lags must be a whole number, .* got True",
        ),
        (lambda: autoregression(np.arange(50.0), 20, [1, 1], 3), ValueError, r"each lag once, got \[1, 1\]"),
        (
            lambda: autoregression(np.arange(50.0), 20, [0, 1], 3),
            ValueError,
            "lags must be at least 1, got 0",
        ),
        (lambda: autoregression(np.arange(50.0), 20, [], 3), ValueError, "lags must be from 1"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
