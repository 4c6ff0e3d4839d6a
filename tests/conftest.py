"""What every test gets: figures without a screen, and a learner's progress that is nobody's."""

import os
from pathlib import Path

import pytest

os.environ["MPLBACKEND"] = "Agg"

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _progress_of_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_LIB_PROGRESS", str(tmp_path / "progress.json"))
