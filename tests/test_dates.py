"""Dates in words and figures: spelt as people do, aligned word by word, and split so that no day is in two parts."""

from datetime import date

import numpy as np
import pytest

from lstm_lib.datasets import dates
from lstm_lib.datasets.dates import FIGURES, ORDERS, WORDS, draw, encode, figures, spell, words_to_source

MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


@pytest.mark.parametrize(
    ("day", "order", "words", "figures", "behind"),
    [
        (
            date(1984, 5, 9), ORDERS[0], "the ninth of may nineteen eighty four", "19840509",
            "nineteen nineteen eighty four may may ninth ninth",
        ),
        (
            date(2003, 7, 1), ORDERS[1], "july first two thousand three", "20030701",
            "two thousand thousand three july july first first",
        ),
        (
            date(2021, 12, 31), ORDERS[2], "twenty twenty one december thirty first", "20211231",
            "twenty twenty twenty one december december thirty first",
        ),
        (date(2000, 2, 29), ORDERS[1], "february twenty ninth two thousand", "20000229",
         "two thousand thousand thousand february february twenty ninth"),
        (date(1900, 1, 20), ORDERS[1], "january twentieth nineteen hundred", "19000120",
         "nineteen nineteen hundred hundred january january twentieth twentieth"),
        (date(1905, 10, 30), ORDERS[1], "october thirtieth nineteen oh five", "19051030",
         "nineteen nineteen oh five october october thirtieth thirtieth"),
        (date(2013, 8, 12), ORDERS[2], "twenty thirteen august twelfth", "20130812",
         "twenty twenty thirteen thirteen august august twelfth twelfth"),
        (date(1980, 6, 22), ORDERS[2], "nineteen eighty june twenty second", "19800622",
         "nineteen nineteen eighty eighty june june twenty second"),
    ],
)  # fmt: skip
def test_dates_are_spelt_as_people_do(day, order, words, figures, behind):
    spelt = spell(day, order)
    assert " ".join(spelt.words) == words
    assert spelt.figures == figures
    assert " ".join(spelt.words[place] for place in spelt.alignment) == behind


@pytest.mark.parametrize("order", ORDERS)
def test_every_day_has_its_figures_and_only_known_words(order):
    for number in range(dates.FIRST_DAY.toordinal(), dates.LAST_DAY.toordinal() + 1, 17):
        day = date.fromordinal(number)
        spelt = spell(day, order)
        assert spelt.figures == day.strftime("%Y%m%d")
        assert len(spelt.alignment) == 8
        assert set(spelt.words) <= set(WORDS[1:])
        assert spelt.words[spelt.alignment[4]] == MONTH_NAMES[day.month - 1]


def test_two_days_are_never_spelt_alike():
    days = [date.fromordinal(n) for n in range(date(1998, 1, 1).toordinal(), date(2023, 1, 1).toordinal())]
    assert len({spell(day, order).words for day in days for order in ORDERS}) == 3 * len(days)


def test_all_words_are_used_and_none_is_there_twice():
    days = [date.fromordinal(n) for n in range(dates.FIRST_DAY.toordinal(), dates.LAST_DAY.toordinal(), 7)]
    used = {word for day in days for word in spell(day, ORDERS[0]).words}
    assert used | {"", "and"} == set(WORDS)
    assert len(set(WORDS)) == len(WORDS)


def test_lists_are_joined_and_padded():
    one, two = spell(date(2013, 8, 12), ORDERS[2]), spell(date(2003, 7, 1), ORDERS[1])
    pairs = encode([[one, two], [two]])
    assert dates.words(pairs.source[:, 0]) == [*one.words, "and", *two.words]
    assert figures(pairs.target[:, 0]) == "20130812,20030701"
    assert dates.figure_names(pairs.target[:, 1]) == [*"20030701", "end"]
    assert pairs.source_lengths.tolist() == [10, 5]
    assert pairs.target_lengths.tolist() == [18, 9]
    assert (pairs.source[5:, 1] == 0).all()
    assert (pairs.target[9:, 1] == 0).all()
    assert pairs.alignment[:9, 1].tolist() == [2, 3, 3, 4, 0, 0, 1, 1, -1]
    assert (pairs.alignment[9:, 1] == -1).all()
    assert pairs.alignment[8, 0] == 4
    assert WORDS[pairs.source[4, 0]] == "and"
    assert pairs.alignment[9:17, 0].tolist() == [5 + place for place in two.alignment]


