"""Random edits of one cell that leave the data valid, and what reports show of data."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from analysis.draw.picture import Picture
from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset, from_raw_tables
from analysis.evidence.raw import RawTable
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county import CountyReport
from analysis.show.html import HasHtml
from analysis.show.params import ComparisonParameters, Parameters, ReportParameters

Tables = Mapping[str, RawTable]


class Edit(NamedTuple):
    """One cell with another value: in which row and column of which table, and in words."""

    table: str
    row: int
    column: int
    words: str

    def __str__(self) -> str:
        return self.words


def edited(tables: Tables, chance: random.Random, only: Collection[str] | None = None) -> tuple[Edit, Tables]:
    """Return the tables with another value in one cell, and where it is; the data may be invalid then.

    ``only`` names the tables to choose from, in place of all.
    """
    names = [name for name in tables if only is None or name in only]
    name = chance.choices(names, [len(tables[name].rows) for name in names])[0]
    table = tables[name]
    line, column = chance.randrange(len(table.rows)), chance.randrange(len(table.header))
    cell = table.rows[line][column]
    others = sorted({row[column] for row in table.rows} - {cell})
    new = chance.choice([*chance.sample(others, min(3, len(others))), f"{cell} again" if cell else "x"])
    rows = [*table.rows]
    rows[line] = [*rows[line][:column], new, *rows[line][column + 1 :]]
    words = f"{name}:{table.lines[line]}: {table.header[column]}: {cell[:30]!r} to {new[:30]!r}"
    return Edit(name, line, column, words), {**tables, name: replace(table, rows=rows)}


def valid_edits(
    root: Path, chance: random.Random, only: Collection[str] | None = None
) -> Iterator[tuple[Edit, Dataset]]:
    """Yield datasets that differ from that of a project in one cell (of the tables in ``only``), and where.

    The frames of raw tables that are as they were are the same frames in all of them.
    """
    tables, _ = checks.read_tables(root)
    for table in tables.values():
        object.__setattr__(table, "frame", cache(table.frame))
    owners = {name: _owners(tables, name) for name in tables}
    while True:
        where, changed = edited(tables, chance, only)
        owner = owners[where.table][where.row]
        # What is wrong is so in the place, or beside rows that have the same in the column.
        others = islice(_alike(changed[where.table], owners[where.table], where), 3)
        parts = [_of_places(changed, owners, places) for places in ({owner}, {owner, *others})]
        if not any(map(checks.check_tables, parts if owner else [changed])):
            yield where, processed.estimated(from_raw_tables(root, changed, ""))


def _alike(table: RawTable, owners: list[str], edit: Edit) -> Iterator[str]:
    """Yield the programmes of the other rows that have what an edited cell has now."""
    new = table.rows[edit.row][edit.column]
    rows = ((row[edit.column], owner) for row, owner in zip(table.rows, owners, strict=True))
    yield from dict.fromkeys(owner for cell, owner in rows if cell == new)


def _owners(tables: Tables, name: str) -> list[str]:
    """Return the programme of each row of a table; empty for rows that belong to none."""
    table = tables[name]
    if "programme_id" in table.header:
        return table.column("programme_id")
    for key, other in (("source_id", "sources"), ("choice_id", "choices")):
        if key in table.header and name != other:
            of = dict(zip(tables[other].column(key), tables[other].column("programme_id"), strict=True))
            return [of.get(each, "") for each in table.column(key)]
    return [""] * len(table.rows)


def _of_places(tables: Tables, owners: Mapping[str, list[str]], programmes: set[str]) -> Tables:
    """Return the rows of some programmes and those that belong to none."""
    found = {}
    for name, table in tables.items():
        kept = [place for place, owner in enumerate(owners[name]) if not owner or owner in programmes]
        found[name] = replace(
            table, rows=[table.rows[place] for place in kept], lines=[table.lines[place] for place in kept]
        )
    return found


def shown(data: Dataset, parameters: Parameters) -> str:
    """Return all that a report shows, as its notebook does; charts as what they are drawn of."""
    with patch.object(Picture, "inline", lambda chart, kind="": repr(chart)):
        return "\n".join(part()._repr_html_() for part in _parts(data, parameters))


def _parts(data: Dataset, parameters: Parameters) -> tuple[Callable[[], HasHtml], ...]:
    if isinstance(parameters, ComparisonParameters):
        comparison = ComparisonReport(data, parameters.theme, parameters.language, parameters.price_year)
        return (
            comparison.opening, comparison.first_chart, comparison.matrix, comparison.questions,
            comparison.evidence,
        )  # fmt: skip
    assert isinstance(parameters, ReportParameters)
    county = CountyReport(
        data, parameters.programme, parameters.language, parameters.price_year, parameters.peers
    )
    return (
        county.opening, county.first_chart, county.terms, county.indicators, county.questions, county.themes,
        county.evidence,
    )  # fmt: skip
