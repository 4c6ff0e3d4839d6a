"""Forecasts of many steps from a rolling origin: what is known when, the LSTM that corrects a forecast, its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from lstm_lib.datasets.series import Series
from lstm_lib.datasets.task import whole_number
from lstm_lib.forecast_scores import coverage, mae, mase, pinball, rmse
from lstm_lib.nn.forecaster import Forecaster, pinball_loss
from lstm_lib.training import History, fit

Array = NDArray[Any]
#: The levels τ of the quantiles: the first and the last bound the interval that should hold 80 % of the values.
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
MEDIAN = LEVELS.index(0.5)
#: So many steps before the first origin fill the memory of a trained network.
PAST = 700


@dataclass(frozen=True)
class Problem:
    """What is known at each step of a series, what is wanted, and a forecast that is to be corrected.

    An *origin* t is the last step whose value is known; its targets are the steps t + 1 … t + K.

    Attributes:
        inputs: (N, D) float32, known at each step.
        ahead: (N, K, L) float32, known at each origin about each of its targets.
        base: (N, K), the forecast to be corrected.
        wanted: (N, K), the targets; NaN where the series has ended.
        begin: the first origin that has a settled past.
        validation, test: where these parts of the series begin.
    """

    inputs: Array
    ahead: Array
    base: Array
    wanted: Array
    begin: int
    validation: int
    test: int

    @property
    def horizon(self) -> int:
        """K."""
        return int(self.wanted.shape[1])

    def origins(self, part: str, every: int = 1) -> Array:
        """Return the origins all of whose targets lie in a part: "train", "validation" or "test"."""
        whole_number("every", every, 1)
        first = {"train": self.begin, "validation": self.validation - 1, "test": self.test - 1}
        last = {"train": self.validation, "validation": self.test, "test": len(self.wanted)}
        if part not in first:
            raise ValueError(f"part must be 'train', 'validation' or 'test', got {part!r}")
        return np.arange(first[part], last[part] - self.horizon, every)

    @property
    def residual(self) -> Array:
        """(N, K), what the base forecast leaves."""
        return np.asarray(self.wanted - self.base)


def targets(values: ArrayLike, horizon: int) -> Array:
    """Return (N, horizon): the values 1 to ``horizon`` steps after each of the N values, NaN after the end."""
    x = np.asarray(values, dtype=float)
    whole_number("horizon", horizon, 1)
    if x.ndim != 1 or len(x) <= horizon:
        raise ValueError(f"values must have shape (N,) with more than {horizon} numbers, got {x.shape}")
    padded = np.concatenate([x, np.full(horizon, np.nan)])
    return np.asarray(padded[np.arange(len(x))[:, None] + np.arange(1, horizon + 1)])


def at(values: ArrayLike, steps: ArrayLike) -> Array:
    """Return values (N,) at steps of any shape; before the beginning stands the first value, after the end the last.

    For what a series itself does not know yet, take only steps up to the origin.
    """
    x = np.asarray(values)
    found: Array = x[np.clip(steps, 0, len(x) - 1)]
    return found


def standard(values: ArrayLike, train: int) -> Array:
    """Return values (N,) less their mean and over their deviation, both of the first ``train`` values alone."""
    x = np.asarray(values, dtype=float)
    deviation = x[:train].std()
    if not deviation > 0:
        raise ValueError("values must vary in the training part, they are constant there")
    scaled: Array = (x - x[:train].mean()) / deviation
    return scaled


def sees_future(
    build: Callable[[Series], Problem], series: Series, origin: int, known: Sequence[str] = ()
) -> bool:
    """Tell whether a problem at an origin, or before, moves when the future of its series is changed.

    Args:
        build: makes the problem.
        series: is not changed itself.
        origin: a step of it, in the validation or test part: what is chosen from the training part may move with that.
        known: the columns of ``series.others`` that are known beforehand, such as a calendar; they stay as they are.

    Raises:
        ValueError: the origin is not in these parts.
    """
    if not series.validation - 1 <= origin < len(series) - 1:
        raise ValueError(
            f"origin must be from {series.validation - 1} to {len(series) - 2}, after the training part, got {origin}"
        )

    def other(values: Array) -> Array:
        changed = values.copy()
        changed[origin + 1 :] = changed[origin + 1 :][::-1] * 1.5 + 1  # stays above zero where it was
        return changed

    columns = {name: v if name in known else other(v) for name, v in series.others.items()}
    before, after = build(series), build(replace(series, values=other(series.values), others=columns))
    past = slice(origin + 1)
    return any(
        not np.array_equal(getattr(before, name)[past], getattr(after, name)[past])
        for name in ("inputs", "ahead", "base")
    )


@dataclass(frozen=True)
class Recipe:
    """How a corrector is trained. The defaults were chosen on the validation part of the demand, seeds 100 to 102.

    Attributes:
        hidden_size: H. dropout: on h and u.
        steps: updates at the most; the weights that are best on the validation part stay.
        rate: the highest learning rate. weight_decay: of AdamW.
        batch: stretches in an update. length: steps in a stretch. warm_up: so many of them only fill the memory.
        every: an origin each so many steps of a stretch.
        look: steps of training from one validation to the next.

    Raises:
        TypeError, ValueError: a number is no whole number or too small, or no origin is left behind the warm-up.
    """

    hidden_size: int = 32
    dropout: float = 0.2
    steps: int = 100
    rate: float = 0.01
    weight_decay: float = 0.01
    batch: int = 16
    length: int = 240
    warm_up: int = 48
    every: int = 6
    look: int = 10

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; ``fit`` does so for the rates."""
        for name in ("hidden_size", "steps", "batch", "length", "every", "look"):
            whole_number(name, getattr(self, name), 1)
        whole_number("warm_up", self.warm_up, 0)
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be from 0 to below 1, got {self.dropout}")
        if self.warm_up + self.every > self.length:  # else a batch may have no origin
            raise ValueError(
                f"length must be at least warm_up + every, {self.warm_up + self.every}, got {self.length}"
            )


