"""A comparison in words: who is above whom, in how many readings, by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.estimates.comparison import Comparison
from analysis.estimates.robustness import Ranked
from analysis.words.labels import Labels, typed
from analysis.words.phrases import strip_denominators


def comparison_sentence(labels: Labels, comparison: Comparison) -> str:
    """Return the finding: what is compared, and the order of the two highest programmes."""
    return labels.text(
        "number.labelled", label=labels.comparison(comparison), value=order_phrase(labels, comparison)
    )


def order_phrase(labels: Labels, comparison: Comparison) -> str:
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
    return labels.text(
        key,
        first=labels.item(first),
        second=labels.item(second),
        higher=pair.higher,
        total=pair.total,
        margin=margin_phrase(labels, pair.margin, comparison),
    )


def margin_phrase(labels: Labels, margin: float, comparison: Comparison) -> str:
    """Return a difference in the unit of what is compared, without its denominator."""
    return labels.text.quantity(margin, common_unit(comparison), short=True)


def value_phrase(labels: Labels, row: Ranked | Mapping[str, Any], comparison: Comparison) -> str:
    """Return the default value of an item with its span, in how many readings it has one, and its region."""
    text, ranked, unit = labels.text, typed(row), common_unit(comparison)
    value = text.quantity(ranked.value, unit, short=True)
    details = []
    if ranked.low < ranked.high:
        details.append(text.span(ranked.low, ranked.high, unit))
    if found := comparison.silent.get(ranked.item.split(":")[0]):
        details.append(text("comparison.of", number=found[0], all=found[1]))
    if region := labels.region(comparison.evidence[ranked.item]["region"]):
        details.append(region)
    span = text("number.item_separator").join(details)
    return text("number.with_span", value=value, span=span) if span else value


def ranking_cells(labels: Labels, comparison: Comparison, row: Ranked) -> dict[str, str]:
    """Return the cells of a row of a ranking; the last has none below it to be compared with."""
    order, margin, ranks = "", "", str(row.rank)
    if row.best_rank != row.worst_rank:
        ranks = labels.text.span(row.best_rank, row.worst_rank, "")
    if not row.is_last:
        order = labels.text("comparison.of", number=row.higher_than_next, all=row.of_readings)
        margin = margin_phrase(labels, row.margin, comparison)
    value = value_phrase(labels, row, comparison)
    return {
        "rank": str(row.rank), "place": labels.item(row.item), "value": value, "ranks": ranks, "order": order,
        "margin": margin,
    }  # fmt: skip


def common_unit(comparison: Comparison) -> str:
    """Return the unit of what is compared, money without its denominators: these may differ, as places do."""
    units = {strip_denominators(unit) for unit in comparison.estimates["unit"]}
    return units.pop() if len(units) == 1 else ""
