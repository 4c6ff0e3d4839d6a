"""A training run as it goes: the model, its history, and the weights that were best on validation."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class History:
    """What happened in a training run.

    Attributes:
        losses: the loss at each step, before the weights changed.
        norms: the norm of the gradient at each step, before clipping.
        validation: (steps taken, value) for every validation.
        ended: why it stopped: "rule" (the stopping rule said so), "validation" (no better value for too long), "steps"
            (all were taken) or "interrupted".
        seconds: of processor time.
        resumed: the steps that stood in the checkpoint it went on from; 0 if it began at the beginning.
    """

    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    ended: str = "steps"
    seconds: float = 0.0
    resumed: int = 0

    @property
    def steps(self) -> int:
        """How many batches were seen."""
        return len(self.losses)

    @property
    def best(self) -> tuple[int, float] | None:
        """The validation with the lowest value, the first of them, as (steps taken, value); None without one."""
        return min(self.validation, key=lambda seen: seen[1], default=None)


class Diverged(RuntimeError):
    """A loss, a gradient or a validation that is not a number. The weights are those from before that step or, with
    validations, the best.
    """


class Run:
    """The model with its history, and the weights that were best on validation."""

    def __init__(
        self,
        model: nn.Module,
        adam: torch.optim.Optimizer,
        validate: Callable[[nn.Module], float] | None,
        patience: int | None,
    ) -> None:
        self.model, self.adam, self.validate, self.patience = model, adam, validate, patience
        self.history, self._began = History(), time.process_time()
        self.best: dict[str, Tensor] = {}
        self._buffers: dict[str, Tensor] = {}

    def goes_on_from(self, history: History, best: dict[str, Tensor]) -> None:
        """Take over what a checkpoint holds."""
        self.history, self.best = history, best
        self._began = time.process_time() - history.seconds

    def clock(self) -> None:
        """Take note of the processor time so far."""
        self.history.seconds = time.process_time() - self._began

    def settle(self) -> None:
        """Take note of the buffers, such as running statistics: the forward of a step may move them and then break."""
        self._buffers = {name: buffer.clone() for name, buffer in self.model.named_buffers()}

    def unsettle(self) -> None:
        """Set the buffers back to where they were after the last whole step."""
        for name, buffer in self._buffers.items():
            module, _, last = name.rpartition(".")
            setattr(self.model.get_submodule(module), last, buffer)

    def measure(self, step: int) -> float | None:
        """Validate; None if there is nothing to validate with, or this step's validation stands in the history."""
        history = self.history
        if self.validate is None or (history.validation and history.validation[-1][0] == step):
            return None
        self.model.eval()
        with torch.no_grad():
            value = float(self.validate(self.model))
        self.model.train()
        if not math.isfinite(value):
            raise Diverged(f"the validation is {value} after step {step}: is there a NaN in its data?")
        return value

    def keep(self, step: int, value: float) -> None:
        """Put a validation in the history, and keep the weights if it is the best."""
        best = self.history.best
        if best is None or value < best[1]:
            self.best = {name: t.detach().clone() for name, t in self.model.state_dict().items()}
        self.history.validation.append((step, value))

    def waited_too_long(self) -> bool:
        """Tell whether there was no new best for as many validations as patience allows."""
        history = self.history
        if self.patience is None or history.best is None:
            return False
        return len(history.validation) - 1 - history.validation.index(history.best) >= self.patience

    def leave(self) -> None:
        """Give the model the weights that were best, and leave it ready for use."""
        with undisturbed():
            if self.best:
                self.model.load_state_dict(self.best)
            self.model.eval()

    def figures(self) -> dict[str, str]:
        """What stands beside the progress bar."""
        figures = {"loss": f"{self.history.losses[-1]:.2g}"}
        if self.history.validation:
            figures["validation"] = f"{self.history.validation[-1][1]:.3g}"
        return figures


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold an interrupt back until the block is done, where it can be held: in the main thread."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
