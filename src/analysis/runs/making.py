"""The reports of a plan, made in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from analysis.runs.inputs import Request
from analysis.runs.plan import Task

if TYPE_CHECKING:
    from analysis.reports import ReportResult


def make_all(
    tasks: Sequence[Task],
    request: Request,
    *,
    on_start: Callable[[str], None],
    on_done: Callable[[ReportResult], None],
) -> None:
    """Make each report, and say when it begins and what became of it.

    Whatever ends this early (Ctrl-C) ends the workers before it goes on.
    """
    if not tasks:
        return
    # papermill takes a second to import: a run with nothing to make does without.
    from analysis.pool import Job, make_many

    notebooks = {task.name: request.notebooks / task.parameters.NOTEBOOK for task in tasks}
    jobs = [Job(task.name, task.parameters, notebooks[task.name], request.out_dir) for task in tasks]
    how: dict[str, Any] = {
        "processes": request.processes, "engine": request.engine, "timeout": request.timeout,
    }  # fmt: skip
    results = make_many(jobs, **how, on_start=on_start, on_done=on_done)
    with closing(results):
        for _ in results:
            pass
