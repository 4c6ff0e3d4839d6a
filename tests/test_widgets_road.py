"""The explorer of lesson 05: a forget bias, recurrent and input weights, and a length."""

import html

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib import plots
from lstm_lib.widgets import RoadExplorer


@pytest.fixture
def explorer():
    return RoadExplorer()


def test_without_weights_the_road_is_the_forget_gate_to_the_lag():
    lstm, rnn, direct, forget = RoadExplorer.measure(2.0, 0.0, 0.0, 30)
    gate = 1 / (1 + np.exp(-2.0))
    assert lstm.shape == rnn.shape == direct.shape == (30,)
    np.testing.assert_allclose(forget, np.full((30, 8), gate), rtol=1e-12)
    np.testing.assert_allclose(direct, gate ** np.arange(30), rtol=1e-12)
    # The state is (h, c): with o = 1/2 and c = 0, a nudge of c_t reaches c_T and, by half, h_T.
    np.testing.assert_allclose(lstm[1:], np.hypot(1, 0.5) * gate ** np.arange(1, 30), rtol=1e-12)
    assert (rnn[1:] == 0).all()


def test_the_road_is_the_product_of_the_gates_on_the_way():
    _, _, direct, forget = RoadExplorer.measure(1.0, 0.7, 0.5, 12)
    expected = [forget[12 - lag :].prod(axis=0).max() for lag in range(12)]
    np.testing.assert_allclose(direct, expected, rtol=1e-12)


def test_a_larger_bias_opens_the_road_and_leaves_the_rnn_alone():
    found = [RoadExplorer.measure(bias, 0.5, 0.5, 60) for bias in (-1.0, 1.0, 3.0, 6.0)]
    last = [lstm[-1] for lstm, _, _, _ in found]
    assert last == sorted(last)
    assert last[0] < 1e-15
    assert last[-1] > 0.5
    assert len({rnn[-1] for _, rnn, _, _ in found}) == 1


@pytest.mark.parametrize(
    ("bias", "recurrent", "inputs", "steps"),
    [(-2.0, 0.0, 0.0, 10), (8.0, 1.5, 3.0, 100), (-2.0, 1.5, 3.0, 100), (8.0, 0.0, 3.0, 100)],
)
def test_the_picture_follows_every_slider_to_its_end(explorer, bias, recurrent, inputs, steps):
    for name, value in {"bias": bias, "recurrent": recurrent, "inputs": inputs, "steps": steps}.items():
        explorer.controls[name].value = value
    lstm, rnn, _, _ = explorer.measure(bias, recurrent, inputs, steps)
    words = html.unescape(explorer.summary.value)
    assert f"forget bias {plots.number(bias)}, {steps} steps" in words
    assert f"is {plots.number(lstm[-1])} for the LSTM and {plots.number(rnn[-1])} for the RNN" in words
    assert html.escape(explorer.alt) in explorer.picture.value


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Two line charts, forget bias 1, 60 steps.')
    assert bundle["text/plain"].startswith("RoadExplorer, to be played with in JupyterLab. Two line charts")


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    explorer.controls["steps"].value = 100
    assert (
        picture_time(explorer.controls["bias"], np.arange(0.0, 2.5, 0.25).tolist()) < 0.1
    )  # it is about 0.06 s


def test_both_nets_are_in_the_middle_of_a_sequence():
    # At a state of zero the first gates would not feel the recurrent weights, and all slopes of tanh would be near 1.
    first = [RoadExplorer.measure(1.0, recurrent, 0.5, 10)[3][0] for recurrent in (0.0, 1.0)]
    assert np.abs(first[0] - first[1]).max() > 0.05
    _, rnn, _, _ = RoadExplorer.measure(1.0, 1.0, 1.0, 10)
    steps = rnn[1:] / rnn[:-1]
    assert steps[-1] < 1.2 * steps.max()


@pytest.mark.parametrize(
    ("steps", "error", "got"), [(5.5, TypeError, r"5\.5"), (0, ValueError, "0"), ("a", TypeError, "'a'")]
)
def test_steps_that_are_none_are_named(steps, error, got):
    with pytest.raises(error, match=f"steps must be a positive int, got {got}"):
        RoadExplorer.measure(1.0, 1.0, 0.5, steps)
