"""Cells of exported tables in the words of one language: numbers stay numbers, codes become their names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.citation import data_version
from analysis.show.tablekit.columns import COLUMNS, MEANINGS, DataColumn
from analysis.show.tablekit.subject import Subject
from analysis.words.labels import Labels, Worded
from analysis.words.phrases import price_phrase

WHOLE = "#,##0"


class Number(NamedTuple):
    """A number in a cell, and how a spreadsheet shows it."""

    value: float
    form: str = WHOLE


SheetCell = str | Number


@dataclass(frozen=True)
class CellWords(Labels):
    """The names of everything, and the cells of an exported row as a reader sees them."""

    @cached_property
    def blank(self) -> str:
        """What stands where nothing belongs."""
        return self.text("tables.blank")

    def heading(self, key: str) -> str:
        """Return the heading of a column."""
        return self.text(f"workbook.heading.{key}")

    def cell(self, key: str, row: Mapping[str, Any]) -> SheetCell:
        """Return a cell of a row; none is ever empty."""
        column, value = COLUMNS[key], row.get(key, "")
        if column.numeric:
            absence = row.get("absence", "") if column.kind == "number" else ""
            return self._number(column, value, row.get("unit", ""), absence)
        return self._in_words(column, value, row) or self.blank

    def _number(self, column: DataColumn, value: Any, unit: str, absence: str) -> SheetCell:
        if value is None or pd.isna(value):
            return self.code("absence", absence) if absence else self.blank
        if math.isinf(value):
            return self.text("workbook.open")
        return Number(float(value), WHOLE if column.kind == "count" else number_form(value, unit))

    def _in_words(self, column: DataColumn, value: Any, row: Mapping[str, Any]) -> SheetCell:
        """Return a cell that is no number; empty text where nothing belongs."""
        match column.kind:
            case "words":
                return self.text.pick(row[column.key], row[f"{column.key}_zh"])
            case "flag":
                return self.text("workbook.yes" if value else "workbook.no")
            case "place":
                return self.programme(value) if value else self.text("workbook.all_places")
            case "prices":
                return self.prices(value) if row["unit"].startswith("CNY") else ""
            case "year":
                return "" if row.get("absence") else self._year_cell(value)
            case "id":
                return str(value)
            case "text":
                return self.text.convert(str(value))
        return self._name_code(column, value) if value else ""

    def _name_code(self, column: DataColumn, value: str) -> str:
        match column.kind:
            case "unit":
                return self.text.unit(value)
            case "readings":
                return self.readings(value)
            case "item":
                return self.item(value)
            case "differences":
                return self.text.listing(map(self.difference, value.split()))
            case "region":
                return self.region(value)
            case "others":
                cells = (self._name_dimensions(codes) for codes in value.split("; "))
                return self.text("number.item_separator").join(cells)
        return self.code(column.key, value)

    def shown_value(self, row: Span) -> SheetCell:
        """Return the value of an estimate as a number that says when it only is a bound or one reading."""
        cell = self._number(COLUMNS["value"], row.value, row.unit, row.absence)
        if not isinstance(cell, Number):
            return cell
        from_nothing, to_anything = row.lower in (0, -math.inf), row.upper == math.inf
        bound = ""
        # An upper bound of infinity and a lower one of nothing bound nothing.
        if row.lower < row.upper and from_nothing != to_anything:
            bound = '"≥ "' if to_anything else '"≤ "'
        several = '" *"' if row.low < row.high or row.n_values < row.n_readings else ""
        return Number(cell.value, f"{bound}{cell.form}{several}")

    def code(self, field: str, code: str) -> str:
        """Return the name of a code."""
        if field == "measure":
            return self.measure(code)
        if field == "state":
            return self.text("comparison.reported") if code == "value" else self.text.code("absence", code)
        if field in MEANINGS:
            return self.text.code(field, code)
        return self.term(field, code)

    def prices(self, basis: str) -> str:
        """Return a price basis in words."""
        return price_phrase(self, basis)

    def difference(self, code: str) -> str:
        """Return in what programmes differ, in words."""
        return self.text(f"comparison.across_{code}")

    def _year_cell(self, year: str) -> SheetCell:
        return Number(int(year), "0") if year.isdigit() else self.year(year, "")

    def _name_dimensions(self, codes: str) -> str:
        """Return the codes of an estimate's dimensions in words."""
        return self.attributes(self.term(self._dimension_of[c], c) for c in codes.split())

    @cached_property
    def _dimension_of(self) -> dict[str, str]:
        return {code: field for field, code in self.data.terms if field in DIMENSIONS}


@dataclass(frozen=True)
class KitWords(Worded):
    """What puts a subject into the words of one language."""

    subject: Subject
    language: str

    @cached_property
    def data(self) -> Dataset:  # type: ignore[override]
        """The dataset."""
        return self.subject.data

    @cached_property
    def labels(self) -> CellWords:
        """The names of everything."""
        return CellWords(self.data, self.text)

    @property
    def themes(self) -> str:
        """The names of the themes."""
        return self.text.listing(self.text(f"report.section_{theme}") for theme in self.subject.themes)

    @property
    def prices(self) -> str:
        """The prices of the estimates."""
        return self.labels.prices(self.subject.price_basis)

    @property
    def version(self) -> str:
        """The version of the data."""
        return self.text("tables.data", **data_version(self.data))


def number_form(value: float, unit: str) -> str:
    """Return the number format of a quantity: whole yuan, percentages, two decimals for ratios."""
    if unit.startswith("share"):
        return "0.0%"
    if unit == "ratio":
        return "0.00"
    if float(value).is_integer() or abs(value) >= 100:
        return WHOLE
    return "#,##0.00" if abs(value) >= 0.1 else "0.0000"
