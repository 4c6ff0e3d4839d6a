"""The files that make the environment agree with each other and with what is installed."""

import re
import shlex
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import lessons

ROOT = Path(__file__).resolve().parents[1]
INSTALL = '-c constraints.txt -e ".[lab,test]"'

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [
    Requirement(line)
    for line in PROJECT["dependencies"] + [line for extra in EXTRAS.values() for line in extra]
]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def lines_of_constraints():
    return [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]


def pins():
    """Name and version of every pin, names in their canonical form."""
    return {
        canonicalize_name(name): version for name, version in (p.split("==") for p in lines_of_constraints())
    }


# --- constraints.txt -------------------------------------------------------------------------------------


def test_constraints_are_exact_public_versions_in_order():
    lines = lines_of_constraints()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line) for line in lines)
    assert lines == sorted(lines, key=lambda line: canonicalize_name(line.split("==")[0]))
    assert len(lines) == len(pins())


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_every_dependency_is_pinned_to_a_version_it_allows(requirement):
    version = pins()[canonicalize_name(requirement.name)]
    assert version in requirement.specifier


def test_what_is_installed_is_what_is_pinned():
    installed = {canonicalize_name(d.name): Version(d.version).public for d in distributions()}
    differing = {
        name: (installed[name], pinned)
        for name, pinned in pins().items()
        if installed.get(name, pinned) != pinned
    }
    assert not differing, f"installed and pinned versions: {differing}; run make env"


def test_the_pin_of_torch_takes_the_small_build_and_pip_prefers_it():
    pinned = pins()["torch"]
    assert Version(f"{pinned}+cpu") in SpecifierSet(f"=={pinned}")
    assert Version(f"{pinned}+cpu") > Version(pinned)


# --- environment.yml -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load(read("environment.yml"))


def test_conda_takes_python_and_pip_and_nothing_else(conda):
    assert set(conda) == {"name", "channels", "dependencies"}
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    python, pip, from_pip = conda["dependencies"]
    assert re.fullmatch(r"python=3\.\d+", python)
    assert pip == "pip"
    assert list(from_pip) == ["pip"]


def test_the_python_of_conda_is_one_the_project_allows(conda):
    version = conda["dependencies"][0].removeprefix("python=")
    assert f"{version}.0" in SpecifierSet(PROJECT["requires-python"])


def test_conda_installs_what_everybody_installs(conda):
    from_yml = [word for line in conda["dependencies"][2]["pip"] for word in shlex.split(line)]
    assert from_yml == shlex.split(INSTALL)
    assert f"pip install {INSTALL}" in read("Makefile")
    assert f"pip install {INSTALL}" in read("README.md")


def test_the_extras_that_are_installed_exist():
    extras = re.search(r"\[(.*)\]", INSTALL)[1].split(",")
    assert set(extras) <= set(EXTRAS)


# --- the Makefile and the hooks --------------------------------------------------------------------------


def test_python_is_checked_for_the_version_the_project_requires():
    wanted = re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])[1]
    assert f"sys.version_info < (3, {wanted})" in read("Makefile")
    assert f"Python 3.{wanted} or newer" in read("README.md")


def test_every_target_is_explained_and_help_names_it():
    phony = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split()
    explained = re.findall(r"^([a-z]+):.*## \S", read("Makefile"), re.MULTILINE)
    assert set(phony) - set(explained) == {"data"}


def test_hooks_run_installed_tools_and_clean_as_the_lessons_are_cleaned():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in hooks.values()} == {"system"}
    assert {"ruff-check", "ruff-format", "nbstripout"} == set(hooks)
    assert shlex.split(hooks["nbstripout"]["entry"]) == ["nbstripout", *lessons.CLEAN]
    assert "jupyter" in hooks["ruff-check"]["types_or"]
    assert "jupyter" in hooks["ruff-format"]["types_or"]
