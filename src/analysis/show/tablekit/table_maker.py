"""What all tables of a kit share: rows put into words only where shown, notes, sources, titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from analysis.draw.tables import Column, Table
from analysis.evidence.rows import Source, rows_of
from analysis.evidence.schema import ABSENCES
from analysis.show.comparison.columns import column
from analysis.show.tablekit.cell_words import KitWords
from analysis.words.phrases import source_line

MOST_ROWS = 120
MOST_SOURCES = 8
_RIGHT = ("rank", "ranks", "value", "margin", "reported", *ABSENCES)
_IDS = ("figures", "hash")

Group = tuple[Any, Sequence[Any]]
"""Rows under one heading, and what they have in common."""


class WordedRow(NamedTuple):
    """The cells of a row, its heading under ``group``, and the programmes that it rests on."""

    cells: dict[str, str]
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableMaker(KitWords):
    """Makes the tables of a subject in one language; ``beside`` programmes at most stand in columns."""

    beside: int = MOST_SOURCES

    def build(
        self,
        name: str,
        keys: Sequence[str],
        groups: Sequence[Group],
        put_into_words: Callable[[Any, Any], WordedRow],
        *,
        file: str = "",
        nothing: str = "",
        notes: Sequence[str] = (),
    ) -> Table:
        """Return a table of groups of rows; only the rows that are shown are put into words."""
        sizes = [len(rows) for _, rows in groups]
        shares = zip(groups, row_shares(sizes, MOST_ROWS), strict=True)
        shown = [put_into_words(key, row) for (key, rows), most in shares for row in rows[:most]]
        cells = tuple(row.cells for row in shown)
        group = "group" if any(row.get("group") for row in cells) else None
        columns = (*((Column(group, ""),) if group else ()), *(self.column(key) for key in keys))
        table = Table(name, self.title(name), columns, cells, group, tuple(notes))
        owners = [programme for row in shown for programme in row.owners]
        return self.finish(table, name, file=file, nothing=nothing, owners=owners, total=sum(sizes))

    def finish(
        self,
        table: Table | None,
        name: str,
        *,
        file: str = "",
        nothing: str = "",
        owners: Iterable[str] = (),
        total: int = 0,
    ) -> Table:
        """Return a table with its notes and source; one without rows says so by the message ``nothing``.

        Where it is cut, or where it holds fewer rows than the ``total``, it says that ``file`` has all.
        ``owners`` are the programmes whose documents it rests on.
        """
        if table is None or not table.rows:
            title = table.title if table else self.title(name)
            result = Column("nothing", self.text("table.result"))
            table = Table(name, title, (result,), ({"nothing": self.text(nothing)},))
        total = max(total, len(table.rows))
        table = cut_rows(table, MOST_ROWS)
        notes = list(table.notes)
        if total > len(table.rows):
            shown, number = (self.text.number(rows) for rows in (len(table.rows), total))
            notes.append(self.text("tables.cut", shown=shown, total=number, file=f"{file or name}.csv"))
        notes.append(self.version)
        return replace(table, name=name, notes=tuple(notes), source=self._source_line(set(owners)))

    def _source_line(self, owners: set[str]) -> str:
        if len(owners) > MOST_SOURCES:
            return self.text("tables.many_sources", number=len(owners), file="sources.csv")
        return source_line(self.labels, owners)

    def title(self, name: str) -> str:
        """Return the caption of a table after the names of the themes."""
        return self.text("number.labelled", label=self.themes, value=self.text(f"tables.caption.{name}"))

    @property
    def price_note(self) -> str:
        """The note on prices."""
        return self.text("tables.prices", prices=self.prices)

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        return replace(column(self.text, key, right=key in _RIGHT), listed=key in _IDS)

    def sources(self) -> Table:
        """The documents: title, publisher, date and how it is known, SHA-256."""
        chosen = {"programme_id": self.subject.programme} if self.subject.programme else {}
        rows = rows_of(Source, self.data.sources, **chosen)
        keys = ("place", "source", "publisher", "date", "hash")
        return self.build("sources", keys, [("", rows)], self._source_row)

    def _source_row(self, _: str, row: Source) -> WordedRow:
        day, *basis = self.labels.publication(row)
        return WordedRow(
            {
                "place": self.labels.programme(row.programme_id),
                "source": self.text.pick(row.title_en, row.title),
                "publisher": self.text.convert(row.publisher) or self.text("report.empty"),
                "date": self.labels.with_detail(day, basis),
                "hash": row.sha256,
            }
        )


def cut_rows(table: Table, most: int) -> Table:
    """Return the table with so many rows at most, the first under each heading."""
    if len(table.rows) <= most:
        return table
    headings = [row[table.group] if table.group else "" for row in table.rows]
    sizes = Counter(headings)
    left = dict(zip(sizes, row_shares(list(sizes.values()), most), strict=True))
    kept = []
    for row, heading in zip(table.rows, headings, strict=True):
        if left[heading]:
            left[heading] -= 1
            kept.append(row)
    return replace(table, rows=tuple(kept))


def row_shares(sizes: Sequence[int], most: int) -> list[int]:
    """Return how many rows of each group are shown if there is room for ``most``: the small groups whole.

    >>> row_shares([2, 50, 50], 20)
    [2, 9, 9]
    """
    shown = [0] * len(sizes)
    left = most
    while left and (unfinished := [i for i, size in enumerate(sizes) if shown[i] < size]):
        each = max(1, left // len(unfinished))
        for place in unfinished[:left]:
            added = min(each, sizes[place] - shown[place])
            shown[place] += added
            left -= added
    return shown
