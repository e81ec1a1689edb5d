"""One report: a papermill run and one self-contained HTML page, in a folder of its own.

A report is built in a folder beside its place and put there by rename, so that it is whole or absent; one
that fails is named and never stops the others.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from analysis.operate.lean import lean
from analysis.show.params import Parameters

FAILED = ".failed"
NOTEBOOK = "report.ipynb"
PAGE = "report.html"


@dataclass(frozen=True)
class ReportResult:
    """What became of one report: where it is, how long it took, and the error if it failed."""

    name: str
    path: Path
    seconds: float
    error: str | None = None
    kept: bool = False
    """Whether the report of an earlier run still stands in its place although this one failed."""

    def __str__(self) -> str:
        if self.error is None:
            return f"made    {self.path.as_posix()} ({self.seconds:.1f} s)"
        kept = "; the report of an earlier run was left in place" if self.kept else ""
        return f"failed  {self.name}: {self.error}; executed notebook: {self.path.as_posix()}{kept}"


def make(
    name: str,
    parameters: Parameters,
    *,
    notebook: Path,
    out_dir: Path,
    run_in: Path | None = None,
    engine: str = "warm",
    timeout: float | None = None,
) -> ReportResult:
    """Make one report in ``out_dir/<name>/`` and return what became of it; a failure is a result too.

    The notebook runs in the folder ``run_in``, or where it is. ``engine`` is ``warm`` (the cells run in
    a process that is forked off this one) or ``stock`` (in a kernel). The cells may take ``timeout`` seconds
    altogether.
    """
    started = time.monotonic()
    target, work = out_dir / name, unfinished(out_dir / name)
    try:
        recover(target)
        work.mkdir(parents=True)
        # Imported here: whoever only wants to know what became of a report need not wait for papermill.
        build = lean("analysis.operate.execution").build
        folder = run_in or notebook.parent
        build(notebook, parameters.model_dump(), work, name, folder, engine=engine, timeout=timeout)
        put(work, target)
        _remove(out_dir / FAILED / name)
        return ReportResult(name, target / PAGE, time.monotonic() - started)
    except Exception as error:  # whatever it is, the other reports go on
        message = str(error) if type(error).__name__ == "CellError" else _described(error)
        return lost(name, out_dir, message, time.monotonic() - started)
    finally:
        _remove(work)


def lost(name: str, out_dir: Path, error: str, seconds: float) -> ReportResult:
    """Return the result of a report that failed, and keep of it what there is of the executed notebook."""
    target, failed = out_dir / name, out_dir / FAILED / name
    work = unfinished(target)
    for path in work.glob("*"):
        if path.name != NOTEBOOK:
            _remove(path)
    if work.exists():
        put(work, failed)
    recover(target)
    return ReportResult(name, failed / NOTEBOOK, seconds, error, kept=target.exists())


def put(new: Path, target: Path) -> None:
    """Put a finished folder in the place of ``target`` by rename, and remove what stood there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = _aside(target)
    if target.exists():
        target.rename(old)
    new.rename(target)
    _remove(old)


def recover(target: Path) -> None:
    """Undo what a killed run left: put an old report back that was not replaced, drop unfinished folders."""
    old = _aside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    _remove(old)
    _remove(unfinished(target))


def unfinished(target: Path) -> Path:
    """Return the folder in which a report is built before it is put in its place."""
    return target.with_name(f".{target.name}.new")


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _described(error: Exception) -> str:
    """Return an error in one line."""
    lines = (line.strip() for line in str(error).splitlines())
    return f"{type(error).__name__}: {next(filter(None, lines), '')}"[:300]
