"""The tables of a report's body: headline indicators, and what of a theme no sentence says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from analysis.draw.tables import Table
from analysis.estimates.findings import UNIT_COSTS, Finding, ends_of
from analysis.estimates.measures import Estimate, figures_of
from analysis.evidence.rows import Figure, group_by
from analysis.evidence.schema import DIMENSIONS
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.findings.pieces import inside
from analysis.words.phrases import shown_unit

MOST_ROWS = 8
MOST_OF_FINDING = 2
INFERRED = "*"


def indicator_table(view: ProgrammeView) -> Table | None:
    """Return the values behind the findings that matter most; ``None`` where there is none."""
    rows = [row for each in view.account.findings for row in islice(_rows(view, each), MOST_OF_FINDING)]
    distinct = {(row["what"], row["value"]): row for row in rows}
    shown = list(distinct.values())[:MOST_ROWS]
    notes = (view.text("report.inferred"),) if any(INFERRED in row["year"] for row in shown) else ()
    pieces = tuple(row.pop("piece") for row in shown)
    table = _table(view, "indicators", ("what", "value", "year", "status"), shown, notes)
    return table and replace(table, pieces=pieces)


def indicators_like(view: ProgrammeView, findings: Iterable[Finding], base: Table) -> Table:
    """Return the rows of a table of indicators as they are in a view, whatever it finds worth saying."""
    same = (view.pieces.place.of_things(finding) for finding in findings if finding.estimates)
    found = (row for finding in same if finding for row in _rows(view, finding))
    rows = [row for row in found if row["piece"] in base.pieces]
    pieces, rests = (tuple(row.pop(key) for row in rows) for key in ("piece", "rests"))
    return replace(base, pieces=pieces, rests=rests, rows=tuple(rows))


def rest_table(view: ProgrammeView, theme: str, findings: Iterable[Finding]) -> Table | None:
    """Return the findings of a theme that no sentence says; ``None`` where there is none."""
    rows = [row for finding in findings for row in _all_rows(view, finding)]
    for row in rows:
        row.pop("piece", None)
    return _table(view, f"also-{theme}", ("what", "value", "status"), rows)


def _table(
    view: ProgrammeView,
    name: str,
    keys: Iterable[str],
    rows: list[dict[str, str]],
    notes: tuple[str, ...] = (),
) -> Table | None:
    if not rows:
        return None
    columns = view.columns(*(key for key in keys if any(row[key] for row in rows)))
    title, rests = view.text(f"report.{name.partition('-')[0]}"), tuple(row.pop("rests") for row in rows)
    return Table(name, title, columns, tuple(rows), notes=notes, rests=rests)


def _all_rows(view: ProgrammeView, finding: Finding) -> Iterator[dict[str, str]]:
    """Yield the figures that a finding counts, or the values that it rests on."""
    if finding.estimates:
        yield from _rows(view, finding)
        return
    for name in () if finding.note else finding.figure_ids:
        figure, amount = view.own_figures[name], view.data.amounts[name]
        value = view.pieces.quantity(amount)
        yield _row(view, view.labels.of(figure, "subject"), value, figure, [figure.status]) | {"rests": name}


def _rows(view: ProgrammeView, finding: Finding) -> Iterator[dict[str, str]]:
    """Yield the values that a finding rests on, each with its span over the readings of the text."""
    for rows in group_by(finding.estimates, lambda row: _cell(row, bool(finding.choices))).values():
        if rows[0].stage != "before":
            earlier = [
                row for row in finding.estimates if _cell(row) == _cell(rows[0]._replace(stage="before"))
            ]
            statuses = list(dict.fromkeys(row.status for row in rows))
            one = rows[0] if len({row.works for row in rows}) == 1 else rows[0]._replace(works="")
            row = _row(view, _what(view, one), _value(view, rows, earlier), rows[0], statuses)
            yield row | {"piece": row_name(rows[0]), "rests": " ".join(figures_of([*rows, *earlier]))}


def row_name(row: Estimate) -> str:
    """Return what the row of the indicators that shows an estimate is called as a piece of the page."""
    return ".".join(("indicators", *_cell(row, is_open=True)))


def _cell(row: Estimate, is_open: bool = False) -> tuple[str, ...]:
    """Return what a value is of; where a reading decides it, that may be the works that a cost is of."""
    works = "" if is_open and row.measure in UNIT_COSTS else row.works
    return (row.measure, *(getattr(row, name) for name in DIMENSIONS if name != "works"), works)


def _what(view: ProgrammeView, row: Estimate) -> str:
    """Return what a value is of: its measure and its dimensions, but for what goes without saying."""
    codings = view.data.codings
    beside = codings["programme_id"].isin(view.selected.programme_ids)
    objects = codings.loc[beside & (codings["measure"] == row.measure), "object"].unique()
    said = row._replace(
        stage="",
        object=row.object if len(objects) > 1 else "",
        funder="" if row.funder == "total" else row.funder,
    )
    return view.labels.attributes((view.labels.measure(row.measure), inside(view.labels.dimensions(said))))


def _value(view: ProgrammeView, rows: list[Estimate], earlier: list[Estimate]) -> str:
    shown = view.pieces.value(rows)
    if not earlier:
        return shown
    before = view.text.span(*ends_of(earlier), shown_unit(rows[0].measure, rows[0].unit))
    return view.labels.with_detail(shown, [view.text("chart.was", before=before)])


def _row(
    view: ProgrammeView, what: str, value: str, row: Estimate | Figure, statuses: list[str]
) -> dict[str, str]:
    """Return a row; a year that is inferred carries a mark, which the note explains once."""
    year = view.labels.year(row.year, "") if row.year else ""
    return {
        "what": what,
        "value": value,
        "year": f"{year}{INFERRED}" if year and row.year_basis == "inferred" else year,
        "status": " / ".join(view.text.code("status", status) for status in statuses),
    }
