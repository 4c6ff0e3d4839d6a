"""The experiments of 1997 again: fresh networks learn from fresh sequences until the paper's criterion is met."""

from lstm_lib.experiments.running import (
    NETWORKS,
    Run,
    Success,
    answers,
    examine,
    fresh_reader,
    loss,
    run,
    try_on,
)
from lstm_lib.experiments.tables import EXPERIMENTS, Experiment, learning_rate

__all__ = [
    "EXPERIMENTS",
    "NETWORKS",
    "Experiment",
    "Run",
    "Success",
    "answers",
    "examine",
    "fresh_reader",
    "learning_rate",
    "loss",
    "run",
    "try_on",
]
