"""The embedded Reber grammar: one string (Hochreiter and Schmidhuber 1997) or an endless text (Gers et al. 2000).

A Reber string is a walk along arrows that carry symbols; where two arrows leave a node, each is taken half of the
time. An embedded one is B, then T or P, then a Reber string, then the same T or P again, then E. So the symbol before
the last must be remembered over a whole Reber string, whose length nobody knows beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import (
    Batch,
    Criterion,
    Kind,
    Task,
    Verdict,
    checked_output,
    generator,
    inside,
    whole_number,
)

Array = NDArray[Any]

#: The symbols by their numbers.
SYMBOLS = "BTPSXVE"
#: The Reber grammar: node -> the arrows that leave it, as (symbol, next node). Node 7 is the end.
ARROWS: dict[int, tuple[tuple[str, int], ...]] = {
    0: (("B", 1),),
    1: (("T", 2), ("P", 3)),
    2: (("S", 2), ("X", 4)),
    3: (("T", 3), ("V", 5)),
    4: (("X", 3), ("S", 6)),
    5: (("P", 4), ("V", 6)),
    6: (("E", 7),),
}


def _embedded() -> dict[int, tuple[tuple[str, int], ...]]:
    """Return the arrows of the embedded grammar: two copies of the Reber grammar between a beginning and an end.

    Nodes: 0 and 1 at the beginning; 2 + n for node n of the copy behind T and 10 + n of the copy behind P, whose last
    nodes, 9 and 17, want the same symbol again; 18 before the last E. After it comes node 0 again.
    """
    arrows = {0: (("B", 1),), 1: (("T", 2), ("P", 10)), 18: (("E", 0),)}
    for symbol, shift in (("T", 2), ("P", 10)):
        arrows |= {
            shift + node: tuple((s, shift + after) for s, after in leaving)
            for node, leaving in ARROWS.items()
        }
        arrows[shift + 7] = ((symbol, 18),)
    return arrows


_NODES = dict(sorted(_embedded().items()))
# Two arrows for every node; a single one stands there twice.
_SYMBOL = np.array([[SYMBOLS.index(leaving[k][0]) for k in (0, -1)] for leaving in _NODES.values()])
_AFTER = np.array([[leaving[k][1] for k in (0, -1)] for leaving in _NODES.values()])
_LEGAL = np.zeros((len(_NODES), len(SYMBOLS)), bool)
np.put_along_axis(_LEGAL, _SYMBOL, True, axis=1)


class Stream(NamedTuple):
    """A piece of endless texts: x (T, B); target (T, B), the symbol after each; legal (T, B, 7), those that may be."""

    x: Array
    target: Array
    legal: Array


def _walk(node: Array, steps: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Walk on from the nodes (B,): symbols (steps, B), the nodes they leave (steps, B), and the last nodes (B,)."""
    choices = rng.integers(2, size=(steps, len(node)))
    symbols, nodes = np.empty_like(choices), np.empty_like(choices)
    for t in range(steps):
        nodes[t], symbols[t] = node, _SYMBOL[node, choices[t]]
        node = _AFTER[node, choices[t]]
    return symbols, nodes, node


