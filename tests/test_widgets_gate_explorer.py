"""The gate explorer: twelve sliders, presets, sequences, and numbers that are typed."""

import html

import numpy as np
import pytest
from picture_time import picture_time

from lstm_lib import plots
from lstm_lib.widgets import GateExplorer
from lstm_lib.widgets.gate_explorer import OWN_CELL, PRESETS, TYPED, read_numbers, sequences


@pytest.fixture
def explorer():
    return GateExplorer()


def pictures(explorer):
    """Every picture that is drawn from now on."""
    seen = []
    explorer.picture.observe(lambda change: seen.append(change.new), "value")
    return seen


def end(explorer):
    """The cell state after the last step."""
    return explorer.run(explorer.inputs(), explorer.values())["c"][-1]


def test_the_cell_does_as_the_equations_say(explorer):
    sigmoid = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731
    w = explorer.values()
    h = c = 0.0
    x = np.array([1.0, -2.0, 0.5])
    seen = explorer.run(x, w)
    for t, x_t in enumerate(x):
        z = {gate: w[f"{gate} W_x"] * x_t + w[f"{gate} W_h"] * h + w[f"{gate} b"] for gate in "ifgo"}
        c = sigmoid(z["f"]) * c + sigmoid(z["i"]) * np.tanh(z["g"])
        h = sigmoid(z["o"]) * np.tanh(c)
        assert np.isclose(seen["c"][t], c, rtol=1e-12)
        assert np.isclose(seen["h"][t], h, rtol=1e-12)


@pytest.mark.parametrize(
    ("preset", "sequence", "c_end"),
    [
        ("latch", "one pulse", 1),
        ("latch", "pulses", 1),
        ("latch", "a pulse in noise", 1),
        ("latch", "a step", 1),
        ("latch", "pulses, then -1", 0),
        ("latch", "pulses, -1, pulses", 1),
        ("counter", "pulses", 5),
        ("counter", "pulses, then -1", 3),
        ("counter", "a step", 30),
        ("eraser", "pulses", 5),
        ("eraser", "pulses, then -1", 0),
        ("eraser", "pulses, -1, pulses", 2),
    ],
)
def test_a_preset_does_what_its_name_says(explorer, preset, sequence, c_end):
    explorer.controls["preset"].value = preset
    explorer.controls["sequence"].value = sequence
    assert np.isclose(end(explorer), c_end, atol=0.01)


def test_a_preset_sets_all_sliders_and_draws_once(explorer):
    for preset in ("latch", "counter", "eraser", "a fresh cell"):
        seen = pictures(explorer)
        explorer.controls["preset"].value = preset
        assert len(seen) == 1
        for gate, numbers in PRESETS[preset].items():
            found = tuple(explorer.controls[f"{gate} {name}"].value for name in ("W_x", "W_h", "b"))
            assert found == numbers
        assert explorer.controls["preset"].value == preset


def test_a_slider_draws_once_and_makes_the_cell_ones_own(explorer):
    seen = pictures(explorer)
    explorer.controls["f b"].value = 3.0
    assert len(seen) == 1
    assert explorer.controls["preset"].value == OWN_CELL
    assert "Your own cell reads pulses" in explorer.summary.value
    explorer.controls["preset"].value = "a fresh cell"  # and back
    assert explorer.controls["f b"].value == PRESETS["a fresh cell"]["f"][2]
    assert len(seen) == 2


@pytest.mark.parametrize("name", [f"{gate} {number}" for gate in "figo" for number in ("W_x", "W_h", "b")])
def test_every_slider_of_a_fresh_cell_changes_the_picture(explorer, name):
    slider, before = explorer.controls[name], explorer.picture.value
    slider.value += slider.step
    assert explorer.picture.value != before


def test_choosing_ones_own_cell_leaves_the_sliders(explorer):
    before = explorer.values()
    explorer.controls["preset"].value = OWN_CELL
    assert explorer.values() == before | {"preset": OWN_CELL}
    assert "Your own cell" in explorer.summary.value


