"""Runs a function under a time limit, so that a learner's endless loop ends in a message.

The limit raises `TimeUp` inside the function. That is no `Exception`, so that `except Exception` does not
take it, and it is raised again and again, so that a bare `except:` in a loop does not take it for long.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")

AGAIN = 0.05  # seconds until TimeUp is raised once more, should the function have swallowed it


class TimeUp(BaseException):
    """The time is over."""


def limited(function: Callable[[], Result], seconds: float) -> Result:
    """Return `function()`, or raise `TimeUp` when that takes longer than `seconds`.

    In the main thread of Linux and macOS an alarm signal does this; it interrupts a sleep too. Elsewhere a
    second thread does, which has to wait until a `time.sleep` has come to its end. Neither can stop a single
    call into C that does not end, such as `sum(itertools.repeat(0))`: for that, interrupt or restart the kernel.
    """
    seconds = max(seconds, 1e-3)  # a timer of 0 seconds would be no timer
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _with_alarm(function, seconds)
    return _with_watchdog(function, seconds)


def _with_alarm(function: Callable[[], Result], seconds: float) -> Result:
    running, swallowed = True, False

    def ring(signum: int, frame: FrameType | None) -> None:
        nonlocal swallowed
        if not running:
            return
        if swallowed:
            # An `except:` took the first one, and would take this. So raise once more at the next line that
            # runs: that is the `except:` itself, and it does not take what is raised in it.
            while frame is not None and frame.f_code is not _with_alarm.__code__:
                frame.f_trace = trip
                frame = frame.f_back
            sys.settrace(trip)
        swallowed = True
        raise TimeUp

    def trip(frame: FrameType, event: str, arg: Any) -> Any:
        if running and event == "line":
            raise TimeUp
        return trip

    traced = sys.gettrace()
    handler = signal.signal(signal.SIGALRM, ring)
    started = time.monotonic()
    delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        try:
            return function()
        finally:
            running = False  # first of all, and no call: no signal can come between
    finally:
        if sys.gettrace() is not traced:
            sys.settrace(traced)
        signal.setitimer(signal.ITIMER_REAL, 0)
        # `None` stands for a handler that was not set from Python and cannot be put back from there.
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if delay:  # somebody else's timer was running: let it run on
            signal.setitimer(signal.ITIMER_REAL, max(delay - (time.monotonic() - started), 1e-3), interval)


def _with_watchdog(function: Callable[[], Result], seconds: float) -> Result:
    thread = ctypes.c_ulong(threading.get_ident())
    done, rung = threading.Event(), threading.Event()

    def ring() -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TimeUp))

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            rung.set()
            ring()
            wait = AGAIN

    watchdog = threading.Thread(target=watch, daemon=True)
    watchdog.start()
    try:
        return function()
    finally:
        quiet = False
        while True:  # a last TimeUp may arrive anywhere in here
            try:
                done.set()
                watchdog.join()
                quiet = True
                if not rung.is_set():
                    break
                # One may still be on its way, and must not arrive later. To take it back would leave the
                # interpreter's flag up (Python 3.11 then hangs under a debugger). So send one, and wait for it.
                ring()
                while True:
                    pass
            except TimeUp:
                if quiet:
                    break
