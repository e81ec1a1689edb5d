"""The reports of a plan, made in worker processes of this machine, or by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.operate.runs.inputs import ClusterError, Request
from analysis.operate.runs.machine import check_machine, check_utf8
from analysis.operate.runs.plan import Task

if TYPE_CHECKING:
    from analysis.operate.reports import ReportResult


def ready(tasks: Sequence[Task], request: Request) -> Request:
    """Return the request with the number of reports that are made at once, once a cluster is known to be fit.

    Raises ``ClusterError`` where the cluster of the request cannot make the reports, and ``MachineError``
    where this machine cannot.
    """
    if not tasks:
        return request
    if request.cluster is None:
        check_utf8(request.out_dir)
        check_machine(min(request.processes, len(tasks)))
        return request
    try:
        from analysis.operate.runs.cluster import reports_at_once
    except ModuleNotFoundError as error:
        raise ClusterError(
            f"--cluster needs the package {error.name}; install the extra: "
            "pip install --editable '.[cluster]'"
        ) from error
    return replace(request, processes=reports_at_once(request.cluster, tasks))


def make_all(
    tasks: Sequence[Task],
    request: Request,
    root: Path,
    *,
    on_start: Callable[[str], None],
    on_done: Callable[[ReportResult], None],
) -> None:
    """Make each report of the project in ``root``, and say when it begins and what became of it.

    Whatever ends this early (Ctrl-C) ends the workers before it goes on. Raises ``ClusterError`` where a
    cluster breaks down.
    """
    if not tasks:
        return
    if request.cluster is not None:
        from analysis.operate.runs.cluster import make_on_cluster

        make_on_cluster(request.cluster, tasks, request, on_start=on_start, on_done=on_done)
        return
    # papermill takes a second to import: a run with nothing to make does without.
    from analysis.operate.pool import make_many
    from analysis.operate.reports import Job

    notebooks = {task.name: request.notebooks / task.parameters.NOTEBOOK for task in tasks}
    jobs = [
        Job(
            task.name, task.parameters, notebooks[task.name], request.out_dir, request.run_in, task.neighbours
        )
        for task in tasks
    ]
    how: dict[str, Any] = {
        "processes": request.processes, "engine": request.engine, "timeout": request.timeout,
        "memory": request.memory, "data": root,
    }  # fmt: skip
    with closing(make_many(jobs, **how, on_start=on_start)) as results:
        for result in results:
            on_done(result)
