"""One raw table as it stands in its CSV file: cells are text, and each row knows its line.

pandas is imported where a frame is made: to check tables takes none, and half as long without it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.evidence.schema import Field, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RawTable:
    """One CSV file as read: cells are text, and each row knows its line."""

    table: Table
    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column; an absent one is empty text in every row."""
        if name not in self.header:
            return [""] * len(self.rows)
        position = self.header.index(name)
        return [row[position] if position < len(row) else "" for row in self.rows]

    def text(self) -> str:
        """Return the table as the text of a CSV file."""
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([self.header, *self.rows])
        return written.getvalue()

    def frame(self) -> pd.DataFrame:
        """Return the rows as a typed frame with the declared columns; empty text is a missing number."""
        import pandas as pd

        return pd.DataFrame(
            {field.name: _typed(field, self.column(field.name)) for field in self.table.fields}
        )


def _typed(field: Field, cells: list[str]) -> pd.Series:
    import pandas as pd

    if field.kind == "boolean":
        return pd.Series([cell.lower() == "true" for cell in cells], dtype="bool")
    if field.kind == "string":
        return pd.Series(cells, dtype="str")
    numbers = pd.to_numeric(pd.Series([cell or None for cell in cells], dtype="object"), errors="coerce")
    return numbers.astype("Int64" if field.kind == "integer" else "float64")


class RowError(csv.Error):
    """A row that is no CSV; ``line`` is where it begins."""

    def __init__(self, reason: str, line: int) -> None:
        self.line = line
        super().__init__(reason)


def parse_csv(table: Table, content: str) -> RawTable:
    """Return a CSV text as rows with their line numbers; raises ``RowError`` where it is no CSV.

    Rows and columns in which nothing stands, as spreadsheets leave them, are left out.
    """
    numbered = _numbered_rows(content)
    _, header = next(numbered, (1, []))
    kept = [(line, row) for line, row in numbered if any(row)]
    rows, lines = [row for _, row in kept], [line for line, _ in kept]
    unnamed = {place for place, name in enumerate(header) if not name} - {
        place for row in rows for place, cell in enumerate(row) if cell
    }
    width = len(header)
    if unnamed:
        header = [name for place, name in enumerate(header) if place not in unnamed]
        rows = [[cell for place, cell in enumerate(row) if place not in unnamed] for row in rows]
    rows = [row if any(row[width:]) else row[: len(header)] for row in rows]
    return RawTable(table, header, rows, lines)


def _numbered_rows(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins in: a quoted cell may hold line breaks."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise RowError(str(error), line) from error
        if row is None:
            return
        yield line, row
