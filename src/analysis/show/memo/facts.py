"""What the numerals of a memo may rest on: estimates, figures, counts, and text of the data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate
from analysis.estimates.robustness import Ranked
from analysis.estimates.selection import LABELLED
from analysis.estimates.spans import Span
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, format_when
from analysis.evidence.rows import Choice, Coding, Figure, Programme, Reading, Source, Term, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.words.comparisons import printed_phrase, shared_readings
from analysis.words.findings.pieces import inside
from analysis.words.labels import Labels, typed
from analysis.words.phrases import in_percent
from analysis.words.regions import level_phrases
from analysis.words.scan import ROLE, has_numeral


@dataclass(frozen=True)
class Fact:
    """One thing that numerals may rest on.

    ``name`` says what it is, the same on every run. It has a ``value`` in ``unit`` (a unit code, or
    ``#reading`` for a count of readings), or is ``text`` that may be quoted. ``figures`` are the ids of the
    figures behind it.
    """

    name: str
    value: float | None = None
    unit: str = ""
    text: str = ""
    figures: str = ""


@dataclass(frozen=True)
class Basis:
    """Facts under one name: what a sentence, a table or a chart rests on. The name says which they are."""

    name: str
    facts: tuple[Fact, ...] = field(compare=False)


def count(name: str, number: float, role: str) -> Fact:
    """Return a count: ``count("programmes", 5, "programme")``."""
    return Fact(f"count of {name}", float(number), f"{ROLE}{role}")


def counts(name: str, **numbers: float) -> Basis:
    """Return counts of things as a basis: ``counts("of ludian", figures=85)``."""
    facts = (count(f"{what} {name}", n, what.split()[0].removesuffix("s")) for what, n in numbers.items())
    return Basis(f"counts {name}", tuple(facts))


def values(name: str, unit: str, figures: str = "", /, **aspects: float | None) -> list[Fact]:
    """Return what is known of a quantity, each under its aspect: ``values("pay", "CNY", value=900.0)``."""
    return [
        Fact(f"{name}, {aspect.replace('_', ' ')}", float(value), unit, figures=figures)
        for aspect, value in aspects.items()
        if value is not None and math.isfinite(value)
    ]


def estimate_name(row: Span | Estimate) -> str:
    """Return the name of an estimate: its programme, measure and dimensions."""
    codes = (getattr(row, name) for name in DIMENSIONS)
    return f"estimate {'/'.join((row.programme_id, row.measure, *filter(None, codes)))}"


def comparison_name(comparison: Comparison) -> str:
    """Return the name of a comparison: its measure and dimensions."""
    codes = (*comparison.key.values(), *comparison.definitions.values())
    return f"comparison {comparison.measure}/{'/'.join(filter(None, codes))}"


_SPACE = re.compile(r"\s+")
# What XML cannot hold, what docxtpl would turn into marks of its own, and marks that turn text around.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def tidy(text: str) -> str:
    """Return text as a memo can hold it: no control characters, and one space for any white space."""
    return _SPACE.sub(" ", _UNFIT.sub("", text)).strip()


@dataclass(frozen=True)
class FactMaker:
    """Makes facts of the rows of a dataset, in one language."""

    labels: Labels

    @property
    def data(self) -> Dataset:
        """The dataset."""
        return self.labels.data

    def quote(self, name: str, *texts: str) -> Iterator[Fact]:
        """Yield a fact for each text with a numeral in it."""
        for text in dict.fromkeys(map(tidy, texts)):
            if has_numeral(text):
                yield Fact(name, text=text)

    def quote_row(self, name: str, row: object, *columns: str) -> Iterator[Fact]:
        """Yield the text of some columns of a row, whole and by sentence, as the reader may see it."""
        for key in (key for column in columns for key in (column, f"{column}_zh", f"{column}_zh_hant")):
            if isinstance(text := getattr(row, key, None), str):
                shown = (text, self.labels.text.convert(text))
                # A passage may hold one sentence of a note alone.
                parts = (part for each in shown for part in re.findall(r"[^。]+。", each))
                yield from self.quote(f"{name}, {key}", *shown, *parts)

    def years(self, name: str, year: str, basis: str) -> Iterator[Fact]:
        """Yield a year, or the two ends of a range of years; nothing where it is unknown."""
        if year:
            for shown in dict.fromkeys(self.labels.year(year, known) for known in (basis, "stated")):
                yield Fact(f"{name}, year", text=shown)
            for end in year.split("/"):
                yield Fact(f"{name}, year", float(end), f"{ROLE}year")

    def estimates(self, name: str, rows: Iterable[Span | Estimate]) -> Basis:
        """Return the facts of estimates, with their spans over readings or under one reading."""
        return Basis(name, tuple(fact for row in rows for fact in self._estimate(row)))

    def _estimate(self, row: Span | Estimate) -> Iterator[Fact]:
        name = estimate_name(row)
        under = f" under {row.reading}" if row.reading and isinstance(row, Estimate) else ""
        spread = {"low": row.low, "high": row.high} if isinstance(row, Span) else {}
        ends = {"lower": row.lower, "upper": row.upper}
        for unit in dict.fromkeys((row.unit, in_percent(row.measure, row.unit))):
            yield from values(f"{name}{under}", unit, row.figure_ids, value=row.value, **spread, **ends)
        if isinstance(row, Span):
            silent = row.n_readings - row.n_values
            if in_percent(row.measure, row.unit) == "share" and row.low < row.high:
                yield from self.quote(f"{name}, span", self.labels.text.span(row.low, row.high, "share"))
            yield Fact(f"{name}, n_values", float(row.n_values), f"{ROLE}reading")
            yield Fact(f"{name}, n_readings", float(row.n_readings), f"{ROLE}reading")
            yield Fact(f"{name}, readings without a value", float(silent), f"{ROLE}reading")
        yield from self.years(name, row.year, row.year_basis)
        yield from self.quote(f"{name}, reason", self.labels.reason(row.reason))
        yield from self.quote(f"{name}, divided by", *level_phrases(self.labels, row))

    def figures(self, name: str, rows: Iterable[Figure]) -> Basis:
        """Return the facts of figures: value, numeral as printed, and place in the document."""
        return Basis(name, tuple(fact for row in rows for fact in self._figure(row)))

    def _figure(self, row: Figure) -> Iterator[Fact]:
        own, text = row.figure_id, self.labels.text
        name, amount = f"figure {own}", self.data.amounts[own]
        ends = {"lower": amount.lower, "upper": amount.upper}
        yield from values(name, row.unit, own, value=amount.value, **ends)
        if math.isfinite(row.value_to):
            yield Fact(f"{name}, value_to", row.value_to, row.unit, figures=own)
        place = text("report.locator", paragraph=row.paragraph, start=row.start, end=row.end)
        for words in (place, text("memo.paragraph", paragraph=row.paragraph)):
            yield Fact(f"{name}, place", text=words, figures=own)
        yield from self.quote(f"{name}, printed", text.convert(row.printed), row.printed)
        yield from self.quote(f"{name}, id", own)
        yield from self.quote_row(name, row, "subject", "note")
        yield from self.quote(f"{name}, subject", inside(row.subject))
        yield from self.years(name, row.year, row.year_basis)

    @cached_property
    def _programmes(self) -> dict[str, Basis]:
        return {}

    def programme(self, programme: str) -> Basis:
        """Return the texts of a programme and of its documents, with their dates; the same on every call."""
        if programme not in self._programmes:
            self._programmes[programme] = self._programme(programme)
        return self._programmes[programme]

    def _programme(self, programme: str) -> Basis:
        columns = ("label", "programme_name", "parent", "province", "note")
        [row] = rows_of(Programme, self.data.programmes, programme_id=programme)
        facts = list(self.quote_row(f"programme {programme}", row, *columns))
        for source in rows_of(Source, self.data.sources, programme_id=programme):
            facts += self.source(source)
        return Basis(f"programme {programme}", tuple(facts))

    def source(self, row: Source) -> Iterator[Fact]:
        """Yield the title, publisher, date and hash of a document."""
        name = f"source {row.source_id}"
        for column in ("title", "title_en", "author", "publisher"):
            text = getattr(row, column)
            yield from self.quote(f"{name}, {column}", text, self.labels.text.convert(text))
        yield from self.quote_row(name, row, "date_note")
        for words in self.labels.publication(row):
            yield from self.quote(f"{name}, published", words)
        for year in re.findall(r"\d{4}", row.published):
            yield Fact(f"{name}, published", float(year), f"{ROLE}year")
        yield from self.quote(f"{name}, sha256", row.sha256)

    def choices(self, title: str, choices: Iterable[Choice]) -> Basis:
        """Return the texts of open questions and of their readings."""
        facts: list[Fact] = []
        for choice in choices:
            own = f"choice {choice.choice_id}"
            facts += self.quote_row(own, choice, "question", "matter", "note")
            for reading in rows_of(Reading, self.data.readings, choice_id=choice.choice_id):
                name = f"{own}, reading {reading.reading}"
                facts += self.quote_row(name, reading, "label", "reason")
                facts += self._sides(name, reading.requires)
        return Basis(title, tuple(facts))

    def codings(self, programme: str) -> Basis:
        """Return the notes on how the figures of a programme were coded."""
        rows = rows_of(Coding, self.data.codings, programme_id=programme)
        facts = [fact for row in rows for fact in self.quote_row(f"coding {row.coding_id}", row, "note")]
        return Basis(f"codings of {programme}", tuple(facts))

    def _sides(self, name: str, requires: str) -> Iterator[Fact]:
        """Yield what the two sides of the arithmetic come to that a reading requires."""
        left, _, right = arithmetic.split_relation(requires) if requires else ("", "", "")
        for side in filter(None, (left, right)):
            amount = arithmetic.evaluate(side, self.data.amounts)
            yield Fact(f"{name}, {side}", amount.value, amount.unit, figures=" ".join(amount.figure_ids))

    @cached_property
    def common(self) -> Basis:
        """What any sentence may say: how many programmes and measures there are, and the names of terms."""
        facts = [
            count("programmes", len(self.data.programme_ids), "programme"),
            count("measures", len(MEASURES), "measure"),
        ]
        for row in rows_of(Term, self.data.tables["terms"]):
            facts += self.quote_row(f"term {row.field}/{row.code}", row, "label")
        return Basis("the dataset", tuple(facts))

    def comparison(self, comparison: Comparison, programmes: Iterable[str]) -> Basis:
        """Return the facts of a comparison for some of its programmes: values, ranks, margins, counts."""
        name, wanted, ranked = comparison_name(comparison), set(programmes), comparison.ranked
        facts = [
            count(f"programmes in {name}", len(comparison.programmes), "programme"),
            count(f"items in {name}", len(ranked), "value"),
            count(f"items of {name} without a label", len(ranked) - LABELLED, "value"),
        ]
        for row, below in zip(ranked, [*ranked[1:], None], strict=True):
            if row.programme in wanted or (below and below.programme in wanted):
                facts += _rank_facts(name, row, comparison)
                printed = printed_phrase(self.labels, comparison, row.item)
                facts += self.quote(f"{name}, {row.item} as printed", printed)
        facts += self.conditions(comparison).facts
        for numbers in (comparison.silent[p] for p in wanted if p in comparison.silent):
            facts += [count(f"readings in {name}", number, "reading") for number in numbers]
        facts += _lead_facts(name, comparison)
        for reason in sorted(set(comparison.left_out["reason"])):
            facts += self.quote(f"{name}, reason", self.labels.reason(reason))
        return Basis(f"{name} for {' '.join(sorted(wanted))}", tuple(facts))

    def conditions(self, comparison: Comparison) -> Basis:
        """Return the definition of a comparison and the readings that its values depend on, as texts."""
        name = comparison_name(comparison)
        facts = list(
            self.quote(f"{name}, definition", self.labels.readings(format_when(comparison.definitions)))
        )
        for programme in comparison.silent:
            shared = self.labels.readings(shared_readings(comparison, programme))
            facts += self.quote(f"{name}, condition of {programme}", shared)
        return Basis(f"conditions of {name}", tuple(facts))


def _rank_facts(name: str, row: Ranked, comparison: Comparison) -> list[Fact]:
    """Return the value, the ranks and the margin of an item of a comparison."""
    estimate: Any = typed(comparison.evidence[row.item])
    own, unit = f"{row.item} in {name}", in_percent(comparison.measure, comparison.unit or estimate.unit)
    facts = values(
        estimate_name(estimate), unit, estimate.figure_ids, value=row.value, low=row.low, high=row.high
    )
    if not comparison.is_rate:
        return facts
    facts += [
        count(f"{aspect} of {own}", getattr(row, aspect), "rank")
        for aspect in ("rank", "best_rank", "worst_rank")
    ]
    if not row.is_last:
        facts.append(
            Fact(
                f"{name}, margin of {row.item}",
                float(row.margin),
                in_percent(comparison.measure, comparison.unit),
            )
        )
        facts.append(count(f"higher_than_next of {own}", row.higher_than_next, "reading"))
        facts.append(count(f"of_readings of {own}", row.of_readings, "reading"))
    return facts


def _lead_facts(name: str, comparison: Comparison) -> list[Fact]:
    """Return how firmly the first programme of a comparison stands above the next."""
    first, *others = comparison.ranked
    if not comparison.is_rate:
        ends = [row.value for row in comparison.ranked]
        return values(name, comparison.unit, lowest=min(ends), highest=max(ends))
    second = next((row for row in others if row.programme != first.programme), None)
    if second is None:
        return []
    pair = comparison.robustness.pair(first.item, second.item)
    return [
        Fact(
            f"{name}, margin of the first",
            float(pair.margin),
            in_percent(comparison.measure, comparison.unit),
        ),
        count(f"readings in which the first of {name} is above the next", pair.higher, "reading"),
        count(f"pairs of readings of the first two of {name}", pair.total, "reading"),
    ]


def number_sources(numbers: Mapping[str, int]) -> Basis:
    """Return the numbers of documents, by their ids, as facts."""
    facts = (Fact(f"number of source {s}", float(n), "#source", f"[{n}]") for s, n in numbers.items())
    return Basis(f"sources {' '.join(numbers)}", tuple(facts))
