"""The house of lstm_lib: which part may import which. Imports are read from the source: none can hide."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "lstm_lib"

# A part imports only from storeys below its own. The front door stands above all.
STOREYS = {
    "scratch": 0, "nn": 0, "datasets": 0,
    "training": 1, "decoding": 1, "metrics": 1, "plots": 1, "convert": 1,
    "forecast_scores": 1, "sampling": 1, "ctc_decoding": 1,
    "installation": 1, "lesson_map": 1,
    "experiments": 2,
    "widgets": 3, "exercises": 3,
    "cli": 4,
}  # fmt: skip
# And these it never imports, wherever they stand.
NEVER = {
    "scratch": {"torch", "matplotlib", "IPython", "ipywidgets"},
    "plots": {"lstm_lib.datasets", "lstm_lib.nn", "lstm_lib.scratch", "lstm_lib.training"},
}
OUTSIDE_THE_HOUSE = {"notebooks", "tests", "tools", "benchmarks"}
# Packages that one test file of this name covers.
COVERED_AS_ONE = {"exercises", "experiments", "plots", "recurrent", "training", "widgets"}

MODULES = sorted(LIBRARY.rglob("*.py"))


def dotted(path):
    """The name a file is imported by: lstm_lib/nn/__init__.py is lstm_lib.nn."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part(module):
    """The part of the house a module is in: lstm_lib.nn.attention is in nn, the package itself in none."""
    names = module.split(".")
    return names[1] if names[0] == "lstm_lib" and len(names) > 1 else None


def imports(source, module, is_package=False):
    """Every module that a source imports anywhere, relative imports resolved."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if is_package else module.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [base])])
            # `from lstm_lib import nn` imports lstm_lib.nn; elsewhere the name is enough
            found |= {f"{base}.{alias.name}" for alias in node.names} if base == "lstm_lib" else {base}
    return found


def faults(imported, module):
    """What is wrong with the imports of one module of the house."""
    own = part(module)
    for name in sorted(imported):
        other = part(name)
        if name.split(".")[0] in OUTSIDE_THE_HOUSE:
            yield f"{module} imports {name}: the library knows no lesson, test or tool"
        elif other and other not in STOREYS:
            yield f"{module} imports {name}, which has no storey: name it in {Path(__file__).name}"
        elif other and own is None:
            yield f"{module} imports {name}: the package itself imports nothing"
        elif other and other != own and STOREYS[other] >= STOREYS[own]:
            yield f"{module} (storey {STOREYS[own]}) imports {name} (storey {STOREYS[other]})"
        if any(name == taboo or name.startswith(f"{taboo}.") for taboo in NEVER.get(own, ())):
            yield f"{module} must never import {name}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_only_go_down(path):
    module = dotted(path)
    assert part(module) is None or part(module) in STOREYS, f"give {module} a storey in {Path(__file__).name}"
    imported = imports(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
    assert list(faults(imported, module)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lstm_lib.scratch.lstm", "import torch"),
        ("lstm_lib.scratch.lstm", "def f():\n    from torch.nn import LSTM"),
        ("lstm_lib.scratch.lstm", "from lstm_lib.nn import recurrent"),
        ("lstm_lib.scratch.lstm", "from lstm_lib import datasets"),
        ("lstm_lib.nn.recurrent", "from ..datasets.hamlet import load"),
        ("lstm_lib.datasets.hamlet", "from lstm_lib.plots import line"),
        ("lstm_lib.training", "import lstm_lib.metrics"),
        ("lstm_lib.plots.curves", "from lstm_lib.datasets import hamlet"),
        ("lstm_lib.widgets", "from lstm_lib.exercises import check"),
        ("lstm_lib.widgets", "from lstm_lib.cli import main"),
        ("lstm_lib.exercises", "import notebooks"),
        ("lstm_lib.cli", "from tools import lessons"),
        ("lstm_lib.cli", "from lstm_lib.attic import box"),
        ("lstm_lib", "from lstm_lib import scratch"),
    ],
)
def test_a_wrong_import_is_seen(module, source):
    assert list(faults(imports(source, module, module == "lstm_lib"), module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lstm_lib.scratch.lstm", "import numpy as np\nfrom .activations import sigmoid"),
        ("lstm_lib.convert", "import torch\nfrom lstm_lib.scratch import LSTM"),
        ("lstm_lib.exercises.lesson_02", "from lstm_lib import scratch\nfrom ..plots import line"),
        ("lstm_lib.cli", "from lstm_lib.exercises import progress\nfrom lstm_lib.datasets import source"),
    ],
)
def test_a_right_import_is_let_through(module, source):
    assert list(faults(imports(source, module), module)) == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("lstm_lib", {"numpy", "torch", "matplotlib", "IPython", "ipywidgets"}),
        ("lstm_lib.cli", {"torch", "matplotlib", "IPython", "ipywidgets"}),
        ("lstm_lib.scratch", {"torch", "matplotlib", "IPython", "ipywidgets"}),
    ],
)
def test_importing_brings_in_nothing_heavy(module, heavy):
    code = f"import sys, {module}; print(*({heavy!r} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py"], ids=dotted)
def test_a_test_stands_beside_every_module(path):
    _, *packages, name = dotted(path).split(".")
    names = {name, "_".join([*packages, name])} | (COVERED_AS_ONE & set(packages))
    candidates = [f"test_{name.strip('_')}.py" for name in names]
    assert any((ROOT / "tests" / c).exists() for c in candidates), f"none of {sorted(candidates)} stands"
