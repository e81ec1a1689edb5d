"""What a set of tables is about, and the rows behind them: typed, complete, one for each thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import pandas as pd

from analysis.estimates.comparable import ABSENCE_ORDER, comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.prices import PriceYear, at_prices
from analysis.estimates.series import SERIES, TIME
from analysis.estimates.spans import Span, spans
from analysis.estimates.themes import THEMES
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES, NOMINAL, parse_when
from analysis.evidence.rows import Identity, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.csvfile import Cell, csv_file
from analysis.show.tablekit.columns import COLUMNS, TABLES
from analysis.words.labels import Labels
from analysis.words.reasons import Reasons

cell_key = attrgetter("measure", *DIMENSIONS)
"""What an estimate is of, whatever its reading and prices: its measure and dimensions."""

ExportRow = dict[str, Any]
"""A row of an exported table, by the columns that ``TABLES`` declares for it."""


@dataclass(frozen=True)
class DataTable:
    """An exported table: its name and its rows."""

    name: str
    rows: list[ExportRow]

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns, in order."""
        return TABLES[self.name]

    def csv(self) -> bytes:
        """Return the table as a CSV file; the same rows give the same bytes."""
        numeric = {key for key in self.columns if COLUMNS[key].numeric}
        rows = ([_cell(row.get(name, ""), name in numeric) for name in self.headings] for row in self.rows)
        return csv_file(self.headings, rows)

    @property
    def headings(self) -> list[str]:
        """The columns of the CSV file: text in two languages has a column for each."""
        pairs = ((key, f"{key}_zh") if COLUMNS[key].kind == "words" else (key,) for key in self.columns)
        return [name for pair in pairs for name in pair]


def _cell(value: Any, numeric: bool) -> Cell:
    """Return a cell as what its column is: a number, none where it is absent, or text."""
    if numeric:
        return None if value == "" else value
    return value if isinstance(value, (str, bool)) else str(value)


