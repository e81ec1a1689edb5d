"""The folder of a report: built beside its place and put there by rename, so that it is whole or absent."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from analysis.evidence.checks.problems import one_line as escaped
from analysis.operate.lean import lean
from analysis.show.navigation import PAGE as PAGE
from analysis.show.navigation import Neighbour
from analysis.show.params import Parameters

FAILED = ".failed"
CHARTS = "charts"
NOTEBOOK = "report.ipynb"


@dataclass(frozen=True)
class Job:
    """One report to make."""

    name: str
    parameters: Parameters
    notebook: Path
    out_dir: Path
    run_in: Path | None = None
    """Folder that the notebook runs in, if it is not its own."""
    neighbours: tuple[Neighbour, ...] = ()
    """The reports that its page leads to."""
    preload: ClassVar[str] = "analysis.operate.worker_preload"
    """The module that the process imports from which this is forked."""

    def make(self, *, engine: str, timeout: float | None) -> ReportResult:
        """Make it in this process, and return what became of it."""
        made: ReportResult = lean("analysis.operate.execution").make(self, engine=engine, timeout=timeout)
        return made

    def lost(self, error: str, seconds: float) -> ReportResult:
        """Return the result where the process that made it is gone, and put its folder in order."""
        return lost(self.name, self.out_dir, error, seconds)

    def recover(self) -> None:
        """Undo what a killed process left."""
        recover(self.out_dir / self.name)


@dataclass(frozen=True)
class ReportResult:
    """What became of one report: where it is, how long it took, and the error if it failed."""

    name: str
    path: Path | None
    """The page or, of a report that failed, the executed notebook, if there is one."""
    seconds: float
    error: str | None = None
    kept: bool = False
    """Whether the report of an earlier run still stands in its place although this one failed."""

    def __str__(self) -> str:
        if self.error is None:
            return f"made    {self.place} ({self.seconds:.1f} s)"
        notebook = f"; executed notebook: {self.place}" if self.path else ""
        kept = "; the report of an earlier run was left in place" if self.kept else ""
        return f"failed  {self.name}: {self.error}{notebook}{kept}"

    @property
    def place(self) -> str | None:
        """The path as messages show it."""
        return self.path.as_posix() if self.path else None


class ReportError(Exception):
    """Why there is no report, in one line."""


def place(name: str, out_dir: Path, fill: Callable[[Path], None]) -> ReportResult:
    """Have the folder of a report filled, put it in its place, and return what became of it.

    A failure is a result too: whatever it is, the other reports go on.
    """
    started = time.monotonic()
    target, work = out_dir / name, unfinished(out_dir / name)
    try:
        recover(target)
        work.mkdir(parents=True)
        fill(work)
        put(work, target)
        remove(out_dir / FAILED / name)
        return ReportResult(name, target / PAGE, time.monotonic() - started)
    except Exception as problem:
        error = str(problem) if isinstance(problem, ReportError) else one_line(problem)
        return lost(name, out_dir, error, time.monotonic() - started)
    finally:
        remove(work)


def lost(name: str, out_dir: Path, error: str, seconds: float) -> ReportResult:
    """Return the result of a report that failed, and keep of it what there is of the executed notebook."""
    target, failed = out_dir / name, out_dir / FAILED / name
    work = unfinished(target)
    for path in work.glob("*"):
        if path.name != NOTEBOOK or path.is_symlink():
            remove(path)
    remove(failed)
    if work.exists():
        put(work, failed)
    recover(target)
    notebook = failed / NOTEBOOK
    return ReportResult(name, notebook if notebook.is_file() else None, seconds, error, kept=target.exists())


def put(new: Path, target: Path) -> None:
    """Put a finished folder in the place of ``target`` by rename, and remove what stood there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = _aside(target)
    if target.exists() or target.is_symlink():
        target.rename(old)
    new.rename(target)
    remove(old)


def recover(target: Path) -> None:
    """Undo what a killed run left: put an old report back that was not replaced, drop unfinished folders."""
    old = _aside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    remove(old)
    remove(unfinished(target))


def unfinished(target: Path) -> Path:
    """Return the folder in which a report is built before it is put in its place."""
    return target.with_name(f".{target.name}.new")


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def one_line(error: Exception) -> str:
    """Return an error with its kind, in one line."""
    return f"{type(error).__name__}: {first_line(str(error))}"


def first_line(text: str) -> str:
    """Return the first line of a text that is not empty, printable and shortened to 200 characters."""
    line = escaped(next((line.strip() for line in text.splitlines() if line.strip()), ""))
    return line if len(line) <= 200 else f"{line[:199]}…"
