"""Pictures of how well texts are guessed."""

import numpy as np
import pytest

from lstm_lib.plots import text_scores
from lstm_lib.plots.figure import BLUE, RED

GROUPS = {"packers": {"gzip": 3.15, "bz2": 2.27}, "networks": {"LSTM": 2.22}}
X = np.array([5.0, 10, 20, 40])
CURVES = {"LSTM": [(X, 3 - X / 50), (X, 3.05 - X / 50)], "RNN": [(X, 3.2 - X / 60)]}
SIZES = [1000, 2000, 4000]
SCORES = {"LSTM": [[3.0, 3.2], [2.6, 2.7], [2.3, 2.3]], "counts": [2.8, 2.6, 2.5]}


def test_a_ladder_has_a_mark_for_each_model_and_a_look_for_each_group():
    figure = text_scores.ladder(GROUPS, title="Bits", xlabel="bits")
    marks = [line for line in figure.axes[0].get_lines() if line.get_marker() not in ("None", None, "")]
    assert [float(np.ravel(line.get_xdata())[0]) for line in marks] == [3.15, 2.27, 2.22]
    assert marks[0].get_marker() == marks[1].get_marker() != marks[2].get_marker()
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["gzip", "bz2", "LSTM"]
    assert "packers: gzip 3.15, bz2 2.27; networks: LSTM 2.22." in figure.alt


def test_a_race_draws_every_seed_and_tells_the_ends():
    figure = text_scores.race(CURVES, title="Race", xlabel="seconds", ylabel="bits")
    lines = figure.axes[0].get_lines()
    assert [line.get_color() for line in lines] == [BLUE, BLUE, RED]
    assert np.allclose(lines[1].get_xydata(), np.column_stack(CURVES["LSTM"][1]))
    assert {"LSTM", "RNN"} <= {t.get_text() for t in figure.axes[0].texts}
    assert "LSTM: 2 curves, at the end 2.20 to 2.25; RNN: 1 curve, at the end 2.53 to 2.53." in figure.alt


def test_over_size_draws_means_and_every_seed():
    figure = text_scores.over_size(SIZES, SCORES, title="Size", xlabel="characters", ylabel="bits")
    ax = figure.axes[0]
    mean, seeds, counts, _ = ax.get_lines()
    assert mean.get_ydata().tolist() == pytest.approx([3.1, 2.65, 2.3])
    assert seeds.get_ydata().tolist() == [3.0, 3.2, 2.6, 2.7, 2.3, 2.3]
    assert counts.get_ydata().tolist() == [2.8, 2.6, 2.5]
    assert ax.get_xscale() == "log"
    assert "LSTM: 3.10 at 1,000, 2.65 at 2,000, 2.30 at 4,000; counts: 2.80 at 1,000" in figure.alt


def test_costs_are_ordered_by_their_share():
    figure = text_scores.costs(["space", "first"], [0.7, 4.2], [0.1, 0.33], [0.15, 0.18], title="Where")
    ax = figure.axes[0]
    assert [bar.get_width() for bar in ax.patches] == [4.2, 0.7]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["first", "space"]
    assert ax.texts[0].get_text() == "18% of the characters, 33% of the bits"
    assert "first 4.2 bits, 18% of the characters, 33% of the bits; space 0.7 bits" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: text_scores.ladder({}, title="", xlabel=""), "groups must be 1 to 5, none of them empty"),
        (lambda: text_scores.ladder({"a": {}}, title="", xlabel=""), "none of them empty"),
        (
            lambda: text_scores.ladder({"a": {"b": np.nan}}, title="", xlabel=""),
            r"groups\['a'\]\['b'\] must be finite",
        ),
        (lambda: text_scores.race({}, title="", xlabel="", ylabel=""), "at least one kind"),
        (lambda: text_scores.race({"a": []}, title="", xlabel="", ylabel=""), "each with a curve"),
        (
            lambda: text_scores.race({"a": [([1, 2], [1])]}, title="", xlabel="", ylabel=""),
            r"curves\['a'\]\[0\] y must have shape \(2\), got \(1,\)",
        ),
        (
            lambda: text_scores.over_size([2, 1], {"a": [1, 2]}, title="", xlabel="", ylabel=""),
            "sizes must rise",
        ),
        (lambda: text_scores.over_size([1], {}, title="", xlabel="", ylabel=""), "at least one model"),
        (
            lambda: text_scores.over_size([1, 2], {"a": [1]}, title="", xlabel="", ylabel=""),
            r"scores\['a'\] must have shape \(2, any\), got \(1, 1\)",
        ),
        (lambda: text_scores.costs(["a"], [1, 2], [1], [1], title=""), r"mean must have shape \(1\)"),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_text_ladder_looks():
    return text_scores.ladder(GROUPS, title="How few bits?", xlabel="bits per character, lower is better")


@pytest.mark.mpl_image_compare
def test_text_race_looks():
    return text_scores.race(CURVES, title="A race", xlabel="seconds", ylabel="bits per character")


@pytest.mark.mpl_image_compare
def test_text_over_size_looks():
    return text_scores.over_size(SIZES, SCORES, title="More text", xlabel="characters", ylabel="bits")


@pytest.mark.mpl_image_compare
def test_text_costs_look():
    return text_scores.costs(
        ["space", "first"], [0.7, 4.2], [0.1, 0.33], [0.15, 0.18], title="Where the bits go"
    )
