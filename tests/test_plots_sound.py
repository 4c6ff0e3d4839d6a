"""A player: what it plays, and what it tells."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from lstm_lib.plots.sound import Player

RATE = 16_000


def chirp(seconds=1.0):
    t = np.arange(round(seconds * RATE)) / RATE
    return 0.5 * np.sin(2 * np.pi * (200 + 400 * t) * t) * np.sin(np.pi * t / seconds)


def test_a_player_plays_and_tells():
    player = Player(chirp(), RATE, "A tone that <rises>")
    with wave.open(io.BytesIO(player.wav)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (
            RATE,
            1,
            2,
            RATE,
        )
        samples = np.frombuffer(file.readframes(RATE), dtype="<i2")
    assert np.abs(samples).max() == pytest.approx(0.9 * 32767, abs=2)
    page = player.html()
    assert page.count("A tone that &lt;rises&gt;") == 2
    assert base64.b64decode(re.search(r"base64,([^\"]+)", page)[1]) == player.wav


def test_a_player_is_shown_with_its_words(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda bundle, raw: shown.append(bundle))
    player = Player(chirp(), RATE, "A tone")
    player._ipython_display_()
    assert shown == [{"text/html": player.html(), "text/plain": "Sound: A tone"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], RATE, "a"), r"sound must be finite numbers \(N,\), at least one, got shape \(0,\)"),
        (([np.nan], RATE, "a"), "sound must be finite numbers"),
        (([1.0], 0, "a"), "rate must be at least 1 sample a second, got 0"),
        (([1.0], RATE, " "), "told must say what is to be heard, got an empty text"),
    ],
)
def test_what_cannot_be_played_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Player(*arguments)
