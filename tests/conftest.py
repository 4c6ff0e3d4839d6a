"""What every test gets: no network, figures without a screen, and a learner's progress that is nobody's."""

import os
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ROOT / "tests" / "offline"

os.environ["MPLBACKEND"] = "Agg"
# The guard for the processes that tests start, and, unless it is in force already, for this one.
if str(OFFLINE) not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")]))
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))


@pytest.fixture(autouse=True)
def _progress_of_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_LIB_PROGRESS", str(tmp_path / "progress.json"))