@pytest.mark.parametrize("split", dates.SPLITS)
def test_a_list_has_days_of_its_part_alone(split):
    pairs = draw(200, 3, np.random.default_rng(0), split)
    assert (pairs.target_lengths == 27).all()
    seen = set()
    for column in pairs.target.T:
        for text in figures(column).split(","):
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            seen.add(day.toordinal() % 10)
    assert seen == set(dates.SPLITS[split])


def test_the_parts_share_no_day():
    digits = [digit for part in dates.SPLITS.values() for digit in part]
    assert sorted(digits) == list(range(10))


def test_all_orders_and_centuries_are_drawn():
    pairs = draw(3000, 1, np.random.default_rng(0))
    first = [WORDS[word] for word in pairs.source[0]]
    assert 0.28 < np.mean([word == "the" for word in first]) < 0.39
    assert 0.28 < np.mean([word in MONTH_NAMES for word in first]) < 0.39
    assert 0.45 < np.mean(pairs.target[0] == FIGURES.index("1")) < 0.55


def test_the_same_generator_draws_the_same():
    a, b = (draw(5, 2, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_the_word_between_two_dates_has_a_number():
    assert WORDS[dates.JOIN] == dates.BETWEEN == "and"
    assert (draw(4, 3, np.random.default_rng(0)).source == dates.JOIN).sum(axis=0).tolist() == [2] * 4


def test_typed_words_become_a_source():
    assert words_to_source("The ninth of May, nineteen eighty-four").shape == (7, 1)
    assert dates.words(words_to_source("May ninth")[:, 0]) == ["may", "ninth"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: spell(date(1899, 12, 31), ORDERS[0]),
            ValueError,
            "day must be from 1900-01-01 to 2099-12-31, got 1899-12-31",
        ),
        (lambda: spell(date(1950, 1, 1), "month"), ValueError, "order must be one of .* got 'month'"),
        (lambda: encode([]), ValueError, "at least one list"),
        (lambda: encode([[]]), ValueError, "each at least one date"),
        (lambda: draw(0, 1, np.random.default_rng(0)), ValueError, "batch must be at least 1, got 0"),
        (lambda: draw(1, 1.5, np.random.default_rng(0)), TypeError, r"dates must be .* got 1\.5"),
        (lambda: draw(1, 1, 0), TypeError, "rng must be a numpy.random.Generator"),
        (
            lambda: draw(1, 1, np.random.default_rng(0), "all"),
            ValueError,
            "split must be one of .* got 'all'",
        ),
        (lambda: dates.spell_year(1850), ValueError, "year must be at least 1900, got 1850"),
        (lambda: dates.spell_year(2100), ValueError, "year must be from 1900 to 2099, got 2100"),
        (lambda: dates.spell_day(45), ValueError, "day must be from 1 to 31, got 45"),
        (lambda: dates.spell_day(1.5), TypeError, r"day must be a whole number, at least 1, got 1\.5"),
        (lambda: figures([4, -1]), ValueError, "symbol must be at least 0, got -1"),
        (lambda: figures([99]), ValueError, "symbol must be from 0 to 13, got 99"),
        (lambda: dates.words([-1]), ValueError, "word must be at least 0, got -1"),
        (lambda: dates.words([1, 999]), ValueError, "word must be from 0 to .* got 999"),
        (lambda: words_to_source("  "), ValueError, "at least one word"),
        (
            lambda: words_to_source("may nineth"),
            ValueError,
            "has never read the word 'nineth', number 2 of the text",
        ),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
