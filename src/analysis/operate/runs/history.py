"""The runs of a folder as its ledger has them, as a table of text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.operate.runs.ledger import LEDGER, opened


class UnknownRunError(LookupError):
    """No run of that number; the message names the latest."""


def history(folder: Path, run: int | None = None, *, last: int | None = None, as_json: bool = False) -> str:
    """Return the ``last`` runs, the latest first, or one run with what became of each of its reports.

    Raises ``UnknownRunError`` for a number that no run has.
    """
    with opened(folder) as ledger:
        runs = ledger.runs(last if run is None else None)
        if run is None:
            return _json(runs) if as_json else _table_of_runs(runs, folder)
        found = next((each for each in runs if each["id"] == run), None)
        if found is None:
            latest = f"the latest is {runs[0]['id']}" if runs else "there is none yet"
            raise UnknownRunError(f"no run {run} in {(folder / LEDGER).as_posix()}; {latest}")
        results = ledger.results(run)
    return _json({**found, "results": results}) if as_json else _one_run(found, results)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _table_of_runs(runs: Sequence[dict[str, Any]], folder: Path) -> str:
    if not runs:
        return f"no runs yet in {folder.as_posix()}"
    heads = ("run", "started", "status", "seconds", "made", "failed", "up to date", "data", "version")
    lines = [
        (str(run["id"]), _local(run["started"]), run["status"], _seconds(run), str(run["made"]),
         str(run["failed"]), str(run["up_to_date"]), run["data_hash"][:12], run["version"])
        for run in runs
    ]  # fmt: skip
    return _aligned([heads, *lines])


def _one_run(run: dict[str, Any], results: Sequence[dict[str, Any]]) -> str:
    left = run["planned"] - len(results)
    head = (
        f"run {run['id']}: {run['status']}, {_local(run['started'])}, {_seconds(run)} s; "
        f"{run['engine']} engine, {run['processes']} at once; data {run['data_hash'][:12]}, "
        f"version {run['version']}; {run['made']} made, {run['failed']} failed, "
        f"{run['up_to_date']} up to date" + (f", {left} left" if left else "")
    )
    if not results:
        return head
    rows = [(each["status"], f"{each['seconds']:.1f} s", each["name"], each["cause"]) for each in results]
    lines = _aligned(rows).split("\n")
    errors = [f"\n  {each['error']}" if each["error"] else "" for each in results]
    return "\n".join([head, *(line + error for line, error in zip(lines, errors, strict=True))])


def _seconds(run: dict[str, Any]) -> str:
    if run["finished"] is None:
        return "-"
    spent = datetime.fromisoformat(run["finished"]) - datetime.fromisoformat(run["started"])
    return f"{spent.total_seconds():.0f}"


def _local(time: str) -> str:
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def _aligned(rows: Iterable[Sequence[str]]) -> str:
    """Return rows with their columns below each other."""
    table = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
