"""The widget of lesson 16: noise comes in, the transcripts follow, and soon."""

import html

import numpy as np
import pytest
import torch
from picture_time import picture_time
from threadpoolctl import threadpool_limits

from lstm_lib.datasets.log_mel import RATE
from lstm_lib.datasets.spoken import DIGITS
from lstm_lib.experiments import speech
from lstm_lib.widgets.speech_explorer import CLEAN, SpeechExplorer

ALPHABET = speech.Alphabet(DIGITS)


@pytest.fixture(scope="module")
def net():
    return speech.fresh(ALPHABET, 0).eval()


@pytest.fixture
def explorer(net):
    torch.set_num_threads(1)
    t = np.arange(2 * RATE) / RATE
    sounds = [np.sin(2 * np.pi * f * t * (1 + 0.2 * np.sin(9 * t))) for f in (220, 440)]
    with threadpool_limits(limits=1):  # as in the lesson: a second thread that waits costs time, too
        yield SpeechExplorer(
            lambda steps: speech.listen(net, [steps])[0], sounds, ["one two", "six"], ALPHABET
        )


def test_the_picture_follows_the_controls(explorer):
    explorer.controls["utterance"].value = 1
    explorer.controls["snr"].value = 6
    words = html.unescape(explorer.summary.value)
    assert words.startswith('<p role="status">Said at 6 dB: “six”\nBest path: “')
    assert "With the lexicon: “" in words
    assert "Spectrogram of 1.98 seconds" in words


def test_noise_changes_what_is_heard_and_another_number_is_another_noise(explorer):
    mels = [explorer.heard(0, snr, noise)[0] for snr, noise in ((CLEAN, 0), (10, 0), (10, 0), (10, 1))]
    assert not np.allclose(mels[0], mels[1])
    assert np.array_equal(mels[1], mels[2])
    assert not np.allclose(mels[2], mels[3])
    log_p = explorer.heard(0, 10, 0)[1]
    assert log_p.shape == (99, len(ALPHABET))
    assert np.allclose(np.exp(log_p).sum(axis=1), 1, atol=1e-5)


def test_without_noise_the_picture_says_so(explorer):
    assert "Said at 10 dB: “one two”" in html.unescape(explorer.summary.value)
    explorer.controls["snr"].value = CLEAN
    assert "Said without noise: “one two”" in html.unescape(explorer.summary.value)


def test_it_decodes_as_the_lesson_does(explorer):
    """Also where a narrow beam with the lexicon finds nothing, and a wider one must go again."""
    for seed in range(8):
        scores = np.random.default_rng(seed).normal(size=(60, len(ALPHABET)))
        log_p = 4 * scores - np.log(np.exp(4 * scores).sum(axis=1, keepdims=True))
        explorer._listen = lambda _, log_p=log_p: log_p
        explorer.controls["noise"].value = seed + 1
        (text,) = speech.searched([log_p], ALPHABET, lexicon=True)
        assert f"With the lexicon: “{text}”" in html.unescape(explorer.summary.value)


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Said at 10 dB: “one two”')
    assert bundle["text/plain"].startswith("SpeechExplorer, to be played with in JupyterLab.")


def sure(steps, net):
    """Return what a trained network would: after the same work, the letters of "one two" one after the other."""
    log_p = speech.listen(net, [steps])[0]
    labels = np.array(ALPHABET.encode("one two"))
    path = labels[np.arange(len(log_p)) * len(labels) // len(log_p)]
    found = np.full(log_p.shape, np.log(0.005 / (len(ALPHABET) - 1)))
    found[np.arange(len(path)), path] = np.log(0.995)
    return found


@pytest.mark.parametrize(
    ("control", "values"), [("snr", [20, 12, 4, 0, 10, 30, 18, 6, 2, 14]), ("utterance", [1, 0] * 5)]
)
def test_a_move_is_drawn_soon(explorer, net, control, values):
    explorer._listen = lambda steps: sure(steps, net)
    assert picture_time(explorer.controls[control], values) < 0.1


def test_what_does_not_fit_is_named(net):
    with pytest.raises(ValueError, match="sounds and texts must be as many, at least one, got 0 and 0"):
        SpeechExplorer(lambda steps: speech.listen(net, [steps])[0], [], [], ALPHABET)
