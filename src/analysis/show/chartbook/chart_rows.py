"""What the charts of the book share: rows of estimates, rows of absences, distributions, notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from analysis.draw import Chart, ChartRow, Group
from analysis.draw.marks import far_out
from analysis.estimates.selection import LABELLED
from analysis.estimates.spans import Span
from analysis.evidence import units
from analysis.evidence.rows import group_by
from analysis.evidence.theme import Question
from analysis.words.findings.titles import chart_title
from analysis.words.labels import Labels
from analysis.words.phrases import (
    in_percent,
    list_programmes,
    phrase,
    price_phrase,
    source_line,
    strip_denominators,
    with_values,
)

NAMED_OUTLIERS = 3
# Types of absence: where a programme has several, the first of them is said.
SILENT = ("not_comparable", "not_applicable", "not_coded", "not_reported")
# A tail beyond this share of the values is left out of the picture, where it would squeeze all the others.
TAIL, SQUEEZED = 0.98, 1.5


def answer(
    labels: Labels, spans: pd.DataFrame, programme: str, question: Question, *, rows: list[Span],
    measures: Sequence[str], groups: tuple[Group, ...], notes: Iterable[str] = (), planned: bool = False,
    **drawn: Any,
) -> Chart | None:  # fmt: skip
    """Return the chart of a question with its title from ``rows``, and the rest from what is drawn.

    None where the programme has no value in it, or where there is but one value to draw.
    """
    chart = Chart(
        name=question.chart, language=labels.text.language, subtitle="", groups=groups,
        title=chart_title(labels, rows, programme, measures), **drawn,
    )  # fmt: skip
    if programme not in chart.programmes or not chart.is_telling:
        return None
    basis = str(spans["price_basis"].iloc[0]) if len(spans) else ""
    said = labels.text(
        f"chart.subtitle_{chart.name}",
        prices=price_phrase(labels, basis),
        reporting=labels.text.number(len(chart.programmes)),
        total=labels.text.number(len(labels.data.programme_ids)),
    )
    aim = labels.text("chart.note_planned") if planned else ""
    chart, cut = without_tail(labels, chart)
    note = labels.sentences([*marks_notes(labels, chart, programme), *notes, aim, cut])
    source = source_line(labels, chart.programmes)
    return replace(chart, subtitle=said, note=note, source=source, price_basis=basis)


def marks_notes(labels: Labels, chart: Chart, programme: str) -> list[str]:
    """Return what the marks of a chart mean, for those that are drawn."""
    text, kind = labels.text, chart.mark
    rows = [row for row in chart.rows if row.value is not None]
    found = []
    if {row.highlight for row in rows} == {True, False}:
        found.append(text(f"chart.note_{kind}", place=labels.programme(programme)))
    if any(row.is_distribution for row in chart.rows):
        found.append(text("chart.note_distribution"))
    return [*found, *range_notes(labels, chart)]


def range_notes(labels: Labels, chart: Chart, ranged: str = "note_range") -> list[str]:
    """Return what the ranges, arrows and small dots of a chart mean, for those that can be seen.

    ``ranged`` is the message on ranges, if they are not those of values over readings.
    """
    text, rows = labels.text, [row for row in chart.rows if row.value is not None]
    found = []
    if any(row.before is not None for row in rows):
        found.append(text("chart.note_before"))
    if any(chart.shows_range(row) for row in rows):
        found.append(text(f"chart.{ranged}"))
    if any(row.is_open or row.high == math.inf for row in rows):
        found.append(text("chart.note_lower_bound"))
    if any(row.low == -math.inf for row in rows):
        found.append(text("chart.note_upper_bound"))
    return found


def rows_by_value(
    labels: Labels, members: list[Span], programme: str, distinct: tuple[str, ...]
) -> tuple[ChartRow, ...]:
    """Return the rows with a value, the largest first.

    Counts are not ranked: the programme comes first, and the others in the order of the data.

    Where they are too many to label, the others than ``programme`` become one distribution.
    """
    shown = sorted(with_values(members), key=lambda row: row.programme_id != programme)
    if shown and units.is_rate(shown[0].unit):
        shown.sort(key=lambda row: -row.value)
    if len({tuple(getattr(row, name) for name in distinct) for row in shown}) < 2:
        distinct = ()
    rows = [value_row(labels, row, row.programme_id == programme, distinct) for row in shown]
    return tuple(with_distribution(labels, rows, shown[0].unit) if len(rows) > LABELLED else rows)


def with_distribution(labels: Labels, rows: Sequence[ChartRow], unit: str) -> list[ChartRow]:
    """Return the highlighted rows, rates with their place among the others, and the others as one row."""
    others = tuple(row for row in rows if not row.highlight)
    values = [row.value for row in others if row.value is not None]
    own = [row for row in rows if row.highlight]
    if units.is_rate(unit):
        own = [replace(row, text=with_standing(labels, row, values)) for row in own]
    return [*own, distribution_row(labels, others, unit)]


def with_standing(labels: Labels, row: ChartRow, values: Sequence[float]) -> str:
    """Return the words of a row with the share of the others that it is higher than."""
    below = sum(value < (row.value or 0.0) for value in values)
    share = labels.text.number(100 * below / len(values), 0)
    return labels.with_detail(row.text, [labels.text("chart.above", share=share)])


def distribution_row(
    labels: Labels, others: tuple[ChartRow, ...], unit: str, label: str = "others"
) -> ChartRow:
    """Return one row for many values: their number, median and middle half, and by name those far out."""
    values = [row.value for row in others if row.value is not None]
    return ChartRow(
        labels.text(f"chart.{label}", number=labels.text.number(len(values))),
        quartiles_phrase(labels, values, unit),
        unit=unit,
        others=others,
        aside=outliers_phrase(labels, others, unit),
    )


def quartiles_phrase(labels: Labels, values: Sequence[float], unit: str) -> str:
    """Return the median and the middle half of values in words."""
    low, median, high = (float(value) for value in np.quantile(values, (0.25, 0.5, 0.75)))
    shown = strip_denominators(unit)
    return labels.text(
        "chart.spread",
        median=labels.text.quantity(median, shown, short=True),
        half=labels.text.span(low, high, shown),
    )


def outliers_phrase(labels: Labels, others: Sequence[ChartRow], unit: str) -> str:
    """Return which of many values lie far out, the farthest by name; empty where none does."""
    found = outliers(others) if len(others) > LABELLED else []
    if not found:
        return ""
    named, shown = found[:NAMED_OUTLIERS], strip_denominators(unit)
    listed = labels.text("number.item_separator").join(
        labels.text(
            "chart.beside",
            place=labels.programme(row.programme),
            value=labels.text.quantity(row.value or 0.0, shown, short=True),
        )
        for row in named
    )
    more = len(found) - len(named)
    key = "chart.far_out_more" if more else "chart.far_out"
    return labels.text(key, listed=listed, number=labels.text.number(more))


def outliers(others: Sequence[ChartRow]) -> list[ChartRow]:
    """Return the rows whose values lie far out, the farthest from the median first."""
    rows = [row for row in others if row.value is not None]
    values = np.array([row.value for row in rows])
    far = [row for row, beyond in zip(rows, far_out(values), strict=True) if beyond]
    middle = float(np.median(values))
    return sorted(far, key=lambda row: -abs((row.value or 0.0) - middle))


def gaps_of(
    labels: Labels, thing: str, absences: Mapping[str, str], present: Iterable[str]
) -> list[ChartRow]:
    """Return a row for each programme that gives no value of a thing, with the type of absence.

    A programme that ``absences`` does not name reports nothing.
    """
    there = set(present)
    return [
        gap_row(labels, programme, thing, absences.get(programme, "not_reported"))
        for programme in labels.data.programme_ids
        if programme not in there
    ]


def gap_row(labels: Labels, programme: str, thing: str, absence: str) -> ChartRow:
    """Return the row of a programme that gives no value of a thing; no chart has a place for it."""
    label = labels.with_detail(labels.programme(programme), [thing])
    return ChartRow(label, labels.text.code("absence", absence), programme=programme, absence=absence)


def silent_group(labels: Labels, gaps: Iterable[ChartRow], present: Iterable[str]) -> list[Group]:
    """Return a last group for a chart that says once who gives no value, and who only a part of them."""
    there = set(present)

    def kind_of(found: list[ChartRow]) -> str:
        types = {gap.absence for gap in found}
        return "in_part" if found[0].programme in there else next(each for each in SILENT if each in types)

    kinds = group_by(group_by(gaps, lambda gap: gap.programme).values(), kind_of)
    rows = []
    for kind in (*reversed(SILENT), "in_part"):
        if found := kinds.get(kind, []):
            names = list_programmes(labels, [gaps_of_one[0].programme for gaps_of_one in found])
            said = labels.text(f"chart.{kind}", names=names)
            rows.append(ChartRow("", said, others=tuple(chain.from_iterable(found))))
    return [Group("", tuple(rows))] if rows else []


def silent_of(labels: Labels, things: Sequence[tuple[str, list[Span]]]) -> list[Group]:
    """Return who gives no value of what a chart draws: ``things`` are named and have their estimates."""
    gaps: list[ChartRow] = []
    present: set[str] = set()
    for thing, members in things:
        reporting = {row.programme_id for row in with_values(members)}
        absences = {row.programme_id: row.absence for row in members if row.absence}
        gaps += gaps_of(labels, thing if len(things) > 1 else "", absences, reporting)
        present |= reporting
    return silent_group(labels, gaps, present)


def value_row(labels: Labels, row: Span, highlight: bool, distinct: tuple[str, ...] = ()) -> ChartRow:
    """Return the row of one estimate; ``distinct`` names the dimensions that its label must say."""
    details = labels.attributes(labels.term(name, getattr(row, name)) for name in distinct)
    label = labels.with_detail(labels.programme(row.programme_id), [details])
    planned = labels.text.code("status", row.status) if row.status in ("planned", "open") else ""
    return estimate_row(row, label, phrase(labels, row, planned), highlight)


def estimate_row(row: Span, label: str, words: str, highlight: bool) -> ChartRow:
    """Return an estimate as a row of a chart, with its evidence."""
    low, high = ends_to_draw(row)
    return ChartRow(
        label, words, row.value, low, high,
        highlight=highlight, programme=row.programme_id, figure_ids=row.figure_ids,
        reading=row.reading, unit=in_percent(row.measure, row.unit),
    )  # fmt: skip


def ends_to_draw(row: Span) -> tuple[float | None, float | None]:
    """Return the ends to draw: the span over readings, else the bounds; an open bound is infinite."""
    if row.low < row.high:
        return row.low, row.high
    low = -math.inf if row.lower == 0 < row.value else row.lower
    if math.isinf(low) and row.upper == math.inf:
        return None, None
    return low, row.upper


def without_tail(labels: Labels, chart: Chart) -> tuple[Chart, str]:
    """Return the chart with its axis ended before a long tail of a distribution, and the note on that."""
    tails = [
        other.value
        for row in chart.rows
        if row.is_distribution
        for other in row.others
        if other.value is not None
    ]
    if not tails or chart.axis != "value":
        return chart, ""
    usual = float(np.quantile(tails, TAIL))
    labelled = [b for row in chart.rows for b in (row.value, row.high, row.before) if b and math.isfinite(b)]
    limit = max([usual, *labelled])
    beyond = sum(value > limit for value in tails)
    if max(tails) < SQUEEZED * limit:
        return chart, ""
    shown = labels.text.quantity(limit, strip_denominators(chart.unit), short=True)
    return replace(chart, limit=limit), labels.text("chart.note_limit", number=beyond, limit=shown)
