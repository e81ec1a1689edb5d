"""What the cards have in common: the dataset, the documents, and how estimates and arithmetic are worded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import Choice, Coding, Figure, Source
from analysis.evidence.sources import ENVIRONMENT, Document, SourceError
from analysis.show.cards.card_content import CardContent, as_html, as_text
from analysis.words.arithmetic import SIGNS, relation_phrase
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import bounded_phrase, count_readings

AnyCard = TypeVar("AnyCard", bound="Card")
SHOWN_HASH = 12


@dataclass(frozen=True, repr=False)
class Card:
    """One thing of a dataset, in one language. ``str(card)`` is its text; a notebook displays it as HTML.

    ``folder`` holds the documents, if they are at hand.
    """

    data: Dataset = field(compare=False)
    text: Text
    folder: Path | None

    @property
    def record(self) -> Figure | Source | Choice | Span:
        """The row of the table that the card is about."""
        raise NotImplementedError

    @property
    def row(self) -> dict[str, Any]:
        """The row of its table, by column; of an estimate the default, with the columns of its span."""
        return self.record._asdict()

    def content(self) -> CardContent:
        """Return what the card says."""
        raise NotImplementedError

    def __str__(self) -> str:
        return as_text(self.content(), self.text)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self.content(), self.text)

    @cached_property
    def labels(self) -> Labels:
        """Names in the language of the card."""
        return Labels(self.data, self.text)

    def _cards(self, kind: Callable[..., AnyCard], ids: Iterable[object]) -> tuple[AnyCard, ...]:
        """Return the cards of one kind with those ids, each once."""
        return tuple(kind(self.data, self.text, self.folder, name) for name in dict.fromkeys(ids))

    def _pair(self, label: str, value: object) -> str:
        return self.text("figure_card.pair", label=label, value=value)

    def _join(self, *parts: str) -> str:
        return self.text("number.item_separator").join(part for part in parts if part)

    def _value(self, row: Estimate | Span) -> str:
        """Return the value of an estimate with its bounds in full, or the kind of its absence."""
        return bounded_phrase(self.labels, row, short=False)

    def _span(self, row: Span) -> str:
        """Return the span of an estimate over its readings; empty where they agree and all have a value."""
        span = self.text.span(row.low, row.high, row.unit, short=False) if row.low < row.high else ""
        return self._join(span, count_readings(self.labels, row))

    def _value_with_status(self, row: Estimate) -> str:
        value = self._value(row)
        if row.absence or not row.status:
            return value
        return self.labels.with_detail(value, (self.text.code("status", row.status),))

    def _estimate_name(self, row: Estimate | Span | Coding) -> str:
        named = row._asdict() | {"theme": MEASURES[row.measure].theme}
        parts = (self.labels.measure(row.measure), self.labels.dimensions(named))
        return " · ".join(part for part in parts if part)

    def _under(self, row: Estimate) -> str:
        """Return the readings under which an estimate holds, and whether they are used."""
        if not row.reading:
            return ""
        return self.labels.with_detail(self.labels.readings(row.reading), (self.labels.standing(row),))

    def _year(self, year: str, basis: str) -> str:
        """Return a year or range of years, and how it is known."""
        if not year:
            return self.text("table.unknown_year")
        return self.labels.with_detail(self.labels.date(year), (self.text.code("year_basis", basis),))

    def _formula(self, row: Coding) -> str:
        """Return the arithmetic of a coding: its numerator, divided by its denominator if it has one."""
        sides = [self._expression(side) for side in (row.numerator, row.denominator) if side]
        return " ÷ ".join(f"({side})" if " " in side and len(sides) > 1 else side for side in sides)

    def _expression(self, expression: str) -> str:
        """Return arithmetic over figure ids with its literals in words: ``3 venues × …``."""
        figures = set(arithmetic.figure_ids(expression))
        parts = re.split(r"( [-+*] )", expression)
        # Every second part is an operator.
        parts[1::2] = [sign.replace("*", "×") for sign in parts[1::2]]
        parts[::2] = [part if part in figures else self._literal(part) for part in parts[::2]]
        return "".join(parts)

    def _literal(self, literal: str) -> str:
        number, _, unit = literal.partition(" ")
        return self.text.quantity(float(number), unit)

    def _requirement(self, requires: str) -> str:
        """Return what a reading requires, with the numbers computed from the figures."""
        if not requires:
            return ""
        left, relation, right = arithmetic.split_relation(requires)
        amounts = [arithmetic.evaluate(side, self.data.amounts) for side in (left, right)]
        key = "requires_holds" if arithmetic.holds(amounts[0], relation, amounts[1]) else "requires_fails"
        return self.text(
            f"figure_card.{key}",
            relation=f"{self._expression(left)} {SIGNS[relation]} {self._expression(right)}",
            numbers=relation_phrase(self.text, amounts[0], relation, amounts[1]),
        )

    def _open(self, source: Source) -> Document | str:
        """Return the registered document of a source, or why there is none."""
        names = {"file": source.file, "encoding": source.encoding}
        if self.folder is None:
            return self.text("figure_card.no_documents", **names, folder="sources/", variable=ENVIRONMENT)
        path = self.folder / source.file
        if not path.is_file():
            return self.text("figure_card.no_file", **names)
        try:
            document = _load(path, source.encoding, path.stat().st_mtime_ns)
        except SourceError:
            return self.text("figure_card.unreadable", **names)
        if document.sha256 == source.sha256:
            return document
        found, expected = document.sha256[:SHOWN_HASH], source.sha256[:SHOWN_HASH]
        return self.text("figure_card.other_document", **names, found=found, expected=expected)


@lru_cache(maxsize=64)
def _load(path: Path, encoding: str, _modified: int) -> Document:
    return Document.load(path, encoding=encoding)


def sides_of(requires: str) -> tuple[str, ...]:
    """Return both sides of a required relation, or none."""
    return arithmetic.split_relation(requires)[::2] if requires else ()
