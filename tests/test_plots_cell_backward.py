"""The drawing of the way back through one step of an LSTM."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import Circle, FancyArrowPatch

from lstm_lib.plots import cell_backward
from lstm_lib.plots.figure import RED


def test_the_way_back_names_every_gradient_of_a_step():
    figure = cell_backward.backward_flow()
    words = " ".join(text.get_text() for text in figure.axes[0].texts)
    for term in [
        r"dc_t \odot f",
        r"dc_t \odot c_{t-1}",
        r"dc_t \odot g",
        r"dc_t \odot i",
        r"dh_t \odot \tanh(c_t)",
    ]:
        assert term in words
    assert r"dh_t \odot o \odot (1 - \tanh^2(c_t))" in words
    assert "two gradients meet, one from step t + 1 and one through h_t" in figure.alt
    assert "goes on to c_{t-1} times f, to f times c_{t-1}, to i times g and to g times i" in figure.alt


def test_two_red_arrows_meet_at_a_dot_named_c_t_and_one_leaves():
    ax = cell_backward.backward_flow().axes[0]
    (label,) = [text for text in ax.texts if text.get_text() == "$c_t$"]
    dot = min((p for p in ax.patches if isinstance(p, Circle)), key=lambda p: p.radius)
    assert np.hypot(*np.subtract(label.get_position(), dot.center)) < 0.4
    red = [p._posA_posB for p in ax.patches if isinstance(p, FancyArrowPatch) and same_color(p.get_ec(), RED)]
    near = [[np.hypot(*np.subtract(end, dot.center)) < 0.2 for end in arrow] for arrow in red]
    assert sum(head for _, head in near) == 2
    assert sum(tail for tail, _ in near) == 1


def test_every_arrow_of_the_way_forward_has_one_back():
    arrows = [p for p in cell_backward.backward_flow().axes[0].patches if hasattr(p, "get_connectionstyle")]
    ends = [np.array(arrow._posA_posB) for arrow in arrows]
    for forward, back in zip(ends[::2], ends[1::2], strict=True):
        assert np.allclose(forward[1] - forward[0], back[0] - back[1])


@pytest.mark.mpl_image_compare
def test_backward_flow_looks():
    return cell_backward.backward_flow()
