"""Ctrl-C and the signals that end a process, as one exception with the exit status they call for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


class Interrupted(KeyboardInterrupt):
    """The run was told to end; ``status`` is the exit status of a process that this signal ended."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        super().__init__(signal.Signals(number).name)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``Interrupted`` where a signal would end the process; one that is ignored stays so (nohup)."""
    fatal = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in fatal:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in fatal:
            signal.signal(number, signal.SIG_DFL)


def status_of(error: KeyboardInterrupt) -> int:
    """Return the exit status of a run that was interrupted: 130 for Ctrl-C, 143 for SIGTERM."""
    return error.status if isinstance(error, Interrupted) else 128 + signal.SIGINT


def _interrupt(number: int, _: FrameType | None) -> None:
    raise Interrupted(number)
