"""Values as an exercise sees them: copied, described in words, and compared part by part."""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WHOLE = "the result"
KINDS = {"f": "real", "i": "whole", "u": "whole", "b": "true/false", "c": "complex"}  # by NumPy's letter
#: How a number or a text becomes one that has no methods of its own, should it be of a subclass.
PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__complex__),
    (str, str.__str__),
    (bytes, bytes.__bytes__),
)


@dataclass(frozen=True, eq=False)
class Tensor:
    """What a torch tensor held, as an array, so that comparing needs no torch."""

    array: np.ndarray


@dataclass(frozen=True)
class Other:
    """Something that no exercise compares: all that is known of it is its type."""

    kind: str


@dataclass(frozen=True, eq=False)
class Difference:
    """One part of an answer that is not as expected."""

    part: str  # which part: "dW_h", "value 2", or "the result"
    kind: str  # "type", "count", "shape", "kind", "nan" or "values"
    detail: str  # what was expected and what came, in words
    factor: float | None = None  # the answer is this many times what was expected, everywhere


def snapshot(value: Any) -> Any:
    """Return a copy that later changes cannot reach: plain numbers, text, containers, arrays and `Tensor`s.

    An array without axes becomes a plain number; what an exercise cannot compare becomes an `Other`.
    """
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        return Tensor((value.float() if value.dtype == torch.bfloat16 else value).numpy().copy())
    if isinstance(value, np.ma.MaskedArray):
        return Other("masked array")  # comparing would pass over what is masked
    if isinstance(value, np.ndarray):
        return np.array(value) if value.ndim else snapshot(value[()])
    if isinstance(value, np.generic) and not isinstance(value.item(), np.generic):
        return value.item()
    if isinstance(value, (tuple, list)):
        parts = [snapshot(part) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        return {key: snapshot(part) for key, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if value is None or isinstance(value, bool):
        return value
    for plain, as_plain in PLAIN:
        if isinstance(value, plain):
            return as_plain(value)
    if inspect.iscoroutine(value):
        value.close()  # else Python warns that nobody awaited it
    return Other(type(value).__name__)


def describe(value: Any) -> str:
    """Return a few words that say what a snapshot is: "an array of shape (3, 2)"."""
    match value:
        case None:
            return "None"
        case bool():
            return "True or False"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case complex():
            return "a complex number"
        case str():
            return "text"
        case np.ndarray():
            return f"an array of shape {value.shape}"
        case Tensor():
            return f"a torch tensor of shape {value.array.shape}"
        case tuple() | list():
            first = f", the first {describe(value[0])}" if value else ""
            return f"a {type(value).__name__} of length {len(value)}{first}"
        case dict():
            return f"a dict with the keys {_listed(value)}"
        case Other():
            return f"an object of type {value.kind}"
        case _:
            return f"a {type(value).__name__}"


def part_names(value: Any, names: Sequence[str] = ()) -> list[str]:
    """Return what the parts of a tuple, list or dict are called; nothing for any other value."""
    if isinstance(value, dict):
        return [str(key) for key in value]
    if isinstance(value, (tuple, list)):
        return [names[i] if i < len(names) else f"value {i + 1}" for i in range(len(value))]
    return []


def times(factor: float) -> str:
    """Say that an answer is `factor` times what was expected."""
    if factor == 0:
        return "all numbers are zero"
    if factor == -1:
        return "the sign is flipped"
    part = 1 / factor
    size = f"1/{part:.0f} of" if abs(part) > 1 and is_whole(part) else f"{factor:.4g} times"
    return f"the numbers are {size} the expected ones"


def is_whole(number: float) -> bool:
    """Tell whether a number is whole, but for rounding."""
    return abs(number - round(number)) < 1e-4


def same(expected: Any, got: Any, tolerance: float = 0.0) -> bool:
    """Tell whether two snapshots hold the same values, as an exercise would judge it."""
    return not compare(expected, got, tolerance)


def compare(
    expected: Any, got: Any, tolerance: float, names: Sequence[str] = (), part: str = WHOLE
) -> tuple[Difference, ...]:
    """Return what differs between two snapshots, part by part.

    A number agrees when it is within `tolerance` times the largest finite number of its array. Whole numbers,
    text and truth values agree when they are equal. `names` are what the messages call a tuple's parts.
    """
    try:
        return tuple(_differences(expected, got, tolerance, names, part))
    except Exception as error:  # a learner may put anything into a dict or an array
        return (Difference(part, "type", f"it cannot be compared: {type(error).__name__}"),)


def _differences(
    expected: Any, got: Any, tolerance: float, names: Sequence[str], part: str
) -> Iterator[Difference]:
    match expected:
        case tuple() | list() if isinstance(got, (tuple, list)):
            if len(expected) != len(got):
                yield Difference(part, "count", f"expected {len(expected)} values, got {len(got)}")
                return
            outer = "" if part == WHOLE else f"{part}, "
            for label, one, other in zip(part_names(expected, names), expected, got, strict=True):
                yield from _differences(one, other, tolerance, (), outer + label)
        case dict() if isinstance(got, dict):
            if set(expected) != set(got):
                yield Difference(part, "count", f"expected the keys {_listed(expected)}; got {_listed(got)}")
                return
            for key in expected:
                yield from _differences(expected[key], got[key], tolerance, (), str(key))
        case Tensor() if isinstance(got, Tensor):
            yield from _arrays(expected.array, got.array, tolerance, part)
        case np.ndarray() if isinstance(got, np.ndarray):
            yield from _arrays(expected, got, tolerance, part)
        case bool() | int() | float() | complex() if _fits(expected, got):
            yield from _arrays(np.asarray(expected), np.asarray(got), tolerance, part)
        case str() | bytes() | frozenset() | Other() | None if type(expected) is type(got):
            if expected != got:
                yield Difference(part, "values", "it is not the expected one")
        case _:
            yield Difference(part, "type", _types(expected, got))


def _fits(expected: complex, got: Any) -> bool:
    """Tell whether `got` is a number of a type that will do: 2 where 2.0 is expected, but not 2.0 for 2."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return isinstance(expected, bool) and isinstance(got, bool)
    if isinstance(expected, int):
        return isinstance(got, int)
    return isinstance(got, (int, float)) or (isinstance(expected, complex) and isinstance(got, complex))


def _types(expected: Any, got: Any) -> str:
    text = f"expected {describe(expected)}, got {describe(got)}"
    if got is None:
        return text + "; did you forget `return`?"
    if isinstance(got, Tensor):
        return text + "; `.detach().numpy()` makes an array of a tensor, `.item()` a number"
    if isinstance(got, (list, tuple)) and isinstance(expected, np.ndarray):
        return text + "; `np.stack` makes one array of a list of arrays, `np.array` of a list of numbers"
    if isinstance(got, Other) and got.kind == "generator":
        return text + "; `yield` makes a generator, `return` gives a value back"
    return text


def _listed(keys: Any) -> str:
    return ", ".join(map(str, keys)) or "(none)"


def _arrays(expected: np.ndarray, got: np.ndarray, tolerance: float, part: str) -> Iterator[Difference]:
    if expected.shape != got.shape:
        detail = f"expected shape {expected.shape}, got {got.shape}{_reshaped(expected.shape, got.shape)}"
        yield Difference(part, "shape", detail)
        return
    kinds = [KINDS.get(array.dtype.kind, array.dtype.kind) for array in (expected, got)]
    if expected.ndim and kinds[0] != kinds[1]:
        yield Difference(part, "kind", f"expected {kinds[0]} values, got an array of {got.dtype}")
        return
    wrong = _wrong(expected, got, tolerance)
    if not wrong.any():
        return
    if (spoilt := ~_finite(got) & wrong).any():
        detail = f"{spoilt.sum()} of {got.size} values are NaN or infinite{_first(spoilt)}"
        yield Difference(part, "nan", detail)
    elif {expected.dtype.kind, got.dtype.kind} <= set("fiu"):
        factor = _factor(expected, got, tolerance)
        # One number is always a multiple of another, and a factor of nearly 1 is no size.
        scaled = factor is not None and got.ndim and abs(factor - 1) > 1e-3
        detail = times(factor or 0) if scaled else _pattern(expected, got, wrong, tolerance)
        yield Difference(part, "values", detail, factor)
    else:
        yield Difference(part, "values", f"{wrong.sum()} of {wrong.size} values are wrong{_first(wrong)}")


def _finite(array: np.ndarray) -> np.ndarray:
    return np.isfinite(array) if array.dtype.kind in "fc" else np.ones(array.shape, bool)


def _wrong(expected: np.ndarray, got: np.ndarray, tolerance: float) -> np.ndarray:
    """Return a mask of the values that do not agree. NaN agrees with NaN."""
    if not {expected.dtype.kind, got.dtype.kind} & set("fc"):
        return np.asarray(expected != got)
    with np.errstate(all="ignore"):
        finite = _finite(expected)
        scale = np.max(np.abs(expected[finite]).astype(float), initial=0.0) or 1.0
        close = np.abs(got.astype(complex) - expected) <= tolerance * scale
    equal = (expected == got) | ((expected != expected) & (got != got))
    return ~np.asarray(np.where(finite, close, equal))


def _first(mask: np.ndarray) -> str:
    return f", the first at index {tuple(map(int, np.argwhere(mask)[0]))}" if mask.ndim else ""


def _reshaped(expected: tuple[int, ...], got: tuple[int, ...]) -> str:
    if sorted(expected) == sorted(got):
        return "; two axes look swapped, as in a transposed array"
    if [n for n in expected if n > 1] == [n for n in got if n > 1]:
        return "; an axis of length 1 is " + ("missing" if len(got) < len(expected) else "too many")
    return ""


def _factor(expected: np.ndarray, got: np.ndarray, tolerance: float) -> float | None:
    """Return k if `got` is k times `expected` everywhere, else None."""
    if not _finite(expected).all() or not expected.any():
        return None
    largest = np.unravel_index(np.abs(expected).argmax(), expected.shape)
    factor = float(got[largest]) / float(expected[largest])
    return None if _wrong(expected * factor, got, tolerance).any() else round(factor, 6)


def _pattern(expected: np.ndarray, got: np.ndarray, wrong: np.ndarray, tolerance: float) -> str:
    """Say how numbers are wrong: by a shift, in another order, or by how much and where."""
    gap = np.where(_finite(expected), got.astype(float) - expected, 0.0)
    if not gap.ndim:
        return f"it is off by {abs(gap):.3g}"
    if gap.size > 1 and not _wrong(expected + gap.flat[0], got, tolerance).any():
        return f"the numbers are {abs(gap.flat[0]):.4g} too {'large' if gap.flat[0] > 0 else 'small'}"
    for axes in itertools.permutations(range(gap.ndim)) if gap.ndim <= 4 else ():
        turned = expected.transpose(axes)
        if turned.shape == got.shape and not _wrong(turned, got, tolerance).any():
            return "the numbers are right, but two axes are swapped, as in a transposed array"
    for axis in range(gap.ndim):
        if not _wrong(np.flip(expected, axis), got, tolerance).any():
            return f"the numbers are right, but in reverse order along axis {axis}"
    worst = tuple(map(int, np.unravel_index(np.abs(gap).argmax(), gap.shape)))
    text = f"{wrong.sum()} of {wrong.size} values are wrong"
    return f"{text}, the largest difference is {abs(gap[worst]):.3g} at index {worst}"
