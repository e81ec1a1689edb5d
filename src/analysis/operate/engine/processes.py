"""The processes below one of ours: counted, measured and ended, also those that left their group."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

import psutil

ENDING = 5.0
"""Seconds that a process which was killed may take to end."""
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Have what is left below this process stay below it when its own parent ends (Linux)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent(number: int) -> None:
    """Have this process receive a signal when its parent ends, and now if that has ended (Linux)."""
    parent = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def end_children(pid: int | None = None) -> None:
    """End all processes below one, or below this one, with those that are started meanwhile."""
    for _ in range(10):
        children = [child for child in _below(pid) if _runs(child)]
        if not children:
            return
        for child in children:
            with suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=ENDING)


def resident_memory(pid: int) -> float:
    """Return the megabytes in memory of all processes below one."""
    total = 0
    for child in _below(pid):
        with suppress(psutil.Error):
            total += child.memory_info().rss
    return total / 1e6


def exit_cause(status: int | None) -> str:
    """Return how a process ended: its exit status, or the signal."""
    if status is None or status >= 0:
        return f"it ended itself, with exit status {status}"
    hint = "; was there too little memory?" if -status == getattr(signal, "SIGKILL", 9) else ""
    return f"ended by {signal.Signals(-status).name}{hint}"


def _below(pid: int | None) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(psutil.Process(pid).children(recursive=True))
    return []


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
