"""A head of attention whose scores are set by hand: how much the letter counts, and how much its place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What a query's letter is compared with: the letter at the place looked at, or the one before it.
KEYS = ("its own letter", "the letter before it")
#: So large may content, place and back be: beyond, sums of them lose the place, or are no numbers.
LARGEST = 1_000_000
#: Numbers in the code of a position.
SIZE = 32


def place_likeness(distance: NDArray[Any], size: int = SIZE) -> NDArray[np.float64]:
    """Return p_t · p_s / (size / 2) for sinusoidal positions: the mean of cos(speed (t - s)), whatever t and s are."""
    speeds = 10_000 ** (-np.arange(0, size, 2) / size)
    likeness: NDArray[np.float64] = np.cos(np.asarray(distance)[..., None] * speeds).mean(axis=-1)
    return likeness


def hand_head(
    text: str, key: str, content: float, place: float, back: int = 0, causal: bool = True
) -> NDArray[np.float64]:
    """Return the weights (T, T) of a head that is set by hand.

        score_ts = content [x_t is the key of s] + place likeness(t - back, s)

    Args:
        text: T letters.
        key: one of ``KEYS``. A first block can put the letter before each place there, as lesson 11 shows.
        content: how much it counts that the query's letter is the key.
        place: how much it counts that s is near t - back.
        back: so many steps back is the place that is liked best.
        causal: whether what comes later is hidden.

    Raises:
        TypeError: the text is none, content or place is no number, or back no whole number.
        ValueError: the text is empty, the key is another, content or place is beyond ± ``LARGEST``, or back is not from
            0 to ``LARGEST``.
    """
    if key not in KEYS:
        raise ValueError(f"key must be one of {list(KEYS)}, got {key!r}")
    if not isinstance(text, str):
        raise TypeError(f"text must be a text, got {type(text).__name__}")
    if not text:
        raise ValueError("text must hold at least one letter, got an empty text")
    for name, value in (("content", content), ("place", place)):
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise TypeError(f"{name} must be a number, got {value!r}")
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{name} must be from -{LARGEST:,} to {LARGEST:,}, got {_short(value)}")
    if isinstance(back, bool) or not isinstance(back, (int, np.integer)):
        raise TypeError(f"back must be a whole number of steps, got {back!r}")
    if not 0 <= back <= LARGEST:
        raise ValueError(f"back must be from 0 to {LARGEST:,} steps, got {_short(back)}")
    letters, t = np.array(list(text)), np.arange(len(text))
    keys = letters if key == KEYS[0] else np.array(["", *text[:-1]])
    scores = content * (letters[:, None] == keys) + place * place_likeness(t[:, None] - back - t)
    if causal:
        scores = np.where(t[:, None] >= t, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights: NDArray[np.float64] = e / e.sum(axis=1, keepdims=True)
    return weights


def _short(value: object) -> str:
    """Return a number for an error, cut where it has very many digits."""
    try:
        text = f"{value}"
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a whole number of very many digits"
    return text if len(text) <= 24 else f"{text[:20]}… ({len(text)} digits)"
