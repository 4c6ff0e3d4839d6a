"""A learner's own recording: every kind of WAV file that the test can write, and files that are none."""

import struct
import wave

import numpy as np
import pytest

from lstm_lib.datasets.log_mel import RATE
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.wav import load_wav, save_wav


def tone(rate, seconds=0.5, hertz=440.0):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


def write(path, sound, rate, width=2, channels=1):
    """Write a WAV file by the standard library alone."""
    full = 2 ** (8 * width - 1)
    whole = np.rint(sound * (full - 1)).astype(np.int64)
    whole = np.repeat(whole[:, None], channels, axis=1).reshape(-1)
    if width == 1:
        data = (whole + 128).astype(np.uint8).tobytes()
    else:
        data = b"".join(int(v).to_bytes(width, "little", signed=True) for v in whole)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_any_rate_width_and_one_or_two_channels(tmp_path, width, channels, rate):
    write(tmp_path / "a.wav", tone(rate), rate, width, channels)
    x = load_wav(tmp_path / "a.wav")
    assert x.dtype == np.float32
    assert abs(len(x) - RATE // 2) <= 1
    inner = slice(400, -400)  # the ends ring a little
    assert np.abs(x[: RATE // 2] - tone(RATE)[: len(x)])[inner].max() < (0.02 if width == 1 else 0.005)


def test_channels_are_averaged(tmp_path):
    both = np.stack([tone(RATE), np.zeros(RATE // 2)], axis=1)
    save_wav(tmp_path / "stereo.wav", both)
    assert np.allclose(load_wav(str(tmp_path / "stereo.wav")), tone(RATE) / 2, atol=1e-4)


def test_what_is_written_comes_back(tmp_path):
    save_wav(tmp_path / "a.wav", tone(RATE))
    assert np.allclose(load_wav(tmp_path / "a.wav"), tone(RATE), atol=1e-4)


def header(kind, bits=32):
    """The beginning of a WAV file of another format: 3 is floating point, 7 is mu-law."""
    fmt = struct.pack("<HHIIHH", kind, 1, RATE, RATE * bits // 8, bits // 8, bits)
    data = bytes(RATE)
    chunks = b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Dear microphone, how are you?", r"a\.wav is no WAV file"),
        (b"", r"a\.wav is empty or cut off: it is no whole WAV file"),
        (header(1)[:30], r"a\.wav is"),
        (
            header(3),
            r"a\.wav holds floating point or compressed samples \(unknown format: 3\): save it as WAV",
        ),
        (header(7, 8), r"a\.wav holds floating point or compressed samples"),
    ],
)
def test_files_that_are_none(tmp_path, content, message):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_wav(tmp_path / "a.wav")


def test_a_file_that_is_not_there_and_a_folder(tmp_path):
    for path in (tmp_path / "gone.wav", tmp_path):
        with pytest.raises(DataError, match="There is no file"):
            load_wav(path)


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        (tone(RATE, 0.1), r"lasts 0\.10 seconds, at least 0\.2 are needed"),
        (tone(RATE, 31), "lasts 31 seconds, at most 30 are read: cut it"),
        (np.zeros(RATE), "is silent: was the microphone on?"),
    ],
)
def test_too_short_too_long_silent(tmp_path, sound, message):
    save_wav(tmp_path / "a.wav", sound)
    with pytest.raises(DataError, match=message):
        load_wav(tmp_path / "a.wav")


def test_a_strange_rate(tmp_path):
    write(tmp_path / "a.wav", tone(1000), 1000)
    with pytest.raises(DataError, match=r"has 1000 samples a second, from 4,000 to 400,000 can be read"):
        load_wav(tmp_path / "a.wav")


def test_a_file_that_was_cut_off_inside_a_sample_is_read_up_to_there(tmp_path):
    write(tmp_path / "a.wav", tone(RATE), RATE)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[:-2001])
    assert len(load_wav(tmp_path / "a.wav")) == RATE // 2 - 1001


@pytest.mark.parametrize("sound", [[], [[[0.0]]], [np.nan]])
def test_what_cannot_be_written_is_named(tmp_path, sound):
    with pytest.raises(ValueError, match="sound must be finite numbers"):
        save_wav(tmp_path / "a.wav", sound)
