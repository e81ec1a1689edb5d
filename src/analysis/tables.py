"""Tables as values: one spec of columns and rows, rendered late as HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd
from great_tables import GT, loc, style
from great_tables import html as raw_html


@dataclass(frozen=True)
class Column:
    """One column: its key in the rows, its heading, how it is aligned, and CSS for its cells."""

    key: str
    label: str
    align: Literal["left", "right"] = "left"
    css: str = ""


@dataclass(frozen=True)
class Table:
    """A table before it is rendered: every cell is text already, in the language of the reader.

    ``group`` is the key of the column whose values become headings between rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, str], ...]
    group: str | None = None
    notes: tuple[str, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Return the cells as a frame of text with the columns' keys."""
        return pd.DataFrame(self.rows, columns=[column.key for column in self.columns], dtype="str")

    def html(self) -> str:
        """Return the table as HTML: header cells with scope, all text escaped, notes below."""
        keys = [column.key for column in self.columns if column.key != self.group]
        table = GT(self.frame(), id=f"table-{self.name}", groupname_col=self.group)
        table = table.cols_label({column.key: column.label for column in self.columns if column.key in keys})
        for align in ("left", "right"):
            aligned: Sequence[str] = [c.key for c in self.columns if c.align == align and c.key in keys]
            if aligned:
                table = table.cols_align(align=align, columns=list(aligned))
        for column in self.columns:
            if column.css and column.key in keys:
                table = table.tab_style(style.css(column.css), loc.body(columns=column.key))
        table = table.tab_header(title=self.title).opt_align_table_header(align="left")
        for note in self.notes:
            table = table.tab_source_note(raw_html(html.escape(note)))
        table = table.tab_options(
            table_font_names=["inherit"], table_font_size="0.875rem", data_row_padding="5px",
            row_group_font_weight="bold", heading_title_font_size="0.95rem", heading_title_font_weight="bold",
            table_width="100%", column_labels_font_weight="bold",
        )  # fmt: skip
        return str(table.as_raw_html())

    @cached_property
    def _html(self) -> str:
        return self.html()

    def _repr_html_(self) -> str:
        return self._html
