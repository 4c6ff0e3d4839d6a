"""How good forecasts are: scaled and squared errors, pinball loss, coverage, and a test of two forecasts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def mae(truth: ArrayLike, forecast: ArrayLike) -> float:
    """Return the mean absolute error of a forecast, in the unit of the series; both of one shape."""
    y, f = _pair(truth, forecast)
    return float(np.abs(y - f).mean())


def rmse(truth: ArrayLike, forecast: ArrayLike) -> float:
    """Return the root of the mean squared error of a forecast, in the unit of the series; both of one shape."""
    y, f = _pair(truth, forecast)
    return float(np.sqrt(np.square(y - f).mean()))


def mase(truth: ArrayLike, forecast: ArrayLike, train: ArrayLike, season: int = 1) -> float:
    """Return the mean absolute scaled error: the MAE over that of the seasonal naive forecast on the training part.

    MASE = mean |y - f| / mean |y_t - y_{t-m}|, with m the season and the lower mean over the training part alone.
    Below 1: better than the naive forecast was on average. Source: Hyndman and Koehler (2006), equation for q_t.

    Args:
        truth, forecast: of one shape.
        train: (N,), the training part.
        season: m, in steps; 1 compares with the value before.

    Raises:
        TypeError, ValueError: a shape does not fit, season is not a whole number from 1 to N - 1, a number is not
            finite, or the training part repeats itself exactly.
    """
    past = _finite("train", train)
    if past.ndim != 1:
        raise ValueError(f"train must have shape (N,), got {past.shape}")
    if isinstance(season, bool) or not isinstance(season, int | np.integer):
        raise TypeError(f"season must be a whole number of steps, got {season!r}")
    if not 1 <= season < len(past):
        raise ValueError(
            f"season must be from 1 to {len(past) - 1}, as train has {len(past)} values, got {season}"
        )
    scale = float(np.abs(past[season:] - past[:-season]).mean())
    if scale == 0:
        raise ValueError(
            "train must change from season to season, it repeats itself exactly: nothing to scale by"
        )
    return mae(truth, forecast) / scale


def pinball(truth: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> float:
    """Return the mean pinball loss over all levels: τ (y - q) where y lies above q, and (1 - τ)(q - y) below.

    The quantile of level τ has the lowest expected loss. Source: Koenker and Bassett (1978).

    Args:
        truth: any shape.
        quantiles: that shape, and one more axis of length Q at the end.
        levels: (Q,), each τ between 0 and 1.

    Raises:
        ValueError: a shape does not fit, a level is not between 0 and 1, or a number is not finite.
    """
    return float(_pinball(truth, quantiles, levels).mean())


def pinball_each(truth: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> NDArray[Any]:
    """Return the mean pinball loss of each forecast, (n,), for a comparison of two forecasts day by day.

    Args:
        truth: (n, …).
        quantiles: (n, …, Q).
        levels: (Q,), each between 0 and 1.

    Raises:
        ValueError: as ``pinball``.
    """
    losses = _pinball(truth, quantiles, levels)
    return np.asarray(losses.reshape(len(losses), -1).mean(axis=1))


def _pinball(truth: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> NDArray[Any]:
    y, q, tau = _finite("truth", truth), _finite("quantiles", quantiles), _levels(levels)
    if q.shape != (*y.shape, len(tau)):
        raise ValueError(f"quantiles must have shape {(*y.shape, len(tau))}, got {q.shape}")
    above = y[..., None] - q
    return np.asarray(np.maximum(tau * above, (tau - 1) * above))


def coverage(truth: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Return the part of the values that lie in their interval, its ends included; all of one shape.

    Raises:
        ValueError: a shape does not fit, or a lower end lies above its upper one.
    """
    (y, a), b = _pair(truth, low, "low"), _pair(truth, high, "high")[1]
    if (a > b).any():
        raise ValueError("low must not lie above high, it does somewhere: sort the quantiles")
    return float(((a <= y) & (y <= b)).mean())


class Comparison(NamedTuple):
    """What the Diebold-Mariano test finds.

    Attributes:
        statistic: below zero where the first forecast has the smaller loss.
        p: how often a difference at least as large in size comes from luck alone, if both are equally good.
    """

    statistic: float
    p: float


def diebold_mariano(loss: ArrayLike, other: ArrayLike, horizon: int = 1) -> Comparison:
    """Compare two forecasts of one series by their losses (N,) at the same times, with the correction of Harvey et al.

    d_t = loss_t - other_t; the statistic is mean(d) over its standard error, which counts the covariances of d with
    itself up to horizon - 1 steps apart, since forecasts that far ahead overlap. Sources: Diebold and Mariano (1995);
    Harvey, Leybourne and Newbold (1997), a factor for short series, and Student's t with N - 1 degrees of freedom.

    Raises:
        TypeError, ValueError: a shape does not fit, there are fewer than 10 losses, the horizon is not a whole number
            from 1 to half of N, or the differences do not vary.
    """
    from scipy.stats import t as student  # here: it takes a second to import, and only this needs it

    a, b = _pair(loss, other, "other", "loss")
    if a.ndim != 1 or len(a) < 10:
        raise ValueError(f"loss must have shape (N,) with at least 10 numbers, got {a.shape}")
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer):
        raise TypeError(f"horizon must be a whole number of steps, got {horizon!r}")
    n = len(a)
    if not 1 <= horizon <= n // 2:
        raise ValueError(f"horizon must be from 1 to {n // 2}, half of the {n} losses, got {horizon}")
    d = a - b
    away = d - d.mean()
    gamma = [float(away[k:] @ away[: n - k]) / n for k in range(horizon)]
    variance = (gamma[0] + 2 * sum(gamma[1:])) / n
    if variance <= 0:
        raise ValueError(
            "loss and other must differ by amounts that vary, or a shorter horizon must be given"
        )
    correction = np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    statistic = float(correction * d.mean() / np.sqrt(variance))
    return Comparison(statistic, float(2 * student.sf(abs(statistic), df=n - 1)))


def _finite(name: str, given: ArrayLike) -> Array:
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {given!r:.80}") from None
    if not array.size:
        raise ValueError(f"{name} must hold at least one number, got none")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got a NaN or an infinite number")
    return array


def _pair(
    truth: ArrayLike, other: ArrayLike, name: str = "forecast", first: str = "truth"
) -> tuple[Array, Array]:
    y, f = _finite(first, truth), _finite(name, other)
    if y.shape != f.shape:
        raise ValueError(f"{name} must have the shape of {first}, {y.shape}, got {f.shape}")
    return y, f


def _levels(levels: ArrayLike) -> Array:
    tau = _finite("levels", levels)
    if tau.ndim != 1 or not ((tau > 0) & (tau < 1)).all():
        raise ValueError(f"levels must be (Q,) numbers between 0 and 1, got {levels!r:.80}")
    return tau