def test_typed_numbers_are_read_whatever_was_chosen_before(explorer):
    seen = pictures(explorer)
    explorer.controls["preset"].value = "eraser"
    explorer.controls["typed"].value = "1 1 -1 1"
    assert len(seen) == 2
    assert explorer.controls["sequence"].value == TYPED
    np.testing.assert_array_equal(explorer.inputs(), [1, 1, -1, 1])
    assert np.isclose(end(explorer), 1, atol=1e-5)
    assert "4 steps" in explorer.summary.value


def enter(explorer):
    """What the browser sends when Enter is pressed in the text box."""
    explorer.controls["typed"]._handle_custom_msg({"event": "submit"}, [])


def test_the_same_text_is_read_again_at_enter(explorer):
    explorer.controls["typed"].value = "1 1"
    explorer.controls["sequence"].value = "a wave"
    seen = pictures(explorer)
    enter(explorer)
    assert explorer.controls["sequence"].value == TYPED
    np.testing.assert_array_equal(explorer.inputs(), [1, 1])
    assert len(seen) == 1
    enter(explorer)  # it is read already
    assert len(seen) == 1


def test_an_empty_box_is_no_trouble(explorer):
    explorer.controls["sequence"].value = TYPED
    assert explorer.trouble == ""
    assert explorer.notice.value == (
        '<p role="status">Type 1 to 60 numbers, such as 1 0 0 -1, then press Enter. '
        "Until then the cell reads pulses.</p>"
    )
    assert "A fresh cell reads pulses" in explorer.summary.value
    explorer.controls["sequence"].value = "a wave"
    assert explorer.notice.value == ""
    enter(explorer)
    explorer.controls["typed"].value = " "
    assert explorer.controls["sequence"].value == "a wave"


def test_a_text_that_cannot_be_read_stops_neither_sliders_nor_presets(explorer):
    explorer.controls["sequence"].value = "one pulse"
    explorer.controls["typed"].value = "one"
    alert = explorer.notice.value
    assert "got 'one' as number 1. Until it can be read, the cell reads one pulse." in html.unescape(alert)
    seen = pictures(explorer)
    explorer.controls["preset"].value = "counter"
    assert "Counter reads one pulse: at the end c is 1 " in explorer.summary.value
    explorer.controls["f b"].value = 0.0
    assert "Your own cell reads one pulse" in explorer.summary.value
    assert len(seen) == 2
    assert explorer.notice.value == alert
    np.testing.assert_array_equal(explorer.inputs(), explorer.sequences["one pulse"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" , ", "it has none"),
        ("1 two 3", "got 'two' as number 2"),
        ("1 <b>", "got '<b>' as number 2"),
        ("nan", "got 'nan' as number 1"),
        ("1e999", "from -10 to 10, got 1e999"),
        ("inf", "got 'inf' as number 1"),
        ("0 -11", "numbers must be from -10 to 10, got -11 as number 2"),
        ("0,5 1", "got '0,5': write 0.5, or put a space after the comma"),
        ("1,0,0,-1", "got '1,0,0,-1': write 0.5, or put a space after the comma"),
        ("x" * 70, f"got '{'x' * 19}…' as number 1"),
        ("9" * 400, f"numbers must be from -10 to 10, got {'9' * 19}… as number 1"),
        ("1_0", "got '1_0' as number 1"),
        ("0 " * 61, "the sequence must have 1 to 60 numbers, it has 61"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_last_numbers_stay(explorer, text, said):
    explorer.controls["preset"].value = "counter"
    explorer.controls["typed"].value = "1 0"
    explorer.controls["typed"].value = text
    assert said in explorer.trouble
    told = f"{explorer.trouble}. Until it can be read, the cell reads your last numbers."
    assert explorer.notice.value == f'<p role="alert">{html.escape(told)}</p>'
    assert "Counter reads your last numbers: at the end c is 1 " in explorer.summary.value
    np.testing.assert_array_equal(explorer.inputs(), [1, 0])
    explorer.controls["sequence"].value = "a wave"
    assert explorer.trouble == explorer.notice.value == ""
    assert 'role="status"' in explorer.summary.value


@pytest.mark.parametrize("text", ["1 0 -0.5 .25", "1, 0, -0.5, .25", " 1;0;−0.5\n25e-2 ", "1 0,–0.5,.25"])
def test_numbers_may_be_parted_in_several_ways(text):
    np.testing.assert_array_equal(read_numbers(text), [1, 0, -0.5, 0.25])


def test_sequences_are_the_same_each_time_and_as_long_as_each_other():
    for (name, x), again in zip(sequences().items(), sequences().values(), strict=True):
        assert x.shape == (40,), name
        np.testing.assert_array_equal(x, again)


def test_the_words_say_what_the_gates_do(explorer):
    explorer.controls["preset"].value = "latch"
    explorer.controls["sequence"].value = "one pulse"
    words = html.unescape(explorer.summary.value)
    assert "Latch reads one pulse: at the end c is 1 and h is 0.76" in words
    assert "Forget gate open at all steps" in words
    assert "Input gate open at step 5, else shut" in words
    assert "Output gate open at all steps" in words


def test_the_saved_notebook_shows_the_first_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="A fresh cell reads pulses')
    assert bundle["text/plain"].startswith(
        "GateExplorer, to be played with in JupyterLab. A fresh cell reads"
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"preset": "toaster"}, "preset must be one of"), ({"sequence": [1, 0]}, "sequence must be one of")],
)
def test_a_first_state_that_is_none_is_told(wrong, words):
    with pytest.raises(ValueError, match=words):
        GateExplorer(**wrong)


