"""What the cards have in common: the dataset, the documents, and how estimates and arithmetic are worded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, NOMINAL
from analysis.evidence.rows import Choice, Coding, Figure, Source
from analysis.evidence.sources import ENVIRONMENT, Document, SourceError
from analysis.show.cards.card_content import CSS, CardContent, as_html, as_text
from analysis.show.cards.uses import cell_key, codings_by_id, spans_by_cell
from analysis.words.arithmetic import SIGNS, relation_phrase
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import bounded_phrase, count_readings, price_phrase

AnyCard = TypeVar("AnyCard", bound="Card")
SHOWN_HASH = 12
_SIGNS = re.compile(r"( [-+*×] )")
_SIGN = {" * ": " × "}


@dataclass(frozen=True, repr=False)
class Card:
    """One thing of a dataset, in one language. ``str(card)`` is its text; a notebook displays it as HTML.

    ``folder`` holds the documents, if they are at hand.
    """

    data: Dataset = field(compare=False)
    text: Text
    folder: Path | None
    kind: ClassVar[str]

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

    def html(self, style: str = CSS) -> str:
        """Return the card as HTML with its style sheet, or with another."""
        return as_html(self.content(), self.text, style=style)

    def _repr_html_(self) -> str:
        # In a notebook, where it stands among others: the answer first, the rest a click away.
        return as_html(self.content(), self.text, folded=True)

    @property
    def anchor(self) -> str:
        """What a page calls the card."""
        return f"{self.kind}-{getattr(self, f'{self.kind}_id')}"

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

    def value_of(self, row: Estimate | Span) -> str:
        """Return the value of an estimate with its bounds and, where it has one, its span over readings."""
        spread = self._span(row) if isinstance(row, Span) else ""
        return self.labels.with_detail(self._value(row), (spread,))

    def _span(self, row: Span) -> str:
        """Return the span of an estimate over its readings; empty where they agree and all have a value."""
        span = self.text.span(row.low, row.high, row.unit, short=False) if row.low < row.high else ""
        return self._join(span, count_readings(self.labels, row))

    def _value_with_status(self, row: Estimate) -> str:
        value = self._value(row)
        if row.absence or not row.status:
            return value
        return self.labels.with_detail(value, (self.text.code("status", row.status),))

    def _deflated(self, row: Estimate | Span) -> str:
        """Return the prices of an estimate in words, if they are not those printed."""
        return price_phrase(self.labels, row.price_basis) if row.price_basis.startswith("constant-") else ""

    def _prices(self, row: Span) -> Iterator[tuple[str, str]]:
        """Yield the prices of an amount of money and, where they are not those printed, what is printed."""
        if row.unit.startswith("CNY"):
            yield self.text("figure_card.price"), price_phrase(self.labels, row.price_basis)
        printed = self.data.once(spans_by_cell).get(cell_key(row._replace(price_basis=NOMINAL)))
        if self._deflated(row) and printed:
            yield self.text("chart.nominal"), self.value_of(printed)

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

    def _worked(self, coding_id: str) -> str:
        """Return the arithmetic of a coding with the quantities of its figures."""
        coding = self.data.once(codings_by_id).get(coding_id)
        return self._formula(coding, with_values=True) if coding else ""

    def _formula(self, row: Coding, *, with_values: bool = False) -> str:
        """Return the arithmetic of a coding: its numerator, divided by its denominator if it has one.

        Figures stand in it by their ids, or as quantities; a quantity alone is no arithmetic.
        """
        both = (row.numerator, row.denominator)
        sides = [self._expression(side, with_values=with_values) for side in both if side]
        several = len(sides) > 1
        if with_values and row.numerator in self.data.amounts and not several:
            return ""
        return " ÷ ".join(f"({side})" if several and _SIGNS.search(side) else side for side in sides)

    def _expression(self, expression: str, *, with_values: bool = False) -> str:
        """Return arithmetic over figures with its literals in words: ``3 venues × …``."""
        # Every second part is an operator.
        parts = _SIGNS.split(expression)
        return "".join(
            _SIGN.get(part, part) if place % 2 else self._factor(part, with_values=with_values)
            for place, part in enumerate(parts)
        )

    def _factor(self, part: str, *, with_values: bool) -> str:
        """Return a figure by its id or as a quantity, or a literal in words."""
        amount = self.data.amounts.get(part)
        if amount is None:
            return self._literal(part) if part else ""
        return self.text.quantity(amount.value, amount.unit) if with_values else part

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

    def _citation(self, row: Source) -> tuple[tuple[str, str], ...]:
        """Return title, author, publisher, date and address of a source as facts of a card."""
        text = self.text
        basis = text.code("date_basis", row.date_basis)
        return (
            (text("table.source"), text.pick(row.title_en, row.title)),
            (text("figure_card.title_printed"), text.pick(row.title, "")),
            (text("table.author"), text.convert(row.author)),
            (text("table.publisher"), text.convert(row.publisher) or text("report.empty")),
            (text("table.date"), self.labels.with_detail(self.labels.date(row.published), (basis,))),
            (text("figure_card.date_known"), self.labels.of(row, "date_note")),
            (text("figure_card.url"), row.url),
            (text("figure_card.accessed"), self.labels.date(row.accessed)),
            (text("figure_card.archive"), row.archive),
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
