"""The pieces of a comparison of places, each with the open questions that touch it."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain

from analysis.draw.tables import Table
from analysis.estimates.answers import Answers, touching
from analysis.estimates.findings.contrasts import Contrast, contrasts
from analysis.estimates.measures import Estimate, Readings, from_frame
from analysis.estimates.prices import PRINTED
from analysis.evidence.register import MEASURES, NOMINAL, OPEN_YEAR, parse_when
from analysis.evidence.rows import Choice, group_by, rows_of
from analysis.show.comparison.matrix import comparison_name
from analysis.show.comparison.report import FIRST_CHART, ComparisonReport, message_html
from analysis.show.county.opening import HEADLINE, MESSAGE
from analysis.show.html import joined
from analysis.show.whatif.variants import Part, Pieces, pieces_in
from analysis.words.findings.contrasts import contrast_sentences, reporters

PRICES = "prices"
"""What is asked beside the questions of the texts: in which prices money is."""
INCOME = "income"
RELATIVE = {"yearly_pay": "pay_to_rural_income"}
"""The measure that gives another relative to income."""


@dataclass(frozen=True)
class ComparisonPieces:
    """What the pieces of a comparison are under answers, each view made once."""

    report: ComparisonReport
    views: dict[tuple[str, frozenset[str] | None, frozenset[tuple[str, str]]], ComparisonReport] = field(
        default_factory=dict
    )

    def view(self, measure: str, answers: Answers, named: frozenset[str] | None = None) -> ComparisonReport:
        """Return what the report says of a measure under answers, and in the prices that they name.

        Of its comparisons it has those that are ``named``, or all.
        """
        key = measure, named, frozenset(pair for pair in answers.items() if pair != (PRICES, INCOME))
        if key not in self.views:
            given = dict(key[2])
            prices = given.pop(PRICES, None)
            like = [
                each
                for each in self.report.comparisons
                if each.measure == measure and (named is None or comparison_name("", each) in named)
            ]
            self.views[key] = self.report.under(like, measure, given, PRINTED if prices else None)
        return self.views[key]

    @cached_property
    def prices(self) -> tuple[str, ...]:
        """The other prices that money may be in: as printed, and relative to income."""
        measures = {each.measure for each in self.report.comparisons}
        if not any(each.price_basis != NOMINAL for each in self.report.comparisons):
            return ()
        return (PRINTED, *([INCOME] if any(RELATIVE.get(each) in measures for each in measures) else []))

    @property
    def askable(self) -> dict[str, tuple[str, ...]]:
        """Return what the texts leave open, with the answers that their arithmetic allows, and the prices."""
        register, own = Readings.of(self.report.data), set(self.report.data.programme_ids)
        found = {
            choice.choice_id: register.possible(choice.choice_id)
            for choice in rows_of(Choice, self.report.data.choices, kind="uncertain")
            if choice.programme_id in own
        }
        return ({PRICES: self.prices} if self.prices else {}) | found

    def parts(self) -> Iterator[Part]:
        """Yield the parts of the page, all of whose pieces can change."""
        if self.report.summary:
            return
        said, drawn = self.report.said.contrasts, self.report.drawn
        if said:
            yield self._part(said[0].measure, self._headline)
        for number, contrast in enumerate(said):
            yield self._part(contrast.measure, partial(self._message, number, contrast.measure))
        if drawn:
            yield Part(self.touching(drawn[0].measure), self._first_chart)
        for contrast in drawn:
            yield self._part(contrast.measure, partial(self._section, contrast))
        yield from self._rows(lambda view: view.indicators(self._matrix))
        yield from self._rows(ComparisonReport.rankings)
        yield from self._rows(ComparisonReport.side_by_side)

    def _part(
        self, measure: str, make: Callable[[Answers], Pieces], choices: frozenset[str] | None = None
    ) -> Part:
        """Return a part that is the same where pay is relative to income in the first chart."""
        known: dict[frozenset[tuple[str, str]], Pieces] = {}

        def made(answers: Answers) -> Pieces:
            key = frozenset(pair for pair in answers.items() if pair != (PRICES, INCOME))
            if key not in known:
                known[key] = make(dict(key))
            return known[key]

        return Part(self.touching(measure) if choices is None else choices, made)

    @cached_property
    def _matrix(self) -> Table | None:
        return self.report.indicators()

    def touching(self, measure: str) -> frozenset[str]:
        """Return what touches the values of a measure: the choices of its estimates, and prices of money."""
        return self._touching.get(measure, frozenset())

    @cached_property
    def _touching(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        compared = (each.rows for each in self.report.comparisons)
        for row in chain(from_frame(self.report.data.tables["estimates"]), *compared):
            found[row.measure] |= self._touching_row(row)
        return {measure: frozenset(choices) for measure, choices in found.items()}

    @property
    def together(self) -> list[frozenset[str]]:
        """The choices that the values of one comparison hang on jointly."""
        readings = ((parse_when(row.reading) for row in each.rows) for each in self.report.comparisons)
        return [frozenset().union(*texts) for texts in readings]

    def _contrast(self, measure: str, answers: Answers) -> Contrast | None:
        return next(iter(contrasts(self.view(measure, answers).comparisons)), None)

    def _headline(self, answers: Answers) -> Pieces:
        measure = self.report.said.contrasts[0].measure
        contrast = self._contrast(measure, answers)
        if contrast is None:
            return {}
        words = html.escape(reporters(self.view(measure, answers).labels, contrast))
        return {HEADLINE: f'<p class="headline" data-piece="{HEADLINE}">{words}</p>'}

    def _message(self, number: int, measure: str, answers: Answers) -> Pieces:
        contrast, name = self._contrast(measure, answers), f"{MESSAGE}.{number}"
        if contrast is None:
            return {}
        labels = self.view(measure, answers).labels
        words = labels.sentences(contrast_sentences(labels, contrast))
        return {name: message_html(number, words, contrast.figure_ids, labels.text)}

    def _first_chart(self, answers: Answers) -> Pieces:
        measure = self.report.drawn[0].measure
        if answers.get(PRICES) == INCOME:
            measure = RELATIVE.get(measure, measure)
        contrast = self._contrast(measure, answers)
        chart = next(iter(self.view(measure, answers).charts(contrast)), None) if contrast else None
        return pieces_in(replace(chart, piece=FIRST_CHART)._repr_html_()) if chart else {}

    def _section(self, base: Contrast, answers: Answers) -> Pieces:
        said, first = base in self.report.said.contrasts, base is self.report.drawn[0]
        contrast = self._contrast(base.measure, answers)
        if contrast is None:
            return {}
        shown = self.view(base.measure, answers).section(contrast, said=said, first=first)
        return pieces_in(joined(*shown).content)

    def _rows(self, make: Callable[[ComparisonReport], Table | None]) -> Iterator[Part]:
        """Yield the rows of a table, those of one measure that the same choices touch together."""
        base = make(self.report)
        if base is None:
            return
        measures = _measures_of(base)
        for (measure, choices), names in group_by(measures, lambda n: (measures[n], self._of_row(n))).items():
            yield self._part(measure, partial(self._rows_of, make, base, {*names}), choices)

    def _of_row(self, name: str) -> frozenset[str]:
        """Return what touches a row: the choices of its comparison, or of all values in its cell."""
        return self._of_rows.get(name.rsplit(".", 1)[0], frozenset()) | self._of_rows.get(name, frozenset())

    @cached_property
    def _of_rows(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for comparison in self.report.comparisons:
            for table in ("matrix", "rankings"):
                found[comparison_name(table, comparison)].update(*map(self._touching_row, comparison.rows))
        for row in from_frame(self.report.data.tables["estimates"]):
            for name in (".".join(("matrix", row.programme_id, *row.cell)), ".".join(("side", *row.cell))):
                found[name] |= self._touching_row(row)
        return {name: frozenset(choices) for name, choices in found.items()}

    def _touching_row(self, row: Estimate) -> set[str]:
        """Return what touches an estimate; the year of money matters only once it is converted."""
        choices = touching(self.report.data, row.programme_id, row)
        if not row.unit.startswith("CNY"):
            return choices
        return {PRICES} | {each for each in choices if each in row.reading or not OPEN_YEAR.readings_of(each)}

    def _rows_of(
        self, make: Callable[[ComparisonReport], Table | None], base: Table, names: set[str], answers: Answers
    ) -> Pieces:
        """Return rows of a measure in the columns that the page has, with what their marks mean."""
        measure = next(iter(_measures_of(replace(base, pieces=(*names,))).values()))
        table = make(self.view(measure, answers, self._compared_in(names)))
        if table is None:
            return {}
        own = {column.key: column for column in table.columns}
        columns = tuple(own.get(column.key, column) for column in base.columns)
        return replace(table.only(names), columns=columns).row_html()

    def _compared_in(self, names: Iterable[str]) -> frozenset[str]:
        """Return the comparisons that rows show, by their names without that of a table."""
        found = (name.removeprefix("rankings").removeprefix("matrix") for name in names)
        known = {comparison_name("", each) for each in self.report.comparisons}
        return frozenset(each for name in found for each in (name, name.rpartition(".")[0]) if each in known)


def _measures_of(table: Table) -> dict[str, str]:
    """Return the measure that each row of a table is of."""
    return {name: next(part for part in name.split(".") if part in MEASURES) for name in table.pieces}
