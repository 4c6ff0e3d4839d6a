"""A learner's own clips: MP4 files that the tests write, and files that are none."""

import struct
import sys

import av
import numpy as np
import pytest

from lstm_lib.datasets import clips
from lstm_lib.datasets.clips import load_clip, save_clip
from lstm_lib.datasets.figures import draw
from lstm_lib.datasets.source import DataError


@pytest.fixture
def clip():
    return draw(["wave"], np.random.default_rng(0))[0]


def test_what_is_saved_is_read(clip, tmp_path):
    save_clip(tmp_path / "clip.mp4", clip)
    back = load_clip(tmp_path / "clip.mp4")
    assert (back.shape, back.dtype) == (clip.shape, clip.dtype)
    assert np.abs(back.astype(float) - clip).mean() < 3


def test_frames_are_taken_evenly_and_the_middle_is_cut_out(tmp_path):
    """Frame t is as bright as 8 t; left and right of the square in the middle it is black."""
    frames = np.zeros((30, 32, 64), dtype=np.uint8)
    frames[:, :, 16:48] = np.arange(30)[:, None, None] * 8
    save_clip(tmp_path / "wide.mp4", frames, zoom=4)
    back = load_clip(tmp_path / "wide.mp4", frames=4, size=16)
    assert back.shape == (4, 16, 16)
    middle = back[:, 4:12, 4:12].mean(axis=(1, 2))
    np.testing.assert_allclose(middle, np.rint(np.linspace(0, 29, 4)) * 8, atol=6)
    assert back[3].min() > 180  # nothing of the black sides


def test_a_short_video_repeats_frames(clip, tmp_path):
    save_clip(tmp_path / "short.mp4", clip[:5])
    assert load_clip(tmp_path / "short.mp4").shape == (24, 32, 32)


def test_odd_sizes_and_colour(tmp_path):
    save_clip(tmp_path / "odd.mp4", np.full((3, 15, 17), 200, dtype=np.uint8), zoom=3)
    assert abs(float(load_clip(tmp_path / "odd.mp4", frames=3, size=8).mean()) - 200) < 4
    with av.open(str(tmp_path / "colour.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        red = np.zeros((48, 64, 3), dtype=np.uint8)
        red[..., 0] = 255
        for packet in [*stream.encode(av.VideoFrame.from_ndarray(red, format="rgb24")), *stream.encode()]:
            container.mux(packet)
    grey = load_clip(tmp_path / "colour.mp4", frames=2)
    assert 50 < grey.mean() < 110  # the brightness of red


def sound_only(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp2", rate=44100)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1152 * 2), dtype=np.int16), format="s16", layout="stereo"
        )
        frame.sample_rate = 44100
        for packet in [*stream.encode(frame), *stream.encode()]:
            container.mux(packet)


def test_a_file_that_is_no_video_is_named(clip, tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*gone.mp4. Give the path of a video"):
        load_clip(tmp_path / "gone.mp4")
    with pytest.raises(DataError, match=r"is a folder. Give the path of a video in it"):
        load_clip(tmp_path)
    (tmp_path / "letter.mp4").write_text("Dear film,", encoding="utf-8")
    with pytest.raises(DataError, match=r"letter.mp4 cannot be read as a video: Invalid data"):
        load_clip(tmp_path / "letter.mp4")
    (tmp_path / "empty.mp4").write_bytes(b"")
    with pytest.raises(DataError, match=r"empty.mp4 cannot be read as a video"):
        load_clip(tmp_path / "empty.mp4")
    sound_only(tmp_path / "sound.mp4")
    with pytest.raises(DataError, match=r"sound.mp4 has sound but no picture"):
        load_clip(tmp_path / "sound.mp4")
    words = "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nworld\n"
    (tmp_path / "words.srt").write_text(words, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"words.srt holds no picture, or is damaged. Give the path of a video"
    ):
        load_clip(tmp_path / "words.srt")


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ("moov", r"half.mp4 cannot be read as a video"),
        ("trak", r"half.mp4 holds no picture, or is damaged. Give the path of a video"),
        ("stsd", r"half.mp4 cannot be read as a video: its kind of picture is not known, or it is damaged"),
    ],
)
def test_a_file_that_breaks_off_in_its_table_of_contents_is_named(box, words, clip, tmp_path):
    """An MP4 file has its table at the end: first that there is a track, then of what kind."""
    save_clip(tmp_path / "whole.mp4", clip)
    whole = (tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "half.mp4").write_bytes(whole[: whole.index(box.encode())])
    with pytest.raises(DataError, match=words):
        load_clip(tmp_path / "half.mp4")


@pytest.mark.skipif(sys.platform == "win32", reason="no name has a colon there")
def test_a_colon_in_a_name_makes_it_no_address(clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_clip("a:b.mp4", clip)
    assert load_clip("a:b.mp4").shape == (24, 32, 32)
    assert [path.name for path in tmp_path.iterdir()] == ["a:b.mp4"]


@pytest.mark.parametrize(
    ("turn", "matrix", "side"),
    [
        (0, (1, 0, 0, 1), np.s_[:4, :]),
        (90, (0, 1, -1, 0), np.s_[:, -4:]),
        (180, (-1, 0, 0, -1), np.s_[-4:, :]),
        (270, (0, -1, 1, 0), np.s_[:, :4]),
    ],
)
def test_a_video_of_a_telephone_stands_upright(turn, matrix, side, tmp_path):
    """The frames as they are stored are bright at the top; the file says: turn them so far, clockwise."""
    path = tmp_path / "turned.mp4"
    frames = np.zeros((3, 16, 24), dtype=np.uint8)
    frames[:, :8] = 255
    save_clip(path, frames)
    a, b, c, d = (65536 * number for number in matrix)
    data = bytearray(path.read_bytes())
    place = data.find(b"tkhd") + 44
    data[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 128 << 16, 128 << 16, 1 << 30)
    path.write_bytes(data)
    back = load_clip(path, frames=3, size=8)
    bright = np.zeros((8, 8), dtype=bool)
    bright[side] = True
    assert back[:, bright].min() > 200
    assert back[:, ~bright].max() < 55


def test_what_is_too_long_or_too_large_is_refused(clip, tmp_path, monkeypatch):
    save_clip(tmp_path / "clip.mp4", clip)
    monkeypatch.setattr(clips, "MOST_FRAMES", 10)
    with pytest.raises(DataError, match="has more than 10 frames: cut out the seconds that matter"):
        load_clip(tmp_path / "clip.mp4")
    monkeypatch.setattr(clips, "MOST_PIXELS", 1000)
    with pytest.raises(DataError, match="has frames of 256 × 256 pixels: make it smaller first"):
        load_clip(tmp_path / "clip.mp4")


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"frames": 0}, ValueError, "frames must be at least 1, got 0"),
        ({"size": 2.5}, TypeError, "size must be a whole number, at least 1, got 2.5"),
        ({"size": True}, TypeError, "size must be a whole number, at least 1, got True"),
    ],
)
def test_bad_settings(settings, error, words, tmp_path):
    with pytest.raises(error, match=words):
        load_clip(tmp_path / "any.mp4", **settings)


