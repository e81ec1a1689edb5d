"""The four kinds of card: a figure, an estimate, a source, a choice. Each leads to the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.estimates.prices import in_prices_of, series
from analysis.estimates.spans import CELL, spans
from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import records
from analysis.evidence.register import CPI, PRICE_YEAR, parse_when
from analysis.evidence.sources import Document, SourceError
from analysis.show.cards.view import Line, Sentence, View, merged
from analysis.show.cards.wording import Card, Row


@dataclass(frozen=True, repr=False)
class FigureCard(Card):
    """One figure: its sentence, source and place, its codings, and every estimate that uses it."""

    figure_id: str

    @cached_property
    def row(self) -> dict[str, Any]:
        """The row of the figures table."""
        return records(self.data.figures, figure_id=self.figure_id)[0]

    @cached_property
    def source(self) -> SourceCard:
        """The card of its source."""
        return SourceCard(self.data, self.text, self.folder, self.row["source_id"])

    @property
    def amount(self) -> Amount:
        """Value, bounds and unit."""
        return self.data.amounts[self.figure_id]

    @cached_property
    def sentence(self) -> Sentence:
        """The sentence in the document, Simplified, or why it is not shown."""
        document = self._open(self.source.row)
        if isinstance(document, str):
            return Sentence(missing=document)
        start, end = int(self.row["start"]), int(self.row["end"])
        try:
            return Sentence(*document.sentence(start, end))
        except SourceError:
            why = self.text("figure_card.no_span", file=self.source.row["file"], start=start, end=end)
            return Sentence(missing=why)

    @cached_property
    def codings(self) -> pd.DataFrame:
        """The codings whose numerator or denominator names it."""
        frame = self.data.codings
        sides = zip(frame["numerator"], frame["denominator"], strict=True)
        return frame[pd.Series([self._in(*pair) for pair in sides], frame.index, dtype="bool")]

    @cached_property
    def estimate_rows(self) -> pd.DataFrame:
        """The rows of the estimates table that use it, one for each reading."""
        frame = self.data.tables["estimates"]
        used = [self.figure_id in ids.split() for ids in frame["figure_ids"]]
        return frame[pd.Series(used, frame.index, dtype="bool")]

    @property
    def estimates(self) -> tuple[EstimateCard, ...]:
        """The cards of the estimates that use it."""
        cells = dict.fromkeys(self.estimate_rows[list(CELL)].itertuples(index=False, name=None))
        return tuple(EstimateCard(self.data, self.text, self.folder, cell) for cell in cells)

    @cached_property
    def choices(self) -> tuple[ChoiceCard, ...]:
        """The cards of the choices that touch it: through codings, estimates, arithmetic or its years."""
        conditions = [*self.codings["when"], *self.estimate_rows["reading"]]
        touching = {choice for when in conditions for choice in parse_when(when)}
        pairs = zip(self.data.readings["choice_id"], self.data.readings["requires"], strict=True)
        touching |= {choice for choice, requires in pairs if self._in(*_sides(requires))}
        if "/" in self.row["year"] and self.row["unit"].startswith("CNY"):
            touching.add(PRICE_YEAR.id_for(self.source.row["programme_id"]))
        known = (choice for choice in self.data.choices["choice_id"] if choice in touching)
        return tuple(ChoiceCard(self.data, self.text, self.folder, choice) for choice in known)

    def _in(self, *expressions: str) -> bool:
        return any(self.figure_id in arithmetic.figure_ids(expression) for expression in expressions)

    @property
    def value(self) -> str:
        """The value in words, with the bounds that its qualifier or range gives."""
        value, unit = self.amount.value, self.amount.unit
        # "98% or more" has no upper bound that is worth a word.
        upper = math.inf if unit == "share" and self.amount.upper == 1 > value else self.amount.upper
        return self.text.interval(value, self.amount.lower, upper, unit, short=False)

    @property
    def line(self) -> Line:
        """The figure in one line, which opens its card."""
        printed = self.text.convert(self.row["printed"])
        subject = self.labels.of(self.row, "subject")
        return Line(self.text("figure_card.pair", label=subject, value=printed), (self.figure_id,), self)

    def view(self) -> View:
        """Return what the card says."""
        row, text = self.row, self.text
        codes = [(text(f"table.{name}"), text.code(name, row[name])) for name in ("qualifier", "status")]
        if row["period"] != "none":
            codes.insert(1, (text("table.period"), text.code("period", row["period"])))
        facts = (
            (text("table.printed"), text.convert(row["printed"])),
            (text("table.value"), self.value),
            (text("figure_card.basis"), text.code("basis", row["basis"])),
            *codes,
            (text("table.year"), self._year(row["year"], row["year_basis"])),
            (text("table.theme"), self.labels.term("theme", row["theme"])),
            (text("table.note"), self.labels.of(row, "note")),
            *self.source.citation,
            (
                text("table.place"),
                text("report.locator", **{k: row[k] for k in ("paragraph", "start", "end")}),
            ),
        )
        codings = merged(self._coding_line(coding) for coding in records(self.codings))
        used = merged(self._estimate_line(estimate) for estimate in records(self.estimate_rows))
        sections = (
            ("codings", codings or (Line(text("figure_card.unused")),)),
            ("choices", tuple(choice.line for choice in self.choices)),
            ("estimates", used),
            ("identities", tuple(self._identity_lines())),
        )
        title = self.labels.of(row, "subject")
        return View("figure", self.figure_id, title, facts, self.sentence, sections)

    def _identity_lines(self) -> Iterator[Line]:
        for row in records(self.data.tables["identities"]):
            if self._in(row["left"], row["right"]):
                left, right = (
                    arithmetic.evaluate(row[side], self.data.amounts) for side in ("left", "right")
                )
                yield Line(self._relation(left, row["relation"], right), (self.labels.of(row, "note"),))


@dataclass(frozen=True, repr=False)
class EstimateCard(Card):
    """One measure of one programme: value, bounds, span over readings, each reading, and its figures.

    ``cell`` holds the values of the columns ``readings.CELL`` that identify it.
    """

    cell: tuple[str, ...]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of the estimates table, one for each reading."""
        frame = self.data.tables["estimates"]
        for name, value in zip(CELL, self.cell, strict=True):
            frame = frame[frame[name] == value]
        return frame

    @cached_property
    def row(self) -> dict[str, Any]:
        """The default estimate with its span: ``low``, ``high``, ``n_readings`` and ``n_values``."""
        found = records(spans(self.data, self.rows))
        nothing = {"low": math.nan, "high": math.nan, "n_readings": 0, "n_values": 0}
        return found[0] if found else records(self.rows)[0] | nothing

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of the figures it uses, those of the default reading first."""
        ids = " ".join([self.row["figure_ids"], *self.rows["figure_ids"]]).split()
        return tuple(FigureCard(self.data, self.text, self.folder, name) for name in dict.fromkeys(ids))

    @cached_property
    def choices(self) -> tuple[ChoiceCard, ...]:
        """The cards of the choices that its readings answer."""
        names = dict.fromkeys(choice for when in self.rows["reading"] for choice in parse_when(when))
        return tuple(ChoiceCard(self.data, self.text, self.folder, name) for name in names)

    def view(self) -> View:
        """Return what the card says."""
        row, text = self.row, self.text
        facts = [(text("table.value"), self._value(row))]
        if row["absence"]:
            facts.append((text("table.reason"), self.labels.reason(row["reason"])))
        else:
            facts += [
                (text("table.span"), self._span(row)),
                (text("table.year"), self._year(row["year"], row["year_basis"])),
                (text("table.status"), text.code("status", row["status"]) if row["status"] else ""),
                (text("figure_card.price"), text("chart.nominal") if row["unit"].startswith("CNY") else ""),
            ]
        read = row["reading"] or len(self.rows) > 1
        readings = tuple(self._reading_line(each) for each in records(self.rows)) if read else ()
        sections = (("readings", readings), ("figures", tuple(figure.line for figure in self.figures)))
        place = self.labels.programme(row["programme_id"])
        title = text("figure_card.pair", label=place, value=self._estimate_name(row))
        return View("estimate", row["coding_id"], title, tuple(facts), sections=sections)

    def _reading_line(self, row: Row) -> Line:
        return Line(self._value(row), (self._under(row), self.labels.reason(row["reason"])))


@dataclass(frozen=True, repr=False)
class SourceCard(Card):
    """One source: title, publisher, date and its basis, whether the document is at hand, and its figures."""

    source_id: str

    @cached_property
    def row(self) -> dict[str, Any]:
        """The row of the sources table."""
        return records(self.data.sources, source_id=self.source_id)[0]

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of its figures, in the order of the document."""
        rows = records(self.data.figures, source_id=self.source_id)
        return tuple(FigureCard(self.data, self.text, self.folder, row["figure_id"]) for row in rows)

    @property
    def document(self) -> Document | None:
        """The document, if the registered one is at hand."""
        found = self._open(self.row)
        return found if isinstance(found, Document) else None

    @property
    def citation(self) -> tuple[tuple[str, str], ...]:
        """Title, author, publisher and date as facts of a card."""
        row, text = self.row, self.text
        basis = text.code("date_basis", row["date_basis"])
        date = self.labels.with_detail(self._date(row["published"]), (basis,))
        return (
            (text("table.source"), text.pick(row["title_en"], row["title"])),
            (text("figure_card.title_printed"), text.pick(row["title"], "")),
            (text("table.author"), text.convert(row["author"])),
            (text("table.publisher"), text.convert(row["publisher"]) or text("report.empty")),
            (text("table.date"), date),
            (text("figure_card.date_known"), self.labels.of(row, "date_note")),
        )

    def view(self) -> View:
        """Return what the card says."""
        row, text = self.row, self.text
        found = self._open(row)
        facts = (
            (text("table.programme"), self.labels.programme(row["programme_id"])),
            *self.citation[1:],
            (text("figure_card.script"), text.code("script", row["script"])),
            (
                text("figure_card.document"),
                found if isinstance(found, str) else text("figure_card.document_here"),
            ),
            (text("table.hash"), row["sha256"]),
        )
        sections = (("in_figures", tuple(self._theme_lines())), ("exclusions", tuple(self._excluded())))
        return View(
            "source", self.source_id, text.pick(row["title_en"], row["title"]), facts, sections=sections
        )

    def _excluded(self) -> Iterator[Line]:
        frame = self.data.tables["exclusions"]
        counts = frame.loc[frame["source_id"] == self.source_id, "reason"].value_counts()
        for reason, count in counts.items():
            yield Line(
                self.text("figure_card.pair", label=self.text.code("reason", str(reason)), value=count)
            )

    def _theme_lines(self) -> Iterator[Line]:
        by_theme: dict[str, list[str]] = defaultdict(list)
        for figure in self.figures:
            by_theme[figure.row["theme"]].append(figure.figure_id)
        for theme in sorted(by_theme, key=lambda theme: self.labels.rank("theme", theme)):
            name = self.labels.term("theme", theme)
            counted = self.text("figure_card.pair", label=name, value=len(by_theme[theme]))
            yield Line(counted, (" ".join(by_theme[theme]),))


