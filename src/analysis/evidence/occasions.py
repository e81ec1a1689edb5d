"""Codings of one cell that stand beside each other: of several years, or of several documents.

Codings whose conditions exclude each other are the readings of one edition. Editions of years that do not
overlap are a series. Editions of the same years come from different documents: where they print the same they
are one, and where they do not they contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import CONTRADICTION, MEASURES, computed_readings, evaluate_coding, parse_when
from analysis.evidence.rows import Coding, group_by
from analysis.evidence.schema import DIMENSIONS

Years = tuple[int, int]
Item = TypeVar("Item")
_YEARS = re.compile(r"([0-9]{4})(?:/([0-9]{4}))?")


def hull(years: Iterable[str]) -> Years | None:
    """Return the first and last of some years and ranges ``2018/2021``; none where one is unknown."""
    ends: list[int] = []
    for text in years:
        found = _YEARS.fullmatch(text)
        if not found:
            return None
        ends += [int(end) for end in found.groups() if end]
    return (min(ends), max(ends)) if ends else None


def overlap(one: Years, other: Years) -> bool:
    """Return whether two ranges of years have one in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def join_linked(items: Iterable[Item], linked: Callable[[Item, Item], bool]) -> list[list[Item]]:
    """Return the items in groups: two are in one where they are linked, be it through others."""
    groups: list[list[Item]] = []
    for item in items:
        near = [group for group in groups if any(linked(item, other) for other in group)]
        kept = [group for group in groups if not any(group is other for other in near)]
        groups = [*kept, [*(other for group in near for other in group), item]]
    return groups


def open_choices(readings: Mapping[str, str]) -> set[str]:
    """Return the choices of some readings but those that the suite computes."""
    return {choice for choice in readings if not computed_readings(choice)}


@dataclass(frozen=True)
class Documents:
    """Of which document and year each figure is, and when each document appeared."""

    sources: Mapping[str, str]
    years: Mapping[str, str]
    published: Mapping[str, str]

    def of(self, figure_ids: Iterable[str]) -> frozenset[str]:
        """Return the documents that print some figures."""
        return frozenset(self.sources[name] for name in figure_ids if name in self.sources)

    def dated(self, figure_ids: Iterable[str]) -> Years | None:
        """Return the years that the figures are of; none where one of them is not dated."""
        return hull(self.years.get(name, "") for name in figure_ids)

    def appeared(self, sources: Iterable[str]) -> Years | None:
        """Return the last year in which any of the documents may have appeared."""
        last = hull(self.published.get(name, "")[:10].split("/")[-1][:4] for name in sources)
        return (last[1], last[1]) if last else None


class Edition(NamedTuple):
    """The codings of a cell that are readings of each other: their documents and their years."""

    codings: tuple[Coding, ...]
    sources: frozenset[str]
    years: Years

    @property
    def figures(self) -> list[str]:
        """The figures that its codings name."""
        return [name for row in self.codings for name in figures_of(row)]

    def values(self, amounts: Mapping[str, Amount]) -> frozenset[str]:
        """Return the values that its codings come to, by the year where they are printed by the month."""
        return frozenset(_value(row, amounts) for row in self.codings if row.numerator)


def _value(row: Coding, amounts: Mapping[str, Amount]) -> str:
    amount = evaluate_coding(row.numerator, row.denominator, amounts)
    yearly = amount.unit.removesuffix("/month") + "/year"
    by_month = units.time_of(amount.unit) == "month" and MEASURES[row.measure].allows(yearly)
    return f"{amount.value * (12 if by_month else 1):.9g} {yearly if by_month else amount.unit}"


def cells_of_codings(codings: Iterable[Coding]) -> dict[tuple[str, ...], list[Coding]]:
    """Return the codings by their programme, measure and dimensions."""
    names = ("programme_id", "measure", *DIMENSIONS)
    return group_by(codings, lambda row: tuple(getattr(row, name) for name in names))


def occasions(codings: Sequence[Coding], documents: Documents) -> list[list[Edition]]:
    """Return the editions of one cell by their years, the earliest first.

    An undated edition is of the year in which its document appeared.
    """
    conditions = {row.coding_id: parse_when(row.when) for row in codings}
    alternatives = join_linked(
        codings,
        lambda one, other: bool(conditions[one.coding_id].keys() & conditions[other.coding_id].keys()),
    )
    editions = [_edition(rows, documents) for rows in alternatives]
    found = join_linked(editions, lambda one, other: overlap(one.years, other.years))
    return sorted(found, key=lambda group: max(edition.years[1] for edition in group))


def figures_of(row: Coding) -> list[str]:
    """Return the figures that a coding names."""
    return [name for cell in (row.numerator, row.denominator) if cell for name in arithmetic.figure_ids(cell)]


def _edition(rows: list[Coding], documents: Documents) -> Edition:
    tops = [name for row in rows if row.numerator for name in arithmetic.figure_ids(row.numerator)]
    sources = documents.of(name for row in rows for name in figures_of(row))
    # What has no figures stands alone in its cell, as the checks see to.
    years = documents.dated(tops) or documents.appeared(sources) or (0, 0)
    return Edition(tuple(rows), sources, years)


class Version(NamedTuple):
    """Editions of one cell and year that print the same; the one with the fewest readings stands for all."""

    editions: tuple[Edition, ...]

    @property
    def codings(self) -> tuple[Coding, ...]:
        """The codings that stand for all."""
        return min(self.editions, key=lambda edition: len(edition.codings)).codings

    @property
    def sources(self) -> list[str]:
        """The documents that print it."""
        return sorted({name for edition in self.editions for name in edition.sources})

    @property
    def name(self) -> str:
        """The documents in one word: how the reading is named that believes them."""
        return "+".join(self.sources)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that the value rests on, in all documents."""
        return tuple(dict.fromkeys(name for edition in self.editions for name in edition.figures))

    @property
    def beside(self) -> tuple[str, ...]:
        """The figures of the documents that do not stand for all."""
        own = {name for row in self.codings for name in figures_of(row)}
        return tuple(name for name in self.figures if name not in own)


def versions(
    occasion: Iterable[Edition], documents: Documents, amounts: Mapping[str, Amount]
) -> list[Version]:
    """Return what documents print for one cell and year, the latest document first.

    More than one version is a contradiction.
    """
    alike = group_by(occasion, lambda edition: edition.values(amounts)).values()
    found = [Version(tuple(editions)) for editions in alike]
    return sorted(found, key=lambda version: documents.appeared(version.sources) or (0, 0), reverse=True)


def choice_between(found: Sequence[Version]) -> str:
    """Return the id of the choice between versions, named after the first of their codings."""
    first = min((row for version in found for row in version.codings), key=lambda row: row.coding_id)
    return CONTRADICTION.id_for(first.programme_id, first.coding_id)


def contradictions(
    codings: Iterable[Coding], documents: Documents, amounts: Mapping[str, Amount]
) -> Iterator[list[Version]]:
    """Yield the versions of each cell and year for which documents print different values."""
    for rows in cells_of_codings(codings).values():
        for occasion in occasions(rows, documents) if len(rows) > 1 else ():
            found = versions(occasion, documents, amounts)
            if len(found) > 1:
                yield found
