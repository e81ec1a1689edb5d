"""Faults told apart: those of one programme, without which the tables are sound, and those of all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from analysis.evidence.checks.problems import DataError, Problem, RawData, RawRow, file_of
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import TABLES

Tables = Mapping[str, RawTable]
Faults = Mapping[str, list[Problem]]


def leave_out(
    tables: Tables, problems: Iterable[Problem], check: Callable[[Tables], list[Problem]]
) -> tuple[Tables, Faults]:
    """Return the tables without the programmes that faults concern, and the faults of each of them.

    Raises ``DataError`` with all faults where one concerns no programme, or no programme is left.
    """
    first = found = list(problems)
    # Without a table, or without its columns, nothing can be told of whom it is.
    if len(tables) < len(TABLES) or any((problem.line or 1) == 1 for problem in found):
        raise DataError(first)
    faults: dict[str, list[Problem]] = {}
    while found:
        rows = _Rows(tables)
        for problem in found:
            if not (owners := rows.owners_at(problem)):
                raise DataError(first)
            for programme in owners:
                faults.setdefault(programme, []).append(problem)
        tables = rows.without(faults)
        if not tables["programmes"].rows:
            raise DataError(first)
        # What rests on a row that is gone is at fault now, too.
        found = check(tables)
    return tables, faults


def only(tables: Tables, programme_id: str) -> Tables:
    """Return the tables with the rows of one programme, and those that belong to none."""
    rows = _Rows(tables)
    return rows.without(rows.programmes - {programme_id})


class _Rows:
    """The rows of all tables, which know the programmes that they name."""

    def __init__(self, tables: Tables) -> None:
        self.tables, data = tables, RawData.of(tables)
        self.rows = data.rows
        self.sources = {row["source_id"]: row["programme_id"] for row in data.rows["sources"]}
        self.programmes = {*data.known_programmes, *self.sources.values()} - {""}
        self.places = {(file_of(name), row.line): (name, row) for name in tables for row in self.rows[name]}

    def owners_at(self, problem: Problem) -> set[str]:
        """Return the programmes that a fault concerns; none where it concerns all."""
        name, row = self.places.get((problem.file, problem.line or 0), ("", None))
        return self.owners(name, row) if row else set()

    def owners(self, name: str, row: RawRow) -> set[str]:
        """Return the programmes that a row names, in its columns or by the beginning of its id."""
        if name in ("terms", "reference_series"):
            return set()
        if name == "regional_series":  # a value that two releases print differently is of whose choice it is
            return {row["when"].partition(".")[0]} & self.programmes
        key = row[row.table.key[0]]
        beginning = key.partition(".")[0] if "." in key else ""
        sources = (self.sources.get(each, "") for each in (row.cells.get("source_id", ""), beginning))
        return {row.cells.get("programme_id", ""), beginning, *sources} & self.programmes

    def without(self, programmes: Collection[str]) -> Tables:
        """Return the tables without the rows that name one of the programmes."""
        kept = {}
        for name, table in self.tables.items():
            keep = [not self.owners(name, row) & {*programmes} for row in self.rows[name]]
            pairs = zip(table.rows, table.lines, keep, strict=True)
            chosen = [(cells, line) for cells, line, kept_ in pairs if kept_]
            kept[name] = replace(
                table, rows=[cells for cells, _ in chosen], lines=[line for _, line in chosen]
            )
        return kept
