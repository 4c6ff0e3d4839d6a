"""Draw the next symbol: temperature, top-k and nucleus as functions on logits, and text that they write.

The three functions take logits (…, V) and return logits (…, V). A symbol that is cut away gets -inf, which softmax
turns into probability 0. So they can be put one behind the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Choose = Callable[[Array], Array]  # logits (B, V) -> symbols (B,)


def probabilities(logits: ArrayLike) -> Array:
    """Return the softmax of logits (…, V) in float64.

    Raises:
        ValueError: they have no axis, hold a NaN or +inf, or in a row there is none above -inf.
    """
    z = _checked_logits(logits)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


def temperature(logits: ArrayLike, value: float) -> Array:
    """Return logits / value. Below 1 the likely symbols gain, above 1 the unlikely ones do.

    Source: Ackley, Hinton and Sejnowski (1985), "A learning algorithm for Boltzmann machines".

    Raises:
        ValueError: the value is not above 0 and finite, or the logits are none.
    """
    if not _is_number(value) or not 0 < value < np.inf:
        raise ValueError(
            f"temperature must be a number above 0, got {value!r}; the limit at 0 is the likeliest symbol, `likeliest`"
        )
    answer: Array = _checked_logits(logits) / value
    return answer


def top_k(logits: ArrayLike, k: int) -> Array:
    """Return the logits of the k likeliest symbols, -inf for the others. Of equal ones the first are kept.

    Source: Fan, Lewis and Dauphin (2018), "Hierarchical neural story generation".

    Raises:
        TypeError: k is no int. ValueError: it is below 1, or the logits are none. More than V is V.
    """
    if isinstance(k, bool) or not isinstance(k, int | np.integer):
        raise TypeError(f"k must be a positive int, got {k!r}")
    if k < 1:
        raise ValueError(f"k must be a positive int, got {k}")
    z = _checked_logits(logits)
    rank = np.argsort(np.argsort(-z, axis=-1, kind="stable"), axis=-1)
    return np.where(rank < k, z, -np.inf)


def nucleus(logits: ArrayLike, p: float) -> Array:
    """Return the logits of the fewest likely symbols whose probabilities make up p or more, -inf for the others.

    The symbol with which the sum reaches p is kept. Of equal ones the first are kept. Source: Holtzman, Buys, Du,
    Forbes and Choi (2020), "The curious case of neural text degeneration".

    Raises:
        ValueError: p is not above 0 and at most 1, or the logits are none.
    """
    if not _is_number(p) or not 0 < p <= 1:
        raise ValueError(f"p must be a number above 0 and at most 1, got {p!r}")
    z = _checked_logits(logits)
    order = np.argsort(-z, axis=-1, kind="stable")
    ordered = np.take_along_axis(probabilities(z), order, axis=-1)
    before = ordered.cumsum(axis=-1) - ordered  # what the likelier ones make up
    keep = np.empty(z.shape, dtype=bool)
    np.put_along_axis(keep, order, before < p - 1e-12, axis=-1)
    return np.where(keep, z, -np.inf)


def likeliest(logits: Array) -> Array:
    """Return the symbol with the highest logit of each row (B, V): greedy decoding."""
    answer: Array = logits.argmax(axis=-1)
    return answer


class Sampler:
    """Draws a symbol for each row of logits: temperature first, then the cuts."""

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        nucleus: float | None = None,
    ) -> None:
        """Take a generator, and what each of the functions of this module is to be given; None leaves it out.

        Raises:
            TypeError, ValueError: an argument cannot be meant.
        """
        if not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}"
            )
        self.rng, self.value, self.k, self.p = rng, temperature, top_k, nucleus
        self.shape(np.zeros((1, 2)))  # says at once what cannot be meant

    def shape(self, logits: Array) -> Array:
        """Return the logits after temperature and cuts."""
        z = temperature(logits, self.value)
        z = z if self.k is None else top_k(z, self.k)
        return z if self.p is None else nucleus(z, self.p)

    def __call__(self, logits: Array) -> Array:
        """Return a symbol for each row of logits (B, V)."""
        total = probabilities(self.shape(logits)).cumsum(axis=-1)
        u = self.rng.random(len(total))[:, None] * total[:, -1:]  # the last sum may be a little off 1
        answer: Array = (total <= u).sum(axis=-1)
        return answer


@torch.no_grad()
def stream(model: Any, prompt: ArrayLike, length: int, choose: Choose, *, copies: int = 1) -> Iterator[Array]:
    """Let a model write: yield the next symbol of each copy, (copies,), as soon as it is chosen.

    Args:
        model: symbols (T, B), state or None -> logits (T, B, V), state; in eval mode if it has dropout.
        prompt: (P,) the symbols that are read first, at least one.
        length: so many symbols are written.
        choose: logits (B, V) -> symbols (B,): ``likeliest``, or a ``Sampler``.
        copies: B texts are written side by side.

    Raises:
        TypeError, ValueError: an argument cannot be meant.
    """
    ids = _checked_prompt(prompt)
    for name, value in (("length", length), ("copies", copies)):
        _positive(name, value)
    if not callable(choose):
        raise TypeError(f"choose must be a function such as likeliest, or a Sampler, got {choose!r}")
    logits, state = _begun(model, torch.from_numpy(ids)[:, None].expand(-1, copies).contiguous())
    for step in range(length):
        symbols = choose(logits[-1].double().numpy())
        yield symbols
        if step + 1 < length:
            logits, state = model(torch.from_numpy(symbols)[None], state)


def write(model: Any, prompt: ArrayLike, length: int, choose: Choose, *, copies: int = 1) -> Array:
    """Return what ``stream`` yields, as an array (length, copies)."""
    return np.stack(list(stream(model, prompt, length, choose, copies=copies)))


class Beam(NamedTuple):
    """The likeliest text that a beam has found.

    Attributes:
        symbols: (length,).
        bits: (length,), what each of them cost: minus the logarithm to base 2 of its probability.
    """

    symbols: Array
    bits: Array


@torch.no_grad()
def beam(model: Any, prompt: ArrayLike, length: int, width: int) -> Beam:
    """Look for the likeliest text of a length, with so many unfinished ones kept at each step.

    A width of 1 is greedy decoding. Args and Raises: as for ``stream``; width is a positive int.
    """
    ids = _checked_prompt(prompt)
    _positive("length", length)
    _positive("width", width)
    logits, state = _begun(model, torch.from_numpy(ids)[:, None])
    texts, costs = np.zeros((1, 0), dtype=np.int64), np.zeros((1, 0))
    for step in range(length):
        cost = -torch.log_softmax(logits[-1].double(), dim=-1).numpy() / np.log(2)  # (B, V)
        total = costs.sum(axis=1, keepdims=True) + cost
        best = np.argsort(total, axis=None, kind="stable")[:width]
        rows, symbols = np.unravel_index(best, total.shape)
        texts = np.column_stack([texts[rows], symbols])
        costs = np.column_stack([costs[rows], cost[rows, symbols]])
        if step + 1 < length:
            logits, state = model(torch.from_numpy(symbols)[None], _rows(state, torch.from_numpy(rows)))
    return Beam(texts[0], costs[0])


def _begun(model: Any, prompt: torch.Tensor) -> Any:
    """Return what a model says of a prompt (P, B), with an error that names what it does not know."""
    try:
        return model(prompt, None)
    except IndexError:
        raise ValueError(
            f"prompt must hold symbols that the model knows, got {int(prompt.min())} to {int(prompt.max())}"
        ) from None


def _rows(state: Any, rows: torch.Tensor) -> Any:
    """Return a state with these rows of its batch: the axis before the last one of each tensor."""
    if isinstance(state, torch.Tensor):
        return state.index_select(-2, rows)
    return type(state)(_rows(part, rows) for part in state)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _checked_logits(logits: ArrayLike) -> Array:
    try:
        z = np.asarray(logits, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"logits must be numbers (…, V), got {logits!r:.80}") from None
    if not z.ndim or not z.shape[-1]:
        raise ValueError(f"logits must be (…, V) with V from 1 on, got shape {z.shape}")
    if np.isnan(z).any() or (z == np.inf).any() or (z.max(axis=-1) == -np.inf).any():
        raise ValueError(
            f"logits must be numbers or -inf, at least one number in a row, got {z[~np.isfinite(z)][:3]} among them"
        )
    return z


def _checked_prompt(prompt: ArrayLike) -> Array:
    ids = np.asarray(prompt)
    if ids.ndim != 1 or not ids.size or not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(
            f"prompt must be symbols (P,), one at least, such as vocabulary.encode(text), got {ids.dtype} {ids.shape}"
        )
    return ids.astype(np.int64)


def _positive(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a positive int, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be a positive int, got {value}")
