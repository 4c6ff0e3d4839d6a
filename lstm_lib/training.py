"""The loop that trains: draw a batch, measure the loss, go one clipped step downhill, until a rule says stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

B = TypeVar("B")


class StoppingRule(Protocol):
    """Is asked at every step, before the weights change. It may keep a record of what it has seen."""

    def __call__(self, batch: Any, output: Tensor) -> bool:
        """Tell whether to stop, given the batch and what the network made of it."""


@dataclass
class History:
    """What happened in a training run.

    Attributes:
        losses: the loss at each step, before the weights changed.
        norms: the norm of the gradient at each step, before clipping.
        ended: why it stopped: "rule" (the stopping rule said so), "steps" (all were taken) or "interrupted".
        seconds: of processor time.
    """

    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    ended: str = "steps"
    seconds: float = 0.0

    @property
    def steps(self) -> int:
        """How many batches were seen."""
        return len(self.losses)


class Diverged(RuntimeError):
    """A loss or a gradient that is not a number. The weights are those from before that step."""


def schedule(step: int, steps: int, warm_up: int) -> float:
    """Return the part of the learning rate for a step, from 0 on: a rising line, then half a cosine down to zero.

    Source: Loshchilov and Hutter (2017), "SGDR", equation 5, without restarts, behind a linear warm-up.
    """
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(steps - warm_up, 1)))


def fit(
    model: nn.Module,
    draw: Callable[[], B],
    loss: Callable[[nn.Module, B], tuple[Tensor, Tensor]],
    *,
    steps: int,
    rate: float,
    warm_up: int = 50,
    betas: tuple[float, float] = (0.9, 0.99),
    clip: float = 1.0,
    stop: StoppingRule | None = None,
    progress: str | None = "training",
) -> History:
    """Train a model in place with Adam, gradients clipped by norm, and a learning rate that rises, then falls to zero.

    An interrupt (the stop button, Ctrl-C) ends the training and leaves the model as it is after the last whole step.

    Args:
        model: what is trained.
        draw: gives the next batch.
        loss: model, batch -> the loss, a scalar, and the output that the stopping rule wants to see.
        steps: so many batches at the most. The learning rate reaches zero there.
        rate: the highest learning rate.
        warm_up: so many steps until the rate is at its highest.
        betas: Adam's two decay rates.
        clip: the largest norm of the gradient.
        stop: is shown every batch with the output, before the weights change; None never stops.
        progress: the text beside the progress bar; None shows no bar.

    Returns:
        The history of the run.

    Raises:
        ValueError: steps, rate or clip is not above zero or not finite, or warm_up is below zero.
        Diverged: the loss or the norm of its gradient is not a number; it says at which step.
    """
    _check_above_zero(steps=steps, rate=rate, clip=clip)
    if warm_up < 0:
        raise ValueError(f"warm_up must be 0 or more steps, got {warm_up}")
    adam = torch.optim.Adam(model.parameters(), lr=rate, betas=betas)
    history, start = History(), time.process_time()
    model.train()
    bar = tqdm(range(steps), desc=progress, unit="batch", disable=progress is None)
    try:
        for step in bar:
            batch = draw()
            value, output = loss(model, batch)
            history.losses.append(value.item())
            if not math.isfinite(history.losses[-1]):
                raise Diverged(
                    f"the loss is {history.losses[-1]} at step {step + 1} of {steps}: lower the learning rate, "
                    f"which is {rate}, or look for a NaN in the data"
                )
            if stop is not None and stop(batch, output.detach()):
                history.ended = "rule"
                break
            adam.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]
            history.norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), clip)))
            if not math.isfinite(history.norms[-1]):
                raise Diverged(
                    f"the gradient is {history.norms[-1]} at step {step + 1} of {steps}: lower the learning rate, "
                    f"which is {rate}"
                )
            for group in adam.param_groups:
                group["lr"] = rate * schedule(step, steps, warm_up)
            adam.step()
            if step % 50 == 0:
                bar.set_postfix(loss=f"{history.losses[-1]:.2g}", refresh=False)
    except KeyboardInterrupt:
        history.ended = "interrupted"
    finally:
        bar.close()
        history.seconds = time.process_time() - start
    return history


def _check_above_zero(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be above zero and finite, got {value!r}")
