"""English to French with an encoder and a decoder: words, batches, training and greedy search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.review_words import WordVocabulary, pad
from lstm_lib.datasets.translation import Pair
from lstm_lib.decoding import greedy
from lstm_lib.nn.seq2seq import Seq2Seq, shifted
from lstm_lib.nn.translation_transformer import TransformerTranslator
from lstm_lib.training import History, fit

Translator = Seq2Seq | TransformerTranslator
END = "<end>"
PADDING = 0
LONGEST = 60  # words of a translation at the most

# A French word ends with its apostrophe (l', n'), and what hangs on a verb begins with its hyphen (-il, -t).
_WORD = re.compile(r"\w+['’]|-?\w+|[^\w\s]")


def words_of(text: str) -> list[str]:
    """Return the words and marks of a sentence in lower case: "L'ours a-t-il ri?" -> l', ours, a, -t, -il, ri, "?".

    Raises:
        TypeError: text is no str.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
    return _WORD.findall(text.lower().replace("’", "'"))


def text_of(words: Sequence[str]) -> str:
    """Return words as a sentence, as they are written: the other way round of ``words_of``, with a capital."""
    text = re.sub(r"' ", "'", " ".join(words))
    text = re.sub(r" (?=[-.,?!;:])", "", text)
    return text[:1].upper() + text[1:]


class Languages(NamedTuple):
    """The words of both sides, made from the training part."""

    source: WordVocabulary
    target: WordVocabulary


def languages(pairs: Sequence[Pair], at_least: int = 1) -> Languages:
    """Return the vocabularies of pairs; the target's has END, which is also what stands before the first word.

    Raises:
        ValueError: no word occurs that often.
    """
    return Languages(
        WordVocabulary([words_of(pair.en) for pair in pairs], at_least),
        WordVocabulary([[*words_of(pair.fr), END] for pair in pairs], at_least),
    )


@dataclass(frozen=True)
class Recipe:
    """How a translator is made and trained; chosen on the validation part, with seeds of 100 and more.

    Attributes:
        attention: of ``Seq2Seq``, or "Transformer".
        embedding_size, hidden_size, dropout: of ``Seq2Seq``; a Transformer has hidden_size numbers a position.
        layers: of a Transformer.
        steps, rate, weight_decay, batch: of the training.
        curriculum: so large a part of the training passes until the longest sentences come in; 0 shows all at once.
    """

    attention: str = "scaled"
    embedding_size: int = 96
    hidden_size: int = 192
    dropout: float = 0.1
    layers: int = 2
    steps: int = 1200
    rate: float = 0.008
    weight_decay: float = 0.01
    batch: int = 64
    curriculum: float = 0.0


RECIPE = Recipe()
#: All have the same updates. Each has the best of its rates on the validation part, which lies between two worse ones.
RECIPES = {
    "scaled": RECIPE,
    "bilinear": Recipe(attention="bilinear", rate=0.006),
    "additive": Recipe(attention="additive"),
    "none": Recipe(attention="none"),
    "Transformer": Recipe(attention="Transformer", hidden_size=128, rate=0.004),
}


