"""Fetching: the file arrives and is checked, and each fault ends in an error that says what to do."""

import functools
import hashlib
import http.server
import io
import os
import re
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest
from fake_wheels import MEMBER, TEXT, Shelf

import lstm_lib
from lstm_lib.datasets import source, wheel
from lstm_lib.datasets.source import DataError

ROOT = Path(lstm_lib.__file__).parents[1]
OTHER = "0" * 64  # a well-formed checksum of nothing


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path, monkeypatch)
    shelf.pin(shelf.publish())
    return shelf


@pytest.fixture
def no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to download fails the test."""
    monkeypatch.setattr(wheel, "_run", lambda *_: pytest.fail("a download was started"))


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def script(shelf: Shelf, before: str = "") -> subprocess.Popen[str]:
    """Another process that fetches the play; `before` is run in it first."""
    code = (
        "import os, sys, zipfile\nfrom pathlib import Path\nfrom lstm_lib.datasets import source\n"
        f"source.SOURCES = Path(sys.argv[1])\n{before}\nprint(source.fetch('play'))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(shelf.sources)]
    return subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


# ---------------------------------------------------------------- all is well


def test_fetch_returns_the_checked_file_and_leaves_nothing_else(shelf, capfd):
    path = source.fetch("play")
    assert path == shelf.path
    assert path.read_bytes() == TEXT
    assert shelf.leftovers() == []
    assert source.problem(source.find("play")) is None
    assert capfd.readouterr() == ("", "")  # no terminal, no notebook: no bar


def test_a_terminal_sees_a_bar(shelf, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    source.fetch("play")
    assert "fetching play==1.0" in terminal.getvalue()


def test_a_good_copy_is_returned_without_download_lock_or_word(shelf, no_pip, capfd):
    put(shelf.path, TEXT)
    with filelock.FileLock(shelf.cache / ".play.txt.lock"):
        assert source.fetch("play") == shelf.path
    assert capfd.readouterr() == ("", "")


def test_the_cache_is_beside_the_catalogue_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("LSTM_LIB_DATA", raising=False)
    assert source.cache_dir() == ROOT / "data" / "cache"
    monkeypatch.setenv("LSTM_LIB_DATA", str(tmp_path))
    assert source.cache_dir() == tmp_path
    monkeypatch.setenv("LSTM_LIB_DATA", "somewhere")
    with pytest.raises(DataError, match="must be an absolute path, got 'somewhere'"):
        source.cache_dir()


def test_unknown_name_lists_the_known(shelf):
    with pytest.raises(DataError, match="no data set is named 'plaY'; there are: play"):
        source.fetch("plaY")


def test_a_missing_catalogue_says_how_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "SOURCES", tmp_path / "sources.toml")
    with pytest.raises(DataError, match=r"pip install -e"):
        source.catalogue()


# ---------------------------------------------------------------- pip does not deliver


def test_no_network(shelf, monkeypatch):
    with socket.socket() as free:  # a port that nobody listens on
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    with pytest.raises(DataError) as caught:
        source.fetch("play")
    message = str(caught.value)
    assert message.startswith("Cannot fetch 'play': pip could not get play==1.0.")
    assert "ERROR: No matching distribution found for play==1.0" in message  # pip's own words
    assert "Run `lstm-lib data fetch`" in message
    assert str(shelf.cache) in message
    for word in ("LSTM_LIB_DATA", "PROXY", "PIP_FIND_LINKS"):
        assert word in message
    assert not shelf.path.exists()
    assert shelf.leftovers() == []


def test_an_interrupt_stops_pip_and_leaves_nothing(shelf, monkeypatch):
    started = []

    def interrupted(process):
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(wheel, "_ended", interrupted)
    with pytest.raises(KeyboardInterrupt):
        source.fetch("play")
    assert [process.poll() is not None for process in started] == [True]
    assert shelf.leftovers() == []


# ---------------------------------------------------------------- what came is not what was pinned


def test_wrong_wheel_checksum_is_refused_by_pip(shelf):
    right = shelf.publish()
    shelf.pin(right, wheel_sha256=OTHER)
    got = hashlib.sha256(right.read_bytes()).hexdigest()
    with pytest.raises(DataError, match=f"wheel of play==1.0 .*: expected sha256 {OTHER}, got {got}"):
        source.fetch("play")
    assert not shelf.path.exists()


def test_wrong_member_checksum_through_a_whole_fetch(shelf):
    shelf.pin(shelf.publish({MEMBER: TEXT[:-1] + b"?"}))
    put(shelf.path, b"older")
    got = hashlib.sha256(TEXT[:-1] + b"?").hexdigest()
    with pytest.raises(DataError, match=f"{MEMBER} in play-1.0.* expected sha256 [0-9a-f]+, got {got}"):
        source.fetch("play")
    assert shelf.path.read_bytes() == b"older"
    assert shelf.leftovers() == []


def test_names_inside_the_archive_write_nothing(shelf, tmp_path):
    evil = {"../evil": b"!", "/evil": b"!", "..\\evil": b"!", "play/../../../evil": b"!", MEMBER: TEXT}
    shelf.pin(shelf.publish(evil))
    before = {path for path in tmp_path.rglob("*") if shelf.cache not in path.parents} | {shelf.cache}
    assert source.fetch("play").read_bytes() == TEXT
    assert {path for path in tmp_path.rglob("*") if shelf.cache not in path.parents} == before
    assert shelf.leftovers() == []


# ---------------------------------------------------------------- the cache


@pytest.mark.parametrize("copy", [TEXT[:1000], b"", TEXT[:-1] + b"?"], ids=["cut", "empty", "changed"])
def test_a_damaged_copy_is_never_returned(shelf, copy):
    put(shelf.path, copy)
    shelf.publish().unlink()  # no network
    got = hashlib.sha256(copy).hexdigest()
    with pytest.raises(DataError, match=f"is damaged: expected sha256 [0-9a-f]+, got {got}") as caught:
        source.fetch("play")
    assert "What to do:" in str(caught.value)
    assert shelf.path.read_bytes() == copy


def test_a_damaged_copy_is_replaced(shelf):
    put(shelf.path, TEXT[:1000])
    assert source.fetch("play").read_bytes() == TEXT


def test_a_cache_that_cannot_be_written(shelf, monkeypatch, tmp_path, no_pip):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "cache"
    monkeypatch.setenv("LSTM_LIB_DATA", str(folder))
    words = f"cannot write to the data folder {re.escape(str(folder))}: .* set LSTM_LIB_DATA"
    with pytest.raises(DataError, match=words):
        source.fetch("play")


def test_a_folder_in_the_place_of_the_file(shelf):
    (shelf.path / "inside").mkdir(parents=True)
    with pytest.raises(DataError, match=r"is unreadable: .*\n.*cannot write"):
        source.fetch("play")


@pytest.mark.parametrize("old", [None, b"older"])
@pytest.mark.parametrize(
    "fatal",
    [
        # half-way through the copy; and when all is written, right before the rename
        "read = zipfile.ZipExtFile.read\n"
        "zipfile.ZipExtFile.read = lambda self, n: os._exit(9) if self.tell() else read(self, n)",
        "Path.replace = lambda *_: os._exit(9)",
    ],
    ids=["copying", "renaming"],
)
def test_killed_half_way(shelf, fatal, old):
    if old:
        put(shelf.path, old)
    process = script(shelf, fatal)
    process.communicate()
    assert process.returncode == 9
    assert (shelf.path.read_bytes() if shelf.path.exists() else None) == old
    assert len(shelf.leftovers()) == 1  # the dead process held the lock and left its work
    assert source.fetch("play").read_bytes() == TEXT
    assert shelf.leftovers() == []


class SlowShelf(http.server.SimpleHTTPRequestHandler):
    """Serves the folder of wheels; holds a wheel back until `go`, and counts."""

    go = threading.Event()
    served: list[str]

    def do_GET(self) -> None:
        if self.path.endswith(".whl"):
            self.served.append(self.path)
            self.go.wait(30)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[SlowShelf]]:
    handler = type("Handler", (SlowShelf,), {"go": threading.Event(), "served": []})
    serve = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(shelf.wheels))
    )
    threading.Thread(target=serve.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("PIP_FIND_LINKS", f"http://127.0.0.1:{serve.server_port}/")
    yield handler
    handler.go.set()
    serve.shutdown()
    serve.server_close()


def test_two_processes_at_once_download_once(shelf, server):
    processes = [script(shelf, "print('ready', flush=True)") for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    server.go.set()
    ends = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ends
    assert [Path(out.strip()) for out, _ in ends] == [shelf.path] * 2
    assert shelf.path.read_bytes() == TEXT
    assert len(server.served) == 1


def test_waiting_for_another_process_has_an_end(shelf, server, monkeypatch):
    process = script(shelf)
    while process.poll() is None and not server.served:
        threading.Event().wait(0.02)
    monkeypatch.setattr(source, "LOCK_SECONDS", 0.1)
    with pytest.raises(DataError, match=r"another process has held .*\.lock for 0.1 seconds"):
        source.fetch("play")
    server.go.set()
    assert process.communicate(timeout=60)[0].strip() == str(shelf.path)


# ---------------------------------------------------------------- the course's own catalogue


def test_catalogue_is_whole_and_the_cards_are_in_words_too():
    tables = tomllib.loads((ROOT / "data" / "sources.toml").read_text(encoding="utf-8"))
    words = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    cards = source.catalogue()
    assert sorted(cards) == sorted(tables)
    assert "hamlet" in cards
    for name, card in cards.items():
        assert re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)*", card.file), (
            f"{name}: file must be a plain name"
        )
        assert re.fullmatch(r"[0-9a-f]{64}", card.sha256)
        assert re.fullmatch(r"[0-9a-f]{64}", card.wheel_sha256)
        assert min(card.size, card.wheel_size) > 0
        assert all(getattr(card, field).strip() for field in ("description", "language", "units", "citation"))
        for fact in (
            f"### {name}\n",
            card.title,
            card.licence,
            card.member,
            f"{card.package} {card.version}",
        ):
            assert fact in words, f"data/README.md does not say {fact!r}"


def test_a_card_prints_its_facts():
    text = str(source.find("hamlet"))
    for fact in ("hamlet:", "public domain", "William Shakespeare", "scattertext==0.2.2", "175,176 bytes"):
        assert fact in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_home_that_is_nobodys_is_named(monkeypatch):
    monkeypatch.setenv("LSTM_LIB_DATA", "~nobody-of-this-name/data")
    with pytest.raises(DataError, match="LSTM_LIB_DATA must be a path, got '~nobody-of-this-name/data'"):
        source.cache_dir()
