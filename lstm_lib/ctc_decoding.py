"""From the probabilities of a CTC network to labels: the best path, prefix beam search, and a lexicon.

Sources: Graves, Fernández, Gomez and Schmidhuber (2006), *Connectionist temporal classification*, ICML (best path,
prefix search); Hannun, Maas, Jurafsky and Ng (2014), *First-pass large vocabulary continuous speech recognition using
bi-directional recurrent DNNs* (the beam).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Labels = tuple[int, ...]

SMALLEST = 10_000_000  # paths that `every_labelling` may walk


class Found(NamedTuple):
    """One labelling that a search has found, and the logarithm of its probability, as far as the search has seen it."""

    labels: Labels
    log_p: float


def collapse(path: Iterable[int], blank: int = 0) -> Labels:
    """Return the labels of a path: neighbours that are equal become one, then the blanks go."""
    labels, last = [], blank
    for symbol in path:
        if symbol not in (last, blank):
            labels.append(int(symbol))
        last = symbol
    return tuple(labels)


def best_path(log_p: ArrayLike, blank: int = 0) -> Labels:
    """Return the labels of the best path: the likeliest symbol at every step, collapsed ("greedy").

    Args:
        log_p: (T, K) logarithms of probabilities, or any scores.
        blank: the number of the blank.

    Raises:
        ValueError: log_p is not (T, K), or not of numbers.
    """
    return collapse(_checked(log_p, blank).argmax(axis=1).tolist(), blank)


def every_labelling(log_p: ArrayLike, blank: int = 0) -> dict[Labels, float]:
    """Return the probability of every labelling, by walking all K to the power of T paths: for small cases only.

    Raises:
        ValueError: log_p is not (T, K), or there are more than ten million paths.
    """
    p = np.exp(_checked(log_p, blank))
    T, K = p.shape
    if K**T > SMALLEST:
        raise ValueError(f"log_p must have at most {SMALLEST:,} paths, got {K} to the power of {T}")
    sums: dict[Labels, float] = {}
    for path in product(range(K), repeat=T):
        labels = collapse(path, blank)
        sums[labels] = sums.get(labels, 0.0) + math.prod(p[t, k] for t, k in enumerate(path))
    return sums


class Lexicon:
    """The words that may be said, as a tree of symbols: at each place it knows which symbols can follow.

    Attributes:
        space: the number of the symbol between words.
    """

    def __init__(self, words: Iterable[Sequence[int]], space: int) -> None:
        """Make the tree.

        Args:
            words: each a sequence of symbols without the space.
            space: the number of the symbol between words.

        Raises:
            ValueError: there is no word, an empty one, or one with a space in it.
        """
        self.space = space
        self._next: list[dict[int, int]] = [{}]
        self._whole: set[int] = set()
        for word in words:
            if not len(word) or space in word:
                raise ValueError(f"words must have symbols, and no space ({space}), got {list(word)}")
            place = 0
            for symbol in word:
                if symbol not in self._next[place]:
                    self._next[place][symbol] = len(self._next)
                    self._next.append({})
                place = self._next[place][symbol]
            self._whole.add(place)
        if not self._whole:
            raise ValueError("words must hold at least one word, got none")

    def step(self, place: int, symbol: int) -> int | None:
        """Return the place after a symbol, or None if it cannot follow. Place 0 is the beginning of a word."""
        if symbol == self.space:
            return 0 if place in self._whole else None
        return self._next[place].get(symbol)

    def ends(self, place: int) -> bool:
        """Tell whether a text may end at this place: a word is whole."""
        return place in self._whole


class _Anything:
    """A lexicon that allows everything."""

    def step(self, place: int, symbol: int) -> int:
        return 0

    def ends(self, place: int) -> bool:
        return True


class _Beam:
    """A prefix, and the probabilities of its paths: those that end with a blank, and those that do not."""

    __slots__ = ("blank", "label", "place")

    def __init__(self, place: int) -> None:
        self.blank = self.label = 0.0
        self.place = place


def prefix_beam(
    log_p: ArrayLike,
    width: int,
    lexicon: Lexicon | None = None,
    *,
    blank: int = 0,
    least: float = 0.0,
) -> list[Found]:
    """Return the likeliest labellings that a beam search finds, the best first, at most ``width`` of them.

    All paths of one prefix are added up, whatever its alignment. With a lexicon, only prefixes that can become
    words are kept, and only whole words are returned; none may be left, if the beam is narrow.

    Args:
        log_p: (T, K) logarithms of probabilities.
        width: so many prefixes are kept after each step.
        lexicon: the words that may be said; None allows everything.
        blank: the number of the blank.
        least: symbols below this probability are passed over at a step; it saves time.

    Raises:
        ValueError: log_p is not (T, K) logarithms of probabilities, or width is no whole number from 1 on.
    """
    p = np.exp(_checked(log_p, blank))
    if not isinstance(width, int | np.integer) or isinstance(width, bool) or width < 1:
        raise ValueError(f"width must be a whole number, at least 1, got {width!r}")
    if not np.allclose(p.sum(axis=1), 1, atol=1e-3):
        raise ValueError("log_p must be logarithms of probabilities: each step must add up to 1")
    words = lexicon or _Anything()
    beams: dict[Labels, _Beam] = {(): _Beam(0)}
    beams[()].blank = 1.0
    scale = 0.0  # logarithm of what the probabilities were divided by, so that they do not become 0
    for chances in p:
        p_blank = float(chances[blank])
        symbols = [(k, float(chances[k])) for k in np.flatnonzero(chances > least).tolist() if k != blank]
        grown: dict[Labels, _Beam] = {}
        for prefix, beam in beams.items():
            both = beam.blank + beam.label
            last = prefix[-1] if prefix else blank
            same = _at(grown, prefix, beam.place)
            same.blank += both * p_blank
            for k, p_k in symbols:
                if k == last:  # repeated it is the same letter; after a blank, a second one
                    same.label += beam.label * p_k
                    gain = beam.blank * p_k
                else:
                    gain = both * p_k
                if gain and (place := words.step(beam.place, k)) is not None:
                    _at(grown, (*prefix, k), place).label += gain
        order = sorted(grown, key=lambda prefix: -(grown[prefix].blank + grown[prefix].label))[:width]
        top = grown[order[0]].blank + grown[order[0]].label
        if not top:  # pragma: no cover - all that is left has the probability 0
            return []
        scale += math.log(top)
        beams = {prefix: grown[prefix] for prefix in order}
        for beam in beams.values():
            beam.blank, beam.label = beam.blank / top, beam.label / top
    return [
        Found(prefix, scale + math.log(beam.blank + beam.label))
        for prefix, beam in beams.items()
        if words.ends(beam.place) and beam.blank + beam.label > 0
    ]


def _at(beams: dict[Labels, _Beam], prefix: Labels, place: int) -> _Beam:
    if prefix not in beams:
        beams[prefix] = _Beam(place)
    return beams[prefix]


def _checked(log_p: ArrayLike, blank: int) -> Array:
    given = np.asarray(log_p, dtype=np.float64)
    if given.ndim != 2 or not given.size:
        raise ValueError(f"log_p must be (T, K), at least one step, got shape {given.shape}")
    if np.isnan(given).any():
        raise ValueError("log_p must hold numbers, got NaN")
    if not 0 <= blank < given.shape[1]:
        raise ValueError(f"blank must be from 0 to {given.shape[1] - 1}, got {blank}")
    return given