@dataclass(frozen=True, repr=False)
class ChoiceCard(Card):
    """One choice: its readings, the arithmetic that rules some out, the default, and what each one does."""

    choice_id: str

    @cached_property
    def row(self) -> dict[str, Any]:
        """The row of the choices table."""
        return records(self.data.choices, choice_id=self.choice_id)[0]

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
        frame = self.data.tables["estimates"]
        found = self._touched(frame)
        if not found.empty:
            return found
        own = frame[frame["programme_id"] == self.row["programme_id"]]
        return self._touched(in_prices_of(self.data, own, max(series(self.data, CPI))))

    def _touched(self, frame: pd.DataFrame) -> pd.DataFrame:
        rows = self.data.readings[self.data.readings["is_default"]]
        defaults = dict(zip(rows["choice_id"], rows["reading"], strict=True))
        kept = []
        for when in frame["reading"]:
            others = parse_when(when)
            own = others.pop(self.choice_id, None)
            kept.append(own is not None and others.items() <= defaults.items())
        return frame[pd.Series(kept, frame.index, dtype="bool")]

    @property
    def figures(self) -> tuple[FigureCard, ...]:
        """The cards of the figures in the arithmetic of its readings and in the estimates it touches."""
        sides = (side for requires in self.readings["requires"] for side in _sides(requires))
        ids = [name for side in sides for name in arithmetic.figure_ids(side)]
        ids += " ".join(self.estimate_rows["figure_ids"]).split()
        return tuple(FigureCard(self.data, self.text, self.folder, name) for name in dict.fromkeys(ids))

    @property
    def line(self) -> Line:
        """The choice in one line, with its readings below."""
        named = (self.labels.with_detail(self.labels.of(row, "label"), (self._standing(row),))
                 for row in records(self.readings))  # fmt: skip
        title = self.labels.with_detail(self.labels.of(self.row, "question"), (self.choice_id,))
        return Line(title, tuple(named))

    def view(self) -> View:
        """Return what the card says."""
        row, text = self.row, self.text
        place = self.labels.programme(row["programme_id"]) if row["programme_id"] else ""
        facts = (
            (text("table.programme"), place),
            (text("figure_card.decides"), text.code("kind", row["kind"])),
            (text("table.note"), self.labels.of(row, "note")),
        )
        numbered = enumerate(records(self.readings), start=1)
        readings = tuple(self._reading_line(number, reading) for number, reading in numbered)
        effects = tuple(self._effect_lines()) or (Line(text("figure_card.no_effect")),)
        figures = tuple(figure.line for figure in self.figures)
        sections = (("readings", readings), ("effects", effects), ("figures", figures))
        return View("choice", self.choice_id, self.labels.of(row, "question"), facts, sections=sections)

    def _reading_line(self, number: int, row: Row) -> Line:
        label = self.labels.with_detail(self.labels.of(row, "label"), (self._standing(row),))
        details = (self.labels.of(row, "reason"), self._requirement(row["requires"]))
        return Line(self.text("figure_card.numbered", number=number, label=label), details)

    def _effect_lines(self) -> Iterator[Line]:
        """Yield one line for each estimate: its value under each feasible reading, equal ones together."""
        numbers = {name: str(place) for place, name in enumerate(self.readings["reading"], start=1)}
        cells: dict[tuple[str, ...], dict[str, list[str]]] = {}
        names: dict[tuple[str, ...], str] = {}
        for row in records(self.estimate_rows[self.estimate_rows["feasible"]]):
            cell = tuple(row[name] for name in CELL)
            names[cell] = self._cell_name(row)
            number = numbers[parse_when(row["reading"])[self.choice_id]]
            cells.setdefault(cell, {}).setdefault(self._with_status(row), []).append(number)
        for cell, values in cells.items():
            yield Line(names[cell], tuple(self._by_reading(values)))

    def _by_reading(self, values: dict[str, list[str]]) -> Iterable[str]:
        if len(values) == 1:
            yield self.text(
                "figure_card.pair", label=self.text("figure_card.all_readings"), value=next(iter(values))
            )
            return
        for value, numbers in values.items():
            key = "figure_card.reading_number" if len(numbers) == 1 else "figure_card.readings_number"
            label = self.text(key, numbers=self.text("number.list_separator").join(numbers))
            yield self.text("figure_card.pair", label=label, value=value)

    def _cell_name(self, row: Row) -> str:
        name = self._estimate_name(row)
        if not self.row["programme_id"]:
            name = self.text("figure_card.pair", label=self.labels.programme(row["programme_id"]), value=name)
        _, _, year = row["price_basis"].partition("constant-")
        return self.labels.with_detail(name, (self.text("chart.constant", year=year) if year else "",))


def _sides(requires: str) -> tuple[str, ...]:
    """Return both sides of a required relation, or none."""
    return arithmetic.split_relation(requires)[::2] if requires else ()
