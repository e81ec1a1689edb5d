"""The workbook on a comparison or on one programme: about, data, figures, sources, codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.estimates.measures import cell_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.export.citation import citation, data_version
from analysis.show.tablekit.codebook import codebook
from analysis.show.tablekit.rows import DataTable, Row, Rows, Subject, states
from analysis.show.tablekit.wording import Cell, Wording
from analysis.show.tablekit.xlsx import Sheet, Workbook
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import price_phrase

MOST_SIDE_BY_SIDE = 8


class SubjectWorkbook:
    """Puts the tables of a subject into sheets, in one language."""

    def __init__(self, subject: Subject, language: str) -> None:
        self.subject = subject
        self.language = language
        self.labels = Labels(subject.data, Text.of(language))
        self.text = self.labels.text
        self.wording = Wording(self.labels)

    def workbook(self) -> Workbook:
        """Return the workbook."""
        data = [*self._side_by_side(), *(self._data_sheet(table) for table in self.tables)]
        sheets = [*data, self._codebook()]
        shown = tuple(sheet.fitting(self.text("workbook.cut")) for sheet in sheets)
        return Workbook(self.title, self.language, (self._about(shown), *shown), subject=self._what())

    @property
    def tables(self) -> list[DataTable]:
        """The tables of the subject."""
        return self.subject.tables

    @property
    def title(self) -> str:
        """What the workbook is about."""
        if self.subject.programme:
            row = self.subject.data.programme(self.subject.programme)
            return self.text(
                "report.title",
                place=self.labels.of(row, "label"),
                programme=self.labels.of(row, "programme_name"),
            )
        themes = self.text.listing(self.text(f"report.section_{theme}") for theme in self.subject.themes)
        return self.text("comparison.title", theme=themes)

    def _what(self) -> str:
        return self.text("tables.data", **data_version(self.subject.data))

    def _prices(self) -> str:
        return price_phrase(self.labels, self.subject.price_basis)

    def _sheet(self, name: str, header: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
        title = self.text(f"workbook.sheet.{name}")
        note = self.text(f"workbook.holds.{name}", prices=self._prices())
        named = self.text("number.labelled", label=title, value=self.title)
        return Sheet(title, named, note, tuple(header), tuple(rows))

    def _data_sheet(self, table: DataTable) -> Sheet:
        if table.name == "coverage" and self.few:
            return self._matrix(table)
        keys = [key for key in table.columns if not _always_empty(key, table.rows)]
        rows = (tuple(self.wording.cell(key, row) for key in keys) for row in table.rows)
        return self._sheet(table.name, map(self.wording.heading, keys), rows)

    @property
    def few(self) -> bool:
        """Whether the programmes fit beside each other."""
        return len(self.subject.data.programme_ids) <= MOST_SIDE_BY_SIDE

    def _matrix(self, table: DataTable) -> Sheet:
        """Return who reports what with programmes in columns."""
        cells: dict[str, list[Cell]] = {}
        for row in table.rows:
            cells.setdefault(row["measure"], []).append(self.wording.cell("state", row))
        header = [self.wording.heading("measure"), *self.wording.places.values()]
        rows = ((self.labels.measure(code), *states) for code, states in cells.items())
        return self._sheet("coverage", header, rows)

    def _side_by_side(self) -> Iterator[Sheet]:
        """Yield what is reported beside each other, programmes in columns, where there are not too many."""
        if self.subject.programme or not self.few:
            return
        names = self.wording.places.values()
        rows = self.subject.span_rows
        header = [self.wording.heading("measure"), self.text("table.what"), self.wording.heading("unit")]
        yield self._sheet("side-by-side", [*header, *names], self._cells_beside(rows))

    def _cells_beside(self, rows: Rows) -> Iterator[tuple[Cell, ...]]:
        beside: dict[tuple[str, ...], dict[str, Row]] = {}
        for row in rows:
            beside.setdefault(cell_of(row), {})[row["programme_id"]] = row
        silent = {pair: state for pair, state in states(rows).items() if state != "value"}
        order = {measure: place for place, measure in enumerate(self.subject.measures)}
        for cell in sorted(beside, key=lambda cell: (order[cell[0]], self._ranks(cell))):
            found = beside[cell]
            units = {row["unit"] for row in found.values() if not row["absence"]}
            if units:
                # A cell has one unit but for funds whose denominators differ, and then names both.
                unit = self.text("number.item_separator").join(map(self.text.unit, sorted(units)))
                what = self.labels.dimensions(next(iter(found.values())))
                values = (
                    self._beside(found.get(p), silent.get((cell[0], p), "not_reported"))
                    for p in self.subject.data.programme_ids
                )
                yield (self.labels.measure(cell[0]), what or self.wording.blank, unit, *values)

    def _ranks(self, cell: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.labels.rank(name, code) for name, code in zip(DIMENSIONS, cell[1:], strict=True))

    def _beside(self, row: Row | None, absence: str) -> Cell:
        if row is None:
            return self.wording.code("absence", absence)
        return self.wording.shown_value(row)

    def _codebook(self) -> Sheet:
        blank = self.wording.blank
        entries = codebook(self.subject.data, self.tables, self.language)
        rows = (
            (
                self.text("number.list_separator").join(self._sheet_name(name) for name in entry.tables),
                entry.column,
                entry.code or blank,
                entry.label or blank,
                entry.description,
            )
            for entry in entries
        )
        keys = ("tables", "column", "code", "label", "description")
        return self._sheet("codebook", (self.text(f"workbook.codebook_{key}") for key in keys), rows)

    def _sheet_name(self, table: str) -> str:
        return self.text(f"workbook.sheet.{table}")

    def _about(self, sheets: tuple[Sheet, ...]) -> Sheet:
        data, cited = self.subject.data, citation(self.subject.data)
        lines: list[tuple[str, Cell]] = [
            ("title", self.title),
            ("prices", self._prices()),
            ("language", self.text.rules.name),
            ("project", cited["title"]),
            ("version", cited["version"]),
            ("data_hash", data.data_hash),
            ("license", cited["license"] or self.wording.blank),
            ("authors", cited["authors"] or self.wording.blank),
            ("citation", self._cite(cited)),
            ("caution", self.text("report.caution")),
            ("absence", self.text("workbook.about_absence", blank=self.wording.blank)),
            ("bounds", self.text("workbook.about_bounds")),
            ("readings", self.text("workbook.about_readings")),
        ]
        rows = [(self.text(f"workbook.about.{key}"), value) for key, value in lines]
        counted = "workbook.about_sheet"
        rows += [(sheet.name, self.text(counted, rows=len(sheet.rows), holds=sheet.note)) for sheet in sheets]
        name = self.text("workbook.sheet.about")
        header = (self.text("table.item"), self.text("table.entry"))
        return Sheet(name, self.title, self._what(), header, tuple(rows), filtered=False)

    def _cite(self, cited: dict[str, str]) -> str:
        return self.text("workbook.cite", **cited, hash=self.subject.data.data_hash[:12])


def _always_empty(key: str, rows: Rows) -> bool:
    """Return whether a dimension or an optional column belongs to no row of a sheet."""
    optional = (
        *DIMENSIONS,
        "value_to",
        "deciding",
        "requires",
        "author",
        "other",
        "date_note",
        "differences",
    )
    return key in optional and all(row.get(key, "") == "" or row.get(key) != row.get(key) for row in rows)
