"""The pictures of what lesson 08 measures."""

import numpy as np
import pytest

from lstm_lib.plots import depth

DEPTHS = [1, 2, 4, 8]
NORMS = {
    "plain": [[0.2**n, 0.25**n, 0.15**n] for n in DEPTHS],
    "residual": [[1.1, 1.0, 1.2]] * 4,
}
UPDATES = np.arange(10, 60, 10)
BITS = {
    "8 plain layers": [[4.8] * 5, [4.7] * 5],
    "8 residual layers": [[4, 3.5, 3.2, 3.1, 3.3], [4.2, 3.7, 3.2, 3.1, 3.1]],
}
PANELS = {
    "equal updates": {"1 layer": [2.4, 2.42], "2 layers": [2.5, 2.45], "2 layers, residual": [2.3, 2.35]},
    "equal time": {"1 layer": [2.4, 2.42], "2 layers": [2.6, 2.55], "2 layers, residual": [2.35, 2.4]},
}


def test_norms_are_marks_for_seeds_and_a_line_for_the_median():
    figure = depth.norms_against_depth(DEPTHS, NORMS, "Each layer takes a factor")
    ax = figure.axes[0]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    lines = {line.get_label(): line for line in ax.get_lines()}
    np.testing.assert_allclose(lines["plain"].get_ydata(), [0.2**n for n in DEPTHS])
    marks = [line for line in ax.get_lines() if line.get_linestyle() == "None"]
    np.testing.assert_allclose([line.get_ydata() for line in marks[:3]], np.transpose(NORMS["plain"]))
    assert len(marks) == 6
    assert ax.get_title(loc="left") == "Each layer takes a factor"
    assert figure.alt.startswith("Each layer takes a factor. Line chart")
    assert f"plain: 0.2 at 1, 0.04 at 2, 0.0016 at 4, {0.2**8:.2g} at 8; residual: 1.1 at 1" in figure.alt


def test_bits_are_thin_lines_for_seeds_and_a_thick_one_for_the_mean():
    figure = depth.over_updates(UPDATES, BITS, "Deep")
    lines = figure.axes[0].get_lines()
    thick = {line.get_label(): line for line in lines if line.get_linewidth() > 2}
    assert set(thick) == set(BITS)
    np.testing.assert_allclose(
        thick["8 residual layers"].get_ydata(), np.mean(BITS["8 residual layers"], axis=0)
    )
    assert "8 residual layers: from 4.10 to 3.20, lowest 3.10" in figure.alt
    assert "mean of 2 seeds" in figure.alt


def test_networks_are_rows_with_a_mark_for_each_seed():
    figure = depth.depth_against_width(PANELS, "Who wins")
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(PANELS)
    for ax, panel in zip(figure.axes, PANELS.values(), strict=True):
        rows = [line for line in ax.get_lines() if line.get_linestyle() == "None"]
        for k, (line, values) in enumerate(zip(rows, panel.values(), strict=True)):
            np.testing.assert_allclose(line.get_xdata(), values)
            assert set(line.get_ydata()) == {-k}
        assert rows[0].get_marker() != rows[2].get_marker()
        assert [text.get_text() for text in ax.texts] == [f"{np.mean(v):.2f}" for v in panel.values()]
    assert "equal time: 1 layer 2.41 (2.40 to 2.42), 2 layers 2.58 (2.55 to 2.60)" in figure.alt


def test_the_explorer_draws_powers_of_ten():
    figure = depth.explorer([1e-3, 0.1, 1], [1, 0.2, 0.04], residual=False)
    left, right = figure.axes
    np.testing.assert_allclose(left.get_lines()[0].get_ydata(), [-3, -1, 0], atol=1e-12)
    np.testing.assert_allclose(10 ** right.get_lines()[0].get_ydata(), [1, 0.2, 0.04])
    assert "plain stack of 2 layers" in figure.alt
    assert "is 0.001 at the input" in figure.alt
    assert "is 0.04 at the top" in figure.alt
    assert "residual stack of 1 layers" in depth.explorer([1, 1], [1, 1], residual=True).alt


def test_what_is_exactly_zero_can_be_drawn():
    figure = depth.explorer([0, 0, 1], [1, 0, 0], residual=False)
    assert "is 0 at the input" in figure.alt
    assert figure.png()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: depth.norms_against_depth([1], {}, "t"), "norms must hold at least one entry, got none"),
        (
            lambda: depth.norms_against_depth([1, 2], {"a": [[1]]}, "t"),
            r"norms\['a'\] must have shape \(2, any\), got \(1, 1\)",
        ),
        (
            lambda: depth.norms_against_depth([1], {"a": [[0]]}, "t"),
            r"norms\['a'\] must be finite and above 0",
        ),
        (lambda: depth.norms_against_depth([1], {"a": [["x"]]}, "t"), r"norms\['a'\] must be numbers, got"),
        (
            lambda: depth.norms_against_depth([], {"a": []}, "t"),
            r"depths must be \(N,\), at least one number, got shape \(0,\)",
        ),
        (
            lambda: depth.norms_against_depth(["a"], {"a": [[1]]}, "t"),
            r"depths must be numbers, got \['a'\]",
        ),
        (
            lambda: depth.norms_against_depth([0], {"a": [[1]]}, "t"),
            "depths must be finite and above 0, got",
        ),
        (
            lambda: depth.norms_against_depth([1], {str(k): [[1]] for k in range(8)}, "t"),
            "norms must hold at most 7 entries, one for each look, got 8",
        ),
        (
            lambda: depth.over_updates([], {"a": [[]]}, "t"),
            r"updates must be \(N,\), at least one number, got shape \(0,\)",
        ),
        (
            lambda: depth.over_updates([1], {str(k): [[1]] for k in range(8)}, "t"),
            "bits must hold at most 7 entries, one for each look, got 8",
        ),
        (lambda: depth.over_updates([1, 2], {"a": [[1]]}, "t"), r"must have shape \(any, 2\), got \(1, 1\)"),
        (lambda: depth.over_updates([1], {"a": [[np.nan]]}, "t"), r"bits\['a'\] must be finite, got"),
        (lambda: depth.depth_against_width({}, "t"), "panels must hold the same networks each, got"),
        (
            lambda: depth.depth_against_width({"p": {"a": [1]}, "q": {"b": [1]}}, "t"),
            r"the same networks each, got \[\['a'\], \['b'\]\]",
        ),
        (lambda: depth.depth_against_width({"p": {"a": []}}, "t"), r"panels\['p'\]\['a'\] must have shape"),
        (lambda: depth.explorer([1, 1], [1], residual=True), r"gradient and signal must be \(L \+ 1,\)"),
        (lambda: depth.explorer([1, -1], [1, 1], residual=True), "not below 0"),
        (lambda: depth.explorer([1], [1], residual=True), r"must be \(L \+ 1,\)"),
    ],
)
def test_bad_input_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


@pytest.mark.mpl_image_compare
def test_norms_against_depth_look():
    return depth.norms_against_depth(DEPTHS, NORMS, "Each layer takes a factor")


@pytest.mark.mpl_image_compare
def test_over_updates_looks():
    return depth.over_updates(UPDATES, BITS, "Eight layers")


@pytest.mark.mpl_image_compare
def test_depth_against_width_looks():
    return depth.depth_against_width(PANELS, "Who wins")


@pytest.mark.mpl_image_compare
def test_depth_explorer_looks():
    return depth.explorer([1e-3, 0.1, 1], [1, 0.2, 0.04], residual=False)
