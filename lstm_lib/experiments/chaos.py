"""The series of Mackey and Glass, 84 steps ahead: an LSTM beside linear forecasts, neighbours and a kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.kernel_ridge import KernelRidge
from sklearn.neighbors import KNeighborsRegressor
from torch import Tensor, nn

from lstm_lib.experiments.forecasting import at
from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.reader import Reader
from lstm_lib.training import History, fit

Array = NDArray[Any]
#: Steps ahead; values in the training part; values in all.
AHEAD, TRAIN, LENGTH = 84, 10_000, 12_000
#: The LSTM: units, steps of a stretch, those of them that only fill the memory, stretches in an update, learning rate.
UNITS, STRETCH, WARM_UP, BATCH, RATE = 48, 200, 60, 16, 0.015


def relative_error(truth: ArrayLike, forecast: ArrayLike) -> float:
    """Return the root of the mean squared error over the deviation of the truth: 1 for its mean, 0 for perfect."""
    y, f = np.asarray(truth, dtype=float), np.asarray(forecast, dtype=float)
    return float(np.sqrt(np.mean(np.square(y - f))) / y.std())


def held_out_origins(x: Array) -> Array:
    """Return the steps from whose value, and those before, the test part is forecast."""
    return np.arange(TRAIN, len(x) - AHEAD)


def linear_forecast(x: Array, lags: int = 64) -> Array:
    """Return the forecasts at the test origins of least squares on ``lags`` past values, straight to 84 steps ahead."""
    past = _past(x, np.arange(lags))
    known = np.arange(lags - 1, TRAIN - AHEAD)
    weights = np.linalg.lstsq(past[known], x[known + AHEAD], rcond=None)[0]
    forecast: Array = past[held_out_origins(x)] @ weights
    return forecast


def neighbours_forecast(x: Array, lags: int = 6, apart: int = 3, neighbours: int = 8) -> Array:
    """Return the forecasts at the test origins from the stretches of the training part that look most alike."""
    past = _past(x, apart * np.arange(lags))[:, 1:]
    known = np.arange(apart * (lags - 1), TRAIN - AHEAD)
    model = KNeighborsRegressor(neighbours, weights="distance").fit(past[known], x[known + AHEAD])
    forecast: Array = model.predict(past[held_out_origins(x)])
    return forecast


def kernel_forecast(x: Array, seed: int = 0, lags: int = 6, apart: int = 3, points: int = 2500) -> Array:
    """Return the forecasts at the test origins by kernel ridge regression on the inputs of ``neighbours_forecast``.

    The width of the kernel is chosen on the last 1,500 steps of the training part.

    Args:
        x: the series.
        seed: draws the points of the training part that are used; all would take minutes.
        lags, apart: the inputs, ``lags`` values ``apart`` steps from each other.
        points: so many of the training part.
    """
    past = _past(x, apart * np.arange(lags))[:, 1:]
    known = np.arange(apart * (lags - 1), TRAIN - AHEAD)
    first, last = known[known < TRAIN - 1500 - AHEAD], known[known >= TRAIN - 1500]
    rng = np.random.default_rng(seed)

    def fitted(origins: Array, gamma: float) -> KernelRidge:
        chosen = rng.choice(origins, min(points, len(origins)), replace=False)
        return KernelRidge(kernel="rbf", alpha=1e-8, gamma=gamma).fit(past[chosen], x[chosen + AHEAD])

    tried = {gamma: fitted(first, gamma) for gamma in (2.0, 5.0, 10.0)}
    best = min(tried, key=lambda gamma: relative_error(x[last + AHEAD], tried[gamma].predict(past[last])))
    forecast: Array = fitted(known, best).predict(past[held_out_origins(x)])
    return forecast


def _past(x: Array, lags: Array) -> Array:
    """Return (N, 1 + L): a one, and the values some steps before."""
    steps = np.arange(len(x))[:, None] - lags
    return np.concatenate([np.ones((len(x), 1)), at(x, steps)], axis=1)


def lstm_forecast(
    x: Array, seed: int, updates: int = 1200, progress: str | None = None
) -> tuple[Array, History]:
    """Train an LSTM on the training part to say, after each value, what stands 84 steps later; forecast the test part.

    PyTorch's global generator is left as it was.
    """
    train = x[:TRAIN]
    z = torch.from_numpy(((x - train.mean()) / train.std()).astype(np.float32))
    rng = np.random.default_rng(seed)

    def draw() -> tuple[Tensor, Tensor]:
        begin = rng.integers(TRAIN - AHEAD - STRETCH + 1, size=BATCH)
        steps = begin + np.arange(STRETCH)[:, None]  # (T, B)
        return z[steps][..., None], z[steps + AHEAD][..., None]

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        y = model(batch[0])
        return (y - batch[1])[WARM_UP:].square().mean(), y

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Reader("lstm", 1, UNITS, 1)
        if isinstance(model.layer, nn.LSTM):
            forget_bias_(model.layer, 1.0)
        history = fit(model, draw, loss, steps=updates, rate=RATE, progress=progress)
    origins = held_out_origins(x)
    first = origins[0] - STRETCH
    with torch.no_grad():
        y = model(z[first : origins[-1] + 1, None, None])[STRETCH:, 0, 0].numpy().astype(float)
    return y * train.std() + train.mean(), history
