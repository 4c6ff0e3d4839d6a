"""The problems of lesson 13: nothing reads the future, correctors begin where they should, and learn what there is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression

from lstm_lib.datasets.mackey_glass import mackey_glass
from lstm_lib.datasets.series import (
    Series,
    load_demand,
    load_index,
    load_short_demand,
    load_temperature,
)
from lstm_lib.experiments import chaos, demand, forecasting, own_series, stocks, weather
from lstm_lib.experiments.double_seasonal import Weights
from lstm_lib.forecast_scores import pinball

WEIGHTS = Weights(0.01, 0.5, 0.25, 0.93)
QUICK = forecasting.Recipe(hidden_size=4, steps=6, length=60, warm_up=10, batch=4, look=3)


@pytest.fixture(scope="module")
def quick_weather():
    return forecasting.train_corrector(weather.weather_problem(load_temperature()), 0, QUICK)


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def linear_demand(series):
    return demand.ridge_problem(series, demand.smoothed_problem(series, WEIGHTS))


def corrected_naive(series):
    return own_series.correcting(series, own_series.baselines(series, 7, 5)["seasonal naive (7)"], 7)


def corrected_smoothing(series):
    return own_series.correcting(series, own_series.baselines(series, 7, 5)["Holt-Winters"], 7)


PROBLEMS = {
    "demand": (linear_demand, load_demand, ("workday",)),
    "short demand": (linear_demand, load_short_demand, ()),
    "temperature": (weather.weather_problem, load_temperature, ()),
    "volatility": (stocks.volatility_problem, load_index, ()),
    "volatility, alone": (lambda s: stocks.volatility_problem(s, corrects_har=False), load_index, ()),
    "returns": (stocks.return_problem, load_index, ()),
    "own": (corrected_naive, load_temperature, ()),
    "own, smoothed": (corrected_smoothing, load_temperature, ()),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_problem_reads_the_future(name):
    build, load, known = PROBLEMS[name]
    series = load()
    origins = (series.validation - 1, series.test - 1, series.test + 20)
    for origin in origins if len(series) < 10_000 else origins[:1]:  # half hours of a year take seconds
        assert not forecasting.sees_future(build, series, origin, known)


@pytest.mark.parametrize("name", PROBLEMS)
def test_parts_of_a_problem_have_one_length_and_no_target_outside_its_part(name):
    build, load, _ = PROBLEMS[name]
    series, problem = load(), build(load())
    N, K = len(series), problem.horizon
    assert problem.inputs.shape[0] == problem.ahead.shape[0] == problem.base.shape[0] == N
    assert problem.ahead.shape[1] == K
    assert problem.inputs.dtype == problem.ahead.dtype == np.float32
    ends = {"train": (problem.begin + 1, series.validation), "validation": (series.validation, series.test)}
    for part, (begin, end) in (ends | {"test": (series.test, N)}).items():
        origins = problem.origins(part)
        assert origins[0] + 1 == begin
        assert origins[-1] + K <= end - 1
        for array in (problem.inputs, problem.ahead, problem.base, problem.wanted):
            assert np.isfinite(array[origins]).all()


def leaky_window(series):
    problem = weather.weather_problem(series)
    centred = np.convolve(series.values, np.ones(7) / 7, mode="same").astype(np.float32)
    return replace(problem, inputs=np.column_stack([problem.inputs, centred]))


def leaky_scaling(series):
    problem = weather.weather_problem(series)
    return replace(problem, inputs=(problem.inputs - series.values.mean()).astype(np.float32))


def leaky_base(series):
    problem = weather.weather_problem(series)
    return replace(problem, base=problem.base + series.values[-1])


def leaky_ahead(series):
    problem = weather.weather_problem(series)
    wind = forecasting.targets(series.others["wind"], 7)
    return replace(
        problem, ahead=np.concatenate([problem.ahead, np.nan_to_num(wind)[..., None]], 2).astype("f4")
    )


@pytest.mark.parametrize("build", [leaky_window, leaky_scaling, leaky_base, leaky_ahead])
def test_a_window_a_scaling_or_a_column_that_reads_the_future_is_found(build):
    assert forecasting.sees_future(build, load_temperature(), 1200)


def test_what_is_known_beforehand_may_be_read():
    assert forecasting.sees_future(linear_demand, load_demand(), 15_000)
    assert not forecasting.sees_future(linear_demand, load_demand(), 15_000, ("workday",))
    with pytest.raises(ValueError, match="origin must be from 730 to 1459, after the training part, got 500"):
        forecasting.sees_future(weather.weather_problem, load_temperature(), 500)


def test_targets_and_steps_by_hand():
    wanted = forecasting.targets([1, 2, 3, 4], 2)
    np.testing.assert_array_equal(wanted, [[2, 3], [3, 4], [4, np.nan], [np.nan, np.nan]])
    assert forecasting.at([5, 6, 7], [[-1, 0], [2, 9]]).tolist() == [[5, 5], [7, 7]]
    scaled = forecasting.standard([1.0, 3.0, 9.0], 2)
    assert scaled.tolist() == [-1.0, 1.0, 7.0]  # mean 2 and deviation 1 of the first two
    with pytest.raises(ValueError, match="must vary in the training part"):
        forecasting.standard([1, 1, 2], 2)
    with pytest.raises(ValueError, match="more than 4 numbers"):
        forecasting.targets([1, 2, 3, 4], 4)


def test_a_corrector_begins_as_the_residuals_own_quantiles_and_gets_better():
    problem = weather.weather_problem(load_temperature())
    origins = problem.origins("test")
    at_once = forecasting.train_corrector(problem, 0, replace(QUICK, steps=1, rate=1e-9))
    own = forecasting.own_quantiles(problem)
    expected = np.broadcast_to(own, (len(origins), *own.shape))
    np.testing.assert_allclose(at_once.corrections(origins), expected, atol=1e-4)
    learnt = forecasting.train_corrector(problem, 0, replace(weather.RECIPE, steps=60))
    held_out = problem.origins("validation", every=5)
    residual = problem.residual[held_out]
    losses = [pinball(residual, c.corrections(held_out), forecasting.LEVELS) for c in (at_once, learnt)]
    assert losses[1] < 0.99 * losses[0]
    assert learnt.history.best[1] == pytest.approx(losses[1], rel=1e-6)


def test_a_seed_gives_the_same_network_and_leaves_the_worlds_generator_alone():
    problem = weather.weather_problem(load_temperature())
    before = torch.get_rng_state()
    first, again = (forecasting.train_corrector(problem, 3, QUICK) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    origins = problem.origins("test")
    np.testing.assert_array_equal(first.forecast(origins), again.forecast(origins))
    other = forecasting.train_corrector(problem, 4, QUICK)
    assert not np.array_equal(first.forecast(origins), other.forecast(origins))


def test_a_forecast_at_an_origin_does_not_depend_on_which_others_are_asked_for():
    problem = weather.weather_problem(load_temperature())
    corrector = forecasting.train_corrector(problem, 0, QUICK)
    all_of_them = corrector.forecast(np.arange(1200, 1300))
    np.testing.assert_allclose(corrector.forecast([1250, 1251]), all_of_them[50:52], atol=1e-5)
    assert (np.diff(all_of_them, axis=-1) >= 0).all()


@pytest.mark.parametrize(
    ("origins", "error", "words"),
    [
        ([], ValueError, r"origins must be \(n,\), at least one step of the series, got shape \(0,\)"),
        (1250, ValueError, r"origins must be \(n,\), .*, got shape \(\)"),
        ([[1250, 1251]], ValueError, r"got shape \(1, 2\)"),
        ([1250.5, 1251], TypeError, "origins must be whole numbers, got float64"),
        ([1251, 1250], ValueError, "origins must rise, from 0 to "),
        ([1250, 1250], ValueError, "origins must rise, from 0 to "),
        ([-1, 5], ValueError, r"origins must rise, from 0 to \d+ at the most, got \[-1, 5\]"),
        ([5, 10**6], ValueError, r"from 0 to \d+ at the most, got \[5, 1000000\] … 1000000"),
    ],
)
def test_origins_that_are_none_are_named(origins, error, words, quick_weather):
    for ask in (quick_weather.forecast, quick_weather.corrections):
        with pytest.raises(error, match=words):
            ask(origins)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"batch": 0}, ValueError, "batch must be at least 1, got 0"),
        ({"batch": 2.5}, TypeError, r"batch must be a whole number, at least 1, got 2\.5"),
        ({"every": 0}, ValueError, "every must be at least 1, got 0"),
        ({"warm_up": -1}, ValueError, "warm_up must be at least 0, got -1"),
        ({"warm_up": 20, "length": 10}, ValueError, r"length must be at least warm_up \+ every, 26, got 10"),
        ({"dropout": 1.0}, ValueError, r"dropout must be from 0 to below 1, got 1\.0"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_named(changed, error, words):
    with pytest.raises(error, match=words):
        forecasting.Recipe(**changed)


def test_a_plain_forecast_is_its_base_with_the_spread_of_training():
    problem = weather.weather_problem(load_temperature())
    train = problem.origins("train")
    quantiles = forecasting.plain_forecast(problem, train)
    np.testing.assert_array_equal(quantiles[..., forecasting.MEDIAN], problem.base[train])
    inside = (quantiles[..., 0] <= problem.wanted[train]) & (problem.wanted[train] <= quantiles[..., -1])
    assert inside.mean() == pytest.approx(0.8, abs=0.01)


def test_a_training_part_that_is_too_short_is_named():
    problem = weather.weather_problem(load_temperature())
    with pytest.raises(ValueError, match="problem must have more than 900 origins for training"):
        forecasting.train_corrector(problem, 0, replace(QUICK, length=900))
    perfect = replace(problem, base=np.nan_to_num(problem.wanted))
    with pytest.raises(ValueError, match="its base forecast is perfect"):
        forecasting.train_corrector(perfect, 0, QUICK)
    with pytest.raises(ValueError, match="part must be 'train', 'validation' or 'test', got 'all'"):
        problem.origins("all")


def test_the_weekday_is_that_of_the_calendar():
    assert demand._weekday(load_demand())[::48][:5].tolist() == [
        2,
        3,
        4,
        5,
        6,
    ]  # 1 January 2014 was a Wednesday


def test_the_climatology_is_a_least_squares_fit_of_the_training_years():
    series = load_temperature()
    waves, train = weather.season_of_year(series), slice(series.validation)
    model = LinearRegression().fit(waves[train], series.values[train])
    np.testing.assert_allclose(weather.climatology(series)[: len(series)], model.predict(waves), atol=1e-6)


def test_volatility_and_its_linear_models():
    index = load_index()
    v = stocks.log_volatility(index)
    high, low = index.others["high"][5], index.others["low"][5]
    assert np.exp(v[5]) == pytest.approx(100 * np.log(high / low) / 1.6651, rel=1e-4)
    assert stocks.log_returns(index)[1] == pytest.approx(100 * np.log(index.values[1] / index.values[0]))
    assert stocks.means([1, 2, 3, 4], 3).tolist() == [1, 1.5, 2, 3]
    x = np.stack([v, stocks.means(v, 5), stocks.means(v, 22)], axis=1)
    model = LinearRegression().fit(x[22 : index.validation - 1], v[23 : index.validation])
    np.testing.assert_allclose(stocks.har(index, leverage=False), model.predict(x), atol=1e-8)


def test_explained_by_hand():
    assert stocks.explained([1, 2, 3], [1, 2, 3]) == 1
    assert stocks.explained([1, 2, 3], [2, 2, 2]) == 0
    assert stocks.explained([1, 2, 3], [1, 2, 2]) == 0.5
    with pytest.raises(ValueError, match="truth must vary"):
        stocks.explained([1, 1], [1, 2])
    with pytest.raises(ValueError, match=r"must be \(N,\)"):
        stocks.explained([1, 2], [1])


def test_forecasts_of_the_chaotic_series():
    x = mackey_glass(chaos.LENGTH)
    origins = chaos.held_out_origins(x)
    truth = x[origins + chaos.AHEAD]
    assert origins[0] == chaos.TRAIN
    assert 0.5 < chaos.relative_error(truth, chaos.linear_forecast(x)) < 0.56
    assert 0.03 < chaos.relative_error(truth, chaos.neighbours_forecast(x)) < 0.06
    assert chaos.relative_error(truth, np.full(len(truth), truth.mean())) == pytest.approx(1)
    later = x.copy()
    later[-10:] += 1  # no origin reads the last values
    np.testing.assert_array_equal(chaos.linear_forecast(later), chaos.linear_forecast(x))
    answers, history = chaos.lstm_forecast(x, seed=100, updates=150)
    assert history.steps == 150
    assert chaos.relative_error(truth, answers) < 0.4


def waves(N=800):
    times = np.datetime64("2024-01-01", "s") + np.arange(N) * np.timedelta64(3600, "s")
    values = 20 + 5 * np.sin(2 * np.pi * np.arange(N) / 24) + np.random.default_rng(0).normal(size=N)
    return Series("waves", "m", times, values, {}, round(0.7 * N), round(0.85 * N))


def test_a_contest_on_any_series():
    found = own_series.contest(waves(), season=24, horizon=12, steps=10)
    assert set(found.test) == {
        "naive",
        "seasonal naive (24)",
        "Holt-Winters",
        "autoregression",
        "LSTM on the best",
    }
    assert found.test.keys() == found.validation.keys()
    assert found.best == min(
        (name for name in found.validation if "LSTM" not in name), key=lambda name: found.validation[name].mae
    )
    assert found.test["naive"].mae > 1.5 * found.test[found.best].mae
    assert found.test["LSTM on the best"].mae < 1.1 * found.test[found.best].mae
    assert found.quantiles.shape == (len(found.origins), 12, 5)
    assert found.baseline.shape == (len(found.origins), 12)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"season": 0, "horizon": 3}, ValueError, "season must be at least 1, got 0"),
        ({"season": 24, "horizon": 2.5}, TypeError, "horizon must be a whole number"),
        (
            {"season": 300, "horizon": 3},
            ValueError,
            "the training part has 560 values; season 300 and horizon 3 need at",
        ),
        ({"season": 2, "horizon": 115}, ValueError, "the validation part has 120 values"),
    ],
)
def test_a_series_that_is_too_short_for_its_season_is_named(options, error, words):
    with pytest.raises(error, match=words):
        own_series.contest(waves(), **options)
