"""Lists of dates in English words, to be written in figures; for every figure the word behind it is known.

    the ninth of may nineteen eighty four and july first two thousand three  ->  19840509,20030701

A date has one of three orders: day, month, year; month, day, year; year, month, day. The figures always have the order
of ISO 8601 in its basic format: year, month, day. So the way from word to figure goes back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.task import generator, whole_number

Array = NDArray[Any]
Spelt = list[tuple[str, str]]  # words, each with the figures that it stands for


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ONES = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = _listed("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
NTH = _listed(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
MONTHS = _listed("january february march april may june july august september october november december")
ORDERS = ("day month year", "month day year", "year month day")
BETWEEN, SEPARATOR = "and", ","

#: The words of the sources by their numbers. Word 0 is the padding.
WORDS = (
    *("", BETWEEN, "the", "of", "oh", "hundred", "thousand"),
    *(*ONES[1:], *TENS[2:], *NTH[1:], "twentieth", "thirtieth", *MONTHS),
)
#: The symbols of the targets by their numbers: padding, what stands before the first figure, the end, the rest.
FIGURES = ("", "<", ">", SEPARATOR, *"0123456789")
PAD, BEGIN, END = 0, 1, 2
#: The number of the word between two dates.
JOIN = WORDS.index(BETWEEN)
_WORD = {word: k for k, word in enumerate(WORDS)}
_FIGURE = {figure: k for k, figure in enumerate(FIGURES)}

#: The first and the last day that occur.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
#: Which days are in which part: by the last digit of the day's number in the calendar.
SPLITS = {"train": (1, 2, 4, 5, 6, 7, 8, 9), "validation": (0,), "test": (3,)}


class Spelling(NamedTuple):
    """A date in words and figures.

    Attributes:
        words: of the source.
        figures: eight of them.
        alignment: for each figure the place, from 0 on, of the word that it stands for.
    """

    words: tuple[str, ...]
    figures: str
    alignment: tuple[int, ...]


class Pairs(NamedTuple):
    """Sources and targets side by side, filled up at their ends.

    Attributes:
        source: (S, B), words by their numbers, then 0.
        source_lengths: (B,).
        target: (T, B), figures by their numbers, then ``END``, then 0.
        target_lengths: (B,), with the end.
        alignment: (T, B), the place in the source that each symbol stands for; -1 for the end and after it.
    """

    source: Array
    source_lengths: Array
    target: Array
    target_lengths: Array
    alignment: Array


def spell_year(year: int) -> Spelt:
    """Return the words of a year from 1900 to 2099, each with its figures.

    Raises:
        TypeError: year is no whole number. ValueError: it is not from 1900 to 2099.
    """
    _within("year", year, FIRST_DAY.year, LAST_DAY.year)
    century, rest = ("nineteen", "19") if year < 2000 else ("twenty", "20"), year % 100
    if 2000 <= year < 2010:
        return [("two", "2"), ("thousand", "00" if rest else "000"), *_ones(rest)]
    if rest == 0:
        return [century, ("hundred", "00")]
    if rest < 10:
        return [century, ("oh", "0"), *_ones(rest)]
    if rest < 20:
        return [century, (ONES[rest], str(rest))]
    return [century, (TENS[rest // 10], str(rest // 10) if rest % 10 else str(rest)), *_ones(rest % 10)]


def _within(name: str, value: int, first: int, last: int) -> None:
    if whole_number(name, value, first) > last:
        raise ValueError(f"{name} must be from {first} to {last}, got {value}")


def _ones(number: int) -> Spelt:
    return [(ONES[number], str(number))] if number else []


def spell_day(day: int) -> Spelt:
    """Return the words of a day of the month, each with its figures.

    Raises:
        TypeError: day is no whole number. ValueError: it is not from 1 to 31.
    """
    _within("day", day, 1, 31)
    if day < 20:
        return [(NTH[day], f"{day:02}")]
    if day % 10 == 0:
        return [(TENS[day // 10].replace("y", "ieth"), str(day))]
    return [(TENS[day // 10], str(day // 10)), (NTH[day % 10], str(day % 10))]


@cache  # 73,049 days in three orders at the most
def spell(day: date, order: str) -> Spelling:
    """Spell a date.

    Raises:
        ValueError: the day is not from 1900 to 2099, or there is no such order.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"day must be from {FIRST_DAY} to {LAST_DAY}, got {day}")
    if order not in ORDERS:
        raise ValueError(f"order must be one of {list(ORDERS)}, got {order!r}")
    parts = {
        "year": spell_year(day.year),
        "month": [(MONTHS[day.month - 1], f"{day.month:02}")],
        "day": spell_day(day.day),
    }
    if order == "day month year":
        parts["day"] = [("the", ""), *parts["day"], ("of", "")]
    words: list[str] = []
    begins = {}
    for name in order.split():
        begins[name] = len(words)
        words += [word for word, _ in parts[name]]
    spelt = [(begins[name] + k, figures) for name in parts for k, (_, figures) in enumerate(parts[name])]
    return Spelling(
        tuple(words),
        "".join(figures for _, figures in spelt),
        tuple(place for place, figures in spelt for _ in figures),
    )


