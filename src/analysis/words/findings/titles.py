"""The title of a chart on one place: the finding that the eye sees, in the values that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.estimates.findings import HEADS, UNIT_COSTS, Place
from analysis.estimates.spans import Span
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import SUBSIDY
from analysis.words.findings.pieces import Pieces, inside
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, with_values


def chart_title(labels: Labels, rows: Iterable[Span], programme: str, measures: Sequence[str]) -> str:
    """Return the finding on a programme in the rows of a chart, of the first measure that it reports."""
    own = [row for row in rows if row.programme_id == programme and row.n_values]
    found = {row.measure: row for row in reversed(with_values(own))}
    measure = next((code for code in measures if code in found), "")
    # A value that the default reading does not give comes last.
    same = sorted((row for row in own if row.measure == measure), key=lambda row: row.absence)
    title = _Title(labels, programme, same)
    if not measure:
        return title.say("none", measure=inside(labels.measure(measures[0])))
    if {"branches_dissolved", "branches_established"} <= found.keys() & set(measures):
        return title.branches(found["branches_dissolved"], found["branches_established"])
    if not title.is_sure:
        return title.generic()
    writer = _WRITERS.get(measure, _Title.generic)
    return writer(title)


@dataclass(frozen=True)
class _Title:
    """The values of one programme that a chart draws of one measure."""

    labels: Labels
    programme: str
    rows: list[Span]

    def say(self, key: str, **values: object) -> str:
        """Return a message with the name of the place."""
        place = self.labels.programme(self.programme)
        return self.labels.text(f"found.title_{key}", place=place, **values)

    @property
    def is_sure(self) -> bool:
        """Whether every reading gives a value, be it of other works of the same thing."""
        one = self.rows[0]
        first = [row for row in self.rows if (row.object, row.funder) == (one.object, one.funder)]
        return sum(row.n_values for row in first) >= max(row.n_readings for row in first)

    def generic(self) -> str:
        """Return the first value with what it is of; the unit of a rate says that."""
        row = self.rows[0]
        if self.is_sure and row.low == row.high and "/" in row.unit and not row.unit.startswith("CNY"):
            amount = Amount(row.value, row.lower, row.upper, row.unit)
            return self.say("rate", value=self.pieces.quantity(amount))
        what = [inside(self.labels.dimensions(row))]
        thing = self.labels.with_detail(inside(self.labels.measure(row.measure)), what)
        return self.say("value", value=phrase(self.labels, row), thing=thing)

    @cached_property
    def pieces(self) -> Pieces:
        """What sentences on the programme are made of."""
        return Pieces(self.labels, self.labels.data.once(Place, self.programme))

    def status(self, row: Span) -> str:
        """Return the status of a value; ``open`` where readings differ in it."""
        cell = (each for each in self.pieces.place.of(row.measure) if each.object == row.object)
        return row.status if len({each.status for each in with_values(cell)}) < 2 else "open"

    def unit_cost(self) -> str:
        """Return what one of something costs, a total cost before a subsidy."""
        labels = self.labels
        first = min(self.rows, key=lambda row: (row.funder == SUBSIDY, labels.rank("object", row.object)))
        alike = [row for row in self.rows if (row.object, row.funder) == (first.object, first.funder)]
        low, high = min(row.low for row in alike), max(row.high for row in alike)
        thing = labels.term("object", first.object)
        if first.low < first.high or first.n_values < first.n_readings:
            return self.say(
                "cost_between", thing=thing, low=self.pieces.money(low), high=self.pieces.money(high)
            )
        thing = labels.text(f"found.works_{first.works}", thing=thing) if first.works else thing
        amount = self.pieces.quantity(Amount(first.value, first.lower, first.upper, "CNY"))
        key = "subsidy" if first.funder == SUBSIDY else f"cost_{self.status(first)}"
        return self.say(key, amount=amount, thing=thing)

    def pay(self) -> str:
        """Return what a head is paid, and what it was before a rise."""
        row = min(with_values(self.rows), key=self._headship)
        before = [each for each in self.rows if each.stage == "before" and each.cell[:-1] == row.cell[:-1]]
        place, post = self.labels.term("place", row.place), self.labels.term("post", row.post)
        who = self.labels.text("found.who", place=place, post=post) if place else post
        amount = self.labels.text.span(row.low, row.high)
        if row.stage == "after" and before:
            earlier = self.labels.text.span(before[0].low, before[0].high)
            return self.say("pay_rise", who=who, amount=amount, before=earlier)
        key = "pay_before" if row.stage == "before" else "pay"
        key += "_subsidy" if key == "pay" and self.pieces.is_subsidy([row]) else ""
        return self.say(key, who=who, amount=amount)

    def _headship(self, row: Span) -> tuple[int, ...]:
        """Return what to sort pay by, so that the present pay of the head comes first."""
        ranks = (self.labels.rank("post", row.post), self.labels.rank("place", row.place))
        return (row.stage == "before", row.post != HEADS[0], *ranks)

    def rise(self) -> str:
        """Return by how much pay rose, the least and the most over posts and readings."""
        ends = (min(row.low for row in self.rows), max(row.high for row in self.rows))
        low, high = map(self.labels.text.ratio, ends)
        return self.say("rise" if low == high else "rise_between", low=low, high=high)

    def branches(self, gone: Span, new: Span) -> str:
        """Return how many branches were dissolved, at most, and how many founded."""
        key = "branches" if gone.low == gone.high and gone.lower == gone.upper else "branches_some"
        number = self.labels.text.number
        return self.say(key, gone=number(gone.high), new=self.labels.text.span(new.low, new.high, ""))

    def rectified(self) -> str:
        """Return how many organisations were put in order, or are to be."""
        row = self.rows[0]
        if row.low < row.high:
            return self.generic()
        thing = self.labels.text.rules.plural(self.labels.term("object", row.object))
        things = self.pieces.counted(thing, Amount(row.value, row.lower, row.upper, row.unit))
        return self.say(f"rectified_{self.status(row)}", things=things)


_WRITERS: dict[str, Callable[[_Title], str]] = {
    **dict.fromkeys(UNIT_COSTS, _Title.unit_cost),
    "yearly_pay": _Title.pay,
    "pay_rise": _Title.rise,
    "organisations_rectified": _Title.rectified,
}
