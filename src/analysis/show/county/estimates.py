"""Tables of one programme's estimates, and of the measures that it has no value for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain
from typing import Any

from analysis.draw.tables import Table
from analysis.estimates.measures import Estimate
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.series import dated_spans, series_of, series_rows
from analysis.estimates.spans import Span
from analysis.evidence.register import MEASURES, NATION
from analysis.evidence.rows import group_by
from analysis.evidence.schema import DIMENSIONS
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.labels import Labels
from analysis.words.notes import coding_notes
from analysis.words.phrases import count_readings, in_percent, with_values
from analysis.words.regions import level_phrases
from analysis.words.series import year_phrase

Gap = Span | Estimate
NO_UNIT = ("ratio", "share")


def estimates_table(view: ProgrammeView, theme: str) -> Table | None:
    """Return the programme's estimates of a theme; ``None`` where it has none."""
    own = {row.cell: row for row in with_values(view.own_spans) if row.theme == theme}
    beside = {cell: row for row in own.values() for cell in _national_cells(row) if cell in own}
    alone = (row for row in own.values() if row not in beside.values())
    rows = sorted(alone, key=lambda row: _order(view, row))
    if not rows:
        return None
    units = {code: {row.unit for row in found} for code, found in group_by(rows, lambda r: r.measure).items()}
    cells = tuple(
        _cells(view, row, len(units[row.measure]) == 1) | {"regional": _regional(view, beside.get(row.cell))}
        for row in rows
    )
    money = any(row.unit.startswith("CNY") for row in rows)
    converted = any(_constant_row(view, row) for row in rows)
    optional = ["span"] if any(cell["span"] for cell in cells) else []
    optional += ["constant"] if converted else []
    optional += ["regional"] if _below_nation(view, beside.values()) else []
    columns = view.columns("measure", "what", "value", *optional, "year", "status", "figures")
    caption = "table.caption_theme_money" if money else "table.caption_theme"
    title = view.text(caption, theme=view.text(f"report.section_{theme}"))
    coded = coding_notes(view.labels, view.programme, units)
    notes = (*_price_notes(view, money, converted), *_level_notes(view, own.values()), *coded)
    pieces = tuple(cell_name(theme, row) for row in rows)
    return Table(theme, title, columns, cells, group="measure", notes=notes, pieces=pieces)


def cell_name(theme: str, row: Span | Estimate) -> str:
    """Return what the row of an estimate is called as a piece of the page."""
    return ".".join((theme, *row.cell))


def rows_touched(theme: str, row: Estimate) -> list[str]:
    """Return the rows that show an estimate: its own, and that of the same by the whole country."""
    beside = (row._replace(measure=code) for code in MEASURES[row.measure].beside)
    return [cell_name(theme, each) for each in (row, *beside)]


def _price_notes(view: ProgrammeView, money: bool, converted: bool) -> tuple[str, ...]:
    if not money or view.price_year is None:
        return ()
    return (view.text("report.price_note" if converted else "report.price_none", year=view.price_year),)


def _national_cells(row: Span) -> list[tuple[str, ...]]:
    """Return the cell of the same ratio to the series of the whole country, for one that goes by region."""
    return [row._replace(measure=code).cell for code in MEASURES[row.measure].beside]


def _below_nation(view: ProgrammeView, rows: Iterable[Span]) -> bool:
    """Return whether a ratio goes by a region below the country under any reading, and so differs."""
    cells = {row.cell for row in rows}
    return any(each.cell in cells and each.region not in ("", NATION) for each in view.own_estimates)


def _regional(view: ProgrammeView, row: Span | None) -> str:
    """Return the ratio by the nearest region, with its region and span."""
    if row is None:
        return ""
    span = view.text.span(row.low, row.high, row.unit, short=False) if row.low < row.high else ""
    shown = view.text.interval(row.value, row.lower, row.upper, row.unit, short=False)
    return view.labels.with_detail(shown, [view.labels.region(row.region), span])


def _level_notes(view: ProgrammeView, rows: Iterable[Span]) -> list[str]:
    """Return what pay is divided by in each year that it may be of, where it goes by the nearest region."""
    said = dict.fromkeys(phrase for row in rows for phrase in level_phrases(view.labels, row))
    separator = view.text("number.item_separator")
    return [view.text("report.level_note", levels=separator.join(said))] if said else []


def _order(view: ProgrammeView, row: Span) -> tuple[Any, ...]:
    ranks = (view.labels.rank(name, getattr(row, name)) for name in DIMENSIONS)
    return (list(MEASURES).index(row.measure), row.unit, *ranks)


def _cells(view: ProgrammeView, row: Span, one_unit: bool) -> dict[str, str]:
    """Return the cells of an estimate; its unit stands in the heading of its measure."""
    text, unit = view.text, row.unit
    name = view.labels.measure(row.measure)
    # A count says what it counts by the name of its measure.
    if unit not in NO_UNIT and (not one_unit or unit.startswith("CNY") or "/" in unit):
        name = text("table.with_unit", name=name, unit=text.unit(unit))
    shown = in_percent(row.measure, unit) if unit in NO_UNIT else ""
    return {
        "measure": name,
        "what": view.labels.with_detail(view.labels.dimensions(row), [view.labels.region(row.region)]),
        "value": text.interval(row.value, row.lower, row.upper, shown, short=False),
        "span": _span(view, row, shown),
        "constant": _constant(view, row),
        "year": view.labels.year(row.year, row.year_basis),
        "status": text.code("status", row.status),
        "figures": row.figure_ids,
    }


