"""The rows behind the tables, typed and complete: numbers, codes and ids, one row for each thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.estimates.comparison import ABSENCE_ORDER, Comparison, comparisons
from analysis.estimates.prices import at_prices
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.spans import spans
from analysis.estimates.themes import THEMES
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES, NOMINAL, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.csvfile import Cell, csv_file
from analysis.show.tablekit.columns import COLUMNS, TABLES
from analysis.words.reasons import Reasons

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True)
class DataTable:
    """An exported table: its name and its rows by the columns that ``columns.TABLES`` declares for it."""

    name: str
    rows: Rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns, in order."""
        return TABLES[self.name]

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame with the columns of the CSV file, bilingual ones twice."""
        return pd.DataFrame(self.rows, columns=self.headings)

    def csv(self) -> bytes:
        """Return the table as a CSV file; the same rows give the same bytes."""
        numeric = {name for name in self.headings if name in COLUMNS and COLUMNS[name].numeric}
        return csv_file(
            self.headings,
            ([_cell(row.get(name, ""), name in numeric) for name in self.headings] for row in self.rows),
        )

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

    ``price_year`` gives money in the prices of that year; other quantities stay as they are.
    """

    data: Dataset
    themes: tuple[str, ...] = tuple(THEMES)
    programme: str = ""
    price_year: int | None = None

    @cached_property
    def tables(self) -> list[DataTable]:
        """The tables of the subject, each complete."""
        names = (
            ("values", "estimates", "readings", "arithmetic")
            if self.programme
            else ("values", "rankings", "coverage", "not-compared", "estimates", "readings")
        )
        return [self.table(name) for name in (*names, "figures", "sources")]

    def table(self, name: str) -> DataTable:
        """Return one table by its name."""
        return DataTable(name, list(getattr(self, f"_{name.replace('-', '_')}")()))

    @property
    def price_basis(self) -> str:
        """The price basis of its money: ``nominal`` or ``constant-2021``."""
        return NOMINAL if self.price_year is None else f"constant-{self.price_year}"

    @cached_property
    def estimate_frame(self) -> pd.DataFrame:
        """The estimates of the subject under every reading, in one price basis."""
        frame = self.data.tables["estimates"]
        chosen = frame[frame["theme"].isin(self.themes)]
        if self.programme:
            chosen = chosen[chosen["programme_id"] == self.programme]
        return at_prices(self.data, chosen, self.price_year)

    @cached_property
    def span_rows(self) -> Rows:
        """The default of each estimate, with its span over readings."""
        return records(spans(self.data, self.estimate_frame))

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the themes."""
        return [
            found
            for theme in self.themes
            for found in comparisons(self.data, theme, price_year=self.price_year)
        ]

    @cached_property
    def rankings(self) -> list[Rows]:
        """The ranking of each comparison; ``deciding`` are the choices that settle the order to the next."""
        return [list(_ranking(comparison)) for comparison in self.comparisons]

    @cached_property
    def used_figures(self) -> set[str]:
        """The figures that an estimate of the subject rests on, under any reading."""
        return {name for ids in self.estimate_frame["figure_ids"] for name in ids.split()}

    def _values(self) -> Iterable[Row]:
        return (self._with_printed(row) for row in self.span_rows)

    def _estimates(self) -> Iterable[Row]:
        return (self._with_printed(row) for row in records(self.estimate_frame))

    def _with_printed(self, row: Row) -> Row:
        return row | {"printed": self.printed(row["figure_ids"])} | self._reason_words(row)

    def _reason_words(self, row: Row) -> Row:
        return dict(zip(("reason", "reason_zh"), self._reasons.words(row["reason"]), strict=True))

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.data)

    def printed(self, figure_ids: str) -> str:
        """Return figures as their sources print them, joined by semicolons."""
        return "; ".join(self._printed[name] for name in figure_ids.split())

    @cached_property
    def _printed(self) -> dict[str, str]:
        return dict(zip(self.data.figures["figure_id"], self.data.figures["printed"], strict=True))

    def _rankings(self) -> Iterable[Row]:
        for number, (comparison, rows) in enumerate(
            zip(self.comparisons, self.rankings, strict=True), start=1
        ):
            common = _of_comparison(number, comparison)
            for row in rows:
                evidence = comparison.evidence[row["item"]]
                ids, deciding = evidence["figure_ids"], " ".join(row["deciding"])
                based = {"unit": evidence["unit"], "figure_ids": ids, "printed": self.printed(ids)}
                yield common | row | based | {"deciding": deciding}

    def _coverage(self) -> Iterable[Row]:
        state = states(self.span_rows)
        for code in self.measures:
            for programme in self.data.programme_ids:
                found = state.get((code, programme), "not_reported")
                yield {"measure": code, "programme_id": programme, "state": found}

    @property
    def measures(self) -> list[str]:
        """The measures of the themes, in order."""
        return [code for code, measure in MEASURES.items() if measure.theme in self.themes]

    def _not_compared(self) -> Iterable[Row]:
        for number, comparison in enumerate(self.comparisons, start=1):
            common = _of_comparison(number, comparison)
            yield from (common | row | self._reason_words(row) for row in records(comparison.left_out))

    def _readings(self) -> Iterable[Row]:
        touching = {choice for row in self.estimate_frame["reading"] for choice in parse_when(row)}
        choices = {row["choice_id"]: row for row in records(self.data.choices)}
        own = self.programme or None
        for row in records(self.data.readings.sort_values(["choice_id", "rank"])):
            choice = choices[row["choice_id"]]
            if row["choice_id"] in touching or choice["programme_id"] == own:
                yield choice | row | {"reading_id": row["reading"]}

    def _arithmetic(self) -> Iterable[Row]:
        owners = self._owners
        for row in records(self.data.tables["identities"]):
            if owners[row["source_id"]] != self.programme:
                continue
            left, right = (arithmetic.evaluate(row[side], self.data.amounts) for side in ("left", "right"))
            yield row | {
                "programme_id": self.programme,
                "left_value": left.value,
                "right_value": right.value,
                "unit": left.unit,
                "adds_up": arithmetic.holds(left, row["relation"], right),
            }

    @cached_property
    def _owners(self) -> dict[str, str]:
        return dict(zip(self.data.sources["source_id"], self.data.sources["programme_id"], strict=True))

    def _figures(self) -> Iterable[Row]:
        if self.programme:
            return records(self.data.figures_of(self.programme).assign(programme_id=self.programme))
        frame = self.data.figures
        used = frame[frame["figure_id"].isin(self.used_figures)]
        return records(used.assign(programme_id=used["source_id"].map(self._owners)))

    def _sources(self) -> Iterable[Row]:
        chosen = {"programme_id": self.programme} if self.programme else {}
        return records(self.data.sources, **chosen)


def states(span_rows: Rows) -> dict[tuple[str, str], str]:
    """Return ``value`` or the type of absence by measure and programme; of several cells the best counts."""
    found: dict[tuple[str, str], str] = {}
    for row in span_rows:
        pair, state = (row["measure"], row["programme_id"]), row["absence"] or "value"
        found[pair] = min(found.get(pair, state), state, key=ABSENCE_ORDER.index)
    return found


def _ranking(comparison: Comparison) -> Iterable[Row]:
    rows = records(comparison.ranking())
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        deciding: tuple[str, ...] = ()
        if below and 0 < row["higher_than_next"] < row["of_readings"]:
            deciding = comparison.robustness.pair(row["item"], below["item"]).deciding
        yield row | {"deciding": deciding}


def is_silent(row: Mapping[str, Any]) -> bool:
    """Return whether a programme is left out for no other reason than that it prints no such figure."""
    return bool(row["reason"] == NOT_PRINTED)


def _of_comparison(number: int, comparison: Comparison) -> Row:
    """Return the columns that all rows of a comparison share; a dimension that may differ is empty."""
    dimensions = {name: comparison.key.get(name, "") for name in DIMENSIONS}
    return dimensions | {
        "comparison": number,
        "measure": comparison.measure,
        "differences": " ".join(comparison.differences),
        "price_basis": comparison.price_basis or NOMINAL,
    }
