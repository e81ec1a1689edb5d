"""A finding as a value, how much it matters, and the choices that it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import finite_ends
from analysis.evidence.register import OPEN_YEAR, parse_when
from analysis.evidence.rows import group_by
from analysis.evidence.schema import DIMENSIONS

KINDS = {
    "change": 90,
    "unit_cost": 85,
    "level": 70,
    "spread": 60,
    "plan": 66,
    "tension": 40,
    "gap": 50,
}
"""How much each kind matters, before what it is of."""
OF_MEASURE = {
    "problems_per_village": 14,
    "yearly_pay": 12,
    "branches_dissolved": 24,
    "cost_per_venue": 8,
    "pay_to_rural_income": 6,
    "venues_upgraded": 4,
    "total_spending": 2,
    "people_trained": 2,
    "office_money": 0,
    "organisations_rectified": -1,
    "collective_support": -4,
    "income_share": -4,
    "spending_per_unit": -8,
    "people_per_village": -10,
    "model_branches": -12,
    "new_structures": -12,
}
"""How much more or less a measure matters than others of its kind; what is not named stands at -14."""
OTHER_MEASURE, OF_FIGURE = -14, -16
FIRMNESS = {"firm": 0, "bound": -1, "year": -2, "reading": -6}
"""What it costs a finding that its value is only bounded, or hangs on a year or a reading."""
AGAIN, AGAIN_OTHERWISE = 30, 10
"""What it costs a finding that one of its theme is said already: of the same kind, or of another."""
UNIT_COSTS = ("cost_per_venue", "collective_support", "spending_per_unit")
HEADS = ("head_split", "head_combined")


@dataclass(frozen=True)
class Finding:
    """Something worth saying of one place.

    ``topic`` is the measure that it is about, or ``figure``. ``estimates`` are all feasible ones with a value
    that it rests on, those under the default readings first; ``figure_ids`` the figures. ``choices`` are the
    open questions on which its values or its status hang, ``status`` is ``open`` where readings differ in
    it. ``note`` names a curator's note that is the finding. ``weight`` says how much it matters.
    """

    kind: str
    topic: str
    programme_id: str
    theme: str
    estimates: tuple[Estimate, ...] = ()
    figure_ids: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    status: str = ""
    note: str = ""
    weight: float = field(default=0.0, compare=False)

    @property
    def default(self) -> Estimate:
        """The estimate under the default readings."""
        return self.estimates[0]

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value over the feasible readings."""
        return ends_of(self.estimates)

    @cached_property
    def varies(self) -> bool:
        """Whether a reading changes a value, and not only whether it is a plan."""
        groups = group_by(self.estimates, thing_of).values()
        return any(len({(row.value, row.lower, row.upper) for row in rows}) > 1 for rows in groups)

    @cached_property
    def things(self) -> frozenset[tuple[str, ...]]:
        """What its estimates are of."""
        return frozenset(map(thing_of, self.estimates))

    def likeness(self, other: Finding) -> tuple[int, ...]:
        """Return how much another finding, under other readings, is of the same: all zero where it is not."""
        if self.note or other.note:
            return (int(self.note == other.note), 0, 0, 0)
        things, figures = self.things & other.things, {*self.figure_ids} & {*other.figure_ids}
        alike = self.topic == other.topic and bool(things or not self.estimates)
        # What no measure gave a value, one may under a reading.
        if not figures or not (alike or not self.estimates):
            return (0, 0, 0, 0)
        return (alike, self.kind == other.kind, len(things), len(figures))

    @property
    def firmness(self) -> str:
        """Whether it holds as it stands, is a bound, or hangs on a year or a reading."""
        if any(not OPEN_YEAR.readings_of(choice) for choice in self.choices):
            return "reading"
        if self.choices:
            return "year"
        return "bound" if any(each.lower < each.upper for each in self.estimates) else "firm"


_ENDS = ("value", "lower", "upper")


def ends_of(estimates: Sequence[Estimate]) -> tuple[float, float]:
    """Return the smallest and the largest value of some estimates; one alone has no span."""
    several = len({each.reading for each in estimates}) > 1
    value, lower, upper = (np.array([getattr(each, name) for each in estimates]) for name in _ENDS)
    low, high = finite_ends(value, lower, upper, several)
    return float(low.min()), float(high.max())


def deciding(estimates: Iterable[Estimate]) -> tuple[str, ...]:
    """Return the choices on which the values or the status of some estimates hang.

    Those of which two readings, all else alike, give different ones.
    """
    rows = [(parse_when(row.reading), row) for row in estimates]
    found = []
    for choice in sorted({choice for readings, _ in rows for choice in readings}):
        outcomes: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
        for readings, row in rows:
            if choice in readings:
                others = tuple(pair for pair in readings.items() if pair[0] != choice)
                said = (row.value, row.lower, row.upper, row.status)
                outcomes.setdefault((thing_of(row), others), set()).add(said)
        if any(len(said) > 1 for said in outcomes.values()):
            found.append(choice)
    return tuple(found)


def thing_of(row: Estimate) -> tuple[str, ...]:
    """Return what an estimate is of; the works of one cost may differ between readings."""
    works = "" if row.measure in UNIT_COSTS else row.works
    return (row.measure, *(getattr(row, name) for name in DIMENSIONS if name != "works"), works)
