"""A learner's own file of sentence pairs."""

import pytest

from lstm_lib.datasets import own_pairs
from lstm_lib.datasets.own_pairs import load_pairs
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import Pair


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_is_read(tmp_path):
    lines = [f"Go {k}.\tVa {k} !\tCC-BY 2.0 (France) by someone\n" for k in range(120)]
    found = load_pairs(write(tmp_path / "fra.txt", "\ufeff" + "".join(lines) + "\n"))
    assert (len(found), found[0]) == (120, Pair("Go 0.", "Va 0 !"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_where_editors_end_it(tmp_path, end):
    file = write(tmp_path / "fra.txt", end.join(["Go.\tVa !", "Hi.\tSalut !", ""]))
    assert load_pairs(file, at_least=2) == [Pair("Go.", "Va !"), Pair("Hi.", "Salut !")]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_no_other_sign_ends_a_line(tmp_path, sign):
    file = write(tmp_path / "fra.txt", f"Go{sign} now.\tVa{sign} !\nHi.\tSalut !\n")
    assert load_pairs(file, at_least=2) == [Pair(f"Go{sign} now.", f"Va{sign} !"), Pair("Hi.", "Salut !")]


def test_the_home_folder_may_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path / "fra.txt", "Go.\tVa !\n")
    assert load_pairs("~/fra.txt", at_least=1) == [Pair("Go.", "Va !")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "^There is no file .*fra.txt. Give the path"),
        (b"", "has 0 pairs, at least 100 are needed"),
        (b"Go.\tVa !\nHi.\n", "line 2 of fra.txt has no tab: write English, a tab, French"),
        (b"Go.\tVa !\r\nHi.\t \r\n", "line 2 of fra.txt: the second side is empty"),
        (b"\tVa !\n", "line 1 of fra.txt: the first side is empty"),
        (b"Go.\tVa\xe9 !\n", r"fra.txt is no text in UTF-8 \(byte 6\): save it so"),
        (b"Go.\tVa !\n" * 3, "has 3 pairs, at least 100 are needed"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path, content, words):
    file = tmp_path / "fra.txt"
    if content is not None:
        write(file, content)
    with pytest.raises(DataError, match=words):
        load_pairs(file)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(own_pairs, "MOST_CHARACTERS", 2)
    with pytest.raises(DataError, match=r"^fra\.txt has more than 2 characters: take a part of it"):
        load_pairs(write(tmp_path / "fra.txt", "Go.\tVa !\n"))
    monkeypatch.setattr(own_pairs, "MOST_CHARACTERS", 8)  # the file has nine, and fewer than 32 bytes
    with pytest.raises(DataError, match=r"^fra\.txt has more than 8 characters: take a part of it"):
        load_pairs(write(tmp_path / "fra.txt", "Go.\tVa !\n"))


@pytest.mark.parametrize("path", ["x" * 300, "x/" * 3000, "~no_such_person/fra.txt", "no\0thing"])
def test_a_path_that_leads_nowhere_is_told_in_a_line(path):
    with pytest.raises(DataError, match=r"cannot be read: |There is no file") as raised:
        load_pairs(path)
    assert len(str(raised.value)) < 330


def test_a_folder_or_no_path_is_refused(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        load_pairs(tmp_path)
    with pytest.raises(TypeError, match="path must be the path of a text file, got int"):
        load_pairs(3)
