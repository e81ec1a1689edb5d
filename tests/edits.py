"""Random edits of one cell that leave the data valid, and what reports show of data."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from analysis.draw.picture import Picture
from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.evidence.raw import RawTable
from analysis.files import write_file
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county import CountyReport
from analysis.show.html import HasHtml
from analysis.show.params import ComparisonParameters, Parameters, ReportParameters

Tables = Mapping[str, RawTable]


class Edit(NamedTuple):
    """One cell with another value: in which row of which table, and in words."""

    table: str
    row: int
    words: str

    def __str__(self) -> str:
        return self.words


def edited(tables: Tables, chance: random.Random) -> tuple[Edit, Tables]:
    """Return the tables with another value in one cell, and where it is; the data may be invalid then."""
    name = chance.choices(list(tables), [len(table.rows) for table in tables.values()])[0]
    table = tables[name]
    line, column = chance.randrange(len(table.rows)), chance.randrange(len(table.header))
    cell = table.rows[line][column]
    others = sorted({row[column] for row in table.rows} - {cell})
    new = chance.choice([*chance.sample(others, min(3, len(others))), f"{cell} again" if cell else "x"])
    rows = [*table.rows]
    rows[line] = [*rows[line][:column], new, *rows[line][column + 1 :]]
    words = f"{name}:{table.lines[line]}: {table.header[column]}: {cell[:30]!r} to {new[:30]!r}"
    return Edit(name, line, words), {**tables, name: replace(table, rows=rows)}


def valid_edits(root: Path, scratch: Path, chance: random.Random) -> Iterator[tuple[Edit, Dataset]]:
    """Yield datasets that differ from that of a project in one cell, and in which."""
    tables, _ = checks.read_tables(root)
    while True:
        where, changed = edited(tables, chance)
        if checks.check_tables(changed):
            continue
        for table in changed.values():
            write_file(scratch / "data/raw" / table.table.path, table.text().encode())
        yield where, processed.checked(scratch)


def shown(data: Dataset, parameters: Parameters) -> str:
    """Return all that a report shows, as its notebook does; charts as what they are drawn of."""
    with patch.object(Picture, "_small_png", lambda chart: repr(chart).encode()):
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
