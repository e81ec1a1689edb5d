"""Frames and comparisons as tables to read: headings in words, numbers with their units, absences named."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison
from analysis.evidence import units
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.schema import DIMENSIONS
from analysis.show.comparison.columns import column
from analysis.show.tablekit.cell_words import CellWords
from analysis.show.tablekit.columns import COLUMNS
from analysis.words.comparisons import ranking_cells
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import phrase, price_phrase, unit_phrase

Row = dict[str, Any]
MOST_ROWS = 40
RIGHT = ("rank", "value", "margin")
# Said by another column, or for machines; ``columns`` shows them all the same.
UNSAID = {
    "lower", "upper", "low", "high", "n_values", "n_readings", "unit", "price_basis", "year_basis", "theme",
    "coding_id", "absence", "sha256", "encoding", "file", "paragraphs", "rank", "start", "end",
}  # fmt: skip
QUANTITIES = ("value", "value_to", "lower", "upper", "low", "high")


def show(
    data: Dataset,
    what: str | pd.DataFrame | Comparison,
    language: str = "en",
    *,
    columns: Iterable[str] = (),
    rows: int = MOST_ROWS,
    **where: object,
) -> Table:
    """Return a table to read: of a table by its name, of a frame taken from one, or of a comparison.

    Headings, codes and numbers are in words of the language, values carry their units and bounds, and an
    absence its type. The dimensions of an estimate stand in one column. ``where`` keeps rows by value:
    ``show(data, "estimates", programme_id="ludian")``; ``columns`` names the columns to show, and at most
    ``rows`` are. Raises ``ValueError`` for a name or value that there is not, with those that there are.
    """
    labels = Labels(data, Text.of(language))
    if isinstance(what, Comparison):
        return _narrowed(ranking_table(labels, what, rows=rows), tuple(columns))
    if isinstance(what, str):
        frame, name = _table(data, what), what
    else:
        frame, name = what, "frame"
    if frame.index.name == "measure":
        frame = _with_places_named(frame.reset_index(), labels)
    frame = _filtered(frame, where)
    if unknown := [key for key in columns if key not in frame.columns]:
        raise ValueError(f"no column {unknown[0]!r}; there are {', '.join(map(str, frame.columns))}")
    return _FrameTable(labels, frame, tuple(columns)).table(name, rows)


def _narrowed(table: Table, keys: tuple[str, ...]) -> Table:
    """Return a table with some of its columns, or with all where none is named."""
    known = {column.key: column for column in table.columns}
    if unknown := [key for key in keys if key not in known]:
        raise ValueError(f"no column {unknown[0]!r}; there are {', '.join(known)}")
    return replace(table, columns=tuple(known[key] for key in keys)) if keys else table


def ranking_table(labels: Labels, comparison: Comparison, *, rows: int = MOST_ROWS) -> Table:
    """Return a ranking in words: place, value with its span, places over readings, margin to the next.

    Counts have their place and value only.
    """
    ranking = comparison.ranked
    cells = tuple(ranking_cells(labels, comparison, row) for row in ranking[:rows])
    keys = [key for key in _ranking_keys(comparison) if key != "printed" or any(c[key] for c in cells)]
    columns = tuple(column(labels.text, key, right=key in RIGHT) for key in keys)
    unit = unit_phrase(labels, comparison.unit, comparison.price_basis)
    heading = labels.text("workbook.heading.unit")
    said = [labels.text("number.labelled", label=heading, value=unit)] if unit else []
    notes = (*said, *_cut(labels.text, len(cells), len(ranking)))
    return Table("ranking", labels.comparison(comparison), columns, cells, notes=notes)


def _ranking_keys(comparison: Comparison) -> tuple[str, ...]:
    """Return the columns of a ranking: counts have no ranks, and one item alone has no order."""
    if not comparison.is_rate:
        return ("place", "value")
    ordered = ("ranks", "order", "margin") if len(comparison.ranked) > 1 else ()
    return ("rank", "place", "value", "printed", *ordered)


def _cut(text: Text, shown: int, total: int) -> tuple[str, ...]:
    if shown == total:
        return ()
    return (text("explore.rows", shown=text.number(shown), total=text.number(total)),)


@dataclass(frozen=True)
class _FrameTable:
    """A frame on its way to a table."""

    labels: Labels
    frame: pd.DataFrame
    asked: tuple[str, ...]

    @cached_property
    def cell_words(self) -> CellWords:
        return CellWords(self.labels.data, self.labels.text)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that are shown; ``what`` stands for all dimensions of an estimate."""
        if self.asked:
            return self.asked
        names = [str(name) for name in self.frame.columns]
        merged = set(DIMENSIONS) if set(DIMENSIONS) <= set(names) else set()
        unsaid = UNSAID - ({"unit"} if "n_values" in names else set())
        if "value" not in names:
            unsaid -= {"absence"}
        if "admin_level" in names:  # the place of a programme is named already, by its label
            merged.add("label")
        spoken = ["what" if name == DIMENSIONS[0] and name in merged else name for name in names]
        return tuple(
            name
            for name in spoken
            if name not in merged | unsaid and not name.endswith("_zh") and self._says_something(name)
        )

    def _says_something(self, name: str) -> bool:
        """Return whether a column differs from row to row, or is not empty."""
        return name in ("what", "value") or bool(self.frame[name].astype(str).str.strip().any())

    def table(self, name: str, rows: int) -> Table:
        found = records(self.frame.head(rows))
        cells = tuple(
            {key: self._cell(key, row) or self.cell_words.blank for key in self.keys} for row in found
        )
        columns = tuple(self._column(key) for key in self.keys)
        title = self._first_message(f"workbook.sheet.{name}")
        notes = (*self._prices(), *_cut(self.labels.text, len(cells), len(self.frame)))
        return Table(name, title, columns, cells, notes=notes)

    def _prices(self) -> tuple[str, ...]:
        bases = set(self.frame["price_basis"]) if "price_basis" in self.frame else set()
        money = "unit" in self.frame and self.frame["unit"].astype(str).str.startswith("CNY").any()
        if len(bases) != 1 or not money:
            return ()
        return (self.labels.text("tables.prices", prices=price_phrase(self.labels, str(bases.pop()))),)

    def _column(self, key: str) -> Column:
        named = "reading_id" if key == "reading" and "choice_id" in self.frame else key
        label = self._first_message(f"explore.column_{named}", f"workbook.heading.{named}", f"table.{named}")
        right = key in QUANTITIES or (key in COLUMNS and COLUMNS[key].numeric)
        return Column(key, label or key.replace("_", " "), "right" if right else "left")

    def _first_message(self, *keys: str) -> str:
        return next((self.labels.text(key) for key in keys if key in self.labels.text.messages), "")

    def _cell(self, key: str, row: Row) -> str:
        special: Mapping[str, Callable[[Row], str]] = {
            "what": self.labels.dimensions,
            "value": self._value,
            "year": lambda row: self.labels.year(str(row["year"]), str(row.get("year_basis", ""))),
        }
        if key in special:
            return special[key](row)
        if key in QUANTITIES:
            return self._number(row[key], str(row.get("unit", "")))
        if key == "reason" and "coding_id" in row:
            return self.labels.reason(row[key])
        if f"{key}_zh" in row:
            return self.labels.of(row, key)
        if (key, row[key]) in self.labels.data.terms:
            return self.labels.term(key, str(row[key]))
        if key not in COLUMNS or COLUMNS[key].kind == "words" or (key == "reading" and "choice_id" in row):
            # A code with a name of its own, or text as it stands.
            return self._first_message(f"codes.{key}.{row[key]}") or self.labels.text.convert(str(row[key]))
        cell = self.cell_words.cell(key, {"unit": "", "absence": "", **row})
        return cell if isinstance(cell, str) else self.labels.text.number(cell.value)

    def _value(self, row: Row) -> str:
        """Return the value with what is known of it: its span over readings, its bounds, its unit."""
        if row.get("absence"):
            return self.labels.text.code("absence", row["absence"])
        if "n_values" in row:
            return phrase(self.labels, row)
        unit = str(row.get("unit", ""))
        if pd.isna(row["value"]) or "lower" not in row:
            return self._number(row["value"], unit)
        return self.labels.text.interval(row["value"], row["lower"], row["upper"], unit, short=False)

    def _number(self, value: Any, unit: str) -> str:
        if pd.isna(value):
            return self.cell_words.blank
        if abs(value) == float("inf"):
            return self.labels.text("workbook.open")
        # A reference series may be in a unit that no figure has, such as percent.
        text = self.labels.text
        return text.quantity(value, unit) if _is_known(unit) else f"{text.number(value)} {unit}"


