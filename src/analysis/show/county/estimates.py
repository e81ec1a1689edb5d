"""Tables of one programme's estimates, and of the measures that it has no value for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from analysis.draw.tables import Table
from analysis.estimates.measures import cell_of
from analysis.estimates.reasons import NOT_PRINTED
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.show.county.view import View
from analysis.words.phrases import count_readings, with_values

NO_UNIT = ("ratio", "share")


def estimates_table(view: View, theme: str) -> Table | None:
    """Return the programme's estimates of a theme; ``None`` where it has none."""
    rows = sorted(
        (row for row in with_values(view.own_spans) if row["theme"] == theme),
        key=lambda row: _order(view, row),
    )
    if not rows:
        return None
    units: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row["measure"], set()).add(row["unit"])
    cells = tuple(_cells(view, row, len(units[row["measure"]]) == 1) for row in rows)
    money = any(row["unit"].startswith("CNY") for row in rows)
    converted = any(_constant_row(view, row) for row in rows)
    optional = ["span"] if any(cell["span"] for cell in cells) else []
    optional += ["constant"] if converted else []
    columns = view.columns("measure", "what", "value", *optional, "year", "status", "figures")
    caption = "table.caption_theme_money" if money else "table.caption_theme"
    title = view.text(caption, theme=view.text(f"report.section_{theme}"))
    return Table(theme, title, columns, cells, group="measure", notes=_price_notes(view, money, converted))


def _price_notes(view: View, money: bool, converted: bool) -> tuple[str, ...]:
    if not money or view.price_year is None:
        return ()
    return (view.text("report.price_note" if converted else "report.price_none", year=view.price_year),)


def _order(view: View, row: dict[str, Any]) -> tuple[Any, ...]:
    ranks = (view.labels.rank(name, row[name]) for name in DIMENSIONS)
    return (list(MEASURES).index(row["measure"]), row["unit"], *ranks)


def _cells(view: View, row: dict[str, Any], one_unit: bool) -> dict[str, str]:
    """Return the cells of an estimate; its unit stands in the heading of its measure."""
    text, unit = view.text, row["unit"]
    name = view.labels.measure(row["measure"])
    # A count says what it counts by the name of its measure.
    if unit not in NO_UNIT and (not one_unit or unit.startswith("CNY") or "/" in unit):
        name = text("table.with_unit", name=name, unit=text.unit(unit))
    shown = unit if unit in NO_UNIT else ""
    return {
        "measure": name,
        "what": view.labels.dimensions(row),
        "value": text.interval(row["value"], row["lower"], row["upper"], shown, short=False),
        "span": _span(view, row, shown),
        "constant": _constant(view, row),
        "year": view.labels.year(row["year"], row["year_basis"]),
        "status": text.code("status", row["status"]),
        "figures": row["figure_ids"],
    }


def _span(view: View, row: dict[str, Any], unit: str) -> str:
    share = count_readings(view.labels, row)
    if row["low"] == row["high"]:
        return share
    return view.labels.with_detail(view.text.span(row["low"], row["high"], unit, short=False), [share])


def _constant_row(view: View, row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the span of an estimate in constant prices, if it has one."""
    constant = view.constant.get(cell_of(row))
    return constant if constant and not constant["absence"] else None


def _constant(view: View, row: dict[str, Any]) -> str:
    """Return an amount of money in constant prices, in the unit of its measure's heading."""
    if not row["unit"].startswith("CNY") or not view.constant:
        return ""
    constant = _constant_row(view, row)
    if constant is None:
        return view.text.code("absence", "not_comparable")
    value, low, high = (round(constant[name]) for name in ("value", "low", "high"))
    lower, upper = (bound if bound in (0, float("inf")) else round(bound) for bound in _bounds(constant))
    shown = view.text.interval(value, lower, upper, "", short=False)
    return view.labels.with_detail(shown, [view.text.span(low, high, "") if low < high else ""])


def _bounds(row: dict[str, Any]) -> tuple[float, float]:
    return row["lower"], row["upper"]


def missing_table(view: View) -> Table:
    """Return the measures without a value, with the kind of absence and its reason.

    Rows that differ in their measure only, or in what they are of, are one row.
    """
    rows = _merged([_gap(view, row) for row in _gaps(view)], "what", lambda row: bool(row["what"]))
    rows = _merged(rows, "measure", lambda row: not row["what"])
    for row in rows:
        row["what"] = row["what"] or view.text("report.whole")
    columns = view.columns("theme", "measure", "what", "absence", "reason")
    return Table("missing", view.text("table.caption_missing"), columns, tuple(rows), group="theme")


def _gaps(view: View) -> list[dict[str, Any]]:
    """Return the absences in order: those that the source explains, then measures without any estimate."""
    have = {row["measure"] for row in with_values(view.own_spans)}
    gaps = [
        row for row in view.own_spans if row["absence"] and (row["coding_id"] or row["measure"] not in have)
    ]
    named = {row["measure"] for row in gaps} | have
    silent = {"absence": "not_reported", "reason": NOT_PRINTED}
    gaps += [
        silent | {"measure": code, "theme": MEASURES[code].theme} for code in MEASURES if code not in named
    ]
    themes = list(dict.fromkeys(measure.theme for measure in MEASURES.values()))
    return sorted(gaps, key=lambda row: (themes.index(row["theme"]), not row.get("coding_id")))


def _gap(view: View, row: dict[str, Any]) -> dict[str, str]:
    return {
        "theme": view.text(f"report.section_{row['theme']}"),
        "measure": view.labels.measure(row["measure"]),
        "what": view.labels.dimensions(row),
        "absence": view.text.code("absence", row["absence"]),
        "reason": view.labels.reason(row["reason"]),
        "separator": view.text("number.item_separator"),
    }


def _merged(
    rows: Iterable[dict[str, str]], key: str, wanted: Callable[[dict[str, str]], bool]
) -> list[dict[str, str]]:
    """Return the rows with those that differ in one column only joined into one, in the order they come."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for place, row in enumerate(rows):
        rest = tuple(value for name, value in row.items() if name != key)
        same = found.setdefault((*rest, "" if wanted(row) else str(place)), {**row, key: ""})
        same[key] = row["separator"].join(part for part in (same[key], row[key]) if part)
    return list(found.values())