@dataclass
class Corrector:
    """A trained forecaster with what it needs to speak in the unit of the series.

    Attributes:
        problem: what it was trained on.
        model: works on residuals over their scale.
        scale: (K,), the deviation of the residuals at each step ahead, in the training part.
        history: of the training.
    """

    problem: Problem
    model: Forecaster
    scale: Array
    history: History

    def corrections(self, origins: ArrayLike) -> Array:
        """Return the quantiles of the residual (n, K, Q), sorted, at origins (n,) that rise.

        Raises:
            TypeError, ValueError: the origins are no whole numbers, none, do not rise, or are no steps of the series.
        """
        at_ = _origins(origins, len(self.problem.inputs))
        first = max(0, int(at_[0]) - PAST)
        x = torch.from_numpy(self.problem.inputs[first : at_[-1] + 1])[:, None]
        ahead = torch.from_numpy(self.problem.ahead[at_])[:, None]
        self.model.eval()
        with torch.no_grad():
            quantiles = self.model(x, ahead, torch.from_numpy(at_ - first))[:, 0]
        return np.sort(quantiles.numpy().astype(float), axis=-1) * self.scale[:, None]

    def forecast(self, origins: ArrayLike) -> Array:
        """Return the quantiles of the series itself (n, K, Q): the base forecast and its correction.

        Raises:
            TypeError, ValueError: as ``corrections``.
        """
        _origins(origins, len(self.problem.inputs))
        quantiles: Array = self.problem.base[np.asarray(origins)][..., None] + self.corrections(origins)
        return quantiles


def _origins(origins: ArrayLike, steps: int) -> Array:
    """Return origins (n,) as an array, if they are steps of a series and rise."""
    found = np.asarray(origins)
    if found.ndim != 1 or not found.size:
        raise ValueError(f"origins must be (n,), at least one step of the series, got shape {found.shape}")
    if not np.issubdtype(found.dtype, np.integer):
        raise TypeError(f"origins must be whole numbers, got {found.dtype}")
    if found[0] < 0 or found[-1] >= steps or (np.diff(found) <= 0).any():
        raise ValueError(
            f"origins must rise, from 0 to {steps - 1} at the most, got {found[:3].tolist()} … {found[-1]}"
        )
    return found


