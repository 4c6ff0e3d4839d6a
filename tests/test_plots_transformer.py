"""The pictures of lesson 11."""

import numpy as np
import pytest

from lstm_lib.plots import transformer

T = 12
CAUSAL = np.tril(np.ones((T, T))) / np.arange(1, T + 1)[:, None]
CODES = np.stack([np.sin(np.arange(10) * w) if i % 2 else np.cos(np.arange(10) * w)
                  for w in (1, 0.1) for i in range(2)], axis=1)  # fmt: skip
FOUND = {
    "LSTM": np.linspace(0.95, 0.3, 5)[:, None] + [-0.02, 0, 0.03],
    "Transformer": np.linspace(0.98, 0.8, 5)[:, None] + [-0.01, 0, 0.02],
    "LSTM, longer": np.linspace(0.97, 0.6, 5)[:, None] + [-0.01, 0, 0.01],
}
SIZES = [4, 8, 12, 16, 20]
LENGTHS = [64, 128, 256, 512]
COSTS = {"LSTM": 2e-6 * np.array(LENGTHS), "Transformer": 1e-8 * np.array(LENGTHS) ** 2}
BYTES = {"LSTM": 1000 * np.array(LENGTHS), "Transformer": 20 * np.array(LENGTHS) ** 2}


def a_map():
    weights = CAUSAL.copy()
    for t in range(6, T):
        weights[t] = 0.1 / (T - 1)
        weights[t, t - 5] = 0.9
    return transformer.weights_map(
        weights, "abcdefabcdef", "A head", [None] * 6 + list(range(1, 7)), says="It looks."
    )


def a_contest():
    return transformer.contest(
        SIZES, FOUND, title="Who keeps up", xlabel="letters", trained=(4, 16), chance=0.04
    )


def test_positions_draw_the_codes_and_their_likeness():
    figure = transformer.positions(CODES, place=3)
    left, right = figure.axes[:2]
    assert np.allclose(left.get_images()[0].get_array(), CODES.T)
    expected = CODES @ CODES[3] / (CODES[3] @ CODES[3])
    assert np.allclose(right.get_lines()[0].get_ydata(), expected)
    assert f"1 there, {expected[4]:.2g} beside it, {expected[9]:.2g} at the position farthest" in figure.alt


def test_a_map_outlines_the_right_places_and_counts_hits():
    figure = a_map()
    ax = figure.axes[0]
    assert np.isclose(ax.get_images()[0].get_array()[8, 3], 0.9)
    corners = [patch.get_xy() for patch in ax.patches]
    assert corners == [(t - 5.5, t - 0.5) for t in range(6, T)]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == list("abcdefabcdef")
    assert "6 right places are outlined in red; they hold a weight of 0.9 on average" in figure.alt
    assert "in 6 of 6 rows the largest. It looks." in figure.alt


def test_a_map_without_right_places_tells_the_largest_weights():
    figure = transformer.weights_map([[1, 0], [0.5, 0.5]], "a ", "A head")
    assert figure.alt.endswith("The largest weight of a row is 0.75 on average.")
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["a", "␣"]


def test_a_contest_draws_every_seed_and_the_medians():
    figure = a_contest()
    lines = figure.axes[0].get_lines()
    drawn = [line for line in lines if line.get_linestyle() == "None"]
    assert len(drawn) == 9
    medians = {line.get_label(): line.get_ydata() for line in lines if line.get_label() in FOUND}
    for name, parts in FOUND.items():
        assert np.allclose(medians[name], np.median(parts, axis=1))
    looks = {(line.get_color(), line.get_linestyle()) for line in lines if line.get_label() in FOUND}
    assert len(looks) == 3
    assert "LSTM: 0.95 at 4, 0.79 at 8" in figure.alt
    assert "trained from 4 to 16; guessing 0.04" in figure.alt


def test_costs_tell_the_slopes():
    figure = transformer.cost(LENGTHS, COSTS, BYTES, fitted=3)
    for ax, curves, unit in zip(figure.axes, (COSTS, BYTES), (1e3, 2**-20), strict=True):
        assert ax.get_xscale() == ax.get_yscale() == "log"
        for line, curve in zip(ax.get_lines(), curves.values(), strict=True):
            assert np.allclose(line.get_ydata(), curve * unit)
    assert "time, forward and back, LSTM: 0.13 to 1 milliseconds, slope 1.00" in figure.alt
    assert "memory kept for the way back, Transformer: 0.078 to 5 MiB, slope 2.00" in figure.alt


