"""Many reports at once: each in a process of its own, forked off one that has imported the libraries.

A process that dies fails its report only. However a run ends, no process is left, and no half of a report.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import Any, ClassVar, Protocol

from analysis.operate.engine.processes import (
    adopt_orphans,
    children,
    end_children,
    end_orphans,
    end_with_parent,
    exit_cause,
    resident_memory,
)
from analysis.operate.reports import ReportResult
from analysis.operate.signals import deaf, undisturbed

GRACE = 60.0
"""Seconds beyond the timeout of a report after which its process is ended: for the page, and for a hang."""
ENDING = 5.0
"""Seconds that a process may take to end what it has started, and itself."""
PAUSES = (0.05, 0.3, 1.5)
"""Seconds before a report is begun again where what it is forked off was killed, which takes time to end."""
LOOKING = 0.1
"""Seconds between two looks at the memory of reports that have a limit."""
# Libraries that would otherwise start threads when they are imported; the last is the allocator of pyarrow.
ONE_THREAD = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
PRELOADED_DATA = "ANALYSIS_PRELOADED_DATA"
"""The variable that names to the module preloaded the project folder whose dataset it reads."""
_FORKS = sys.platform == "linux"
_context: Any = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
_starting = Lock()


class Making(Protocol):
    """What is made in a process of its own: a report, or a memo.

    ``preload`` is the module that the process imports from which it is forked; ``make`` makes it there,
    ``lost`` is called where its process is gone, and ``recover`` where it was killed.
    """

    preload: ClassVar[str]

    @property
    def name(self) -> str: ...

    def make(self, *, engine: str, timeout: float | None) -> ReportResult: ...

    def lost(self, error: str, seconds: float) -> ReportResult: ...

    def recover(self) -> None: ...


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_many(
    jobs: Iterable[Making],
    *,
    processes: int | None = None,
    engine: str = "warm",
    timeout: float | None = None,
    memory: float | None = None,
    data: Path | None = None,
    on_start: Callable[[str], None] | None = None,
    keep_server: bool = False,
) -> Generator[ReportResult, None, None]:
    """Make reports, ``processes`` at once; yield what became of each as it is done.

    ``processes`` is the number of usable processors if not given; ``engine`` and ``timeout`` (seconds for
    each report) are those of ``reports.make``; ``memory`` is how many megabytes the cells of a report may
    hold; ``data`` is the project folder whose dataset is read once for all of them. ``on_start`` is called
    with the name of a report that begins. Ends all that it has started when it ends or is closed, but with
    ``keep_server`` what the next reports are forked off.
    """
    waiting, making = deque(jobs), list[_Making]()
    if not waiting:
        return
    number = usable_processors() if processes is None else max(processes, 1)
    _start_server(data, waiting[0].preload)
    # What a notebook has started in a session of its own comes to us where somebody kills all above it.
    sole = current_thread() is main_thread() and not keep_server
    known = children() if sole else set()
    if sole:
        adopt_orphans()
    try:
        while waiting or making:
            while waiting and len(making) < number:
                with undisturbed():
                    making.append(_begin(waiting.popleft(), engine, timeout, memory, data))
                if on_start:
                    on_start(making[-1].job.name)
            yield from _results(making)
    finally:
        for each in making:
            each.process.terminate()
        for each in making:
            each.end()
        if not keep_server:
            _stop_server()
        if sole:
            end_orphans(known)


def _begin(
    job: Making, engine: str, timeout: float | None, memory: float | None, data: Path | None
) -> _Making:
    """Begin a report; start the process that it is forked off anew where somebody has killed that."""
    for pause in PAUSES:
        with suppress(EOFError, OSError):
            return _Making(job, engine, timeout, memory)
        time.sleep(pause)
        _start_server(data, job.preload)
    return _Making(job, engine, timeout, memory)


class _Making:
    """A report that is being made, and the process that makes it."""

    def __init__(self, job: Making, engine: str, timeout: float | None, memory: float | None) -> None:
        self.job, self.memory = job, memory
        self.started = time.monotonic()
        self.end_at = math.inf if timeout is None else self.started + timeout + GRACE
        self.connection, theirs = _context.Pipe()
        self.process = _context.Process(target=_make, args=(theirs, job, engine, timeout, dict(os.environ)))
        self.process.start()
        theirs.close()
        self.over = False
        """Whether it was too much for the limit of memory."""

    def look(self) -> None:
        """End the cells that hold too much memory; the process of their report goes on to say so."""
        if self.memory is not None and resident_memory(self.process.pid) > self.memory:
            self.over = True
            end_children(self.process.pid)

    def result(self) -> ReportResult | None:
        """Return what became of the report, ``None`` while it is being made."""
        with suppress(EOFError, OSError):
            if self.connection.poll():
                result: ReportResult = self.connection.recv()
                if result.error and self.over:
                    place = result.error.partition("DeadKernelError")[0]
                    return replace(result, error=f"{place}it held more than {self.memory:g} MB of memory")
                return result
        overdue = self.process.is_alive()
        if overdue and time.monotonic() < self.end_at:
            return None
        self.end()
        cause = "it hung" if overdue else exit_cause(self.process.exitcode)
        error = f"the process that made it was ended: {cause}"
        return self.job.lost(error, time.monotonic() - self.started)

    def end(self) -> None:
        """End the process with all below it, by force if it takes too long, and remove what was half done."""
        self.process.join(ENDING)
        if self.process.is_alive():
            end_children(self.process.pid)
            self.process.kill()
            self.process.join()
            self.job.recover()
        self.connection.close()


def _results(making: list[_Making]) -> Iterator[ReportResult]:
    """Wait until something has happened, and yield the results that there are then."""
    left = max(min(each.end_at for each in making) - time.monotonic(), 0)
    if any(each.memory is not None for each in making):
        left = min(left, LOOKING)
    ends = [end for each in making for end in (each.connection, each.process.sentinel)]
    wait(ends, None if math.isinf(left) else left)
    for each in list(making):
        each.look()
        if result := each.result():
            making.remove(each)
            each.end()
            yield result


def _make(
    connection: Connection, job: Making, engine: str, timeout: float | None, environment: dict[str, str]
) -> None:
    """Make a report in this process, which is for nothing else, and send what became of it."""
    for name in (*ONE_THREAD, PRELOADED_DATA):  # what the libraries have set there since stays
        os.environ.pop(name, None)
    os.environ.update(environment)
    # Ctrl-C reaches us as well, but it is for the process that runs us to say what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    _let_go_of_server()
    end_with_parent(signal.SIGTERM)
    adopt_orphans()
    try:
        result = job.make(engine=engine, timeout=timeout)
    finally:
        end_children()
    connection.send(result)


def _start_server(data: Path | None, *preload: str) -> None:
    """Start the process that reports are forked off, if it does not run; it must have one thread."""
    if not _FORKS:
        return
    settings = {**ONE_THREAD, **({PRELOADED_DATA: str(data)} if data else {})}
    with _starting:
        before = dict(os.environ)
        os.environ.update(settings)
        try:
            _context.set_forkserver_preload([*preload])
            with deaf():
                forkserver.ensure_running()
        finally:
            for name in settings:
                del os.environ[name]
            os.environ.update(before)


def _let_go_of_server() -> None:
    """Let the process that this one was forked off end with the run: a fork holds the pipe that keeps it."""
    server = getattr(forkserver, "_forkserver", None)
    if (held := getattr(server, "_forkserver_alive_fd", None)) is not None:
        os.close(held)
        server._forkserver_alive_fd = None  # type: ignore[union-attr]


def _stop_server() -> None:
    """End the process that reports are forked off: the next run imports the code and the data anew."""
    if (stop := getattr(getattr(forkserver, "_forkserver", None), "_stop", None)) and _FORKS:
        stop()
