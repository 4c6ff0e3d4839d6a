"""Depth against width: stacks of one to eight layers with the same number of parameters learn the text of *Hamlet*."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.experiments.characters import (
    CarriedLoss,
    Strips,
    bits_per_character,
    fresh_model,
)
from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.nn.recurrent import hidden_size_for
from lstm_lib.training import History, fit

#: Numbers that stand for a character; characters in a window, and windows side by side.
EMBEDDING, STEPS, BATCH = 32, 64, 16
PARAMETERS = 100_000


@dataclass(frozen=True)
class Network:
    """What is set for one kind of stack.

    Attributes:
        layers: L.
        residual: whether a layer's input is added to its output, from the second layer on: the first one changes the
            size.
        rate: the highest learning rate.
        dropout: between the layers and before the output.
        updates_in_time: so many updates take as long as ``UPDATES`` of the one-layer network do.
    """

    layers: int
    residual: bool
    rate: float
    dropout: float
    updates_in_time: int


UPDATES = 3000
#: A smaller size, fewer updates and one learning rate for all, for a lesson.
SHORT_PARAMETERS, SHORT, SHORT_RATE = 40_000, 300, 0.03
#: Rates and dropout are those with the lowest bits on the validation part in the stored runs under "tuning", seed 100;
#: eight plain layers need the same with all of them, to 0.001 bits.
#: The updates in time follow from seconds an update, measured by turns on one thread: see ``benchmarks.depth``.
NETWORKS = {
    "1 layer": Network(1, False, 0.03, 0.1, 3000),
    "2 layers": Network(2, False, 0.02, 0.0, 3000),
    "3 layers": Network(3, False, 0.02, 0.0, 2700),
    "2 layers, residual": Network(2, True, 0.01, 0.1, 2600),
    "3 layers, residual": Network(3, True, 0.01, 0.1, 2300),
    "8 layers": Network(8, False, 0.01, 0.0, 1800),
    "8 layers, residual": Network(8, True, 0.02, 0.1, 1500),
}


def brief(network: Network) -> Network:
    """Return the settings of a short run: one rate for all, no dropout, so that depth alone makes the difference."""
    return replace(network, rate=SHORT_RATE, dropout=0.0)


def width(layers: int, parameters: int = PARAMETERS) -> int:
    """Return the H with which a stack of so many layers has about so many parameters, table and output included."""
    symbols = len(load_hamlet().vocabulary)
    return hidden_size_for(lambda H: LanguageModel(symbols, EMBEDDING, H, layers), parameters)


def learn(
    network: Network,
    seed: int,
    updates: int,
    parameters: int = PARAMETERS,
    progress: str | None = None,
) -> tuple[LanguageModel, History]:
    """Train a fresh stack on the training part of *Hamlet*; PyTorch's global generator is left as it was.

    Args:
        network: its settings.
        seed: of the weights, of dropout, and of the places where the strips of text begin.
        updates: so many windows of 16 times 64 characters.
        parameters: about so many.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError: network is something else, such as its name.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, such as NETWORKS['1 layer'], got {network!r:.80}")
    play = load_hamlet()
    sizes = (len(play.vocabulary), EMBEDDING, width(network.layers, parameters), network.layers)
    model = fresh_model(seed, *sizes, dropout=network.dropout, residual=network.residual)
    strips = Strips(play.vocabulary.encode(play.train), BATCH, STEPS, np.random.default_rng(seed))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        history = fit(model, strips.draw, CarriedLoss(), steps=updates, rate=network.rate, progress=progress)
    return model, history


def examine(model: LanguageModel) -> tuple[float, float]:
    """Return the bits per character on the validation part and on the test part of *Hamlet*."""
    play = load_hamlet()
    validation, test = (
        bits_per_character(model, play.vocabulary.encode(part)) for part in (play.validation, play.test)
    )
    return validation, test
