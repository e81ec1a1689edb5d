"""Names of what the data holds, in the language of the reader."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.words.language import Text


@dataclass(frozen=True)
class Labels:
    """Looks up programmes, terms, measures and readings of a dataset in one language."""

    data: Dataset
    text: Text

    def programme(self, programme_id: str) -> str:
        """Return the name of the place."""
        return self.of(self.data.programme(programme_id), "label")

    def of(self, row: Mapping[str, Any], column: str) -> str:
        """Return a bilingual column of a row."""
        return self.text.pick(row[column], row[f"{column}_zh"])

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

    def dimensions(self, row: Mapping[str, Any]) -> str:
        """Return the dimensions of an estimate in words: ``Village venue, newly built, total cost``.

        The place of an investment is left out: its object says it already.
        """
        named = [name for name in DIMENSIONS if not (name == "place" and row.get("theme") == "investment")]
        words = self.attributes(self.term(name, row.get(name, "")) for name in named)
        return words[:1].upper() + words[1:]

    def attributes(self, words: Iterable[str]) -> str:
        """Return attributes of one thing in a row, empty ones left out."""
        return self.text("number.attribute_separator").join(word for word in words if word)

    def with_detail(self, text: str, details: Iterable[str]) -> str:
        """Return ``text (detail; detail)``, or the text alone without any detail."""
        detail = self.text("number.item_separator").join(part for part in details if part)
        return self.text("number.with_detail", text=text, detail=detail) if detail else text

    def sentences(self, sentences: Iterable[str]) -> str:
        """Return sentences as running text, empty ones left out."""
        return self.text.rules.space.join(sentence for sentence in sentences if sentence)

    def year(self, year: str, basis: str) -> str:
        """Return a year or range of years; an inferred one says so, and none is unknown."""
        if not year:
            return self.text("table.unknown_year")
        shown = self._years(year)
        return self.text("table.year_inferred", year=shown) if basis == "inferred" else shown

    def publication(self, source: Mapping[str, Any]) -> tuple[str, ...]:
        """Return when a source appeared: a day or years, then how that is known unless the source says it."""
        published, basis = source["published"], source["date_basis"]
        if len(published) == len("2021-09-26"):
            published = self.text.date(datetime.date.fromisoformat(published))
        else:
            published = self._years(published)
        return (published,) if basis == "stated" else (published, self.text.code("date_basis", basis))

    def _years(self, year: str) -> str:
        first, _, last = year.partition("/")
        return self.text("number.years", first=first, last=last) if last else first

    def measure(self, code: str) -> str:
        """Return the name of a measure."""
        return self.text(f"measures.{code}")

    def readings(self, when: str) -> str:
        """Return the readings of an estimate in words."""
        return self.text("number.item_separator").join(
            self.of(self._readings[pair], "label") for pair in parse_when(when).items()
        )

    @cached_property
    def _readings(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["choice_id"], row["reading"]): row for row in records(self.data.readings)}
