"""Tables as values: one spec of columns and rows, rendered late as HTML."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from great_tables import GT
from great_tables import html as raw_html
from great_tables._gt_data import Body

from analysis.draw.markup import resting

CSS = (Path(__file__).parent / "table.css").read_text(encoding="utf-8")
"""How tables look, wherever they stand."""
_BODY_ROW = re.compile("<tr>")
OWN_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column: its key in the rows, which is also how wide it is, its heading, and how it is aligned.

    The cells of a column that ``names`` something are ids of the rows; the cells of one that ``refers_to`` it
    hold such ids, separated by spaces, and each links to its row, in whatever table of the page that is. Ids
    that are only ``listed`` stand one in a line without a link.
    """

    key: str
    label: str
    align: Literal["left", "right"] = "left"
    names: str = ""
    refers_to: str = ""
    listed: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)

    def cell(self, text: str) -> str:
        """Return a cell of a column of ids as HTML, everything escaped."""
        if self.names and text:
            return f'<span id="{html.escape(f"{self.names}-{text}")}">{_breakable(text)}</span>'
        if self.refers_to:
            return "<br>".join(self._link(part) for part in text.split())
        if self.listed:
            return "<br>".join(_breakable(part) for part in text.split())
        return " ".join(self._marked(part) for part in text.split(" "))

    def _marked(self, part: str) -> str:
        if part not in self.marks:
            return html.escape(part)
        return f'<abbr title="{html.escape(self.marks[part])}" tabindex="0">{html.escape(part)}</abbr>'

    def alone(self) -> Column:
        """Return the column for a table that stands on a page of its own, where no link leads anywhere."""
        listed = self.listed or bool(self.names or self.refers_to)
        return replace(self, names="", refers_to="", listed=listed, marks={})

    def _link(self, text: str) -> str:
        return f'<a href="#{html.escape(f"{self.refers_to}-{text}")}">{_breakable(text)}</a>'


