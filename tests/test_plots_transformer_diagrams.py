"""The drawings of lesson 11."""

import pytest

from lstm_lib.plots import transformer_diagrams


def arrows(figure):
    return [patch for patch in figure.axes[0].patches if hasattr(patch, "get_arrowstyle")]


def test_attention_has_an_arrow_for_every_pair_and_the_chain_one_a_step():
    figure = transformer_diagrams.chain_and_attention()
    assert len(arrows(figure)) == (4 + 3) + (4 + 3 + 2 + 1)
    red = [arrow for arrow in arrows(figure) if arrow.get_linewidth() == 2.5]
    assert len(red) == 4 + 1  # the way through the chain, and the one arrow
    assert "the way from x_1 to h_4, in red, has 4 arrows" in figure.alt
    assert "the way from x_1 to y_4 is one red arrow" in figure.alt


def test_the_block_names_its_parts_in_order():
    figure = transformer_diagrams.block()
    parts = [text.get_text() for text in figure.axes[0].texts if text.get_bbox_patch() is not None]
    assert parts == ["norm", "heads", "$W_o$", "+", "norm", "$W_1$, max", "$W_2$", "+"]
    assert "A green line carries x through and is only added to" in figure.alt


@pytest.mark.mpl_image_compare
def test_chain_and_attention_look():
    return transformer_diagrams.chain_and_attention()


@pytest.mark.mpl_image_compare
def test_transformer_block_looks():
    return transformer_diagrams.block()
