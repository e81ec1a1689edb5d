"""Many memos at once, in processes as reports are: each whole or absent, and a failure stops no other."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.operate.pool import make_many, usable_processors
from analysis.operate.reports import ReportResult, one_line
from analysis.operate.runs.machine import check_machine
from analysis.operate.runs.progress import Progress
from analysis.operate.signals import interruptible, status_of
from analysis.show.memo import MemoRequest, NumeralError, TemplateError, named, write_memo, write_memos

_SAID = (NumeralError, TemplateError)
"""Errors whose message says it all."""


@dataclass(frozen=True)
class MemoJob:
    """One memo to write: ``about`` is what it is made from."""

    name: str
    about: Mapping[str, str]
    request: MemoRequest
    root: Path
    out: Path
    preload: ClassVar[str] = "analysis.operate.memo_preload"

    @property
    def path(self) -> Path:
        """The file of the memo."""
        return self.out / f"{self.name}{self.request.suffix}"

    def make(self, *, engine: str, timeout: float | None) -> ReportResult:
        """Write it in this process; a failure is a result too. A memo runs no notebook: both are unused."""
        started = time.monotonic()
        try:
            path = write_memo(processed.load(self.root), self.request, self.about, self.out)
            return ReportResult(self.name, path, time.monotonic() - started)
        except Exception as problem:
            error = str(problem) if isinstance(problem, _SAID) else one_line(problem)
            return self.lost("; ".join(error.splitlines()), time.monotonic() - started)

    def lost(self, error: str, seconds: float) -> ReportResult:
        """Return that it failed; a memo of an earlier run stays."""
        kept = "; the memo of an earlier run was left in place" if self.path.exists() else ""
        return ReportResult(self.name, None, seconds, f"{error}{kept}")

    def recover(self) -> None:
        """Nothing to undo: its file appears by rename."""


@dataclass(frozen=True)
class MemoSummary:
    """What became of the memos asked for, in the order in which they were."""

    jobs: tuple[MemoJob, ...]
    results: Mapping[str, ReportResult]
    seconds: float
    interrupted: int | None = None
    """The exit status of an interrupted run."""

    @property
    def written(self) -> Iterator[Path]:
        """The files that were written."""
        found = (self.results.get(job.name) for job in self.jobs)
        yield from (result.path for result in found if result and result.path)

    @property
    def failed(self) -> list[ReportResult]:
        """The memos that failed."""
        return [result for result in self.results.values() if result.error is not None]

    @property
    def exit_status(self) -> int:
        """0 all written, 1 some failed, 130 or 143 interrupted."""
        return self.interrupted or int(bool(self.failed))

    def told(self) -> int:
        """Print the files, and on standard error what became of all; return the exit status."""
        for path in self.written:
            print(path)
        print(self, file=sys.stderr, flush=True)
        return self.exit_status

    def __str__(self) -> str:
        number, failed = len(self.results), self.failed
        names = f": {', '.join(result.name for result in failed)}" if failed else ""
        lines = [f"memos: {number - len(failed)} made, {len(failed)} failed{names}, in {self.seconds:.1f} s"]
        if self.interrupted:
            lines.append(f"interrupted: {len(self.jobs) - number} left")
        return "\n".join(lines)


def write_asked(data: Dataset, request: MemoRequest, out: Path, *, processes: int | None = None) -> int:
    """Write one memo here, or several at once, and say what became of them; return the exit status."""
    if len(list(request.subjects)) > 1:
        return write_many(data, request, out, processes=processes).told()
    [written] = write_memos(data, request, out)
    failed = isinstance(written, NumeralError)
    print(written, file=sys.stderr if failed else sys.stdout)
    return int(failed)


def write_many(
    data: Dataset, request: MemoRequest, out: Path, *, processes: int | None = None
) -> MemoSummary:
    """Write memos, several at once, and return what became of each; progress is shown on standard error.

    The request is one that has been checked. Raises ``MachineError`` where this machine cannot do it.
    """
    jobs = tuple(MemoJob(named(about), about, request, data.root, out) for about in request.subjects)
    processes = min(processes or usable_processors(), len(jobs))
    check_machine(processes)
    results: dict[str, ReportResult] = {}
    started, interrupted = time.monotonic(), None
    try:
        with interruptible(), Progress(len(jobs), unit="memo") as progress:
            made = make_many(jobs, processes=processes, data=data.root, on_start=progress.start)
            with closing(made) as found:
                for result in found:
                    results[result.name] = result
                    progress.done(result)
    except KeyboardInterrupt as error:
        interrupted = status_of(error)
    return MemoSummary(jobs, results, time.monotonic() - started, interrupted)
