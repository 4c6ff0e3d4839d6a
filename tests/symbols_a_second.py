"""How fast a task draws: for the tests of its generators."""

import time

import numpy as np


def symbols_a_second(task, batch=1000):
    """Steps drawn in a second of processor time: the best of five, since another program may be at work."""
    rng, found = np.random.default_rng(0), []
    for _ in range(5):
        start = time.process_time()
        steps = task.draw(batch, rng).lengths.sum()
        found.append(steps / max(time.process_time() - start, 1e-9))
    return max(found)
