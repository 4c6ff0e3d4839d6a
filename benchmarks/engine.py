"""How fast is the NumPy LSTM? A table beside ``torch.nn.LSTM``, and whether the targets are met.

    python -m benchmarks.engine            about two minutes
    python -m benchmarks.engine --quick    about half a minute, and rougher

Every number is a time over PyTorch's, in float32 on one thread: below 1 is faster. The two run in turn in one
process and the median over these pairs is shown, so that what slows the machine slows both.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import torch
from tqdm import tqdm

from benchmarks.rivals import RIVALS, Case, bare_products
from lstm_lib.convert import to_torch
from lstm_lib.scratch import LSTM, lstm_step, relative_error

Size = tuple[int, int, int, int]  # T, B, D, H
Pair = tuple[Callable[[], Any], Callable[[], Any]]


class Limits(NamedTuple):
    """The most that our time over PyTorch's may be; None where nothing is asked."""

    both: float | None = None
    forward: float | None = None


SIZES: dict[Size, Limits] = {
    (50, 32, 32, 64): Limits(1.2, 1.4),
    (100, 64, 64, 128): Limits(1.0, 1.4),
    (200, 32, 128, 256): Limits(1.0, 1.4),
    (28, 128, 28, 128): Limits(1.2, 1.4),
    (35, 20, 200, 300): Limits(),
    (1000, 16, 2, 32): Limits(2.2),
}
#: Hidden sizes, and input sizes, of one decoding step at B = 1; and the most it may take of torch.nn.LSTM's time.
HIDDEN = (64, 256, 512)
DECODING_LIMIT = 0.2

AT_LEAST = 3  # pairs, however long they take
CALLS = 20  # decoding steps in one reading of the clock, which is too coarse for one
# The processor's time, which other programs disturb less; on Windows its clock only ticks 64 times a second.
clock = time.perf_counter if os.name == "nt" else time.process_time


def ratio(pair: Pair, seconds: float) -> float:
    """Return the median of first time / second time over pairs run in turn for about so many seconds."""

    def duration(run: Callable[[], Any]) -> float:
        start = clock()
        run()
        return clock() - start

    ours, theirs = pair
    ratios: list[float] = []
    for run in pair:  # to warm up
        run()
    gc.disable()
    try:
        end = time.perf_counter() + seconds
        while len(ratios) < AT_LEAST or time.perf_counter() < end:
            ratios.append(duration(ours) / duration(theirs))
    finally:
        gc.enable()
    return median(ratios)


def assert_agreement(case: Case) -> None:
    """Raise AssertionError if a rival does not give PyTorch's outputs and gradients, in float32's precision."""
    expected = RIVALS["pytorch"](case)()
    for rival, run in RIVALS.items():
        answers = run(case)()
        assert answers.keys() == expected.keys(), f"{rival} gives {sorted(answers)}"
        for name, array in answers.items():
            error = relative_error(array, expected[name])
            assert error < 1e-4, f"{rival} is off by {error:.1e} in {name}"


def sequence_pairs(size: Size) -> dict[str, Pair]:
    """Return what is measured on a sequence: column -> the pair."""
    case = Case(*size)
    assert_agreement(case)

    def forward_of_pytorch() -> None:
        with torch.no_grad():
            case.module(case.x_torch)

    ours = {name: partial(run, case) for name, run in RIVALS.items()}
    theirs = ours["pytorch"]
    return {
        "forward+backward": (ours["engine"], theirs),
        "forward": (partial(case.net.forward, case.x), forward_of_pytorch),
        "per gate": (ours["per_gate"], theirs),
        "step functions": (ours["step_functions"], theirs),
        "PyTorch loop": (ours["pytorch_loop"], theirs),
        "products": (bare_products(case), theirs),
    }


