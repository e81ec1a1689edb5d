"""The chart and the tables of the panel, from one comparison."""

from __future__ import annotations

from dataclasses import replace

from analysis.draw import Chart, Group
from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison, LeftOut
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import rows_of
from analysis.show.chartbook.chart_rows import gaps_of, silent_group
from analysis.show.chartbook.ranking import comparison_chart, rows_with_printed
from analysis.show.comparison.columns import column
from analysis.words.comparisons import left_out_cells
from analysis.words.labels import Labels
from analysis.words.notes import coding_notes
from analysis.words.phrases import source_line, unit_phrase, years_note

MOST_ROWS = 20


def question_chart(labels: Labels, comparison: Comparison, finding: str, settled: str) -> Chart:
    """Return the chart of a comparison, also of one with a single programme or with none.

    ``finding`` is its title, and the note says what is ``settled`` and, for money, of which years it is.
    """
    several = len(comparison.programmes) > 1
    chart = comparison_chart(labels, [comparison]) if several else _sparse(labels, comparison, finding)
    years = ""
    if "year" in comparison.differences:
        years = years_note(labels, (comparison.evidence[row.item] for row in comparison.ranked))
    bounds = [
        note
        for programme in comparison.programmes
        for note in coding_notes(labels, programme, _coded(comparison.measure), bounds=True)
    ]
    return replace(chart, note=labels.sentences([chart.note, years, *bounds, settled]))


def _coded(measure: str) -> tuple[str, ...]:
    """Return the measures whose codings a measure rests on: its own, or those that it is computed from."""
    return (measure, *MEASURES[measure].needs)


def _sparse(labels: Labels, comparison: Comparison, finding: str) -> Chart:
    text = labels.text
    rows = rows_with_printed(labels, comparison)
    absences = dict(zip(comparison.left_out["programme_id"], comparison.left_out["absence"], strict=True))
    gaps = gaps_of(labels, "", absences, comparison.programmes)
    measure = labels.measure(comparison.measure)
    heading = labels.object_of(comparison.measure, comparison.key)
    subtitle = text(
        "comparison.subtitle",
        measure=measure,
        unit=unit_phrase(labels, comparison.unit, comparison.price_basis) or text("workbook.no"),
        reporting=text.number(len(comparison.programmes)),
        total=text.number(len(labels.data.programme_ids)),
    )
    return Chart(
        name=f"comparison_{comparison.measure}", language=text.language,
        title=text("number.labelled", label=measure, value=finding), subtitle=subtitle,
        groups=(Group(heading, tuple(rows)), *silent_group(labels, gaps, comparison.programmes)),
        unit=comparison.unit,
        source=source_line(labels, comparison.programmes), price_basis=comparison.price_basis,
    )  # fmt: skip


def out_table(labels: Labels, comparison: Comparison) -> Table:
    """Return the programmes that are left out: the kind of absence and its reason, the first where many."""
    rows = rows_of(LeftOut, comparison.left_out)
    cells = tuple(left_out_cells(labels, row) for row in rows[:MOST_ROWS])
    more = len(rows) - len(cells)
    notes = (labels.text("comparison.more", number=labels.text.number(more)),) if more else ()
    columns = tuple(column(labels.text, key, right=False) for key in ("place", "absence", "reason"))
    return Table("out", labels.text("comparison.caption_out"), columns, cells, notes=notes)
