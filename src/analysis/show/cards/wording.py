"""What the cards have in common: the dataset, the documents, and how estimates and arithmetic are worded."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.sources import ENVIRONMENT, Document, SourceError
from analysis.show.cards.view import Line, View, as_html, as_text
from analysis.words.labels import Labels
from analysis.words.language import Text

SHOWN_HASH = 12
Row = Mapping[str, Any]
_SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}
_BROKEN = {"=": "≠", "<=": ">", ">=": "<"}


@dataclass(frozen=True, repr=False)
class Card:
    """One thing of a dataset, in one language. ``str(card)`` is its text; a notebook displays it as HTML.

    ``folder`` holds the documents, if they are at hand.
    """

    data: Dataset = field(compare=False)
    text: Text
    folder: Path | None

    def view(self) -> View:
        """Return what the card says."""
        raise NotImplementedError

    def __str__(self) -> str:
        return as_text(self.view(), self.text)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self.view(), self.text)

    @cached_property
    def labels(self) -> Labels:
        """Names in the language of the card."""
        return Labels(self.data, self.text)

    def _standing(self, row: Row) -> str:
        """Return whether a reading, or an estimate under it, is the default, possible or ruled out."""
        used = "default" if row["is_default"] else "possible"
        return self.text(f"report.{used if row['feasible'] else 'ruled_out'}")

    def _value(self, row: Row) -> str:
        """Return the value of an estimate with its bounds, or the kind of its absence."""
        if row["absence"]:
            return self.text.code("absence", row["absence"])
        return self.text.interval(row["value"], row["lower"], row["upper"], row["unit"], short=False)

    def _with_status(self, row: Row) -> str:
        """Return the value of an estimate with its status."""
        value = self._value(row)
        if row["absence"] or not row["status"]:
            return value
        return self.labels.with_detail(value, (self.text.code("status", row["status"]),))

    def _span(self, row: Row) -> str:
        """Return the span of an estimate over its readings; empty where they agree and all have a value."""
        low, high = row["low"], row["high"]
        span = self.text.span(low, high, row["unit"], short=False) if low < high else ""
        if row["n_values"] == row["n_readings"]:
            return span
        share = self.text("report.of_readings", number=row["n_values"], all=row["n_readings"])
        return self._joined(span, share)

    def _estimate_name(self, row: Row) -> str:
        themed = {**row, "theme": MEASURES[row["measure"]].theme}
        parts = (self.labels.measure(row["measure"]), self.labels.dimensions(themed))
        return " · ".join(part for part in parts if part)

    def _coding_line(self, row: Row) -> Line:
        sides = [self._expression(row[side]) for side in ("numerator", "denominator") if row[side]]
        formula = " ÷ ".join(f"({side})" if " " in side and len(sides) > 1 else side for side in sides)
        readings = self.labels.readings(row["when"])
        when = self.text("figure_card.when", readings=readings) if readings else ""
        under = self.text("figure_card.pair", label=row["coding_id"], value=self._joined(formula, when))
        return Line(self._estimate_name(row), (under, self.labels.of(row, "note")))

    def _estimate_line(self, row: Row) -> Line:
        text = self.text("figure_card.pair", label=self._estimate_name(row), value=self._value(row))
        return Line(text, (self._under(row),))

    def _under(self, row: Row) -> str:
        """Return the readings under which an estimate holds, and whether they are used."""
        if not row["reading"]:
            return ""
        return self.labels.with_detail(self.labels.readings(row["reading"]), (self._standing(row),))

    def _year(self, year: str, basis: str) -> str:
        """Return a year or range of years, and how it is known."""
        if not year:
            return self.text("table.unknown_year")
        return self.labels.with_detail(self._date(year), (self.text.code("year_basis", basis),))

    def _date(self, date: str) -> str:
        """Return a day, a year or a range of years in words."""
        first, _, last = date.partition("/")
        if last:
            return self.text("number.years", first=first, last=last)
        return self.text.date(datetime.date.fromisoformat(date)) if "-" in date else date

    def _expression(self, expression: str) -> str:
        """Return arithmetic over figure ids with its literals in words: ``3 venues × …``."""
        named = set(arithmetic.figure_ids(expression))
        parts = re.split(r"( [-+*] )", expression)
        # Every second part is an operator.
        words = (part if part in named else self._literal(part) for part in parts[::2])
        return "".join(
            word + sign.replace("*", "×") for word, sign in zip(words, [*parts[1::2], ""], strict=True)
        )

    def _literal(self, literal: str) -> str:
        number, _, unit = literal.partition(" ")
        return self.text.quantity(float(number), unit)

    def _relation(self, left: Amount, relation: str, right: Amount) -> str:
        """Return ``left ≤ right`` in numbers, with the opposite sign where it does not hold."""
        signs = _SIGNS if arithmetic.holds(left, relation, right) else _BROKEN
        shown = (self.text.quantity(amount.value, amount.unit) for amount in (left, right))
        return f" {signs[relation]} ".join(shown)

    def _requirement(self, requires: str) -> str:
        """Return what a reading requires, with the numbers computed from the figures."""
        if not requires:
            return ""
        left, relation, right = arithmetic.split_relation(requires)
        amounts = [arithmetic.evaluate(side, self.data.amounts) for side in (left, right)]
        key = "requires_holds" if arithmetic.holds(amounts[0], relation, amounts[1]) else "requires_fails"
        return self.text(
            f"figure_card.{key}",
            relation=f"{self._expression(left)} {_SIGNS[relation]} {self._expression(right)}",
            numbers=self._relation(amounts[0], relation, amounts[1]),
        )

    def _joined(self, *parts: str) -> str:
        return self.text("number.item_separator").join(part for part in parts if part)

    def _open(self, source: Row) -> Document | str:
        """Return the registered document of a source, or why there is none."""
        names = {name: source[name] for name in ("file", "encoding")}
        if self.folder is None:
            return self.text("figure_card.no_documents", **names, folder="sources/", variable=ENVIRONMENT)
        path = self.folder / source["file"]
        if not path.is_file():
            return self.text("figure_card.no_file", **names)
        try:
            document = _loaded(path, source["encoding"], path.stat().st_mtime_ns)
        except SourceError:
            return self.text("figure_card.unreadable", **names)
        if document.sha256 == source["sha256"]:
            return document
        found, expected = document.sha256[:SHOWN_HASH], source["sha256"][:SHOWN_HASH]
        return self.text("figure_card.other_document", **names, found=found, expected=expected)


@lru_cache(maxsize=64)
def _loaded(path: Path, encoding: str, _modified: int) -> Document:
    return Document.load(path, encoding=encoding)
