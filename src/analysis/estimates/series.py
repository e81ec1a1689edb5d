"""The same measure in several years: which estimates of a cell are the latest, and the series of all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.estimates.measures import Estimate, to_frame
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
        earlier: set[int] = set()
        rows: list[Estimate] = []
        times: list[str] = []
        for found in group_by(timed, lambda each: (each.programme_id, *each.cell)).values():
            by_time = self._by_time(found)
            if len(by_time) > 1:
                earlier.update(id(each) for _, group in by_time[:-1] for each in group)
                rows += [each for _, group in by_time for each in group]
                times += [time for time, group in by_time for _ in group]
        latest = [each for each in estimates if id(each) not in earlier]
        return latest, to_frame(rows).assign(**{TIME: pd.Series(times, dtype="str")})

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


def series_spans(data: Dataset, rows: pd.DataFrame) -> list[list[tuple[str, Span]]]:
    """Return each series of a frame: its years with the span over readings in each, the earliest first.

    A year without a value is left out, and a series with one value is none.
    """
    found = [
        (str(time), span)
        for time, group in rows.groupby(TIME)
        for span in rows_of(Span, spans(data, group))
        if span.has_value
    ]
    groups = group_by(found, lambda pair: (pair[1].programme_id, *pair[1].cell)).values()
    return [sorted(group, key=lambda pair: pair[0][-4:]) for group in groups if len(group) > 1]
