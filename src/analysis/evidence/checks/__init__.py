"""Check the raw tables: every fault at once, each saying where it stands and what to do.

Each check is a generator of problems. Those of single tables are in ``tables``, those of what the
tables say in ``figures``, ``readings`` and ``codings``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from analysis.evidence.checks import codings as coding_checks
from analysis.evidence.checks import figures as figure_checks
from analysis.evidence.checks import names as name_checks
from analysis.evidence.checks import readings as reading_checks
from analysis.evidence.checks import regions as region_checks
from analysis.evidence.checks import tables as table_checks
from analysis.evidence.checks.apart import leave_out
from analysis.evidence.checks.doubts import doubts
from analysis.evidence.checks.problems import DataError, Problem, RawData, file_of, shown
from analysis.evidence.dataset import Dataset, from_raw_tables
from analysis.evidence.folders import RAW, hash_files
from analysis.evidence.occasions import Version, contradictions
from analysis.evidence.raw import RawTable, RowError, parse_csv
from analysis.evidence.schema import TABLES, Table

__all__ = [
    "DataError",
    "Problem",
    "check_tables",
    "examine",
    "load",
    "load_apart",
    "notes_on",
    "problems_of",
    "read_tables",
]

Check = Callable[[RawData], Iterator[Problem]]
_BETWEEN_TABLES: tuple[Check, ...] = (
    table_checks.references,
    table_checks.prefixes,
    name_checks.file_names,
    *figure_checks.CHECKS,
    *reading_checks.CHECKS,
    *coding_checks.CHECKS,
    *region_checks.CHECKS,
)
_ORDER = {file_of(name): place for place, name in enumerate(TABLES)}
_SAVE = "save the file as CSV UTF-8"
_QUOTATION = "close the quotation marks of the row that begins here"


def load(root: Path) -> Dataset:
    """Return the dataset below ``root``; raises ``DataError`` with every fault of its raw tables."""
    tables, problems = examine(root)
    if problems:
        raise DataError(problems)
    return from_raw_tables(root, tables, hash_files(root / RAW))


def load_apart(root: Path) -> tuple[Mapping[str, RawTable], Mapping[str, list[Problem]]]:
    """Return the tables without the programmes that have faults of their own, and the faults of each.

    Raises ``DataError`` with every fault where one concerns all programmes.
    """
    return leave_out(*examine(root), check_tables)


def problems_of(root: Path) -> list[Problem]:
    """Return every fault of the raw tables below ``root``, in the order of tables and lines."""
    return examine(root)[1]


def examine(root: Path) -> tuple[dict[str, RawTable], list[Problem]]:
    """Return each raw table that could be read, and every fault, in the order of tables and lines."""
    tables, problems = read_tables(root)
    return tables, _sorted([*problems, *check_tables(tables)])


class Notes(NamedTuple):
    """What is worth knowing of tables without faults."""

    contradictory: list[list[Version]]
    """What documents print differently for one thing and year, by what each prints."""
    contradictions: list[Problem]
    doubts: list[Problem]


def notes_on(tables: Mapping[str, RawTable]) -> Notes:
    """Return notes on tables without faults: contradictions between documents, and what is doubtful."""
    rows = RawData.of(tables)
    found = list(contradictions(rows.codings, rows.documents, rows.amounts))
    return Notes(found, _sorted(coding_checks.contradictions(rows, found)), _sorted(doubts(rows)))


def read_tables(root: Path) -> tuple[dict[str, RawTable], list[Problem]]:
    """Return each raw table that could be read, and the faults of those that could not."""
    tables: dict[str, RawTable] = {}
    problems: list[Problem] = []
    for table in TABLES.values():
        read = _read(root, table)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            tables[table.name] = read
    return tables, problems


def _read(root: Path, table: Table) -> RawTable | Problem:
    name, path = file_of(table.name), root / RAW / table.path
    try:
        # A pipe or a device may never end.
        if path.exists() and not path.is_file():
            return Problem("unreadable-file", name, None, None, "no file", "a CSV file", "restore it")
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        if "\0" in text.partition("\n")[0]:
            return Problem("encoding", name, 1, None, shown("\0"), "text in UTF-8", _SAVE)
        return parse_csv(table, text)
    except FileNotFoundError:
        return Problem("missing-file", name, None, None, "no such file", "a CSV file", "restore it")
    except OSError as error:
        found = error.strerror or type(error).__name__
        return Problem("unreadable-file", name, None, None, found, "a CSV file", "make it readable")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x}"
        return Problem("encoding", name, line, None, found, "text in UTF-8", _SAVE)
    except RowError as error:
        found, expected = str(error), "rows of CSV"
        remedy = f"{_QUOTATION}, and double those inside a cell"
        if "field limit" in found:
            found, expected = "a longer cell", f"cells of at most {csv.field_size_limit():,} characters"
            remedy = f"{_QUOTATION}, or shorten the cell"
        return Problem("csv", name, error.line, None, found, expected, remedy)


def check_tables(tables: Mapping[str, RawTable]) -> list[Problem]:
    """Return the faults of the tables, in the order of tables and lines.

    Checks between tables need all tables with their columns, and do not run without them.
    """
    problems = [problem for raw in tables.values() for problem in table_checks.header(raw)]
    damaged = {problem.file for problem in problems}
    sound = {name: raw for name, raw in tables.items() if file_of(name) not in damaged}
    data = RawData.of(sound)
    problems += [problem for raw in sound.values() for problem in table_checks.widths(raw)]
    problems += [*table_checks.cells(data), *table_checks.keys(data)]
    if len(sound) == len(TABLES):
        problems += [problem for check in _BETWEEN_TABLES for problem in check(data)]
    return _sorted(problems)


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (_ORDER[problem.file], problem.line or 0))
