"""An LSTM that forecasts many steps ahead at once, each with quantiles."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from lstm_lib.nn.initialisation import forget_bias_


def pinball_loss(truth: Tensor, quantiles: Tensor, levels: Tensor) -> Tensor:
    """Return max(τ (y - q), (τ - 1)(y - q)) for each value and level; the mean of it trains quantiles.

    Source: Koenker and Bassett (1978), "Regression quantiles".

    Args:
        truth: any shape.
        quantiles: that shape, and an axis of length Q at the end.
        levels: (Q,), each τ between 0 and 1.
    """
    above = truth[..., None] - quantiles
    return torch.maximum(levels * above, (levels - 1) * above)


class Forecaster(nn.Module):
    """Reads the past with an LSTM, and answers for K future steps at once: *direct* forecasts, none built on another.

    h_t = LSTM(x_1 … x_t); for the k-th step ahead, with a_k all that is known beforehand about that step (its hour, its
    weekday, the forecast to be corrected): u_k = tanh(h_t W_c + a_k W_a + b), quantiles = base_k + u_k W_o + b_o. The
    decoder's weights are the same for all k. W_o and b_o begin at zero, so that training begins at ``base``.
    Source: the shape of it is that of Wen et al. (2017), "A multi-horizon quantile recurrent forecaster".

    Attributes:
        layer: the LSTM, its forget bias at 1.
        base: (K, Q), where the quantiles begin; not trained.
        levels: (Q,), each τ.
    """

    base: Tensor
    levels: Tensor

    def __init__(
        self,
        input_size: int,
        ahead_size: int,
        hidden_size: int,
        base: Tensor,
        levels: Sequence[float],
        dropout: float = 0.0,
    ) -> None:
        """Draw all weights as PyTorch does, from its global generator: seed that first.

        Args:
            input_size: D, the numbers in x_t.
            ahead_size: L, the numbers in a_k.
            hidden_size: H, of the LSTM and of u.
            base: (K, Q), where the quantiles of each step begin.
            levels: (Q,), rising, each between 0 and 1.
            dropout: on h and u.

        Raises:
            ValueError: a size is below 1, the levels are none, or base is not (K, Q).
        """
        super().__init__()
        for name, size in {
            "input_size": input_size,
            "ahead_size": ahead_size,
            "hidden_size": hidden_size,
        }.items():
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        tau = torch.tensor(levels, dtype=torch.float32)
        if tau.ndim != 1 or not len(tau) or not ((tau > 0) & (tau < 1)).all() or (tau.diff() <= 0).any():
            raise ValueError(f"levels must rise and lie between 0 and 1, got {list(levels)}")
        if base.ndim != 2 or base.shape[1] != len(tau):
            raise ValueError(f"base must have shape (K, {len(tau)}), got {tuple(base.shape)}")
        self.layer = nn.LSTM(input_size, hidden_size)
        forget_bias_(self.layer, 1.0)
        self.context = nn.Linear(hidden_size, hidden_size)
        self.ahead = nn.Linear(ahead_size, hidden_size, bias=False)
        self.output = nn.Linear(hidden_size, len(tau))
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        self.register_buffer("base", base.float())
        self.register_buffer("levels", tau)

    def forward(self, x: Tensor, ahead: Tensor, at: Tensor) -> Tensor:
        """Forecast at some of the steps.

        Args:
            x: (T, B, D), what is known at each step.
            ahead: (N, B, K, L), what is known at each origin about each of its K future steps.
            at: (N,), whole numbers: the steps of x that are origins.

        Returns:
            Quantiles (N, B, K, Q). They may cross; sort the last axis before use.
        """
        h = self.layer(x)[0][at]  # (N, B, H)
        u = torch.tanh(self.context(self.dropout(h))[:, :, None] + self.ahead(ahead))  # (N, B, K, H)
        quantiles: Tensor = self.base + self.output(self.dropout(u))
        return quantiles
