"""Pictures of backpropagation through time."""

import numpy as np
import pytest

from lstm_lib import plots
from lstm_lib.widgets import Truncation


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def falling(T=8, share=0.5, width=2):
    """Contributions (T, T, width) that lose the same share with every step back, all in one direction."""
    lag = np.subtract.outer(np.arange(T), np.arange(T))
    return np.where(lag >= 0, share ** np.maximum(lag, 0), 0.0)[..., None] * np.ones(width)


# The way back


@pytest.mark.parametrize("steps", [2, 3, 5])
def test_the_way_back_has_two_arrows_wherever_there_is_one_forward(steps):
    figure = plots.gradient_flow(steps)
    for name in "xhyL":
        drawn = [f"${name}_{t}$" in texts(figure) for t in range(1, steps + 2)]
        assert drawn == [True] * steps + [False]
    arrows = [patch for patch in figure.axes[0].patches if "Arrow" in type(patch).__name__]
    assert len(arrows) == 2 * (3 * steps + steps - 1)
    assert f"Only h_{steps} has a single one" in figure.alt


def test_numbers_are_written_beside_the_states():
    figure = plots.gradient_flow(3, h=[0.7616, 0.3634, 0.1797], dh=[-0.6869, -1.0335, -0.8203])
    assert {"0.76", "0.36", "0.18", "−0.69", "−1.03", "−0.82"} <= set(texts(figure))
    assert "h_2 = 0.36, gradient -1.03" in figure.alt


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1,), "steps must be 2 or more, got 1"),
        ((3, [1, 2], [1, 2, 3]), r"h must have shape \(3,\), one number a step, got \(2,\)"),
        ((3, [1, 2, 3], None), r"dh must have shape \(3,\), one number a step, got \(\)"),
    ],
)
def test_a_way_back_that_cannot_be_drawn_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plots.gradient_flow(*arguments)


# What truncation keeps


def test_the_share_that_is_lost_is_that_of_the_cells_outside_the_chunks():
    pairs = falling(T=4)
    figure = plots.truncation_map(pairs, 2)
    whole = 4 + 3 / 2 + 2 / 4 + 1 / 8
    kept = 4 + 2 / 2  # four cells on the diagonal, and one beside it in each of the two chunks
    lost = f"off by {100 * (1 - kept / whole):.0f} %"
    assert figure.axes[0].get_title("left") == f"Chunks of 2: 6 of 10 pairs kept, gradient {lost}"
    assert lost in figure.alt


def test_contributions_may_cancel():
    pairs = falling(T=2)
    pairs[1, 0] *= -1  # a request of -1/2 against two of 1: without it 2 instead of 1.5
    assert "off by 33 %" in plots.truncation_map(pairs, 1).alt


@pytest.mark.parametrize("chunk", [8, 9, 100])
def test_one_chunk_for_all_loses_nothing(chunk):
    alt = plots.truncation_map(falling(), chunk).alt
    assert "36 of 36 pairs" in alt
    assert "off by 0 %" in alt


def test_kept_cells_are_strong_and_lost_ones_pale():
    figure = plots.truncation_map(falling(T=4, share=1.0), 2)
    (image,) = figure.axes[0].get_images()
    cells = image.get_array()
    assert cells.shape == (4, 4, 4)
    assert np.array_equal(cells[..., 3] > 0, np.tri(4, dtype=bool))  # nothing above the diagonal
    assert np.allclose(cells[2, 0], 0.3 * cells[3, 2] + 0.7)  # equal in size, one lost, one kept


def test_the_alt_text_says_how_far_the_loss_reaches():
    assert "4 steps back is 0.062 times one from the same step" in plots.truncation_map(falling(), 2).alt
    assert "one step is all there is" in plots.truncation_map(np.ones((1, 1)), 1).alt


@pytest.mark.parametrize(
    ("pairs", "chunk", "message"),
    [
        (np.ones((3, 4, 2)), 1, r"shape \(T, T, …\) and not be all zero, got shape \(3, 4, 2\)"),
        (np.ones(3), 1, r"got shape \(3,\)"),
        (np.zeros((3, 3)), 1, "not be all zero"),
        (falling(), 0, "chunk must be 1 or more, got 0"),
    ],
)
def test_a_map_that_cannot_be_drawn_is_refused(pairs, chunk, message):
    with pytest.raises(ValueError, match=message):
        plots.truncation_map(pairs, chunk)


def test_the_explorer_follows_its_controls():
    explorer = Truncation({"fading": falling(), "lasting": falling(share=1.0)}, chunk=2, net="fading")
    assert "12 of 36 pairs" in explorer.summary.value
    before = explorer.picture.value
    explorer.controls["net"].value = "lasting"
    assert "off by 67 %" in explorer.summary.value  # 24 of 36 equal cells
    assert explorer.picture.value != before
    explorer.controls["chunk"].value = 8
    assert "off by 0 %" in explorer.summary.value
    assert explorer.controls["chunk"].max == 8


# Lines over numbers that double

STEPS = 2 ** np.arange(5)
LABELS = {"title": "Less is lost", "xlabel": "chunk length, steps", "ylabel": "error"}


def test_lines_over_doubling_steps_hold_the_data():
    figure = plots.over_steps(STEPS, {"net": 1 / STEPS, "level": np.full(5, 0.1)}, level="level", **LABELS)
    (ax,) = figure.axes
    net, level = ax.get_lines()
    assert np.allclose(net.get_xydata(), np.column_stack([STEPS, 1 / STEPS]))
    assert (net.get_marker(), level.get_marker()) == ("o", "")
    assert ax.get_xscale() == "log"
    assert np.array_equal(ax.get_xticks(), STEPS)
    assert figure.alt == (
        "Less is lost. Line chart. error over chunk length, steps, doubling from 1 to 16. "
        "net: from 1 to 0.062; level: from 0.1 to 0.1."
    )


@pytest.mark.parametrize(
    ("steps", "ys", "message"),
    [
        (STEPS, {}, "got no line"),
        (STEPS, {"short": STEPS[:2]}, r"like steps \(5,\), got short \(2,\)"),
        (STEPS - 1, {"net": STEPS}, "steps must be above zero, got 0"),
    ],
)
def test_lines_that_cannot_be_drawn_are_refused(steps, ys, message):
    with pytest.raises(ValueError, match=message):
        plots.over_steps(steps, ys, **LABELS)


# How they look


@pytest.mark.mpl_image_compare
def test_gradient_flow_looks():
    return plots.gradient_flow(3, h=[0.76, 0.36, 0.18], dh=[-0.69, -1.03, -0.82])


@pytest.mark.mpl_image_compare
def test_truncation_map_looks():
    return plots.truncation_map(falling(T=12, share=0.7), 5)


@pytest.mark.mpl_image_compare
def test_over_steps_looks():
    return plots.over_steps(STEPS, {"net": 1 / STEPS, "level": np.full(5, 0.1)}, level="level", **LABELS)
