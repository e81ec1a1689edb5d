"""Random edits of one cell that leave the data valid, and what reports show of data."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.evidence.raw import RawTable
from analysis.files import write_file
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county import CountyReport
from analysis.show.params import ComparisonParameters, Parameters, ReportParameters

Tables = Mapping[str, RawTable]


def edited(tables: Tables, chance: random.Random) -> tuple[str, Tables]:
    """Return the tables with another value in one cell, and where it is; the data may be invalid then."""
    name = chance.choices(list(tables), [len(table.rows) for table in tables.values()])[0]
    table = tables[name]
    line, column = chance.randrange(len(table.rows)), chance.randrange(len(table.header))
    cell = table.rows[line][column]
    others = sorted({row[column] for row in table.rows} - {cell})
    new = chance.choice([*chance.sample(others, min(3, len(others))), f"{cell} again" if cell else "x"])
    rows = [*table.rows]
    rows[line] = [*rows[line][:column], new, *rows[line][column + 1 :]]
    where = f"{name}:{table.lines[line]}: {table.header[column]}: {cell[:30]!r} to {new[:30]!r}"
    return where, {**tables, name: replace(table, rows=rows)}


def valid_edits(root: Path, scratch: Path, chance: random.Random) -> Iterator[tuple[str, Dataset]]:
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
    """Return all that a report shows, as its notebook does."""
    if isinstance(parameters, ComparisonParameters):
        comparison = ComparisonReport(data, parameters.theme, parameters.language, parameters.price_year)
        parts = (comparison.opening, comparison.matrix, comparison.questions, comparison.evidence)
        return "\n".join(part()._repr_html_() for part in parts)
    assert isinstance(parameters, ReportParameters)
    county = CountyReport(
        data, parameters.programme, parameters.language, parameters.price_year, parameters.peers
    )
    shows = (county.opening, county.first_chart, county.indicators, county.questions, county.themes)
    return "\n".join(part()._repr_html_() for part in (*shows, county.evidence))
