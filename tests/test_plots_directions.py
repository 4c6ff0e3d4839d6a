"""The pictures of lesson 07."""

import numpy as np
import pytest

from lstm_lib.plots import directions

LETTERS = "tobeornottobe"
ENDS = np.array([0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], bool)
FORWARD = np.linspace(0.1, 0.6, 13)
BOTH = np.where(ENDS, 0.9, 0.05)
MAPS = {"one-way": np.tril(np.ones((6, 6), bool)), "two-way": np.ones((6, 6), bool)}
ERRORS = {"forward": [0.12, 0.13, 0.11], "both": [0.05, 0.04, 0.06]}
LATE = np.array([[0.12, 0.1], [0.08, 0.06], [0.05, 0.05]])


def line():
    return directions.word_ends(LETTERS, {"forward": FORWARD, "both": BOTH}, ENDS, "One line, two readers")


def test_two_passes_have_a_chain_each_way():
    figure = directions.two_passes(3)
    words = {text.get_text() for text in figure.axes[0].texts}
    assert {"$x_3$", r"$\overrightarrow{h}_1$", r"$\overleftarrow{h}_3$", "$y_2$"} <= words
    assert "over 3 steps" in figure.alt
    assert "from step 3 to step 1" in figure.alt


def test_reversals_put_every_letter_in_its_place():
    figure = directions.reversals(["abc", "de"])
    found = [
        {
            (int(text.get_position()[0]), round(0.45 - text.get_position()[1])): text.get_text()
            for text in ax.texts
        }
        for ax in figure.axes
    ]
    top = {(0, 0): "c", (1, 0): "b", (2, 0): "a"}
    assert found[0] == {(0, 0): "a", (1, 0): "b", (2, 0): "c", (0, 1): "d", (1, 1): "e"}
    assert found[1] == top | {(1, 1): "e", (2, 1): "d"}
    assert found[2] == top | {(0, 1): "e", (1, 1): "d"}
    hatched = [[patch.get_x() for patch in ax.patches if patch.get_hatch()] for ax in figure.axes]
    assert hatched == [[2], [0], [2]]
    assert "the padding of de comes first" in figure.alt
    assert "reversed within lengths: cba, ed" in figure.alt


def test_the_future_is_crossed():
    figure = directions.who_sees_what(MAPS)
    for ax, future in zip(figure.axes, (0, 15), strict=True):
        dots, crosses = ax.get_lines()
        assert len(dots.get_xdata()) == 21
        assert len(crosses.get_xdata()) == future
        assert (crosses.get_xdata() > crosses.get_ydata()).all()
    assert "one-way: 21 dots and 0 crosses; two-way: 21 dots and 15 crosses" in figure.alt


def test_every_seed_is_a_mark_and_every_baseline_a_diamond():
    figure = directions.found_by(ERRORS, {"always no": 0.22}, "Who finds the word ends")
    ax = figure.axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["always no", "forward", "both"]
    for drawn, row in zip(ax.get_lines(), [[0.22], *ERRORS.values()], strict=True):
        np.testing.assert_allclose(drawn.get_xdata(), row)
    assert [drawn.get_marker() for drawn in ax.get_lines()] == ["D", "o", "o"]
    assert "always no 22.0%; forward 12.0%; both 5.0%" in figure.alt


def test_a_level_above_the_line_stands_inside_the_picture():
    axes = directions.error_against_delay([0, 1, 4], LATE, {"always no": [0.9, 0.9]}, "A title").axes[0]
    assert axes.get_ylim() == (0, pytest.approx(0.99))
    flat = directions.error_against_delay([0], [[0.0]], {}, "No error at all").axes[0]
    assert flat.get_ylim() == (0, 1)


def test_the_delay_is_drawn_with_every_seed_and_the_mean():
    figure = directions.error_against_delay([0, 1, 4], LATE, {"both": [0.04, 0.05]}, "A title")
    *seeds, mean, level = figure.axes[0].get_lines()
    for drawn, row in zip(seeds, LATE, strict=True):
        np.testing.assert_allclose(drawn.get_ydata(), row)
    np.testing.assert_allclose(mean.get_xydata(), [[0, 0.11], [1, 0.07], [4, 0.05]])
    np.testing.assert_allclose(level.get_ydata(), 0.045)
    assert "0: 11.0%; 1: 7.0%; 4: 5.0%. Levels: both: 4.5%" in figure.alt


