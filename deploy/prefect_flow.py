"""A Prefect 3 flow that makes the reports on a schedule: retries, run history, and a summary in its UI.

    python deploy/prefect_flow.py --cron "0 6 * * 1" --timezone Asia/Shanghai

README.md in this folder says what must run beside it. The reports are made by ``analysis run`` in a process
of its own, so that the libraries of Prefect and those of the reports have nothing to do with each other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Read when Prefect is imported: nothing is told to its makers unless somebody wants that.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.schedules import Cron

PROJECT = Path(__file__).resolve().parents[1]
PYTHON = os.environ.get("ANALYSIS_PYTHON", sys.executable)
"""The Python that the suite is installed in, if that is not the one of Prefect."""
RETRIES, DELAY = 2, 300.0
ENDING = 60.0
"""Seconds that a run may take to end in order when the flow is cancelled."""


class ReportsFailed(Exception):
    """Some reports failed; the next attempt makes only these."""


class NothingRun(Exception):
    """The data or the call is wrong, or the run was ended: another attempt would change nothing."""


def run_reports(project: Path, arguments: Sequence[str]) -> dict[str, Any]:
    """Return the summary of ``analysis run``; raises ``ReportsFailed`` for status 1, else ``NothingRun``."""
    command = [PYTHON, "-m", "analysis.cli", "--data", str(project), "run", "--json", *arguments]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            output, errors = (content.decode() for content in process.communicate())
        except BaseException:  # the flow is being cancelled: the run ends in order, too
            process.terminate()
            process.wait(ENDING)
            raise
    if not output or process.returncode not in (0, 1):
        raise NothingRun(f"analysis run ended with status {process.returncode}: {(errors or output).strip()}")
    summary: dict[str, Any] = json.loads(output)
    if process.returncode:
        raise ReportsFailed(describe(summary))
    return summary


def describe(summary: dict[str, Any]) -> str:
    """Return the outcome of a run in lines: the counts, what failed, what else went wrong."""
    counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in summary["counts"].items())
    failed = [f"{each['name']}: {each['error']}" for each in summary["failed"]]
    return "\n".join([f"run {summary['run']}: {counts}", *failed, *summary["problems"]])


def is_worth_another_attempt(_: object, __: object, state: Any) -> bool:
    """Return whether a task failed because reports did, and not because the input is wrong."""
    return isinstance(state.result(raise_on_failure=False), ReportsFailed)


@task(retries=RETRIES, retry_delay_seconds=DELAY, retry_condition_fn=is_worth_another_attempt)
def make_reports(project: str, arguments: list[str]) -> str:
    """Make the reports that are not up to date, and return what became of them."""
    summary = run_reports(Path(project), arguments)
    get_run_logger().info(describe(summary))
    return describe(summary)


@flow(name="county-reports")
def county_reports(
    project: str = str(PROJECT), arguments: list[str] | None = None, retry_delay: float = DELAY
) -> str:
    """Make the reports of the project folder; ``arguments`` are those of ``analysis run``.

    Reports that failed are tried again twice, ``retry_delay`` seconds later.
    """
    made = make_reports.with_options(retry_delay_seconds=retry_delay)(project, arguments or [])
    create_markdown_artifact(f"```\n{made}\n```", key="county-reports", description="The reports of this run")
    return made


def main() -> None:
    """Wait for the times of the schedule, and run the flow at each."""
    parser = argparse.ArgumentParser(description="Make the county reports on a schedule, under Prefect 3.")
    parser.add_argument("--cron", required=True, help='when: "0 6 * * 1" is Mondays at 6')
    parser.add_argument("--timezone", default="Asia/Shanghai", help="%(default)s")
    parser.add_argument("--name", default="scheduled", help="name of the deployment (%(default)s)")
    parser.add_argument("--project", default=str(PROJECT), help="project folder (this one)")
    parser.add_argument("--retry-delay", type=float, default=DELAY, help="in seconds (%(default)g)")
    parser.add_argument("arguments", nargs="*", help="arguments of analysis run, after --")
    given = parser.parse_args()
    county_reports.serve(
        name=given.name,
        schedule=Cron(given.cron, timezone=given.timezone),
        parameters={
            "project": given.project, "arguments": given.arguments, "retry_delay": given.retry_delay,
        },
        limit=1,  # two runs never write into one folder: the second waits here
    )  # fmt: skip


if __name__ == "__main__":
    main()
