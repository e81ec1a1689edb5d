"""What is worth saying of several places side by side: an order, one that turns, counts, a distribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate, figures_of
from analysis.estimates.robustness import Pair
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import group_by

MANY = 12
"""With more places than these a finding speaks of their distribution, not of pairs."""
OF_CONTRAST = {
    "yearly_pay": 40,
    "cost_per_venue": 40,
    "pay_to_rural_income": 30,
    "office_money": 20,
    "venues_covered": 20,
    "organisations_rectified": 20,
    "problems_per_village": 20,
    "people_trained": 15,
    "venues_upgraded": 10,
    "pay_to_regional_income": 5,
}
"""How much the measure matters; what is not named stands at 0."""
SAID_BY = {"venues_per_village": "venues_covered"}
"""Measures that say no more than another does."""
OF_KIND = {"turn": 6, "contrast": 4, "spread": 4, "beside": 0}
"""An order that turns surprises, counts beside each other only inform."""


@dataclass(frozen=True)
class Contrast:
    """What a measure says of several places.

    ``kind`` is ``contrast`` where every order holds, ``turn`` where a reading, a year or a definition turns
    one, ``beside`` for counts, which have no order, and ``spread`` where the places are many. The
    comparisons are those of the measure, of which the first is the plainest.
    """

    kind: str
    measure: str
    comparisons: tuple[Comparison, ...]

    @property
    def weight(self) -> int:
        """How much it matters."""
        return OF_CONTRAST.get(self.measure, 0) + OF_KIND[self.kind]

    @cached_property
    def programmes(self) -> list[str]:
        """The places that it speaks of, in the order of the data."""
        found = {programme for each in self.comparisons for programme in each.programmes}
        return [each for each in self.comparisons[0].data.programme_ids if each in found]

    @property
    def most_values(self) -> int:
        """How many values stand beside each other in it at most."""
        return max(len(each.ranked) for each in self.comparisons)

    def estimates(self) -> Iterator[Estimate]:
        """Yield the values that it rests on, under every reading."""
        for each in self.comparisons:
            yield from each.rows

    @cached_property
    def figure_ids(self) -> tuple[str, ...]:
        """The figures that its values rest on, under whatever reading."""
        return tuple(figures_of(self.estimates()))

    def turned_by(self, choice: str) -> list[str]:
        """Return the places whose order a choice settles alone."""
        pairs = (pair for each in self.comparisons for pair in each.turned if choice in pair.deciding)
        return list(dict.fromkeys(i.split(":")[0] for pair in pairs for i in (pair.first, pair.second)))

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices that settle an order alone."""
        pairs = (pair for each in self.comparisons for pair in each.turned)
        return tuple(dict.fromkeys(choice for pair in pairs for choice in pair.deciding))


def contrasts(comparisons: Iterable[Comparison]) -> list[Contrast]:
    """Return what comparisons of one theme say, one for each measure, those that matter most first."""
    groups = group_by(comparisons, lambda each: each.measure)
    found = [
        Contrast(_kind(same), measure, tuple(same))
        for measure, same in groups.items()
        if SAID_BY.get(measure) not in groups
    ]
    order = list(MEASURES)
    return sorted(found, key=lambda each: (-each.weight, order.index(each.measure)))


def _kind(comparisons: Sequence[Comparison]) -> str:
    if max(len(each.programmes) for each in comparisons) > MANY:
        return "spread"
    if not comparisons[0].is_rate:
        return "beside"
    return "turn" if any(each.turned for each in comparisons) or _redefined(comparisons) else "contrast"


def _redefined(comparisons: Sequence[Comparison]) -> bool:
    """Return whether one definition gives another order than the next."""
    same = group_by(comparisons, lambda each: tuple(sorted(each.key.items()))).values()
    return any(len({top(each).first for each in group}) > 1 for group in same)


def top(comparison: Comparison) -> Pair:
    """Return the order of the first of a comparison and the next of another place."""
    return comparison.robustness.neighbours[0]


def firm_share(comparison: Comparison) -> float:
    """Return the share of neighbours whose order holds in all their readings."""
    pairs = comparison.robustness.neighbours
    return sum(pair.holds for pair in pairs) / len(pairs) if pairs else 1.0
