"""The processes below one of ours: measured and ended, also those that left their group."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Collection
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


def children(pid: int | None = None) -> set[psutil.Process]:
    """Return the processes that one, or this one, has started or adopted."""
    with suppress(psutil.Error):
        return set(psutil.Process(pid).children())
    return set()


def end_children(pid: int | None = None, spare: Collection[psutil.Process] = ()) -> None:
    """End all processes below one, or below this one, with those that are started meanwhile."""
    for _ in range(10):
        found = [each for child in children(pid).difference(spare) for each in _family(child)]
        if not (running := [each for each in found if _runs(each)]):
            return
        for each in running:
            with suppress(psutil.Error):
                each.kill()
        psutil.wait_procs(running, timeout=ENDING)


def end_orphans(known: Collection[psutil.Process]) -> None:
    """End what this process has adopted: all below it that is not known, and no process of Python's own."""
    ours = {each.pid for each in multiprocessing.active_children()}
    end_children(spare={*known, *(child for child in children() if child.pid in ours)})


def resident_memory(pid: int) -> float:
    """Return the megabytes in memory of all processes below one."""
    total = 0
    for each in (each for child in children(pid) for each in _family(child)):
        with suppress(psutil.Error):
            total += each.memory_info().rss
    return total / 1e6


def exit_cause(status: int | None) -> str:
    """Return how a process ended: its exit status, or the signal."""
    if status is None or status >= 0:
        return f"it ended itself, with exit status {status}"
    hint = "; was there too little memory?" if -status == getattr(signal, "SIGKILL", 9) else ""
    return f"ended by {signal.Signals(-status).name}{hint}"


def _family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [process, *process.children(recursive=True)]
    return []


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
