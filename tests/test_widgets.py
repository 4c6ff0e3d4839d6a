"""Explorers: state in, picture out."""

import html

import ipywidgets
import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib import plots
from lstm_lib.widgets import Explorer, ForgettingExplorer, OneUnit


class Doubler(Explorer):
    """Draws twice its number."""

    def __init__(self):
        super().__init__({"n": ipywidgets.IntSlider(value=3, min=1, max=9, description="n")})

    def figure(self, n):
        figure, ax = plots.new_axes(2, 2)
        ax.plot([0, 1], [0, 2 * n])
        figure.alt = f"A line up to {2 * n}, which is > {n}."
        return figure


def pictures(explorer):
    """Every (picture, summary) that a change of the controls has led to, one for each event."""
    seen = []
    explorer.summary.observe(lambda _: seen.append((explorer.picture.value, explorer.summary.value)), "value")
    return seen


def test_the_picture_and_the_words_follow_a_control():
    explorer = Doubler()
    assert 'alt="A line up to 6, which is &gt; 3."' in explorer.picture.value
    seen = pictures(explorer)
    explorer.controls["n"].value = 4
    assert explorer.values() == {"n": 4}
    ((picture, summary),) = seen
    assert 'alt="A line up to 8, which is &gt; 4."' in picture
    assert summary == '<p role="status">A line up to 8, which is &gt; 4.</p>'


def test_a_control_set_to_what_it_was_draws_nothing():
    explorer = Doubler()
    seen = pictures(explorer)
    explorer.controls["n"].value = 3
    assert seen == []


def test_without_a_live_kernel_the_first_picture_is_shown():
    bundle = Doubler()._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="A line up to 6')
    assert bundle["text/plain"] == "Doubler, to be played with in JupyterLab. A line up to 6, which is > 3."
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_an_explorer_without_a_picture_is_not_finished():
    with pytest.raises(NotImplementedError):
        Explorer({"n": ipywidgets.IntSlider()})


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_one_unit_answers_as_the_equation_says(activation):
    w_x, w_h, b = 1.2, -0.7, 0.1
    act = {"tanh": np.tanh, "relu": lambda v: max(v, 0.0)}[activation]
    h, expected = 0.0, []
    for t in range(1, 9):
        h = act(w_x * (t == 3) + w_h * h + b)
        expected.append(h)
    np.testing.assert_allclose(OneUnit.response(w_x, w_h, b, activation, steps=8), expected, rtol=1e-12)


def test_one_unit_tells_what_its_sliders_do():
    unit = OneUnit()
    unit.controls["w_h"].value = 0.0
    assert "at step 20, 0" in unit.summary.value
    unit.controls["activation"].value = "relu"
    unit.controls["w_h"].value = 1.5
    assert f"at step 20, {plots.number(1.5**17)}" in unit.summary.value


@pytest.fixture
def forgetting():
    return ForgettingExplorer()


def test_the_two_runs_differ_in_their_first_input_only():
    norms, states = ForgettingExplorer.measure(0.9, "tanh", 30)
    assert norms.shape == (30,)
    assert states.shape == (30, 2, 16)
    gap = np.linalg.norm(states[:, 0] - states[:, 1], axis=1)
    assert gap[0] > 0.1
    assert gap[-1] < 0.05 * gap[0]
    assert norms[0] == 1
    assert (norms <= 0.9 ** np.arange(30) * (1 + 1e-9)).all()


def test_a_longer_run_begins_as_the_short_one_does():
    _, short = ForgettingExplorer.measure(1.1, "tanh", 20)
    _, long = ForgettingExplorer.measure(1.1, "tanh", 60)
    np.testing.assert_allclose(long[:20], short, rtol=1e-12)


@pytest.mark.parametrize(
    ("radius", "activation", "steps"),
    [(0.5, "tanh", 100), (1.6, "tanh", 100), (0.5, "relu", 100), (1.6, "relu", 10)],
)
def test_the_picture_follows_every_slider_to_its_end(forgetting, radius, activation, steps):
    forgetting.controls["radius"].value = radius
    forgetting.controls["activation"].value = activation
    forgetting.controls["steps"].value = steps
    norms, _ = forgetting.measure(radius, activation, steps)
    words = html.unescape(forgetting.summary.value)
    assert f"{activation}, spectral radius {radius}, {steps} steps" in words
    assert f"is {plots.number(norms[-1])} at lag {steps - 1}" in words
    assert html.escape(forgetting.alt) in forgetting.picture.value


def test_the_radius_turns_vanishing_into_exploding():
    last = [ForgettingExplorer.measure(radius, "tanh", 50)[0][-1] for radius in (0.5, 0.9, 1.2, 1.5)]
    assert last == sorted(last)
    assert last[0] < 1e-14
    assert last[1] < 1e-3
    assert last[-1] > 10


def test_a_move_of_a_slider_is_drawn_soon(forgetting):
    assert (
        picture_time(forgetting.controls["radius"], np.arange(0.5, 1.0, 0.05).tolist()) < 0.15
    )  # about 0.07 s
