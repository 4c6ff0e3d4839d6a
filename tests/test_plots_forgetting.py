"""The pictures of lesson 03."""

import numpy as np
import pytest

from lstm_lib.plots import forgetting

LAGS = np.arange(11)
NORMS = {"linear": {0.5: 0.5**LAGS, 1.1: 1.1**LAGS}, "tanh": {0.5: 0.4**LAGS, 1.1: 0.9**LAGS}}


def a_cliff():
    w, b = np.linspace(1, 2, 11), np.linspace(-0.5, 0.1, 13)
    loss = np.where(w + 2 * b[:, None] < 1, 3.0, 0.01)
    return forgetting.cliff(w, b, loss, [(1.5, -0.25), (1.52, -0.2), (1.53, -0.16)], (166.4, 330.2))


def a_recall():
    norms = {"usual": [0.5, 0.01, 1e-9], "orthogonal": [1, 0.5, 0.1]}
    accuracy = {"usual": [[1, 0.5, 0.25], [1, 0.3, 0.25]], "orthogonal": [[1, 1, 0.9], [1, 1, 0.7]]}
    return forgetting.recall([2, 10, 40], norms, accuracy, chance=0.25)


def a_fading():
    t = np.arange(11)
    runs = np.zeros((11, 2, 3))
    runs[:, :, 1] = np.stack([0.5 * np.cos(t), 0.5 * np.cos(t) + 0.8**t * 0.4], axis=1)
    return forgetting.fading(0.8**LAGS, runs, 0.9, "tanh")


def test_a_chain_says_what_is_left_at_each_state():
    figure = forgetting.chain(0.5, 4)
    words = [text.get_text() for text in figure.axes[0].texts]
    assert [word for word in words if "h" not in word] == ["0.12", "0.25", "0.5", "1"]
    widths = [arrow.get_linewidth() for arrow in figure.axes[0].patches[1::2]]
    assert np.allclose(np.divide(widths[:-1], widths[1:]), 0.5)
    assert "of a gradient of 1 at h_4, 0.12 is left at h_1" in figure.alt


def test_every_curve_lands_in_the_panel_of_its_activation():
    figure = forgetting.norms_against_lag(NORMS)
    assert [ax.get_title("left") for ax in figure.axes] == ["linear", "tanh"]
    for ax, panel in zip(figure.axes, NORMS.values(), strict=True):
        assert ax.get_yscale() == "log"
        assert {text.get_text() for text in ax.texts} == {"0.5", "1.1"}
        for line, curve in zip(ax.get_lines(), panel.values(), strict=True):
            assert np.allclose(line.get_xydata(), np.column_stack([LAGS, curve]))
    assert "tanh, at lag 10: 0.0001 at radius 0.5, 0.35 at radius 1.1" in figure.alt


def test_the_cliff_shows_the_descent_the_leap_and_the_cut():
    figure = a_cliff()
    left, right = figure.axes[:2]
    assert np.allclose(left.get_lines()[0].get_xydata(), [(1.5, -0.25), (1.52, -0.2), (1.53, -0.16)])
    assert any("w = 166,\nb = 330" in text.get_text() for text in left.texts)
    cut = right.get_lines()[0].get_xydata()
    assert np.allclose(cut[[0, -1]], [(-0.5, 3.0), (0.1, 0.01)])
    assert "leaves the map for w = 166, b = 330; 2 clipped steps lead" in figure.alt


def test_recall_draws_every_seed_and_counts_those_that_learnt():
    figure = a_recall()
    left, right = figure.axes
    assert np.allclose(left.get_lines()[0].get_ydata(), [0.5, 0.01, 1e-9])
    usual, orthogonal = (line.get_xydata() for line in right.get_lines()[:2])
    assert np.allclose(usual[:, 1], [1, 0.5, 0.25, 1, 0.3, 0.25])
    assert np.allclose(orthogonal[:, 1], [1, 1, 0.9, 1, 1, 0.7])
    assert np.allclose(
        usual[:, 0], [2, 10, 40] * 2, rtol=0.25
    )  # beside the lag, so that marks do not hide each other
    words = [text.get_text() for text in right.texts]
    assert words[:4] == ["2/2", "0/2", "0/2", "usual"]
    assert words[4:8] == ["2/2", "2/2", "0/2", "orthogonal"]
    assert (
        "usual: gradient norm from 5e-01 to 1e-09; networks that recall more than 0.95: 2/2 at lag 2"
        in figure.alt
    )


def test_fading_draws_powers_of_ten_and_the_busiest_unit():
    figure = a_fading()
    left, right = figure.axes
    theory, curve = left.get_lines()
    assert np.allclose(10 ** curve.get_ydata(), 0.8**LAGS)
    assert np.allclose(10 ** theory.get_ydata(), 0.9**LAGS)
    first, second = (line.get_ydata() for line in right.get_lines())
    assert np.allclose(second - first, 0.4 * 0.8**LAGS)
    assert "the states of all units are 0.4 apart after the first step and 0.043 after the last" in figure.alt


def test_a_gradient_of_exactly_zero_can_be_drawn():
    figure = forgetting.fading(np.eye(5)[0], np.zeros((5, 2, 3)), 0.5, "relu")
    assert "is 0 at lag 4" in figure.alt
    assert figure.png()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: forgetting.chain(0.0), "radius must be above 0"),
        (lambda: forgetting.chain(0.5, 1), "steps 2 or more, got radius 0.5 and steps 1"),
        (lambda: forgetting.norms_against_lag({}), "at least one activation"),
        (lambda: forgetting.norms_against_lag({"tanh": {}}), "at least one activation"),
        (
            lambda: forgetting.norms_against_lag({"tanh": {1.0: [1, 0]}}),
            r"norms\['tanh'\]\[1.0\] must be numbers above",
        ),
        (
            lambda: forgetting.cliff([1, 2], [0, 1, 2], np.ones((2, 3)), [(1, 0)], (3, 3)),
            r"\(3, 2\), got \(2, 3\)",
        ),
        (
            lambda: forgetting.cliff([1, 2], [0, 1], np.ones((2, 2)), [1, 0], (3, 3)),
            r"path must have shape \(K, 2\)",
        ),
        (
            lambda: forgetting.recall([2], {"a": [1]}, {"b": [[1]]}, 0.5),
            r"the same keys, got \['a'\] and \['b'\]",
        ),
        (
            lambda: forgetting.recall([2, 3], {"a": [1, 1]}, {"a": [[1]]}, 0.5),
            r"\(2,\) and \(S, 2\), got \(2,\) and",
        ),
        (
            lambda: forgetting.fading(np.ones(4), np.ones((5, 2, 3)), 1.0, "tanh"),
            r"\(T, 2, H\) with T = 4 norms",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_chain_looks():
    return forgetting.chain(0.7, 5)


@pytest.mark.mpl_image_compare
def test_norms_against_lag_look():
    return forgetting.norms_against_lag(NORMS)


@pytest.mark.mpl_image_compare
def test_cliff_looks():
    return a_cliff()


@pytest.mark.mpl_image_compare
def test_recall_looks():
    return a_recall()


@pytest.mark.mpl_image_compare
def test_fading_looks():
    return a_fading()
