"""The drawing of the Reber grammar says what the data set does."""

import pytest

from lstm_lib.datasets.reber import ARROWS
from lstm_lib.plots import grammar


def test_the_drawing_has_every_arrow_of_the_grammar_and_no_other():
    drawn = {(start, stop, symbol) for start, stop, symbol, *_ in grammar._ARROWS}
    drawn |= {(node, node, symbol) for node, symbol, _ in grammar._LOOPS}
    assert drawn == {(node, after, symbol) for node, leaving in ARROWS.items() for symbol, after in leaving}


def test_every_symbol_is_written_beside_its_arrow():
    (ax,) = grammar.reber().axes
    letters = sorted(text.get_text() for text in ax.texts if len(text.get_text()) == 1)
    assert letters == sorted("BTPXXVPSVEST")
    assert "Where two arrows leave a node, each is taken half of the time" in grammar.reber().alt


@pytest.mark.mpl_image_compare
def test_reber_looks():
    return grammar.reber()
