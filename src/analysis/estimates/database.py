"""All tables as one SQLite file, with keys, views and their description, for R, SQL and spreadsheets."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.estimates.comparison import Comparison, LeftOut
from analysis.estimates.computed import ESTIMATES, VIEW_COLUMNS, tables
from analysis.estimates.selection import Selection
from analysis.estimates.series import SERIES
from analysis.estimates.spans import CELL, spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.folders import DATABASE
from analysis.evidence.register import MEASURES, format_when, parse_when
from analysis.evidence.schema import DIMENSIONS, TABLES, Field, Table
from analysis.files import beside
from analysis.version import __version__

TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
VERSION_OF_WRITER = 96
"""Where a SQLite file says which version of the library wrote it: nothing reads it, and it would differ."""
Row = tuple[Any, ...]
_SPAN = ("low", "high", "n_readings", "n_values", "status")
_VIEW = re.compile(r"-- (?P<text>[^\n]*)\n(?P<sql>CREATE VIEW (?P<name>\w+) AS\n.*?;)\n", re.DOTALL)


class View(NamedTuple):
    """A view: its name, what a row of it is, and the statement that makes it."""

    name: str
    description: str
    sql: str


def views() -> list[View]:
    """Return the views, as ``views.sql`` has them."""
    text = Path(__file__).with_name("views.sql").read_text(encoding="utf-8")
    return [View(found["name"], found["text"], found["sql"]) for found in _VIEW.finditer(text)]


def write(data: Dataset, formulas: Mapping[str, str]) -> Path:
    """Write the database beside the processed tables, whole, and return its path.

    The same data give the same bytes. ``formulas`` are those of the measures in words.
    """
    path = data.root / DATABASE
    # Without a name it is held in a file of its own, where memory would not do.
    with closing(sqlite3.connect("")) as connection, beside(path) as temporary:
        connection.execute("PRAGMA secure_delete = ON")  # nothing stays in bytes that are not used
        with connection:
            _create(connection)
            for name, rows in _contents(data, formulas).items():
                _insert(connection, tables()[name][1], rows)
            _describe(connection)
            for _, table in tables().values():
                _index(connection, table)
        try:
            # Rebuilt in the order of its rows, it depends on what it holds and not on how it grew.
            connection.execute("VACUUM INTO ?", [str(temporary)])
        except sqlite3.Error as error:
            raise OSError(errno.EIO, f"{error}: nothing was written", str(path)) from error
        with temporary.open("r+b") as file:
            file.seek(VERSION_OF_WRITER)
            file.write(bytes(4))
    return path


def view_columns() -> dict[str, list[Field]]:
    """Return the columns of each view, as they are declared for the first table that has them."""
    declared = {field.name: field for _, table in reversed(tables().values()) for field in table.fields}
    known = declared | VIEW_COLUMNS
    with closing(sqlite3.connect(":memory:")) as connection:
        _create(connection)
        return {
            view.name: [known[name] for _, name, *_ in connection.execute(f"PRAGMA table_info({view.name})")]
            for view in views()
        }


# How a table is made


def _create(connection: sqlite3.Connection) -> None:
    for _, table in tables().values():
        connection.execute(_statement(table))
    for view in views():
        connection.execute(view.sql)


def _statement(table: Table) -> str:
    lines = [_column(table, field) for field in table.fields]
    if table.key:
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
    for field in table.fields:
        if field.refers_to:
            other, column = field.refers_to.split(".")
            lines.append(f'FOREIGN KEY ("{field.name}") REFERENCES "{other}" ("{column}")')
    if table.name == "estimate_readings":
        lines.append('FOREIGN KEY ("choice_id", "reading") REFERENCES "readings" ("choice_id", "reading")')
    if table.name in ("estimates", "series", "comparisons"):
        lines.append('FOREIGN KEY ("measure") REFERENCES "measures" ("measure")')
    body = ",\n  ".join(lines)
    return f'CREATE TABLE "{table.name}" (\n  {body}\n)'


def _column(table: Table, field: Field) -> str:
    parts = [f'"{field.name}"', TYPES[field.kind]]
    if field.required or field.name in table.key:
        parts.append("NOT NULL")
    if field.kind == "boolean":
        parts.append(f'CHECK ("{field.name}" IN (0, 1))')
    return " ".join(parts)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _insert(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    keys = [field.name in table.key for field in table.fields]
    marks = ", ".join("?" * len(keys))
    cells = (tuple(_cell(*each) for each in zip(row, keys, strict=True)) for row in rows)
    connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', cells)


def _cell(value: Any, is_key: bool) -> Any:
    """Return a cell as SQLite takes it: what is absent is NULL, but in a key, which has none."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        return value or ("" if is_key else None)
    if isinstance(value, float):
        return value
    return int(value)


