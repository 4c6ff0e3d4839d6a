"""The stored runs are tested with what made them, in test_speech.py; here: a file that is not there."""

import pytest

from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.speech_runs import load_speech_runs


def test_a_missing_file_says_what_makes_it(tmp_path):
    with pytest.raises(DataError, match=r"`python -m benchmarks.speech` makes it anew"):
        load_speech_runs(tmp_path / "gone.csv")
