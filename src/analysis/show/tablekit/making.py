"""What all tables of a kit share: rows put into words only where shown, notes, sources, titles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analysis.draw.tables import Column, Table
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.schema import ABSENCES, DIMENSIONS
from analysis.show.export.citation import data_version
from analysis.show.tablekit.layout import row_shares
from analysis.show.tablekit.rows import Row, Subject
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import price_phrase, source_line

MOST_ROWS = 120
MOST_SOURCES = 8
_RIGHT = ("rank", "ranks", "value", "margin", "reported", *ABSENCES)
_IDS = ("figures", "hash")

Group = tuple[Any, Sequence[Any]]


@dataclass(frozen=True)
class TableMaker:
    """Makes the tables of a subject in one language; ``beside`` programmes at most stand in columns."""

    subject: Subject
    language: str
    beside: int = MOST_SOURCES

    @property
    def data(self) -> Dataset:
        """The dataset."""
        return self.subject.data

    @cached_property
    def text(self) -> Text:
        """The wording."""
        return Text.of(self.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything."""
        return Labels(self.data, self.text)

    @cached_property
    def places(self) -> dict[str, str]:
        """The name of each programme's place, in the order of the data."""
        return {row["programme_id"]: self.labels.of(row, "label") for row in records(self.data.programmes)}

    def finished(
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
            title = table.title if table else self.title(self.text(f"tables.caption.{name}"))
            column = Column("nothing", self.text("table.result"))
            table = Table(name, title, (column,), ({"nothing": self.text(nothing)},))
        total = max(total, len(table.rows))
        table = _cut(table)
        notes = list(table.notes)
        if total > len(table.rows):
            notes.append(
                self.text(
                    "tables.cut",
                    shown=self.text.number(len(table.rows)),
                    total=self.text.number(total),
                    file=f"{file or name}.csv",
                )
            )
        notes.append(self.text("tables.data", **data_version(self.data)))
        return replace(table, name=name, notes=tuple(notes), source=self._source(owners))

    def _source(self, owners: Iterable[str]) -> str:
        named = set(owners)
        if len(named) > MOST_SOURCES:
            return self.text("tables.many_sources", number=len(named), file="sources.csv")
        return source_line(self.labels, named)

    def title(self, caption: str) -> str:
        """Return a caption after the names of the themes."""
        themes = self.text.listing(self.text(f"report.section_{theme}") for theme in self.subject.themes)
        return self.text("number.labelled", label=themes, value=caption)

    @property
    def priced(self) -> str:
        """The note on prices."""
        return self.text("tables.prices", prices=price_phrase(self.labels, self.subject.price_basis))

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        known = (f"tables.column_{key}", f"comparison.column_{key}", f"table.{key}")
        label = self.text(next((name for name in known if name in self.text.messages), known[0]))
        return Column(key, label, "right" if key in _RIGHT else "left", listed=key in _IDS)

    def made(
        self,
        name: str,
        keys: Sequence[str],
        groups: Sequence[Group],
        cells: Callable[[Any, Any], Row],
        *,
        file: str = "",
        nothing: str = "",
        notes: Sequence[str] = (),
    ) -> Table:
        """Return a table of groups of rows; only the rows that are shown are put into words.

        ``cells`` turns the key of a group and a row into cells, with the heading under ``group`` and the
        programmes that the row rests on under ``owners``.
        """
        shares = row_shares([len(rows) for _, rows in groups], MOST_ROWS)
        chosen = [(key, row) for (key, rows), most in zip(groups, shares, strict=True) for row in rows[:most]]
        shown = [cells(key, row) for key, row in chosen]
        owners = [programme for row in shown for programme in row.pop("owners", ())]
        grouped = any(row.get("group") for row in shown)
        heading = (Column("group", ""),) if grouped else ()
        columns = (*heading, *(self.column(key) for key in keys))
        title = self.title(self.text(f"tables.caption.{name}"))
        table = Table(
            name, title, columns, tuple(shown), group="group" if grouped else None, notes=tuple(notes)
        )
        total = sum(len(rows) for _, rows in groups)
        return self.finished(table, name, file=file, nothing=nothing, owners=owners, total=total)

    def sources(self) -> Table:
        """The documents: title, publisher, date and how it is known, SHA-256."""
        keys = ("place", "source", "publisher", "date", "hash")
        return self.made("sources", keys, [("", self.subject.table("sources").rows)], self._source_cells)

    def _source_cells(self, _: str, row: Row) -> Row:
        day, *basis = self.labels.publication(row)
        return {
            "place": self.places[row["programme_id"]],
            "source": self.text.pick(row["title_en"], row["title"]),
            "publisher": self.text.convert(row["publisher"]) or self.text("report.empty"),
            "date": self.labels.with_detail(day, basis),
            "hash": row["sha256"],
        }

    def what(self, row: Row) -> str:
        """Return what an estimate is of: its measure and its dimensions."""
        measure, of = self.labels.measure(row["measure"]), self.labels.dimensions(row)
        return self.text("comparison.name", measure=measure, object=of) if of else measure

    def ranks(self, cell: Sequence[str]) -> tuple[int, ...]:
        """Return the places of the dimensions of a cell in reports."""
        return tuple(self.labels.rank(name, code) for name, code in zip(DIMENSIONS, cell, strict=True))


def _cut(table: Table) -> Table:
    """Return the table with as many rows as a reader can take in, some of each heading."""
    if len(table.rows) <= MOST_ROWS:
        return table
    headings = [row[table.group] if table.group else "" for row in table.rows]
    sizes = {heading: headings.count(heading) for heading in dict.fromkeys(headings)}
    left = dict(zip(sizes, row_shares(list(sizes.values()), MOST_ROWS), strict=True))
    kept = []
    for row, heading in zip(table.rows, headings, strict=True):
        if left[heading]:
            left[heading] -= 1
            kept.append(row)
    return replace(table, rows=tuple(kept))
