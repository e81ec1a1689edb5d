"""Regional reference series: the value of the nearest region, from a county up to the whole country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.evidence.dataset import Dataset
from analysis.evidence.register import NATION, REGIONAL_CPI, parse_when
from analysis.evidence.rows import RegionalValue, rows_of


class Level(NamedTuple):
    """The value of a series in one region and year; ``when`` is its ``choice=reading`` beside other values.

    ``region`` is a code of GB/T 2260, or ``NATION``; it is empty where the series is the same for all places.
    """

    region: str
    value: float
    when: str = ""


@dataclass(frozen=True)
class Levels:
    """One reference series: that of the whole country for all places alike, or with the regions below it.

    ``national`` is value by year, ``regional`` the levels by code of the region and year, and ``nation`` how
    a level of the whole country names its region.
    """

    national: Mapping[int, float]
    regional: Mapping[tuple[str, int], list[Level]] = field(default_factory=dict)
    nation: str = ""

    @staticmethod
    def of(data: Dataset, name: str, national: Mapping[int, float]) -> Levels:
        """Return a series of the whole country with the values of its regions."""
        found: dict[tuple[str, int], list[Level]] = defaultdict(list)
        for row in rows_of(RegionalValue, data.tables["regional_series"], series=name):
            found[row.region_code, row.year].append(Level(row.region_code, row.value, row.when))
        return Levels(national, found, NATION)

    def nearest(self, division_code: str, year: int) -> list[Level]:
        """Return what is in print for the nearest region that has the year; nothing where none has it."""
        for region in wider_regions(division_code):
            if found := self.regional.get((region, year)):
                return found
        return [Level(self.nation, self.national[year])] if year in self.national else []


def wider_regions(division_code: str) -> Iterator[str]:
    """Yield a division and those that it is in, the nearest first: 611002, 611000, 610000.

    >>> list(wider_regions("611002"))
    ['611002', '611000', '610000']
    """
    if division_code:
        yield from dict.fromkeys((division_code, f"{division_code[:4]}00", province_of(division_code)))


def province_of(division_code: str) -> str:
    """Return the code of the province that a division is in; empty where that is not known."""
    return f"{division_code[:2]}0000" if division_code else ""


def provincial_prices(data: Dataset) -> dict[str, dict[int, float]]:
    """Return the annual changes of consumer prices in percent, by year, of each region with an index."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows_of(RegionalValue, data.tables["regional_series"], series=REGIONAL_CPI):
        found[row.region_code][row.year] = row.value - 100
    return dict(found)


def series_choices(data: Dataset) -> set[str]:
    """Return the choices of what a series is where several values are in print: one truth for all places."""
    return {choice for when in data.tables["regional_series"]["when"].unique() for choice in parse_when(when)}
