"""The minimal LSTM: gates that do not look at the state, so that all steps can be computed at once.

    f_t = σ(x_t W_f + b_f)    i_t = σ(x_t W_i + b_i)    n_t = g(x_t W_n + b_n),   g(v) = v + 0.5 if v >= 0, else σ(v)
    a_t = f_t / (f_t + i_t),  the part that is kept
    h_t = a_t * h_{t-1} + (1 - a_t) * n_t

Given x, this is linear in h, and linear steps can be joined: two steps h -> a h + b make one, with a = a_2 a_1 and b
= a_2 b_1 + b_2. A parallel scan joins neighbours, then neighbours of neighbours: log2 T rounds for T steps. It is
done with logarithms, since a product of many a_t is too small for a float; g is above zero so that its logarithm
exists.

The paper's own scan adds up all log a_t first, and subtracts the sums again inside a cumulative log-sum-exp (Heinsen
2023, "Efficient parallelization of a ubiquitous sequential computation"). That is less work, but over thousands of
steps the sums are so large that float32 keeps only three digits of h. Joining neighbours keeps six.

What it gives up: a gate cannot depend on what is stored. Source: Feng et al. (2024), "Were RNNs all we needed?",
section 3.2 and appendix B.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid
from torch.nn.utils.rnn import PackedSequence

from lstm_lib.nn.recurrent.layer import (
    Lengths,
    RecurrentLayer,
    State,
    clear_padding,
    inside_of,
    run_packed,
)


class MinimalLSTM(RecurrentLayer):
    """The minimal LSTM. ``forward`` takes all steps by a parallel scan, ``step_by_step`` in a loop: the same numbers.

    A state that is given may have any sign: it is joined to the steps after the logarithms are undone. Those that the
    layer makes from zeros are never below zero.

    Attributes:
        W_x: (D, 3H), in the block order i, f, n.
        b: (3H,).
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Draw weights between -1/sqrt(H) and 1/sqrt(H)."""
        super().__init__(input_size, hidden_size)
        self.W_x, self.b = self.new(input_size, 3 * hidden_size), self.new(3 * hidden_size)

    def project(self, x: Tensor) -> Tensor:
        """Return x W_x + b, (T, B, 3H)."""
        return x @ self.W_x + self.b

    def step(self, z: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Take one step: z = x W_x + b (B, 3H), state (h,)."""
        (h,) = state
        i, f, n = z.chunk(3, dim=1)
        kept = torch.sigmoid(logsigmoid(f) - logsigmoid(i))  # f / (f + i), but never 0 / 0
        return (kept * h + (1 - kept) * torch.where(n >= 0, n + 0.5, torch.sigmoid(n)),)

    def step_by_step(
        self, x: Tensor | PackedSequence, state: State = None, lengths: Lengths = None
    ) -> tuple[Any, State]:
        """Do what ``forward`` does, one step after the other, as one does when inputs arrive one by one."""
        if isinstance(x, PackedSequence):
            raise TypeError("x must be a tensor (T, B, D) with lengths for step_by_step, got it packed")
        return super().forward(x, state, lengths)

    def forward(
        self, x: Tensor | PackedSequence, state: State = None, lengths: Lengths = None
    ) -> tuple[Any, State]:
        """Run over sequences by a parallel scan. Arguments and results are those of ``RecurrentLayer.forward``."""
        if isinstance(x, PackedSequence):
            return run_packed(self, x, state, lengths)
        lengths = self._check(x, lengths)
        (first,) = self._first(x, state)
        i, f, n = self.project(x if lengths is None else clear_padding(x, lengths)).chunk(3, dim=2)
        difference = logsigmoid(f) - logsigmoid(i)  # log of f / i, before they are made to add up to 1
        log_kept, log_written = logsigmoid(difference), logsigmoid(-difference)
        log_new = torch.where(n >= 0, (n.clamp(min=0) + 0.5).log(), logsigmoid(n))  # log g(n)
        log_products, log_sums = scan(log_kept, log_written + log_new)
        h = log_products.exp() * first + log_sums.exp()  # (T, B, H)
        if lengths is None:
            return h, h[-1]
        last = h[lengths - 1, torch.arange(x.shape[1], device=x.device)]
        return h * inside_of(lengths, x), last


def scan(log_a: Tensor, log_b: Tensor) -> tuple[Tensor, Tensor]:
    """Join the steps h -> a_t h + b_t, for every t those from 1 to t, in log2 T rounds.

    After the round with distance d, entry t holds the last 2d steps up to t, joined. Everything stays a logarithm of
    a number that is of interest, so nothing large is ever subtracted. Source: Hillis and Steele (1986), "Data
    parallel algorithms".

    Args:
        log_a: (T, …), logarithms of the factors.
        log_b: (T, …), logarithms of what is added, b above zero: where it is zero, -inf, the gradient may be NaN.

    Returns:
        For every t: the log of a_t … a_1, and the log of what the steps give when they begin with h = 0.

    Raises:
        TypeError: one of them is no tensor.
        ValueError: they have two shapes.
    """
    for name, value in (("log_a", log_a), ("log_b", log_b)):
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}")
    if log_a.shape != log_b.shape:
        raise ValueError(
            f"log_a and log_b must have one shape, got {tuple(log_a.shape)} and {tuple(log_b.shape)}"
        )
    distance = 1
    while distance < len(log_a):
        earlier_a, earlier_b = log_a[:-distance], log_b[:-distance]
        joined = torch.logaddexp(log_b[distance:], log_a[distance:] + earlier_b)
        log_b = torch.cat([log_b[:distance], joined])
        log_a = torch.cat([log_a[:distance], log_a[distance:] + earlier_a])
        distance *= 2
    return log_a, log_b
