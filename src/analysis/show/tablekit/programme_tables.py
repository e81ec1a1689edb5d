"""The tables on one programme."""

from __future__ import annotations

from dataclasses import replace

from analysis.draw.tables import Table
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table, series_table
from analysis.show.county.figures import arithmetic_table, figures_table, profile_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.tablekit.subject import Subject
from analysis.show.tablekit.table_maker import TableMaker


def programme_tables(subject: Subject, language: str) -> list[Table]:
    """Return the tables on one programme: profile, estimates, gaps, readings, arithmetic, figures, sources.

    What it reports of several years has a table after the estimates. The price year of the subject adds a
    column of constant prices to the estimates.
    """
    programme, themes = subject.programme, subject.themes
    # The peers of a report are no part of these tables, and computing theirs would take long.
    view = ProgrammeView(subject.data, programme, language, subject.own_year, peers=())
    maker = TableMaker(subject, language)
    finish, own = maker.finish, [programme]
    names = {theme: view.text(f"report.section_{theme}") for theme in themes}
    estimates = {
        theme: estimates_table(view, theme) or Table(theme, name, (), ()) for theme, name in names.items()
    }
    several = [table for theme in themes if (table := series_table(view, theme))]
    missing = missing_table(view)
    missing = replace(missing, rows=tuple(row for row in missing.rows if row["theme"] in names.values()))
    tables = [
        finish(profile_table(view), "profile", file="sources"),
        *(
            finish(table, theme, file="values", nothing="report.no_rows", owners=own)
            for theme, table in estimates.items()
        ),
        *(finish(table, table.name, file="series", owners=own) for table in several),
        finish(missing, "missing", file="values", nothing="tables.none_missing"),
        finish(readings_table(view), "readings", nothing="report.no_choices"),
        finish(arithmetic_table(view), "arithmetic", nothing="report.no_identities", owners=own),
        finish(figures_table(view), "figures", nothing="tables.no_figures", owners=own),
    ]
    place = view.labels.programme(programme)
    titles = (view.text("number.labelled", label=place, value=table.title) for table in tables)
    return [
        *(replace(table, title=title) for table, title in zip(tables, titles, strict=True)),
        maker.sources(),
    ]
