"""A workbook as a value: sheets of typed cells, rendered late as XLSX, the same bytes on every run."""

from __future__ import annotations

import datetime
import io
import math
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import quantiles
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.files import write_file
from analysis.show.tablekit.cell_words import Number, SheetCell
from analysis.show.tablekit.text_widths import longest_word, text_width
from analysis.words.languages import LANGUAGES

MOST_CHARACTERS, MOST_ROWS = 32_767, 1_048_576  # of a cell, of a sheet: the limits of the format
MOST_IN_MEMORY = 1_000_000  # cells
NARROWEST, WIDEST, READ = 8, 36, 96  # in characters; the last for text that is read rather than sorted
HEADER_ROW = 2
A4 = 9
PAGE = 200  # in characters: what a page of A4 across still prints large enough to read
TALLEST = 409.0
CREATED = datetime.datetime(2000, 1, 1)
# Text stays text: never a formula, a link or a number.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# What XML cannot hold, and what it would change.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name on the tab, its title, what it holds, its header and rows.

    A sheet that is not ``filtered`` is read rather than sorted.
    """

    name: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[SheetCell, ...], ...]
    filtered: bool = True

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", self.name):
            raise ValueError(
                f"sheet name {self.name!r}: a name has 1 to 31 characters, none of []:*?/\\ and no "
                "apostrophe at an end; shorten it in the catalogue"
            )

    @property
    def widths(self) -> list[int]:
        """The width of each column in characters: that of nine cells in ten, within limits."""
        most = WIDEST if self.filtered else READ
        return [
            _column_width(head, cells, most) for head, *cells in zip(self.header, *self.rows, strict=True)
        ]

    @property
    def numeric(self) -> set[int]:
        """The columns that hold numbers."""
        return {place for row in self.rows for place, cell in enumerate(row) if isinstance(cell, Number)}

    def fit(self, note: str) -> Sheet:
        """Return the sheet with as many rows as the format holds, and with the note where some are cut."""
        most = MOST_ROWS - HEADER_ROW - 1
        if len(self.rows) <= most:
            return self
        return replace(self, rows=self.rows[:most], note=note)


@dataclass(frozen=True)
class Workbook:
    """Sheets under one title; ``content`` is the XLSX file."""

    title: str
    language: str
    sheets: tuple[Sheet, ...]
    subject: str = ""

    def __repr__(self) -> str:
        sheets = ", ".join(f"{sheet.name} ({len(sheet.rows)})" for sheet in self.sheets)
        return f"Workbook({self.title!r}; sheets with their rows: {sheets})"

    @cached_property
    def content(self) -> bytes:
        """The workbook as an XLSX file; the same sheets give the same bytes."""
        return _Writer(self).write()

    def save(self, path: str | Path) -> Path:
        """Write the workbook, whole or not at all, and return where."""
        return write_file(Path(path), self.content)


def clean_text(text: str) -> str:
    """Return text as a cell can hold it: without control characters, and no longer than the format allows."""
    text = _NO_XML.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def _column_width(head: str, cells: list[SheetCell], most: int) -> int:
    widths = sorted(map(_width, cells))
    usual = int(quantiles(widths, n=10)[-1]) if len(widths) > 1 else max(widths, default=0)
    # A heading may take two lines, is bold, and has the button of the filter beside it.
    heading = math.ceil(max(text_width(head) * 0.6, longest_word(head) * 1.2)) + 4
    return min(max(usual + 3, heading, NARROWEST), most)


def _lines(cell: SheetCell, width: int) -> int:
    """Return how many lines a cell takes; no program that opens the file can be trusted to find out."""
    if isinstance(cell, Number):
        return 1
    return sum(_lines_of(text_width(line), width - 1) for line in cell.split("\n"))


def _lines_of(text: int, width: int) -> int:
    # Lines break between words: of several, none is full.
    return max(1, math.ceil(text / width if text <= width else text * 1.1 / width))


def _width(cell: SheetCell) -> int:
    return len(f"{cell.value:,.0f}") + 4 if isinstance(cell, Number) else text_width(cell)


class _Writer:
    """Writes a workbook once; formats are shared between cells."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.buffer = io.BytesIO()
        font = {"font_name": LANGUAGES[workbook.language].sheet_font, "font_size": 10}
        cells = sum(len(sheet.rows) * len(sheet.header) for sheet in workbook.sheets)
        # Very many cells are written row by row to a temporary file, each text where it stands.
        kept = {"in_memory": True} if cells <= MOST_IN_MEMORY else {"constant_memory": True}
        self.file = xlsxwriter.Workbook(self.buffer, {**kept, "default_format_properties": font, **SAFE})
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def write(self) -> bytes:
        """Return the file."""
        properties = {"title": self.workbook.title, "subject": self.workbook.subject, "created": CREATED}
        self.file.set_properties({key: value for key, value in properties.items() if value})
        self.file.set_size(2400, 1500)
        for sheet in self.workbook.sheets:
            self._sheet(sheet)
        self.file.close()
        return self.buffer.getvalue()

    def _format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.file.add_format({"valign": "top", **properties})
        return self.formats[key]

    def _sheet(self, sheet: Sheet) -> None:
        page = self.file.add_worksheet(sheet.name)
        page.write_string(0, 0, clean_text(sheet.title), self._format(bold=True, font_size=14))
        page.write_string(1, 0, clean_text(sheet.note), self._format(font_color="#59636E"))
        self._header(page, sheet)
        widths, numeric = sheet.widths, sheet.numeric
        line = LANGUAGES[self.workbook.language].sheet_line
        for place, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
            for column, cell in enumerate(row):
                self._cell(page, place, column, cell, column in numeric)
            lines = max(_lines(cell, width) for cell, width in zip(row, widths, strict=True))
            page.set_row(place, min(lines * line + 4, TALLEST))
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        self._view(page, sheet, sum(widths))

    def _header(self, page: Worksheet, sheet: Sheet) -> None:
        for column, heading in enumerate(sheet.header):
            shown = self._format(
                bold=True, bg_color="#EEF1F4", bottom=1, valign="vcenter", **_align(column in sheet.numeric)
            )
            page.write_string(HEADER_ROW, column, clean_text(heading), shown)
        page.set_row(HEADER_ROW, 34)

    def _cell(self, page: Worksheet, row: int, column: int, cell: SheetCell, numeric: bool) -> None:
        if isinstance(cell, Number):
            page.write_number(row, column, cell.value, self._format(num_format=f"{cell.form}_)"))
        else:
            page.write_string(row, column, clean_text(cell), self._format(num_format="@", **_align(numeric)))

    def _view(self, page: Worksheet, sheet: Sheet, width: int) -> None:
        last = HEADER_ROW + max(len(sheet.rows), 1)
        if sheet.filtered:
            page.autofilter(HEADER_ROW, 0, last, len(sheet.header) - 1)
        page.freeze_panes(HEADER_ROW + 1, 1 if sheet.filtered else 0)
        page.hide_gridlines(2)
        page.set_paper(A4)
        page.set_landscape()
        page.fit_to_pages(math.ceil(width / PAGE), 0 if sheet.filtered else 1)
        page.print_across()
        # The header of the page repeats the title, which a repeated column would cut off.
        page.print_area(HEADER_ROW, 0, last, len(sheet.header) - 1)
        page.repeat_rows(HEADER_ROW)
        if width > PAGE:
            page.repeat_columns(0)
        page.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.6)
        page.set_header(f"&L&12{_escape(sheet.title, 90)}\n&8{_escape(sheet.note, 140)}")
        page.set_footer(f"&L&8{_escape(self.workbook.subject, 200)}&R&8&P / &N")


def _align(numeric: bool) -> dict[str, Any]:
    """Return how text stands in a column: words among numbers to the right, as they do."""
    return {"align": "right" if numeric else "left", "indent": 1, "text_wrap": True}


def _escape(text: str, most: int) -> str:
    """Return text for the header or footer of a page, in which & begins a command."""
    return clean_text(text)[:most].replace("&", "＆")
