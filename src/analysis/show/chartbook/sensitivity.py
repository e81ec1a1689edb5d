"""What does each way to read the text do to an estimate?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.draw import Chart, ChartRow, Group
from analysis.estimates.measures import Estimate
from analysis.estimates.selection import LABELLED
from analysis.evidence.register import MEASURES, parse_when
from analysis.evidence.rows import group_by, rows_of
from analysis.show.chartbook.chart_rows import range_notes
from analysis.words.labels import Labels
from analysis.words.phrases import source_line, strip_denominators, unit_phrase


def read_measures(estimates: pd.DataFrame, programme: str) -> list[str]:
    """Return the measures of a programme whose value some reading moves, in the order of the register."""
    rows = rows_of(Estimate, estimates, programme_id=programme)
    return [code for code in MEASURES if any(map(_moves, _cells(rows, code)))]


def _cells(rows: list[Estimate], measure: str) -> list[list[Estimate]]:
    """Return the readings of each thing that a measure is given for, where one of them has a value."""
    cells = group_by((row for row in rows if row.measure == measure), lambda row: row.cell)
    return [found for found in cells.values() if any(not row.absence for row in found)]


def _changes(rows: list[Estimate]) -> bool:
    feasible = [row for row in rows if row.feasible]
    outcomes = {row.absence or (row.value, row.lower, row.upper) for row in feasible}
    return len(outcomes) > 1 or len(feasible) < len(rows)


def _moves(rows: list[Estimate]) -> bool:
    return _changes(rows) and _reach(_usable(rows)) > 0


def reading_chart(labels: Labels, estimates: pd.DataFrame, programme: str, measure: str) -> Chart:
    """Return what each reading makes of a measure of one programme: one group for each thing measured.

    ``estimates`` are those under readings that the text leaves open, with definitions decided.

    The readings without a value, and those that arithmetic rules out, are one row in words. Where the
    readings of several choices are too many to label, each has its range over the readings of all others.
    """
    rows = rows_of(Estimate, estimates, programme_id=programme, measure=measure)
    cells = [found for found in _cells(rows, measure) if _moves(found)]
    groups = tuple(Group(labels.object_of(measure, found[0]), _group(labels, found)) for found in cells)
    unit = next((row.unit for row in rows if row.unit), "")
    basis = rows[0].price_basis if rows else ""
    chart = Chart(
        name=f"readings_{measure}", language=labels.text.language, groups=groups, unit=unit,
        title=_title(labels, programme, measure, cells),
        subtitle=labels.text(
            "chart.subtitle_readings",
            measure=labels.measure(measure),
            unit=unit_phrase(labels, unit, basis),
        ),
        source=source_line(labels, [programme]),
        price_basis=basis,
    )  # fmt: skip
    # The line of one reading is what its words leave open; that of many is what the other choices do.
    ranged = "note_bounds" if all(len(found) <= LABELLED for found in cells) else "note_range"
    notes = [labels.text("chart.note_readings"), *range_notes(labels, chart, ranged)]
    return replace(chart, note=labels.sentences(notes))


def _usable(rows: list[Estimate]) -> list[Estimate]:
    return [row for row in rows if row.feasible and not row.absence]


def _group(labels: Labels, rows: list[Estimate]) -> tuple[ChartRow, ...]:
    if len(rows) <= LABELLED:
        shown = sorted(_usable(rows), key=lambda row: -row.value)
        return (*(_reading_row(labels, row) for row in shown), *_without_value(labels, rows))
    choices: dict[str, dict[str, list[Estimate]]] = {}
    for row in _usable(rows):
        for choice, reading in parse_when(row.reading).items():
            choices.setdefault(choice, {}).setdefault(reading, []).append(row)
    return tuple(
        _range_row(labels, choice, reading, found)
        for choice, readings in choices.items()
        for reading, found in readings.items()
    )


def _reading_row(labels: Labels, row: Estimate) -> ChartRow:
    value = labels.text.interval(row.value, row.lower, row.upper, strip_denominators(row.unit))
    standing = labels.text("report.default") if row.is_default else ""
    low, high = (row.lower, row.upper) if row.lower < row.upper else (None, None)
    return ChartRow(
        labels.readings(row.reading), labels.with_detail(value, [standing]), row.value, low, high,
        highlight=bool(row.is_default), **_evidence(row),
    )  # fmt: skip


def _evidence(row: Estimate) -> dict[str, Any]:
    return {
        "programme": row.programme_id, "figure_ids": row.figure_ids, "reading": row.reading,
        "unit": row.unit,
    }  # fmt: skip


def _without_value(labels: Labels, rows: list[Estimate]) -> list[ChartRow]:
    """Return one row for the readings that give no value or are ruled out: how many, and why."""
    text = labels.text
    left = tuple(
        ChartRow(
            labels.readings(row.reading),
            text.code("absence", row.absence) if row.feasible else text("report.ruled_out"),
            absence=row.absence, **_evidence(row),
        )
        for row in sorted(rows, key=lambda row: not row.feasible)
        if row.absence or not row.feasible
    )  # fmt: skip
    if not left:
        return []
    why = text("number.item_separator").join(dict.fromkeys(row.text for row in left))
    return [ChartRow("", text("chart.readings_out", number=len(left), all=len(rows), why=why), others=left)]


def _range_row(labels: Labels, choice: str, reading: str, rows: list[Estimate]) -> ChartRow:
    """Return the range of an estimate under one reading of one choice, over the readings of all others."""
    default = next((row for row in rows if row.is_default), None)
    values = [row.value for row in rows]
    unit = strip_denominators(rows[0].unit)
    shown = default or min(rows, key=lambda row: row.value)
    words = labels.text.span(min(values), max(values), unit)
    return ChartRow(
        labels.readings(f"{choice}={reading}"), words, shown.value, min(values), max(values),
        highlight=default is not None, programme=shown.programme_id, reading=f"{choice}={reading}",
        figure_ids=shown.figure_ids, unit=shown.unit,
    )  # fmt: skip


def _title(labels: Labels, programme: str, measure: str, cells: list[list[Estimate]]) -> str:
    """Return the finding: between which values the readings put the estimate that they move most."""
    place, name = labels.programme(programme), labels.measure(measure)
    widest = max(map(_usable, cells), key=_reach)
    low, high = _ends(widest)
    return labels.text(
        "finding.readings",
        place=place,
        measure=labels.with_detail(name, [labels.dimensions(widest[0])]),
        span=labels.text.span(low, high, strip_denominators(widest[0].unit)),
        number=len(widest),
    )


def _reach(rows: list[Estimate]) -> float:
    """Return how far the readings of an estimate lie apart, as a share of its largest value."""
    if not rows:
        return 0.0
    low, high = _ends(rows)
    return (high - low) / (max(abs(low), abs(high)) or 1.0)


def _ends(rows: list[Estimate]) -> tuple[float, float]:
    """Return the smallest and the largest value over readings; finite bounds count as in ``spans``."""
    several = len(rows) > 1
    ends = [end for row in rows for end in (row.value, *((row.lower, row.upper) if several else ()))]
    finite = [end for end in ends if math.isfinite(end)]
    return min(finite), max(finite)
