"""The tables on one programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.draw.tables import Table
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table
from analysis.show.county.figures import arithmetic_table, figures_table, profile_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.tablekit.making import TableMaker
from analysis.show.tablekit.rows import Subject


def programme_tables(
    data: Dataset,
    programme: str,
    language: str = "en",
    *,
    themes: Sequence[str] = tuple(THEMES),
    price_year: int | None = None,
) -> list[Table]:
    """Return the tables on one programme: profile, estimates, gaps, readings, arithmetic, figures, sources.

    ``price_year`` adds a column of constant prices to the estimates.
    """
    # The peers of a report are no part of these tables, and computing theirs would take long.
    view = ProgrammeView(data, programme, language, price_year, peers=())
    made = TableMaker(Subject(data, tuple(themes), programme, price_year), language)
    place = view.labels.programme(programme)
    missing = _of_themes(missing_table(view), view, themes)
    tables = [
        made.finished(profile_table(view), "profile", file="sources"),
        *(
            made.finished(
                estimates_table(view, theme) or Table(theme, view.text(f"report.section_{theme}"), (), ()),
                theme, file="values", nothing="report.no_rows", owners=[programme],
            )
            for theme in themes
        ),
        made.finished(missing, "missing", file="values", nothing="tables.none_missing"),
        made.finished(readings_table(view), "readings", nothing="report.no_choices"),
        made.finished(
            arithmetic_table(view), "arithmetic", nothing="report.no_identities", owners=[programme]
        ),
        made.finished(figures_table(view), "figures", nothing="tables.no_figures", owners=[programme]),
    ]  # fmt: skip
    named = [
        replace(table, title=view.text("number.labelled", label=place, value=table.title)) for table in tables
    ]
    return [*named, made.sources()]


def _of_themes(table: Table, view: ProgrammeView, themes: Sequence[str]) -> Table:
    names = [view.text(f"report.section_{theme}") for theme in themes]
    return replace(table, rows=tuple(row for row in table.rows if row["theme"] in names))
