"""The pieces of a report on one place, each with the open questions that touch it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from analysis.draw.tables import Table
from analysis.estimates.answers import Answers, touching
from analysis.estimates.findings import Finding
from analysis.estimates.measures import Estimate, Readings
from analysis.evidence.rows import group_by
from analysis.evidence.themes import THEMES
from analysis.show.county.estimates import estimates_table, rows_touched
from analysis.show.county.indicators import indicator_table, indicators_like, row_name
from analysis.show.county.opening import HEADLINE, MESSAGE, headline_html, message_html
from analysis.show.county.report import CountyReport
from analysis.show.whatif.variants import Part, Pieces, pieces_in
from analysis.words.findings.paragraphs import section_of


@dataclass(frozen=True)
class CountyPieces:
    """What the pieces of a report are under answers, each view made once."""

    report: CountyReport
    views: dict[frozenset[tuple[str, str]], CountyReport] = field(default_factory=dict)

    def view(self, answers: Answers) -> CountyReport:
        """Return the report under answers."""
        key = frozenset(answers.items())
        if key not in self.views:
            self.views[key] = self.report.under(answers)
        return self.views[key]

    @property
    def askable(self) -> dict[str, tuple[str, ...]]:
        """Return the choices that the text leaves open, with the answers that its arithmetic allows."""
        register = Readings.of(self.report.data)
        return {
            choice.choice_id: register.possible(choice.choice_id)
            for choice in self.report.choices
            if choice.kind == "uncertain" and choice.programme_id == self.report.programme
        }

    def parts(self) -> Iterator[Part]:
        """Yield the parts of the page, all of whose pieces can change."""
        account = self.report.account
        yield Part(self._of(account.leading), self._headline)
        for number in range(len(account.messages)):
            yield Part(self._said(number), partial(self._message, number))
        for theme in dict.fromkeys(section_of(each.theme) for each in account.findings):
            yield Part(self._of_theme(theme), partial(self._theme, theme))
        yield Part(self._of_theme(self.report.first), self._first_chart)
        if indicators := indicator_table(self.report):
            yield from self._rows(
                lambda row: [row_name(row)],
                partial(indicators_like, findings=account.findings, base=indicators),
                indicators,
            )
        for theme in THEMES:
            if table := estimates_table(self.report, theme):
                yield from self._rows(
                    partial(rows_touched, theme), partial(estimates_table, theme=theme), table
                )

    def _rows(
        self,
        names: Callable[[Estimate], Iterable[str]],
        make: Callable[[CountyReport], Table | None],
        base: Table,
    ) -> Iterator[Part]:
        """Yield the rows of a table, those that the same choices touch together."""
        cells = self._cells(names)
        for choices, same in group_by(base.pieces, lambda each: cells[each]).items():
            if choices:
                yield Part(choices, partial(self._rows_of, make, base, {*same}))

    def _rows_of(
        self, make: Callable[[CountyReport], Table | None], base: Table, names: set[str], answers: Answers
    ) -> Pieces:
        """Return rows of a table in the columns of the one that the page has."""
        table = make(self.view(answers))
        return replace(table.only(names), columns=base.columns).row_html() if table else {}

    @property
    def together(self) -> list[frozenset[str]]:
        """The choices that one value hangs on jointly."""
        return [
            choices for choices in set(self._cells(lambda row: [str(row.cell)]).values()) if len(choices) > 1
        ]

    def _headline(self, answers: Answers) -> Pieces:
        return {HEADLINE: headline_html(self.view(answers))}

    def _message(self, number: int, answers: Answers) -> Pieces:
        view = self.view(answers)
        shown = message_html(view, number)
        return {f"{MESSAGE}.{number}": shown} if view.account.messages[number].words else {}

    def _theme(self, theme: str, answers: Answers) -> Pieces:
        return pieces_in(self.view(answers).theme(theme).content)

    def _first_chart(self, answers: Answers) -> Pieces:
        return pieces_in(self.view(answers).first_chart()._repr_html_())

    def _said(self, number: int) -> frozenset[str]:
        """Return what may touch a message: what it rests on, and what earlier ones say is open."""
        messages = self.report.account.messages
        own, earlier = self._of(messages[number].findings), messages[:number]
        return own.union(*(each for m in earlier if (each := self._of(m.findings)) & own))

    def _of(self, findings: Iterable[Finding]) -> frozenset[str]:
        found = (self._of_figures[name] for each in findings for name in each.figure_ids)
        return frozenset().union(*found, *(each.choices for each in findings))

    def _of_theme(self, theme: str) -> frozenset[str]:
        rows = (row for row in self.report.own_estimates if section_of(row.theme) == theme)
        figures = (row for row in self.report.own_figures.values() if section_of(row.theme) == theme)
        names = {name for row in rows for name in row.figure_ids.split()} | {row.figure_id for row in figures}
        return frozenset().union(*(self._of_figures[name] for name in names))

    @cached_property
    def _of_figures(self) -> dict[str, frozenset[str]]:
        """The choices that touch each figure: those of its estimates, of its year, and of its status."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.report.own_estimates:
            for name in row.figure_ids.split():
                found[name] |= touching(self.report.data, self.report.programme, row)
        for figure in self.report.own_figures.values():
            found[figure.figure_id] |= touching(self.report.data, self.report.programme, figure)
        return defaultdict(frozenset, {name: frozenset(choices) for name, choices in found.items()})

    def _cells(self, names: Callable[[Estimate], Iterable[str]]) -> dict[str, frozenset[str]]:
        """Return the choices that touch the estimates of each name."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.report.own_estimates:
            for name in names(row):
                found[name] |= touching(self.report.data, self.report.programme, row)
        return {name: frozenset(choices) for name, choices in found.items()}
