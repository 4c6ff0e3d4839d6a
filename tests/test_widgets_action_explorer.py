"""The explorer of lesson 17: an action, a figure, an order, and the frames seen."""

import html

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib.experiments import video
from lstm_lib.widgets.action_explorer import ActionExplorer


@pytest.fixture(scope="module")
def model():
    return video.fresh("LSTM", 8, 0).eval()


@pytest.fixture
def explorer(model):
    return ActionExplorer(lambda frames: video.watched(model, frames), video.REVERSED)


def test_the_picture_follows_the_controls(explorer):
    explorer.controls["action"].value = "kneel"
    explorer.controls["until"].value = 7
    frames, p = explorer.clip("kneel", 0, "as it is")
    assert (frames.shape, p.shape) == ((24, 32, 32), (24, 8))
    words = html.unescape(explorer.summary.value)
    assert "“kneel”: after frame 7 the network says" in words
    assert video.REVERSED[p[6].argmax()] in words


def test_backwards_and_any_order_hold_the_same_frames(explorer):
    def frames(how):
        return explorer.clip("sit down", 3, how)[0]

    forth, back, mixed = (frames(how) for how in ("as it is", "backwards", "in any order"))
    assert np.array_equal(back, forth[::-1])
    assert sorted(f.tobytes() for f in mixed) == sorted(f.tobytes() for f in forth)
    assert not np.array_equal(mixed, forth)
    explorer.controls["shown"].value = "backwards"
    assert ", backwards:" in html.unescape(explorer.summary.value)


def test_another_number_is_another_figure(explorer):
    assert not np.array_equal(
        explorer.clip("rise", 0, "as it is")[0], explorer.clip("rise", 1, "as it is")[0]
    )


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="“sit down”')
    assert bundle["text/plain"].startswith("ActionExplorer, to be played with in JupyterLab.")


@pytest.mark.parametrize(
    ("control", "values"), [("until", [20, 12, 5, 1, 24, 9]), ("figure", [1, 2, 3, 4, 5, 6])]
)
def test_a_move_is_drawn_soon(explorer, control, values):
    assert picture_time(explorer.controls[control], values) < 0.1


def test_what_does_not_fit_is_named(model):
    with pytest.raises(ValueError, match="names must hold at least one action, got none"):
        ActionExplorer(lambda frames: video.watched(model, frames), ())
    with pytest.raises(ValueError, match=r"watch must give \(24, 1, 2\), got shape \(24, 1, 8\)"):
        ActionExplorer(lambda frames: video.watched(model, frames), video.REVERSED[:2])
