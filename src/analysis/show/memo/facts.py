"""What the numerals of a memo may rest on: estimates, figures, counts, and text of the data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.show.memo.scan import ROLE, has_numeral
from analysis.words.labels import Labels

_ASPECTS = ("value", "low", "high", "lower", "upper")


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


@dataclass(frozen=True)
class Passage:
    """A piece of text of a memo with what its numerals rest on."""

    text: str
    rests_on: tuple[Basis, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def count(name: str, value: float, role: str) -> Fact:
    """Return a count: ``count("programmes", 5, "programme")``."""
    return Fact(f"count of {name}", float(value), f"{ROLE}{role}")


def cell_name(row: Mapping[str, Any]) -> str:
    """Return the name of an estimate: its programme, measure and dimensions."""
    parts = [str(row[name]) for name in ("programme_id", "measure")]
    parts += [str(row[name]) for name in DIMENSIONS if row[name]]
    return f"estimate {'/'.join(parts)}"


@dataclass(frozen=True)
class Evidence:
    """Makes facts of the rows of a dataset, in one language."""

    labels: Labels

    @property
    def data(self) -> Dataset:
        """The dataset."""
        return self.labels.data

    def quoted(self, name: str, *texts: str) -> Iterator[Fact]:
        """Yield a fact for each text with a numeral in it."""
        for text in dict.fromkeys(texts):
            shown = tidy(text)
            if has_numeral(shown):
                yield Fact(name, text=shown)

    def row(self, name: str, row: Mapping[str, Any], columns: Iterable[str]) -> Iterator[Fact]:
        """Yield the text of some columns of a row, in both languages as the reader may see it."""
        for column in columns:
            for key in (column, f"{column}_zh"):
                if isinstance(row.get(key), str):
                    yield from self.quoted(f"{name}, {key}", row[key], self.labels.text.convert(row[key]))

    def estimates(self, name: str, spans: Iterable[Mapping[str, Any]]) -> Basis:
        """Return the facts of estimates with their spans over readings."""
        return Basis(name, tuple(fact for row in spans for fact in self.estimate(row)))

    def estimate(self, row: Mapping[str, Any]) -> Iterator[Fact]:
        """Yield the facts of one estimate; the columns may be those of ``spans`` or of one reading."""
        name, figures = cell_name(row), str(row["figure_ids"])
        under = f" under {row['reading']}" if row["reading"] and "low" not in row else ""
        for aspect in _ASPECTS:
            value = row.get(aspect)
            if value is not None and math.isfinite(value):
                yield Fact(f"{name}{under}, {aspect}", float(value), str(row["unit"]), figures=figures)
        for aspect in ("n_values", "n_readings"):
            if aspect in row:
                yield Fact(f"{name}, {aspect}", float(row[aspect]), f"{ROLE}reading")
        if "n_values" in row:
            silent = float(row["n_readings"] - row["n_values"])
            yield Fact(f"{name}, readings without a value", silent, f"{ROLE}reading")
        if row["year"]:
            yield from self.years(name, row["year"], row["year_basis"])
        yield from self.quoted(f"{name}, reason", self.labels.reason(row["reason"]))

    def years(self, name: str, year: str, basis: str) -> Iterator[Fact]:
        """Yield a year, or the two ends of a range of years."""
        for shown in dict.fromkeys(self.labels.year(year, known) for known in (basis, "stated")):
            yield Fact(f"{name}, year", text=shown)
        for end in year.split("/"):
            yield Fact(f"{name}, year", float(end), f"{ROLE}year")

    def figures(self, name: str, rows: Iterable[Mapping[str, Any]]) -> Basis:
        """Return the facts of figures: value, numeral as printed, and place in the document."""
        return Basis(name, tuple(fact for row in rows for fact in self._figure(row)))

    def _figure(self, row: Mapping[str, Any]) -> Iterator[Fact]:
        own = str(row["figure_id"])
        name, text = f"figure {own}", self.labels.text
        amount = self.data.amounts[own]
        for aspect, value in (("value", amount.value), ("lower", amount.lower), ("upper", amount.upper)):
            if math.isfinite(value):
                yield Fact(f"{name}, {aspect}", float(value), row["unit"], figures=own)
        if not math.isnan(row["value_to"]):
            yield Fact(f"{name}, value_to", float(row["value_to"]), row["unit"], figures=own)
        place = {key: int(row[key]) for key in ("paragraph", "start", "end")}
        shown = (text("report.locator", **place), text("memo.paragraph", paragraph=place["paragraph"]))
        yield from (Fact(f"{name}, place", text=words, figures=own) for words in shown)
        yield from self.quoted(f"{name}, printed", text.convert(row["printed"]), row["printed"])
        yield from self.quoted(f"{name}, id", own)
        yield from self.row(name, row, ("subject", "note"))
        if row["year"]:
            yield from self.years(name, row["year"], row["year_basis"])

    def programme(self, programme: str) -> Basis:
        """Return the texts of a programme and of its documents, with their dates."""
        return Basis(f"programme {programme}", tuple(self._programme(programme)))

    def _programme(self, programme: str) -> Iterator[Fact]:
        columns = ("label", "programme_name", "parent", "province", "note")
        yield from self.row(f"programme {programme}", self.data.programme(programme), columns)
        for source in self._sources.get(programme, ()):
            yield from self.source(source)

    @cached_property
    def _sources(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in records(self.data.sources):
            found.setdefault(row["programme_id"], []).append(row)
        return found

    def source(self, row: Mapping[str, Any]) -> Iterator[Fact]:
        """Yield the title, publisher, date and hash of a document."""
        name = f"source {row['source_id']}"
        for column in ("title", "title_en", "author", "publisher"):
            yield from self.quoted(f"{name}, {column}", row[column], self.labels.text.convert(row[column]))
        yield from self.row(name, row, ("date_note",))
        for words in self.labels.publication(row):
            yield from self.quoted(f"{name}, published", words)
        for year in re.findall(r"\d{4}", row["published"]):
            yield Fact(f"{name}, published", float(year), f"{ROLE}year")
        yield from self.quoted(f"{name}, sha256", row["sha256"])

    def choices(self, title: str, choices: Iterable[Mapping[str, Any]]) -> Basis:
        """Return the texts of open questions and of their readings."""
        facts: list[Fact] = []
        for choice in choices:
            own = f"choice {choice['choice_id']}"
            facts += self.row(own, choice, ("question",))
            for reading in records(self.data.readings, choice_id=choice["choice_id"]):
                name = f"{own}, reading {reading['reading']}"
                facts += self.row(name, reading, ("label", "reason"))
                facts += self._required(name, reading["requires"])
        return Basis(title, tuple(facts))

    def _required(self, name: str, requires: str) -> Iterator[Fact]:
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
        for row in records(self.data.tables["terms"]):
            facts += self.row(f"term {row['field']}/{row['code']}", row, ("label",))
        return Basis("the dataset", tuple(facts))


_SPACE = re.compile(r"\s+")
# What XML cannot hold, what docxtpl would turn into marks of its own, and marks that turn text around.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def tidy(text: str) -> str:
    """Return text as a memo can hold it: no control characters, and one space for any white space."""
    return _SPACE.sub(" ", _UNFIT.sub("", text)).strip()