class Buckets:
    """Batches of pairs whose sides are of nearly equal length, in random order; the short ones first, if wanted."""

    def __init__(
        self, pairs: Sequence[Pair], known: Languages, recipe: Recipe, rng: np.random.Generator
    ) -> None:
        """Encode all pairs.

        Raises:
            ValueError: there is no pair.
        """
        if not len(pairs):
            raise ValueError("pairs must hold at least one pair, got none")
        end = known.target.encode([END])
        self.source = [known.source.encode(words_of(pair.en)) for pair in pairs]
        self.target = [np.concatenate([known.target.encode(words_of(pair.fr)), end]) for pair in pairs]
        self._lengths = np.array(
            [len(t) + len(s) / 100 for s, t in zip(self.source, self.target, strict=True)]
        )
        self.recipe, self.rng, self.drawn = recipe, rng, 0
        self._left: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return sources (S, B), their lengths (B,) and targets (T, B), padded with 0."""
        if not self._left:
            part = min(1.0, 0.3 + 0.7 * self.drawn / max(1.0, self.recipe.curriculum * self.recipe.steps))
            order = np.argsort(self._lengths + self.rng.uniform(-0.5, 0.5, len(self._lengths)))
            if self.recipe.curriculum:
                order = order[: max(self.recipe.batch, int(part * len(order)))]
            groups = [order[k : k + self.recipe.batch] for k in range(0, len(order), self.recipe.batch)]
            self._left = [groups[k] for k in self.rng.permutation(len(groups))]
        chosen = self._left.pop()
        self.drawn += 1
        x, lengths = pad([self.source[k] for k in chosen])
        y, _ = pad([self.target[k] for k in chosen])
        return torch.from_numpy(x), torch.from_numpy(lengths), torch.from_numpy(y)


def fresh_translator(known: Languages, seed: int, recipe: Recipe = RECIPE) -> Translator:
    """Return a translator with its first weights; PyTorch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if recipe.attention == "Transformer":
            return TransformerTranslator(
                len(known.source),
                len(known.target),
                recipe.hidden_size,
                layers=recipe.layers,
                dropout=recipe.dropout,
            )
        return Seq2Seq(
            len(known.source), len(known.target), recipe.embedding_size, recipe.hidden_size, recipe.attention,
            dropout=recipe.dropout,
        )  # fmt: skip


def learn(
    pairs: Sequence[Pair], known: Languages, seed: int, recipe: Recipe = RECIPE, progress: str | None = None
) -> tuple[Translator, History]:
    """Train a translator with teacher forcing: at each step it is shown the right words so far.

    Args:
        pairs: the training part.
        known: its words.
        seed: of the first weights, the batches and the dropout.
        recipe: how.
        progress: the text beside the progress bar; None shows no bar.
    """
    buckets = Buckets(pairs, known, recipe, np.random.default_rng(seed))
    begin = int(known.target.encode([END])[0])
    model = fresh_translator(known, seed, recipe)

    def loss(net: nn.Module, batch: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        x, lengths, y = batch
        logits = net(x, shifted(y, begin), lengths).logits
        return cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=PADDING), logits

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        history = fit(
            model, buckets.draw, loss, steps=recipe.steps, rate=recipe.rate, weight_decay=recipe.weight_decay,
            warm_up=max(1, recipe.steps // 20), progress=progress,
        )  # fmt: skip
    return model, history


class Translated(NamedTuple):
    """What a translator has written: words, and where each looked, (words and END, source words), or None."""

    words: tuple[str, ...]
    weights: np.ndarray[tuple[int, int], np.dtype[np.float32]] | None


@torch.no_grad()
def translate(
    model: Translator, known: Languages, sentences: Sequence[str], batch: int = 250
) -> list[Translated]:
    """Return the translations of English sentences, word by word the likeliest.

    Raises:
        TypeError: sentences is one text instead of several.
        ValueError: a sentence has no word.
    """
    if isinstance(sentences, str):
        raise TypeError(f"sentences must be a list of texts, got one text, {sentences!r:.40}: write [text]")
    rows = [known.source.encode(words_of(sentence)) for sentence in sentences]
    order = np.argsort([len(row) for row in rows])
    end = int(known.target.encode([END])[0])
    found: dict[int, Translated] = {}
    for k in range(0, len(rows), batch):
        chosen = order[k : k + batch]
        x, lengths = pad([rows[i] for i in chosen])
        memory = model.encode(torch.from_numpy(x), torch.from_numpy(lengths))
        written = greedy(model, memory, begin=end, end=end, max_steps=LONGEST)
        for j, i in enumerate(chosen):
            length = int(written.lengths[j])
            symbols = written.symbols[:length, j].tolist()
            looked = None if written.weights is None else written.weights[j, :length, : lengths[j]].numpy()
            words = tuple(known.target.words[s] for s in symbols if s != end)
            found[int(i)] = Translated(words, looked)
    return [found[k] for k in range(len(rows))]


def texts(translated: Sequence[Translated]) -> list[str]:
    """Return translations as sentences."""
    return [text_of(one.words) for one in translated]