def encode(lists: Sequence[Sequence[Spelling]]) -> Pairs:
    """Return lists of dates as arrays: the dates of a list are joined by ``BETWEEN`` and ``SEPARATOR``.

    Raises:
        ValueError: there is no list, or one of them is empty.
    """
    if not lists or not all(lists):
        raise ValueError("lists must hold at least one list, and each at least one date, got an empty one")
    sources, targets, alignments = [], [], []
    for dates in lists:
        words, figures, alignment = list[int](), list[int](), list[int]()
        for k, date_ in enumerate(dates):
            if k:
                alignment.append(len(words))
                words.append(_WORD[BETWEEN])
                figures.append(_FIGURE[SEPARATOR])
            alignment += [len(words) + place for place in date_.alignment]
            words += [_WORD[word] for word in date_.words]
            figures += [_FIGURE[figure] for figure in date_.figures]
        sources.append(words)
        targets.append([*figures, END])
        alignments.append([*alignment, -1])
    lengths = (np.array([len(row) for row in rows]) for rows in (sources, targets))
    source_lengths, target_lengths = lengths
    return Pairs(_pad(sources, PAD), source_lengths, _pad(targets, PAD), target_lengths, _pad(alignments, -1))


def _pad(rows: Sequence[Sequence[int]], value: int) -> Array:
    columns = np.full((max(map(len, rows)), len(rows)), value, dtype=np.int64)
    for b, row in enumerate(rows):
        columns[: len(row), b] = row
    return columns


def draw(batch: int, dates: int, rng: np.random.Generator, split: str = "train") -> Pairs:
    """Draw lists of days, each in an order of its own.

    Args:
        batch: B.
        dates: so many dates in each list.
        rng: where they come from.
        split: whose days: "train", "validation" or "test". No day is in two of them.

    Raises:
        TypeError, ValueError: a number is not a whole number from 1 on, rng is no generator, or there is no such split.
    """
    count = whole_number("batch", batch, 1) * whole_number("dates", dates, 1)
    if split not in SPLITS:
        raise ValueError(f"split must be one of {list(SPLITS)}, got {split!r}")
    first, last = FIRST_DAY.toordinal() // 10 + 1, LAST_DAY.toordinal() // 10  # whole tens
    numbers = 10 * generator(rng).integers(first, last, size=count) + rng.choice(SPLITS[split], size=count)
    orders = rng.integers(len(ORDERS), size=count)
    spelt = [
        spell(date.fromordinal(n), ORDERS[k]) for n, k in zip(numbers.tolist(), orders.tolist(), strict=True)
    ]
    return encode([spelt[k : k + dates] for k in range(0, count, dates)])


def words_to_source(text: str) -> Array:
    """Return words that somebody has typed as a source (S, 1).

    Raises:
        ValueError: there is no word, or one that is not known; the message names it.
    """
    words = text.lower().replace("-", " ").replace(",", " ").split()
    if not words:
        raise ValueError("the text must hold at least one word, got none")
    for k, word in enumerate(words):
        if word not in _WORD:
            raise ValueError(f"the network has never read the word {word!r}, number {k + 1} of the text")
    return np.array([[_WORD[word]] for word in words])


def figures(symbols: Iterable[int]) -> str:
    """Return the symbols of one target as text, up to the end.

    Raises:
        TypeError, ValueError: a symbol is no whole number, or there is none of that number.
    """
    text = ""
    for symbol in symbols:
        _within("symbol", symbol, 0, len(FIGURES) - 1)
        if symbol in (PAD, END):
            break
        text += FIGURES[symbol]
    return text


def figure_names(symbols: Iterable[int]) -> list[str]:
    """Return each symbol of one target, the end as "end", up to it: for the axis of a picture."""
    names = list(figures(symbols))
    return [*names, "end"]


def words(source: Iterable[int]) -> list[str]:
    """Return the words of one source, without padding.

    Raises:
        TypeError, ValueError: an entry is no whole number, or there is no word of that number.
    """
    numbers = list(source)
    for number in numbers:
        _within("word", number, 0, len(WORDS) - 1)
    return [WORDS[number] for number in numbers if number != PAD]
