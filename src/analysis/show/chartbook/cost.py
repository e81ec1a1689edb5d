"""What does a venue cost?"""

from __future__ import annotations

import pandas as pd

from analysis.draw import Chart, Group
from analysis.estimates.spans import Span
from analysis.evidence.rows import rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import absence_rows, finish_chart, not_coded, rows_by_value
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
    groups = groups or [Group("", absence_rows(labels, not_coded(rows), programme, ()))]
    chart = Chart(
        name=question.chart, language=labels.text.language, title=cost_title(labels, rows, programme),
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


def cost_title(labels: Labels, rows: list[Span], programme: str) -> str:
    """Return the finding on cost per venue of one programme, in a sentence."""
    own = with_values(row for row in rows if row.programme_id == programme)
    place = labels.programme(programme)
    if not own:
        return labels.text("finding.cost_none", place=place)
    row = min(own, key=lambda row: (row.funder != "total", labels.rank("object", row.object)))
    details = [labels.term("works", row.works)]
    details += [labels.term("funder", row.funder)] if row.funder != "total" else []
    details += [labels.text.code("status", "planned")] if row.status == "planned" else []
    thing = labels.with_detail(labels.term("object", row.object), [labels.attributes(details)])
    if row.low < row.high:
        span = labels.text.span(row.low, row.high, "CNY")
        return labels.text("finding.cost_span", place=place, object=thing, amount=span)
    amount = labels.text.interval(row.value, row.lower, row.upper, "CNY")
    return labels.text("finding.cost", place=place, object=thing, amount=amount)


def _works_note(labels: Labels, rows: list[Span]) -> str:
    """Return a warning where the rows of a group differ between programmes in the works they pay for."""
    if len({row.programme_id for row in rows}) < 2:
        return ""
    works = sorted({row.works for row in rows}, key=lambda code: labels.rank("works", code))
    if len(works) < 2:
        return ""
    names = labels.text("number.item_separator").join(labels.term("works", code) for code in works if code)
    return labels.text("chart.note_works", works=names)
