"""Estimates in words, and the lines under a chart that say what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.evidence.dataset import records
from analysis.words.labels import Labels

Span = Mapping[str, Any]


def valued(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that have a value."""
    return [row for row in rows if not row["absence"]]


def bare(unit: str) -> str:
    """Return a unit of money without its denominators, which a heading says; other units as they are."""
    return unit.split("/")[0] if unit.startswith("CNY") else unit


def phrase(labels: Labels, row: Span, *details: str) -> str:
    """Return an estimate in words: its value or bound, then in brackets its span and the ``details``."""
    text = labels.text
    if row["absence"]:
        return text.code("absence", row["absence"])
    unit = bare(row["unit"])
    lower, upper = row["lower"], row["upper"]
    span = ""
    if row["low"] < row["high"]:
        span = text.span(row["low"], row["high"], unit if unit.startswith("CNY") else "")
        value = text.quantity(row["value"], unit, short=True)
    elif upper == math.inf or (lower == 0 < row["value"] == upper):
        value = text.interval(row["value"], lower, upper, unit)
    else:
        value = text.quantity(row["value"], unit, short=True)
    return labels.with_detail(value, (span, *details, of_readings(labels, row)))


def of_readings(labels: Labels, row: Span) -> str:
    """Return in how many of its readings an estimate has a value, where it is not all of them."""
    if row["n_values"] == row["n_readings"]:
        return ""
    return labels.text("report.of_readings", number=row["n_values"], all=row["n_readings"])


def price_phrase(labels: Labels, basis: str) -> str:
    """Return the price basis in words: prices as printed, or prices of a year."""
    if basis.startswith("constant-"):
        return labels.text("chart.constant", year=basis.removeprefix("constant-"))
    return labels.text("chart.nominal")


def unit_phrase(labels: Labels, unit: str, basis: str) -> str:
    """Return a unit in words, and for money its price basis."""
    prices = price_phrase(labels, basis) if unit.startswith("CNY") else ""
    return labels.attributes([labels.text.unit(unit) if unit else "", prices])


def names(labels: Labels, programmes: Iterable[str], most: int = 12) -> str:
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
        labels.with_detail(labels.text.pick(row["title_en"], row["title"]), labels.publication(row))
        for row in records(sources)
    ]
    return labels.text("chart.source", sources=labels.text("number.item_separator").join(titles))


def years_note(labels: Labels, rows: Iterable[dict[str, Any]], most: int = 12) -> str:
    """Return the years of the money that is drawn, by programme; none where they are too many to name."""
    years: dict[str, list[str]] = {}
    for row in rows:
        shown = labels.year(row["year"], row["year_basis"])
        if shown not in years.setdefault(row["programme_id"], []):
            years[row["programme_id"]].append(shown)
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
