"""A run: checked, planned, made, entered in the ledger, and summed up for people, monitors and readers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.operate.reports import PAGE, ReportResult, one_line
from analysis.operate.runs.files import Files
from analysis.operate.runs.fingerprints import LENGTH, Ingredients, hash_of
from analysis.operate.runs.inputs import Checked, ClusterError, LeftOut, Request, check_reports
from analysis.operate.runs.ledger import Ledger, Result, now, open_ledger
from analysis.operate.runs.lock import locked
from analysis.operate.runs.making import make_all, ready
from analysis.operate.runs.plan import Plan, make_plan
from analysis.operate.runs.progress import Progress
from analysis.operate.runs.publishing import open_store, publish
from analysis.operate.runs.sampling import wrongly_left
from analysis.operate.runs.snapshots import record
from analysis.operate.runs.summary import RunSummary, Said, refuse
from analysis.operate.signals import interruptible, status_of
from analysis.show.navigation import MEMOS
from analysis.show.params import ParameterError
from analysis.version import __version__

T = TypeVar("T")
_NONE: LeftOut = {}


def dry_run(request: Request, data: Dataset, left_out: LeftOut = _NONE) -> Plan:
    """Return what a run would do and why; nothing is written. Raises ``ParameterError``."""
    checked = check_reports(request, data, left_out)
    with open_ledger(request.out_dir) as ledger:
        return _plan(request, data, checked, ledger)[1]


def run(request: Request, data: Dataset, left_out: LeftOut = _NONE, *, quiet: bool = False) -> RunSummary:
    """Make the reports that are not up to date, and return what became of each.

    ``left_out`` are the programmes that the data had to be left without. Shows its progress on standard error
    unless ``quiet``. With a fault of a notebook, or of all parameter files, nothing is run. Raises
    ``BusyError`` where another run writes into the same folder, ``LedgerError`` for a ledger that cannot be
    used, ``ClusterError`` for a cluster that cannot make the reports, and ``PublishError`` for a place that
    nothing can be published to.
    """
    try:
        checked = check_reports(request, data, left_out)
    except ParameterError as error:
        return refuse(request.out_dir, error.faults)
    if request.publish is not None:
        open_store(request.publish)
    request.out_dir.mkdir(parents=True, exist_ok=True)
    started = now()
    with locked(request.out_dir), open_ledger(request.out_dir, write=True) as ledger, interruptible():
        ingredients, plan = _plan(request, data, checked, ledger)
        try:
            request = ready(plan.tasks, request)
        except InputError as error:
            refuse(request.out_dir, str(error).splitlines())
            raise
        number = ledger.start(
            data_hash=data.data_hash,
            version=__version__,
            engine=request.engine,
            processes=request.processes,
            planned=len(plan.tasks) + len(plan.refused),
            up_to_date=len(plan.up_to_date),
            libraries=(hash_of(ingredients.libraries)[:LENGTH], ingredients.libraries),
        )
        return _Run(request, data, ledger, plan, number, started, left_out).go(quiet)


def _plan(request: Request, data: Dataset, checked: Checked, ledger: Ledger) -> tuple[Ingredients, Plan]:
    notebooks = (parameters.NOTEBOOK for parameters in checked.reports.values())
    ingredients = Ingredients.of(data, request.notebooks, notebooks)
    return ingredients, make_plan(
        checked, ingredients, ledger, request.out_dir, force=request.force, memos=_memos(request)
    )


def _memos(request: Request) -> frozenset[str]:
    """Return the memos that pages may lead to: none from a page that is published, since no memo is."""
    folder = request.out_dir.parent / MEMOS
    return (
        frozenset() if request.publish is not None else frozenset(path.name for path in folder.glob("*.docx"))
    )


class _Run:
    """One run that holds its folder and stands in the ledger."""

    def __init__(
        self, request: Request, data: Dataset, ledger: Ledger, plan: Plan, number: int, started: str,
        left_out: LeftOut,
    ) -> None:  # fmt: skip
        self.request, self.data, self.ledger, self.plan, self.number = request, data, ledger, plan, number
        self.tasks = {task.name: task for task in plan.tasks}
        self.results: list[ReportResult] = []
        self.told: set[str] = set()
        said = plan.refused.values()
        self.problems = [
            f"{programme} was left out: {fault}" for programme, fault in left_out.items() if fault not in said
        ]
        self.interrupted: int | None = None
        self.started, self.clock = started, time.monotonic()

    def go(self, quiet: bool) -> RunSummary:
        """Make the reports, then the ledger's last entry, the site and the summary file, come what may."""
        request, ledger = self.request, self.ledger
        try:
            for name, fault in self.plan.refused.items():
                self._refuse(name, fault)
            self._make(quiet)
            self._attempt("sample", self._try_a_sample)
            self._attempt("changes of the data", lambda: record(ledger, self.number, self.data))
        except ClusterError as error:
            self.problems.append(f"{error}; the next run goes on with what is left")
        except KeyboardInterrupt as error:
            self.interrupted = status_of(error)
        except Exception as error:
            self.problems.append(
                f"the run broke off: {one_line(error)}; the next run goes on with what is left"
            )
        summary = self._sum_up()
        self._attempt("ledger", lambda: ledger.finish(self.number, summary.status))
        written = self._attempt("site", lambda: self._write_site(summary))
        if (url := request.publish) is not None:
            self._attempt("publishing", lambda: self._publish(url))
        site, places = written or (None, {})
        summary = replace(self._sum_up(), site=site, places=places)
        summary.write(request.out_dir)
        return summary

    def _make(self, quiet: bool) -> None:
        with Progress(len(self.tasks), quiet=quiet) as progress:

            def done(result: ReportResult) -> None:
                self.results.append(result)
                self._attempt("ledger", lambda: self._enter(result))
                progress.done(result)
                if not quiet:
                    self.told.add(result.name)

            make_all(self.plan.tasks, self.request, self.data.root, on_start=progress.start, on_done=done)

    def _enter(self, made: ReportResult) -> None:
        task = self.tasks[made.name]
        files = None if made.error is not None else Files.of(self.request.out_dir / task.name)
        status = "failed" if files is None else "made"
        result = Result(task.name, task.cause, status, made.seconds, made.error, task.fingerprint)
        self.ledger.enter(self.number, result, task.parameters.model_dump(), files)

    def _try_a_sample(self) -> None:
        """Make some of the reports that were left although the data has changed; say which are others now."""
        for name in wrongly_left(self.plan.unread, self.request, self.data.root, make_all):
            self.problems.append(
                f"{name}: left as it was, but made now it differs: it reads more of the data than "
                "show/given.py gives it; make all anew with --force, and report this"
            )

    def _refuse(self, name: str, fault: str) -> None:
        """Enter a report that cannot be made as failed; one of an earlier run stays in its place."""
        kept = (self.request.out_dir / name / PAGE).is_file()
        self.results.append(ReportResult(name, None, 0.0, fault, kept=kept))
        result = Result(name, "left out", "failed", 0.0, fault, {})
        self._attempt("ledger", lambda: self.ledger.enter(self.number, result, None, None))

    def _write_site(self, summary: RunSummary) -> tuple[Path, dict[str, Said]]:
        # The libraries that word and draw estimates take seconds to import: a dry run does without.
        from analysis.operate.runs.site import write_site

        request = self.request
        return write_site(
            request.out_dir, self.data, self.ledger, summary, request.language,
            published=request.publish is not None,
        )  # fmt: skip

    def _publish(self, url: str) -> None:
        for name, why in publish(self.request.out_dir, url, self.ledger).items():
            self.problems.append(
                f"{name}: not published as it stands: {why}; publish a run that has this report in it"
            )

    def _attempt(self, what: str, act: Callable[[], T]) -> T | None:
        """Do what is beside the reports; what goes wrong with it is told, and stops nothing."""
        try:
            return act()
        except Exception as error:
            self.problems.append(f"{what}: {type(error).__name__}: {error}")
            return None

    def _sum_up(self) -> RunSummary:
        done = {result.name for result in self.results}
        return RunSummary(
            results=tuple(self.results),
            up_to_date=self.plan.up_to_date,
            left=tuple(name for name in self.tasks if name not in done),
            problems=tuple(dict.fromkeys(self.problems)),
            interrupted=self.interrupted,
            run=self.number,
            started=self.started,
            seconds=time.monotonic() - self.clock,
            data_hash=self.data.data_hash,
            engine=self.request.engine,
            processes=self.request.processes,
            told=frozenset(self.told),
        )
