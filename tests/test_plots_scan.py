"""The pictures of lesson 09 about the minimal LSTM."""

import numpy as np
import pytest

from lstm_lib.plots import scan

LIGHT = {"LSTM": np.ones((2, 10)), "minimal": np.stack([np.linspace(1, 0.5, 10), np.linspace(0.9, 0.4, 10)])}
RATIOS = {"loop, small": [5, 20, 40], "loop, large": [1.5, 0.9, 0.4]}


@pytest.mark.parametrize(("steps", "rounds"), [(2, 1), (4, 2), (5, 3), (8, 3), (16, 4)])
def test_a_tree_reaches_back_to_step_one_in_log_rounds(steps, rounds):
    figure = scan.scan_tree(steps)
    assert f"in {rounds} rounds" in figure.axes[0].get_title(loc="left")
    boxes = [t.get_text() for t in figure.axes[0].texts if t.get_bbox_patch() is not None]
    assert boxes[-steps:] == [f"1…{t}" if t > 1 else "1" for t in range(1, steps + 1)]
    assert boxes[steps : 2 * steps] == ["1", *(f"{t - 1}…{t}" for t in range(2, steps + 1))]
    assert f"After round {rounds}: 1 to 1, 1 to 2" in figure.alt


def test_accuracy_draws_every_seed():
    figure = scan.accuracy_by_step(LIGHT, 0.5, 4, "The LSTM stays right", "part that is right")
    lines = figure.axes[0].get_lines()[:4]
    for line, row in zip(lines, [*LIGHT["LSTM"], *LIGHT["minimal"]], strict=True):
        assert np.allclose(line.get_xydata(), np.column_stack([np.arange(1, 11), row]))
    assert lines[0].get_linestyle() != lines[2].get_linestyle()
    assert "minimal: 0.95 at step 1, 0.78 at step 4, 0.45 at step 10" in figure.alt
    assert "mean over 2 seeds" in figure.alt


def test_ratios_are_drawn_on_two_logarithmic_axes():
    figure = scan.ratios([64, 256, 1024], RATIOS)
    ax = figure.axes[0]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    for line, values in zip(ax.get_lines(), RATIOS.values(), strict=False):
        assert np.allclose(line.get_ydata(), values)
    assert "loop, large: 1.5 at T = 64, 0.9 at T = 256, 0.4 at T = 1024" in figure.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: scan.scan_tree(1), "steps must be from 2 to 16, got 1"),
        (lambda: scan.accuracy_by_step({}, 0.5, 1), "found must hold at least one network"),
        (lambda: scan.accuracy_by_step({"a": [1, 1]}, 0.5, 1), r"found\['a'\] must be \(S, 2\), got \(2,\)"),
        (
            lambda: scan.accuracy_by_step({"a": [[2.0]]}, 0.5, 1),
            "must hold parts from 0 to 1, got 2.0 to 2.0",
        ),
        (lambda: scan.accuracy_by_step({"a": 1.0}, 0.5, 1), r"found\['a'\] must be \(S, T\), got \(\)"),
        (
            lambda: scan.accuracy_by_step({str(k): [[1.0]] for k in range(8)}, 0.5, 1),
            "found must hold at most 7 networks, got 8",
        ),
        (
            lambda: scan.ratios([64, 32], {"a": [1, 2]}),
            r"lengths must be \(N,\) numbers above zero that rise",
        ),
        (lambda: scan.accuracy_by_step({"a": [[1.0]]}, 0.5, 2), "seen must be from 1 to 1, got 2"),
        (lambda: scan.ratios([64], {}), "found must hold at least one line"),
        (lambda: scan.ratios([64], {"a": [1, 2]}), r"found\['a'\] must be \(1,\) ratios above zero"),
        (lambda: scan.ratios([64], {"a": [0]}), r"found\['a'\] must be \(1,\) ratios above zero"),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.parametrize("steps", [3.5, "4", True])
def test_steps_of_a_tree_are_whole(steps):
    with pytest.raises(TypeError, match=f"steps must be an int, got {steps!r}"):
        scan.scan_tree(steps)


@pytest.mark.mpl_image_compare
def test_scan_tree_looks():
    return scan.scan_tree(4)


@pytest.mark.mpl_image_compare
def test_accuracy_by_step_looks():
    return scan.accuracy_by_step(LIGHT, 0.5, 4, "The LSTM stays right", "part that is right")


@pytest.mark.mpl_image_compare
def test_ratios_look():
    return scan.ratios([64, 256, 1024], RATIOS)
