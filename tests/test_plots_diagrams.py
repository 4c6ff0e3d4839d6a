"""Drawings of networks."""

import pytest

from lstm_lib import plots


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_an_unrolled_network_has_a_column_for_each_step(steps):
    figure = plots.unrolled(steps)
    words = texts(figure)
    for name in "xhy":
        assert [f"${name}_{t}$" in words for t in range(1, steps + 2)] == [True] * steps + [False]
    assert f"h_1 to h_{steps}" in figure.alt


def test_an_unrolled_network_needs_a_step():
    with pytest.raises(ValueError, match="steps must be 1 or more, got 0"):
        plots.unrolled(0)


def test_the_three_kinds_of_task_are_named():
    figure = plots.shapes_of_tasks()
    for name in ("one to many", "many to one", "many to many"):
        assert name in texts(figure)
        assert name.capitalize() in figure.alt
    assert texts(figure).count("$x$") == 1 + 3 + 3
    assert texts(figure).count("$y$") == 3 + 1 + 3


@pytest.mark.mpl_image_compare
def test_unrolled_looks():
    return plots.unrolled(3)


@pytest.mark.mpl_image_compare
def test_shapes_of_tasks_look():
    return plots.shapes_of_tasks()