def test_an_exponent_is_that_of_a_power_law():
    x = np.array([3.0, 5, 9, 20])
    assert transformer.exponent(x, 7 * x**1.7) == pytest.approx(1.7)


def test_the_explorer_draws_the_map_and_a_row():
    figure = transformer.explorer(CAUSAL, "hamlet hamle", 3)
    left, right = figure.axes
    assert np.allclose(left.get_images()[0].get_array(), CAUSAL)
    heights = [segment[1][1] for segment in right.collections[0].get_segments()]
    assert np.allclose(heights, CAUSAL[3])
    assert "query 4, 'l', gives most weight, 0.25, to position 1, 'h'" in figure.alt
    assert "␣" in {text.get_text() for text in left.texts}


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda: transformer.positions([1, 2], 0), r"codes must be finite numbers with 2 axes, got shape \(2,\)"),
        (lambda: transformer.positions(CODES, 10), "place must be from 0 to 9, got 10"),
        (lambda: transformer.weights_map(CAUSAL, "abc", "x"), r"weights must be \(3, 3\)"),
        (lambda: transformer.weights_map([[1, 1], [0, 1]], "ab", "x"), "rows that add up to 1"),
        (lambda: transformer.weights_map([[2, -1], [0, 1]], "ab", "x"), "rows that add up to 1"),
        (lambda: transformer.weights_map(CAUSAL, "a" * T, "x", [1]), "right must be empty or have 12 entries"),
        (
            lambda: transformer.contest([1], {}, title="", xlabel="", trained=(0, 1), chance=0),
            "at least one network",
        ),
        (
            lambda: transformer.contest(
                [1], {"a": [[2]]}, title="", xlabel="", trained=(0, 1), chance=0
            ),
            r"found\['a'\] must be \(1, S\) parts from 0 to 1",
        ),
        (lambda: transformer.cost(LENGTHS, COSTS, BYTES, 1), "fitted must be from 2 to 4, got 1"),
        (lambda: transformer.cost(LENGTHS, {"a": [0, 1, 1, 1]}, BYTES, 2), r"a must be \(4,\) numbers above 0"),
        (lambda: transformer.exponent([1, 2], [1]), r"shapes \(2,\) and \(1,\)"),
        (lambda: transformer.exponent([2, 2], [1, 3]), r"x must hold two different numbers or more, got only 2\.0"),
        (lambda: transformer.exponent("ab", [1, 3]), "x must be finite numbers with 1 axes, got 'ab'"),
        (lambda: transformer.exponent([1, 2], [1, 0]), "must be .* numbers above 0"),
        (lambda: transformer.exponent([[1], [1, 2]], [1, 3]), "x must be finite numbers with 1 axes"),
        (lambda: transformer.explorer(CAUSAL, "a" * T, 12), "row must be from 0 to 11, got 12"),
    ],
)  # fmt: skip
def test_bad_input_is_named(draw, match):
    with pytest.raises(ValueError, match=match):
        draw()


@pytest.mark.parametrize(
    ("column", "error"), [(9, ValueError), (-1, ValueError), (0.5, TypeError), ("a", TypeError)]
)
def test_a_right_place_that_is_not_there_is_refused(column, error):
    with pytest.raises(error, match=f"right must hold columns from 0 to 1 or None, got {column!r}"):
        transformer.weights_map([[1, 0], [0.5, 0.5]], "ab", "x", [0, column])


@pytest.mark.mpl_image_compare
def test_transformer_positions_look():
    return transformer.positions(CODES, place=3)


@pytest.mark.mpl_image_compare
def test_transformer_map_looks():
    return a_map()


@pytest.mark.mpl_image_compare
def test_transformer_contest_looks():
    return a_contest()


@pytest.mark.mpl_image_compare
def test_transformer_cost_looks():
    return transformer.cost(LENGTHS, COSTS, BYTES, fitted=3)


@pytest.mark.mpl_image_compare
def test_transformer_explorer_looks():
    return transformer.explorer(CAUSAL, "hamlet hamle", 3)
