"""What does a venue cost?"""

from __future__ import annotations

import pandas as pd

from analysis.draw import Chart, Group
from analysis.estimates.spans import Span
from analysis.evidence.rows import rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import absence_rows, finish_chart, rows_by_value
from analysis.words.findings.titles import chart_title
from analysis.words.labels import Labels
from analysis.words.phrases import with_values, years_note


def cost_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart:
    """Return what a venue costs: one group per asset and funder, since a subsidy is no total cost."""
    rows = rows_of(Span, spans, measure="cost_per_venue")
    own = [row for row in rows if row.programme_id == programme and row.object]
    wanted = {(row.object, row.funder) for row in own} or _most_reported(labels, rows)
    groups, drawn, notes = [], [], []
    for key in sorted(wanted, key=lambda key: _asset_rank(labels, key)):
        members = [row for row in rows if (row.object, row.funder) == key]
        heading = labels.dimensions(dict(zip(("object", "funder"), key, strict=True)))
        groups.append(Group(heading, rows_by_value(labels, members, programme, ("works",))))
        drawn += with_values(members)
        notes.append(_works_note(labels, with_values(members)))
    if any(row.funder == "county_subsidy" for row in drawn):
        notes.append(labels.text("chart.note_subsidy"))
    groups = groups or [Group("", absence_rows(labels, {}, programme, ()))]
    chart = Chart(
        name=question.chart, language=labels.text.language,
        title=chart_title(labels, rows, programme, ("cost_per_venue",)),
        subtitle="", groups=tuple(groups), unit="CNY",
    )  # fmt: skip
    return finish_chart(
        labels, programme, chart, spans,
        notes=[*dict.fromkeys(notes), years_note(labels, drawn)],
        planned=any(row.status == "planned" for row in drawn),
    )  # fmt: skip


def _asset_rank(labels: Labels, key: tuple[str, str]) -> tuple[int, int]:
    return labels.rank("object", key[0]), labels.rank("funder", key[1])


def _most_reported(labels: Labels, rows: list[Span]) -> set[tuple[str, str]]:
    """Return the asset and funder whose cost most programmes report, to show what a programme lacks."""
    owners: dict[tuple[str, str], set[str]] = {}
    for row in with_values(rows):
        owners.setdefault((row.object, row.funder), set()).add(row.programme_id)
    ordered = sorted(owners, key=lambda key: (-len(owners[key]), _asset_rank(labels, key)))
    return set(ordered[:1])


def _works_note(labels: Labels, rows: list[Span]) -> str:
    """Return a warning where the rows of a group differ between programmes in the works they pay for."""
    if len({row.programme_id for row in rows}) < 2:
        return ""
    works = sorted({row.works for row in rows}, key=lambda code: labels.rank("works", code))
    if len(works) < 2:
        return ""
    names = labels.text("number.item_separator").join(labels.term("works", code) for code in works if code)
    return labels.text("chart.note_works", works=names)
