"""What RNN, LSTM and GRU all promise: their first weights, their values, and memory that is kept and never shows."""

import numpy as np
import pytest
from recurrent import KINDS, Example, assert_same, every_kind, every_size, flat, like, make, parts

every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
saturating = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "RNN relu"])


def arguments(example):
    """Every array that a caller passes in."""
    return [example.x, example.dh, *parts(example.state), *parts(example.dstate)]


# First weights


@every_kind
@every_dtype
def test_first_weights_fill_the_range_of_pytorch(kind, dtype):
    net = make(kind, D=30, H=16, dtype=dtype)
    values = np.concatenate([p.ravel() for p in net.params.values()])
    assert values.dtype == dtype
    assert 0.99 * 0.25 < np.abs(values).max() <= 0.25  # 1 / sqrt(16)
    assert abs(values.mean()) < 0.02
    assert values.std() == pytest.approx(0.25 / 3**0.5, rel=0.05)


@every_kind
def test_first_weights_come_from_the_generator_alone(kind):
    once, again, other = (make(kind, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert_same(once.params, again.params, 0)
    assert not np.array_equal(once.params["W_h"], other.params["W_h"])


@every_kind
def test_a_net_shows_its_sizes(kind):
    assert repr(make(kind)).endswith("(input_size=2, hidden_size=4, dtype=float32)")


# Values, beside those of the rising checks


@every_kind
@every_size
def test_a_sequence_is_its_steps_chained(kind, sizes):
    example = Example(kind, *sizes)
    by_steps = flat(*example.forward_by_steps()) | example.gradients_by_steps()
    assert_same(example.everything(), by_steps, 1e-12)


@every_kind
def test_float32_agrees_with_pytorch_in_float64(kind):
    sizes = {"T": 40, "B": 8, "D": 10, "H": 20}
    got = Example(kind, **sizes, dtype=np.float32).everything()
    assert {array.dtype for array in got.values()} == {np.dtype(np.float32)}
    outputs, gradients = Example(kind, **sizes).answers_of_torch()
    assert_same({name: array.astype(np.float64) for name, array in got.items()}, outputs | gradients, 1e-5)


@every_kind
def test_no_state_is_a_state_of_zeros(kind):
    example = Example(kind)
    for name in ("state", "dstate"):
        setattr(example, name, like(example.state, [np.zeros((3, 4))] * 2))
    zeros = example.everything()
    example.state = example.dstate = None
    got = flat(*example.forward()) | example.gradients()
    assert_same(got, zeros, 1e-12)


@every_kind
def test_two_runs_with_the_state_carried_over_are_one_long_run(kind):
    whole, first, second = (Example(kind, T=7) for _ in range(3))
    first.x, first.dh = whole.x[:3], whole.dh[:3]
    second.x, second.dh = whole.x[3:], whole.dh[3:]
    h_first, second.state = first.forward()
    h_second, last = second.forward()
    later = second.gradients()
    first.dstate = like(whole.state, [later[f"dfirst[{k}]"] for k in range(len(parts(whole.state)))])
    earlier = first.gradients()

    joined = flat(np.concatenate([h_first, h_second]), last)
    joined |= {name: earlier[name] + later[name] for name in whole.net.params}
    joined |= {"dx": np.concatenate([earlier["dx"], later["dx"]])}
    joined |= {name: array for name, array in earlier.items() if name.startswith("dfirst")}
    assert_same(joined, whole.everything(), 1e-12)


@every_kind
def test_large_inputs_over_a_long_sequence_agree_with_pytorch(kind):
    example = Example(kind, T=2000, B=1)
    example.x *= 1e4
    outputs, gradients = example.answers_of_torch()
    assert_same(example.everything(), outputs | gradients)


@saturating
@every_dtype
def test_extreme_weights_and_inputs_give_neither_overflow_nor_nan(kind, dtype):
    example = Example(kind, T=2000, dtype=dtype)
    example.x *= 1e4
    for p in example.net.params.values():
        p *= 1e20
    got = example.everything()
    assert all(np.isfinite(array).all() for array in got.values())
    outputs, gradients = example.answers_of_torch()
    assert_same(got, outputs | gradients, 1e-6)


# Memory: kept inside, never seen outside

GROW_AND_SHRINK = [(3, 2), (6, 5), (2, 9), (9, 2), (1, 1), (6, 5), (600, 1), (1, 600), (3, 2)]


@every_kind
def test_memory_used_again_gives_what_new_memory_gives(kind):
    used = Example(kind).net
    for T, B in GROW_AND_SHRINK:
        fresh, again = (Example(kind, T, B, seed=T) for _ in range(2))
        used.params, again.net = fresh.net.params, used
        assert_same(again.everything(), fresh.everything(), 1e-12)


@every_kind
@every_size
def test_later_calls_do_not_change_what_earlier_calls_returned(kind, sizes):
    example = Example(kind, *sizes)
    got = example.everything()
    kept = {name: array.copy() for name, array in got.items()}
    for array in arguments(example):
        array[...] += 1
    example.everything()
    assert_same(got, kept, 0)


@every_kind
@every_size
def test_arguments_stay_as_they_are(kind, sizes):
    example = Example(kind, *sizes)
    before = [array.copy() for array in arguments(example)]
    for array in (*arguments(example), *example.net.params.values()):
        array.flags.writeable = False
    returned = example.everything()
    for array, copy in zip(arguments(example), before, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert not any(np.shares_memory(array, other) for other in returned.values())


@every_kind
@every_size
def test_backward_does_not_see_arguments_changed_after_forward(kind, sizes):
    example, changed = Example(kind, *sizes), Example(kind, *sizes)
    expected = example.everything()
    h, last = changed.forward()
    for array in (changed.x, h, *parts(last), *parts(changed.state)):
        array[...] = 7
    gradients = changed.gradients()
    assert_same(gradients, {name: expected[name] for name in gradients}, 1e-12)


@every_kind
@pytest.mark.parametrize(
    "view",
    [
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
        lambda a: np.flip(np.flip(a, axis=0).copy(), axis=0),
        np.asfortranarray,
        lambda a: np.swapaxes(np.swapaxes(a, 0, -1).copy(), 0, -1),
    ],
    ids=["every second", "flipped", "Fortran's order", "transposed"],
)
def test_any_layout_of_the_arguments_gives_the_same(kind, view):
    example, other = Example(kind), Example(kind)
    other.x, other.dh = view(other.x), view(other.dh)
    other.state, other.dstate = (like(s, map(view, parts(s))) for s in (other.state, other.dstate))
    other.net.params = {name: np.asfortranarray(p) for name, p in other.net.params.items()}
    assert not other.x.flags.c_contiguous
    assert_same(other.everything(), example.everything(), 1e-12)


@every_kind
def test_backward_twice_gives_the_same_twice(kind):
    example = Example(kind)
    example.forward()
    once = example.gradients()
    assert_same(example.gradients(), once, 1e-12)


@every_kind
def test_params_changed_between_calls_are_the_ones_used(kind):
    example, new = Example(kind), Example(kind, seed=1)
    example.x, example.dh = new.x, new.dh
    example.state, example.dstate = new.state, new.dstate
    example.forward()
    example.gradients()
    for name, p in example.net.params.items():
        p[...] = new.net.params[name]
    expected = new.everything()
    assert_same(example.everything(), expected, 1e-12)
    new.net.params = {name: p.copy() for name, p in new.net.params.items()}
    assert_same(new.everything(), expected, 1e-12)


@every_kind
@every_size
def test_grads_have_the_names_shapes_and_dtypes_of_params(kind, sizes):
    example = Example(kind, *sizes, dtype=np.float32)
    example.everything()
    assert example.net.grads.keys() == example.net.params.keys()
    for name, p in example.net.params.items():
        assert (example.net.grads[name].shape, example.net.grads[name].dtype) == (p.shape, p.dtype)
