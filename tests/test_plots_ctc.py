"""The pictures of CTC: paths that collapse, and the lattice."""

import numpy as np
import pytest

from lstm_lib.plots import ctc


def test_paths_collapse_in_words():
    figure = ctc.collapsing(["nn_oo", "_no__", "____"], title="Three paths")
    assert figure.alt == (
        "Three paths. nn_oo becomes n_o, then no; _no__ becomes _no_, then no; ____ becomes _, then nothing."
    )


def occupied():
    return np.array(
        [[0.4, 0.6, 0, 0, 0], [0.1, 0.4, 0.2, 0.3, 0], [0, 0.1, 0.1, 0.5, 0.3], [0, 0, 0, 0.4, 0.6]]
    )


def test_a_lattice_tells_its_rows():
    figure = ctc.lattice(
        ["_", "n", "_", "o", "_"], [0, 0, 0, 1, 0], occupied(), title="All paths of no", decimals=1
    )
    assert "Lattice of 5 states and 4 steps" in figure.alt
    assert "blank 0.4 0.1 0.0 0.0; n 0.6 0.4 0.1 0.0; blank 0.0 0.2 0.1 0.0; o 0.0 0.3 0.5 0.4" in figure.alt
    assert figure.alt.endswith("Paths stay, go on by one, or jump over a blank to o.")
    assert len(figure.axes[0].patches) == int((occupied() > 0).sum())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ctc.collapsing([], title=""), "paths must hold at least one path"),
        (lambda: ctc.collapsing([""], title=""), "none of them empty"),
        (lambda: ctc.lattice(["_"], [0], occupied(), title=""), r"numbers must be \(T, 1\) and skips \(1,\)"),
        (lambda: ctc.lattice(["_", "a"], [0, 0], [[2.0, 0]], title=""), "numbers must be from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.mpl_image_compare
def test_image_collapsing():
    return ctc.collapsing(["nn_oo", "_no__", "n_n_o"], title="Three paths, and what they say")


@pytest.mark.mpl_image_compare
def test_image_lattice():
    return ctc.lattice(
        ["_", "n", "_", "o", "_"], [0, 0, 0, 1, 0], occupied(), title="All paths of “no” in four steps"
    )
