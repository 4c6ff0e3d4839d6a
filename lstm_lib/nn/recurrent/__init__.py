"""Recurrent layers from their equations, as PyTorch modules that train by automatic differentiation.

Every layer is called alike, ``layer(x, state=None, lengths=None) -> h, last state``, with x (T, B, D) or packed. They
are loops in Python, written to be read; ``torch.nn.LSTM`` and ``torch.nn.GRU``, which ``LSTM`` and ``GRU`` equal, are
faster.
"""

from lstm_lib.nn.recurrent.gru import GRU, GRUResetBefore
from lstm_lib.nn.recurrent.layer import RecurrentLayer
from lstm_lib.nn.recurrent.lstm import (
    LSTM,
    CoupledLSTM,
    LSTMByGate,
    LSTMWithout,
    LSTMWithoutActivation,
    PeepholeLSTM,
)
from lstm_lib.nn.recurrent.minimal import MinimalLSTM, scan
from lstm_lib.nn.recurrent.size import hidden_size_for, parameters_of
from lstm_lib.nn.recurrent.stacks import Bidirectional, Stacked, reverse_within

__all__ = [
    "GRU",
    "LSTM",
    "Bidirectional",
    "CoupledLSTM",
    "GRUResetBefore",
    "LSTMByGate",
    "LSTMWithout",
    "LSTMWithoutActivation",
    "MinimalLSTM",
    "PeepholeLSTM",
    "RecurrentLayer",
    "Stacked",
    "hidden_size_for",
    "parameters_of",
    "reverse_within",
    "scan",
]