@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("name", ["f W_x", "i b", "g W_h", "o b"])
def test_the_ends_of_the_sliders_can_be_drawn(explorer, name, end):
    explorer.controls[name].value = getattr(explorer.controls[name], end)
    c = plots.number(explorer.run(explorer.inputs(), explorer.values())["c"][-1])
    assert f"at the end c is {c}" in html.unescape(explorer.summary.value)


WEIGHTS = {f"{gate} {number}": 0.0 for gate in "figo" for number in ("W_x", "W_h", "b")}


@pytest.mark.parametrize(
    ("x", "weights", "words"),
    [
        (
            [1.0],
            {},
            "weights must hold W_x, W_h and b of f, i, g and o, got none for f W_x, f W_h, f b, i W_x",
        ),
        ([1.0], [0.0] * 12, "weights must be a dict, name -> number, got list"),
        ([1.0], WEIGHTS | {"i b": np.nan}, r"weights\['i b'\] must be a finite number, got nan"),
        ([1.0], WEIGHTS | {"i b": "2"}, r"weights\['i b'\] must be a finite number, got '2'"),
        ([[1.0]], WEIGHTS, r"x must be numbers of shape \(T,\), got float64 of shape \(1, 1\)"),
        ([], WEIGHTS, r"x must be numbers of shape \(T,\), got float64 of shape \(0,\)"),
        (["1"], WEIGHTS, r"x must be numbers of shape \(T,\), got <U1 of shape \(1,\)"),
        ([0.0, np.inf], WEIGHTS, "x must hold finite numbers, got inf"),
    ],
)
def test_what_cannot_be_run_is_told(x, weights, words):
    with pytest.raises((TypeError, ValueError), match=words):
        GateExplorer.run(x, weights)


def test_a_move_of_a_slider_is_drawn_soon(explorer):
    assert (
        picture_time(explorer.controls["f b"], np.arange(2.0, 7.0, 0.5).tolist()) < 0.1
    )  # it is about 0.06 s