def _strings(batch: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return whole strings: symbols (L, batch), the nodes they leave (L, batch), and the lengths (batch,)."""
    symbols, nodes, node = _walk(np.zeros(batch, np.int64), 16, rng)
    ended = (nodes == 18).any(axis=0)
    while not ended.all():  # most strings are over after 16 symbols, but there is no longest one
        more_symbols, more_nodes, node = _walk(node, 16, rng)
        symbols, nodes = np.concatenate([symbols, more_symbols]), np.concatenate([nodes, more_nodes])
        ended = (nodes == 18).any(axis=0)
    lengths: Array = (nodes == 18).argmax(axis=0) + 1
    return symbols, nodes, lengths


@dataclass(frozen=True)
class EmbeddedReber(Task):
    """Predict every next symbol of an embedded Reber string. Draws strings afresh; see ``sets`` for the paper's way."""

    symbols = len(SYMBOLS)
    input_size = 1
    output_size = len(SYMBOLS)
    kind: ClassVar[Kind] = "next"
    criterion = Criterion(512, fresh=True)

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Draw strings without their last symbol: x (T', batch), target (T', batch), truth (T', batch, 7).

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        whole_number("batch", batch, 1)
        return _batch(*_strings(batch, generator(rng)))

    def judge(self, output: Array, batch: Batch) -> Verdict:
        """Judge probabilities (T', B, 7): wrong where, at any step, a symbol that may come next is not above
        all that may not. The error is the probability of all that may not, the largest over the steps.
        """
        p = checked_output(output, batch.truth.shape, self.kind)
        steps = inside(batch.lengths, len(p))
        least = np.where(batch.truth, p, np.inf).min(axis=2)  # the least of those that may come
        most = np.where(batch.truth, -np.inf, p).max(axis=2)
        wasted = np.where(batch.truth, 0, p).sum(axis=2)
        return Verdict(np.where(steps, wasted, 0).max(axis=0), (steps & ~(least > most)).any(axis=0))


@dataclass(frozen=True)
class EmbeddedReberSets(EmbeddedReber):
    """The paper's way: 256 strings to learn from, 256 others to be tested on. Made by ``sets``.

    ``draw`` picks from the training strings. The task is solved when all strings of both sets are predicted.

    Attributes:
        training, test: lists of strings.
    """

    training: tuple[str, ...]
    test: tuple[str, ...]

    def draw(self, batch: int, rng: np.random.Generator) -> Batch:
        """Pick training strings at random; the arrays are those of ``EmbeddedReber.draw``."""
        whole_number("batch", batch, 1)
        return encode([self.training[k] for k in generator(rng).integers(len(self.training), size=batch)])

    def examination(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Give all strings of both sets."""
        yield encode([*self.training, *self.test])


def sets(rng: np.random.Generator, training: int = 256, test: int = 256) -> EmbeddedReberSets:
    """Draw training strings, which may repeat, and test strings, none of which is among them.

    Raises:
        TypeError, ValueError: a number is not a whole number from 1 on, or rng is no generator.
    """
    first = _texts(whole_number("training", training, 1), generator(rng))
    known, others = set(first), list[str]()
    while len(others) < whole_number("test", test, 1):
        others += [text for text in _texts(test, rng) if text not in known]
    return EmbeddedReberSets(tuple(first), tuple(others[:test]))


def encode(strings: list[str]) -> Batch:
    """Return embedded Reber strings such as "BTBTXSETE" as a batch.

    Raises:
        ValueError: there is no string, or one is not a string of the grammar; the message names the place.
    """
    if not strings:
        raise ValueError("strings must hold at least one string, got none")
    lengths = np.array([len(string) for string in strings])
    symbols, nodes = (np.zeros((max(lengths.max(), 1), len(strings)), np.int64) for _ in range(2))
    for b, string in enumerate(strings):
        node = 0
        for t, symbol in enumerate(string):
            after = dict(_NODES[node]).get(symbol)
            if after is None or (t > 0 and node == 0):
                expected = "its end" if t > 0 and node == 0 else " or ".join(dict(_NODES[node]))
                raise ValueError(
                    f"strings[{b}] = {string!r} has {symbol!r} at {t}, where {expected} must come"
                )
            symbols[t, b], nodes[t, b], node = SYMBOLS.index(symbol), node, after
        if not string or node != 0:
            raise ValueError(f"strings[{b}] = {string!r} ends before its end: an embedded string ends in E")
    return _batch(symbols, nodes, lengths)


def _texts(count: int, rng: np.random.Generator) -> list[str]:
    symbols, _, lengths = _strings(count, rng)
    return ["".join(SYMBOLS[s] for s in symbols[:n, b]) for b, n in enumerate(lengths)]


def _batch(symbols: Array, nodes: Array, lengths: Array) -> Batch:
    """Return a batch from whole strings: each step predicts the next symbol, so the last symbol is no input."""
    steps = int(lengths.max()) - 1
    x, target, truth = symbols[:steps].copy(), symbols[1 : steps + 1].copy(), _LEGAL[nodes[1 : steps + 1]]
    outside = ~inside(lengths - 1, steps)
    x[outside], target[outside], truth[outside] = 0, -1, False
    return Batch(x, lengths - 1, target, truth)


class ContinualReber:
    """Embedded Reber strings one after the other, with nothing that says where one ends (Gers et al. 2000, section 4).

    It remembers where each text stands, so that one piece goes on where the last one ended.
    """

    symbols = len(SYMBOLS)
    output_size = len(SYMBOLS)

    def __init__(self, batch: int, rng: np.random.Generator) -> None:
        """Begin ``batch`` endless texts, each with the first symbol of a string.

        Raises:
            TypeError, ValueError: batch is not a whole number from 1 on, or rng is no generator.
        """
        self.rng = generator(rng)
        self._last, _, self._node = _walk(np.zeros(whole_number("batch", batch, 1), np.int64), 1, rng)

    def read(self, steps: int) -> Stream:
        """Read on for so many steps.

        Raises:
            TypeError, ValueError: steps is not a whole number from 1 on.
        """
        symbols, nodes, self._node = _walk(self._node, whole_number("steps", steps, 1), self.rng)
        x = np.concatenate([self._last, symbols[:-1]])
        self._last = symbols[-1:]
        return Stream(x, symbols, _LEGAL[nodes])
