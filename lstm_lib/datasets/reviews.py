"""Film reviews of one sentence, fresh or rotten, split by film; and the plots of films."""

from __future__ import annotations

import bz2
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_lib.datasets import source
from lstm_lib.datasets.source import Card
from lstm_lib.datasets.task import whole_number

ROTTEN, FRESH, PLOT = 0, 1, 2
CLASSES = ("rotten", "fresh", "plot")


class Review(NamedTuple):
    """A text about a film. label: 0 rotten, 1 fresh, 2 for the first sentence of a plot."""

    text: str
    film: str
    label: int


@dataclass(frozen=True, repr=False)
class Reviews:
    """Reviews in three parts, so that no film is in two of them, and plots in the same three parts.

    train: 8,894 reviews of 355 films. validation: 1,337 of 51. test: 2,521 of 101. Labels are 0 (rotten) and 1 (fresh).
    plots: the parts by name; for each film that has a plot, its first sentence with the label 2. A film that has both a
    plot and reviews is in one part with both.
    card: what the texts are, their licence and their source.
    """

    train: tuple[Review, ...]
    validation: tuple[Review, ...]
    test: tuple[Review, ...]
    plots: dict[str, tuple[Review, ...]]
    card: Card

    def __repr__(self) -> str:  # the generated one would print all texts
        sizes = (len(self.train), len(self.validation), len(self.test))
        return "Reviews(train={:,}, validation={:,}, test={:,})".format(*sizes)


def split_by_film(reviews: Sequence[Review], seed: int = 0) -> dict[str, tuple[Review, ...]]:
    """Return the parts train, validation and test of the reviews: a fifth of the films, a tenth, and the others.

    The films are shuffled and the first fifth is the test part, so all reviews of a film are in one part.

    Args:
        reviews: of at least ten films.
        seed: of the shuffle; 0 is the split of the course.

    Raises:
        TypeError: something else is among the reviews. ValueError: there are fewer than ten films.
    """
    for review in reviews:
        if not isinstance(review, Review):
            raise TypeError(f"reviews must hold Review, got {review!r}")
    whole_number("seed", seed, 0)
    films = sorted({review.film for review in reviews})
    if (n := len(films)) < 10:
        raise ValueError(f"reviews must be of at least 10 films, got {n}")
    # NumPy promises that this older generator gives the same numbers for ever; the split must never change.
    order = np.random.RandomState(seed).permutation(n)
    shuffled = [films[i] for i in order]
    ends = int(0.2 * n), int(0.3 * n)
    groups = {
        "train": set(shuffled[ends[1] :]),
        "validation": set(shuffled[ends[0] : ends[1]]),
        "test": set(shuffled[: ends[0]]),
    }
    return {part: tuple(r for r in reviews if r.film in group) for part, group in groups.items()}


def split_at_random(
    reviews: Sequence[Review], sizes: tuple[int, int, int], seed: int = 0
) -> dict[str, tuple[Review, ...]]:
    """Return parts of these sizes that pay no heed to films: what is to be compared with, never to be used.

    Raises:
        TypeError, ValueError: the sizes are not three whole numbers from 0 on that add up to the number of reviews.
    """
    if len(sizes) != 3:
        raise ValueError(f"sizes must be three, of training, validation and test part, got {sizes}")
    for size in sizes:
        whole_number("sizes", size, 0)
    if sum(sizes) != len(reviews):
        raise ValueError(f"sizes must add up to {len(reviews)} reviews, got {sizes}, together {sum(sizes)}")
    shuffled = [reviews[i] for i in np.random.default_rng(seed).permutation(len(reviews))]
    a, b = sizes[0], sizes[0] + sizes[1]
    return {"train": tuple(shuffled[:a]), "validation": tuple(shuffled[a:b]), "test": tuple(shuffled[b:])}


def films_on_both_sides(train: Sequence[Review], test: Sequence[Review]) -> set[str]:
    """Return the films that have reviews in both parts."""
    return {review.film for review in train} & {review.film for review in test}


def first_sentence(text: str, at_least: int = 6) -> str:
    """Return the first sentence of a text; more than one if it has fewer words than ``at_least``.

    Raises:
        ValueError: the text is empty.
    """
    if not text.strip():
        raise ValueError("text must hold a sentence, got an empty text")
    pieces = re.split(r"(?<=[.!?])\s+(?=[\"A-Z])", text.strip())
    taken = pieces[0]
    for piece in pieces[1:]:
        if len(taken.split()) >= at_least:
            break
        taken = f"{taken} {piece}"
    return taken


def load_reviews() -> Reviews:
    """Return the reviews with their split and card. A text that occurs twice is kept once.

    Fetches the file first if it is not in the cache. Raises DataError, which says what to do, if that fails.
    """
    rows = read(source.fetch("reviews").read_bytes())
    reviews = [row for row in rows if row.label != PLOT]
    parts = split_by_film(reviews)
    home = {review.film: part for part, members in parts.items() for review in members}
    plots = [Review(first_sentence(row.text), row.film, PLOT) for row in rows if row.label == PLOT]
    alone = split_by_film([plot for plot in plots if plot.film not in home])
    joined = {
        part: tuple(plot for plot in plots if home.get(plot.film) == part) + alone[part] for part in parts
    }
    return Reviews(
        parts["train"], parts["validation"], parts["test"], plots=joined, card=source.find("reviews")
    )


def read(packed: bytes) -> list[Review]:
    """Return the different texts in a file as it is published: bz2, CSV. Rows without a text are left out."""
    file = io.StringIO(bz2.decompress(packed).decode("utf-8"), newline="")
    kinds = {name: label for label, name in enumerate(CLASSES)}
    found: dict[str, Review] = {}
    for row in csv.DictReader(file):
        if row["text"].strip():
            found.setdefault(row["text"], Review(row["text"], row["movie_name"], kinds[row["category"]]))
    return list(found.values())
