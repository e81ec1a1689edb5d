"""What a set of tables is about, and the rows behind them: typed, complete, one for each thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.estimates.comparison import Comparison
from analysis.estimates.prices import at_prices
from analysis.estimates.selection import Selection, best_states
from analysis.estimates.series import SERIES, TIME
from analysis.evidence import arithmetic
from analysis.evidence.dataset import records
from analysis.evidence.register import NOMINAL, parse_when
from analysis.evidence.rows import Identity, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.csvfile import Cell, csv_file
from analysis.show.tablekit.columns import COLUMNS, TABLES
from analysis.words.reasons import Reasons

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
class Subject(Selection):
    """What a set of tables is about, with the rows behind them."""

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

    @cached_property
    def used_figures(self) -> set[str]:
        """The figures that an estimate of the subject rests on, under any reading."""
        return {name for ids in self.estimates["figure_ids"] for name in ids.split()}

    @cached_property
    def owners(self) -> dict[str, str]:
        """The programme of each source."""
        return dict(zip(self.data.sources["source_id"], self.data.sources["programme_id"], strict=True))

    def _values(self) -> Iterator[ExportRow]:
        return (self._complete(row._asdict()) for row in self.span_rows)

    def _estimates(self) -> Iterator[ExportRow]:
        return map(self._complete, records(self.estimates))

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
        touching = {choice for row in self.estimates["reading"] for choice in parse_when(row)}
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


def _describe_comparison(number: int, comparison: Comparison) -> ExportRow:
    """Return the columns that all rows of a comparison share; a dimension that may differ is empty."""
    return {
        **{name: comparison.key.get(name, "") for name in DIMENSIONS},
        "comparison": number,
        "measure": comparison.measure,
        "differences": " ".join(comparison.differences),
        "price_basis": comparison.price_basis or NOMINAL,
    }
