"""Fresh or rotten: linear models and LSTMs learn to tell from one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.review_words import WordVocabulary, pad, tokens
from lstm_lib.datasets.reviews import Review, Reviews
from lstm_lib.datasets.task import whole_number
from lstm_lib.experiments.word_vectors import word_vectors
from lstm_lib.nn.classifier import Classifier
from lstm_lib.nn.initialisation import chrono_
from lstm_lib.training import History, fit

Array = NDArray[Any]
PARTS = ("train", "validation", "test")
Batch = tuple[Tensor, Tensor, Tensor]  # words (T, B), lengths (B,), labels (B,)


@dataclass(frozen=True)
class Corpus:
    """Labelled sentences in three parts, as words and as numbers.

    Attributes:
        sentences: part -> the words of each sentence.
        rows: part -> the numbers of these words.
        labels: part -> (N,).
        vocabulary: made from the training part.
        vectors: (V, E), first values of the table, made from the training part; None where there are none.
    """

    sentences: Mapping[str, Sequence[Sequence[str]]]
    rows: Mapping[str, Sequence[Array]]
    labels: Mapping[str, Array]
    vocabulary: WordVocabulary
    vectors: Array | None

    @property
    def classes(self) -> int:
        """The number of classes in the training part."""
        return int(self.labels["train"].max()) + 1


def corpus(
    sentences: Mapping[str, Sequence[Sequence[str]]],
    labels: Mapping[str, Sequence[int]],
    *,
    at_least: int = 1,
    vector_size: int = 0,
    window: int = 10,
) -> Corpus:
    """Return a corpus. Vocabulary and vectors are made from the training part alone.

    Args:
        sentences: the parts train, validation and test, each some sentences in words.
        labels: for each part as many labels.
        at_least: a word must occur so often in the training part; others are unknown.
        vector_size: E of the vectors; 0 makes none.
        window: see ``word_vectors``.

    Raises:
        ValueError: a part is missing, has another number of labels, or a label that is not in the training part, which
            must have two classes at least.
    """
    for part in PARTS:
        if part not in sentences or part not in labels:
            raise ValueError(f"sentences and labels must have the parts {list(PARTS)}, {part!r} is missing")
        if len(sentences[part]) != len(labels[part]):
            raise ValueError(
                f"labels[{part!r}] must be {len(sentences[part])}, one for each sentence, got {len(labels[part])}"
            )
    y = {part: np.array(labels[part], dtype=np.int64) for part in PARTS}
    check_two_classes(y["train"])
    for part in PARTS:
        if strange := sorted(set(y[part].tolist()) - set(y["train"].tolist())):
            raise ValueError(f"labels[{part!r}] must be classes of the training part, got {strange}")
    vocabulary = WordVocabulary(sentences["train"], at_least)
    rows = {part: [vocabulary.encode(words) for words in sentences[part]] for part in PARTS}
    vectors = word_vectors(rows["train"], len(vocabulary), vector_size, window) if vector_size else None
    return Corpus(dict(sentences), rows, y, vocabulary, vectors)


def check_two_classes(labels: Array) -> None:
    """Raise a ValueError if there is one class only: then nothing can be learnt about the other."""
    if len(found := np.unique(labels)) < 2:
        raise ValueError(f"the training labels must be of two classes at least, got only {found.tolist()}")


def review_corpus(reviews: Reviews, *, plots: bool = False) -> Corpus:
    """Return the reviews as a corpus, with vectors of 100 numbers; with ``plots``, a third class of plot sentences."""

    def part(name: str) -> tuple[Review, ...]:
        chosen: tuple[Review, ...] = getattr(reviews, name)
        return chosen + (reviews.plots[name] if plots else ())

    return corpus(
        {name: [tokens(review.text) for review in part(name)] for name in PARTS},
        {name: [review.label for review in part(name)] for name in PARTS},
        at_least=2,
        vector_size=100,
    )


@dataclass(frozen=True)
class Settings:
    """How a network is made and trained. The values are those chosen on the validation part, with seed 100 and more.

    Attributes:
        pooling: "last" (one direction) or "attention" (both directions, and maxima).
        hidden_size: H of each direction.
        embedding_size: E; with vectors it must be theirs.
        vector_scale: the vectors are multiplied by it.
        word_dropout, embedding_dropout, dropout: see ``Classifier``.
        epochs: passes over the training part.
        rate: the highest learning rate of AdamW.
        weight_decay: of AdamW.
        batch: sentences in a step.
        longest: if above 0, the gates begin with the chrono biases of lesson 06 for so many steps.
    """

    pooling: str = "attention"
    hidden_size: int = 64
    embedding_size: int = 100
    vector_scale: float = 0.3
    word_dropout: float = 0.1
    embedding_dropout: float = 0.4
    dropout: float = 0.5
    epochs: int = 4
    rate: float = 0.003
    weight_decay: float = 0.01
    batch: int = 64
    longest: int = 0


ATTENTION = Settings()
LAST = Settings(pooling="last")
#: For the sentences of ``datasets.contrast``: small, no dropout, no vectors, and a long memory from the start.
CONTRAST = Settings(
    "last", 32, 16, word_dropout=0.0, embedding_dropout=0.0, dropout=0.0, epochs=14, rate=0.02, weight_decay=0.0,
    longest=20,
)  # fmt: skip


class Buckets:
    """Give batches of sentences of nearly equal length, in random order; anew after the last one."""

    def __init__(
        self, rows: Sequence[Array], labels: Array, batch: int, rng: np.random.Generator, blur: float = 1.0
    ) -> None:
        """Begin at the beginning of a pass.

        Args:
            rows: sentences as numbers.
            labels: (N,).
            batch: B; the last batch of a pass may be smaller.
            rng: for the order.
            blur: lengths are changed by up to so much before sorting, so that batches differ from pass to pass.

        Raises:
            ValueError: there is no sentence, another number of labels, or batch is below 1.
        """
        if not len(rows) or len(rows) != len(labels):
            raise ValueError(
                f"rows must hold sentences, and labels as many, got {len(rows)} and {len(labels)}"
            )
        if batch < 1:
            raise ValueError(f"batch must be 1 or more, got {batch}")
        self.rows, self.labels, self.batch, self.rng, self.blur = rows, labels, batch, rng, blur
        self._lengths = np.array([len(row) for row in rows])
        self._left: list[Array] = []

    @property
    def steps(self) -> int:
        """The batches in a pass."""
        return -(-len(self.rows) // self.batch)

    def draw(self) -> Batch:
        """Return the next batch."""
        if not self._left:
            order = np.argsort(self._lengths + self.rng.uniform(-self.blur, self.blur, len(self.rows)))
            groups = [order[i : i + self.batch] for i in range(0, len(order), self.batch)]
            self._left = [groups[i] for i in self.rng.permutation(len(groups))]
        chosen = self._left.pop()
        x, lengths = pad([self.rows[i] for i in chosen])
        return torch.from_numpy(x), torch.from_numpy(lengths), torch.from_numpy(self.labels[chosen])


def fresh_classifier(data: Corpus, settings: Settings, seed: int) -> Classifier:
    """Return a network for a corpus with its first weights; PyTorch's global generator is left as it was."""
    vectors = None if data.vectors is None else torch.from_numpy(data.vectors) * settings.vector_scale
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Classifier(
            len(data.vocabulary), settings.embedding_size, settings.hidden_size, data.classes,
            pooling=settings.pooling, word_dropout=settings.word_dropout,
            embedding_dropout=settings.embedding_dropout, dropout=settings.dropout, vectors=vectors,
        )  # fmt: skip
    if settings.longest:
        for layer in filter(None, (model.forward_layer, model.backward_layer)):
            chrono_(layer, settings.longest, torch.Generator().manual_seed(seed))
    return model


