"""Checks of the regional series: one value for a region and year, or one for each reading of a choice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from analysis.evidence.checks.figures import MOST_CHANGE
from analysis.evidence.checks.problems import Problem, RawData, RawRow, file_of, integer, number
from analysis.evidence.register import REGIONAL_CPI, computed_readings, parse_when


def values(data: RawData) -> Iterator[Problem]:
    """Yield values that are none, names that change, and years that prices could not be chained over."""
    names: dict[str, RawRow] = {}
    for row in data.rows["regional_series"]:
        value = number(row["value"])
        if value is not None and value <= 0:
            yield row.problem("series", "value", "more than 0", "correct the value")
        if row["series"] == REGIONAL_CPI and value is not None and value > 100 + MOST_CHANGE:
            yield row.problem("series", "value", f"{100 + MOST_CHANGE:g} or less", "correct the value")
        first = names.setdefault(row["region_code"], row)
        for name in ("region", "region_zh"):
            if row[name] != first[name]:
                expected = f"{first[name]!r}, as line {first.line} names {row['region_code']}"
                yield row.problem("series", name, expected, "correct the name or the code")
    yield from _gaps(data)


def _gaps(data: RawData) -> Iterator[Problem]:
    """Yield the years after which the chain of a region's consumer prices is broken."""
    chains: dict[str, list[tuple[int, RawRow]]] = defaultdict(list)
    for row in data.rows["regional_series"]:
        year = integer(row["year"])
        if row["series"] == REGIONAL_CPI and year is not None:
            chains[row["region_code"]].append((year, row))
    for chain in chains.values():
        chain.sort(key=lambda found: found[0])
        for (previous, _), (year, row) in pairwise(chain):
            if year > previous + 1:
                expected = f"{previous + 1}: prices are chained from each year after {previous}"
                yield row.problem("series", "year", expected, "add the missing rows, or correct the year")


def conditions(data: RawData) -> Iterator[Problem]:
    """Yield conditions that no reading can meet, and values in print of which not each has its reading."""
    found: dict[tuple[str, str, str], list[RawRow]] = defaultdict(list)
    for row in data.rows["regional_series"]:
        problem = _condition(row, data)
        if problem:
            yield problem
        else:
            found[row["series"], row["region_code"], row["year"]].append(row)
    for rows in found.values():
        yield from _readings(rows, data)


def _condition(row: RawRow, data: RawData) -> Problem | None:
    if not row["when"]:
        return None
    try:
        when = parse_when(row["when"])
    except ValueError:
        when = {}
    if len(when) != 1 or ";" in row["when"]:
        expected = "one choice=reading, or an empty cell"
        return row.problem("series-when", "when", expected, "correct the cell")
    ((choice, reading),) = when.items()
    if reading not in data.readings.get(choice, []):
        expected = f"a choice and a reading of {file_of('readings')}"
        return row.problem("dangling-id", "when", expected, "correct it, or add the row there")
    if computed_readings(choice):
        expected = "no such condition: the suite computes every reading of this choice"
        return row.problem("series-when", "when", expected, "remove it")
    if row["series"] == REGIONAL_CPI:
        expected = "no condition: prices are chained from one value a year"
        return row.problem("series-when", "when", expected, "empty the cell")
    return None


def _readings(rows: list[RawRow], data: RawData) -> Iterator[Problem]:
    """Yield the fault of a region and year whose values are not those of the readings of one choice."""
    whens = [next(iter(parse_when(row["when"]).items()), ("", "")) for row in rows]
    choices = {choice for choice, _ in whens}
    row, choice = rows[-1], whens[0][0]
    if len(choices) > 1 or whens.count(("", "")) > 1:
        expected = (
            f"one value of {row['region_code']} in {row['year']}, or one for each reading of one choice"
        )
        remedy = f"correct the cell, that of line {rows[0].line}, or remove a row"
        yield row.problem("series-when", "when", expected, remedy)
    elif choice and (missing := set(data.readings[choice]) - {reading for _, reading in whens}):
        expected = f"a row for each reading of {choice}, also for {', '.join(sorted(missing))}"
        yield row.problem("series-when", "when", expected, "add the missing row, or empty the cell")


CHECKS: tuple[Callable[[RawData], Iterator[Problem]], ...] = (values, conditions)
