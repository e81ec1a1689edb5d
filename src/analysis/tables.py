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
    """One column: its key in the rows, its heading, how it is aligned, and CSS for its cells.

    The cells of a column that ``names`` something are ids of the rows; the cells of one that ``refers_to`` it
    hold such ids, separated by spaces, and each links to its row, in whatever table of the page that is.
    """

    key: str
    label: str
    align: Literal["left", "right"] = "left"
    css: str = ""
    names: str = ""
    refers_to: str = ""

    def cell(self, text: str) -> str:
        """Return a cell of this column as HTML, everything escaped."""
        if self.names and text:
            return f'<span id="{html.escape(f"{self.names}-{text}")}">{_breakable(text)}</span>'
        if self.refers_to:
            return "<br>".join(self._link(part) for part in text.split())
        return html.escape(text)

    def _link(self, text: str) -> str:
        return f'<a href="#{html.escape(f"{self.refers_to}-{text}")}">{_breakable(text)}</a>'


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
        shown = [column for column in self.columns if column.key != self.group]
        table = GT(self.frame(), id=f"table-{self.name}", groupname_col=self.group)
        table = table.cols_label({column.key: raw_html(_escaped(column.label)) for column in shown})
        for align in ("left", "right"):
            aligned: Sequence[str] = [column.key for column in shown if column.align == align]
            if aligned:
                table = table.cols_align(align=align, columns=list(aligned))
        for column in shown:
            table = table.fmt(column.cell, columns=column.key)
            if column.css:
                table = table.tab_style(style.css(column.css), loc.body(columns=column.key))
        table = table.tab_header(title=self.title).opt_align_table_header(align="left")
        for note in self.notes:
            table = table.tab_source_note(raw_html(_escaped(note)))
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


def _escaped(text: str) -> str:
    """Return text as HTML in which braces are no notation of units either."""
    return html.escape(text).replace("{", "&#123;")


def _breakable(name: str) -> str:
    """Return an id, escaped, that a narrow column breaks after its dots rather than anywhere."""
    return html.escape(name).replace(".", ".<wbr>")
