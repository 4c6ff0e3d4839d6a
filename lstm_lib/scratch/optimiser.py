"""Steps downhill: gradient clipping by norm, and Adam."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def clip_gradients(grads: dict[str, Array], max_norm: float) -> float:
    """Scale all gradients in place by one factor, so that their common norm is at most ``max_norm``.

    The direction stays. Source: Pascanu, Mikolov and Bengio (2013), algorithm 1.

    Returns:
        The norm before clipping: the square root of the sum of all squares over all arrays.

    Raises:
        ValueError: max_norm is not positive, or a gradient is not finite (clipping would spread the NaN).
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be a positive number, got {max_norm!r}")
    norm = float(np.sqrt(sum(float(np.square(g, dtype=np.float64).sum()) for g in grads.values())))
    if not np.isfinite(norm):
        bad = [name for name, g in grads.items() if not np.isfinite(g).all()]
        if not bad:
            raise ValueError(
                "grads are finite, but too large for their norm to be a number: lower the learning rate"
            )
        raise ValueError(f"grads must be finite, got NaN or infinity in {bad}: lower the learning rate")
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return norm


class Adam:
    """Adam (Kingma and Ba 2015, algorithm 1) over dicts of NumPy arrays, which it changes in place.

    Attributes:
        rate: the learning rate; set it between steps to follow a schedule.
    """

    def __init__(
        self,
        params: dict[str, Array],
        rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        """Remember the dict ``params`` and begin with both running means at zero.

        Raises:
            ValueError: rate or eps is not positive, or betas are not two numbers from 0 to less than 1.
        """
        if not rate > 0:
            raise ValueError(f"rate must be a positive number, got {rate!r}")
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be two numbers from 0 to less than 1, got {betas!r}")
        if not eps > 0:
            raise ValueError(f"eps must be a positive number, got {eps!r}")
        self.params, self.rate, self.betas, self.eps = params, rate, betas, eps
        self._steps = 0
        self._mean = {name: np.zeros_like(p) for name, p in params.items()}
        self._square = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict[str, Array]) -> None:
        """Move every parameter one step against its gradient.

        Raises:
            KeyError: ``grads`` lacks a parameter.
            ValueError: a gradient has another shape than its parameter.
        """
        missing = sorted(self.params.keys() - grads.keys())
        if missing:
            raise KeyError(f"grads must have a gradient for every parameter, got none for {missing}")
        for name, p in self.params.items():
            if grads[name].shape != p.shape:
                raise ValueError(f"grads[{name!r}] must have shape {p.shape}, got {grads[name].shape}")
        self._steps += 1
        beta_1, beta_2 = self.betas
        # The running means start at zero; these factors take that bias out of the first steps.
        step_size = self.rate / (1 - beta_1**self._steps)
        spread = 1 / np.sqrt(1 - beta_2**self._steps)
        for name, p in self.params.items():
            mean, square, g = self._mean[name], self._square[name], grads[name]
            mean += (1 - beta_1) * (g - mean)
            square += (1 - beta_2) * (g * g - square)
            p -= (step_size * mean / (np.sqrt(square) * spread + self.eps)).astype(p.dtype, copy=False)
