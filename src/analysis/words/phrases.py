"""Estimates in words, and the lines under a chart that say what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence.rows import Source, group_by, rows_of
from analysis.words.labels import Labels, typed

# A mapping is a row of a frame that somebody chose columns of.
SpanRow = Span | Mapping[str, Any]
AnyRow = TypeVar("AnyRow", bound=tuple[Any, ...] | Mapping[str, Any])


def with_values(rows: Iterable[AnyRow]) -> list[AnyRow]:
    """Return the rows that have a value."""
    return [row for row in rows if not typed(row).absence]


def group_by_cell(labels: Labels, rows: Iterable[Span]) -> dict[tuple[str, ...], list[Span]]:
    """Return the rows by measure and dimensions, in the order of reports."""
    found = group_by(rows, lambda row: row.cell)
    return {cell: found[cell] for cell in sorted(found, key=labels.order)}


SHARES = ("venues_covered", "rectified_share", "weak_village_share")
"""Ratios that are said in percent."""


def in_percent(measure: str, unit: str) -> str:
    """Return the unit of a value as it is shown: parts of a whole in percent, others as they are."""
    return "share" if measure in SHARES else unit


def shown_unit(measure: str, unit: str) -> str:
    """Return the unit in which a value stands under its heading: money without its denominators."""
    return strip_denominators(in_percent(measure, unit))


def strip_denominators(unit: str) -> str:
    """Return a unit of money without its denominators, which a heading says; other units as they are."""
    return unit.split("/")[0] if unit.startswith("CNY") else unit


def phrase(labels: Labels, row: SpanRow, *details: str) -> str:
    """Return an estimate in words: its value or bound, then in brackets its span and the ``details``."""
    text, estimate = labels.text, typed(row)
    if estimate.absence:
        return text.code("absence", estimate.absence)
    unit = shown_unit(getattr(estimate, "measure", ""), estimate.unit)
    lower, upper = estimate.lower, estimate.upper
    span = ""
    if estimate.low < estimate.high:
        span = text.span(estimate.low, estimate.high, unit if unit.startswith(("CNY", "share")) else "")
        value = text.quantity(estimate.value, unit, short=True)
    elif upper == math.inf or (lower == 0 < estimate.value == upper) or unit == "share":
        value = text.interval(estimate.value, lower, upper, unit)
    else:
        value = text.quantity(estimate.value, unit, short=True)
    return labels.with_detail(value, (span, *details, count_readings(labels, row)))


def bounded_phrase(labels: Labels, row: Span | Estimate, *, short: bool = True) -> str:
    """Return the value of an estimate with its bounds, or the type of its absence."""
    if row.absence:
        return labels.text.code("absence", row.absence)
    unit = in_percent(row.measure, row.unit)
    return labels.text.interval(row.value, row.lower, row.upper, unit, short=short)


def count_readings(labels: Labels, row: SpanRow) -> str:
    """Return in how many of its readings an estimate has a value, where it is not all of them."""
    estimate = typed(row)
    if estimate.n_values == estimate.n_readings:
        return ""
    return labels.text("report.of_readings", number=estimate.n_values, all=estimate.n_readings)


def price_phrase(labels: Labels, basis: str) -> str:
    """Return the price basis in words: prices as printed, or prices of a year."""
    if basis.startswith("constant-"):
        return labels.text("chart.constant", year=basis.removeprefix("constant-"))
    return labels.text("chart.nominal")


def unit_phrase(labels: Labels, unit: str, basis: str) -> str:
    """Return a unit in words, and for money its price basis."""
    prices = price_phrase(labels, basis) if unit.startswith("CNY") else ""
    name = labels.text("chart.percent") if unit == "share" else labels.text.unit(unit) if unit else ""
    return labels.attributes([name, prices])


def list_programmes(labels: Labels, programmes: Iterable[str], most: int = 12) -> str:
    """Return programmes by name, or how many they are where they are more than ``most``."""
    chosen = list(programmes)
    if len(chosen) > most:
        return labels.text("chart.programmes", number=labels.text.number(len(chosen)))
    return labels.text.listing([labels.programme(programme) for programme in chosen])


def source_line(labels: Labels, programmes: Iterable[str], most: int = 12) -> str:
    """Return the source line of the programmes that are drawn with a value."""
    sources = labels.data.sources[labels.data.sources["programme_id"].isin(list(programmes))]
    if sources.empty:
        return ""
    if len(sources) > most:
        return labels.text("chart.source_many", number=labels.text.number(len(sources)))
    titles = [
        labels.with_detail(labels.text.pick(row.title_en, row.title), labels.publication(row))
        for row in rows_of(Source, sources)
    ]
    return labels.text("chart.source", sources=labels.text("number.item_separator").join(titles))


def years_note(labels: Labels, rows: Iterable[SpanRow], most: int = 12) -> str:
    """Return the years of the money that is drawn, by programme; none where they are too many to name."""
    years: dict[str, list[str]] = {}
    for row in map(typed, rows):
        shown = labels.year(row.year, row.year_basis)
        if shown not in years.setdefault(row.programme_id, []):
            years[row.programme_id].append(shown)
    if not years:
        return ""
    if len(years) > most:
        return labels.text("chart.note_years_differ")
    named = (
        labels.text("chart.year_of", place=labels.programme(p), years=labels.attributes(years[p]))
        for p in labels.data.programme_ids
        if p in years
    )
    return labels.text("chart.note_years", years=labels.text("number.item_separator").join(named))
