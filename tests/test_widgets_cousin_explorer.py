"""The explorer of lesson 09: four cells with one unit each read the same pulses."""

import html
import math

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib import plots
from lstm_lib.widgets import CousinExplorer


@pytest.fixture
def explorer():
    return CousinExplorer()


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


def test_the_first_pulse_by_hand():
    x, states, kept = CousinExplorer.read(2.0, 0.0, 1.0, 40)
    assert x.tolist() == [0, 0, 1] + [0] * 37
    assert kept["LSTM"] == pytest.approx(np.full(40, sigmoid(2)))
    assert kept["GRU"][2] == kept["minimal LSTM"][2] == pytest.approx(sigmoid(-4))
    assert states["LSTM"][2] == pytest.approx(sigmoid(4) * math.tanh(2))
    assert states["GRU"][2] == pytest.approx((1 - sigmoid(-4)) * math.tanh(2))
    # Before the pulse the minimal LSTM has written g(0) = 0.5 twice.
    before = 0.5 * (1 - sigmoid(2) ** 2)
    assert states["minimal LSTM"][2] == pytest.approx(sigmoid(-4) * before + (1 - sigmoid(-4)) * 1.5)
    assert states["LSTM"][5] == pytest.approx(
        states["LSTM"][2] * sigmoid(2) ** 3
    )  # sigmoid(-4) * tanh(0) adds none


def test_only_an_own_input_gate_lets_a_state_grow_beyond_what_is_written():
    _, states, _ = CousinExplorer.read(6.0, 0.0, 1.0, 1)
    assert states["LSTM"][-1] > 20
    assert max(abs(states[name]).max() for name in ("coupled gates", "GRU")) <= 1
    assert states["minimal LSTM"].max() <= 1.5


def test_the_minimal_lstm_does_not_see_the_state_and_has_no_sign():
    one, other = (CousinExplorer.read(1.0, weight, 1.0, 5) for weight in (-3.0, 3.0))
    assert np.array_equal(one[1]["minimal LSTM"], other[1]["minimal LSTM"])
    assert all(
        np.abs(one[1][name] - other[1][name]).max() > 0.05 for name in ("LSTM", "coupled gates", "GRU")
    )
    _, states, _ = CousinExplorer.read(3.0, 0.0, -1.0, 5)
    assert states["minimal LSTM"].min() > 0
    assert states["GRU"].min() < -0.5


@pytest.mark.parametrize(
    ("bias", "weight", "size", "every"), [(-2.0, -4.0, -1.0, 1), (8.0, 4.0, 1.0, 20), (8.0, -4.0, 0.0, 1)]
)
def test_the_picture_follows_every_control_to_its_end(explorer, bias, weight, size, every):
    for name, value in {"bias": bias, "weight": weight, "size": size, "every": every}.items():
        explorer.controls[name].value = value
    _, states, kept = explorer.read(bias, weight, size, every)
    words = html.unescape(explorer.summary.value)
    assert f"bias {plots.number(bias)}, weight on h {plots.number(weight)}" in words
    for name in states:
        assert (
            f"{name}: keeps {plots.number(kept[name][-1])}, state {plots.number(states[name][-1])}" in words
        )


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Two charts over 40 steps, bias 3')
    assert bundle["text/plain"].startswith("CousinExplorer, to be played with in JupyterLab. Two charts")


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    assert picture_time(explorer.controls["bias"], np.arange(0.0, 2.5, 0.25).tolist()) < 0.1


def test_steps_that_are_none_are_named():
    with pytest.raises(ValueError, match="every must be a positive int, got 0"):
        CousinExplorer.read(1.0, 1.0, 0.5, 0)


@pytest.mark.parametrize("name", ["bias", "weight", "size"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_control_that_is_no_number_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be finite, got {value}"):
        CousinExplorer.read(**{"bias": 1.0, "weight": 1.0, "size": 0.5, "every": 1, name: value})


@pytest.mark.parametrize("bias", [-1000.0, 1000.0])
def test_a_bias_far_out_shuts_or_opens_what_keeps(bias):
    _, _, kept = CousinExplorer.read(bias, 0.0, 1.0, 10)
    assert kept["LSTM"] == pytest.approx(np.full(40, float(bias > 0)), abs=1e-300)


def test_of_four_states_one_goes_far_beyond_one_and_one_a_little():
    # The first question of the lesson: a pulse at every step. The LSTM's state stops where c = ig / (1 - f).
    _, states, kept = CousinExplorer.read(3.0, 0.0, 1.0, 1)
    limit = states["LSTM"][0] / (1 - kept["LSTM"][0])
    assert limit == pytest.approx(19.96, abs=0.01)
    assert 15 < states["LSTM"][-1] < limit
    assert states["minimal LSTM"][-1] == pytest.approx(1.5, abs=0.01)
    assert states["coupled gates"][-1] == states["GRU"][-1] == pytest.approx(math.tanh(2), abs=0.01)


def test_a_control_that_is_a_text_is_named():
    with pytest.raises(TypeError, match="bias must be a number, got '3'"):
        CousinExplorer.read("3", 0.0, 1.0, 1)
