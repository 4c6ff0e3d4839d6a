"""The pictures of error rates: over the strength of noise, and a dot for each run."""

import pytest

from lstm_lib.plots import speech_scores


def curves():
    rows = {
        "with noise": [(0.03, 0.02, 0.05), (0.1, 0.08, 0.13), (0.3, 0.26, 0.35)],
        "without": [0.03, 0.3, 0.8],
    }
    return speech_scores.error_curves([20, 10, 0], rows, title="Noise", xlabel="SNR (dB)")


def test_names_may_stand_in_the_place_of_numbers():
    figure = speech_scores.error_curves(
        [2, 1], {"a": [0.5, 0.25]}, title="Noise", xlabel="SNR (dB)", names=("none", "10")
    )
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["none", "10"]
    assert "a: 50.0 at none, 25.0 at 10" in figure.alt
    with pytest.raises(ValueError, match="names must be 2 texts, got 1"):
        speech_scores.error_curves([2, 1], {"a": [0.5, 0.25]}, title="", xlabel="", names=("none",))


def test_error_curves_tell_their_points():
    assert curves().alt == (
        "Noise. Line chart, word error rate (%) over SNR (dB). with noise: 3.0 at 20, 10.0 at 10, 30.0 at 0; without: "
        "3.0 at 20, 30.0 at 10, 80.0 at 0."
    )


def three_dots():
    rows = {"greedy": [0.02, 0.03], "lexicon": [0.001, 0.002]}
    return speech_scores.dots(rows, title="Two", xlabel="word error rate (%)", mark=("target", 0.04))


def test_dots_tell_every_run():
    assert three_dots().alt == (
        "Two. Dot chart, word error rate (%). greedy: 2.0, 3.0; lexicon: 0.1, 0.2. An upright line, target, at 4.0."
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: speech_scores.error_curves([1], {}, title="", xlabel=""),
            "rows hold at least one line, got none",
        ),
        (
            lambda: speech_scores.error_curves([1], {"a": [1, 2]}, title="", xlabel=""),
            r"rows\['a'\] must be \(1,\) or \(1, 3\), got shape \(2,\)",
        ),
        (lambda: speech_scores.dots({}, title="", xlabel=""), "rows must hold at least one name"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.mpl_image_compare
def test_image_error_curves():
    return curves()


@pytest.mark.mpl_image_compare
def test_image_dots():
    return three_dots()