def test_what_cannot_be_saved_is_named(clip, tmp_path):
    with pytest.raises(ValueError, match=r"clip must be \(T, height, width\) of uint8, got shape \(32, 32\)"):
        save_clip(tmp_path / "x.mp4", clip[0])
    with pytest.raises(ValueError, match="of float64"):
        save_clip(tmp_path / "x.mp4", clip.astype(float))
    with pytest.raises(ValueError, match=r"clip must be .*, got shape \(0, 32, 32\)"):
        save_clip(tmp_path / "x.mp4", clip[:0])
    with pytest.raises(TypeError, match=r"clip must be an array \(T, height, width\) of uint8, got list"):
        save_clip(tmp_path / "x.mp4", clip.tolist())
    with pytest.raises(ValueError, match="a_second must be at least 1, got 0"):
        save_clip(tmp_path / "x.mp4", clip, a_second=0)
    with pytest.raises(ValueError, match="a_second must be from 1 to 65,535, got 100,000"):
        save_clip(tmp_path / "x.mp4", clip, a_second=100_000)
    with pytest.raises(TypeError, match=r"a_second must be a whole number, at least 1, got 12\.5"):
        save_clip(tmp_path / "x.mp4", clip, a_second=12.5)
    with pytest.raises(TypeError, match=r"zoom must be a whole number, at least 1, got 1\.5"):
        save_clip(tmp_path / "x.mp4", clip, zoom=1.5)
    with pytest.raises(
        ValueError, match=r"clip must have frames of at most 9,437,184 pixels, zoomed, .* zoom 3000"
    ):
        save_clip(tmp_path / "x.mp4", clip, zoom=3000)
    with pytest.raises(
        ValueError, match=r"clip must have sides of at most 8,190 pixels, zoomed, got \(1, 4096\) at zoom 2"
    ):
        save_clip(tmp_path / "x.mp4", np.zeros((2, 1, 4096), dtype=np.uint8), zoom=2)
    assert not (tmp_path / "x.mp4").exists()


def test_what_is_at_the_limits_is_saved(tmp_path):
    save_clip(tmp_path / "x.mp4", np.zeros((2, 1, 8190), dtype=np.uint8), a_second=65_535, zoom=1)
    assert load_clip(tmp_path / "x.mp4").shape == (24, 32, 32)


@pytest.mark.parametrize("name", ["x.gif", "x.webm", "x.avi", "x.xyz", "x", ".mp4"])
def test_only_mp4_is_written(name, clip, tmp_path):
    with pytest.raises(
        ValueError, match=rf"path must end in .mp4, the only kind that is written, got '{name}'"
    ):
        save_clip(tmp_path / name, clip)
    assert not list(tmp_path.iterdir())


def test_where_no_file_can_be_written_is_named(clip, tmp_path):
    with pytest.raises(DataError, match=r"There is no folder .*gone to write x.mp4 into"):
        save_clip(tmp_path / "gone" / "x.mp4", clip)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(DataError, match=r"folder.mp4 cannot be written: Is a directory"):
        save_clip(tmp_path / "folder.mp4", clip)
