"""Who reports what, and what does nobody report?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.draw import Chart, ChartRow, Group, Matrix, Picture
from analysis.estimates.spans import Span
from analysis.estimates.themes import THEMES
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import group_by, rows_of
from analysis.words.labels import Labels
from analysis.words.phrases import source_line

# More programmes than this have no room for a column each.
COLUMNS = 8
ORDER = ("", "not_comparable", "not_applicable", "not_coded", "not_reported")
Cells = dict[tuple[str, str], ChartRow]


def coverage_chart(
    labels: Labels, spans: pd.DataFrame, themes: Iterable[str] = tuple(THEMES), programme: str = ""
) -> Picture:
    """Return who reports which measure of some themes, the most reported first.

    Beyond eight programmes it counts those that report each measure. ``programme`` is the one in question.
    """
    text, ids = labels.text, labels.data.programme_ids
    measures = [code for code, measure in MEASURES.items() if measure.theme in set(themes)]
    cells = _cells(labels, spans)
    counts = Counter(measure for (measure, _), cell in cells.items() if not cell.absence)
    few = len(ids) <= COLUMNS
    draw_row = _matrix_row if few else _count_row
    groups = tuple(
        Group(
            text(f"report.section_{theme}"),
            tuple(draw_row(labels, cells, code, programme) for code in codes),
        )
        for theme, codes in _by_theme(measures, counts).items()
    )
    own = sum((code, programme) in cells and not cells[code, programme].absence for code in measures)
    common: dict[str, Any] = {
        "name": "coverage", "language": text.language, "groups": groups,
        "title": _title(labels, [counts[code] for code in measures], programme, own),
        "subtitle": text("chart.subtitle_coverage", total=text.number(len(ids))),
        "source": source_line(labels, ids),
    }  # fmt: skip
    note = text("chart.note_coverage")
    if few:
        columns = tuple(labels.programme(p) for p in ids)
        highlight = ids.index(programme) if programme in ids else None
        return Matrix(columns=columns, highlight=highlight, note=note, **common)
    highlighted = text("chart.note_highlighted", place=labels.programme(programme)) if programme else ""
    return Chart(mark="bar", note=labels.sentences([note, highlighted]), **common)


def _title(labels: Labels, counts: list[int], programme: str, own: int) -> str:
    """Return the finding: of how many measures a programme has a value, or all of them, or none."""
    none = counts.count(0)
    everywhere = "finding.coverage" if none else "finding.coverage_all"
    return labels.text(
        "finding.coverage_own" if programme else everywhere,
        place=labels.programme(programme) if programme else "",
        own=own,
        shared=sum(count > 1 for count in counts),
        all=len(counts),
        total=labels.text.number(len(labels.data.programme_ids)),
        none=labels.text.number(none),
    )


def _cells(labels: Labels, spans: pd.DataFrame) -> Cells:
    """Return for each measure and programme how many estimates it has, or the type of absence."""
    found = group_by(rows_of(Span, spans), lambda row: (row.measure, row.programme_id))
    return {
        (measure, programme): _cell(labels, found.get((measure, programme), []), programme)
        for measure in MEASURES
        for programme in labels.data.programme_ids
    }


def _cell(labels: Labels, rows: list[Span], programme: str) -> ChartRow:
    states = [row.absence for row in rows] or ["not_reported"]
    state = min(states, key=ORDER.index)
    number = states.count("")
    ids = " ".join(dict.fromkeys(" ".join(row.figure_ids for row in rows).split()))
    words = labels.text.code("absence", state) if state else labels.text("chart.reported")
    value = float(number) if number else None
    return ChartRow(
        labels.programme(programme), words, value, programme=programme, absence=state, figure_ids=ids
    )


def _by_theme(measures: Iterable[str], counts: Counter[str]) -> dict[str, list[str]]:
    """Return the measures of each theme, those that most programmes report first."""
    ordered = sorted(measures, key=lambda code: -counts[code])
    by_theme = {theme: [code for code in ordered if MEASURES[code].theme == theme] for theme in THEMES}
    return {theme: codes for theme, codes in by_theme.items() if codes}


def _matrix_row(labels: Labels, cells: Cells, measure: str, _: str) -> ChartRow:
    others = tuple(cells[measure, programme] for programme in labels.data.programme_ids)
    words = labels.text("number.item_separator").join(
        labels.text("number.labelled", label=state, value=labels.text.listing(cell.label for cell in found))
        for state, found in group_by(others, lambda cell: cell.text).items()
    )
    return ChartRow(labels.measure(measure), words, others=others)


def _count_row(labels: Labels, cells: Cells, measure: str, programme: str) -> ChartRow:
    found = [cells[measure, p] for p in labels.data.programme_ids]
    number = sum(not cell.absence for cell in found)
    own = cells.get((measure, programme))
    total = labels.text.number(len(found))
    words = labels.text("chart.of_all", number=labels.text.number(number), all=total)
    if own:
        words = labels.with_detail(words, [own.text])
    return ChartRow(labels.measure(measure), words, float(number), highlight=bool(own and not own.absence))
