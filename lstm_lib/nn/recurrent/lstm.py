"""The LSTM from its equations, gate by gate and with all gates in one product, and its variants.

    i_t = σ(W_i [h_{t-1}, x_t] + b_i)         input gate
    f_t = σ(W_f [h_{t-1}, x_t] + b_f)         forget gate
    g_t = tanh(W_g [h_{t-1}, x_t] + b_g)      candidate
    o_t = σ(W_o [h_{t-1}, x_t] + b_o)         output gate
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

Sources: Hochreiter and Schmidhuber (1997); the forget gate, Gers, Schmidhuber and Cummins (2000). The variants are
those of Greff et al. (2017), "LSTM: a search space odyssey".
"""

from __future__ import annotations

import math
from typing import ClassVar, Self

import torch
from torch import Tensor, nn

from lstm_lib.nn.recurrent.layer import RecurrentLayer

Pair = tuple[Tensor, ...]  # (h, c), each (B, H)


class LSTMByGate(RecurrentLayer):
    """The LSTM in the form of its equations: each gate has its own W (H + D, H), which acts on [h_{t-1}, x_t].

    Four small products a step, where ``LSTM`` has one: the same numbers, more slowly.
    """

    parts = 2

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Draw weights between -1/sqrt(H) and 1/sqrt(H)."""
        super().__init__(input_size, hidden_size)
        self.W_i, self.W_f, self.W_g, self.W_o = (
            self.new(hidden_size + input_size, hidden_size) for _ in range(4)
        )
        self.b_i, self.b_f, self.b_g, self.b_o = (self.new(hidden_size) for _ in range(4))

    @classmethod
    def from_fused(cls, layer: LSTM) -> LSTMByGate:
        """Return a copy of a fused LSTM in this form.

        Raises:
            TypeError: it is none.
        """
        if not isinstance(layer, LSTM):
            raise TypeError(f"layer must be a fused LSTM of this package, got {type(layer).__name__}")
        ours = cls(layer.input_size, layer.hidden_size).to(layer.b)
        blocks = torch.cat([layer.W_h, layer.W_x]).detach().chunk(4, dim=1), layer.b.detach().chunk(4)
        with torch.no_grad():
            for gate, W, b in zip("ifgo", *blocks, strict=True):
                ours.get_parameter(f"W_{gate}").copy_(W)
                ours.get_parameter(f"b_{gate}").copy_(b)
        return ours

    def step(self, x: Tensor, state: Pair) -> Pair:
        """Take one step: x (B, D), state (h, c)."""
        h, c = state
        hx = torch.cat([h, x], dim=1)  # (B, H + D)
        i = torch.sigmoid(hx @ self.W_i + self.b_i)
        f = torch.sigmoid(hx @ self.W_f + self.b_f)
        g = torch.tanh(hx @ self.W_g + self.b_g)
        o = torch.sigmoid(hx @ self.W_o + self.b_o)
        c = f * c + i * g
        return o * torch.tanh(c), c


class FusedGates(RecurrentLayer):
    """What the layers below share: one product for all gates; those of x are done for all steps at once.

    Attributes:
        gates: a letter for every block of H columns, in their order.
        W_x: (D, blocks * H).
        W_h: (H, blocks * H).
        b: (blocks * H,).
    """

    gates: str = "ifgo"

    def __init__(self, input_size: int, hidden_size: int, forget_bias: float = 0.0) -> None:
        """Draw weights between -1/sqrt(H) and 1/sqrt(H).

        Args:
            input_size: D.
            hidden_size: H.
            forget_bias: is added to the biases of the forget gate that were drawn (Jozefowicz et al. 2015 advise 1).

        Raises:
            TypeError, ValueError: a size is no whole number above zero, forget_bias is not finite, or a layer
                without a forget gate gets one.
        """
        super().__init__(input_size, hidden_size)
        width = len(self.gates) * hidden_size
        self.W_x, self.W_h = self.new(input_size, width), self.new(hidden_size, width)
        self.b = self.new(width)
        if not math.isfinite(forget_bias):
            raise ValueError(f"forget_bias must be finite, got {forget_bias}")
        if forget_bias:
            if "f" not in self.gates:
                raise ValueError(f"forget_bias must be 0 where there is no forget gate, got {forget_bias}")
            with torch.no_grad():
                self.split(self.b)["f"].add_(forget_bias)

    def split(self, blocks: Tensor) -> dict[str, Tensor]:
        """Return the blocks (…, blocks * H) by their letters, (…, H) each."""
        return dict(zip(self.gates, blocks.chunk(len(self.gates), dim=-1), strict=True))

    def project(self, x: Tensor) -> Tensor:
        """Return x W_x + b, (T, B, blocks * H)."""
        return x @ self.W_x + self.b


class LSTM(FusedGates):
    """The LSTM with all gates in one product, in the order i, f, g, o. Equal to ``torch.nn.LSTM`` with one layer."""

    parts = 2

    @classmethod
    def from_torch(cls, layer: nn.LSTM, suffix: str = "l0") -> Self:
        """Return a copy of one layer of PyTorch's LSTM: "l0", "l1", …, or "l0_reverse" for its other direction.

        PyTorch keeps two biases, which it adds up; b is their sum.

        Raises:
            TypeError: it is no ``torch.nn.LSTM``.
            ValueError: it has no bias, the batch first, or a projection.
        """
        if not isinstance(layer, nn.LSTM):
            raise TypeError(f"layer must be a torch.nn.LSTM, got {type(layer).__name__}")
        if not layer.bias or layer.batch_first or layer.proj_size:
            raise ValueError(f"layer must have a bias, time first and no projection, got {layer}")
        W_x, W_h = (layer.get_parameter(f"weight_{k}_{suffix}").detach().T for k in ("ih", "hh"))
        ours = cls(W_x.shape[0], W_h.shape[0]).to(W_x)
        with torch.no_grad():
            ours.W_x.copy_(W_x)
            ours.W_h.copy_(W_h)
            ours.b.copy_(layer.get_parameter(f"bias_ih_{suffix}") + layer.get_parameter(f"bias_hh_{suffix}"))
        return ours

    def step(self, z: Tensor, state: Pair) -> Pair:
        """Take one step: z = x W_x + b (B, 4H), state (h, c)."""
        h, c = state
        i, f, g, o = (z + h @ self.W_h).chunk(4, dim=1)  # (B, H) each
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class PeepholeLSTM(FusedGates):
    """Gates that also look at the cell: i and f at c_{t-1}, o at c_t, each unit at its own cell.

        i_t = σ(… + p_i * c_{t-1})    f_t = σ(… + p_f * c_{t-1})    o_t = σ(… + p_o * c_t)

    Sources: Gers and Schmidhuber (2000), "Recurrent nets that time and count"; Graves (2013), equations 7 to 11.
    """

    parts = 2

    def __init__(self, input_size: int, hidden_size: int, forget_bias: float = 0.0) -> None:
        """Draw weights as an LSTM does; the peepholes p (H,) too."""
        super().__init__(input_size, hidden_size, forget_bias)
        self.p_i, self.p_f, self.p_o = (self.new(hidden_size) for _ in range(3))

    def step(self, z: Tensor, state: Pair) -> Pair:
        """Take one step: z = x W_x + b (B, 4H), state (h, c)."""
        h, c = state
        i, f, g, o = (z + h @ self.W_h).chunk(4, dim=1)
        i, f = torch.sigmoid(i + self.p_i * c), torch.sigmoid(f + self.p_f * c)
        c = f * c + i * torch.tanh(g)
        return torch.sigmoid(o + self.p_o * c) * torch.tanh(c), c


class CoupledLSTM(FusedGates):
    """One gate decides both: what is not kept is written, i_t = 1 - f_t. Three blocks: f, g, o.

    Source: Greff et al. (2017), the variant CIFG; the GRU does the same.
    """

    gates = "fgo"
    parts = 2

    def step(self, z: Tensor, state: Pair) -> Pair:
        """Take one step: z = x W_x + b (B, 3H), state (h, c)."""
        h, c = state
        f, g, o = (z + h @ self.W_h).chunk(3, dim=1)
        f = torch.sigmoid(f)
        c = f * c + (1 - f) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class LSTMWithout(FusedGates):
    """An LSTM from which one gate is taken away: it is always open, and has no weights.

    Without the forget gate it is the LSTM of 1997, whose cell only adds up. Source: Greff et al. (2017), the variants
    NIG, NFG and NOG.
    """

    parts = 2
    letters: ClassVar[dict[str, str]] = {"input": "i", "forget": "f", "output": "o"}

    def __init__(self, gate: str, input_size: int, hidden_size: int, forget_bias: float = 0.0) -> None:
        """Draw weights as an LSTM does.

        Args:
            gate: which one is taken away, "input", "forget" or "output".
            input_size: D.
            hidden_size: H.
            forget_bias: is added to the biases of the forget gate.

        Raises:
            TypeError, ValueError: there is no such gate, a size is no whole number above zero, or a layer without a
                forget gate gets a bias for it.
        """
        if gate not in self.letters:
            raise ValueError(f"gate must be one of {list(self.letters)}, got {gate!r}")
        self.gates = "ifgo".replace(self.letters[gate], "")
        super().__init__(input_size, hidden_size, forget_bias)

    def step(self, z: Tensor, state: Pair) -> Pair:
        """Take one step: z = x W_x + b (B, 3H), state (h, c)."""
        h, c = state
        sums = self.split(z + h @ self.W_h)
        opened = torch.ones_like(c)
        i, f, o = (torch.sigmoid(sums[gate]) if gate in sums else opened for gate in "ifo")
        c = f * c + i * torch.tanh(sums["g"])
        return o * torch.tanh(c), c


class LSTMWithoutActivation(FusedGates):
    """An LSTM with one tanh taken away: of the candidate, g_t, or of the cell on its way out, h_t = o_t * c_t.

    Source: Greff et al. (2017), the variants NIAF and NOAF.
    """

    parts = 2

    def __init__(self, activation: str, input_size: int, hidden_size: int, forget_bias: float = 0.0) -> None:
        """Draw weights as an LSTM does.

        Args:
            activation: which one is taken away, "input" or "output".
            input_size: D.
            hidden_size: H.
            forget_bias: is added to the biases of the forget gate.

        Raises:
            TypeError, ValueError: there is no such activation, or a size is no whole number above zero.
        """
        if activation not in ("input", "output"):
            raise ValueError(f"activation must be 'input' or 'output', got {activation!r}")
        super().__init__(input_size, hidden_size, forget_bias)
        self.squash_g = nn.Identity() if activation == "input" else nn.Tanh()
        self.squash_c = nn.Identity() if activation == "output" else nn.Tanh()

    def step(self, z: Tensor, state: Pair) -> Pair:
        """Take one step: z = x W_x + b (B, 4H), state (h, c)."""
        h, c = state
        i, f, g, o = (z + h @ self.W_h).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.squash_g(g)
        return torch.sigmoid(o) * self.squash_c(c), c
