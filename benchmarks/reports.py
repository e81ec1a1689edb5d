"""County reports by the warm engine, against what its users would do otherwise, in one run.

Each way makes the same charts, notebooks and pages, and pays for its own start:

    command line   `papermill` and `nbconvert`, one report after another (a few only: it is slow)
    stock pool     stock kernels, as many at once
    warm           processes forked off one that has imported the libraries, as many at once
    plain          the cells as a function, without kernel and isolation, in as many worker processes

`--memory 200` makes that many reports with the warm engine and prints what all its processes hold.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import psutil

from analysis.estimates.processed import load
from analysis.evidence.folders import find_root
from analysis.operate.lean import lean
from analysis.operate.pool import make_many, usable_processors
from analysis.operate.reports import Job, ReportResult
from analysis.show.params import ReportParameters

GOALS = {"command line": 15.0, "stock pool": 5.0, "plain": 1 / 1.1}
BETWEEN = 20  # reports between two looks at the memory


def jobs(number: int, folder: Path) -> list[Job]:
    """Return jobs for each programme, in each language, with and without constant prices, over and over."""
    root = find_root()
    notebook = root / "notebooks" / ReportParameters.NOTEBOOK
    kinds = cycle(product(("en", "zh-Hans", "zh-Hant"), (None, 2024), load(root).programme_ids))
    return [
        Job(
            f"report-{place:03d}",
            ReportParameters(programme=programme, language=language, price_year=year),
            notebook,
            folder,
        )
        for place, (language, year, programme) in enumerate(islice(kinds, number))
    ]


def command_line(work: list[Job], _: int) -> None:
    """Make reports as the manual of papermill says."""
    for job in work:
        folder = job.out_dir / job.name
        (folder / "charts").mkdir(parents=True)
        given = {**job.parameters.model_dump(exclude_none=True), "charts_dir": folder / "charts"}
        options = [text for key, value in given.items() for text in ("-p", key, str(value))]
        executed = folder / "report.ipynb"
        papermill = ["papermill", job.notebook, executed, "--cwd", job.notebook.parent, *options]
        for command in (papermill, ["nbconvert", "--to", "html", executed]):
            subprocess.run([sys.executable, "-m", *map(str, command)], check=True, capture_output=True)


def engine(name: str) -> Callable[[list[Job], int], None]:
    """Return the way that makes reports with one of our engines."""

    def way(work: list[Job], processes: int) -> None:
        for result in make_many(work, processes=processes, engine=name, data=find_root()):
            assert result.error is None, result

    return way


def plain(work: list[Job], processes: int) -> None:
    """Make reports without any kernel."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(run_cells, work))


def run_cells(job: Job) -> None:
    """Run the cells of a report in this process, and write its notebook, charts and page."""
    nbformat, to_html = lean("nbformat"), lean("analysis.show.page").to_html
    folder = job.out_dir / job.name
    (folder / "charts").mkdir(parents=True)
    given = {**job.parameters.model_dump(), "charts_dir": str(folder / "charts")}
    notebook = nbformat.read(job.notebook, 4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown = run_cell(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names.update(given)
            if shown is not None:
                data = {"text/html": shown._repr_html_(), "text/plain": repr(shown)}
                cell.outputs = [nbformat.v4.new_output("display_data", data)]
    nbformat.write(notebook, folder / "report.ipynb")
    page = to_html(notebook, job.parameters.language, job.name)
    (folder / "report.html").write_text(page, encoding="utf-8")


def run_cell(source: str, names: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


WAYS: dict[str, Callable[[list[Job], int], None]] = {
    "command line": command_line,
    "stock pool": engine("stock"),
    "warm": engine("warm"),
    "plain": plain,
}


def compare(reports: int, few: int, processes: int) -> None:
    """Print the seconds that a report takes in each way, and how many times faster the warm engine is.

    On a machine that others use as well, the seconds of the processors say more than those of the clock.
    """
    seconds: dict[str, tuple[float, float]] = {}
    for name, way in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            work = jobs(few if name == "command line" else reports, Path(folder))
            at_once = 1 if name == "command line" else processes
            started, used = time.perf_counter(), processor_time()
            way(work, at_once)
            spent = time.perf_counter() - started, (processor_time() - used) / at_once
            clock, busy = seconds[name] = spent[0] / len(work), spent[1] / len(work)
            print(f"{name:12}  {len(work):4d} reports  {clock:6.2f} s each, {busy:6.2f} s of processors",
                  flush=True)  # fmt: skip
    for name, goal in GOALS.items():
        clock, busy = (one / other for one, other in zip(seconds[name], seconds["warm"], strict=True))
        print(
            f"warm is {clock:.2f} times as fast as {name} ({busy:.2f} by processors); the goal is {goal:.2f}"
        )


def processor_time() -> float:
    """Return the seconds that processors have worked for this process and those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory(reports: int, processes: int) -> None:
    """Print what the warm engine's processes hold in the course of many reports."""
    with tempfile.TemporaryDirectory() as folder:
        results = make_many(jobs(reports, Path(folder)), processes=processes, data=find_root())
        print("reports  MiB of all processes (shared pages counted once), most since the line before")
        for made, most in looks(results):
            print(f"{made:7d}  {most:7.0f}", flush=True)


def looks(results: Iterator[ReportResult]) -> Iterator[tuple[int, float]]:
    """Yield the number of reports made and the most memory seen, now and then."""
    most = 0.0
    for number, result in enumerate(results, start=1):
        assert result.error is None, result
        most = max(most, held())
        if number % BETWEEN == 0:
            yield number, most
            most = 0.0


def held() -> float:
    """Return the MiB that this process and all below it hold."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 2**20


def main() -> None:
    """Compare, or look at the memory."""
    parser = argparse.ArgumentParser(description="Measure the engines that make reports.")
    parser.add_argument("--reports", type=int, default=30, help="reports of each way (30)")
    parser.add_argument("--command-line", type=int, default=3, help="reports by the command line (3)")
    parser.add_argument("--processes", type=int, default=usable_processors(), help="processes (all)")
    parser.add_argument("--memory", type=int, metavar="N", help="look at the memory over N reports instead")
    options = parser.parse_args()
    if options.memory:
        memory(options.memory, options.processes)
    else:
        compare(options.reports, options.command_line, options.processes)


if __name__ == "__main__":
    main()
