"""The loop that trains: draw a batch, measure the loss, go one clipped step downhill, until a rule says stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from lstm_lib.training import checkpoint as files
from lstm_lib.training.run import Diverged, History, Run, undisturbed
from lstm_lib.training.saved import Saved

B = TypeVar("B")
Loss = Callable[[nn.Module, B], tuple[Tensor, Tensor]]


class StoppingRule(Protocol):
    """Is asked at every step, before the weights change. It may keep a record of what it has seen."""

    def __call__(self, batch: Any, output: Tensor) -> bool:
        """Tell whether to stop, given the batch and what the network made of it."""


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
    loss: Loss[B],
    *,
    steps: int,
    rate: float,
    warm_up: int = 50,
    betas: tuple[float, float] = (0.9, 0.99),
    clip: float = 1.0,
    weight_decay: float = 0.0,
    stop: StoppingRule | None = None,
    validate: Callable[[nn.Module], float] | None = None,
    every: int = 100,
    patience: int | None = None,
    checkpoint: str | Path | None = None,
    generators: Mapping[str, files.Generator] | None = None,
    progress: str | None = "training",
) -> History:
    """Train a model in place with Adam, gradients clipped by norm, and a learning rate that rises, then falls to zero.

    An interrupt (the stop button, Ctrl-C) ends the training after the last whole step. With ``validate``, the model
    ends with the weights that were best there, after an interrupt or an error too; otherwise with the last ones. It is
    left in eval mode.

    With ``checkpoint``, the run is saved as it goes. The same call, made again, goes on where it was interrupted, and
    ends as it would have ended, to the bit on one machine; after the end it returns at once what was reached. The bar
    says so. What ``draw`` and ``loss`` remember outside ``generators`` and the model's
    ``state_dict()`` does not come back.

    Args:
        model: what is trained.
        draw: gives the next batch.
        loss: model, batch -> the loss, a scalar, and the output that the stopping rule wants to see.
        steps: so many batches at the most. The learning rate reaches zero there.
        rate: the highest learning rate.
        warm_up: so many steps until the rate is at its highest.
        betas: Adam's two decay rates.
        clip: the largest norm of the gradient.
        weight_decay: of AdamW (Loshchilov and Hutter 2019); 0 is Adam.
        stop: is shown every batch with the output, before the weights change; None never stops. With a checkpoint it
            must have ``state_dict()`` and ``load_state_dict(state)``.
        validate: model -> a value, the lower the better; called in eval mode and without gradients.
        every: so many steps from one validation, and from one checkpoint, to the next. There is one at the end as well.
        patience: stop after so many validations in a row without a new best; None goes on.
        checkpoint: folder and name of the checkpoint, without an ending; None saves nothing.
        generators: those that ``draw`` and the model use, by name, so that they go on where they were. PyTorch's
            global one is always among them.
        progress: the text beside the progress bar; None shows no bar.

    Returns:
        The history of the run.

    Raises:
        TypeError, ValueError: an argument has a value that cannot be meant, or the checkpoint is of another run; it
            names what differs. lstm_lib.training.checkpoint.Damaged: the checkpoint cannot be read.
        Diverged: the loss, the norm of its gradient or a validation is not a number; it says at which step.
    """
    _check_whole(steps=steps, warm_up=warm_up, every=every, patience=1 if patience is None else patience)
    _check_above_zero(steps=steps, rate=rate, clip=clip, every=every)
    _check_number(weight_decay=weight_decay)
    if validate is not None and not callable(validate):
        raise TypeError(f"validate must be a function, model -> a number, or None, got {validate!r}")
    if warm_up < 0:
        raise ValueError(f"warm_up must be 0 or more steps, got {warm_up}")
    if not 0 <= weight_decay < math.inf:
        raise ValueError(f"weight_decay must be 0 or more and finite, got {weight_decay}")
    if patience is not None and (validate is None or patience < 1):
        raise ValueError(f"patience must be at least 1 and needs validate, got {patience} and {validate}")
    adam = torch.optim.AdamW(model.parameters(), lr=rate, betas=betas, weight_decay=weight_decay)
    settings = {
        "steps": int(steps), "rate": float(rate), "warm_up": int(warm_up), "betas": [float(b) for b in betas],
        "clip": float(clip), "every": int(every), "weight_decay": float(weight_decay),
        "patience": None if patience is None else int(patience), "validates": validate is not None,
    }  # fmt: skip
    run = Run(model, adam, validate, patience)
    saved = Saved(checkpoint, run, settings, generators or {}, stop) if checkpoint is not None else None
    if saved and saved.load():
        _bar(progress, "ended before", run.history, steps).close()
        return run.history
    history = run.history
    model.train()
    run.settle()
    bar = _bar(progress, f"from step {history.resumed}" if history.resumed else "", history, steps)
    try:
        while True:
            if history.steps and (history.steps % every == 0 or history.steps == steps):
                _look(run, saved, history.steps)
                if saved:
                    saved.save()
            if run.waited_too_long():
                history.ended = "validation"
            if history.ended != "steps" or history.steps >= steps:
                break
            step, batch = history.steps, draw()
            value, output = _two(loss(model, batch))
            _check_finite("loss", value.item(), step, steps, rate)
            if stop is not None and stop(batch, output.detach()):
                with undisturbed():  # the last validation belongs to the end
                    _look(run, saved, step + 1)
                    history.losses.append(value.item())
                    history.ended = "rule"
                    run.settle()
                break
            adam.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]
            norm = float(nn.utils.clip_grad_norm_(model.parameters(), clip))
            _check_finite("gradient", norm, step, steps, rate)
            for group in adam.param_groups:
                group["lr"] = rate * schedule(step, steps, warm_up)
            with undisturbed():  # an interrupt finds a step done, or not begun
                adam.step()
                history.losses.append(value.item())
                history.norms.append(norm)
                run.settle()
                if saved:
                    saved.note()
            bar.update()
            if step % 50 == 0:
                bar.set_postfix(run.figures(), refresh=False)
    except KeyboardInterrupt:
        if history.ended != "rule":  # then it came too late to change anything
            history.ended = "interrupted"
        run.unsettle()
    except BaseException:
        run.unsettle()
        run.leave()
        raise
    finally:
        bar.close()
        run.clock()
    try:
        if saved:
            with undisturbed():
                saved.save()
    except KeyboardInterrupt:
        pass  # it comes after the file is written: nothing is left that it could stop
    finally:  # a full disk must not take the best weights away
        run.leave()
    return history


def _look(run: Run, saved: Saved | None, step: int) -> None:
    """Validate; the value, the best weights and where the generators then stand are noted together or not at all."""
    value = run.measure(step)
    if value is not None:
        with undisturbed():
            run.keep(step, value)
            if saved:
                saved.note()


def _bar(progress: str | None, where: str, history: History, steps: int) -> tqdm[Any]:
    text = f"{progress}, {where}" if where else progress
    return tqdm(total=steps, initial=history.steps, desc=text, unit="batch", disable=progress is None)


def _check_whole(**values: object) -> None:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise TypeError(f"{name} must be a whole number, got {value!r}")


def _check_number(**values: object) -> None:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be a number, got {value!r}")


def _two(found: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Return what the loss function gave, if it is a pair with a scalar in front."""
    if not isinstance(found, tuple) or len(found) != 2:
        raise TypeError(f"loss must return the loss and the output, a pair, got {type(found).__name__}")
    if not isinstance(found[0], Tensor) or found[0].numel() != 1:
        what = tuple(found[0].shape) if isinstance(found[0], Tensor) else found[0]
        raise TypeError(f"loss must return a tensor with one number and the output, got {what!r} as the loss")
    return found


def _check_above_zero(**values: float) -> None:
    _check_number(**values)
    for name, value in values.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be above zero and finite, got {value!r}")


def _check_finite(what: str, value: float, step: int, steps: int, rate: float) -> None:
    if not math.isfinite(value):
        data = ", or look for a NaN in the data" if what == "loss" else ""
        raise Diverged(
            f"the {what} is {value} at step {step + 1} of {steps}: lower the learning rate, which is {rate}{data}"
        )