def decoding_pairs(H: int) -> dict[str, Pair]:
    """Return what is measured on one decoding step: one sequence, one step, H inputs, no gradients."""
    rng = np.random.default_rng(0)
    net = LSTM(H, H, rng=rng)
    module, cell = to_torch(net), torch.nn.LSTMCell(H, H)
    cell.load_state_dict({name.removesuffix("_l0"): w for name, w in module.state_dict().items()})
    x, h, c = rng.standard_normal((3, 1, H)).astype(np.float32)
    x_t, h_t, c_t = (torch.tensor(a) for a in (x, h, c))
    layers = x_t[None], (h_t[None], c_t[None])

    (ours, _), _ = lstm_step(x, (h, c), net.params)
    with torch.no_grad():
        for theirs in (module(*layers)[0], cell(x_t, (h_t, c_t))[0]):
            np.testing.assert_allclose(theirs.numpy().reshape(1, H), ours, atol=1e-5)

    def many(step: Callable[..., Any], *arguments: Any) -> Callable[[], None]:
        def run() -> None:
            with torch.no_grad():
                for _ in range(CALLS):
                    step(*arguments)

        return run

    step = many(lstm_step, x, (h, c), net.params)
    return {"of nn.LSTM": (step, many(module, *layers)), "of LSTMCell": (step, many(cell, x_t, (h_t, c_t)))}


def table(first: str, rows: dict[Any, dict[str, float]]) -> str:
    """Return the rows as lines of text, each under the names of its columns."""
    columns = list(next(iter(rows.values())))
    width = max(len(str(key)) for key in (first, *rows))
    lines = [[first.ljust(width), *columns]]
    lines += [
        [str(key).ljust(width), *(f"{row[c]:{len(c)}.2f}" for c in columns)] for key, row in rows.items()
    ]
    return "\n".join("  ".join(line) for line in lines)


def judge(
    sequences: dict[Size, dict[str, float]], steps: dict[int, dict[str, float]]
) -> list[tuple[str, bool]]:
    """Return the targets, each in words with what was measured, and whether it is met."""
    targets: list[tuple[str, float, float | None]] = []
    for size, row in sequences.items():
        both, limits = row["forward+backward"], SIZES[size]
        targets.append((f"{size} forward+backward", both, limits.both))
        targets.append((f"{size} forward", row["forward"], limits.forward))
        for rival in ("step functions", "PyTorch loop"):
            targets.append((f"{size} engine over {rival}", both / row[rival], 1.0))
    for H, row in steps.items():
        targets.append((f"decoding, H = {H}", row["of nn.LSTM"], DECODING_LIMIT))
    return [
        (f"{what}: {got:.2f}, at most {limit}", got <= limit)
        for what, got, limit in targets
        if limit is not None
    ]


def machine() -> str:
    """Return what the numbers depend on: processor, NumPy, its BLAS, PyTorch, and how busy the machine is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    load = (
        f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors" if hasattr(os, "getloadavg") else ""
    )
    processor = models[0] if models else platform.processor() or platform.machine()
    numpy = f"NumPy {np.__version__} with {blas['name']} {blas['version']}"
    return f"{processor}; {numpy}; PyTorch {torch.__version__}{load}"


def measure(jobs: dict[Any, Callable[[], dict[str, Pair]]], seconds: float) -> dict[Any, dict[str, float]]:
    """Return key -> column -> ratio; a job makes its pairs when its turn comes, so that memory is freed between."""
    results: dict[Any, dict[str, float]] = {}
    with tqdm(jobs.items(), leave=False) as bar:
        for key, make in bar:
            results[key] = {}
            for column, pair in make().items():
                bar.set_description(f"{key} {column}")
                results[key][column] = ratio(pair, seconds)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if --strict was given and a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description="Time the NumPy LSTM.")
    parser.add_argument("--seconds", type=float, default=2.5, help="for each number (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="0.3 seconds for each number")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target is missed")
    options = parser.parse_args(arguments)
    seconds = 0.3 if options.quick else options.seconds
    torch.set_num_threads(1)

    print(f"{machine()}\n")
    sequences = measure({size: partial(sequence_pairs, size) for size in SIZES}, seconds)
    print(
        "Sequences (T, B, D, H). Time over torch.nn.LSTM's forward and backward; in column forward, over its forward."
    )
    print(
        "The column products has the bare matrix products alone, in the same BLAS: what all the rest is added to."
    )
    print(table("", sequences) + "\n")
    steps = measure({H: partial(decoding_pairs, H) for H in HIDDEN}, seconds)
    print("One decoding step, B = 1 and D = H. Time of lstm_step over PyTorch's.")
    print(table("H", steps) + "\n")
    print("Targets")
    verdicts = judge(sequences, steps)
    for words, met in verdicts:
        print("PASS" if met else "FAIL", words)
    return int(options.strict and not all(met for _, met in verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
