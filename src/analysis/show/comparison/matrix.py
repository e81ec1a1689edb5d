"""The headline indicators of a theme by places, each with whether it may be quoted as it stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Place
from analysis.estimates.findings.contrasts import Contrast, contrasts
from analysis.estimates.findings.finding import deciding
from analysis.estimates.measures import Estimate, figures_of
from analysis.estimates.robustness import Ranked
from analysis.estimates.spans import Span
from analysis.evidence.register import OPEN_YEAR, format_when, parse_when
from analysis.evidence.rows import group_by
from analysis.evidence.schema import DIMENSIONS
from analysis.words.comparisons import common_unit, shared_readings
from analysis.words.findings.contrasts import value_words, with_status
from analysis.words.findings.pieces import Pieces
from analysis.words.labels import Labels
from analysis.words.phrases import price_phrase

MOST_ROWS = 10
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
Indicator = Comparison | list[Estimate]
"""What a row is of: places compared, or the values of one place over its readings."""
FIRM, READING, YEAR, NOT_COMPARABLE = "●", "◐", "○", "–"


def raised(number: int) -> str:
    """Return a number in raised digits: behind a dash plain ones would read as a value below zero."""
    return str(number).translate(str.maketrans("0123456789", RAISED))


@dataclass
class _Reasons:
    """The reasons given so far, each with the number that refers to it."""

    numbers: dict[str, int] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def mark(self, sign: str, reason: str) -> str:
        """Return a sign with the number of its reason."""
        number = self.numbers.setdefault(reason, len(self.numbers) + 1)
        mark = f"{sign}{raised(number)}"
        self.marks[mark] = reason
        return mark


@dataclass(frozen=True)
class Matrix:
    """Eight to ten indicators of a theme as one table: what is compared, then what one place alone reports.

    A sign behind each value says whether it may be quoted: firm, depending on a reading, of an inferred
    year; a dash stands for what is printed but not comparable, an empty cell for what is not reported.
    """

    labels: Labels
    comparisons: Sequence[Comparison]
    estimates: Sequence[Estimate] = ()
    """Those of the theme, under every reading."""

    def table(self, like: Table | None = None) -> Table | None:
        """Return the table; ``None`` where no place reports anything.

        With a table that it is to be ``like`` it has the rows of that, its reasons numbered after those.
        """
        reasons = _Reasons({reason: number for number, reason in enumerate(_reasons_of(like), start=1)})
        found: Iterable[Indicator] = itertools.chain(
            _plainest_first(contrasts(self.comparisons)), self._alone()
        )
        first = itertools.islice(found, None if like else MOST_ROWS)
        groups = group_by(first, _measure_of).values()
        shown = [each for group in groups for each in group if not like or row_name(each) in like.pieces]
        rows, rests = tuple(self._row(each, reasons) for each in shown), tuple(map(_rests, shown))
        if not rows:
            return None
        text = self.labels.text
        notes = [text("matrix.legend", firm=FIRM, reading=READING, year=YEAR, out=NOT_COMPARABLE)]
        notes += [f"{raised(number)} {reason}" for reason, number in reasons.numbers.items()]
        marks = reasons.marks
        places = (Column(p, self.labels.programme(p), marks=marks) for p in self.labels.data.programme_ids)
        columns = (
            Column("group", ""),
            Column("measure", text("matrix.indicator")),
            *places,
        )
        pieces = tuple(map(row_name, shown))
        return Table(
            "matrix", text("matrix.caption"), columns, rows, group="group", notes=tuple(notes), pieces=pieces,
            rests=rests,
        )  # fmt: skip

    def _row(self, found: Indicator, reasons: _Reasons) -> dict[str, str]:
        return self._row_of_one(found, reasons) if isinstance(found, list) else self._row_of(found, reasons)

    def _row_of_one(self, rows: list[Estimate], reasons: _Reasons) -> dict[str, str]:
        """Return what one place reports and no other."""
        row = rows[0]
        value = with_status(
            self.labels, {each.status for each in rows}, self._pieces(row.programme_id).value(rows)
        )
        sign = self._sign(row.programme_id, deciding(rows), reasons)
        cells = dict.fromkeys(self.labels.data.programme_ids, "") | {row.programme_id: f"{value} {sign}"}
        thing = self.labels.object_of(row.measure, row)
        return {"group": self._group(row.measure, row.unit, row.price_basis), "measure": thing, **cells}

    def _alone(self) -> Iterator[list[Estimate]]:
        """Yield the values of what one place alone reports, of each measure one before the second of any."""
        compared = {each.measure for each in self.comparisons}
        valued = (
            row for row in self.estimates if row.has_value and row.feasible and row.measure not in compared
        )
        cells = group_by(valued, lambda row: (row.programme_id, *row.cell))
        measures = group_by(cells.values(), lambda rows: rows[0].measure)
        for same in itertools.zip_longest(*measures.values()):
            yield from (rows for rows in same if rows is not None)

    def _group(self, measure: str, unit: str, basis: str) -> str:
        """Return the name of a measure, of money with the prices it is in."""
        prices = [price_phrase(self.labels, basis)] if unit.startswith("CNY") else []
        return self.labels.attributes([self.labels.measure(measure), *prices])

    def _row_of(self, comparison: Comparison, reasons: _Reasons) -> dict[str, str]:
        cells = dict.fromkeys(self.labels.data.programme_ids, "")
        for out in comparison.out:
            if out.absence in ("not_comparable", "not_applicable"):
                cells[out.programme_id] = reasons.mark(NOT_COMPARABLE, self.labels.reason(out.reason))
        for row in comparison.ranked:
            value = f"{value_words(self.labels, comparison, row)} {self._mark(comparison, row, reasons)}"
            both = filter(None, (cells[row.programme], value))
            cells[row.programme] = self.labels.text("number.item_separator").join(both)
        group = self._group(comparison.measure, common_unit(comparison), comparison.price_basis)
        return {"group": group, "measure": self._name(comparison), **cells}

    def _name(self, comparison: Comparison) -> str:
        definition = [self.labels.readings(format_when(comparison.definitions))]
        thing = self.labels.object_of(comparison.measure, comparison.key)
        return self.labels.with_detail(thing, definition)

    def _mark(self, comparison: Comparison, row: Ranked, reasons: _Reasons) -> str:
        """Return whether a value may be quoted, and if not, on what it hangs."""
        choices = deciding(comparison.items[row.item])
        if row.programme in comparison.silent:
            choices = (*choices, *parse_when(shared_readings(comparison, row.programme)))
        return self._sign(row.programme, choices, reasons)

    def _sign(self, programme: str, choices: Iterable[str], reasons: _Reasons) -> str:
        """Return the sign of a value that hangs on choices, with their reason, or of one that is firm."""
        if not choices:
            return FIRM
        open_ones = [choice for choice in choices if not OPEN_YEAR.readings_of(choice)]
        place = self.labels.programme(programme)
        matter = self._pieces(programme).matter(dict.fromkeys(open_ones or choices))
        reason = self.labels.text("matrix.hangs", place=place, matter=matter)
        return reasons.mark(READING if open_ones else YEAR, reason)

    def _pieces(self, programme: str) -> Pieces:
        if programme not in self._known:
            self._known[programme] = Pieces(self.labels, self.labels.data.once(Place, programme))
        return self._known[programme]

    @cached_property
    def _known(self) -> dict[str, Pieces]:
        return {}


def _measure_of(found: Indicator) -> str:
    return found[0].measure if isinstance(found, list) else found.measure


def _rests(found: Indicator) -> dict[str, str]:
    """Return the figures that the value of each place rests on."""
    rows = found if isinstance(found, list) else found.rows
    return rests_by_place(rows)


def rests_by_place(rows: Iterable[Estimate | Span]) -> dict[str, str]:
    """Return the figures that the values of each place rest on, by place."""
    places = group_by(rows, lambda row: row.programme_id)
    return {place: " ".join(figures_of(same)) for place, same in places.items()}


def row_name(found: Indicator) -> str:
    """Return what the row of an indicator is called as a piece of the page."""
    if isinstance(found, list):
        return ".".join(("matrix", found[0].programme_id, *found[0].cell))
    return comparison_name("matrix", found)


def comparison_name(table: str, comparison: Comparison) -> str:
    """Return what belongs to a comparison in a table, as a piece of the page."""
    key = (*(comparison.key.get(name, "*") for name in DIMENSIONS), *comparison.definitions.values())
    return ".".join((table, comparison.measure, *key))


def _reasons_of(table: Table | None) -> list[str]:
    """Return the reasons that the notes of a table give, in the order of their numbers."""
    return [note.split(" ", 1)[1] for note in table.notes[1:]] if table else []


def _shown(contrast: Contrast) -> tuple[Comparison, ...]:
    """Return the comparisons of a measure; of counts the one of most places says all."""
    if contrast.kind != "beside":
        return contrast.comparisons
    return (max(contrast.comparisons, key=lambda each: len(each.programmes)),)


def _plainest_first(found: Sequence[Contrast]) -> Iterator[Comparison]:
    """Yield the comparisons, of each measure the first before the second of any."""
    for row in itertools.zip_longest(*(_shown(contrast) for contrast in found)):
        yield from (comparison for comparison in row if comparison is not None)
