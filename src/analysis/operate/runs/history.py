"""The runs of a folder as its ledger has them, as a table of text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from analysis.evidence.errors import InputError
from analysis.operate.runs.ledger import LEDGER, Result, Run, local_time, open_ledger

COLUMNS = ("run", "started", "status", "seconds", "made", "failed", "up to date", "data", "version")


class UnknownRunError(InputError):
    """No run of that number; the message names the latest."""


def list_runs(folder: Path, last: int | None = None, *, as_json: bool = False) -> str:
    """Return the ``last`` runs, the latest first."""
    with open_ledger(folder) as ledger:
        runs = ledger.runs(last)
    if as_json:
        return _json([run._asdict() for run in runs])
    return _align([COLUMNS, *map(_cells, runs)]) if runs else f"no runs yet in {folder.as_posix()}"


def show_run(folder: Path, number: int, *, as_json: bool = False) -> str:
    """Return one run with what became of each of its reports; raises ``UnknownRunError``."""
    with open_ledger(folder) as ledger:
        runs = {run.id: run for run in ledger.runs()}
        results = ledger.results(number)
    if number not in runs:
        latest = f"the latest is {max(runs)}" if runs else "there is none yet"
        raise UnknownRunError(f"no run {number} in {(folder / LEDGER).as_posix()}; {latest}")
    run = runs[number]
    if as_json:
        return _json({**run._asdict(), "results": [result._asdict() for result in results]})
    return "\n".join([_summary(run, len(results)), *_lines(results)])


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _cells(run: Run) -> tuple[str, ...]:
    return (
        str(run.id), _time(run), run.status, _seconds(run), str(run.made), str(run.failed),
        str(run.up_to_date), run.data_hash[:12], run.version,
    )  # fmt: skip


def _summary(run: Run, results: int) -> str:
    left = run.planned - results
    return (
        f"run {run.id}: {run.status}, {_time(run)}, {_seconds(run)} s; "
        f"{run.engine} engine, {run.processes} at once; data {run.data_hash[:12]}, "
        f"version {run.version}; {run.made} made, {run.failed} failed, "
        f"{run.up_to_date} up to date" + (f", {left} left" if left else "")
    )


def _lines(results: Sequence[Result]) -> list[str]:
    """Return a line for each result, and its error below it."""
    rows = [(result.status, f"{result.seconds:.1f} s", result.name, result.cause) for result in results]
    errors = [f"\n  {result.error}" if result.error else "" for result in results]
    return [line + error for line, error in zip(_align(rows).splitlines(), errors, strict=True)]


def _time(run: Run) -> str:
    return local_time(run.started).strftime("%Y-%m-%d %H:%M")


def _seconds(run: Run) -> str:
    if run.finished is None:
        return "-"
    spent = datetime.fromisoformat(run.finished) - datetime.fromisoformat(run.started)
    return f"{spent.total_seconds():.0f}"


def _align(rows: Sequence[Sequence[str]]) -> str:
    """Return rows with their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
