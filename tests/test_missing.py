"""What is missing in a file of runs is run and stored at once; what cannot be stored is told before."""

import argparse
import json
from pathlib import Path

import pytest

from benchmarks import missing, speech, translation, video


def parser():
    found = argparse.ArgumentParser(prog="benchmark")
    found.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    found.add_argument("--out", type=Path, default=Path("runs.csv"))
    return found


def test_what_can_be_run_is_read(tmp_path):
    options = missing.read_options(parser(), ["--seeds", "0", "7", "--out", str(tmp_path / "new.csv")])
    assert (options.seeds, options.out) == ([0, 7], tmp_path / "new.csv")
    (tmp_path / "old.csv").write_text("", encoding="utf-8")
    missing.read_options(parser(), ["--out", str(tmp_path / "old.csv")])
    assert missing.read_options(parser(), []).out == Path("runs.csv")  # in the folder in which one is
    assert not (tmp_path / "new.csv").exists()


def refusals(tmp_path):
    folder = "--out must be a file in a folder that is there, got "
    return {
        ("--seeds", "3", "-1"): "--seeds must be 0 or more, got -1",
        ("--out", str(tmp_path)): folder + str(tmp_path),
        ("--out", str(tmp_path / "none" / "x.csv")): folder + str(tmp_path / "none" / "x.csv"),
    }


@pytest.mark.parametrize("benchmark", [speech, translation, video])
def test_what_cannot_be_run_or_stored_is_told_before_training(benchmark, tmp_path, monkeypatch, capsys):
    def run(*job):
        raise AssertionError(f"{job} is run")

    monkeypatch.setattr(benchmark, "one", run)
    for arguments, words in refusals(tmp_path).items():
        with pytest.raises(SystemExit) as stop:
            benchmark.main(arguments)
        assert stop.value.code == 2
        told = capsys.readouterr().err
        assert told.endswith(f"error: {words}\n")


def test_only_what_is_missing_is_run_and_each_is_stored_at_once(tmp_path):
    path, stored = tmp_path / "runs.json", []

    def one(name, seed):
        if name == "broken":
            raise KeyboardInterrupt
        return [[name, seed]]

    def save(runs, path):
        stored.append(list(runs))
        path.write_text(json.dumps(runs), encoding="utf-8")

    def run(jobs):
        return missing.run_missing(
            jobs, path, one=one, save=save, stands=lambda runs, *job: list(job) in runs,
            load=lambda path: json.loads(path.read_text(encoding="utf-8")),
        )  # fmt: skip

    with pytest.raises(KeyboardInterrupt):
        run([("a", 0), ("broken", 0), ("b", 0)])
    assert json.loads(path.read_text(encoding="utf-8")) == [["a", 0]]
    assert run([("a", 0), ("b", 0)]) == [["a", 0], ["b", 0]]
    assert stored == [[["a", 0]], [["a", 0], ["b", 0]]]
