"""The package of the course: the mathematics, the models, the data, and the pictures that the lessons share.

Storeys, from the ground up; imports only go down:

- ``scratch``    RNN, LSTM and GRU in NumPy, from the equations, with gradient checks
- ``nn``         the models of the lessons as PyTorch modules: recurrent layers, attention, the Transformer
- ``datasets``   one module a data set, with a fixed split and its card, or a generator of fresh sequences
- ``training``   ``fit``, the loop that trains: early stopping, history, checkpoints from which a run goes on
- ``convert``    weights from ``scratch`` to PyTorch and back
- ``decoding``, ``metrics``    how a model writes by itself, and how what it wrote is judged
- ``plots``      arrays in, one figure with alt text out
- ``installation``, ``lesson_map``    what lesson 00 asks: is everything there, and which lessons are there
- ``experiments``  what the lessons train and compare, with the stored results
- ``widgets``    things to play with
- ``exercises``  ``check()``, and one module a lesson: what a right answer does, what wrong ones show
- ``cli``        the terminal command ``lstm-lib``: fetch and verify data, see your progress
"""

__version__ = "0.1.0"
