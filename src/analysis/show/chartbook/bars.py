"""How much of each measure? Bars for the measures of a question, whatever its theme."""

from __future__ import annotations

import pandas as pd

from analysis.draw import Chart, Group
from analysis.estimates.spans import Span
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import answer, rows_by_value, silent_of
from analysis.words.labels import Labels
from analysis.words.notes import coding_notes
from analysis.words.phrases import with_values


def bar_chart(
    labels: Labels, spans: pd.DataFrame, programme: str, question: Question, *, unit: str = "", note: str = ""
) -> Chart | None:
    """Return bars for each measure that the programme reports; none where that is but one value.

    ``note`` is a message on several measures in one chart, ``unit`` that of the axis.
    """
    rows = [row for row in rows_of(Span, spans) if row.measure in question.measures]
    own = {row.measure for row in with_values(rows) if row.programme_id == programme}
    wanted = [measure for measure in question.measures if measure in own]
    if not wanted:
        return None
    things = [(labels.measure(code), [row for row in rows if row.measure == code]) for code in wanted]
    groups = [Group(name, rows_by_value(labels, members, programme, ("object",))) for name, members in things]
    drawn = [row for _, members in things for row in with_values(members)]
    owners = dict.fromkeys(row.programme_id for row in drawn if row.low < row.high)
    bounds = [note for each in owners for note in coding_notes(labels, each, wanted, bounds=True)]
    return answer(
        labels, spans, programme, question, rows=drawn, measures=wanted,
        groups=(*groups, *silent_of(labels, things)),
        notes=[labels.text(note) if note and len(groups) > 1 else "", *bounds],
        planned=any(row.status == "planned" for row in drawn),
        mark="bar", unit=unit or MEASURES[wanted[0]].unit_forms[0],
    )  # fmt: skip
