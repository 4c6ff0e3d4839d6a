"""Messages of a real program: pairs of lines, and a file that cannot be read."""

import pytest

from lstm_lib.datasets import messages, source
from lstm_lib.datasets.source import DataError


def test_messages_are_pairs_in_one_line():
    found = messages.load_messages()
    assert 1500 < len(found) < 3100
    assert len({pair.en for pair in found}) == len(found)
    assert all(pair.en and pair.fr and pair.en != pair.fr and "\n" not in pair.en + pair.fr for pair in found)


def test_messages_that_cannot_be_read_are_told(tmp_path, monkeypatch):
    (tmp_path / "bad.json").write_text("[1", encoding="utf-8")
    monkeypatch.setattr(source, "fetch", lambda name: tmp_path / "bad.json")
    with pytest.raises(
        DataError, match=r"cannot be read: .*`lstm-lib data fetch jupyterlab_french` mends it"
    ):
        messages.load_messages()
