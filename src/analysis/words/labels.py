"""Names of what the data holds, in the language of the reader."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, NATION, format_when, parse_when
from analysis.evidence.rows import Choice, Reading, RegionalValue, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.themes import THEMES
from analysis.words.language import Text
from analysis.words.reasons import Reasons

Named = Mapping[str, Any] | tuple[Any, ...]


def typed(row: Named) -> Any:
    """Return a row to read by attribute: a typed row as it is, a mapping by its keys."""
    return SimpleNamespace(**row) if isinstance(row, Mapping) else row


@dataclass(frozen=True)
class Labels:
    """Looks up programmes, terms, measures, readings and comparisons of a dataset in one language."""

    data: Dataset
    text: Text

    def programme(self, programme_id: str) -> str:
        """Return the name of the place."""
        return self.of(self.data.programme(programme_id), "label")

    def of(self, row: Named, column: str) -> str:
        """Return a bilingual column of a row, in Traditional Chinese from its own column if there is one."""
        found = typed(row)
        traditional = getattr(found, f"{column}_zh_hant", "")
        return self.text.pick(getattr(found, column), getattr(found, f"{column}_zh"), traditional)

    def term(self, field: str, code: str) -> str:
        """Return the name of a code of ``terms.csv``; an empty code is empty text."""
        if not code:
            return ""
        _, en, zh = self.data.terms[(field, code)]
        return self.text.pick(en, zh)

    def rank(self, field: str, code: str) -> int:
        """Return the place of a code in reports; an empty code comes first."""
        return self.data.terms[(field, code)][0] if code else 0

    def order(self, cell: Sequence[str]) -> tuple[int, ...]:
        """Return the place of a measure and its dimensions in reports, to sort by."""
        ranks = (self.rank(name, code) for name, code in zip(DIMENSIONS, cell[1:], strict=True))
        return (list(MEASURES).index(cell[0]), *ranks)

    def dimensions(self, row: Named) -> str:
        """Return the dimensions of an estimate in words: ``Village venue, newly built, total cost``.

        What the theme leaves unsaid is left out, as its object says it already.
        """
        found = typed(row)
        theme = THEMES.get(getattr(found, "theme", ""))
        said = [name for name in DIMENSIONS if theme is None or name not in theme.unsaid]
        codes = {name: getattr(found, name, "") for name in said}
        words = self.attributes(self.term(name, code) for name, code in codes.items())
        return capitalised(words)

    def attributes(self, words: Iterable[str]) -> str:
        """Return attributes of one thing in a row, empty ones left out."""
        return self.text("number.attribute_separator").join(word for word in words if word)

    def with_detail(self, text: str, details: Iterable[str]) -> str:
        """Return ``text (detail; detail)``, or the text alone without any detail."""
        detail = self.text("number.item_separator").join(part for part in details if part)
        return self.text("number.with_detail", text=text, detail=detail) if detail else text

    def clauses(self, clauses: Iterable[str]) -> str:
        """Return clauses as one; a plain list of them would run into the lists that they contain."""
        *before, last = clauses
        if not before:
            return last
        comma = self.text("number.attribute_separator")
        return self.text("found.clauses", before=comma.join(before), last=last)

    def sentences(self, sentences: Iterable[str]) -> str:
        """Return sentences as running text, empty ones left out."""
        return self.text.rules.space.join(sentence for sentence in sentences if sentence)

    def year(self, year: str, basis: str) -> str:
        """Return a year or range of years; an inferred one says so, and none is unknown."""
        if not year:
            return self.text("table.unknown_year")
        shown = self.date(year)
        return self.text("table.year_inferred", year=shown) if basis == "inferred" else shown

    def publication(self, source: Named) -> tuple[str, ...]:
        """Return when a source appeared: a day or years, then how that is known unless the source says it."""
        row = typed(source)
        published, basis = self.date(row.published), row.date_basis
        return (published,) if basis == "stated" else (published, self.text.code("date_basis", basis))

    def date(self, date: str) -> str:
        """Return a day, a year or a range of years in words."""
        if len(date) == len("2021-09-26"):
            return self.text.date(datetime.date.fromisoformat(date))
        first, _, last = date.partition("/")
        return self.text("number.years", first=first, last=last) if last else first

    def region(self, code: str) -> str:
        """Return the name of the region whose reference series a value uses; empty where that is not said."""
        if code in ("", NATION):
            return self.text("report.nation") if code else ""
        return self.of(self._regions[code], "region")

    @cached_property
    def _regions(self) -> dict[str, RegionalValue]:
        rows = rows_of(RegionalValue, self.data.tables["regional_series"])
        return {row.region_code: row for row in rows}

    def measure(self, code: str) -> str:
        """Return the name of a measure."""
        return self.text(f"measures.{code}")

    def reason(self, reason: str) -> str:
        """Return in words why there is no value, or what rules a reading out."""
        return self.text.pick(*self._reasons.words(reason))

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.data)

    def readings(self, when: str) -> str:
        """Return the readings of an estimate in words."""
        return self.text("number.item_separator").join(
            self.of(self._readings[pair], "label") for pair in parse_when(when).items()
        )

    def standing(self, row: Reading | Estimate) -> str:
        """Return whether a reading, or an estimate under it, is the default, possible or ruled out."""
        used = "default" if row.is_default else "possible"
        return self.text(f"report.{used if row.feasible else 'ruled_out'}")

    @cached_property
    def _readings(self) -> dict[tuple[str, str], Reading]:
        return {(row.choice_id, row.reading): row for row in rows_of(Reading, self.data.readings)}

    def question(self, choice_id: str) -> str:
        """Return what a choice asks."""
        return self.of(self._choices[choice_id], "question")

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return {row.choice_id: row for row in rows_of(Choice, self.data.choices)}

    def comparison(self, comparison: Comparison) -> str:
        """Return what a comparison is of, as the analyst defines it, and in what its programmes differ."""
        return self.with_caveats(self.thing(comparison.measure, comparison.key), comparison)

    def thing(self, measure: str, row: Named) -> str:
        """Return what a value is of: its measure and dimensions, if it has any."""
        name, what = self.measure(measure), self.dimensions(row)
        return self.text("comparison.name", measure=name, object=what) if what else name

    def object_of(self, measure: str, row: Named) -> str:
        """Return the dimensions of a value in words; without any, its measure."""
        return self.dimensions(row) or self.measure(measure)

    def thing_of(self, row: Estimate | Span) -> str:
        """Return what an estimate is of: its measure and dimensions, if it has any."""
        return self.thing(row.measure, row)

    def with_caveats(self, name: str, comparison: Comparison) -> str:
        """Return the name with the definition of a comparison, and with what its programmes differ in."""
        details = [self.readings(format_when(comparison.definitions))]
        if comparison.differences:
            what = [self.text(f"comparison.across_{each}") for each in comparison.differences]
            details.append(self.text("comparison.differs", what=self.text.listing(what)))
        return self.with_detail(name, details)

    def item(self, item: str) -> str:
        """Return the name of an item: a place, with the code in which it differs from its other items."""
        programme, _, codes = item.partition(":")
        place = self.programme(programme)
        pairs = ((field, code) for code in codes.split() for field in ("works", "place", "stage"))
        details = [self.term(*pair) for pair in pairs if pair in self.data.terms]
        if not details:
            return place
        return self.text("comparison.item", place=place, detail=self.text.listing(details))


def heading(text: Text, column: str) -> str:
    """Return the name of a column of the raw tables, where it has one, or else its code in words."""
    base = column.removesuffix("_zh")
    keys = (f"{part}{base}" for part in ("explore.column_", "workbook.heading.", "table."))
    name = next((text(key) for key in keys if key in text.messages), base.replace("_", " "))
    return name if base == column else text("desk.in_chinese", column=name)


def capitalised(words: str) -> str:
    """Return words as a sentence or a cell opens with them."""
    return words[:1].upper() + words[1:]


class Worded:
    """What shows a dataset in a language: its wording, and the names of everything."""

    data: Dataset
    language: str

    @cached_property
    def text(self) -> Text:
        """The wording."""
        return Text.of(self.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything."""
        return Labels(self.data, self.text)
