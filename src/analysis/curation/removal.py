"""Take a programme out of the project: its rows in every table, its parameters and its report.

What is removed is said first and done only then; the documents stay where they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.curation.draft import IntakeError, raw_tables
from analysis.evidence import checks
from analysis.evidence.folders import PARAMS, RAW
from analysis.evidence.raw import RawTable
from analysis.evidence.register import parse_when
from analysis.evidence.schema import TABLES
from analysis.files import write_file


@dataclass(frozen=True)
class Removal:
    """What belongs to a programme: how many rows of each table, which files and folders; printed as text."""

    programme_id: str
    root: Path
    left: Mapping[str, RawTable]
    rows: Mapping[str, int]
    paths: tuple[Path, ...]

    def __str__(self) -> str:
        rows = ", ".join(f"{name} {count}" for name, count in self.rows.items())
        paths = [f"  {_below(path, self.root)}" + ("/" if path.is_dir() else "") for path in self.paths]
        return "\n".join([f"{self.programme_id}: rows of {rows}", *paths])

    def carry_out(self) -> None:
        """Write the tables without the rows, and remove the files and folders."""
        for name in self.rows:
            write_file(self.root / RAW / TABLES[name].path, self.left[name].text().encode())
        for path in self.paths:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def removal(programme_id: str, root: Path, reports: Path) -> Removal:
    """Return what belongs to a programme, with its report in the folder of the reports.

    Raises ``IntakeError`` where there is no such programme, or what is left would have faults that it has not
    now, such as a comparison with it.
    """
    tables = raw_tables(root)
    known = tables["programmes"].column("programme_id")
    if programme_id not in known:
        raise IntakeError(f"no programme {programme_id!r}; there are {', '.join(known)}")
    left = _without(tables, programme_id)
    before = {str(problem) for problem in checks.check_tables(tables)}
    new = [problem for problem in checks.check_tables(left) if str(problem) not in before]
    if new:
        lines = ["other rows need this programme; nothing was removed:", *map(str, new)]
        raise IntakeError("\n".join(lines), new)
    counts = {name: len(table.rows) - len(left[name].rows) for name, table in tables.items()}
    rows = {name: count for name, count in counts.items() if count}
    return Removal(programme_id, root, left, rows, tuple(_paths(programme_id, root, reports)))


def _without(tables: Mapping[str, RawTable], programme_id: str) -> dict[str, RawTable]:
    """Return the tables without the rows of a programme, its documents and the choices of it alone."""
    sources = _owned(tables["sources"], "source_id", programme_id)
    choices = _owned(tables["choices"], "choice_id", programme_id)
    owners = {"programme_id": {programme_id}, "source_id": sources, "choice_id": choices}
    left = {name: _kept(table, owners, choices) for name, table in tables.items()}
    unused = {"choice_id": _used(tables) - _used(left)}
    return {name: _kept(table, unused, set()) for name, table in left.items()}


def _used(tables: Mapping[str, RawTable]) -> set[str]:
    """Return the choices that a coding or a value of a series names."""
    whens = {when for table in tables.values() for when in table.column("when")}
    return {choice for when in whens for choice in _choices(when)}


def _owned(table: RawTable, column: str, programme_id: str) -> set[str]:
    pairs = zip(table.column(column), table.column("programme_id"), strict=True)
    return {name for name, owner in pairs if owner == programme_id}


def _kept(table: RawTable, owners: Mapping[str, set[str]], choices: set[str]) -> RawTable:
    """Return a table without the rows that belong to an owner, or hold under a reading of its choices."""
    columns = [(table.column(name), ids) for name, ids in owners.items() if name in table.header]
    whens = table.column("when")
    rows = [
        place
        for place in range(len(table.rows))
        if not any(cells[place] in ids for cells, ids in columns) and not choices & _choices(whens[place])
    ]
    return RawTable(
        table.table, table.header, [table.rows[at] for at in rows], [table.lines[at] for at in rows]
    )


def _choices(when: str) -> set[str]:
    try:
        return set(parse_when(when))
    except ValueError:  # a fault that the checks name
        return set()


def _paths(programme_id: str, root: Path, reports: Path) -> list[Path]:
    """Return the parameter files of a programme, and the reports that were made from them."""
    files = [path for path in sorted((root / PARAMS).glob("*.yaml")) if _programme_of(path) == programme_id]
    made = [reports / path.stem for path in files if (reports / path.stem).is_dir()]
    return [*files, *made]


def _programme_of(path: Path) -> str:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    return str(content.get("programme", "")) if isinstance(content, dict) else ""


def _below(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def confirmed(question: str) -> bool:
    """Return whether somebody says yes; where nobody can be asked, nobody did."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except (EOFError, RuntimeError):  # the second where standard input is closed
        return False
