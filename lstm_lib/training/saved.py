"""The checkpoint of a training run: what it holds, and whether one that stands there is of the same run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_lib.training import checkpoint as files
from lstm_lib.training.run import History, Run, undisturbed


class Saved:
    """A run's checkpoint: what it holds, and whether one that stands there is of the same run."""

    def __init__(
        self,
        path: str | Path,
        run: Run,
        settings: dict[str, Any],
        generators: Mapping[str, files.Generator],
        stop: Any,
    ) -> None:
        for name, generator in generators.items():
            if not isinstance(generator, np.random.Generator | torch.Generator):
                raise TypeError(
                    f"generators[{name!r}] must be a numpy.random.Generator or a torch.Generator, got {generator!r}"
                )
        if stop is not None and not (hasattr(stop, "state_dict") and hasattr(stop, "load_state_dict")):
            raise TypeError("stop must have state_dict() and load_state_dict() where there is a checkpoint")
        self.path, self.run, self.settings, self.generators, self.stop = path, run, settings, generators, stop
        self.note()

    def note(self) -> None:
        """Take note of where generators and the rule stand: an interrupt in the next step goes back to here."""
        self.states = files.generator_states(self.generators)
        self.rule = None if self.stop is None else self._state_of_the_rule()

    def _state_of_the_rule(self) -> Any:
        """Return a copy, by way of JSON: the rule may go on changing what it gave."""
        try:
            return json.loads(json.dumps(self.stop.state_dict(), allow_nan=False))
        except (TypeError, ValueError) as error:
            raise TypeError(f"stop.state_dict() must give what JSON can hold: {error}") from error

    def save(self) -> None:
        """Write the run as it was after its last whole step."""
        with undisturbed():
            self._save()

    def _save(self) -> None:
        run = self.run
        run.clock()
        tensors = {f"model.{name}": t for name, t in run.model.state_dict().items()}
        tensors |= {f"best.{name}": t for name, t in run.best.items()}
        for k, state in run.adam.state_dict()["state"].items():
            tensors |= {f"adam.{k}.{name}": t for name, t in state.items()}
        facts = {
            "settings": self.settings,
            "history": asdict(run.history),
            "generators": self.states[1],
            "rule": self.rule,
        }
        files.save(self.path, tensors | self.states[0], facts)

    def load(self) -> bool:
        """Go back to where the checkpoint stands, if there is one. Tell whether its run had come to its end."""
        if (found := files.load(self.path)) is None:
            return False
        tensors, facts = found
        self._check(tensors, facts)
        run, history = self.run, History(**facts["history"])
        history.validation = [(step, value) for step, value in history.validation]
        history.resumed = history.steps
        run.goes_on_from(history, _under("best.", tensors))
        run.model.load_state_dict(_under("model.", tensors))
        if history.ended != "interrupted" and (
            history.ended != "steps" or history.steps >= self.settings["steps"]
        ):
            run.leave()
            return True
        history.ended = "steps"
        adam = run.adam.state_dict()
        for name, tensor in _under("adam.", tensors).items():
            k, entry = name.split(".")
            adam["state"].setdefault(int(k), {})[entry] = tensor
        run.adam.load_state_dict(adam)
        files.set_generators(self.generators, tensors, facts["generators"])
        if self.stop is not None:
            self.stop.load_state_dict(facts["rule"])
        self.note()
        return False

    def _check(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Raise an error if the checkpoint is of another run, saying what differs."""
        theirs = {f"the setting {name}": value for name, value in facts["settings"].items()}
        ours = {f"the setting {name}": value for name, value in self.settings.items()}
        theirs |= _forms(_under("model.", tensors)) | _kinds(tensors, facts["generators"])
        ours |= _forms(self.run.model.state_dict()) | _kinds(*self.states)
        theirs["whether there is a stopping rule"] = facts["rule"] is not None
        ours["whether there is a stopping rule"] = self.stop is not None
        differ = [name for name in theirs | ours if theirs.get(name) != ours.get(name)]
        if differ:
            name = min(differ)  # files of tensors give their names in no order
            raise ValueError(
                f"checkpoint {str(self.path)!r} is of another run: {name} was {theirs.get(name)}, and is now "
                f"{ours.get(name)}. Name another checkpoint or, to begin anew: "
                f"lstm_lib.training.checkpoint.remove({str(self.path)!r})"
            )


def _forms(tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """The shape and the dtype of every tensor, each beside what it is called in an error."""
    shapes = {f"the shape of {name}": list(t.shape) for name, t in tensors.items()}
    return shapes | {f"the dtype of {name}": str(t.dtype) for name, t in tensors.items()}


def _kinds(tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The names of the generators, and of what kind each is."""
    kinds = {name: "torch" for name in _under("generator.", tensors) if name}
    kinds |= {name: state["bit_generator"] for name, state in facts.items()}
    names = {"the names of generators": sorted(kinds)}
    return names | {f"what kind the generator {name} is": kind for name, kind in kinds.items()}


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
