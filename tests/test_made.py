"""Data that is made: once, under its recipe's name, never by halves."""

import threading

import pytest

from lstm_lib.datasets import made
from lstm_lib.datasets.source import DataError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_LIB_DATA", str(tmp_path))
    return tmp_path


def writer(text, calls):
    def make(path):
        calls.append(path)
        path.write_text(text, encoding="utf-8")

    return make


def test_it_is_made_once_and_again_for_another_recipe(folder):
    calls = []
    first = made.find("numbers", "recipe 1", writer("one", calls), ".txt")
    assert made.find("numbers", "recipe 1", writer("again", calls), ".txt") == first
    assert first.read_text(encoding="utf-8") == "one"
    assert first == made.place("numbers", "recipe 1", ".txt")
    second = made.find("numbers", "recipe 2", writer("two", calls), ".txt")
    assert len(calls) == 2
    assert second.read_text(encoding="utf-8") == "two"
    assert not first.exists()  # the old one is of no use any more


def test_names_that_begin_alike_do_not_disturb_each_other(folder):
    one = made.find("spoken", "a", writer("one", []))
    two = made.find("spoken_words", "b", writer("two", []))
    made.find("spoken", "c", writer("three", []))
    assert not one.exists()
    assert two.exists()


def test_what_breaks_leaves_nothing_behind(folder):
    def breaks(path):
        path.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made.find("numbers", "recipe", breaks, ".txt")
    assert [path.name for path in folder.iterdir()] in ([".numbers.lock"], [])
    assert made.find("numbers", "recipe", writer("whole", []), ".txt").read_text(encoding="utf-8") == "whole"


def test_two_at_once_make_it_once(folder):
    calls = []
    threads = [
        threading.Thread(target=made.find, args=("numbers", "recipe", writer("one", calls))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1


def test_a_cache_that_cannot_be_written_to_says_what_to_do(folder, monkeypatch):
    (folder / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("LSTM_LIB_DATA", str(folder / "file" / "below"))
    with pytest.raises(DataError, match=r"cannot write to the data folder .* or set LSTM_LIB_DATA"):
        made.find("numbers", "recipe", writer("one", []))


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a-b"])
def test_a_name_is_plain(name):
    with pytest.raises(ValueError, match="name must be of letters, digits and _"):
        made.place(name, "recipe")
