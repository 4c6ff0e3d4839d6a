"""Speech to letters: features, voices that are shifted, training in noise, and decoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from lstm_lib.ctc_decoding import Lexicon, best_path, prefix_beam
from lstm_lib.datasets import log_mel
from lstm_lib.datasets.spoken import Part, as_float
from lstm_lib.experiments.noise import coloured
from lstm_lib.nn.recogniser import Recogniser, recogniser_loss
from lstm_lib.scratch.ctc import steps_needed
from lstm_lib.training import History, fit

Array = NDArray[Any]

STACK = 2  # frames that make one step of 20 ms
BLANK, SPACE = "_", " "
LEAST = 1e-3  # symbols below this probability are passed over by the beam
WIDTH = 8


class Alphabet:
    """The symbols of a task: the blank is 0, the space 1, then the letters that its words have.

    Attributes:
        symbols: K of them, in order.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """Take the letters of words.

        Raises:
            ValueError: there is no word.
        """
        if not words:
            raise ValueError("words must hold at least one word, got none")
        self.symbols = (BLANK, SPACE, *sorted(set("".join(words))))
        self._code = {symbol: k for k, symbol in enumerate(self.symbols)}
        self.words = tuple(words)

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of letters and spaces.

        Raises:
            ValueError: a letter is not in the alphabet.
        """
        strange = set(text) - set(self.symbols[1:])
        if strange:
            raise ValueError(
                f"text must be of {''.join(self.symbols[2:])} and spaces, got {sorted(strange)} too"
            )
        return [self._code[letter] for letter in text]

    def decode(self, labels: Sequence[int]) -> str:
        """Return labels as a text."""
        return "".join(self.symbols[k] for k in labels)

    def lexicon(self) -> Lexicon:
        """Return the words as a tree for the search."""
        return Lexicon([self.encode(word) for word in self.words], self._code[SPACE])


@dataclass(frozen=True)
class Recipe:
    """How a recogniser is trained; chosen on the validation part, with seeds of 100 and more.

    Attributes:
        hidden_size, layers: of the network.
        epochs, rate, weight_decay, batch: of the training.
        noise: the part of the clips that is heard in noise.
        snr: from how many dB of signal-to-noise ratio to how many.
        warp: the frequencies of voices are stretched by a factor from exp(-warp) to exp(warp).
        bend: low and high frequencies are stretched differently, by up to this much more and less than the middle.
    """

    hidden_size: int = 96
    layers: int = 2
    epochs: float = 11.0
    rate: float = 0.004
    weight_decay: float = 0.01
    batch: int = 16
    noise: float = 0.5
    snr: tuple[float, float] = (0.0, 30.0)
    warp: float = 0.22
    bend: float = 0.15


RECIPE = Recipe()


# --- features ---------------------------------------------------------------------------------------------


def steps_of(mels: ArrayLike, offset: int = 0) -> NDArray[np.float32]:
    """Return log-mel features (T, 40) as a network wants them: (T // 2, 80), two frames side by side.

    Each band is brought to mean 0 and deviation 1 over the utterance, which takes away how loud it is, and how a
    voice or a microphone colours it on the whole.

    Args:
        mels: (T, 40), at least two frames behind the offset.
        offset: so many frames at the beginning are dropped.

    Raises:
        ValueError: mels are no finite numbers (T, 40), or too few frames.
    """
    x = np.asarray(mels, dtype=np.float32)
    if x.ndim != 2 or len(x) < offset + STACK:
        raise ValueError(
            f"mels must be (T, bands) with at least {offset + STACK} frames, got shape {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("mels must be finite numbers, got NaN or infinity")
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + np.float32(1e-3))
    count = (len(x) - offset) // STACK
    return np.asarray(x[offset : offset + count * STACK].reshape(count, -1))


def features(sound: ArrayLike) -> NDArray[np.float32]:
    """Return the steps (T, 80) of a sound (N,) at 16,000 samples a second: 16-bit numbers, or numbers from -1 to 1."""
    x = np.asarray(sound)
    return steps_of(log_mel.log_mel(as_float(x) if x.dtype == np.int16 else x.astype(np.float32)))


def warped(power: Array, factor: float | Array) -> Array:
    """Return mel power (T, bands) of a voice whose frequencies are divided by a factor: 1.1 is a longer throat.

    Each band takes the power that stood `factor` times as high, between two bands by a straight line.

    Args:
        power: (T, bands).
        factor: one number, or one for each band (bands,).
    """
    bands = power.shape[1]
    middles = log_mel.hertz(np.linspace(log_mel.mel(log_mel.LOW), log_mel.mel(log_mel.HIGH), bands + 2))[1:-1]
    at = np.interp(log_mel.mel(middles * factor), log_mel.mel(middles), np.arange(bands))
    low = np.minimum(np.floor(at).astype(int), bands - 2)
    part = (at - low).astype(power.dtype)
    return np.asarray(power[:, low] * (1 - part) + power[:, low + 1] * part)


# --- training ---------------------------------------------------------------------------------------------


@cache
def _noise_bank(clips: int = 40, seconds: int = 4) -> NDArray[np.float32]:
    """Return mel powers (clips, T, 40) of noise with a mean power of 1, for the training."""
    rng = np.random.default_rng(1600)
    return np.stack([log_mel.mel_power(coloured(seconds * log_mel.RATE, rng)) for _ in range(clips)])


class Batch(NamedTuple):
    """Features (T, B, 80), steps of each (B,), labels one after the other, and how many each has (B,)."""

    x: Tensor
    lengths: Tensor
    labels: Tensor
    counts: Tensor


def batched(steps: Sequence[Array], labels: Sequence[Sequence[int]] = ()) -> Batch:
    """Return utterances as a batch, padded with zeros."""
    x = np.zeros((max(map(len, steps)), len(steps), steps[0].shape[1]), dtype=np.float32)
    for b, one in enumerate(steps):
        x[: len(one), b] = one
    return Batch(
        torch.from_numpy(x),
        torch.tensor([len(one) for one in steps]),
        torch.tensor([k for one in labels for k in one]),
        torch.tensor([len(one) for one in labels]),
    )


def too_fast(part: Part, alphabet: Alphabet, stack: int = STACK) -> NDArray[np.bool_]:
    """Tell for each utterance whether it has fewer steps, of ``stack`` frames, than its letters need."""
    return np.array(
        [
            (len(mel) - stack + 1) // stack < steps_needed(alphabet.encode(one.text))
            for one, mel in zip(part.said, part.mels, strict=True)
        ]
    )


class _Batches:
    """Draws batches of utterances of about one length, changed afresh each time: shifted, in noise."""

    def __init__(self, part: Part, alphabet: Alphabet, recipe: Recipe, seed: int) -> None:
        slow = np.flatnonzero(~too_fast(part, alphabet)).tolist()
        self.labels = [alphabet.encode(part.said[k].text) for k in slow]
        self.power = [np.exp(part.mels[k].astype(np.float32)) for k in slow]
        self.loud = part.powers[slow]
        self.lengths = np.array([len(power) for power in self.power])
        self.recipe, self.rng = recipe, np.random.default_rng(seed)
        self.queue: list[Array] = []

    def one(self, k: int) -> Array:
        rng, recipe, power = self.rng, self.recipe, self.power[k]
        if recipe.warp:
            tilt = rng.uniform(-recipe.bend, recipe.bend) * np.linspace(-1, 1, power.shape[1])
            power = warped(power, np.exp(rng.uniform(-recipe.warp, recipe.warp) + tilt))
        if rng.random() < recipe.noise:
            bank = _noise_bank()
            clip = bank[rng.integers(len(bank))]
            clip = np.take(clip, rng.integers(len(clip)) + np.arange(len(power)), axis=0, mode="wrap")
            ratio = 10 ** (-rng.uniform(*recipe.snr) / 10)
            # Powers add up where two sounds have nothing to do with each other.
            power = power + clip * np.float32(ratio * self.loud[k])
        return steps_of(np.log(power + np.float32(log_mel.FLOOR)), int(rng.integers(STACK)))

    def __call__(self) -> Batch:
        if not self.queue:
            size = min(self.recipe.batch, len(self.lengths))
            near = np.argsort(self.lengths * self.rng.uniform(0.9, 1.1, len(self.lengths)))
            groups = [near[k : k + size] for k in range(0, len(near) - size + 1, size)]
            self.queue = [groups[k] for k in self.rng.permutation(len(groups))]
        chosen = self.queue.pop()
        return batched([self.one(k) for k in chosen], [self.labels[k] for k in chosen])


def fresh(alphabet: Alphabet, seed: int, recipe: Recipe = RECIPE) -> Recogniser:
    """Return a recogniser with its first weights; PyTorch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Recogniser(STACK * log_mel.BANDS, recipe.hidden_size, len(alphabet), recipe.layers)


def learn(
    part: Part, alphabet: Alphabet, seed: int, recipe: Recipe = RECIPE, progress: str | None = None
) -> tuple[Recogniser, History]:
    """Train a recogniser on a part; utterances that are too fast are left out.

    Args:
        part: the training part.
        alphabet: of its words.
        seed: of the first weights and the batches.
        recipe: how.
        progress: the text beside the progress bar; None shows no bar.
    """
    model = fresh(alphabet, seed, recipe)
    draw = _Batches(part, alphabet, recipe, seed)

    def loss(net: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        log_p = net(batch.x, batch.lengths)
        return recogniser_loss(log_p, batch.lengths, batch.labels, batch.counts), log_p

    steps = max(1, round(recipe.epochs * len(draw.labels) / recipe.batch))
    history = fit(
        model, draw, loss, steps=steps, rate=recipe.rate, weight_decay=recipe.weight_decay, progress=progress
    )
    return model, history


# --- listening --------------------------------------------------------------------------------------------


def listen(model: Recogniser, steps: Sequence[Array], size: int = 50) -> list[Array]:
    """Return the log probabilities (T, K) of each utterance's steps (T, 80), whatever else is in its batch."""
    order = sorted(range(len(steps)), key=lambda k: len(steps[k]))
    found: list[Array] = [np.empty(0)] * len(steps)
    with torch.no_grad():
        for at in range(0, len(order), size):
            chosen = order[at : at + size]
            batch = batched([steps[k] for k in chosen])
            log_p = model(batch.x, batch.lengths).numpy()
            for b, k in enumerate(chosen):
                found[k] = log_p[: len(steps[k]), b]
    return found


def greedy(log_p: Sequence[Array], alphabet: Alphabet) -> list[str]:
    """Return the text of the best path of each utterance."""
    return [clean(alphabet.decode(best_path(one))) for one in log_p]


def searched(log_p: Sequence[Array], alphabet: Alphabet, *, lexicon: bool, width: int = WIDTH) -> list[str]:
    """Return the text that a prefix beam search finds for each utterance, with or without the lexicon of the words."""
    words = alphabet.lexicon() if lexicon else None
    texts = []
    for one in log_p:
        found = prefix_beam(one, width, words, least=LEAST) or prefix_beam(one, 8 * width, words)
        texts.append(clean(alphabet.decode(found[0].labels)) if found else "")
    return texts


def clean(text: str) -> str:
    """Return a text with one space between words, and none around it."""
    return " ".join(text.split())