def test_a_line_shows_both_readers_and_where_words_end():
    figure = line()
    half, forward, both = figure.axes[0].get_lines()
    np.testing.assert_allclose(half.get_ydata(), 0.5)
    np.testing.assert_allclose(forward.get_ydata(), FORWARD[:-1])
    np.testing.assert_allclose(both.get_ydata(), BOTH[:-1])
    bars = figure.axes[0].collections[0].get_segments()
    assert [bar[0][0] for bar in bars] == [1.5, 3.5, 5.5, 8.5, 10.5, 12.5]
    assert "both: to be or not to be. It is: to be or not to be." in figure.alt
    assert "forward: tobeornotto b e;" in figure.alt


def test_a_line_of_which_nobody_knows_the_words():
    figure = directions.word_ends("o", {"both": [0.7]}, title="A letter")
    assert figure.alt.endswith("Words read, both: o.")
    assert figure.png()


@pytest.mark.parametrize(
    ("draw", "error", "words"),
    [
        (lambda: directions.two_passes(2.5), TypeError, r"steps must be a whole number, .* got 2\.5"),
        (lambda: directions.two_passes(1), ValueError, "steps must be at least 2, got 1"),
        (lambda: directions.reversals([]), ValueError, r"words must be .* got \[\]"),
        (lambda: directions.reversals("abc"), ValueError, "words must be .* got 'abc'"),
        (lambda: directions.reversals(["a", ""]), ValueError, "none of them empty"),
        (lambda: directions.who_sees_what({}), ValueError, "at least one network"),
        (
            lambda: directions.who_sees_what({"a": np.ones((2, 2))}),
            ValueError,
            r"maps\['a'\] must be .* float64",
        ),
        (lambda: directions.who_sees_what({"a": np.ones((2, 3), bool)}), ValueError, r"of shape \(2, 3\)"),
        (lambda: directions.found_by({}, {}, ""), ValueError, "errors must hold at least one reader"),
        (
            lambda: directions.found_by({"a": [2]}, {}, ""),
            ValueError,
            r"errors\['a'\] must be .* from 0 to 1",
        ),
        (lambda: directions.found_by({"a": [1]}, {"b": np.nan}, ""), ValueError, r"baselines\['b'\] must be"),
        (
            lambda: directions.found_by({"a": "x"}, {}, ""),
            ValueError,
            r"errors\['a'\] must be numbers, got 'x'",
        ),
        (
            lambda: directions.error_against_delay([1], LATE, {}, ""),
            ValueError,
            r"errors must be \(1, S\).*\(3, 2\)",
        ),
        (lambda: directions.error_against_delay([1], [[-1]], {}, ""), ValueError, r"errors\[0\] must be"),
        (
            lambda: directions.error_against_delay([1], [[1]], {"a": []}, ""),
            ValueError,
            r"levels\['a'\] must be",
        ),
        (lambda: directions.word_ends("", {"a": []}), ValueError, "letters must be 1 to 60 letters, got 0"),
        (lambda: directions.word_ends("a" * 61, {"a": []}), ValueError, "got 61"),
        (lambda: directions.word_ends("ab", {}), ValueError, "one reader or two, got 0"),
        (lambda: directions.word_ends("ab", {"a": [1]}), ValueError, "'a' must have 2 numbers.* got 1"),
        (lambda: directions.word_ends("ab", {"a": [1, 1]}, [1]), ValueError, "'ends' must have 2 numbers"),
        (lambda: directions.word_ends("ab", {"a": [1, 3]}), ValueError, r"probabilities\['a'\] must be"),
    ],
)
def test_bad_input_is_named(draw, error, words):
    with pytest.raises(error, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_two_passes_look():
    return directions.two_passes(4)


@pytest.mark.mpl_image_compare
def test_reversals_look():
    return directions.reversals(["hamlet", "to", "king"])


@pytest.mark.mpl_image_compare
def test_who_sees_what_looks():
    return directions.who_sees_what(MAPS)


@pytest.mark.mpl_image_compare
def test_found_by_looks():
    return directions.found_by(ERRORS, {"always no": 0.22}, "Who finds the word ends")


@pytest.mark.mpl_image_compare
def test_error_against_delay_looks():
    return directions.error_against_delay(
        [0, 1, 4], LATE, {"both": [0.04, 0.05]}, "The error falls with the delay"
    )


@pytest.mark.mpl_image_compare
def test_word_ends_look():
    return line()
