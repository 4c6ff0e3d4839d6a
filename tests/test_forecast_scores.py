"""Scores of forecasts: by hand, and against scikit-learn, SciPy and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from lstm_lib.forecast_scores import coverage, diebold_mariano, mae, mase, pinball, rmse

TRAIN, TRUTH, GUESS = [10, 12, 11, 13, 12], [14, 13], [12, 14]


def test_scores_by_hand():
    assert mae(TRUTH, GUESS) == 1.5
    assert rmse(TRUTH, GUESS) == pytest.approx(np.sqrt(2.5))
    assert mase(TRUTH, GUESS, TRAIN) == 1.0  # changes 2, 1, 2, 1
    assert mase(TRUTH, GUESS, TRAIN, season=2) == 1.5  # changes 1, 1, 1
    assert coverage([1, 2, 3, 4], [1, 2.5, 0, 0], [2, 3, 3, 3]) == 0.5


def test_the_naive_forecast_of_the_training_part_has_a_mase_of_one():
    x = np.random.default_rng(0).normal(size=50)
    assert mase(x[7:], x[:-7], x, season=7) == pytest.approx(1.0)


def test_pinball_agrees_with_scikit_learn():
    rng = np.random.default_rng(1)
    y, q, levels = rng.normal(size=(30, 4)), rng.normal(size=(30, 4, 3)), [0.1, 0.5, 0.8]
    expected = [mean_pinball_loss(y.ravel(), q[..., k].ravel(), alpha=tau) for k, tau in enumerate(levels)]
    assert pinball(y, q, levels) == pytest.approx(np.mean(expected))


def test_one_step_ahead_the_test_is_a_t_test():
    rng = np.random.default_rng(2)
    a, b = rng.exponential(size=40), rng.exponential(size=40) + 0.2
    expected = stats.ttest_1samp(a - b, 0.0)
    found = diebold_mariano(a, b)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert diebold_mariano(b, a).statistic == pytest.approx(-found.statistic)


@pytest.mark.parametrize("horizon", [2, 4])
def test_further_ahead_it_counts_the_overlap_as_statsmodels_does(horizon):
    rng = np.random.default_rng(3)
    noise = rng.normal(size=103)
    d = 0.3 + noise[3:] + 0.8 * noise[2:-1] + 0.5 * noise[1:-2]  # alike up to two steps apart
    n = len(d)
    fit = sm.OLS(d, np.ones(n)).fit()
    fit = fit.get_robustcov_results(
        "HAC", maxlags=horizon - 1, weights_func=lambda lags: np.ones(lags + 1), use_correction=False
    )
    factor = np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    found = diebold_mariano(d, np.zeros(n), horizon)
    assert found.statistic == pytest.approx(factor * fit.tvalues[0])
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.statistic), n - 1))


def test_equal_forecasts_are_told_apart_as_often_as_the_p_says():
    rng = np.random.default_rng(4)
    found = [diebold_mariano(*rng.exponential(size=(2, 60))).p < 0.1 for _ in range(400)]
    assert 0.06 < np.mean(found) < 0.14


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: mae([1, 2], [1]), ValueError, r"forecast must have the shape of truth, \(2,\), got \(1,\)"),
        (lambda: mae([], []), ValueError, "truth must hold at least one number, got none"),
        (lambda: mae([1, np.nan], [1, 2]), ValueError, "truth must be finite"),
        (lambda: rmse(["a"], [1]), ValueError, r"truth must be numbers, got \['a'\]"),
        (
            lambda: mase([1], [2], TRAIN, 5),
            ValueError,
            "season must be from 1 to 4, as train has 5 values, got 5",
        ),
        (lambda: mase([1], [2], TRAIN, 0), ValueError, "season must be from 1 to 4"),
        (lambda: mase([1], [2], TRAIN, 1.5), TypeError, "season must be a whole number of steps, got 1.5"),
        (lambda: mase([1], [2], [3, 3, 3]), ValueError, "train must change from season to season"),
        (lambda: mase([1], [2], [[3, 3]]), ValueError, r"train must have shape \(N,\), got \(1, 2\)"),
        (
            lambda: pinball([1], [[1, 2]], [0.5]),
            ValueError,
            r"quantiles must have shape \(1, 1\), got \(1, 2\)",
        ),
        (lambda: pinball([1], [[1]], [1.0]), ValueError, r"levels must be \(Q,\) numbers between 0 and 1"),
        (lambda: coverage([1], [2], [1]), ValueError, "low must not lie above high"),
        (lambda: diebold_mariano([1] * 5, [2] * 5), ValueError, r"at least 10 numbers, got \(5,\)"),
        (
            lambda: diebold_mariano(range(12), [0] * 12, 7),
            ValueError,
            "horizon must be from 1 to 6, half of the 12",
        ),
        (lambda: diebold_mariano(range(12), [0] * 12, 1.0), TypeError, "horizon must be a whole number"),
        (lambda: diebold_mariano([1] * 12, [0] * 12), ValueError, "differ by amounts that vary"),
        (lambda: diebold_mariano([1] * 12, [0] * 11), ValueError, "other must have the shape of loss"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
