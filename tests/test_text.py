"""A learner's own text: what is read, how it is split, and what is told when it cannot be."""

import pytest

from lstm_lib.datasets import text as module
from lstm_lib.datasets.hamlet import split
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.text import UNKNOWN, load_text

LINES = "The cat sat on the mat. It was a fine day, and nobody said a word.\n" * 100


def written(tmp_path, content, name="own.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_text_is_split_like_the_play(tmp_path):
    text = load_text(written(tmp_path, LINES))
    assert (text.train, text.validation, text.test) == split(LINES)
    assert text.vocabulary.characters == "".join(sorted(set(LINES)))
    assert text.replaced == 0
    assert "5,728" in repr(text) or f"train={len(text.train):,}" in repr(text)
    assert "cat" not in repr(text)


def test_a_path_may_be_a_str_and_line_ends_become_one_kind(tmp_path):
    text = load_text(str(written(tmp_path, b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n").encode())))
    assert text.train + text.validation + text.test == LINES
    old = load_text(written(tmp_path, LINES.replace("\n", "\r")))
    assert old.train + old.validation + old.test == LINES


def test_letters_of_any_script_are_taken(tmp_path):
    text = load_text(written(tmp_path, "Ελλάδα, été, 東京!\n" * 400))
    assert {"Ε", "é", "東"} <= set(text.vocabulary.characters)


def test_a_character_that_training_has_not_seen_is_replaced_and_counted(tmp_path):
    text = load_text(written(tmp_path, LINES + "ß and ß\n"))
    assert text.replaced == 2
    assert text.test.endswith(f"{UNKNOWN} and {UNKNOWN}\n")
    assert UNKNOWN in text.vocabulary
    assert UNKNOWN not in text.train
    text.vocabulary.encode(text.test)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "must hold a text, but it is empty. Was it saved"),
        (" \n\n ", "must hold a text, but it is empty"),
        ("Too short.\n", "must have from 5,000 to 5,000,000 characters, it has 11. It is too short: join"),
        ("a" * 6000, "must have different characters to guess, it has only 'a'"),
        (LINES.encode("utf-16"), "must be a text in UTF-8; its byte 0 is none"),
        (("x" + LINES + "é").encode("latin-1"), "its byte 6,701 is none"),
        (b"PK\x03\x04\x00\x00" + LINES.encode(), "must be a plain text, but it holds zero bytes"),
    ],
)
def test_a_file_that_is_no_text_is_told_with_what_to_do(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=words) as error:
        load_text(path)
    assert str(path) in str(error.value)


def test_a_text_that_is_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 6000)
    with pytest.raises(
        DataError, match=r"from 5,000 to 6,000 characters, it has 6,700. It is too long: take a"
    ):
        load_text(written(tmp_path, LINES))
    with pytest.raises(DataError, match=r"must have at most 6,000 characters, it has 26,800 bytes"):
        load_text(written(tmp_path, LINES * 4))


def test_what_is_not_there_or_a_folder_is_told(tmp_path):
    with pytest.raises(DataError, match=r"there is no file .*no\.txt\. The path begins at the folder"):
        load_text(tmp_path / "no.txt")
    with pytest.raises(DataError, match="must be a text file, but it is a folder"):
        load_text(tmp_path)
    with pytest.raises(DataError, match=r"x{200} cannot be read: \S"):
        load_text("x" * 5000)
    with pytest.raises(TypeError, match="path must be the path of a text file, got int"):
        load_text(3)


def test_a_path_may_begin_at_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "mine.txt").write_text("to be or not " * 500, encoding="utf-8")
    assert load_text("~/mine.txt").train.startswith("to be")
