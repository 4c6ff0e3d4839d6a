"""The pictures of lesson 17."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from lstm_lib.datasets.figures import draw
from lstm_lib.plots import video


@pytest.fixture(scope="module")
def clips():
    return dict(zip(("walk", "kneel"), draw(["walk", "kneel"], np.random.default_rng(3)), strict=True))


def chances(T=24, C=4):
    p = np.full((T, C), 0.02)
    p[:, 1] = np.linspace(0.3, 0.9, T)
    p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    return p


NAMES = ("sit down", "stand up", "kneel", "rise")


def test_a_moving_picture_has_all_frames_stops_and_tells_what_it_shows(clips):
    moving = video.moving(clips, title="Two figures", zoom=2, rounds=3, a_second=10)
    assert moving.alt == "Two figures. Moving picture of 24 frames, from left to right: walk, kneel."
    picture = Image.open(io.BytesIO(moving.gif))
    assert (picture.n_frames, picture.size) == (24, (2 * (32 + 1 + 32), 64))
    assert (picture.info["duration"], picture.info["loop"]) == (100, 2)
    assert moving.html().startswith('<img alt="Two figures. Moving picture')
    assert len(moving.gif) < 150_000
    first = np.asarray(picture.convert("L"))[::2, ::2]
    assert np.abs(first[:, :32].astype(float) - clips["walk"][0]).max() <= video.GREYS


def test_a_moving_picture_is_shown_as_an_image(clips, capsys, monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda bundle, raw: shown.append(bundle))
    moving = video.moving(clips, title="Two figures")
    moving._ipython_display_()
    assert shown == [{"text/html": moving.html(), "text/plain": moving.alt}]


def test_strips_tell_their_rows(clips):
    figure = video.strips(clips, title="Film strips", frames=6, says="One is slow.")
    assert figure.alt == (
        "Film strips. Film strips, some frames each from left to right: walk, 24 frames; kneel, 24 frames. One is slow."
    )
    rows = [ax.get_images()[0].get_array() for ax in figure.axes]
    assert [row.shape for row in rows] == [(32, 6 * 33 - 1)] * 2
    assert np.array_equal(rows[0][:, :32], clips["walk"][0])
    assert np.array_equal(rows[0][:, -32:], clips["walk"][-1])
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "6", "10", "15", "19", "24"]


def test_growing_draws_a_line_for_each_class_up_to_a_frame(clips):
    figure = video.growing(clips["walk"], chances(), NAMES, title="It grows", until=10)
    lines = [line for line in figure.axes[1].get_lines() if len(line.get_xdata()) == 10]
    assert len(lines) == 4
    np.testing.assert_allclose(lines[1].get_ydata(), chances()[:10, 1])
    assert figure.alt.endswith("After frame 10 of 24: stand up 0.53, sit down 0.43.")
    labels = {text.get_text() for text in figure.axes[1].texts}
    assert labels == {"sit down", "stand up (dashed)"}  # the others are never above 0.1


def test_a_pair_has_one_colour_and_the_label_says_which_is_dashed(clips):
    """All classes end at one height: that is where labels crowd most."""
    figure = video.growing(clips["walk"], np.full((24, 4), 0.25), NAMES, title="Nothing is known")
    first, second = figure.axes[1].get_lines()[:2]
    assert first.get_color() == second.get_color()
    assert [line.get_linestyle() for line in (first, second)] == ["-", "--"]
    figure.png()
    boxes = sorted((text.get_window_extent() for text in figure.axes[1].texts), key=lambda box: box.y0)
    assert len(boxes) == 4
    assert all(below.y1 < above.y0 for below, above in itertools.pairwise(boxes))
    assert max(box.x1 for box in boxes) <= figure.bbox.width
    labels = [text.get_text() for text in figure.axes[1].texts]
    assert labels == ["sit down", "stand up (dashed)", "kneel", "rise (dashed)"]


def test_spoken_tells_where_each_word_looked(clips):
    weights = np.zeros((2, 24))
    weights[0, 3], weights[1, 20] = 1, 1
    figure = video.spoken(clips["walk"], ("walks", "then"), weights, title="Words look")
    assert figure.alt.endswith("Most of it: walks at frame 4; then at frame 21.")
    assert np.array_equal(figure.axes[1].get_images()[0].get_array(), weights)


LONG = {
    "LSTM": [(0.99, 0.97, 0.996), (0.985, 0.965, 0.99)],
    "early fusion": [(0.98, 0.96, 0.99), (0.95, 0.93, 0.97)],
}


def by_length(rows):
    return video.by_length((24, 96), rows, title="Longer clips", xlabel="frames", ylabel="part that is right")


def test_scores_by_length_have_their_intervals():
    figure = by_length(LONG)
    assert figure.alt == (
        "Longer clips. Line chart with intervals, part that is right over frames. LSTM: 0.990 (0.970 to 0.996) at 24, "
        "0.985 (0.965 to 0.990) at 96; early fusion: 0.980 (0.960 to 0.990) at 24, 0.950 (0.930 to 0.970) at 96."
    )
    for name, container in zip(LONG, figure.axes[0].containers, strict=True):
        line, _, (bars,) = container.lines
        np.testing.assert_allclose(line.get_ydata(), [row[0] for row in LONG[name]])
        np.testing.assert_allclose(
            [ends[:, 1] for ends in bars.get_segments()], [row[1:] for row in LONG[name]]
        )
    first, second = (container.lines[0].get_xdata() for container in figure.axes[0].containers)
    assert (first < second).all()  # no bar hides another


def test_panels_name_their_pictures():
    figure = video.panels({"dot": np.eye(4), "limb": np.ones((4, 4))}, title="Steps")
    assert [ax.get_xlabel() for ax in figure.axes] == ["dot", "limb"]
    assert figure.alt == "Steps. Pictures from left to right: dot; limb."


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda c: video.strips({}, title="x"), "clips must hold at least one clip, got none"),
        (lambda c: video.strips({"a": c["walk"][0]}, title="x"), r"clips\['a'\] must be \(T, height, width\)"),
        (lambda c: video.moving({"a": c["walk"], "b": c["walk"][:5]}, title="x"), "clips must be of one shape"),
        (lambda c: video.panels({}, title="x"), "images must hold at least one picture"),
        (lambda c: video.panels({"a": np.ones(3)}, title="x"), r"images\['a'\] must be \(height, width\)"),
        (lambda c: video.growing(c["walk"], chances(5), NAMES, title="x"), r"p must be \(24, 4\)"),
        (lambda c: video.growing(c["walk"], chances(), NAMES, title="x", until=25), "until must be from 1 to 24"),
        (lambda c: by_length({}), "rows must hold at least one name, got none"),
        (lambda c: by_length({"LSTM": [(0.9, 0.8, 1.0)]}), r"rows\['LSTM'\] must be \(score, low, high\) in order"),
        (lambda c: by_length({"LSTM": [(0.9, 0.95, 1.0)] * 2}), r"for each of 2 lengths, got"),
        (lambda c: video.spoken(c["walk"], ("a",), np.ones((2, 24)), title="x"), r"weights must be \(1, 24\)"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_named(call, words, clips):
    with pytest.raises(ValueError, match=words):
        call(clips)


@pytest.mark.mpl_image_compare
def test_strips_look(clips):
    return video.strips(clips, title="Two actions, from the first frame to the last")


@pytest.mark.mpl_image_compare
def test_growing_looks(clips):
    return video.growing(
        clips["kneel"], chances(), NAMES, title="What is believed after each frame", until=20
    )


@pytest.mark.mpl_image_compare
def test_spoken_looks(clips):
    words = ("a", "tall", "figure", "kneels", ",", "then", "rises")
    weights = np.random.default_rng(0).dirichlet(np.full(24, 0.2), size=7)
    return video.spoken(clips["kneel"], words, weights, title="Where each word looked")


@pytest.mark.mpl_image_compare
def test_scores_by_length_look():
    return by_length(LONG)


@pytest.mark.mpl_image_compare
def test_panels_look(clips):
    return video.panels({"a frame": clips["walk"][3], "a later one": clips["walk"][9]}, title="Two frames")
