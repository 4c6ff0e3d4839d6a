"""The pictures of lesson 17: film strips, moving clips, an answer that grows over time, words that look at frames."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from lstm_lib.plots.figure import BLACK, COLOURS, DASHES, Figure, label_ends, new_axes, style

Array = NDArray[Any]
GREYS = 24  # the step between two greys of a moving picture


class Moving:
    """A moving picture with alt text. As the last line of a cell it is shown as an image that has that text."""

    def __init__(self, gif: bytes, alt: str) -> None:
        """Keep a GIF and what it shows in words."""
        self.gif, self.alt = gif, alt

    def html(self) -> str:
        """Return an ``<img>`` with the picture and its alt text inside."""
        data = base64.b64encode(self.gif).decode("ascii")
        return f'<img alt="{html.escape(self.alt)}" src="data:image/gif;base64,{data}">'

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/html": self.html(), "text/plain": self.alt}, raw=True)  # type: ignore[no-untyped-call]


def moving(
    clips: Mapping[str, ArrayLike], *, title: str, zoom: int = 4, rounds: int = 4, a_second: int = 12
) -> Moving:
    """Show clips side by side as a moving picture that stops after some rounds.

    Args:
        clips: name -> (T, height, width), 0 to 255; all of one shape.
        title: what to see; the beginning of the alt text.
        zoom: a pixel becomes so many pixels squared.
        rounds: so often it is played.
        a_second: so many frames.

    Raises:
        ValueError: there is no clip, or the shapes differ.
    """
    films = _films(clips)
    if len({film.shape for film in films.values()}) > 1:
        raise ValueError(f"clips must be of one shape, got {[film.shape for film in films.values()]}")
    gap = np.full((*next(iter(films.values())).shape[:2], 1), 255, dtype=np.uint8)
    wide = np.concatenate([part for film in films.values() for part in (film, gap)][:-1], axis=2)
    wide = wide // GREYS * GREYS  # few greys make a small file
    pictures = [Image.fromarray(np.kron(frame, np.ones((zoom, zoom), dtype=np.uint8))) for frame in wide]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer, "GIF", save_all=True, append_images=pictures[1:], duration=1000 // a_second, loop=rounds - 1
    )
    names = ", ".join(films)
    frames = len(wide)
    return Moving(
        buffer.getvalue(), f"{title}. Moving picture of {frames} frames, from left to right: {names}."
    )


def strips(clips: Mapping[str, ArrayLike], *, title: str, frames: int = 10, says: str = "") -> Figure:
    """Draw film strips: a row for each clip, some frames of it from the first to the last, with their numbers.

    Args:
        clips: name -> (T, height, width), 0 to 255.
        title: what to see.
        frames: so many are shown.
        says: one more sentence for the alt text.

    Raises:
        ValueError: there is no clip.
    """
    films = _films(clips)
    figure, axes = new_axes(8.4, 0.6 + 0.86 * len(films), len(films), 1, squeeze=False)
    with style():
        for ax, (name, film) in zip(axes[:, 0], films.items(), strict=True):
            shown = np.unique(np.rint(np.linspace(0, len(film) - 1, min(frames, len(film)))).astype(int))
            gap = np.full((film.shape[1], 1), 255, dtype=np.uint8)
            row = np.concatenate([part for k in shown for part in (film[k], gap)][:-1], axis=1)
            ax.imshow(row, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            width = film.shape[2] + 1
            for place, k in enumerate(shown):
                colour = "white" if film[k][:5, :8].mean() < 128 else "black"
                ax.text(place * width + 1, 1, str(k + 1), va="top", ha="left", fontsize=7, color=colour)
            ax.set_ylabel(name, rotation=0, ha="right", va="center")
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
            ax.spines[:].set_visible(False)
        axes[0, 0].set_title(title)
    told = "; ".join(f"{name}, {len(film)} frames" for name, film in films.items())
    figure.alt = f"{title}. Film strips, some frames each from left to right: {told}. {says}".strip()
    return figure


def panels(images: Mapping[str, ArrayLike], *, title: str, says: str = "") -> Figure:
    """Draw pictures beside each other, each with a name below.

    Args:
        images: name -> (height, width).
        title: what to see.
        says: one more sentence for the alt text.

    Raises:
        ValueError: there is no picture, or one is not (height, width).
    """
    if not images:
        raise ValueError("images must hold at least one picture, got none")
    figure, axes = new_axes(1.7 * len(images) + 0.4, 2.4, 1, len(images), squeeze=False)
    with style():
        for ax, (name, image) in zip(axes[0], images.items(), strict=True):
            picture = np.asarray(image)
            if picture.ndim != 2:
                raise ValueError(f"images[{name!r}] must be (height, width), got shape {picture.shape}")
            ax.imshow(picture, cmap="gray", interpolation="nearest")
            ax.set(xticks=[], yticks=[], xlabel=name)
            ax.grid(visible=False)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.alt = f"{title}. Pictures from left to right: {'; '.join(images)}. {says}".strip()
    return figure


def growing(
    film: ArrayLike, p: ArrayLike, names: Sequence[str], *, title: str, until: int | None = None
) -> Figure:
    """Draw what a network believes after each frame of a clip: film strip above, a line for each class below.

    Args:
        film: (T, height, width).
        p: (T, C), probabilities after each frame.
        names: of the C classes, two by two: a pair has one colour, and the second one's line is dashed.
            Only those that are ever above 0.1 are labelled.
        title: what to see.
        until: the number of the last frame that is drawn, from 1; None draws all.

    Raises:
        ValueError: the shapes do not fit, or until is outside the clip.
    """
    frames, chances = np.asarray(film), np.asarray(p, dtype=float)
    T = len(frames)
    if chances.shape != (T, len(names)):
        raise ValueError(f"p must be ({T}, {len(names)}), a row for each frame, got shape {chances.shape}")
    last = T if until is None else until
    if not 1 <= last <= T:
        raise ValueError(f"until must be from 1 to {T}, got {until}")
    figure, (above, ax) = new_axes(8.4, 4.2, 2, 1, height_ratios=[1, 3])
    x = np.arange(1, last + 1)
    with style():
        shown = np.unique(np.rint(np.linspace(0, T - 1, min(T, 12))).astype(int))
        blank = np.full_like(frames[0], 255)
        row = np.concatenate([frames[k] if k < last else blank for k in shown], axis=1)
        above.imshow(row, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        above.set(xticks=(np.arange(len(shown)) + 0.5) * frames.shape[2], xticklabels=shown + 1, yticks=[])
        above.tick_params(length=0, labelsize=8)
        above.grid(visible=False)
        above.spines[:].set_visible(False)
        above.set_title(title)
        for k, name in enumerate(names):
            line = chances[:last, k]
            known = line.max() > 0.1
            label = f"{name} (dashed)" if k % 2 else name
            ax.plot(
                x, line, label=label if known else f"_{label}", color=COLOURS[k // 2 % 7] if known else "#BBBBBB",
                ls=DASHES[k % 2], lw=2 if known else 0.8,
            )  # fmt: skip
        ax.axhline(0.5, color=BLACK, lw=0.8, ls=":")
        ax.set(xlabel="frames seen", ylabel="probability", ylim=(-0.02, 1.05), xlim=(0.5, T + 0.5))
        label_ends(ax)
    at_end = chances[last - 1]
    order = np.argsort(-at_end)[:2]
    figure.alt = (
        f"{title}. Film strip, and below it the probability of {len(names)} classes over the frames seen. "
        f"After frame {last} of {T}: {names[order[0]]} {at_end[order[0]]:.2f}, "
        f"{names[order[1]]} {at_end[order[1]]:.2f}."
    )
    return figure


def by_length(
    lengths: ArrayLike, rows: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str
) -> Figure:
    """Draw scores over the length of clips: a line for each name, and an upright bar from low to high at each length.

    Args:
        lengths: (N,), rising.
        rows: name -> (N, 3), for each length the score and the ends of its interval. The names are set a little
            beside each other, so that no bar hides another.
        title: what to see.
        xlabel: what a length is.
        ylabel: what the scores are, and of what kind the interval is.

    Raises:
        ValueError: there is no row, or one is not low <= score <= high for each length.
    """
    x = np.asarray(lengths, dtype=float)
    if not rows:
        raise ValueError("rows must hold at least one name, got none")
    table = {name: np.asarray(row, dtype=float) for name, row in rows.items()}
    for name, row in table.items():
        if row.shape != (len(x), 3) or not ((row[:, 1] <= row[:, 0]) & (row[:, 0] <= row[:, 2])).all():
            raise ValueError(
                f"rows[{name!r}] must be (score, low, high) in order for each of {len(x)} lengths, got {row.tolist()}"
            )
    figure, ax = new_axes(8.0, 3.6)
    apart = 0.02 * (x.max() - x.min() or 1.0)
    with style():
        for k, (name, (score, low, high)) in enumerate((name, row.T) for name, row in table.items()):
            ax.errorbar(
                x + (k - (len(table) - 1) / 2) * apart, score, np.stack([score - low, high - score]), label=name,
                color=COLOURS[k % len(COLOURS)], marker="os^D"[k % 4], ls=DASHES[k % len(DASHES)], capsize=3,
            )  # fmt: skip
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xticks=x)
        ax.legend(loc="lower left", frameon=False, ncols=len(table))
        bottom = min(row[:, 1].min() for row in table.values())
        top = max(row[:, 2].max() for row in table.values())
        ax.set_ylim(bottom - 0.3 * (top - bottom or 1.0), top + 0.05 * (top - bottom or 1.0))
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{s:.3f} ({a:.3f} to {b:.3f}) at {T:g}" for T, (s, a, b) in zip(x, row, strict=True))
        for name, row in table.items()
    )
    figure.alt = f"{title}. Line chart with intervals, {ylabel} over {xlabel}. {told}."
    return figure


def spoken(film: ArrayLike, words: Sequence[str], weights: ArrayLike, *, title: str) -> Figure:
    """Draw where each word of a caption looked: a row for each word, a column for each frame, dark for much.

    Args:
        film: (T, height, width).
        words: L of them.
        weights: (L, T), from 0 to 1, each row adds up to 1.
        title: what to see.

    Raises:
        ValueError: the shapes do not fit.
    """
    frames, looks = np.asarray(film), np.asarray(weights, dtype=float)
    T = len(frames)
    if looks.shape != (len(words), T) or not words:
        raise ValueError(f"weights must be ({len(words)}, {T}), a row for each word, got shape {looks.shape}")
    figure, (above, ax) = new_axes(8.4, 1.6 + 0.24 * len(words), 2, 1, height_ratios=[1, 0.3 * len(words)])
    with style():
        shown = np.unique(np.rint(np.linspace(0, T - 1, min(T, 12))).astype(int))
        row = np.concatenate([frames[k] for k in shown], axis=1)
        above.imshow(row, cmap="gray", vmin=0, vmax=255, interpolation="nearest", aspect="auto")
        above.set(xticks=[], yticks=[])
        above.grid(visible=False)
        above.spines[:].set_visible(False)
        above.set_title(title)
        ax.imshow(
            looks,
            cmap="Greys",
            aspect="auto",
            vmin=0,
            vmax=max(0.5, float(looks.max())),
            interpolation="nearest",
        )
        ax.set_yticks(np.arange(len(words)), list(words))
        ax.set(xlabel="frame", xticks=shown, xticklabels=shown + 1)
        ax.grid(visible=False)
    told = "; ".join(
        f"{word} at frame {int(look.argmax()) + 1}" for word, look in zip(words, looks, strict=True)
    )
    figure.alt = f"{title}. Heat map, words against {T} frames, dark is much attention. Most of it: {told}."
    return figure


def _films(clips: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.uint8]]:
    """Return the clips as arrays, if they are clips."""
    if not clips:
        raise ValueError("clips must hold at least one clip, got none")
    films = {name: np.asarray(clip) for name, clip in clips.items()}
    for name, film in films.items():
        if film.ndim != 3 or not film.size:
            raise ValueError(f"clips[{name!r}] must be (T, height, width), got shape {film.shape}")
    return {name: film.astype(np.uint8) for name, film in films.items()}
