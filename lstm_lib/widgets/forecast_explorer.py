"""Roll the origin through the test part, and see what was forecast there and what came."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike

from lstm_lib import plots
from lstm_lib.datasets.task import whole_number
from lstm_lib.plots import forecast_errors
from lstm_lib.widgets.explorer import Explorer


class ForecastExplorer(Explorer):
    """Choose an origin and a horizon; see the forecast, its interval, a baseline and the truth.

    All forecasts are computed before, so that the picture follows the slider.
    """

    def __init__(
        self,
        times: ArrayLike,
        values: ArrayLike,
        origins: ArrayLike,
        quantiles: ArrayLike,
        baseline: ArrayLike,
        *,
        unit: str = "demand in MW",
        forecast_name: str = "LSTM",
        baseline_name: str = "smoothing",
        step: str = "half hours",
        past: int = 96,
    ) -> None:
        """Begin in the middle, with the whole horizon.

        Args:
            times: (N,) datetime64.
            values: (N,), the series.
            origins: (n,), rising steps of it; each has K steps after it, K at least 2.
            quantiles: (n, K, Q), rising along Q, of those steps; Q at least 2.
            baseline: (n, K).
            unit: what is measured, with its unit.
            forecast_name, baseline_name: as the picture calls them.
            step: what a step is, in the plural.
            past: so many known values are drawn.

        Raises:
            TypeError: times are no dates, origins or past no whole numbers.
            ValueError: a shape does not fit, something is not finite, origins or quantiles do not rise, or an origin
                has no K steps after it.
        """
        whole_number("past", past, 1)
        self._times, self._values = np.asarray(times), np.asarray(values, dtype=float)
        self._origins, self._quantiles = np.asarray(origins), np.asarray(quantiles, dtype=float)
        self._baseline = np.asarray(baseline, dtype=float)
        self._names, self._step, self._past = (forecast_name, baseline_name, unit), step, past
        if self._quantiles.ndim != 3 or self._quantiles.shape[:2] != self._baseline.shape:
            raise ValueError(
                f"quantiles must be (n, K, Q), baseline (n, K), got {self._quantiles.shape}, {self._baseline.shape}"
            )
        n, K = self._baseline.shape
        if K < 2 or self._quantiles.shape[2] < 2:
            raise ValueError(
                f"quantiles must be of at least 2 steps and 2 levels, got shape {self._quantiles.shape}"
            )
        if (
            self._times.ndim != 1
            or self._times.shape != self._values.shape
            or self._origins.shape != (n,)
            or n < 2
        ):
            raise ValueError(
                f"times and values must be (N,) and origins ({n},), at least 2, got {self._times.shape}, "
                f"{self._values.shape} and {self._origins.shape}"
            )
        if not np.issubdtype(self._times.dtype, np.datetime64):
            raise TypeError(f"times must be dates (datetime64), got {self._times.dtype}")
        if not np.issubdtype(self._origins.dtype, np.integer):
            raise TypeError(f"origins must be whole numbers, got {self._origins.dtype}")
        if (np.diff(self._origins) <= 0).any():
            raise ValueError(f"origins must rise, got {self._origins[:4].tolist()} …")
        for name, array in (
            ("values", self._values),
            ("quantiles", self._quantiles),
            ("baseline", self._baseline),
        ):
            if not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite numbers, got NaN or infinity among them")
        if (np.diff(self._quantiles, axis=2) < 0).any():
            raise ValueError("quantiles must rise along their last axis: sort them")
        if self._origins.min() < 1 or self._origins.max() + K >= len(self._values):
            raise ValueError(
                f"origins must be from 1 to {len(self._values) - 1 - K}, so that each has {K} steps after it"
            )
        super().__init__(
            {
                "origin": ipywidgets.IntSlider(
                    value=n // 2, min=0, max=n - 1, step=1, description="origin, number"
                ),
                "horizon": ipywidgets.IntSlider(value=K, min=2, max=K, step=1, description=f"{step} ahead"),
            }
        )

    def at(self, origin: int, horizon: int) -> tuple[Any, Any, Any, Any, str]:
        """Return past (P,), truth (k,), quantiles (k, Q), baseline (k,) and the time, for the controls' values."""
        t = int(self._origins[origin])
        ahead = slice(t + 1, t + 1 + horizon)
        when = str(self._times[t].astype("datetime64[m]")).replace("T", " ")
        return (
            self._values[max(0, t + 1 - self._past) : t + 1],
            self._values[ahead],
            self._quantiles[origin, :horizon],
            self._baseline[origin, :horizon],
            when,
        )

    def figure(self, **values: Any) -> plots.Figure:
        """Draw the forecast of one origin."""
        return forecast_errors.explorer(*self.at(**values), self._names, self._step)
