"""From sound to log-mel features: by hand, and against torch.stft."""

import numpy as np
import pytest
import torch

from lstm_lib.datasets import log_mel as lm


def test_frames_by_hand():
    assert lm.frames([1, 2, 3, 4, 5, 6, 7], size=3, hop=2).tolist() == [[1, 2, 3], [3, 4, 5], [5, 6, 7]]
    assert lm.frames([1, 2, 3, 4], size=3, hop=2).tolist() == [[1, 2, 3]]
    assert lm.frames(np.zeros(lm.RATE)).shape == (98, lm.SIZE)


def test_the_window_is_zero_at_its_edge_and_one_in_the_middle():
    assert np.allclose(lm.hann(4), [0, 0.5, 1, 0.5])
    assert np.allclose(lm.hann(400), torch.hann_window(400, dtype=torch.float64).numpy())


@pytest.mark.parametrize("size", [400, 512])
def test_power_is_that_of_torch_stft(size):
    x = np.random.default_rng(0).normal(size=4000)
    # PyTorch puts a window that is shorter than the transform in its middle: a shift changes phases, not powers.
    window = torch.hann_window(size, dtype=torch.float64)
    padded = torch.zeros(512, dtype=torch.float64)
    padded[:size] = window
    theirs = torch.stft(torch.from_numpy(x), 512, lm.HOP, window=padded, center=False, return_complex=True)
    ours = lm.power(x, size)
    count = theirs.shape[1]
    assert np.allclose(ours[:count], theirs.abs().pow(2).numpy().T, rtol=1e-9, atol=1e-9)


def test_a_tone_stands_in_its_bin():
    t = np.arange(lm.RATE) / lm.RATE
    spectrum = lm.power(np.sin(2 * np.pi * 1000 * t))[5]
    assert spectrum.argmax() == 1000 * lm.BINS / lm.RATE


def test_mels_come_back_and_a_thousand_hertz_are_a_thousand_mels():
    assert lm.mel(1000) == pytest.approx(1000, abs=0.1)
    f = np.linspace(0, 8000, 9)
    assert np.allclose(lm.hertz(lm.mel(f)), f)


def test_filters_are_triangles_that_overlap_by_half():
    bank = lm.filters(10, lm.RATE, 4096)
    assert bank.shape == (10, 2049)
    assert ((bank >= 0) & (bank <= 1)).all()
    assert (bank.max(axis=1) > 0.97).all()
    f = np.arange(2049) * lm.RATE / 4096
    middles = f[bank.argmax(axis=1)]
    assert np.allclose(np.diff(lm.mel(middles)), np.diff(lm.mel(middles)).mean(), rtol=0.03)
    inside = (f > middles[0]) & (f < middles[-1])
    assert np.allclose(bank.sum(axis=0)[inside], 1)


def test_every_filter_of_the_lesson_hears_something():
    assert (lm.filters().sum(axis=1) > 0).all()


def test_log_mel_of_silence_is_the_floor_and_louder_is_more():
    assert np.allclose(lm.log_mel(np.zeros(800)), np.log(lm.FLOOR))
    x = np.random.default_rng(1).normal(size=4000)
    assert np.allclose(lm.log_mel(10 * x) - lm.log_mel(x), np.log(100), atol=1e-3)


def test_float32_stays_float32_and_agrees():
    x = np.random.default_rng(2).normal(size=4000)
    ours = lm.log_mel(x.astype(np.float32))
    assert ours.dtype == np.float32
    assert np.allclose(ours, lm.log_mel(x), atol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: lm.frames(np.zeros((2, 500))),
            r"x must be one channel of samples \(N,\), got shape \(2, 500\)",
        ),
        (lambda: lm.frames(np.zeros(399)), "x must have at least the 400 samples of a frame, got 399"),
        (lambda: lm.frames([]), "x must have at least the 400 samples of a frame, got 0"),
        (lambda: lm.frames(np.full(500, np.nan)), "x must hold finite numbers, got NaN or infinity"),
        (lambda: lm.frames(np.zeros(500), hop=0), "size and hop must be at least 1, got 400 and 0"),
        (lambda: lm.power(np.zeros(900), 600), "bins must be at least the 600 samples of a frame, got 512"),
        (lambda: lm.filters(0), "bands must be at least 1, got 0"),
        (
            lambda: lm.filters(40, 8000),
            "low and high must be from 0 to 4000 Hz, in order, got 60.0 and 7600.0",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
