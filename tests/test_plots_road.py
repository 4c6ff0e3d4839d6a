"""The pictures of lesson 05."""

import numpy as np
import pytest

from lstm_lib.plots import road
from lstm_lib.plots.figure import BLUE, RED

LAGS = np.arange(41)
NORMS = {
    "RNN": 0.3**LAGS,
    "RNN, orthogonal": 0.9**LAGS,
    "LSTM": 0.4**LAGS,
    "LSTM, bias 5": 1.05**LAGS,
}
ACCURACY = {"usual start": [0.25, 0.2], "wide gate": [0.6, 0.97], "both": [1.0, 0.99]}


GATES = np.ones((2, 3))


def an_explorer():
    t = np.arange(21)
    forget = 0.8 + 0.1 * np.stack([np.sin(t), np.cos(t)], axis=1)
    return road.explorer(0.9**t, 0.5**t, 0.85**t, forget, 1.25)


def test_norms_draw_every_net_with_a_colour_for_its_kind():
    figure = road.norms_of_nets(NORMS, lowest=1e-12, ticks=(10, 40))
    ax = figure.axes[0]
    assert ax.get_yscale() == "log"
    rnn, orthogonal, lstm, wide = ax.get_lines()
    assert np.allclose(orthogonal.get_ydata(), NORMS["RNN, orthogonal"])
    assert np.allclose(wide.get_xydata(), np.column_stack([LAGS, NORMS["LSTM, bias 5"]]))
    assert rnn.get_color() == orthogonal.get_color() == BLUE
    assert lstm.get_color() == wide.get_color() == RED
    assert rnn.get_linestyle() != orthogonal.get_linestyle()
    assert "RNN, orthogonal: 0.35 at lag 10, 0.015 at lag 40" in figure.alt
    assert f"LSTM: {0.4**10:.2g} at lag 10, {0.4**40:.2g} at lag 40" in figure.alt


def test_a_curve_that_falls_out_of_the_picture_ends_at_its_floor_and_keeps_its_name():
    figure = road.norms_of_nets(NORMS, lowest=1e-12, ticks=(40,))
    rnn = figure.axes[0].get_lines()[0]
    shown = int(np.floor(np.log(1e-12) / np.log(0.3))) + 1
    assert np.allclose(rnn.get_ydata(), [*NORMS["RNN"][:shown], 1e-12])
    words = {text.get_text() for text in figure.axes[0].texts}
    assert set(NORMS) <= words


def test_a_gradient_that_has_become_zero_leaves_the_picture_too():
    curve = np.float32([1, 1e-3, 0, 0])
    figure = road.norms_of_nets({"a": curve, "b": [1, 2, 3, 4]}, lowest=1e-9, ticks=(3,))
    x, y = figure.axes[0].get_lines()[0].get_data()
    np.testing.assert_allclose(y, [1, 1e-3, 1e-9], rtol=1e-6)
    assert x[1] < x[2] < 2
    assert "a: 0 at lag 3" in figure.alt
    assert figure.png()


def test_outcomes_draw_every_net_and_count_those_that_learnt():
    figure = road.outcomes(ACCURACY, chance=0.25, task="recall")
    ax = figure.axes[0]
    for k, (line, row) in enumerate(zip(ax.get_lines(), ACCURACY.values(), strict=False)):
        assert np.allclose(line.get_xdata(), row)
        assert np.allclose(line.get_ydata(), -k, atol=0.2)
    assert [t.get_text() for t in ax.texts if " of " in t.get_text()] == ["0 of 2", "1 of 2", "2 of 2"]
    assert (
        "usual start: 0 of 2, best 0.25; wide gate: 1 of 2, best 0.97; both: 2 of 2, best 1.00" in figure.alt
    )


def test_the_explorer_draws_powers_of_ten_and_the_mean_gate():
    figure = an_explorer()
    left, right = figure.axes
    lstm, rnn, direct = (10 ** line.get_ydata() for line in left.get_lines())
    t = np.arange(21)
    for drawn, factor in ((lstm, 0.9), (rnn, 0.5), (direct, 0.85)):
        assert np.allclose(drawn, factor**t)
    assert np.allclose(right.get_lines()[0].get_ydata(), 0.8 + 0.05 * (np.sin(t) + np.cos(t)))
    assert "forget bias 1.2, 21 steps" in figure.alt
    assert f"is {0.9**20:.2g} for the LSTM and {0.5**20:.2g} for the RNN" in figure.alt
    assert f"the road alone, is {0.85**20:.2g}" in figure.alt


