"""The gated recurrent unit, in the two forms that are in use.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)       reset gate
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)       update gate
    n_t = tanh(W_n x_t + b_n + …)              candidate, see below
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

Two conventions differ from paper to paper, and weights of one form make no sense in the other:

- where the reset gate stands. *After* the product, r_t * (U_n h_{t-1} + b_hn): PyTorch, cuDNN, and ``GRU`` here.
  *Before* it, U_n (r_t * h_{t-1}): Cho et al. (2014), Chung et al. (2014), and ``GRUResetBefore`` here.
- what z does. Here, in PyTorch and in Cho et al. (2014, equation 7) z *keeps* the old state. In Chung et al. (2014,
  equation 4) z *writes* the new one: h_t = (1 - z_t) * h_{t-1} + z_t * n_t. It is the same layer with 1 - z in z's
  place, that is with the weights and the bias of z negative.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from lstm_lib.nn.recurrent.lstm import FusedGates


class GRU(FusedGates):
    """The reset gate after the product. Blocks r, z, n; a second bias b_h. Equal to ``torch.nn.GRU`` with one layer.

    The state is h (B, H).
    """

    gates = "rzn"

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Draw weights between -1/sqrt(H) and 1/sqrt(H)."""
        super().__init__(input_size, hidden_size)
        self.b_h = self.new(3 * hidden_size)

    @classmethod
    def from_torch(cls, layer: nn.GRU, suffix: str = "l0") -> Self:
        """Return a copy of one layer of PyTorch's GRU: "l0", "l1", …, or "l0_reverse" for its other direction.

        Raises:
            TypeError: it is no ``torch.nn.GRU``.
            ValueError: it has no bias, or the batch first, or no layer of that name.
        """
        if not isinstance(layer, nn.GRU):
            raise TypeError(f"layer must be a torch.nn.GRU, got {type(layer).__name__}")
        if not layer.bias or layer.batch_first:
            raise ValueError(f"layer must have a bias and time first, got {layer}")
        known = [
            name.removeprefix("weight_ih_") for name, _ in layer.named_parameters() if "weight_ih" in name
        ]
        if suffix not in known:
            raise ValueError(f"suffix must be one of {known}, got {suffix!r}")
        W_x, W_h = (layer.get_parameter(f"weight_{k}_{suffix}").detach().T for k in ("ih", "hh"))
        ours = cls(W_x.shape[0], W_h.shape[0]).to(W_x)
        with torch.no_grad():
            ours.W_x.copy_(W_x)
            ours.W_h.copy_(W_h)
            ours.b.copy_(layer.get_parameter(f"bias_ih_{suffix}"))
            ours.b_h.copy_(layer.get_parameter(f"bias_hh_{suffix}"))
        return ours

    def step(self, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Take one step: x W_x + b (B, 3H), state (h,)."""
        (h,) = state
        x_r, x_z, x_n = x.chunk(3, dim=1)  # (B, H) each
        h_r, h_z, h_n = (h @ self.W_h + self.b_h).chunk(3, dim=1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + r * h_n)
        return ((1 - z) * n + z * h,)


class GRUResetBefore(FusedGates):
    """The reset gate before the product, as in Cho et al. (2014), equations 5 to 8. Blocks r, z, n; one bias.

    A step needs two products, one after the other, since r must be known before the second. The state is h (B, H).
    """

    gates = "rzn"

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Draw weights between -1/sqrt(H) and 1/sqrt(H)."""
        super().__init__(input_size, hidden_size)

    def step(self, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Take one step: x W_x + b (B, 3H), state (h,)."""
        (h,) = state
        H = self.hidden_size
        x_r, x_z, x_n = x.chunk(3, dim=1)  # (B, H) each
        h_r, h_z = (h @ self.W_h[:, : 2 * H]).chunk(2, dim=1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + (r * h) @ self.W_h[:, 2 * H :])
        return ((1 - z) * n + z * h,)
