"""Cells of exported tables in the words of one language: numbers stay numbers, codes become their names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from analysis.evidence.dataset import records
from analysis.evidence.register import parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.show.tablekit.columns import COLUMNS, MEANINGS, DataColumn
from analysis.show.tablekit.rows import Row
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import price_phrase

COUNT = "#,##0"


class Number(NamedTuple):
    """A number in a cell, and how a spreadsheet shows it."""

    value: float
    form: str = COUNT


Cell = str | Number


@dataclass(frozen=True)
class Wording:
    """Turns the cells of a row into what a reader of the workbook sees."""

    labels: Labels

    @property
    def text(self) -> Text:
        """The wording."""
        return self.labels.text

    @cached_property
    def blank(self) -> str:
        """What stands where nothing belongs."""
        return self.text("tables.blank")

    @cached_property
    def places(self) -> dict[str, str]:
        """The name of each programme's place."""
        frame = self.labels.data.programmes
        names = zip(frame["label"], frame["label_zh"], strict=True)
        return dict(zip(frame["programme_id"], (self.text.pick(*pair) for pair in names), strict=True))

    def heading(self, key: str) -> str:
        """Return the heading of a column."""
        return self.text(f"workbook.heading.{key}")

    def cell(self, key: str, row: Row) -> Cell:
        """Return a cell of a row; none is ever empty."""
        column = COLUMNS[key]
        value = row.get(key, "")
        if column.numeric:
            return self._number(key, value, row)
        return getattr(self, f"_{column.kind}")(column, value, row) or self.blank

    def _number(self, key: str, value: Any, row: Row) -> Cell:
        if value is None or pd.isna(value):
            kind = COLUMNS[key].kind
            absence = row.get("absence", "") if kind == "number" else ""
            return self.code("absence", absence) if absence else self.blank
        if math.isinf(value):
            return self.text("workbook.open")
        if COLUMNS[key].kind == "count":
            return Number(float(value))
        return Number(float(value), number_form(value, row.get("unit", "")))

    def shown_value(self, row: Row) -> Cell:
        """Return the value of an estimate as a number that says when it only is a bound or one reading."""
        cell = self._number("value", row["value"], row)
        if not isinstance(cell, Number):
            return cell
        bound = ""
        if row["lower"] < row["upper"]:
            bound = "≥ " if row["upper"] == math.inf else "≤ " if row["lower"] in (0, -math.inf) else ""
        several = "*" if row["low"] < row["high"] or row["n_values"] < row["n_readings"] else ""
        # An upper bound of infinity and a lower one of nothing bound nothing.
        free = row["upper"] == math.inf and row["lower"] in (0, -math.inf)
        form = f'"{bound}"{cell.form}' if bound and not free else cell.form
        return Number(cell.value, f'{form}" {several}"' if several else form)

    def code(self, field: str, code: str) -> str:
        """Return the name of a code."""
        if field == "measure":
            return self.labels.measure(code)
        if field == "state":
            return self.text("comparison.reported") if code == "value" else self.text.code("absence", code)
        if field in MEANINGS:
            return self.text.code(field, code)
        return self.labels.term(field, code)

    def _code(self, column: DataColumn, value: str, _: Row) -> str:
        return self.code(column.codes, value) if value else ""

    def _place(self, _column: DataColumn, value: str, _: Row) -> str:
        return self.places[value] if value else self.text("workbook.all_places")

    def _text(self, _column: DataColumn, value: Any, _: Row) -> str:
        return self.text.convert(str(value))

    def _id(self, _column: DataColumn, value: Any, _: Row) -> str:
        return str(value)

    def _words(self, column: DataColumn, _value: str, row: Row) -> str:
        return self.labels.of(row, column.key)

    def _flag(self, _column: DataColumn, value: bool, _: Row) -> str:
        return self.text("workbook.yes" if value else "workbook.no")

    def _unit(self, _column: DataColumn, value: str, _: Row) -> str:
        return self.text.unit(value) if value else ""

    def _prices(self, _column: DataColumn, value: str, row: Row) -> str:
        return self.prices(value) if row["unit"].startswith("CNY") else ""

    def prices(self, basis: str) -> str:
        """Return a price basis in words."""
        return price_phrase(self.labels, basis)

    def difference(self, code: str) -> str:
        """Return in what programmes differ, in words."""
        return self.text(f"comparison.across_{code}")

    def _year(self, _column: DataColumn, value: str, row: Row) -> Cell:
        if row.get("absence"):
            return ""
        return Number(int(value), "0") if value.isdigit() else self.labels.year(value, "")

    def _readings(self, _column: DataColumn, value: str, _: Row) -> str:
        names = (self._reading_names[pair] for pair in parse_when(value).items())
        return self.text("number.item_separator").join(names)

    @cached_property
    def _reading_names(self) -> dict[tuple[str, str], str]:
        rows = records(self.labels.data.readings)
        return {(row["choice_id"], row["reading"]): self.labels.of(row, "label") for row in rows}

    def _item(self, _column: DataColumn, value: str, _: Row) -> str:
        return self.labels.item(value) if ":" in value else self.places[value]

    def _differences(self, _column: DataColumn, value: str, _: Row) -> str:
        return self.text.listing(map(self.difference, value.split()))

    def _others(self, _column: DataColumn, value: str, _: Row) -> str:
        cells = (self._cell_words(codes) for codes in value.split("; ") if codes)
        return self.text("number.item_separator").join(cells)

    def _cell_words(self, codes: str) -> str:
        return self.labels.attributes(self.labels.term(self._fields[c], c) for c in codes.split())

    @cached_property
    def _fields(self) -> dict[str, str]:
        return {code: field for field, code in self.labels.data.terms if field in DIMENSIONS}


def number_form(value: float, unit: str) -> str:
    """Return the number format of a quantity: whole yuan, percentages, two decimals for ratios."""
    if unit.startswith("share"):
        return "0.0%"
    if unit == "ratio":
        return "0.00"
    if float(value).is_integer() or abs(value) >= 100:
        return COUNT
    return "#,##0.00" if abs(value) >= 0.1 else "0.0000"
