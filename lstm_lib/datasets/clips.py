"""A learner's own clips: decode a video with PyAV, take frames evenly, cut out the middle, make it small and grey."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.task import whole_number

__all__ = ["MOST_FRAMES", "load_clip", "save_clip"]

MOST_FRAMES = 3000  # about two minutes; a clip for this course lasts seconds
MOST_PIXELS = 4096 * 2304
LONGEST_SIDE = 8190  # of an MPEG-4 picture
MOST_A_SECOND = 65_535  # frames, in MPEG-4


def load_clip(path: str | Path, frames: int = 24, size: int = 32) -> NDArray[np.uint8]:
    """Return a video as a clip (frames, size, size), grey, 0 is black and 255 white.

    The frames are taken evenly from the first to the last; a video with fewer repeats some. The largest square in the
    middle of the picture is cut out and made small, each pixel the mean of those it stands for.

    Args:
        path: of a video that FFmpeg can read: MP4, MOV, WebM, AVI, GIF ….
        frames: T.
        size: in pixels.

    Raises:
        TypeError, ValueError: frames or size is no whole number above zero.
        DataError: there is no such file, it is no video, has no picture in it, is damaged, or is too long or too large.
    """
    whole_number("frames", frames, 1)
    whole_number("size", size, 1)
    file = Path(path)
    if file.is_dir():
        raise DataError(f"{file} is a folder. Give the path of a video in it, such as my_clip.mp4.")
    if not file.is_file():
        raise DataError(f"There is no file {file}. Give the path of a video, such as my_clip.mp4.")
    found: list[NDArray[np.uint8]] = []
    try:
        with av.open(
            str(file.absolute())
        ) as container:  # "a:b.mp4" alone is read as an address, like "http:"
            if not container.streams.video:
                what = (
                    "has sound but no picture"
                    if container.streams.audio
                    else "holds no picture, or is damaged"
                )
                raise DataError(f"{file} {what}. Give the path of a video.")
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise DataError(
                    f"{file} cannot be read as a video: its kind of picture is not known, or it is damaged."
                )
            if stream.width * stream.height > MOST_PIXELS:
                raise DataError(
                    f"{file} has frames of {stream.width} × {stream.height} pixels: make it smaller first."
                )
            for frame in container.decode(stream):
                if len(found) == MOST_FRAMES:
                    raise DataError(
                        f"{file} has more than {MOST_FRAMES} frames: cut out the seconds that matter."
                    )
                picture = frame.to_ndarray(format="gray").astype(np.uint8)
                # A telephone writes its pictures as they lie on the sensor, and says how to turn them.
                found.append(_square(np.rot90(picture, frame.rotation // 90), size))
    except av.FFmpegError as error:
        if not found:
            raise DataError(f"{file} cannot be read as a video: {error.strerror or error}.") from None
        # A video that breaks off, as a recording does that was stopped hard: what came before is good.
    except (ValueError, IndexError) as error:
        raise DataError(f"{file} cannot be read as a video: {error}.") from None
    if not found:
        raise DataError(f"{file} holds no frame.")
    return np.stack([found[k] for k in np.rint(np.linspace(0, len(found) - 1, frames)).astype(int)])


def save_clip(path: str | Path, clip: NDArray[np.uint8], *, a_second: int = 12, zoom: int = 8) -> None:
    """Write a clip as an MP4 file (MPEG-4), each pixel as zoom × zoom, so that it can be shown to others.

    Args:
        path: of the file; its name ends in .mp4, and its folder must be there.
        clip: (T, height, width) of uint8, 0 is black and 255 white.
        a_second: so many frames, at most 65,535.
        zoom: a pixel becomes so many pixels squared.

    Raises:
        TypeError, ValueError: the clip is not (T, height, width) of uint8, with at least one frame, or too large; a
            number is no whole number above zero, or a_second is above 65,535; the name has another ending.
        DataError: the folder is not there, or the file cannot be written.
    """
    if not isinstance(clip, np.ndarray):
        raise TypeError(f"clip must be an array (T, height, width) of uint8, got {type(clip).__name__}")
    frames = clip
    if frames.ndim != 3 or frames.dtype != np.uint8 or not frames.size:
        raise ValueError(
            f"clip must be (T, height, width) of uint8, got shape {frames.shape} of {frames.dtype}"
        )
    if whole_number("a_second", a_second, 1) > MOST_A_SECOND:
        raise ValueError(f"a_second must be from 1 to {MOST_A_SECOND:,}, got {a_second:,}")
    zoom = whole_number("zoom", zoom, 1)
    if frames.shape[1] * frames.shape[2] * zoom**2 > MOST_PIXELS:
        raise ValueError(
            f"clip must have frames of at most {MOST_PIXELS:,} pixels, zoomed, got {frames.shape[1:]} at zoom {zoom}"
        )
    if max(frames.shape[1:]) * zoom > LONGEST_SIDE:
        raise ValueError(
            f"clip must have sides of at most {LONGEST_SIDE:,} pixels, zoomed, got {frames.shape[1:]} at zoom {zoom}"
        )
    file = Path(path)
    if file.suffix.lower() != ".mp4":
        raise ValueError(f"path must end in .mp4, the only kind that is written, got {file.name!r}")
    if not file.parent.is_dir():
        raise DataError(f"There is no folder {file.parent} to write {file.name} into.")
    try:
        _write(file, frames, a_second, zoom)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror or error}.") from None


def _write(file: Path, frames: NDArray[np.uint8], a_second: int, zoom: int) -> None:
    """Write frames (T, height, width) as MPEG-4; an odd side gets one row or column more, which the format needs."""
    with av.open(str(file.absolute()), "w") as container:  # see load_clip
        stream = container.add_stream("mpeg4", rate=a_second)
        stream.width, stream.height = (side * zoom + side * zoom % 2 for side in frames.shape[:0:-1])
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 2_000_000
        for frame in frames:
            large = np.kron(frame, np.ones((zoom, zoom), dtype=np.uint8))
            large = np.pad(large, [(0, side % 2) for side in large.shape], mode="edge")
            for packet in stream.encode(
                av.VideoFrame.from_ndarray(large, format="gray").reformat(format="yuv420p")
            ):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _square(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return the largest square in the middle of a picture, size × size."""
    height, width = picture.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(picture[top : top + side, left : left + side]))
    return np.asarray(square.resize((size, size), Image.Resampling.BOX))
