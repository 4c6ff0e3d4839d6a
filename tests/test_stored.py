"""Stored results: rows go into a CSV and come back, and a bad file is named."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.stored import load_rows, save_rows


@dataclass(frozen=True)
class Trial:
    name: str
    seed: int
    error: float
    solved: bool


TRIALS = [Trial("a, b", 0, 0.1, True), Trial("c", 1, 1e-9, False)]


def test_rows_come_back(tmp_path):
    save_rows(Trial, TRIALS, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == (
        'name,seed,error,solved\n"a, b",0,0.1,1\nc,1,1e-09,0\n'
    )
    assert load_rows(Trial, tmp_path / "x.csv", "make x") == TRIALS


def test_a_file_that_is_missing_or_broken_is_named_with_what_makes_it(tmp_path):
    path = tmp_path / "x.csv"
    with pytest.raises(DataError, match=r"missing: .*x\.csv\. `make x` makes it anew"):
        load_rows(Trial, path, "make x")
    path.write_text("name,seed,error,solved\na,one,0.1,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.csv cannot be read: ValueError.*`make x`"):
        load_rows(Trial, path, "make x")
    path.write_text("name,seed\na,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read: KeyError"):
        load_rows(Trial, path, "make x")


def test_half_a_file_never_replaces_a_good_one(tmp_path):
    path = tmp_path / "x.csv"
    save_rows(Trial, TRIALS, path)

    def interrupted():
        yield TRIALS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_rows(Trial, interrupted(), path)
    assert load_rows(Trial, path, "make x") == TRIALS
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"]