@dataclass(frozen=True, repr=False)
class Table:
    """A table before it is rendered: every cell is text already, in the language of the reader.

    ``group`` is the key of the column whose values become headings between rows; ``source`` names the
    documents that the rows rest on; ``pieces`` name the rows, where a page may have others in their place.
    ``rests`` are the ids of the figures that each row rests on, of all its cells or by column; without them
    they are those that its cells name.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, str], ...]
    group: str | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    pieces: tuple[str, ...] = ()
    rests: tuple[str | Mapping[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"<Table {self.name}: {self.title}>"

    def frame(self) -> pd.DataFrame:
        """Return the cells as a frame of text with the columns' keys."""
        return pd.DataFrame(self.rows, columns=[column.key for column in self.columns], dtype="str")

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that are no headings between rows."""
        return tuple(column for column in self.columns if column.key != self.group)

    @property
    def lines(self) -> tuple[str, ...]:
        """The notes and the source, a line each."""
        return (*self.notes, self.source) if self.source else self.notes

    def alone(self, blank: str) -> Table:
        """Return the table for a page of its own: no links, and ``blank`` where a cell is empty."""
        columns = tuple(column.alone() for column in self.columns)
        keys = [column.key for column in columns]
        rows = tuple({key: row[key] or blank for key in keys} for row in self.rows)
        return replace(self, columns=columns, rows=rows, rests=())

    def html(self, *, bare: bool = False, widths: Mapping[str, str] | None = None) -> str:
        """Return the table as HTML: header cells with scope, all text escaped, notes below.

        A ``bare`` table is the grid alone. ``widths`` fixes the columns by key, in any CSS unit; without them
        the browser sets them.
        """
        table = self._grid(self.shown)
        if widths:
            table = table.cols_width(cases=dict(widths))
        if not bare:
            table = table.tab_header(title=self.title).opt_align_table_header(align="left")
            table = _with_notes(table, self.lines)
        grid = str(table.as_raw_html())
        # Its own style sheet names colours and fonts, 9 kB a table, which no dark page could undo.
        grid = OWN_STYLE.sub(lambda _: f"<style>{CSS}</style>", grid, count=1)
        return self._named(grid)

    def _named(self, grid: str) -> str:
        """Return the grid with each row of its body called by its name, and by what it rests on."""
        numbers, start = itertools.count(), grid.index("<tbody")
        body = _BODY_ROW.sub(lambda _: self._row(next(numbers)), grid[start:])
        return grid[:start] + body

    def first(self, number: int) -> Table:
        """Return the table with so many of its rows, the first."""
        return self._with(range(min(number, len(self.rows))))

    def only(self, names: Collection[str]) -> Table:
        """Return the table with those of its rows alone that have one of some names."""
        return self._with([number for number, name in enumerate(self.pieces) if name in names])

    def _with(self, kept: Sequence[int]) -> Table:
        def some(each: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(each[number] for number in kept) if each else ()

        return replace(self, rows=some(self.rows), pieces=some(self.pieces), rests=some(self.rests))

    def row_html(self) -> dict[str, str]:
        """Return each row of the body as HTML, by its name."""
        return {
            name: f"{self._row(number)}{''.join(self._cells_of(number))}</tr>"
            for number, name in enumerate(self.pieces)
        }

    def _row(self, number: int) -> str:
        """Return the start of a row of the body."""
        name = f' data-piece="{html.escape(self.pieces[number])}"' if self.pieces else ""
        figures = self._rests(number)
        return f"<tr{name}{resting(figures) if isinstance(figures, str) else ''}>"

    def _rests(self, number: int) -> str | Mapping[str, str]:
        """Return the figures that a row rests on."""
        if self.rests:
            return self.rests[number]
        naming = (column.key for column in self.columns if column.names or column.refers_to)
        return " ".join(self.rows[number].get(key, "") for key in naming)

    def _cells_of(self, number: int) -> Iterator[str]:
        for column in self.shown:
            heading, align = f"table-{self.name}-{column.key}", f"gt_row gt_{column.align}"
            yield f'<td headers="{heading}" class="{align}">{self._cell(number, column)}</td>'

    def _cell(self, number: int, column: Column) -> str:
        """Return a cell as HTML, with the figures that it rests on where other cells rest on others."""
        shown = column.cell(self.rows[number].get(column.key, ""))
        figures = self._rests(number)
        own = "" if isinstance(figures, str) else figures.get(column.key, "")
        return f"<span{resting(own)}>{shown}</span>" if own else shown

    def _grid(self, shown: Sequence[Column]) -> GT:
        # great_tables sets cell after cell of a frame, which takes most of its time: it is given a frame in
        # which nothing is to be set, and the cells as they come out.
        cells = self.frame()
        blank = cells.assign(**{column.key: None for column in shown})
        table = GT(blank, id=f"table-{self.name}", groupname_col=self.group)
        numbers = range(len(self.rows))
        made = {column.key: [self._cell(number, column) for number in numbers] for column in shown}
        table = table._replace(_body=Body(blank.assign(**made)))
        table = table.cols_label({column.key: raw_html(_escaped(column.label)) for column in shown})
        for align in ("left", "right"):
            aligned: Sequence[str] = [column.key for column in shown if column.align == align]
            if aligned:
                table = table.cols_align(align=align, columns=list(aligned))
        return table

    @cached_property
    def _html(self) -> str:
        return self.html()

    def _repr_html_(self) -> str:
        return self._html


def _with_notes(table: GT, notes: Iterable[str]) -> GT:
    for note in notes:
        table = table.tab_source_note(raw_html(_escaped(note)))
    return table


def _escaped(text: str) -> str:
    """Return text as HTML in which braces are no notation of units either."""
    return html.escape(text).replace("{", "&#123;")


def _breakable(name: str) -> str:
    """Return an id, escaped, that a narrow column breaks after its dots rather than anywhere."""
    return html.escape(name).replace(".", ".<wbr>")
