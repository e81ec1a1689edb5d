"""What is declared once: themes with their measures, choices that the suite computes, series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.schema import ID
from analysis.evidence.theme import Measure
from analysis.evidence.themes import THEMES

NOMINAL = "nominal"


@dataclass(frozen=True)
class ComputedChoice:
    """A choice for all programmes that the suite itself answers in each of its readings."""

    name: str
    readings: tuple[str, str]


class OpenYear:
    """The choice of the year that something dated to several years is of: ``ludian.year-2018-2021``.

    It belongs to a programme and a range of years; its readings are the years of the range.
    """

    _ID = re.compile(rf"{ID}\.year-([0-9]{{4}})-([0-9]{{4}})")

    def id_for(self, programme: str, years: str) -> str:
        """Return the id of the choice for a programme and a range ``2018/2021``."""
        return f"{programme}.year-{years.replace('/', '-')}"

    def readings_of(self, choice_id: str) -> tuple[str, ...]:
        """Return the years of the range that a choice is about; none where it is another choice."""
        found = self._ID.fullmatch(choice_id)
        return tuple(map(str, range(int(found[1]), int(found[2]) + 1))) if found else ()


class Contradiction:
    """The choice between documents that print different values for one thing: ``ludian.source-pay-head``.

    It belongs to a programme and is named after one of the codings; its readings are the documents.
    """

    QUESTION = ("Which document is right where they print {}?", "各文件分别载为{}，以哪一份为准？")
    MATTER = ("which document is right", "以哪一份文件为准")

    _ID = re.compile(rf"{ID}\.source-.+")

    def id_for(self, programme: str, coding_id: str) -> str:
        """Return the id of the choice for a programme and a coding."""
        return f"{programme}.source-{coding_id.removeprefix(f'{programme}.')}"

    def owns(self, choice_id: str) -> bool:
        """Return whether a choice is one between documents."""
        return bool(self._ID.fullmatch(choice_id))


ANNUALISATION = ComputedChoice("annualisation", ("twelve", "as-printed"))
"""How monthly pay becomes yearly pay: times twelve, or not at all."""
PRICE_INDEX = ComputedChoice("price-index", ("national", "provincial"))
"""Whose consumer prices convert money: those of the whole country, or of the province of each place."""
OPEN_YEAR = OpenYear()
CONTRADICTION = Contradiction()
_COMPUTED = {choice.name: choice.readings for choice in (ANNUALISATION, PRICE_INDEX)}


def computed_readings(choice_id: str) -> tuple[str, ...]:
    """Return the readings that the suite itself computes for a choice; none for one that codings name."""
    return _COMPUTED.get(choice_id) or OPEN_YEAR.readings_of(choice_id)


MEASURES: dict[str, Measure] = {
    measure.code: replace(measure, theme=theme.code)
    for theme in THEMES.values()
    for measure in theme.measures
}

HOLDS_FOR = {"village_or_community": ("village", "community")}
"""The kinds of place that a standard for several kinds holds for."""
SUBSIDY = "county_subsidy"
CPI, REGIONAL_CPI = "cpi_annual_change_nbs", "cpi_previous_year_100"
"""Consumer prices: of the country as changes in percent, of regions as an index, previous year = 100."""
NATION = "CN"
"""The code of the whole country, beside those of its divisions (GB/T 2260)."""


def price_years_of(changes: Iterable[int]) -> range:
    """Return the years in whose prices money can be given, from one before the first yearly change."""
    years = sorted(changes)
    return range(years[0] - 1, years[-1] + 1)


def evaluate_coding(numerator: str, denominator: str, amounts: Mapping[str, Amount]) -> Amount:
    """Return numerator ÷ denominator of a coding; raises ``ExpressionError`` or ``UnitError``."""
    amount = arithmetic.evaluate(numerator, amounts)
    return amount / arithmetic.evaluate(denominator, amounts) if denominator else amount


def parse_when(when: str) -> dict[str, str]:
    """Return ``a=b; c=d`` as a mapping of choice to reading; raises ``ValueError`` on another form."""
    if not when:
        return {}
    pairs = [part.strip().split("=") for part in when.split(";")]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise ValueError(f"{when!r} is not of the form choice=reading; choice=reading")
    return {choice: reading for choice, reading in pairs}


def format_when(readings: Mapping[str, str]) -> str:
    """Return a mapping of choice to reading as the text of the ``reading`` column, in order of choice."""
    return "; ".join(f"{choice}={reading}" for choice, reading in sorted(readings.items()))


def without_years(when: str) -> str:
    """Return readings without those of open years: how the text is read, whatever year it is of."""
    pairs = parse_when(when).items()
    return format_when({choice: reading for choice, reading in pairs if not OPEN_YEAR.readings_of(choice)})
