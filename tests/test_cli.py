"""The terminal's commands, on a catalogue of one small file."""

import subprocess
import sys
from pathlib import Path

import pytest
from fake_wheels import TEXT, Shelf

import lstm_lib.exercises
from lstm_lib.cli import main
from lstm_lib.datasets import made


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path, monkeypatch)
    shelf.pin(shelf.publish())
    monkeypatch.setattr(made, "MADE", {})
    return shelf


def test_fetch_then_again(shelf, capsys):
    assert main(["data", "fetch"]) == 0
    assert capsys.readouterr().out == f"play: fetched, {shelf.path}\n"
    assert shelf.path.read_bytes() == TEXT
    assert main(["data", "fetch", "play"]) == 0
    assert capsys.readouterr().out == f"play: already here, {shelf.path}\n"


def test_fetch_that_fails_says_why_and_exits_1(shelf, capsys):
    shelf.publish().unlink()
    assert main(["data", "fetch"]) == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith("Cannot fetch 'play': pip could not get play==1.0.")
    assert "Traceback" not in error


def test_a_fetch_that_is_stopped_says_so(shelf, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lstm_lib.datasets.source.download", interrupted)
    assert main(["data", "fetch"]) == 130
    assert "nothing is half written" in capsys.readouterr().err
    assert not shelf.path.exists()


@pytest.mark.parametrize("command", ["fetch", "list", "verify"])
def test_unknown_name(shelf, capsys, command):
    assert main(["data", command, "plaY"]) == 1
    assert capsys.readouterr().err == "no data set is named 'plaY'; there are: play.\n"


def test_list_shows_the_card_and_whether_it_is_here(shelf, capsys):
    assert main(["data", "list"]) == 0
    out = capsys.readouterr().out
    for fact in (
        "play: A Play",
        "public domain",
        "play==1.0",
        "200,000 bytes",
        "no, missing (run: lstm-lib data fetch play)",
    ):
        assert fact in out
    shelf.cache.mkdir()
    shelf.path.write_bytes(TEXT)
    assert main(["data", "list", "play"]) == 0
    assert f"yes, {shelf.path}" in capsys.readouterr().out


def test_verify_reads_the_file_anew(shelf, capsys):
    assert main(["data", "verify"]) == 1
    assert capsys.readouterr().err == f"play: missing, {shelf.path}\nTo mend it: lstm-lib data fetch play\n"
    shelf.cache.mkdir()
    shelf.path.write_bytes(TEXT)
    assert main(["data", "verify"]) == 0
    assert capsys.readouterr().out == f"play: good, {shelf.path}\n"
    shelf.path.write_bytes(TEXT[:-1] + b"?")  # the same length
    assert main(["data", "verify"]) == 1
    assert "play: damaged: expected sha256" in capsys.readouterr().err


def test_progress_prints_the_table(monkeypatch, capsys):
    monkeypatch.setattr(lstm_lib.exercises, "progress", lambda: print("the table"))
    assert main(["progress"]) == 0
    assert capsys.readouterr().out == "the table\n"


@pytest.mark.parametrize("arguments", [[], ["data"], ["data", "eat"], ["nonsense"]])
def test_a_wrong_command_shows_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: lstm-lib" in capsys.readouterr().err


def test_it_runs_as_a_module_and_loads_nothing_heavy():
    run = subprocess.run(
        [sys.executable, "-m", "lstm_lib.cli", "data", "list"], capture_output=True, text=True, check=True
    )
    assert "hamlet: The Tragedy of Hamlet" in run.stdout
    code = (
        "import sys; from lstm_lib.cli import main; main(['data', 'list']); "
        "sys.exit(str({'torch', 'matplotlib', 'IPython'} & set(sys.modules) or ''))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""


def test_fetch_without_names_makes_what_is_made(shelf, capsys, monkeypatch):
    monkeypatch.setattr(made, "MADE", {"numbers": ("this_test", "load")})
    calls = []
    monkeypatch.setattr(
        made.importlib, "import_module", lambda name: type("module", (), {"load": lambda: calls.append(name)})
    )
    assert main(["data", "fetch"]) == 0
    assert calls == ["this_test"]
    assert capsys.readouterr().out.endswith("numbers: made\n")
    assert main(["data", "fetch", "play"]) == 0
    assert calls == ["this_test"]
