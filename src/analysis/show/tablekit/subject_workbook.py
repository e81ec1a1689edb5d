"""The workbook on a comparison or on one programme: about, data, figures, sources, codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.estimates.selection import best_states
from analysis.estimates.spans import Span
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.citation import citation
from analysis.show.tablekit.cell_words import KitWords, SheetCell
from analysis.show.tablekit.codebook import codebook
from analysis.show.tablekit.subject import DataTable
from analysis.show.tablekit.xlsx import Sheet, Workbook
from analysis.words.comparisons import prices_phrase
from analysis.words.phrases import group_by_cell

MOST_SIDE_BY_SIDE = 8
# Columns that are left out of a sheet where they hold nothing.
_OPTIONAL = (
    *DIMENSIONS, "value_to", "deciding", "requires", "author", "other", "date_note", "differences", "region",
    "url", "accessed", "archive",
)  # fmt: skip


@dataclass(frozen=True)
class SubjectWorkbook(KitWords):
    """Puts the tables of a subject into sheets, in one language."""

    def workbook(self) -> Workbook:
        """Return the workbook."""
        data = [*self._side_by_side(), *(self._data_sheet(table) for table in self.subject.tables)]
        cut = self.text("workbook.cut")
        sheets = tuple(sheet.fit(cut) for sheet in (*data, self._codebook()))
        return Workbook(self.title, self.language, (self._about(sheets), *sheets), subject=self.version)

    @property
    def title(self) -> str:
        """What the workbook is about."""
        if self.subject.programme:
            row = self.data.programme(self.subject.programme)
            place, programme = (self.labels.of(row, name) for name in ("label", "programme_name"))
            return self.text("report.title", place=place, programme=programme)
        return self.text("comparison.title", theme=self.themes)

    @property
    def few(self) -> bool:
        """Whether the programmes fit beside each other."""
        return len(self.data.programme_ids) <= MOST_SIDE_BY_SIDE

    def _sheet(self, name: str, header: Iterable[str], rows: Iterable[tuple[SheetCell, ...]]) -> Sheet:
        tab = self.text(f"workbook.sheet.{name}")
        prices = prices_phrase(self.labels, self.subject.comparisons) if name == "rankings" else self.prices
        note = self.text(f"workbook.holds.{name}", prices=prices)
        title = self.text("number.labelled", label=tab, value=self.title)
        return Sheet(tab, title, note, tuple(header), tuple(rows))

    def _data_sheet(self, table: DataTable) -> Sheet:
        if table.name == "coverage" and self.few:
            return self._coverage_matrix(table)
        keys = [key for key in table.columns if key not in _OPTIONAL or _holds_something(key, table)]
        rows = (tuple(self.labels.cell(key, row) for key in keys) for row in table.rows)
        return self._sheet(table.name, map(self.labels.heading, keys), rows)

    def _places(self) -> Iterator[str]:
        return map(self.labels.programme, self.data.programme_ids)

    def _coverage_matrix(self, table: DataTable) -> Sheet:
        """Return who reports what with programmes in columns."""
        cells: dict[str, list[SheetCell]] = {}
        for row in table.rows:
            cells.setdefault(row["measure"], []).append(self.labels.cell("state", row))
        rows = ((self.labels.measure(code), *states) for code, states in cells.items())
        return self._sheet("coverage", [self.labels.heading("measure"), *self._places()], rows)

    def _side_by_side(self) -> Iterator[Sheet]:
        """Yield what is reported beside each other, programmes in columns, where there are not too many."""
        if self.few and not self.subject.programme:
            what = (self.labels.heading("measure"), self.text("table.what"), self.labels.heading("unit"))
            yield self._sheet("side-by-side", [*what, *self._places()], self._rows_beside())

    def _rows_beside(self) -> Iterator[tuple[SheetCell, ...]]:
        states = best_states(self.subject.span_rows)
        for (measure, *_), rows in group_by_cell(self.labels, self.subject.span_rows).items():
            if units := {row.unit for row in rows if row.has_value}:
                # A cell has one unit but for funds whose denominators differ, and then names both.
                unit = self.text("number.item_separator").join(map(self.text.unit, sorted(units)))
                what = self.labels.dimensions(rows[0]) or self.labels.blank
                found = {row.programme_id: row for row in rows}
                values = (
                    self._cell_beside(found.get(programme), states.get((measure, programme), ""))
                    for programme in self.data.programme_ids
                )
                yield (self.labels.measure(measure), what, unit, *values)

    def _cell_beside(self, row: Span | None, state: str) -> SheetCell:
        if row:
            return self.labels.shown_value(row)
        return self.labels.code("absence", "not_reported" if state in ("", "value") else state)

    def _codebook(self) -> Sheet:
        blank, separator = self.labels.blank, self.text("number.list_separator")
        rows = (
            (
                separator.join(self.text(f"workbook.sheet.{name}") for name in entry.tables),
                entry.column,
                entry.code or blank,
                entry.label or blank,
                entry.description,
            )
            for entry in codebook(self.labels, self.subject.tables)
        )
        keys = ("tables", "column", "code", "label", "description")
        return self._sheet("codebook", (self.text(f"workbook.codebook_{key}") for key in keys), rows)

    def _about(self, sheets: tuple[Sheet, ...]) -> Sheet:
        data_hash, cited, blank = self.data.data_hash, citation(self.data), self.labels.blank
        lines = {
            "title": self.title,
            "prices": self.prices,
            "language": self.text.rules.name,
            "project": cited["title"],
            "version": cited["version"],
            "data_hash": data_hash,
            "license": cited["license"] or blank,
            "authors": cited["authors"] or blank,
            "citation": self.text("workbook.cite", **cited, hash=data_hash[:12]),
            "caution": self.text("report.caution"),
            "absence": self.text("workbook.about_absence", blank=blank),
            "bounds": self.text("workbook.about_bounds"),
            "readings": self.text("workbook.about_readings"),
        }
        rows = [(self.text(f"workbook.about.{key}"), value) for key, value in lines.items()]
        counted = "workbook.about_sheet"
        rows += [(sheet.name, self.text(counted, rows=len(sheet.rows), holds=sheet.note)) for sheet in sheets]
        name, header = self.text("workbook.sheet.about"), (self.text("table.item"), self.text("table.entry"))
        return Sheet(name, self.title, self.version, header, tuple(rows), filtered=False)


def _holds_something(key: str, table: DataTable) -> bool:
    cells = (row.get(key, "") for row in table.rows)
    # A number that is absent is unequal to itself.
    return any(cell != "" and cell == cell for cell in cells)
