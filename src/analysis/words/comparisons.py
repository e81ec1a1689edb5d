"""The cells of a comparison in words: values, ranks, margins, and the readings that they depend on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.estimates.comparison import Comparison, LeftOut
from analysis.estimates.measures import Estimate, Readings
from analysis.estimates.prices import printed_value
from analysis.estimates.robustness import Pair, Ranked
from analysis.estimates.spans import Span
from analysis.evidence.register import NOMINAL, format_when, parse_when, without_years
from analysis.words.labels import Labels, typed
from analysis.words.phrases import bounded_phrase, price_phrase, shown_unit


def shared_readings(comparison: Comparison, programme: str) -> str:
    """Return the readings of the text under which alone a programme has a value, where they are the same."""
    texts = dict.fromkeys(row.reading for row in comparison.rows if row.programme_id == programme)
    first, *others = [parse_when(without_years(text)).items() for text in texts]
    several = {choice for choice, known in Readings.of(comparison.data).by_choice.items() if len(known) > 1}
    shared = {c: r for c, r in first if c in several and all((c, r) in found for found in others)}
    return format_when(shared)


def value_phrase(labels: Labels, row: Ranked | Mapping[str, Any], comparison: Comparison) -> str:
    """Return the default value of an item with its span, the readings that it depends on, and its region."""
    text, ranked, unit = labels.text, typed(row), common_unit(comparison)
    value, details = text.quantity(ranked.value, unit, short=True), []
    varies = ranked.low < ranked.high
    if comparison.evidence[ranked.item]["upper"] == math.inf:
        least = text.quantity(ranked.low, unit, short=True)
        details += [text("comparison.by_default", quantity=value)] if varies else []
        value = text("number.at_least", quantity=least)
    elif varies:
        details.append(text.span(ranked.low, ranked.high, unit))
    if found := comparison.silent.get(ranked.item.split(":")[0]):
        shared = labels.readings(shared_readings(comparison, ranked.item.split(":")[0]))
        counted = text("comparison.of", number=found[0], all=found[1])
        details.append(text("comparison.if_read_as", readings=shared) if shared else counted)
    if region := labels.region(comparison.evidence[ranked.item]["region"]):
        details.append(region)
    span = text("number.item_separator").join(details)
    return text("number.with_span", value=value, span=span) if span else value


def ranking_cells(labels: Labels, comparison: Comparison, row: Ranked) -> dict[str, str]:
    """Return the cells of a row of a ranking; the last has none below it, and counts have no ranks."""
    cells = {
        "place": labels.item(row.item),
        "value": value_phrase(labels, row, comparison),
        "printed": printed_phrase(labels, comparison, row.item),
    }
    if not comparison.is_rate:
        return cells | dict.fromkeys(("rank", "ranks", "order", "margin"), "")
    firm, last = row.best_rank == row.worst_rank, row.is_last
    return cells | {
        "rank": str(row.rank),
        "ranks": str(row.rank) if firm else labels.text.span(row.best_rank, row.worst_rank, ""),
        "order": "" if last else pairs_phrase(labels, row.higher_than_next, row.of_readings),
        "margin": "" if last else labels.text.quantity(row.margin, common_unit(comparison), short=True),
    }


def pair_cells(labels: Labels, pair: Pair) -> dict[str, str]:
    """Return the cells of two neighbours whose order some reading turns, with the choices that decide it."""
    first, second = labels.item(pair.first), labels.item(pair.second)
    deciding = labels.text("number.item_separator").join(map(labels.question, pair.deciding))
    return {
        "pair": labels.text("comparison.pair", first=first, second=second),
        "order": pairs_phrase(labels, pair.higher, pair.total),
        "deciding": deciding or labels.text("comparison.none_alone"),
    }


def left_out_cells(labels: Labels, row: LeftOut | Span) -> dict[str, str]:
    """Return the cells of a programme that is not compared."""
    return {
        "place": labels.programme(row.programme_id),
        "absence": labels.text.code("absence", row.absence),
        "reason": labels.reason(row.reason),
    }


def reading_cells(labels: Labels, row: Estimate, heading: str) -> dict[str, str]:
    """Return the cells of an estimate under one reading; what it is of stands in the column ``heading``."""
    place = labels.programme(row.programme_id)
    return {
        heading: labels.text("comparison.of_place", place=place, name=labels.thing_of(row)),
        "reading": labels.readings(row.reading),
        "value": bounded_phrase(labels, row),
        "standing": labels.standing(row),
    }


def pairs_phrase(labels: Labels, higher: int, total: int) -> str:
    """Return in how many pairs of readings an order holds; of a single pair there is nothing to count."""
    if total == 1:
        return labels.text("comparison.single_above" if higher else "comparison.single_tie")
    return labels.text("comparison.of", number=higher, all=total)


def printed_phrase(labels: Labels, comparison: Comparison, item: str) -> str:
    """Return the value of an item as its document prints it, with its year, where prices are converted."""
    if comparison.price_basis == NOMINAL:
        return ""
    row = Estimate(**{name: comparison.evidence[item][name] for name in Estimate._fields})
    printed = round(printed_value(comparison.data, row), 6)
    year = labels.year(row.year, row.year_basis) if row.year else labels.text("site.year_unknown")
    return labels.attributes([labels.text.quantity(printed, common_unit(comparison), short=True), year])


def prices_phrase(labels: Labels, comparisons: Iterable[Comparison]) -> str:
    """Return the prices in which money is compared: those of a year, of several, or as printed."""
    bases = {each.price_basis for each in comparisons if common_unit(each).startswith("CNY")}
    return labels.text.listing([price_phrase(labels, basis) for basis in sorted(bases or {NOMINAL})])


def common_unit(comparison: Comparison) -> str:
    """Return the unit of what is compared, money without its denominators: these may differ, as places do."""
    units = {shown_unit(comparison.measure, unit) for unit in {row.unit for row in comparison.rows}}
    return units.pop() if len(units) == 1 else ""
