"""The same measure in several years: which estimates of a cell are the latest, and the series of all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from analysis.estimates.measures import Estimate, to_frame
from analysis.estimates.prices import at_prices
from analysis.estimates.spans import Span, spans
from analysis.evidence.dataset import Dataset, documents_of
from analysis.evidence.occasions import (
    Documents,
    Years,
    cells_of_codings,
    hull,
    join_linked,
    occasions,
    open_choices,
    overlap,
)
from analysis.evidence.register import parse_when
from analysis.evidence.rows import Coding, group_by, rows_of

SERIES = "series"
TIME = "time"
"""The column of a frame of series that says of which years a row is; undated, when its document appeared."""


@dataclass(frozen=True)
class Timeline:
    """Which cells of a dataset have several years, and of which years an estimate is."""

    data: Dataset

    @cached_property
    def documents(self) -> Documents:
        """Of which document and year each figure is."""
        return documents_of(self.data)

    @cached_property
    def cells(self) -> set[tuple[str, ...]]:
        """The programme, measure and dimensions of which there are codings of several years."""
        found = cells_of_codings(rows_of(Coding, self.data.codings)).items()
        return {cell for cell, rows in found if len(rows) > 1 and len(occasions(rows, self.documents)) > 1}

    @cached_property
    def programmes(self) -> set[str]:
        """The programmes with such a cell."""
        return {cell[0] for cell in self.cells}

    def partners(self, top: Estimate, bases: list[Estimate]) -> list[Estimate]:
        """Return those estimates that another one is combined with, where either is of several years.

        They are of one document with it, or of one year, and of one year each.
        """
        if not {(each.programme_id, *each.cell) for each in (top, *bases)} & self.cells:
            return bases
        mine = self.documents.of(top.figure_ids.split())
        of_year = [base for base in bases if base.year and base.year == top.year]
        near = [base for base in bases if self._shares(mine, base)] or of_year
        if len({base.year for base in near}) < 2:
            return near
        latest = max(near, key=lambda base: self._years(base) or (0, 0)).year
        return [base for base in near if base in of_year] or [base for base in near if base.year == latest]

    def _shares(self, documents: frozenset[str], estimate: Estimate) -> bool:
        named = self.documents.of(estimate.figure_ids.split())
        return not named or not documents or not documents.isdisjoint(named)

    def split(self, estimates: list[Estimate]) -> tuple[list[Estimate], pd.DataFrame]:
        """Return the estimates of the latest year of each cell, and a frame of those of several years."""
        timed = [each for each in estimates if each.programme_id in self.programmes]
        left: list[Estimate] = []
        rows: list[Estimate] = []
        times: list[str] = []
        for found in group_by(timed, lambda each: (each.programme_id, *each.cell)).values():
            by_time = self._by_time(found)
            if len(by_time) > 1:
                # A ratio may have no value in the latest year, for want of what it is divided by.
                valued = [group for _, group in by_time if any(each.has_value for each in group)]
                latest = valued[-1] if valued else by_time[-1][1]
                left += [each for _, group in by_time for each in group if group is not latest]
                rows += [each for _, group in by_time for each in group]
                times += [time for time, group in by_time for _ in group]
        others = {id(each) for each in left}
        kept = [each for each in estimates if id(each) not in others]
        return kept, to_frame(rows).assign(**{TIME: pd.Series(times, dtype="str")})

    def _by_time(self, estimates: list[Estimate]) -> list[tuple[str, list[Estimate]]]:
        """Return the estimates of one cell by their years, the earliest first."""
        # What is of no year goes with the readings that it shares a choice with.
        dated = [(each, self._years(each), open_choices(parse_when(each.reading))) for each in estimates]
        groups = join_linked(
            dated,
            lambda one, other: (
                bool(one[1] and other[1] and overlap(one[1], other[1])) or not one[2].isdisjoint(other[2])
            ),
        )
        found = []
        for group in groups:
            ends = [end for _, years, _ in group if years for end in years]
            found.append(((min(ends), max(ends)) if ends else (0, 0), [each for each, _, _ in group]))
        found.sort(key=lambda pair: pair[0][1])
        return [(_text(years), group) for years, group in found]

    def _years(self, estimate: Estimate) -> Years | None:
        dated = hull([estimate.year]) if estimate.year else None
        return dated or self.documents.appeared(self.documents.of(estimate.figure_ids.split()))


def _text(years: Years) -> str:
    first, last = years
    return str(first) if first == last else f"{first}/{last}"


class Dated(NamedTuple):
    """A value of a series: the years that it is of, and its span over readings."""

    time: str
    span: Span


def dated_spans(data: Dataset, rows: pd.DataFrame, price_year: int | None = None) -> list[Dated]:
    """Return the values of a frame of series, the earliest first, with money in prices of ``price_year``."""
    found = [
        Dated(str(time), span)
        for time, group in rows.groupby(TIME)
        for span in rows_of(Span, spans(data, at_prices(data, group, price_year)))
        if span.has_value
    ]
    return sorted(found, key=lambda each: each.time[-4:])


def series_spans(data: Dataset, rows: pd.DataFrame, price_year: int | None = None) -> list[list[Dated]]:
    """Return each series of a frame as ``dated_spans`` has its values; one value alone is no series."""
    found = dated_spans(data, rows, price_year)
    groups = group_by(found, lambda each: (each.span.programme_id, *each.span.cell)).values()
    return [group for group in groups if len(group) > 1]


def series_rows(data: Dataset, programme: str, theme: str) -> pd.DataFrame:
    """Return the estimates of what a programme reports for several years in a theme."""
    frame = data.tables[SERIES]
    return frame[(frame["programme_id"] == programme) & (frame["theme"] == theme)]


def series_of(data: Dataset, programme: str, theme: str, price_year: int | None = None) -> list[list[Dated]]:
    """Return the series of a programme in a theme."""
    return series_spans(data, series_rows(data, programme, theme), price_year)
