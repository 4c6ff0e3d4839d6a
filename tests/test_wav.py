"""A learner's own recording: every kind of WAV file that the test can write, and files that are none."""

import struct
import wave

import numpy as np
import pytest

from lstm_lib.datasets import wav
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


def fmt(kind, bits=16, rate=RATE, channels=1, extra=b""):
    """The part of a WAV file that says what its samples are: 3 is floating point, 7 is mu-law."""
    size = bits // 8 * channels
    held = struct.pack("<HHIIHH", kind, channels, rate, rate * size, size, bits) + extra
    return b"fmt " + struct.pack("<I", len(held)) + held


def extensible(kind, bits=24, channels=1):
    """The same in the extensible form: 22 bytes more, and the format's number begins the last sixteen."""
    guid = struct.pack("<HHHH", kind, 0, 0, 0x10) + bytes.fromhex("800000aa00389b71")
    return fmt(0xFFFE, bits, channels=channels, extra=struct.pack("<HHI", 22, bits, 0) + guid)


def riff(about, data, told=None, whole=None, behind=b""):
    """A WAV file of these bytes, which tells a length of its data and of itself that may be untrue."""
    chunks = about + b"data" + struct.pack("<I", len(data) if told is None else told) + data + behind
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) if whole is None else whole) + b"WAVE" + chunks


def header(kind, bits=32):
    """A WAV file of another format."""
    return riff(fmt(kind, bits), bytes(RATE))


def bytes_of(sound, width=2):
    return b"".join(
        int(v).to_bytes(width, "little", signed=True) for v in np.rint(sound * (2 ** (8 * width - 1) - 1))
    )


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
        (
            riff(extensible(3, 32), bytes(RATE)),
            r"a\.wav holds floating point or compressed samples \(unknown format: 3\)",
        ),
        (
            riff(extensible(0xFFFE), bytes(RATE)),
            r"a\.wav holds floating point or compressed samples \(unknown",
        ),
        (riff(extensible(1)[:30], b""), r"a\.wav (is|holds)"),  # the part is said to be longer than it is
        (
            b"RIFF1234WAVEhello" * 3,
            r"a\.wav is no WAV file \(its parts do not fit together\): save the recording",
        ),
        (b"RIFF" + bytes(4) + b"WAVE", r"a\.wav is no WAV file \(fmt chunk and/or data chunk missing\)"),
        (
            riff(fmt(1, rate=0), bytes(RATE)),
            r"a\.wav has 0 samples a second, from 4,000 to 400,000 can be read",
        ),
        (riff(fmt(1, bits=40), bytes(RATE)), r"a\.wav has 40 bits a sample"),
        (riff(fmt(1, channels=0), bytes(RATE)), r"a\.wav is no WAV file \(bad # of channels\)"),
        (riff(fmt(1), b""), r"a\.wav lasts 0\.00 seconds"),
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


@pytest.mark.parametrize("width", [2, 3, 4])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_extensible_form_is_read_on_every_version_of_python(tmp_path, width, channels):
    sound = np.repeat(tone(RATE), channels)
    (tmp_path / "a.wav").write_bytes(riff(extensible(1, 8 * width, channels), bytes_of(sound, width)))
    assert np.allclose(load_wav(tmp_path / "a.wav"), tone(RATE), atol=1e-4)


LIST = b"LIST" + struct.pack("<I", 6) + b"INFOab"


@pytest.mark.parametrize("told", [0, 0xFFFFFFFF, 0x7FFFFFFF])
@pytest.mark.parametrize("whole", [0, 36, 0xFFFFFFFF])
def test_a_stream_that_does_not_know_its_length_lasts_as_long_as_it_is(tmp_path, told, whole):
    (tmp_path / "a.wav").write_bytes(riff(LIST + fmt(1), bytes_of(tone(RATE)), told, whole))
    assert np.allclose(load_wav(tmp_path / "a.wav"), tone(RATE), atol=1e-4)


def test_what_stands_behind_the_samples_is_not_heard(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(fmt(1), bytes_of(tone(RATE)), behind=LIST))
    assert len(load_wav(tmp_path / "a.wav")) == RATE // 2
    long_list = b"LIST" + struct.pack("<I", RATE) + bytes(RATE)
    (tmp_path / "a.wav").write_bytes(riff(fmt(1), b"", behind=long_list))
    with pytest.raises(DataError, match=r"lasts 0\.00 seconds"):
        load_wav(tmp_path / "a.wav")


def test_a_stream_that_is_too_long_is_told_its_own_length(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(fmt(1), bytes_of(tone(RATE, 31)), 0xFFFFFFFF))
    with pytest.raises(DataError, match="lasts 31 seconds, at most 30 are read: cut it"):
        load_wav(tmp_path / "a.wav")


def test_a_very_large_file_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(wav, "LARGEST", 1_000_000)
    save_wav(tmp_path / "a.wav", np.zeros(600_000))
    with pytest.raises(DataError, match="has more than 1 million bytes, at most 30 seconds are read: cut it"):
        load_wav(tmp_path / "a.wav")


def test_channels_that_cancel_each_other_are_not_called_silent_alone(tmp_path):
    save_wav(tmp_path / "a.wav", np.stack([tone(RATE), -tone(RATE)], axis=1))
    with pytest.raises(DataError, match="its channels cancel each other: save one of them alone"):
        load_wav(tmp_path / "a.wav")


@pytest.mark.parametrize("sound", [[], [[[0.0]]], [np.nan]])
def test_what_cannot_be_written_is_named(tmp_path, sound):
    with pytest.raises(ValueError, match="sound must be finite numbers"):
        save_wav(tmp_path / "a.wav", sound)
