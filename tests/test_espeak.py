"""The synthesiser: the same sounds in every fresh process, and clear errors when it does not work."""

import sys

import numpy as np
import pytest

from lstm_lib.datasets import espeak
from lstm_lib.datasets.espeak import Said, speak
from lstm_lib.datasets.source import DataError

SAID = [
    Said("one two", "gmw/en+f1"),
    Said("three", "gmw/en-US+m3", 220, 60),
    Said("one two", "gmw/en+f1", 120),
    Said("six seven", "gmw/en+f2"),  # this voice has noise in it, from a seed
    Said("zero", "gmw/en+sandro"),
]


def test_it_speaks_and_says_the_same_in_another_process():
    rate, sounds = speak(SAID)
    assert rate == 22_050
    assert [sound.dtype for sound in sounds] == [np.int16] * 5
    assert all(0.2 < len(sound) / rate < 3 for sound in sounds)
    assert all(np.abs(sound.astype(int)).max() > 3000 for sound in sounds)
    assert len(sounds[2]) > 1.2 * len(sounds[0])  # the slower one lasts longer
    again = speak(SAID)[1]
    assert all(np.array_equal(a, b) for a, b in zip(sounds, again, strict=True))


def test_whole_numbers_of_numpy_will_do():
    plain = speak([Said("one", "gmw/en", 200, 40)])[1]
    numpy = speak([Said("one", "gmw/en", np.int64(200), np.uint8(40))])[1]
    assert np.array_equal(plain[0], numpy[0])


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        (
            "gmw/en+nobody",
            r"utterance 2 of 2 \(code 1\): there is no variant 'nobody' for the voice 'gmw/en\+nobody'\. Change that",
        ),
        (
            "xx/nowhere",
            r"utterance 2 of 2 \(code 1\): there is no voice 'xx/nowhere'\. Change that, and run the cell",
        ),
    ],
)
def test_a_voice_that_is_not_there_is_named(voice, message):
    with pytest.raises(DataError, match=message) as caught:
        speak([SAID[0], Said("one", voice)])
    assert "Install" not in str(caught.value)
    with pytest.raises(DataError, match=r"utterance 1 of 1 .* Change that, and run the cell again\.$"):
        speak([Said("one", voice)])


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            "import os; os.abort()",
            r"stopped at utterance 1 of 5 \(code -?\d+\): it crashed without a word\. Install the course",
        ),
        (
            "raise OSError('no library')",
            r"stopped at utterance 1 of 5 \(code 1\): OSError: no library\. Install the course",
        ),
        (
            "import sys; sys.stdin.readline(); sys.stdout.buffer.write(bytes([34, 86, 0, 0, 1, 0, 0, 0, 5, 0])); "
            "sys.stdout.flush(); sys.stderr.write('x' * 300_000); sys.exit(3)",
            r"stopped at utterance 2 of 5 \(code 3\): x+\. Run the cell again\.$",
        ),
    ],
)
def test_a_crash_does_not_take_this_process_with_it(program, message, monkeypatch):
    monkeypatch.setattr(espeak, "COMMAND", (sys.executable, "-c", program))
    with pytest.raises(DataError, match=message):
        speak(SAID)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "said must hold at least one utterance, got none"),
        ([Said(" ", "gmw/en")], r"said\[0\].text must hold words, got ' '"),
        ([SAID[0], Said("one", "")], r"said\[1\].voice must name a voice, got ''"),
        ([Said("one\0two", "gmw/en")], r"said\[0\].text must not hold the character 0, got 'one\\x00two'"),
        ([Said("one", "gmw/en\0")], r"said\[0\].voice must not hold the character 0, got 'gmw/en\\x00'"),
        (
            [SAID[0], Said("one", "gmw/en", 500)],
            r"said\[1\].speed must be a whole number from 80 to 450 words a minute, got 500",
        ),
        ([Said("one", "gmw/en", "175")], r"said\[0\].speed must be a whole number .*, got '175'"),
        ([Said("one", "gmw/en", 175.5)], r"said\[0\].speed must be a whole number .*, got 175.5"),
        ([Said("one", "gmw/en", None)], r"said\[0\].speed must be a whole number .*, got None"),
        ([Said("one", "gmw/en", 175, 120)], r"said\[0\].pitch must be a whole number from 0 to 99, got 120"),
        (
            [Said("one", "gmw/en", 175, True)],
            r"said\[0\].pitch must be a whole number from 0 to 99, got True",
        ),
        (
            [Said("one", "gmw/en", 175, "50")],
            r"said\[0\].pitch must be a whole number from 0 to 99, got '50'",
        ),
        (
            [Said("one", "gmw/en", 175, 50.0)],
            r"said\[0\].pitch must be a whole number from 0 to 99, got 50.0",
        ),
        (["one"], r"said\[0\] must be \(text, voice, speed, pitch\), got 'one'"),
    ],
)
def test_what_cannot_be_meant_is_named(said, message):
    with pytest.raises(ValueError, match=message):
        speak(said)
