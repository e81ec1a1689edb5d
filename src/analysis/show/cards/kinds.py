"""The four kinds of card: a figure, an estimate, a source, a choice. Each leads to the others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import CELL, Span
from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import MEASURES, OPEN_YEAR, parse_when
from analysis.evidence.rows import Choice, Coding, Exclusion, Figure, Identity, Reading, Source, rows_of
from analysis.evidence.sources import Document, SourceError
from analysis.show.cards.card import Card, sides_of
from analysis.show.cards.card_content import CardContent, Line, Sentence, merge_lines
from analysis.show.cards.uses import (
    cell_key,
    codings_by_figure,
    estimate_anchor,
    estimates_by_cell,
    estimates_by_figure,
    figures_by_id,
    sources_by_id,
    spans_by_cell,
    touched,
)
from analysis.words.arithmetic import relation_phrase


@dataclass(frozen=True, repr=False)
class FigureCard(Card):
    """One figure: its sentence, source and place, its codings, and every estimate that uses it."""

    figure_id: str
    kind: ClassVar[str] = "figure"

    @cached_property
    def record(self) -> Figure:
        """The row of the figures table."""
        return self.data.once(figures_by_id)[self.figure_id]

    @cached_property
    def source(self) -> SourceCard:
        """The card of its source."""
        return SourceCard(self.data, self.text, self.folder, self.record.source_id)

    @property
    def amount(self) -> Amount:
        """Value, bounds and unit."""
        return self.data.amounts[self.figure_id]

    @cached_property
    def sentence(self) -> Sentence:
        """The sentence in the document, Simplified, or why it is not shown."""
        document = self._open(self.source.record)
        if isinstance(document, str):
            return Sentence(missing=document)
        start, end = self.record.start, self.record.end
        try:
            return Sentence(*document.sentence(start, end))
        except SourceError:
            file = self.source.record.file
            return Sentence(missing=self.text("figure_card.no_span", file=file, start=start, end=end))

    @cached_property
    def codings(self) -> pd.DataFrame:
        """The codings whose numerator or denominator names it."""
        frame, named = self.data.codings, {row.coding_id for row in self._codings}
        return frame[frame["coding_id"].isin(named)]

    @property
    def _codings(self) -> Sequence[Coding]:
        return self.data.once(codings_by_figure).get(self.figure_id, ())

    @cached_property
    def estimate_rows(self) -> pd.DataFrame:
        """The rows of the estimates table that use it, one for each reading."""
        frame = self.data.tables["estimates"]
        used = [self.figure_id in ids.split() for ids in frame["figure_ids"]]
        return frame[pd.Series(used, frame.index, dtype="bool")]

    @property
    def estimates(self) -> tuple[EstimateCard, ...]:
        """The cards of the estimates that use it."""
        return self._cards(EstimateCard, map(cell_key, self._estimates))

    @property
    def _estimates(self) -> Sequence[Estimate]:
        return self.data.once(estimates_by_figure).get(self.figure_id, ())

    @cached_property
    def choices(self) -> tuple[ChoiceCard, ...]:
        """The cards of the choices that touch it: through codings, estimates, arithmetic or its years."""
        conditions = [*(row.when for row in self._codings), *(row.reading for row in self._estimates)]
        touching = {choice for when in conditions for choice in parse_when(when)}
        pairs = zip(self.data.readings["choice_id"], self.data.readings["requires"], strict=True)
        touching |= {choice for choice, requires in pairs if self._is_in(*sides_of(requires))}
        if "/" in self.record.year and self.record.unit.startswith("CNY"):
            touching.add(OPEN_YEAR.id_for(self.source.record.programme_id, self.record.year))
        return self._cards(ChoiceCard, (c for c in self.data.choices["choice_id"] if c in touching))

    def _is_in(self, *expressions: str) -> bool:
        return any(self.figure_id in arithmetic.figure_ids(expression) for expression in expressions)

    @property
    def value(self) -> str:
        """The value in words, with the bounds that its qualifier or range gives."""
        amount = self.amount
        return self.text.interval(amount.value, amount.lower, amount.upper, amount.unit, short=False)

    @property
    def line(self) -> Line:
        """The figure in one line, which opens its card."""
        printed = self.text.convert(self.record.printed)
        return Line(self._pair(self.labels.of(self.record, "subject"), printed), (self.figure_id,), self)

    def content(self) -> CardContent:
        """Return what the card says."""
        row, text = self.record, self.text
        period = "" if row.period == "none" else text.code("period", row.period)
        place = {"paragraph": row.paragraph, "start": row.start, "end": row.end}
        facts = (
            (text("table.printed"), text.convert(row.printed)),
            (text("table.value"), self.value),
            (text("figure_card.basis"), text.code("basis", row.basis)),
            (text("table.qualifier"), text.code("qualifier", row.qualifier)),
            (text("table.period"), period),
            (text("table.status"), text.code("status", row.status)),
            (text("table.year"), self._year(row.year, row.year_basis)),
            (text("table.theme"), self.labels.term("theme", row.theme)),
            (text("table.note"), self.labels.of(row, "note")),
            *self.source.citation,
            (text("table.place"), text("report.locator", **place)),
        )
        codings = merge_lines(map(self._coding_line, self._codings))
        sections = (
            ("codings", codings or (Line(text("figure_card.unused")),)),
            ("choices", tuple(choice.line for choice in self.choices)),
            ("estimates", merge_lines(map(self._estimate_line, self._estimates))),
            ("identities", tuple(self._identity_lines())),
        )
        title = self.labels.of(row, "subject")
        return CardContent("figure", self.figure_id, title, facts, self.sentence, sections)

    def _coding_line(self, row: Coding) -> Line:
        readings = self.labels.readings(row.when)
        when = self.text("figure_card.when", readings=readings) if readings else ""
        below = (self._pair(row.coding_id, self._join(self._formula(row), when)), self.labels.of(row, "note"))
        return Line(self._estimate_name(row), below)

    def _estimate_line(self, row: Estimate) -> Line:
        value = self.labels.with_detail(self._value(row), (self._deflated(row),))
        return Line(self._pair(self._estimate_name(row), value), (self._under(row),))

    def _identity_lines(self) -> Iterator[Line]:
        for row in rows_of(Identity, self.data.tables["identities"]):
            if self._is_in(row.left, row.right):
                left, right = (arithmetic.evaluate(side, self.data.amounts) for side in (row.left, row.right))
                shown = relation_phrase(self.text, left, row.relation, right)
                yield Line(shown, (self.labels.of(row, "note"),))


@dataclass(frozen=True, repr=False)
class EstimateCard(Card):
    """One measure of one programme: value, bounds, span over readings, each reading, and its figures.

    ``cell`` holds the values of the columns ``spans.CELL`` that identify it.
    """

    cell: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """What a page calls the card."""
        return estimate_anchor(self.cell)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of the estimates table, one for each reading."""
        frame = self.data.tables["estimates"]
        for name, value in zip(CELL, self.cell, strict=True):
            frame = frame[frame[name] == value]
        return frame

    @cached_property
    def record(self) -> Span:
        """The default estimate with its span over readings; without a feasible one, the first."""
        found = self.data.once(spans_by_cell).get(self.cell)
        return found or Span(*self._readings[0], math.nan, math.nan, 0, 0)

    @property
    def _readings(self) -> Sequence[Estimate]:
        return self.data.once(estimates_by_cell)[self.cell]

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of the figures it uses, those of the default reading first."""
        ids = " ".join([self.record.figure_ids, *(row.figure_ids for row in self._readings)]).split()
        return self._cards(FigureCard, ids)

    @cached_property
    def choices(self) -> tuple[ChoiceCard, ...]:
        """The cards of the choices that its readings answer."""
        return self._cards(ChoiceCard, (c for row in self._readings for c in parse_when(row.reading)))

    def content(self) -> CardContent:
        """Return what the card says."""
        row, text = self.record, self.text
        facts = [(text("table.value"), self._value(row))]
        if row.has_value:
            facts += [
                (text("figure_card.formula"), text(f"workbook.meaning.measure.{row.measure}")),
                (text("figure_card.worked"), self._worked(row.coding_id)),
                (text("table.span"), self._span(row)),
                (text("figure_card.region"), self.labels.region(row.region)),
                *self._national(),
                (text("table.year"), self._year(row.year, row.year_basis)),
                (text("table.status"), text.code("status", row.status) if row.status else ""),
                *self._prices(row),
            ]
        else:
            facts.append((text("table.reason"), self.labels.reason(row.reason)))
        several = row.reading or len(self._readings) > 1
        readings = tuple(map(self._reading_line, self._readings)) if several else ()
        sections = (("readings", readings), ("figures", tuple(figure.line for figure in self.figures)))
        title = self._pair(self.labels.programme(row.programme_id), self._estimate_name(row))
        return CardContent("estimate", row.coding_id, title, tuple(facts), sections=sections)

    def _national(self) -> Iterator[tuple[str, str]]:
        """Yield the same ratio to the series of the whole country, as a fact beside that of a region."""
        for code in MEASURES[self.record.measure].beside:
            (card,) = self._cards(EstimateCard, [cell_key(self.record._replace(measure=code))])
            value = self.labels.with_detail(self._value(card.record), (self._span(card.record),))
            yield self.labels.measure(code), value

    def _reading_line(self, row: Estimate) -> Line:
        value = self.labels.with_detail(self._value(row), (self.labels.region(row.region),))
        return Line(value, (self._under(row), self.labels.reason(row.reason)))


@dataclass(frozen=True, repr=False)
class SourceCard(Card):
    """One source: title, publisher, date and its basis, whether the document is at hand, and its figures."""

    source_id: str
    kind: ClassVar[str] = "source"

    @cached_property
    def record(self) -> Source:
        """The row of the sources table."""
        return self.data.once(sources_by_id)[self.source_id]

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of its figures, in the order of the document."""
        return self._cards(FigureCard, (row.figure_id for row in self._figures))

    @cached_property
    def _figures(self) -> list[Figure]:
        return rows_of(Figure, self.data.figures, source_id=self.source_id)

    @property
    def document(self) -> Document | None:
        """The document, if the registered one is at hand."""
        found = self._open(self.record)
        return found if isinstance(found, Document) else None

    @property
    def citation(self) -> tuple[tuple[str, str], ...]:
        """Title, author, publisher, date and address as facts of a card."""
        return self._citation(self.record)

    def content(self) -> CardContent:
        """Return what the card says."""
        row, text = self.record, self.text
        found = self._open(row)
        document = found if isinstance(found, str) else text("figure_card.document_here")
        facts = (
            (text("table.programme"), self.labels.programme(row.programme_id)),
            *self.citation[1:],
            (text("figure_card.script"), text.code("script", row.script)),
            (text("figure_card.document"), document),
            (text("table.hash"), row.sha256),
        )
        sections = (
            ("in_figures", tuple(self._theme_lines())),
            ("exclusions", tuple(self._exclusion_lines())),
        )
        title = text.pick(row.title_en, row.title)
        return CardContent("source", self.source_id, title, facts, sections=sections)

    def _exclusion_lines(self) -> Iterator[Line]:
        rows = rows_of(Exclusion, self.data.tables["exclusions"], source_id=self.source_id)
        for reason, count in Counter(row.reason for row in rows).most_common():
            yield Line(self._pair(self.text.code("reason", reason), count))

    def _theme_lines(self) -> Iterator[Line]:
        by_theme: dict[str, list[str]] = defaultdict(list)
        for row in self._figures:
            by_theme[row.theme].append(row.figure_id)
        for theme, ids in sorted(by_theme.items(), key=lambda item: self.labels.rank("theme", item[0])):
            yield Line(self._pair(self.labels.term("theme", theme), len(ids)), (" ".join(ids),))


