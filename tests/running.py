"""A project for tests of runs: reports on an invented county, and runs that make them without computing."""

import json
import subprocess
from pathlib import Path

from analysis.estimates import processed
from analysis.operate import runs
from analysis.operate.reports import ReportResult

PARAMETERS = (
    "programme = ''\nlanguage = 'en'\nprice_year: int = None\nwith_sentences = False\npeers = None\n"
    "charts_dir = ''\n"
)
NAMES = ("first", "second", "third")
MAKER = "analysis.operate.runs.runner.make_all"


def notebook(*sources: str, parameters: str = PARAMETERS) -> dict:
    def cell(source: str, *tags: str) -> dict:
        metadata = {"tags": list(tags)}
        return {"cell_type": "code", "id": f"c{len(source)}", "metadata": metadata, "source": source,
                "outputs": [], "execution_count": None}  # fmt: skip

    cells = [cell(parameters, "parameters"), *map(cell, sources)]
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def write_notebook(*sources: str, **options: str) -> None:
    Path("notebooks").mkdir(exist_ok=True)
    content = json.dumps(notebook(*sources, **options))
    Path("notebooks/county_report.ipynb").write_text(content, encoding="utf-8")


def write_parameters(name: str, text: str = "programme: qingxi\n") -> None:
    Path("params").mkdir(exist_ok=True)
    Path(f"params/{name}.yaml").write_text(text, encoding="utf-8")


def maker(names: list[str], outcomes: dict[str, str | BaseException] | None = None):
    def make_all(tasks, request, root, *, on_start, on_done):
        for task in tasks:
            on_start(task.name)
            outcome = (outcomes or {}).get(task.name)
            if isinstance(outcome, BaseException):
                raise outcome
            names.append(task.name)
            page = request.out_dir / task.name / "report.html"
            if outcome is None:
                page.parent.mkdir(exist_ok=True)
                page.write_text(f"<p>{task.parameters.language}</p>")
            on_done(ReportResult(task.name, page, 0.1, outcome))

    return make_all


def request(*names: str, **options: object) -> runs.Request:
    folders = {"params_dir": Path("params"), "notebooks": Path("notebooks"), "out_dir": Path("reports")}
    return runs.Request(**folders, names=names, **options)


def run(*names: str, **options: object) -> runs.RunSummary:
    return runs.run(request(*names, **options), processed.load(Path.cwd()), quiet=True)


def causes(**options: object) -> dict[str, str]:
    planned = runs.dry_run(request(**options), processed.load(Path.cwd()))
    return {task.name: task.cause for task in planned.tasks}


def end_all(processes: list[subprocess.Popen]) -> None:
    """End services, the last started first; by force where one takes too long."""
    for process in reversed(processes):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
