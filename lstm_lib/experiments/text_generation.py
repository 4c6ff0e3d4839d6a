"""A character model of a text: how it is trained, what it costs in bits, and how to lower that while it reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import dropout

from lstm_lib.datasets.hamlet import load_hamlet
from lstm_lib.experiments.characters import CarriedLoss, Strips, fresh_model
from lstm_lib.experiments.reading import BATCH, STEPS, bits, read
from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.nn.recurrent import Stacked, hidden_size_for, parameters_of
from lstm_lib.training import History, fit

Array = NDArray[Any]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """What is set for a training run.

    Attributes:
        hidden_size: H.
        embedding_size: E, the numbers that stand for a symbol.
        dropout: before the output.
        embedding_dropout: of the numbers that stand for a symbol, where they are read.
        rate: the highest learning rate.
        updates: windows of 8 strips of 64 symbols.
    """

    hidden_size: int = 256
    embedding_size: int = 32
    dropout: float = 0.45
    embedding_dropout: float = 0.0
    rate: float = 0.02
    updates: int = 4500


#: Chosen on the validation part of *Hamlet* with seed 100, see ``benchmarks.text_generation``: for a lesson.
RECIPE = Recipe()
WEIGHT_DECAY, WARM_UP = 0.01, 0.05
#: Of Kneser-Ney. Order 7 is no better by more than 0.001 bits.
ORDER = 6
#: Of the LSTM in a mixture with Kneser-Ney: neither goes on, the LSTM learns on, both go on. Chosen likewise.
STILL_WEIGHT, KN_WEIGHT, COUNTING_WEIGHT = 0.6, 0.7, 0.6

KINDS: dict[str, type[nn.RNN] | type[nn.GRU]] = {"RNN": nn.RNN, "GRU": nn.GRU}
#: The best of the rates that were tried for each kind of layer, and as many updates as take as long as the LSTM's: see
#: ``benchmarks.text_generation``.
RATES = {"LSTM": RECIPE.rate, "GRU": 0.006, "RNN": 0.003}
UPDATES_IN_TIME = {"LSTM": RECIPE.updates, "GRU": 1730, "RNN": 1800}


class _WithTuple(nn.Module):
    """PyTorch's RNN or GRU, with its state in a tuple as an LSTM has it."""

    def __init__(self, layer: nn.RNN | nn.GRU) -> None:
        super().__init__()
        self.layer, self.input_size, self.output_size = layer, layer.input_size, layer.hidden_size

    def forward(self, x: Tensor, state: Any = None, lengths: None = None) -> tuple[Tensor, tuple[Tensor]]:
        h, last = self.layer(x, None if state is None else state[0][None])
        return h, (last[0],)


def build(symbols: int, recipe: Recipe, seed: int, kind: str = "LSTM") -> LanguageModel:
    """Return a fresh model; PyTorch's global generator is left as it was.

    Args:
        symbols: V.
        recipe: its sizes and its dropout.
        seed: of the weights.
        kind: "LSTM", or "RNN" or "GRU" with the hidden size that gives about as many parameters.

    Raises:
        TypeError, ValueError: there is no such kind, or the recipe cannot be meant.
    """
    if not isinstance(recipe, Recipe):
        raise TypeError(f"recipe must be a Recipe, such as RECIPE, got {recipe!r:.80}")
    sizes = symbols, recipe.embedding_size, recipe.hidden_size
    if kind == "LSTM":
        return fresh_model(seed, *sizes, dropout=recipe.dropout)
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {['LSTM', *KINDS]}, got {kind!r}")

    def other(H: int) -> LanguageModel:
        model = LanguageModel(symbols, recipe.embedding_size, H, dropout=recipe.dropout)
        model.stack = Stacked([_WithTuple(KINDS[kind](recipe.embedding_size, H))])
        return model

    H = hidden_size_for(other, parameters_of(fresh_model(seed, *sizes)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return other(H)


def learn(
    ids: Ids,
    symbols: int,
    recipe: Recipe,
    seed: int,
    *,
    kind: str = "LSTM",
    validate: Callable[[nn.Module], float] | None = None,
    every: int = 500,
    progress: str | None = None,
) -> tuple[LanguageModel, History]:
    """Train a fresh model on a text, with AdamW; PyTorch's global generator is left as it was.

    Args:
        ids: (N,) the text.
        symbols: V.
        recipe: see there.
        seed: of weights, dropout, and of the places where the strips of text begin.
        kind: of the layer, see ``build``.
        validate, every: as in ``fit``. With ``validate`` the model ends with the weights that were best there.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: an argument cannot be meant, the text is too short, or holds what is no symbol.
    """
    if np.size(ids) and not 0 <= np.min(ids) <= np.max(ids) < symbols:
        raise ValueError(
            f"ids must be from 0 to symbols - 1 = {symbols - 1}, got {np.min(ids)} to {np.max(ids)}"
        )
    model = build(symbols, recipe, seed, kind)
    strips = Strips(ids, BATCH, STEPS, np.random.default_rng(seed))

    def thin_out(table: nn.Module, _: Any, embedded: Tensor) -> Tensor:
        return dropout(embedded, recipe.embedding_dropout, table.training)

    hook = model.table.register_forward_hook(thin_out)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            history = fit(
                model, strips.draw, CarriedLoss(), steps=recipe.updates, rate=recipe.rate, weight_decay=WEIGHT_DECAY,
                warm_up=int(WARM_UP * recipe.updates), validate=validate, every=every, progress=progress,
            )  # fmt: skip
    finally:
        hook.remove()
    return model, history


class Stopwatch:
    """Validate, and note the processor seconds of training until then, without those of the validations."""

    def __init__(self, ids: Ids, start: int) -> None:
        """Begin the clock. What is guessed is ``ids[start:]``."""
        self.ids, self.start = ids, start
        self.seconds: list[float] = []
        self._began = time.process_time()

    def __call__(self, model: nn.Module) -> float:
        """Return the bits per symbol."""
        now = time.process_time()
        self.seconds.append(now - self._began)
        value = bits(read(model, self.ids, self.start))
        self._began += time.process_time() - now
        return value


class Parts(NamedTuple):
    """*Hamlet* as numbers. ``known`` is the training and the validation part, ``all`` is everything."""

    train: Ids
    known: Ids
    all: Ids
    test: Ids
    symbols: int
    known_text: str
    test_text: str


def hamlet_parts() -> Parts:
    """Return the parts of the play as they are used for choosing (train) and for the final models (known)."""
    play = load_hamlet()
    known, encode = play.train + play.validation, play.vocabulary.encode
    return Parts(
        encode(play.train), encode(known), encode(known + play.test), encode(play.test), len(play.vocabulary),
        known, play.test,
    )  # fmt: skip


def brief(recipe: Recipe, updates: int) -> Recipe:
    """Return the recipe with other updates."""
    return replace(recipe, updates=updates)