@dataclass(frozen=True)
class Subject:
    """What a set of tables is about: the comparison of programmes in some themes, or one programme.

    ``price_year`` gives money in the prices of that year; other quantities stay as they are. Without one,
    estimates are as printed, and comparisons in the prices of the latest year compared; with ``"printed"``
    these, too, are as printed.
    """

    data: Dataset
    themes: tuple[str, ...] = tuple(THEMES)
    programme: str = ""
    price_year: PriceYear = None

    @cached_property
    def tables(self) -> list[DataTable]:
        """The tables of the subject, each complete."""
        several = () if self._series_frame.empty else ("series",)
        names = (
            ("values", "estimates", *several, "readings", "arithmetic")
            if self.programme
            else ("values", "rankings", "coverage", "not-compared", "estimates", "readings")
        )
        return [self.table(name) for name in (*names, "figures", "sources")]

    def table(self, name: str) -> DataTable:
        """Return one table by its name."""
        return DataTable(name, list(getattr(self, f"_{name.replace('-', '_')}")()))

    @property
    def own_year(self) -> int | None:
        """The year in whose prices its estimates are; ``None`` as printed."""
        return self.price_year if isinstance(self.price_year, int) else None

    @property
    def price_basis(self) -> str:
        """The price basis of its estimates: ``nominal`` or ``constant-2021``."""
        return NOMINAL if self.own_year is None else f"constant-{self.own_year}"

    @property
    def measures(self) -> list[str]:
        """The measures of the themes, in order."""
        return [code for code, measure in MEASURES.items() if measure.theme in self.themes]

    @cached_property
    def estimate_frame(self) -> pd.DataFrame:
        """The estimates of the subject under every reading, in one price basis."""
        frame = self.data.tables["estimates"]
        chosen = frame[frame["theme"].isin(self.themes)]
        if self.programme:
            chosen = chosen[chosen["programme_id"] == self.programme]
        return at_prices(self.data, chosen, self.own_year)

    @cached_property
    def span_rows(self) -> list[Span]:
        """The default of each estimate, with its span over readings."""
        return rows_of(Span, spans(self.data, self.estimate_frame))

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the themes."""
        found = (comparisons(self.data, theme, price_year=self.price_year) for theme in self.themes)
        return [comparison for each in found for comparison in each]

    @cached_property
    def used_figures(self) -> set[str]:
        """The figures that an estimate of the subject rests on, under any reading."""
        return {name for ids in self.estimate_frame["figure_ids"] for name in ids.split()}

    @cached_property
    def owners(self) -> dict[str, str]:
        """The programme of each source."""
        return dict(zip(self.data.sources["source_id"], self.data.sources["programme_id"], strict=True))

    def _values(self) -> Iterator[ExportRow]:
        return (self._complete(row._asdict()) for row in self.span_rows)

    def _estimates(self) -> Iterator[ExportRow]:
        return map(self._complete, records(self.estimate_frame))

    def _series(self) -> Iterator[ExportRow]:
        for time, group in self._series_frame.groupby(TIME):
            rows = records(at_prices(self.data, group, self.own_year))
            yield from (self._complete(row) | {TIME: str(time)} for row in rows)

    @cached_property
    def _series_frame(self) -> pd.DataFrame:
        """The estimates of what the programme reports for several years."""
        frame = self.data.tables[SERIES]
        return frame[frame["theme"].isin(self.themes) & (frame["programme_id"] == self.programme)]

    def _complete(self, row: ExportRow) -> ExportRow:
        return row | {"printed": self._printed(row["figure_ids"])} | self._reason_words(row)

    def _reason_words(self, row: ExportRow) -> ExportRow:
        return dict(zip(("reason", "reason_zh"), self._reasons.words(row["reason"]), strict=True))

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.data)

    def _printed(self, figure_ids: str) -> str:
        """Return figures as their sources print them, joined by semicolons."""
        return "; ".join(self._numerals[name] for name in figure_ids.split())

    @cached_property
    def _numerals(self) -> dict[str, str]:
        return dict(zip(self.data.figures["figure_id"], self.data.figures["printed"], strict=True))

    def _rankings(self) -> Iterator[ExportRow]:
        for number, comparison in enumerate(self.comparisons, start=1):
            common = _describe_comparison(number, comparison)
            # Counts are in another order than their values, and nothing decides it.
            pairs = comparison.robustness.following
            pairs = pairs if comparison.is_rate else [None] * len(pairs)
            for row, pair in zip(records(comparison.ranking()), pairs, strict=True):
                evidence = comparison.evidence[row["item"]]
                ids = evidence["figure_ids"]
                deciding = pair.deciding if pair and 0 < pair.higher < pair.total else ()
                based = {"unit": evidence["unit"], "figure_ids": ids, "printed": self._printed(ids)}
                yield common | row | based | {"deciding": " ".join(deciding)}

    def _coverage(self) -> Iterator[ExportRow]:
        state = best_states(self.span_rows)
        for code in self.measures:
            for programme in self.data.programme_ids:
                found = state.get((code, programme), "not_reported")
                yield {"measure": code, "programme_id": programme, "state": found}

    def _not_compared(self) -> Iterator[ExportRow]:
        for number, comparison in enumerate(self.comparisons, start=1):
            common = _describe_comparison(number, comparison)
            yield from (common | row | self._reason_words(row) for row in records(comparison.left_out))

    def _readings(self) -> Iterator[ExportRow]:
        touching = {choice for row in self.estimate_frame["reading"] for choice in parse_when(row)}
        choices = {row["choice_id"]: row for row in records(self.data.choices)}
        own = self.programme or None
        for row in records(self.data.readings.sort_values(["choice_id", "rank"])):
            choice = choices[row["choice_id"]]
            if row["choice_id"] in touching or choice["programme_id"] == own:
                yield choice | row | {"reading_id": row["reading"]}

    def _arithmetic(self) -> Iterator[ExportRow]:
        for row in rows_of(Identity, self.data.tables["identities"]):
            if self.owners[row.source_id] == self.programme:
                left, right = (arithmetic.evaluate(side, self.data.amounts) for side in (row.left, row.right))
                yield row._asdict() | {
                    "programme_id": self.programme,
                    "left_value": left.value,
                    "right_value": right.value,
                    "unit": left.unit,
                    "adds_up": arithmetic.holds(left, row.relation, right),
                }

    def _figures(self) -> list[ExportRow]:
        frame = self.data.figures
        chosen = (
            self.data.figures_of(self.programme)
            if self.programme
            else frame[frame["figure_id"].isin(self.used_figures)]
        )
        return records(chosen.assign(programme_id=chosen["source_id"].map(self.owners)))

    def _sources(self) -> list[ExportRow]:
        chosen = {"programme_id": self.programme} if self.programme else {}
        return records(self.data.sources, **chosen)


def best_states(span_rows: Iterable[Span]) -> dict[tuple[str, str], str]:
    """Return ``value`` or the type of absence by measure and programme; of several cells the best counts."""
    found: dict[tuple[str, str], str] = {}
    for row in span_rows:
        pair, state = (row.measure, row.programme_id), row.absence or "value"
        found[pair] = min(found.get(pair, state), state, key=ABSENCE_ORDER.index)
    return found


def group_by_cell(labels: Labels, span_rows: Iterable[Span]) -> dict[tuple[str, ...], list[Span]]:
    """Return the rows by measure and dimensions, in the order of reports."""
    found: dict[tuple[str, ...], list[Span]] = {}
    for row in span_rows:
        found.setdefault(cell_key(row), []).append(row)
    return {key: found[key] for key in sorted(found, key=labels.order)}


def _describe_comparison(number: int, comparison: Comparison) -> ExportRow:
    """Return the columns that all rows of a comparison share; a dimension that may differ is empty."""
    return {
        **{name: comparison.key.get(name, "") for name in DIMENSIONS},
        "comparison": number,
        "measure": comparison.measure,
        "differences": " ".join(comparison.differences),
        "price_basis": comparison.price_basis or NOMINAL,
    }
