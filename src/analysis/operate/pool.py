"""Many reports at once: worker processes that make one report after another, on kernels of one zygote.

A worker that dies fails the report that it was making, and another takes its place. However a run ends, no
process is left, and no half of a report.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

from analysis.operate.engine import owner
from analysis.operate.engine.owner import Refusal
from analysis.operate.engine.preload import ONE_THREAD
from analysis.operate.reports import ReportResult, lost, make, recover
from analysis.show.params import Parameters

MOST_REPORTS = 50
"""Reports after which a worker is replaced, so that what a library forgets to free cannot grow."""
GRACE = 60.0
"""Seconds beyond the timeout of a report after which its worker is ended: for the page, and for a hang."""
ENDING = 5.0
"""Seconds that a worker may take to end its kernel and itself."""
KILLED = 9


@dataclass(frozen=True)
class Job:
    """One report to make."""

    name: str
    parameters: Parameters
    notebook: Path
    out_dir: Path
    run_in: Path | None = None
    """Folder that the notebook runs in, if it is not its own."""


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_many(
    jobs: Iterable[Job],
    *,
    processes: int | None = None,
    engine: str = "warm",
    timeout: float | None = None,
    data: Path | None = None,
    on_start: Callable[[str], None] | None = None,
    on_done: Callable[[ReportResult], None] | None = None,
) -> Generator[ReportResult, None, None]:
    """Make reports in ``processes`` worker processes; yield what became of each as it is done.

    ``processes`` is the number of usable processors if not given; ``engine`` and ``timeout`` (seconds for
    each report) are those of ``reports.make``; ``data`` is the project folder whose dataset warm kernels have
    read before they begin. ``on_start`` is called with the name of a report that begins,
    ``on_done`` with the result before it is yielded. Ends all that it has started when it ends, or is closed.
    """
    waiting = deque(jobs)
    if not waiting:
        return
    number = min(usable_processors() if processes is None else max(processes, 1), len(waiting))
    pool = _Pool(number, engine, timeout, data)
    try:
        while waiting or pool.busy:
            for worker in pool.ready()[: len(waiting)] if waiting else ():
                job = waiting.popleft()
                pool.give(worker, job)
                if on_start:
                    on_start(job.name)
            for result in pool.results():
                if on_done:
                    on_done(result)
                yield result
    finally:
        pool.end()


class _Worker:
    """A process that makes reports, and the one that it is making."""

    def __init__(self, context: Any, scratch: Path) -> None:
        self.scratch = scratch / uuid4().hex[:8]
        self.connection, theirs = context.Pipe()
        arguments = (theirs, dict(os.environ), self.scratch)
        self.process = context.Process(target=_work, args=arguments, daemon=True)
        with _one_thread():
            self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.started = 0.0
        self.made = 0

    def give(self, job: Job, engine: str, timeout: float | None, zygote: Path | None) -> None:
        self.job, self.started = job, time.monotonic()
        with suppress(OSError):  # it has died: its sentinel says so
            self.connection.send((job, engine, timeout, zygote))

    def result(self) -> ReportResult | None:
        """Return the result that the worker has sent, if it has."""
        with suppress(EOFError, OSError):
            if self.connection.poll():
                result: ReportResult = self.connection.recv()
                self.job = None
                self.made += 1
                return result
        return None

    def end(self) -> None:
        """End the process, by force if it takes too long."""
        self.process.terminate()
        self.process.join(ENDING)
        self.process.kill()
        self.process.join()
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def cause(self, overdue: bool) -> str:
        """Return why there is no result of a worker that has ended."""
        status = self.process.exitcode or 0
        if overdue:
            return "it hung: the process that made it was ended"
        if status >= 0:
            return f"the process that made it ended itself, with exit status {status}"
        hint = "; was there too little memory?" if -status == KILLED else ""
        return f"the process that made it was ended by signal {-status}{hint}"


class _Pool:
    """The workers of a run, each with a report to make or ready for one."""

    def __init__(self, size: int, engine: str, timeout: float | None, data: Path | None) -> None:
        self.size, self.timeout = size, timeout
        self.context = _context()
        self.found_zygote = owner.runs()
        # Now, so that it imports its libraries while the workers import theirs.
        self.engine, _ = _engine(engine, data)
        # Made by the workers, which see to it that it goes: nobody else could, should we be killed.
        self.scratch = Path(tempfile.gettempdir(), f"analysis-pool-{uuid4().hex[:8]}")
        self.workers: list[_Worker] = []

    @property
    def limit(self) -> float:
        """Seconds after which a worker is overdue."""
        return math.inf if self.timeout is None else self.timeout + GRACE

    @property
    def busy(self) -> list[_Worker]:
        return [worker for worker in self.workers if worker.job]

    def ready(self) -> list[_Worker]:
        """Return the workers without a report, as many as there may be."""
        for worker in list(self.workers):
            if worker.job is None and not worker.process.is_alive():
                self._dismiss(worker)
        while len(self.workers) < self.size:
            self.workers.append(_Worker(self.context, self.scratch))
        return [worker for worker in self.workers if worker.job is None]

    def give(self, worker: _Worker, job: Job) -> None:
        self.engine, zygote = _engine(self.engine)
        worker.give(job, self.engine, self.timeout, zygote)

    def results(self) -> Iterator[ReportResult]:
        """Wait until something has happened, and yield the results that there are then."""
        busy = self.busy
        left = min(worker.started for worker in busy) + self.limit - time.monotonic()
        files = [file for worker in busy for file in (worker.connection, worker.process.sentinel)]
        wait(files, None if math.isinf(left) else max(left, 0) + 0.01)
        for worker in busy:
            job, seconds, alive = worker.job, time.monotonic() - worker.started, worker.process.is_alive()
            assert job is not None
            if result := worker.result():
                if worker.made >= MOST_REPORTS:
                    self._dismiss(worker)
                yield result
            elif not alive or seconds > self.limit:
                self._dismiss(worker)
                yield lost(job.name, job.out_dir, worker.cause(overdue=alive), seconds)

    def _dismiss(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        worker.end()

    def end(self) -> None:
        """End every worker, the zygote if it was started for them, and remove what was half done."""
        unfinished = [worker.job for worker in self.busy if worker.job]
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.end()
        if not self.found_zygote:
            owner.close()
        for job in unfinished:
            recover(job.out_dir / job.name)
        shutil.rmtree(self.scratch, ignore_errors=True)


def _engine(engine: str, data: Path | None = None) -> tuple[str, Path | None]:
    """Return the engine that is possible now, with its zygote: the stock one where none can be forked."""
    if engine == "warm":
        try:
            return engine, owner.start(data)
        except Refusal as refusal:
            owner.warn(refusal)
    return "stock", None


def _context() -> Any:
    """Return how workers start: forked off a process that has imported papermill, or from nothing."""
    if owner.unsafe():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["analysis.operate.workshop"])
    return context


@contextmanager
def _one_thread() -> Iterator[None]:
    """What workers are forked off must have one thread, too; a worker gets the environment as it was."""
    before = dict(os.environ)
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for key in ONE_THREAD:
            os.environ.pop(key)
            if key in before:
                os.environ[key] = before[key]


def _work(connection: Connection, environment: dict[str, str], scratch: Path) -> None:
    """Make the reports that come, until the process that sends them ends or tells us to."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = str(scratch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Ctrl-C reaches us as well, but it is for the process that runs us to say what becomes of it.
    signal.signal(signal.SIGINT, lambda *_: None)
    Thread(target=_end_with_parent, args=(scratch,), daemon=True).start()
    try:
        for folder in (scratch.parent, scratch):
            folder.mkdir(mode=0o700, exist_ok=True)
        while True:
            job, engine, timeout, zygote = connection.recv()
            if zygote:
                owner.lend(zygote)
            files = {"notebook": job.notebook, "out_dir": job.out_dir, "run_in": job.run_in}
            connection.send(make(job.name, job.parameters, **files, engine=engine, timeout=timeout))
    except (EOFError, OSError):  # the process that we work for has ended
        pass
    finally:
        _remove_scratch(scratch)


def _end_with_parent(scratch: Path) -> None:
    """End this process when the one it works for has ended, without leaving anything."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDING)
    _remove_scratch(scratch)
    os._exit(1)


def _remove_scratch(scratch: Path) -> None:
    """Remove the folder of a worker, and that of all workers if nobody else is left to do so."""
    shutil.rmtree(scratch, ignore_errors=True)
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        with suppress(OSError):  # not the last worker
            scratch.parent.rmdir()
