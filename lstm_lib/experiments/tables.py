"""The rows of the tables of Hochreiter and Schmidhuber (1997), and the settings that we run them with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lib.datasets.adding import Adding, Multiplication
from lstm_lib.datasets.long_lags import Distractors, FirstIsLast
from lstm_lib.datasets.reber import sets
from lstm_lib.datasets.task import Task
from lstm_lib.datasets.temporal_order import TemporalOrder
from lstm_lib.datasets.two_sequence import TwoSequence
from lstm_lib.experiments.running import NETWORKS, Run, run


@dataclass(frozen=True)
class Experiment:
    """One row of the tables of 1997, and how we run it.

    Attributes:
        task: what is to be learnt.
        longest: the longest lag that is expected, in steps; the chrono starts use it.
        sequences: training sequences at the most.
        paper: training sequences until success in the paper, mean over its trials.
        batch: sequences in a step.
        hidden_size: H.
        direct: whether the inputs also reach the outputs around the layer, as in the paper's experiment 2a and 2b.
    """

    task: Task
    longest: int
    sequences: int
    paper: int
    batch: int = 20
    hidden_size: int = 16
    direct: bool = False

    def run(self, network: str, seed: int, rate: float, progress: str | None = None) -> Run:
        """Run it once; see ``run``."""
        return run(
            network,
            self.task,
            seed,
            rate=rate,
            longest=self.longest,
            sequences=self.sequences,
            batch=self.batch,
            hidden_size=self.hidden_size,
            direct=self.direct,
            progress=progress,
        )


def _reber() -> Experiment:
    return Experiment(sets(np.random.default_rng(1997)), 12, 60_000, 8_440, batch=10)


def _distractors(q: int, p: int, paper: int) -> Experiment:
    return Experiment(Distractors(q, p), q + 14, 30_000, paper)


def _two_sequence(variant: str, T: int, N: int, paper: int, strict: bool = True) -> Experiment:
    return Experiment(TwoSequence(variant, T, N, strict), T, 60_000, paper)


#: Rows of the paper's tables 1 to 9 by name: the number of the experiment, and what sets it apart. Not here: 2c between
#: the rows that are, and 3b at T = 1000.
EXPERIMENTS: dict[str, Experiment] = {
    "1 embedded Reber": _reber(),
    "2a p=100": Experiment(FirstIsLast(100), 100, 30_000, 5_040, batch=5, direct=True),
    "2b p=100": Experiment(FirstIsLast(100, random=True), 100, 30_000, 5_680, batch=5, direct=True),
    "2c q=50 p=50": _distractors(50, 50, 30_000),
    "2c q=1000 p=1000": _distractors(1000, 1000, 49_000),
    "2c q=1000 p=50": _distractors(1000, 50, 203_000),
    "3a T=100 N=3": _two_sequence("a", 100, 3, 39_850),
    "3a T=100 N=1": _two_sequence("a", 100, 1, 64_330),
    "3a T=1000 N=3": _two_sequence("a", 1000, 3, 452_460),
    "3b T=100 N=3": _two_sequence("b", 100, 3, 43_250),
    "3b T=100 N=1": _two_sequence("b", 100, 1, 78_430),
    "3c T=100 N=3": _two_sequence("c", 100, 3, 269_650),
    "3c T=100 N=1": _two_sequence("c", 100, 1, 565_640),
    "4 adding T=100": Experiment(Adding(100), 100, 40_000, 74_000),
    "4 adding T=500": Experiment(Adding(500), 500, 40_000, 209_000),
    "4 adding T=1000": Experiment(Adding(1000), 1000, 40_000, 853_000),
    "4 adding T=2000": Experiment(Adding(2000), 2000, 40_000, 0),
    "5 multiplication, 139 wrong": Experiment(Multiplication(100, 139), 100, 100_000, 482_000),
    "5 multiplication, 12 wrong": Experiment(Multiplication(100, 12), 100, 100_000, 1_273_000),
    "6a two symbols": Experiment(TemporalOrder(2), 100, 20_000, 31_390),
    "6b three symbols": Experiment(TemporalOrder(3), 100, 20_000, 571_100),
}

#: The highest learning rate of each kind of layer, chosen on seeds of its own; see ``benchmarks.long_memory``.
RATES = {"RNN": 0.005, "GRU": 0.02, "LSTM": 0.02}
#: Experiments that want a lower one.
LOWER_RATES = {"2a p=100": 0.006, "2b p=100": 0.006} | dict.fromkeys(
    ("2c q=1000 p=1000", "2c q=1000 p=50", "3a T=1000 N=3"), 0.01
)


def learning_rate(experiment: str, network: str) -> float:
    """Return the learning rate that a network is trained with on an experiment.

    Raises:
        ValueError: there is no such experiment or network.
    """
    if experiment not in EXPERIMENTS or network not in NETWORKS:
        raise ValueError(
            f"experiment must be one of {list(EXPERIMENTS)} and network one of {list(NETWORKS)}, "
            f"got {experiment!r} and {network!r}"
        )
    rate = RATES[network.split(",")[0]]
    return min(rate, LOWER_RATES.get(experiment, rate))
