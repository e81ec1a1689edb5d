"""What is worth saying of one place: findings, found in its estimates and figures, the most telling first.

A finding is a value: its kind, what it rests on, and how much it matters. Words are given to it by
``words.findings``. Nothing here is a claim that a feasible reading makes false: a finding carries all values
that its readings give, and the choices that it hangs on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.reasons import CODING
from analysis.estimates.spans import apply_definitions, finite_ends
from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, OPEN_YEAR, SUBSIDY, evaluate_coding, parse_when
from analysis.evidence.rows import Coding, Figure, Identity, group_by, rows_of
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
                outcomes.setdefault((_identity(row), others), set()).add(said)
        if any(len(said) > 1 for said in outcomes.values()):
            found.append(choice)
    return tuple(found)


def _identity(row: Estimate) -> tuple[str, ...]:
    """Return what an estimate is of; the works of one object may differ between readings."""
    return tuple(getattr(row, name) for name in ("measure", *DIMENSIONS) if name != "works")


class Place:
    """The feasible estimates and the figures of one programme, under the analyst's definitions."""

    def __init__(self, data: Dataset, programme: str) -> None:
        self.data, self.programme = data, programme
        frame = data.tables["estimates"]
        own = from_frame(frame[frame["programme_id"] == programme])
        self.estimates = [row for row in apply_definitions(data, own) if row.feasible]
        self.codings = {row.coding_id: row for row in rows_of(Coding, data.codings, programme_id=programme)}
        self.figures = {row.figure_id: row for row in rows_of(Figure, data.figures_of(programme))}
        self.amounts = data.amounts

    def of(self, measure: str) -> list[Estimate]:
        """Return the estimates of a measure, absences included."""
        return [row for row in self.estimates if row.measure == measure]

    def by(self, measure: str, *names: str) -> list[list[Estimate]]:
        """Return the estimates of a measure with a value, in groups of the same codes, defaults first.

        A group some of whose readings give no value at all is left out: nothing firm can be said of it.
        """
        groups = group_by(self.of(measure), lambda row: tuple(getattr(row, name) for name in names)).values()
        valued = ([row for row in group if row.has_value] for group in groups if _always(group))
        return [sorted(rows, key=lambda row: not row.is_default) for rows in valued if rows]

    def parts(self, row: Estimate) -> tuple[Amount, Amount | None]:
        """Return numerator and denominator of the coding behind an estimate."""
        coding = self.codings[row.coding_id]
        over = evaluate_coding(coding.denominator, "", self.amounts) if coding.denominator else None
        return evaluate_coding(coding.numerator, "", self.amounts), over

    def finding(self, kind: str, rows: Sequence[Estimate], size: float = 1.0, penalty: float = 0) -> Finding:
        """Return a finding that rests on estimates, the one under the default readings first."""
        statuses = {row.status for row in rows}
        found = Finding(
            kind,
            rows[0].measure,
            self.programme,
            rows[0].theme,
            tuple(rows),
            tuple(dict.fromkeys(name for row in rows for name in row.figure_ids.split())),
            deciding(rows),
            rows[0].status if len(statuses) == 1 else "open",
        )
        matters = KINDS[kind] + OF_MEASURE.get(found.topic, OTHER_MEASURE) + math.log10(max(size, 1))
        return _weighted(found, matters + FIRMNESS[found.firmness] - penalty)


def _weighted(found: Finding, weight: float) -> Finding:
    object.__setattr__(found, "weight", round(weight, 2))
    return found


def _always(group: Sequence[Estimate]) -> bool:
    """Return whether every reading of the text gives a value in one of the cells of a group."""
    with_value = {row.reading for row in group if row.has_value}
    return all(row.has_value or _covered(row, with_value) for row in group)


def _covered(row: Estimate, with_value: set[str]) -> bool:
    """Return whether another cell has a value under the same readings: joined works."""
    return row.reading in with_value


def _unit_costs(place: Place) -> Iterator[Finding]:
    """Yield what one of something costs; the subsidies together, since they are one rule."""
    for measure in UNIT_COSTS:
        rates = []
        for rows in place.by(measure, "object", "funder"):
            amount, over = place.parts(rows[0])
            if over is None:
                rates += rows
            else:
                yield place.finding("unit_cost", rows, amount.value)
        if rates:
            yield place.finding("unit_cost", rates, penalty=12)


