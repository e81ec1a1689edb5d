"""The reports of a plan made by the workers of a dask cluster, and put in their place on this machine.

Everything else of a run stays here: plan, ledger, site. Each report is placed once, by the one result that
its future has, however often dask had to make it because a worker was lost.
"""

from __future__ import annotations

import io
import logging
import time
import zipfile
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from analysis.operate.reports import ReportError, ReportResult, lost, place
from analysis.operate.runs.fingerprints import library_versions
from analysis.operate.runs.inputs import ClusterError
from analysis.operate.runs.worker import Delivery, Wanted, differences, make_report

if TYPE_CHECKING:
    from analysis.operate.runs.inputs import Request
    from analysis.operate.runs.plan import Task

CONNECTING = 30.0
"""Seconds that the scheduler may take to answer."""
JOINING = 60.0
"""Seconds to wait for a worker, at the start and when all of them have gone."""
LOOKING = 1.0
"""Seconds after which the cluster is looked at, if no report is done."""
ENDING = 5.0


def reports_at_once(address: str, tasks: Sequence[Task]) -> int:
    """Return how many reports the workers make at once; raises ``ClusterError`` if they cannot or must not.

    Every worker must have the data, code, notebooks and library versions of this machine.
    """
    with _connected(address) as client:
        _wait_for_a_worker(client, address)
        found = client.run(differences, wanted(tasks), on_error="return")
        faults = [f"worker {worker}: {_fault(answer)}" for worker, answer in found.items() if answer]
        if faults:
            raise ClusterError("\n".join([*faults, f"--cluster {address}: nothing was run"]))
        return _threads(client)


def wanted(tasks: Sequence[Task]) -> Wanted:
    """Return what workers must have for these reports to be what their fingerprints say."""
    notebooks = {task.parameters.NOTEBOOK: task.fingerprint["notebook"] for task in tasks}
    common = tasks[0].fingerprint
    return Wanted(common["data"], common["code"], notebooks, library_versions())


def _fault(answer: object) -> str:
    if isinstance(answer, BaseException):
        return f"{type(answer).__name__}: {answer}; install the version of this suite there that is used here"
    return str(answer)


def make_on_cluster(
    address: str, tasks: Sequence[Task], request: Request, *,
    on_start: Callable[[str], None], on_done: Callable[[ReportResult], None],
) -> None:  # fmt: skip
    """Make each report on the cluster, and say when it is handed over and what became of it.

    Raises ``ClusterError`` where the scheduler, or all workers for a minute, are gone, and where a worker has
    something else than this machine.
    """
    with _connected(address) as client:
        making = _Making(client, address, tasks, request)
        while making.waiting or making.running:
            for name in making.hand_over():
                on_start(name)
            for result in making.results():
                on_done(result)


class _Making:
    """The reports that wait, and those that have been handed over to the cluster."""

    def __init__(self, client: Client, address: str, tasks: Sequence[Task], request: Request) -> None:
        self.client, self.address, self.request = client, address, request
        self.wanted = wanted(tasks)
        self.waiting = deque(tasks)
        self.running: dict[Future[Delivery], Task] = {}
        self.done: Queue[Future[Delivery]] = Queue()
        self.seen = time.monotonic()
        """When there were workers last."""

    def hand_over(self) -> Iterator[str]:
        """Hand over as many reports as the workers make at once, and one more for each; yield their names."""
        threads = self.client.nthreads()
        self._look(bool(threads))
        room = sum(threads.values()) + len(threads) - len(self.running)
        while self.waiting and room > 0:
            task, room = self.waiting.popleft(), room - 1
            future = self.client.submit(
                make_report, task.name, task.parameters, task.neighbours, self.wanted,
                engine=self.request.engine, timeout=self.request.timeout, memory=self.request.memory,
                pure=False,  # a report that is made again is not the one that dask still knows
            )  # fmt: skip
            self.running[future] = task
            future.add_done_callback(self.done.put)
            yield task.name

    def results(self) -> Iterator[ReportResult]:
        """Wait until a report is done, not for long, and yield what became of those that are."""
        with suppress(Empty):
            future = self.done.get(timeout=LOOKING)
            while True:
                yield self._result(future, self.running.pop(future))
                future = self.done.get_nowait()

    def _result(self, future: Future[Delivery], task: Task) -> ReportResult:
        """Return what became of a report, once what a worker has delivered is in its place."""
        if future.status == "error":
            error = future.exception()
            return lost(task.name, self.request.out_dir, _cause(error), 0.0)
        if future.status != "finished":
            raise ClusterError(f"--cluster {self.address}: the scheduler is gone")
        delivery = future.result()
        if delivery.refused:
            # Changed since the workers were asked, or a worker that has come since.
            raise ClusterError(f"--cluster {self.address}: worker {delivery.worker}: {delivery.refused}")
        return place_delivery(delivery, self.request.out_dir)

    def _look(self, workers: bool) -> None:
        now = time.monotonic()
        if workers:
            self.seen = now
        elif now - self.seen > JOINING:
            raise ClusterError(f"--cluster {self.address}: there has been no worker for {JOINING:g} s")


def place_delivery(delivery: Delivery, out_dir: Path) -> ReportResult:
    """Put a delivered report in its place, or its notebook aside, and return what became of it."""

    def unpack(work: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(delivery.archive)) as archive:
            archive.extractall(work)
        if delivery.error is not None:
            raise ReportError(delivery.error)

    return replace(place(delivery.name, out_dir, unpack), seconds=delivery.seconds)


def _cause(error: BaseException | None) -> str:
    """Return why there is no result."""
    if isinstance(error, KilledWorker):
        times, last = error.allowed_failures + 1, error.last_worker.host
        return f"{times} workers ended while they made it, the last on {last}; was there too little memory?"
    return f"{type(error).__name__}: {error}"


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Connect to the scheduler; what goes wrong with it, now or later, is a ``ClusterError``."""
    for name in ("distributed", "distributed.client"):  # which would log a traceback beside it
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False, name="analysis-run")
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"--cluster {address}: no scheduler answers there ({error}); start one with 'dask scheduler' and "
            "give the address that it prints, or leave --cluster out to make the reports on this machine"
        ) from error
    try:
        yield client
    except (OSError, CancelledError) as error:
        raise ClusterError(f"--cluster {address}: the scheduler is gone ({error})") from error
    finally:
        with suppress(TimeoutError):
            client.close(timeout=ENDING)


def _wait_for_a_worker(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=JOINING)
    except TimeoutError as error:
        raise ClusterError(
            f"--cluster {address}: no worker has joined in {JOINING:g} s; start some with "
            f"'dask worker {address}' in the project folder"
        ) from error


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())
