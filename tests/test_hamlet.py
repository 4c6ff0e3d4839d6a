"""*Hamlet*: the whole text, its fixed split, its vocabulary."""

import hashlib

import numpy as np
import pytest

from lstm_lib.datasets import load_hamlet, source
from lstm_lib.datasets.hamlet import split

needs_text = pytest.mark.skipif(
    source.problem(source.find("hamlet")) is not None, reason="not fetched: run lstm-lib data fetch"
)


@pytest.fixture(scope="module")
def hamlet():
    return load_hamlet()


@needs_text
def test_the_three_pieces_are_the_whole_text_in_order(hamlet):
    assert [len(hamlet.train), len(hamlet.validation), len(hamlet.test)] == [149_775, 7_883, 17_518]
    text = hamlet.train + hamlet.validation + hamlet.test
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == hamlet.card.sha256
    assert text.startswith("\nThe Tragedy of Hamlet, Prince of Denmark\n")
    assert "To be, or not to be: that is the question" in hamlet.train
    assert "Alas, poor Yorick!" in hamlet.validation
    assert hamlet.test.endswith("after which a peal of ordnance is shot off")


@needs_text
def test_the_training_part_has_every_character(hamlet):
    assert len(hamlet.vocabulary) == 66
    assert hamlet.vocabulary.characters == "".join(sorted(set(hamlet.train)))
    assert set(hamlet.validation + hamlet.test) <= set(hamlet.train)
    assert "\r" not in hamlet.vocabulary


@needs_text
def test_encode_agrees_with_numpy_and_decode_brings_it_back(hamlet):
    for piece in (hamlet.train, hamlet.validation, hamlet.test):
        characters, places = np.unique(np.frombuffer(piece.encode("ascii"), np.uint8), return_inverse=True)
        expected = np.searchsorted(sorted(map(ord, set(hamlet.train))), characters)[places]
        ids = hamlet.vocabulary.encode(piece)
        np.testing.assert_array_equal(ids, expected)
        assert hamlet.vocabulary.decode(ids) == piece


@needs_text
def test_loading_is_silent_and_its_repr_is_short(capfd):
    shown = repr(load_hamlet())
    assert capfd.readouterr() == ("", "")
    assert shown == "Hamlet(train=149,775, validation=7,883, test=17,518 characters, 66 different)"


@pytest.mark.parametrize(
    ("length", "sizes"),
    # by hand: test is the last tenth, validation the last twentieth of what is left
    [(200, (171, 9, 20)), (1000, (855, 45, 100)), (101, (85, 5, 11)), (1, (0, 0, 1)), (0, (0, 0, 0))],
)
def test_split_sizes(length, sizes):
    text = "".join(chr(0x4E00 + i) for i in range(length))
    pieces = split(text)
    assert tuple(map(len, pieces)) == sizes
    assert "".join(pieces) == text
