"""The pictures of sound in lesson 16: waveform and frame, from a frame to bands, spectrograms, letters over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from lstm_lib.plots.figure import BLACK, BLUE, COLOURS, DASHES, RED, Figure, new_axes, number, style

Array = NDArray[Any]
HOP = 0.01  # seconds from one frame to the next


def waveform(sound: ArrayLike, rate: int, at: float, *, title: str, size: float = 0.025) -> Figure:
    """Draw a sound over time, and below it one frame of it, with the window that fades its ends out.

    Args:
        sound: (N,) samples.
        rate: samples a second.
        at: where the frame begins, in seconds.
        title: what to see.
        size: of the frame, in seconds.

    Raises:
        ValueError: sound is not (N,), or the frame is not inside it.
    """
    x = np.asarray(sound, dtype=float)
    first, count = round(at * rate), round(size * rate)
    if x.ndim != 1 or not x.size:
        raise ValueError(f"sound must be (N,), at least one sample, got shape {x.shape}")
    if not 0 <= first <= len(x) - count:
        raise ValueError(f"at must be inside the sound of {len(x) / rate:.2f} seconds, got {at}")
    frame = x[first : first + count]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(count) / count)
    figure, (above, below) = new_axes(8.4, 4.2, 2, 1)
    with style():
        above.plot(np.arange(len(x)) / rate, x, color=BLUE, ls="-", lw=0.5)
        above.axvspan(at, at + size, color=RED, alpha=0.5, lw=0)
        above.annotate(
            "this frame, below", (at + size, np.abs(x).max()), xytext=(8, -2), textcoords="offset points",
            color=RED, va="top", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )  # fmt: skip
        above.set(title=title, xlabel="seconds", ylabel="sample")
        ms = np.arange(count) / rate * 1000
        below.plot(ms, frame, color=BLUE, ls="-", lw=1)
        below.plot(ms, frame * window, color=RED, ls="--", lw=1.6)
        white = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85}
        below.text(0.01, 0.96, "as it is", color=BLUE, transform=below.transAxes, va="top", bbox=white)
        below.text(0.01, 0.8, "with the window", color=RED, transform=below.transAxes, va="top", bbox=white)
        below.set(xlabel="milliseconds from the beginning of the frame", ylabel="sample")
    figure.alt = (
        f"{title}. Above, {len(x):,} samples over {len(x) / rate:.2f} seconds, from {number(x.min())} to "
        f"{number(x.max())}. Below, the {count} samples from {at:.2f} seconds on, as they are, and faded to 0 at both "
        f"ends by the window."
    )
    return figure


def bands(power: ArrayLike, filters: ArrayLike, rate: int, *, title: str) -> Figure:
    """Draw how one spectrum becomes a few numbers: power over frequency, the filters, and the power in each band.

    Args:
        power: (F,), from 0 Hz to half the rate.
        filters: (bands, F), triangles.
        rate: samples a second.
        title: what to see.

    Raises:
        ValueError: the shapes do not fit.
    """
    p, bank = np.asarray(power, dtype=float), np.asarray(filters, dtype=float)
    if p.ndim != 1 or bank.ndim != 2 or bank.shape[1] != len(p) or len(p) < 2:
        raise ValueError(f"power must be (F,) and filters (bands, F), got {p.shape} and {bank.shape}")
    f = np.linspace(0, rate / 2000, len(p))
    count = len(bank)
    values = 10 * np.log10(bank @ p + 1e-6)
    figure, (left, middle, right) = new_axes(9.4, 3.0, 1, 3)
    with style():
        left.plot(f, 10 * np.log10(p + 1e-6), color=BLUE, ls="-", lw=1)
        left.set(xlabel="frequency (kHz)", ylabel="power (dB)")
        left.set_title(f"1. {len(p)} powers", fontsize=10)
        for k in range(count):
            middle.plot(f, bank[k], color=COLOURS[k % 2], ls=DASHES[k % 2], lw=0.9)
        middle.set(xlabel="frequency (kHz)", ylabel="weight", ylim=(0, 1.05))
        middle.set_title(f"2. {count} triangles", fontsize=10)
        right.bar(np.arange(1, count + 1), values - values.min(), bottom=values.min(), color=BLUE, alpha=0.5)
        right.set(xlabel="band, from low to high", ylabel="power (dB)")
        right.set_title(f"3. {count} numbers", fontsize=10)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    top = f[int(p.argmax())]
    figure.alt = (
        f"{title}. Three charts. Left, the power of {len(p)} frequencies up to {rate / 2000:g} kHz, the strongest at "
        f"{top:.2f} kHz. Middle, {count} triangles, narrow and close at low frequencies, wide at high ones. Right, the "
        f"power in each of the {count} bands, the strongest is band {int(values.argmax()) + 1}."
    )
    return figure


def spectrograms(
    pictures: Mapping[str, ArrayLike], *, title: str, hop: float = HOP, says: str = ""
) -> Figure:
    """Draw log-mel features over time, one picture above the other: dark is little power, bright is much.

    Args:
        pictures: name -> (T, bands).
        title: what to see.
        hop: seconds from one frame to the next.
        says: one more sentence for the alt text.

    Raises:
        ValueError: there is no picture, or one is not (T, bands).
    """
    if not pictures:
        raise ValueError("pictures must hold at least one (T, bands), got none")
    given = {name: np.asarray(x, dtype=float) for name, x in pictures.items()}
    for name, x in given.items():
        if x.ndim != 2 or not x.size:
            raise ValueError(f"pictures[{name!r}] must be (T, bands), got shape {x.shape}")
    figure, axes = new_axes(8.4, 0.7 + 1.35 * len(given), len(given), 1, squeeze=False)
    longest = max(len(x) for x in given.values()) * hop
    with style():
        for ax, (name, x) in zip(axes[:, 0], given.items(), strict=True):
            _image(ax, x, hop, (0.5, x.shape[1] + 0.5))
            ax.set(xlim=(0, longest), ylabel="mel band")
            text = f"{name}; bright: much power" if ax is axes[0, 0] else name
            ax.text(
                0.995, 0.95, text, transform=ax.transAxes, ha="right", va="top", fontsize=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
            )  # fmt: skip
        axes[-1, 0].set_xlabel("seconds")
        axes[0, 0].set_title(title)
    told = "; ".join(f"{name}, {len(x) * hop:.2f} seconds, {x.shape[1]} bands" for name, x in given.items())
    figure.alt = (
        f"{title}. Spectrograms, bright is much power, low frequencies at the bottom: {told}. {says}".strip()
    )
    return figure


def letters(
    mels: ArrayLike,
    p: ArrayLike,
    symbols: Sequence[str],
    *,
    title: str,
    hop: float = HOP,
    step: float = 2 * HOP,
) -> Figure:
    """Draw what a recogniser hears and says: the spectrogram, and below it the probability of each symbol over time.

    Args:
        mels: (F, bands), a frame each `hop` seconds.
        p: (T, K), probabilities, a row each `step` seconds; column 0 is the blank.
        symbols: K names; a space is written as ␣.
        title: what to see.
        hop: seconds a frame.
        step: seconds a step.

    Raises:
        ValueError: the shapes do not fit.
    """
    x, chances = np.asarray(mels, dtype=float), np.asarray(p, dtype=float)
    if x.ndim != 2 or not x.size:
        raise ValueError(f"mels must be (F, bands), got shape {x.shape}")
    if chances.ndim != 2 or chances.shape[1] != len(symbols) or not len(chances):
        raise ValueError(f"p must be (T, {len(symbols)}), a row for each step, got shape {chances.shape}")
    names = ["␣" if symbol == " " else symbol for symbol in symbols]
    # A picture that follows a slider must be drawn soon. So there is one Axes, the bands above the chances, and its
    # margins are fixed: to find them takes as long as to draw.
    figure, ax = new_axes(8.0, 3.8)
    figure.set_layout_engine("none")
    ax.set_position((0.125, 0.14, 0.86, 0.73))
    at = (np.arange(len(chances)) + 0.5) * step
    wide = max(len(x) * hop, len(chances) * step)
    places = []
    with style():
        _image(ax, x, hop, (1.5, 2.5))
        ax.plot(at, chances[:, 0], color="#999999", ls=":", lw=1.2)
        for k in range(1, len(names)):
            line = chances[:, k]
            if line.max() < 0.1:
                continue
            ax.plot(at, line, color=COLOURS[k % len(COLOURS)], ls="-", lw=1.4)
            for t in _peaks(line):
                places.append((at[t], names[k], float(line[t])))
                ax.text(at[t], line[t] + 0.03, names[k], color=BLACK, ha="center", va="bottom", fontsize=10)
        ax.text(0.005 * wide, 1.4, "dotted: blank", va="top", fontsize=8, color="#666666")
        ax.set(title=title, xlim=(0, wide), ylim=(0, 2.5), xlabel="seconds")
        ax.set_yticks(
            [0, 0.5, 1, 1.5, 2.5], ["0", "probability", "1", "mel band 1", f"mel band {x.shape[1]}"]
        )
    told = ", ".join(f"{name} at {when:.2f}" for when, name, _ in sorted(places)) or "none"
    figure.alt = (
        f"{title}. Spectrogram of {len(x) * hop:.2f} seconds, and below it probabilities of {len(names)} symbols. The "
        f"blank is likeliest in {np.mean(chances.argmax(axis=1) == 0):.0%} of the steps. Letters that rise, in "
        f"seconds: {told}."
    )
    return figure


def _image(ax: Axes, x: Array, hop: float, height: tuple[float, float]) -> None:
    """Draw features (T, bands) as an image between two heights of the axes."""
    low, high = np.quantile(x, [0.05, 0.995])
    ax.imshow(
        x.T, origin="lower", aspect="auto", extent=(0, len(x) * hop, *height), vmin=low,
        vmax=max(high, low + 1e-6), interpolation="nearest",
    )  # fmt: skip
    ax.grid(visible=False)


def _peaks(line: Array, least: float = 0.3) -> list[int]:
    """Return the steps at which a line has its highest value between two visits below `least`."""
    found, best = [], -1
    for t, value in enumerate([*line.tolist(), 0.0]):
        if value >= least:
            if best < 0 or value > line[best]:
                best = t
        elif best >= 0:
            found.append(best)
            best = -1
    return found
