"""Japanese vowels: the published split, and lines that cannot be read."""

import numpy as np
import pytest

from lstm_lib.datasets import vowels
from lstm_lib.datasets.source import DataError


def test_the_published_split():
    train, test = (vowels.load_vowels(part) for part in ("train", "test"))
    assert np.bincount(train.speakers).tolist() == [30] * 9
    assert np.bincount(test.speakers).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    lengths = [len(x) for x in train.frames + test.frames]
    assert (min(lengths), max(lengths)) == (7, 29)
    assert all(x.shape[1] == 12 and x.dtype == np.float32 for x in train.frames)
    assert train.frames[0][0, 0] == pytest.approx(1.860936)
    assert train.frames[0][1, 0] == pytest.approx(1.891651)
    assert train.frames[0][0, 1] == pytest.approx(-0.207383)


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"part must be one of \['train', 'test'\], got 'validation'"):
        vowels.load_vowels("validation")


GOOD = ":".join(["1,2"] * 12)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{GOOD}:10", "line 3 of a.ts must have 12 channels of numbers and a speaker from 1 to 9"),
        ("1,2:3,4:1", "line 3 of a.ts must have 12 channels"),
        (f"{GOOD.replace('1,2', '1,nan', 1)}:1", "line 3 of a.ts must have 12 channels of numbers"),
        (f"{GOOD.replace('1,2', '1,x', 1)}:1", "line 3 of a.ts cannot be read"),
        (f"{GOOD.replace('1,2', '1', 1)}:1", "line 3 of a.ts cannot be read"),
        (f"{GOOD}:one", "line 3 of a.ts cannot be read"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, line, message):
    file = tmp_path / "a.ts"
    file.write_text(f"@data\n{GOOD}:3\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        vowels.read(file)