def learn(
    data: Corpus,
    settings: Settings,
    seed: int,
    *,
    class_weights: Sequence[float] | None = None,
    progress: str | None = None,
) -> tuple[Classifier, History]:
    """Train a fresh network; it ends with the weights that had the lowest loss on the validation part.

    Args:
        data: a corpus.
        settings: its settings.
        seed: of the weights, of dropout and of the order of the batches.
        class_weights: (C,), how much an error on each class counts; None is equal.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: seed is no whole number from 0 on, or class_weights are not one number above 0 a class.
    """
    whole_number("seed", seed, 0)
    if class_weights is not None and (len(class_weights) != data.classes or not min(class_weights) > 0):
        raise ValueError(f"class_weights must be {data.classes} numbers above 0, got {tuple(class_weights)}")
    model = fresh_classifier(data, settings, seed)
    buckets = Buckets(data.rows["train"], data.labels["train"], settings.batch, np.random.default_rng(seed))
    weights = None if class_weights is None else torch.tensor(class_weights, dtype=torch.float32)

    def loss(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        x, lengths, y = batch
        scores = model(x, lengths)
        return cross_entropy(scores, y, weight=weights), scores

    def validate(model: nn.Module) -> float:
        p, y = probabilities(model, data.rows["validation"]), data.labels["validation"]
        return float(-np.log(np.maximum(p[np.arange(len(y)), y], 1e-12)).mean())

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        history = fit(
            model, buckets.draw, loss, steps=settings.epochs * buckets.steps, rate=settings.rate,
            weight_decay=settings.weight_decay, validate=validate, every=buckets.steps // 2 + 1, progress=progress,
        )  # fmt: skip
    return model, history


def probabilities(model: nn.Module, rows: Sequence[Array], batch: int = 256) -> Array:
    """Return the probability of each class for each sentence, (N, C), with dropout off.

    Raises:
        ValueError: there is no sentence.
    """
    if not len(rows):
        raise ValueError("rows must hold at least one sentence, got none")
    order = np.argsort([len(row) for row in rows], kind="stable")  # little padding
    training, parts = model.training, []
    model.eval()
    with torch.no_grad():
        for i in range(0, len(order), batch):
            x, lengths = pad([rows[k] for k in order[i : i + batch]])
            parts.append(model(torch.from_numpy(x), torch.from_numpy(lengths)).softmax(-1).numpy())
    model.train(training)
    p = np.concatenate(parts)
    found: Array = np.empty_like(p)
    found[order] = p
    return found
