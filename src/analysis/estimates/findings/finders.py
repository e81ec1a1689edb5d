"""What there is to be found on one programme: a function for each sort of finding."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.estimates.findings.finding import (
    HEADS,
    KINDS,
    OF_FIGURE,
    OF_MEASURE,
    OTHER_MEASURE,
    UNIT_COSTS,
    Finding,
)
from analysis.estimates.findings.place import Place
from analysis.estimates.measures import Estimate
from analysis.estimates.reasons import CODING
from analysis.evidence import arithmetic
from analysis.evidence.register import MEASURES, SUBSIDY
from analysis.evidence.rows import Identity, rows_of
from analysis.evidence.units import VILLAGES


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
    heads = [row for rows in groups if rows[0].post in HEADS for row in rows]
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


TOGETHER = ("venues_upgraded", "model_branches", "new_structures", "honours", "people_per_village")
"""Measures whose objects are said in one finding."""
LEVELS = (
    "problems_per_village", "people_trained", "organisations_rectified", "total_spending", "office_money",
    "income_share", "weak_village_share", "standard_branches", "venues_covered",
)  # fmt: skip


def _levels(place: Place) -> Iterator[Finding]:
    """Yield how much of what there is, but for what a unit cost says already."""
    costed = {row.object for measure in UNIT_COSTS for row in place.of(measure) if row.has_value}
    tense = [set(_figures_of(identity)) for identity in _tensions(place)]
    for measure in LEVELS:
        for rows in place.by(measure, "object", "place", "stage"):
            costs = measure == "total_spending" and rows[0].object in costed
            if measure == "venues_covered" and not _of_villages(place, rows[0]):
                continue
            if rows[0].stage != "before" and not costs and not _rose(place, rows[0]):
                size = place.parts(rows[0])[0].value if rows[0].coding_id else rows[0].value
                yield place.finding("level", rows, size)
    for measure in TOGETHER:
        joined = [row for group in place.by(measure, "object", "works", "place") for row in group]
        joined = [row for row in joined if not (measure == "venues_upgraded" and _has_cost(place, row))]
        joined = [row for row in joined if set(row.figure_ids.split()) not in tense]
        if joined:
            yield place.finding("level", joined, sum(row.value for row in joined))


def _of_villages(place: Place, row: Estimate) -> bool:
    """Return whether an estimate is a share of villages or communities, as readers take it to be."""
    names = arithmetic.figure_ids(place.codings[row.coding_id].denominator) if row.coding_id else []
    return bool(names) and all(place.figures[name].unit in VILLAGES for name in names)


def _rose(place: Place, row: Estimate) -> bool:
    """Return whether office money is said already, as what it rose to."""
    key = (row.measure, "before", row.object, row.place)
    return any(key == (each.measure, each.stage, each.object, each.place) for each in place.estimates)


def _has_cost(place: Place, row: Estimate) -> bool:
    """Return whether a unit cost that no reading changes names the number of what an estimate counts."""
    costs = [each for each in place.of("cost_per_venue") if each.has_value and each.funder != SUBSIDY]
    alike = [each for each in costs if (each.object, each.works) == (row.object, row.works)]
    firm = len({each.value for each in alike}) == 1
    return firm and any(row.figure_ids in each.figure_ids for each in alike)


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
            yield replace(found, weight=weight)


def _rates(place: Place) -> Iterator[Finding]:
    """Yield the rates of money that no measure gives a value in every reading, as they are printed."""
    firm = {
        name
        for row in place.estimates
        if row.has_value and not row.reading
        for name in row.figure_ids.split()
    }
    firm |= {
        name for rows in place.by("office_money", "place") for row in rows for name in row.figure_ids.split()
    }
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
        yield replace(found, weight=KINDS["level"])


def _tensions(place: Place) -> Iterator[Identity]:
    """Yield the arithmetic of the documents that fails, and of which a curator says why that matters."""
    sources = {row.source_id for row in place.figures.values()}
    rows = rows_of(Identity, place.data.tables["identities"])
    return (row for row in rows if row.source_id in sources and row.expected == "fails" and row.note)


def _figures_of(identity: Identity) -> tuple[str, ...]:
    return (*arithmetic.figure_ids(identity.left), *arithmetic.figure_ids(identity.right))


def _notes(place: Place) -> Iterator[Finding]:
    """Yield what curators have noted: tensions of arithmetic that fails, gaps, and how far plans are."""
    for identity in _tensions(place):
        names = _figures_of(identity)
        theme = place.figures[names[0]].theme if names else ""
        found = Finding(
            "tension", "identity", place.programme, theme, figure_ids=names, note=identity.identity_id
        )
        # What names no figure is about dates and the like.
        yield replace(found, weight=KINDS["tension"] - (0 if names else 20))
    for row in place.estimates:
        is_noted = row.coding_id and row.reason.startswith(CODING)
        if row.absence == "not_reported" and is_noted and not row.reading:
            weight = KINDS["gap"] + OF_MEASURE.get(row.measure, OTHER_MEASURE)
            found = Finding("gap", row.measure, place.programme, row.theme, note=row.coding_id)
            yield replace(found, weight=weight)
    open_status = len({row.status for row in place.of("venues_upgraded")}) > 1
    for coding in () if open_status else place.codings.values():
        if coding.status == "planned" and coding.note and coding.measure == "venues_upgraded":
            figures = tuple(arithmetic.figure_ids(coding.numerator))
            found = Finding(
                "plan", coding.measure, place.programme, MEASURES[coding.measure].theme,
                figure_ids=figures, note=coding.coding_id,
            )  # fmt: skip
            yield replace(found, weight=KINDS["plan"])
            return


FINDERS = (_unit_costs, _changes, _pay, _branches, _levels, _figures, _rates, _notes)
"""All of them."""
