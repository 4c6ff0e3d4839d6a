"""The drawings of lesson 08."""

import pytest

from lstm_lib.plots import stacks


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_a_stack_has_a_box_for_every_layer_and_step():
    figure = stacks.stack(layers=2, steps=3)
    found = words(figure)
    for t in (1, 2, 3):
        assert f"$x_{t}$" in found
        assert f"$y_{t}$" in found
        for layer in (1, 2):
            assert f"$h^{{{layer}}}_{{{t}}}$" in found
    assert "layer 2" in found
    assert "p" not in found
    assert "stack of 2 recurrent layers over 3 steps" in figure.alt


def test_a_path_goes_up_where_it_is_told():
    figure = stacks.stack(layers=2, steps=4, ups=(1, 3, 4))
    (line,) = figure.axes[0].get_lines()
    x, y = line.get_xydata().T
    assert len(x) == 6
    assert [round(v / 1.5) for v in x] == [0, 0, 2, 2, 3, 3]
    assert [round(v / 1.15) for v in y] == [0, 1, 1, 2, 2, 3]
    assert "from x_1 to y_4 is marked; it has 6 arrows" in figure.alt.replace("A path from", "from")
    assert "4 + 2 = 6 arrows" in figure.axes[0].get_title()


def test_dropout_is_marked_between_layers_only():
    figure = stacks.stack(layers=3, steps=4, dropout=True)
    assert words(figure).count("p") == 2 * 4
    assert "between two layers are dashed and marked p" in figure.alt
    assert words(stacks.stack(layers=1, steps=4, dropout=True)).count("p") == 0


def test_residual_has_a_sum_and_a_state_for_every_layer():
    figure = stacks.residual(layers=4)
    assert words(figure).count("+") == 4
    assert "state $(h, c)^4_{t-1}$" in words(figure)
    assert "one step through 4 layers" in figure.alt


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: stacks.stack(layers=0), "layers must be from 1 to 6, got 0"),
        (lambda: stacks.stack(steps=9), "steps must be from 1 to 8, got 9"),
        (lambda: stacks.stack(2, 4, ups=(1, 4)), "ups must be 3 steps that do not fall, from 1 to 4"),
        (lambda: stacks.stack(2, 4, ups=(1, 5, 4)), r"got \[1, 5, 4\]"),
        (lambda: stacks.stack(2, 4, ups=(2, 3, 4)), r"got \[2, 3, 4\]"),
        (lambda: stacks.residual(7), "layers must be from 1 to 6, got 7"),
    ],
)
def test_bad_numbers_are_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: stacks.stack(ups=(1, 2.5, 3, 5)),
            r"ups must be whole numbers, got \[1, 2\.5, 3, 5\]",
        ),
        (lambda: stacks.stack(layers=2.5), r"layers must be a whole number from 1 to 6, got 2\.5"),
        (lambda: stacks.stack(steps="5"), "steps must be a whole number from 1 to 8, got '5'"),
        (lambda: stacks.residual(True), "layers must be a whole number from 1 to 6, got True"),
    ],
)
def test_what_is_no_whole_number_is_named(draw, message):
    with pytest.raises(TypeError, match=message):
        draw()


@pytest.mark.mpl_image_compare
def test_stack_looks():
    return stacks.stack()


@pytest.mark.mpl_image_compare
def test_stack_with_a_path_looks():
    return stacks.stack(ups=(1, 2, 4, 5))


@pytest.mark.mpl_image_compare
def test_stack_with_dropout_looks():
    return stacks.stack(layers=4, steps=6, dropout=True)


@pytest.mark.mpl_image_compare
def test_residual_looks():
    return stacks.residual()
