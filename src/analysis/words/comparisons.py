"""A comparison in words: what is compared, who is above whom, in how many readings, by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.estimates.comparison import Comparison
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import bare


@dataclass(frozen=True)
class ComparisonWords:
    """Puts comparisons into the words of one language."""

    labels: Labels

    @property
    def text(self) -> Text:
        """The wording."""
        return self.labels.text

    def name(self, comparison: Comparison) -> str:
        """Return what a comparison is of, and in what its programmes differ."""
        what = self.text(
            "comparison.name",
            measure=self.labels.measure(comparison.measure),
            object=self.labels.dimensions(comparison.key),
        )
        return self.with_caveats(what, comparison)

    def with_caveats(self, name: str, comparison: Comparison) -> str:
        """Return the name with what its programmes differ in, where they do."""
        if not comparison.differences:
            return name
        what = self.text.listing([self.text(f"comparison.across_{each}") for each in comparison.differences])
        return self.text("comparison.differs", name=name, what=what)

    def item(self, item: str) -> str:
        """Return the name of an item: a place, with the code in which it differs from its other items."""
        programme, _, codes = item.partition(":")
        details = [self.labels.term(name, code) for code in codes.split() for name in self._fields(code)]
        place = self.labels.programme(programme)
        if not details:
            return place
        return self.text("comparison.item", place=place, detail=self.text.listing(details))

    def _fields(self, code: str) -> list[str]:
        return [
            field for field, known in self.labels.data.terms if known == code and field in ("works", "place")
        ]

    def sentence(self, comparison: Comparison) -> str:
        """Return the finding: what is compared, and the order of the two highest programmes."""
        return self.text("number.labelled", label=self.name(comparison), value=self.order(comparison))

    def order(self, comparison: Comparison) -> str:
        """Return which of two programmes is higher, in how many readings, and by how thin a margin."""
        items = comparison.ranking()["item"].to_list()
        first = items[0]
        second = next(item for item in items if item.split(":")[0] != first.split(":")[0])
        pair = comparison.robustness.pair(first, second)
        if pair.tied == pair.total:
            key = "comparison.tie"
        elif pair.total == 1:
            key = "comparison.order_one"
        else:
            key = "comparison.order_holds" if pair.holds else "comparison.order_open"
        return self.text(
            key,
            first=self.item(first),
            second=self.item(second),
            higher=pair.higher,
            total=pair.total,
            margin=self.margin(pair.margin, comparison),
        )

    def margin(self, margin: float, comparison: Comparison) -> str:
        """Return a difference in the unit of what is compared, without its denominator."""
        return self.text.quantity(margin, bare_unit(comparison), short=True)

    def value(self, row: dict[str, Any], comparison: Comparison) -> str:
        """Return the default value of an item with its span, and in how many readings it has one."""
        unit = bare_unit(comparison)
        value = self.text.quantity(row["value"], unit, short=True)
        details = []
        if row["low"] < row["high"]:
            details.append(self.text.span(row["low"], row["high"], unit))
        if found := comparison.silent.get(row["item"].split(":")[0]):
            details.append(self.text("comparison.of", number=found[0], all=found[1]))
        span = self.text("number.item_separator").join(details)
        return self.text("number.with_span", value=value, span=span) if span else value


def bare_unit(comparison: Comparison) -> str:
    """Return the unit of what is compared, money without its denominators: these may differ, as places do."""
    units = {bare(unit) for unit in comparison.estimates["unit"]}
    return units.pop() if len(units) == 1 else ""
