"""The speed table: its rivals agree, it prints, it judges. How fast anything is, is not asserted here."""

import gc
import importlib
import itertools
import os
import re

import numpy as np
import pytest
import torch

SIZES = [(3, 2, 4, 5), (1, 3, 1, 4)]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@pytest.fixture
def engine(monkeypatch):
    """The module at sizes that take no time; the number of threads is put back afterwards."""
    threads = torch.get_num_threads()
    for name in (*THREADS, "VECLIB_MAXIMUM_THREADS"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    module = importlib.import_module("benchmarks.engine")
    monkeypatch.setattr(module, "SIZES", {size: module.Limits() for size in SIZES})
    monkeypatch.setattr(module, "HIDDEN", (4,))
    yield module
    torch.set_num_threads(threads)


def test_one_thread_is_asked_for_before_numpy_is_imported(engine):
    importlib.reload(importlib.import_module("benchmarks"))
    assert {os.environ[name] for name in THREADS} == {"1"}


@pytest.mark.parametrize("size", [*SIZES, (6, 1, 3, 2), (4, 8, 2, 1)])
def test_all_rivals_give_the_same_outputs_and_gradients(engine, size):
    engine.assert_agreement(engine.Case(*size))


@pytest.mark.parametrize("name", ["h", "dx", "W_h", "b"])
def test_a_rival_that_is_wrong_is_not_timed(engine, name, monkeypatch):
    def wrong(case):
        answers = right(case)()
        return lambda: answers | {name: answers[name] * 1.001}

    right = engine.RIVALS["per_gate"]
    monkeypatch.setitem(engine.RIVALS, "per_gate", wrong)
    with pytest.raises(AssertionError, match=rf"per_gate is off by 1.0e-03 in {name}"):
        engine.sequence_pairs(SIZES[0])


def test_a_ratio_is_the_median_over_pairs(engine, monkeypatch):
    now = [0.0]
    durations = itertools.cycle([4, 2, 1])  # ours; PyTorch takes 4: ratios 1, 1/2, 1/4 in turn

    def spend(seconds):
        now[0] += seconds

    monkeypatch.setattr(engine, "clock", lambda: now[0])
    assert engine.ratio((lambda: spend(next(durations)), lambda: spend(4)), seconds=0) == 0.5
    assert gc.isenabled()


def test_the_table_is_printed(engine, capsys):
    assert engine.main(["--seconds", "0"]) == 0
    out = capsys.readouterr().out
    assert f"NumPy {np.__version__}" in out
    assert f"PyTorch {torch.__version__}" in out
    for size in SIZES:
        assert re.search(rf"^{re.escape(str(size))}( +\d+\.\d\d){{6}}$", out, re.MULTILINE)
    assert re.search(r"^4( +\d+\.\d\d){2}$", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("measured", "failed"),
    [
        (0.2, []),
        (0.21, ["decoding, H = 4: 0.21, at most 0.2"]),
        (1.3, ["(3, 2, 4, 5) forward+backward: 1.30, at most 1.2", "decoding, H = 4: 1.30, at most 0.2"]),
    ],
)
def test_targets_are_judged_by_what_was_measured(engine, measured, failed, monkeypatch, capsys):
    monkeypatch.setattr(engine, "ratio", lambda pair, seconds: measured)
    monkeypatch.setattr(engine, "SIZES", {SIZES[0]: engine.Limits(1.2, 1.4), SIZES[1]: engine.Limits()})
    assert engine.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.removeprefix("FAIL ") for line in lines if line.startswith("FAIL")] == failed
    # Two limits for the first size, two rivals for each size, one decoding step.
    assert sum(line.startswith(("PASS", "FAIL")) for line in lines) == 2 + 2 * 2 + 1
    assert engine.main(["--strict"]) == int(bool(failed))