def own_quantiles(problem: Problem) -> Array:
    """Return (K, Q): the quantiles of the base forecast's residuals in the training part, at each step ahead."""
    found: Array = np.quantile(problem.residual[problem.origins("train")], LEVELS, axis=0).T
    return found


def plain_forecast(problem: Problem, origins: ArrayLike) -> Array:
    """Return (n, K, Q): the base forecast, with an interval from its own residuals. The point is the base itself."""
    spread = own_quantiles(problem)
    spread[:, MEDIAN] = 0.0
    quantiles: Array = problem.base[np.asarray(origins)][..., None] + np.sort(spread, axis=-1)
    return quantiles


def train_corrector(
    problem: Problem, seed: int, recipe: Recipe | None = None, progress: str | None = None
) -> Corrector:
    """Train an LSTM on the residuals of a forecast. PyTorch's global generator is left as it was.

    It begins as ``own_quantiles``, learns from the training part, and ends with the weights of the lowest pinball loss
    on the validation part.

    Raises:
        ValueError: the training part is shorter than a stretch of the recipe and the horizon.
    """
    chosen = recipe or Recipe()
    train = problem.origins("train")
    if len(train) <= chosen.length:
        raise ValueError(
            f"problem must have more than {chosen.length} origins for training, the recipe's length, got {len(train)}"
        )
    scale = problem.residual[train].std(axis=0)
    if not (scale > 0).all():
        raise ValueError(
            "problem must leave a residual at each step ahead: its base forecast is perfect in training"
        )
    base = torch.from_numpy(own_quantiles(problem) / scale[:, None])
    weight = torch.from_numpy((scale / scale.mean()).astype(np.float32))[
        :, None
    ]  # so that all count in one unit
    inputs, ahead = torch.from_numpy(problem.inputs), torch.from_numpy(problem.ahead)
    wanted = torch.from_numpy((problem.residual / scale).astype(np.float32))
    rng = np.random.default_rng(seed)

    def draw() -> tuple[Tensor, Tensor, Tensor, Tensor]:
        begin = rng.integers(train[0], train[-1] + 2 - chosen.length, size=chosen.batch)
        steps = begin + np.arange(chosen.length)[:, None]  # (T, B)
        origins = np.arange(chosen.warm_up + rng.integers(chosen.every), chosen.length, chosen.every)
        return inputs[steps], ahead[steps[origins]], wanted[steps[origins]], torch.from_numpy(origins)

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        x, known, truth, origins = batch
        quantiles = model(x, known, origins)
        return (weight * pinball_loss(truth, quantiles, levels)).mean(), quantiles

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        sizes = inputs.shape[1], ahead.shape[2], chosen.hidden_size
        model = Forecaster(*sizes, base, LEVELS, chosen.dropout)
        levels = model.levels
        corrector = Corrector(problem, model, scale, History())
        held_out = problem.origins("validation", every=5)

        def validate(_: nn.Module) -> float:
            return pinball(problem.residual[held_out], corrector.corrections(held_out), LEVELS)

        corrector.history = fit(
            model, draw, loss, steps=chosen.steps, rate=chosen.rate, weight_decay=chosen.weight_decay,
            validate=validate, every=chosen.look, progress=progress,
        )  # fmt: skip
    return corrector


@dataclass(frozen=True)
class Scores:
    """How good a forecast is on one part, in the unit of the series where it has one.

    Attributes:
        mae, rmse: of the point forecast. mase: scaled by the seasonal naive forecast.
        pinball: mean over the levels. coverage: of the interval from the lowest to the highest level.
    """

    mae: float
    rmse: float
    mase: float
    pinball: float
    coverage: float


def score(truth: ArrayLike, quantiles: ArrayLike, train: ArrayLike, season: int) -> Scores:
    """Score quantiles (n, K, Q) against the truth (n, K), the median as the point; ``mase`` takes train and season."""
    q = np.asarray(quantiles)
    point = q[..., MEDIAN]
    return Scores(
        mae(truth, point),
        rmse(truth, point),
        mase(truth, point, train, season),
        pinball(truth, q, LEVELS),
        coverage(truth, q[..., 0], q[..., -1]),
    )
