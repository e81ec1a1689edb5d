"""What does a venue cost?"""

from __future__ import annotations

import pandas as pd

from analysis.draw import Chart, Group
from analysis.estimates.spans import Span, join_works
from analysis.evidence.rows import rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import answer, rows_by_value, silent_of
from analysis.words.labels import Labels
from analysis.words.phrases import with_values, years_note


def cost_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart | None:
    """Return what a venue costs: one group per asset and funder, since a subsidy is no total cost."""
    rows = join_works(rows_of(Span, spans, measure="cost_per_venue"))
    own = [row for row in rows if row.programme_id == programme and row.object]
    wanted = {(row.object, row.funder) for row in own}
    groups, things, drawn, notes = [], [], [], []
    for key in sorted(wanted, key=lambda key: (_asset_rank(labels, key), key)):
        members = [row for row in rows if (row.object, row.funder) == key]
        heading = labels.dimensions(dict(zip(("object", "funder"), key, strict=True)))
        groups.append(Group(heading, rows_by_value(labels, members, programme, ("works",))))
        things.append((heading, members))
        drawn += with_values(members)
        notes.append(_works_note(labels, with_values(members)))
    if any(row.funder == "county_subsidy" for row in drawn):
        notes.append(labels.text("chart.note_subsidy"))
    return answer(
        labels, spans, programme, question, rows=rows, measures=("cost_per_venue",), unit="CNY",
        groups=(*groups, *silent_of(labels, things)),
        notes=[*dict.fromkeys(notes), years_note(labels, drawn)],
        planned=any(row.status == "planned" for row in drawn),
    )  # fmt: skip


def _asset_rank(labels: Labels, key: tuple[str, str]) -> tuple[int, int]:
    return labels.rank("object", key[0]), labels.rank("funder", key[1])


def _works_note(labels: Labels, rows: list[Span]) -> str:
    """Return a warning where the rows of a group differ between programmes in the works they pay for."""
    if len({row.programme_id for row in rows}) < 2:
        return ""
    works = sorted({row.works for row in rows}, key=lambda code: labels.rank("works", code))
    if len(works) < 2:
        return ""
    # What is joined over its readings has no works of its own.
    names = [labels.term("works", code) for code in works if code]
    names += [] if all(works) else [labels.text("chart.works_by_reading")]
    return labels.text("chart.note_works", works=labels.text("number.item_separator").join(names))
