"""What sentences on findings rest on: the estimates and figures of a place, and orders between places."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Place, ends_of
from analysis.estimates.findings.contrasts import Contrast, firm_share, top
from analysis.estimates.measures import Estimate, choices_of
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import OPEN_YEAR
from analysis.evidence.rows import Choice, Identity, group_by, rows_of
from analysis.show.memo.facts import (
    Basis,
    Fact,
    FactMaker,
    comparison_name,
    count,
    estimate_name,
    values,
)
from analysis.words.findings.contrasts import value_words

MOST_NAMED, MOST_QUOTED = 5, 12  # places of a comparison


def found_in(maker: FactMaker, place: Place) -> Basis:
    """Return the facts that sentences on the findings of a place may state."""
    programme = place.programme
    valued = [row for row in place.estimates if row.has_value]
    facts = [
        *maker.estimates("", valued).facts,
        *maker.figures("", place.figures.values()).facts,
        *maker.codings(programme).facts,
        *maker.choices("", choices_of(place.data, programme)).facts,
    ]
    for row in valued:
        facts += _parts(place, row)
    for rows in group_by(valued, lambda row: (row.measure, row.object, row.place, row.post)).values():
        facts += _relations(rows)
        facts += _shares(maker, rows)
    for identity in rows_of(Identity, place.data.tables["identities"]):
        facts += maker.quote_row(f"identity {identity.identity_id}", identity, "note")
    return Basis(f"findings of {programme}", tuple(dict.fromkeys(facts)))


def _parts(place: Place, row: Estimate) -> Iterator[Fact]:
    """Yield the two sides of the fraction that an estimate is."""
    if row.coding_id in place.codings:
        for side, amount in zip(("numerator", "denominator"), place.parts(row), strict=True):
            if amount:
                yield from _amount(f"{side} of {row.coding_id}", amount)
                if "CNY" not in amount.unit:
                    # Of 79 village venues the word behind the number is no unit.
                    yield from _amount(f"number in the {side} of {row.coding_id}", replace(amount, unit=""))


def _amount(name: str, amount: Amount) -> list[Fact]:
    ends = {"lower": amount.lower, "upper": amount.upper}
    return values(name, amount.unit, " ".join(amount.figure_ids), value=amount.value, **ends)


def _relations(rows: list[Estimate]) -> Iterator[Fact]:
    """Yield how far the values of one thing reach, and by how much it rose."""
    name = f"{estimate_name(rows[0])} over readings"
    low, high = ends_of(rows)
    yield from values(name, rows[0].unit, rows[0].figure_ids, low=low, high=high)
    if not rows[0].unit.startswith("CNY"):
        yield from values(f"share of {name}", "share", rows[0].figure_ids, low=low, high=high)
    stages = {row.stage: row for row in reversed(rows)}
    if {"before", "after"} <= stages.keys() and stages["before"].value:
        times = stages["after"].value / stages["before"].value
        yield from values(f"rise of {name}", "ratio", rows[0].figure_ids, value=times)
        yield from values(f"growth of {name}", "share", rows[0].figure_ids, value=times - 1)


def _shares(maker: FactMaker, rows: list[Estimate]) -> Iterator[Fact]:
    """Yield a span in percent, whose first end bears no sign of it, as text."""
    if rows[0].unit in ("share", "ratio"):
        name = f"{estimate_name(rows[0])}, span"
        low, high = ends_of(rows)
        whole = maker.labels.text.span(round(low, 2), round(high, 2), "share")
        yield from maker.quote(name, maker.labels.text.span(low, high, "share"), whole)


def contrasted(maker: FactMaker, contrast: Contrast) -> tuple[Basis, ...]:
    """Return the facts that sentences on several places may state."""
    found = contrast.comparisons
    turning = [each for each in found if each.turned]
    sure = [each for each in found if not each.silent]
    numbers = {
        "comparisons": len(found), "comparisons that turn": len(turning), "sure comparisons": len(sure),
        "sure comparisons that turn": sum(bool(each.turned) for each in sure),
    }  # fmt: skip
    name = f"contrast of {contrast.measure}"
    facts = [count(f"{what} in {name}", number, "comparison") for what, number in numbers.items()]
    for comparison in found:
        facts += _order(comparison)
        shown = (value_words(maker.labels, comparison, row) for row in comparison.ranked)
        facts += maker.quote(
            f"values of {comparison_name(comparison)}", *itertools.islice(shown, MOST_QUOTED)
        )
    bases = (maker.comparison(each, ends(each)) for each in found)
    return (*bases, Basis(name, tuple(dict.fromkeys(facts))))


def _order(comparison: Comparison) -> Iterator[Fact]:
    """Yield how firm the first order of a comparison is, and how its values spread."""
    name, unit = comparison_name(comparison), comparison.unit
    found = [row.value for row in comparison.ranked]
    lower, middle, upper = np.quantile(found, (0.25, 0.5, 0.75))
    ends = {"least": min(found), "most": max(found)}
    yield from values(name, unit, lower_quartile=lower, median=middle, upper_quartile=upper, **ends)
    if comparison.is_rate and len(found) > 1:
        yield Fact(f"share of orders of {name} that hold", firm_share(comparison), "share")
        pair = top(comparison)
        yield Fact(f"margin of the first of {name}", float(pair.margin), unit)
        for what, number in {"higher": pair.higher, "lower": pair.lower, "all": pair.total}.items():
            yield count(f"readings of the first order of {name}, {what}", number, "reading")


def ends(comparison: Comparison) -> list[str]:
    """Return the places of a comparison that a sentence may name: the first ones and the last."""
    owners = [row.programme for row in comparison.ranked]
    return list(dict.fromkeys((*owners[:MOST_NAMED], *owners[-1:])))


def years_of(choices: list[Choice]) -> Iterator[Fact]:
    """Yield the years that choices leave open."""
    for choice in choices:
        for year in OPEN_YEAR.readings_of(choice.choice_id):
            yield Fact(f"choice {choice.choice_id}, year", text=str(year))