def _span(view: ProgrammeView, row: Span, unit: str) -> str:
    share = count_readings(view.labels, row)
    if row.low == row.high:
        return share
    return view.labels.with_detail(view.text.span(row.low, row.high, unit, short=False), [share])


def _constant_row(view: ProgrammeView, row: Span) -> Span | None:
    """Return the span of an estimate in constant prices, if it has one."""
    constant = view.constant.get(row.cell)
    return constant if constant and not constant.absence else None


def _constant(view: ProgrammeView, row: Span) -> str:
    """Return an amount of money in constant prices, in the unit of its measure's heading."""
    if not row.unit.startswith("CNY") or not view.constant:
        return ""
    return _constant_words(view, _constant_row(view, row))


def _constant_words(view: ProgrammeView, constant: Span | None) -> str:
    if constant is None:
        return view.text.code("absence", "not_comparable")
    value, low, high = map(round, (constant.value, constant.low, constant.high))
    bounds = (constant.lower, constant.upper)
    lower, upper = (bound if bound in (0, math.inf) else round(bound) for bound in bounds)
    shown = view.text.interval(value, lower, upper, "", short=False)
    return view.labels.with_detail(shown, [view.text.span(low, high, "") if low < high else ""])


def series_table(view: ProgrammeView, theme: str) -> Table | None:
    """Return what the programme reports of several years in a theme, a row each; ``None`` without any."""
    found = list(chain.from_iterable(series_of(view.data, view.programme, theme)))
    if not found:
        return None
    cells = tuple(_cells(view, each.span, False) | {"year": year_phrase(view.labels, each)} for each in found)
    money = [each.span.unit.startswith("CNY") for each in found]
    constant = _constant_series(view, theme) if any(money) else {}
    for row, each, is_money in zip(cells, found, money, strict=True):
        own = constant.get((each.time, each.span.cell))
        row["constant"] = _constant_words(view, own) if is_money and constant else ""
    optional = [key for key in ("span", "constant") if any(row[key] for row in cells)]
    columns = view.columns("measure", "what", "year", "value", *optional, "status", "figures")
    caption = "series.caption_money" if any(money) else "series.caption"
    title = view.text(caption, theme=view.text(f"report.section_{theme}"))
    notes = _price_notes(view, any(money), bool(constant))
    return Table(f"series-{theme}", title, columns, cells, group="measure", notes=notes)


def _constant_series(view: ProgrammeView, theme: str) -> dict[tuple[str, tuple[str, ...]], Span]:
    """Return the values of series in prices of ``price_year``, by their years and cell."""
    if view.price_year is None:
        return {}
    found = dated_spans(view.data, series_rows(view.data, view.programme, theme), view.price_year)
    return {(each.time, each.span.cell): each.span for each in found}


def missing_table(view: ProgrammeView) -> Table:
    """Return the measures without a value, with the kind of absence and its reason.

    Rows that differ in their measure only, or in what they are of, are one row.
    """
    alike = group_by(_gaps(view), lambda row: _joint(view.labels, row))
    cells = tuple(_gap_cells(view, rows) for rows in alike.values())
    columns = view.columns("theme", "measure", "what", "absence", "reason")
    return Table("missing", view.text("table.caption_missing"), columns, cells, group="theme")


def _gaps(view: ProgrammeView) -> list[Gap]:
    """Return the absences in order: those that the source explains, then measures without any estimate."""
    have = {row.measure for row in with_values(view.own_spans)}
    gaps: list[Gap] = [
        row for row in view.own_spans if row.absence and (row.coding_id or row.measure not in have)
    ]
    named = {row.measure for row in gaps} | have
    silent = (Estimate(view.programme, m.theme, code) for code, m in MEASURES.items() if code not in named)
    gaps += [estimate.without_value("not_reported", NOT_PRINTED) for estimate in silent]
    themes = list(dict.fromkeys(measure.theme for measure in MEASURES.values()))
    return sorted(gaps, key=lambda row: (themes.index(row.theme), not row.coding_id))


def _joint(labels: Labels, row: Gap) -> tuple[str, ...]:
    """Return what the absences in one row of the table have in common."""
    measure = row.measure if labels.dimensions(row) else ""
    return (row.theme, measure, row.absence, labels.reason(row.reason))


def _gap_cells(view: ProgrammeView, rows: list[Gap]) -> dict[str, str]:
    first, separator = rows[0], view.text("number.item_separator")
    measures = dict.fromkeys(view.labels.measure(row.measure) for row in rows)
    whats = [what for row in rows if (what := view.labels.dimensions(row))]
    return {
        "theme": view.text(f"report.section_{first.theme}"),
        "measure": separator.join(measures),
        "what": separator.join(whats) or view.text("report.whole"),
        "absence": view.text.code("absence", first.absence),
        "reason": view.labels.reason(first.reason),
    }
