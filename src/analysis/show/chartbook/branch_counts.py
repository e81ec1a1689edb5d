"""What became of Party branches and organisations?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from analysis.draw import Chart
from analysis.estimates.spans import Span
from analysis.evidence.rows import rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.bars import bar_chart, value_sentence
from analysis.words.labels import Labels
from analysis.words.phrases import with_values


def branch_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart | None:
    """Return what was restructured: bars for each measure that the programme reports."""
    chart = bar_chart(labels, spans, programme, question, unit="organisation", note="chart.note_branches")
    return chart and replace(chart, title=branch_title(labels, spans, programme, question.measures))


def branch_title(labels: Labels, spans: pd.DataFrame, programme: str, measures: Iterable[str]) -> str:
    """Return the finding on branches of one programme, in a sentence."""
    place, text = labels.programme(programme), labels.text
    rows = rows_of(Span, spans, programme_id=programme)
    mine = with_values(row for row in rows if row.measure in measures)
    own = {row.measure: row for row in reversed(mine)}
    if not own:
        return text("finding.branches_none", place=place)
    gone, new = own.get("branches_dissolved"), own.get("branches_established")
    if gone and new and new.low == new.high:
        key = "finding.branches_at_most" if gone.low < gone.high else "finding.branches"
        dissolved = text.quantity(gone.high, gone.unit)
        return text(key, place=place, gone=dissolved, new=text.number(new.value))
    if rectified := own.get("organisations_rectified"):
        key = "finding.rectify" if rectified.status == "planned" else "finding.rectified"
        return text(key, place=place, number=text.number(rectified.value))
    return value_sentence(labels, next(own[measure] for measure in measures if measure in own))
