"""Candidate rows of a new document: every numeral as a figure or an exclusion, with what can be guessed.

Every numeral character is in exactly one candidate, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.curation import exclusion_rules
from analysis.curation.glossary import Glossary
from analysis.curation.guesses import guess_cells
from analysis.curation.metadata import first_year
from analysis.curation.naming import name_cells, without_doubles
from analysis.curation.sureness import Guess, Guesses, unsure_cells
from analysis.curation.tables import Cell, number_cells
from analysis.evidence.characters import numeral_spans
from analysis.evidence.numerals import NumeralError, Quantity, find, read
from analysis.evidence.sources import Document

_DONE = re.compile("以来|今年|去年|近年|已(?!有)|完成了|建成|累计|先后|[0-9]{4}年|目前|截至")
SHORT = 400  # characters: a shorter text need not say that what it reports is done
CONTEXT = 240  # characters of a sentence on either side: a text without stops is one sentence


@dataclass(frozen=True)
class Candidate:
    """One numeral of a document as a row: its place, and why it is no figure (``""`` for a figure).

    ``guesses`` are the other columns of ``figures.csv`` that could be guessed, each with what it rests on.
    """

    paragraph: int
    start: int
    end: int
    printed: str
    reason: str
    context: str
    guesses: Guesses
    why: str

    @property
    def decision(self) -> Guess:
        """Whether the numeral is a figure (``""``) or why not, as guessed."""
        doubtful = not self.reason and not self.cells.get("unit") and not re.search("[0-9]", self.printed)
        return Guess(self.reason, "not_decided" if doubtful else self.why)

    @property
    def unsure(self) -> str:
        """The guesses to look at, as a cell of the draft: an exclusion has one only."""
        decision = {"reason": self.decision}
        return unsure_cells(decision if self.reason else decision | self.guesses)

    @property
    def cells(self) -> dict[str, str]:
        """The guesses as text."""
        return {column: guess.value for column, guess in self.guesses.items()}


@dataclass(frozen=True)
class _Span:
    """A span of the clean text and what it is."""

    start: int
    end: int
    reason: str
    why: str = "pattern"
    quantity: Quantity | None = None
    cell: Cell | None = None


def candidates(document: Document, published: str = "", glossary: Glossary | None = None) -> list[Candidate]:
    """Return the rows that account for every numeral of a document, in its order.

    ``published`` is its date or year, where it is stated: 今年 is that year. With a glossary the figures have
    drafts of their ids and subjects too.
    """
    since = first_year(document.clean, published)
    rows = [_candidate(document, span, published, since) for span in _spans(document.clean)]
    rows = sorted([*rows, *_missed(document, rows)], key=lambda row: row.start)
    told = len(document.clean) < SHORT or _DONE.search(document.clean)
    rows = rows if told else list(map(_open, rows))
    return _named(rows, glossary, document.source_id) if glossary else rows


def _open(row: Candidate) -> Candidate:
    """Return a row of a text that has no word for completion: what it counts may be planned or done."""
    status = row.guesses.get("status")
    if not status or status.value != "achieved" or status.why != "nothing_said":
        return row
    unknown = {"year": Guess("", "not_decided"), "year_basis": Guess("unknown", "not_decided")}
    dated = unknown if not row.guesses["year"].words else {}
    return replace(row, guesses=row.guesses | {"status": Guess("open", "ambiguous")} | dated)


def _named(rows: list[Candidate], glossary: Glossary, source_id: str) -> list[Candidate]:
    """Return the rows with an id and subjects for each figure, no id twice."""
    figures = [row for row in rows if not row.reason and row.guesses]
    names = without_doubles([name_cells(glossary, row.guesses, *_around(row), source_id) for row in figures])
    by_start = {row.start: name for row, name in zip(figures, names, strict=True)}
    return [replace(row, guesses=row.guesses | by_start.get(row.start, {})) for row in rows]


def _around(row: Candidate) -> tuple[str, str]:
    """Return the two parts of the sentence of a row."""
    before, _, after = row.context.partition(f"【{row.printed}】")
    return before, after


def candidate_at(document: Document, start: int, end: int, published: str = "") -> Candidate:
    """Return the row of a figure at a span of the file that a person has chosen."""
    first, last = document.clean_span(start, end)
    return _candidate(document, _Span(first, last, ""), published)


def _spans(text: str) -> Iterator[_Span]:
    """Yield spans that share no character and hold every numeral of the clean text."""
    taken = bytearray(len(text))

    def take(span: _Span) -> _Span:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        return span

    for cell in number_cells(text):
        yield take(_Span(cell.start, cell.end, cell.reason, cell=cell))
    for start, end, reason in exclusion_rules.exclusions(text):
        if any(taken[start:end]):
            continue
        yield take(_Span(start, end, reason))
    for quantity in find(text):
        if not any(taken[quantity.start : quantity.end]):
            reason = exclusion_rules.reason_of(text, quantity)
            why = "phrase" if not reason else "usual_meaning" if quantity.unit_words else "not_decided"
            yield take(_Span(quantity.start, quantity.end, reason, why, quantity))
    for start, end in numeral_spans(text):
        for first, last in _free(start, end, taken):
            yield take(_Span(first, last, "idiom", "not_decided"))


def _missed(document: Document, rows: list[Candidate]) -> Iterator[Candidate]:
    """Yield the numerals of the raw text that the clean view does not show as such."""
    taken = bytearray(len(document.raw))
    for row in rows:
        taken[row.start : row.end] = b"\1" * (row.end - row.start)
    for start, end in numeral_spans(document.raw):
        for first, last in _free(start, end, taken):
            clean = document.clean_span(first, last)
            if clean[0] < clean[1]:
                yield _candidate(document, _Span(*clean, "idiom", "not_decided"), "")


def _free(start: int, end: int, taken: bytearray) -> Iterator[tuple[int, int]]:
    """Yield the stretches of start..end that are not taken yet."""
    begin = start
    for offset in range(start, end + 1):
        if offset == end or taken[offset]:
            if begin < offset:
                yield begin, offset
            begin = offset + 1


def _candidate(document: Document, span: _Span, published: str, since: str = "") -> Candidate:
    start, end = document.raw_span(span.start, span.end)
    before, marked, after = document.sentence(start, end)
    before = before if len(before) <= CONTEXT else f"…{before[-CONTEXT:]}"
    after = after if len(after) <= CONTEXT else f"{after[:CONTEXT]}…"
    if span.cell:
        before, after = f"{span.cell.row}，{span.cell.header}：", ""
        guesses = _cells_of_table(span.cell, marked, published)
    else:
        quantity = span.quantity or _readable(marked)
        guesses = guess_cells(quantity, before, after, published, since) if quantity else {}
    return Candidate(
        paragraph=document.paragraph(start),
        start=start,
        end=end,
        printed=marked,
        reason=span.reason,
        context=f"{before}【{marked}】{after}",
        guesses=guesses,
        why=span.why,
    )


def _cells_of_table(cell: Cell, printed: str, published: str) -> Guesses:
    """Return the guesses at a number in a table, with the unit of its header, which the note quotes."""
    quantity = _readable(printed + cell.unit) or _readable(printed)
    if cell.reason or quantity is None:
        return {}
    cells = guess_cells(quantity, f"{cell.row}，{cell.header}", "", published)
    if not quantity.unit_words:
        return cells
    note = f"The unit stands in the header of the table: “{cell.unit}”."
    return cells | {
        "unit": replace(cells["unit"], why="table_header", words=cell.unit),
        "note": Guess(note, "table_header"),
        "note_zh": Guess(f"单位见表头：“{cell.unit}”。", "table_header"),
    }


def _readable(printed: str) -> Quantity | None:
    """Return the quantity that an exclusion would be as a figure, if it is exactly one."""
    try:
        return read(printed)
    except NumeralError:
        return None