def test_a_gradient_of_exactly_zero_can_be_drawn():
    figure = road.explorer(np.eye(5)[0], np.eye(5)[0], np.eye(5)[0], np.zeros((5, 2)), -800.0)
    assert "is 0 for the LSTM and 0 for the RNN" in figure.alt
    assert figure.png()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: road.norms_of_nets({}), "at least one curve"),
        (lambda: road.norms_of_nets({"A": "x"}), r"norms\['A'\] must be numbers, got 'x'"),
        (lambda: road.norms_of_nets({"a": [1, 1]}, lowest="a"), "lowest must be numbers, got 'a'"),
        (
            lambda: road.norms_of_nets({"a": [1, 1]}, lowest=[1]),
            r"lowest must be one number, got shape \(1,\)",
        ),
        (lambda: road.outcomes({"a": [1]}, chance="x"), "chance must be numbers, got 'x'"),
        (lambda: road.outcomes({"a": ["x"]}, 0.25), r"accuracy\['a'\] must be numbers, got \['x'\]"),
        (lambda: road.explorer(["x"], [1], [1], [[1]], 1), r"lstm must be numbers, got \['x'\]"),
        (
            lambda: road.norms_of_nets({"a": [1, -1]}),
            r"norms\['a'\] must be finite and .* got -1\.0 at lag 1",
        ),
        (lambda: road.norms_of_nets({"a": [1, 1, np.inf]}), r"norms\['a'\] must .* got inf at lag 2"),
        (lambda: road.norms_of_nets({"a": [np.nan, 1]}), r"norms\['a'\] must .* got nan at lag 0"),
        (lambda: road.norms_of_nets({"a": [1, 1], "b": [1]}), r"norms\['b'\] must be \(T,\).* shape \(1,\)"),
        (
            lambda: road.norms_of_nets({"a": [1, 1], "b": [1, 1, 1]}),
            r"norms\['b'\] must be as long as norms\['a'\], 2, got 3",
        ),
        (lambda: road.norms_of_nets({"a": np.ones((3, 201))}), r"at least 2 lags, got shape \(3, 201\)"),
        (lambda: road.norms_of_nets({"a": [1, 1]}, ticks=(2,)), "ticks must be lags from 0 to 1, got 2"),
        (lambda: road.norms_of_nets({"a": [1, 1]}, lowest=0), "lowest must be a number above 0, got 0"),
        (
            lambda: road.norms_of_nets({"a": [1, 1], "b": [1e-20, 1]}, ticks=()),
            r"norms\['b'\] must begin above lowest, which is 1e-16, got 1e-20 at lag 0",
        ),
        (lambda: road.outcomes({}, 0.25), "at least one start"),
        (lambda: road.outcomes({"a": []}, 0.25), r"accuracy\['a'\] must be \(S,\) numbers from 0 to 1"),
        (lambda: road.outcomes({"a": [1.5]}, 0.25), r"accuracy\['a'\] must be"),
        (lambda: road.outcomes({"a": [np.nan]}, 0.25), r"accuracy\['a'\] must be"),
        (lambda: road.outcomes({"a": [1]}, 1.5), r"chance must be a part, from 0 to 1, got 1\.5"),
        (lambda: road.outcomes({"a": [1]}, 0.25, np.nan), "learnt must be a part, from 0 to 1, got nan"),
        (lambda: road.explorer([1, 1], [1], [1, 1], GATES, 1), r"rnn must be \(2,\), .* got shape \(1,\)"),
        (lambda: road.explorer([1], [1], [1], [1], 1), r"forget must be \(T, H\), .* got shape \(1,\)"),
        (lambda: road.explorer([1], [1], [1], np.ones((1, 0)), 1), r"forget must be .* got shape \(1, 0\)"),
        (lambda: road.explorer([1, -1], [1, 1], [1, 1], GATES, 1), "lstm must be finite and not below 0"),
        (lambda: road.explorer([1, 1], [1, np.inf], [1, 1], GATES, 1), "rnn must be finite and not below 0"),
        (
            lambda: road.explorer([1, 1], [1, 1], [1, 2], GATES, 1),
            r"direct must hold parts, .* got 1\.0 to 2\.0",
        ),
        (lambda: road.explorer([1, 1], [1, 1], [1, 1], 2 * GATES, 1), "forget must hold parts, from 0 to 1"),
        (
            lambda: road.explorer([1, 1], [1, 1], [1, 1], GATES, np.nan),
            "bias must be a finite number, got nan",
        ),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_a_tick_between_two_lags_is_named():
    with pytest.raises(TypeError, match=r"ticks must be lags, whole numbers, got 1\.5"):
        road.norms_of_nets({"a": [1, 1, 1]}, ticks=(1.5,))


def test_the_explorer_says_where_an_rnn_without_recurrent_weights_has_gone():
    words = lambda figure: [text.get_text() for text in figure.axes[0].texts]  # noqa: E731
    gone = road.explorer(np.ones(5), np.eye(5)[0], np.ones(5), np.ones((5, 2)), 1.0)
    assert "- - RNN: 0 from lag 1 on" in words(gone)
    assert words(an_explorer()) == [
        f"— LSTM: {0.9**20:.2g}",
        f"- - RNN: {0.5**20:.2g}",
        f"··· road, widest unit: {0.85**20:.2g}",
    ]


@pytest.mark.mpl_image_compare
def test_norms_of_nets_look():
    return road.norms_of_nets(NORMS, lowest=1e-12, ticks=(40,))


@pytest.mark.mpl_image_compare
def test_outcomes_look():
    return road.outcomes(ACCURACY, chance=0.25, task="recall")


@pytest.mark.mpl_image_compare
def test_road_explorer_looks():
    return an_explorer()
