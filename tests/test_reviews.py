"""The film reviews: parts that share no film, what is read and what is left out; and their words."""

import bz2

import numpy as np
import pytest

from lstm_lib.datasets import reviews
from lstm_lib.datasets.reviews import Review


@pytest.fixture(scope="module")
def loaded():
    return reviews.load_reviews()


def packed(*rows):
    lines = ["category,text,movie_name,has_plot_and_reviews", *rows]
    return bz2.compress("\n".join(lines).encode())


def test_the_parts_have_the_sizes_that_are_told_and_share_no_film(loaded):
    parts = (loaded.train, loaded.validation, loaded.test)
    assert [len(part) for part in parts] == [8894, 1337, 2521]
    films = [{review.film for review in part} for part in parts]
    assert [len(group) for group in films] == [355, 51, 101]
    assert not films[0] & films[1]
    assert not films[0] & films[2]
    assert not films[1] & films[2]
    assert {review.label for part in parts for review in part} == {0, 1}
    assert round(np.mean([review.label for review in loaded.test]), 4) == 0.5526


def test_no_text_is_in_two_parts(loaded):
    texts = [review.text for part in (loaded.train, loaded.validation, loaded.test) for review in part]
    assert len(texts) == len(set(texts)) == 12_752


def test_a_plot_is_where_the_reviews_of_its_film_are(loaded):
    assert {part: len(plots) for part, plots in loaded.plots.items()} == {
        "train": 758,
        "validation": 112,
        "test": 213,
    }
    home = {review.film: part for part in loaded.plots for review in getattr(loaded, part)}
    shared = [(part, p.film) for part, plots in loaded.plots.items() for p in plots if p.film in home]
    assert len(shared) > 100
    assert all(home[film] == part for part, film in shared)
    films = [{plot.film for plot in plots} for plots in loaded.plots.values()]
    assert len(set.union(*films)) == sum(map(len, films))
    assert {plot.label for plots in loaded.plots.values() for plot in plots} == {reviews.PLOT}


def test_the_texts_do_not_print_themselves(loaded):
    assert repr(loaded) == "Reviews(train=8,894, validation=1,337, test=2,521)"


def test_rows_without_a_text_and_second_copies_are_left_out():
    rows = reviews.read(
        packed('fresh,"a, b",x,False', "rotten,c,y,False", "plot,,z,True", 'fresh,"a, b",y,False')
    )
    assert rows == [Review("a, b", "x", 1), Review("c", "y", 0)]


def test_a_split_by_film_is_the_same_each_time_and_another_with_another_seed():
    some = [Review(f"{film} {n}", film, n % 2) for film in "abcdefghijklmnopqrst" for n in range(3)]
    first, again, other = (reviews.split_by_film(some, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert [len({r.film for r in part}) for part in first.values()] == [14, 2, 4]
    assert sorted(r for part in first.values() for r in part) == sorted(some)


def test_a_random_split_leaks():
    some = [Review(f"{film} {n}", film, n % 2) for film in "abcdefghij" for n in range(10)]
    parts = reviews.split_at_random(some, (70, 10, 20))
    assert [len(part) for part in parts.values()] == [70, 10, 20]
    assert reviews.films_on_both_sides(parts["train"], parts["test"])
    by_film = reviews.split_by_film(some)
    assert not reviews.films_on_both_sides(by_film["train"], by_film["test"])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A long way home for a dog. He walks.", "A long way home for a dog."),
        ("Really? Then a man walks all the way home. End.", "Really? Then a man walks all the way home."),
        ("One sentence only", "One sentence only"),
        ("He lives at no. 4 in a small town! Then what?", "He lives at no. 4 in a small town!"),
    ],
)
def test_the_first_sentence_of_a_plot(text, first):
    assert reviews.first_sentence(text) == first


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reviews.first_sentence("  "), "text must hold a sentence, got an empty text"),
        (lambda: reviews.split_by_film([Review("a", "x", 1)]), "reviews must be of at least 10 films, got 1"),
        (
            lambda: reviews.split_at_random([Review("a", "x", 1)], (1, 1, 1)),
            r"sizes must add up to 1 reviews, got \(1, 1, 1\), together 3",
        ),
        (
            lambda: reviews.split_at_random([Review("a", "x", 1)], (3, -1, -1)),
            "sizes must be at least 0, got -1",
        ),
        (lambda: reviews.split_at_random([Review("a", "x", 1)], (1, 0)), "sizes must be three, of training,"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reviews.split_by_film("abc"), "reviews must hold Review, got 'a'"),
        (
            lambda: reviews.split_at_random([Review("a", "x", 1)], (0.5, 0.5, 0)),
            "sizes must be a whole number",
        ),
    ],
)
def test_input_of_another_kind_is_named(call, words):
    with pytest.raises(TypeError, match=words):
        call()
