"""Pairs of English and French sentences: made once by a recipe, split by what is new in them, kept in the cache.

The test part holds new *combinations*: in each of its sentences stands an adjective with a noun, or a verb with an
object, that never stand together in the training part. Each single word stands there.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from lstm_lib.datasets import bilingual_grammar as grammar
from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets import made
from lstm_lib.datasets.bilingual_grammar import Drawer, Plan, Unsaid, realise
from lstm_lib.datasets.source import DataError

__all__ = ["HELD_OUT", "Pair", "Translation", "load_translation", "make_pairs"]

SIZES = {"train": 16_000, "validation": 500, "test": 1_500}
HELD_BACK = 0.1  # of all combinations, for the test; as many for the validation part
SEED = 15
MOST_STRANGE = 1000  # sentences in a row with unknown words, until it is told


class Pair(NamedTuple):
    """A sentence in English and in French, and what makes it hard: names of phenomena."""

    en: str
    fr: str
    marks: frozenset[str] = frozenset()


class Translation(NamedTuple):
    """Pairs in three parts. Every validation or test sentence has a combination that is new."""

    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]


def _combinations() -> list[tuple[str, str]]:
    """Return all pairs of adjective and noun, verb and object, that the grammar may draw, in a fixed order."""
    found: set[tuple[str, str]] = set()
    for noun in lexicon.BEINGS + lexicon.THINGS:
        being = noun in lexicon.BEINGS
        before = lexicon.BEFORE + (lexicon.BEFORE_BEINGS if being else lexicon.BEFORE_THINGS)
        behind = lexicon.BEHIND + (lexicon.BEHIND_BEINGS if being else lexicon.BEHIND_THINGS)
        verbs = lexicon.TRANSITIVE + (() if being else lexicon.GIVING)
        found |= {(word.en, noun.en) for word in before + behind + verbs}
    return sorted(found - lexicon.NEVER)


def _held_out() -> dict[str, frozenset[tuple[str, str]]]:
    every = _combinations()
    order = np.random.default_rng(SEED).permutation(len(every))
    count = round(HELD_BACK * len(every))
    return {
        part: frozenset(every[k] for k in order[i * count : (i + 1) * count])
        for i, part in enumerate(("test", "validation"))
    }


#: The combinations that are new in each part, in English: (adjective, noun) or (verb, object).
HELD_OUT = _held_out()


def make_pairs(
    part: str,
    count: int,
    seed: int = SEED,
    progress: str | None = None,
    known: frozenset[str] | None = None,
) -> list[Pair]:
    """Draw pairs of a part, no two of them with one English or one French sentence.

    Args:
        part: "train" (no combination of HELD_OUT), or "validation" or "test" (each with one of its own, none of the
            other's).
        count: so many.
        seed: of the plans.
        progress: the text beside the progress bar; None shows no bar.
        known: the only words that sentences may have, in lower case; None allows all.

    Raises:
        ValueError: there is no such part, count is below 1, or known has too few words.
    """
    if part not in SIZES:
        raise ValueError(f"part must be one of {list(SIZES)}, got {part!r}")
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    wanted = HELD_OUT.get(part, frozenset())
    never = frozenset().union(*HELD_OUT.values()) - wanted
    drawer = Drawer(np.random.default_rng([seed, list(SIZES).index(part)]), never)
    pairs: list[Pair] = []
    seen: set[str] = set()
    strange = 0
    with tqdm(total=count, desc=progress, unit="pair", disable=progress is None) as bar:
        while len(pairs) < count:
            plan = drawer.plan()
            if wanted and not grammar.pairs(plan) & wanted:
                continue
            pair = said(plan)
            if pair is None or pair.en in seen or pair.fr in seen:
                continue
            if known is not None and not _words([pair]) <= known:
                strange += 1
                if strange > MOST_STRANGE:
                    raise ValueError(f"known has too few words: {strange:,} sentences in a row have others")
                continue
            strange = 0
            seen |= {pair.en, pair.fr}
            pairs.append(pair)
            bar.update()
    return pairs


def _words(pairs: Sequence[Pair]) -> frozenset[str]:
    return frozenset(word for pair in pairs for word in re.findall(r"\w+", f"{pair.en} {pair.fr}".lower()))


def said(plan: Plan) -> Pair | None:
    """Return a plan in both languages, or None if pyrealb cannot say it."""
    try:
        return Pair(realise(plan, "en"), realise(plan, "fr"), plan.marks)
    except Unsaid:
        return None


def recipe() -> str:
    """Return the checksum of all that the pairs depend on: lexicon, grammar, this module, pyrealb."""
    digest = hashlib.sha256(importlib.metadata.version("pyrealb").encode())
    for module in (lexicon.__file__, grammar.__file__, __file__):
        digest.update(Path(module).read_text(encoding="utf-8").encode())
    return digest.hexdigest()


def load_translation(progress: str | None = "making sentence pairs") -> Translation:
    """Return the pairs of the lesson: 16,000 for training, 500 for validation, 1,500 for the test.

    The first call makes them, which takes about a minute, and keeps them in the cache under the checksum of their
    recipe. They are made anew when the recipe changes.

    Args:
        progress: the text beside the progress bar while they are made; None shows no bar.

    Raises:
        DataError: the cache cannot be written to, or the file in it is damaged; it says what to do.
    """

    def make(draft: Path) -> None:
        train = make_pairs("train", SIZES["train"], progress=progress)
        known = _words(train)
        rest = {part: make_pairs(part, SIZES[part], progress=progress, known=known) for part in HELD_OUT}
        _write(draft, {"train": train, "validation": rest["validation"], "test": rest["test"]})

    path = made.find("translation", recipe(), make, ".tsv")
    return Translation(**{part: tuple(pairs) for part, pairs in _read(path).items()})


def _write(path: Path, parts: dict[str, list[Pair]]) -> None:
    """Write pairs, a line each: part, marks, English, French."""
    lines = [
        f"{part}\t{';'.join(sorted(p.marks))}\t{p.en}\t{p.fr}\n"
        for part, pairs in parts.items()
        for p in pairs
    ]
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)


def _read(path: Path) -> dict[str, list[Pair]]:
    parts: dict[str, list[Pair]] = {part: [] for part in SIZES}
    for line in path.read_text(encoding="utf-8").splitlines():
        part, marks, en, fr = line.split("\t")
        parts[part].append(Pair(en, fr, frozenset(marks.split(";")) - {""}))
    if {part: len(pairs) for part, pairs in parts.items()} != SIZES:
        raise DataError(f"{path} is damaged: delete it, and it is made anew")
    return parts


def sides(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    """Return the English and the French sentences of pairs."""
    return [pair.en for pair in pairs], [pair.fr for pair in pairs]
