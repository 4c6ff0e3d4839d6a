"""The check of the installation: what it says of a good one, and of each thing that may be missing."""

import importlib.metadata
import subprocess
import sys

import pytest

from lstm_lib import installation
from lstm_lib.datasets import source
from lstm_lib.installation import check_installation

PROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["numpy>=2.0", "tqdm>=4.66"]
[project.optional-dependencies]
lab = ["jupyterlab>=4.4"]
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "constraints.txt").write_text("# exact\nNumPy==2.4.6\nother==1\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def versions(monkeypatch):
    """The versions that are found; a package that is not named is not installed."""
    found = {"numpy": "2.4.6", "tqdm": "4.70", "jupyterlab": "4.6.1"}

    def version(name):
        if name not in found:
            raise importlib.metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(source, "problem", lambda card: None)
    return found


def data_sets():
    """The names of the findings that are about data, in the order of data/sources.toml."""
    return [f"data: {name}" for name in source.catalogue()]


def finding(report, name):
    return next(one for one in report.findings if one.name == name)


def test_a_good_installation(root, versions):
    report = check_installation(root)
    assert report.missing == ()
    assert [one.name for one in report.findings] == [
        "Python", "numpy", "tqdm", "jupyterlab", *data_sets(), "processor",
    ]  # fmt: skip
    assert finding(report, "numpy").saved_with == "2.4.6"  # however its name is written
    assert finding(report, "tqdm").saved_with == ""
    assert str(report).endswith("Everything is there. You can begin.")
    assert "MISSING" not in str(report)


def test_what_is_missing_or_too_old_is_told_with_what_to_type_once(root, versions):
    del versions["tqdm"]
    versions["jupyterlab"] = "4.3.9"
    report = check_installation(root)
    assert report.missing == ("tqdm", "jupyterlab")
    assert (finding(report, "tqdm").found, finding(report, "jupyterlab").found) == ("not found", "4.3.9")
    assert str(report).count("make env") == 1
    assert 'python -m pip install -c constraints.txt -e ".[lab,test]"' in str(report)
    assert "MISSING  tqdm            not found         4.66 or newer" in str(report)


def test_a_package_that_does_not_load_is_broken(root, versions, monkeypatch):
    real = installation.importlib.import_module

    def load(name):
        if name == "tqdm":
            raise OSError("a library\nis missing")
        return real(name)

    monkeypatch.setattr(installation.importlib, "import_module", load)
    report = check_installation(root)
    assert report.missing == ("tqdm",)
    assert "does not load: OSError: a library is missing" in str(report)


def test_an_old_python(root, versions, monkeypatch):
    (root / "pyproject.toml").write_text(PROJECT.replace("3.11", "3.99"), encoding="utf-8")
    report = check_installation(root)
    assert report.missing == ("Python",)
    assert "Install Python 3.99 or newer" in str(report)


@pytest.mark.parametrize(("trouble", "said"), [("missing", "missing"), ("damaged: expected …", "damaged")])
def test_data_that_is_not_there_or_damaged(root, versions, monkeypatch, trouble, said):
    monkeypatch.setattr(source, "problem", lambda card: trouble)
    report = check_installation(root)
    assert "data: hamlet" in report.missing
    assert list(report.missing) == data_sets()
    assert all(finding(report, name).found == said for name in data_sets())
    assert "lstm-lib data fetch" in str(report)


def test_nothing_that_goes_wrong_raises(tmp_path, versions, monkeypatch):
    monkeypatch.setattr(source, "SOURCES", tmp_path / "gone.toml")
    report = check_installation(tmp_path)  # no pyproject.toml here
    assert report.missing == ("packages", "data")
    assert "failed: FileNotFoundError" in str(report)
    assert "failed: DataError" in str(report)
    assert finding(report, "processor").found.endswith("cores")


def test_a_failure_half_way_keeps_what_was_found(root, versions):
    (root / "pyproject.toml").write_text(PROJECT.replace("[project.opt", "[other.opt"), encoding="utf-8")
    report = check_installation(root)
    assert report.missing == ("packages",)
    assert finding(report, "numpy").found == "2.4.6"


@pytest.mark.parametrize(
    ("old", "new"),
    [("4.9", "4.10"), ("2.6", "2.13.0+cpu"), ("3.11", "3.11.1"), ("1.9.post1", "2.0rc1"), ("7", "7.0.1")],
)
def test_versions_are_compared_by_their_numbers(old, new):
    assert installation._release(old) < installation._release(new)
    assert installation._release("2.0.0") == installation._release("2")


def test_this_course_with_the_real_project():
    """Every requirement of pyproject.toml is understood, and this environment, which runs the tests, has them."""
    packages = list(installation._packages(installation.ROOT))
    assert {"Python", "numpy", "torch", "jupyterlab"} <= {one.name for one in packages}
    assert [one.name for one in packages if one.advice] == []
    assert all(one.needed.endswith("or newer") for one in packages)


def test_it_runs_where_no_package_is_installed():
    """Without site-packages: no NumPy, no tqdm, not even the course itself is installed."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "lstm_lib.installation"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=installation.ROOT,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "MISSING  numpy           not found" in done.stdout
    assert "make env" in done.stdout
