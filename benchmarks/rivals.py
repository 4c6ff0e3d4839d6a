"""Ways to the outputs and gradients of one LSTM: ours, PyTorch's, and the ways in which it is first taught.

Each takes a Case, does all the work, and returns a function that gives the answers by name: what is computed is
timed, what only names it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lstm_lib.convert import to_torch, torch_grads
from lstm_lib.scratch import LSTM, lstm_step, lstm_step_backward
from lstm_lib.scratch.activations import sigmoid, sigmoid_slope, tanh_slope
from lstm_lib.scratch.lstm import in_pieces

Array = NDArray[Any]
Answers = Callable[[], dict[str, Array]]


class Case:
    """An LSTM in NumPy and its equal in PyTorch, with the same float32 inputs and incoming gradients for both."""

    def __init__(self, T: int, B: int, D: int, H: int) -> None:
        rng = np.random.default_rng(0)
        self.net = LSTM(D, H, rng=rng)
        self.module = to_torch(self.net)
        self.x = rng.standard_normal((T, B, D)).astype(np.float32)
        self.dh = rng.standard_normal((T, B, H)).astype(np.float32)
        self.zeros = np.zeros((B, H), np.float32)
        self.x_torch = torch.tensor(self.x, requires_grad=True)
        self.dh_torch, self.zeros_torch = torch.tensor(self.dh), torch.tensor(self.zeros)


def gradient(tensor: torch.Tensor) -> Array:
    """Return what autograd left at a tensor."""
    assert tensor.grad is not None
    return tensor.grad.numpy()


def engine(case: Case) -> Answers:
    """``lstm_lib.scratch.LSTM``."""
    h, _ = case.net.forward(case.x)
    dx, _ = case.net.backward(case.dh)
    return lambda: {"h": h, "dx": dx, **case.net.grads}


def pytorch(case: Case) -> Answers:
    """``torch.nn.LSTM``, by which all others are measured."""
    case.module.zero_grad()
    case.x_torch.grad = None
    h, _ = case.module(case.x_torch)
    h.backward(case.dh_torch)
    return lambda: {"h": h.numpy(force=True), "dx": gradient(case.x_torch), **torch_grads(case.module)}


def per_gate(case: Case) -> Answers:
    """As first taught: σ([h, x] W + b) gate by gate, four products a step, a new array for every result."""
    H, p = case.net.hidden_size, case.net.params
    W, b = np.split(np.concatenate([p["W_h"], p["W_x"]]), 4, axis=1), np.split(p["b"], 4)
    h, c, hs, kept = case.zeros, case.zeros, [], []
    for x_t in case.x:
        v = np.concatenate([h, x_t], axis=1)
        i, f = sigmoid(v @ W[0] + b[0]), sigmoid(v @ W[1] + b[1])
        g, o = np.tanh(v @ W[2] + b[2]), sigmoid(v @ W[3] + b[3])
        c_prev, c = c, f * c + i * g
        tanh_c = np.tanh(c)
        h = o * tanh_c
        hs.append(h)
        kept.append((v, i, f, g, o, c_prev, tanh_c))

    dW, db = [np.zeros_like(W_k) for W_k in W], [np.zeros_like(b_k) for b_k in b]
    dh, dc, dxs = case.zeros, case.zeros, []
    for dh_t, (v, i, f, g, o, c_prev, tanh_c) in zip(case.dh[::-1], reversed(kept), strict=True):
        dh = dh + dh_t
        dc = dc + dh * o * tanh_slope(tanh_c)
        di, df = dc * g * sigmoid_slope(i), dc * c_prev * sigmoid_slope(f)
        dg, do = dc * i * tanh_slope(g), dh * tanh_c * sigmoid_slope(o)
        dv = np.zeros_like(v)
        for k, dz in enumerate((di, df, dg, do)):
            dW[k] += v.T @ dz
            db[k] += dz.sum(axis=0)
            dv = dv + dz @ W[k].T
        dh, dc = dv[:, :H], dc * f
        dxs.append(dv[:, H:])

    def answers() -> dict[str, Array]:
        dW_h, dW_x = np.split(np.concatenate(dW, axis=1), [H])
        return {
            "h": np.stack(hs),
            "dx": np.stack(dxs[::-1]),
            "W_h": dW_h,
            "W_x": dW_x,
            "b": np.concatenate(db),
        }

    return answers


def step_functions(case: Case) -> Answers:
    """Our own functions for single steps: all gates in one product, a cache a step, gradients added up."""
    p = case.net.params
    h, dx, caches = np.empty_like(case.dh), np.empty_like(case.x), []
    state = dstate = (case.zeros, case.zeros)
    for t, x_t in enumerate(case.x):
        state, cache = lstm_step(x_t, state, p)
        h[t] = state[0]
        caches.append(cache)
    grads = {name: np.zeros_like(array) for name, array in p.items()}
    for t in reversed(range(len(case.x))):
        dh, dc = dstate
        dx[t], dstate, grads_t = lstm_step_backward((dh + case.dh[t], dc), caches[t], p)
        for name, g in grads_t.items():
            grads[name] += g
    return lambda: {"h": h, "dx": dx, **grads}


def pytorch_loop(case: Case) -> Answers:
    """A loop over time in PyTorch, gate by gate; autograd goes back."""
    p = {name: torch.tensor(array) for name, array in case.net.params.items()}
    gates = [[w.contiguous().requires_grad_() for w in array.chunk(4, dim=-1)] for array in p.values()]
    case.x_torch.grad = None
    h, c, hs = case.zeros_torch, case.zeros_torch, []
    for x_t in case.x_torch.unbind():  # x[t] would be several times slower: autograd keeps a full x for each
        z_i, z_f, z_g, z_o = (x_t @ W_x + h @ W_h + b for W_x, W_h, b in zip(*gates, strict=True))
        c = torch.sigmoid(z_f) * c + torch.sigmoid(z_i) * torch.tanh(z_g)
        h = torch.sigmoid(z_o) * torch.tanh(c)
        hs.append(h)
    h_all = torch.stack(hs)
    torch.autograd.backward(h_all, case.dh_torch)

    def answers() -> dict[str, Array]:
        grads = {
            name: np.concatenate(list(map(gradient, ws)), axis=-1) for name, ws in zip(p, gates, strict=True)
        }
        return {"h": h_all.numpy(force=True), "dx": gradient(case.x_torch), **grads}

    return answers


#: All that must agree.
RIVALS = {f.__name__: f for f in (engine, pytorch, per_gate, step_functions, pytorch_loop)}


def bare_products(case: Case) -> Callable[[], None]:
    """Return a function that does the matrix products which an LSTM cannot do without, and nothing else.

    Each goes into memory that is there, in the quickest way that we know. What an engine needs above this is for
    gates, copies and the loop.
    """
    (T, B, D), H = case.x.shape, case.net.hidden_size
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return rng.standard_normal(shape).astype(np.float32)

    W_x, W_h, x, h = some(4 * H, D), some(4 * H, H), some(D, T * B), some(H, B)
    z, z_t, W_h_back, dh = some(4 * H, T * B), some(4 * H, B), some(H, 4 * H), some(H, B)
    W_h, W_h_back = in_pieces(W_h, B), in_pieces(W_h_back, B)
    z_t, dh = z_t.reshape(*W_h.shape[:2], B), dh.reshape(*W_h_back.shape[:2], B)
    inputs, dW, W_x_back, dx = some(T * B, H + D), some(4 * H, H + D), some(D, 4 * H), some(D, T * B)

    def run() -> None:
        np.matmul(W_x, x, out=z)  # the inputs of all steps
        for _ in range(T):
            np.matmul(W_h, h, out=z_t)
        for _ in range(T):
            np.matmul(W_h_back, z_t.reshape(4 * H, B), out=dh)
        np.matmul(z, inputs, out=dW)
        np.matmul(W_x_back, z, out=dx)

    return run
