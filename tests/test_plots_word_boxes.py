"""Words in boxes: what each moved, and twins."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lstm_lib.plots import word_boxes
from lstm_lib.plots.figure import BLUE, RED

WORDS = ["a", "warm", "and", "clever", "zzz", ",", "but", "dull", "film", "."]
CHANGE = [0.02, 1.5, 0.1, 0.8, 0.0, -0.06, -0.3, -2.0, 0.1, 0.0]
LOOKS = np.array([1, 4, 1, 3, 1, 1, 2, 5, 1, 1]) / 20
KNOWN = np.array(WORDS) != "zzz"


def words_in(figure):
    """All texts, in the order in which they are written; a line of words is one text, cut at its spaces."""
    return [text.get_text().strip() for text in figure.axes[0].texts]


def by_height(figure):
    """The rows of words and figures below title and legend, each cut at its spaces."""
    rows = {}
    for text in figure.axes[0].texts[2:]:
        rows.setdefault(round(text.get_position()[1], 3), []).extend(text.get_text().split())
    return [row for _, row in sorted(rows.items(), reverse=True)]


def test_every_word_has_its_figure_below_it():
    figure = word_boxes.influence(WORDS, CHANGE, LOOKS, KNOWN, title="It says: rotten")
    assert by_height(figure) == [
        WORDS,
        ["+1.5", "+0.1", "+0.8", "?", "−0.1", "−0.3", "−2.0", "+0.1"],
        ["5%", "20%", "5%", "15%", "5%", "5%", "10%", "25%", "5%", "5%"],
    ]
    assert words_in(figure)[0] == "It says: rotten"
    assert "Strongest words: dull -2.0 for rotten, warm +1.5 for fresh, clever +0.8 for fresh" in figure.alt
    assert "Most attention: dull 25%, warm 20%, clever 15%." in figure.alt
    assert "Unknown: zzz." in figure.alt
    assert "The sentence: a warm and clever zzz , but dull film ." in figure.alt


def test_colours_say_the_class_and_depth_says_how_far():
    figure = word_boxes.influence(["good", "bad", "poor"], [1.0, -2.0, -1.0], title="t")
    boxes = figure.axes[0].patches
    fills = [patch.get_facecolor() for patch in boxes]
    assert [to_rgb(fill) for fill in fills] == [to_rgb(BLUE), to_rgb(RED), to_rgb(RED)]
    assert fills[1][3] > fills[0][3] == fills[2][3]
    assert [patch.get_linestyle() for patch in boxes] == ["-", "--", "--"]  # known by more than colour


def test_a_long_sentence_takes_more_lines_and_stays_inside():
    words = ["wonderful"] * 30
    figure = word_boxes.influence(words, np.zeros(30), title="t")
    ax = figure.axes[0]
    edges = [patch.get_x() + patch.get_width() for patch in ax.patches]
    assert max(edges) <= word_boxes.WIDTH
    assert min(patch.get_y() for patch in ax.patches) > 0.1
    assert "none of them moves anything" in figure.alt


def test_a_very_long_word_is_cut_in_the_picture_and_whole_in_the_words():
    figure = word_boxes.influence(["x" * 200, "good"], [0, 1], title="t")
    assert words_in(figure)[2].split() == ["x" * 23 + "…", "good"]
    assert "x" * 200 in figure.alt


def test_letters_that_the_font_lacks_are_boxes_and_stay_whole_in_the_words():
    figure = word_boxes.influence(["日本", "café", "😀"], [0, 1, 0], title="t")
    assert words_in(figure)[2].split() == ["□□", "café", "□"]
    assert "日本 café 😀" in figure.alt
    assert figure.png()  # without a warning


def test_words_stand_in_the_middle_of_their_boxes():
    figure = word_boxes.influence(["a", "wonderful", "film"], [0.2, 1.5, 0], title="t")
    at = {word: text.get_position()[0] + text.get_text().index(word) * word_boxes.LETTER
          for text in figure.axes[0].texts[2:] for word in text.get_text().split()}  # fmt: skip
    for word, box in zip(("a", "wonderful", "film"), figure.axes[0].patches, strict=True):
        middle = at[word] + len(word) / 2 * word_boxes.LETTER
        assert abs(middle - (box.get_x() + box.get_width() / 2)) <= word_boxes.LETTER / 2 + 1e-9
    figure_below = at["+1.5"] + 2 * word_boxes.LETTER
    box = figure.axes[0].patches[1]
    assert abs(figure_below - (box.get_x() + box.get_width() / 2)) <= word_boxes.LETTER / 2 + 1e-9


def test_little_attention_is_not_written():
    figure = word_boxes.influence(["a", "film"], [1, 1], [0.02, 0.98], title="t")
    assert by_height(figure)[2] == ["98%"]


def test_dollars_and_braces_are_words_like_others():
    assert word_boxes.influence(["$", "a_b", "{", "$x"], [1, 0, 0, 0], title="costs $ 5 or $ 6").png()


def test_twins_differ_where_they_differ():
    first, second = ("so", "warm", "but", "cold"), ("so", "cold", "but", "warm")
    figure = word_boxes.twins(first, second, {"warm", "but", "cold"}, ("bad", "good"), title="Twins")
    lines = [" ".join(line.split()) for line in words_in(figure)]
    assert lines == ["Twins", "bad", "warm but cold", "so", "good", "cold but warm", "so"]
    widths = [patch.get_linewidth() for patch in figure.axes[0].patches]
    assert widths == [2, 0.8, 2, 2, 0.8, 2]
    assert "They differ in 2 places: warm against cold; cold against warm." in figure.alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: word_boxes.influence([], [], title="t"), "words must be 1 to 80 words, got 0"),
        (lambda: word_boxes.influence(["a"] * 81, np.zeros(81), title="t"), "got 81"),
        (
            lambda: word_boxes.influence(["a", "b"], [1], title="t"),
            r"change must be \(2,\) finite numbers.* \(1,\)",
        ),
        (lambda: word_boxes.influence(["a"], [np.nan], title="t"), r"change must be \(1,\) finite"),
        (
            lambda: word_boxes.influence(["a"], [1], [0.5], title="t"),
            "looks must be parts that add up to 1.* 0.500",
        ),
        (lambda: word_boxes.influence(["a"], [1], [1], [True, False], title="t"), r"known must be \(1,\)"),
        (
            lambda: word_boxes.twins(["a"], ["a", "b"], {"a"}, ("x", "y"), title="t"),
            "first and second must have as many words, 1 to 80, got 1 and 2",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.mpl_image_compare
def test_influence_looks():
    return word_boxes.influence(
        WORDS * 2, CHANGE * 2, np.tile(LOOKS, 2) / 2, np.tile(KNOWN, 2), title="It says: rotten"
    )


@pytest.mark.mpl_image_compare
def test_twins_look():
    first = ("here", "now", "warm", "then", "still", "but", "often", "again", "cold", "today")
    second = tuple({"warm": "cold", "cold": "warm"}.get(word, word) for word in first)
    keys = {"warm", "but", "cold"}
    return word_boxes.twins(first, second, keys, ("twin 1: bad", "twin 2: good"), title="The same words")
