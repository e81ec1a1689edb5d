"""Which reports are to be made, and why; the others are up to date."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.operate.runs.fingerprints import (
    DATA,
    LIBRARIES,
    Fingerprint,
    Ingredients,
    changes,
    versions_changed,
)
from analysis.operate.runs.inputs import Checked
from analysis.operate.runs.ledger import Ledger, Report
from analysis.show.navigation import Neighbour, neighbours
from analysis.show.params import Parameters


class Task(NamedTuple):
    """One report to make: its parameters, what it is made from and why, and what its page leads to."""

    name: str
    parameters: Parameters
    fingerprint: Fingerprint
    cause: str
    neighbours: tuple[Neighbour, ...] = ()


class Plan(NamedTuple):
    """What a run is to do; ``up_to_date`` names the reports that nothing has changed for."""

    tasks: tuple[Task, ...]
    up_to_date: tuple[str, ...]
    refused: Mapping[str, str]
    """The reports that cannot be made, and why."""
    unread: tuple[Task, ...] = ()
    """The reports that are up to date although the data has changed: what they read of it has not."""

    def to_json(self) -> str:
        """Return the plan as JSON: what is to be made and why, and what is up to date."""
        tasks = [{"name": task.name, "cause": task.cause} for task in self.tasks]
        content = {"to_make": tasks, "up_to_date": self.up_to_date, "cannot_be_made": self.refused}
        return json.dumps(content, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        lines = [f"{task.name}: {task.cause}" for task in self.tasks]
        lines += [f"{name}: cannot be made: {fault}" for name, fault in self.refused.items()]
        refused = f", {len(self.refused)} cannot be made" if self.refused else ""
        counts = f"reports: {len(self.tasks)} to make, {len(self.up_to_date)} up to date{refused}"
        return "\n".join([*lines, counts])


def make_plan(
    checked: Checked, ingredients: Ingredients, ledger: Ledger, out_dir: Path, *, force: bool = False,
    memos: Container[str] = (),
) -> Plan:  # fmt: skip
    """Return which of the reports are to be made; ``force`` makes all of them.

    Pages lead to their ``memos``: one that has come or gone since makes its page anew, so that what a page
    says hangs on what there is, and not on what was made first.
    """
    known = ledger.reports()
    used = cache(ledger.libraries)
    tasks, up_to_date, unread = [], [], []
    given = {name: each.parameters for name, each in known.items() if each.made} | {
        name: parameters.model_dump() for name, parameters in checked.reports.items()
    }
    beside = neighbours(given, memos)
    for name, parameters in checked.reports.items():
        fingerprint = ingredients.fingerprint(parameters, beside[name])
        cause = "forced" if force else _cause(known.get(name), fingerprint, out_dir / name)
        if LIBRARIES in cause:
            old = known[name].fingerprint or {}
            cause += f" ({versions_changed(used(old['libraries']), ingredients.libraries)})"
        if cause:
            tasks.append(Task(name, parameters, fingerprint, cause, beside[name]))
        else:
            up_to_date.append(name)
            if (known[name].fingerprint or {}).get(DATA) != fingerprint[DATA]:
                unread.append(Task(name, parameters, fingerprint, "", beside[name]))
    return Plan(tuple(tasks), tuple(up_to_date), checked.refused, tuple(unread))


def _cause(report: Report | None, fingerprint: Fingerprint, folder: Path) -> str:
    """Return why a report is to be made, or empty text if it is up to date."""
    if report is not None and report.error is not None:
        return "failed last time"
    if report is None or report.fingerprint is None or report.files is None:
        return "no report yet"
    if found := changes(report.fingerprint, fingerprint):
        return ", ".join(found)
    altered = report.files.find_alteration(folder)
    return f"report file {altered}" if altered else ""
