"""RNN, LSTM and GRU seen as one kind of thing: examples to run, PyTorch's answers, and the four rising checks."""

from functools import partial

import numpy as np
import pytest
import torch

from lstm_lib import scratch
from lstm_lib.convert import to_torch, torch_grads

# Name -> the net, one step forward, one step backward.
KINDS = {
    "RNN tanh": (scratch.RNN, scratch.rnn_step, scratch.rnn_step_backward),
    "RNN relu": (
        partial(scratch.RNN, activation="relu"),
        partial(scratch.rnn_step, activation="relu"),
        scratch.rnn_step_backward,
    ),
    "LSTM": (scratch.LSTM, scratch.lstm_step, scratch.lstm_step_backward),
    "GRU": (scratch.GRU, scratch.gru_step, scratch.gru_step_backward),
}
SIZES = [(6, 3, 2, 4), (1, 3, 2, 4), (6, 1, 2, 4), (6, 3, 1, 4), (6, 3, 2, 1), (1, 1, 1, 1)]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_size = pytest.mark.parametrize("sizes", SIZES, ids="T{0[0]} B{0[1]} D{0[2]} H{0[3]}".format)


def parts(state):
    """The arrays of a state: (h, c) of an LSTM, (h,) of the others."""
    return state if isinstance(state, tuple) else (state,)


def like(state, arrays):
    """The arrays put together as that state is: a tuple for an LSTM, else the one array."""
    return tuple(arrays) if isinstance(state, tuple) else next(iter(arrays))


def flat(h, last):
    """What a forward gives, each array under a name."""
    return {"h": h} | {f"last[{k}]": array for k, array in enumerate(parts(last))}


def flat_gradients(dx, dfirst, grads):
    """What a backward gives, each array under a name."""
    return {"dx": dx} | {f"dfirst[{k}]": array for k, array in enumerate(parts(dfirst))} | grads


def assert_same(got, expected, tolerance=1e-10):
    """The same names, shapes and dtypes, and values that differ by less than the tolerance, or that share of
    the largest entry if it is above 1.
    """
    assert got.keys() == expected.keys()
    for name, array in expected.items():
        atol = tolerance * max(1, np.abs(array).max())
        np.testing.assert_allclose(got[name], array, rtol=0, atol=atol, err_msg=name, strict=True)


def make(kind, D=2, H=4, **keywords):
    """A net of that kind, as a lesson makes it."""
    return KINDS[kind][0](D, H, **{"rng": np.random.default_rng(0)} | keywords)


class Example:
    """A net, and all that goes into its forward and its backward, drawn at random."""

    def __init__(self, kind, T=5, B=3, D=2, H=4, dtype=np.float64, seed=0):
        make, self.step, self.step_backward = KINDS[kind]
        rng = np.random.default_rng(seed)
        self.net = make(D, H, rng=rng, dtype=dtype)
        self.x, self.dh = (rng.standard_normal((T, B, size)).astype(dtype) for size in (D, H))
        states = rng.standard_normal((2, 2, B, H)).astype(dtype)
        self.state, self.dstate = (tuple(s) if kind == "LSTM" else s[0] for s in states)

    def forward(self):
        return self.net.forward(self.x, self.state)

    def outputs(self):
        """What forward gives over the sequence."""
        return flat(*self.forward())

    def gradients(self):
        """What backward gives, after a forward."""
        return flat_gradients(*self.net.backward(self.dh, self.dstate), self.net.grads)

    def everything(self):
        """Outputs and gradients over the sequence."""
        return self.outputs() | self.gradients()

    def forward_by_steps(self):
        """The forward by single steps, one after the other."""
        h, state, self.caches = np.zeros_like(self.dh), self.state, []
        for t, x_t in enumerate(self.x):
            state, cache = self.step(x_t, state, self.net.params)
            self.caches.append(cache)
            h[t] = parts(state)[0]
        return h, state

    def gradients_by_steps(self):
        """The backward by single steps, after the forward by single steps."""
        dx, d = np.zeros_like(self.x), self.dstate
        grads = {name: np.zeros_like(p) for name, p in self.net.params.items()}
        for t in reversed(range(len(self.x))):
            d_h, *d_c = parts(d)
            d = like(d, [d_h + self.dh[t], *d_c])
            dx[t], d, grads_t = self.step_backward(d, self.caches[t], self.net.params)
            for name, g in grads_t.items():
                grads[name] += g
        return flat_gradients(dx, d, grads)

    def answers_of_torch(self):
        """Outputs and gradients of PyTorch, with copied weights."""
        module = to_torch(self.net)
        x, *first = (torch.tensor(a, requires_grad=True) for a in (self.x, *parts(self.state)))
        h, last = module(x, like(self.state, [a[None] for a in first]))
        gradients = [torch.tensor(a) for a in (self.dh, *(a[None] for a in parts(self.dstate)))]
        torch.autograd.backward([h, *parts(last)], gradients)
        last = like(self.state, [a.numpy(force=True)[0] for a in parts(last)])
        dfirst = like(self.state, [a.grad.numpy() for a in first])
        outputs = flat(h.numpy(force=True), last)
        return outputs, flat_gradients(x.grad.numpy(), dfirst, torch_grads(module))

    def numeric_gradients(self, forward):
        """The gradients by central differences of a forward: no backward has a part in it."""
        incoming = (self.dh, *parts(self.dstate))

        def loss():
            h, last = forward()
            return sum((a * d).sum() for a, d in zip((h, *parts(last)), incoming, strict=True))

        nudge = partial(scratch.numeric_gradient, loss)
        dfirst = like(self.state, map(nudge, parts(self.state)))
        return flat_gradients(nudge(self.x), dfirst, {name: nudge(p) for name, p in self.net.params.items()})


class RisingChecks:
    """One step forward, one step backward, a sequence forward, a sequence backward: each against PyTorch with
    copied weights, the gradients also against central differences. A derived class names the kind.
    """

    kind: str

    @every_size
    def test_one_step_forward(self, sizes):
        example = Example(self.kind, 1, *sizes[1:])
        assert_same(flat(*example.forward_by_steps()), example.answers_of_torch()[0])

    @every_size
    def test_one_step_backward(self, sizes):
        example = Example(self.kind, 1, *sizes[1:])
        example.forward_by_steps()
        got = example.gradients_by_steps()
        assert_same(got, example.answers_of_torch()[1])
        assert_same(got, example.numeric_gradients(example.forward_by_steps), 1e-8)

    @every_size
    def test_a_sequence_forward(self, sizes):
        example = Example(self.kind, *sizes)
        assert_same(example.outputs(), example.answers_of_torch()[0])

    @every_size
    def test_a_sequence_backward(self, sizes):
        example = Example(self.kind, *sizes)
        example.forward()
        got = example.gradients()
        assert_same(got, example.answers_of_torch()[1])
        assert_same(got, example.numeric_gradients(example.forward), 1e-8)
