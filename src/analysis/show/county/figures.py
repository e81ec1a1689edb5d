"""Tables of what stands in one programme's documents: their profile, figures and arithmetic."""

from __future__ import annotations

import math
import re

from analysis.draw.tables import Column, Table
from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.rows import Figure, Identity, Source, rows_of
from analysis.show.county.programme_view import FIGURE, ProgrammeView
from analysis.words.arithmetic import sign_of
from analysis.words.labels import capitalised


def profile_table(view: ProgrammeView) -> Table:
    """Return what the place and its source documents are."""
    place = view.place
    level = view.labels.term("admin_level", place["admin_level"])
    rows = [
        ("programme", view.labels.of(place, "programme_name")),
        ("level", capitalised(level)),
        ("parent", _parents(view)),
        *(row for source in view.sources for row in _source_rows(view, source)),
        ("count", _counts(view)),
        ("note", view.labels.of(place, "note")),
    ]
    cells = tuple(
        {"item": view.text(f"table.{key}"), "entry": value or view.text("report.empty")}
        for key, value in rows
        if value or key != "note"
    )
    return Table("profile", view.text("table.caption_profile"), view.columns("item", "entry"), cells)


def _parents(view: ProgrammeView) -> str:
    parent, province = (view.labels.of(view.place, name) for name in ("parent", "province"))
    return (
        view.text("report.parents", parent=parent, province=province)
        if parent and province
        else parent or province
    )


def _source_rows(view: ProgrammeView, source: Source) -> list[tuple[str, str]]:
    day, *basis = view.labels.publication(source)
    date, note = view.labels.with_detail(day, basis), view.labels.of(source, "date_note")
    translated = view.text("report.translated", title=source.title_en, original=source.title)
    return [
        ("source", view.text.pick(translated, source.title)),
        ("author", view.text.convert(source.author)),
        ("publisher", view.text.convert(source.publisher)),
        ("date", view.text("report.date_noted", date=date, note=note) if note else date),
    ]


def _counts(view: ProgrammeView) -> str:
    counts = view.figures["theme"].value_counts()
    themes = sorted(counts.index, key=lambda theme: view.labels.rank("theme", theme))
    listed = (
        view.text("report.theme_count", theme=view.labels.term("theme", theme), number=counts[theme])
        for theme in themes
    )
    return view.text("number.list_separator").join(listed)


def figures_table(view: ProgrammeView) -> Table:
    """Return every figure with its place in the document; the other tables link to its rows."""
    keys = ("subject", "printed", "value", "qualifier_period", "year", "place", "note")
    name = Column("id", view.text("table.id"), names=FIGURE)
    columns = (*view.columns(*keys), name, *view.columns("theme"))
    cells = tuple(_figure_cells(view, row) for row in rows_of(Figure, view.figures))
    hashes = tuple(
        view.text("number.labelled", label=view.text("table.hash"), value=source.sha256)
        for source in view.sources
    )
    title = view.text("table.caption_figures")
    return Table("figures", title, columns, cells, group="theme", notes=hashes)


def _figure_cells(view: ProgrammeView, row: Figure) -> dict[str, str]:
    return {
        "id": row.figure_id,
        "figures": row.figure_id,
        "subject": view.labels.of(row, "subject"),
        "printed": view.text.convert(row.printed),
        "value": _value(view, row),
        "qualifier_period": _qualifier_period(view, row),
        "status": view.text.code("status", row.status),
        "year": view.labels.year(row.year, row.year_basis),
        "theme": view.labels.term("theme", row.theme),
        "place": view.text("report.locator", paragraph=row.paragraph, start=row.start, end=row.end),
        "note": view.labels.of(row, "note"),
    }


def _qualifier_period(view: ProgrammeView, row: Figure) -> str:
    """Return how the figure is qualified and for what stretch of time, where the text says so."""
    codes = [("qualifier", row.qualifier)]
    codes += [("period", row.period)] if row.period != "none" else []
    return view.labels.attributes(view.text.code(field, code) for field, code in codes)


def _value(view: ProgrammeView, row: Figure) -> str:
    if not math.isnan(row.value_to):
        return view.text.span(row.value, row.value_to, row.unit)
    # A share of at least 98% has 100% as its upper bound, which goes without saying.
    amount = view.data.amounts[row.figure_id]
    upper = math.inf if row.qualifier == "at_least" else amount.upper
    return view.text.interval(row.value, amount.lower, upper, row.unit, short=False)


def arithmetic_table(view: ProgrammeView) -> Table | None:
    """Return the identities of the programme's documents, and whether they add up; ``None`` without any."""
    frame = view.data.tables["identities"]
    rows = rows_of(Identity, frame[frame["source_id"].isin([source.source_id for source in view.sources])])
    if not rows:
        return None
    cells = tuple(_identity_cells(view, row) for row in rows)
    figures = ["figures"] if any(cell["figures"] for cell in cells) else []
    columns = view.columns("check", "result", "note", *figures)
    return Table("arithmetic", view.text("table.caption_arithmetic"), columns, cells)


def _identity_cells(view: ProgrammeView, row: Identity) -> dict[str, str]:
    left, right = (arithmetic.evaluate(side, view.data.amounts) for side in (row.left, row.right))
    sides = [_worked(view, row.left, left), _worked(view, row.right, right)]
    return {
        "check": f" {sign_of(left, row.relation, right)} ".join(sides),
        "result": view.text(
            "report.holds" if arithmetic.holds(left, row.relation, right) else "report.fails"
        ),
        "note": view.labels.of(row, "note"),
        "figures": " ".join(dict.fromkeys([*left.figure_ids, *right.figure_ids])),
    }


def _worked(view: ProgrammeView, expression: str, amount: Amount) -> str:
    """Return one side of an identity with the quantities that it names, and what they come to."""
    parts = re.split(r" ([+-]) ", expression)
    shown = [
        {"-": "−"}.get(part, part) if place % 2 else _product(view, part) for place, part in enumerate(parts)
    ]
    worked = " ".join(shown)
    if len(parts) == 1 and "×" not in worked:
        return worked
    return f"{worked} = {view.quantity(amount)}"


def _product(view: ProgrammeView, term: str) -> str:
    """Return the factors of a term; a factor of one that only converts a unit is left out."""
    factors = [arithmetic.evaluate(factor, view.data.amounts) for factor in term.split(" * ")]
    named = [factor for factor in factors if factor.figure_ids or factor.value != 1 or "/" not in factor.unit]
    return " × ".join(view.quantity(factor) for factor in named or factors)