@dataclass(frozen=True, repr=False)
class ChoiceCard(Card):
    """One choice: its readings, the arithmetic that rules some out, the default, and what each one does."""

    choice_id: str
    kind: ClassVar[str] = "choice"

    @cached_property
    def record(self) -> Choice:
        """The row of the choices table."""
        return rows_of(Choice, self.data.choices, choice_id=self.choice_id)[0]

    @cached_property
    def readings(self) -> pd.DataFrame:
        """The rows of its readings, in the order of reports; ``feasible`` says whether they are used."""
        frame = self.data.readings
        return frame[frame["choice_id"] == self.choice_id].sort_values("rank")

    @cached_property
    def estimate_rows(self) -> pd.DataFrame:
        """The estimates that it touches, all other choices at their default.

        A choice that only matters to constant prices is shown in prices of the last year with an index.
        """
        return touched(self.data, self.record)

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of the figures in the arithmetic of its readings and in the estimates it touches."""
        sides = (side for requires in self.readings["requires"] for side in sides_of(requires))
        ids = [name for side in sides for name in arithmetic.figure_ids(side)]
        ids += " ".join(self.estimate_rows["figure_ids"]).split()
        return self._cards(FigureCard, ids)

    @property
    def line(self) -> Line:
        """The choice in one line, with its readings below."""
        title = self.labels.with_detail(self.labels.of(self.record, "question"), (self.choice_id,))
        return Line(title, tuple(map(self._name_reading, rows_of(Reading, self.readings))))

    def _name_reading(self, row: Reading) -> str:
        return self.labels.with_detail(self.labels.of(row, "label"), (self.labels.standing(row),))

    def content(self) -> CardContent:
        """Return what the card says."""
        row, text = self.record, self.text
        place = self.labels.programme(row.programme_id) if row.programme_id else ""
        facts = (
            (text("table.programme"), place),
            (text("figure_card.decides"), text.code("kind", row.kind)),
            (text("table.note"), self.labels.of(row, "note")),
        )
        sections = (
            ("readings", tuple(self._reading_lines())),
            ("effects", tuple(self._effect_lines()) or (Line(text("figure_card.no_effect")),)),
            ("figures", tuple(figure.line for figure in self.figures)),
        )
        title = self.labels.of(row, "question")
        return CardContent("choice", self.choice_id, title, facts, sections=sections)

    def _reading_lines(self) -> Iterator[Line]:
        for number, row in enumerate(rows_of(Reading, self.readings), start=1):
            below = (self.labels.of(row, "reason"), self._requirement(row.requires))
            yield Line(self.text("figure_card.numbered", number=number, label=self._name_reading(row)), below)

    def _effect_lines(self) -> Iterator[Line]:
        """Yield one line for each estimate: its value under each feasible reading, equal ones together."""
        numbers = {name: str(place) for place, name in enumerate(self.readings["reading"], start=1)}
        effects: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for row in rows_of(Estimate, self.estimate_rows[self.estimate_rows["feasible"]]):
            number = numbers[parse_when(row.reading)[self.choice_id]]
            values = effects.setdefault((self._name_effect(row), *cell_key(row)), {})
            values.setdefault(self._value_with_status(row), []).append(number)
        for (name, *_), values in effects.items():
            yield Line(name, tuple(self._by_reading(values)))

    def _by_reading(self, values: dict[str, list[str]]) -> Iterable[str]:
        for value, numbers in values.items():
            joined = self.text("number.list_separator").join(numbers)
            key = "reading_number" if len(numbers) == 1 else "readings_number"
            key = "all_readings" if len(values) == 1 else key
            yield self._pair(self.text(f"figure_card.{key}", numbers=joined), value)

    def _name_effect(self, row: Estimate) -> str:
        name = self._estimate_name(row)
        if not self.record.programme_id:
            name = self._pair(self.labels.programme(row.programme_id), name)
        _, _, year = row.price_basis.partition("constant-")
        return self.labels.with_detail(name, (self.text("chart.constant", year=year) if year else "",))
