"""One loop for every lesson: ``fit``, with early stopping, a history, and checkpoints from which a run goes on."""

from lstm_lib.training import checkpoint
from lstm_lib.training.loop import StoppingRule, fit, schedule
from lstm_lib.training.run import Diverged, History, undisturbed

__all__ = ["Diverged", "History", "StoppingRule", "checkpoint", "fit", "schedule", "undisturbed"]
