"""Ctrl-C and the signals that end a process, as one exception with the exit status they call for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


class Interrupted(KeyboardInterrupt):
    """The run was told to end; ``status`` is the exit status of a process that this signal ended."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        super().__init__(signal.Signals(number).name)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``Interrupted`` where a signal would end the process; one that is ignored stays so (nohup).

    The first is enough: while the run ends in order, more of them change nothing.
    """
    before = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGINT)}
    fatal = [n for n, how in before.items() if how in (signal.SIG_DFL, signal.default_int_handler)]
    told = False

    def interrupt(number: int, _: FrameType | None) -> None:
        nonlocal told
        if not told:
            told = True
            raise Interrupted(number)

    for number in fatal:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in fatal:
            signal.signal(number, before[number])


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep signals back while a process starts: one that is broken off is ended by nobody.

    A mask would not do, since they reach whatever thread lets them through.
    """
    if current_thread() is not main_thread():
        yield
        return
    told = list[int]()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    heard = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in heard:
        signal.signal(number, lambda number, _: told.append(number))
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
        for number in told[:1]:
            signal.raise_signal(number)


@contextmanager
def deaf() -> Iterator[None]:
    """Have a process that is started leave Ctrl-C to us: amid its imports it would print a traceback."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def status_of(error: KeyboardInterrupt) -> int:
    """Return the exit status of a run that was interrupted: 130 for Ctrl-C, 143 for SIGTERM."""
    return error.status if isinstance(error, Interrupted) else 128 + signal.SIGINT
