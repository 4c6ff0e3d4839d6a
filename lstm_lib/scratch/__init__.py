"""The mathematics of recurrent networks in NumPy, from the equations. Nothing here imports PyTorch.

``RNN``, ``LSTM`` and ``GRU`` run over whole sequences, time first: x is (T, B, D), h is (T, B, H). Each has
``params``, ``grads``, ``forward(x, state=None)`` and ``backward(dh, dstate=None)``. ``Output`` is the linear
map from h to what a task asks for. ``*_step`` and ``*_step_backward`` are one step, written as in a textbook.
"""

from lstm_lib.scratch.activations import cross_entropy, sigmoid, softmax
from lstm_lib.scratch.gradcheck import numeric_gradient, relative_error
from lstm_lib.scratch.gru import GRU, gru_step, gru_step_backward
from lstm_lib.scratch.lstm import LSTM, lstm_step, lstm_step_backward
from lstm_lib.scratch.optimiser import Adam, clip_gradients
from lstm_lib.scratch.output import Output
from lstm_lib.scratch.rnn import RNN, rnn_step, rnn_step_backward

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Adam",
    "Output",
    "clip_gradients",
    "cross_entropy",
    "gru_step",
    "gru_step_backward",
    "lstm_step",
    "lstm_step_backward",
    "numeric_gradient",
    "relative_error",
    "rnn_step",
    "rnn_step_backward",
    "sigmoid",
    "softmax",
]
