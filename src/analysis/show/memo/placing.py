"""The values that a template names, placed in one memo, and what its ledger keeps of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from docx.document import Document

from analysis.estimates.prices import PRINTED, PriceYear
from analysis.evidence.dataset import Dataset
from analysis.show.chartbook import chart_names
from analysis.show.memo.calls import OWN, Call, Fault
from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.matching import unsupported
from analysis.show.memo.passages import Memo, Passage
from analysis.show.memo.placeholders import Calls
from analysis.show.memo.programme import table_names
from analysis.show.memo.reading import blocks
from analysis.show.memo.values import Value, Values
from analysis.words.scan import has_numeral

KEY = "values"
"""The part of a ledger's ``about`` that holds the calls of a template."""


@dataclass
class Placing:
    """Places the values of a dataset in one memo, and remembers which."""

    values: Values
    placed: dict[str, Value] = field(default_factory=dict)

    @staticmethod
    def of(data: Dataset, memo: Memo) -> Placing:
        """Return what places values in a memo: in its language, at its prices, for its place."""
        return Placing(values_for(data, memo.language, memo.about))

    @property
    def calls(self) -> Calls:
        """What the check of a template has to know of its calls."""
        return Calls(self.values.programme, self._faults, {"chart": chart_names(), "table": table_names()})

    def _faults(self, call: Call) -> list[Fault]:
        return self.values.faults(call)

    @property
    def names(self) -> dict[str, str]:
        """What stands for the place of the memo."""
        return {OWN: self.values.programme}

    @cached_property
    def absent(self) -> str:
        """The words for a chart or a table that a memo does not have."""
        return self.values.writer().text.code("absence", "not_reported")

    def place(self, call: Call) -> Value:
        """Return the value of a call that has been found right."""
        key = call.to_json()
        if key not in self.placed:
            self.placed[key] = self.values.value(call)
        return self.placed[key]

    @property
    def about(self) -> dict[str, str]:
        """What a ledger keeps, so that the values can be looked up again."""
        return {KEY: json.dumps(list(self.placed), ensure_ascii=False)} if self.placed else {}

    def passages(self, document: Document, memo: Memo, own_text: Sequence[str]) -> Iterator[Passage]:
        """Yield the values that were placed, and each paragraph of a person's own words around them."""
        if not self.placed:
            return
        found = [value.passage for value in self.placed.values()]
        yield from both(found)
        known = {passage.text: passage for passage in (*memo.passages, *both(found))}
        wording = Basis(
            "text of the template",
            tuple(Fact("wording of the template", text=text) for text in own_text if has_numeral(text)),
        )
        for text in dict.fromkeys(block.text for block in blocks(document)):
            if text not in known and any(passage.text in text for passage in found):
                inside = [passage for part, passage in known.items() if part and part in text]
                bases = dict.fromkeys(basis for passage in inside for basis in passage.rests_on)
                whole = Passage(text, (*bases, wording))
                if not list(unsupported([whole], memo.language)):
                    yield whole


def values_for(data: Dataset, language: str, about: Mapping[str, str]) -> Values:
    """Return the values for a memo, by what its ledger says that it is about."""
    year = about.get("price_year", "")
    price_year: PriceYear = PRINTED if year == PRINTED else int(year) if year.isdecimal() else None
    return Values(data, language, price_year, about.get(OWN, ""))


def placed_again(data: Dataset, language: str, about: Mapping[str, str]) -> tuple[Passage, ...]:
    """Return the values that the template of a memo named, as the data has them now."""
    values, found = values_for(data, language, about), []
    for key in json.loads(about.get(KEY, "[]")):
        try:
            call = Call.read(key)
            found += [] if values.faults(call) else [values.value(call).passage]
        except (ValueError, TypeError):  # a ledger that a hand has changed
            continue
    return tuple(found)


def both(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Yield passages, and the notes on their sources."""
    for passage in passages:
        yield passage
        if passage.note:
            yield passage.note
