"""The headline indicators of a theme by places, each with whether it may be quoted as it stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Place
from analysis.estimates.findings.contrasts import Contrast, contrasts
from analysis.estimates.findings.finding import deciding
from analysis.estimates.measures import from_frame
from analysis.estimates.robustness import Ranked
from analysis.evidence.dataset import records
from analysis.evidence.register import OPEN_YEAR, format_when, parse_when
from analysis.evidence.rows import group_by
from analysis.words.comparisons import shared_readings
from analysis.words.findings.contrasts import value_words
from analysis.words.findings.pieces import Pieces
from analysis.words.labels import Labels

MOST_ROWS = 10
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
FIRM, READING, YEAR, NOT_COMPARABLE = "●", "◐", "○", "–"


def raised(number: int) -> str:
    """Return a number in raised digits: behind a dash plain ones would read as a value below zero."""
    return str(number).translate(str.maketrans("0123456789", RAISED))


@dataclass
class _Reasons:
    """The reasons given so far, each with the number that refers to it."""

    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, sign: str, reason: str) -> str:
        """Return a sign with the number of its reason."""
        number = self.numbers.setdefault(reason, len(self.numbers) + 1)
        return f"{sign}{raised(number)}"


@dataclass(frozen=True)
class Matrix:
    """Eight to ten comparisons of a theme as one table: rows are indicators, columns places.

    A sign behind each value says whether it may be quoted: firm, depending on a reading, of an inferred
    year; a dash stands for what is printed but not comparable, an empty cell for what is not reported.
    """

    labels: Labels
    comparisons: Sequence[Comparison]

    def table(self) -> Table | None:
        """Return the table; ``None`` where no two places report the same."""
        first = itertools.islice(_plainest_first(contrasts(self.comparisons)), MOST_ROWS)
        chosen = [same for group in group_by(first, lambda each: each.measure).values() for same in group]
        if not chosen:
            return None
        reasons = _Reasons()
        rows = tuple(self._row(each, reasons) for each in chosen)
        text = self.labels.text
        notes = [text("matrix.legend", firm=FIRM, reading=READING, year=YEAR, out=NOT_COMPARABLE)]
        notes += [f"{raised(number)} {reason}" for reason, number in reasons.numbers.items()]
        signs = (READING, YEAR, NOT_COMPARABLE)
        marks = {f"{sign}{raised(n)}": reason for reason, n in reasons.numbers.items() for sign in signs}
        places = (Column(p, self.labels.programme(p), marks=marks) for p in self.labels.data.programme_ids)
        columns = (
            Column("group", ""),
            Column("measure", text("matrix.indicator")),
            *places,
        )
        return Table("matrix", text("matrix.caption"), columns, rows, group="group", notes=tuple(notes))

    def _row(self, comparison: Comparison, reasons: _Reasons) -> dict[str, str]:
        cells = dict.fromkeys(self.labels.data.programme_ids, "")
        for out in records(comparison.left_out):
            if out["absence"] in ("not_comparable", "not_applicable"):
                reason = self.labels.reason(out["reason"])
                cells[out["programme_id"]] = reasons.mark(NOT_COMPARABLE, reason)
        for row in comparison.ranked:
            value = f"{value_words(self.labels, comparison, row)} {self._mark(comparison, row, reasons)}"
            both = filter(None, (cells[row.programme], value))
            cells[row.programme] = self.labels.text("number.item_separator").join(both)
        group = self.labels.measure(comparison.measure)
        return {"group": group, "measure": self._name(comparison), **cells}

    def _name(self, comparison: Comparison) -> str:
        definition = [self.labels.readings(format_when(comparison.definitions))]
        thing = self.labels.object_of(comparison.measure, comparison.key)
        return self.labels.with_detail(thing, definition)

    def _mark(self, comparison: Comparison, row: Ranked, reasons: _Reasons) -> str:
        """Return whether a value may be quoted, and if not, on what it hangs."""
        frame = comparison.estimates
        choices = deciding(from_frame(frame[frame["item"] == row.item].drop(columns="item")))
        if row.programme in comparison.silent:
            choices = (*choices, *parse_when(shared_readings(comparison, row.programme)))
        if not choices:
            return FIRM
        open_ones = [choice for choice in choices if not OPEN_YEAR.readings_of(choice)]
        place = self.labels.programme(row.programme)
        matter = self._pieces(row.programme).matter(dict.fromkeys(open_ones or choices))
        reason = self.labels.text("matrix.hangs", place=place, matter=matter)
        return reasons.mark(READING if open_ones else YEAR, reason)

    def _pieces(self, programme: str) -> Pieces:
        if programme not in self._known:
            self._known[programme] = Pieces(self.labels, Place(self.labels.data, programme))
        return self._known[programme]

    @cached_property
    def _known(self) -> dict[str, Pieces]:
        return {}


def _shown(contrast: Contrast) -> tuple[Comparison, ...]:
    """Return the comparisons of a measure; of counts the one of most places says all."""
    if contrast.kind != "beside":
        return contrast.comparisons
    return (max(contrast.comparisons, key=lambda each: len(each.programmes)),)


def _plainest_first(found: Sequence[Contrast]) -> Iterator[Comparison]:
    """Yield the comparisons, of each measure the first before the second of any."""
    for row in itertools.zip_longest(*(_shown(contrast) for contrast in found)):
        yield from (comparison for comparison in row if comparison is not None)
