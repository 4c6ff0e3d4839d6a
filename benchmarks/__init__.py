"""Side-by-side speed runs. They print; they are never part of the test suite.

One thread for all: a race on one thread each is fair, and the libraries read these variables when they are loaded,
so they must be set before NumPy and PyTorch are imported.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"
