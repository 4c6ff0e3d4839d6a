"""Characters to integers and back."""

import numpy as np
import pytest

from lstm_lib.datasets import Vocabulary


def test_ids_follow_the_sorted_characters():
    vocabulary = Vocabulary("banana\n")
    assert vocabulary.characters == "\nabn"
    assert len(vocabulary) == 4
    ids = vocabulary.encode("nab\n")
    assert ids.dtype == np.int64
    assert ids.tolist() == [3, 1, 2, 0]
    assert "b" in vocabulary
    assert "c" not in vocabulary


def test_nothing_encodes_and_decodes_to_nothing():
    vocabulary = Vocabulary("ab")
    empty = vocabulary.encode("")
    assert empty.shape == (0,)
    assert empty.dtype == np.int64
    assert vocabulary.decode(empty) == ""
    assert vocabulary.decode([]) == ""


def test_unknown_character_is_named_with_its_position_and_the_known_ones():
    with pytest.raises(ValueError, match=r"'é' at position 2, .* 3 known characters: 'abc'\. Replace it"):
        Vocabulary("abc").encode("abéa7")


@pytest.mark.parametrize("wrong", [b"abc", ["a"], None, 3])
def test_text_must_be_a_str(wrong):
    with pytest.raises(TypeError, match=f"text must be a str, got {type(wrong).__name__}"):
        Vocabulary("abc").encode(wrong)
    with pytest.raises(TypeError, match="text must be a str"):
        Vocabulary(wrong)


def test_a_vocabulary_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one character"):
        Vocabulary("")


@pytest.mark.parametrize("ids", [[2, 0], (2, 0), np.array([2, 0], np.uint8), np.array([2, 0], np.int64)])
def test_decode_takes_any_row_of_integers(ids):
    assert Vocabulary("abc").decode(ids) == "ca"


def test_decode_takes_a_tensor():
    torch = pytest.importorskip("torch")
    assert Vocabulary("abc").decode(torch.tensor([2, 0])) == "ca"


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([0, 3], "from 0 to 2, got 3 at position 1"),
        ([-1], "from 0 to 2, got -1 at position 0"),
        ([0.0, 1.0], "integers, got dtype float64"),
        ([True, False], "integers, got dtype bool"),
        (["a"], "integers, got dtype <U1"),
        ([10**30], "integers, got dtype object"),
        ([[0, 1]], r"one-dimensional, got shape \(1, 2\)"),
        (0, r"one-dimensional, got shape \(\)"),
    ],
)
def test_decode_refuses_what_is_no_id(ids, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary("abc").decode(ids)
