"""The figure that carries its description."""

import io

import numpy as np
import pytest
from matplotlib import image

from lstm_lib import plots


def drawn(**words):
    figure, ax = plots.new_axes(3, 2)
    ax.plot([0, 1], [0, 1], **words)
    return figure, ax


def test_a_figure_becomes_an_image_with_its_alt_text():
    figure, _ = drawn()
    figure.alt = 'A line that says "up" & <more>.'
    html = figure.html()
    assert html.startswith('<img alt="A line that says &quot;up&quot; &amp; &lt;more&gt;."')
    assert 'src="data:image/png;base64,' in html


def test_a_figure_without_alt_text_is_refused():
    figure, _ = drawn()
    with pytest.raises(ValueError, match="alt must tell what the picture shows"):
        figure.html()


def test_a_cell_shows_the_image_and_says_its_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    figure, same = drawn()[0], drawn()[0]
    figure.alt = same.alt = "A line."
    figure._ipython_display_()
    assert shown == [{"text/html": same.html(), "text/plain": "A line."}]


def test_the_same_drawing_gives_the_same_bytes_as_large_as_asked():
    first, second = drawn()[0].png(), drawn()[0].png()
    assert first == second
    assert image.imread(io.BytesIO(first)).shape[:2] == (200, 300)


def test_lines_differ_in_colour_and_in_dashes():
    _, ax = plots.new_axes()
    lines = [ax.plot([0, 1], [k, k])[0] for k in range(len(plots.COLOURS))]
    assert len({line.get_color() for line in lines}) == len(lines)
    assert len({repr(line._dash_pattern) for line in lines}) == len(lines)


def test_labels_stand_at_the_ends_of_the_lines_and_apart():
    _, ax = plots.new_axes()
    for name, end in {"low": 0.0, "high": 1.0, "nearly high": 0.99}.items():
        ax.plot([0, 1], [0, end], label=name)
    ax.plot([0, 1], [0, 0.5], label="_hidden")
    plots.label_ends(ax, gap=0.1)
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert set(places) == {"low", "high", "nearly high"}
    heights = sorted(places.values())
    assert np.all(np.diff(heights) >= 0.1 - 1e-9)
    assert heights[0] < 0.1
    assert heights[-1] <= 1
    assert places["nearly high"] < places["high"]


def test_labels_that_crowd_at_the_top_leave_the_others_where_they_are():
    _, ax = plots.new_axes()
    ax.set(ylim=(0, 1))
    for k, end in enumerate([0.2, 0.97, 0.98, 0.99, 1.0]):
        ax.plot([0, 1], [0, end], label=str(k))
    plots.label_ends(ax, gap=0.1)
    places = [text.get_position()[1] for text in sorted(ax.texts, key=lambda text: text.get_text())]
    assert np.allclose(places, [0.2, 0.7, 0.8, 0.9, 1.0])


def test_a_label_follows_a_logarithmic_axis():
    _, ax = plots.new_axes()
    ax.set(yscale="log", ylim=(1e-4, 1))
    ax.plot([0, 1], [1, 1e-2], label="half way down")
    plots.label_ends(ax)
    assert ax.texts[0].get_position()[1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("value", "text"), [(0.123456, "0.12"), (1234.5, "1.2e+03"), (0, "0"), (3.0, "3")])
def test_a_number_is_said_with_two_digits(value, text):
    assert plots.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.123456, "0.12"), (3.0, "3"), (47.6, "48"), (1234.5, "1,200"), (-2861.0, "-2,900")]
)
def test_a_large_number_is_said_without_a_power_of_ten(value, text):
    assert plots.large(value) == text
