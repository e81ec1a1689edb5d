"""Names of what the data holds, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.dataset import Dataset, records
from analysis.language import Text
from analysis.measures import parse_when
from analysis.schema import DIMENSIONS


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

    def dimensions(self, row: Mapping[str, Any]) -> str:
        """Return the dimensions of an estimate in words: ``Village venue, newly built, total cost``."""
        names = (self.term(name, row.get(name, "")) for name in DIMENSIONS)
        words = self.text("number.list_separator").join(name for name in names if name)
        return words[:1].upper() + words[1:]

    def measure(self, code: str) -> str:
        """Return the name of a measure."""
        return self.text(f"measures.{code}")

    def readings(self, when: str) -> str:
        """Return the readings of an estimate in words."""
        rows = {(row["choice_id"], row["reading"]): row for row in records(self.data.readings)}
        return self.text("number.item_separator").join(
            self.of(rows[pair], "label") for pair in parse_when(when).items()
        )
