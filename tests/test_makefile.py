"""`make env` on a machine that is played by a small shell script in the place of Python."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(
    not (shutil.which("make") and shutil.which("sh")), reason="needs make, and a shell to play Python"
)

# Answers the version check, makes a "venv" that holds a copy of itself, and installs or fails.
PLAYED = """#!/bin/sh
case "$*" in
    -V) echo "Python 3.9.1" ;;
    -c*) exit {too_old} ;;
    "-m venv"*) [ {no_venv} = 1 ] && exit 1; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    "-m pip install"*) echo installed >> log; exit $(cat pip_fails 2>/dev/null || echo 0) ;;
esac
"""


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "a clone"  # paths with a space are usual on macOS and Windows
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def play(folder, too_old=0, no_venv=0):
    python = folder / "played-python"
    python.write_text(PLAYED.format(too_old=too_old, no_venv=no_venv), encoding="utf-8")
    python.chmod(0o755)
    return "./played-python"


def make_env(folder, python):
    # Without the flags of a make that may have started this test
    environment = {key: value for key, value in os.environ.items() if "MAKE" not in key}
    command = ["make", "env", f"PYTHON={python}"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def installs(folder):
    return len((folder / "log").read_text().splitlines()) if (folder / "log").exists() else 0


def test_the_second_call_installs_nothing_and_is_quick(clone):
    python = play(clone)
    assert make_env(clone, python).returncode == 0
    start = time.perf_counter()
    assert make_env(clone, python).returncode == 0
    assert time.perf_counter() - start < 2
    assert installs(clone) == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_installs_again(clone, name):
    python = play(clone)
    make_env(clone, python)
    later = time.time() + 5
    os.utime(clone / name, (later, later))
    assert make_env(clone, python).returncode == 0
    assert installs(clone) == 2


def test_a_failed_install_is_tried_again(clone):
    python = play(clone)
    (clone / "pip_fails").write_text("1")
    assert make_env(clone, python).returncode != 0
    (clone / "pip_fails").unlink()
    assert make_env(clone, python).returncode == 0
    assert installs(clone) == 2


def test_a_failed_update_is_tried_again(clone):
    """The stamp of an earlier install must not vouch for an update that broke off."""
    python = play(clone)
    make_env(clone, python)
    later = time.time() - 50
    os.utime(clone / ".venv" / ".installed", (later, later))
    (clone / "pip_fails").write_text("1")
    (clone / ".venv" / "kept").touch()
    for _ in range(2):  # without a network, say: what is there stays
        assert make_env(clone, python).returncode != 0
        assert not (clone / ".venv" / ".installed").exists()
    assert (clone / ".venv" / "kept").exists()


def test_what_python_prints_does_not_matter(clone):
    python = play(clone)
    script = clone / "played-python"
    script.write_text(script.read_text().replace("#!/bin/sh\n", "#!/bin/sh\necho a warning >&2\n"))
    assert make_env(clone, python).returncode == 0
    assert make_env(clone, python).returncode == 0
    assert installs(clone) == 1


def test_another_environment_of_the_users_is_left_alone(clone, monkeypatch):
    precious = clone / "precious"
    precious.mkdir()
    monkeypatch.setenv("VENV", str(precious))
    assert make_env(clone, play(clone)).returncode == 0
    assert precious.exists()
    assert (clone / ".venv").exists()


def test_before_there_is_an_environment_help_says_nothing_else(clone):
    done = subprocess.run(["make", "help"], cwd=clone, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr == ""


def test_an_old_python_is_refused_with_what_to_do(clone):
    failed = make_env(clone, play(clone, too_old=1))
    assert failed.returncode != 0
    assert "Python 3.11 or newer is needed, './played-python' is Python 3.9.1" in failed.stderr
    assert "PYTHON=python3.12 make env" in failed.stderr
    assert not (clone / ".venv").exists()


def test_no_python_at_all(clone):
    failed = make_env(clone, "no-such-python")
    assert failed.returncode != 0
    assert "no 'no-such-python' found. Install Python 3.11 or newer" in failed.stderr


def test_a_python_without_venv(clone):
    failed = make_env(clone, play(clone, no_venv=1))
    assert failed.returncode != 0
    assert "sudo apt install python3-venv" in failed.stderr
    assert installs(clone) == 0


def test_an_environment_that_was_moved_is_made_anew(clone):
    assert make_env(clone, play(clone)).returncode == 0
    (clone / ".venv" / "old").touch()
    moved = clone.rename(clone.with_name("moved"))
    assert make_env(moved, "./played-python").returncode == 0
    assert installs(moved) == 2
    assert not (moved / ".venv" / "old").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(clone):
    python = play(clone)
    assert make_env(clone, python).returncode == 0
    (clone / ".venv" / "bin" / "python").unlink()
    assert make_env(clone, python).returncode == 0
    assert installs(clone) == 2
