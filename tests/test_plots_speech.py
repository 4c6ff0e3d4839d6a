"""The pictures of sound in lesson 16."""

import numpy as np
import pytest

from lstm_lib.plots import speech

RATE = 16_000


def chirp(seconds=1.0):
    t = np.arange(round(seconds * RATE)) / RATE
    return 0.5 * np.sin(2 * np.pi * (200 + 400 * t) * t) * np.sin(np.pi * t / seconds)


def mels(T=60):
    t, k = np.arange(T)[:, None], np.arange(40)
    return -0.02 * (k - 10 - t / 4) ** 2


def beliefs(T=20):
    p = np.full((T, 4), 0.02)
    p[:, 0] = 0.94
    p[5] = [0.1, 0.02, 0.86, 0.02]
    p[12] = [0.2, 0.02, 0.02, 0.76]
    p[13] = [0.3, 0.02, 0.02, 0.66]
    return p


def test_a_waveform_tells_its_frame():
    figure = speech.waveform(chirp(), RATE, 0.5, title="A tone")
    assert figure.alt.startswith(
        "A tone. Above, 16,000 samples over 1.00 seconds, from -0.5 to 0.5. Below, the 400"
    )
    raw, faded = (line.get_ydata() for line in figure.axes[1].get_lines())
    assert np.array_equal(raw, chirp()[8000:8400])
    assert faded[0] == 0
    assert faded[200] == pytest.approx(raw[200])


def test_bands_tell_the_strongest():
    power = np.ones(257)
    power[64] = 1e4
    bank = np.eye(257)[::8]
    figure = speech.bands(power, bank, RATE, title="From powers to bands")
    assert "the strongest at 2.00 kHz" in figure.alt
    assert "each of the 33 bands, the strongest is band 9" in figure.alt
    assert len(figure.axes[1].get_lines()) == 33


def test_spectrograms_tell_their_rows():
    figure = speech.spectrograms({"one": mels(), "two": mels(30)}, title="Two sounds", says="One is longer.")
    assert figure.alt == (
        "Two sounds. Spectrograms, bright is much power, low frequencies at the bottom: one, 0.60 seconds, 40 bands; "
        "two, 0.30 seconds, 40 bands. One is longer."
    )
    assert np.array_equal(figure.axes[0].get_images()[0].get_array(), mels().T)


def test_letters_are_written_where_they_rise():
    figure = speech.letters(mels(), beliefs(), ["_", " ", "n", "o"], title="Said: no")
    assert figure.alt == (
        "Said: no. Spectrogram of 0.60 seconds, and below it probabilities of 4 symbols. The blank is likeliest in 85% "
        "of the steps. Letters that rise, in seconds: n at 0.11, o at 0.25."
    )
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.texts][:2] == ["n", "o"]


def test_nothing_rises():
    p = np.zeros((10, 2))
    p[:, 0] = 1
    assert speech.letters(mels(), p, ["_", "a"], title="Silence").alt.endswith("in seconds: none.")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: speech.waveform([], RATE, 0, title=""), r"sound must be \(N,\), at least one sample"),
        (
            lambda: speech.waveform(chirp(), RATE, 1.0, title=""),
            "at must be inside the sound of 1.00 seconds, got 1.0",
        ),
        (lambda: speech.bands(np.ones(5), np.ones((2, 4)), RATE, title=""), r"power must be \(F,\)"),
        (lambda: speech.spectrograms({}, title=""), "pictures must hold at least one"),
        (
            lambda: speech.spectrograms({"a": [1]}, title=""),
            r"pictures\['a'\] must be \(T, bands\), got shape \(1,\)",
        ),
        (
            lambda: speech.letters(mels(), beliefs(), ["_"], title=""),
            r"p must be \(T, 1\), a row for each step",
        ),
        (lambda: speech.letters([], beliefs(), list("_abc"), title=""), r"mels must be \(F, bands\)"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.mpl_image_compare
def test_image_waveform():
    return speech.waveform(chirp(), RATE, 0.5, title="A tone that rises; one frame of it, with the window")


@pytest.mark.mpl_image_compare
def test_image_bands():
    f = np.linspace(0, 8, 257)
    centres = np.linspace(0.2, 7.5, 12)[:, None]
    return speech.bands(
        np.exp(-f), np.maximum(0, 1 - np.abs(f - centres)), RATE, title="From 257 powers to 12 numbers"
    )


@pytest.mark.mpl_image_compare
def test_image_spectrograms():
    return speech.spectrograms({"one": mels(), "two": mels(30)}, title="Two sounds")


@pytest.mark.mpl_image_compare
def test_image_letters():
    return speech.letters(mels(), beliefs(), ["_", " ", "n", "o"], title="Letters are spikes between blanks")
