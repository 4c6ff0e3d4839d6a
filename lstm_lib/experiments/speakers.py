"""Who speaks? Japanese vowels for a BiLSTM, and for a logistic regression on a few statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.vowels import CHANNELS, SPEAKERS, Vowels
from lstm_lib.nn.recogniser import SpeakerNet
from lstm_lib.training import History, fit

Array = NDArray[Any]
WAYS = ("mean", "mean, deviation, ends")


@dataclass(frozen=True)
class Recipe:
    """How the BiLSTM is trained; chosen by cross-validation on the training part, with seeds of 100 and more.

    Each fold is a fifth that every speaker said in a row, since what is near in time is alike; the lowest cross-entropy
    was taken.

    Attributes:
        hidden_size: of each direction.
        dropout, steps, rate, weight_decay, batch: of the training.
        jitter: the deviation of what is added to every number, whose own deviation is 1.
        shift: the same for what is added to all frames of an utterance, as another day or microphone might.
    """

    hidden_size: int = 64
    dropout: float = 0.5
    steps: int = 300
    rate: float = 0.01
    weight_decay: float = 0.01
    batch: int = 32
    jitter: float = 1.2
    shift: float = 0.4


RECIPE = Recipe()


def statistics(vowels: Vowels, way: str) -> Array:
    """Return a few numbers for each utterance: the mean over its frames (N, 12), or deviation and ends too (N, 48).

    Raises:
        ValueError: there is no such way.
    """
    if way not in WAYS:
        raise ValueError(f"way must be one of {list(WAYS)}, got {way!r}")
    if way == "mean":
        return np.array([x.mean(axis=0) for x in vowels.frames])
    return np.array([np.concatenate([x.mean(axis=0), x.std(axis=0), x[0], x[-1]]) for x in vowels.frames])


def linear_answers(train: Vowels, test: Vowels, way: str) -> Array:
    """Return the speakers (N,) that a logistic regression on `statistics` names."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    model.fit(statistics(train, way), train.speakers)
    return np.asarray(model.predict(statistics(test, way)))


class SpeakerModel:
    """A BiLSTM with the scale of its training data.

    Attributes:
        net: the network.
        history: of its training.
    """

    def __init__(self, train: Vowels, seed: int, recipe: Recipe = RECIPE) -> None:
        """Train it; PyTorch's global generator is left as it was."""
        every = np.concatenate(train.frames)
        self._mean, self._deviation = every.mean(axis=0), every.std(axis=0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.net = SpeakerNet(CHANNELS, recipe.hidden_size, SPEAKERS, recipe.dropout)
            self.history = self._learn(train, seed, recipe)

    def _learn(self, train: Vowels, seed: int, recipe: Recipe) -> History:
        rng = np.random.default_rng(seed)

        def draw() -> tuple[Tensor, Tensor, Tensor]:
            k = rng.integers(len(train.frames), size=recipe.batch)
            x, lengths = self.batched([train.frames[j] for j in k])
            shake = rng.normal(0, recipe.jitter, x.shape) + rng.normal(0, recipe.shift, x.shape[1:])
            return (
                x + torch.from_numpy(shake.astype(np.float32)),
                lengths,
                torch.from_numpy(train.speakers[k]),
            )

        def loss(net: nn.Module, batch: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            scores = net(batch[0], batch[1])
            return cross_entropy(scores, batch[2]), scores

        return fit(
            self.net, draw, loss, steps=recipe.steps, rate=recipe.rate, weight_decay=recipe.weight_decay, progress=None
        )  # fmt: skip

    def batched(self, frames: list[Array]) -> tuple[Tensor, Tensor]:
        """Return utterances, brought to the training part's mean 0 and deviation 1, as (T, B, 12), and lengths (B,)."""
        x = np.zeros((max(map(len, frames)), len(frames), CHANNELS), dtype=np.float32)
        for b, one in enumerate(frames):
            x[: len(one), b] = (one - self._mean) / self._deviation
        return torch.from_numpy(x), torch.tensor([len(one) for one in frames])

    def answers(self, vowels: Vowels) -> Array:
        """Return the speakers (N,) that the network names."""
        with torch.no_grad():
            scores: Tensor = self.net(*self.batched(list(vowels.frames)))
        return np.asarray(scores.argmax(dim=1))