def _index(connection: sqlite3.Connection, table: Table) -> None:
    """Let rows be found by what they refer to."""
    for field in table.fields:
        if field.refers_to and field.name not in table.key[:1]:
            connection.execute(f'CREATE INDEX "{table.name}_{field.name}" ON "{table.name}" ("{field.name}")')


# What it holds


def _contents(data: Dataset, formulas: Mapping[str, str]) -> dict[str, Iterable[Row]]:
    estimates = data.tables["estimates"]
    found = spans(data, estimates)
    cells, readings = _cells(estimates), estimates["reading"].tolist()
    span_ids = {cell: number for number, cell in enumerate(_cells(found), start=1)}
    ids = {each: number for number, each in enumerate(zip(cells, readings, strict=True), start=1)}
    defaults = zip(_cells(found), found["reading"], strict=True)
    figures = estimates["figure_ids"].tolist()
    return {
        **{name: _rows(data.tables[name], tables()[name][1].columns) for name in (*TABLES, SERIES)},
        "measures": _measures(formulas),
        "estimates": (
            (number, span_ids.get(cells[number - 1]), *row)
            for number, row in enumerate(_rows(estimates, ESTIMATES.columns), start=1)
        ),
        "spans": (
            (number, ids[default], *row)
            for number, (default, row) in enumerate(
                zip(defaults, _rows(found, _SPAN), strict=True), start=1
            )
        ),
        "estimate_figures": (
            (number, position, figure)
            for number, names in enumerate(figures, start=1)
            for position, figure in enumerate(names.split(), start=1)
        ),
        "estimate_readings": (
            (number, *answer)
            for number, reading in enumerate(readings, start=1)
            for answer in sorted(parse_when(reading).items())
        ),
        **_comparisons(Selection(data)),
        "about": (("version", __version__), ("data_hash", data.data_hash)),
    }  # fmt: skip


def _cells(frame: pd.DataFrame) -> list[Row]:
    return list(_rows(frame, CELL))


def _rows(frame: pd.DataFrame, columns: Iterable[str]) -> Iterator[Row]:
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def _measures(formulas: Mapping[str, str]) -> Iterator[Row]:
    for each in MEASURES.values():
        units = "; ".join(each.shown_units)
        yield each.code, each.theme, formulas[each.code], units, bool(each.derived)


def _comparisons(selection: Selection) -> dict[str, list[Row]]:
    kinds: dict[str, list[Row]] = {
        name: [] for name in ("comparisons", "comparison_items", "comparison_left_out")
    }
    found = [(theme, each) for theme, listed in selection.by_theme.items() for each in listed]
    for number, (theme, each) in enumerate(found, start=1):
        kinds["comparisons"].append(
            (number, theme, each.measure, *(each.key.get(name, "") for name in DIMENSIONS), each.unit,
             each.price_basis, each.is_rate, format_when(each.definitions), " ".join(each.differences))
        )  # fmt: skip
        kinds["comparison_items"] += _items(number, each)
        kinds["comparison_left_out"] += [(number, *row) for row in _rows(each.left_out, LeftOut._fields)]
    return kinds


def _items(number: int, comparison: Comparison) -> Iterator[Row]:
    for position, row in enumerate(comparison.ranked, start=1):
        default = comparison.evidence[row.item]
        told = (default[name] for name in ("status", "year", "figure_ids"))
        yield (number, position, row.programme, *row, *told)


# What it says of itself


def _describe(connection: sqlite3.Connection) -> None:
    kinds = tables()
    own = [(view.name, "view", view.description) for view in views()]
    listed = [(name, kind, table.description) for name, (kind, table) in kinds.items()]
    _insert(connection, kinds["tables"][1], [*listed, *own])
    rows = [
        (name, number, field.name, field.kind, field.name in table.key, field.refers_to, field.description)
        for name, (_, table) in kinds.items()
        for number, field in enumerate(table.fields, start=1)
    ]
    rows += [
        (view, number, field.name, field.kind, False, None, field.description)
        for view, fields in view_columns().items()
        for number, field in enumerate(fields, start=1)
    ]
    _insert(connection, kinds["columns"][1], rows)
    codes = (
        (name, field.name, code, meaning)
        for name, (_, table) in kinds.items()
        for field in table.fields
        for code, meaning in (field.codes or {}).items()
    )
    _insert(connection, kinds["codes"][1], codes)