def _is_known(unit: str) -> bool:
    try:
        units.atoms(unit or "CNY")
    except units.UnitError:
        return False
    return True


def _with_places_named(frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a coverage matrix with its columns and states in words."""
    known = set(labels.data.programme_ids)
    places = [name for name in frame.columns if name in known]
    states = {"value": labels.text("comparison.reported")}

    def said(state: str) -> str:
        return states.get(state) or labels.text.code("absence", state)

    named = {place: frame[place].map(said) for place in places}
    return frame.assign(**named).rename(columns={place: labels.programme(place) for place in places})


def _table(data: Dataset, name: str) -> pd.DataFrame:
    if name not in data.tables:
        close = difflib.get_close_matches(name, data.tables, n=1)
        hint = f"did you mean {close[0]!r}? There" if close else "there"
        raise ValueError(f"no table {name!r}; {hint} are {', '.join(data.tables)}")
    return data.tables[name]


def _filtered(frame: pd.DataFrame, where: Mapping[str, object]) -> pd.DataFrame:
    for name, value in where.items():
        if name not in frame:
            raise ValueError(
                f"no column {name!r} to choose rows by; there are {', '.join(map(str, frame.columns))}"
            )
        kept = frame[frame[name] == value]
        if kept.empty:
            known = ", ".join(map(repr, frame[name].unique()[:12]))
            raise ValueError(f"no row has {name}={value!r}; those left have {known}")
        frame = kept
    return frame