def _changes(place: Place) -> Iterator[Finding]:
    """Yield pay and money before and after a rise, where both are printed; all posts together."""
    for measure in ("yearly_pay", "office_money"):
        groups = place.by(measure, "object", "place", "post")
        both = [rows for rows in groups if {row.stage for row in rows} >= {"before", "after"}]
        if both:
            both.sort(key=lambda rows: rows[0].post not in HEADS)
            rows = [row for group in both for row in group]
            yield place.finding("change", rows, max(row.value for row in rows))
        if len(both) > 1:
            most = max(both, key=_rise)
            if _rise(most) > _rise(both[0]):
                yield place.finding("spread", most)


def _rise(rows: Sequence[Estimate]) -> float:
    """Return the largest value of some estimates as a multiple of the smallest."""
    values = [row.value for row in rows]
    return max(values) / min(values)


def _pay(place: Place) -> Iterator[Finding]:
    """Yield what heads are paid where nothing says what they were paid before, and its scale."""
    groups = place.by("yearly_pay", "place", "post", "stage")
    heads = [rows[0] for rows in groups if rows[0].post in HEADS]
    if heads and not any(row.stage == "before" for row in place.of("yearly_pay") if row.has_value):
        yield place.finding("level", heads, heads[0].value)
    for rows in place.by("pay_to_rural_income", "place", "post", "stage"):
        if rows[0].post == "head_split" and rows[0].stage == "after":
            yield place.finding("level", rows)
            break


def _branches(place: Place) -> Iterator[Finding]:
    """Yield branches closed and founded, as one account."""
    gone, new = place.by("branches_dissolved", "object"), place.by("branches_established", "object")
    if gone and new:
        yield place.finding("level", [*gone[0], *new[0]], gone[0][0].value)


TOGETHER = ("venues_upgraded", "model_branches", "new_structures", "honours")
"""Measures whose objects are said in one finding."""
SAID_WITH = ("branches_dissolved", "branches_established", "yearly_pay", "pay_to_rural_income")
LEVELS = (
    "problems_per_village", "people_trained", "organisations_rectified", "total_spending", "office_money",
    "income_share", "weak_village_share", "people_per_village", "standard_branches", "venues_covered",
)  # fmt: skip


def _levels(place: Place) -> Iterator[Finding]:
    """Yield how much of what there is, but for what a unit cost says already."""
    costed = {row.object for measure in UNIT_COSTS for row in place.of(measure) if row.has_value}
    costed |= {row.object for row in place.of("collective_support") if row.has_value}
    for measure in LEVELS:
        for rows in place.by(measure, "object", "place", "stage"):
            if rows[0].stage != "before" and not (measure == "total_spending" and rows[0].object in costed):
                size = place.parts(rows[0])[0].value if rows[0].coding_id else rows[0].value
                yield place.finding("level", rows, size)
    for measure in TOGETHER:
        joined = [row for group in place.by(measure, "object", "works", "place") for row in group]
        joined = [row for row in joined if not (measure == "venues_upgraded" and _has_cost(place, row))]
        if joined:
            yield place.finding("level", joined, sum(row.value for row in joined))


def _has_cost(place: Place, row: Estimate) -> bool:
    """Return whether a unit cost names the number of what an estimate counts."""
    costs = (each for each in place.of("cost_per_venue") if each.has_value and each.funder != SUBSIDY)
    return any(each.object == row.object and row.figure_ids in each.figure_ids for each in costs)


def _figures(place: Place) -> Iterator[Finding]:
    """Yield the counts that no measure uses."""
    used = {name for row in place.estimates for name in row.figure_ids.split()}
    for row in place.figures.values():
        countable = row.basis == "total" and not row.unit.startswith("CNY") and "/" not in row.unit
        if row.figure_id not in used and countable and row.unit not in ("share", "month", "day", "week"):
            weight = KINDS["level"] + OF_FIGURE + 2 * math.log10(max(row.value, 1))
            found = Finding(
                "level", "figure", place.programme, row.theme, figure_ids=(row.figure_id,), status=row.status
            )
            yield _weighted(found, weight)


