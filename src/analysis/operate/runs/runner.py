"""A run: checked, planned, made, entered in the ledger, and summed up for people, monitors and readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.estimates.prices import price_years
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.files import Files
from analysis.operate.runs.fingerprints import LENGTH, Ingredients, hash_of
from analysis.operate.runs.inputs import ClusterError, Request, checked_reports
from analysis.operate.runs.ledger import Ledger, now, opened
from analysis.operate.runs.lock import locked
from analysis.operate.runs.making import make_all, ready
from analysis.operate.runs.plan import Plan, plan
from analysis.operate.runs.progress import Progress
from analysis.operate.runs.publishing import opened_store, publish
from analysis.operate.runs.signals import interruptible, status_of
from analysis.operate.runs.snapshots import note
from analysis.operate.runs.summary import RunSummary, write_wrong_input
from analysis.show.params import ParameterError, Parameters
from analysis.version import __version__

if TYPE_CHECKING:
    from analysis.operate.reports import ReportResult


def dry_run(request: Request, data: Dataset) -> Plan:
    """Return what a run would do and why; nothing is written. Raises ``ParameterError``."""
    reports = checked_reports(request, data.programme_ids, price_years(data))
    with opened(request.out_dir) as ledger:
        return _planned(request, data, reports, ledger)[1]


def run(request: Request, data: Dataset, *, quiet: bool = False) -> RunSummary:
    """Make the reports that are not up to date, and return what became of each.

    Shows its progress on standard error unless ``quiet``. With a fault in the parameters or a notebook
    nothing is run. Raises ``BusyError`` where another run writes into the same folder, ``LedgerError`` for a
    ledger that cannot be used, ``ClusterError`` for a cluster that cannot make the reports, and
    ``PublishError`` for a place that nothing can be published to.
    """
    summary = RunSummary(data_hash=data.data_hash, engine=request.engine, processes=request.processes)
    try:
        reports = checked_reports(request, data.programme_ids, price_years(data))
    except ParameterError as error:
        summary = replace(summary, faults=error.faults)
        summary.write(request.out_dir)
        return summary
    if request.publish is not None:
        opened_store(request.publish)
    request.out_dir.mkdir(parents=True, exist_ok=True)
    with locked(request.out_dir), opened(request.out_dir, write=True) as ledger, interruptible():
        ingredients, planned = _planned(request, data, reports, ledger)
        try:
            request = ready(planned.tasks, request)
        except ClusterError as error:
            write_wrong_input(request.out_dir, str(error).splitlines())
            raise
        summary = replace(summary, processes=request.processes)
        number = ledger.start(
            data_hash=data.data_hash,
            version=__version__,
            engine=request.engine,
            processes=request.processes,
            planned=len(planned.tasks),
            up_to_date=len(planned.up_to_date),
            libraries=(hash_of(ingredients.libraries)[:LENGTH], ingredients.libraries),
        )
        return _Run(request, data, ledger, planned, replace(summary, run=number)).go(quiet)


def _planned(
    request: Request, data: Dataset, reports: Mapping[str, Parameters], ledger: Ledger
) -> tuple[Ingredients, Plan]:
    notebooks = (parameters.NOTEBOOK for parameters in reports.values())
    ingredients = Ingredients.of(data.data_hash, request.notebooks, notebooks)
    return ingredients, plan(reports, ingredients, ledger, request.out_dir, force=request.force)


class _Run:
    """One run that holds its folder and stands in the ledger."""

    def __init__(
        self, request: Request, data: Dataset, ledger: Ledger, planned: Plan, summary: RunSummary
    ) -> None:
        self.request, self.data, self.ledger, self.summary = request, data, ledger, summary
        self.up_to_date = planned.up_to_date
        self.tasks = {task.name: task for task in planned.tasks}
        self.results: list[ReportResult] = []
        self.problems: list[str] = []

    def go(self, quiet: bool) -> RunSummary:
        """Make the reports, then the ledger's last entry, the site and the summary file, come what may."""
        started = time.monotonic()
        interrupted = None
        try:
            self._make(quiet)
            self._attempt("changes of the data", self._note_data)
        except ClusterError as error:
            self.problems.append(f"{error}; the next run goes on with what is left")
        except KeyboardInterrupt as error:
            interrupted = status_of(error)
        summary = self._summed(interrupted, time.monotonic() - started)
        self._attempt("ledger", lambda: self.ledger.finish(self._number, summary.status))
        self._attempt("site", lambda: self._write_site(summary))
        self._attempt("publishing", self._publish)
        summary = self._summed(interrupted, time.monotonic() - started)
        summary.write(self.request.out_dir)
        return summary

    @property
    def _number(self) -> int:
        assert self.summary.run is not None
        return self.summary.run

    def _make(self, quiet: bool) -> None:
        with Progress(len(self.tasks), quiet=quiet) as progress:

            def done(result: ReportResult) -> None:
                self.results.append(result)
                self._attempt("ledger", lambda: self._enter(result))
                progress.done(result)

            tasks = list(self.tasks.values())
            make_all(tasks, self.request, self.data.root, on_start=progress.start, on_done=done)

    def _enter(self, result: ReportResult) -> None:
        task = self.tasks[result.name]
        entry = (
            self._number,
            task.name,
            task.cause,
            result.seconds,
            task.fingerprint,
            task.parameters.model_dump(),
        )
        if result.error is None:
            self.ledger.made(*entry, Files.of(self.request.out_dir / task.name))
        else:
            self.ledger.failed(*entry, result.error)

    def _note_data(self) -> None:
        note(self.ledger, self._number, self.data)

    def _write_site(self, summary: RunSummary) -> None:
        # The libraries that word and draw estimates take seconds to import: a dry run does without.
        from analysis.operate.runs.site import write_site

        site = write_site(self.request.out_dir, self.data, self.ledger, summary, self.request.language)
        self.summary = replace(self.summary, site=site)

    def _publish(self) -> None:
        if self.request.publish is not None:
            publish(self.request.out_dir, self.request.publish, self.ledger)

    def _attempt(self, what: str, act: Callable[[], None]) -> None:
        """Do what is beside the reports; what goes wrong with it is told, and stops nothing."""
        try:
            act()
        except Exception as error:
            self.problems.append(f"{what}: {type(error).__name__}: {error}")

    def _summed(self, interrupted: int | None, seconds: float) -> RunSummary:
        made = {result.name for result in self.results}
        return replace(
            self.summary,
            results=tuple(self.results),
            up_to_date=self.up_to_date,
            left=tuple(name for name in self.tasks if name not in made),
            problems=tuple(dict.fromkeys(self.problems)),
            interrupted=interrupted,
            finished=now(),
            seconds=seconds,
        )
