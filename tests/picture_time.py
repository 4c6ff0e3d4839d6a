"""How soon the picture of an explorer follows a slider: for the tests of the widgets."""

import time


def picture_time(control, values):
    """Processor seconds from a move of the control to the new picture: the best of several moves.

    Another program on the machine must not fail a test; and a collection of rubbish may fall into one of the moves.
    """
    spent = []
    for value in values:
        start = time.process_time()
        control.value = value
        spent.append(time.process_time() - start)
    return min(spent)