def _rates(place: Place) -> Iterator[Finding]:
    """Yield the rates of money that no measure gives a value in every reading, as they are printed."""
    firm = {name for row in place.estimates if row.has_value and not row.reading for name in row.figure_ids.split()}
    firm |= {name for rows in place.by("office_money", "place") for row in rows for name in row.figure_ids.split()}
    shown = [
        row for row in place.figures.values()
        if row.basis == "per_unit" and row.unit.startswith("CNY/") and row.figure_id not in firm
        and row.theme == "operating_funds"
    ]  # fmt: skip
    if shown:
        found = Finding(
            "level", "rate", place.programme, "operating_funds",
            figure_ids=tuple(row.figure_id for row in shown), status="standard",
        )  # fmt: skip
        yield _weighted(found, KINDS["level"])


def _notes(place: Place) -> Iterator[Finding]:
    """Yield what curators have noted: tensions of arithmetic that fails, gaps, and how far plans are."""
    sources = {row.source_id for row in place.figures.values()}
    for identity in rows_of(Identity, place.data.tables["identities"]):
        if identity.source_id in sources and identity.expected == "fails":
            names = (*arithmetic.figure_ids(identity.left), *arithmetic.figure_ids(identity.right))
            found = Finding(
                "tension", "identity", place.programme, "", figure_ids=names, note=identity.identity_id
            )
            # What names no figure is about dates and the like.
            yield _weighted(found, KINDS["tension"] - (0 if names else 20))
    for row in place.estimates:
        if row.absence == "not_reported" and row.reason.startswith(CODING) and not row.reading:
            weight = KINDS["gap"] + max(OF_MEASURE.get(row.measure, OTHER_MEASURE), 0)
            found = Finding("gap", row.measure, place.programme, row.theme, note=row.coding_id)
            yield _weighted(found, weight)
    open_status = len({row.status for row in place.of("venues_upgraded")}) > 1
    for coding in () if open_status else place.codings.values():
        if coding.status == "planned" and coding.note and coding.measure == "venues_upgraded":
            figures = tuple(arithmetic.figure_ids(coding.numerator))
            found = Finding(
                "plan", coding.measure, place.programme, MEASURES[coding.measure].theme,
                figure_ids=figures, note=coding.coding_id,
            )  # fmt: skip
            yield _weighted(found, KINDS["plan"])
            return


FINDERS = (_unit_costs, _changes, _pay, _branches, _levels, _figures, _rates, _notes)


def findings(data: Dataset, programme: str) -> list[Finding]:
    """Return the findings on one programme, those that matter most first.

    >>> [found.topic for found in findings(data, "ludian")[:3]]
    ['yearly_pay', 'cost_per_venue', 'cost_per_venue']
    """
    place = Place(data, programme)
    found = [each for find in FINDERS for each in find(place)]
    return sorted(found, key=lambda each: -each.weight)


def _said_again(finding: Finding, chosen: Iterable[Finding]) -> float:
    """Return what it costs a finding that others of its theme are said."""
    alike = (each.kind for each in chosen if each.theme == finding.theme)
    return sum(AGAIN if kind == finding.kind else AGAIN_OTHERWISE for kind in alike)


def _goes_with(each: Finding, first: Finding, topics: Iterable[str]) -> bool:
    alike = each.kind == first.kind or each.topic != first.topic or each.kind == "spread"
    return each.topic in topics and alike and each.kind not in ("gap", "plan")


COMPANIONS = {
    "yearly_pay": ("pay_to_rural_income", "yearly_pay"),
    "venues_upgraded": ("venues_covered",),
    "cost_per_venue": ("cost_per_venue", "total_spending"),
    "office_money": ("office_money",),
}
"""What may be said in one breath with a finding, by their topics."""


def messages(found: Iterable[Finding], number: int) -> list[list[Finding]]:
    """Return what to open with: each message is a finding, perhaps with one that goes with it.

    A theme that is said already matters less.
    """
    left, chosen = list(found), list[list[Finding]]()
    while left and len(chosen) < number:
        firsts = [message[0] for message in chosen]
        best = max(left, key=lambda each: each.weight - _said_again(each, firsts))
        topics = COMPANIONS.get(best.topic, ())
        beside = [each for each in left if each is not best and _goes_with(each, best, topics)][:2]
        chosen.append([best, *beside])
        left = [each for each in left if each is not best and each not in beside]
    return chosen
