"""Bad input to RNN, LSTM and GRU: the error names the argument, says what it was and what was expected."""

import re

import numpy as np
import pytest
from recurrent import KINDS, Example, every_kind, like, make, parts

BAD_SIZES = [
    ({"D": 0}, ValueError, "input_size must be a positive int, got 0"),
    ({"H": -3}, ValueError, "hidden_size must be a positive int, got -3"),
    ({"H": 4.0}, TypeError, "hidden_size must be a positive int, got 4.0"),
    ({"D": True}, TypeError, "input_size must be a positive int, got True"),
    ({"D": "2"}, TypeError, "input_size must be a positive int, got '2'"),
    ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator such as np.random.default_rng(0), got 0"),
    ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
    ({"rng": np.random.RandomState(0)}, TypeError, "rng must be a numpy.random.Generator"),
    ({"dtype": np.float16}, TypeError, "dtype must be float32 or float64, got float16"),
    ({"dtype": int}, TypeError, "dtype must be float32 or float64, got int64"),
    ({"dtype": None}, TypeError, "dtype must be float32 or float64, got None"),
    ({"dtype": "real"}, TypeError, "dtype must be float32 or float64, got real"),
]


@every_kind
@pytest.mark.parametrize(("keywords", "error", "message"), BAD_SIZES)
def test_a_net_that_cannot_be_is_refused(kind, keywords, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make(kind, **keywords)


@every_kind
def test_a_net_without_a_generator_is_refused(kind):
    with pytest.raises(TypeError, match="rng"):
        KINDS[kind][0](2, 3)


@every_kind
def test_numpy_integers_are_sizes_too(kind):
    assert make(kind, D=np.int64(2)).params["W_x"].shape[0] == 2


def spoilt(array, value):
    """A copy whose second number is that value."""
    array = array.copy()
    array.flat[1] = value
    return array


# The arguments with the shapes they must have, and what is passed in their place.
ARGUMENTS = {"x": "(T, B, 2)", "state": "(3, 4)", "dh": "(5, 3, 4)", "dstate": "(3, 4)"}
REPLACED = {
    "a list": (lambda a: a.tolist(), TypeError, "must be a numpy array of shape {shape}, got list"),
    "float32": (lambda a: a.astype(np.float32), TypeError, "must be float64 like the weights, got float32"),
    "integers": (lambda a: a.astype(np.int32), TypeError, "must be float64 like the weights, got int32"),
    "a rank less": (lambda a: a[0], ValueError, "must have shape {shape}, got {got}"),
    "a rank more": (lambda a: a[None], ValueError, "must have shape {shape}, got {got}"),
    "too wide": (lambda a: np.repeat(a, 2, axis=-1), ValueError, "must have shape {shape}, got {got}"),
    "NaN": (lambda a: spoilt(a, np.nan), ValueError, "must hold finite numbers, got nan at index {second}"),
    "infinity": (
        lambda a: spoilt(a, -np.inf),
        ValueError,
        "must hold finite numbers, got -inf at index {second}",
    ),
}
CUT = [
    ("x", np.s_[:0], "got (0, 3, 2): no axis may be empty"),
    ("x", np.s_[:, :0], "got (5, 0, 2): no axis may be empty"),
    ("dh", np.s_[1:], "must have shape (5, 3, 4), got (4, 3, 4)"),
    ("dh", np.s_[:, 1:], "must have shape (5, 3, 4), got (5, 2, 4)"),
    ("state", np.s_[1:], "must have shape (3, 4), got (2, 4)"),
    ("dstate", np.s_[1:], "must have shape (3, 4), got (2, 4)"),
]


def pass_changed(example, name, change):
    """Run the example with each array of that argument changed."""
    value = getattr(example, name)
    setattr(example, name, like(value, map(change, parts(value))))
    example.everything()


@every_kind
@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.parametrize(("change", "error", "message"), REPLACED.values(), ids=REPLACED)
def test_a_wrong_argument_is_named(kind, name, change, error, message):
    example = Example(kind)
    array = parts(getattr(example, name))[0]
    second = (0,) * (array.ndim - 1) + (1,)
    message = message.format(shape=ARGUMENTS[name], got=np.shape(change(array)), second=second)
    with pytest.raises(error, match=rf"^{name}(\[0\])? {re.escape(message)}"):
        pass_changed(example, name, change)


@every_kind
@pytest.mark.parametrize(("name", "cut", "message"), CUT)
def test_an_argument_cut_short_is_named(kind, name, cut, message):
    with pytest.raises(ValueError, match=rf"^{name}(\[0\])? .*{re.escape(message)}"):
        pass_changed(Example(kind), name, lambda a: a[cut])


@every_kind
def test_backward_before_forward_is_refused(kind):
    with pytest.raises(RuntimeError, match=r"backward needs the steps of a forward: call forward\(x\) first"):
        Example(kind).gradients()


@every_kind
@pytest.mark.parametrize("name", ["x", "state"])
def test_backward_after_a_forward_that_failed_is_refused(kind, name):
    example = Example(kind)
    example.forward()
    with pytest.raises(ValueError, match="finite"):
        pass_changed(example, name, lambda a: spoilt(a, np.nan))
    with pytest.raises(RuntimeError, match=r"call forward\(x\) first"):
        example.gradients()


@every_kind
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda p: p[:-1], r"got float64 of shape \("),
        (lambda p: p.astype(np.float32), r"got float32 of shape \("),
        (lambda p: p * np.nan, "got NaN or infinity in it"),
        (lambda p: p.tolist(), "got list"),
        (lambda p: None, "got NoneType"),
    ],
    ids=["cut", "float32", "NaN", "a list", "nothing"],
)
def test_params_that_do_not_fit_are_named(kind, change, found):
    for name in make(kind).params:
        example = Example(kind)
        p = example.net.params[name]
        example.net.params[name] = change(p)
        with pytest.raises(ValueError, match=rf"params\['{name}'\] must be float64 of shape .*, {found}"):
            example.forward()
        example.net.params[name] = p
        example.forward()  # mended, it runs
        example.net.params[name] = change(p)
        with pytest.raises(ValueError, match=rf"params\['{name}'\] must be"):
            example.gradients()
