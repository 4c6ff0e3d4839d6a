"""The explorer of lesson 08: layers, weights, forget bias, residual connections."""

import html
import math

import numpy as np
import pytest
import torch
from picture_time import picture_time

from lstm_lib import plots
from lstm_lib.convert import to_torch
from lstm_lib.experiments.heights import BATCH, STEPS, UNITS, heights
from lstm_lib.nn.recurrent import Stacked
from lstm_lib.scratch import LSTM
from lstm_lib.widgets import DepthExplorer


@pytest.fixture
def explorer():
    return DepthExplorer()


@pytest.mark.parametrize("residual", [False, True])
def test_it_measures_what_autograd_finds(residual):
    rng = np.random.default_rng(8)
    x, ask = (torch.tensor(rng.normal(size=(STEPS, BATCH, UNITS))) for _ in range(2))
    nets = [LSTM(UNITS, UNITS, rng=rng, dtype=np.float64) for _ in range(3)]
    for net in nets:
        net.params.update(
            W_x=1.5 * net.params["W_x"], W_h=1.5 * net.params["W_h"], b=np.repeat([0.0, 2.0, 0.0, 0.0], UNITS)
        )
    x.requires_grad_()
    h, _ = Stacked([to_torch(net) for net in nets], residual=residual)(x)
    (h * ask).sum().backward()
    back, forth = heights(3, 1.5, 2.0, residual)
    assert back.shape == forth.shape == (4,)
    np.testing.assert_allclose(back[0], (x.grad.norm() / ask.norm()).item(), rtol=1e-10)
    differ = [values.detach().var(dim=1, unbiased=False).mean().sqrt().item() for values in (x, h)]
    np.testing.assert_allclose(forth[-1], differ[1] / differ[0], rtol=1e-10)
    assert back[-1] == forth[0] == 1


def test_without_weights_nothing_passes_a_plain_stack_and_all_a_residual_one():
    back, forth = heights(4, 0.0, 1.0, False)
    assert (back[:-1] == 0).all()
    assert (forth[1:] == 0).all()
    for levels in heights(4, 0.0, 1.0, True):
        np.testing.assert_allclose(levels, 1)


def test_a_plain_stack_fades_with_its_height_and_a_residual_one_does_not():
    last = [heights(n, 1.0, 1.0, False)[0][0] for n in (1, 2, 4, 8, 16)]
    assert last == sorted(last, reverse=True)
    assert last[-1] < 1e-6
    assert all(0.9 < heights(n, 1.0, 1.0, True)[0][0] < 2 for n in (1, 8, 16))


@pytest.mark.parametrize(
    ("layers", "weights", "bias", "residual"),
    [(1, 0.0, -2.0, False), (16, 4.0, 6.0, True), (16, 0.0, 6.0, False), (16, 4.0, -2.0, False)],
)
def test_the_picture_follows_every_control_to_its_end(explorer, layers, weights, bias, residual):
    values = {"layers": layers, "weights": weights, "bias": bias, "residual": residual}
    for name, value in values.items():
        explorer.controls[name].value = value
    back, forth = heights(**values)
    words = html.unescape(explorer.summary.value)
    assert f"{'residual' if residual else 'plain'} stack of {layers} layers" in words
    assert f"is {plots.number(back[0])} at the input" in words
    assert f"is {plots.number(forth[-1])} at the top" in words
    assert html.escape(explorer.alt) in explorer.picture.value


def test_a_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith(
        '<img alt="Two line charts, logarithmic, over the height in a plain'
    )
    assert bundle["text/plain"].startswith("DepthExplorer, to be played with in JupyterLab. Two line charts")


@pytest.mark.parametrize(
    ("control", "values"),
    [
        ("weights", np.arange(1.1, 2.1, 0.1).tolist()),
        ("weights", [4.0, 3.9, 3.8, 3.7, 3.6, 3.5]),
        ("bias", [-2.0, 6.0, -1.5, 5.5, -1.0, 5.0]),
        ("residual", [True, False] * 4),
        ("layers", [15, 16, 14, 16, 15, 16]),
    ],
)
def test_a_move_of_any_control_of_the_highest_stack_is_drawn_soon(explorer, control, values):
    explorer.controls["layers"].value = 16
    # about 0.055 s, nearly all of it for drawing
    assert picture_time(explorer.controls[control], values) < 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((8, math.nan, 1.0, False), ValueError, "weights must be a finite number, got nan"),
        ((8, "2", 1.0, False), TypeError, "weights must be a finite number, got '2'"),
        ((8, 1.0, math.inf, False), ValueError, "bias must be a finite number, got inf"),
        ((8, 1.0, True, False), TypeError, "bias must be a finite number, got True"),
        ((8, 1.0, 1.0, "no"), TypeError, "residual must be True or False, got 'no'"),
    ],
)
def test_settings_that_are_none_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        heights(*arguments)


@pytest.mark.parametrize(
    ("layers", "error", "got"), [(2.5, TypeError, r"2\.5"), (0, ValueError, "0"), (True, TypeError, "True")]
)
def test_layers_that_are_none_are_named(layers, error, got):
    with pytest.raises(error, match=f"layers must be a positive int, got {got}"):
        heights(layers, 1.0, 1.0, False)
