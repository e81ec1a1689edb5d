"""The tables of a draft in memory, and what a curator does to them: every edit returns new tables.

Which numerals a person has decided on no column of the draft says, as a spreadsheet need not: the sheet
``decided`` does, beside the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.curation.candidates import candidate_at
from analysis.curation.draft import DRAFT_COLUMNS, UNSURE, numeral_row
from analysis.curation.tables import Cell, number_cells
from analysis.evidence.characters import numeral_spans
from analysis.evidence.errors import InputError
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import TABLES
from analysis.evidence.sources import Document
from analysis.words.language import Text

Row = Mapping[str, str]
# What rows that are alike share as figures; what each counts is its own.
SHARED = ("unit", "period", "basis", "status", "year", "year_basis", "theme")
# What follows from the printed words and their place.
FOLLOWING = ("context", "paragraph", "start", "end", "printed", "value", "value_to", "qualifier")
# The columns that name figures.
NAMING = {
    "codings": ("numerator", "denominator"),
    "identities": ("left", "right"),
    "readings": ("requires",),
}


class DeskError(InputError):
    """What cannot be done at the desk; ``key`` and ``values`` give the sentence in the catalogues."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(Text.of("en")(f"desk.{key}", **values))


@dataclass(frozen=True)
class Sheets:
    """The rows of each table of a draft, by the name of its file, beside the document they are about."""

    document: Document
    rows: Mapping[str, tuple[Row, ...]]
    published: str = ""

    @property
    def numerals(self) -> tuple[Row, ...]:
        """The rows of all numerals, in the order of the document."""
        return self.rows["numerals"]

    @cached_property
    def decided(self) -> frozenset[tuple[str, str]]:
        """The spans that a person has decided on."""
        return frozenset((row["start"], row["end"]) for row in self.rows.get("decided", ()))

    def is_decided(self, row: int) -> bool:
        """Return whether a person has decided what a numeral is."""
        return span_of(self.numerals[row]) in self.decided

    def having(self, **rows: Iterable[Row]) -> Sheets:
        """Return the tables with the rows of some of them replaced."""
        return replace(self, rows={**self.rows, **{name: tuple(new) for name, new in rows.items()}})

    # Any table

    def set(self, table: str, row: int, cells: Row) -> Sheets:
        """Return the tables with some cells of a row changed; what a person has entered is no guess any more.

        Where a figure gets another id, what names it follows.
        """
        rows = list(self._table(table))
        if not 0 <= row < len(rows):
            raise DeskError("gone")
        old = rows[row]
        unsure = [each for each in old.get(UNSURE, "").split("; ") if each.partition(":")[0] not in cells]
        rows[row] = {**old, **({UNSURE: "; ".join(unsure)} if UNSURE in old else {}), **cells}
        changed = self.having(**{table: rows})
        before, after = old.get("figure_id", ""), cells.get("figure_id", "")
        return changed._renamed(before, after) if table == "numerals" and before and after else changed

    def _renamed(self, old: str, new: str) -> Sheets:
        name = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])")
        return self.having(
            **{
                table: [
                    {**row, **{column: name.sub(new, row[column]) for column in columns}}
                    for row in self._table(table)
                ]
                for table, columns in NAMING.items()
            }
        )

    def keep(self, table: str, row: int) -> Sheets:
        """Return the tables with a drafted row accepted as it is."""
        return self.set(table, row, {UNSURE: ""})

    def add(self, table: str, rows: Iterable[Row]) -> Sheets:
        """Return the tables with rows added to one."""
        blank = dict.fromkeys(DRAFT_COLUMNS[table], "")
        return self.having(**{table: [*self._table(table), *(blank | {**row} for row in rows)]})

    def remove(self, table: str, row: int) -> Sheets:
        """Return the tables without a row; without a choice its readings go, and one of its codings stays."""
        if table == "numerals":
            raise DeskError("stays")
        gone = self._table(table)[row]
        kept = self.having(**{table: [each for each in self._table(table) if each is not gone]})
        if table != "choices":
            return kept
        answers = [each for each in self._table("readings") if each["choice_id"] == gone["choice_id"]]
        default = next((each["reading"] for each in answers if each["is_default"] == "true"), "")
        return kept.having(
            readings=[each for each in self._table("readings") if each not in answers],
            codings=list(self._without_choice(f"{gone['choice_id']}=", default)),
        )

    def _without_choice(self, choice: str, default: str) -> Iterator[Row]:
        """Yield the codings, of those under a choice the one that is its default, which then holds always."""
        for row in self._table("codings"):
            conditions = row["when"].split("; ")
            named = [each for each in conditions if each.startswith(choice)]
            if not named:
                yield row
            elif named == [choice + default]:
                when = "; ".join(each for each in conditions if each not in named)
                yield {**row, "when": when, "status": "", UNSURE: ""}

    def _table(self, table: str) -> tuple[Row, ...]:
        return self.rows.get(table, ())

    # What a numeral is

    def decide(self, row: int, reason: str | None = None) -> Sheets:
        """Return the tables with a numeral decided on: as it is guessed, a figure (``""``), or excluded."""
        cells = {UNSURE: ""} | ({} if reason is None else {"reason": reason})
        one = self.set("numerals", row, cells)
        return one.having(decided=_spans({*self.decided, span_of(self.numerals[row])}))

    def decide_alike(self, row: int) -> Sheets:
        """Return the tables with all undecided numerals like one decided on as it is, and it too.

        In a column of a table they are named after it as well, each with the name of its row.
        """
        model, sheets = self.numerals[row], self.decide(row)
        shared = ("reason",) if model["reason"] else ("reason", *SHARED)
        for other in self.alike(row):
            cells = {name: model[name] for name in shared}
            if self._kinds[row][0] and not model["reason"]:
                here, there = self._cells[self._first(row)].row, self._cells[self._first(other)].row
                cells |= {
                    "figure_id": _free(model["figure_id"], {each["figure_id"] for each in sheets.numerals}),
                    "subject": model["subject"],
                    "subject_zh": model["subject_zh"].replace(here or "\0", there),
                }
            sheets = sheets.set("numerals", other, cells).decide(other)
        return sheets

    def decide_sure(self) -> Sheets:
        """Return the tables with all numerals decided on that have no unsure guess and no missing cell."""
        sheets = self
        for row, cells in enumerate(self.numerals):
            if not cells.get(UNSURE) and not self.missing(row):
                sheets = sheets.decide(row)
        return sheets

    def missing(self, row: int) -> list[str]:
        """Return the cells that a figure still needs, an id of its own among them."""
        cells = self.numerals[row]
        if cells["reason"]:
            return []
        empty = [field.name for field in TABLES["figures"].fields if field.required and not cells[field.name]]
        return ["figure_id", *empty] if _number(cells, int(cells["paragraph"])) else empty

    def alike(self, row: int) -> list[int]:
        """Return the undecided numerals of the same column of a table, or of one form by the same words."""
        column, form, before, after = self._kinds[row]
        return [
            other
            for other, kind in enumerate(self._kinds)
            if kind[:2] == (column, form)
            and (column or kind[2] == before or kind[3] == after)
            and other != row
            and not self.is_decided(other)
        ]

    @cached_property
    def _cells(self) -> dict[int, Cell]:
        """The cells of tables with a number, by where it begins in the clean view."""
        return {cell.start: cell for cell in number_cells(self.document.clean)}

    def _first(self, row: int) -> int:
        return self.document.clean_span(int(self.numerals[row]["start"]), int(self.numerals[row]["end"]))[0]

    @cached_property
    def _kinds(self) -> list[tuple[str, str, str, str]]:
        """The column that each numeral stands in, its form, and the two characters before and after it."""
        clean = self.document.clean
        kinds = []
        for place, row in enumerate(self.numerals):
            start = self._first(place)
            end = start + len(row["printed"])
            cell = self._cells.get(start)
            column = f"{cell.header} {cell.unit}" if cell else ""
            form = "" if column else _form(row["printed"])
            around = clean[max(start - 2, 0) : start].strip(), clean[end : end + 2].strip()
            kinds.append((column, form, *around))
        return kinds

    def code(self, row: int, programme_id: str) -> Sheets:
        """Return the tables with one more coding of a figure: like its last, or its theme's first measure."""
        figure, codings = self.numerals[row], self._table("codings")
        last = next((each for each in reversed(codings) if each["numerator"] == figure["figure_id"]), None)
        fitting = [each for each in MEASURES.values() if not each.derived and each.allows(figure["unit"])]
        measure = next((each.code for each in fitting if each.theme == figure["theme"]), "")
        name = f"{self.document.source_id}.{measure.replace('_', '-') or 'coding'}"
        made = last or {"programme_id": programme_id, "measure": measure, "numerator": figure["figure_id"]}
        free = _free(last["coding_id"] if last else name, {each["coding_id"] for each in codings})
        return self.add("codings", [{**made, "coding_id": free}])

    def ask(self, row: int, programme_id: str) -> Sheets:
        """Return the tables with an open question about a figure, and two answers to be worded."""
        figure = self.numerals[row]
        name = f"{figure['figure_id']}-reading".replace(f".p{figure['paragraph']}-", ".question-")
        choice = _free(name, {each["choice_id"] for each in self._table("choices")})
        asked = {"choice_id": choice, "programme_id": programme_id, "kind": "uncertain"}
        answers = [
            {"choice_id": choice, "reading": reading, "rank": str(rank), "is_default": str(rank == 1).lower()}
            for rank, reading in enumerate(("first", "second"), start=1)
        ]
        return self.add("choices", [asked]).add("readings", answers)

    # Which characters are one numeral

    def span(self, start: int, end: int) -> Sheets:
        """Return the tables with one undecided figure at a span of the file, instead of what it touches."""
        kept = [row for row in self.numerals if not (int(row["start"]) < end and start < int(row["end"]))]
        return self._placed(kept, [(start, end)])

    def chosen(self, start: int, end: int) -> Sheets:
        """Return the same for a span of the clean view of the document."""
        return self.span(*self.document.raw_span(start, end))

    def split(self, row: int, at: int) -> Sheets:
        """Return the tables with a numeral split in two before a character of what is printed."""
        old = self.numerals[row]
        first, last = self.document.clean_span(int(old["start"]), int(old["end"]))
        if not 0 < at < last - first:
            raise DeskError("split_nowhere")
        pieces = [(first, first + at), (first + at, last)]
        if not all(numeral_spans(self.document.clean[slice(*piece)]) for piece in pieces):
            raise DeskError("no_numeral")
        kept = [each for each in self.numerals if each is not old]
        return self._placed(kept, [self.document.raw_span(*piece) for piece in pieces])

    def join(self, row: int) -> Sheets:
        """Return the tables with a numeral and the next one made one, with what stands between them."""
        if row + 1 >= len(self.numerals):
            raise DeskError("last")
        return self.span(int(self.numerals[row]["start"]), int(self.numerals[row + 1]["end"]))

    def resize(self, row: int, before: int, after: int) -> Sheets:
        """Return the tables with a numeral that begins some characters earlier and ends some later."""
        old = self.numerals[row]
        first, last = self.document.clean_span(int(old["start"]), int(old["end"]))
        start, end = self.document.raw_span(max(first - before, 0), last + after)
        changed = self.span(start, end)
        row = next(place for place, each in enumerate(changed.numerals) if each["start"] == str(start))
        guessed = {name: cell for name, cell in changed.numerals[row].items() if cell}
        # What a person may have entered stays; what follows from the printed words is read anew.
        kept = {name: cell for name, cell in old.items() if name not in FOLLOWING or name not in guessed}
        return changed.set("numerals", row, {**guessed, **kept})

    def _placed(self, kept: list[Row], places: Iterable[tuple[int, int]]) -> Sheets:
        rows = list(kept)
        for start, end in places:
            candidate = candidate_at(self.document, start, end, self.published)
            if not candidate.paragraph or not numeral_spans(candidate.printed) or "\n" in candidate.printed:
                raise DeskError("no_numeral")
            numbers = (_number(row, candidate.paragraph) for row in [*self.numerals, *rows])
            made = numeral_row(candidate, self.document.source_id, max(numbers, default=0) + 1)
            rows.append(dict.fromkeys(DRAFT_COLUMNS["numerals"], "") | made)
        spans = {span_of(row) for row in rows}
        return self.having(
            numerals=sorted(rows, key=lambda row: int(row["start"])), decided=_spans(self.decided & spans)
        )


def span_of(row: Row) -> tuple[str, str]:
    """Return where a numeral begins and ends, as the draft has it."""
    return row["start"], row["end"]


def _spans(decided: Iterable[tuple[str, str]]) -> Iterator[Row]:
    for start, end in sorted(decided, key=lambda span: int(span[0])):
        yield {"start": start, "end": end}


def _number(row: Row, paragraph: int) -> int:
    """Return the number of a draft's id in its paragraph, or 0."""
    head, _, number = row["figure_id"].rpartition("-")
    return int(number) if head.endswith(f".p{paragraph}") and number.isdecimal() else 0


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name, or with the first number under which there is none."""
    names = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in names if each not in taken)


def _form(printed: str) -> str:
    """Return what is printed with every run of numerals as one mark."""
    form, last = "", 0
    for start, end in numeral_spans(printed):
        form, last = f"{form}{printed[last:start]}#", end
    return form + printed[last:]
